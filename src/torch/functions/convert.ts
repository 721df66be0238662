/** Conversions: dtypes, devices, copies, fills. */

import { copyInto, fetched } from '../../core/copy.ts'
import * as core from '../../core/dtype.ts'
import { ArgumentError, DeviceError, RuntimeError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { coreDevice, type DeviceLike, isDevice } from '../device.ts'
import { coreDType, type DTypeLike, isDType } from '../dtype.ts'
import { Tensor, viewOf } from '../tensor.ts'
import { checkKeywords, fillValue, isScalar, mutate, type Operand, type Scalar, scalarValue, tensorArg } from './support.ts'

/** Keywords of `to`. */
export interface ToOptions {
  readonly dtype?: DTypeLike | null
  readonly device?: DeviceLike | null
  /** Copies also when nothing changes. */
  readonly copy?: boolean
  readonly non_blocking?: boolean
}

/**
 * The tensor in another dtype or on another device; itself when nothing changes.
 *
 * @example
 * ```ts
 * torch.tensor([1.9, -1.9]).to(torch.int64) // => tensor([ 1, -1])
 * ```
 */
export function to(input: Tensor, ...args: readonly (DTypeLike | DeviceLike | Tensor | boolean | ToOptions | null | undefined)[]): Tensor {
  const x = tensorArg('to', input)
  let dtype: core.DType | undefined
  let device: DeviceLike | undefined
  let copy = false
  for (const arg of args) {
    if (arg === null || arg === undefined || typeof arg === 'boolean') continue
    if (arg instanceof Tensor) {
      dtype = arg.raw.dtype
      device = arg.raw.device
    } else if (isDevice(arg)) device = arg
    else if (isDType(arg)) dtype = coreDType(arg)
    else if (typeof arg === 'object') {
      const options = arg as ToOptions
      checkKeywords('to', options, 'dtype', 'device', 'copy', 'non_blocking', 'memory_format')
      dtype = coreDType(options.dtype) ?? dtype
      device = options.device ?? device
      copy = options.copy ?? false
    } else throw new ArgumentError(`to() received an invalid argument: ${String(arg)}`)
  }
  const place = device === undefined ? x.raw.device : coreDevice(device)
  if (place !== x.raw.device && place === 'cpu')
    throw new DeviceError(`to('cpu') cannot wait for '${x.raw.device}': use \`await t.cpu()\``, { op: 'to' })
  // dtypes that the device lacks are converted before they go there
  const cast = dtype !== undefined && dtype !== x.raw.dtype ? new Tensor(p.cast(x.value, dtype)) : x
  if (place !== x.raw.device) return new Tensor(p.toDevice(cast.value, place))
  return copy && cast === x ? new Tensor(p.clone(x.value)) : cast
}

const converter = (dtype: core.DType) => (input: Tensor) => to(input, { dtype: dtype.name as DTypeLike })
/** As float32. */
export const float: (input: Tensor) => Tensor = converter(core.float32)
/** As float64. */
export const double: (input: Tensor) => Tensor = converter(core.float64)
/** As float16. */
export const half: (input: Tensor) => Tensor = converter(core.float16)
/** As bfloat16. */
export const bfloat16: (input: Tensor) => Tensor = converter(core.bfloat16)
/** As int64; fractions are cut off. */
export const long: (input: Tensor) => Tensor = converter(core.int64)
/** As int32; fractions are cut off. */
export const int: (input: Tensor) => Tensor = converter(core.int32)
/** As int16; fractions are cut off. */
export const short: (input: Tensor) => Tensor = converter(core.int16)
/** As int8; fractions are cut off. */
export const char: (input: Tensor) => Tensor = converter(core.int8)
/** As uint8; fractions are cut off. */
export const byte: (input: Tensor) => Tensor = converter(core.uint8)
/** Whether each element is not zero. */
export const bool: (input: Tensor) => Tensor = converter(core.bool)
/** As complex64. */
export const cfloat: (input: Tensor) => Tensor = converter(core.complex64)
/** As complex128. */
export const cdouble: (input: Tensor) => Tensor = converter(core.complex128)
/** In the dtype of another tensor. */
export const type_as = (input: Tensor, other: Tensor): Tensor => to(input, other)
/**
 * The tensor on the CPU: itself when it lies there, else a promise of a copy, which arrives when the device has done all that was asked of
 * it. `await t.cpu()` is right for both. Gradients of the copy flow back to the device.
 *
 * @example
 * ```ts
 * await torch.ones(2).cpu() // => tensor([1., 1.])
 * ```
 */
export function cpu(input: Tensor): Tensor & PromiseLike<Tensor> {
  const x = tensorArg('cpu', input)
  const { value } = x
  const result = value.device === 'cpu' ? x : fetched(viewOf(value)).then((view) => new Tensor(p.arrived(value, view)))
  return result as Tensor & PromiseLike<Tensor>
}

/** On the GPU, as `to('webgpu')`; `await torch.webgpu.is_available()` opens it. */
export const webgpu = (input: Tensor): Tensor => to(input, 'webgpu')

/** The only element as a JavaScript value, once the tensor's device has computed it. */
export async function item_async(input: Tensor): Promise<any> {
  const x = tensorArg('item_async', input)
  return new Tensor(await fetched(x.memory)).item()
}

/** The elements as nested lists, once the tensor's device has computed them. */
export async function tolist_async(input: Tensor): Promise<any> {
  return new Tensor(await fetched(tensorArg('tolist_async', input).memory)).tolist()
}

const filling =
  (value: Operand) =>
  (old: Tensor): Tensor => {
    const { dtype, shape } = old.raw
    if (value instanceof Tensor) {
      if (value.ndim > 0) {
        throw new RuntimeError(`fill_ only supports 0-dimension value tensor but got tensor with ${value.ndim} dimensions.`)
      }
      return new Tensor(p.broadcastTo(p.cast(value.value, dtype), shape))
    }
    return new Tensor(p.broadcastTo(fillValue(value, dtype), shape))
  }

/** Sets every element to a value, in place. */
export function fill_(input: Tensor, value: Operand): Tensor {
  const direct = isScalar(value) ? (target: View) => overwrite(target, fillValue(value, target.dtype)) : undefined
  return mutate(input, [value], filling(value), direct)
}

function overwrite(target: View, v: View): void {
  copyInto(target, v)
  target.storage.version++
}

/** Sets every element to 0, in place. */
export const zero_ = (input: Tensor): Tensor => fill_(input, 0)

/** Writes another tensor's elements, broadcast and converted, over this one's. */
export function copy_(input: Tensor, src: Tensor): Tensor {
  const from = tensorArg('copy_', src, 'other')
  return mutate(input, [from], (old) => expandedTo(new Tensor(p.cast(from.value, old.raw.dtype)), old))
}

function expandedTo(x: Tensor, like: Tensor): Tensor {
  const { shape } = like.raw
  const lead = shape.length - x.ndim
  x.raw.shape.forEach((n, i) => {
    if (lead < 0 || (n !== 1 && n !== shape[i + lead])) {
      const at = Math.max(0, i + lead)
      throw new RuntimeError(
        `The size of tensor a (${shape[at] ?? 1}) must match the size of tensor b (${n}) at non-singleton dimension ${at}`,
      )
    }
  })
  return new Tensor(p.broadcastTo(x.value, shape))
}

/** A tensor with every element set to a value. */
export const fill = (input: Tensor, value: Operand): Tensor => filling(value)(input)

/** @internal A scalar as a 0-d tensor. */
export const scalarTensor = (value: Scalar, dtype: core.DType): Tensor => new Tensor(scalarValue(value, dtype))

/** Sets the main diagonal to a value, in place; of tall matrices again and again when `wrap`. */
export function fill_diagonal_(input: Tensor, fill_value: Scalar, wrap: boolean | { readonly wrap?: boolean } = false): Tensor {
  const again = typeof wrap === 'boolean' ? wrap : wrap?.wrap === true
  const { shape } = input.raw
  if (shape.length < 2) throw new RuntimeError('dimensions must larger than 1')
  if (shape.length > 2 && shape.some((n) => n !== shape[0])) throw new RuntimeError('all dimensions of input must be of equal length')
  const flat = p.ramp(input.numel(), 0, 1, core.int64, input.raw.device)
  // one row more than there are columns lies between two diagonal elements
  const step = shape.length === 2 ? shape[1]! + 1 : shape.reduce((s) => s * shape[0]! + 1, 0)
  const onStep = p.eq(p.remainder(flat, step), 0)
  const last = shape.length === 2 && !again ? Math.min(shape[0]!, shape[1]!) * step : Infinity
  const mask = p.reshape(Number.isFinite(last) ? p.logicalAnd(onStep, p.lt(flat, last)) : onStep, shape)
  return mutate(input, [], (old) => new Tensor(p.where(mask, scalarValue(fill_value, old.raw.dtype), old.value, { dtype: old.raw.dtype })))
}
