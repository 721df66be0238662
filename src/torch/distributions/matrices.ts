/** What the families over vectors and matrices compute with: products in batches, distances under a Cholesky factor. */

import { eye } from '../functions/creation.ts'
import { flip } from '../functions/join.ts'
import { cholesky } from '../linalg/decompositions.ts'
import { solve_triangular } from '../linalg/solving.ts'
import type { Tensor } from '../tensor.ts'

/** Matrices times vectors. */
export const batchMv = (matrix: Tensor, vector: Tensor): Tensor => matrix.matmul(vector.unsqueeze(-1)).squeeze(-1)

/** The squared length of `L^-1 x`, for lower triangular L. */
export function mahalanobis(factor: Tensor, x: Tensor): Tensor {
  const n = x.shape.at(-1)!
  const outer = x.ndim - 1 - (factor.ndim - 2)
  // one factor serves all of several outer dimensions: they become columns of one system
  if (outer > 0 && factor.ndim === 2) {
    const columns = x.reshape([-1, n]).t()
    return solve_triangular(factor, columns, { upper: false }).pow(2).sum(0).reshape(x.shape.slice(0, -1))
  }
  return solve_triangular(factor, x.unsqueeze(-1), { upper: false }).squeeze(-1).pow(2).sum(-1)
}

/** The Cholesky factor of the inverse of a matrix, without inverting it. */
export function precisionToScaleTril(precision: Tensor): Tensor {
  const reversed = flip(cholesky(flip(precision, [-2, -1])), [-2, -1]).mT
  return solve_triangular(reversed, eye(precision.shape.at(-1)!, { dtype: precision.dtype }), { upper: false })
}

/** The sum of the logarithms of the diagonal. */
export const logDiagonal = (matrix: Tensor): Tensor => matrix.diagonal(0, -2, -1).log().sum(-1)

/** The trace of `X X^T`. */
export const traceXXT = (x: Tensor): Tensor => x.pow(2).sum([-2, -1])
