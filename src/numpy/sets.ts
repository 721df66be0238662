/** Sets: unique items, membership, unions and differences. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { bool, int64 } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { promoteAll } from '../core/promote.ts'
import { normalizeAxis } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import { take } from '../lib/indexing.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, wrap } from './convert.ts'
import { concatenate } from './joining.ts'
import type { NDArray } from './ndarray.ts'
import type { ArrayLike } from './types.ts'

/** Keyword arguments of `unique`. */
export interface UniqueOptions {
  /** Also gives where each unique item is first found. */
  return_index?: boolean
  /** Also gives, for each item, which unique item it is. */
  return_inverse?: boolean
  /** Also gives how often each comes. */
  return_counts?: boolean
  /** Unique slices along an axis in place of unique items. */
  axis?: number | null
  /** Whether NaN equals NaN. Default true. */
  equal_nan?: boolean
  sorted?: boolean
}
const uniqueArgs = signature<UniqueOptions>('unique', ['return_index', 'return_inverse', 'return_counts', 'axis'], ['equal_nan', 'sorted'])

const flatten = (x: View): View => p.reshape(x, [x.size]) as View

/** Which items of a sorted vector differ from the one before; the first does. */
function starts(sorted: View, equalNaN: boolean): View {
  const n = sorted.size
  if (n === 0) return p.full([0], false, bool)
  const [before, after] = [p.narrow(sorted, 0, 0, n - 1), p.narrow(sorted, 0, 1, n - 1)]
  let differs: Value = p.ne(after, before)
  if (equalNaN && sorted.dtype.isInexact) differs = p.logicalAnd(differs, p.logicalNot(p.logicalAnd(p.isnan(after), p.isnan(before))))
  return p.concatenate([p.full([1], true, bool), differs]) as View
}

interface Uniques {
  values: View
  index: View
  inverse: View
  counts: View
}

/** Unique values, and where in the sorted vector each begins: all that is needed without indices. */
function distinct(x: View, equalNaN: boolean): { values: View; first: View } {
  const sorted = p.sort(x, 0) as View
  const first = starts(sorted, equalNaN)
  return { values: p.maskedSelect(sorted, first) as View, first }
}

/** The number of the unique item that each item of the sorted vector is. */
const groups = (first: View): Value => p.sub(p.cumsum(castView(first, int64), 0), 1)

function uniques(x: View, equalNaN: boolean): Uniques {
  const n = x.size
  const order = p.argsort(x, 0) as View
  const sorted = p.gather(x, 0, order) as View
  const first = starts(sorted, equalNaN)
  const values = p.maskedSelect(sorted, first) as View
  const index = p.maskedSelect(order, first) as View
  const group = groups(first)
  const inverse = p.scatter(p.full([n], 0, int64), 0, order, group) as View
  const counts = p.bincount(group, values.size) as View
  return { values, index, inverse, counts }
}

/**
 * The sorted unique items of an array, or its unique slices along an axis; with indices and counts on demand, as a list then.
 *
 * @example
 * np.unique([3, 1, 3, 2]) // => array([1, 2, 3])
 * np.unique([3, 1, 3], { return_counts: true }) // => [ array([1, 3]), array([1, 2]) ]
 */
export const unique = /* @__PURE__ */ byName(
  'unique',
  'ar',
  (ar: ArrayLike, ...rest: Rest<UniqueOptions, ['return_index', 'return_inverse', 'return_counts', 'axis']>): any => {
    const { return_index, return_inverse, return_counts, axis = null, equal_nan = true } = uniqueArgs(rest)
    const x = asView(ar)
    if (axis === null && !return_index && !return_inverse) {
      const { values, first } = distinct(flatten(x), equal_nan)
      return return_counts ? [wrap(values), wrap(p.bincount(groups(first), values.size) as View)] : wrap(values)
    }
    let parts: Uniques
    if (axis === null) {
      parts = uniques(flatten(x), equal_nan)
      if (return_inverse) parts.inverse = p.reshape(parts.inverse, x.shape) as View
    } else parts = uniqueSlices(x, normalizeAxis(axis, x.ndim))
    const { values, index, inverse, counts } = parts
    if (!return_index && !return_inverse && !return_counts) return wrap(values)
    return [
      wrap(values),
      ...(return_index ? [wrap(index)] : []),
      ...(return_inverse ? [wrap(inverse)] : []),
      ...(return_counts ? [wrap(counts)] : []),
    ]
  },
)

/** Slices compared as rows, item by item: each column's ranks refine the order of the rows. */
function uniqueSlices(x: View, axis: number): Uniques {
  const front = p.moveAxis(x, axis, 0)
  const n = front.shape[0]!
  const width = n === 0 ? 0 : x.size / n
  const rows = p.reshape(front, [n, width])
  let rank = p.full([n], 0, int64)
  for (let c = 0; c < width; c++) {
    const column = uniques(p.reshape(p.narrow(rows, 1, c, 1), [n]) as View, true)
    rank = uniques(p.add(p.mul(rank, Math.max(column.values.size, 1)), column.inverse) as View, true).inverse
  }
  const parts = uniques(rank, true)
  return { ...parts, values: take(x, parts.index, axis) as View }
}

/** What `unique_all` gives. */
export interface UniqueAll {
  readonly values: NDArray
  readonly indices: NDArray
  readonly inverse_indices: NDArray
  readonly counts: NDArray
}

