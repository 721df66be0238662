/** Where a tensor is not zero. */

import { int64 } from '../../core/dtype.ts'
import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import * as p from '../../ops/index.ts'
import { Tensor } from '../tensor.ts'
import { checkKeywords, tensorArg } from './support.ts'

/** Keywords of nonzero. */
export interface NonzeroOptions {
  /** Gives one index tensor for each dimension. */
  readonly as_tuple?: boolean
}
/** The indices of the elements that are not zero, one row each; with `as_tuple` one tensor for each dimension. */
export function nonzero(input: Tensor, options?: { readonly as_tuple?: false }): Tensor
export function nonzero(input: Tensor, options: { readonly as_tuple: true }): Tensor[]
export function nonzero(input: Tensor, options: NonzeroOptions | null = {}): Tensor | Tensor[] {
  const { as_tuple = false } = options ?? {}
  const x = tensorArg('nonzero', input).value
  return as_tuple ? p.nonzeroColumns(x.ndim === 0 ? p.reshape(x, [1]) : x).map((c) => new Tensor(c)) : new Tensor(p.nonzero(x))
}
/** The indices of the elements that are not zero, one row each. */
export const argwhere = (input: Tensor): Tensor => nonzero(input)

/** Keywords of nonzero_static. */
export interface NonzeroStaticOptions {
  /** How many rows the result has. */
  readonly size: number
  /** What fills the rows that are left over; -1 by default. */
  readonly fill_value?: number
}
/**
 * The indices of the first `size` elements that are not zero, one row each; rows left over hold `fill_value`.
 *
 * @example
 * ```ts
 * torch.nonzero_static(torch.tensor([0, 5, 0, 7]), { size: 3 }) // => tensor([[ 1],
 *                                                               //            [ 3],
 *                                                               //            [-1]])
 * ```
 */
export function nonzero_static(input: Tensor, options: NonzeroStaticOptions): Tensor {
  checkKeywords('nonzero_static', options, 'size', 'fill_value')
  const { size, fill_value = -1 } = options ?? ({} as NonzeroStaticOptions)
  if (!Number.isSafeInteger(size)) throw new ArgumentError("nonzero_static(): argument 'size' must be int", { op: 'nonzero_static' })
  if (size < 0) throw new RuntimeError("nonzero_static: 'size' must be an non-negative integer")
  const found = p.nonzero(tensorArg('nonzero_static', input).value)
  const count = Math.min(size, found.shape[0]!)
  const rest = p.full([size - count, found.shape[1]!], fill_value, int64, found.device)
  return new Tensor(p.concatenate([p.narrow(found, 0, 0, count), rest], 0))
}
