/** What only Tensor has as methods: resizing, layouts, and questions about how a tensor is stored. */

import { allocate } from '../../core/allocate.ts'
import { backendOf } from '../../core/backend.ts'
import { int64 } from '../../core/dtype.ts'
import { ArgumentError, DeviceError, GradientError, RuntimeError } from '../../core/errors.ts'
import { contiguousStrides, sameShape, sizeOf } from '../../core/shape.ts'
import { bufferStorage } from '../../core/storage.ts'
import { contiguousView, restride, View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { coreDType, type DTypeLike, scalarTypeName } from '../dtype.ts'
import { Tensor } from '../tensor.ts'
import { to } from './convert.ts'
import { empty, placed, type TensorOptions } from './creation.ts'
import { keyed } from './keyed.ts'
import { fillScalar, intList, tensorArg } from './support.ts'

/** The sum over the dimensions that `size` lacks or has at length 1: the reverse of broadcasting. */
export const sum_to_size = (input: Tensor, ...size: readonly (number | readonly number[])[]): Tensor => {
  const x = tensorArg('sum_to_size', input)
  const shape = intList('sum_to_size', size.flat(), 'size')
  if (shape.length === 0) return x.sum()
  const lead = x.ndim - shape.length
  if (lead < 0 || shape.some((n, i) => n !== 1 && n !== x.raw.shape[lead + i])) {
    throw new RuntimeError(`size {[${x.raw.shape.join(', ')}]} is not expandable to size {[${shape.join(', ')}]}.`)
  }
  if (sameShape(shape, x.raw.shape)) return new Tensor(x.value)
  const { dtype } = x.raw
  return new Tensor(p.sumTo(dtype.isInexact ? x.value : p.cast(x.value, int64), shape))
}

/** Whether two tensors have the same shape. */
export const is_same_size = (input: Tensor, other: Tensor): boolean =>
  sameShape(tensorArg('is_same_size', input).raw.shape, tensorArg('is_same_size', other, 'other').raw.shape)
/** Always false: conjugation is never put off here. */
export const is_conj = (input: Tensor): boolean => tensorArg('is_conj', input) === null
/** Always false: negation is never put off here. */
export const is_neg = (input: Tensor): boolean => tensorArg('is_neg', input) === null
/** Whether a tensor was made in inference mode: never, since that mode only stops recording here. */
export const is_inference = (input: Tensor): boolean => tensorArg('is_inference', input) === null
/** Whether a tensor's dtype has negative numbers. */
export const is_signed = (input: Tensor): boolean => tensorArg('is_signed', input).is_signed()
/** The number of a tensor's device; -1 on the CPU. */
export const get_device = (input: Tensor): number => tensorArg('get_device', input).device.index ?? -1
/** Whether a tensor's only element is not zero. */
export const is_nonzero = (input: Tensor): boolean => {
  const x = tensorArg('is_nonzero', input)
  if (x.numel() !== 1)
    throw new RuntimeError(
      x.numel() === 0
        ? 'Boolean value of Tensor with no values is ambiguous'
        : 'Boolean value of Tensor with more than one value is ambiguous',
    )
  return Boolean(x.item())
}

/** An error: there is no CUDA here. */
export function cuda(input: Tensor): never {
  tensorArg('cuda', input)
  throw new DeviceError("CUDA is not there in a JavaScript runtime: use tensor.to('webgpu')", { op: 'cuda' })
}

/** The name of the tensor's type, or the tensor in another dtype. */
export function type(input: Tensor, dtype: DTypeLike | null = null): Tensor | string {
  const x = tensorArg('type', input)
  return dtype === null ? `torch.${scalarTypeName(x.raw.dtype)}Tensor` : to(x, dtype as never)
}

/** A tensor of undefined elements with another's dtype, and with strides. */
export const new_empty_strided = keyed(
  'new_empty_strided',
  'size stride ...',
  (input: Tensor, size: readonly number[], stride: readonly number[], options: TensorOptions = {}): Tensor =>
    empty_strided(size, stride, { dtype: tensorArg('new_empty_strided', input).dtype, ...options }),
)

/** A tensor of undefined elements whose neighbours along each dimension lie `stride` elements apart. */
export function empty_strided(size: readonly number[], stride: readonly number[], options: TensorOptions = {}): Tensor {
  const [shape, strides] = [intList('empty_strided', size, 'size'), intList('empty_strided', stride, 'stride')]
  if (shape.length !== strides.length)
    throw new RuntimeError(`mismatch in length of strides and shape: ${strides.length} and ${shape.length}`)
  if ([...shape, ...strides].some((n) => n < 0)) throw new RuntimeError('empty_strided: sizes and strides must not be negative')
  const block = empty([shape.includes(0) ? 0 : shape.reduce((n, d, i) => n + (d - 1) * strides[i]!, 1)], {
    ...options,
    requires_grad: false,
  })
  const { itemsize } = block.raw.dtype
  const view = restride(
    block.memory,
    shape,
    strides.map((s) => s * itemsize),
    block.memory.offset,
  )
  return placed(view, options)
}

/** A 0-d tensor of a number. */
export function scalar_tensor(s: number | boolean | bigint, options: TensorOptions = {}): Tensor {
  const dtype = coreDType(options?.dtype) ?? empty([0]).raw.dtype
  return placed(p.full([], fillScalar(s, dtype), dtype), options)
}

/** A tensor over a part of a buffer's bytes, whose memory it shares. */
export function frombuffer(
  buffer: ArrayBuffer | ArrayBufferView,
  options: { readonly dtype: DTypeLike; readonly count?: number; readonly offset?: number; readonly requires_grad?: boolean },
): Tensor {
  const dtype = coreDType(options?.dtype)
  if (!dtype) throw new ArgumentError("frombuffer() missing 1 required keyword-only arguments: 'dtype'")
  const { count = -1, offset = 0, requires_grad = false } = options
  const bytes = ArrayBuffer.isView(buffer) ? new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength) : new Uint8Array(buffer)
  if (bytes.length === 0 || count === 0) throw new RuntimeError(`both buffer length (${bytes.length}) and count (${count}) must not be 0`)
  if (offset < 0 || offset >= bytes.length)
    throw new RuntimeError(
      `offset (${offset} bytes) must be non-negative and no greater than buffer length (${bytes.length} bytes) minus 1`,
    )
  const rest = bytes.length - offset
  if (count < 0 && rest % dtype.itemsize !== 0)
    throw new RuntimeError(
      `buffer length (${rest} bytes) after offset (${offset} bytes) must be a multiple of element size (${dtype.itemsize})`,
    )
  const n = count < 0 ? rest / dtype.itemsize : count
  if (offset + n * dtype.itemsize > bytes.length)
    throw new RuntimeError(
      `requested buffer length (${n} * ${dtype.itemsize} bytes) after offset (${offset} bytes) must not be greater than actual buffer length (${bytes.length} bytes)`,
    )
  const storage = bufferStorage(bytes.buffer, bytes.byteOffset + offset, n * dtype.itemsize)
  return placed(contiguousView(storage, dtype, [n]), { requires_grad })
}

