/** Eigenvalues and singular values, and their vectors: part of `np.linalg`. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { type DType, realOf } from '../core/dtype.ts'
import { LinAlgError, ValueError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { castView, unwrap, wrap } from './convert.ts'
import { guarded, matrices, named, square } from './linalg_support.ts'
import { matrix_transpose as transposed } from './manipulation.ts'
import type { NDArray } from './ndarray.ts'
import type { ArrayLike } from './types.ts'

/** What `svd` gives. */
export interface SVDResult extends Array<NDArray> {
  readonly U: NDArray
  readonly S: NDArray
  readonly Vh: NDArray
}
/** Keyword arguments of `svd`. */
export interface SvdOptions {
  /** U and Vh are square. Default true. */
  full_matrices?: boolean
  /** False gives the singular values alone. */
  compute_uv?: boolean
  hermitian?: boolean
}
const svdArgs = signature<SvdOptions>('svd', ['full_matrices', 'compute_uv', 'hermitian'])

/**
 * U, the singular values in descending order, and V^H, with `a = U diag(S) V^H`.
 *
 * @example
 * np.linalg.svd([[3, 0], [0, 2]]).S // => array([3., 2.])
 */
export const svd = /* @__PURE__ */ byName(
  'svd',
  'a',
  (a: ArrayLike, ...rest: Rest<SvdOptions, ['full_matrices', 'compute_uv', 'hermitian']>): SVDResult => {
    const { full_matrices = true, compute_uv = true, hermitian = false } = svdArgs(rest)
    if (hermitian) return hermitianSvd(a, compute_uv)
    const [x] = matrices(a) as [View]
    if (!compute_uv) return svdvals(a) as unknown as SVDResult
    return named(
      guarded(() => p.svd(x, full_matrices)).map((v) => wrap(v)),
      ['U', 'S', 'Vh'],
    )
  },
)

/**
 * The singular values in descending order.
 *
 * @example
 * np.linalg.svdvals([[3, 0], [0, 2]]) // => array([3., 2.])
 */
export const svdvals = (x: ArrayLike): NDArray => wrap(guarded(() => p.svdvals(matrices(x)[0]!)))

/** What `eigh` and `eig` give. */
export interface EigResult extends Array<NDArray> {
  readonly eigenvalues: NDArray
  readonly eigenvectors: NDArray
}
/** The decomposition of Hermitian matrices by their eigenvalues. */
function hermitianSvd(a: ArrayLike, vectors: boolean): SVDResult {
  const { eigenvalues, eigenvectors } = eigh(a)
  const w = eigenvalues.value
  const order = p.flip(p.argsort(p.abs(w), -1), w.ndim - 1)
  const sorted = p.gather(w, w.ndim - 1, order)
  const s = p.abs(sorted)
  if (!vectors) return wrap(s) as unknown as SVDResult
  const u = eigenvectors.value
  const columns = p.broadcastTo(p.reshape(order, [...w.shape.slice(0, -1), 1, w.shape[w.ndim - 1]!]), u.shape)
  const turned = p.gather(u, u.ndim - 1, columns)
  const signs = castView(p.reshape(p.sign(sorted), [...w.shape.slice(0, -1), 1, w.shape[w.ndim - 1]!]) as View, u.dtype)
  const vh = p.conj(transposed(wrap(p.mul(turned, signs))).value)
  return named([wrap(turned), wrap(s), wrap(vh)], ['U', 'S', 'Vh'])
}

/** Results of Hermitian matrices: NaN for those that are not finite. */
function hermitian(x: View, work: (x: Value) => readonly Value[]): readonly Value[] {
  try {
    return work(x)
  } catch (error) {
    if (!(error instanceof LinAlgError)) throw error
    const finite = p.all(p.isfinite(x), [-2, -1], true)
    if (unwrap(p.all(finite)) as boolean) throw new LinAlgError('Eigenvalues did not converge', { op: error.op })
    const lead = x.shape.slice(0, -2)
    return work(p.where(finite, x, p.full([], 0, x.dtype))).map((v) =>
      p.where(p.reshape(finite, [...lead, ...v.shape.slice(lead.length).map(() => 1)]), v, p.full([], Number.NaN, v.dtype)),
    )
  }
}

const isUpper = (UPLO: string, op: string): boolean => {
  const letter = String(typeof UPLO === 'string' ? UPLO : '').toUpperCase()
  if (letter !== 'L' && letter !== 'U') throw new ValueError("UPLO argument must be 'L' or 'U'", { op })
  return letter === 'U'
}

/**
 * Eigenvalues, ascending, and orthonormal eigenvectors (columns) of Hermitian matrices, of which one triangle is read.
 *
 * @example
 * np.linalg.eigh([[2, 0], [0, 1]]).eigenvalues // => array([1., 2.])
 */
export const eigh = /* @__PURE__ */ byName('eigh', 'a', (a: ArrayLike, UPLO: 'L' | 'U' | { UPLO?: 'L' | 'U' } = 'L'): EigResult => {
  const upper = isUpper(typeof UPLO === 'object' ? (UPLO.UPLO ?? 'L') : UPLO, 'eigh')
  return named(
    hermitian(square('eigh', a), (x) => p.eigh(x, !upper)).map((v) => wrap(v)),
    ['eigenvalues', 'eigenvectors'],
  )
})

/**
 * The eigenvalues of Hermitian matrices, ascending.
 *
 * @example
 * np.linalg.eigvalsh([[2, 0], [0, 1]]) // => array([1., 2.])
 */
export const eigvalsh = /* @__PURE__ */ byName('eigvalsh', 'a', (a: ArrayLike, UPLO: 'L' | 'U' | { UPLO?: 'L' | 'U' } = 'L'): NDArray => {
  const upper = isUpper(typeof UPLO === 'object' ? (UPLO.UPLO ?? 'L') : UPLO, 'eigvalsh')
  return wrap(hermitian(square('eigvalsh', a), (x) => [p.eigvalsh(x, !upper)])[0]!)
})

/** Complex results made real when no item has an imaginary part, as NumPy does. */
function realWhenReal(values: readonly View[], from: DType): NDArray[] {
  if (from.isComplex) return values.map((v) => wrap(v))
  const allReal = unwrap(p.all(p.eq(p.imag(values[0]!), 0))) as boolean
  return values.map((v) => wrap(allReal ? castView(p.real(v) as View, realOf(v.dtype)) : v))
}

/**
 * Eigenvalues and eigenvectors (columns of length 1) of square matrices; complex only when they must be.
 *
 * @example
 * np.linalg.eig([[2, 0], [0, 3]]).eigenvalues // => array([2., 3.])
 */
export const eig = /* @__PURE__ */ byName('eig', 'a', (a: ArrayLike): EigResult => {
  const x = square('eig', a)
  return named(
    realWhenReal(
      guarded(() => p.eig(x) as View[]),
      x.dtype,
    ),
    ['eigenvalues', 'eigenvectors'],
  )
})

/**
 * The eigenvalues of square matrices; complex only when they must be.
 *
 * @example
 * np.linalg.eigvals([[0, 1], [-1, 0]]).shape // => [ 2 ]
 */
export const eigvals = /* @__PURE__ */ byName('eigvals', 'a', (a: ArrayLike): NDArray => {
  const x = square('eigvals', a)
  return realWhenReal([guarded(() => p.eigvals(x) as View)], x.dtype)[0]!
})
