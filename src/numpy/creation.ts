/** Arrays made from data, from shapes, and from ranges. */

import { allocate } from '../core/allocate.ts'
import { type Rest, signature } from '../core/arguments.ts'
import { Complex } from '../core/complex.ts'
import { copyInto } from '../core/copy.ts'
import { bool, complex128, type DType, type DTypeName, float64, int64, object } from '../core/dtype.ts'
import { ArgumentError, DTypeError, ValueError, ZeroDivisionError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import { normalizeAxis } from '../core/shape.ts'
import { bufferStorage } from '../core/storage.ts'
import { contiguousView, restride, type View } from '../core/view.ts'
import { typedDType } from '../lib/nested.ts'
import { broadcastTo, full as fullView, ramp, reshape, stack } from '../ops/index.ts'
import { asArray, asShape, asView, castView, fromData, wrap, wrapView } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { copyOf, NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike, NameOf, ShapeLike } from './types.ts'
import { add, divide, multiply, power, subtract } from './ufuncs/arithmetic.ts'
import { floor } from './ufuncs/floating.ts'

/** Keyword arguments of `array`. */
export interface ArrayOptions {
  dtype?: DTypeLike | null
  /** Copies even what is an array already. Default true; null copies only when needed; false refuses to copy. */
  copy?: boolean | null
  order?: 'K' | 'A' | 'C' | 'F'
  subok?: boolean
  /** The least number of axes; new ones come first. */
  ndmin?: number
}

/** Keyword arguments of functions that make arrays of a shape. */
export interface MakeOptions {
  dtype?: DTypeLike | null
  order?: 'C' | 'F' | 'K' | 'A'
  device?: 'cpu' | null
  shape?: ShapeLike | null
}

const readArray = signature<ArrayOptions>('array', ['dtype'], ['copy', 'order', 'subok', 'ndmin'])
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
  const { dtype: given, copy = true, ndmin = 0, order } = readArray([dtype, options].filter((x) => x !== undefined))
  const to = maybeDType(given)
  const shares = data instanceof NDArray || typedDType(data) !== undefined
  let v = asView(data, to)
  if (shares && copy === true && (!(data instanceof NDArray) || v === data.value)) v = copyOf(v)
  if (copy === false && !(shares && sharesMemory(data, v))) {
    throw new ValueError('Unable to avoid copy while creating an array as requested.')
  }
  if (v.ndim < ndmin) v = reshape(v, [...new Array<number>(ndmin - v.ndim).fill(1), ...v.shape]) as View
  if (order === 'F') v = fortran(v)
  return (data instanceof NDArray && v === data.value ? data : wrap(v)) as Named<L>
}

const sharesMemory = (data: ArrayLike, v: View): boolean =>
  data instanceof NDArray ? data.value.storage === v.storage : v.storage.buffer === (data as ArrayBufferView).buffer

/** A copy whose first axis steps fastest. */
export function fortran(v: View): View {
  const axes = v.shape.map((_, i) => v.ndim - 1 - i)
  const turned = copyOf(
    restride(
      v,
      axes.map((a) => v.shape[a]!),
      axes.map((a) => v.strides[a]!),
    ),
  )
  return restride(
    turned,
    v.shape,
    axes.map((a) => turned.strides[a]!),
  )
}

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
  if (copy === false && !(a instanceof NDArray && out.value.storage === a.value.storage)) {
    throw new ValueError('Unable to avoid copy while creating an array as requested.')
  }
  return order === 'F' && !out.flags.f_contiguous ? wrap(fortran(out.value)) : out
}

/** The same as `asarray`: there are no subclasses here. */
export const asanyarray = asarray

/**
 * The data as a C-contiguous array of at least one axis, copied only when needed.
 *
 * @example
 * np.ascontiguousarray(np.array([[1, 2], [3, 4]]).T).flags.c_contiguous // => true
 */
export function ascontiguousarray(a: ArrayLike, dtype?: DTypeLike | null): NDArray {
  const x = asArray(a, maybeDType(dtype))
  if (x.ndim === 0) return wrapView(reshape(x.value, [1]), x)
  return x.value.contiguous ? x : wrap(copyOf(x.value))
}

