/** Arrays joined, split, repeated, and with items put in or taken out. */

import { allocate } from '../core/allocate.ts'
import { type Rest, signature } from '../core/arguments.ts'
import { copyInto } from '../core/copy.ts'
import { bool, type DType, int64 } from '../core/dtype.ts'
import { items, viewOf } from '../core/element.ts'
import { ArgumentError, DTypeError, IndexError, MemoryError, ShapeError, ValueError } from '../core/errors.ts'
import { type Casting, canCast, promoteAll } from '../core/promote.ts'
import { normalizeAxis, sameShape } from '../core/shape.ts'
import { bufferStorage } from '../core/storage.ts'
import { contiguousView, restride, type View } from '../core/view.ts'
import { getItem, take as takeRow } from '../lib/indexing.ts'
import { broadcastTo, concatenate as concatenateRow, reshape as reshapeRow } from '../ops/index.ts'
import { asArray, asView, castView, fromData, wrap, wrapView } from './convert.ts'
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
export function stack(arrays: ArrayLike, ...rest: Rest<JoinOptions, ['axis', 'out']>): NDArray {
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
}

type StackOptions = Pick<JoinOptions, 'dtype' | 'casting'>

/**
 * Arrays joined row by row (axis 0); vectors are rows.
 *
 * @example
 * np.vstack([[1, 2], [3, 4]]) // => array([[1, 2],
 *                             //           [3, 4]])
 */
export const vstack = (tup: ArrayLike, options: StackOptions = {}): NDArray =>
  concatenate(
    sequence(tup, 'vstack').map((a) => atleast_2d(a)),
    { axis: 0, ...options },
  )

/**
 * Arrays joined column by column (axis 1); vectors end to end.
 *
 * @example
 * np.hstack([[1, 2], [3]]) // => array([1, 2, 3])
 */
export function hstack(tup: ArrayLike, options: StackOptions = {}): NDArray {
  const arrays = sequence(tup, 'hstack').map((a) => atleast_1d(a))
  return concatenate(arrays, { axis: arrays[0]?.ndim === 1 ? 0 : 1, ...options })
}

/**
 * Arrays joined along the third axis.
 *
 * @example
 * np.dstack([[1, 2], [3, 4]]) // => array([[[1, 3],
 *                             //            [2, 4]]])
 */
export const dstack = (tup: ArrayLike, options: StackOptions = {}): NDArray =>
  concatenate(
    sequence(tup, 'dstack').map((a) => atleast_3d(a)),
    { axis: 2, ...options },
  )

/**
 * Vectors as the columns of a matrix; matrices are joined by columns.
 *
 * @example
 * np.column_stack([[1, 2], [3, 4]]) // => array([[1, 3],
 *                                   //           [2, 4]])
 */
export const column_stack = (tup: ArrayLike): NDArray =>
  concatenate(
    sequence(tup, 'column_stack').map((a) => (a.ndim < 2 ? reshape(a, [a.size, 1]) : a)),
    1,
  )

/**
 * An array assembled from nested lists of blocks: the innermost lists are joined along the last axis, those around them along the axis
 * before, and so on.
 *
 * @example
 * np.block([[np.eye(1), np.zeros([1, 1])]]) // => array([[1., 0.]])
 */
export function block(arrays: any): NDArray {
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
}

/** A part of one axis, as a view of `a`. */
function part(a: NDArray, axis: number, start: number, stop: number): NDArray {
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
export function array_split(
  ary: ArrayLike,
  indices_or_sections: number | readonly number[],
  axis: number | { axis?: number } = 0,
): NDArray[] {
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
    const list = indices_or_sections instanceof NDArray ? ((indices_or_sections as NDArray).tolist() as number[]) : indices_or_sections
    points = [0, ...list.map(clampIndex), n]
  }
  return points.slice(1).map((stop, i) => part(a, at, points[i]!, stop))
}

/**
 * An array split along an axis into equal parts, or before the places of a list. A ValueError when it does not divide.
 *
 * @example
 * np.split([1, 2, 3, 4], 2) // => [ array([1, 2]), array([3, 4]) ]
 */
export function split(ary: ArrayLike, indices_or_sections: number | readonly number[], axis: number | { axis?: number } = 0): NDArray[] {
  const a = asArray(ary)
  const at = typeof axis === 'object' ? (axis.axis ?? 0) : axis
  if (typeof indices_or_sections === 'number' && a.shape[normalizeAxis(at, a.ndim)]! % indices_or_sections !== 0) {
    throw new ValueError('array split does not result in an equal division', { op: 'split' })
  }
  return array_split(a, indices_or_sections, at)
}

/**
 * An array split into columns (axis 1; vectors along their only axis).
 *
 * @example
 * np.hsplit([[1, 2], [3, 4]], 2)[0] // => array([[1],
 *                                   //           [3]])
 */
export function hsplit(ary: ArrayLike, indices_or_sections: number | readonly number[]): NDArray[] {
  const a = asArray(ary)
  if (a.ndim === 0) throw new ValueError('hsplit only works on arrays of 1 or more dimensions', { op: 'hsplit' })
  return split(a, indices_or_sections, a.ndim > 1 ? 1 : 0)
}

