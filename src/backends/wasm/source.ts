/** Where the WebAssembly kernels come from: the package's own file, a URL, bytes, or a compiled module. */

import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import { type CompiledModule, engine } from './engine.ts'
import { packageFile } from './file.ts'

/** What `ready({ wasm })` takes. */
export type WasmSource = string | URL | ArrayBuffer | Uint8Array | CompiledModule | Response | Promise<Response>

type Files = { existsSync(path: URL): boolean; readFileSync(path: URL): Uint8Array }
type Builtins = { process?: { getBuiltinModule?: (name: string) => Files | undefined } }

/** A module that is compiled when first asked for, where files can be read at once; else why there is none. */
export function localModule(): { readonly compile: () => CompiledModule; readonly from: string } | { readonly reason: string } {
  if (!engine()) return { reason: 'this runtime has no WebAssembly' }
  const files = builtinFiles()
  const url = packageFile()
  if (!files || url.protocol !== 'file:') return { reason: 'the WebAssembly kernels are loaded by `await numgrad.ready()`' }
  if (!files.existsSync(url)) return { reason: 'the WebAssembly kernels are not built (`npm run build:wasm`)' }
  return { compile: () => compiled(files.readFileSync(url)), from: url.href }
}

/** Loads and compiles a source; the package's own file when none is given. */
export async function fetchModule(source: WasmSource = packageFile()): Promise<{ module: CompiledModule; from: string }> {
  const wasm = engine()
  if (!wasm) throw new RuntimeError('ready(): this runtime has no WebAssembly')
  if (source instanceof wasm.Module) return { module: source, from: 'a module' }
  const compile = async (from: string, bytes: () => ArrayBuffer | Uint8Array | Promise<ArrayBuffer>) => {
    try {
      return { module: await wasm.compile(await bytes()), from }
    } catch (error) {
      throw new RuntimeError(`ready(): the WebAssembly kernels could not be loaded from ${from}: ${(error as Error).message}`)
    }
  }
  if (source instanceof ArrayBuffer || source instanceof Uint8Array) return compile('bytes', () => source)
  if (typeof source === 'string' || source instanceof URL) {
    const url = new URL(source, baseUrl())
    const files = builtinFiles()
    // Node's fetch reads no files.
    if (url.protocol === 'file:' && files) return compile(url.href, () => files.readFileSync(url))
    return compile(url.href, async () => body(await fetch(url)))
  }
  const answer = source as Response | Promise<Response>
  if (typeof (answer as Response)?.arrayBuffer !== 'function' && typeof (answer as Promise<Response>)?.then !== 'function') {
    throw new ArgumentError('ready(): wasm must be a URL, bytes, a WebAssembly.Module or a Response')
  }
  return compile('a response', async () => body(await answer))
}

/** The bytes of an answer. (Streaming compilation would insist on the media type, which not every server gives.) */
function body(answer: Response): Promise<ArrayBuffer> {
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`)
  return answer.arrayBuffer()
}

/** What relative URLs are relative to: the page, else this module. */
function baseUrl(): string {
  const { document, location } = globalThis as { document?: { baseURI?: string }; location?: { href?: string } }
  return document?.baseURI ?? location?.href ?? import.meta.url
}

const builtinFiles = (): Files | undefined => (globalThis as Builtins).process?.getBuiltinModule?.('node:fs')

function compiled(bytes: Uint8Array): CompiledModule {
  try {
    return new (engine()!.Module)(bytes)
  } catch (error) {
    throw new RuntimeError(`the WebAssembly kernels could not be compiled: ${(error as Error).message}`)
  }
}
