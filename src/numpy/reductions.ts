/** Reductions over axes: sums, extrema, truth, means and their kin. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { copyInto } from '../core/copy.ts'
import { bool, complex128, type DType, float16, float32, float64, int64, realOf, uint64 } from '../core/dtype.ts'
import { DTypeError, ShapeError, ValueError, ZeroDivisionError } from '../core/errors.ts'
import { normalizeAxes, normalizeAxis, reducedShape, sameShape } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, type View } from '../core/view.ts'
import { warn } from '../core/warnings.ts'
import * as p from '../ops/index.ts'
import type { Reduction } from '../ops/reduction/family.ts'
import '../runtime.ts'
import { asArray, asView, castView, target, unwrap, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { checkReduction, watching } from './floating_errors.ts'
import { countOver, isAny, wholeVariance } from './moments.ts'
import type { NDArray } from './ndarray.ts'
import type { ArrayLike, Axis, DTypeLike, Result } from './types.ts'
import { tight } from './ufunc.ts'
import { add, divide, maximum, minimum, multiply } from './ufuncs/arithmetic.ts'

/** Keyword arguments of reductions. */
export interface ReduceOptions {
  /** The axis or axes; all of them by default. */
  axis?: Axis
  /** The dtype to accumulate in and give. */
  dtype?: DTypeLike | null
  /** Where the result goes. */
  out?: NDArray | null
  /** Keeps the reduced axes with length 1. */
  keepdims?: boolean
  /** The value to start with. */
  initial?: unknown
  /** Which items take part. */
  where?: ArrayLike
}

/** Puts a reduction's result into `out`, or returns it, 0-d as a scalar. */
export function finish(result: Value, out: NDArray | null | undefined, op: string): Result {
  if (out === null || out === undefined) return unwrap(result)
  target(op, out)
  if (!sameShape(out.value.shape, result.shape)) {
    throw new ShapeError(
      `output parameter for reduction operation ${op} has the wrong shape: expected ${tight(result.shape)}, got ${tight(out.shape)}`,
      { op },
    )
  }
  copyInto(out.value, result as View)
  out.value.storage.version++
  return out
}

/** A mask broadcast to a shape, or undefined for none. */
export const maskOf = (where: ArrayLike | undefined, shape: readonly number[]): View | undefined =>
  where === undefined || where === true ? undefined : broadcastView(asView(where, bool), shape)

/** Small integers and booleans are summed in int64 or uint64. */
const wide = (d: DType): DType => (d.kind === 'b' || d.kind === 'i' ? int64 : d.kind === 'u' ? uint64 : d)

function summed(op: string, row: Reduction, combine: typeof add, a: ArrayLike, options: ReduceOptions): Result {
  const { axis = null, dtype, out, keepdims = false, initial, where } = options
  const x = asView(a)
  const to = maybeDType(dtype) ?? (out ? (out.dtype as DType) : wide(x.dtype))
  const axes = normalizeAxes(axis, x.ndim)
  const mask = maskOf(where, x.shape)
  const result = row(x, axes, keepdims, to, mask)
  if (watching) checkReduction(x, result)
  if (initial === undefined || initial === null) return finish(result, out, op)
  return finish(asView(combine(wrap(result), initial as ArrayLike)), out, op)
}

const sumArgs = signature<ReduceOptions>('sum', ['axis', 'dtype', 'out', 'keepdims', 'initial', 'where'])
const prodArgs = signature<ReduceOptions>('prod', ['axis', 'dtype', 'out', 'keepdims', 'initial', 'where'])
type SumRest = Rest<ReduceOptions, ['axis', 'dtype', 'out', 'keepdims', 'initial', 'where']>

/**
 * The sum of items over axes. Small integers and booleans are summed in int64.
 *
 * @example
 * np.sum([[1, 2], [3, 4]]) // => 10
 * np.sum([[1, 2], [3, 4]], 0) // => array([4, 6])
 * np.sum([[1, 2], [3, 4]], { axis: 1, keepdims: true }) // => array([[3],
 *                                                       //           [7]])
 */
export const sum = /* @__PURE__ */ byName(
  'sum',
  'a',
  (a: ArrayLike, ...rest: SumRest): Result => summed('sum', p.sum, add, a, sumArgs(rest)),
)

/**
 * The product of items over axes.
 *
 * @example
 * np.prod([1, 2, 3, 4]) // => 24
 */