/**
 * A copy of an array.
 *
 * @example
 * np.copy([1, 2]) // => array([1, 2])
 */
export function copy(a: ArrayLike, _order?: 'K' | 'C' | 'F' | 'A'): NDArray {
  return array(a, { copy: true })
}

const readEmpty = (name: string) => signature<MakeOptions>(name, ['dtype', 'order'], ['device'])
const zerosArgs = readEmpty('zeros')
const onesArgs = readEmpty('ones')
const emptyArgs = readEmpty('empty')
const fullArgs = signature<MakeOptions>('full', ['dtype', 'order'], ['device'], 2)
const likeArgs = (name: string, required = 1) =>
  signature<MakeOptions & { subok?: boolean }>(name, ['dtype', 'order', 'subok', 'shape'], ['device'], required)

function make(shape: ShapeLike, value: unknown, dtype: DType, op: string, order?: string): NDArray {
  const dims = asShape(shape, op)
  const made = wrap(fullView(dims, value, dtype))
  return order === 'F' ? wrap(fortran(made.value)) : made
}

/**
 * An array of zeros of a shape; float64 unless a dtype is given.
 *
 * @example
 * np.zeros([2, 3]) // => array([[0., 0., 0.],
 *                  //           [0., 0., 0.]])
 * np.zeros(2, 'int8') // => array([0, 0], dtype=int8)
 */
export function zeros<const L extends DTypeLike = 'float64'>(
  shape: ShapeLike,
  dtype?: L | null | (MakeOptions & { dtype?: L | null }),
  order?: 'C' | 'F' | MakeOptions,
): Named<L> {
  const { dtype: given, order: layout } = zerosArgs([dtype, order].filter((x) => x !== undefined))
  return make(shape, 0, maybeDType(given) ?? float64, 'zeros', layout) as Named<L>
}

/**
 * An array of ones of a shape; float64 unless a dtype is given.
 *
 * @example
 * np.ones(3) // => array([1., 1., 1.])
 */
export function ones<const L extends DTypeLike = 'float64'>(
  shape: ShapeLike,
  dtype?: L | null | (MakeOptions & { dtype?: L | null }),
  order?: 'C' | 'F' | MakeOptions,
): Named<L> {
  const { dtype: given, order: layout } = onesArgs([dtype, order].filter((x) => x !== undefined))
  const to = maybeDType(given) ?? float64
  return make(shape, to === bool ? true : 1, to, 'ones', layout) as Named<L>
}

/**
 * An array of a shape whose items are not set yet. float64 unless a dtype is given; items of dtype object are null.
 *
 * @example
 * np.empty([2, 3]).shape // => [ 2, 3 ]
 */
export function empty<const L extends DTypeLike = 'float64'>(
  shape: ShapeLike,
  dtype?: L | null | (MakeOptions & { dtype?: L | null }),
  order?: 'C' | 'F' | MakeOptions,
): Named<L> {
  const { dtype: given, order: layout } = emptyArgs([dtype, order].filter((x) => x !== undefined))
  const v = allocate(asShape(shape, 'empty'), maybeDType(given) ?? float64)
  return wrap(layout === 'F' ? fortran(v) : v) as Named<L>
}

/**
 * An array of a shape filled with a value, of the value's dtype unless one is given. The value may be an array that broadcasts.
 *
 * @example
 * np.full([2, 2], 7) // => array([[7, 7],
 *                    //           [7, 7]])
 */
