/** The interface that every backend implements, on one page, and the registry of the installed ones. It names no operation. */

import type { DType } from './dtype.ts'
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
  /** Maps the first bytes of an open file into memory: `shared` changes go to the file, others stay private. Only where the runtime can. */
  mapFile?(fd: number, nbytes: number, shared: boolean): ArrayBuffer
  /** Writes the changes of a shared mapping to its file now. */
  syncFile?(memory: ArrayBuffer): void
  /** Devices other than the cpu: throws DTypeError for a dtype that it cannot hold. */
  accept?(dtype: DType): void
  /** Devices other than the cpu: copies bytes into a block, after all work that was given before. */
  write?(storage: Storage, offset: number, bytes: Uint8Array): void
  /** Devices other than the cpu: bytes of a block once all work that was given before is done; the errors of that work reject it. */
  read?(storage: Storage, offset: number, nbytes: number): Promise<Uint8Array>
  /** Devices other than the cpu: waits for all work that was given; its errors reject. */
  settled?(): Promise<void>
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
  if (!found) throw new DeviceError(absent.get(device) ?? `device '${device}' is not available in this process`)
  return found
}

/** Why a device is not there, for the error of `backendOf`. */
const absent = new Map<Device, string>([
  ['webgpu', "device 'webgpu' is not open yet: call `await torch.webgpu.is_available()` once, which opens it"],
])

/** Says why a device could not be opened. */
export function setAbsent(device: Device, why: string): void {
  absent.set(device, why)
}

/** Whether a device has a backend. */
export const isInstalled = (device: Device): boolean => installed.has(device)