export const prod = /* @__PURE__ */ byName(
  'prod',
  'a',
  (a: ArrayLike, ...rest: SumRest): Result => summed('prod', p.prod, multiply, a, prodArgs(rest)),
)

function extremum(op: string, greatest: boolean, a: ArrayLike, options: ReduceOptions): Result {
  const { axis = null, out, keepdims = false, initial, where } = options
  const x = asView(a)
  const row = greatest ? p.amax : p.amin
  const fold = greatest ? maximum : minimum
  const given = initial !== undefined && initial !== null
  const mask = maskOf(where, x.shape)
  if (mask && !given) {
    throw new ValueError(
      `reduction operation '${fold.name}' does not have an identity, so to use a where mask one has to specify 'initial'`,
      { op },
    )
  }
  const axes = normalizeAxes(axis, x.ndim)
  if (given || x.dtype.isComplex) {
    return fold.reduce(wrap(x), { axis: axes, out, keepdims, initial, where: mask && wrap(mask) })
  }
  if (axes.some((i) => x.shape[i] === 0)) {
    throw new ValueError(`zero-size array to reduction operation ${fold.name} which has no identity`, { op, shapes: [x.shape] })
  }
  return finish(axes.length === 0 ? x : row(x, axes, keepdims), out, op)
}

const maxArgs = signature<ReduceOptions>('max', ['axis', 'out', 'keepdims', 'initial', 'where'])
const minArgs = signature<ReduceOptions>('min', ['axis', 'out', 'keepdims', 'initial', 'where'])
type ExtremumRest = Rest<ReduceOptions, ['axis', 'out', 'keepdims', 'initial', 'where']>

/**
 * The greatest item over axes; NaN where there is one.
 *
 * @example
 * np.max([[1, 5], [3, 2]]) // => 5
 * np.max([[1, 5], [3, 2]], 0) // => array([3, 5])
 */
export const max = /* @__PURE__ */ byName(
  'max',
  'a',
  (a: ArrayLike, ...rest: ExtremumRest): Result => extremum('max', true, a, maxArgs(rest)),
)
/** The same as `max`. */
export const amax = max

/**
 * The least item over axes; NaN where there is one.
 *
 * @example
 * np.min([[1, 5], [3, 2]], 1) // => array([1, 2])
 */
export const min = /* @__PURE__ */ byName(
  'min',
  'a',
  (a: ArrayLike, ...rest: ExtremumRest): Result => extremum('min', false, a, minArgs(rest)),
)
/** The same as `min`. */
export const amin = min

/**
 * The greatest less the least item over axes.
 *
 * @example
 * np.ptp([3, 9, 4]) // => 6
 */
export const ptp = /* @__PURE__ */ byName('ptp', 'a', (a: ArrayLike, ...rest: Rest<ReduceOptions, ['axis', 'out', 'keepdims']>): Result => {
  const { axis = null, out, keepdims = false } = ptpArgs(rest)
  const x = asView(a)
  const high = asView(extremum('ptp', true, wrap(x), { axis, keepdims }), x.dtype)
  const low = asView(extremum('ptp', false, wrap(x), { axis, keepdims }), x.dtype)
  return finish(p.sub(high, low), out, 'ptp')
})
const ptpArgs = signature<ReduceOptions>('ptp', ['axis', 'out', 'keepdims'])

const anyArgs = signature<ReduceOptions>('any', ['axis', 'out', 'keepdims'], ['where'])
const allArgs = signature<ReduceOptions>('all', ['axis', 'out', 'keepdims'], ['where'])
type TruthRest = Rest<ReduceOptions, ['axis', 'out', 'keepdims']>

function truth(op: string, row: Reduction, a: ArrayLike, { axis = null, out, keepdims = false, where }: ReduceOptions): Result {
  const x = asView(a)
  const mask = maskOf(where, x.shape)
  return finish(row(mask ? castView(x, bool) : x, normalizeAxes(axis, x.ndim), keepdims, undefined, mask), out, op)
}

/**
 * Whether any item over axes is true (not zero).
 *
 * @example
 * np.any([[true, false], [false, false]], 1) // => array([ True, False])
 */
export const any = /* @__PURE__ */ byName('any', 'a', (a: ArrayLike, ...rest: TruthRest): Result => truth('any', p.any, a, anyArgs(rest)))

/**
 * Whether all items over axes are true (not zero).
 *
 * @example
 * np.all([1, 2, 0]) // => false
 */
export const all = /* @__PURE__ */ byName('all', 'a', (a: ArrayLike, ...rest: TruthRest): Result => truth('all', p.all, a, allArgs(rest)))

