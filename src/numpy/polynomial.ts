/** Polynomials by their coefficients, highest power first. */

import { keyword, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { complex128, float64 } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, asView, castView, unwrap, wrap } from './convert.ts'
import { trim_zeros } from './editing.ts'
import { concatenate } from './joining.ts'
import { finfo } from './limits.ts'
import { eigvals, inv, lstsq } from './linalg.ts'
import { linalgDType } from './linalg_support.ts'
import { array_equal } from './logic.ts'
import { convolve } from './math.ts'
import { diag, vander } from './matrices.ts'
import type { NDArray } from './ndarray.ts'
import { Poly1d } from './poly1d.ts'
import { outer } from './products.ts'
import { sort } from './sorting.ts'
import type { ArrayLike } from './types.ts'
import { add, multiply, subtract } from './ufuncs/arithmetic.ts'

/** Integrals and derivatives are taken one order at a time. */
const MOST_ORDER = 10_000

/**
 * The values of a polynomial, by Horner's rule.
 *
 * @example
 * np.polyval([3, 0, 1], [1, 2]) // => array([ 4, 13])
 */
export const polyval = /* @__PURE__ */ byName('polyval', 'p x', (coefficients: PolyLike, x: PolyLike): any => {
  if (x instanceof Poly1d) return composed(coefficientsOf(coefficients), x)
  const at = asArray(x)
  const list = coefficientsOf(coefficients).value
  // With an axis of its own nothing on the way becomes a plain number, which would promote as one.
  const points = wrap(p.reshape(at.value, [1, ...at.shape]))
  let y = wrap(p.full(points.shape, 0, at.value.dtype))
  for (let i = 0; i < list.size; i++) y = add(multiply(y, points), wrap(p.narrow(list, 0, i, 1))) as NDArray
  return unwrap(p.reshape(y.value, [...at.shape]))
})

/** A polynomial, or its coefficients, highest power first. */
type PolyLike = ArrayLike | Poly1d

const coefficientsOf = (c: PolyLike): NDArray => (c instanceof Poly1d ? c.coeffs : asArray(c))

/** A polynomial of a polynomial, by Horner's rule. */
function composed(coefficients: NDArray, x: Poly1d): Poly1d {
  let y = new Poly1d([0])
  for (const c of coefficients) y = y.multiply(x).add([c] as unknown as ArrayLike)
  return y
}

/** Gives polynomials when one was given, else arrays of coefficients. */
const likeGiven = (given: readonly unknown[], c: NDArray): any => (given.some((x) => x instanceof Poly1d) ? new Poly1d(c) : c)

/** Keyword arguments of `polyfit`. */
export interface PolyfitOptions {
  rcond?: number | null
  /** Gives `[coefficients, residuals, rank, singular values, rcond]`. */
  full?: boolean
  /** How much each point counts: applied to the distances before they are squared. */
  w?: ArrayLike | null
  /** Gives `[coefficients, covariance]`; `'unscaled'` does not scale it. */
  cov?: boolean | 'unscaled'
}
const polyfitArgs = signature<PolyfitOptions>('polyfit', ['rcond', 'full', 'w', 'cov'], [], 3)

/**
 * The coefficients of the polynomial of a degree that fits points best by least squares.
 *
 * @example
 * np.round(np.polyfit([0, 1, 2, 3], [1, 3, 5, 7], 1), 6) // => array([2., 1.])
 */
