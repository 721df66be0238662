/** Convolutions and transposed convolutions over one to three dimensions. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import * as p from '../../../ops/index.ts'
import { lowered } from '../../amp/state.ts'
import { keyed } from '../../functions/keyed.ts'
import { tensorArg } from '../../functions/support.ts'
import { Tensor } from '../../tensor.ts'
import { pad } from './padding.ts'
import { perDimension } from './support.ts'

/** One number for all spatial dimensions, or one each. */
export type PerDimension = number | readonly number[]

interface ConvOptions {
  bias?: Tensor | null
  stride?: PerDimension
  /** Zeros on both sides; 'valid' is none, 'same' as many as keep the size (for stride 1). */
  padding?: PerDimension | 'valid' | 'same'
  dilation?: PerDimension
  groups?: number
}
type ConvPositional = ['bias', 'stride', 'padding', 'dilation', 'groups']
export type ConvRest = Rest<ConvOptions, ConvPositional>

interface TransposeOptions extends Omit<ConvOptions, 'padding'> {
  padding?: PerDimension
  /** Added to one side of the output's size. */
  output_padding?: PerDimension
}
type TransposePositional = ['bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation']
export type TransposeRest = Rest<TransposeOptions, TransposePositional>

const times = (sizes: readonly number[]): string => sizes.join(' x ')

/** Input and weight checked, with a batch dimension. */
function operands(name: string, input: Tensor, weight: Tensor, bias: Tensor | null, depth: number): Tensor {
  tensorArg(name, input)
  tensorArg(name, weight, 'weight')
  if (input.ndim !== depth + 1 && input.ndim !== depth + 2) {
    throw new RuntimeError(
      `Expected ${depth + 1}D (unbatched) or ${depth + 2}D (batched) input to ${name}, but got input of size: [${input.shape.join(', ')}]`,
      { op: name, shapes: [input.raw.shape] },
    )
  }
  if (weight.ndim !== depth + 2) {
    throw new RuntimeError(
      `expected weight to be ${depth + 2}-dimensional for ${name}, but got ${weight.ndim}-dimensional weight of size [${weight.shape.join(', ')}] instead`,
      { op: name, shapes: [weight.raw.shape] },
    )
  }
  for (const [what, x] of [
    ['weight', weight],
    ['bias', bias],
  ] as const) {
    if (x && x.raw.dtype !== input.raw.dtype)
      throw new RuntimeError(`Input type (${input.raw.dtype.name}) and ${what} type (${x.raw.dtype.name}) should be the same`, { op: name })
  }
  return input.ndim === depth + 1 ? input.unsqueeze(0) : input
}

function checkGeometry(stride: readonly number[], padding: readonly number[], dilation: readonly number[], groups: number): void {
  if (!(groups > 0)) throw new RuntimeError('non-positive groups is not supported')
  if (padding.some((n) => n < 0)) throw new RuntimeError('negative padding is not supported')
  if (stride.some((n) => n <= 0)) throw new RuntimeError('non-positive stride is not supported')
  if (dilation.some((n) => n <= 0)) throw new RuntimeError('dilation should be greater than zero')
}

/** Zeros before and after each dimension that keep the size; the odd one goes behind. */
function sameZeros(kernel: readonly number[], dilation: readonly number[], stride: readonly number[]): [number, number][] {
  if (stride.some((n) => n !== 1)) throw new RuntimeError("padding='same' is not supported for strided convolutions")
  return kernel.map((k, i) => {
    const all = (k - 1) * dilation[i]!
    return [Math.floor(all / 2), all - Math.floor(all / 2)]
  })
}

