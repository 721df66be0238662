/** The array of the NumPy facade: a view with NumPy's attributes. Its methods are installed by `methods.ts`; it computes nothing. */

import { allocate } from '../core/allocate.ts'
import { integers } from '../core/arguments.ts'
import { backendOf } from '../core/backend.ts'
import { Complex } from '../core/complex.ts'
import { copyInto, firstItem } from '../core/copy.ts'
import type { DType, DTypeName } from '../core/dtype.ts'
import { nested, readAt } from '../core/element.ts'
import { AttributeError, IndexError, ShapeError, ValueError } from '../core/errors.ts'
import { contiguousStrides, type Shape, sizeOf } from '../core/shape.ts'
import { CARRIED } from '../core/value.ts'
import { restride, type View } from '../core/view.ts'
import type { Printable } from '../printing/index.ts'
import '../runtime/cpu.ts'
import { Flags } from './flags.ts'
import { FlatIterator } from './flat.ts'
import type { ArrayMethods } from './methods.ts'
import { ARRAY_MEMBERS, promise } from './promised.ts'
import type { ItemOf } from './types.ts'

/** Typed arrays by dtype name; complex numbers are pairs, half floats their bits. */
const DATA: Readonly<Record<string, new (buffer: ArrayBufferLike, offset: number, length: number) => ArrayBufferView>> = {
  bool: Uint8Array,
  int8: Int8Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  float16: Uint16Array,
  bfloat16: Uint16Array,
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  complex128: Float64Array,
}

/**
 * An n-dimensional array of items of one dtype.
 *
 * Arrays are made by functions: `np.array`, `np.zeros`, `np.arange` and many more. Basic indexing, `reshape`, `transpose` and the like give
 * arrays that look into the same memory. `D` is the dtype's name where the type tells it.
 *
 * @example
 * const a = np.array([[1, 2, 3], [4, 5, 6]])
 * a.shape // => [ 2, 3 ]
 * a.sum() // => 21
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: methods.ts installs what the interface below declares
export class NDArray<D extends DTypeName = any> {
  /** @internal The view that this array wraps. */
  value: View
  /** The array whose memory this one looks into, or null when it has its own. */
  readonly base: NDArray | null

  /** @internal Use `np.array` and its kin. */
  constructor(value: View, base: NDArray | null = null) {
    this.value = value
    this.base = base
  }

  /** @internal */
  get [CARRIED](): View {
    return this.value
  }

  /** The lengths of the axes. Setting it reshapes in place, where that needs no copy. */
  get shape(): number[] {
    return [...this.value.shape]
  }
  set shape(shape: Shape) {
    shape = integers('reshape', 'shape', shape)
    if (sizeOf(shape) !== this.value.size) {
      throw new ShapeError(`cannot reshape array of size ${this.value.size} into shape (${shape.join(',')})`, { op: 'reshape' })
    }
    if (!this.value.contiguous) throw new AttributeError('Incompatible shape for in-place modification. Use `.reshape()` to make a copy.')
    this.value = restride(this.value, [...shape], contiguousStrides(shape, this.value.dtype.itemsize))
  }
  /** The dtype of the items. */
  get dtype(): DType<D> {
    return this.value.dtype as DType<D>
  }
  /** The number of axes. */
  get ndim(): number {
    return this.value.shape.length
  }
  /** The number of items. */
  get size(): number {
    return this.value.size
  }
  /** Bytes of one item. */
  get itemsize(): number {
    return this.value.dtype.itemsize
  }
  /** Bytes of all items. */
  get nbytes(): number {
    return this.value.nbytes
  }
  /** Bytes to step along each axis; negative or zero for some views. */
  get strides(): number[] {
    // (without items nobody steps anywhere; upstream says 0)
    return this.value.size === 0 && this.base === null ? this.value.strides.map(() => 0) : [...this.value.strides]
  }
  /** The length of the first axis, as Python's `len(a)`. */
  get length(): number {
    if (this.value.shape.length === 0) throw new ShapeError('len() of unsized object', { op: 'len' })
    return this.value.shape[0]!
  }
  /** The array with its axes reversed: a view. */
  get T(): NDArray<D> {
    const v = this.value
    return new NDArray(restride(v, [...v.shape].reverse(), [...v.strides].reverse()), this.base ?? this)
  }
  /** The array with its last two axes swapped: a view. */
  get mT(): NDArray<D> {
    const v = this.value
    if (v.ndim < 2) throw new ValueError('matrix transpose with ndim < 2 is undefined')
    const swap = (xs: readonly number[]) => [...xs.slice(0, -2), xs[xs.length - 1]!, xs[xs.length - 2]!]
    return new NDArray(restride(v, swap(v.shape), swap(v.strides)), this.base ?? this)
  }
  /** How the memory is laid out and whether it may be written. */
  get flags(): Flags {
    return new Flags(this)
  }
  /** The items in C order as an iterable that can also be indexed. */
  get flat(): FlatIterator<ItemOf<D>> {
    return new FlatIterator(this as unknown as NDArray)
  }
  /** Assigns all items, in C order, from one value or a list that is repeated. */
  set flat(value: unknown) {
    new FlatIterator(this as unknown as NDArray).set(null, value)
  }

  /**
   * The memory as a typed array, shared: writing to one is seen by the other. bool is a Uint8Array, float16 the bits in a Uint16Array, complex
   * pairs of real and imaginary parts; of an object array, the list of items. Only for C-contiguous arrays; others throw a ValueError.
   */
  get data(): any {
    const v = this.value
    if (!v.contiguous) throw new ValueError('ndarray is not C-contiguous: take a.copy().data')
    const { storage, dtype } = v
    if (storage.items !== null) {
      const start = v.offset >> 3
      return start === 0 && storage.items.length === v.size ? storage.items : storage.items.slice(start, start + v.size)
    }
    const bytes = backendOf(v.device).bytes(storage)
    const at = bytes.byteOffset + v.offset
    const maker = DATA[dtype.name]!
    const parts = dtype.isComplex ? 2 : 1
    const step = dtype.itemsize / parts
    if (at % step !== 0) throw new ValueError('the memory is not aligned to its items: take a.copy().data')
    return new maker(bytes.buffer, at, v.size * parts)
  }

  /** The item of an array of size one, or at a flat index or indices. */
  item(...index: number[]): ItemOf<D> {
    const v = this.value
    const at = index.length === 1 && Array.isArray(index[0]) ? (index[0] as number[]) : index
    if (at.length === 0) {
      if (v.size !== 1) throw new ValueError('can only convert an array of size 1 to a Python scalar')
      return firstItem(v) as ItemOf<D>
    }
    if (at.length === 1 && v.ndim !== 1) {
      return readAt(v, offsetOf(v, checkIndex(at[0]!, v.size, null))) as ItemOf<D>
    }
    if (at.length !== v.ndim) throw new ValueError('incorrect number of indices for array')
    return readAt(v, v.offset + at.reduce((sum, i, axis) => sum + checkIndex(i, v.shape[axis]!, axis) * v.strides[axis]!, 0)) as ItemOf<D>
  }

  /** The items as nested lists; of a 0-d array the item itself. */
  tolist(): any {
    return nested(this.value)
  }

  /** Runs over the first axis: items of a 1-d array, else arrays that look into this one. */
  *[Symbol.iterator](): IterableIterator<any> {
    const v = this.value
    if (v.ndim === 0) throw new ShapeError('iteration over a 0-d array', { op: 'iter' })
    const shape = v.shape.slice(1)
    const strides = v.strides.slice(1)
    for (let i = 0; i < v.shape[0]!; i++) {
      const offset = v.offset + i * v.strides[0]!
      yield shape.length === 0 ? readAt(v, offset) : new NDArray(restride(v, shape, strides, offset), this.base ?? this)
    }
  }

  /** What a number is expected of an array of size one: `+a`, `a < 3` (JavaScript's own operators). */
  [Symbol.toPrimitive](hint: string): unknown {
    if (hint === 'string' || (hint === 'default' && this.value.size !== 1)) return this.toString()
    const item = this.item() as unknown
    if (item instanceof Complex || (typeof item === 'object' && item !== null)) return String(item)
    return item
  }

  /** The items as nested lists, for JSON.stringify; bigints become strings. */
  toJSON(): unknown {
    return JSON.parse(JSON.stringify(this.tolist(), (_, x) => (typeof x === 'bigint' ? String(x) : x)) ?? 'null')
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.repr()
  }
  [Symbol.for('Deno.customInspect')](): string {
    return this.repr()
  }
  [Symbol.for('Jupyter.display')](): Record<string, string> {
    return { 'text/plain': this.repr() }
  }

  /** Gives the memory back now; using this array or a view of it later is an error. Without it the garbage collector does so. */
  dispose(): void {
    const { storage } = this.value
    if (!storage.disposed && storage.kind !== 'object') backendOf(storage.device).release(storage)
  }
  [Symbol.dispose](): void {
    this.dispose()
  }
  static {
    promise(NDArray.prototype, ARRAY_MEMBERS)
  }
}

