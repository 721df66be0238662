/** Polynomials by their coefficients, highest power first. */

import { type Rest, signature } from '../core/arguments.ts'
import { complex128, float64 } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import { asArray, asView, castView, unwrap, wrap } from './convert.ts'
import { trim_zeros } from './editing.ts'
import { concatenate } from './joining.ts'
import { finfo } from './limits.ts'
import { eigvals, inv, lstsq } from './linalg.ts'
import { linalgDType } from './linalg_support.ts'
import { convolve } from './math.ts'
import { diag, vander } from './matrices.ts'
import type { NDArray } from './ndarray.ts'
import { outer } from './products.ts'
import type { ArrayLike, Result } from './types.ts'
import { add, multiply } from './ufuncs/arithmetic.ts'

/** Integrals and derivatives are taken one order at a time. */
const MOST_ORDER = 10_000

/**
 * The values of a polynomial, by Horner's rule.
 *
 * @example
 * np.polyval([3, 0, 1], [1, 2]) // => array([ 4, 13])
 */
export function polyval(coefficients: ArrayLike, x: ArrayLike): Result {
  const at = asArray(x)
  const list = asView(coefficients)
  // With an axis of its own nothing on the way becomes a plain number, which would promote as one.
  const points = wrap(p.reshape(at.value, [1, ...at.shape]))
  let y = wrap(p.full(points.shape, 0, at.value.dtype))
  for (let i = 0; i < list.size; i++) y = add(multiply(y, points), wrap(p.narrow(list, 0, i, 1))) as NDArray
  return unwrap(p.reshape(y.value, [...at.shape]))
}

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
export function polyfit(x: ArrayLike, y: ArrayLike, deg: number, ...rest: Rest<PolyfitOptions, ['rcond', 'full', 'w', 'cov']>): any {
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
}

/**
 * The coefficients of the polynomial with given roots (or the characteristic polynomial of a matrix).
 *
 * @example
 * np.poly([1, 2]) // => array([ 1., -3.,  2.])
 */
export function poly(seq_of_zeros: ArrayLike): NDArray {
  let zeros = asArray(seq_of_zeros)
  if (zeros.ndim === 2 && zeros.shape[0] === zeros.shape[1] && zeros.size > 0) zeros = eigvals(zeros)
  if (zeros.ndim > 1) throw new ValueError('input must be 1d or non-empty square 2d array.', { op: 'poly' })
  const dtype = zeros.value.dtype.isInexact ? zeros.value.dtype : float64
  let a = wrap(p.full([1], 1, dtype))
  for (const z of items(castView(p.reshape(zeros.value, [zeros.size]) as View, dtype))) {
    const factor = p.concatenate([p.full([1], 1, dtype), p.neg(p.reshape(asView(z as ArrayLike, dtype), [1]))])
    a = convolve(a, wrap(factor))
  }
  return a
}

/**
 * The roots of a polynomial: the eigenvalues of its companion matrix.
 *
 * @example
 * np.sort(np.roots([1, -3, 2])).round(6) // => array([1., 2.])
 */
export function roots(coefficients: ArrayLike): NDArray {
  const given = asArray(coefficients)
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
}

/**
 * The sum of two polynomials.
 *
 * @example
 * np.polyadd([1, 2], [9, 5, 4]) // => array([9, 6, 6])
 */
export function polyadd(a1: ArrayLike, a2: ArrayLike): NDArray {
  const [x, y] = padded(a1, a2)
  return asArray(add(x, y))
}

/**
 * The difference of two polynomials.
 *
 * @example
 * np.polysub([2, 10, -2], [3, 10, -4]) // => array([-1,  0,  2])
 */
export function polysub(a1: ArrayLike, a2: ArrayLike): NDArray {
  const [x, y] = padded(a1, a2)
  return wrap(p.sub(x.value, castView(y.value, x.value.dtype)))
}

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
export const polymul = (a1: ArrayLike, a2: ArrayLike): NDArray => convolve(trimmed(a1), trimmed(a2))

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
export function polydiv(u: ArrayLike, v: ArrayLike): [NDArray, NDArray] {
  const [a, b] = [castView(asView(u), float64), castView(asView(v), float64)]
  const [num, den] = [items(a) as number[], items(b) as number[]]
  const [m, n] = [num.length - 1, den.length - 1]
  const scale = 1 / den[0]!
  const quotient = new Array<number>(Math.max(m - n + 1, 1)).fill(0)
  const left = [...num]
  for (let k = 0; k <= m - n; k++) {
    const d = scale * left[k]!
    quotient[k] = d
    for (let i = 0; i <= n; i++) left[k + i]! -= d * den[i]!
  }
  let first = 0
  while (first < left.length - 1 && Math.abs(left[first]!) <= 1e-8) first++
  return [asArray(quotient), asArray(left.slice(first))]
}

/**
 * The m-th derivative of a polynomial.
 *
 * @example
 * np.polyder([1, 1, 1, 1]) // => array([3, 2, 1])
 */
export function polyder(coefficients: ArrayLike, m = 1): NDArray {
  if (m < 0) throw new ValueError('Order of derivative must be positive (see polyint)', { op: 'polyder' })
  let c = asArray(coefficients)
  for (let k = 0; k < m && c.size > 0; k++) {
    const n = c.size - 1
    const powers = asArray(Array.from({ length: Math.max(n, 0) }, (_, i) => n - i))
    c = n <= 0 ? wrap(p.full([0], 0, c.value.dtype)) : asArray(multiply(wrap(p.narrow(c.value, 0, 0, n)), powers))
  }
  return c
}

/**
 * The m-th antiderivative of a polynomial, with integration constants k.
 *
 * @example
 * np.polyint([3, 2, 1]) // => array([1., 1., 1., 0.])
 */
export function polyint(coefficients: ArrayLike, m = 1, k: number | readonly number[] = 0): NDArray {
  if (m < 0) throw new ValueError('Order of integral must be positive (see polyder)', { op: 'polyint' })
  if (m > MOST_ORDER) throw new ValueError(`order ${m} is too high`, { op: 'polyint' })
  const constants = typeof k === 'number' ? new Array<number>(m).fill(k) : [...k]
  if (constants.length < m) throw new ValueError('k must be a scalar or a rank-1 array of length 1 or >m.', { op: 'polyint' })
  let c = castView(asView(coefficients), asView(coefficients).dtype.isComplex ? complex128 : float64)
  for (let i = 0; i < m; i++) {
    const n = c.size
    const powers = castView(asView(Array.from({ length: n }, (_, j) => n - j)), c.dtype)
    c = p.concatenate([p.div(c, powers), p.full([1], constants[i], c.dtype)]) as View
  }
  return wrap(c)
}
