/** Fresh memory for values. */

import { backendOf } from './backend.ts'
import { copyInto } from './copy.ts'
import type { DType } from './dtype.ts'
import { MemoryError } from './errors.ts'
import { contiguousStrides, type Shape, sizeOf } from './shape.ts'
import { type Device, objectStorage } from './storage.ts'
import { View } from './view.ts'

/** A contiguous view of a fresh block; undefined bytes unless `zeroed`. Objects begin as null. */
export function allocate(shape: Shape, dtype: DType, device: Device = 'cpu', zeroed = false): View {
  const size = sizeOf(shape)
  if (device !== 'cpu') backendOf(device).accept?.(dtype)
  const storage = dtype.isObject ? objectStorage(nulls(size)) : backendOf(device).allocate(size * dtype.itemsize, zeroed)
  return new View(storage, dtype, shape, contiguousStrides(shape, dtype.itemsize), 0, size)
}

/** The engine keeps longer lists in hash tables, which takes minutes and all memory. */
const MOST_OBJECTS = 100_000_000

function nulls(n: number): null[] {
  if (!(n <= MOST_OBJECTS)) throw new MemoryError(`unable to allocate an array of ${n} objects`)
  return new Array(n).fill(null)
}

/** A contiguous copy. */
export function contiguous(v: View): View {
  const out = allocate(v.shape, v.dtype, v.device)
  copyInto(out, v)
  return out
}