/** Unique items, where each is first found, which one each item is, and counts. */
export const unique_all = /* @__PURE__ */ byName('unique_all', 'x', (x: ArrayLike): UniqueAll => {
  const [values, indices, inverse_indices, counts] = unique(x, {
    return_index: true,
    return_inverse: true,
    return_counts: true,
    equal_nan: false,
  })
  return { values, indices, inverse_indices, counts }
})
/** Unique items and how often each comes. */
export const unique_counts = /* @__PURE__ */ byName('unique_counts', 'x', (x: ArrayLike): Pick<UniqueAll, 'values' | 'counts'> => {
  const [values, counts] = unique(x, { return_counts: true, equal_nan: false })
  return { values, counts }
})
/** Unique items, and which one each item is. */
export const unique_inverse = /* @__PURE__ */ byName(
  'unique_inverse',
  'x',
  (x: ArrayLike): Pick<UniqueAll, 'values' | 'inverse_indices'> => {
    const [values, inverse_indices] = unique(x, { return_inverse: true, equal_nan: false })
    return { values, inverse_indices }
  },
)
/** Unique items. */
export const unique_values = /* @__PURE__ */ byName('unique_values', 'x', (x: ArrayLike): NDArray => unique(x, { equal_nan: false }))

/** Two arrays flattened, in their common dtype. */
function pair(a: ArrayLike, b: ArrayLike): [View, View] {
  const [x, y] = [asView(a), asView(b)]
  const dtype = promoteAll([x.dtype, y.dtype])
  return [flatten(castView(x, dtype)), flatten(castView(y, dtype))]
}

/** Which items of x are among those of y. */
function membership(x: View, y: View): View {
  if (y.size === 0) return p.full(x.shape, false, bool)
  if (x.dtype.isObject)
    return items(y).reduce<View>(
      (found, item) => p.logicalOr(found, p.eq(x, p.full([], item, x.dtype))) as View,
      p.full(x.shape, false, bool),
    )
  const sorted = p.sort(y, 0)
  const at = p.minimum(p.searchsorted(sorted, x), y.size - 1)
  return p.eq(p.gather(sorted, 0, at), x) as View
}

/** Keyword arguments of `isin`. */
export interface IsinOptions {
  assume_unique?: boolean
  /** Gives the opposite. */
  invert?: boolean
  kind?: 'sort' | 'table' | null
}
const isinArgs = signature<IsinOptions>('isin', ['assume_unique', 'invert'], ['kind'], 2)

/**
 * Whether each item is among the test items.
 *
 * @example
 * np.isin([[1, 2], [3, 4]], [2, 3]) // => array([[False,  True],
 *                                   //           [ True, False]])
 */
export const isin = /* @__PURE__ */ byName(
  'isin',
  'element test_elements',
  (element: ArrayLike, test_elements: ArrayLike, ...rest: Rest<IsinOptions, ['assume_unique', 'invert']>): NDArray => {
    const { invert = false } = isinArgs(rest)
    const [x, y] = pair(element, test_elements)
    const found = membership(x, y)
    return wrap(p.reshape(invert ? p.logicalNot(found) : found, asView(element).shape))
  },
)

/**
 * The sorted unique items of either array.
 *
 * @example
 * np.union1d([3, 1], [2, 1]) // => array([1, 2, 3])
 */
export const union1d = /* @__PURE__ */ byName('union1d', 'ar1 ar2', (ar1: ArrayLike, ar2: ArrayLike): NDArray => {
  const [x, y] = pair(ar1, ar2)
  return unique(concatenate([wrap(x), wrap(y)]))
})

/** Keyword arguments of `intersect1d`. */
export interface IntersectOptions {
  assume_unique?: boolean
  /** Also gives where the items are first found in each array. */
  return_indices?: boolean
}
const intersectArgs = signature<IntersectOptions>('intersect1d', ['assume_unique', 'return_indices'], [], 2)

/**
 * The sorted unique items that are in both arrays.
 *
 * @example
 * np.intersect1d([1, 3, 4, 3], [3, 1, 2, 1]) // => array([1, 3])
 */
export const intersect1d = /* @__PURE__ */ byName(
  'intersect1d',
  'ar1 ar2',
  (ar1: ArrayLike, ar2: ArrayLike, ...rest: Rest<IntersectOptions, ['assume_unique', 'return_indices']>): any => {
    const { return_indices = false } = intersectArgs(rest)
    const [x, y] = pair(ar1, ar2)
    const [u, v] = [uniques(x, true), uniques(y, true)]
    const common = membership(u.values, v.values)
    const values = wrap(p.maskedSelect(u.values, common))
    if (!return_indices) return values
    return [values, wrap(p.maskedSelect(u.index, common)), wrap(p.maskedSelect(v.index, membership(v.values, u.values)))]
  },
)

/**
 * The sorted unique items of the first array that are not in the second.
 *
 * @example
 * np.setdiff1d([1, 2, 3, 2, 4], [2, 4]) // => array([1, 3])
 */
export const setdiff1d = /* @__PURE__ */ byName(
  'setdiff1d',
  'ar1 ar2',
  (ar1: ArrayLike, ar2: ArrayLike, assume_unique: boolean | { assume_unique?: boolean } = false): NDArray => {
    const keep = typeof assume_unique === 'object' ? (assume_unique.assume_unique ?? false) : assume_unique
    const given = asView(ar1)
    const flat = p.reshape(given, [given.size]) as View
    const own = keep ? flat : distinct(flat, true).values
    const [x, y] = pair(wrap(own), ar2)
    return wrap(p.maskedSelect(own, p.logicalNot(membership(x, y))))
  },
)

/**
 * The sorted unique items that are in one array but not in both.
 *
 * @example
 * np.setxor1d([1, 2, 3], [2, 3, 4]) // => array([1, 4])
 */
export const setxor1d = /* @__PURE__ */ byName('setxor1d', 'ar1 ar2', (ar1: ArrayLike, ar2: ArrayLike): NDArray => {
  return unique(concatenate([setdiff1d(ar1, ar2), setdiff1d(ar2, ar1)]))
})
