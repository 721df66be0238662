/** Sums, means and maxima of bags of embeddings. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ArgumentError, ValueError } from '../../../core/errors.ts'
import { stack } from '../../functions/join.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import { embedding } from './linear.ts'

export type BagMode = 'sum' | 'mean' | 'max'

interface BagOptions {
  /** Where each bag begins, for indices in one row. */
  offsets?: Tensor | null
  max_norm?: number | null
  norm_type?: number
  scale_grad_by_freq?: boolean
  mode?: BagMode
  sparse?: boolean
  /** A factor of each embedding, for sums. */
  per_sample_weights?: Tensor | null
  /** The last offset is the end. */
  include_last_offset?: boolean
  /** This index counts for nothing. */
  padding_idx?: number | null
}
type BagPositional = [
  'offsets',
  'max_norm',
  'norm_type',
  'scale_grad_by_freq',
  'mode',
  'sparse',
  'per_sample_weights',
  'include_last_offset',
  'padding_idx',
]
const readBag = signature<BagOptions>(
  'embedding_bag',
  ['offsets', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse', 'per_sample_weights', 'include_last_offset', 'padding_idx'],
  [],
  2,
)

const MODES: readonly string[] = ['sum', 'mean', 'max']

/** The beginning of each bag, and the end of the last. */
function boundsOf(input: Tensor, offsets: Tensor | null, withLast: boolean): number[] {
  if (input.ndim === 2) {
    if (offsets) {
      throw new ValueError(
        `if input is 2D, then offsets has to be None, as input is treated is a mini-batch of fixed length sequences. However, found offsets of type <class 'torch.Tensor'>`,
      )
    }
    const [rows, width] = input.shape as unknown as [number, number]
    return Array.from({ length: rows + 1 }, (_, i) => i * width)
  }
  if (input.ndim !== 1) throw new ValueError(`input has to be 1D or 2D Tensor, but got Tensor of dimension ${input.ndim}`)
  if (!offsets) throw new ValueError('offsets has to be a 1D Tensor but got None')
  if (offsets.ndim !== 1) throw new ValueError('offsets has to be a 1D Tensor')
  const bounds = (offsets.tolist() as (number | bigint)[]).map(Number)
  return withLast ? bounds : [...bounds, input.numel()]
}

/**
 * The sum, mean or maximum of the rows of `weight` that each bag of indices names, without making them all. Bags are the rows of a 2-d
 * input, or begin at `offsets` of a 1-d one.
 */
export function embedding_bag(input: Tensor, weight: Tensor, ...rest: Rest<BagOptions, BagPositional>): Tensor {
  const options = readBag(rest)
  const { offsets = null, mode = 'mean', per_sample_weights = null, include_last_offset = false, padding_idx = null } = options
  const { max_norm = null, norm_type = 2, scale_grad_by_freq = false, sparse = false } = options
  tensorArg('embedding_bag', input)
  tensorArg('embedding_bag', weight, 'weight')
  if (!MODES.includes(mode)) throw new ValueError('mode has to be one of sum, mean or max')
  if (per_sample_weights && mode !== 'sum') {
    throw new ArgumentError(
      `embedding_bag: per_sample_weights was not None. per_sample_weights is only supported for mode='sum' (got mode='${mode}'). Please open a feature request on GitHub.`,
    )
  }
  if (per_sample_weights && per_sample_weights.shape.join() !== input.shape.join()) {
    throw new ValueError(
      `embedding_bag: If per_sample_weights (${per_sample_weights.shape}) is not None, it must have the same shape as the input (${input.shape})`,
    )
  }
  const bounds = boundsOf(input, offsets, include_last_offset)
  const count = bounds.length - 1
  const flat = input.reshape(-1)
  const n = weight.size(0)
  const pad = padding_idx === null ? null : padding_idx < 0 ? padding_idx + n : padding_idx
  const named = (flat.tolist() as (number | bigint)[]).map(Number)
  const bags = bounds.slice(0, -1).map((start, b) => {
    const places = Array.from({ length: Math.max(bounds[b + 1]! - start, 0) }, (_, i) => start + i)
    return places.filter((i) => named[i] !== pad)
  })
  const kept = flat.index_select(0, flat.new_tensor(bags.flat(), { dtype: 'int64' }))
  let rows = embedding(kept, weight, { max_norm, norm_type, scale_grad_by_freq, sparse })
  const none = weight.new_zeros([count, weight.size(1)])
  if (mode === 'max') {
    let at = 0
    const best = bags.map((bag) => {
      at += bag.length
      return bag.length === 0 ? weight.new_zeros([weight.size(1)]) : rows.narrow(0, at - bag.length, bag.length).max(0)[0]
    })
    return best.length === 0 ? none : stack(best as Tensor[])
  }
  if (per_sample_weights) {
    const factors = per_sample_weights.reshape(-1).index_select(0, flat.new_tensor(bags.flat(), { dtype: 'int64' }))
    rows = rows.mul(factors.unsqueeze(1))
  }
  const owner = bags.flatMap((bag, b) => bag.map(() => b))
  const sums = none.index_add(0, flat.new_tensor(owner, { dtype: 'int64' }), rows)
  return mode === 'sum' ? sums : sums.div(weight.new_tensor(bags.map((bag) => [Math.max(bag.length, 1)])))
}
