/** Blocks of memory that views look into: small slices of shared slabs, native pool blocks, the user's own memory, and lists of objects. */

import { RuntimeError } from './errors.ts'

export type Device = 'cpu' | 'webgpu'

/** Where a block's memory comes from; `device`: it lies on another device than the cpu. */
export type StorageKind = 'slab' | 'buffer' | 'pool' | 'object' | 'device'

/** One block. Several views may look into it; `version` counts the writes that autograd must know of. */
export class Storage {
  /** Bumped by every in-place operation. */
  version = 0
  disposed = false

  /** @internal Use the makers below, or a backend's `allocate`. */
  constructor(
    readonly device: Device,
    readonly kind: StorageKind,
    /** Bytes of the block; for objects, the number of items times the dtype's item size. */
    readonly nbytes: number,
    /** Memory that JavaScript can see; null for a pool block until it escapes, and for objects. */
    public buffer: ArrayBufferLike | null,
    /** Where the block begins in `buffer`. */
    readonly byteOffset: number,
    /** Machine address of the block, once a backend has asked for it; 0 before. */
    public address: number,
    /** The items of dtype object. */
    readonly items: unknown[] | null,
    /** What the backend of a device knows the block by. */
    readonly handle: unknown = null,
  ) {}

  /** Throws when the memory is gone: disposed, detached or shrunk by its user. */
  check(): void {
    if (this.disposed) throw new RuntimeError('the memory of this array was disposed')
    if (this.buffer !== null && this.buffer.byteLength < this.byteOffset + this.nbytes) {
      throw new RuntimeError('the ArrayBuffer behind this array was detached or shrunk')
    }
  }
}

/** Blocks up to this size come from slabs. */
export const SMALL = 4096
const SLAB = 64 * 1024
const ALIGN = 64

let slab = new ArrayBuffer(SLAB)
let slabNext = 0
let slabAddress = 0
let addressOf: (buffer: ArrayBuffer) => number = () => 0

/** Lets a backend tell machine addresses; called once when it is installed. */
export function setAddressOf(f: (buffer: ArrayBuffer) => number): void {
  addressOf = f
  slabAddress = f(slab)
}

/** The machine address of a block in JavaScript's memory, asked for once per block. */
export function resolveAddress(storage: Storage): number {
  if (storage.address === 0 && storage.buffer !== null) {
    const base = addressOf(storage.buffer as ArrayBuffer)
    storage.address = base === 0 ? 0 : base + storage.byteOffset
  }
  return storage.address
}

/** A zeroed small block; the engine's collector frees its slab when no block of it is in use. */
export function allocateSmall(nbytes: number): Storage {
  const rounded = (nbytes + ALIGN - 1) & -ALIGN
  if (slabNext + rounded > SLAB) {
    slab = new ArrayBuffer(SLAB)
    slabNext = 0
    slabAddress = addressOf(slab)
  }
  const at = slabNext
  slabNext += rounded || ALIGN
  return new Storage('cpu', 'slab', nbytes, slab, at, slabAddress === 0 ? 0 : slabAddress + at, null)
}

/** A block in an ArrayBuffer of its own, or in memory that the user brought, which is shared, not copied. */
export function bufferStorage(buffer: ArrayBufferLike, byteOffset = 0, nbytes = buffer.byteLength - byteOffset): Storage {
  return new Storage('cpu', 'buffer', nbytes, buffer, byteOffset, 0, null)
}

/** A block on another device. */
export function deviceStorage(device: Device, nbytes: number, handle: unknown): Storage {
  return new Storage(device, 'device', nbytes, null, 0, 0, null, handle)
}

/** A block of JavaScript values, for dtype object. */
export function objectStorage(items: unknown[]): Storage {
  return new Storage('cpu', 'object', items.length * 8, null, 0, 0, items)
}
