/** Order statistics: quantiles, percentiles and medians, from sorted lines. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { Complex } from '../core/complex.ts'
import { bool, type DType, float64, int64 } from '../core/dtype.ts'
import { items, scalarView, viewOf } from '../core/element.ts'
import { DTypeError, IndexError, ShapeError, ValueError } from '../core/errors.ts'
import { promoteTypes } from '../core/promote.ts'
import { normalizeAxes, sameShape, sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, type View } from '../core/view.ts'
import { warn } from '../core/warnings.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView } from './convert.ts'
import type { NDArray } from './ndarray.ts'
import { finish } from './reductions.ts'
import type { ArrayLike, Axis, Result } from './types.ts'

/** How a quantile between two items is found. */
export type QuantileMethod =
  | 'linear'
  | 'lower'
  | 'higher'
  | 'nearest'
  | 'midpoint'
  | 'inverted_cdf'
  | 'averaged_inverted_cdf'
  | 'closest_observation'
  | 'interpolated_inverted_cdf'
  | 'hazen'
  | 'weibull'
  | 'median_unbiased'
  | 'normal_unbiased'

/** Keyword arguments of `quantile`, `percentile` and `median`. */
export interface QuantileOptions {
  axis?: Axis
  out?: NDArray | null
  overwrite_input?: boolean
  method?: QuantileMethod
  keepdims?: boolean
  weights?: ArrayLike | null
}

/** The place (from 0) of a quantile among n sorted items, by alpha and beta of Hyndman and Fan's family. */
const family =
  (alpha: number, beta: number) =>
  (n: number, q: number): number =>
    n * q + (alpha + q * (1 - alpha - beta)) - 1
const PLACES: Readonly<Record<QuantileMethod, (n: number, q: number) => number>> = {
  linear: (n, q) => (n - 1) * q,
  lower: (n, q) => Math.floor((n - 1) * q),
  higher: (n, q) => Math.ceil((n - 1) * q),
  nearest: (n, q) => halfToEven((n - 1) * q),
  midpoint: (n, q) => {
    const at = (n - 1) * q
    return (Math.floor(at) + Math.ceil(at)) / 2
  },
  inverted_cdf: (n, q) => Math.max(0, Math.ceil(n * q) - 1),
  averaged_inverted_cdf: (n, q) => {
    const at = n * q
    return Math.max(0, at === Math.floor(at) ? at - 0.5 : Math.floor(at))
  },
  closest_observation: (n, q) => Math.max(0, closest(n * q - 1.5)),
  interpolated_inverted_cdf: family(0, 1),
  hazen: family(0.5, 0.5),
  weibull: family(0, 0),
  median_unbiased: family(1 / 3, 1 / 3),
  normal_unbiased: family(3 / 8, 3 / 8),
}

/** The nearest of two places, the one with an even number (from 1) when both are as near, as Hyndman and Fan's third definition has it. */
function closest(at: number): number {
  const low = Math.floor(at)
  return at - low === 0 && low % 2 === 1 ? low : low + 1
}

function halfToEven(x: number): number {
  const r = Math.round(x)
  return Math.abs(x % 1) === 0.5 && r % 2 !== 0 ? r - 1 : r
}

/** Several axes flattened into the last one, and the shape that a reduction leaves. */
function flattened(x: View, axis: Axis, keepdims: boolean): { lines: View; shape: number[] } {
  const axes = normalizeAxes(axis, x.ndim)
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i))
  const moved = p.transpose(x, [...kept, ...axes])
  const lead = kept.map((i) => x.shape[i]!)
  const lines = p.reshape(moved, [...lead, sizeOf(axes.map((i) => x.shape[i]!))]) as View
  return { lines, shape: keepdims ? x.shape.map((n, i) => (axes.includes(i) ? 1 : n)) : lead }
}

const floating = (d: DType): DType => (d.isInexact ? d : float64)

/** Methods that give one of the items, of their dtype. */
const DISCRETE: readonly QuantileMethod[] = ['lower', 'higher', 'nearest', 'inverted_cdf', 'closest_observation']

/** The chances asked for, and whether they were a number, which does not widen a float32. */
interface Chances {
  readonly q: View
  readonly weak: boolean
}

/** Places for which lines are partitioned; for more they are sorted. */
const MOST_PLACES = 32

/** Sorted lines [rows, n], and how many of each line are numbers where that is not all. */
interface Sorted {
  readonly lines: View
  readonly counts: readonly number[] | null
}

