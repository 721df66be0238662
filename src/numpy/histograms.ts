/** Histograms: counts of items in bins along one axis or several. */

import { type Rest, sequence, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { bool, float64, int64 } from '../core/dtype.ts'
import { items, viewOf } from '../core/element.ts'
import { ArgumentError, DTypeError, ValueError } from '../core/errors.ts'
import { sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import { warn } from '../core/warnings.ts'
import { take } from '../lib/indexing.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, asView, castView, wrap } from './convert.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import { quantile } from './quantiles.ts'
import { linspace } from './ranges.ts'
import { mean, ptp, std } from './reductions.ts'
import type { ArrayLike } from './types.ts'
import { divide, power, subtract } from './ufuncs/arithmetic.ts'

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

/** Doane's rule: Sturges' with the skewness of the data. */
function doaneWidth(x: NDArray, n: number, span: number): number {
  const deviation = Number(std(x))
  if (n <= 2 || !(deviation > 0)) return 0
  const centred = asArray(divide(subtract(x, mean(x)), deviation))
  const skewness = Math.abs(Number(mean(power(centred, 3))))
  const error = Math.sqrt((6 * (n - 2)) / ((n + 1) * (n + 3)))
  return span / (1 + Math.log2(n) + Math.log2(1 + skewness / error))
}

/** Stone's rule: the number of bins with the least estimated squared error, up to 100 or the root of the number of items. */
function stoneWidth(x: NDArray, n: number, span: number, range: [number, number]): number {
  if (n <= 1 || span === 0) return 0
  const most = Math.max(100, Math.floor(Math.sqrt(n)))
  let [best, least] = [1, Number.POSITIVE_INFINITY]
  for (let bins = 1; bins <= most; bins++) {
    const shares = (histogram(x, { bins, range })[0].tolist() as number[]).map((count) => count / n)
    const loss = (2 - (n + 1) * shares.reduce((total, share) => total + share * share, 0)) / (span / bins)
    if (loss < least) [best, least] = [bins, loss]
  }
  if (best === most) warn('The number of bins estimated may be suboptimal.', 'RuntimeWarning')
  return span / best
}

/** The number of bins that a rule gives. */
function binsByRule(rule: string, x: readonly number[], whole: boolean, low: number, high: number): number {
  const n = x.length
  if (n === 0) return 1
  const line = wrap(viewOf(x, [n], float64))
  const span = Number(ptp(line))
  const widths: Record<string, () => number> = {
    sqrt: () => span / Math.sqrt(n),
    sturges: () => span / (Math.log2(n) + 1),
    rice: () => span / (2 * n ** (1 / 3)),
    scott: () => ((24 * Math.sqrt(Math.PI)) / n) ** (1 / 3) * Number(std(line)),
    fd: () => (2 * (Number(quantile(line, 0.75)) - Number(quantile(line, 0.25)))) / n ** (1 / 3),
    auto: () => Math.min(Math.max(widths.fd!(), widths.sqrt!() / 2), widths.sturges!()),
    doane: () => doaneWidth(line, n, span),
    stone: () => stoneWidth(line, n, span, [low, high]),
  }
  const width = Object.hasOwn(widths, rule) ? widths[rule] : undefined
  if (!width) throw new ValueError(`'${rule}' is not a valid estimator for \`bins\``, { op: 'histogram' })
  const w = width()
  return w ? Math.ceil((high - low) / (whole && w < 1 ? 1 : w)) : 1
}

/** The edges of bins: given, or evenly spaced over the data's range. */
function edgesOf(
  x: View,
  bins: ArrayLike,
  range: readonly [number, number] | null | undefined,
  whole: boolean,
  weights: ArrayLike | null = null,
): NDArray {
  if (typeof bins === 'string' && weights !== null)
    throw new ArgumentError('Automated estimation of the number of bins is not supported for weighted data', { op: 'histogram' })
  if (typeof bins === 'object' && bins !== null) {
    const given = asArray(bins)
    if (given.ndim === 1) {
      const list = given.tolist() as number[]
      if (list.some((e, i) => i > 0 && e < list[i - 1]!))
        throw new ValueError('`bins` must increase monotonically, when an array', { op: 'histogram' })
      return given
    }
    if (given.ndim > 1) throw new ValueError('`bins` must be 1d, when an array', { op: 'histogram' })
    return edgesOf(x, given.item(), range, whole)
  }
  let [low, high] =
    (range == null ? null : sequence('histogram', 'range', range)) ??
    (x.size === 0 ? [0, 1] : [p.amin, p.amax].map((row) => items(row(x) as View)[0] as number))
  if (range && low! > high!) throw new ValueError('max must be larger than min in range parameter.', { op: 'histogram' })
  if (!Number.isFinite(low) || !Number.isFinite(high)) {
    throw new ValueError(`${range ? 'supplied' : 'autodetected'} range of [${low}, ${high}] is not finite`, { op: 'histogram' })
  }
  if (low === high) [low, high] = [low! - 0.5, high! + 0.5]
  const n =
    typeof bins === 'string'
      ? binsByRule(
          bins,
          (items(x) as number[]).filter((v) => v >= low! && v <= high!),
          whole,
          low!,
          high!,
        )
      : Number(bins)
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
export const histogram_bin_edges = /* @__PURE__ */ byName(
  'histogram_bin_edges',
  'a',
  (a: ArrayLike, ...rest: Rest<HistogramOptions, ['bins', 'range', 'weights']>): NDArray => {
    const { bins = 10, range, weights } = signature<HistogramOptions>('histogram_bin_edges', ['bins', 'range', 'weights'])(rest)
    const given = asView(a)
    return edgesOf(castView(given, float64), bins, range, given.dtype.isInteger, weights)
  },
)

/**
 * How many items fall in each bin, and the edges of the bins. All but the last bin are open above.
 *
 * @example
 * np.histogram([1, 2, 1], [0, 1, 2, 3]) // => [ array([0, 2, 1]), array([0, 1, 2, 3]) ]
 */
export const histogram = /* @__PURE__ */ byName(
  'histogram',
  'a',
  (a: ArrayLike, ...rest: Rest<HistogramOptions, ['bins', 'range', 'density', 'weights']>): [NDArray, NDArray] => {
    const { bins = 10, range, density = false, weights } = histogramArgs(rest)
    const given = asView(a)
    const x = p.reshape(castView(given, float64), [given.size]) as View
    const edges = edgesOf(x, bins, range, given.dtype.isInteger, weights)
    const w = weights === undefined || weights === null ? null : asView(weights)
    if (w && w.size !== given.size) throw new ValueError('weights should have the same shape as a.', { op: 'histogram' })
    const n = edges.size - 1
    const box = boxOf(x, castView(edges.value, float64), isEven(bins))
    const total = counts(box, n, w && castView(w, float64))
    const exact = w?.dtype.isInteger ? w.dtype : float64
    const counted = w ? castView(total, w.dtype === bool ? int64 : exact) : total
    if (!density) return [wrap(counted), edges]
    const real = castView(counted, float64)
    const widths = p.sub(p.narrow(castView(edges.value, float64), 0, 1, n), p.narrow(castView(edges.value, float64), 0, 0, n))
    return [wrap(p.div(p.div(real, widths), p.sum(real))), edges]
  },
)

/** Whether bins are given by their number or a rule, so that all are as wide. */
const isEven = (bins: ArrayLike): boolean => typeof bins !== 'object' || bins === null || asView(bins).ndim === 0

/** The number of the bin that each item falls in; one more than there are for what falls in none. */
function boxOf(x: View, edges: View, even: boolean): Value {
  const n = edges.size - 1
  const last = p.narrow(edges, 0, n, 1)
  const place = even ? evenPlace(x, edges) : p.sub(p.searchsorted(edges, x, true), 1)
  // the last bin has its upper edge
  const closed = p.where(p.eq(x, p.broadcastTo(last, x.shape)), p.full(x.shape, n - 1, int64), place)
  const inside = p.logicalAnd(p.ge(x, p.broadcastTo(p.narrow(edges, 0, 0, 1), x.shape)), p.le(x, p.broadcastTo(last, x.shape)))
  return p.where(inside, closed, p.full(x.shape, n, int64))
}

/** The bin of each item among bins of one width: computed, then set right by one where rounding put it beside its edges. */
function evenPlace(x: View, edges: View): Value {
  const n = edges.size - 1
  const [first, last] = [p.narrow(edges, 0, 0, 1), p.narrow(edges, 0, n, 1)]
  const guess = p.cast(p.mul(p.div(p.sub(x, first), p.sub(last, first)), n), int64)
  const at = p.minimum(p.maximum(guess, 0), n - 1) as View
  const below = p.cast(p.lt(x, take(edges, at, 0)), int64)
  const above = p.cast(p.ge(x, take(edges, p.add(at, 1) as View, 0)), int64)
  return p.minimum(p.add(p.sub(at, below), above), n - 1)
}

/** How many items, or how much of their weights, fall in each of n boxes. */
const counts = (box: Value, n: number, weights: View | null): View =>
  p.narrow(p.bincount(box, n + 1, weights && p.reshape(weights, [weights.size])), 0, 0, n) as View

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
export const histogramdd = /* @__PURE__ */ byName(
  'histogramdd',
  'sample',
  (sample: ArrayLike, options: HistogramManyOptions = {}): [NDArray, NDArray[]] => {
    const { bins = 10, range, density = false, weights } = options
    const given = asView(sample)
    const points = castView(given.ndim === 1 ? (p.reshape(given, [given.size, 1]) as View) : given, float64)
    const [n, d] = points.shape as [number, number]
    const columns = Array.from({ length: d }, (_, i) => copyOf(p.reshape(p.narrow(points, 1, i, 1), [n]) as View))
    const edges = columns.map((c, i) => edgesOf(c, typeof bins === 'number' ? bins : bins[i]!, range?.[i], false))
    const cuts = edges.map((e) => castView(e.value, float64))
    const shape = cuts.map((c) => c.size - 1)
    const size = sizeOf(shape)
    // Boxes are numbered in C order; what is outside along one axis is outside.
    let box: Value = p.full([n], 0, int64)
    columns.forEach((c, k) => {
      const along = boxOf(c, cuts[k]!, isEven(typeof bins === 'number' ? bins : bins[k]!))
      const outside = p.logicalOr(p.ge(box, size), p.eq(along, shape[k]!))
      box = p.where(outside, p.full([n], Number.MAX_SAFE_INTEGER, int64), p.add(p.mul(box, shape[k]!), along))
    })
    const heavy = weights === undefined || weights === null ? null : asView(weights, float64)
    let result: Value = p.reshape(castView(counts(p.minimum(box, size), size, heavy), float64), shape)
    if (density) {
      const total = p.sum(result)
      cuts.forEach((cut, k) => {
        const m = shape[k]!
        const widths = p.sub(p.narrow(cut, 0, 1, m), p.narrow(cut, 0, 0, m))
        result = p.div(
          result,
          p.reshape(
            widths,
            shape.map((d, i) => (i === k ? d : 1)),
          ),
        )
      })
      result = p.div(result, total)
    }
    return [wrap(result), edges]
  },
)

/**
 * Counts of points (x, y) in boxes: `[counts, x edges, y edges]`.
 *
 * @example
 * np.histogram2d([0, 1, 1], [0, 1, 0], { bins: 2 })[0] // => array([[1., 0.],
 *                                                      //           [1., 1.]])
 */
export const histogram2d = /* @__PURE__ */ byName(
  'histogram2d',
  'x y',
  (x: ArrayLike, y: ArrayLike, options: HistogramManyOptions | number = {}): [NDArray, NDArray, NDArray] => {
    const [a, b] = [asView(x), asView(y)]
    if (a.size !== b.size) throw new ValueError('x and y must have the same length.', { op: 'histogram2d' })
    const [counts, edges] = histogramdd(
      wrap(p.stack([castView(a, float64), castView(b, float64)], 1)),
      typeof options === 'number' ? { bins: options } : options,
    )
    return [counts, edges[0]!, edges[1]!]
  },
)
