/** Reading and writing by keys, indices and masks. */

import { integer, keyword, type Rest, sequence, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { describe } from '../core/describe.ts'
import { bool, type DType, int64 } from '../core/dtype.ts'
import { coerce, items, readAt, scalarView, writeAt } from '../core/element.ts'
import { DTypeError, IndexError, ValueError } from '../core/errors.ts'
import { Slice } from '../core/keys.ts'
import { broadcastShapes, contiguousStrides, normalizeAxis } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, checkWriteable, type View } from '../core/view.ts'
import { elementOffset, getItem, isBasic, setItem, take as takeRow } from '../lib/indexing.ts'
import * as p from '../ops/index.ts'
import { asArray, asView, castView, fromData, target, unwrap, wrap, wrapView } from './convert.ts'
import { copyOf, NDArray } from './ndarray.ts'
import { finish } from './reductions.ts'
import type { ArrayLike, Result } from './types.ts'
import { commonDType, operand } from './ufunc.ts'

export { Slice, slice } from '../core/keys.ts'

import '../runtime.ts'

/** What `a.at(...keys)` gives: a view for basic keys, a copy for arrays and masks, an item for a full integer key. */
export function getAt(a: NDArray, given: readonly unknown[]): Result {
  const v = a.value
  const place = elementOffset(v, given)
  if (place !== null) return readAt(v, place)
  const keys = asKeys(given)
  const out = getItem(v, keys) as View
  // A full integer key gives the item; `...` or a new axis keeps a 0-d array.
  if (out.ndim === 0 && !keys.some((k) => k === null || (typeof k === 'string' && k.includes('...')))) return unwrap(out)
  return isBasic(keys) ? wrapView(out, a) : wrap(out)
}

/** One list of arrays, slices and the like is a list of keys, as `np.nonzero` and `np.ix_` give them; a list of numbers is one key. */
function asKeys(keys: readonly unknown[]): readonly unknown[] {
  const [only] = keys
  if (keys.length !== 1 || !Array.isArray(only) || only.length === 0) return keys
  const isKey = (k: unknown): boolean => (k instanceof NDArray && k.ndim > 0) || k instanceof Slice || k === null || typeof k === 'string'
  return only.some(isKey) ? only : keys
}

/** `a.set(...keys, value)`. */
export function setAt(a: NDArray, given: readonly unknown[], value: unknown): void {
  const v = a.value
  const place = typeof value === 'number' && !v.dtype.isObject ? elementOffset(v, given) : null
  if (place !== null) {
    checkWriteable(v)
    writeAt(v, place, coerce(value, v.dtype))
    v.storage.version++
    return
  }
  const keys = asKeys(given)
  let source: View
  const spread = value instanceof NDArray && (value.ndim === 0 || keys.some((k) => typeof k === 'string' && k.includes('...')))
  if (v.dtype.isObject && !spread) {
    // one place takes any item, an array too; several places take an array's items
    const whole = isBasic(keys) && (getItem(v, keys) as View).ndim === 0
    if (!whole && value instanceof NDArray) source = value.value
    else source = whole || !Array.isArray(value) ? p.full([], value, v.dtype) : fromData(value, v.dtype)
  } else source = value instanceof NDArray ? value.value : scalarOrData(value, v.dtype)
  setItem(v, keys, source)
}

/** A value to assign: scalars are converted by the array's dtype, with its errors. */
function scalarOrData(value: unknown, dtype: DType): View {
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean' || value === null || typeof value === 'string') {
    return scalarView(value, dtype)
  }
  return Array.isArray(value) ? fromData(value, Array.isArray(value[0]) ? undefined : dtype) : asView(value as ArrayLike)
}

/** What happens to indices out of range: an error, a remainder, or the nearest end. */
export type IndexMode = 'raise' | 'wrap' | 'clip'

/** Indices as int64 within range, by mode. */
export function places(indices: ArrayLike, n: number, mode: IndexMode, op: string): View {
  const v = Array.isArray(indices) && indices.length === 0 ? fromData(indices, int64) : asView(indices)
  if (v.dtype !== bool && !v.dtype.isInteger) {
    throw new DTypeError(`Cannot cast array data from dtype('${v.dtype.name}') to dtype('int64') according to the rule 'safe'`, { op })
  }
  const at = castView(v, int64)
  if (mode === 'wrap') return p.remainder(at, n) as View
  if (mode === 'clip') return p.minimum(p.maximum(at, 0), n - 1) as View
  if (mode !== 'raise') throw new ValueError(`clipmode must be one of 'clip', 'raise', or 'wrap' (got ${describe(mode)})`, { op })
  return at
}

