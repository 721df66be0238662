/** Single elements and whole lists between JavaScript values and storage. */

import { Complex } from './complex.ts'
import { complex64, type DType, integerRange } from './dtype.ts'
import { DeviceError, DTypeError, OverflowError, ValueError } from './errors.ts'
import { bfloatToNumber, halfToNumber, numberToBfloat, numberToHalf } from './float16.ts'
import { readPacked, writePacked } from './packed_items.ts'
import type { Shape } from './shape.ts'
import { allocateSmall, bufferStorage, objectStorage, SMALL, type Storage } from './storage.ts'
import { contiguousView, View } from './view.ts'

/** What an element comes out as. */
export type Item = boolean | number | bigint | Complex | unknown

type Reader = (d: DataView, at: number) => Item
type Writer = (d: DataView, at: number, value: never) => void

const small = (x: bigint): number | bigint => (x >= Number.MIN_SAFE_INTEGER && x <= Number.MAX_SAFE_INTEGER ? Number(x) : x)

/** Readers by dtype code. */
const READ: readonly Reader[] = [
  (d, i) => d.getUint8(i) !== 0,
  (d, i) => d.getInt8(i),
  (d, i) => d.getInt16(i, true),
  (d, i) => d.getInt32(i, true),
  (d, i) => small(d.getBigInt64(i, true)),
  (d, i) => d.getUint8(i),
  (d, i) => d.getUint16(i, true),
  (d, i) => d.getUint32(i, true),
  (d, i) => small(d.getBigUint64(i, true)),
  (d, i) => halfToNumber(d.getUint16(i, true)),
  (d, i) => bfloatToNumber(d.getUint16(i, true)),
  (d, i) => d.getFloat32(i, true),
  (d, i) => d.getFloat64(i, true),
  (d, i) => new Complex(d.getFloat32(i, true), d.getFloat32(i + 4, true)),
  (d, i) => new Complex(d.getFloat64(i, true), d.getFloat64(i + 8, true)),
]

const complexParts = (v: number | Complex): [number, number] => (v instanceof Complex ? [v.re, v.im] : [v, 0])

/** Writers by dtype code; the value was converted by `coerce` before. */
const WRITE: readonly Writer[] = [
  (d, i, v: boolean) => d.setUint8(i, v ? 1 : 0),
  (d, i, v: number) => d.setInt8(i, v),
  (d, i, v: number) => d.setInt16(i, v, true),
  (d, i, v: number) => d.setInt32(i, v, true),
  (d, i, v: number | bigint) => d.setBigInt64(i, BigInt(v), true),
  (d, i, v: number) => d.setUint8(i, v),
  (d, i, v: number) => d.setUint16(i, v, true),
  (d, i, v: number) => d.setUint32(i, v, true),
  (d, i, v: number | bigint) => d.setBigUint64(i, BigInt(v), true),
  (d, i, v: number) => d.setUint16(i, numberToHalf(v), true),
  (d, i, v: number) => d.setUint16(i, numberToBfloat(v), true),
  (d, i, v: number) => d.setFloat32(i, v, true),
  (d, i, v: number) => d.setFloat64(i, v, true),
  (d, i, v: number | Complex) => {
    const [re, im] = complexParts(v)
    d.setFloat32(i, re, true)
    d.setFloat32(i + 4, im, true)
  },
  (d, i, v: number | Complex) => {
    const [re, im] = complexParts(v)
    d.setFloat64(i, re, true)
    d.setFloat64(i + 8, im, true)
  },
]

/**
 * A JavaScript value as an element of a dtype: NumPy's rules for `np.array(value, dtype)`: an integer that does not fit is an
 * OverflowError, a fraction into an integer dtype is truncated, null is NaN in floats, strings are parsed for numbers.
 */
