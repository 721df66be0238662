/** The kernels that a process can load at once: the native add-on, or WebAssembly from the package's own file. In bundles for browsers `none.ts` takes its place. */

import type { Backend } from '../core/backend.ts'
import { loadAddon } from './native/addon.ts'
import { makeNativeBackend } from './native/index.ts'
import { WasmBackend } from './wasm/index.ts'
import { localModule } from './wasm/source.ts'

/** A backend with compiled kernels. */
export interface Compiled {
  readonly backend: Backend
  /** Why it was chosen. */
  readonly why: string
  /** The number of threads, set when given; absent where there is one. */
  threads?(n?: number): number
  /** Returns memory that no array uses to the system. */
  trim(): void
}

/** The first of native and wasm that can be had, or the one that is wanted; else why there is none. */
export function localBackend(wanted: string | undefined): Compiled | { readonly reasons: readonly string[] } {
  const reasons: string[] = []
  if (wanted === undefined || wanted === 'native') {
    const loaded = loadAddon()
    if ('addon' in loaded) {
      const backend = makeNativeBackend(loaded.addon, loaded.path)
      return {
        backend,
        why: wanted ? 'NUMGRAD_BACKEND=native' : 'the compiled kernels were found',
        threads: (n) => backend.threads(n),
        trim: () => backend.trim(),
      }
    }
    reasons.push(loaded.reason)
  }
  if (wanted === undefined || wanted === 'wasm') {
    const found = localModule()
    if ('compile' in found) {
      const backend = new WasmBackend(found.compile, found.from)
      return { backend, why: wanted ? 'NUMGRAD_BACKEND=wasm' : reasons[0]!, trim: () => backend.trim() }
    }
    reasons.push(found.reason)
  }
  return { reasons }
}