export const polyfit = /* @__PURE__ */ byName(
  'polyfit',
  'x y deg',
  (x: ArrayLike, y: ArrayLike, deg: number, ...rest: Rest<PolyfitOptions, ['rcond', 'full', 'w', 'cov']>): any => {
    const { rcond, full = false, w, cov = false } = polyfitArgs(rest)
    const [px, py] = [castView(asView(x), linalgDType([asView(x).dtype])), castView(asView(y), linalgDType([asView(y).dtype]))]
    const order = deg + 1
    if (deg < 0) throw new ValueError('expected deg >= 0', { op: 'polyfit' })
    if (px.ndim !== 1) throw new DTypeError('expected 1D vector for x', { op: 'polyfit' })
    if (px.size === 0) throw new DTypeError('expected non-empty vector for x', { op: 'polyfit' })
    if (py.ndim < 1 || py.ndim > 2) throw new DTypeError('expected 1D or 2D array for y', { op: 'polyfit' })
    if (px.shape[0] !== py.shape[0]) throw new DTypeError('expected x and y to have same length', { op: 'polyfit' })
    const cut = rcond ?? px.size * finfo(px.dtype).eps
    let left = vander(wrap(px), order).value
    let right = py
    if (w !== undefined && w !== null) {
      const weights = castView(asView(w), px.dtype)
      left = p.mul(left, p.reshape(weights, [weights.size, 1])) as View
      right = p.mul(right, py.ndim === 2 ? p.reshape(weights, [weights.size, 1]) : weights) as View
    }
    const scale = p.sqrt(p.sum(p.mul(left, left), 0)) as View
    const [solution, residuals, rank, s] = lstsq(wrap(p.div(left, scale)), wrap(right), { rcond: cut })
    const unscale = (v: Value): Value => p.div(v, py.ndim === 2 ? p.reshape(scale, [order, 1]) : scale)
    const c = wrap(unscale(solution.value))
    if (full) return [c, residuals, rank, s, cut]
    if (!cov) return c
    const scaled = p.div(left, scale) as View
    const base = p.div(inv(wrap(p.matmul(p.transpose(scaled, [1, 0]), scaled))).value, outer(wrap(scale), wrap(scale)).value)
    if (cov === 'unscaled') return [c, wrap(base)]
    if (px.size <= order)
      throw new ValueError('the number of data points must exceed order to scale the covariance matrix', { op: 'polyfit' })
    const factor = p.div(residuals.value, px.size - order)
    return [c, wrap(p.mul(base, factor))]
  },
)

/**
 * The coefficients of the polynomial with given roots (or the characteristic polynomial of a matrix).
 *
 * @example
 * np.poly([1, 2]) // => array([ 1., -3.,  2.])
 */
export const poly = /* @__PURE__ */ byName('poly', 'seq_of_zeros', (seq_of_zeros: ArrayLike): NDArray => {
  let zeros = asArray(seq_of_zeros)
  if (zeros.ndim === 2 && zeros.shape[0] === zeros.shape[1] && zeros.size > 0) zeros = eigvals(zeros)
  if (zeros.ndim > 1) throw new ValueError('input must be 1d or non-empty square 2d array.', { op: 'poly' })
  const dtype = zeros.value.dtype.isInexact ? zeros.value.dtype : float64
  let a = wrap(p.full([1], 1, dtype))
  for (const z of items(castView(p.reshape(zeros.value, [zeros.size]) as View, dtype))) {
    const factor = p.concatenate([p.full([1], 1, dtype), p.neg(p.reshape(asView(z as ArrayLike, dtype), [1]))])
    a = convolve(a, wrap(factor))
  }
  // Roots in conjugate pairs make real coefficients.
  if (!a.value.dtype.isComplex) return a
  const flat = wrap(castView(p.reshape(zeros.value, [zeros.size]) as View, dtype))
  const paired = array_equal(sort(flat), sort(wrap(p.conj(flat.value))))
  return paired ? wrap(castView(p.real(a.value) as View, p.real(a.value).dtype)).copy() : a
})

/**
 * The roots of a polynomial: the eigenvalues of its companion matrix.
 *
 * @example
 * np.sort(np.roots([1, -3, 2])).round(6) // => array([1., 2.])
 */
