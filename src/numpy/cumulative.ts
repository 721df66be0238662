/** The array API's running sums and products, which can begin with the value of no items. */

import { signature } from '../core/arguments.ts'
import { ShapeError, ValueError } from '../core/errors.ts'
import { normalizeAxis, sameShape } from '../core/shape.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, wrap } from './convert.ts'
import type { NDArray } from './ndarray.ts'
import { cumprod, cumsum, finish } from './reductions.ts'
import type { ArrayLike, DTypeLike } from './types.ts'

/** Keyword arguments of `cumulative_sum` and `cumulative_prod`. */
export interface CumulativeFromOptions {
  /** The axis; only 1-d arrays have a default. */
  axis?: number | null
  dtype?: DTypeLike | null
  out?: NDArray | null
  /** Begins with 0 for sums, 1 for products, so that the axis is longer by one. */
  include_initial?: boolean
}

function running(op: string, of: typeof cumsum, start: number, x: ArrayLike, options: CumulativeFromOptions): NDArray {
  const { axis = null, dtype, out, include_initial = false } = options
  // (a single item counts as a list of one, as upstream)
  const given = asArray(x)
  const a = given.ndim > 0 ? given : wrap(p.reshape(given.value, [1]))
  if (axis === null && a.ndim !== 1)
    throw new ValueError('For arrays which have more than one dimension ``axis`` argument is required.', { op })
  const at = normalizeAxis(axis ?? 0, a.ndim)
  const plain = of(a, { axis: at, dtype }).value
  if (!include_initial) return finish(plain, out, op) as NDArray
  const first = p.full(
    a.shape.map((n, i) => (i === at ? 1 : n)),
    start,
    plain.dtype,
  )
  const whole = p.concatenate([first, plain], at) as View
  if (out && !sameShape(out.value.shape, whole.shape))
    throw new ShapeError(`could not broadcast input array from shape (${whole.shape}) into shape (${out.value.shape})`, { op })
  return out ? (finish(whole, out, op) as NDArray) : wrap(whole)
}
const names = ['dtype', 'out', 'include_initial', 'axis'] as const
const sumArgs = signature<CumulativeFromOptions>('cumulative_sum', [], names)
const prodArgs = signature<CumulativeFromOptions>('cumulative_prod', [], names)

/**
 * The sums of ever more items along an axis; with `include_initial` the first is 0.
 *
 * @example
 * np.cumulative_sum([1, 2, 3]) // => array([1, 3, 6])
 * np.cumulative_sum([1, 2, 3], { include_initial: true }) // => array([0, 1, 3, 6])
 */
export const cumulative_sum = (x: ArrayLike, ...rest: [] | [CumulativeFromOptions]): NDArray =>
  running('cumulative_sum', cumsum, 0, x, sumArgs(rest))

/**
 * The products of ever more items along an axis; with `include_initial` the first is 1.
 *
 * @example
 * np.cumulative_prod([1, 2, 3], { include_initial: true }) // => array([1, 1, 2, 6])
 */
export const cumulative_prod = (x: ArrayLike, ...rest: [] | [CumulativeFromOptions]): NDArray =>
  running('cumulative_prod', cumprod, 1, x, prodArgs(rest))