/** The methods that `methods.ts` installs. */
export interface NDArray<D extends DTypeName = any> extends ArrayMethods<D> {}

/** What printing reads of an array. */
export function printable(a: NDArray): Printable {
  const v = a.value
  return { shape: v.shape, dtype: v.dtype.name, get: (i) => readAt(v, offsetOf(v, i)), identity: a }
}

/** Arrays inside object arrays, as Python writes them. */
export function reprItem(item: unknown, style: 'repr' | 'str'): string | undefined {
  if (item instanceof NDArray) return style === 'repr' ? item.repr() : item.toString()
  return undefined
}

/** The byte offset of a C-order position. */
export function offsetOf(v: View, index: number): number {
  if (v.contiguous) return v.offset + index * v.dtype.itemsize
  let offset = v.offset
  for (let axis = v.ndim - 1; axis >= 0; axis--) {
    const n = v.shape[axis]!
    offset += (index % n) * v.strides[axis]!
    index = Math.floor(index / n)
  }
  return offset
}

/** An index counted from the front, or NumPy's error. */
export function checkIndex(index: unknown, size: number, axis: number | null): number {
  const i = typeof index === 'bigint' ? Number(index) : index
  if (typeof i !== 'number' || !Number.isInteger(i)) throw new IndexError(`an integer is required as an index, got ${String(index)}`)
  if (i < -size || i >= size) {
    throw new IndexError(`index ${i} is out of bounds for ${axis === null ? 'size' : `axis ${axis} with size`} ${size}`)
  }
  return i < 0 ? i + size : i
}

/** A contiguous copy of a view in C order. */
export function copyOf(v: View, dtype: DType = v.dtype): View {
  const out = allocate(v.shape, dtype, v.device)
  copyInto(out, v)
  return out
}