/** Keyword arguments of `argmax` and `argmin`. */
export interface ArgOptions {
  /** The axis; by default the index is into the flattened array. */
  axis?: number | null
  out?: NDArray | null
  keepdims?: boolean
}
const argmaxArgs = signature<ArgOptions>('argmax', ['axis', 'out'], ['keepdims'])
const argminArgs = signature<ArgOptions>('argmin', ['axis', 'out'], ['keepdims'])

function position(op: string, row: Reduction, a: ArrayLike, { axis = null, out, keepdims = false }: ArgOptions): Result {
  const x = asView(a)
  const flat = axis === null || x.ndim === 0 ? (p.reshape(x, [x.size]) as View) : x
  if (axis !== null && x.ndim === 0) normalizeAxis(axis, 1)
  const at = axis === null || x.ndim === 0 ? 0 : normalizeAxis(axis, x.ndim)
  if (flat.shape[at] === 0) throw new ValueError(`attempt to get ${op} of an empty sequence`, { op, shapes: [x.shape] })
  const result = row(flat, [at], false)
  const shape = axis === null ? x.shape.map(() => 1) : reducedShape(x.shape, [at], true)
  return finish(keepdims ? p.reshape(result, shape) : result, out, op)
}

/**
 * The index of the first greatest item, along an axis or of the flattened array.
 *
 * @example
 * np.argmax([3, 9, 9]) // => 1
 */
export const argmax = /* @__PURE__ */ byName(
  'argmax',
  'a',
  (a: ArrayLike, ...rest: Rest<ArgOptions, ['axis', 'out']>): Result => position('argmax', p.argmax, a, argmaxArgs(rest)),
)

/**
 * The index of the first least item, along an axis or of the flattened array.
 *
 * @example
 * np.argmin([[3, 1], [0, 2]], 1) // => array([1, 0])
 */
export const argmin = /* @__PURE__ */ byName(
  'argmin',
  'a',
  (a: ArrayLike, ...rest: Rest<ArgOptions, ['axis', 'out']>): Result => position('argmin', p.argmin, a, argminArgs(rest)),
)

/** Keyword arguments of `mean`, `var` and `std`. */
export interface MomentOptions extends ReduceOptions {
  /** The divisor of variances is the count less this. */
  ddof?: number
  /** The same as `ddof`. */
  correction?: number
  /** The mean, kept with its axes, when it is known. */
  mean?: ArrayLike
}

/** Integers and booleans have their means in float64. */
const floating = (d: DType): DType => (d.isInteger || d.kind === 'b' ? float64 : d)

/** The dtype to compute moments in: float16 in float32. */
const computing = (d: DType): DType => (d === float16 ? float32 : d)

function momentDType(x: View, dtype: DTypeLike | null | undefined, op: string): DType {
  const to = maybeDType(dtype) ?? floating(x.dtype)
  if (to.isObject) throw new DTypeError(`${op}() is not supported for dtype object: cast the array first`, { op, dtypes: ['object'] })
  return to
}

const meanArgs = signature<MomentOptions>('mean', ['axis', 'dtype', 'out', 'keepdims'], ['where'])

/**
 * The mean over axes; integers give float64.
 *
 * @example
 * np.mean([[1, 2], [3, 4]]) // => 2.5
 * np.mean([[1, 2], [3, 4]], 0) // => array([2., 3.])
 */
export const mean = /* @__PURE__ */ byName(
  'mean',
  'a',
  (a: ArrayLike, ...rest: Rest<MomentOptions, ['axis', 'dtype', 'out', 'keepdims']>): Result => {
    const { axis = null, dtype, out, keepdims = false, where } = meanArgs(rest)
    const x = asView(a)
    const axes = normalizeAxes(axis, x.ndim)
    const mask = maskOf(where, x.shape)
    if (!mask && countOver(x, axes) === 0) warn('Mean of empty slice', 'RuntimeWarning')
    const to = maybeDType(dtype) ?? floating(x.dtype)
    if (to.isObject)
      return finish(
        asView(
          divide(
            wrap(p.sum(x, axes, keepdims)),
            axes.reduce((n, i) => n * x.shape[i]!, 1),
          ),
        ),
        out,
        'mean',
      )
    const work = to.isInteger || to.kind === 'b' ? float64 : computing(to)
    if (mask) {
      const total = p.sum(x, axes, keepdims, work, mask)
      const count = p.sum(mask, axes, keepdims, realOf(work))
      if (isAny(p.eq(count, 0))) warn('Mean of empty slice', 'RuntimeWarning')
      return finish(castView(p.div(total, castView(count as View, work)) as View, to), out, 'mean')
    }
    const items = to.isInteger ? castView(x, to) : x
    return finish(castView(p.mean(items, axes, keepdims, work) as View, to), out, 'mean')
  },
)

