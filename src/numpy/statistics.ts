/** Histograms and correlations. */

import { type Rest, sequence, signature } from '../core/arguments.ts'
import { bool, float64, int64 } from '../core/dtype.ts'
import { items, viewOf } from '../core/element.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import { sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import { asArray, asView, castView, unwrap, wrap } from './convert.ts'
import { concatenate } from './joining.ts'
import { squeeze } from './manipulation.ts'
import type { NDArray } from './ndarray.ts'
import { dot } from './products.ts'
import { linspace } from './ranges.ts'
import { average } from './reductions.ts'
import type { ArrayLike, DTypeLike, Result } from './types.ts'

export * from './quantiles.ts'

/** The value at a fractional place of a sorted list, as NumPy interpolates: from the nearer end. */
function between(list: readonly number[], at: number): number {
  const low = Math.floor(at)
  const t = at - low
  const a = list[low]!
  const b = list[Math.min(low + 1, list.length - 1)]!
  return t >= 0.5 ? b - (b - a) * (1 - t) : a + (b - a) * t
}

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
  const at = (q: number) => between(sorted, (n - 1) * q)
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
