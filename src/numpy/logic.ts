/** Tests of values: closeness, equality, kinds of things. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { Complex } from '../core/complex.ts'
import { float64 } from '../core/dtype.ts'
import { scalarView } from '../core/element.ts'
import { DTypeError } from '../core/errors.ts'
import { broadcastPair, broadcastShapes, sameShape } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, mayOverlap, type View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, asView, castView, unwrap } from './convert.ts'
import { jointShape } from './manipulation.ts'
import { NDArray } from './ndarray.ts'
import { finish } from './reductions.ts'
import type { ArrayLike, Result } from './types.ts'
import { commonDType, lifted, operand } from './ufunc.ts'
import { equal } from './ufuncs/comparison.ts'

/** Keyword arguments of `isclose` and `allclose`. */
export interface CloseOptions {
  /** Tolerance in proportion to the second array. Default 1e-5. */
  rtol?: ArrayLike
  /** Tolerance in itself. Default 1e-8. */
  atol?: ArrayLike
  /** Whether NaN is close to NaN. */
  equal_nan?: boolean
}
const iscloseArgs = signature<CloseOptions>('isclose', ['rtol', 'atol', 'equal_nan'], [], 2)
const allcloseArgs = signature<CloseOptions>('allclose', ['rtol', 'atol', 'equal_nan'], [], 2)

function closeness(a: ArrayLike, b: ArrayLike, { rtol = 1e-5, atol = 1e-8, equal_nan = false }: CloseOptions): View {
  const ins = [operand(a), operand(b)]
  const common = commonDType(ins)
  if (common.isObject) throw new DTypeError('isclose() is not supported for dtype object', { op: 'isclose', dtypes: ['object'] })
  const dtype = common.isInexact ? common : float64
  const [x, y] = ins.map((i) => castView(lifted(i, dtype), dtype)) as [View, View]
  const shape = broadcastShapes([x.shape, y.shape], 'isclose')
  const [u, v] = [broadcastView(x, shape), broadcastView(y, shape)]
  const [rt, at] = [asView(rtol, float64), asView(atol, float64)]
  const size = castView(p.abs(v) as View, float64)
  const distance = castView(p.abs(p.sub(u, v)) as View, float64)
  const near = p.logicalAnd(p.le(distance, p.add(at, p.mul(rt, size))), p.isfinite(v))
  let result: Value = p.logicalOr(near, p.eq(u, v))
  if (equal_nan) result = p.logicalOr(result, p.logicalAnd(p.isnan(u), p.isnan(v)))
  return result as View
}

/**
 * Whether items are equal within a tolerance: `|a - b| <= atol + rtol |b|`.
 *
 * @example
 * np.isclose([1, 2], [1 + 1e-9, 2.1]) // => array([ True, False])
 */
export const isclose = /* @__PURE__ */ byName(
  'isclose',
  'a b',
  (a: ArrayLike, b: ArrayLike, ...rest: Rest<CloseOptions, ['rtol', 'atol', 'equal_nan']>): Result =>
    unwrap(closeness(a, b, iscloseArgs(rest))),
)

/**
 * Whether all items are equal within a tolerance: see `isclose`.
 *
 * @example
 * np.allclose([1, 2], [1, 2 + 1e-9]) // => true
 */
export const allclose = /* @__PURE__ */ byName(
  'allclose',
  'a b',
  (a: ArrayLike, b: ArrayLike, ...rest: Rest<CloseOptions, ['rtol', 'atol', 'equal_nan']>): boolean =>
    unwrap(p.all(closeness(a, b, allcloseArgs(rest)))) as boolean,
)

/**
 * Whether two arrays have the same shape and items.
 *
 * @example
 * np.array_equal([1, 2], [1, 2]) // => true
 */
export const array_equal = /* @__PURE__ */ byName(
  'array_equal',
  'a1 a2',
  (a1: ArrayLike, a2: ArrayLike, equal_nan: boolean | { equal_nan?: boolean } = false): boolean => {
    const [x, y] = [asArray(a1), asArray(a2)]
    if (!sameShape(x.shape, y.shape)) return false
    const nan = typeof equal_nan === 'object' ? (equal_nan.equal_nan ?? false) : equal_nan
    let same: Value = asView(equal(x, y))
    if (nan && x.value.dtype.isInexact && y.value.dtype.isInexact)
      same = p.logicalOr(same, p.logicalAnd(p.isnan(x.value), p.isnan(y.value)))
    return Boolean(unwrap(p.all(same)))
  },
)

