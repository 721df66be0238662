/** Fresh memory for values. */

import { backendOf } from './backend.ts'
import { copyInto } from './copy.ts'
import type { DType } from './dtype.ts'
import { contiguousStrides, type Shape, sizeOf } from './shape.ts'
import { type Device, objectStorage } from './storage.ts'
import { View } from './view.ts'

/** A contiguous view of a fresh block; undefined bytes unless `zeroed`. Objects begin as null. */
export function allocate(shape: Shape, dtype: DType, device: Device = 'cpu', zeroed = false): View {
  const size = sizeOf(shape)
  const storage = dtype.isObject ? objectStorage(new Array(size).fill(null)) : backendOf(device).allocate(size * dtype.itemsize, zeroed)
  return new View(storage, dtype, shape, contiguousStrides(shape, dtype.itemsize), 0, size)
}

/** A contiguous copy. */
export function contiguous(v: View): View {
  const out = allocate(v.shape, v.dtype, v.device)
  copyInto(out, v)
  return out
}
