/** The interface that every backend implements, on one page, and the registry of the installed ones. It names no operation. */

import { DeviceError } from './errors.ts'
import type { Program } from './program.ts'
import type { Shape } from './shape.ts'
import type { Device, Storage } from './storage.ts'
import type { View } from './view.ts'

/** A parameter of a program or a word of a routine. */
export type Word = number | bigint

/**
 * Runs the lowerings. In `map` and `reduce` an operand of a smaller shape is broadcast to `dims` (aligned right, length 1 repeats);
 * outputs have the full shape, but for the outputs of a reduce's outer stages, which have length 1 on the reduced axes.
 * The caller has copied inputs away that overlap an output in another way than exactly.
 */
export interface Backend {
  readonly name: string
  readonly device: Device
  /** A block; its bytes are undefined unless `zeroed`. Throws MemoryError when there is no memory. */
  allocate(nbytes: number, zeroed?: boolean): Storage
  /** Gives a block back now. Using it later is an error. */
  release(storage: Storage): void
  /** The block's memory as JavaScript sees it (a pool block escapes). */
  bytes(storage: Storage): Uint8Array
  map(program: Program, dims: Shape, outs: readonly View[], ins: readonly View[], params?: readonly Word[]): void
  reduce(
    program: Program,
    dims: Shape,
    axes: readonly number[],
    outs: readonly View[],
    ins: readonly View[],
    params?: readonly Word[],
  ): void
  /** A named routine; throws DeviceError when this backend lacks it. */
  call(routine: string, outs: readonly View[], ins: readonly View[], words?: readonly Word[]): void
  /** Facts for `numgrad.info()`. */
  info(): Record<string, unknown>
}

const installed = new Map<Device, Backend>()
let cpu: Backend | undefined

/** Makes a backend serve its device. */
export function installBackend(backend: Backend): void {
  installed.set(backend.device, backend)
  if (backend.device === 'cpu') cpu = backend
}

/** The backend of a device. */
export function backendOf(device: Device): Backend {
  if (device === 'cpu' && cpu !== undefined) return cpu
  const found = installed.get(device)
  if (!found) throw new DeviceError(`device '${device}' is not available in this process`)
  return found
}
