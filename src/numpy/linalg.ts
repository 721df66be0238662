/** `np.linalg`: linear algebra on matrices in the last two axes. */

import { integer, integers, keyword, type Rest, sequence, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { int64, realOf } from '../core/dtype.ts'
import { DTypeError, LinAlgError, ShapeError, ValueError } from '../core/errors.ts'
import { normalizeAxis } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import { warn } from '../core/warnings.ts'
import * as p from '../ops/index.ts'
import { asArray, asView, castView, unwrap, wrap } from './convert.ts'
import { finfo } from './limits.ts'
import { rawQr } from './linalg_raw.ts'
import { guarded, matrices, named, square } from './linalg_support.ts'
import { transpose, matrix_transpose as transposed } from './manipulation.ts'
import { eye } from './matrices.ts'
import './methods.ts'
import type { NDArray } from './ndarray.ts'
import { type NormOrder, norm } from './norms.ts'
import * as products from './products.ts'
import type { ArrayLike, Result } from './types.ts'

export { cross, diagonal, matmul, outer, tensordot, trace, vecdot } from './linalg_aliases.ts'
export { type EigResult, eig, eigh, eigvals, eigvalsh, type SVDResult, type SvdOptions, svd, svdvals } from './linalg_spectral.ts'
export { matrix_transpose } from './manipulation.ts'
export { matrix_norm, norm, vector_norm } from './norms.ts'

export { LinAlgError }

/**
 * The solution x of `a x = b`; vectors when `b` is 1-d. A LinAlgError when `a` is singular.
 *
 * @example
 * np.linalg.solve([[2, 0], [0, 4]], [2, 4]) // => array([1., 1.])
 */
export const solve = /* @__PURE__ */ byName('solve', 'a b', (a: ArrayLike, b: ArrayLike): NDArray => {
  const [x, y] = matrices(a, b) as [View, View]
  square('solve', wrap(x))
  if (y.ndim === 1) {
    const n = y.shape[0]!
    if (n !== x.shape[x.ndim - 1]) throw mismatch('solve1', '(m,m),(m)->(m)', x, y)
    const out = guarded(() => p.solve(x, p.reshape(y, [n, 1])))
    return wrap(p.reshape(out, out.shape.slice(0, -1)))
  }
  const core = '(m,m),(m,n)->(m,n)'
  if (y.ndim === 0) {
    const text = `solve: Input operand 1 does not have enough dimensions (has 0, gufunc core with signature ${core} requires 2)`
    throw new ShapeError(text, { op: 'solve', shapes: [x.shape, y.shape] })
  }
  if (y.shape[y.ndim - 2] !== x.shape[x.ndim - 1]) throw mismatch('solve', core, x, y)
  return wrap(guarded(() => p.solve(x, y)))
})

const mismatch = (op: string, core: string, a: View, b: View): ShapeError =>
  new ShapeError(
    `${op}: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature ${core} (size ${b.shape[Math.max(0, b.ndim - 2)]} is different from ${a.shape[a.ndim - 1]})`,
    { op, shapes: [a.shape, b.shape] },
  )

/**
 * The inverse of square matrices. A LinAlgError when one is singular.
 *
 * @example
 * np.linalg.inv([[2, 0], [0, 4]]) // => array([[0.5 , 0.  ],
 *                                 //           [0.  , 0.25]])
 */
export const inv = /* @__PURE__ */ byName('inv', 'a', (a: ArrayLike): NDArray => {
  const x = square('inv', a)
  return wrap(guarded(() => p.inv(x)))
})

/**
 * The determinant of square matrices.
 *
 * @example
 * np.linalg.det([[1, 2], [3, 4]]).toFixed(6) // => -2.000000
 */
export const det = /* @__PURE__ */ byName('det', 'a', (a: ArrayLike): Result => unwrap(p.det(square('det', a))))

/** What `slogdet` gives. */
export interface SlogdetResult extends Array<Result> {
  readonly sign: Result
  readonly logabsdet: Result
}

/**
 * Sign and logarithm of the absolute value of the determinant.
 *
 * @example
 * np.linalg.slogdet([[1, 0], [0, 1]]) // => [ 1, 0 ]
 */
export const slogdet = /* @__PURE__ */ byName('slogdet', 'a', (a: ArrayLike): SlogdetResult => {
  const [sign, log] = p.slogdet(square('slogdet', a)) as [Value, Value]
  return named([unwrap(sign), unwrap(log)], ['sign', 'logabsdet'])
})

/**
 * The lower (or upper) triangular L with `a = L L^H` of Hermitian positive definite matrices; one triangle is read. A LinAlgError when one
 * is not positive definite.
 *
 * @example
 * np.linalg.cholesky([[4, 2], [2, 2]]) // => array([[2., 0.],
 *                                      //           [1., 1.]])
 */
export function cholesky(a: ArrayLike, options: { upper?: boolean } = {}): NDArray {
  const x = square('cholesky', a)
  return wrap(guarded(() => p.cholesky(x, options.upper ?? false)))
}

/** What `qr` gives. */
export interface QRResult extends Array<NDArray> {
  readonly Q: NDArray
  readonly R: NDArray
}
/** What `qr` gives: `'raw'` the reflectors and their factors, as LAPACK's geqrf leaves them. */
export type QrMode = 'reduced' | 'complete' | 'r' | 'raw' | 'full' | 'f' | 'economic' | 'e'
const qrArgs = signature<{ mode?: QrMode }>('qr', ['mode'])

/**
 * Q with orthonormal columns and upper triangular R, with `a = Q R`.
 *
 * @example
 * np.linalg.qr([[3, 0], [0, 2]]).R.shape // => [ 2, 2 ]
 */
export const qr = /* @__PURE__ */ byName('qr', 'a', (a: ArrayLike, ...rest: Rest<{ mode?: QrMode }, ['mode']>): QRResult => {
  const { mode = 'reduced' } = qrArgs(rest)
  if (mode === 'full' || mode === 'f') {
    warn("The 'full' option is deprecated in favor of 'reduced'.", 'DeprecationWarning')
    return qr(a, { mode: 'reduced' })
  }
  if (mode === 'raw' || mode === 'economic' || mode === 'e') {
    if (mode !== 'raw') warn("The 'economic' option is deprecated.", 'DeprecationWarning')
    const [h, tau] = rawQr(matrices(a)[0]!)
    return (mode === 'raw' ? [h, tau] : transposed(h)) as unknown as QRResult
  }
  if (mode !== 'reduced' && mode !== 'complete' && mode !== 'r') throw new ValueError(`Unrecognized mode '${String(mode)}'`, { op: 'qr' })
  const [x] = matrices(a) as [View]
  const [q, r] = p.qr(x, mode === 'complete').map((v) => wrap(v)) as [NDArray, NDArray]
  return mode === 'r' ? (r as unknown as QRResult) : named([q, r], ['Q', 'R'])
})

/**
 * A square matrix to an integer power, by repeated squaring; negative powers of the inverse.
 *
 * @example
 * np.linalg.matrix_power([[1, 1], [0, 1]], 5) // => array([[1, 5],
 *                                             //           [0, 1]])
 */
export const matrix_power = /* @__PURE__ */ byName('matrix_power', 'a n', (a: ArrayLike, n: number): NDArray => {
  if (!Number.isInteger(n)) throw new DTypeError('exponent must be an integer', { op: 'matrix_power' })
  let base = asArray(a)
  if (base.ndim < 2)
    throw new LinAlgError(`${base.ndim}-dimensional array given. Array must be at least two-dimensional`, { op: 'matrix_power' })
  const size = base.shape[base.ndim - 1]!
  if (size !== base.shape[base.ndim - 2]) throw new LinAlgError('Last 2 dimensions of the array must be square', { op: 'matrix_power' })
  if (n < 0) {
    base = inv(base)
    n = -n
  }
  const one = castView(eye(size).value, base.value.dtype)
  let result: NDArray | null = null
  for (; n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result = result === null ? base : products.matmul(result, base)
    if (n > 1) base = products.matmul(base, base)
  }
  return result === null ? wrap(p.broadcastTo(one, base.shape)) : asArray(result)
})

/** Keyword arguments of `matrix_rank` and `pinv`. */
export interface RankOptions {
  /** Singular values up to this count as zero. */
  tol?: ArrayLike | null
  hermitian?: boolean
  /** The same in proportion to the largest singular value. */
  rtol?: ArrayLike | null
  rcond?: ArrayLike | null
}
const rankArgs = signature<RankOptions>('matrix_rank', ['tol', 'hermitian'], ['rtol'])

/**
 * The number of singular values above a tolerance.
 *
 * @example
 * np.linalg.matrix_rank([[1, 2], [2, 4]]) // => 1
 */
export const matrix_rank = /* @__PURE__ */ byName(
  'matrix_rank',
  'A',
  (A: ArrayLike, ...rest: Rest<RankOptions, ['tol', 'hermitian']>): Result => {
    const { tol, rtol } = rankArgs(rest)
    if (tol !== undefined && tol !== null && rtol !== undefined && rtol !== null)
      throw new ValueError("`tol` and `rtol` can't be both set.", { op: 'matrix_rank' })
    const [x] = matrices(A) as [View]
    if (x.ndim < 2) return Number(unwrap(p.any(p.ne(x, 0))))
    const s = guarded(() => p.svdvals(x))
    if (s.shape[s.ndim - 1] === 0) return unwrap(p.full(s.shape.slice(0, -1), 0, int64))
    const largest = p.amax(s, -1, true)
    const part = finfo(s.dtype).eps * Math.max(x.shape[x.ndim - 1]!, x.shape[x.ndim - 2]!)
    const given = (t: ArrayLike): Value => castView(columnLike(asView(t)), s.dtype)
    const bound = tol !== undefined && tol !== null ? given(tol) : p.mul(largest, rtol !== undefined && rtol !== null ? given(rtol) : part)
    return unwrap(p.sum(p.gt(s, bound), -1, false, int64))
  },
)

const columnLike = (v: View): View => (v.ndim === 0 ? v : (p.reshape(v, [...v.shape, 1]) as View))

const pinvArgs = signature<RankOptions>('pinv', ['rcond', 'hermitian'], ['rtol'])

/**
 * The Moore-Penrose pseudo-inverse.
 *
 * @example
 * np.linalg.pinv([[2, 0], [0, 0]]).at(0, 0).toFixed(3) // => 0.500
 */
export const pinv = /* @__PURE__ */ byName('pinv', 'a', (a: ArrayLike, ...rest: Rest<RankOptions, ['rcond', 'hermitian']>): NDArray => {
  const { rcond, rtol } = pinvArgs(rest)
  const [x] = matrices(a) as [View]
  const [m, n] = [x.shape[x.ndim - 2]!, x.shape[x.ndim - 1]!]
  const cut = rcond ?? rtol ?? (rtol === null ? Math.max(m, n) * finfo(x.dtype).eps : 1e-15)
  if (x.size === 0) return wrap(p.full([...x.shape.slice(0, -2), n, m], 0, x.dtype))
  const [u, s, vh] = p.svd(p.conj(x), false) as [Value, Value, Value]
  const bound = p.mul(p.amax(s, -1, true), castView(columnLike(asView(cut)), s.dtype))
  const large = p.gt(s, bound)
  const inverse = p.where(large, p.div(1, s), p.full(s.shape, 0, s.dtype))
  const scaled = p.mul(castView(p.reshape(inverse, [...s.shape, 1]) as View, x.dtype), transposed(wrap(u)).value)
  return wrap(p.matmul(transposed(wrap(vh)).value, scaled))
})

/** Inverses; of singular matrices NaN. */
function inverseOrNaN(x: View): Value {
  const singular = p.reshape(p.eq((p.slogdet(x) as [Value, Value])[0], 0), [...x.shape.slice(0, -2), 1, 1])
  const one = castView(eye(x.shape[x.ndim - 1]!).value, x.dtype)
  return p.where(singular, p.full([], Number.NaN, x.dtype), p.inv(p.where(singular, one, x)))
}

const lstsqArgs = signature<{ rcond?: number | null }>('lstsq', ['rcond'], [], 2)

/**
 * The least-squares solution of `a x = b`: `[x, residuals, rank, singular values]`.
 *
 * @example
 * np.linalg.lstsq([[1, 0], [1, 1]], [1, 3])[2] // => 2
 */
export const lstsq = /* @__PURE__ */ byName(
  'lstsq',
  'a b',
  (a: ArrayLike, b: ArrayLike, ...rest: Rest<{ rcond?: number | null }, ['rcond']>): [NDArray, NDArray, number, NDArray] => {
    const { rcond } = lstsqArgs(rest)
    const [x, given] = matrices(a, b) as [View, View]
    if (x.ndim !== 2) throw new LinAlgError(`${x.ndim}-dimensional array given. Array must be two-dimensional`, { op: 'lstsq' })
    const vector = given.ndim === 1
    const y = vector ? (p.reshape(given, [given.shape[0]!, 1]) as View) : given
    if (y.ndim !== 2) throw new LinAlgError(`${y.ndim}-dimensional array given. Array must be two-dimensional`, { op: 'lstsq' })
    const [m, n] = x.shape as [number, number]
    if (y.shape[0] !== m) throw new LinAlgError('Incompatible dimensions', { op: 'lstsq', shapes: [x.shape, y.shape] })
    const cut = rcond === -1 ? finfo(x.dtype).eps : (rcond ?? finfo(x.dtype).eps * Math.max(m, n))
    const [solution, rank, s] = p.lstsq(x, y, cut) as [View, View, View]
    const r = Number(unwrap(rank))
    let residuals = p.full([0], 0, realOf(x.dtype))
    if (r === n && m > n) {
      const left = p.abs(p.sub(y, p.matmul(x, solution)))
      residuals = p.sum(p.mul(left, left), 0) as View
    }
    return [wrap(vector ? p.reshape(solution, [n]) : solution), wrap(residuals), r, wrap(s)]
  },
)

/**
 * The condition number: of the singular values, or by a norm of the matrix and its inverse.
 *
 * @example
 * np.linalg.cond([[2, 0], [0, 1]]) // => 2
 */
export const cond = /* @__PURE__ */ byName('cond', 'x', (x: ArrayLike, ord: NormOrder | { p?: NormOrder } = null): Result => {
  const order = typeof ord === 'object' && ord !== null ? (ord.p ?? null) : ord
  const [a] = matrices(x) as [View]
  if (a.size === 0) throw new LinAlgError('cond is not defined on empty arrays', { op: 'cond' })
  // A ratio that is not a number is infinite, unless the matrix has NaN items.
  const settled = (ratio: Value): Result => {
    const known = p.any(p.isnan(a), [-2, -1])
    return unwrap(p.where(p.logicalAnd(p.isnan(ratio), p.logicalNot(known)), p.full([], Number.POSITIVE_INFINITY, ratio.dtype), ratio))
  }
  if (order === null || order === 2 || order === -2) {
    const s = guarded(() => p.svdvals(a))
    const [first, last] = [p.narrow(s, s.ndim - 1, 0, 1), p.narrow(s, s.ndim - 1, s.shape[s.ndim - 1]! - 1, 1)]
    const ratio = order === -2 ? p.div(last, first) : p.div(first, last)
    return settled(p.reshape(ratio, s.shape.slice(0, -1)))
  }
  const m = wrap(square('cond', x))
  const inverse = wrap(inverseOrNaN(m.value))
  const size = (x: NDArray): View => castView(asView(norm(x, order, [-2, -1])), realOf(m.value.dtype))
  return settled(p.mul(size(m), size(inverse)))
})

/**
 * The product of several matrices, in the order of multiplications that costs least; vectors may stand at the ends.
 *
 * @example
 * np.linalg.multi_dot([[[1, 2]], [[3], [4]], [[5]]]) // => array([[55]])
 */
export const multi_dot = /* @__PURE__ */ byName('multi_dot', 'arrays', (arrays: readonly ArrayLike[]): Result => {
  const list = sequence('multi_dot', 'arrays', arrays as Iterable<ArrayLike>).map((a) => asArray(a))
  const n = list.length
  if (n < 2) throw new ValueError('Expecting at least two arrays.', { op: 'multi_dot' })
  if (n === 2) return products.dot(list[0]!, list[1]!)
  const [first, last] = [list[0]!, list[n - 1]!]
  const shaped = list.map((a, i) =>
    a.ndim === 1 && i === 0 ? a.reshape(1, a.size) : a.ndim === 1 && i === n - 1 ? a.reshape(a.size, 1) : a,
  )
  for (const a of shaped)
    if (a.ndim !== 2) throw new LinAlgError(`${a.ndim}-dimensional array given. Array must be two-dimensional`, { op: 'multi_dot' })
  const sizes = [...shaped.map((a) => a.shape[0]!), shaped[n - 1]!.shape[1]!]
  const cost = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  const cut = Array.from({ length: n }, () => new Array<number>(n).fill(0))
  for (let length = 1; length < n; length++) {
    for (let i = 0; i + length < n; i++) {
      const j = i + length
      cost[i]![j] = Number.POSITIVE_INFINITY
      for (let k = i; k < j; k++) {
        const q = cost[i]![k]! + cost[k + 1]![j]! + sizes[i]! * sizes[k + 1]! * sizes[j + 1]!
        if (q < cost[i]![j]!) {
          cost[i]![j] = q
          cut[i]![j] = k
        }
      }
    }
  }
  const build = (i: number, j: number): NDArray => (i === j ? shaped[i]! : products.dot(build(i, cut[i]![j]!), build(cut[i]![j]! + 1, j)))
  const out = build(0, n - 1)
  if (first.ndim === 1 && last.ndim === 1) return out.item()
  return first.ndim === 1 || last.ndim === 1 ? out.ravel() : out
})

/**
 * The solution of `tensordot(a, x, x.ndim) = b`.
 *
 * @example
 * np.linalg.tensorsolve(np.eye(4).reshape(2, 2, 2, 2), np.ones([2, 2])) // => array([[1., 1.],
 *                                                                       //           [1., 1.]])
 */
export const tensorsolve = /* @__PURE__ */ byName(
  'tensorsolve',
  'a b',
  (a: ArrayLike, b: ArrayLike, axes: readonly number[] | null = null): NDArray => {
    let x = asArray(a)
    const y = asArray(b)
    if (axes !== null) {
      axes = integers('tensorsolve', 'axes', axes)
      const order = x.shape.map((_, i) => i).filter((i) => !axes!.map((k) => normalizeAxis(k, x.ndim)).includes(i))
      x = transpose(x, [...order, ...axes.map((k) => normalizeAxis(k, x.ndim))])
    }
    const shape = x.shape.slice(y.ndim)
    const size = shape.reduce((n, d) => n * d, 1)
    if (x.size !== size ** 2)
      throw new LinAlgError('Input arrays must satisfy the requirement             prod(a.shape[b.ndim:]) == prod(a.shape[:b.ndim])', {
        op: 'tensorsolve',
      })
    return solve(x.reshape(size, size), y.ravel()).reshape(shape)
  },
)

/**
 * The inverse of an array for `tensordot` over its first `ind` axes.
 *
 * @example
 * np.linalg.tensorinv(np.eye(4).reshape(2, 2, 2, 2)).shape // => [ 2, 2, 2, 2 ]
 */
export const tensorinv = /* @__PURE__ */ byName('tensorinv', 'a', (a: ArrayLike, given: number | { ind?: number } = 2): NDArray => {
  const x = asArray(a)
  const ind = integer('tensorinv', 'ind', keyword('tensorinv', 'ind', given as number, 2))
  if (ind <= 0) throw new ValueError('Invalid ind argument.', { op: 'tensorinv' })
  const [lead, rest] = [x.shape.slice(0, ind), x.shape.slice(ind)]
  const size = rest.reduce((n, d) => n * d, 1)
  return inv(x.reshape(size, -1)).reshape([...rest, ...lead])
})
