/** Arrays made from data, from shapes, and from ranges. */

import { allocate } from '../core/allocate.ts'
import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { describe } from '../core/describe.ts'
import { bool, type DType, type DTypeName, float64, int64, object } from '../core/dtype.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import { bufferStorage } from '../core/storage.ts'
import { contiguousView, restride, type View } from '../core/view.ts'
import { typedDType } from '../lib/nested.ts'
import { broadcastTo, full as fullView, ramp, reshape, stack } from '../ops/index.ts'
import { asArray, asShape, asView, castView, fromData, objectArray, wrap, wrapView } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { isFortran } from './flags.ts'
import { axesIn, checkOrder, copyIn, type Order } from './layout.ts'
import './methods.ts'
import { copyOf, NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike, NameOf, ShapeLike } from './types.ts'

/** Keyword arguments of `array`. */
export interface ArrayOptions {
  dtype?: DTypeLike | null
  /** Copies even what is an array already. Default true; null copies only when needed; false refuses to copy. */
  copy?: boolean | null
  order?: 'K' | 'A' | 'C' | 'F'
  subok?: boolean
  /** The least number of axes; new ones come first. */
  ndmin?: number
  /** The most axes that lists are read to; deeper lists are items (of dtype object). */
  ndmax?: number
}

/** Keyword arguments of functions that make arrays of a shape. */
export interface MakeOptions {
  dtype?: DTypeLike | null
  order?: 'C' | 'F' | 'K' | 'A'
  device?: 'cpu' | null
  shape?: ShapeLike | null
}

const readArray = signature<ArrayOptions>('array', ['dtype'], ['copy', 'order', 'subok', 'ndmin', 'ndmax'])
const readAsArray = signature<ArrayOptions>('asarray', ['dtype', 'order'], ['copy'])

type Named<L> = NDArray<NameOf<L> & DTypeName>

/**
 * An array of data: nested lists, typed arrays, other arrays, scalars.
 *
 * A list whose numbers are all integers is int64, any other number makes it float64; booleans are bool, bigints int64 or uint64, Complex
 * complex128, and anything else dtype object. Typed arrays keep their type. Lists that are not rectangular are a ValueError, unless the
 * dtype is object, whose items can be lists, strings, functions or arrays.
 *
 * @example
 * np.array([[1, 2, 3], [4, 5, 6]]) // => array([[1, 2, 3],
 *                                  //           [4, 5, 6]])
 * np.array([1, 2.5]).dtype // => dtype('float64')
 * np.array([[1, 2], [3]], { dtype: 'object' }) // => array([list([1, 2]), list([3])], dtype=object)
 */
export function array<const L extends DTypeLike = any>(
  data: ArrayLike,
  dtype?: L | null | (ArrayOptions & { dtype?: L | null }),
  options?: ArrayOptions,
): Named<L> {
  const { dtype: given, copy = true, ndmin = 0, ndmax, order: layout } = readArray([dtype, options].filter((x) => x !== undefined))
  const to = maybeDType(given)
  const order = checkOrder(layout)
  if (ndmax !== undefined && Array.isArray(data)) return shallow(data, ndmax, to) as Named<L>
  const shares = data instanceof NDArray || typedDType(data) !== undefined
  let v = data instanceof NDArray && to !== undefined && to !== data.value.dtype ? copyIn(order, data.value, to) : asView(data, to)
  if (shares && copy === true && (!(data instanceof NDArray) || v === data.value)) v = copyIn(order, v)
  if (copy === false && !(shares && sharesMemory(data, v))) {
    throw new ValueError('Unable to avoid copy while creating an array as requested.')
  }
  if (v.ndim < ndmin) v = reshape(v, [...new Array<number>(ndmin - v.ndim).fill(1), ...v.shape]) as View
  if ((order === 'F' && !isFortran(v)) || (order === 'C' && !v.contiguous)) {
    if (copy === false) throw new ValueError('Unable to avoid copy while creating an array as requested.')
    v = copyIn(order, v)
  }
  return (data instanceof NDArray && v === data.value ? data : wrap(v)) as Named<L>
}

