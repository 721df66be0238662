/** Pooling as modules. */

import { needed, type Rest, signature } from '../../../core/arguments.ts'
import type { Tensor } from '../../tensor.ts'
import type { PerDimension } from '../functional/convolution.ts'
import type { AvgOptions, MaxOptions } from '../functional/pooling.ts'
import * as F from '../functional/pooling.ts'
import { max_unpool1d, max_unpool2d, max_unpool3d } from '../functional/unpooling.ts'
import { Module } from '../module.ts'
import { number, tuple, yes } from './support.ts'

type Size = number | readonly (number | null)[]
/** A size as it was given. */
const given = (x: Size): string =>
  typeof x === 'number'
    ? number(x)
    : Array.isArray(x) && x.every((n) => n === null || typeof n === 'number')
      ? `(${x.map((n) => number(n)).join(', ')}${x.length === 1 ? ',' : ''})`
      : tuple(x as readonly number[])
const filled = (x: PerDimension, depth: number): readonly number[] => (typeof x === 'number' ? new Array<number>(depth).fill(x) : x)

type MaxRest = Rest<MaxOptions, ['stride', 'padding', 'dilation', 'return_indices', 'ceil_mode']>
const readMax = signature<MaxOptions>('MaxPool', ['stride', 'padding', 'dilation', 'return_indices', 'ceil_mode'], [], 2)

abstract class MaxPool extends Module {
  readonly kernel_size: PerDimension
  readonly stride: PerDimension
  readonly padding: PerDimension
  readonly dilation: PerDimension
  readonly return_indices: boolean
  readonly ceil_mode: boolean

  constructor(kernel_size: PerDimension, ...rest: MaxRest) {
    super()
    const { stride = null, padding = 0, dilation = 1, return_indices = false, ceil_mode = false } = readMax(rest)
    this.kernel_size = needed(`${new.target.name}.__init__`, 'kernel_size', kernel_size)
    this.stride = stride ?? kernel_size
    this.padding = padding
    this.dilation = dilation
    this.return_indices = return_indices
    this.ceil_mode = ceil_mode
  }
  /** The options that the function takes. */
  protected options() {
    const { stride, padding, dilation, ceil_mode, return_indices } = this
    return { stride, padding, dilation, ceil_mode, return_indices }
  }
  override extra_repr(): string {
    const { kernel_size, stride, padding, dilation, ceil_mode } = this
    return `kernel_size=${given(kernel_size)}, stride=${given(stride)}, padding=${given(padding)}, dilation=${given(dilation)}, ceil_mode=${yes(ceil_mode)}`
  }
}
/** The largest element of each window of `[N, C, L]`; with `return_indices` also its place. */
export class MaxPool1d extends MaxPool {
  override forward(input: Tensor): Tensor {
    return F.max_pool1d(input, this.kernel_size, this.options()) as Tensor
  }
}
/**
 * The largest element of each window of `[N, C, H, W]`; with `return_indices` also its place.
 *
 * @example
 * ```ts
 * new torch.nn.MaxPool2d(2) // => MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
 * ```
 */
export class MaxPool2d extends MaxPool {
  override forward(input: Tensor): Tensor {
    return F.max_pool2d(input, this.kernel_size, this.options()) as Tensor
  }
}
/** The largest element of each window of `[N, C, D, H, W]`; with `return_indices` also its place. */
export class MaxPool3d extends MaxPool {
  override forward(input: Tensor): Tensor {
    return F.max_pool3d(input, this.kernel_size, this.options()) as Tensor
  }
}

interface UnpoolOptions {
  stride?: PerDimension | null
  padding?: PerDimension
}
const readUnpool = signature<UnpoolOptions>('MaxUnpool', ['stride', 'padding'], [], 2)
type OutputSize = readonly number[] | null | { output_size?: readonly number[] | null }
const sizeOf = (x: OutputSize): readonly number[] | null =>
  Array.isArray(x) ? x : ((x as { output_size?: readonly number[] | null } | null)?.output_size ?? null)

