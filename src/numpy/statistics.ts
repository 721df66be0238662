/** Order statistics, histograms and correlations. */

import { type Rest, sequence, signature } from '../core/arguments.ts'
import { bool, type DType, float64, int64 } from '../core/dtype.ts'
import { items, viewOf } from '../core/element.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import { normalizeAxes, sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import { asArray, asView, castView, unwrap, wrap } from './convert.ts'
import { concatenate } from './joining.ts'
import { squeeze } from './manipulation.ts'
import type { NDArray } from './ndarray.ts'
import { dot } from './products.ts'
import { linspace } from './ranges.ts'
import { average, finish } from './reductions.ts'
import type { ArrayLike, Axis, DTypeLike, Result } from './types.ts'

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

function quantiles(op: string, a: ArrayLike, q: View, options: QuantileOptions, skipNaN: boolean): Result {
  const { axis = null, out, method = 'linear', keepdims = false, weights } = options
  if (weights !== undefined && weights !== null) throw new ValueError(`${op}(): weights are not supported`, { op })
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
  const { lines, shape } = flattened(x, axis, keepdims)
  const n = lines.shape[lines.ndim - 1]!
  const discrete = ['lower', 'higher', 'nearest', 'inverted_cdf', 'closest_observation'].includes(method)
  const dtype = discrete ? x.dtype : floating(x.dtype)
  if (n === 0) return finish(p.full([...q.shape, ...shape], Number.NaN, floating(dtype)), out, op)
  const sorted = castView(p.sort(lines, -1) as View, dtype)
  const rows = sizeOf(lines.shape.slice(0, -1))
  const flat = items(sorted) as number[]
  const result: number[] = []
  const counts = Array.from({ length: rows }, (_, r) => {
    let k = n
    if (x.dtype.isFloat) while (k > 0 && Number.isNaN(flat[r * n + k - 1])) k--
    return k
  })
  for (const c of chances) {
    for (let r = 0; r < rows; r++) {
      const count = skipNaN ? counts[r]! : n
      if (count === 0 || (!skipNaN && counts[r]! < n)) result.push(Number.NaN)
      else result.push(between(flat, r * n, count, place(count, c)))
    }
  }
  return finish(viewOf(result, [...q.shape, ...shape], dtype), out, op)
}