/** Lists read to at most so many axes; what lies deeper is an item of dtype object. */
function shallow(data: readonly unknown[], ndmax: number, dtype: DType | undefined): NDArray {
  if (!Number.isInteger(ndmax) || ndmax < 0 || ndmax > 64) throw new ValueError(`ndmax must be in the range [0, 64]`)
  const shape: number[] = []
  let level: unknown[] = [data]
  while (shape.length < ndmax && level.length > 0 && level.every((x) => Array.isArray(x) && x.length === (level[0] as unknown[]).length)) {
    shape.push((level[0] as unknown[]).length)
    level = level.flat(1)
  }
  if (!level.some(Array.isArray)) return array(data as ArrayLike, dtype)
  if (dtype !== undefined && !dtype.isObject)
    throw new ValueError(
      'setting an array element with a sequence. The requested array would exceed the maximum number of dimension of ' + ndmax + '.',
    )
  if (dtype === undefined)
    throw new ValueError(
      `setting an array element with a sequence. The requested array would exceed the maximum number of dimension of ${ndmax}.`,
    )
  return objectArray(level, shape)
}

const sharesMemory = (data: ArrayLike, v: View): boolean =>
  data instanceof NDArray ? data.value.storage === v.storage : v.storage.buffer === (data as ArrayBufferView).buffer

/**
 * The data as an array: itself when it is one of that dtype; a typed array's memory is shared; anything else is copied.
 *
 * @example
 * const a = np.array([1, 2])
 * np.asarray(a) === a // => true
 */
export function asarray(a: ArrayLike, ...rest: Rest<ArrayOptions, ['dtype', 'order']>): NDArray {
  const { dtype, copy, order } = readAsArray(rest)
  if (copy === true) return array(a, { dtype, order })
  const out = asArray(a, maybeDType(dtype))
  const layout = checkOrder(order)
  const moves = (layout === 'F' && !out.flags.f_contiguous) || (layout === 'C' && !out.value.contiguous)
  if (copy === false && (moves || !(a instanceof NDArray && out.value.storage === a.value.storage))) {
    throw new ValueError('Unable to avoid copy while creating an array as requested.')
  }
  return moves ? wrap(copyIn(layout, out.value)) : out
}

/** The same as `asarray`: there are no subclasses here. */
export const asanyarray = asarray

type DTypeOption = { dtype?: DTypeLike | null }
const contiguousArgs = signature<DTypeOption>('ascontiguousarray', ['dtype'])

/**
 * The data as a C-contiguous array of at least one axis, copied only when needed.
 *
 * @example
 * np.ascontiguousarray(np.array([[1, 2], [3, 4]]).T).flags.c_contiguous // => true
 */
export const ascontiguousarray = /* @__PURE__ */ byName(
  'ascontiguousarray',
  'a',
  (a: ArrayLike, ...rest: Rest<DTypeOption, ['dtype']>): NDArray => {
    const x = asArray(a, maybeDType(contiguousArgs(rest).dtype))
    if (x.ndim === 0) return wrapView(reshape(x.value, [1]), x)
    return x.value.contiguous ? x : wrap(copyOf(x.value))
  },
)

/**
 * A copy of an array.
 *
 * @example
 * np.copy([1, 2]) // => array([1, 2])
 */
export const copy = /* @__PURE__ */ byName(
  'copy',
  'a',
  (a: ArrayLike, ...rest: Rest<{ order?: Order; subok?: boolean }, ['order', 'subok']>): NDArray => {
    return array(a, { copy: true, order: copyArgs(rest).order ?? 'K' })
  },
)
const copyArgs = signature<{ order?: Order; subok?: boolean }>('copy', ['order', 'subok'])

const readEmpty = (name: string) => signature<MakeOptions>(name, ['dtype', 'order'], ['device'])
const zerosArgs = readEmpty('zeros')
const onesArgs = readEmpty('ones')
const emptyArgs = readEmpty('empty')
const fullArgs = signature<MakeOptions>('full', ['dtype', 'order'], ['device'], 2)
const likeArgs = (name: string, required = 1) =>
  signature<MakeOptions & { subok?: boolean }>(name, ['dtype', 'order', 'subok', 'shape'], ['device'], required)