function convolve(name: string, depth: number, given: Tensor, matrix: Tensor, options: ConvOptions): Tensor {
  const { groups = 1, padding = 0 } = options
  const [input, weight, bias] = lowered(given, matrix, options.bias ?? null)
  const x = operands(name, input, weight, bias, depth)
  const stride = perDimension(name, 'stride', options.stride ?? 1, depth)
  const dilation = perDimension(name, 'dilation', options.dilation ?? 1, depth)
  const kernel = weight.shape.slice(2)
  const zeros = typeof padding === 'string' ? [] : perDimension(name, 'padding', padding, depth)
  checkGeometry(stride, zeros, dilation, groups)
  const named = (): [number, number][] => {
    if (padding === 'valid') return kernel.map(() => [0, 0])
    if (padding === 'same') return sameZeros(kernel, dilation, stride)
    throw new RuntimeError(`Invalid padding string: '${String(padding)}'`)
  }
  const sides = typeof padding === 'string' ? named() : zeros.map((n) => [n, n] as const)
  const [o, c] = weight.shape as unknown as [number, number]
  if (x.size(1) !== c * groups || o % groups !== 0) {
    if (o % groups !== 0) {
      throw new RuntimeError(
        `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got weight of size [[${weight.shape.join(', ')}]] instead`,
      )
    }
    throw new RuntimeError(
      `Given groups=${groups}, weight of size [${weight.shape.join(', ')}], expected input[${x.shape.join(', ')}] to have ${c * groups} channels, but got ${x.size(1)} channels instead`,
      { op: name, shapes: [x.raw.shape, weight.raw.shape] },
    )
  }
  if (bias && (bias.ndim !== 1 || bias.size(0) !== o)) {
    throw new RuntimeError(
      `Given weight of size [${weight.shape.join(', ')}], expected bias to be 1-dimensional with ${o} elements, but got bias of size [${bias.shape.join(', ')}] instead`,
    )
  }
  const padded = x.shape.slice(2).map((n, i) => n + sides[i]![0] + sides[i]![1])
  const reach = kernel.map((k, i) => dilation[i]! * (k - 1) + 1)
  if (padded.some((n, i) => n < reach[i]!)) {
    throw new RuntimeError(
      `Calculated padded input size per channel: (${times(padded)}). Kernel size: (${times(reach)}). Kernel size can't be greater than actual input size`,
      { op: name, shapes: [x.raw.shape, weight.raw.shape] },
    )
  }
  const size = padded.map((n, i) => Math.floor((n - reach[i]!) / stride[i]!) + 1)
  const params = { stride, padding: sides.map(([low]) => low), dilation, groups, size }
  const out = new Tensor(p.convolution(x.value, weight.value, bias?.value ?? null, params))
  return x === input ? out : out.squeeze(0)
}