/**
 * An array split into rows (axis 0).
 *
 * @example
 * np.vsplit([[1, 2], [3, 4]], 2)[0] // => array([[1, 2]])
 */
export function vsplit(ary: ArrayLike, indices_or_sections: number | readonly number[]): NDArray[] {
  const a = asArray(ary)
  if (a.ndim < 2) throw new ValueError('vsplit only works on arrays of 2 or more dimensions', { op: 'vsplit' })
  return split(a, indices_or_sections, 0)
}

/**
 * An array split along the third axis.
 *
 * @example
 * np.dsplit(np.zeros([1, 1, 4]), 2).length // => 2
 */
export function dsplit(ary: ArrayLike, indices_or_sections: number | readonly number[]): NDArray[] {
  const a = asArray(ary)
  if (a.ndim < 3) throw new ValueError('dsplit only works on arrays of 3 or more dimensions', { op: 'dsplit' })
  return split(a, indices_or_sections, 2)
}

/**
 * The parts of an array along an axis, without that axis.
 *
 * @example
 * np.unstack([[1, 2], [3, 4]]) // => [ array([1, 2]), array([3, 4]) ]
 */
export function unstack(x: ArrayLike, axis: number | { axis?: number } = 0): NDArray[] {
  const a = asArray(x)
  if (a.ndim === 0) throw new ValueError('Input array must be at least 1-d.', { op: 'unstack' })
  const at = normalizeAxis(typeof axis === 'object' ? (axis.axis ?? 0) : axis, a.ndim)
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
export function tile(A: ArrayLike, reps: number | readonly number[]): NDArray {
  const v = asView(A)
  const times = typeof reps === 'number' ? [reps] : [...reps]
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
}

/**
 * Each item repeated, all as often or each as often as a list says; without an axis, of the flattened array.
 *
 * @example
 * np.repeat([1, 2], 2) // => array([1, 1, 2, 2])
 * np.repeat([[1, 2], [3, 4]], [1, 2], 0) // => array([[1, 2],
 *                                        //           [3, 4],
 *                                        //           [3, 4]])
 */
export function repeat(a: ArrayLike, repeats: ArrayLike, axis: number | null | { axis?: number | null } = null): NDArray {
  const given = typeof axis === 'object' && axis !== null ? (axis.axis ?? null) : axis
  const x = given === null ? ravel(a) : asArray(a)
  const at = normalizeAxis(given ?? 0, x.ndim)
  const n = x.shape[at]!
  const counts = asView(repeats)
  if (!counts.dtype.isInteger && counts.dtype !== bool)
    throw new DTypeError("Cannot cast array data from dtype('float64') to dtype('int64') according to the rule 'safe'", { op: 'repeat' })
  const list = items(castView(counts, int64)) as number[]
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
}

/**
 * An array with values added at its end; without an axis both are flattened.
 *
 * @example
 * np.append([1, 2], [[3, 4]]) // => array([1, 2, 3, 4])
 */
export function append(arr: ArrayLike, values: ArrayLike, axis: number | null | { axis?: number | null } = null): NDArray {
  const given = typeof axis === 'object' && axis !== null ? (axis.axis ?? null) : axis
  if (given === null) return concatenate([ravel(arr), ravel(values)])
  return concatenate([asArray(arr), asArray(values)], given)
}

/** Which items of an axis a key names: a place, places, a mask, or a slice text. */
function placesOf(obj: unknown, n: number, op: string): { places: number[]; scalar: boolean } {
  const normal = (i: number): number => {
    if (!Number.isInteger(i)) throw new IndexError('arrays used as indices must be of integer (or boolean) type', { op })
    if (i < -n || i >= n + (op === 'insert' ? 1 : 0)) throw new IndexError(`index ${i} is out of bounds for axis 0 with size ${n}`, { op })
    return i < 0 ? i + n : i
  }
  if (typeof obj === 'number' || typeof obj === 'bigint') return { places: [normal(Number(obj))], scalar: true }
  if (typeof obj === 'string' || (typeof obj === 'object' && obj !== null && 'indices' in obj)) {
    const line = viewOf(
      Array.from({ length: n }, (_, i) => i),
      [n],
      int64,
    )
    return { places: items(getItem(line, [obj]) as View) as number[], scalar: false }
  }
  const v = obj instanceof NDArray ? obj.value : fromData(obj, Array.isArray(obj) && obj.length === 0 ? int64 : undefined)
  const list = items(v)
  if (v.dtype === bool) {
    if (list.length !== n)
      throw new ValueError(`boolean array argument obj to ${op} must be one dimensional and match the axis length of ${n}`, { op })
    return { places: list.flatMap((x, i) => (x ? [i] : [])), scalar: false }
  }
  return { places: (list as number[]).map(normal), scalar: v.ndim === 0 }
}

/**
 * An array without the items that a place, a list, a mask or a slice names; without an axis, of the flattened array.
 *
 * @example
 * np.delete([1, 2, 3, 4], [0, 2]) // => array([2, 4])
 */
function remove(arr: ArrayLike, obj: unknown, axis: number | null | { axis?: number | null } = null): NDArray {
  const given = typeof axis === 'object' && axis !== null ? (axis.axis ?? null) : axis
  const x = given === null ? ravel(arr) : asArray(arr)
  const at = normalizeAxis(given ?? 0, x.ndim)
  const gone = new Set(placesOf(obj, x.shape[at]!, 'delete').places)
  const kept = Array.from({ length: x.shape[at]! }, (_, i) => i).filter((i) => !gone.has(i))
  return wrap(takeRow(x.value, viewOf(kept, [kept.length], int64), at))
}

export { remove as delete }

/**
 * An array with values put in before places; without an axis, into the flattened array.
 *
 * @example
 * np.insert([1, 2, 3], 1, 9) // => array([1, 9, 2, 3])
 * np.insert([[1, 2], [3, 4]], 1, 9, 1) // => array([[1, 9, 2],
 *                                      //           [3, 9, 4]])
 */
export function insert(arr: ArrayLike, obj: unknown, values: ArrayLike, axis: number | null | { axis?: number | null } = null): NDArray {
  const given = typeof axis === 'object' && axis !== null ? (axis.axis ?? null) : axis
  const x = given === null ? ravel(arr) : asArray(arr)
  const at = normalizeAxis(given ?? 0, x.ndim)
  const n = x.shape[at]!
  const { places, scalar } = placesOf(obj, n, 'insert')
  let v = castView(asView(values), x.value.dtype)
  // A single place takes whole slices: the values' first axis lies along `axis` and the others broadcast against the rest.
  if (scalar && v.ndim > 0) {
    const wide = reshapeRow(v, [...new Array<number>(Math.max(0, x.ndim - v.ndim)).fill(1), ...v.shape]) as View
    v = restride(wide, moved(wide.shape, at), moved(wide.strides, at))
  }
  const count = scalar ? (v.ndim === 0 ? 1 : v.shape[at]!) : places.length
  const spots = scalar ? new Array<number>(count).fill(places[0]!) : places
  const order = spots.map((_, i) => i).sort((i, j) => spots[i]! - spots[j]! || i - j)
  const shape = x.shape.map((d, i) => (i === at ? n + spots.length : d))
  const out = allocate(shape, x.value.dtype)
  const line = (w: View, i: number): View =>
    restride(
      w,
      w.shape.map((d, k) => (k === at ? 1 : d)),
      w.strides,
      w.offset + i * w.strides[at]!,
    )
  const inserted = broadcastTo(
    v,
    x.shape.map((d, i) => (i === at ? spots.length : d)),
  ) as View
  let from = 0
  let next = 0
  for (let i = 0; i < n + spots.length; i++) {
    const k = order[next]
    if (k !== undefined && spots[k]! <= from) {
      copyInto(line(out, i), line(inserted, k))
      next++
    } else copyInto(line(out, i), line(x.value, from++))
  }
  return wrap(out)
}

const moved = (list: readonly number[], to: number): number[] => {
  const rest = list.slice(1)
  rest.splice(to, 0, list[0]!)
  return rest
}

/**
 * A copy of an array in a new shape: cut, or its items repeated from the start.
 *
 * @example
 * np.resize([1, 2, 3], [2, 2]) // => array([[1, 2],
 *                              //           [3, 1]])
 */
export function resize(a: ArrayLike, new_shape: number | readonly number[]): NDArray {
  const x = ravel(a)
  const dims = typeof new_shape === 'number' ? [new_shape] : [...new_shape]
  if (dims.some((n) => n < 0)) throw new ValueError('all elements of `new_shape` must be non-negative', { op: 'resize' })
  const n = dims.reduce((p, d) => p * d, 1)
  if (x.size === 0) return wrap(allocate(dims, x.value.dtype, 'cpu', true))
  return reshape(
    wrap(
      takeRow(
        x.value,
        viewOf(
          Array.from({ length: n }, (_, i) => i % x.size),
          [n],
          int64,
        ),
        0,
      ),
    ),
    dims,
  )
}

/**
 * A 1-d array (or a list) without the zeros at its ends.
 *
 * @example
 * np.trim_zeros([0, 1, 0, 2, 0]) // => [ 1, 0, 2 ]
 */
export function trim_zeros(filt: ArrayLike, trim: string = 'fb'): any {
  const a = asArray(filt)
  if (a.ndim !== 1) throw new ValueError('trim_zeros(): expected a 1-d array', { op: 'trim_zeros', shapes: [a.shape] })
  const truth = items(castView(a.value, bool)) as boolean[]
  let [start, stop] = [0, truth.length]
  if (/f/i.test(trim)) while (start < stop && !truth[start]) start++
  if (/b/i.test(trim)) while (stop > start && !truth[stop - 1]) stop--
  const kept = part(a, 0, start, stop)
  return Array.isArray(filt) ? kept.tolist() : kept
}
