/** Arrays of the oracle's fixtures, and distances between results in ulps. */

import { contiguous } from '../../src/core/allocate.ts'
import { backendOf } from '../../src/core/backend.ts'
import { type DType, float16, float32, realOf } from '../../src/core/dtype.ts'
import { sizeOf } from '../../src/core/shape.ts'
import { bufferStorage } from '../../src/core/storage.ts'
import { contiguousView, type View } from '../../src/core/view.ts'

/** A view of base64 bytes; one axis unless a shape is given. */
export function unpack(text: string, dtype: DType, shape?: readonly number[]): View {
  const copy = new Uint8Array(Buffer.from(text, 'base64'))
  const dims = shape ?? [copy.length / dtype.itemsize]
  if (sizeOf(dims) * dtype.itemsize !== copy.length) throw new Error('the fixture does not fit its shape')
  return contiguousView(bufferStorage(copy.buffer), dtype, dims)
}

/** Numbers of a view in memory order; complex values as two. */
export function numbers(x: View): (number | bigint)[] {
  const v = contiguous(x)
  const bytes = backendOf('cpu').bytes(v.storage)
  const part = realOf(v.dtype)
  const data = bytes.slice(v.offset, v.offset + v.nbytes).buffer
  const reader = new DataView(data)
  const read: Record<string, (at: number) => number | bigint> = {
    bool: (i) => reader.getUint8(i),
    int8: (i) => reader.getInt8(i),
    int16: (i) => reader.getInt16(i, true),
    int32: (i) => reader.getInt32(i, true),
    int64: (i) => reader.getBigInt64(i, true),
    uint8: (i) => reader.getUint8(i),
    uint16: (i) => reader.getUint16(i, true),
    uint32: (i) => reader.getUint32(i, true),
    uint64: (i) => reader.getBigUint64(i, true),
    float16: (i) => fromHalf(reader.getUint16(i, true)),
    float32: (i) => reader.getFloat32(i, true),
    float64: (i) => reader.getFloat64(i, true),
  }
  return Array.from({ length: data.byteLength / part.itemsize }, (_, i) => read[part.name]!(i * part.itemsize))
}
const HALVES = new Map<number, number>()
function fromHalf(bits: number): number {
  if (!HALVES.size) {
    for (let b = 0; b < 65536; b++) {
      const e = (b >> 10) & 31
      const m = b & 1023
      const size = e === 31 ? (m ? Number.NaN : Number.POSITIVE_INFINITY) : e === 0 ? m * 2 ** -24 : (1024 + m) * 2 ** (e - 25)
      HALVES.set(b, b >= 32768 ? -size : size)
    }
  }
  return HALVES.get(bits)!
}

/** The distance between neighbouring floats of a dtype at x. */
function ulp(x: number, dtype: DType): number {
  const [bits, low] = dtype === float16 ? [10, -14] : dtype === float32 ? [23, -126] : [52, -1022]
  const e = x === 0 ? low : Math.max(low, Math.floor(Math.log2(Math.abs(x))))
  return 2 ** (e - bits)
}

function distance(a: number | bigint, b: number | bigint, dtype: DType): number {
  if (typeof a === 'bigint' || !dtype.isFloat) return a === b ? 0 : Number.POSITIVE_INFINITY
  const y = b as number
  if (Number.isNaN(a) || Number.isNaN(y)) return Number.isNaN(a) && Number.isNaN(y) ? 0 : Number.POSITIVE_INFINITY
  if (a === y) return 0
  const most = dtype === float16 ? 65504 : dtype === float32 ? 3.4028234663852886e38 : Number.MAX_VALUE
  // the largest number and infinity are neighbours
  const finite = (x: number) => (Number.isFinite(x) ? x : Math.sign(x) * most * (1 + 2 ** -52))
  if (!Number.isFinite(a) || !Number.isFinite(y))
    return Math.sign(a) === Math.sign(y) && Math.abs(finite(a)) >= most && Math.abs(finite(y)) >= most ? 1 : Number.POSITIVE_INFINITY
  return Math.abs(a - y) / ulp(y, dtype)
}

/** The elements that differ by more than some ulps, in words. Complex results are measured against the size of both parts when `joint`. */
export function differences(ins: readonly View[], got: View, want: View, tolerance: number, atol = 0): string[] {
  if (got.dtype !== want.dtype) return [`dtype ${got.dtype.name} in place of ${want.dtype.name}`]
  const part = realOf(got.dtype)
  const [g, w] = [numbers(got), numbers(want)]
  const columns = ins.map(numbers)
  const out: string[] = []
  const parts = got.dtype.isComplex ? 2 : 1
  for (let i = 0; i < w.length; i++) {
    let d = distance(g[i]!, w[i]!, part)
    if (d <= tolerance || Math.abs(Number(g[i]) - Number(w[i])) <= atol) continue
    if (parts === 2 && Number.isFinite(Number(w[i])) && Number.isFinite(Number(w[i ^ 1]))) {
      // rounding errors of complex arithmetic are small beside the whole, not beside each part
      d = Math.abs(Number(g[i]) - Number(w[i])) / ulp(Math.hypot(Number(w[i]), Number(w[i ^ 1])), part)
      if (d <= tolerance) continue
    }
    const at = Math.floor(i / parts)
    const arguments_ = columns.map((c, k) => {
      const n = ins[k]!.dtype.isComplex ? 2 : 1
      return c
        .slice(at * n, at * n + n)
        .map((x) => (Object.is(x, -0) ? '-0' : String(x)))
        .join('|')
    })
    out.push(
      `(${arguments_.join(', ')})${parts === 2 ? `.${i % 2 ? 'im' : 're'}` : ''}: ${Object.is(g[i], -0) ? '-0' : g[i]}, not ${Object.is(w[i], -0) ? '-0' : w[i]} (${d} ulp)`,
    )
  }
  return out
}
