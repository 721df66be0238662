/** What files hold, before it is an array: a dtype's name, a shape and bytes. It knows no array class and no operation. */

import { type DType, findDType } from '../core/dtype.ts'
import { DTypeError, FormatError, MemoryError, ValueError } from '../core/errors.ts'

/** An array as bytes, the neutral form that every reader returns and every writer takes. */
export interface RawArray {
  /** The dtype's canonical name: `'float64'`, `'bool'`, `'complex64'`, `'bfloat16'` ... */
  readonly dtype: string
  readonly shape: readonly number[]
  /** The elements in little-endian order, row by row; column by column when `fortran` is set. May be an unaligned window on the file. */
  readonly data: Uint8Array
  readonly fortran?: boolean
}

/** Number of elements of a shape that a file or caller claims; a FormatError naming `what` when it is not a shape that can exist. */
export function countOf(shape: readonly number[], what: string): number {
  let count = 1
  let empty = false
  for (const size of shape) {
    if (!Number.isSafeInteger(size) || size < 0) throw new FormatError(`${what}: ${size} is not a valid size of a dimension`)
    if (size === 0) empty = true
    else count *= size
    if (count > Number.MAX_SAFE_INTEGER) throw new FormatError(`${what}: the shape (${shape.join(', ')}) has too many elements`)
  }
  return empty ? 0 : count
}

/** The dtype of a raw array whose shape and byte count agree; an error of the operation `op` when they do not. */
export function checkRaw(op: string, array: RawArray): DType {
  const dtype = findDType(array.dtype)
  if (!dtype || dtype.isObject) throw new DTypeError(`${op}(): dtype ${array.dtype} cannot be written`, { op, dtypes: [array.dtype] })
  const expected = countOf(array.shape, `${op}()`) * dtype.itemsize
  if (array.data.byteLength !== expected) {
    throw new ValueError(
      `${op}(): expected ${expected} bytes for shape (${array.shape.join(', ')}) of ${array.dtype}, got ${array.data.byteLength}`,
      {
        op,
      },
    )
  }
  return dtype
}

/** A new zeroed block of bytes; a MemoryError when the engine has no room for it. */
export function allocateBytes(size: number, what: string): Uint8Array {
  try {
    return new Uint8Array(size)
  } catch {
    throw new MemoryError(`${what}: no memory for ${size} bytes`)
  }
}

/** The parts one after the other in one block. */
export function concatBytes(parts: readonly Uint8Array[], what: string): Uint8Array {
  const out = allocateBytes(
    parts.reduce((sum, part) => sum + part.byteLength, 0),
    what,
  )
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.byteLength
  }
  return out
}

/** A copy with the bytes of every `width`-byte word reversed. */
export function swapBytes(data: Uint8Array, width: number, what: string): Uint8Array {
  const out = allocateBytes(data.byteLength, what)
  for (let start = 0; start + width <= data.length; start += width) {
    for (let i = 0; i < width; i++) out[start + i] = data[start + width - 1 - i]
  }
  return out
}

/** The bytes of booleans with every true as 1: kernels rely on that, and files may hold any byte. */
export function normalizeBools(data: Uint8Array, what: string): Uint8Array {
  if (data.every((byte) => byte < 2)) return data
  const out = allocateBytes(data.byteLength, what)
  for (let i = 0; i < data.length; i++) out[i] = data[i] === 0 ? 0 : 1
  return out
}