/** The value at a fractional place of a sorted line, as NumPy interpolates: from the nearer end. */
function between(list: readonly number[], start: number, n: number, at: number): number {
  const place = Math.min(Math.max(at, 0), n - 1)
  const low = Math.floor(place)
  const t = place - low
  const a = Number(list[start + low])
  if (t === 0) return list[start + low]!
  const b = Number(list[start + Math.min(low + 1, n - 1)])
  const step = b - a
  return t >= 0.5 ? b - step * (1 - t) : a + step * t
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
export const quantile = (a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): Result =>
  quantiles('quantile', a, asView(q), quantileArgs(rest), false)

const hundredth = (q: ArrayLike): View => p.div(castView(asView(q), float64), 100) as View

/**
 * The values below which given percentages of the items lie.
 *
 * @example
 * np.percentile([1, 2, 3, 4], 50) // => 2.5
 */
export const percentile = (a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): Result =>
  quantiles('percentile', a, hundredth(q), percentileArgs(rest), false)

/** Quantiles of what is not NaN. */
export const nanquantile = (a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): Result =>
  quantiles('nanquantile', a, asView(q), quantileArgs(rest), true)
/** Percentiles of what is not NaN. */
export const nanpercentile = (a: ArrayLike, q: ArrayLike, ...rest: QuantileRest): Result =>
  quantiles('nanpercentile', a, hundredth(q), percentileArgs(rest), true)

function middle(op: string, a: ArrayLike, options: QuantileOptions, skipNaN: boolean): Result {
  const x = asView(a)
  const { axis = null, keepdims = false, out } = options
  const { lines, shape } = flattened(castView(x, floating(x.dtype)), axis, keepdims)
  const n = lines.shape[lines.ndim - 1]!
  const flat = items(p.sort(lines, -1) as View) as number[]
  const result = Array.from({ length: sizeOf(lines.shape.slice(0, -1)) }, (_, r) => {
    let k = n
    while (k > 0 && Number.isNaN(flat[r * n + k - 1])) k--
    if (k === 0 || (!skipNaN && k < n)) return Number.NaN
    const half = k >> 1
    const at = r * n + half
    return k % 2 === 1 ? flat[at]! : flat[at - 1] === flat[at] ? flat[at]! : (flat[at - 1]! + flat[at]!) / 2
  })
  return finish(viewOf(result, shape, lines.dtype), out, op)
}

/**
 * The median over axes: the middle item, or the mean of the middle two. NaN where there is one.
 *
 * @example
 * np.median([[10, 7, 4], [3, 2, 1]]) // => 3.5
 * np.median([[10, 7, 4], [3, 2, 1]], 1) // => array([7., 2.])
 */
export const median = (a: ArrayLike, ...rest: MedianRest): Result => middle('median', a, medianArgs(rest), false)
/** The median over axes of what is not NaN. */
export const nanmedian = (a: ArrayLike, ...rest: MedianRest): Result => middle('nanmedian', a, medianArgs(rest), true)

/** Keyword arguments of `histogram`. */
export interface HistogramOptions {
  /** How many bins of equal width, or their edges, or a rule: `'auto'`, `'sturges'`, `'sqrt'`, `'rice'`, `'scott'`, `'fd'`. Default 10. */
  bins?: ArrayLike
  /** The lower and upper end; those of the data unless given. */
  range?: readonly [number, number] | null
  /** Gives a probability density in place of counts. */
  density?: boolean | null
  weights?: ArrayLike | null
}
const histogramArgs = signature<HistogramOptions>('histogram', ['bins', 'range', 'density', 'weights'])

/** The number of bins that a rule gives. */
function binsByRule(rule: string, x: readonly number[]): number {
  const n = x.length
  if (n === 0) return 1
  const sorted = [...x].sort((a, b) => a - b)
  const span = sorted[n - 1]! - sorted[0]!
  const at = (q: number) => between(sorted, 0, n, (n - 1) * q)
  const mean = x.reduce((s, v) => s + v, 0) / n
  const std = Math.sqrt(x.reduce((s, v) => s + (v - mean) ** 2, 0) / n)
  const widths: Record<string, () => number> = {
    sqrt: () => span / Math.sqrt(n),
    sturges: () => span / (Math.log2(n) + 1),
    rice: () => span / (2 * n ** (1 / 3)),
    scott: () => ((24 * Math.sqrt(Math.PI)) / n) ** (1 / 3) * std,
    fd: () => (2 * (at(0.75) - at(0.25))) / n ** (1 / 3),
    auto: () => Math.min(widths.fd!() || Number.POSITIVE_INFINITY, widths.sturges!()),
  }
  const width = Object.hasOwn(widths, rule) ? widths[rule] : undefined
  if (!width) throw new ValueError(`'${rule}' is not a valid estimator for \`bins\``, { op: 'histogram' })
  const w = width()
  return w ? Math.ceil(span / w) : 1
}

/** The edges of bins: given, or evenly spaced over the data's range. */
function edgesOf(x: readonly number[], bins: ArrayLike, range: readonly [number, number] | null | undefined): NDArray {
  if (typeof bins === 'object' && bins !== null) {
    const given = asArray(bins)
    if (given.ndim === 1) {
      const list = given.tolist() as number[]
      if (list.some((e, i) => i > 0 && e < list[i - 1]!))
        throw new ValueError('`bins` must increase monotonically, when an array', { op: 'histogram' })
      return given
    }
    if (given.ndim > 1) throw new ValueError('`bins` must be 1d, when an array', { op: 'histogram' })
    return edgesOf(x, given.item(), range)
  }
  let [low, high] =
    (range == null ? null : sequence('histogram', 'range', range)) ??
    (x.length === 0 ? [0, 1] : [x.reduce((a, b) => Math.min(a, b)), x.reduce((a, b) => Math.max(a, b))])
  if (range && low! > high!) throw new ValueError('max must be larger than min in range parameter.', { op: 'histogram' })
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new ValueError(`${range ? 'supplied' : 'autodetected'} range of [${low}, ${high}] is not finite`, { op: 'histogram' })
  }
  if (low === high) [low, high] = [low! - 0.5, high! + 0.5]
  const inside = typeof bins === 'string' ? x.filter((v) => v >= low! && v <= high!) : x
  const n = typeof bins === 'string' ? binsByRule(bins, inside) : Number(bins)
  if (!Number.isInteger(n)) throw new DTypeError('`bins` must be an integer, a string, or an array', { op: 'histogram' })
  if (n < 1) throw new ValueError('`bins` must be positive, when an integer', { op: 'histogram' })
  return linspace(low!, high!, n + 1)
}