/** Variances or their roots, without a warning where too few items are left. */
export function variance(op: 'var' | 'std', a: ArrayLike, options: MomentOptions, quiet = false): Result {
  const { axis = null, dtype, out, keepdims = false, where, ddof, correction, mean: known } = options
  if (ddof !== undefined && correction !== undefined) throw new ValueError("ddof and correction can't be provided simultaneously.", { op })
  const less = ddof ?? correction ?? 0
  const x = asView(a)
  const axes = normalizeAxes(axis, x.ndim)
  const to = momentDType(x, dtype, op)
  const work = computing(to)
  const mask = maskOf(where, x.shape)
  if (!quiet) {
    const few = mask ? isAny(p.le(p.sum(mask, axes, keepdims, int64), Math.floor(less))) : countOver(x, axes) <= less
    if (few) warn('Degrees of freedom <= 0 for slice', 'RuntimeWarning')
  }
  if (to.isInteger && !mask && known === undefined) return finish(wholeVariance(op, x, axes, keepdims, to, less), out, op)
  let result: Value
  if (mask || known !== undefined) {
    const centre =
      known === undefined
        ? asView(mean(wrap(x), { axis: axes, dtype: work, keepdims: true, where: wrap(mask!) }), work)
        : asView(known, work)
    const distance = p.abs(p.sub(castView(x, work), centre))
    const squares = p.mul(distance, distance)
    const count = mask ? p.sum(mask, axes, keepdims, realOf(work)) : asView(countOver(x, axes), realOf(work))
    result = p.div(p.sum(squares, axes, keepdims, undefined, mask), p.maximum(p.sub(count, less), 0))
    if (op === 'std') result = p.sqrt(result)
  } else result = (op === 'std' ? p.std : p.variance)(x, axes, less, keepdims, work)
  return finish(castView(result as View, realOf(to)), out, op)
}

const varArgs = signature<MomentOptions>('var', ['axis', 'dtype', 'out', 'ddof', 'keepdims'], ['where', 'mean', 'correction'])
const stdArgs = signature<MomentOptions>('std', ['axis', 'dtype', 'out', 'ddof', 'keepdims'], ['where', 'mean', 'correction'])
type VarRest = Rest<MomentOptions, ['axis', 'dtype', 'out', 'ddof', 'keepdims']>

/**
 * The variance over axes: the mean squared distance from the mean, with `count - ddof` as divisor.
 *
 * @example
 * np.var([1, 2, 3, 4]) // => 1.25
 * np.var([1, 2, 3, 4], { ddof: 1 }) // => 1.6666666666666667
 */
const var_ = /* @__PURE__ */ byName('var', 'a', (a: ArrayLike, ...rest: VarRest): Result => variance('var', a, varArgs(rest)))

export { var_ as var }

/**
 * The standard deviation over axes: the square root of the variance.
 *
 * @example
 * np.std([1, 2, 3, 4]) // => 1.118033988749895
 */
export const std = /* @__PURE__ */ byName('std', 'a', (a: ArrayLike, ...rest: VarRest): Result => variance('std', a, stdArgs(rest)))

/**
 * How many items over axes are true (not zero).
 *
 * @example
 * np.count_nonzero([[0, 1], [2, 3]]) // => 3
 */
export const count_nonzero = /* @__PURE__ */ byName(
  'count_nonzero',
  'a',
  (a: ArrayLike, ...rest: Rest<ReduceOptions, ['axis']>): Result => {
    const { axis = null, keepdims = false } = countArgs(rest)
    const x = asView(a)
    return unwrap(p.sum(castView(x, bool), normalizeAxes(axis, x.ndim), keepdims, int64))
  },
)
const countArgs = signature<ReduceOptions>('count_nonzero', ['axis'], ['keepdims'])

/** Keyword arguments of `cumsum` and `cumprod`. */
export interface CumulativeOptions {
  /** The axis; by default the flattened array is used. */
  axis?: number | null
  dtype?: DTypeLike | null
  out?: NDArray | null
}
const cumsumArgs = signature<CumulativeOptions>('cumsum', ['axis', 'dtype', 'out'])
const cumprodArgs = signature<CumulativeOptions>('cumprod', ['axis', 'dtype', 'out'])
type CumulativeRest = Rest<CumulativeOptions, ['axis', 'dtype', 'out']>

