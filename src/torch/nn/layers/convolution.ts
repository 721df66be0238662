/** Convolutions and transposed convolutions as modules. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ArgumentError, ValueError } from '../../../core/errors.ts'
import { empty } from '../../functions/creation.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import * as F from '../functional/convolution.ts'
import { pad } from '../functional/padding.ts'
import { perDimension } from '../functional/support.ts'
import { kaiming_uniform_, uniform_ } from '../init.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import { type Factory, made, tuple } from './support.ts'

/** What lies around the input. */
export type PaddingMode = 'zeros' | 'reflect' | 'replicate' | 'circular'

interface Shared extends Factory {
  stride?: F.PerDimension
  dilation?: F.PerDimension
  groups?: number
  bias?: boolean
  padding_mode?: PaddingMode
}
interface ConvOptions extends Shared {
  /** Zeros on both sides; 'valid' is none, 'same' as many as keep the size. */
  padding?: F.PerDimension | 'valid' | 'same'
}
interface TransposeOptions extends Shared {
  padding?: F.PerDimension
  /** Added to one side of the output's size. */
  output_padding?: F.PerDimension
}
type ConvPositional = ['stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode', 'device', 'dtype']
type TransposePositional = ['stride', 'padding', 'output_padding', 'groups', 'bias', 'dilation', 'padding_mode', 'device', 'dtype']
type ConvRest = Rest<ConvOptions, ConvPositional>
type TransposeRest = Rest<TransposeOptions, TransposePositional>
const readConv = signature<ConvOptions>(
  'Conv',
  ['stride', 'padding', 'dilation', 'groups', 'bias', 'padding_mode', 'device', 'dtype'],
  [],
  3,
)
const readTranspose = signature<TransposeOptions>(
  'ConvTranspose',
  ['stride', 'padding', 'output_padding', 'groups', 'bias', 'dilation', 'padding_mode', 'device', 'dtype'],
  [],
  3,
)

const MODES: readonly string[] = ['zeros', 'reflect', 'replicate', 'circular']
const all = (xs: readonly number[], x: number): boolean => xs.every((y) => y === x)

/** What all convolutions hold. The weight begins uniform in `±1 / sqrt(fan in)`. */
export abstract class ConvNd extends Module {
  readonly in_channels: number
  readonly out_channels: number
  readonly kernel_size: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[] | 'valid' | 'same'
  readonly dilation: readonly number[]
  readonly transposed: boolean
  readonly output_padding: readonly number[]
  readonly groups: number
  readonly padding_mode: PaddingMode
  weight: Parameter
  bias: Parameter | null

  /** @internal */
  constructor(
    depth: number,
    transposed: boolean,
    [in_channels, out_channels, kernel_size]: readonly [number, number, F.PerDimension],
    options: ConvOptions & TransposeOptions,
  ) {
    super()
    const { groups = 1, bias = true, padding = 0, padding_mode = 'zeros' } = options
    const name = this._get_name()
    const list = (argument: string, x: F.PerDimension): number[] => perDimension(name, argument, x, depth)
    for (const [what, n] of Object.entries({ in_channels, out_channels })) {
      if (typeof n !== 'number' || !Number.isInteger(n)) throw new ArgumentError(`${name}(): ${what} must be an integer, got ${typeof n}`)
    }
    if (!(groups > 0)) throw new ValueError('groups must be a positive integer')
    if (in_channels % groups !== 0) throw new ValueError('in_channels must be divisible by groups')
    if (out_channels % groups !== 0) throw new ValueError('out_channels must be divisible by groups')
    this.in_channels = in_channels
    this.out_channels = out_channels
    this.kernel_size = list('kernel_size', kernel_size)
    this.stride = list('stride', options.stride ?? 1)
    if (typeof padding === 'string') {
      if (padding !== 'same' && padding !== 'valid')
        throw new ValueError(`Invalid padding string '${String(padding)}', should be one of {'valid', 'same'}`)
      if (padding === 'same' && !all(this.stride, 1)) throw new ValueError("padding='same' is not supported for strided convolutions")
      this.padding = padding
    } else this.padding = list('padding', padding)
    if (!MODES.includes(padding_mode)) {
      throw new ValueError(
        `padding_mode must be one of {'zeros', 'reflect', 'replicate', 'circular'}, but got padding_mode='${String(padding_mode)}'`,
      )
    }
    this.dilation = list('dilation', options.dilation ?? 1)
    this.transposed = transposed
    this.output_padding = list('output_padding', options.output_padding ?? 0)
    this.groups = groups
    this.padding_mode = padding_mode
    const [o, c] = transposed ? [in_channels, out_channels / groups] : [out_channels, in_channels / groups]
    this.weight = new Parameter(empty([o, c, ...this.kernel_size], made(options)))
    this.bias = bias ? new Parameter(empty([out_channels], made(options))) : null
    this.reset_parameters()
  }