function make(shape: ShapeLike, value: unknown, dtype: DType, op: string, order?: string): NDArray {
  const dims = asShape(shape, op)
  const byColumn = order !== undefined && order !== null && checkOrder(order, 'CF') === 'F'
  return byColumn ? wrap(reversed(fullView([...dims].reverse(), value, dtype) as View)) : wrap(fullView(dims, value, dtype))
}

/** The axes in the other direction. */
const reversed = (v: View): View => restride(v, [...v.shape].reverse(), [...v.strides].reverse())

/**
 * An array of zeros of a shape; float64 unless a dtype is given.
 *
 * @example
 * np.zeros([2, 3]) // => array([[0., 0., 0.],
 *                  //           [0., 0., 0.]])
 * np.zeros(2, 'int8') // => array([0, 0], dtype=int8)
 */
export const zeros = /* @__PURE__ */ byName(
  'zeros',
  'shape',
  <const L extends DTypeLike = 'float64'>(
    shape: ShapeLike,
    dtype?: L | null | (MakeOptions & { dtype?: L | null }),
    order?: 'C' | 'F' | MakeOptions,
  ): Named<L> => {
    const { dtype: given, order: layout } = zerosArgs([dtype, order].filter((x) => x !== undefined))
    return make(shape, 0, maybeDType(given) ?? float64, 'zeros', layout) as Named<L>
  },
)

/**
 * An array of ones of a shape; float64 unless a dtype is given.
 *
 * @example
 * np.ones(3) // => array([1., 1., 1.])
 */
export const ones = /* @__PURE__ */ byName(
  'ones',
  'shape',
  <const L extends DTypeLike = 'float64'>(
    shape: ShapeLike,
    dtype?: L | null | (MakeOptions & { dtype?: L | null }),
    order?: 'C' | 'F' | MakeOptions,
  ): Named<L> => {
    const { dtype: given, order: layout } = onesArgs([dtype, order].filter((x) => x !== undefined))
    const to = maybeDType(given) ?? float64
    return make(shape, to === bool ? true : 1, to, 'ones', layout) as Named<L>
  },
)

/**
 * An array of a shape whose items are not set yet. float64 unless a dtype is given; items of dtype object are null.
 *
 * @example
 * np.empty([2, 3]).shape // => [ 2, 3 ]
 */
export const empty = /* @__PURE__ */ byName(
  'empty',
  'shape',
  <const L extends DTypeLike = 'float64'>(
    shape: ShapeLike,
    dtype?: L | null | (MakeOptions & { dtype?: L | null }),
    order?: 'C' | 'F' | MakeOptions,
  ): Named<L> => {
    const { dtype: given, order: layout } = emptyArgs([dtype, order].filter((x) => x !== undefined))
    const dims = asShape(shape, 'empty')
    const to = maybeDType(given) ?? float64
    const byColumn = layout !== undefined && checkOrder(layout, 'CF') === 'F'
    return wrap(byColumn ? reversed(allocate([...dims].reverse(), to)) : allocate(dims, to)) as Named<L>
  },
)

/**
 * An array of a shape filled with a value, of the value's dtype unless one is given. The value may be an array that broadcasts.
 *
 * @example
 * np.full([2, 2], 7) // => array([[7, 7],
 *                    //           [7, 7]])
 */