/** Gives the tensor another shape in place: elements stay where they are in its memory, new ones are undefined. */
export function resize_(input: Tensor, ...size: readonly (number | readonly number[])[]): Tensor {
  const x = tensorArg('resize_', input)
  const shape = intList('resize_', size.flat(), 'size')
  if (shape.some((n) => n < 0)) throw new RuntimeError('resize_: Dimension size must be non-negative.')
  if (x.requires_grad) throw new GradientError('cannot resize variables that require grad')
  const v = x.memory
  const { itemsize } = v.dtype
  const strides = contiguousStrides(shape, itemsize)
  if (sizeOf(shape) * itemsize + v.offset <= v.storage.nbytes) x.raw = restride(v, shape, strides, v.offset)
  else {
    const grown = allocate(shape, v.dtype, v.device)
    const kept = Math.min(v.size, sizeOf(shape))
    if (kept > 0) {
      const flat = new Tensor(restride(grown, [kept], [itemsize], grown.offset))
      flat.copy_(new Tensor(restride(v, [kept], [itemsize], v.offset)))
    }
    x.raw = grown
  }
  x.link = null
  return x
}
/** Gives the tensor the shape of another in place. */
export const resize_as_ = (input: Tensor, other: Tensor): Tensor => resize_(input, tensorArg('resize_as_', other, 'other').raw.shape)

/** Makes the tensor look at the memory of another, with its shape. */
export function set_(input: Tensor, source?: Tensor): Tensor {
  const x = tensorArg('set_', input)
  if (x.requires_grad) throw new GradientError('set_ on a tensor that requires grad is not supported: use no_grad and .data')
  x.raw = source === undefined ? allocate([0], x.raw.dtype, x.raw.device) : tensorArg('set_', source, 'source').memory
  x.link = null
  return x
}

/** Gives the tensor another shape and strides over its memory, in place. */
export function as_strided_(
  input: Tensor,
  size: readonly number[],
  stride: readonly number[],
  storage_offset: number | null = null,
): Tensor {
  const x = tensorArg('as_strided_', input)
  const to = x.as_strided(size, stride, storage_offset)
  x.raw = to.value
  x.link = to.link
  return x
}

/** Whether an element is among the tensor's. */
export function __contains__(input: Tensor, element: unknown): boolean {
  const x = tensorArg('__contains__', input)
  if (!(element instanceof Tensor) && typeof element !== 'number' && typeof element !== 'boolean' && typeof element !== 'bigint') {
    throw new RuntimeError(`Tensor.__contains__ only supports Tensor or scalar, but you passed in a ${typeof element}.`)
  }
  return x
    .eq(element as never)
    .any()
    .item() as boolean
}

const views = new WeakMap<object, View>()
/** What a storage looks at; methods may have been called on something else. */
function viewIn(storage: unknown): View {
  const view = views.get(storage as object)
  if (view instanceof View) return view
  throw new ArgumentError('UntypedStorage: expected the storage of a tensor, from untyped_storage()')
}

/** Memory without a dtype. */
export class UntypedStorage {
  /** @internal */
  constructor(view: View) {
    views.set(this, view)
  }
  /** The number of bytes. */
  nbytes(): number {
    return viewIn(this).storage.nbytes
  }
  /** The number of bytes. */
  size(): number {
    return viewIn(this).storage.nbytes
  }
  get length(): number {
    return viewIn(this).storage.nbytes
  }
  /** Bytes of an element: 1. */
  element_size(): number {
    return 1
  }
  /** Where the memory lies. */
  data_ptr(): number {
    return viewIn(this).storage.address
  }
  get device(): string {
    return viewIn(this).device
  }
  /** The bytes, as numbers. */
  tolist(): number[] {
    return [...this.bytes()]
  }
  private bytes(): Uint8Array {
    const { storage } = viewIn(this)
    return backendOf(storage.device).bytes(storage)
  }
  toString(): string {
    return `[torch.storage.UntypedStorage(device=${this.device}) of size ${this.nbytes()}]`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}
/** The memory that the tensor looks at. */
export const untyped_storage = (input: Tensor): UntypedStorage => new UntypedStorage(tensorArg('untyped_storage', input).memory)