/** Keyword arguments of `take`. */
export interface TakeOptions {
  /** The axis; by default the flattened array is used. */
  axis?: number | null
  out?: NDArray | null
  mode?: IndexMode
}
const takeArgs = signature<TakeOptions>('take', ['axis', 'out', 'mode'], [], 2)

/**
 * The items at indices along an axis, or of the flattened array.
 *
 * @example
 * np.take([10, 20, 30], [2, 0, -1]) // => array([30, 10, 30])
 */
export const take = /* @__PURE__ */ byName(
  'take',
  'a indices',
  (a: ArrayLike, indices: ArrayLike, ...rest: Rest<TakeOptions, ['axis', 'out', 'mode']>): Result => {
    const { axis = null, out, mode = 'raise' } = takeArgs(rest)
    const x = asView(a)
    const flat = axis === null || (x.ndim === 0 && (axis === 0 || axis === -1)) ? (p.reshape(x, [x.size]) as View) : x
    const at = normalizeAxis(axis ?? 0, flat.ndim)
    const n = flat.shape[at]!
    const where = places(indices, n, mode, 'take')
    if (n === 0 && where.size > 0) throw new IndexError('cannot do a non-empty take from an empty axes.', { op: 'take' })
    return finish(takeRow(flat, where, at), out, 'take')
  },
)

/**
 * The items along an axis that an array of indices of as many axes names, such as that of `argsort`.
 *
 * @example
 * np.take_along_axis([[30, 10], [20, 40]], np.argsort([[30, 10], [20, 40]], 1), 1) // => array([[10, 30],
 *                                                                                  //           [20, 40]])
 */
export const take_along_axis = /* @__PURE__ */ byName(
  'take_along_axis',
  'arr indices',
  (arr: ArrayLike, indices: ArrayLike, axis?: number | null | { axis?: number | null }): NDArray => {
    const givenAxis = keyword<number | null>('take_along_axis', 'axis', axis as number | null, -1)
    const [x, index, at] = along(arr, indices, givenAxis)
    return wrap(p.gather(x, at, index))
  },
)

/**
 * Writes values, in place, along an axis at the indices that an array of as many axes names.
 *
 * @example
 * const a = np.array([[1, 2], [3, 4]])
 * np.put_along_axis(a, [[0], [1]], 9, 1)
 * a // => array([[9, 2],
 *   //           [3, 9]])
 */
export const put_along_axis = /* @__PURE__ */ byName(
  'put_along_axis',
  'arr indices values axis',
  (arr: NDArray, indices: ArrayLike, values: ArrayLike, axis: number | null | { axis?: number | null }): void => {
    const [x, index, at] = along(arr, indices, keyword<number | null>('put_along_axis', 'axis', axis as number | null, -1))
    const work = p.scatter(x, at, index, broadcastView(castView(asView(values), x.dtype), index.shape)) as View
    setItem(arr.value, ['...'], p.reshape(work, arr.shape) as View)
  },
)

function along(arr: ArrayLike, indices: ArrayLike, axis: number | null): [View, View, number] {
  const given = asView(arr)
  const x = axis === null ? (p.reshape(given, [given.size]) as View) : given
  const at = normalizeAxis(axis ?? 0, x.ndim)
  const index = asView(indices)
  if (!index.dtype.isInteger) throw new IndexError('`indices` must be an integer array', { op: 'take_along_axis' })
  if (index.ndim !== x.ndim)
    throw new ValueError('`indices` and `arr` must have the same number of dimensions', {
      op: 'take_along_axis',
      shapes: [x.shape, index.shape],
    })
  const joint = broadcastShapes(
    [x.shape.map((n, i) => (i === at ? 1 : n)), index.shape.map((n, i) => (i === at ? 1 : n))],
    'take_along_axis',
  )
  const full = (v: View): View =>
    broadcastView(
      v,
      joint.map((n, i) => (i === at ? v.shape[i]! : n)),
    )
  return [full(x), castView(full(index), int64), at]
}

/**
 * Writes values, in place, at indices of the flattened array; values are repeated as needed.
 *
 * @example
 * const a = np.array([1, 2, 3])
 * np.put(a, [0, 2], [9, 8])
 * a // => array([9, 2, 8])
 */