abstract class MaxUnpool extends Module {
  readonly kernel_size: readonly number[]
  readonly stride: readonly number[]
  readonly padding: readonly number[]
  protected constructor(depth: number, kernel_size: PerDimension, rest: readonly unknown[]) {
    super()
    const { stride = null, padding = 0 } = readUnpool(rest)
    this.kernel_size = filled(needed(`${new.target.name}.__init__`, 'kernel_size', kernel_size), depth)
    this.stride = filled(stride ?? kernel_size, depth)
    this.padding = filled(padding, depth)
  }
  override extra_repr(): string {
    return `kernel_size=${tuple(this.kernel_size)}, stride=${tuple(this.stride)}, padding=${tuple(this.padding)}`
  }
}
/** The reverse of MaxPool1d, with zeros between. */
export class MaxUnpool1d extends MaxUnpool {
  constructor(kernel_size: PerDimension, ...rest: Rest<UnpoolOptions, ['stride', 'padding']>) {
    super(1, kernel_size, rest)
  }
  override forward(input: Tensor, indices: Tensor, output_size: OutputSize = null): Tensor {
    return max_unpool1d(input, indices, this.kernel_size, this.stride, this.padding, sizeOf(output_size))
  }
}
/** The reverse of MaxPool2d, with zeros between. */
export class MaxUnpool2d extends MaxUnpool {
  constructor(kernel_size: PerDimension, ...rest: Rest<UnpoolOptions, ['stride', 'padding']>) {
    super(2, kernel_size, rest)
  }
  override forward(input: Tensor, indices: Tensor, output_size: OutputSize = null): Tensor {
    return max_unpool2d(input, indices, this.kernel_size, this.stride, this.padding, sizeOf(output_size))
  }
}
/** The reverse of MaxPool3d, with zeros between. */
export class MaxUnpool3d extends MaxUnpool {
  constructor(kernel_size: PerDimension, ...rest: Rest<UnpoolOptions, ['stride', 'padding']>) {
    super(3, kernel_size, rest)
  }
  override forward(input: Tensor, indices: Tensor, output_size: OutputSize = null): Tensor {
    return max_unpool3d(input, indices, this.kernel_size, this.stride, this.padding, sizeOf(output_size))
  }
}

type AvgRest = Rest<AvgOptions, ['stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override']>
const readAvg = signature<AvgOptions>('AvgPool', ['stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override'], [], 2)

abstract class AvgPool extends Module {
  readonly kernel_size: PerDimension
  readonly stride: PerDimension
  readonly padding: PerDimension
  readonly ceil_mode: boolean
  readonly count_include_pad: boolean
  readonly divisor_override: number | null
  constructor(kernel_size: PerDimension, ...rest: AvgRest) {
    super()
    const { stride = null, padding = 0, ceil_mode = false, count_include_pad = true, divisor_override = null } = readAvg(rest)
    this.kernel_size = needed(`${new.target.name}.__init__`, 'kernel_size', kernel_size)
    this.stride = stride ?? kernel_size
    this.padding = padding
    this.ceil_mode = ceil_mode
    this.count_include_pad = count_include_pad
    this.divisor_override = divisor_override
  }
  protected options() {
    const { stride, padding, ceil_mode, count_include_pad, divisor_override } = this
    return { stride, padding, ceil_mode, count_include_pad, divisor_override }
  }
  override extra_repr(): string {
    return `kernel_size=${given(this.kernel_size)}, stride=${given(this.stride)}, padding=${given(this.padding)}`
  }
}
/** The mean of each window of `[N, C, L]`. */
export class AvgPool1d extends AvgPool {
  constructor(
    kernel_size: PerDimension,
    ...rest: Rest<Omit<AvgOptions, 'divisor_override'>, ['stride', 'padding', 'ceil_mode', 'count_include_pad']>
  ) {
    const { stride = null, padding = 0, ...more } = readAvg(rest)
    super(filled(kernel_size, 1), { stride: stride === null ? null : filled(stride, 1), padding: filled(padding, 1), ...more })
  }
  override forward(input: Tensor): Tensor {
    return F.avg_pool1d(input, this.kernel_size, this.options())
  }
}
/** The mean of each window of `[N, C, H, W]`. */
export class AvgPool2d extends AvgPool {
  override forward(input: Tensor): Tensor {
    return F.avg_pool2d(input, this.kernel_size, this.options())
  }
}
/** The mean of each window of `[N, C, D, H, W]`. */
export class AvgPool3d extends AvgPool {
  override forward(input: Tensor): Tensor {
    return F.avg_pool3d(input, this.kernel_size, this.options())
  }
}