function convolveBack(name: string, depth: number, given: Tensor, matrix: Tensor, options: TransposeOptions): Tensor {
  const { groups = 1 } = options
  const [input, weight, bias] = lowered(given, matrix, options.bias ?? null)
  const y = operands(name, input, weight, bias, depth)
  const [stride, padding, extra, dilation] = (
    [
      ['stride', 1],
      ['padding', 0],
      ['output_padding', 0],
      ['dilation', 1],
    ] as const
  ).map(([key, fallback]) => perDimension(name, key, options[key] ?? fallback, depth)) as [number[], number[], number[], number[]]
  checkGeometry(stride, padding, dilation, groups)
  const [o, c] = weight.shape as unknown as [number, number]
  if (y.size(1) !== o) {
    throw new RuntimeError(
      `Given transposed=1, weight of size [${weight.shape.join(', ')}], expected input[${y.shape.join(', ')}] to have ${o} channels, but got ${y.size(1)} channels instead`,
      { op: name, shapes: [y.raw.shape, weight.raw.shape] },
    )
  }
  if (o % groups !== 0) {
    throw new RuntimeError(
      `Given groups=${groups}, expected weight to be divisible by ${groups} at dimension 0, but got weight of size [[${weight.shape.join(', ')}]] instead`,
    )
  }
  if (bias && (bias.ndim !== 1 || bias.size(0) !== c * groups)) {
    throw new RuntimeError(
      `Given transposed=1, weight of size [${weight.shape.join(', ')}], expected bias to be 1-dimensional with ${c * groups} elements, but got bias of size [${bias.shape.join(', ')}] instead`,
    )
  }
  if (extra.some((n, i) => n >= Math.max(stride[i]!, dilation[i]!))) {
    const axes = ['depth', 'height', 'width'].slice(-depth)
    const parts = Object.entries({ output_padding: extra, stride, dilation }).flatMap(([what, list]) =>
      list.map((n, i) => `${what}_${axes[i]}: ${n}`),
    )
    throw new RuntimeError(`output padding must be smaller than either stride or dilation, but got ${parts.join(' ')}`)
  }
  const size = y.shape
    .slice(2)
    .map((n, i) => (n - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (weight.size(i + 2) - 1) + extra[i]! + 1)
  if (size.some((n) => n <= 0)) {
    throw new RuntimeError(
      `Given input size per channel: (${times(y.shape.slice(2))}). Calculated output size per channel: (${times(size)}). Output size is too small`,
      { op: name, shapes: [y.raw.shape, weight.raw.shape] },
    )
  }
  const out = new Tensor(p.convolutionTranspose(y.value, weight.value, bias?.value ?? null, { stride, padding, dilation, groups, size }))
  return y === input ? out : out.squeeze(0)
}

const readConv = (name: string) => signature<ConvOptions>(name, ['bias', 'stride', 'padding', 'dilation', 'groups'], [], 2)
const readBack = (name: string) =>
  signature<TransposeOptions>(name, ['bias', 'stride', 'padding', 'output_padding', 'groups', 'dilation'], [], 2)
const [read1, read2, read3] = [readConv('conv1d'), readConv('conv2d'), readConv('conv3d')]
const [back1, back2, back3] = [readBack('conv_transpose1d'), readBack('conv_transpose2d'), readBack('conv_transpose3d')]

/**
 * The convolution of `[N, C, L]` (or `[C, L]`) with `weight` `[O, C / groups, K]`: `out[o, q] = bias[o] + sum over c, k of weight[o, c, k] input[c, q stride + k dilation - padding]`.
 *
 * `padding` is a number of zeros on both sides, `'valid'` (none) or `'same'` (the size stays, for stride 1).
 *
 * @example
 * ```ts
 * torch.nn.functional.conv1d(torch.tensor([[1, 2, 4, 8]], { dtype: 'float32' }), torch.tensor([[[1, -1]]], { dtype: 'float32' })) // => tensor([[-1., -2., -4.]])
 * ```
 */
export const conv1d = keyed('conv1d', 'weight ...', (input: Tensor, weight: Tensor, ...rest: ConvRest): Tensor => {
  return convolve('conv1d', 1, input, weight, read1(rest))
})

/**
 * The convolution of `[N, C, H, W]` (or `[C, H, W]`) with `weight` `[O, C / groups, KH, KW]`.
 *
 * @example
 * ```ts
 * torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 3, 3), { padding: 1 }).squeeze() // => tensor([[4., 6., 4.],
 * //         [6., 9., 6.],
 * //         [4., 6., 4.]])
 * ```
 */
export const conv2d = keyed('conv2d', 'weight ...', (input: Tensor, weight: Tensor, ...rest: ConvRest): Tensor => {
  return convolve('conv2d', 2, input, weight, read2(rest))
})

/** The convolution of `[N, C, D, H, W]` (or `[C, D, H, W]`) with `weight` `[O, C / groups, KD, KH, KW]`. */
export const conv3d = keyed('conv3d', 'weight ...', (input: Tensor, weight: Tensor, ...rest: ConvRest): Tensor => {
  return convolve('conv3d', 3, input, weight, read3(rest))
})

/** The transpose of `conv1d` in its input: from `[N, O, L]` and `weight` `[O, C / groups, K]` to `[N, C, (L - 1) stride - 2 padding + dilation (K - 1) + output_padding + 1]`. */
export const conv_transpose1d = keyed('conv_transpose1d', 'weight ...', (input: Tensor, weight: Tensor, ...rest: TransposeRest): Tensor => {
  return convolveBack('conv_transpose1d', 1, input, weight, back1(rest))
})

/**
 * The transpose of `conv2d` in its input, as upsampling networks use it.
 *
 * @example
 * ```ts
 * torch.nn.functional.conv_transpose2d(torch.ones(1, 1, 2, 2), torch.ones(1, 1, 2, 2)).squeeze() // => tensor([[1., 2., 1.],
 * //         [2., 4., 2.],
 * //         [1., 2., 1.]])
 * ```
 */
export const conv_transpose2d = keyed('conv_transpose2d', 'weight ...', (input: Tensor, weight: Tensor, ...rest: TransposeRest): Tensor => {
  return convolveBack('conv_transpose2d', 2, input, weight, back2(rest))
})

/** The transpose of `conv3d` in its input. */
export const conv_transpose3d = keyed('conv_transpose3d', 'weight ...', (input: Tensor, weight: Tensor, ...rest: TransposeRest): Tensor => {
  return convolveBack('conv_transpose3d', 3, input, weight, back3(rest))
})

/** The convolution over time of `[T, B, C]` with `weight` `[K, C, O]`. */
export const conv_tbc = keyed('conv_tbc', 'weight bias pad', (input: Tensor, weight: Tensor, bias: Tensor, zeros = 0): Tensor => {
  tensorArg('conv_tbc', input)
  tensorArg('conv_tbc', weight, 'weight')
  if (input.ndim !== 3 || weight.ndim !== 3) throw new ValueError('Input must have 3 dims: time, batch, in_channel')
  const padded = pad(input.permute(1, 2, 0), [zeros, zeros])
  return conv1d(padded, weight.permute(2, 1, 0), bias).permute(2, 0, 1)
})