export const put = /* @__PURE__ */ byName(
  'put',
  'a ind v',
  (a: NDArray, ind: ArrayLike, v: ArrayLike, mode?: IndexMode | { mode?: IndexMode }): void => {
    const givenMode = keyword<IndexMode>('put', 'mode', mode as IndexMode, 'raise')
    target('put', a)
    const index = places(ind, a.size, givenMode, 'put')
    const given = castView(asView(v), a.value.dtype)
    if (given.size === 0 || index.size === 0) return
    const whole = a.value.contiguous
    const flat = whole ? (p.reshape(a.value, [a.size]) as View) : copyOf(p.reshape(a.value, [a.size]) as View)
    setItem(flat, [p.reshape(index, [index.size])], repeated(p.reshape(given, [given.size]), index.size))
    if (!whole) setItem(a.value, ['...'], p.reshape(flat, a.shape) as View)
  },
)

/** The first `count` of a vector's items, begun again where it is shorter. */
function repeated(values: Value, count: number): View {
  const n = values.shape[0]!
  if (n >= count) return p.narrow(values, 0, 0, count) as View
  if (n === 1) return p.broadcastTo(values, [count]) as View
  const times = Math.ceil(count / n)
  return p.narrow(p.reshape(p.broadcastTo(values, [times, n]), [times * n]), 0, 0, count) as View
}

/**
 * Writes values, in place, where a mask is true; the i-th true place takes the i-th value, repeated as needed.
 *
 * @example
 * const a = np.array([1, 2, 3, 4])
 * np.place(a, np.greater(a, 2), [7, 8])
 * a // => array([1, 2, 7, 8])
 */
export const place = /* @__PURE__ */ byName('place', 'arr mask vals', (arr: NDArray, mask: ArrayLike, vals: ArrayLike): void => {
  target('place', arr)
  const where = castView(asView(mask), bool)
  if (where.size !== arr.size)
    throw new ValueError('place: mask and data must be the same size', { op: 'place', shapes: [arr.shape, where.shape] })
  const [spots] = nonzero(wrap(p.reshape(where, [where.size])))
  if (spots!.size === 0) return
  if (asView(vals).size === 0) throw new ValueError('Cannot insert from an empty array!', { op: 'place' })
  put(arr, spots!, vals)
})

/**
 * Writes values, in place, where a mask is true; each place takes the value at its own position, repeated as needed.
 *
 * @example
 * const a = np.array([1, 2, 3])
 * np.putmask(a, [true, false, true], [10, 20, 30])
 * a // => array([10,  2, 30])
 */
export const putmask = /* @__PURE__ */ byName('putmask', '/a mask values', (a: NDArray, mask: ArrayLike, values: ArrayLike): void => {
  const truth = items(castView(asView(mask), bool))
  if (truth.length !== target('putmask', a).size) throw new ValueError('putmask: mask and data must be the same size', { op: 'putmask' })
  const list = items(castView(asView(values), a.value.dtype))
  const spots = truth.flatMap((t, i) => (t ? [i] : []))
  if (spots.length > 0 && list.length > 0)
    put(a, spots as unknown as ArrayLike, spots.map((i) => list[i % list.length]) as unknown as ArrayLike)
})

/**
 * Writes values, broadcast, into an array where a mask is true.
 *
 * @example
 * const a = np.zeros(3)
 * np.copyto(a, [1, 2, 3], { where: [true, false, true] })
 * a // => array([1., 0., 3.])
 */
export const copyto = /* @__PURE__ */ byName(
  'copyto',
  'dst src',
  (dst: NDArray, src: ArrayLike, options: { where?: ArrayLike; casting?: string } = {}): void => {
    const value = broadcastView(asView(src), target('copyto', dst).shape)
    const { where } = options
    if (where === undefined || where === true) setItem(dst.value, ['...'], value)
    else
      setItem(
        dst.value,
        ['...'],
        p.where(broadcastView(asView(where, bool), dst.shape), castView(value, dst.value.dtype), dst.value) as View,
      )
  },
)

/**
 * Fills the diagonal of an array, in place.
 *
 * @example
 * const a = np.zeros([2, 2])
 * np.fill_diagonal(a, 5)
 * a // => array([[5., 0.],
 *   //           [0., 5.]])
 */
export const fill_diagonal = /* @__PURE__ */ byName('fill_diagonal', 'a val', (a: NDArray, val: ArrayLike, wrapRows = false): void => {
  if (target('fill_diagonal', a).ndim < 2) throw new ValueError('array must be at least 2-d', { op: 'fill_diagonal', shapes: [a.shape] })
  const { shape } = a
  const step = contiguousStrides(shape, 1).reduce((s, n) => s + n, 0)
  if (a.ndim > 2 && shape.some((n) => n !== shape[0]))
    throw new ValueError('All dimensions of input must be of equal length', { op: 'fill_diagonal' })
  const end = a.ndim === 2 && !wrapRows ? shape[1]! * shape[1]! : a.size
  const spots: number[] = []
  for (let i = 0; i < Math.min(end, a.size); i += step) spots.push(i)
  put(a, spots as unknown as ArrayLike, val)
})