export function coerce(value: unknown, dtype: DType): Item {
  const { kind } = dtype
  if (kind === 'O') return value
  if (kind === 'b') return value instanceof Complex ? value.re !== 0 || value.im !== 0 : Boolean(value)
  if (value === null && dtype.isInexact) return Number.NaN
  if (typeof value === 'string' && value.trim() !== '' && !Number.isNaN(Number(value))) value = Number(value)
  if (typeof value === 'boolean') value = value ? 1 : 0
  if (value instanceof Complex && kind !== 'c')
    throw new DTypeError(`cannot convert a complex number to ${dtype.name}`, { dtypes: [dtype.name] })
  if (kind === 'c') {
    if (value instanceof Complex) return value
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  } else if (kind === 'f') {
    if (typeof value === 'number' || typeof value === 'bigint') return Number(value)
  } else if (typeof value === 'bigint' || typeof value === 'number') {
    return toInteger(value, dtype)
  }
  const text = typeof value === 'symbol' ? 'a symbol' : typeof value === 'object' ? Object.prototype.toString.call(value) : String(value)
  throw new DTypeError(`cannot convert ${text} to ${dtype.name}`, { dtypes: [dtype.name] })
}

function toInteger(value: number | bigint, dtype: DType): number | bigint {
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      if (Number.isNaN(value)) throw new ValueError('cannot convert float NaN to integer', { dtypes: [dtype.name] })
      throw new OverflowError('cannot convert float infinity to integer')
    }
    value = Math.trunc(value)
    if (dtype.itemsize < 8) {
      const bits = dtype.itemsize * 8
      const low = dtype.kind === 'u' ? 0 : -(2 ** (bits - 1))
      if (value < low || value > low + 2 ** bits - 1) throw new OverflowError(`Python integer ${value} out of bounds for ${dtype.name}`)
      return value
    }
  }
  const big = BigInt(value)
  const [low, high] = integerRange(dtype)
  if (big < low || big > high) throw new OverflowError(`Python integer ${big} out of bounds for ${dtype.name}`)
  return dtype.itemsize < 8 ? Number(big) : big
}

const viewers = new WeakMap<ArrayBufferLike, DataView>()
function dataView(buffer: ArrayBufferLike): DataView {
  let d = viewers.get(buffer)
  if (!d) {
    d = new DataView(buffer)
    viewers.set(buffer, d)
  }
  return d
}

/** A read that would have to wait for a device. */
export const mustWait = (device: string): DeviceError =>
  new DeviceError(
    `the elements of a tensor on '${device}' cannot be read synchronously: use \`await t.cpu()\`, \`await t.item_async()\` or \`await t.tolist_async()\``,
  )

/** A contiguous copy of a view in memory that JavaScript sees, itself when it is there already. */
export function visible(v: View): View {
  v.storage.check()
  if (v.storage.buffer !== null || v.storage.items !== null) return v
  if (v.storage.device !== 'cpu') throw mustWait(v.storage.device)
  const nbytes = v.nbytes
  const storage = allocateVisible(nbytes)
  const out = contiguousView(storage, v.dtype, v.shape)
  copyView(out, v)
  return out
}

/** Copies elements, converting: set by the interpreter of copies (`ops/elementwise/cast.ts`). */
let copyView: (out: View, v: View) => void = () => {
  throw new Error('no copy was installed')
}
/** @internal */
export function setCopy(f: (out: View, v: View) => void): void {
  copyView = f
}

function allocateVisible(nbytes: number): Storage {
  return nbytes <= SMALL ? allocateSmall(nbytes) : bufferStorage(new ArrayBuffer(nbytes))
}

/** The element at a byte offset of a view's block. */
export function readAt(v: View, offset: number): Item {
  const { storage } = v
  storage.check()
  if (storage.items !== null) return storage.items[offset >> 3]
  if (storage.buffer === null) {
    const one = visible(new View(storage, v.dtype, [], [], offset, 1))
    return READ[v.dtype.code]!(dataView(one.storage.buffer!), one.storage.byteOffset)
  }
  return READ[v.dtype.code]!(dataView(storage.buffer), storage.byteOffset + offset)
}

/** Writes an already coerced element at a byte offset of a view's block. */
export function writeAt(v: View, offset: number, value: Item): void {
  const { storage } = v
  storage.check()
  if (storage.items !== null) storage.items[offset >> 3] = value
  else if (storage.buffer === null) {
    const one = contiguousView(allocateSmall(16), v.dtype, [])
    WRITE[v.dtype.code]!(dataView(one.storage.buffer!), one.storage.byteOffset, value as never)
    copyView(new View(storage, v.dtype, [], [], offset, 1), one)
  } else WRITE[v.dtype.code]!(dataView(storage.buffer), storage.byteOffset + offset, value as never)
}

