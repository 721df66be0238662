/** Reductions that leave NaN out. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { type DType, int64, realOf, uint64 } from '../core/dtype.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import { normalizeAxes } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import { warn } from '../core/warnings.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { isAny } from './moments.ts'
import { NDArray } from './ndarray.ts'
import {
  argmax,
  argmin,
  finish,
  type MomentOptions,
  maskOf,
  max,
  mean,
  min,
  prod,
  type ReduceOptions,
  sum,
  variance,
} from './reductions.ts'
import type { ArrayLike, Result } from './types.ts'

/** What is not NaN; undefined when the dtype has no NaN. */
function numbers(x: View, where?: ArrayLike): View | undefined {
  const mask = maskOf(where, x.shape)
  if (!x.dtype.isInexact) return mask
  const present = p.logicalNot(p.isnan(x)) as View
  return mask ? (p.logicalAnd(present, mask) as View) : present
}

const sumArgs = signature<ReduceOptions>('nansum', ['axis', 'dtype', 'out', 'keepdims', 'initial', 'where'])
const prodArgs = signature<ReduceOptions>('nanprod', ['axis', 'dtype', 'out', 'keepdims', 'initial', 'where'])
type SumRest = Rest<ReduceOptions, ['axis', 'dtype', 'out', 'keepdims', 'initial', 'where']>

/** An array with its NaN replaced. */
const without = (a: ArrayLike, value: number): View => {
  const x = asView(a)
  return x.dtype.isInexact ? (p.where(p.isnan(x), p.broadcastTo(asView(value, x.dtype), x.shape), x) as View) : x
}

/**
 * The sum over axes of what is not NaN.
 *
 * @example
 * np.nansum([1, NaN, 2]) // => 3
 */
export const nansum = /* @__PURE__ */ byName(
  'nansum',
  'a',
  (a: ArrayLike, ...rest: SumRest): Result => sum(wrap(without(a, 0)), sumArgs(rest)),
)

/**
 * The product over axes of what is not NaN.
 *
 * @example
 * np.nanprod([2, NaN, 3]) // => 6
 */
export const nanprod = /* @__PURE__ */ byName(
  'nanprod',
  'a',
  (a: ArrayLike, ...rest: SumRest): Result => prod(wrap(without(a, 1)), prodArgs(rest)),
)

const maxArgs = signature<ReduceOptions>('nanmax', ['axis', 'out', 'keepdims', 'initial', 'where'])
const minArgs = signature<ReduceOptions>('nanmin', ['axis', 'out', 'keepdims', 'initial', 'where'])
type ExtremumRest = Rest<ReduceOptions, ['axis', 'out', 'keepdims', 'initial', 'where']>

/** NaN is replaced by what loses every comparison; lines of NaN alone stay NaN. */
function extremum(op: string, reduce: typeof max, worst: number, a: ArrayLike, options: ReduceOptions): Result {
  const x = asView(a)
  if (!x.dtype.isFloat) return reduce(wrap(x), options)
  const { axis = null, keepdims = false, out } = options
  const best = asView(reduce(wrap(without(wrap(x), worst)), { ...options, out: null }), x.dtype)
  // beside an initial value no line is of NaN alone
  if (options.initial !== undefined && options.initial !== null) return finish(best, out, op)
  const axes = normalizeAxes(axis, x.ndim)
  const none = p.all(p.isnan(x), axes, keepdims)
  if (isAny(none)) warn(`All-NaN ${a instanceof NDArray ? 'slice' : 'axis'} encountered`, 'RuntimeWarning')
  const nan = p.broadcastTo(asView(Number.NaN, x.dtype), best.shape)
  return finish(p.where(none, nan, best), out, op)
}

/**
 * The greatest over axes of what is not NaN; NaN where there is nothing else.
 *
 * @example
 * np.nanmax([1, NaN, 3]) // => 3
 */
export const nanmax = /* @__PURE__ */ byName(
  'nanmax',
  'a',
  (a: ArrayLike, ...rest: ExtremumRest): Result => extremum('nanmax', max, Number.NEGATIVE_INFINITY, a, maxArgs(rest)),
)

/**
 * The least over axes of what is not NaN; NaN where there is nothing else.
 *
 * @example
 * np.nanmin([1, NaN, 3]) // => 1
 */
export const nanmin = /* @__PURE__ */ byName(
  'nanmin',
  'a',
  (a: ArrayLike, ...rest: ExtremumRest): Result => extremum('nanmin', min, Number.POSITIVE_INFINITY, a, minArgs(rest)),
)

/** Keyword arguments of `nanargmax` and `nanargmin`. */
export interface NanArgOptions {
  axis?: number | null
  out?: NDArray | null
  keepdims?: boolean
}
type ArgRest = Rest<NanArgOptions, ['axis', 'out']>
const argmaxArgs = signature<NanArgOptions>('nanargmax', ['axis', 'out'], ['keepdims'])
const argminArgs = signature<NanArgOptions>('nanargmin', ['axis', 'out'], ['keepdims'])

function arg(op: string, reduce: typeof argmax, worst: number, a: ArrayLike, options: NanArgOptions): Result {
  const x = asView(a)
  const { axis = null } = options
  if (x.dtype.isInexact && wrap(p.any(p.all(p.isnan(x), axis))).item()) {
    throw new ValueError('All-NaN slice encountered', { op })
  }
  return reduce(wrap(without(wrap(x), worst)), { ...options, axis })
}

/**
 * The index of the first greatest item that is not NaN. A ValueError when a line holds NaN alone.
 *
 * @example
 * np.nanargmax([1, NaN, 3]) // => 2
 */