/**
 * The edges of the bins that `histogram` would use.
 *
 * @example
 * np.histogram_bin_edges([0, 1, 2], 2) // => array([0., 1., 2.])
 */
export function histogram_bin_edges(a: ArrayLike, ...rest: Rest<HistogramOptions, ['bins', 'range', 'weights']>): NDArray {
  const { bins = 10, range } = signature<HistogramOptions>('histogram_bin_edges', ['bins', 'range', 'weights'])(rest)
  return edgesOf(items(castView(asView(a), float64)) as number[], bins, range)
}

/**
 * How many items fall in each bin, and the edges of the bins. All but the last bin are open above.
 *
 * @example
 * np.histogram([1, 2, 1], [0, 1, 2, 3]) // => [ array([0, 2, 1]), array([0, 1, 2, 3]) ]
 */
export function histogram(a: ArrayLike, ...rest: Rest<HistogramOptions, ['bins', 'range', 'density', 'weights']>): [NDArray, NDArray] {
  const { bins = 10, range, density = false, weights } = histogramArgs(rest)
  const given = asView(a)
  const x = items(castView(given, float64)) as number[]
  const edges = edgesOf(x, bins, range)
  const cuts = items(castView(edges.value, float64)) as number[]
  const n = cuts.length - 1
  const w = weights === undefined || weights === null ? null : asView(weights)
  if (w && w.size !== given.size) throw new ValueError('weights should have the same shape as a.', { op: 'histogram' })
  const heavy = w ? (items(castView(w, float64)) as number[]) : null
  const counts = new Array<number>(n).fill(0)
  x.forEach((v, i) => {
    if (!(v >= cuts[0]! && v <= cuts[n]!)) return
    counts[v === cuts[n]! ? n - 1 : upper(cuts, v) - 1]! += heavy ? heavy[i]! : 1
  })
  const counted = viewOf(counts, [n], w ? (w.dtype.isInteger || w.dtype === bool ? (w.dtype === bool ? int64 : w.dtype) : float64) : int64)
  if (!density) return [wrap(counted), edges]
  const total = counts.reduce((s, c) => s + c, 0)
  return [
    wrap(
      viewOf(
        counts.map((c, i) => c / (cuts[i + 1]! - cuts[i]!) / total),
        [n],
        float64,
      ),
    ),
    edges,
  ]
}

/** The first place whose cut is above a value. */
function upper(cuts: readonly number[], v: number): number {
  let [low, high] = [0, cuts.length]
  while (low < high) {
    const mid = (low + high) >> 1
    if (cuts[mid]! <= v) low = mid + 1
    else high = mid
  }
  return low
}

