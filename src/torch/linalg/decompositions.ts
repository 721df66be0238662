/** Factorizations and eigenvalues. */

import { RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { keyed } from '../functions/keyed.ts'
import { NamedTuple } from '../functions/results.ts'
import { named } from '../functions/support.ts'
import { Tensor } from '../tensor.ts'
import { attempted, matrixArg, squareArg } from './support.ts'

const tuple = <T>(name: string, fields: readonly string[], values: readonly Value[]): T =>
  new NamedTuple(
    `linalg_${name}`,
    fields,
    values.map((v) => new Tensor(v)),
  ) as unknown as T

/** `{ Q, R }`. */
export interface QR extends Iterable<Tensor> {
  readonly Q: Tensor
  readonly R: Tensor
}
/** `{ U, S, Vh }`. */
export interface SVD extends Iterable<Tensor> {
  readonly U: Tensor
  readonly S: Tensor
  readonly Vh: Tensor
}
/** `{ eigenvalues, eigenvectors }`. */
export interface Eigen extends Iterable<Tensor> {
  readonly eigenvalues: Tensor
  readonly eigenvectors: Tensor
}
/** `{ sign, logabsdet }`. */
export interface SlogDet extends Iterable<Tensor> {
  readonly sign: Tensor
  readonly logabsdet: Tensor
}
/** Keywords of functions that read one triangle. */
export interface TriangleOptions {
  /** 'L' (default): the lower triangle is read; 'U': the upper. */
  readonly UPLO?: 'L' | 'U'
}
const lower = (uplo: string | TriangleOptions): boolean => {
  const letter = (typeof uplo === 'string' ? uplo : (uplo.UPLO ?? 'L')).toUpperCase()
  if (letter !== 'L' && letter !== 'U') throw new RuntimeError(`Expected UPLO argument to be 'L' or 'U', but got ${letter}`)
  return letter === 'L'
}

/**
 * The lower triangular L of `A = L L^H` for Hermitian positive definite matrices; the upper factor with `upper`.
 *
 * @example
 * ```ts
 * torch.linalg.cholesky(torch.tensor([[4.0, 2.0], [2.0, 2.0]]).double()) // => tensor([[2., 0.],
 *                                                                        //            [1., 1.]], dtype=torch.float64)
 * ```
 */
export const cholesky = keyed('cholesky', '...', (A: Tensor, options: { readonly upper?: boolean } = {}): Tensor => {
  const x = squareArg('cholesky', A)
  const message = 'linalg.cholesky: The factorization could not be completed because the input is not positive-definite.'
  return named(new Tensor(attempted(message, () => p.cholesky(x, options.upper === true))), 'LinalgCholeskyExBackward0')
})

/** Q with orthonormal columns and upper triangular R, with `A = Q R`. `mode` is 'reduced' (default), 'complete' or 'r'. */
export const qr = keyed('qr', 'mode', (A: Tensor, mode: 'reduced' | 'complete' | 'r' = 'reduced'): QR => {
  if (!['reduced', 'complete', 'r'].includes(mode)) {
    throw new RuntimeError(`qr received unrecognized mode '${mode}' but expected one of 'reduced' (default), 'r', or 'complete'`)
  }
  const [q, r] = p.qr(matrixArg('qr', A), mode === 'complete') as [Value, Value]
  return tuple('qr', ['Q', 'R'], [mode === 'r' ? p.full([0], 0, q.dtype) : q, r])
})

const failed = 'The algorithm failed to converge because the input matrix is ill-conditioned or has too many repeated singular values.'

/** U, the singular values in descending order, and V^H, with `A = U diag(S) V^H`; U and V square when `full_matrices` (default). */
export const svd = keyed('svd', 'full_matrices', (A: Tensor, full_matrices: boolean | { readonly full_matrices?: boolean } = true): SVD => {
  const full = typeof full_matrices === 'boolean' ? full_matrices : (full_matrices.full_matrices ?? true)
  return tuple(
    'svd',
    ['U', 'S', 'Vh'],
    attempted(`linalg.svd: ${failed}`, () => p.svd(matrixArg('svd', A), full)),
  )
})
/** The singular values in descending order. */
export const svdvals = keyed(
  'svdvals',
  '',
  (A: Tensor): Tensor => new Tensor(attempted(`linalg.svdvals: ${failed}`, () => p.svdvals(matrixArg('svdvals', A)))),
)

/** Eigenvalues, ascending, and orthonormal eigenvectors (columns) of Hermitian matrices. */
export const eigh = keyed('eigh', 'UPLO', (A: Tensor, UPLO: 'L' | 'U' | TriangleOptions = 'L'): Eigen => {
  return tuple(
    'eigh',
    ['eigenvalues', 'eigenvectors'],
    attempted(`linalg.eigh: ${failed}`, () => p.eigh(squareArg('eigh', A), lower(UPLO))),
  )
})
/** The eigenvalues of Hermitian matrices, ascending. */
export const eigvalsh = keyed(
  'eigvalsh',
  'UPLO',
  (A: Tensor, UPLO: 'L' | 'U' | TriangleOptions = 'L'): Tensor =>
    new Tensor(attempted(`linalg.eigvalsh: ${failed}`, () => p.eigvalsh(squareArg('eigvalsh', A), lower(UPLO)))),
)

/** Eigenvalues and eigenvectors (columns) of square matrices, complex. */
export const eig = keyed(
  'eig',
  '',
  (A: Tensor): Eigen =>
    tuple(
      'eig',
      ['eigenvalues', 'eigenvectors'],
      attempted(`linalg.eig: ${failed}`, () => p.eig(squareArg('eig', A))),
    ),
)
/** The eigenvalues of square matrices, complex. */
export const eigvals = keyed(
  'eigvals',
  '',
  (A: Tensor): Tensor => new Tensor(attempted(`linalg.eigvals: ${failed}`, () => p.eigvals(squareArg('eigvals', A)))),
)

/** The determinants of square matrices. */
export const det = keyed('det', '', (A: Tensor): Tensor => named(new Tensor(p.det(squareArg('det', A))), 'LinalgDetBackward0'))
/** The sign and the logarithm of the absolute value of determinants. */
export const slogdet = keyed(
  'slogdet',
  '',
  (A: Tensor): SlogDet => tuple('slogdet', ['sign', 'logabsdet'], p.slogdet(squareArg('slogdet', A))),
)
