/** Arrays joined, split, repeated, and with items put in or taken out. */

import { integers, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { copyInto } from '../core/copy.ts'
import { bool, type DType, int64 } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { ArgumentError, DTypeError, MemoryError, ShapeError, ValueError } from '../core/errors.ts'
import { type Casting, canCast, promoteAll } from '../core/promote.ts'
import { normalizeAxis, sameShape } from '../core/shape.ts'
import { bufferStorage } from '../core/storage.ts'
import { contiguousView, restride, type View } from '../core/view.ts'
import { take as takeRow } from '../lib/indexing.ts'
import { broadcastTo, concatenate as concatenateRow, reshape as reshapeRow } from '../ops/index.ts'
import '../runtime.ts'
import { asArray, asView, castView, wrap, wrapView } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { atleast_1d, atleast_2d, atleast_3d, ravel, reshape } from './manipulation.ts'
import { copyOf, NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike } from './types.ts'

/** Rows that `repeat` makes at most: their places are held in memory, 8 bytes each. */
const MOST_ROWS = 2 ** 28

/** Keyword arguments of `concatenate` and `stack`. */
export interface JoinOptions {
  /** The axis along which; null flattens the arrays first. */
  axis?: number | null
  out?: NDArray | null
  dtype?: DTypeLike | null
  casting?: Casting
}
const concatenateArgs = signature<JoinOptions>('concatenate', ['axis', 'out'], ['dtype', 'casting'])
const stackArgs = signature<JoinOptions>('stack', ['axis', 'out'], ['dtype', 'casting'])

/** The arrays of a sequence of them: a list, or the rows of an array. */
function sequence(arrays: ArrayLike, op: string): NDArray[] {
  if (Array.isArray(arrays)) return arrays.map((a) => asArray(a))
  if (arrays instanceof NDArray && arrays.ndim > 0) return [...arrays].map((a) => asArray(a))
  throw new ArgumentError(`${op}(): arrays to join must be passed as a list of arrays`, { op })
}

/** Several views in their common dtype, or the one given. */
function unified(views: readonly View[], given: DType | undefined, casting: Casting, op: string): View[] {
  const to = given ?? promoteAll(views.map((v) => v.dtype))
  for (const v of views) {
    if (!canCast(v.dtype, to, casting)) {
      throw new DTypeError(
        `Cannot cast array data from dtype('${v.dtype.name}') to dtype('${to.name}') according to the rule '${casting}'`,
        { op },
      )
    }
  }
  return views.map((v) => castView(v, to))
}

function join(views: readonly View[], axis: number, { out, dtype, casting = 'same_kind' }: JoinOptions, op: string): NDArray {
  if (out && dtype) throw new ArgumentError(`${op}() only takes \`out\` or \`dtype\` as an argument, but both were provided.`, { op })
  const result = concatenateRow(unified(views, out ? out.value.dtype : maybeDType(dtype), casting, op), axis) as View
  if (!out) return wrap(result)
  if (!sameShape(out.value.shape, result.shape))
    throw new ShapeError('Output array is the wrong shape', { op, shapes: [out.shape, result.shape] })
  copyInto(out.value, result)
  out.value.storage.version++
  return out
}

/**
 * Arrays joined along an axis that they have.
 *
 * @example
 * np.concatenate([[1, 2], [3]]) // => array([1, 2, 3])
 * np.concatenate([[[1, 2]], [[3, 4]]], { axis: 1 }) // => array([[1, 2, 3, 4]])
 */
export function concatenate(arrays: ArrayLike, ...rest: Rest<JoinOptions, ['axis', 'out']>): NDArray {
  const options = concatenateArgs(rest)
  const { axis = 0 } = options
  let views = sequence(arrays, 'concatenate').map((x) => x.value)
  if (views.length === 0) throw new ValueError('need at least one array to concatenate', { op: 'concatenate' })
  if (axis === null) views = views.map((v) => reshapeRow(v, [v.size]) as View)
  return join(views, axis ?? 0, options, 'concatenate')
}
/** The same as `concatenate`. */
export const concat = concatenate

/**
 * Arrays of one shape joined along a new axis.
 *
 * @example
 * np.stack([[1, 2], [3, 4]], 1) // => array([[1, 3],
 *                               //           [2, 4]])
 */
export const stack = /* @__PURE__ */ byName(
  'stack',
  'arrays',
  (arrays: ArrayLike, ...rest: Rest<JoinOptions, ['axis', 'out']>): NDArray => {
    const options = stackArgs(rest)
    const views = sequence(arrays, 'stack').map((x) => x.value)
    if (views.length === 0) throw new ValueError('need at least one array to stack', { op: 'stack' })
    const { shape } = views[0]!
    if (views.some((v) => !sameShape(v.shape, shape)))
      throw new ValueError('all input arrays must have the same shape', { op: 'stack', shapes: views.map((v) => v.shape) })
    const at = normalizeAxis(options.axis ?? 0, shape.length + 1)
    const wide = [...shape.slice(0, at), 1, ...shape.slice(at)]
    return join(
      views.map((v) => reshapeRow(v, wide) as View),
      at,
      options,
      'stack',
    )
  },
)

type StackOptions = Pick<JoinOptions, 'dtype' | 'casting'>

/**
 * Arrays joined row by row (axis 0); vectors are rows.
 *
 * @example
 * np.vstack([[1, 2], [3, 4]]) // => array([[1, 2],
 *                             //           [3, 4]])
 */
export const vstack = /* @__PURE__ */ byName(
  'vstack',
  'tup',
  (tup: ArrayLike, options: StackOptions = {}): NDArray =>
    concatenate(
      sequence(tup, 'vstack').map((a) => atleast_2d(a)),
      { axis: 0, ...options },
    ),
)

/**
 * Arrays joined column by column (axis 1); vectors end to end.
 *
 * @example
 * np.hstack([[1, 2], [3]]) // => array([1, 2, 3])
 */
export const hstack = /* @__PURE__ */ byName('hstack', 'tup', (tup: ArrayLike, options: StackOptions = {}): NDArray => {
  const arrays = sequence(tup, 'hstack').map((a) => atleast_1d(a))
  return concatenate(arrays, { axis: arrays[0]?.ndim === 1 ? 0 : 1, ...options })
})

/**
 * Arrays joined along the third axis.
 *
 * @example
 * np.dstack([[1, 2], [3, 4]]) // => array([[[1, 3],
 *                             //            [2, 4]]])
 */
export const dstack = /* @__PURE__ */ byName(
  'dstack',
  'tup',
  (tup: ArrayLike, options: StackOptions = {}): NDArray =>
    concatenate(
      sequence(tup, 'dstack').map((a) => atleast_3d(a)),
      { axis: 2, ...options },
    ),
)

/**
 * Vectors as the columns of a matrix; matrices are joined by columns.
 *
 * @example
 * np.column_stack([[1, 2], [3, 4]]) // => array([[1, 3],
 *                                   //           [2, 4]])
 */
export const column_stack = /* @__PURE__ */ byName(
  'column_stack',
  'tup',
  (tup: ArrayLike): NDArray =>
    concatenate(
      sequence(tup, 'column_stack').map((a) => (a.ndim < 2 ? reshape(a, [a.size, 1]) : a)),
      1,
    ),
)

/**
 * An array assembled from nested lists of blocks: the innermost lists are joined along the last axis, those around them along the axis
 * before, and so on.
 *
 * @example
 * np.block([[np.eye(1), np.zeros([1, 1])]]) // => array([[1., 0.]])
 */
export const block = /* @__PURE__ */ byName('block', 'arrays', (arrays: any): NDArray => {
  const depth = (x: unknown): number => (Array.isArray(x) ? 1 + (x.length ? depth(x[0]) : 0) : 0)
  const levels = depth(arrays)
  const rankOf = (x: any): number => (Array.isArray(x) ? Math.max(...x.map(rankOf)) : asView(x).ndim)
  const rank = Math.max(levels, rankOf(arrays))
  const build = (x: any, level: number): NDArray => {
    if (!Array.isArray(x)) {
      const a = asArray(x)
      return wrapView(reshapeRow(a.value, [...new Array<number>(rank - a.ndim).fill(1), ...a.shape]), a)
    }
    if (x.length === 0) throw new ValueError('List at arrays cannot be empty', { op: 'block' })
    return concatenate(
      x.map((y) => build(y, level + 1)),
      rank - levels + level,
    )
  }
  return levels === 0 ? asArray(arrays) : build(arrays, 0)
})

/** A part of one axis, as a view of `a`. */
export function part(a: NDArray, axis: number, start: number, stop: number): NDArray {
  const v = a.value
  const n = Math.max(0, stop - start)
  const offset = n === 0 ? v.offset : v.offset + start * v.strides[axis]!
  return wrapView(
    restride(
      v,
      v.shape.map((d, i) => (i === axis ? n : d)),
      v.strides,
      offset,
    ),
    a,
  )
}

/**
 * An array split along an axis into a number of parts, or before the places of a list; the parts need not be equal.
 *
 * @example
 * np.array_split([1, 2, 3], 2) // => [ array([1, 2]), array([3]) ]
 */
export const array_split = /* @__PURE__ */ byName(
  'array_split',
  'ary indices_or_sections',
  (ary: ArrayLike, indices_or_sections: number | readonly number[], axis: number | { axis?: number } = 0): NDArray[] => {
    const a = asArray(ary)
    const at = normalizeAxis(typeof axis === 'object' ? (axis.axis ?? 0) : axis, a.ndim)
    const n = a.shape[at]!
    let points: number[]
    if (typeof indices_or_sections === 'number') {
      const sections = Math.trunc(indices_or_sections)
      if (!(sections > 0)) throw new ValueError('number sections must be larger than 0.', { op: 'array_split' })
      const [each, extras] = [Math.floor(n / sections), n % sections]
      points = [0]
      for (let i = 0; i < sections; i++) points.push(points[i]! + each + (i < extras ? 1 : 0))
    } else {
      const clampIndex = (i: number) => Math.min(Math.max(i < 0 ? i + n : i, 0), n)
      const list = integers('array_split', 'indices_or_sections', indices_or_sections)
      points = [0, ...list.map(clampIndex), n]
    }
    return points.slice(1).map((stop, i) => part(a, at, points[i]!, stop))
  },
)

/**
 * An array split along an axis into equal parts, or before the places of a list. A ValueError when it does not divide.
 *
 * @example
 * np.split([1, 2, 3, 4], 2) // => [ array([1, 2]), array([3, 4]) ]
 */
export const split = /* @__PURE__ */ byName(
  'split',
  'ary indices_or_sections',
  (ary: ArrayLike, indices_or_sections: number | readonly number[], axis: number | { axis?: number } = 0): NDArray[] => {
    const a = asArray(ary)
    const at = typeof axis === 'object' ? (axis.axis ?? 0) : axis
    if (typeof indices_or_sections === 'number' && a.shape[normalizeAxis(at, a.ndim)]! % indices_or_sections !== 0) {
      throw new ValueError('array split does not result in an equal division', { op: 'split' })
    }
    return array_split(a, indices_or_sections, at)
  },
)

/**
 * An array split into columns (axis 1; vectors along their only axis).
 *
 * @example
 * np.hsplit([[1, 2], [3, 4]], 2)[0] // => array([[1],
 *                                   //           [3]])
 */
export const hsplit = /* @__PURE__ */ byName(
  'hsplit',
  'ary indices_or_sections',
  (ary: ArrayLike, indices_or_sections: number | readonly number[]): NDArray[] => {
    const a = asArray(ary)
    if (a.ndim === 0) throw new ValueError('hsplit only works on arrays of 1 or more dimensions', { op: 'hsplit' })
    return split(a, indices_or_sections, a.ndim > 1 ? 1 : 0)
  },
)

/**
 * An array split into rows (axis 0).
 *
 * @example
 * np.vsplit([[1, 2], [3, 4]], 2)[0] // => array([[1, 2]])
 */
export const vsplit = /* @__PURE__ */ byName(
  'vsplit',
  'ary indices_or_sections',
  (ary: ArrayLike, indices_or_sections: number | readonly number[]): NDArray[] => {
    const a = asArray(ary)
    if (a.ndim < 2) throw new ValueError('vsplit only works on arrays of 2 or more dimensions', { op: 'vsplit' })
    return split(a, indices_or_sections, 0)
  },
)

/**
 * An array split along the third axis.
 *
 * @example
 * np.dsplit(np.zeros([1, 1, 4]), 2).length // => 2
 */
export const dsplit = /* @__PURE__ */ byName(
  'dsplit',
  'ary indices_or_sections',
  (ary: ArrayLike, indices_or_sections: number | readonly number[]): NDArray[] => {
    const a = asArray(ary)
    if (a.ndim < 3) throw new ValueError('dsplit only works on arrays of 3 or more dimensions', { op: 'dsplit' })
    return split(a, indices_or_sections, 2)
  },
)

/**
 * The parts of an array along an axis, without that axis.
 *
 * @example
 * np.unstack([[1, 2], [3, 4]]) // => [ array([1, 2]), array([3, 4]) ]
 */
export function unstack(x: ArrayLike, axis: number | { axis?: number } = 0): NDArray[] {
  const a = asArray(x)
  if (a.ndim === 0) throw new ValueError('Input array must be at least 1-d.', { op: 'unstack' })
  const at = normalizeAxis(typeof axis === 'object' ? (axis?.axis ?? 0) : axis, a.ndim)
  const rest = a.shape.filter((_, i) => i !== at)
  return Array.from({ length: a.shape[at]! }, (_, i) => wrapView(reshapeRow(part(a, at, i, i + 1).value, rest), a))
}

/**
 * An array repeated as a whole along its axes.
 *
 * @example
 * np.tile([1, 2], 2) // => array([1, 2, 1, 2])
 * np.tile([1, 2], [2, 1]) // => array([[1, 2],
 *                         //           [1, 2]])
 */
export const tile = /* @__PURE__ */ byName('tile', 'A reps', (A: ArrayLike, reps: number | readonly number[]): NDArray => {
  const v = asView(A)
  const times = integers('tile', 'reps', reps)
  const rank = Math.max(v.ndim, times.length)
  const shape = [...new Array<number>(rank - v.ndim).fill(1), ...v.shape]
  const counts = [...new Array<number>(rank - times.length).fill(1), ...times]
  if (counts.some((n) => n < 0)) throw new ValueError('negative dimensions are not allowed', { op: 'tile' })
  const wide = reshapeRow(
    v,
    shape.flatMap((n) => [1, n]),
  ) as View
  const repeated = broadcastTo(
    wide,
    shape.flatMap((n, i) => [counts[i]!, n]),
  ) as View
  return wrap(
    reshapeRow(
      copyOf(repeated),
      shape.map((n, i) => n * counts[i]!),
    ),
  )
})

/**
 * Each item repeated, all as often or each as often as a list says; without an axis, of the flattened array.
 *
 * @example
 * np.repeat([1, 2], 2) // => array([1, 1, 2, 2])
 * np.repeat([[1, 2], [3, 4]], [1, 2], 0) // => array([[1, 2],
 *                                        //           [3, 4],
 *                                        //           [3, 4]])
 */
export const repeat = /* @__PURE__ */ byName(
  'repeat',
  'a repeats',
  (a: ArrayLike, repeats: ArrayLike, axis: number | null | { axis?: number | null } = null): NDArray => {
    const given = typeof axis === 'object' && axis !== null ? (axis.axis ?? null) : axis
    // (a single item has an axis 0 here, as upstream)
    const x = given === null || (asView(a).ndim === 0 && (given === 0 || given === -1)) ? ravel(a) : asArray(a)
    const at = normalizeAxis(given ?? 0, x.ndim)
    const n = x.shape[at]!
    const counts = asView(repeats)
    if (!counts.dtype.isInteger && counts.dtype !== bool)
      throw new DTypeError("Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'", { op: 'repeat' })
    const list = items(castView(counts, int64)) as number[]
    if (list.length === 1 && list[0]! >= 0 && n * list[0]! <= MOST_ROWS) {
      const wide = [...x.shape.slice(0, at + 1), list[0]!, ...x.shape.slice(at + 1)]
      const spread = broadcastTo(reshapeRow(x.value, [...x.shape.slice(0, at + 1), 1, ...x.shape.slice(at + 1)]), wide)
      return wrap(
        copyOf(
          reshapeRow(
            spread,
            x.shape.map((d, i) => (i === at ? d * list[0]! : d)),
          ) as View,
        ),
      )
    }
    if (list.length !== 1 && list.length !== n) {
      throw new ShapeError(`operands could not be broadcast together with shape (${n},) (${list.length},)`, { op: 'repeat' })
    }
    const times = (i: number): number => Number(list.length === 1 ? list[0]! : list[i]!)
    let total = 0
    for (let i = 0; i < n; i++) {
      if (times(i) < 0) throw new ValueError('repeats may not contain negative values.', { op: 'repeat' })
      total += times(i)
    }
    if (total > MOST_ROWS) throw new MemoryError(`repeat(): ${total} rows are more than can be indexed`, { op: 'repeat' })
    const places = new BigInt64Array(total)
    for (let i = 0, at = 0; i < n; i++) {
      const end = at + times(i)
      places.fill(BigInt(i), at, end)
      at = end
    }
    return wrap(takeRow(x.value, contiguousView(bufferStorage(places.buffer), int64, [total]), at))
  },
)
