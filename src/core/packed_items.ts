/** Packed elements to JavaScript values and back: loops over typed arrays for the dtypes that have one. */

import type { DType } from './dtype.ts'

type Numbers = Float64Array | Float32Array | Int32Array | Uint32Array | Int16Array | Uint16Array | Int8Array | Uint8Array
type Maker = new (buffer: ArrayBufferLike, at: number, length: number) => Numbers

const NUMBERS: Readonly<Record<string, Maker>> = {
  float64: Float64Array,
  float32: Float32Array,
  int32: Int32Array,
  uint32: Uint32Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int8: Int8Array,
  uint8: Uint8Array,
}
const HALF = 2 ** 32
/** |high word| below which a 64-bit integer is a safe number. */
const SAFE_HIGH = 2 ** 21

/** The elements of packed memory; null when the dtype has no loop here, or the address is not aligned. */
export function readPacked(dtype: DType, buffer: ArrayBufferLike, at: number, n: number): unknown[] | null {
  if (at % dtype.itemsize !== 0) return null
  const out = new Array<unknown>(n)
  const Maker = NUMBERS[dtype.name]
  if (Maker) {
    const list = new Maker(buffer, at, n)
    for (let i = 0; i < n; i++) out[i] = list[i]
    return out
  }
  if (dtype.name === 'bool') {
    const list = new Uint8Array(buffer, at, n)
    for (let i = 0; i < n; i++) out[i] = list[i] !== 0
    return out
  }
  if (dtype.name !== 'int64' && dtype.name !== 'uint64') return null
  const signed = dtype.name === 'int64'
  const words = new Uint32Array(buffer, at, 2 * n)
  for (let i = 0; i < n; i++) {
    const low = words[2 * i]!
    const high = signed ? words[2 * i + 1]! | 0 : words[2 * i + 1]!
    // (-2^53 itself is not safe)
    if (high < SAFE_HIGH && (high > -SAFE_HIGH || (high === -SAFE_HIGH && low > 0))) out[i] = high * HALF + low
    else out[i] = (BigInt(high) << 32n) | BigInt(low)
  }
  return out
}

/** Writes values to packed memory, what is not plainly of the dtype through `coerce`; false when the dtype has no loop here. */
export function writePacked(
  dtype: DType,
  buffer: ArrayBufferLike,
  at: number,
  values: readonly unknown[],
  coerce: (value: unknown, dtype: DType) => unknown,
): boolean {
  if (at % dtype.itemsize !== 0) return false
  const n = values.length
  const Maker = NUMBERS[dtype.name]
  if (Maker && dtype.isFloat) {
    const list = new Maker(buffer, at, n)
    for (let i = 0; i < n; i++) {
      const x = values[i]
      list[i] = typeof x === 'number' ? x : (coerce(x, dtype) as number)
    }
    return true
  }
  if (Maker) {
    const list = new Maker(buffer, at, n)
    for (let i = 0; i < n; i++) {
      const x = values[i]
      // a typed array of numbers takes no bigint
      if (typeof x === 'number') list[i] = x
      // what does not come back as it was needs its error, or its conversion
      if (list[i] !== x) list[i] = coerce(x, dtype) as number
    }
    return true
  }
  if (dtype.name !== 'int64') return false
  const words = new Int32Array(buffer, at, 2 * n)
  for (let i = 0; i < n; i++) {
    const x = values[i]
    if (typeof x === 'number' && Number.isSafeInteger(x)) {
      words[2 * i] = x | 0
      words[2 * i + 1] = Math.floor(x / HALF)
      continue
    }
    const big = BigInt.asIntN(64, BigInt(coerce(x, dtype) as number | bigint))
    words[2 * i] = Number(BigInt.asIntN(32, big))
    words[2 * i + 1] = Number(big >> 32n)
  }
  return true
}