/** Keyword arguments of `histogramdd` and `histogram2d`. */
export interface HistogramManyOptions {
  bins?: number | readonly ArrayLike[]
  range?: readonly (readonly [number, number] | null)[] | null
  density?: boolean | null
  weights?: ArrayLike | null
}

/**
 * Counts of points in boxes: the points are rows of `sample`; also the edges along each axis.
 *
 * @example
 * np.histogramdd([[0, 0], [1, 1], [1, 0]], { bins: 2 })[0] // => array([[1., 0.],
 *                                                          //           [1., 1.]])
 */
export function histogramdd(sample: ArrayLike, options: HistogramManyOptions = {}): [NDArray, NDArray[]] {
  const { bins = 10, range, density = false, weights } = options
  const given = asView(sample)
  const points = castView(given.ndim === 1 ? (p.reshape(given, [given.size, 1]) as View) : given, float64)
  const [n, d] = points.shape as [number, number]
  const columns = Array.from({ length: d }, (_, i) => items(p.reshape(p.narrow(points, 1, i, 1), [n]) as View) as number[])
  const edges = columns.map((c, i) => edgesOf(c, typeof bins === 'number' ? bins : bins[i]!, range?.[i]))
  const cuts = edges.map((e) => items(castView(e.value, float64)) as number[])
  const shape = cuts.map((c) => c.length - 1)
  const counts = new Array<number>(sizeOf(shape)).fill(0)
  const heavy = weights === undefined || weights === null ? null : (items(asView(weights, float64)) as number[])
  for (let i = 0; i < n; i++) {
    let at = 0
    const inside = columns.every((c, k) => {
      const [v, cut] = [c[i]!, cuts[k]!]
      if (!(v >= cut[0]! && v <= cut[cut.length - 1]!)) return false
      at = at * shape[k]! + (v === cut[cut.length - 1]! ? shape[k]! - 1 : upper(cut, v) - 1)
      return true
    })
    if (inside) counts[at]! += heavy ? heavy[i]! : 1
  }
  let result: Value = viewOf(counts, shape, float64)
  if (density) {
    const total = counts.reduce((s, c) => s + c, 0)
    cuts.forEach((cut, k) => {
      const widths = viewOf(
        cut.slice(1).map((c, i) => c - cut[i]!),
        shape.map((m, i) => (i === k ? m : 1)),
        float64,
      )
      result = p.div(result, widths)
    })
    result = p.div(result, total)
  }
  return [wrap(result), edges]
}

/**
 * Counts of points (x, y) in boxes: `[counts, x edges, y edges]`.
 *
 * @example
 * np.histogram2d([0, 1, 1], [0, 1, 0], { bins: 2 })[0] // => array([[1., 0.],
 *                                                      //           [1., 1.]])
 */
export function histogram2d(x: ArrayLike, y: ArrayLike, options: HistogramManyOptions | number = {}): [NDArray, NDArray, NDArray] {
  const [a, b] = [asView(x), asView(y)]
  if (a.size !== b.size) throw new ValueError('x and y must have the same length.', { op: 'histogram2d' })
  const [counts, edges] = histogramdd(
    wrap(p.stack([castView(a, float64), castView(b, float64)], 1)),
    typeof options === 'number' ? { bins: options } : options,
  )
  return [counts, edges[0]!, edges[1]!]
}

/** Keyword arguments of `cov`. */
export interface CovOptions {
  /** More variables, put under `m`. */
  y?: ArrayLike | null
  /** Each row is a variable (the default), or each column. */
  rowvar?: boolean
  /** Divides by n in place of n - 1. */
  bias?: boolean
  ddof?: number | null
  fweights?: ArrayLike | null
  aweights?: ArrayLike | null
  dtype?: DTypeLike | null
}
const covArgs = signature<CovOptions>('cov', ['y', 'rowvar', 'bias', 'ddof', 'fweights', 'aweights'], ['dtype'])
const corrArgs = signature<CovOptions>('corrcoef', ['y', 'rowvar'], ['dtype'])