/** Lines in order, at least so that each of `places` holds what sorting would put there; NaN behind the numbers. */
function sortedLines(lines: View, places: readonly number[]): Sorted {
  const n = lines.shape[lines.ndim - 1]!
  const flat = p.reshape(lines, [sizeOf(lines.shape.slice(0, -1)), n]) as View
  const absent = lines.dtype.isInexact ? (items(p.sum(p.isnan(flat), [1], false, int64) as View) as number[]) : []
  const counts = absent.some((k) => k > 0) ? absent.map((k) => n - k) : null
  const few = counts === null && !lines.dtype.isComplex && !lines.dtype.isObject && places.length <= MOST_PLACES
  return { lines: (few ? p.partition(flat, [...new Set(places)], 1) : p.sort(flat, 1)) as View, counts }
}

/** The items [rows, 1] at places of sorted lines: the same in each line, or one for each. */
function itemsAt(lines: View, places: number | readonly number[]): Value {
  if (typeof places === 'number') return p.narrow(lines, 1, places, 1)
  return p.gather(lines, 1, viewOf(places, [places.length, 1], int64))
}

/** `places` bounded to the lines, as whole numbers. */
const bounded = (at: number, n: number): number => Math.min(Math.max(at, 0), n - 1)

/** The quantile of every line: NumPy's interpolation, from the nearer of the two items, whose distance is of their own dtype. */
function between(lines: View, at: number | readonly number[], counts: readonly number[] | null, dtype: DType): Value {
  const n = lines.shape[1]!
  const each = <T>(f: (place: number, count: number) => T): T | T[] =>
    typeof at === 'number' ? f(at, n) : at.map((place, row) => f(place, counts![row]!))
  const a = itemsAt(
    lines,
    each((place, count) => Math.floor(bounded(place, count))),
  )
  const weights = each((place, count) => bounded(place, count) % 1)
  if ((Array.isArray(weights) ? weights.every((t) => t === 0) : weights === 0) && !lines.dtype.isInexact) return a
  const b = itemsAt(
    lines,
    each((place, count) => Math.min(Math.floor(bounded(place, count)) + 1, count - 1)),
  )
  const t = Array.isArray(weights) ? viewOf(weights, [weights.length, 1], dtype) : scalarView(weights, dtype)
  const wide = (v: Value): View => castView(v as View, dtype)
  const step = wide(p.sub(b, a))
  const fromAbove = p.sub(wide(b), p.mul(step, p.sub(scalarView(1, dtype), t)))
  return p.where(p.ge(p.broadcastTo(t, a.shape), 0.5), fromAbove, p.add(wide(a), p.mul(step, t)))
}

/** A value for each line, NaN where `lost` says so. */
function orNaN(value: Value, lost: readonly boolean[]): Value {
  if (!lost.includes(true)) return value
  const nan = p.broadcastTo(scalarView(Number.NaN, value.dtype), value.shape)
  return p.where(viewOf(lost, [lost.length, 1], bool), nan, value)
}