  /** Draws new values. */
  reset_parameters(): void {
    kaiming_uniform_(this.weight, { a: Math.sqrt(5) })
    const fan = this.weight.shape.slice(1).reduce((product, n) => product * n, 1)
    if (this.bias && fan !== 0) uniform_(this.bias, -1 / Math.sqrt(fan), 1 / Math.sqrt(fan))
  }

  override extra_repr(): string {
    const { in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding, groups, bias, padding_mode } = this
    const parts = [`${in_channels}, ${out_channels}, kernel_size=${tuple(kernel_size)}, stride=${tuple(stride)}`]
    if (typeof padding === 'string') parts.push(`padding=${padding}`)
    else if (!all(padding, 0)) parts.push(`padding=${tuple(padding)}`)
    if (!all(dilation, 1)) parts.push(`dilation=${tuple(dilation)}`)
    if (!all(output_padding, 0)) parts.push(`output_padding=${tuple(output_padding)}`)
    if (groups !== 1) parts.push(`groups=${groups}`)
    if (bias === null) parts.push('bias=False')
    if (padding_mode !== 'zeros') parts.push(`padding_mode=${padding_mode}`)
    return parts.join(', ')
  }
}

type Convolve = (input: Tensor, weight: Tensor, ...rest: F.ConvRest) => Tensor

/** A convolution with the input's edges in any mode. */
function convolve(f: Convolve, module: ConvNd, input: Tensor): Tensor {
  const { weight, bias, stride, padding, dilation, groups, padding_mode, kernel_size } = module
  if (padding_mode === 'zeros') return f(input, weight, { bias, stride, padding, dilation, groups })
  const sides = kernel_size.map((k, i) => {
    if (typeof padding !== 'string') return [padding[i]!, padding[i]!]
    const total = padding === 'same' ? dilation[i]! * (k - 1) : 0
    return [Math.floor(total / 2), total - Math.floor(total / 2)]
  })
  const around = pad(tensorArg('pad', input), sides.reverse().flat(), padding_mode)
  return f(around, weight, { bias, stride, dilation, groups })
}

/**
 * A convolution over the last dimension of `[N, C, L]` or `[C, L]`.
 *
 * @example
 * ```ts
 * new torch.nn.Conv1d(4, 8, 3, { padding: 1 }) // => Conv1d(4, 8, kernel_size=(3,), stride=(1,), padding=(1,))
 * ```
 */
export class Conv1d extends ConvNd {
  constructor(in_channels: number, out_channels: number, kernel_size: F.PerDimension, ...rest: ConvRest) {
    super(1, false, [in_channels, out_channels, kernel_size], readConv(rest) as ConvOptions & TransposeOptions)
  }
  override forward(input: Tensor): Tensor {
    return convolve(F.conv1d, this, input)
  }
}

/**
 * A convolution over the last two dimensions of `[N, C, H, W]` or `[C, H, W]`.
 *
 * @example
 * ```ts
 * new torch.nn.Conv2d(3, 8, 3, { padding: 'same', bias: false }) // => Conv2d(3, 8, kernel_size=(3, 3), stride=(1, 1), padding=same, bias=False)
 * ```
 */
export class Conv2d extends ConvNd {
  constructor(in_channels: number, out_channels: number, kernel_size: F.PerDimension, ...rest: ConvRest) {
    super(2, false, [in_channels, out_channels, kernel_size], readConv(rest) as ConvOptions & TransposeOptions)
  }
  override forward(input: Tensor): Tensor {
    return convolve(F.conv2d, this, input)
  }
}

