/** The compression library, loaded when the first archive needs it: importing it costs a sixth of what importing all else does. */

import type * as Fflate from 'fflate'
import { RuntimeError } from '../core/errors.ts'

type Codec = Pick<typeof Fflate, 'inflateSync' | 'zipSync'>
type Modules = { createRequire(from: string): (name: string) => unknown }

let codec: Codec | undefined

/** Loads the library where there is no synchronous way to do so (browsers): to be awaited before archives are read or written there. */
export async function loadCompression(): Promise<void> {
  codec ??= await import('fflate')
}

/** The library; at once on Node, Deno and Bun, after `loadCompression()` elsewhere. */
export function compression(what: string): Codec {
  if (codec === undefined) {
    const modules = globalThis.process?.getBuiltinModule?.('node:module') as Modules | undefined
    if (!modules) throw new RuntimeError(`${what}: zip archives need 'await loadCompression()' first in this runtime`)
    codec = modules.createRequire(import.meta.url)('fflate') as Codec
  }
  return codec
}