export const roots = /* @__PURE__ */ byName('roots', 'p', (coefficients: PolyLike): NDArray => {
  const given = coefficientsOf(coefficients)
  if (given.ndim !== 1) throw new ValueError('Input must be a rank-1 array.', { op: 'roots' })
  const trimmed = trim_zeros(given) as NDArray
  if (trimmed.size === 0) return wrap(p.full([0], 0, float64))
  const list = items(given.value)
  let trailing = 0
  while (trailing < list.length && Number(list[list.length - 1 - trailing]) === 0) trailing++
  const c = castView(trimmed.value, trimmed.value.dtype.isInexact ? trimmed.value.dtype : float64)
  const n = c.size - 1
  const zeros = (dtype = c.dtype): NDArray => wrap(p.full([trailing], 0, dtype))
  if (n === 0) return zeros()
  const companion = diag(wrap(p.full([n - 1], 1, c.dtype)), -1).value
  const row = p.neg(p.div(p.narrow(c, 0, 1, n), p.narrow(c, 0, 0, 1)))
  const full = n === 1 ? p.reshape(row, [1, 1]) : p.concatenate([p.reshape(row, [1, n]), p.narrow(companion, 0, 1, n - 1)])
  const found = eigvals(wrap(full))
  return trailing === 0 ? found : concatenate([found, zeros(found.value.dtype)])
})

/**
 * The sum of two polynomials.
 *
 * @example
 * np.polyadd([1, 2], [9, 5, 4]) // => array([9, 6, 6])
 */
export const polyadd = /* @__PURE__ */ byName('polyadd', 'a1 a2', (a1: PolyLike, a2: PolyLike): any => {
  const [x, y] = padded(coefficientsOf(a1), coefficientsOf(a2))
  return likeGiven([a1, a2], asArray(add(x, y)))
})

/**
 * The difference of two polynomials.
 *
 * @example
 * np.polysub([2, 10, -2], [3, 10, -4]) // => array([-1,  0,  2])
 */
export const polysub = /* @__PURE__ */ byName('polysub', 'a1 a2', (a1: PolyLike, a2: PolyLike): any => {
  const [x, y] = padded(coefficientsOf(a1), coefficientsOf(a2))
  return likeGiven([a1, a2], asArray(subtract(x, y)))
})

function padded(a1: ArrayLike, a2: ArrayLike): [NDArray, NDArray] {
  const lists = [a1, a2].map((a) => {
    const v = asView(a)
    return p.reshape(v, [v.size]) as View
  })
  const n = Math.max(...lists.map((v) => v.size))
  return lists.map((v) => wrap(p.pad(v, [n - v.size], [0], 0))) as [NDArray, NDArray]
}

/**
 * The product of two polynomials.
 *
 * @example
 * np.polymul([1, 2], [1, 3]) // => array([1, 5, 6])
 */
export const polymul = /* @__PURE__ */ byName('polymul', 'a1 a2', (a1: PolyLike, a2: PolyLike): any =>
  likeGiven([a1, a2], convolve(trimmed(coefficientsOf(a1)), trimmed(coefficientsOf(a2)))),
)

/** The coefficients without zeros in front; a zero for nothing else. */
function trimmed(coefficients: ArrayLike): NDArray {
  const given = asArray(coefficients)
  const list = given.ndim > 0 ? given : wrap(p.reshape(given.value, [1]))
  const rest = trim_zeros(list, 'f') as NDArray
  return rest.size > 0 ? rest : wrap(p.full([1], 0, list.value.dtype))
}

/**
 * Quotient and remainder of two polynomials.
 *
 * @example
 * np.polydiv([3, 5, 2], [2, 1]) // => [ array([1.5 , 1.75]), array([0.25]) ]
 */
