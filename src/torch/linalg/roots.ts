/** Square roots and polar factors of matrices. */

import { RuntimeError } from '../../core/errors.ts'
import * as p from '../../ops/index.ts'
import { keyed } from '../functions/keyed.ts'
import { NamedTuple } from '../functions/results.ts'
import { Tensor } from '../tensor.ts'
import { matrixArg, squareArg } from './support.ts'

/** `{ U, H }`. */
export interface Polar extends Iterable<Tensor> {
  readonly U: Tensor
  readonly H: Tensor
}

/**
 * The Hermitian positive square root of Hermitian positive matrices, of which the lower triangles are read; eigenvalues below 0 count as 0.
 *
 * @example
 * ```ts
 * torch.linalg.matrix_sqrth(torch.tensor([[4.0, 0.0], [0.0, 9.0]]).double()) // => tensor([[2., 0.],
 *                                                                            //            [0., 3.]], dtype=torch.float64)
 * ```
 */
export const matrix_sqrth = keyed('matrix_sqrth', '', (A: Tensor): Tensor => new Tensor(p.matrixSqrth(squareArg('matrix_sqrth', A))))

/**
 * `{ U, H }` with `A = U H`: the columns of U are orthonormal and H is Hermitian positive, for matrices of no more columns than rows.
 *
 * @example
 * ```ts
 * torch.linalg.polar(torch.tensor([[0.0, -2.0], [3.0, 0.0]]).double()).H.round() // => tensor([[3., 0.],
 *                                                                                //            [0., 2.]], dtype=torch.float64)
 * ```
 */
export const polar = keyed('linalg.polar', '', (A: Tensor): Polar => {
  const x = matrixArg('polar', A)
  const [m, n] = x.shape.slice(-2) as [number, number]
  if (m < n) {
    throw new RuntimeError(`linalg.polar: input must have at least as many rows as columns, but got ${m} by ${n} matrices`, {
      op: 'polar',
      shapes: [x.shape],
    })
  }
  const outs = p.polarDecomposition(x).map((v) => new Tensor(v))
  return new NamedTuple('linalg_polar', ['U', 'H'], outs) as unknown as Polar
})
