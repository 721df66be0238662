/** The view functions under the names that copy: `view_copy(x, ...)` is a copy of `view(x, ...)`. */

import * as p from '../../ops/index.ts'
import { Tensor } from '../tensor.ts'
import { split_with_sizes } from './join.ts'
import { keyed } from './keyed.ts'
import { chunk, diagonal, expand, narrow, permute, select, split, squeeze, t, transpose, unbind, unfold, unsqueeze, view } from './shape.ts'
import { tensorArg } from './support.ts'
import { as_strided } from './writing.ts'

const copyOf = (x: Tensor): Tensor => new Tensor(p.clone(x.value))

/** A function that copies the view, or the views, of another. */
function copying<F extends (...args: any[]) => Tensor | Tensor[]>(name: string, f: F): F {
  return keyed(name, '...', (...args: unknown[]) => {
    const result = f(...args)
    return Array.isArray(result) ? result.map(copyOf) : copyOf(result)
  }) as unknown as F
}

/** A copy of the tensor. */
export const alias_copy = keyed('alias_copy', '', (input: Tensor): Tensor => copyOf(tensorArg('alias_copy', input)))
/** A copy of `as_strided`. */
export const as_strided_copy: typeof as_strided = copying('as_strided_copy', as_strided)
/** A copy of `diagonal`. */
export const diagonal_copy: typeof diagonal = copying('diagonal_copy', diagonal)
/** A copy of `expand`. */
export const expand_copy: typeof expand = copying('expand_copy', expand)
/** A copy of `narrow`. */
export const narrow_copy: typeof narrow = copying('narrow_copy', narrow)
/** A copy of `permute`. */
export const permute_copy: typeof permute = copying('permute_copy', permute)
/** A copy of `select`. */
export const select_copy: typeof select = copying('select_copy', select)
/** Copies of `split_with_sizes`. */
export const split_with_sizes_copy: typeof split_with_sizes = copying('split_with_sizes_copy', split_with_sizes)
/** A copy of `squeeze`. */
export const squeeze_copy: typeof squeeze = copying('squeeze_copy', squeeze)
/** A copy of `t`. */
export const t_copy: typeof t = copying('t_copy', t)
/** A copy of `transpose`. */
export const transpose_copy: typeof transpose = copying('transpose_copy', transpose)
/** Copies of `unbind`. */
export const unbind_copy: typeof unbind = copying('unbind_copy', unbind)
/** A copy of `unfold`. */
export const unfold_copy: typeof unfold = copying('unfold_copy', unfold)
/** A copy of `unsqueeze`. */
export const unsqueeze_copy: typeof unsqueeze = copying('unsqueeze_copy', unsqueeze)
/** A copy of `view`. */
export const view_copy: typeof view = copying('view_copy', view)

export { chunk as unsafe_chunk, split as unsafe_split, split_with_sizes as unsafe_split_with_sizes }
