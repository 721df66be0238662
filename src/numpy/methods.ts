/** The methods of arrays: most are the functions of the same name with the array as first argument. */

import { integers, keyword, type Rest, variadic } from '../core/arguments.ts'
import { backendOf } from '../core/backend.ts'
import { copyInto } from '../core/copy.ts'
import { describe } from '../core/describe.ts'
import type { DType, DTypeName } from '../core/dtype.ts'
import { coerce, scalarView } from '../core/element.ts'
import { ArgumentError, DTypeError, ValueError } from '../core/errors.ts'
import { type Casting, canCast } from '../core/promote.ts'
import { contiguousStrides, normalizeAxis } from '../core/shape.ts'
import { checkWriteable, restride, View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import { arrayRepr, arrayStr } from '../printing/index.ts'
import '../runtime.ts'
import { tofile } from './binary.ts'
import { clipMethod } from './clipping.ts'
import { imag, real } from './complex.ts'
import { wrap, wrapView } from './convert.ts'
import { asDType } from './dtypes.ts'
import { checkCast, watching } from './floating_errors.ts'
import * as indexing from './indexing.ts'
import { repeat } from './joining.ts'
import { checkOrder, copyIn, type Order } from './layout.ts'
import * as manipulation from './manipulation.ts'
import { around } from './math.ts'
import { copyOf, NDArray, printable, reprItem } from './ndarray.ts'
import { dot, matmul, trace } from './products.ts'
import * as reductions from './reductions.ts'
import { sameValues } from './same_value.ts'
import { argpartition, argsort, partition, searchsorted, sort } from './sorting.ts'
import type { ArrayLike, DTypeLike, ItemOf, NameOf } from './types.ts'
import './ufunc_methods.ts'
import * as arithmetic from './ufuncs/arithmetic.ts'
import * as bits from './ufuncs/bits.ts'
import * as comparison from './ufuncs/comparison.ts'
import { divmod } from './ufuncs/pairs.ts'

/** A function's type as a method: without its first parameter. */
type Method<F> = F extends (a: any, ...rest: infer R) => infer T ? (...rest: R) => T : never

/** The method `conj`, which gives what is not complex as it is, where the ufunc computes. */
const conjugated: typeof arithmetic.conjugate = ((a: ArrayLike, ...rest: unknown[]) =>
  a instanceof NDArray && !a.value.dtype.isComplex && !a.value.dtype.isObject && rest.length === 0
    ? a
    : (arithmetic.conjugate as (...args: unknown[]) => unknown)(a, ...rest)) as typeof arithmetic.conjugate

/** Functions that are methods as they are. */
const SAME = {
  all: reductions.all,
  any: reductions.any,
  argmax: reductions.argmax,
  argmin: reductions.argmin,
  argpartition,
  argsort,
  choose: indexing.choose,
  clip: clipMethod,
  cumprod: reductions.cumprod,
  cumsum: reductions.cumsum,
  diagonal: indexing.diagonal,
  dot,
  max: reductions.max,
  mean: reductions.mean,
  min: reductions.min,
  nonzero: indexing.nonzero,
  prod: reductions.prod,
  ptp: reductions.ptp,
  put: indexing.put,
  ravel: manipulation.ravel,
  repeat,
  round: around,
  searchsorted,
  squeeze: manipulation.squeeze,
  std: reductions.std,
  sum: reductions.sum,
  swapaxes: manipulation.swapaxes,
  take: indexing.take,
  trace,
  var: reductions.var,
  conj: conjugated,
  conjugate: conjugated,
  // Python's operators
  add: arithmetic.add,
  subtract: arithmetic.subtract,
  multiply: arithmetic.multiply,
  divide: arithmetic.divide,
  floor_divide: arithmetic.floor_divide,
  remainder: arithmetic.remainder,
  mod: arithmetic.remainder,
  power: arithmetic.power,
  negative: arithmetic.negative,
  neg: arithmetic.negative,
  positive: arithmetic.positive,
  absolute: arithmetic.absolute,
  abs: arithmetic.absolute,
  matmul,
  invert: bits.invert,
  bitwise_and: bits.bitwise_and,
  bitwise_or: bits.bitwise_or,
  bitwise_xor: bits.bitwise_xor,
  left_shift: bits.left_shift,
  right_shift: bits.right_shift,
  less: comparison.less,
  less_equal: comparison.less_equal,
  greater: comparison.greater,
  greater_equal: comparison.greater_equal,
  equal: comparison.equal,
  not_equal: comparison.not_equal,
} as const

type Same = { [K in keyof typeof SAME]: Method<(typeof SAME)[K]> }

/** Keyword arguments of `astype`. */
export interface AstypeOptions {
  order?: 'C' | 'F' | 'A' | 'K'
  /** Which conversions are allowed. Default any. `'same_value'`: any that keeps every value, a ValueError otherwise. */
  casting?: Casting | 'same_value'
  subok?: boolean
  /** False gives the array itself when it has the dtype. */
  copy?: boolean
}

/** The methods of arrays that are not functions of the same name. */
interface OwnMethods<D extends DTypeName> {
  /**
   * Reads by keys: integers, slice strings (`'1:5:2'`, `'1:, ::2'`), `np.slice(1, 5)`, null (new axis), `'...'`, lists, integer arrays,
   * boolean masks. Basic keys give a view, arrays and masks a copy, a full integer key the item.
   *
   * @example
   * const a = np.arange(6).reshape(2, 3)
   * a.at(1, 2) // => 5
   * a.at(':, 1:') // => array([[1, 2],
   *               //           [4, 5]])
   * a.at(np.greater(a, 3)) // => array([4, 5])
   */
  at(...keys: unknown[]): any
  /**
   * Writes by keys, in place: the last argument is the value, which is broadcast and converted.
   *
   * @example
   * const a = np.arange(4)
   * a.set('1:3', 9)
   * a // => array([0, 9, 9, 3])
   */
  set(...keysAndValue: unknown[]): void
  /**
   * A copy in another dtype.
   *
   * @example
   * np.array([1.7, -1.7]).astype('int32') // => array([ 1, -1], dtype=int32)
   */
  astype<const L extends DTypeLike>(dtype: L, options?: AstypeOptions): NDArray<NameOf<L> & DTypeName>
  /** A copy. */
  copy(order?: Order | { order?: Order }): NDArray<D>
  /** A copy as a 1-d array. */
  flatten(order?: Order | { order?: Order }): NDArray<D>
  /** The same memory seen as another dtype, or as another array object. */
  view<const L extends DTypeLike>(dtype?: L): NDArray<NameOf<L> & DTypeName>
  /** Sets every item to a value. */
  fill(value: ItemOf<D> | number): void
  /**
   * The same items in another shape: lengths one by one or as a list.
   *
   * @example
   * np.arange(6).reshape(2, -1) // => array([[0, 1, 2],
   *                             //           [3, 4, 5]])
   */
  reshape(...shape: (number | readonly number[] | { order?: 'C' | 'F' | 'A'; copy?: boolean | null } | NDArray)[]): NDArray<D>
  /** The array with its axes reversed or in the order given, one by one or as a list: a view. */
  transpose(...axes: (number | readonly number[] | null)[]): NDArray<D>
  /** Sorts along an axis, in place. */
  sort(axis?: number | { axis?: number }): void
  /** Partitions along an axis, in place. */
  partition(kth: number | readonly number[], axis?: number): void
  /** The memory's bytes in C order, copied. */
  tobytes(order?: 'C' | 'F' | 'A'): Uint8Array
  /** The dtype's bytes in the other order. */
  byteswap(inplace?: boolean): NDArray<D>
  /** Sets flags; only `write` can be changed. */
  setflags(flags: { write?: boolean; uic?: boolean }): void
  /** Changes the shape in place, and the size: zeros fill what is new. A ValueError for an array that views another one's memory. */
  resize(...shape: (number | readonly number[])[]): void
  /** Items along an axis where a condition holds. */
  compress(condition: ArrayLike, ...rest: Rest<indexing.CompressOptions, ['axis', 'out']>): NDArray<D>
  /** Whether some item equals a value: Python's `value in a`. */
  includes(value: unknown): boolean
  /** Quotient rounded down, and remainder. */
  divmod(other: ArrayLike): [any, any]
  /** Writes the items to a file in C order: their bytes, or as text with `sep` between them. */
  tofile(file: string | URL, sep?: string, format?: string): void
  /** The array itself: there is one device, `'cpu'`. */
  to_device(device: 'cpu'): NDArray<D>
  /** Some bytes of each item, from an offset on, seen as a dtype: a view. */
  getfield(dtype: DTypeLike, offset?: number | { offset?: number }): NDArray
  /** Writes some bytes of each item as a dtype. */
  setfield(value: ArrayLike, dtype: DTypeLike, offset?: number | { offset?: number }): void
  /** Where the items are: `'cpu'`. */
  readonly device: 'cpu'
  /** As NumPy's `str(a)`. */
  toString(): string
  /** As NumPy's `repr(a)`, which `console.log` shows. */
  repr(): string
  /** The real parts; of a complex array a view. */
  real: NDArray
  /** The imaginary parts; of a complex array a view. */
  imag: NDArray
}

/** All methods of arrays. */
export interface ArrayMethods<D extends DTypeName = any> extends Same, OwnMethods<D> {}

/** The byte-for-byte reinterpretation of an array. */
function viewAs(a: NDArray, dtype: DType): NDArray {
  const v = a.value
  if (dtype === v.dtype) return wrapView(restride(v, v.shape, v.strides), a)
  if (dtype.isObject || v.dtype.isObject) throw new DTypeError('Cannot change data-type for array of references.', { op: 'view' })
  const make = (shape: readonly number[], strides: readonly number[]): NDArray => {
    const size = shape.reduce((n, d) => n * d, 1)
    return wrapView(new View(v.storage, dtype, shape, strides, v.offset, size, v.writeable), a)
  }
  if (dtype.itemsize === v.dtype.itemsize) return make(v.shape, v.strides)
  const last = v.ndim - 1
  if (last < 0) throw new ValueError('Changing the dtype of a 0d array is only supported if the itemsize is unchanged', { op: 'view' })
  if (v.strides[last] !== v.dtype.itemsize && v.shape[last] !== 1) {
    throw new ValueError('To change to a dtype of a different size, the last axis must be contiguous', { op: 'view' })
  }
  const bytes = v.shape[last]! * v.dtype.itemsize
  if (bytes % dtype.itemsize !== 0) {
    throw new ValueError(
      'When changing to a larger dtype, its size must be a divisor of the total size in bytes of the last axis of the array.',
      { op: 'view' },
    )
  }
  return make([...v.shape.slice(0, last), bytes / dtype.itemsize], [...v.strides.slice(0, last), dtype.itemsize])
}

const own: Partial<Record<keyof OwnMethods<any>, unknown>> & ThisType<NDArray> = {
  toString() {
    return arrayStr(printable(this), { reprItem })
  },
  repr() {
    return arrayRepr(printable(this), { reprItem })
  },
  at(...keys: unknown[]) {
    return indexing.getAt(this, keys)
  },
  set(...args: unknown[]) {
    if (args.length === 0) throw new ArgumentError('set() missing 1 required positional argument: the value', { op: 'set' })
    const value = args[args.length - 1]
    indexing.setAt(this, args.length === 1 ? ['...'] : args.slice(0, -1), value)
  },
  astype(dtype: DTypeLike, options: AstypeOptions = {}) {
    const to = asDType(dtype)
    const { casting = 'unsafe', copy = true, order } = options
    if (casting === 'same_value' && !to.isObject) return wrap(sameValues(this.value, copyIn(checkOrder(order), this.value, to)))
    if (casting === 'same_value' || !canCast(this.value.dtype, to, casting)) {
      throw new DTypeError(
        `Cannot cast array data from dtype('${this.value.dtype.name}') to dtype('${to.name}') according to the rule '${casting}'`,
        { op: 'astype' },
      )
    }
    if (!copy && to === this.value.dtype) return this
    const out = copyIn(checkOrder(order), this.value, to)
    if (watching) checkCast(this.value, out)
    return wrap(out)
  },
  copy(order: Order | { order?: Order } = 'C') {
    return wrap(copyIn(checkOrder(keyword('copy', 'order', order, 'C')), this.value))
  },
  flatten(order: Order | { order?: Order } = 'C') {
    const flat = manipulation.ravel(this, keyword('flatten', 'order', order, 'C'))
    return wrap(flat.value.storage === this.value.storage ? copyOf(flat.value) : flat.value)
  },
  view(dtype?: DTypeLike) {
    return viewAs(this, dtype === undefined ? this.value.dtype : asDType(dtype))
  },
  fill(value: unknown) {
    const v = this.value
    checkWriteable(v)
    if (v.dtype.isObject) copyInto(v, p.full([], value, v.dtype))
    else if (value instanceof NDArray) copyInto(v, value.value)
    else copyInto(v, scalarView(coerce(value, v.dtype), v.dtype))
    v.storage.version++
  },
  reshape(...args: unknown[]) {
    const { items, keywords = {} } = variadic<number>(args)
    const shape = items.length === 1 && (items[0] as unknown) instanceof NDArray ? (items[0] as unknown as NDArray).tolist() : items
    return manipulation.reshape(this, shape, keywords)
  },
  transpose(...args: unknown[]) {
    const { items } = variadic<number>(args)
    const none = items.length === 0 || (items.length === 1 && (items[0] === null || items[0] === undefined))
    return manipulation.transpose(this, none ? null : items)
  },
  sort(axis: number | { axis?: number } = -1) {
    const at = normalizeAxis(typeof axis === 'object' ? (axis?.axis ?? -1) : axis, this.ndim)
    checkWriteable(this.value)
    copyInto(this.value, sort(this, at).value)
    this.value.storage.version++
  },
  partition(kth: number | readonly number[], axis = -1) {
    checkWriteable(this.value)
    copyInto(this.value, partition(this, kth, axis).value)
    this.value.storage.version++
  },
  tobytes(given?: 'C' | 'F' | 'A' | { order?: 'C' | 'F' | 'A' }) {
    const order = keyword<'C' | 'F' | 'A'>('tobytes', 'order', given as 'C', 'C')
    const v = order === 'F' || (order === 'A' && this.flags.fnc) ? this.T.value : this.value
    if (v.dtype.isObject) throw new DTypeError('tobytes() is not supported for dtype object', { op: 'tobytes' })
    const c = copyOf(v)
    const bytes = backendOf(c.device).bytes(c.storage)
    return bytes.slice(c.offset, c.offset + c.nbytes)
  },
  byteswap(given?: boolean | { inplace?: boolean }) {
    const inplace = keyword<boolean>('byteswap', 'inplace', given as boolean, false)
    const bytes = (this as unknown as ArrayMethods).tobytes()
    const step = this.value.dtype.isComplex ? this.itemsize / 2 : this.itemsize
    for (let i = 0; i < bytes.length; i += step) bytes.subarray(i, i + step).reverse()
    const memory = p.full(this.shape, 0, this.value.dtype)
    backendOf(memory.device).bytes(memory.storage).set(bytes, memory.offset)
    if (!inplace) return wrap(memory)
    copyInto(this.value, memory)
    this.value.storage.version++
    return this
  },
  setflags(options?: { write?: boolean; uic?: boolean } | null) {
    const write = options?.write
    if (options?.uic) throw new ValueError('cannot set WRITEBACKIFCOPY flag to True', { op: 'setflags' })
    if (write !== undefined) this.flags.writeable = write
  },
  resize(...args: unknown[]) {
    const items = integers('resize', 'new_shape', variadic<number>(args).items)
    const size = items.reduce((n, d) => n * d, 1)
    if (items.some((d) => d < 0)) throw new ValueError('negative dimensions not allowed', { op: 'resize' })
    if (this.base !== null) throw new ValueError('cannot resize this array: it does not own its data', { op: 'resize' })
    // An array in Fortran's order is resized in that order: the transposed array, with the sizes reversed.
    const back = this.shape.map((_, i) => this.ndim - 1 - i)
    const turned = p.transpose(this.value, back) as View
    if (!this.value.contiguous && turned.contiguous) {
      const flipped = wrap(turned)
      flipped.resize(...items.toReversed())
      this.value = p.transpose(
        flipped.value,
        items.map((_, i) => items.length - 1 - i),
      ) as View
      return
    }
    if (!this.value.contiguous) throw new ValueError('resize only works on single-segment arrays', { op: 'resize' })
    if (size !== this.size) {
      // Another block, of zeros behind what fits; who holds a view of the old one keeps that.
      const memory = p.full([size], 0, this.value.dtype) as View
      const kept = Math.min(size, this.size)
      copyInto(p.narrow(memory, 0, 0, kept) as View, p.narrow(p.reshape(this.value, [this.size]), 0, 0, kept) as View)
      this.value = memory
    }
    this.value = restride(this.value, items, contiguousStrides(items, this.itemsize))
  },
  compress(condition: ArrayLike, ...rest: Rest<indexing.CompressOptions, ['axis', 'out']>) {
    return indexing.compress(condition, this, ...rest) as NDArray
  },
  includes(value: unknown) {
    const same = comparison.equal(this, value as ArrayLike)
    return same instanceof NDArray ? Boolean(reductions.any(same)) : Boolean(same)
  },
  divmod(other: ArrayLike) {
    return divmod(this, other)
  },
  tofile(file: string | URL, sep = '', format = '%s') {
    tofile(this, file, sep, format)
  },
  to_device(device: string) {
    if (device !== 'cpu')
      throw new ValueError(`Unsupported device: ${typeof device === 'string' ? device : describe(device)}. Only 'cpu' is allowed.`, {
        op: 'to_device',
      })
    return this
  },
  getfield(dtype: DTypeLike, offset: number | { offset?: number } = 0) {
    return fieldOf(this, asDType(dtype), keyword('getfield', 'offset', offset, 0))
  },
  setfield(value: ArrayLike, dtype: DTypeLike, offset: number | { offset?: number } = 0) {
    indexing.setAt(fieldOf(this, asDType(dtype), keyword('setfield', 'offset', offset, 0)), ['...'], value)
  },
}

/** Some bytes of each item seen as a dtype. */
function fieldOf(a: NDArray, dtype: DType, offset: number): NDArray {
  const v = a.value
  if (v.dtype.isObject || dtype.isObject) throw new DTypeError('cannot get a field of an array of references', { op: 'getfield' })
  if (dtype.itemsize > v.dtype.itemsize) throw new ValueError('new type is larger than original type', { op: 'getfield' })
  if (!Number.isInteger(offset) || offset < 0) throw new ValueError('offset is negative', { op: 'getfield' })
  if (offset + dtype.itemsize > v.dtype.itemsize)
    throw new ValueError('new type plus offset is larger than original type', { op: 'getfield' })
  return wrapView(new View(v.storage, dtype, v.shape, v.strides, v.offset + offset, v.size, v.writeable), a)
}

for (const [name, f] of Object.entries(SAME)) {
  const method = {
    [name](this: NDArray, ...rest: unknown[]): unknown {
      return (f as (...args: unknown[]) => unknown)(this, ...rest)
    },
  }[name]!
  Object.defineProperty(NDArray.prototype, name, { value: method, writable: true, configurable: true })
}
for (const [name, f] of Object.entries(own))
  Object.defineProperty(NDArray.prototype, name, { value: f, writable: true, configurable: true })
const part = (get: (a: NDArray) => NDArray) => ({
  configurable: true,
  get(this: NDArray): NDArray {
    return get(this)
  },
  set(this: NDArray, value: ArrayLike): void {
    indexing.setAt(get(this), ['...'], value)
  },
})
Object.defineProperty(NDArray.prototype, 'device', { configurable: true, get: () => 'cpu' })
Object.defineProperty(NDArray.prototype, 'real', part(real))
Object.defineProperty(NDArray.prototype, 'imag', part(imag))

/** @internal The class with its methods, so that importing it installs them. */
export const ndarray = NDArray