/** Calls `f` with the byte offset of each element in C order. */
export function eachOffset(v: View, f: (offset: number, index: number) => void): void {
  walk(v.shape, v.strides, v.offset, f)
}

function walk(shape: Shape, strides: readonly number[], start: number, f: (offset: number, index: number) => void): void {
  const n = shape.length
  const size = shape.reduce((p, d) => p * d, 1)
  if (size === 0) return
  const at = new Array<number>(n).fill(0)
  let offset = start
  for (let index = 0; index < size; index++) {
    f(offset, index)
    for (let axis = n - 1; axis >= 0; axis--) {
      offset += strides[axis]!
      if (++at[axis]! < shape[axis]!) break
      offset -= strides[axis]! * shape[axis]!
      at[axis] = 0
    }
  }
}

/** All elements in C order. */
export function items(v: View): Item[] {
  const seen = visible(v)
  if (v.size === 0) return []
  if (seen.storage.items === null && seen.contiguous) {
    const packed = readPacked(v.dtype, seen.storage.buffer!, seen.storage.byteOffset + seen.offset, v.size)
    if (packed) return packed
  }
  const out: Item[] = new Array(v.size)
  if (seen.storage.items !== null) {
    const list = seen.storage.items
    eachOffset(seen, (offset, i) => {
      out[i] = list[offset >> 3]
    })
    return out
  }
  const d = dataView(seen.storage.buffer!)
  const read = READ[v.dtype.code]!
  const base = seen.storage.byteOffset
  eachOffset(seen, (offset, i) => {
    out[i] = read(d, base + offset)
  })
  return out
}

/** Nested lists, as `tolist()`; the element itself for a 0-d view. */
export function nested(v: View): unknown {
  const flat = items(v)
  const last = v.shape.length - 1
  if (last <= 0) return last < 0 ? flat[0] : flat
  let at = 0
  const build = (axis: number): unknown[] => {
    const n = v.shape[axis]!
    if (axis === last) {
      at += n
      return flat.slice(at - n, at)
    }
    const list: unknown[] = []
    for (let i = 0; i < n; i++) list.push(build(axis + 1))
    return list
  }
  return build(0)
}

/** Fills a fresh contiguous view with coerced values in C order. */
export function fillItems(v: View, values: readonly unknown[]): void {
  if (v.storage.items !== null) {
    for (let i = 0; i < values.length; i++) v.storage.items[i] = values[i]
    return
  }
  const { dtype } = v
  let at = v.storage.byteOffset + v.offset
  if (writePacked(dtype, v.storage.buffer!, at, values, coerce)) return
  const d = dataView(v.storage.buffer!)
  const write = WRITE[dtype.code]!
  for (const value of values) {
    write(d, at, coerce(value, dtype) as never)
    at += dtype.itemsize
  }
}

/** Writes values, converted, into a view of any strides in C order. */
export function writeItems(v: View, values: readonly unknown[]): void {
  const converted = v.dtype.isObject ? values : values.map((x) => coerce(x, v.dtype))
  eachOffset(v, (offset, i) => writeAt(v, offset, converted[i]))
}

/** A new view on fresh memory that JavaScript can write, holding the values in C order. */
export function viewOf(values: readonly unknown[], shape: Shape, dtype: DType): View {
  if (dtype.isObject) return contiguousView(objectStorage([...values]), dtype, shape)
  const out = contiguousView(allocateVisible(values.length * dtype.itemsize), dtype, shape)
  fillItems(out, values)
  return out
}

const scratch = new DataView(new ArrayBuffer(16))

/** A 0-d view that holds one number. */
export function scalarView(value: unknown, dtype: DType): View {
  if (dtype.isObject) return new View(objectStorage([value]), dtype, [], [], 0, 1)
  const storage = allocateSmall(16)
  WRITE[dtype.code]!(dataView(storage.buffer!), storage.byteOffset, coerce(value, dtype) as never)
  return new View(storage, dtype, [], [], 0, 1)
}

/** A number rounded to a dtype and back. */
export function roundTo(value: number, dtype: DType): Item {
  if (dtype === complex64) return value
  WRITE[dtype.code]!(scratch, 0, coerce(value, dtype) as never)
  return READ[dtype.code]!(scratch, 0)
}
