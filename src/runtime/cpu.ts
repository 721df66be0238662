/** Puts the parts together that every array needs: eager execution and the best CPU backend that this process has. (The tape installs itself.) */

import { type Compiled, localBackend } from '../backends/local.ts'
import { referenceBackend } from '../backends/reference/index.ts'
import { WasmBackend } from '../backends/wasm/index.ts'
import { fetchModule, type WasmSource } from '../backends/wasm/source.ts'
import { backendOf, installBackend } from '../core/backend.ts'
import { describe } from '../core/describe.ts'
import { ArgumentError, RuntimeError } from '../core/errors.ts'
import { installEager } from '../interpreters/eager.ts'
import '../ops/linear_basic.ts'

const CHOICES = ['native', 'wasm', 'reference'] as const

/** The compiled kernels that serve, or null while the reference backend does. */
let compiled: Compiled | null = null
let why = ''
let forced: string | undefined

/** Chooses the CPU backend: the first of native, wasm, reference that can be had, or the one that `NUMGRAD_BACKEND` names. */
function installCpu(): void {
  const wanted = (globalThis as { process?: NodeJS.Process }).process?.env?.NUMGRAD_BACKEND || undefined
  if (wanted !== undefined && !CHOICES.includes(wanted as never)) {
    throw new RuntimeError(`NUMGRAD_BACKEND must be ${CHOICES.map((name) => `'${name}'`).join(' or ')}, got '${wanted}'`)
  }
  forced = wanted
  if (wanted === 'reference') {
    why = 'NUMGRAD_BACKEND=reference'
    installBackend(referenceBackend)
    return
  }
  const found = localBackend(wanted)
  if ('backend' in found) install(found)
  else {
    if (wanted !== undefined) throw new RuntimeError(`NUMGRAD_BACKEND=${wanted}: ${found.reasons[0]}`)
    why = found.reasons.join('; ')
    installBackend(referenceBackend)
  }
}

function install(found: Compiled): void {
  compiled = found
  why = found.why
  installBackend(found.backend)
}

installCpu()
installEager()

let loading: Promise<void> | null = null

/**
 * Resolves when the fastest CPU backend that this runtime has is in use, with what `info()` says of it.
 *
 * In Node nothing has to be waited for. In a browser, and wherever files cannot be read at once, the WebAssembly kernels are loaded here;
 * until then the reference backend serves: plain TypeScript, which is slow and lacks decompositions, transforms and random numbers.
 * Arrays that were made before stay as they are. `wasm` says where the kernels are, when not beside the package's own files: a URL,
 * their bytes, a `WebAssembly.Module` or a `Response`. Where native kernels or WebAssembly's already serve, it is not looked at.
 * Rejects with a RuntimeError when they cannot be had; the reference backend then goes on.
 *
 * @example
 * (await ready()).backend !== undefined // => true
 */
export async function ready(options: { wasm?: WasmSource } = {}): Promise<Record<string, unknown>> {
  if (compiled === null && forced !== 'reference') {
    loading ??= load(options?.wasm).finally(() => {
      loading = null
    })
    await loading
  }
  return info()
}

async function load(source?: WasmSource): Promise<void> {
  const { module, from } = await fetchModule(source)
  const backend = new WasmBackend(() => module, from)
  await backend.start()
  install({ backend, why: 'the WebAssembly kernels were loaded by ready()', trim: () => backend.trim() })
}

/** Which backend serves the CPU and why, its threads and SIMD level, and the state of its memory pool. */
export function info(): Record<string, unknown> {
  return { ...backendOf('cpu').info(), why }
}

/** The number of threads that kernels use, set when given; 1 on the WebAssembly and reference backends. */
export function threads(n?: number): number {
  if (n !== undefined && !(Number.isInteger(n) && n >= 1))
    throw new ArgumentError(`threads(): expected a positive number, got ${describe(n)}`)
  return compiled?.threads?.(n) ?? 1
}

/** Returns memory that no array uses to the system. */
export function trimMemory(): void {
  compiled?.trim()
}

/**
 * Opens device 'webgpu', whose code is loaded when it is first asked for; false when this process has no GPU, and using the device then
 * says why.
 */
export async function openWebgpu(): Promise<boolean> {
  const { openWebgpu: open } = await import('../backends/webgpu/index.ts')
  return open()
}