/**
 * The diagonal of two axes of an array, as a read-only view whose last axis it is.
 *
 * @example
 * np.diagonal([[1, 2], [3, 4]]) // => array([1, 4])
 */
export const diagonal = /* @__PURE__ */ byName(
  'diagonal',
  'a',
  (a: ArrayLike, ...rest: Rest<DiagonalOptions, ['offset', 'axis1', 'axis2']>): NDArray => {
    const { offset = 0, axis1 = 0, axis2 = 1 } = diagonalArgs(rest)
    const x = asArray(a)
    if (x.ndim < 2) throw new ValueError('diag requires an array of at least two dimensions', { op: 'diagonal', shapes: [x.shape] })
    const [i, j] = [normalizeAxis(axis1, x.ndim), normalizeAxis(axis2, x.ndim)]
    if (i === j) throw new ValueError('axis1 and axis2 cannot be the same', { op: 'diagonal' })
    const out = wrapView(p.diagonal(x.value, integer('diagonal', 'offset', offset), i, j), x)
    out.flags.writeable = false
    return out
  },
)

/** Keyword arguments of `diagonal` and `trace`. */
export interface DiagonalOptions {
  /** 0 for the main diagonal, positive above, negative below. */
  offset?: number
  axis1?: number
  axis2?: number
}
const diagonalArgs = signature<DiagonalOptions>('diagonal', ['offset', 'axis1', 'axis2'])

/**
 * The indices of the true (not zero) items: one array for each axis.
 *
 * @example
 * np.nonzero([0, 5, 0, 7]) // => [ array([1, 3]) ]
 */
export const nonzero = /* @__PURE__ */ byName('nonzero', 'a', (a: ArrayLike): NDArray[] => {
  const x = asView(a)
  if (x.ndim === 0)
    throw new ValueError('Calling nonzero on 0d arrays is not allowed. Use np.atleast_1d(scalar).nonzero() instead.', { op: 'nonzero' })
  const points = p.nonzero(x)
  return x.shape.map((_, axis) => wrap(copyOf(p.reshape(p.narrow(points, 1, axis, 1), [points.shape[0]!]) as View)))
})

/**
 * The indices of the true (not zero) items, one row each.
 *
 * @example
 * np.argwhere([[0, 1], [1, 0]]) // => array([[0, 1],
 *                               //           [1, 0]])
 */
export const argwhere = /* @__PURE__ */ byName('argwhere', 'a', (a: ArrayLike): NDArray => wrap(p.nonzero(asView(a))))

/**
 * The indices of the true (not zero) items of the flattened array.
 *
 * @example
 * np.flatnonzero([[0, 1], [1, 0]]) // => array([1, 2])
 */
export const flatnonzero = /* @__PURE__ */ byName('flatnonzero', 'a', (a: ArrayLike): NDArray => {
  const x = asView(a)
  return nonzero(wrap(p.reshape(x, [x.size])))[0]!
})

/**
 * Items of `x` where the condition holds, else of `y`; with the condition alone, the same as `nonzero`.
 *
 * @example
 * np.where([true, false, true], [1, 2, 3], 0) // => array([1, 0, 3])
 */
export function where(condition: ArrayLike, ...rest: [] | [x: ArrayLike, y: ArrayLike]): any {
  if (rest.length === 0) return nonzero(condition)
  if (rest.length !== 2) throw new ValueError('either both or neither of x and y should be given', { op: 'where' })
  const [x, y] = rest
  const ins = [operand(x), operand(y)]
  const dtype = commonDType(ins)
  // As upstream, a scalar that does not fit an integer dtype wraps here.
  const views = ins.map((o) => castView(o.weak === null ? o.view : asView(o.item as ArrayLike), dtype))
  const mask = castView(asView(condition), bool)
  const shape = broadcastShapes([mask.shape, ...views.map((v) => v.shape)], 'where')
  return wrap(p.where(broadcastView(mask, shape), ...views.map((v) => broadcastView(v, shape))))
}

/** Keyword arguments of `choose`. */
export interface ChooseOptions {
  out?: NDArray | null
  /** What an index out of range does. */
  mode?: IndexMode
}
const chooseArgs = signature<ChooseOptions>('choose', ['out', 'mode'], [], 2)