interface LPOptions {
  stride?: PerDimension | null
  ceil_mode?: boolean
}
const readLP = signature<LPOptions>('LPPool', ['stride', 'ceil_mode'], [], 3)

abstract class LPPool extends Module {
  readonly norm_type: number
  readonly kernel_size: PerDimension
  readonly stride: PerDimension | null
  readonly ceil_mode: boolean
  constructor(norm_type: number, kernel_size: PerDimension, ...rest: Rest<LPOptions, ['stride', 'ceil_mode']>) {
    super()
    const { stride = null, ceil_mode = false } = readLP(rest)
    this.norm_type = norm_type
    this.kernel_size = needed(`${new.target.name}.__init__`, 'kernel_size', kernel_size)
    this.stride = stride
    this.ceil_mode = ceil_mode
  }
  override extra_repr(): string {
    const { norm_type, kernel_size, stride, ceil_mode } = this
    return `norm_type=${number(norm_type)}, kernel_size=${given(kernel_size)}, stride=${stride === null ? 'None' : given(stride)}, ceil_mode=${yes(ceil_mode)}`
  }
}
/** The p-norm of each window of `[N, C, L]`. */
export class LPPool1d extends LPPool {
  override forward(input: Tensor): Tensor {
    return F.lp_pool1d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode)
  }
}
/** The p-norm of each window of `[N, C, H, W]`. */
export class LPPool2d extends LPPool {
  override forward(input: Tensor): Tensor {
    return F.lp_pool2d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode)
  }
}
/** The p-norm of each window of `[N, C, D, H, W]`. */
export class LPPool3d extends LPPool {
  override forward(input: Tensor): Tensor {
    return F.lp_pool3d(input, this.norm_type, this.kernel_size, this.stride, this.ceil_mode)
  }
}

abstract class AdaptivePool extends Module {
  readonly output_size: Size
  constructor(output_size: Size) {
    super()
    this.output_size = needed(`${new.target.name}.__init__`, 'output_size', output_size)
  }
  override extra_repr(): string {
    return `output_size=${given(this.output_size)}`
  }
}
/** The mean of `output_size` even parts of `[N, C, L]`. */
export class AdaptiveAvgPool1d extends AdaptivePool {
  override forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool1d(input, this.output_size)
  }
}
/** The mean of `output_size` even parts of `[N, C, H, W]`. */
export class AdaptiveAvgPool2d extends AdaptivePool {
  override forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool2d(input, this.output_size)
  }
}
/** The mean of `output_size` even parts of `[N, C, D, H, W]`. */
export class AdaptiveAvgPool3d extends AdaptivePool {
  override forward(input: Tensor): Tensor {
    return F.adaptive_avg_pool3d(input, this.output_size)
  }
}

abstract class AdaptiveMaxPool extends AdaptivePool {
  readonly return_indices: boolean
  constructor(output_size: Size, return_indices: boolean | { return_indices?: boolean } = false) {
    super(output_size)
    this.return_indices = typeof return_indices === 'object' ? (return_indices.return_indices ?? false) : return_indices
  }
}
/** The largest element of `output_size` even parts of `[N, C, L]`. */
export class AdaptiveMaxPool1d extends AdaptiveMaxPool {
  override forward(input: Tensor): Tensor {
    return F.adaptive_max_pool1d(input, this.output_size, this.return_indices) as Tensor
  }
}
/** The largest element of `output_size` even parts of `[N, C, H, W]`. */
export class AdaptiveMaxPool2d extends AdaptiveMaxPool {
  override forward(input: Tensor): Tensor {
    return F.adaptive_max_pool2d(input, this.output_size, this.return_indices) as Tensor
  }
}
/** The largest element of `output_size` even parts of `[N, C, D, H, W]`. */
export class AdaptiveMaxPool3d extends AdaptiveMaxPool {
  override forward(input: Tensor): Tensor {
    return F.adaptive_max_pool3d(input, this.output_size, this.return_indices) as Tensor
  }
}
