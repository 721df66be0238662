/** Finds and loads the compiled kernels as a Node add-on, and checks that they speak the same instruction set. */

import { MONOIDS, OPCODES, REGISTERS, STAGES } from '../../core/opcodes.ts'

/** The add-on's functions; docs/internals/abi.md says what each does. */
export interface Addon {
  table(): { opcodes: string[]; registers: string[]; stages: string[]; monoids: string[]; routines: string[] }
  init(buffer: ArrayBuffer): void
  register(words: Int32Array): number
  run(): number
  error(): string
  address(buffer: ArrayBufferLike): number
  allocate(owner: object, bytes: number, zeroed?: boolean): number
  release(address: number): void
  escape(address: number): ArrayBuffer
  copy_out(address: number, bytes: number): ArrayBuffer
  map_file(fd: number, bytes: number, shared: 0 | 1): ArrayBuffer
  sync_file(address: number, bytes: number): void
  stats(): { live: number; liveBytes: number; freeBytes: number; reserved: number }
  settle(): number
  trim(): void
  threads(n?: number): number
  info(): Record<string, unknown>
}

/** Either the add-on, or why there is none. */
export type Loaded = { readonly addon: Addon; readonly path: string } | { readonly reason: string }

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i])

/** Loads `build/numgrad.node`, wherever this package lies, or the file that `NUMGRAD_ADDON` names. `process.dlopen` needs no `require`, so the module stays loadable anywhere. */
export function loadAddon(): Loaded {
  const process = (globalThis as { process?: NodeJS.Process }).process
  if (typeof process?.dlopen !== 'function' || !import.meta.url.startsWith('file:')) return { reason: 'this runtime loads no Node add-ons' }
  // From the source tree, from the built package's modules, or from its bundles, which lie directly in dist/.
  const own = /\/backends\/native\/addon\.(ts|js)$/.exec(import.meta.url)
  const up = own === null ? '../' : own[1] === 'ts' ? '../../../' : '../../../../'
  const url = new URL(`${up}build/numgrad.node`, import.meta.url)
  const path = process.env.NUMGRAD_ADDON || decodeURIComponent(url.pathname).replace(/^\/([A-Za-z]:\/)/, '$1')
  const module = { exports: {} as Addon }
  try {
    process.dlopen(module, path)
  } catch (error) {
    return { reason: `the compiled kernels could not be loaded: ${(error as Error).message.split('\n')[0]}` }
  }
  const table = module.exports.table()
  // codes are appended, never changed: an add-on that knows more of them serves too
  if (
    !same(table.opcodes.slice(0, OPCODES.length), OPCODES) ||
    !same(table.registers, REGISTERS) ||
    !same(table.stages, STAGES) ||
    !same(table.monoids, MONOIDS)
  ) {
    return { reason: 'the compiled kernels are of another version; run `npm run build:native`' }
  }
  return { addon: module.exports, path }
}
