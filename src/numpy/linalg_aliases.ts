/** The array API's functions in `np.linalg` that differ from those of the same name in `np`: matrices are in the last two axes. */

import { ValueError } from '../core/errors.ts'
import { asArray } from './convert.ts'
import * as indexing from './indexing.ts'
import type { NDArray } from './ndarray.ts'
import * as products from './products.ts'
import type { ArrayLike, DTypeLike, Result } from './types.ts'

/** The diagonals of matrices in the last two axes. */
export const diagonal = (x: ArrayLike, options: { offset?: number } = {}): NDArray =>
  indexing.diagonal(x, { offset: options.offset ?? 0, axis1: -2, axis2: -1 })
/** The traces of matrices in the last two axes. */
export const trace = (x: ArrayLike, options: { offset?: number; dtype?: DTypeLike | null } = {}): Result =>
  products.trace(x, { offset: options.offset ?? 0, axis1: -2, axis2: -1, dtype: options.dtype })
/** The matrix product: see `np.matmul`. */
export const matmul = (x1: ArrayLike, x2: ArrayLike): Result => products.matmul(x1, x2)
/** The vector dot product: see `np.vecdot`. */
export const vecdot = (x1: ArrayLike, x2: ArrayLike, options: { axis?: number } = {}): Result => products.vecdot(x1, x2, options)
/** The tensor product: see `np.tensordot`. */
export const tensordot = (x1: ArrayLike, x2: ArrayLike, options: { axes?: any } = {}): Result => products.tensordot(x1, x2, options)
/** The cross product of vectors of three items in the last axis, or in `axis`. */
export function cross(x1: ArrayLike, x2: ArrayLike, options: { axis?: number } = {}): NDArray {
  const { axis = -1 } = options
  const [a, b] = [asArray(x1), asArray(x2)]
  const length = (x: NDArray): number => x.shape.at(axis) ?? 0
  if (length(a) !== 3 || length(b) !== 3) {
    throw new ValueError(
      `Both input arrays must be (arrays of) 3-dimensional vectors, but they are ${length(a)} and ${length(b)} dimensional instead.`,
      { op: 'cross' },
    )
  }
  return products.cross(a, b, { axis })
}
/** The outer product of two vectors. */
export function outer(x1: ArrayLike, x2: ArrayLike): NDArray {
  const [a, b] = [asArray(x1), asArray(x2)]
  if (a.ndim !== 1 || b.ndim !== 1) {
    throw new ValueError(`Input arrays must be one-dimensional, but they are x1.ndim=${a.ndim} and x2.ndim=${b.ndim}.`, { op: 'outer' })
  }
  return products.outer(a, b)
}
