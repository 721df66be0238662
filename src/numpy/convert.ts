/** Between users' data and views: what the functions of this facade take, and how their results are wrapped. */

import { firstItem } from '../core/copy.ts'
import { describe } from '../core/describe.ts'
import { bool, complex128, type DType, float64, int64, object, setConvert, uint64 } from '../core/dtype.ts'
import { scalarView, viewOf } from '../core/element.ts'
import { ArgumentError, DTypeError, ShapeError, shapeText, ValueError } from '../core/errors.ts'
import { promoteAll, resultType, type Weak } from '../core/promote.ts'
import { checkShape, type Shape } from '../core/shape.ts'
import { objectStorage } from '../core/storage.ts'
import { type Value, valueIn } from '../core/value.ts'
import { View } from '../core/view.ts'
import { type Found, type Jagged, readNested, scalarKind, typedDType, typedView } from '../lib/nested.ts'
import { cast } from '../ops/index.ts'
import { NDArray } from './ndarray.ts'
import type { ArrayLike, Result, ShapeLike } from './types.ts'

/** NumPy's error of lists that are not rectangular. */
const jagged = ({ shape }: Jagged): Error =>
  new ValueError(
    'setting an array element with a sequence. The requested array has an inhomogeneous shape after ' +
      `${shape.length} dimensions. The detected shape was ${shapeText(shape)} + inhomogeneous part.`,
    { shapes: [shape], hint: "dtype: 'object' holds lists as items" },
  )

const plainJagged = (info: Jagged): Error => {
  const error = jagged(info) as ValueError
  return new ValueError(error.message.replace(/ \(dtype: .*\)$/, ''), { shapes: [info.shape] })
}

/** The dtype that items get by themselves. */
export function inferDType(found: Found, odd: unknown): DType {
  if (found.other) return object
  if (found.string) {
    throw new DTypeError(`arrays of strings are not supported yet without dtype 'object' (got '${String(odd).slice(0, 40)}')`, {
      hint: "np.array(list, { dtype: 'object' })",
    })
  }
  const dtypes = [...found.dtypes]
  if (found.bool) dtypes.push(bool)
  if (found.int) dtypes.push(int64)
  if (found.float) dtypes.push(float64)
  if (found.complex) dtypes.push(complex128)
  if (found.bigint) {
    if (found.high >= 1n << 64n || found.low < -(1n << 63n)) return object
    if (found.high < 1n << 63n) dtypes.push(int64)
    else dtypes.push(found.low < 0n ? float64 : uint64)
  }
  return dtypes.length === 0 ? float64 : promoteAll(dtypes)
}

/** The concrete view of a wrapped value, also of another facade's. */
function viewOfValue(value: Value): View {
  if (value instanceof View) return value
  throw new DTypeError('a tensor that is being differentiated or transformed cannot become a NumPy array: call detach() first')
}

/** A view of what a user gave; arrays and typed arrays are not copied unless the dtype changes. */
export function asView(x: ArrayLike, dtype?: DType): View {
  if (x instanceof NDArray) return dtype === undefined || dtype === x.value.dtype ? x.value : castView(x.value, dtype)
  const kind = scalarKind(x)
  if (kind !== null) return scalarView(x, dtype ?? scalarDType(x, kind))
  const typed = typedDType(x)
  if (typed) {
    const v = typedView(x as ArrayBufferView, typed)
    return dtype === undefined || dtype === typed ? v : castView(v, dtype)
  }
  const value = valueIn(x)
  if (value) return castView(viewOfValue(value), dtype ?? value.dtype)
  return fromData(x, dtype)
}

/** The dtype of a scalar alone; bigints beyond int64 are uint64 or objects. */
function scalarDType(x: unknown, kind: Weak): DType {
  if (typeof x !== 'bigint') return resultType([], [kind])
  return x >= 1n << 64n || x < -(1n << 63n) ? object : x >= 1n << 63n ? uint64 : int64
}

/** A fresh array of nested data. */
export function fromData(x: unknown, dtype?: DType): View {
  const { shape, items, found, odd } = readNested(x, { objects: dtype?.isObject, jagged: plainJagged, view: viewOfValue })
  const to = dtype ?? inferDType(found, odd)
  checkShape(shape, 'array')
  const wrapped = to.isObject ? items.map(rewrap) : items
  return viewOf(wrapped, shape, to)
}

/** Views that became items of an object array are arrays. */
const rewrap = (x: unknown): unknown => (x instanceof View ? new NDArray(x) : x)

/** What calling a dtype gives, as NumPy's scalar types: the value as an item of the dtype, an array of a list. */
setConvert((dtype, value) => {
  if (value === undefined) return dtype.isObject ? null : unwrap(scalarView(dtype.kind === 'b' ? false : 0, dtype))
  if (typeof value === 'string' && dtype.isInexact) {
    const named = /^\s*([+-]?)(inf|infinity|nan)\s*$/i.exec(value)
    if (named) value = /nan/i.test(named[2]!) ? Number.NaN : named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  }
  return unwrap(dtype.isObject ? asView(value as ArrayLike, object) : asView(value as ArrayLike, dtype))
})

/** An array that is written to: nothing else will do. */
export function target(op: string, x: unknown): NDArray {
  if (x instanceof NDArray) return x
  throw new ArgumentError(`${op}(): expected an array to write into, got ${describe(x)}`, { op })
}

/** A view in another dtype, itself when it has it. */
export function castView(v: View, dtype: DType): View {
  if (v.dtype === dtype) return v
  return cast(v, dtype) as View
}

/** A value of this facade as an array. */
export const wrap = (v: Value, base: NDArray | null = null): NDArray => new NDArray(v as View, base)

/** A result as NumPy returns it: 0-d values become scalars. */
export function unwrap(v: Value): Result {
  return v.ndim === 0 ? firstItem(v as View) : new NDArray(v as View)
}

/** A result that looks into `from`'s memory. */
export function wrapView(v: Value, from: ArrayLike): NDArray {
  const view = v as View
  const owner = from instanceof NDArray ? from : null
  const shares = owner !== null && view.storage === owner.value.storage
  return new NDArray(view, shares ? (owner.base ?? owner) : null)
}

/** An array of what a user gave; itself when it is one. */
export const asArray = (x: ArrayLike, dtype?: DType): NDArray =>
  x instanceof NDArray && (dtype === undefined || dtype === x.value.dtype) ? x : new NDArray(asView(x, dtype))

/** A shape as a user gives it, checked; `-1` is not special here. */
export function asShape(shape: ShapeLike | NDArray | bigint, op: string): Shape {
  if (typeof shape === 'number') return checkShape([shape], op)
  if (typeof shape === 'bigint') return checkShape([Number(shape)], op)
  const list = shape instanceof NDArray ? (shape.tolist() as number[]) : shape
  if (!Array.isArray(list))
    throw new ShapeError(`${op}(): expected a sequence of integers or a single integer, got ${describe(shape)}`, { op })
  return checkShape([...list], op)
}

/** An object array of items, whatever they are, lists included. */
export function objectArray(items: readonly unknown[], shape: Shape): NDArray {
  const v = viewOf([], [0], object)
  const storage = objectStorage([...items])
  const strides = shape.map((_, i) => 8 * shape.slice(i + 1).reduce((p, n) => p * n, 1))
  return new NDArray(new View(storage, v.dtype, shape, strides, 0, items.length))
}
