/** A view: storage, dtype, shape, byte strides and offset. Every array and tensor is one; kernels take them with any strides. */

import type { DType } from './dtype.ts'
import { RuntimeError } from './errors.ts'
import { contiguousStrides, isContiguous, type Shape, sizeOf } from './shape.ts'
import type { Device, Storage } from './storage.ts'
import { Value } from './value.ts'

export class View extends Value {
  readonly level = 0
  private contiguousFlag: boolean | undefined

  constructor(
    readonly storage: Storage,
    readonly dtype: DType,
    readonly shape: Shape,
    /** In bytes; may be negative or zero. */
    readonly strides: readonly number[],
    /** In bytes from the start of the block. */
    readonly offset: number,
    readonly size: number,
    readonly writeable: boolean = true,
  ) {
    super()
  }

  get device(): Device {
    return this.storage.device
  }

  /** C-contiguous. */
  get contiguous(): boolean {
    this.contiguousFlag ??= isContiguous(this.shape, this.strides, this.dtype.itemsize)
    return this.contiguousFlag
  }

  get nbytes(): number {
    return this.size * this.dtype.itemsize
  }
}

/** A contiguous view of a whole block from `offset` on. */
export function contiguousView(storage: Storage, dtype: DType, shape: Shape, offset = 0): View {
  return new View(storage, dtype, shape, contiguousStrides(shape, dtype.itemsize), offset, sizeOf(shape))
}

/**
 * The same storage seen through another shape, strides and offset; the caller keeps it inside the block. A view of no elements begins where
 * `v` does: what it would begin at may lie outside.
 */
export function restride(v: View, shape: Shape, strides: readonly number[], offset = v.offset, writeable = v.writeable): View {
  const size = sizeOf(shape)
  return new View(v.storage, v.dtype, shape, strides, size === 0 ? v.offset : offset, size, writeable)
}

/** A view broadcast to a shape that it fits; read-only where elements repeat. */
export function broadcastView(v: View, shape: Shape): View {
  if (v.shape.length === shape.length && v.shape.every((n, i) => n === shape[i])) return v
  const lead = shape.length - v.shape.length
  const strides = shape.map((n, i) => (i < lead || (v.shape[i - lead] === 1 && n !== 1) ? 0 : v.strides[i - lead]!))
  return restride(v, shape, strides)
}

/** First and last byte (exclusive) that a view touches, relative to its block. */
export function extent(v: View): readonly [number, number] {
  let low = v.offset
  let high = v.offset + v.dtype.itemsize
  for (let i = 0; i < v.shape.length; i++) {
    const span = (v.shape[i]! - 1) * v.strides[i]!
    if (span < 0) low += span
    else high += span
  }
  return [low, high]
}

/** Whether two views may share a byte. Views into buffers are compared by buffer, since two blocks may lie in one. */
export function mayOverlap(a: View, b: View): boolean {
  if (a.size === 0 || b.size === 0) return false
  const sameBlock = a.storage === b.storage
  if (!sameBlock && (a.storage.buffer === null || a.storage.buffer !== b.storage.buffer || a.storage.kind === 'slab')) return false
  const [al, ah] = extent(a)
  const [bl, bh] = extent(b)
  const shiftA = sameBlock ? 0 : a.storage.byteOffset
  const shiftB = sameBlock ? 0 : b.storage.byteOffset
  return al + shiftA < bh + shiftB && bl + shiftB < ah + shiftA
}

/** Whether two views are the same elements in the same order. */
export function sameElements(a: View, b: View): boolean {
  if (a === b) return true
  if (a.storage !== b.storage || a.offset !== b.offset || a.dtype !== b.dtype || a.shape.length !== b.shape.length) return false
  for (let i = 0; i < a.shape.length; i++) {
    if (a.shape[i] !== b.shape[i] || (a.strides[i] !== b.strides[i] && a.shape[i] !== 1)) return false
  }
  return true
}

/** Throws when a view must not be written. */
export function checkWriteable(v: View): void {
  if (!v.writeable) throw new RuntimeError('assignment destination is read-only')
}
