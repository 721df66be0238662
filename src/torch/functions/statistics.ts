/** Covariance, histograms, numeric integrals and derivatives, norms held to a bound. */

import { float64, int64 } from '../../core/dtype.ts'
import { viewOf as makeView } from '../../core/element.ts'
import { ArgumentError, DTypeError, RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { Tensor, viewOf, wrapDim } from '../tensor.ts'
import { linspace } from './creation.ts'
import { keyed } from './keyed.ts'
import { promoted } from './makers.ts'
import { NamedTuple } from './results.ts'
import { intList, named, tensorArg } from './support.ts'

/** Keywords of cov. */
export interface CovOptions {
  /** What is taken from the number of observations. Default 1. */
  readonly correction?: number
  /** How often each observation counts. */
  readonly fweights?: Tensor | null
  /** How much each observation weighs. */
  readonly aweights?: Tensor | null
}

/**
 * The covariance matrix of variables in rows, observations in columns.
 *
 * @example
 * ```ts
 * torch.cov(torch.tensor([[0, 1, 2], [2, 1, 0]])) // => tensor([[ 1., -1.],
 *                                                 //            [-1.,  1.]])
 * ```
 */
export const cov = keyed('cov', '...', (input: Tensor, options: CovOptions = {}): Tensor => {
  const t = tensorArg('cov', input)
  const { correction = 1, fweights = null, aweights = null } = options ?? {}
  if (t.ndim > 2) throw new RuntimeError(`cov(): expected input to have two or fewer dimensions but got an input with ${t.ndim} dimensions`)
  if (t.raw.dtype.kind === 'b') throw new DTypeError('cov(): bool dtype is not supported for input')
  const float = t.raw.dtype.isInexact ? t : t.float()
  const x = t.ndim < 2 ? p.reshape(float.value, [1, t.numel()]) : float.value
  const n = x.shape[1]!
  let w: Tensor | null = null
  for (const [name, weights] of [
    ['fweights', fweights],
    ['aweights', aweights],
  ] as const) {
    if (!weights) continue
    if (weights.ndim > 1)
      throw new RuntimeError(`cov(): expected ${name} to have one or fewer dimensions but got ${name} with ${weights.ndim} dimensions`)
    if (weights.numel() !== n)
      throw new RuntimeError(
        `cov(): expected ${name} to have the same numel as there are observations in the input but got ${weights.numel()} != ${n}`,
      )
    const line = weights.reshape(-1)
    w = w ? w.mul(line) : line
  }
  const rows = new Tensor(x)
  const total = w ? w.sum() : null
  const mean = w ? rows.mul(w).sum(1, true).div(total!) : rows.sum(1, true).div(n)
  const centered = rows.sub(mean)
  // with aweights the sum of w a takes the place of the number of observations in the correction
  const degrees = !w
    ? n - correction
    : aweights && correction !== 0
      ? total!.sub(w.mul(aweights.reshape(-1)).sum().div(total!).mul(correction))
      : total!.sub(correction)
  const count = typeof degrees === 'number' ? Math.max(degrees, 0) : degrees.clamp(0)
  const c = (w ? centered.mul(w) : centered).matmul(centered.mT.conj()).div(count)
  return c.numel() === 1 ? c.reshape([]) : c
})

/** The correlation coefficients of variables in rows, observations in columns. */
export function corrcoef(input: Tensor): Tensor {
  const t = tensorArg('corrcoef', input)
  if (t.ndim > 2)
    throw new RuntimeError(`corrcoef(): expected input to have two or fewer dimensions but got an input with ${t.ndim} dimensions`)
  const c = cov(t).value
  if (c.ndim === 0) return new Tensor(p.div(c, c))
  const d = p.sqrt(p.diagonal(c))
  const n = c.shape[0]!
  const scaled = p.div(p.div(c, p.reshape(d, [n, 1])), p.reshape(d, [1, n]))
  if (!c.dtype.isComplex) return new Tensor(p.clamp(scaled, -1, 1))
  return new Tensor(p.makeComplex(p.clamp(p.real(scaled), -1, 1), p.clamp(p.imag(scaled), -1, 1)))
}

/** Neighbours' means times their distances, along a dimension. */
function trapezoids(name: string, y: Tensor, x: Tensor | null, dx: number, dim: number): [Value, number] {
  let v = tensorArg(name, y).value
  if (v.dtype.kind === 'b') throw new DTypeError(`${name}: received a bool input for \`y\`, but bool is not supported`)
  const axis = wrapDim(dim, v.ndim)
  if (x) {
    const [[yy, xx], { dtype }] = promoted(name, p.mul, [new Tensor(v), x], 'same')
    v = dtype ? p.cast(yy!, dtype) : yy!
    const points = dtype ? p.cast(xx!, dtype) : xx!
    const along =
      points.ndim === 1 && v.ndim > 1
        ? p.reshape(
            points,
            v.shape.map((_, i) => (i === axis ? points.shape[0]! : 1)),
          )
        : points
    const at = along.ndim - v.ndim + axis
    const m = along.shape[at]!
    const steps = p.sub(p.narrow(along, at, 1, m - 1), p.narrow(along, at, 0, m - 1))
    const n = v.shape[axis]!
    return [p.div(float(p.mul(p.add(p.narrow(v, axis, 1, n - 1), p.narrow(v, axis, 0, n - 1)), steps)), 2), Math.max(axis, at)]
  }
  const n = v.shape[axis]!
  const sums = p.add(p.narrow(v, axis, 1, n - 1), p.narrow(v, axis, 0, n - 1))
  return [p.mul(float(sums), dx / 2), axis]
}
const float = (x: Value): Value => (x.dtype.isInexact ? x : new Tensor(x).float().value)

/** Keywords of trapezoid. */
export interface TrapezoidOptions {
  /** The distance of the points. Default 1. */
  readonly dx?: number
  readonly dim?: number
}
type Integral = (y: Tensor, x?: Tensor | null | TrapezoidOptions, options?: TrapezoidOptions) => Tensor

function integral(name: string, sum: (v: Value, axis: number) => Value): Integral {
  return keyed(name, 'x ...', (y: Tensor, x: Tensor | null = null, options: TrapezoidOptions = {}): Tensor => {
    const { dx = 1, dim = -1 } = options ?? {}
    const t = tensorArg(name, y, 'y')
    const axis = wrapDim(dim, t.ndim)
    if (t.raw.shape[axis] === 0) return new Tensor(sum(float(t.value), axis))
    return new Tensor(sum(...trapezoids(name, t, x, dx, dim)))
  }) as Integral
}
/** The integral along a dimension by the trapezoidal rule, over points `x` or steps `dx`. */
export const trapezoid: Integral = integral('trapezoid', (v, axis) => p.sum(v, [axis]))
/** The integral along a dimension by the trapezoidal rule: trapezoid under its old name. */
export const trapz: Integral = trapezoid
/** The integrals up to each point but the first, by the trapezoidal rule. */
export const cumulative_trapezoid: Integral = integral('cumulative_trapezoid', (v, axis) => p.cumsum(v, axis))

/** Parts along a dimension scaled down so that their p-norm is at most maxnorm. */
export const renorm = keyed('renorm', 'p dim maxnorm', (input: Tensor, order: number, dim: number, maxnorm: number): Tensor => {
  const t = tensorArg('renorm', input)
  if (!t.raw.dtype.isInexact) throw new DTypeError(`renorm: only floating point dtypes are supported, got ${t.raw.dtype.name}`)
  if (!(order > 0)) throw new RuntimeError('renorm: non-positive-norm not supported')
  if (!(maxnorm >= 0)) throw new RuntimeError(`renorm: expected maxnorm to be >= 0 but got ${maxnorm}`)
  if (t.ndim < 2) throw new RuntimeError(`renorm: input needs at least 2 dimensions, got ${t.ndim} dimensions`)
  const at = wrapDim(dim, t.ndim)
  const norms = p.vectorNorm(
    t.value,
    order,
    t.raw.shape.map((_, i) => i).filter((i) => i !== at),
    true,
  )
  const factor = p.where(p.gt(norms, maxnorm), p.mul(p.reciprocal(p.add(norms, 1e-7)), maxnorm), 1)
  return named(new Tensor(p.mul(t.value, p.cast(factor, t.raw.dtype))), 'RenormBackward0')
})

/** Keywords of gradient. */
export interface GradientOptions {
  /** The distance of the points, one for all dimensions or one each; or their coordinates. */
  readonly spacing?: number | readonly (number | Tensor)[] | null
  readonly dim?: number | readonly number[] | null
  /** Whether the ends use two points (1, default) or three (2). */
  readonly edge_order?: 1 | 2
}

/** The derivatives of samples along dimensions, by differences of the second order inside. */
export const gradient = keyed('gradient', '...', (input: Tensor, options: GradientOptions = {}): Tensor[] => {
  const t = tensorArg('gradient', input)
  const { spacing = null, dim = null, edge_order = 1 } = options ?? {}
  if (edge_order !== 1 && edge_order !== 2) throw new RuntimeError('torch.gradient only supports edge_order=1 and edge_order=2.')
  const dims = dim === null ? t.raw.shape.map((_, i) => i) : intList('gradient', dim).map((d) => wrapDim(d, t.ndim))
  if (Array.isArray(spacing) && spacing.length !== dims.length) {
    throw new RuntimeError(
      `torch.gradient expected spacing to be unspecified, a scalar, or it's spacing and dim arguments to have the same length, but got a spacing argument of length ${spacing.length} and a dim argument of length ${dims.length}.`,
    )
  }
  for (const d of dims) {
    if (t.raw.shape[d]! <= edge_order) throw new RuntimeError('torch.gradient expected each dimension size to be at least edge_order+1')
  }
  const x = float(t.value)
  return dims.map((d, i) => new Tensor(slope(x, d, Array.isArray(spacing) ? spacing[i]! : ((spacing as number | null) ?? 1), edge_order)))
})

function slope(x: Value, axis: number, spacing: number | Tensor, order: 1 | 2): Value {
  const n = x.shape[axis]!
  const take = (from: number, count: number) => p.narrow(x, axis, from, count)
  const shaped = (v: Value): Value =>
    p.reshape(
      v,
      x.shape.map((_, i) => (i === axis ? v.shape[0]! : 1)),
    )
  const steps =
    spacing instanceof Tensor
      ? p.sub(p.narrow(p.cast(spacing.value, x.dtype), 0, 1, n - 1), p.narrow(p.cast(spacing.value, x.dtype), 0, 0, n - 1))
      : p.full([n - 1], spacing, x.dtype)
  const at = (i: number, count = 1): Value => shaped(p.narrow(steps, 0, i, count))
  const parts: Value[] = []
  const weighed = (rows: readonly (readonly [Value, Value])[]): Value => rows.map(([w, v]) => p.mul(w, v)).reduce((a, b) => p.add(a, b))
  if (order === 1) parts.push(p.div(p.sub(take(1, 1), take(0, 1)), at(0)))
  else {
    const [h, k] = [at(0), at(1)]
    const both = p.add(h, k)
    const first = p.neg(p.div(p.add(p.mul(h, 2), k), p.mul(h, both)))
    parts.push(
      weighed([
        [first, take(0, 1)],
        [p.div(both, p.mul(h, k)), take(1, 1)],
        [p.neg(p.div(h, p.mul(k, both))), take(2, 1)],
      ]),
    )
  }
  if (n > 2) {
    // over steps h before and k after: (h^2 f(x+k) + (k^2 - h^2) f(x) - k^2 f(x-h)) / (h k (h + k))
    const [h, k] = [at(0, n - 2), at(1, n - 2)]
    const both = p.add(h, k)
    parts.push(
      weighed([
        [p.neg(p.div(k, p.mul(h, both))), take(0, n - 2)],
        [p.div(p.sub(k, h), p.mul(h, k)), take(1, n - 2)],
        [p.div(h, p.mul(k, both)), take(2, n - 2)],
      ]),
    )
  }
  if (order === 1) parts.push(p.div(p.sub(take(n - 1, 1), take(n - 2, 1)), at(n - 2)))
  else {
    const [h, k] = [at(n - 3), at(n - 2)]
    const both = p.add(h, k)
    const last = p.div(p.add(p.mul(k, 2), h), p.mul(k, both))
    parts.push(
      weighed([
        [p.div(k, p.mul(h, both)), take(n - 3, 1)],
        [p.neg(p.div(both, p.mul(h, k))), take(n - 2, 1)],
        [last, take(n - 1, 1)],
      ]),
    )
  }
  return p.concatenate(parts, axis)
}

/** How many elements lie in each of `bins` equal parts of [min, max], of the data's own range when both are equal; others are left out. */
export const histc = keyed('histc', 'bins min max', (input: Tensor, bins = 100, min = 0, max = 0): Tensor => {
  const t = tensorArg('histc', input)
  if (!t.raw.dtype.isFloat) throw new DTypeError(`"histogram_cpu" is not supported for dtype ${t.raw.dtype.name}`, { op: 'histc' })
  if (!Number.isInteger(bins)) throw new ArgumentError("histc(): argument 'bins' must be int", { op: 'histc' })
  if (!(bins > 0)) throw new RuntimeError('torch.histogramdd(): bins must be > 0')
  const x = p.reshape(p.cast(t.memory, float64), [t.numel()])
  const [low, high] = bounds('torch.histc', x, min === max ? null : [min, max], 1)
  const inside = p.logicalAnd(p.ge(x, low), p.le(x, high))
  const kept = p.maskedSelect(x, inside)
  const place = p.minimum(p.cast(p.mul(p.div(p.sub(kept, low), high - low), bins), int64), bins - 1)
  return new Tensor(p.cast(p.bincount(viewOf(place), bins, null), t.raw.dtype))
})

/** The range given, or that of the data; widened when it is empty. */
function bounds(name: string, x: Value, range: readonly number[] | null, widen = 0.5): [number, number] {
  const read = (v: Value): number => Number(new Tensor(v).item())
  let [low, high] = range ? [range[0]!, range[1]!] : x.shape[0] === 0 ? [0, 1] : [read(p.amin(x)), read(p.amax(x))]
  if (!(Number.isFinite(low) && Number.isFinite(high))) throw new RuntimeError(`${name}: range of [${low}, ${high}] is not finite`)
  if (low > high) throw new RuntimeError(`${name}: max must be larger than min`)
  if (low === high) {
    low -= widen
    high += widen
  }
  return [low, high]
}

/** Keywords of histogram. */
export interface HistogramOptions {
  readonly range?: readonly number[] | null
  /** How much each element counts. */
  readonly weight?: Tensor | null
  /** Divided by the total and the bins' size. */
  readonly density?: boolean
}
/** `{ hist, bin_edges }`. */
export interface Histogram extends Iterable<unknown> {
  readonly hist: Tensor
  readonly bin_edges: Tensor
}
/** `{ hist, bin_edges }`, with the edges of each dimension. */
export interface HistogramDD extends Iterable<unknown> {
  readonly hist: Tensor
  readonly bin_edges: readonly Tensor[]
}

/** How many elements lie between neighbours of `bins` edges, or in `bins` equal parts of a range. */
export const histogram = keyed(
  'histogram',
  'bins ...',
  (input: Tensor, bins: number | Tensor, options: HistogramOptions = {}): Histogram => {
    const t = tensorArg('histogram', input)
    const { weight = null } = options ?? {}
    const weights = weight ? new Tensor(p.reshape(weight.value, [t.numel()])) : null
    const points = new Tensor(p.reshape(t.value, [t.numel(), 1]))
    const [hist, edges] = counted('torch.histogram', points, [bins], { ...options, weight: weights })
    return new NamedTuple('histogram', ['hist', 'bin_edges'], [hist, edges[0]!]) as unknown as Histogram
  },
)

/** How many points, the last dimension being their coordinates, lie in each cell of a grid. */
export const histogramdd = keyed(
  'histogramdd',
  'bins ...',
  (input: Tensor, bins: number | readonly (number | Tensor)[], options: HistogramOptions = {}): HistogramDD => {
    const t = tensorArg('histogramdd', input)
    if (t.ndim < 2) throw new RuntimeError('torch.histogramdd(): input tensor should have at least 2 dimensions')
    const d = t.raw.shape.at(-1)!
    const all = typeof bins === 'number' ? new Array<number>(d).fill(bins) : bins
    if (all.length !== d)
      throw new RuntimeError(`torch.histogramdd(): The size of bins must be equal to the innermost dimension of the input.`)
    const points = new Tensor(p.reshape(t.value, [t.numel() / Math.max(d, 1), d]))
    const weight = options?.weight ? new Tensor(p.reshape(options.weight.value, [points.raw.shape[0]!])) : null
    const [hist, edges] = counted('torch.histogramdd', points, all, { ...options, weight })
    return new NamedTuple('histogramdd', ['hist', 'bin_edges'], [hist, edges] as unknown as Tensor[]) as unknown as HistogramDD
  },
)

function counted(name: string, points: Tensor, bins: readonly (number | Tensor)[], options: HistogramOptions): [Tensor, Tensor[]] {
  const { dtype } = points.raw
  if (!dtype.isFloat) throw new DTypeError(`"histogram_cpu" is not supported for dtype ${dtype.name}`, { op: name })
  const { range = null, weight = null, density = false } = options
  const n = points.raw.shape[0]!
  const columns = bins.map((_, k) => p.reshape(p.narrow(points.memory, 1, k, 1), [n]))
  const edges = bins.map((b, k) => {
    if (b instanceof Tensor) return new Tensor(p.clone(b.memory))
    if (!(b > 0)) throw new RuntimeError(`${name}(): bins must be > 0`)
    const [low, high] = bounds(name, columns[k]!, range ? range.slice(2 * k, 2 * k + 2) : null)
    return linspace(low, high, b + 1, { dtype: dtype.name as 'float32' })
  })
  const sizes = edges.map((e) => e.numel() - 1)
  let inside: Value = p.full([n], true, p.eq(columns[0]!, 0).dtype)
  let place: Value = p.full([n], 0, int64)
  columns.forEach((column, k) => {
    const e = edges[k]!.memory
    const found = p.sub(p.searchsorted(e, column, true), 1)
    const last = p.narrow(e, 0, sizes[k]!, 1)
    // the last bin has its upper edge too
    const at = p.where(p.eq(column, last), sizes[k]! - 1, found, { dtype: int64 })
    inside = p.logicalAnd(inside, p.logicalAnd(p.ge(at, 0), p.lt(at, sizes[k]!)))
    place = p.add(p.mul(place, sizes[k]!), at)
  })
  const total = sizes.reduce((a, b) => a * b, 1)
  const kept = viewOf(p.maskedSelect(place, inside))
  const weights = weight ? viewOf(p.maskedSelect(p.cast(weight.memory, float64), inside)) : null
  let hist: Value = p.cast(p.reshape(p.bincount(kept, total, weights), sizes), dtype)
  if (density) {
    hist = p.div(hist, p.sum(hist))
    edges.forEach((e, k) => {
      const v = e.memory
      const width = p.sub(p.narrow(v, 0, 1, sizes[k]!), p.narrow(v, 0, 0, sizes[k]!))
      hist = p.div(
        hist,
        p.reshape(
          width,
          sizes.map((m, i) => (i === k ? m : 1)),
        ),
      )
    })
  }
  return [new Tensor(hist), edges]
}

/** Combinations of `r` elements of a vector, one a row. */
export const combinations = keyed('combinations', 'r with_replacement', (input: Tensor, r = 2, with_replacement = false): Tensor => {
  const t = tensorArg('combinations', input)
  if (t.ndim !== 1) throw new RuntimeError(`Expect a 1D vector, but got shape [${t.raw.shape.join(', ')}]`)
  if (!(r >= 0)) throw new RuntimeError(`Expect a non-negative number, but got ${r}`)
  if (r === 0) return new Tensor(p.full([0], 0, t.raw.dtype))
  const n = t.raw.shape[0]!
  const rows: number[][] = []
  const row: number[] = []
  const extend = (from: number): void => {
    if (row.length === r) {
      rows.push([...row])
      return
    }
    for (let i = from; i < n; i++) {
      row.push(i)
      extend(with_replacement ? i : i + 1)
      row.pop()
    }
  }
  extend(0)
  const index = p.reshape(vector(rows.flat()), [rows.length, r])
  return new Tensor(rows.length === 0 ? p.full([0, r], 0, t.raw.dtype) : p.index(t.value, [index]))
})
const vector = (values: readonly number[]): Value => makeView(values, [values.length], int64)

/** The coordinates, one tensor for each dimension, of indices into the flattened elements of a shape. */
export const unravel_index = keyed('unravel_index', 'shape', (indices: Tensor, shape: number | readonly number[]): Tensor[] => {
  const t = tensorArg('unravel_index', indices, 'indices')
  if (!t.raw.dtype.isInteger) throw new RuntimeError(`expected 'indices' to be integer dtype, but got torch.${t.raw.dtype.name}`)
  const sizes = intList('unravel_index', shape, 'shape')
  if (sizes.some((n) => n < 0)) throw new RuntimeError(`'shape' cannot have negative values, but got [${sizes.join(', ')}]`)
  let rest = p.cast(t.value, int64)
  const out: Tensor[] = []
  for (let i = sizes.length - 1; i >= 0; i--) {
    out.unshift(new Tensor(p.remainder(rest, sizes[i]!)))
    rest = p.floorDivide(rest, sizes[i]!)
  }
  return out
})
