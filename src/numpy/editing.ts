/** Arrays with items put in or taken out. */

import { allocate } from '../core/allocate.ts'
import { integers, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { copyInto } from '../core/copy.ts'
import { bool, int64 } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { IndexError, ValueError } from '../core/errors.ts'
import { normalizeAxes, normalizeAxis } from '../core/shape.ts'
import { bufferStorage } from '../core/storage.ts'
import { contiguousView, restride, type View } from '../core/view.ts'
import { getItem, take as takeRow } from '../lib/indexing.ts'
import { any as anyRow, broadcastTo, narrow, nonzeroColumns, ramp, reshape as reshapeRow } from '../ops/index.ts'
import '../runtime.ts'
import { asArray, asView, castView, fromData, wrap } from './convert.ts'
import { concatenate, part } from './joining.ts'
import { ravel, reshape } from './manipulation.ts'
import { copyOf, NDArray } from './ndarray.ts'
import type { ArrayLike } from './types.ts'

/**
 * An array with values added at its end; without an axis both are flattened.
 *
 * @example
 * np.append([1, 2], [[3, 4]]) // => array([1, 2, 3, 4])
 */
export const append = /* @__PURE__ */ byName(
  'append',
  'arr values',
  (arr: ArrayLike, values: ArrayLike, axis: number | null | { axis?: number | null } = null): NDArray => {
    const given = typeof axis === 'object' && axis !== null ? (axis.axis ?? null) : axis
    if (given === null) return concatenate([ravel(arr), ravel(values)])
    return concatenate([asArray(arr), asArray(values)], given)
  },
)

/** Which items of an axis a key names: a place, places, a mask, or a slice text. */
function placesOf(obj: unknown, n: number, op: string): { places: number[]; scalar: boolean } {
  const normal = (i: number): number => {
    if (!Number.isInteger(i)) throw new IndexError('arrays used as indices must be of integer (or boolean) type', { op })
    if (i < -n || i >= n + (op === 'insert' ? 1 : 0)) throw new IndexError(`index ${i} is out of bounds for axis 0 with size ${n}`, { op })
    return i < 0 ? i + n : i
  }
  if (typeof obj === 'number' || typeof obj === 'bigint') return { places: [normal(Number(obj))], scalar: true }
  if (typeof obj === 'string' || (typeof obj === 'object' && obj !== null && 'indices' in obj)) {
    const line = ramp(n, 0, 1, int64)
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
const remove = /* @__PURE__ */ byName(
  'delete',
  'arr obj',
  (arr: ArrayLike, obj: unknown, axis: number | null | { axis?: number | null } = null): NDArray => {
    const given = typeof axis === 'object' && axis !== null ? (axis.axis ?? null) : axis
    const x = given === null ? ravel(arr) : asArray(arr)
    const at = normalizeAxis(given ?? 0, x.ndim)
    const n = x.shape[at]!
    const { places } = placesOf(obj, n, 'delete')
    if (places.length === 1) return concatenate([part(x, at, 0, places[0]!), part(x, at, places[0]! + 1, n)], at)
    const kept = new Uint8Array(n).fill(1)
    for (const place of places) kept[place] = 0
    const [where] = nonzeroColumns(contiguousView(bufferStorage(kept.buffer), bool, [n]))
    return wrap(takeRow(x.value, where as View, at))
  },
)

/**
 * An array with values put in before places; without an axis, into the flattened array.
 *
 * @example
 * np.insert([1, 2, 3], 1, 9) // => array([1, 9, 2, 3])
 * np.insert([[1, 2], [3, 4]], 1, 9, 1) // => array([[1, 9, 2],
 *                                      //           [3, 9, 4]])
 */
export const insert = /* @__PURE__ */ byName(
  'insert',
  'arr obj values',
  (arr: ArrayLike, obj: unknown, values: ArrayLike, axis: number | null | { axis?: number | null } = null): NDArray => {
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
    const lines = (w: View, i: number, count: number): View =>
      restride(
        w,
        w.shape.map((d, k) => (k === at ? count : d)),
        w.strides,
        w.offset + i * w.strides[at]!,
      )
    const inserted = broadcastTo(
      v,
      x.shape.map((d, i) => (i === at ? spots.length : d)),
    ) as View
    let from = 0
    for (const [next, k] of order.entries()) {
      const upTo = Math.max(from, spots[k]!)
      if (upTo > from) copyInto(lines(out, from + next, upTo - from), lines(x.value, from, upTo - from))
      copyInto(lines(out, upTo + next, 1), lines(inserted, k, 1))
      from = upTo
    }
    if (from < n) copyInto(lines(out, from + order.length, n - from), lines(x.value, from, n - from))
    return wrap(out)
  },
)

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
export const resize = /* @__PURE__ */ byName('resize', 'a new_shape', (a: ArrayLike, new_shape: number | readonly number[]): NDArray => {
  const x = ravel(a)
  const dims = integers('resize', 'new_shape', new_shape)
  if (dims.some((n) => n < 0)) throw new ValueError('all elements of `new_shape` must be non-negative', { op: 'resize' })
  const n = dims.reduce((p, d) => p * d, 1)
  if (x.size === 0) return wrap(allocate(dims, x.value.dtype, 'cpu', true))
  const times = Math.ceil(n / x.size)
  const whole = reshapeRow(broadcastTo(x.value, [times, x.size]), [times * x.size])
  return reshape(wrap(copyOf(narrow(whole, 0, 0, n) as View)), dims)
})

/**
 * A 1-d array (or a list) without the zeros at its ends.
 *
 * @example
 * np.trim_zeros([0, 1, 0, 2, 0]) // => [ 1, 0, 2 ]
 */
export const trim_zeros = /* @__PURE__ */ byName(
  'trim_zeros',
  'filt',
  (filt: ArrayLike, ...rest: Rest<TrimOptions, ['trim', 'axis']>): any => {
    const { trim = 'fb', axis = null } = trimArgs(rest)
    if (!/^[fb]{1,2}$/i.test(trim)) throw new ValueError(`unexpected character(s) in \`trim\`: '${trim}'`, { op: 'trim_zeros' })
    const a = asArray(filt)
    if (a.ndim !== 1) return trimBox(a, trim.toLowerCase(), normalizeAxes(axis, a.ndim))
    const truth = items(castView(a.value, bool)) as boolean[]
    let [start, stop] = [0, truth.length]
    if (/f/i.test(trim)) while (start < stop && !truth[start]) start++
    if (/b/i.test(trim)) while (stop > start && !truth[stop - 1]) stop--
    const kept = part(a, 0, start, stop)
    return Array.isArray(filt) ? kept.tolist() : kept
  },
)

/** Keyword arguments of `trim_zeros`. */
export interface TrimOptions {
  /** `'f'` in front, `'b'` at the back. */
  trim?: string
  /** The axes that are trimmed; all by default. */
  axis?: number | readonly number[] | null
}
const trimArgs = signature<TrimOptions>('trim_zeros', ['trim', 'axis'])

/** The smallest box that holds what is not zero, trimmed at the asked ends of the asked axes: a view. */
function trimBox(a: NDArray, trim: string, axes: readonly number[]): NDArray {
  const truth = castView(a.value, bool)
  let out = a
  for (const axis of axes) {
    const others = a.shape.map((_, i) => i).filter((i) => i !== axis)
    const used = items(anyRow(truth, others) as View) as boolean[]
    const [first, last] = [used.indexOf(true), used.lastIndexOf(true)]
    const start = trim.includes('f') ? (first < 0 ? used.length : first) : 0
    const stop = trim.includes('b') ? last + 1 : used.length
    out = part(out, axis, Math.min(start, stop), stop)
  }
  return out
}

export { remove as delete }