/** A convolution over the last three dimensions of `[N, C, D, H, W]` or `[C, D, H, W]`. */
export class Conv3d extends ConvNd {
  constructor(in_channels: number, out_channels: number, kernel_size: F.PerDimension, ...rest: ConvRest) {
    super(3, false, [in_channels, out_channels, kernel_size], readConv(rest) as ConvOptions & TransposeOptions)
  }
  override forward(input: Tensor): Tensor {
    return convolve(F.conv3d, this, input)
  }
}

/** What transposed convolutions share: the size of their output may be given. */
abstract class ConvTransposeNd extends ConvNd {
  constructor(depth: number, of: readonly [number, number, F.PerDimension], rest: readonly unknown[]) {
    const options = readTranspose(rest)
    super(depth, true, of, options as ConvOptions & TransposeOptions)
    if (this.padding_mode !== 'zeros') throw new ValueError(`Only "zeros" padding mode is supported for ${this._get_name()}`)
  }

  protected run(
    f: (input: Tensor, weight: Tensor, ...rest: F.TransposeRest) => Tensor,
    input: Tensor,
    output_size: readonly number[] | null | { output_size?: readonly number[] | null },
  ): Tensor {
    const { weight, bias, stride, dilation, groups } = this
    const padding = this.padding as readonly number[]
    const given = Array.isArray(output_size) ? output_size : (output_size as { output_size?: readonly number[] | null } | null)?.output_size
    const output_padding = given ? this.paddingFor(input, given, padding) : this.output_padding
    return f(input, weight, { bias, stride, padding, output_padding, groups, dilation })
  }

  private paddingFor(input: Tensor, output_size: readonly number[], padding: readonly number[]): number[] {
    const { kernel_size, stride, dilation } = this
    const depth = kernel_size.length
    const batched = input.ndim === depth + 2
    const sizes = output_size.length === depth + (batched ? 2 : 1) ? output_size.slice(-depth) : [...output_size]
    if (sizes.length !== depth) {
      throw new ValueError(
        `${this._get_name()}: for ${input.ndim}D input, output_size must have ${depth} or ${depth + (batched ? 2 : 1)} elements (got ${output_size.length})`,
      )
    }
    const least = input.shape.slice(-depth).map((n, i) => (n - 1) * stride[i]! - 2 * padding[i]! + dilation[i]! * (kernel_size[i]! - 1) + 1)
    const most = least.map((n, i) => n + stride[i]! - 1)
    if (sizes.some((n, i) => n < least[i]! || n > most[i]!)) {
      throw new ValueError(
        `requested an output size of [${sizes.join(', ')}], but valid sizes range from [${least.join(', ')}] to [${most.join(', ')}] (for an input of [${input.shape.slice(2).join(', ')}])`,
      )
    }
    return sizes.map((n, i) => n - least[i]!)
  }
}

type OutputSize = readonly number[] | null | { output_size?: readonly number[] | null }

/** The transpose of `Conv1d` in its input, with a weight `[in_channels, out_channels / groups, K]`. */
export class ConvTranspose1d extends ConvTransposeNd {
  constructor(in_channels: number, out_channels: number, kernel_size: F.PerDimension, ...rest: TransposeRest) {
    super(1, [in_channels, out_channels, kernel_size], rest)
  }
  override forward(input: Tensor, output_size: OutputSize = null): Tensor {
    return this.run(F.conv_transpose1d, input, output_size)
  }
}
/** The transpose of `Conv2d` in its input, with a weight `[in_channels, out_channels / groups, KH, KW]`. */
export class ConvTranspose2d extends ConvTransposeNd {
  constructor(in_channels: number, out_channels: number, kernel_size: F.PerDimension, ...rest: TransposeRest) {
    super(2, [in_channels, out_channels, kernel_size], rest)
  }
  override forward(input: Tensor, output_size: OutputSize = null): Tensor {
    return this.run(F.conv_transpose2d, input, output_size)
  }
}
/** The transpose of `Conv3d` in its input, with a weight `[in_channels, out_channels / groups, KD, KH, KW]`. */
export class ConvTranspose3d extends ConvTransposeNd {
  constructor(in_channels: number, out_channels: number, kernel_size: F.PerDimension, ...rest: TransposeRest) {
    super(3, [in_channels, out_channels, kernel_size], rest)
  }
  override forward(input: Tensor, output_size: OutputSize = null): Tensor {
    return this.run(F.conv_transpose3d, input, output_size)
  }
}