/**
 * Whether two arrays broadcast together and are equal then.
 *
 * @example
 * np.array_equiv([1, 1], [[1, 1], [1, 1]]) // => true
 */
export const array_equiv = /* @__PURE__ */ byName('array_equiv', 'a1 a2', (a1: ArrayLike, a2: ArrayLike): boolean => {
  const [x, y] = [asArray(a1), asArray(a2)]
  if (!broadcastPair(x.shape, y.shape)) return false
  jointShape([x, y])
  return Boolean(unwrap(p.all(asView(equal(x, y)))))
})

/**
 * Whether something is a scalar: a number, bigint, boolean, string or Complex, but no array.
 *
 * @example
 * np.isscalar(3.1) // => true
 * np.isscalar([3.1]) // => false
 */
export const isscalar = /* @__PURE__ */ byName(
  'isscalar',
  'element',
  (element: unknown): boolean =>
    typeof element === 'number' ||
    typeof element === 'bigint' ||
    typeof element === 'boolean' ||
    typeof element === 'string' ||
    element instanceof Complex,
)

/**
 * Whether something can be iterated over.
 *
 * @example
 * np.iterable([1, 2]) // => true
 */
export const iterable = (y: unknown): boolean =>
  y instanceof NDArray ? y.ndim > 0 : typeof y === 'string' || (typeof y === 'object' && y !== null && Symbol.iterator in y)

/** Infinities of one sign. */
function signedInfinity(op: string, sign: typeof p.gt, given: ArrayLike, out?: NDArray | null | { out?: NDArray | null }): Result {
  const x = asView(given)
  if (x.dtype.isComplex)
    throw new DTypeError(`This operation is not supported for ${x.dtype.name} values because it would be ambiguous.`, {
      dtypes: [x.dtype.name],
    })
  return finish(p.logicalAnd(p.isinf(x), sign(x, scalarView(0, x.dtype))), out instanceof NDArray ? out : out?.out, op)
}

/**
 * Whether items are positive infinity; a TypeError for complex numbers.
 *
 * @example
 * np.isposinf([1, Infinity, -Infinity]) // => array([False,  True, False])
 */
export const isposinf = /* @__PURE__ */ byName(
  'isposinf',
  'x',
  (x: ArrayLike, out?: NDArray | null | { out?: NDArray | null }): Result => signedInfinity('isposinf', p.gt, x, out),
)

/**
 * Whether items are negative infinity; a TypeError for complex numbers.
 *
 * @example
 * np.isneginf([1, Infinity, -Infinity]) // => array([False, False,  True])
 */
export const isneginf = /* @__PURE__ */ byName(
  'isneginf',
  'x',
  (x: ArrayLike, out?: NDArray | null | { out?: NDArray | null }): Result => signedInfinity('isneginf', p.lt, x, out),
)

/**
 * Whether two arrays may share memory; for arrays of one block this looks at the bytes between their ends.
 *
 * @example
 * const a = np.zeros(4)
 * np.shares_memory(a, a.at('1:')) // => true
 */
export function shares_memory(a: ArrayLike, b: ArrayLike): boolean {
  const [x, y] = [asView(a), asView(b)]
  if (x.storage !== y.storage && (x.storage.buffer === null || x.storage.buffer !== y.storage.buffer)) return false
  return bytesOf(x).some((at) => new Set(bytesOf(y)).has(at))
}

/**
 * Whether the memory between the ends of two arrays overlaps.
 *
 * @example
 * np.may_share_memory(np.zeros(2), np.zeros(2)) // => false
 */
export const may_share_memory = (a: ArrayLike, b: ArrayLike): boolean => mayOverlap(asView(a), asView(b))

function bytesOf(v: View): number[] {
  const base = v.storage.byteOffset
  const out: number[] = []
  const visit = (axis: number, offset: number): void => {
    if (axis === v.ndim) for (let i = 0; i < v.dtype.itemsize; i++) out.push(base + offset + i)
    else for (let i = 0; i < v.shape[axis]!; i++) visit(axis + 1, offset + i * v.strides[axis]!)
  }
  visit(0, v.offset)
  return out
}
