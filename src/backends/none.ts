/** Takes the place of `local.ts` in bundles for browsers (`browser` in package.json): a page reads no files, so that kernels come by `ready()` alone. */

import type { Compiled } from './local.ts'

/** Why a page has no compiled kernels from the start. */
export const localBackend = (): Compiled | { readonly reasons: readonly string[] } => ({
  reasons: ['the WebAssembly kernels are loaded by `await numgrad.ready()`'],
})
