/** Fits, roots and Gauss's quadrature in any basis. */

import { describe } from '../../core/describe.ts'
import { float64 } from '../../core/dtype.ts'
import { DTypeError, ValueError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import { warn } from '../../core/warnings.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asView, castView, wrap } from '../convert.ts'
import { finfo } from '../limits.ts'
import { eigvals, eigvalsh, lstsq } from '../linalg.ts'
import type { NDArray } from '../ndarray.ts'
import { sort } from '../sorting.ts'
import type { ArrayLike } from '../types.ts'
import { line, product } from './arithmetic.ts'
import type { Basis } from './basis.ts'
import { vandermonde, wrongDegree } from './evaluate.ts'
import { asSeries, bounded, floating, joined, over, plus, type Series, slices, times } from './series.ts'

/** Keyword arguments of fits. */
export interface FitOptions {
  /** Singular values below this part of the largest count as zero. */
  rcond?: number | null
  /** Gives `[coefficients, [residuals, rank, singular values, rcond]]`. */
  full?: boolean
  /** How much each point counts. */
  w?: ArrayLike | null
}

const float = (x: ArrayLike): View => {
  const v = asView(x)
  return castView(v, floating(v.dtype))
}

/** The degrees of the terms of a fit: all up to a number, or those of a list. */
function degrees(deg: number | readonly number[] | NDArray): { list: number[]; all: boolean } {
  const v = asView(deg as ArrayLike)
  if (v.ndim > 1 || !v.dtype.isInteger || v.size === 0) throw wrongDegree()
  const list = [...wrap(p.reshape(v, [v.size])).flat].map(Number)
  if (list.some((d) => d < 0)) throw new ValueError('expected deg >= 0')
  for (const d of list) bounded('a degree', d)
  if (v.ndim === 0) return { list: Array.from({ length: list[0]! + 1 }, (_, i) => i), all: true }
  return { list: list.sort((a, b) => a - b), all: false }
}

/** The series of degrees that fits points best by least squares; `y` may hold several sets of values as columns. */
export function fitted(basis: Basis, x: ArrayLike, y: ArrayLike, deg: number | readonly number[], options: FitOptions): any {
  const { rcond = null, full = false, w = null } = options
  const [px, py] = [float(x), float(y)]
  const { list, all } = degrees(deg)
  if (px.ndim !== 1) throw new DTypeError('expected 1D vector for x')
  if (px.size === 0) throw new DTypeError('expected non-empty vector for x')
  if (py.ndim < 1 || py.ndim > 2) throw new DTypeError('expected 1D or 2D array for y')
  if (px.shape[0] !== py.shape[0]) throw new DTypeError('expected x and y to have same length')
  const most = list[list.length - 1]!
  const columns = slices(p.transpose(vandermonde(basis, wrap(px), most).value, [1, 0]) as View)
  let left = p.stack(
    list.map((d) => columns[d]!),
    1,
  ) as View
  let right = py
  if (w !== null) {
    const weights = float(w)
    if (weights.ndim !== 1) throw new DTypeError('expected 1D vector for w')
    if (weights.size !== px.size) throw new DTypeError('expected x and w to have same length')
    const column = p.reshape(weights, [weights.size, 1])
    left = times(left, column)
    right = times(right, py.ndim === 2 ? column : weights)
  }
  const cut = rcond ?? px.size * finfo(px.dtype).eps
  const square = left.dtype.isComplex ? plus(p.square(p.real(left)), p.square(p.imag(left))) : (p.square(left) as View)
  const norms = p.sqrt(p.sum(square, 0)) as View
  const scale = castView(p.where(p.eq(norms, 0), p.full([], 1, norms.dtype), norms) as View, left.dtype)
  const [solution, residuals, rank, s] = lstsq(wrap(over(left, scale)), wrap(right), { rcond: cut })
  const c = over(solution.value, py.ndim === 2 ? p.reshape(scale, [scale.size, 1]) : scale)
  const coefficients = all ? wrap(c) : wrap(spread(c, list, most))
  if (rank !== list.length && !full) warn('The fit may be poorly conditioned', 'RankWarning')
  return full ? [coefficients, [residuals, rank, s, cut]] : coefficients
}

/** Coefficients at their degrees, zeros between. */
function spread(c: View, list: readonly number[], most: number): View {
  const rows = slices(c)
  const zero = p.full(c.shape.slice(1), 0, c.dtype) as View
  return p.stack(
    Array.from({ length: most + 1 }, (_, d) => rows[list.indexOf(d)] ?? zero),
    0,
  ) as View
}

/** The series with given roots: products of lines, pairwise. */
export function withRoots(basis: Basis, roots: ArrayLike): NDArray {
  if (asView(roots).size === 0) return wrap(p.full([1], 1, float64))
  const [given] = asSeries([roots], false)
  const sorted = slices(sort(joined(given!)).value)
  const one = p.full([], 1, sorted[0]!.dtype) as View
  let parts: View[][] = sorted.map((r) => line(basis, p.neg(r) as View, one))
  while (parts.length > 1) {
    const half = Math.floor(parts.length / 2)
    const next = Array.from({ length: half }, (_, i) => product(basis, parts[i]!, parts[i + half]!))
    if (parts.length % 2 === 1) next[0] = product(basis, next[0]!, parts[parts.length - 1]!)
    parts = next
  }
  return joined(parts[0]!)
}

/** The ratio of the norms of neighbouring basis functions: what makes the companion matrix symmetric. */
const coupling = (basis: Basis, n: number): number =>
  Math.sign(basis.a(n)) * Math.sqrt(Math.abs(basis.c(n + 1) / (basis.a(n) * basis.a(n + 1))))

const MOST_ROWS = 4096

/** The matrix whose eigenvalues are the roots: symmetric for basis functions themselves, where the basis is orthogonal. */
export function companion(basis: Basis, c: ArrayLike): NDArray {
  const [series] = asSeries([c])
  const n = series!.length - 1
  if (n < 1) throw new ValueError('Series must have maximum degree of at least 1.')
  const { dtype } = series![0]!
  const real = (x: number): View => p.full([], x, dtype) as View
  const last = series![n]!
  const orthogonal = basis.symbol !== null
  if (n === 1) {
    const root = over(plus(times(over(series![0]!, last), -1), real(-basis.b(0))), basis.a(0))
    return wrap(p.reshape(root, [1, 1]))
  }
  bounded('a matrix for a degree', n, MOST_ROWS)
  const zero = real(0)
  const rows: View[][] = Array.from({ length: n }, () => new Array<View>(n).fill(zero))
  // `scale[i]` is the norm of function i beside that of the last one.
  const scale = new Array<number>(n).fill(1)
  for (let i = n - 2; i >= 0; i--) scale[i] = orthogonal ? scale[i + 1]! / Math.abs(coupling(basis, i) * basis.a(i)) : 1
  for (let i = 0; i < n; i++) {
    if (basis.b(i) !== 0) rows[i]![i] = real(-basis.b(i) / basis.a(i))
    if (i + 1 < n) {
      const beside = orthogonal ? coupling(basis, i) : 1
      rows[i + 1]![i] = real(beside)
      if (orthogonal) rows[i]![i + 1] = real(beside)
    }
  }
  for (let i = 0; i < n; i++) {
    rows[i]![n - 1] = plus(rows[i]![n - 1]!, times(over(series![i]!, last), -scale[i]! / basis.a(n - 1)))
  }
  return wrap(
    p.stack(
      rows.map((row) => p.stack(row, 0)),
      0,
    ),
  )
}

/** The roots of a series, sorted. */
export function rootsOf(basis: Basis, c: ArrayLike): NDArray {
  const [series] = asSeries([c])
  const { dtype } = series![0]!
  if (series!.length < 2) return wrap(p.full([0], 0, dtype))
  const matrix = companion(basis, joined(series!)).value
  if (series!.length === 2) return wrap(p.reshape(matrix, [1]))
  return sort(eigvals(wrap(p.flip(matrix, [0, 1]))))
}

/** Values and derivatives at a point of the orthonormal functions of degrees n - 1 and n, and the sum of squares below n. */
function orthonormal(basis: Basis, n: number, x: number): { value: number; slope: number; squares: number } {
  let [before, here] = [0, 1]
  let [slopeBefore, slope] = [0, 0]
  let squares = 0
  for (let k = 0; k < n; k++) {
    squares += here * here
    const [middle, up] = [-basis.b(k) / basis.a(k), coupling(basis, k)]
    const down = k === 0 ? 0 : coupling(basis, k - 1)
    const next = ((x - middle) * here - down * before) / up
    const slopeNext = (here + (x - middle) * slope - down * slopeBefore) / up
    ;[before, here, slopeBefore, slope] = [here, next, slope, slopeNext]
  }
  return { value: here, slope, squares }
}

/** Nodes and weights of Gauss's quadrature of degree `2 deg - 1` for the basis's weight function (Golub and Welsch, one Newton step). */
export function gaussRule(basis: Basis, deg: number): [NDArray, NDArray] {
  if (!Number.isInteger(deg)) throw new DTypeError(`deg must be an integer, received ${describe(deg)}`)
  if (deg <= 0) throw new ValueError('deg must be a positive integer')
  bounded('a degree', deg, basis.gauss ? undefined : MOST_ROWS)
  const closed = basis.gauss?.(deg)
  if (closed) return [asFloats(closed[0]), asFloats(closed[1])]
  const unit: Series = slices(asView([...new Array<number>(deg).fill(0), 1], float64))
  const matrix = companion(basis, joined(unit))
  const nodes = [...(eigvalsh(matrix).flat as Iterable<number>)].map((x) => {
    const { value, slope } = orthonormal(basis, deg, x)
    return x - value / slope
  })
  const weights = nodes.map((x) => 1 / orthonormal(basis, deg, x).squares)
  if (basis.b(0) === 0) {
    const [x, w] = [[...nodes], [...weights]]
    for (let i = 0; i < deg; i++) {
      nodes[i] = (x[i]! - x[deg - 1 - i]!) / 2
      weights[i] = (w[i]! + w[deg - 1 - i]!) / 2
    }
  }
  const total = weights.reduce((s, w) => s + w, 0)
  return [asFloats(nodes), asFloats(weights.map((w) => (w * basis.mass!) / total))]
}

const asFloats = (list: readonly number[]): NDArray => wrap(asView(list as unknown as ArrayLike, float64))

export type { Series }