function quantiles(op: string, a: ArrayLike, { q, weak }: Chances, options: QuantileOptions, skipNaN: boolean): Result {
  const { axis = null, out, method = 'linear', keepdims = false, weights } = options
  const place = PLACES[method]
  if (!place)
    throw new ValueError(
      `'${String(method)}' is not a valid method. Use one of: ${Object.keys(PLACES)
        .sort()
        .map((m) => `'${m}'`)
        .join(', ')}`,
      { op },
    )
  const x = asView(a)
  if (x.dtype.isComplex) throw new DTypeError('a must be an array of real numbers', { op })
  const chances = items(castView(q, float64)) as number[]
  if (chances.some((c) => !(c >= 0 && c <= 1))) {
    throw new ValueError(
      op.includes('percentile') ? 'Percentiles must be in the range [0, 100]' : 'Quantiles must be in the range [0, 1]',
      { op },
    )
  }
  const discrete = DISCRETE.includes(method)
  if (!discrete && x.dtype.kind === 'b') {
    throw new DTypeError(
      'numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.',
      { op },
    )
  }
  const dtype = discrete ? x.dtype : weak ? floating(x.dtype) : promoteTypes(floating(x.dtype), float64)
  const { lines, shape } = flattened(x, axis, keepdims)
  const n = lines.shape[lines.ndim - 1]!
  const finished = (list: Value[]): Result => {
    const whole =
      list.length === 0
        ? p.full([0], 0, dtype)
        : p.concatenate(
            list.map((v) => p.reshape(castView(v as View, dtype), [1, sizeOf(shape)])),
            0,
          )
    return finish(p.reshape(whole, [...q.shape, ...shape]), out, op)
  }
  if (n === 0) {
    if (!skipNaN) throw new IndexError('index -1 is out of bounds for axis 0 with size 0', { op })
    return finish(p.full([...q.shape, ...shape], Number.NaN, floating(dtype)), out, op)
  }
  if (weights !== undefined && weights !== null)
    return finished(weighted(op, lines, weightLines(op, x, asView(weights), axis), chances, method))
  const places = chances.map((c) => place(n, c))
  const sorted = sortedLines(
    lines,
    places.map((at) => bounded(at, n)).flatMap((at) => [Math.floor(at), Math.ceil(at)]),
  )
  const { counts } = sorted
  const lost = counts === null ? [] : counts.map((k) => k === 0 || (!skipNaN && k < n))
  if (skipNaN && counts?.includes(0)) warn('All-NaN slice encountered', 'RuntimeWarning')
  return finished(
    chances.map((c, i) => {
      if (!skipNaN || counts === null) return orNaN(between(sorted.lines, places[i]!, null, dtype), lost)
      const at = counts.map((k) => (k === 0 ? 0 : place(k, c)))
      return orNaN(
        between(
          sorted.lines,
          at,
          counts.map((k) => Math.max(k, 1)),
          dtype,
        ),
        lost,
      )
    }),
  )
}

/** Weights as lines like those of the array: of its shape, or one for each item of the one axis. */
function weightLines(op: string, x: View, weights: View, axis: Axis): View {
  if (!sameShape(weights.shape, x.shape)) {
    const axes = normalizeAxes(axis, x.ndim)
    if (axis === null || axis === undefined)
      throw new DTypeError('Axis must be specified when shapes of a and weights differ.', { op, shapes: [x.shape, weights.shape] })
    if (
      !sameShape(
        weights.shape,
        axes.map((i) => x.shape[i]!),
      )
    )
      throw new ShapeError('Shape of weights must be consistent with shape of a along specified axis.', {
        op,
        shapes: [x.shape, weights.shape],
      })
    const dims = x.shape.map((d, i) => (axes.includes(i) ? d : 1))
    weights = broadcastView(p.reshape(weights, dims) as View, x.shape)
  }
  return flattened(castView(weights, float64), axis, false).lines
}

/** For each chance the items at which the weights' cumulative distribution reaches it. */
function weighted(op: string, lines: View, weights: View, chances: readonly number[], method: QuantileMethod): Value[] {
  if (method !== 'inverted_cdf') throw new ValueError(`Only method 'inverted_cdf' supports weights. Got: ${method}.`, { op })
  const n = lines.shape[lines.ndim - 1]!
  const rows = sizeOf(lines.shape.slice(0, -1))
  const flat = p.reshape(lines, [rows, n])
  const order = p.argsort(flat, 1)
  const ordered = p.gather(flat, 1, order) as View
  const running = items(p.cumsum(p.gather(p.reshape(weights, [rows, n]), 1, order), 1) as View) as number[]
  if ((items(p.any(p.lt(weights, 0), null) as View) as boolean[])[0]) throw new ValueError('Weights must be non-negative.', { op })
  const found = chances.map(() => new Array<number>(rows))
  for (let r = 0; r < rows; r++) {
    const total = running[r * n + n - 1]!
    if (!(total > 0 && total < Number.POSITIVE_INFINITY)) throw new ValueError('Weights included NaN, inf or were all zero.', { op })
    for (const [k, chance] of chances.entries()) {
      let low = 0
      let high = n - 1
      // (items of no weight in front are never the answer)
      const reaches = (i: number) => running[r * n + i]! > 0 && running[r * n + i]! / total >= chance
      while (low < high) {
        const middle = (low + high) >> 1
        if (reaches(middle)) high = middle
        else low = middle + 1
      }
      found[k]![r] = low
    }
  }
  const last = p.narrow(ordered, 1, n - 1, 1)
  return found.map((at) => {
    const value = itemsAt(ordered, at)
    return lines.dtype.isFloat ? p.where(p.isnan(last), last, value) : value
  })
}

