/** Constants, predicates and settings of the torch namespace. */

import { RuntimeError } from '../core/errors.ts'
import { resultType } from '../core/promote_torch.ts'
import { type PartialTorchPrintOptions, torchPrintOptions } from '../printing/index.ts'
import { threads } from '../runtime.ts'
import { defaultCore, dtypeOf, type TorchDType } from './dtype.ts'
import { checkKeywords, isScalar, type Operand, tensorArg } from './functions/support.ts'
import { Tensor } from './tensor.ts'

export const e = Math.E
export const pi = Math.PI
export const inf = Number.POSITIVE_INFINITY
export const nan = Number.NaN
/** The key of a new dimension. */
export const newaxis = null

export { slice } from '../core/keys.ts'

/** Whether a value is a tensor. */
export const is_tensor = (obj: unknown): obj is Tensor => obj instanceof Tensor
/** Whether a tensor's dtype is a floating one. */
export const is_floating_point = (input: Tensor): boolean => tensorArg('is_floating_point', input).is_floating_point()
/** Whether a tensor's dtype is complex. */
export const is_complex = (input: Tensor): boolean => tensorArg('is_complex', input).is_complex()
/** Whether a tensor's only element is not zero. */
export const is_nonzero = (input: Tensor): boolean => Boolean(tensorArg('is_nonzero', input).item())
/** The dtype that an operation of two operands computes in. */
export const result_type = (tensor1: Operand, tensor2: Operand): TorchDType =>
  dtypeOf(
    resultType(
      [tensor1, tensor2].map((x) => (isScalar(x) ? x : tensorArg('result_type', x, 'tensor').raw)),
      defaultCore(),
    ),
  )

/** Sets how tensors are printed: precision, threshold, edgeitems, linewidth, profile, sci_mode. */
export function set_printoptions(options: PartialTorchPrintOptions = {}): void {
  torchPrintOptions.set(options)
}
/** How tensors are printed now. */
export const get_printoptions = (): ReturnType<typeof torchPrintOptions.get> => torchPrintOptions.get()

/** The number of threads that kernels use. */
export const get_num_threads = (): number => threads()
/** Sets the number of threads that kernels use. */
export const set_num_threads = (n: number): void => {
  threads(n)
}
/** The version of PyTorch whose names and results these are. */
export const __version__ = '2.15.0'

/** How the elements of a tensor are stored; there is only the strided way. */
export class layout {
  /** @internal */
  constructor(readonly name: string) {}
  toString(): string {
    return `torch.${this.name}`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}
/** Elements at strides: how every tensor is stored. */
export const strided = new layout('strided')

/** The order of elements that a copy has. */
export class memory_format {
  /** @internal */
  constructor(readonly name: string) {}
  toString(): string {
    return `torch.${this.name}`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}
/** C order. */
export const contiguous_format = new memory_format('contiguous_format')
/** The order that the tensor copied has; copies here are in C order. */
export const preserve_format = new memory_format('preserve_format')

let deterministic = false
/** Asks for deterministic algorithms; all of them are already. */
export function use_deterministic_algorithms(mode: boolean, options: { readonly warn_only?: boolean } = {}): void {
  checkKeywords('use_deterministic_algorithms', options, 'warn_only')
  deterministic = mode
}
/** Whether deterministic algorithms were asked for. */
export const are_deterministic_algorithms_enabled = (): boolean => deterministic

let matmulPrecision = 'highest'
/** How exact float32 products must be; they are always computed in float32, 'highest'. */
export function set_float32_matmul_precision(precision: 'highest' | 'high' | 'medium'): void {
  if (!['highest', 'high', 'medium'].includes(precision)) {
    throw new RuntimeError(`${String(precision)} is not one of 'highest', 'high', or 'medium'.`)
  }
  matmulPrecision = precision
}
/** What set_float32_matmul_precision was given last. */
export const get_float32_matmul_precision = (): string => matmulPrecision
