/** What the families share: parameters that broadcast, probabilities and log odds, matrices as vectors. */

import { describe } from '../../core/describe.ts'
import { ValueError } from '../../core/errors.ts'
import { arange, tensor } from '../functions/creation.ts'
import { softmax } from '../functions/running.ts'
import { broadcast_tensors } from '../functions/shape.ts'
import { tensorArg } from '../functions/support.ts'
import { Tensor } from '../tensor.ts'
import { eps, type Param } from './support.ts'

/**
 * Numbers and tensors as tensors of one shape; numbers get the dtype of the first tensor.
 *
 * @example
 * ```ts
 * torch.distributions.utils.broadcast_all(1, torch.zeros(2)) // => [ tensor([1., 1.]), tensor([0., 0.]) ]
 * ```
 */
export function broadcast_all(...values: readonly Param[]): Tensor[] {
  const first = values.find((x) => x instanceof Tensor) as Tensor | undefined
  const bad = values.find((x) => !(x instanceof Tensor) && typeof x !== 'number' && typeof x !== 'boolean')
  if (bad !== undefined || values.includes(undefined as never)) {
    throw new ValueError(`Input arguments must all be instances of Number, torch.Tensor or objects implementing __torch_function__.`, {
      hint: `got ${describe(bad)}`,
    })
  }
  return broadcast_tensors(...values.map((x) => (x instanceof Tensor ? x : number(x, first))))
}

/** A number as a 0-d tensor, of the dtype of another. */
function number(x: number, like: Tensor | undefined): Tensor {
  return like ? tensor(Number(x), { dtype: like.dtype }) : tensor(Number(x)).to('float32' as never)
}

/** Probabilities from log odds, or (by default) from logarithms up to a constant along the last dimension. */
export function logits_to_probs(logits: Tensor, is_binary: boolean | { is_binary?: boolean } = false): Tensor {
  return (typeof is_binary === 'object' ? is_binary?.is_binary : is_binary)
    ? tensorArg('logits_to_probs', logits, 'logits').sigmoid()
    : softmax(logits, -1)
}

/** Probabilities moved off 0 and 1 by the dtype's epsilon. */
export function clamp_probs(probs: Tensor): Tensor {
  const e = eps(tensorArg('clamp_probs', probs, 'probs'))
  return probs.clamp(e, 1 - e)
}

/** Log odds of probabilities, or (by default) their logarithms. */
export function probs_to_logits(probs: Tensor, is_binary: boolean | { is_binary?: boolean } = false): Tensor {
  const clamped = clamp_probs(probs)
  const binary = typeof is_binary === 'object' ? is_binary?.is_binary : is_binary
  return binary ? clamped.log().sub(clamped.neg().log1p()) : clamped.log()
}

function diagonalOf(diag: number | { diag?: number }): number {
  const diagonal = typeof diag === 'object' ? (diag?.diag ?? 0) : diag
  if (!Number.isInteger(diagonal)) throw new ValueError(`diag must be an int, got ${describe(diagonal)}`)
  return diagonal
}

/** Positions in a flattened n x n matrix of its lower triangle, row by row. */
function trianglePositions(n: number, diagonal: number): number[] {
  const out: number[] = []
  for (let i = 0; i < n; i++) for (let j = 0; j <= i + diagonal && j < n; j++) out.push(i * n + j)
  return out
}

/** The lower triangle of matrices, row by row, as vectors. */
export function tril_matrix_to_vec(mat: Tensor, diag: number | { diag?: number } = 0): Tensor {
  const diagonal = diagonalOf(diag)
  if (tensorArg('tril_matrix_to_vec', mat, 'mat').ndim < 2) throw new ValueError('tril_matrix_to_vec: expected matrices')
  const n = mat.shape.at(-1)!
  if (diagonal < -n || diagonal >= n) throw new ValueError(`diag (${diagonal}) provided is outside [${-n}, ${n - 1}].`)
  return mat.reshape([...mat.shape.slice(0, -2), n * n]).index_select(-1, positions(trianglePositions(n, diagonal)))
}

const positions = (list: readonly number[]): Tensor => (list.length > 0 ? tensor([...list]) : arange(0))

/** Matrices whose lower triangle, row by row, are vectors. */
export function vec_to_tril_matrix(vec: Tensor, diag: number | { diag?: number } = 0): Tensor {
  const diagonal = diagonalOf(diag)
  if (tensorArg('vec_to_tril_matrix', vec, 'vec').ndim < 1) throw new ValueError('vec_to_tril_matrix: expected vectors')
  const length = vec.shape.at(-1)!
  // the length is n (n + 1) / 2 for the main diagonal
  const n = (-(1 + 2 * diagonal) + Math.sqrt((1 + 2 * diagonal) ** 2 + 8 * length + 4 * Math.abs(diagonal) * (diagonal + 1))) / 2
  const side = Math.round(n)
  if (Math.abs(side - n) > 1e-9) {
    throw new ValueError(
      `The size of last dimension is ${length} which cannot be expressed as the lower triangular part of a square D x D matrix.`,
    )
  }
  const batch = vec.shape.slice(0, -1)
  const at = positions(trianglePositions(side, diagonal))
  return vec
    .new_zeros([...batch, side * side])
    .index_copy(-1, at, vec)
    .reshape([...batch, side, side])
}