export function full(shape: ShapeLike, fill_value: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray {
  const { dtype, order } = fullArgs(rest)
  const dims = asShape(shape, 'full')
  const to = maybeDType(dtype)
  const value = to?.isObject ? fullView([], fill_value, object) : asView(fill_value, to)
  const out = copyOf(broadcastTo(value, dims) as View)
  return wrap(order === 'F' ? fortran(out) : out)
}

function like(read: ReturnType<typeof likeArgs>, name: string, a: ArrayLike, args: readonly unknown[], value: unknown): NDArray {
  const { dtype, shape } = read(args)
  const x = asView(a)
  const to = maybeDType(dtype) ?? x.dtype
  return make(shape ?? x.shape, value === 1 && to === bool ? true : value, to, name)
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
export const zeros_like = (a: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray =>
  like(zerosLike, 'zeros_like', a, rest, 0)

/**
 * Ones of the shape and dtype of an array.
 *
 * @example
 * np.ones_like([1.5, 2.5]) // => array([1., 1.])
 */
export const ones_like = (a: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray => like(onesLike, 'ones_like', a, rest, 1)

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
export function full_like(a: ArrayLike, fill_value: ArrayLike, ...rest: Rest<MakeOptions, ['dtype', 'order']>): NDArray {
  const { dtype, shape } = fullLike(rest)
  const x = asView(a)
  const to = maybeDType(dtype) ?? x.dtype
  return full(shape ?? x.shape, fill_value instanceof NDArray ? wrap(castView(fill_value.value, to)) : fill_value, to)
}

const arangeArgs = signature<{ start?: number; stop?: number | null; step?: number; dtype?: DTypeLike | null; device?: 'cpu' | null }>(
  'arange',
  ['start', 'stop', 'step', 'dtype'],
  ['device'],
  0,
)
type Bound = number | bigint

/**
 * Evenly spaced values from `start` (0 unless given) up to, but not with, `stop`.
 *
 * Integers give int64, others float64, unless a dtype is given.
 *
 * @example
 * np.arange(5) // => array([0, 1, 2, 3, 4])
 * np.arange(1, 2, 0.25) // => array([1.  , 1.25, 1.5 , 1.75])
 */
export function arange(...args: [stop: Bound, ...rest: unknown[]] | [start: Bound, stop: Bound, ...rest: unknown[]]): NDArray {
  const given = arangeArgs(args)
  let start: Bound = given.start ?? 0
  let stop: Bound | null | undefined = given.stop
  const step: Bound = given.step ?? 1
  if (stop === undefined || stop === null) {
    if (given.start === undefined) throw new ArgumentError('arange() requires stop to be specified.', { op: 'arange' })
    stop = start
    start = 0
  }
  for (const x of [start, stop, step]) {
    if (typeof x !== 'number' && typeof x !== 'bigint')
      throw new DTypeError(`arange(): expected numbers, got ${String(x)}`, { op: 'arange' })
  }
  const whole = [start, stop, step].every((x) => typeof x === 'bigint' || (Number.isSafeInteger(x) && !Object.is(x, -0)))
  const dtype = maybeDType(given.dtype) ?? (whole ? int64 : float64)
  if (Number(step) === 0) throw new ZeroDivisionError('division by zero', { op: 'arange' })
  const n = rangeLength(start, stop, step)
  if (dtype === bool && n > 2) throw new DTypeError('no fill-function for data-type.', { op: 'arange' })
  if (whole && dtype.isInteger) return wrap(ramp(n, start, step, dtype))
  const second = Number(start) + Number(step)
  // As NumPy fills: the step is the difference of the first two items.
  if (dtype.isInteger || dtype === bool)
    return wrap(ramp(n, Math.trunc(Number(start)), Math.trunc(second) - Math.trunc(Number(start)), dtype))
  return wrap(ramp(n, Number(start), second - Number(start), dtype))
}

function rangeLength(start: Bound, stop: Bound, step: Bound): number {
  if ([start, stop, step].every((x) => typeof x === 'bigint')) {
    const [a, b, s] = [start, stop, step] as bigint[]
    return Math.max(0, Number((b! - a! + s! - (s! > 0n ? 1n : -1n)) / s!))
  }
  const n = Math.ceil((Number(stop) - Number(start)) / Number(step))
  if (Number.isNaN(n)) throw new ValueError('arange: cannot compute length', { op: 'arange' })
  if (n > Number.MAX_SAFE_INTEGER) throw new ValueError('Maximum allowed size exceeded', { op: 'arange' })
  return Math.max(0, n)
}

/** Keyword arguments of `linspace`. */
export interface LinspaceOptions {
  /** How many values. Default 50. */
  num?: number
  /** Whether `stop` is the last one. Default true. */
  endpoint?: boolean
  /** Gives `[values, step]`. */
  retstep?: boolean
  dtype?: DTypeLike | null
  /** Where the values lie when start or stop are arrays. */
  axis?: number
  device?: 'cpu' | null
}
const linspaceArgs = signature<LinspaceOptions>('linspace', ['num', 'endpoint', 'retstep', 'dtype', 'axis'], ['device'], 2)

/**
 * Values evenly spaced from `start` to `stop`, 50 unless `num` says otherwise. Start and stop may be arrays.
 *
 * @example
 * np.linspace(0, 1, 5) // => array([0.  , 0.25, 0.5 , 0.75, 1.  ])
 * np.linspace(0, 1, 4, { endpoint: false }) // => array([0.  , 0.25, 0.5 , 0.75])
 */
export function linspace(
  start: ArrayLike,
  stop: ArrayLike,
  ...rest: Rest<LinspaceOptions, ['num', 'endpoint', 'retstep', 'dtype', 'axis']>
): any {
  const { num = 50, endpoint = true, retstep = false, dtype, axis = 0 } = linspaceArgs(rest)
  if (!Number.isInteger(num)) throw new ArgumentError(`'${String(num)}' object cannot be interpreted as an integer`, { op: 'linspace' })
  if (num < 0) throw new ValueError(`Number of samples, ${num}, must be non-negative.`, { op: 'linspace' })
  const parts = endpoint ? num - 1 : num
  const [a, b] = [asView(start), asView(stop)]
  const computing = promoteAll([a.dtype, b.dtype, float64].map((d) => (d.kind === 'c' ? complex128 : float64)))
  const to = maybeDType(dtype) ?? computing
  const from = wrap(castView(a, computing))
  const delta = subtractArrays(castView(b, computing), from)
  const rank = delta.ndim
  const index = wrap(reshape(ramp(num, 0, 1, float64), [num, ...new Array<number>(rank).fill(1)]))
  const step = parts > 0 ? divideBy(delta, parts) : null
  const plain = step !== null && !anyZero(step)
  let y: NDArray = asArray(plain ? multiply(index, step) : multiply(divideBy(index, Math.max(parts, 1)), delta))
  y = asArray(add(y, from))
  if (endpoint && num > 1) assignLast(y, castView(b, computing))
  let out: View = y.value
  if (axis !== 0) out = stackAxis(out, normalizeAxis(axis, out.ndim, 'linspace'))
  if (to.isInteger) out = asArray(floorOf(wrap(out))).value
  const result = wrap(castView(out, to))
  return retstep ? [result, step === null ? Number.NaN : unwrapStep(step)] : result
}

const subtractArrays = (b: View, a: NDArray): NDArray => asArray(subtract(wrap(b), a))
const divideBy = (x: NDArray, n: number): NDArray => asArray(divide(x, n))
const anyZero = (x: NDArray): boolean =>
  x.value.size > 0 && [x.tolist()].flat(64).some((v) => (v instanceof Complex ? v.re === 0 && v.im === 0 : v === 0))
const floorOf = (x: NDArray): NDArray => asArray(floor(x))
const unwrapStep = (x: NDArray): unknown => (x.ndim === 0 ? x.item() : x)

/** Writes the last item of the first axis. */
function assignLast(y: NDArray, value: View): void {
  const v = y.value
  const last = restride(v, v.shape.slice(1), v.strides.slice(1), v.offset + (v.shape[0]! - 1) * v.strides[0]!)
  copyInto(last, broadcastTo(value, last.shape) as View)
}

/** Moves the first axis to another place. */
function stackAxis(v: View, axis: number): View {
  const order = v.shape.map((_, i) => i).slice(1)
  order.splice(axis, 0, 0)
  return restride(
    v,
    order.map((a) => v.shape[a]!),
    order.map((a) => v.strides[a]!),
  )
}

/**
 * Values evenly spaced on a logarithmic scale, from `base ** start` to `base ** stop`.
 *
 * @example
 * np.logspace(0, 3, 4) // => array([   1.,   10.,  100., 1000.])
 */
export function logspace(
  start: ArrayLike,
  stop: ArrayLike,
  ...rest: Rest<LinspaceOptions & { base?: ArrayLike }, ['num', 'endpoint', 'base', 'dtype', 'axis']>
): NDArray {
  const { num = 50, endpoint = true, base = 10, dtype, axis = 0 } = logspaceArgs(rest)
  const exponents = linspace(start, stop, { num, endpoint, axis })
  const out = asArray(power(base instanceof NDArray ? base : Number(base), exponents))
  const to = maybeDType(dtype)
  return to ? wrap(castView(out.value, to)) : out
}
const logspaceArgs = signature<LinspaceOptions & { base?: ArrayLike }>('logspace', ['num', 'endpoint', 'base', 'dtype', 'axis'], [], 2)

/**
 * Values evenly spaced on a logarithmic scale (a geometric progression) from `start` to `stop`.
 *
 * @example
 * np.geomspace(1, 1000, 4) // => array([   1.,   10.,  100., 1000.])
 */
export function geomspace(start: number, stop: number, ...rest: Rest<LinspaceOptions, ['num', 'endpoint', 'dtype', 'axis']>): NDArray {
  const { num = 50, endpoint = true, dtype } = geomspaceArgs(rest)
  if (start === 0 || stop === 0) throw new ValueError('Geometric sequence cannot include zero', { op: 'geomspace' })
  const sign = Math.sign(start)
  if (Math.sign(stop) !== sign) throw new ValueError('geomspace(): start and stop must have the same sign', { op: 'geomspace' })
  const out = asArray(multiply(logspace(Math.log10(start * sign), Math.log10(stop * sign), { num, endpoint }), sign))
  if (num > 0) out.flat.set(0, start)
  if (num > 1 && endpoint) out.flat.set(-1, stop)
  const to = maybeDType(dtype)
  return to ? wrap(castView(out.value, to)) : out
}
const geomspaceArgs = signature<LinspaceOptions>('geomspace', ['num', 'endpoint', 'dtype', 'axis'], [], 2)

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
export function frombuffer(
  buffer: ArrayBufferLike | ArrayBufferView,
  ...rest: Rest<FromBufferOptions, ['dtype', 'count', 'offset']>
): NDArray {
  const { dtype, count = -1, offset = 0 } = frombufferArgs(rest)
  const to = maybeDType(dtype) ?? float64
  if (to.isObject) throw new ValueError('cannot create an OBJECT array from memory buffer', { op: 'frombuffer' })
  const isView = ArrayBuffer.isView(buffer)
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
}

/**
 * An array of what a function gives for each item's indices: the function is called once with arrays of indices.
 *
 * @example
 * np.fromfunction((i, j) => np.add(i, j), [2, 2], { dtype: 'int64' }) // => array([[0, 1],
 *                                                                     //           [1, 2]])
 */
export function fromfunction(f: (...indices: NDArray[]) => unknown, shape: readonly number[], options: { dtype?: DTypeLike } = {}): any {
  return f(...indexGrids(shape, maybeDType(options.dtype) ?? float64))
}

/** For each axis the indices along it, in the whole shape. */
function indexGrids(shape: readonly number[], dtype: DType): NDArray[] {
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
export function indices(dimensions: readonly number[], dtype: DTypeLike = 'int64'): NDArray {
  const to = maybeDType(dtype)!
  if (dimensions.length === 0) return wrap(fullView([0], 0, to))
  return wrap(
    stack(
      indexGrids(dimensions, to).map((g) => g.value),
      0,
    ),
  )
}

/**
 * An array of the first `count` items of an iterable.
 *
 * @example
 * np.fromiter(new Set([1, 2, 3]), 'float64') // => array([1., 2., 3.])
 */
export function fromiter(iterable: Iterable<unknown>, dtype: DTypeLike, count = -1): NDArray {
  const list: unknown[] = []
  for (const x of iterable) {
    if (count >= 0 && list.length === count) break
    list.push(x)
  }
  if (list.length < count)
    throw new ValueError(`iterator too short: Expected ${count} but iterator had only ${list.length} items.`, { op: 'fromiter' })
  return wrap(fromData(list, maybeDType(dtype) ?? float64))
}