/** Variables as the rows of a matrix. */
function variables(m: ArrayLike, { y, rowvar = true }: CovOptions, op: string): View {
  const rows = (a: ArrayLike): View => {
    const v = asView(a)
    if (v.ndim > 2) throw new ValueError(`${a === m ? 'm' : 'y'} has more than 2 dimensions`, { op })
    const matrix = v.ndim < 2 ? (p.reshape(v, [1, v.size]) as View) : v
    return !rowvar && matrix.shape[0] !== 1 ? (p.transpose(matrix, [1, 0]) as View) : matrix
  }
  const first = rows(m)
  const second = y === undefined || y === null ? null : rows(y)
  const dtype = promoteAll([first.dtype, ...(second ? [second.dtype] : []), float64])
  return second ? concatenate([wrap(castView(first, dtype)), wrap(castView(second, dtype))], 0).value : castView(first, dtype)
}

/**
 * The covariance matrix of variables.
 *
 * @example
 * np.cov([[0, 1, 2], [2, 1, 0]]) // => array([[ 1., -1.],
 *                                //           [-1.,  1.]])
 */
export function cov(m: ArrayLike, ...rest: Rest<CovOptions, ['y', 'rowvar', 'bias', 'ddof', 'fweights', 'aweights']>): Result {
  const options = covArgs(rest)
  const { bias = false, fweights, aweights } = options
  const x = variables(m, options, 'cov')
  const ddof = options.ddof ?? (bias ? 0 : 1)
  const weights = [fweights, aweights].filter((w) => w !== undefined && w !== null).map((w) => castView(asView(w as ArrayLike), float64))
  const w = weights.length === 0 ? null : weights.reduce<Value>((a, b) => (a === b ? a : p.mul(a, b)), weights[0]!)
  const n = x.shape[1]!
  const mean = asView(average(wrap(x), { axis: 1, weights: w ? wrap(w) : undefined }))
  const total = w ? (unwrap(p.sum(w)) as number) : n
  const again =
    aweights !== undefined && aweights !== null ? (unwrap(p.sum(p.mul(w!, castView(asView(aweights), float64)))) as number) : null
  const divisor = w === null ? n - ddof : ddof === 0 ? total : again === null ? total - ddof : total - (ddof * again) / total
  const centred = p.sub(x, p.reshape(mean, [x.shape[0]!, 1])) as View
  const heavy = w ? p.mul(centred, castView(w as View, x.dtype)) : centred
  const product = asView(dot(wrap(centred), wrap(p.conj(p.transpose(heavy, [1, 0])))))
  return squeezed(p.div(product, Math.max(divisor, 0)))
}

const squeezed = (v: Value): Result => {
  const out = squeeze(wrap(v))
  return out.ndim === 0 ? out.item() : out
}

/**
 * The correlation coefficients of variables, between -1 and 1.
 *
 * @example
 * np.corrcoef([[0, 1, 2], [2, 1, 0]]) // => array([[ 1., -1.],
 *                                     //           [-1.,  1.]])
 */
export function corrcoef(x: ArrayLike, ...rest: Rest<CovOptions, ['y', 'rowvar']>): Result {
  const { y, rowvar } = corrArgs(rest)
  const c = asView(cov(x, { y, rowvar }))
  if (c.ndim === 0) return unwrap(p.div(c, c))
  const n = c.shape[0]!
  const std = p.sqrt(p.real(p.diagonal(c)))
  const scaled = p.div(p.div(c, castView(p.reshape(std, [n, 1]) as View, c.dtype)), castView(p.reshape(std, [1, n]) as View, c.dtype))
  const clipped = (part: Value): Value => p.clamp(part, -1, 1)
  return unwrap(c.dtype.isComplex ? p.makeComplex(clipped(p.real(scaled)), clipped(p.imag(scaled))) : clipped(scaled))
}