export const polydiv = /* @__PURE__ */ byName('polydiv', 'u v', (u: PolyLike, v: PolyLike): [any, any] => {
  const given = [coefficientsOf(u), coefficientsOf(v)].map((c) => (c.ndim === 0 ? wrap(p.reshape(c.value, [1])) : c))
  const dtype = promoteAll([
    ...given.map((c) => c.value.dtype),
    given.some((c) => c.value.dtype.isInexact) ? given[0]!.value.dtype : float64,
  ])
  const to = dtype.isInexact || dtype.isObject ? dtype : float64
  const [num, den] = given.map((c) => castView(c.value, to)) as [View, View]
  const [m, n] = [num.size - 1, den.size - 1]
  const scale = p.div(p.full([], 1, to), p.reshape(p.narrow(den, 0, 0, 1), []))
  const quotient: View[] = []
  let left = num
  for (let k = 0; k <= m - n; k++) {
    const d = p.mul(p.narrow(left, 0, k, 1), scale) as View
    quotient.push(d)
    const changed = p.sub(p.narrow(left, 0, k, n + 1), p.mul(den, d))
    left = p.concatenate([p.narrow(left, 0, 0, k), changed, p.narrow(left, 0, k + n + 1, m - n - k)]) as View
  }
  const small = items(p.le(p.abs(left), 1e-8) as View) as boolean[]
  let first = 0
  while (first < small.length - 1 && small[first]) first++
  const q = quotient.length > 0 ? wrap(p.concatenate(quotient)) : wrap(p.full([1], 0, to))
  return [likeGiven([u, v], q), likeGiven([u, v], wrap(p.narrow(left, 0, first, small.length - first)))]
})

/**
 * The m-th derivative of a polynomial.
 *
 * @example
 * np.polyder([1, 1, 1, 1]) // => array([3, 2, 1])
 */
export const polyder = /* @__PURE__ */ byName('polyder', 'p', (poly: PolyLike, order: number | { m?: number } = 1): any => {
  const m = keyword<number>('polyder', 'm', order, 1)
  if (m < 0) throw new ValueError('Order of derivative must be positive (see polyint)', { op: 'polyder' })
  let c = coefficientsOf(poly)
  for (let k = 0; k < m && c.size > 0; k++) {
    const n = c.size - 1
    const powers = asArray(Array.from({ length: Math.max(n, 0) }, (_, i) => n - i))
    c = n <= 0 ? wrap(p.full([0], 0, c.value.dtype)) : asArray(multiply(wrap(p.narrow(c.value, 0, 0, n)), powers))
  }
  return likeGiven([poly], c)
})

/**
 * The m-th antiderivative of a polynomial, with integration constants k.
 *
 * @example
 * np.polyint([3, 2, 1]) // => array([1., 1., 1., 0.])
 */
export const polyint = /* @__PURE__ */ byName('polyint', 'p', (poly: PolyLike, ...rest: Rest<PolyintOptions, ['m', 'k']>): any => {
  const { m = 1, k = 0 } = polyintArgs(rest)
  if (m < 0) throw new ValueError('Order of integral must be positive (see polyder)', { op: 'polyint' })
  if (m > MOST_ORDER) throw new ValueError(`order ${m} is too high`, { op: 'polyint' })
  const given = asView(k ?? 0)
  const list = items(given)
  if (given.ndim > 1 || (list.length !== 1 && list.length < m))
    throw new ValueError('k must be a scalar or a rank-1 array of length 1 or >m.', { op: 'polyint' })
  const source = coefficientsOf(poly).value
  let c = castView(source, source.dtype.isComplex || given.dtype.isComplex ? complex128 : source.dtype.isFloat ? source.dtype : float64)
  for (let i = 0; i < m; i++) {
    const n = c.size
    const powers = castView(asView(Array.from({ length: n }, (_, j) => n - j)), c.dtype)
    const constant = asView(list[list.length === 1 ? 0 : i] as ArrayLike, c.dtype)
    c = p.concatenate([p.div(c, powers), p.reshape(constant, [1])]) as View
  }
  return likeGiven([poly], wrap(c))
})

/** Keyword arguments of `polyint`. */
export interface PolyintOptions {
  /** How many times. Default 1. */
  m?: number
  /** The constants of integration: one for all, or one each. */
  k?: ArrayLike
}
const polyintArgs = signature<PolyintOptions>('polyint', ['m', 'k'])
