/** What nn.functional's functions share: rows with constants, in-place forms, and the reductions of losses. */

import { ArgumentError, RuntimeError, ValueError } from '../../../core/errors.ts'
import { warn } from '../../../core/warnings.ts'
import type { Elementwise } from '../../../ops/elementwise/family.ts'
import { mutate, tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import { isReadable, Tensor } from '../../tensor.ts'

/** Refuses arguments that are not tensors, in PyTorch's words. */
export function tensorArgs(name: string, args: Readonly<Record<string, unknown>>): void {
  for (const [argument, x] of Object.entries(args)) tensorArg(name, x, argument)
}

/** A list of whole numbers, as sizes and widths are. */
export function numberList(name: string, argument: string, x: unknown): readonly number[] {
  if (Array.isArray(x) && x.every((n) => typeof n === 'number')) return x
  throw new ArgumentError(`${name}(): argument '${argument}' must be tuple of ints, not ${x === null ? 'None' : typeof x}`, { op: name })
}

/** A number; BigInts and others are refused. */
export function numberArg(name: string, argument: string, x: unknown): number {
  if (typeof x === 'number') return x
  throw new ArgumentError(`${name}(): argument '${argument}' must be float, not ${x === null ? 'None' : typeof x}`, { op: name })
}

/** A row applied to a tensor and constants. */
export const applied = (row: Elementwise, x: Tensor, ...constants: number[]): Tensor => new Tensor(row(x.value, ...constants))

/** `f(input)`, written over input when `inplace`. */
export function perhapsInPlace(name: string, input: Tensor, inplace: boolean | undefined, f: (x: Tensor) => Tensor): Tensor {
  const x = tensorArg(name, input)
  return inplace ? mutate(x, [], f) : f(x)
}

/** How a loss is made of the losses of single items. */
export type Reduction = 'none' | 'mean' | 'sum'

export interface ReductionOptions {
  /** @deprecated Use `reduction`. */
  size_average?: boolean | null
  /** @deprecated Use `reduction`. */
  reduce?: boolean | null
  /** 'mean' by default; 'sum', or 'none' for a loss each. */
  reduction?: Reduction
}

/** The reduction asked for, also by the options of old. */
export function reductionOf({ size_average, reduce, reduction = 'mean' }: ReductionOptions): Reduction {
  if (size_average !== undefined && size_average !== null) reduction = reduce === false ? 'none' : size_average ? 'mean' : 'sum'
  else if (reduce !== undefined && reduce !== null) reduction = reduce ? 'mean' : 'none'
  if (reduction !== 'none' && reduction !== 'mean' && reduction !== 'sum')
    throw new ValueError(`${String(reduction)} is not a valid value for reduction`)
  return reduction
}

/** Losses reduced as asked for. */
export function reduced(losses: Tensor, options: ReductionOptions): Tensor {
  const reduction = reductionOf(options)
  return reduction === 'none' ? losses : reduction === 'mean' ? losses.mean() : losses.sum()
}

/** PyTorch's warning where input and target broadcast. */
export function warnSizes(input: Tensor, target: Tensor): void {
  if (input.shape.join() === target.shape.join()) return
  warn(
    `Using a target size (${target.shape}) that is different to the input size (${input.shape}). This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.`,
  )
}

/** An argument of one whole number for all spatial dimensions, or one each, as a list. */
export function perDimension(name: string, argument: string, x: number | readonly number[], depth: number): number[] {
  const list = typeof x === 'number' || typeof x === 'bigint' ? [Number(x)] : numberList(name, argument, x)
  if (list.some((n) => !Number.isInteger(n)))
    throw new ArgumentError(`${name}(): argument '${argument}' must be tuple of ints, but found element of type float`, { op: name })
  if (list.length === 1) return new Array<number>(depth).fill(list[0]!)
  if (list.length !== depth)
    throw new RuntimeError(
      `expected ${argument} to be a single integer value or a list of ${depth} values, but got ${argument}=[${list.join(', ')}]`,
      {
        op: name,
      },
    )
  return [...list]
}

/**
 * Indices that must not count from the end. Where they cannot be checked here, on a device or inside vmap, negative ones are moved out of
 * range, so that the operation that reads by them refuses them.
 */
export const fromTheFront = (indices: Tensor): Tensor =>
  isReadable(indices.value) ? indices : quietly(() => indices.masked_fill(indices.lt(0), 0x7fffffff))

/** A tensor's shape in a message. */
export const sizeText = (x: Tensor): string => `[${x.shape.join(', ')}]`

/** Checks that there are `depth` spatial dimensions, behind channels and perhaps a batch. */
export function spatial(name: string, input: Tensor, depth: number): readonly number[] {
  tensorArg(name, input)
  if (input.ndim !== depth + 1 && input.ndim !== depth + 2) {
    throw new RuntimeError(`${name}(): Expected ${depth + 1}D or ${depth + 2}D input, but got input of size: ${sizeText(input)}`, {
      op: name,
      shapes: [input.raw.shape],
    })
  }
  const sizes = input.shape.slice(-depth)
  if (sizes.includes(0) || input.shape.at(-depth - 1) === 0) {
    throw new RuntimeError(
      `Expected ${depth + 1}D or ${depth + 2}D (batch mode) tensor with optional 0 dim batch size for input, but got: ${sizeText(input)}`,
      { op: name, shapes: [input.raw.shape] },
    )
  }
  return sizes
}