export const full = /* @__PURE__ */ byName(
  'full',
  'shape fill_value',
  (shape: ShapeLike, fill_value: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray => {
    const { dtype, order } = fullArgs(rest)
    const dims = asShape(shape, 'full')
    const to = maybeDType(dtype)
    const value = to?.isObject ? fullView([], fill_value, object) : asView(fill_value, to)
    const byColumn = order !== undefined && checkOrder(order, 'CF') === 'F'
    return wrap(copyIn(byColumn ? 'F' : 'C', broadcastTo(value, dims) as View))
  },
)

function like(read: ReturnType<typeof likeArgs>, name: string, a: ArrayLike, args: readonly unknown[], value: unknown): NDArray {
  const { dtype, shape, order } = read(args)
  const x = asView(a)
  const to = maybeDType(dtype) ?? x.dtype
  return likeIn(checkOrder(order), x, shape, (dims) => make(dims, value === 1 && to === bool ? true : value, to, name))
}

/** What `fill` makes, with its axes in memory as the order says. */
function likeIn(order: Order, x: View, shape: ShapeLike | null | undefined, fill: (dims: readonly number[]) => NDArray): NDArray {
  const dims = shape === undefined || shape === null ? x.shape : asShape(shape, 'like')
  const axes =
    dims.length === x.ndim
      ? axesIn(order, x)
      : axesIn(
          order === 'F' ? 'F' : 'C',
          restride(
            x,
            dims,
            dims.map(() => 0),
          ),
        )
  if (axes.every((axis, i) => axis === i)) return fill(dims)
  const made = fill(axes.map((axis) => dims[axis]!)).value
  return wrap(
    restride(
      made,
      dims,
      dims.map((_, axis) => made.strides[axes.indexOf(axis)]!),
    ),
  )
}

const zerosLike = likeArgs('zeros_like')
const onesLike = likeArgs('ones_like')
const emptyLike = likeArgs('empty_like')
const fullLike = likeArgs('full_like', 2)

/**
 * Zeros of the shape and dtype of an array.
 *
 * @example
 * np.zeros_like([[1, 2], [3, 4]]) // => array([[0, 0],
 *                                 //           [0, 0]])
 */
export const zeros_like = /* @__PURE__ */ byName(
  'zeros_like',
  'a',
  (a: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray => like(zerosLike, 'zeros_like', a, rest, 0),
)

/**
 * Ones of the shape and dtype of an array.
 *
 * @example
 * np.ones_like([1.5, 2.5]) // => array([1., 1.])
 */
export const ones_like = /* @__PURE__ */ byName(
  'ones_like',
  'a',
  (a: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray => like(onesLike, 'ones_like', a, rest, 1),
)

/**
 * An array of the shape and dtype of another, whose items are not set yet.
 *
 * @example
 * np.empty_like([1, 2, 3]).shape // => [ 3 ]
 */
export const empty_like = (a: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray =>
  like(emptyLike, 'empty_like', a, rest, 0)

/**
 * A value in the shape and dtype of an array.
 *
 * @example
 * np.full_like([1, 2, 3], 9) // => array([9, 9, 9])
 */
export const full_like = /* @__PURE__ */ byName(
  'full_like',
  'a fill_value',
  (a: ArrayLike, fill_value: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray => {
    const { dtype, shape, order } = fullLike(rest)
    const x = asView(a)
    const to = maybeDType(dtype) ?? x.dtype
    const value = fill_value instanceof NDArray ? wrap(castView(fill_value.value, to)) : fill_value
    const plain = !(fill_value instanceof NDArray || Array.isArray(fill_value))
    return plain ? likeIn(checkOrder(order), x, shape, (dims) => full(dims, value, to)) : full(shape ?? x.shape, value, to)
  },
)

/** Keyword arguments of `frombuffer`. */
export interface FromBufferOptions {
  dtype?: DTypeLike | null
  /** How many items; -1 for all. */
  count?: number
  /** Where they begin, in bytes. */
  offset?: number
}
const frombufferArgs = signature<FromBufferOptions>('frombuffer', ['dtype', 'count', 'offset'])

/**
 * A 1-d array on the memory of an ArrayBuffer, Buffer or typed array, which is shared, not copied.
 *
 * @example
 * np.frombuffer(new Uint8Array([1, 0, 2, 0]), 'int16') // => array([1, 2], dtype=int16)
 */
export const frombuffer = /* @__PURE__ */ byName(
  'frombuffer',
  'buffer',
  (buffer: ArrayBufferLike | ArrayBufferView, ...rest: Rest<FromBufferOptions, ['dtype', 'count', 'offset']>): NDArray => {
    const { dtype, count = -1, offset = 0 } = frombufferArgs(rest)
    const to = maybeDType(dtype) ?? float64
    if (to.isObject) throw new ValueError('cannot create an OBJECT array from memory buffer', { op: 'frombuffer' })
    const isView = ArrayBuffer.isView(buffer)
    if (!isView && !(buffer instanceof ArrayBuffer) && !(buffer instanceof SharedArrayBuffer)) {
      throw new ArgumentError(`frombuffer(): expected a buffer, got ${describe(buffer)}`, { op: 'frombuffer' })
    }
    const memory = isView ? buffer.buffer : buffer
    const start = (isView ? buffer.byteOffset : 0) + offset
    const left = buffer.byteLength - offset
    if (offset < 0 || left < 0) {
      throw new ValueError(`offset must be non-negative and no greater than buffer length (${buffer.byteLength})`, { op: 'frombuffer' })
    }
    if (count < 0 && left % to.itemsize !== 0) throw new ValueError('buffer size must be a multiple of element size', { op: 'frombuffer' })
    const n = count < 0 ? left / to.itemsize : count
    if (n * to.itemsize > left) throw new ValueError('buffer is smaller than requested size', { op: 'frombuffer' })
    return wrap(contiguousView(bufferStorage(memory, start, n * to.itemsize), to, [n]))
  },
)

/**
 * An array of what a function gives for each item's indices: the function is called once with arrays of indices.
 *
 * @example
 * np.fromfunction((i, j) => np.add(i, j), [2, 2], { dtype: 'int64' }) // => array([[0, 1],
 *                                                                     //           [1, 2]])
 */
export const fromfunction = /* @__PURE__ */ byName(
  'fromfunction',
  'function shape',
  (f: (...indices: NDArray[]) => unknown, shape: readonly number[], options: { dtype?: DTypeLike } = {}): any => {
    if (typeof f !== 'function') throw new ArgumentError(`fromfunction(): expected a function, got ${describe(f)}`, { op: 'fromfunction' })
    return f(...indexGrids(shape, maybeDType(options.dtype) ?? float64))
  },
)

/** For each axis the indices along it, in the whole shape. */
function indexGrids(shape: readonly number[], dtype: DType): NDArray[] {
  shape = asShape(shape, 'indices')
  return shape.map((n, axis) => {
    const line = reshape(
      ramp(n, 0, 1, dtype),
      shape.map((_, i) => (i === axis ? n : 1)),
    )
    return wrap(copyOf(broadcastTo(line, shape) as View))
  })
}

/**
 * The indices of all places of a shape: one array an axis, stacked.
 *
 * @example
 * np.indices([2, 2]).tolist() // => [ [ [ 0, 0 ], [ 1, 1 ] ], [ [ 0, 1 ], [ 0, 1 ] ] ]
 */
export const indices = /* @__PURE__ */ byName(
  'indices',
  'dimensions',
  (dimensions: readonly number[], ...rest: Rest<IndicesOptions, ['dtype', 'sparse']>): any => {
    const { dtype, sparse = false } = indicesArgs(rest)
    const to = maybeDType(dtype) ?? int64
    dimensions = asShape(dimensions, 'indices')
    if (sparse)
      return dimensions.map((n, i) =>
        wrap(
          reshape(
            ramp(n, 0, 1, to),
            dimensions.map((_, k) => (k === i ? n : 1)),
          ),
        ),
      )
    if (dimensions.length === 0) return wrap(fullView([0], 0, to))
    return wrap(
      stack(
        indexGrids(dimensions, to).map((g) => g.value),
        0,
      ),
    )
  },
)

/** Keyword arguments of `indices`. */
export interface IndicesOptions {
  dtype?: DTypeLike | null
  /** Gives a list of arrays that broadcast, one an axis, not the whole grid. */
  sparse?: boolean
}
const indicesArgs = signature<IndicesOptions>('indices', ['dtype', 'sparse'])

/**
 * An array of the first `count` items of an iterable.
 *
 * @example
 * np.fromiter(new Set([1, 2, 3]), 'float64') // => array([1., 2., 3.])
 */
export const fromiter = /* @__PURE__ */ byName(
  'fromiter',
  'iter dtype',
  (iterable: Iterable<unknown>, dtype: DTypeLike, count = -1): NDArray => {
    const list: unknown[] = []
    if (typeof iterable !== 'string' && typeof (iterable as Iterable<unknown> | undefined)?.[Symbol.iterator] !== 'function') {
      throw new ArgumentError(`fromiter(): ${describe(iterable)} is not iterable`, { op: 'fromiter' })
    }
    for (const x of iterable) {
      if (count >= 0 && list.length === count) break
      list.push(x)
    }
    if (list.length < count)
      throw new ValueError(`iterator too short: Expected ${count} but iterator had only ${list.length} items.`, { op: 'fromiter' })
    return wrap(fromData(list, maybeDType(dtype) ?? float64))
  },
)