const quantileArgs = signature<QuantileOptions>('quantile', ['axis', 'out', 'overwrite_input', 'method', 'keepdims'], ['weights'], 2)
const percentileArgs = signature<QuantileOptions>('percentile', ['axis', 'out', 'overwrite_input', 'method', 'keepdims'], ['weights'], 2)
const medianArgs = signature<QuantileOptions>('median', ['axis', 'out', 'overwrite_input', 'keepdims'])
type QuantileRest = Rest<QuantileOptions, ['axis', 'out', 'overwrite_input', 'method', 'keepdims']>
type MedianRest = Rest<QuantileOptions, ['axis', 'out', 'overwrite_input', 'keepdims']>

/**
 * The values below which given parts (0 to 1) of the items lie.
 *
 * @example
 * np.quantile([1, 2, 3, 4], 0.5) // => 2.5
 * np.quantile([1, 2, 3, 4], [0, 0.25]) // => array([1.  , 1.75])
 */
export const quantile = /* @__PURE__ */ byName(
  'quantile',
  'a q',
  (a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): Result => quantiles('quantile', a, chancesOf(q), quantileArgs(rest), false),
)

const chancesOf = (q: ArrayLike): Chances => ({ q: asView(q), weak: typeof q === 'number' })
const hundredth = (q: ArrayLike): Chances => ({ q: p.div(castView(asView(q), float64), 100) as View, weak: typeof q === 'number' })

/**
 * The values below which given percentages of the items lie.
 *
 * @example
 * np.percentile([1, 2, 3, 4], 50) // => 2.5
 */
export const percentile = /* @__PURE__ */ byName(
  'percentile',
  'a q',
  (a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): Result => quantiles('percentile', a, hundredth(q), percentileArgs(rest), false),
)

/** Quantiles of what is not NaN. */
export const nanquantile = /* @__PURE__ */ byName(
  'nanquantile',
  'a q',
  (a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): Result => quantiles('nanquantile', a, chancesOf(q), quantileArgs(rest), true),
)
/** Percentiles of what is not NaN. */
export const nanpercentile = /* @__PURE__ */ byName(
  'nanpercentile',
  'a q',
  (a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): Result => quantiles('nanpercentile', a, hundredth(q), percentileArgs(rest), true),
)

function middle(op: string, a: ArrayLike, options: QuantileOptions, skipNaN: boolean): Result {
  const x = asView(a)
  const { axis = null, keepdims = false, out } = options
  const { lines, shape } = flattened(castView(x, floating(x.dtype)), axis, keepdims)
  const n = lines.shape[lines.ndim - 1]!
  if (n === 0) {
    warn('Mean of empty slice', 'RuntimeWarning')
    return finish(p.full(shape, lines.dtype.isComplex ? new Complex(Number.NaN, Number.NaN) : Number.NaN, lines.dtype), out, op)
  }
  const half = (k: number): [number, number] => [Math.max(0, (k - 1) >> 1), k >> 1]
  const { lines: sorted, counts } = sortedLines(lines, half(n))
  const places = skipNaN && counts ? ([0, 1] as const).map((i) => counts.map((k) => half(k)[i]!)) : half(n)
  const [low, high] = [itemsAt(sorted, places[0]!), itemsAt(sorted, places[1]!)]
  const isOdd = !(skipNaN && counts) && n % 2 === 1
  const mean = isOdd ? low : p.div(p.add(low, high), scalarView(2, sorted.dtype))
  const lost = counts === null ? [] : counts.map((k) => k === 0 || (!skipNaN && k < n))
  if (skipNaN && counts?.includes(0)) warn('All-NaN slice encountered', 'RuntimeWarning')
  return finish(p.reshape(orNaN(mean, lost), shape), out, op)
}

/**
 * The median over axes: the middle item, or the mean of the middle two. NaN where there is one.
 *
 * @example
 * np.median([[10, 7, 4], [3, 2, 1]]) // => 3.5
 * np.median([[10, 7, 4], [3, 2, 1]], 1) // => array([7., 2.])
 */
export const median = /* @__PURE__ */ byName(
  'median',
  'a',
  (a: ArrayLike, ...rest: MedianRest): Result => middle('median', a, medianArgs(rest), false),
)
/** The median over axes of what is not NaN. */
export const nanmedian = /* @__PURE__ */ byName(
  'nanmedian',
  'a',
  (a: ArrayLike, ...rest: MedianRest): Result => middle('nanmedian', a, medianArgs(rest), true),
)
