/** Sorting, searching and counting. */

import { integers, keyword, needed, type Rest, sequence, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { complex64, complex128, float64, int64 } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import { normalizeAxis } from '../core/shape.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, fromData, unwrap, wrap } from './convert.ts'
import { take } from './indexing.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike, Result } from './types.ts'

/** Keyword arguments of `sort` and `argsort`. */
export interface SortOptions {
  /** The axis; null flattens first. Default the last. */
  axis?: number | null
  /** Accepted as NumPy does: every sort here is stable. */
  kind?: 'quicksort' | 'mergesort' | 'heapsort' | 'stable' | null
  order?: null
  stable?: boolean | null
}
const sortArgs = signature<SortOptions>('sort', ['axis', 'kind', 'order'], ['stable'])
const argsortArgs = signature<SortOptions>('argsort', ['axis', 'kind', 'order'], ['stable'])
type SortRest = Rest<SortOptions, ['axis', 'kind', 'order']>

/** The array and the axis that an `axis` argument means. */
function along(a: ArrayLike, axis: number | null | undefined, op: string): [View, number] {
  const x = asView(a)
  if (axis === null) return [p.reshape(x, [x.size]) as View, 0]
  if (x.ndim > 0) return [x, normalizeAxis(axis ?? -1, x.ndim)]
  // The index of a single item is there to be had along an axis that it does not have.
  if (op.startsWith('arg') && (axis === undefined || axis === -1 || axis === 0)) return [p.reshape(x, [1]) as View, 0]
  return [x, normalizeAxis(axis ?? -1, 0, op)]
}

/**
 * A sorted copy along an axis, the last unless given; NaN come last.
 *
 * @example
 * np.sort([3, 1, 2]) // => array([1, 2, 3])
 * np.sort([[3, 1], [2, 4]], 0) // => array([[2, 1],
 *                              //           [3, 4]])
 */
export const sort = /* @__PURE__ */ byName('sort', 'a', (a: ArrayLike, ...rest: SortRest): NDArray => {
  const [x, axis] = along(a, sortArgs(rest).axis, 'sort')
  return wrap(p.sort(x, axis))
})

/**
 * The indices that would sort along an axis, the last unless given; equal items keep their order.
 *
 * @example
 * np.argsort([30, 10, 20]) // => array([1, 2, 0])
 */
export const argsort = /* @__PURE__ */ byName('argsort', 'a', (a: ArrayLike, ...rest: SortRest): NDArray => {
  const [x, axis] = along(a, argsortArgs(rest).axis, 'argsort')
  return wrap(p.argsort(x, axis))
})

/**
 * A copy with the item at position `kth` where sorting would put it, smaller ones before and others behind.
 *
 * @example
 * np.partition([3, 1, 2], 0).at(0) // => 1
 */
export const partition = /* @__PURE__ */ byName(
  'partition',
  'a',
  (a: ArrayLike, ...rest: Rest<PartitionOptions, ['kth', 'axis', 'kind', 'order']>): NDArray => {
    const { kth, axis } = partitionArgs(rest)
    const [x, at] = along(a, axis, 'partition')
    return wrap(p.partition(x, places(needed('partition', 'kth', kth), x.shape[at]!), at))
  },
)
const partitionArgs = signature<PartitionOptions>('partition', ['kth', 'axis', 'kind', 'order'])

/**
 * The indices that would partition: see `partition`.
 *
 * @example
 * np.argpartition([3, 1, 2], 0).at(0) // => 1
 */
export const argpartition = /* @__PURE__ */ byName(
  'argpartition',
  'a',
  (a: ArrayLike, ...rest: Rest<PartitionOptions, ['kth', 'axis', 'kind', 'order']>): NDArray => {
    const { kth, axis } = argpartitionArgs(rest)
    const [x, at] = along(a, axis, 'argpartition')
    return wrap(p.argpartition(x, places(needed('argpartition', 'kth', kth), x.shape[at]!), at))
  },
)
const argpartitionArgs = signature<PartitionOptions>('argpartition', ['kth', 'axis', 'kind', 'order'])

/** Arguments of `partition` and `argpartition` after the array. */
export interface PartitionOptions {
  /** The position, or positions, that sorting would fill rightly. */
  kth?: number | readonly number[]
  /** The axis; the last by default, null for the flattened array. */
  axis?: number | null
  kind?: 'introselect'
  order?: null
}

function places(kth: number | readonly number[], n: number): number[] {
  return integers('partition', 'kth', kth).map((k) => {
    if (n > 0 && (k < -n || k >= n)) throw new ValueError(`kth(=${k < 0 ? k + n : k}) out of bounds (${n})`, { op: 'partition' })
    return k < 0 ? k + n : k
  })
}

/**
 * The indices that sort by several keys, the last one first.
 *
 * @example
 * np.lexsort([[1, 2, 3], [2, 1, 1]]) // => array([1, 2, 0])
 */
export const lexsort = /* @__PURE__ */ byName(
  'lexsort',
  'keys',
  (keys: readonly ArrayLike[] | NDArray, axis: number | { axis?: number } = -1): NDArray => {
    const list = sequence('lexsort', 'keys', keys as Iterable<ArrayLike>).map((k) => asView(k))
    if (list.length === 0) throw new DTypeError('need sequence of keys with len > 0 in lexsort', { op: 'lexsort' })
    const at = normalizeAxis(keyword('lexsort', 'axis', axis as number, -1), list[0]!.ndim)
    let order = p.argsort(list[0]!, at)
    for (const key of list.slice(1)) order = p.gather(order, at, p.argsort(p.gather(key, at, order), at))
    return wrap(order)
  },
)

/**
 * The complex items sorted by real part, then imaginary part.
 *
 * @example
 * np.sort_complex([3, 1]) // => array([1.+0.j, 3.+0.j])
 */
export const sort_complex = /* @__PURE__ */ byName('sort_complex', 'a', (a: ArrayLike): NDArray => {
  const x = asView(a)
  const small = ['int8', 'int16', 'uint8', 'uint16', 'float32', 'float16', 'complex64'].includes(x.dtype.name)
  return sort(wrap(castView(x, small ? complex64 : complex128)))
})

/** Keyword arguments of `searchsorted`. */
export interface SearchOptions {
  /** Before equal items (`'left'`, the default) or behind them. */
  side?: 'left' | 'right'
  /** Indices that sort `a`. */
  sorter?: ArrayLike | null
}
const searchArgs = signature<SearchOptions>('searchsorted', ['side', 'sorter'], [], 2)

/**
 * The places in a sorted array where values would go.
 *
 * @example
 * np.searchsorted([1, 3, 5], [0, 3, 9]) // => array([0, 1, 3])
 */
export const searchsorted = /* @__PURE__ */ byName(
  'searchsorted',
  'a v',
  (a: ArrayLike, v: ArrayLike, ...rest: Rest<SearchOptions, ['side', 'sorter']>): Result => {
    const { side = 'left', sorter } = searchArgs(rest)
    if (side !== 'left' && side !== 'right')
      throw new ValueError(`search side must be 'left' or 'right' (got '${String(side)}')`, { op: 'searchsorted' })
    let x = asView(a)
    const values = asView(v)
    if (x.ndim !== 1) throw new ValueError('object too deep for desired array', { op: 'searchsorted', shapes: [x.shape] })
    if (sorter !== undefined && sorter !== null) {
      const order = asView(sorter)
      if (order.size !== x.size) throw new ValueError('sorter.size must equal a.size', { op: 'searchsorted' })
      x = (take(wrap(x), wrap(order)) as NDArray).value
    }
    const dtype = promoteAll([x.dtype, values.dtype])
    const flat = p.reshape(castView(values, dtype), [values.size])
    return unwrap(p.reshape(p.searchsorted(castView(x, dtype), flat, side === 'right'), values.shape))
  },
)

/** Keyword arguments of `bincount`. */
export interface BincountOptions {
  weights?: ArrayLike | null
  /** The least length of the result. */
  minlength?: number
}
const bincountArgs = signature<BincountOptions>('bincount', ['weights', 'minlength'])

/**
 * How often each integer from 0 on occurs, or the sums of their weights.
 *
 * @example
 * np.bincount([0, 1, 1, 3]) // => array([1, 2, 0, 1])
 */
export function bincount(x: ArrayLike, ...rest: Rest<BincountOptions, ['weights', 'minlength']>): NDArray {
  const { weights, minlength = 0 } = bincountArgs(rest)
  if (minlength < 0) throw new ValueError("'minlength' must not be negative", { op: 'bincount' })
  const v = Array.isArray(x) && x.length === 0 ? fromData(x, int64) : asView(x)
  if (v.ndim !== 1)
    throw new ValueError(`object ${v.ndim > 1 ? 'too deep' : 'of too small depth'} for desired array`, {
      op: 'bincount',
      shapes: [v.shape],
    })
  // Lists of fractions are truncated (deprecated upstream), arrays are refused.
  if (v.dtype.isObject || v.dtype.isComplex || (v.dtype.isFloat && !Array.isArray(x))) {
    throw new DTypeError(`Cannot cast array data from dtype('${v.dtype.name}') to dtype('int64') according to the rule 'safe'`, {
      op: 'bincount',
    })
  }
  const list = castView(v, int64)
  const extreme = (row: typeof p.amax): number => (list.size === 0 ? -1 : Number(items(row(list) as View)[0]))
  if (list.size > 0 && extreme(p.amin) < 0) throw new ValueError("'list' argument must have no negative elements", { op: 'bincount' })
  const top = extreme(p.amax)
  const w = weights === undefined || weights === null ? null : asView(weights, float64)
  if (w && w.size !== list.size) throw new ValueError("The weights and list don't have the same length.", { op: 'bincount' })
  return wrap(p.bincount(list, Math.max(top + 1, minlength), w))
}

/**
 * The numbers of the bins that items fall in, for bins that rise or fall.
 *
 * @example
 * np.digitize([0.2, 6.4, 3.0], [0, 1, 2.5, 4, 10]) // => array([1, 4, 3])
 */
export const digitize = /* @__PURE__ */ byName(
  'digitize',
  'x bins',
  (x: ArrayLike, bins: ArrayLike, right: boolean | { right?: boolean } = false): Result => {
    const edges = asView(bins)
    if (asView(x).dtype.isComplex) throw new DTypeError('x may not be complex', { op: 'digitize' })
    const list = items(edges) as number[]
    const rises = list.every((e, i) => i === 0 || e >= list[i - 1]!)
    const falls = list.every((e, i) => i === 0 || e <= list[i - 1]!)
    if (!rises && !falls) throw new ValueError('bins must be monotonically increasing or decreasing', { op: 'digitize' })
    const closed = typeof right === 'object' ? (right.right ?? false) : right
    const side = closed ? 'left' : 'right'
    if (rises) return searchsorted(wrap(edges), x, side)
    const found = asView(searchsorted(wrap(copyOf(p.flip(edges, 0) as View)), x, side === 'left' ? 'left' : 'right'))
    return unwrap(p.sub(asView(list.length), found))
  },
)