/**
 * The items of lists of choices that an array of numbers picks.
 *
 * @example
 * np.choose([0, 1, 0], [[1, 2, 3], [10, 20, 30]]) // => array([ 1, 20,  3])
 */
export const choose = /* @__PURE__ */ byName(
  'choose',
  'a choices',
  (a: ArrayLike, choices: readonly ArrayLike[] | NDArray, ...rest: Rest<ChooseOptions, ['out', 'mode']>): Result => {
    const { out: target, mode: givenMode = 'raise' } = chooseArgs(typeof rest[0] === 'string' ? [null, ...rest] : rest)
    const list = sequence('choose', 'choices', choices as Iterable<ArrayLike>).map((c) => asArray(c))
    if (list.length === 0) throw new ValueError('invalid number of choices', { op: 'choose' })
    const index = places(a, list.length, givenMode, 'choose')
    if (givenMode === 'raise' && items(index).some((i) => (i as number) < 0 || (i as number) >= list.length)) {
      throw new ValueError('invalid entry in choice array', { op: 'choose' })
    }
    const shape = broadcastShapes([index.shape, ...list.map((c) => c.shape)], 'choose')
    const at = broadcastView(index, shape)
    let out = list[0]!
    list.forEach((choice, i) => {
      if (i > 0) out = where(wrap(p.eq(at, i)), choice, out)
    })
    return finish(list.length === 1 ? copyOf(broadcastView(out.value, shape)) : out.value, target, 'choose')
  },
)

/**
 * Items of the first choice whose condition holds, else a default.
 *
 * @example
 * np.select([np.less([1, 5, 9], 3), np.greater([1, 5, 9], 6)], [[1, 5, 9], [10, 50, 90]], 0) // => array([ 1,  0, 90])
 */
export const select = /* @__PURE__ */ byName(
  'select',
  'condlist choicelist',
  (condlist: readonly ArrayLike[], choicelist: readonly ArrayLike[], other?: ArrayLike | { default?: ArrayLike }): NDArray => {
    const default_ = keyword<ArrayLike>('select', 'default', other as ArrayLike, 0)
    condlist = sequence('select', 'condlist', condlist)
    choicelist = sequence('select', 'choicelist', choicelist)
    if (condlist.length !== choicelist.length)
      throw new ValueError('list of cases must be same length as list of conditions', { op: 'select' })
    if (condlist.length === 0) throw new ValueError('select with an empty condition list is not possible', { op: 'select' })
    const choices = [...choicelist, default_].map((c) => operand(c))
    const dtype = commonDType(choices)
    const [last, ...values] = choices.reverse().map((c) => wrap(castView(c.weak === null ? c.view : asView(c.item as ArrayLike), dtype)))
    return values.reduce<NDArray>((out, value, i) => where(condlist[condlist.length - 1 - i]!, value, out), last!)
  },
)

/** Keyword arguments of `compress`. */
export interface CompressOptions {
  axis?: number | null
  out?: NDArray | null
}
const compressArgs = signature<CompressOptions>('compress', ['axis', 'out'], [], 2)

/**
 * The items of an array where a condition holds, along an axis or of the flattened array.
 *
 * @example
 * np.compress([true, false, true], [1, 2, 3]) // => array([1, 3])
 */
export const compress = /* @__PURE__ */ byName(
  'compress',
  'condition a',
  (condition: ArrayLike, a: ArrayLike, ...rest: Rest<CompressOptions, ['axis', 'out']>): Result => {
    const { axis = null, out } = compressArgs(rest)
    const truth = castView(asView(condition), bool)
    if (truth.ndim !== 1) throw new ValueError('condition must be a 1-d array', { op: 'compress' })
    const x = asView(a)
    if (!out && (axis === null || x.ndim === 1) && truth.size <= x.size) {
      if (axis !== null) normalizeAxis(axis, 1)
      return wrap(p.maskedSelect(p.narrow(p.reshape(x, [x.size]), 0, 0, truth.size), truth))
    }
    return take(a, nonzero(wrap(truth))[0]!, { axis, out })
  },
)

/**
 * The items of an array where a condition of its size holds, flattened.
 *
 * @example
 * np.extract([[true, false], [false, true]], [[1, 2], [3, 4]]) // => array([1, 4])
 */
export const extract = /* @__PURE__ */ byName('extract', 'condition arr', (condition: ArrayLike, arr: ArrayLike): NDArray => {
  const truth = asView(condition)
  return compress(wrap(p.reshape(truth, [truth.size])), arr) as NDArray
})
