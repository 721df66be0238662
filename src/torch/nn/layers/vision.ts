/** Modules that rearrange and resample images. */

import { needed, type Rest, signature } from '../../../core/arguments.ts'
import { describe } from '../../../core/describe.ts'
import type { Tensor } from '../../tensor.ts'
import type { PerDimension } from '../functional/convolution.ts'
import * as P from '../functional/patches.ts'
import { type InterpolateMode, interpolate } from '../functional/resample.ts'
import { Module } from '../module.ts'
import { float, number, tuple } from './support.ts'

const given = (x: PerDimension): string => (typeof x === 'number' ? number(x) : tuple(x))

interface PatchOptions {
  dilation?: PerDimension
  padding?: PerDimension
  stride?: PerDimension
}
type PatchRest = Rest<PatchOptions, ['dilation', 'padding', 'stride']>
const readUnfold = signature<PatchOptions>('Unfold', ['dilation', 'padding', 'stride'], [], 2)
const readFold = signature<PatchOptions>('Fold', ['dilation', 'padding', 'stride'], [], 3)

/** The patches of an image as columns. */
export class Unfold extends Module {
  readonly kernel_size: PerDimension
  readonly dilation: PerDimension
  readonly padding: PerDimension
  readonly stride: PerDimension
  constructor(kernel_size: PerDimension, ...rest: PatchRest) {
    super()
    const { dilation = 1, padding = 0, stride = 1 } = readUnfold(rest)
    this.kernel_size = needed(`${new.target.name}.__init__`, 'kernel_size', kernel_size)
    this.dilation = dilation
    this.padding = padding
    this.stride = stride
  }
  override forward(input: Tensor): Tensor {
    return P.unfold(input, this.kernel_size, this.dilation, this.padding, this.stride)
  }
  override extra_repr(): string {
    return `kernel_size=${given(this.kernel_size)}, dilation=${given(this.dilation)}, padding=${given(this.padding)}, stride=${given(this.stride)}`
  }
}

/** Columns of patches added up to an image. */
export class Fold extends Module {
  readonly output_size: PerDimension
  readonly kernel_size: PerDimension
  readonly dilation: PerDimension
  readonly padding: PerDimension
  readonly stride: PerDimension
  constructor(output_size: PerDimension, kernel_size: PerDimension, ...rest: PatchRest) {
    super()
    const { dilation = 1, padding = 0, stride = 1 } = readFold(rest)
    this.output_size = needed(`${new.target.name}.__init__`, 'output_size', output_size)
    this.kernel_size = needed(`${new.target.name}.__init__`, 'kernel_size', kernel_size)
    this.dilation = dilation
    this.padding = padding
    this.stride = stride
  }
  override forward(input: Tensor): Tensor {
    return P.fold(input, this.output_size, this.kernel_size, this.dilation, this.padding, this.stride)
  }
  override extra_repr(): string {
    return `output_size=${given(this.output_size)}, kernel_size=${given(this.kernel_size)}, dilation=${given(this.dilation)}, padding=${given(this.padding)}, stride=${given(this.stride)}`
  }
}

/** Channels as pixels. */
export class PixelShuffle extends Module {
  readonly upscale_factor: number
  constructor(upscale_factor: number) {
    super()
    this.upscale_factor = upscale_factor
  }
  override forward(input: Tensor): Tensor {
    return P.pixel_shuffle(input, this.upscale_factor)
  }
  override extra_repr(): string {
    return `upscale_factor=${this.upscale_factor}`
  }
}
/** Pixels as channels. */
export class PixelUnshuffle extends Module {
  readonly downscale_factor: number
  constructor(downscale_factor: number) {
    super()
    this.downscale_factor = downscale_factor
  }
  override forward(input: Tensor): Tensor {
    return P.pixel_unshuffle(input, this.downscale_factor)
  }
  override extra_repr(): string {
    return `downscale_factor=${this.downscale_factor}`
  }
}
/** The channels of each group dealt out over all groups. */
export class ChannelShuffle extends Module {
  readonly groups: number
  constructor(groups: number) {
    super()
    this.groups = groups
  }
  override forward(input: Tensor): Tensor {
    return P.channel_shuffle(input, this.groups)
  }
  override extra_repr(): string {
    return `groups=${this.groups}`
  }
}

interface LocalOptions {
  alpha?: number
  beta?: number
  k?: number
}
const readLocal = signature<LocalOptions>('LocalResponseNorm', ['alpha', 'beta', 'k'], [], 2)
/** `x / (k + alpha mean of x^2 over size channels) ** beta`. */
export class LocalResponseNorm extends Module {
  readonly size: number
  readonly alpha: number
  readonly beta: number
  readonly k: number
  constructor(size: number, ...rest: Rest<LocalOptions, ['alpha', 'beta', 'k']>) {
    super()
    const { alpha = 1e-4, beta = 0.75, k = 1 } = readLocal(rest)
    this.size = size
    this.alpha = alpha
    this.beta = beta
    this.k = k
  }
  override forward(input: Tensor): Tensor {
    return P.local_response_norm(input, this.size, this.alpha, this.beta, this.k)
  }
  override extra_repr(): string {
    return `${this.size}, alpha=${number(this.alpha)}, beta=${number(this.beta)}, k=${float(this.k)}`
  }
}

interface UpsampleOptions {
  size?: number | readonly number[] | null
  scale_factor?: number | readonly number[] | null
  mode?: InterpolateMode
  align_corners?: boolean | null
  recompute_scale_factor?: boolean | null
}
const readUpsample = signature<UpsampleOptions>(
  'Upsample',
  ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor'],
  [],
  1,
)
/** An image of another size. */
export class Upsample extends Module {
  readonly size: number | readonly number[] | null
  readonly scale_factor: number | readonly number[] | null
  readonly mode: InterpolateMode
  readonly align_corners: boolean | null
  readonly recompute_scale_factor: boolean | null
  constructor(...rest: Rest<UpsampleOptions, ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor']>) {
    super()
    const { size = null, scale_factor = null, mode = 'nearest', align_corners = null, recompute_scale_factor = null } = readUpsample(rest)
    this.size = size
    this.scale_factor = scale_factor
    this.mode = mode
    this.align_corners = align_corners
    this.recompute_scale_factor = recompute_scale_factor
  }
  override forward(input: Tensor): Tensor {
    const { size, scale_factor, mode, align_corners, recompute_scale_factor } = this
    return interpolate(input, { size, scale_factor, mode, align_corners, recompute_scale_factor })
  }
  override extra_repr(): string {
    const { size, scale_factor, mode } = this
    const factor =
      typeof scale_factor === 'number'
        ? float(scale_factor)
        : Array.isArray(scale_factor)
          ? `(${scale_factor.map(float).join(', ')})`
          : describe(scale_factor)
    return `${scale_factor !== null ? `scale_factor=${factor}` : `size=${size === null ? 'None' : given(size)}`}, mode='${mode}'`
  }
}
type SizeOrScale = Rest<Pick<UpsampleOptions, 'size' | 'scale_factor'>, ['size', 'scale_factor']>
/** Upsample by the nearest pixel. */
export class UpsamplingNearest2d extends Upsample {
  constructor(...rest: SizeOrScale) {
    super({ ...readUpsample(rest), mode: 'nearest' })
  }
}
/** Upsample between the nearest pixels, with corners aligned. */
export class UpsamplingBilinear2d extends Upsample {
  constructor(...rest: SizeOrScale) {
    super({ ...readUpsample(rest), mode: 'bilinear', align_corners: true })
  }
}