function cumulative(
  op: string,
  row: (x: Value, axis: number) => Value,
  ufunc: typeof add,
  a: ArrayLike,
  options: CumulativeOptions,
): NDArray {
  const { axis = null, dtype, out } = options
  const x = asView(a)
  const flat = axis === null || x.ndim === 0 ? (p.reshape(x, [x.size]) as View) : x
  const at = axis === null ? 0 : normalizeAxis(axis, flat.ndim)
  const to = maybeDType(dtype) ?? (out ? (out.dtype as DType) : wide(x.dtype))
  const result = to.isObject ? ufunc.accumulate(wrap(flat), { axis: at }).value : row(castView(flat, to), at)
  return out ? finish(result, out, op) : wrap(result)
}

/**
 * The sums of ever more items along an axis, or of the flattened array.
 *
 * @example
 * np.cumsum([1, 2, 3]) // => array([1, 3, 6])
 */
export const cumsum = /* @__PURE__ */ byName(
  'cumsum',
  'a',
  (a: ArrayLike, ...rest: CumulativeRest): NDArray => cumulative('cumsum', p.cumsum, add, a, cumsumArgs(rest)),
)

/**
 * The products of ever more items along an axis, or of the flattened array.
 *
 * @example
 * np.cumprod([1, 2, 3, 4]) // => array([ 1,  2,  6, 24])
 */
export const cumprod = /* @__PURE__ */ byName(
  'cumprod',
  'a',
  (a: ArrayLike, ...rest: CumulativeRest): NDArray => cumulative('cumprod', p.cumprod, multiply, a, cumprodArgs(rest)),
)

/** Keyword arguments of `average`. */
export interface AverageOptions {
  axis?: Axis
  /** How much each item counts: of the array's shape, or 1-d along the axis. */
  weights?: ArrayLike
  /** Gives `[average, sum of weights]`. */
  returned?: boolean
  keepdims?: boolean
}
const averageArgs = signature<AverageOptions>('average', ['axis', 'weights', 'returned'], ['keepdims'])

/**
 * The weighted mean over axes.
 *
 * @example
 * np.average([1, 2, 3], { weights: [3, 1, 0] }) // => 1.25
 */
export const average = /* @__PURE__ */ byName(
  'average',
  'a',
  (a: ArrayLike, ...rest: Rest<AverageOptions, ['axis', 'weights', 'returned']>): Result => {
    const { axis = null, weights, returned = false, keepdims = false } = averageArgs(rest)
    const x = asView(a)
    const axes = normalizeAxes(axis, x.ndim)
    if (weights === undefined || weights === null) {
      const result = mean(wrap(x), { axis: axes, keepdims })
      const n = axes.reduce((total, i) => total * x.shape[i]!, 1)
      return returned ? [result, asArray(result).ndim === 0 ? n : wrap(p.full(asView(result).shape, n, asView(result).dtype))] : result
    }
    let w = asView(weights)
    if (!sameShape(w.shape, x.shape)) {
      if (axis === null) throw new DTypeError('Axis must be specified when shapes of a and weights differ.', { op: 'average' })
      const fits = w.ndim === axes.length && w.shape.every((n, i) => n === x.shape[axes[i]!])
      if (!fits)
        throw new ValueError('Shape of weights must be consistent with shape of a along specified axis.', {
          op: 'average',
          shapes: [x.shape, w.shape],
        })
      w = broadcastView(
        p.reshape(
          w,
          x.shape.map((n, i) => (axes.includes(i) ? n : 1)),
        ) as View,
        x.shape,
      )
    }
    const to = x.dtype.isComplex || w.dtype.isComplex ? complex128 : float64
    const small = (d: DType): boolean => d === float32 || d === float16
    const work = small(x.dtype) && small(w.dtype) ? float32 : to
    const scale = p.sum(w, axes, keepdims, work)
    if (asArray(wrap(p.any(p.eq(scale, 0)))).item())
      throw new ZeroDivisionError("Weights sum to zero, can't be normalized", { op: 'average' })
    const result = unwrap(p.div(p.sum(p.mul(castView(x, work), castView(w, work)), axes, keepdims), scale))
    return returned ? [result, unwrap(scale)] : result
  },
)