export const nanargmax = /* @__PURE__ */ byName(
  'nanargmax',
  'a',
  (a: ArrayLike, ...rest: ArgRest): Result => arg('nanargmax', argmax, Number.NEGATIVE_INFINITY, a, argmaxArgs(rest)),
)

/**
 * The index of the first least item that is not NaN. A ValueError when a line holds NaN alone.
 *
 * @example
 * np.nanargmin([2, NaN, 1]) // => 2
 */
export const nanargmin = /* @__PURE__ */ byName(
  'nanargmin',
  'a',
  (a: ArrayLike, ...rest: ArgRest): Result => arg('nanargmin', argmin, Number.POSITIVE_INFINITY, a, argminArgs(rest)),
)

const meanArgs = signature<MomentOptions>('nanmean', ['axis', 'dtype', 'out', 'keepdims'], ['where'])

/**
 * The mean over axes of what is not NaN.
 *
 * @example
 * np.nanmean([1, NaN, 3]) // => 2
 */
export const nanmean = /* @__PURE__ */ byName(
  'nanmean',
  'a',
  (a: ArrayLike, ...rest: Rest<MomentOptions, ['axis', 'dtype', 'out', 'keepdims']>): Result => {
    const { axis = null, dtype, out, keepdims = false, where } = meanArgs(rest)
    const x = asView(a)
    const mask = numbers(x, where)
    if (x.dtype.isInexact && maybeDType(dtype)?.isInexact === false)
      throw new DTypeError('If a is inexact, then dtype must be inexact', { op: 'nanmean' })
    if (!mask) return mean(wrap(x), { axis, dtype, out, keepdims })
    return mean(wrap(x), { axis, dtype, out, keepdims, where: wrap(mask) })
  },
)

const varArgs = signature<MomentOptions>('nanvar', ['axis', 'dtype', 'out', 'ddof', 'keepdims'], ['where', 'mean', 'correction'])
const stdArgs = signature<MomentOptions>('nanstd', ['axis', 'dtype', 'out', 'ddof', 'keepdims'], ['where', 'mean', 'correction'])
type VarRest = Rest<MomentOptions, ['axis', 'dtype', 'out', 'ddof', 'keepdims']>

/** Variances over what is not NaN; NaN where `ddof` leaves nothing. */
function spread(op: string, kind: 'var' | 'std', a: ArrayLike, options: MomentOptions): Result {
  const x = asView(a)
  const mask = numbers(x, options.where)
  if (!mask || !x.dtype.isInexact) return variance(kind, wrap(x), options)
  const { axis = null, keepdims = false, out, ddof = options.correction ?? 0 } = options
  const to = realOf(maybeDType(options.dtype) ?? x.dtype)
  const result = asView(variance(kind, wrap(x), { ...options, out: null, where: wrap(mask) }, true), to)
  const count = p.sum(mask, normalizeAxes(axis, x.ndim), keepdims, int64)
  const few = p.le(count, Math.floor(ddof)) as Value
  if (isAny(few)) warn('Degrees of freedom <= 0 for slice.', 'RuntimeWarning')
  const nan = p.broadcastTo(asView(Number.NaN, result.dtype), result.shape)
  return finish(p.where(few, nan, result), out, op)
}

/**
 * The variance over axes of what is not NaN.
 *
 * @example
 * np.nanvar([1, NaN, 3]) // => 1
 */
export const nanvar = /* @__PURE__ */ byName(
  'nanvar',
  'a',
  (a: ArrayLike, ...rest: VarRest): Result => spread('nanvar', 'var', a, varArgs(rest)),
)

/**
 * The standard deviation over axes of what is not NaN.
 *
 * @example
 * np.nanstd([1, NaN, 3]) // => 1
 */
export const nanstd = /* @__PURE__ */ byName(
  'nanstd',
  'a',
  (a: ArrayLike, ...rest: VarRest): Result => spread('nanstd', 'std', a, stdArgs(rest)),
)

/** Keyword arguments of the cumulative functions without NaN. */
export interface NanCumulativeOptions {
  axis?: number | null
  dtype?: DType | string | null
  out?: NDArray | null
}

/**
 * The sums of ever more items along an axis, NaN counted as 0.
 *
 * @example
 * np.nancumsum([1, NaN, 3]) // => array([1., 1., 4.])
 */
export const nancumsum = /* @__PURE__ */ byName(
  'nancumsum',
  'a',
  (a: ArrayLike, options: NanCumulativeOptions | number | null = {}): Result => {
    return accumulated('nancumsum', p.cumsum, 0, a, options)
  },
)

/**
 * The products of ever more items along an axis, NaN counted as 1.
 *
 * @example
 * np.nancumprod([2, NaN, 3]) // => array([2., 2., 6.])
 */
export const nancumprod = /* @__PURE__ */ byName(
  'nancumprod',
  'a',
  (a: ArrayLike, options: NanCumulativeOptions | number | null = {}): Result => {
    return accumulated('nancumprod', p.cumprod, 1, a, options)
  },
)

function accumulated(
  name: string,
  row: (x: Value, axis: number) => Value,
  filler: number,
  a: ArrayLike,
  options: NanCumulativeOptions | number | null,
): Result {
  const { axis = null, dtype, out } = typeof options === 'number' || options === null ? { axis: options } : options
  const x = without(a, filler)
  const flat = axis === null ? (p.reshape(x, [x.size]) as View) : x
  const to = maybeDType(dtype) ?? (x.dtype.kind === 'u' ? uint64 : x.dtype.isInteger || x.dtype.kind === 'b' ? int64 : x.dtype)
  return finish(row(castView(flat, to), axis ?? 0), out, name)
}
