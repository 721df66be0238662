/** Puts the parts together: the interpreters, the table, and the best CPU backend that this process has. Imported first by every facade. */

import { loadAddon } from './backends/native/addon.ts'
import { makeNativeBackend, type NativeBackend } from './backends/native/index.ts'
import { referenceBackend } from './backends/reference/index.ts'
import { backendOf, installBackend } from './core/backend.ts'
import { describe } from './core/describe.ts'
import { ArgumentError, RuntimeError } from './core/errors.ts'
import { installEager } from './interpreters/eager.ts'
import { installTape } from './interpreters/tape.ts'
import './ops/index.ts'

let native: NativeBackend | null = null
let why = ''

/** Chooses the CPU backend: `NUMGRAD_BACKEND=reference|native` forces one. */
function installCpu(): void {
  const wanted = (globalThis as { process?: NodeJS.Process }).process?.env?.NUMGRAD_BACKEND
  if (wanted !== undefined && wanted !== '' && wanted !== 'reference' && wanted !== 'native') {
    throw new RuntimeError(`NUMGRAD_BACKEND must be 'reference' or 'native', got '${wanted}'`)
  }
  if (wanted === 'reference') {
    why = 'NUMGRAD_BACKEND=reference'
    installBackend(referenceBackend)
    return
  }
  const loaded = loadAddon()
  if ('addon' in loaded) {
    native = makeNativeBackend(loaded.addon, loaded.path)
    why = wanted ? 'NUMGRAD_BACKEND=native' : 'the compiled kernels were found'
    installBackend(native)
    return
  }
  if (wanted === 'native') throw new RuntimeError(`NUMGRAD_BACKEND=native: ${loaded.reason}`)
  why = loaded.reason
  installBackend(referenceBackend)
}

installCpu()
installEager()
installTape()

/** Which backend serves the CPU and why, its threads and SIMD level, and the state of its memory pool. */
export function info(): Record<string, unknown> {
  return { ...backendOf('cpu').info(), why }
}

/** The number of threads that kernels use, set when given; 1 on the reference backend. */
export function threads(n?: number): number {
  if (n !== undefined && !(Number.isInteger(n) && n >= 1))
    throw new ArgumentError(`threads(): expected a positive number, got ${describe(n)}`)
  return native ? native.threads(n) : 1
}

/** Returns memory that no array uses to the system. */
export function trimMemory(): void {
  native?.trim()
}
