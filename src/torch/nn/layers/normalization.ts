/** Normalisations as modules. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { int64 } from '../../../core/dtype.ts'
import { ValueError } from '../../../core/errors.ts'
import { scalarTensor } from '../../functions/convert.ts'
import { ones, zeros } from '../../functions/creation.ts'
import { tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import type { Tensor } from '../../tensor.ts'
import * as F from '../functional/normalization.ts'
import { numberArg, numberList } from '../functional/support.ts'
import { Module } from '../module.ts'
import { Buffer, Parameter } from '../parameter.ts'
import { type Factory, float, made, number, tuple, yes } from './support.ts'

const listOf = (shape: number | readonly number[]): number[] =>
  typeof shape === 'number' ? [shape] : [...numberList('LayerNorm', 'normalized_shape', shape)]

interface LayerNormOptions extends Factory {
  eps?: number
  elementwise_affine?: boolean
  bias?: boolean
}
type LayerNormPositional = ['eps', 'elementwise_affine', 'bias', 'device', 'dtype']
const readLayer = signature<LayerNormOptions>('LayerNorm', ['eps', 'elementwise_affine', 'bias', 'device', 'dtype'])

/** The last dimensions brought to mean 0 and variance 1, with a weight and a bias of each element (Ba et al. 2016). */
export class LayerNorm extends Module {
  readonly normalized_shape: readonly number[]
  readonly eps: number
  readonly elementwise_affine: boolean
  weight: Parameter | null
  bias: Parameter | null

  constructor(normalized_shape: number | readonly number[], ...rest: Rest<LayerNormOptions, LayerNormPositional>) {
    super()
    const { eps = 1e-5, elementwise_affine = true, bias = true, ...factory } = readLayer(rest)
    this.normalized_shape = listOf(normalized_shape)
    this.eps = eps
    this.elementwise_affine = elementwise_affine
    this.weight = elementwise_affine ? new Parameter(ones(this.normalized_shape, made(factory))) : null
    this.bias = elementwise_affine && bias ? new Parameter(zeros(this.normalized_shape, made(factory))) : null
  }

  /** Ones and zeros again. */
  reset_parameters(): void {
    quietly(() => {
      this.weight?.fill_(1)
      this.bias?.fill_(0)
    })
  }

  override forward(input: Tensor): Tensor {
    return F.layer_norm(input, this.normalized_shape, this.weight, this.bias, this.eps)
  }

  override extra_repr(): string {
    return `${tuple(this.normalized_shape)}, eps=${float(this.eps)}, elementwise_affine=${yes(this.elementwise_affine)}, bias=${yes(this.bias !== null)}`
  }
}

interface RMSNormOptions extends Factory {
  eps?: number | null
  elementwise_affine?: boolean
}
const readRms = signature<RMSNormOptions>('RMSNorm', ['eps', 'elementwise_affine', 'device', 'dtype'])

/** The last dimensions divided by the root of their mean square, with a weight of each element (Zhang and Sennrich 2019). */
export class RMSNorm extends Module {
  readonly normalized_shape: readonly number[]
  readonly eps: number | null
  readonly elementwise_affine: boolean
  weight: Parameter | null

  constructor(
    normalized_shape: number | readonly number[],
    ...rest: Rest<RMSNormOptions, ['eps', 'elementwise_affine', 'device', 'dtype']>
  ) {
    super()
    const { eps = null, elementwise_affine = true, ...factory } = readRms(rest)
    this.normalized_shape = listOf(normalized_shape)
    this.eps = eps
    this.elementwise_affine = elementwise_affine
    this.weight = elementwise_affine ? new Parameter(ones(this.normalized_shape, made(factory))) : null
  }

  /** Ones again. */
  reset_parameters(): void {
    quietly(() => this.weight?.fill_(1))
  }

  override forward(input: Tensor): Tensor {
    return F.rms_norm(input, this.normalized_shape, this.weight, this.eps)
  }

  override extra_repr(): string {
    return `${tuple(this.normalized_shape)}, eps=${this.eps === null ? 'None' : float(this.eps)}, elementwise_affine=${yes(this.elementwise_affine)}`
  }
}

interface GroupNormOptions extends Factory {
  eps?: number
  affine?: boolean
  bias?: boolean
}
const readGroup = signature<GroupNormOptions>('GroupNorm', ['eps', 'affine', 'device', 'dtype'], ['bias'], 2)

/** Groups of channels brought to mean 0 and variance 1 in each item (Wu and He 2018). */
export class GroupNorm extends Module {
  readonly num_groups: number
  readonly num_channels: number
  readonly eps: number
  readonly affine: boolean
  weight: Parameter | null
  bias: Parameter | null

  constructor(num_groups: number, num_channels: number, ...rest: Rest<GroupNormOptions, ['eps', 'affine', 'device', 'dtype']>) {
    super()
    const { eps = 1e-5, affine = true, bias = true, ...factory } = readGroup(rest)
    numberArg('GroupNorm', 'num_groups', num_groups)
    numberArg('GroupNorm', 'num_channels', num_channels)
    if (num_channels % num_groups !== 0)
      throw new ValueError(`num_channels (${num_channels}) must be divisible by num_groups (${num_groups})`)
    this.num_groups = num_groups
    this.num_channels = num_channels
    this.eps = eps
    this.affine = affine
    this.weight = affine ? new Parameter(ones([num_channels], made(factory))) : null
    this.bias = affine && bias ? new Parameter(zeros([num_channels], made(factory))) : null
  }

  /** Ones and zeros again. */
  reset_parameters(): void {
    quietly(() => {
      this.weight?.fill_(1)
      this.bias?.fill_(0)
    })
  }

  override forward(input: Tensor): Tensor {
    return F.group_norm(input, this.num_groups, this.weight, this.bias, this.eps)
  }

  override extra_repr(): string {
    return `${this.num_groups}, ${this.num_channels}, eps=${float(this.eps)}, affine=${yes(this.affine)}${this.affine ? `, bias=${yes(this.bias !== null)}` : ''}`
  }
}

interface NormOptions extends Factory {
  eps?: number
  /** How far running statistics move towards those of a batch; null for their plain average. */
  momentum?: number | null
  affine?: boolean
  track_running_stats?: boolean
  bias?: boolean
}
type NormPositional = ['eps', 'momentum', 'affine', 'track_running_stats', 'device', 'dtype']
const readNorm = signature<NormOptions>('BatchNorm', ['eps', 'momentum', 'affine', 'track_running_stats', 'device', 'dtype'], ['bias'])

/** What the normalisations by channel share: weight, bias and running statistics. */
abstract class ChannelNorm extends Module {
  readonly num_features: number
  readonly eps: number
  readonly momentum: number | null
  readonly affine: boolean
  readonly track_running_stats: boolean
  weight: Parameter | null
  bias: Parameter | null
  running_mean: Buffer | null
  running_var: Buffer | null
  num_batches_tracked: Buffer | null

  constructor(num_features: number, rest: Rest<NormOptions, NormPositional>, on: boolean) {
    super()
    const { eps = 1e-5, momentum = 0.1, affine = on, track_running_stats = on, bias = true, ...factory } = readNorm(rest)
    this.num_features = num_features
    this.eps = eps
    this.momentum = momentum
    this.affine = affine
    this.track_running_stats = track_running_stats
    this.weight = affine ? new Parameter(ones([num_features], made(factory))) : null
    this.bias = affine && bias ? new Parameter(zeros([num_features], made(factory))) : null
    this.running_mean = track_running_stats ? new Buffer(zeros([num_features], made(factory))) : null
    this.running_var = track_running_stats ? new Buffer(ones([num_features], made(factory))) : null
    this.num_batches_tracked = track_running_stats ? new Buffer(scalarTensor(0, int64)) : null
  }

  /** The shapes that it takes, as PyTorch's error says it. */
  protected abstract check(input: Tensor): void

  /** Running statistics as at the beginning. */
  reset_running_stats(): void {
    quietly(() => {
      this.running_mean?.fill_(0)
      this.running_var?.fill_(1)
      this.num_batches_tracked?.fill_(0)
    })
  }

  /** Everything as at the beginning. */
  reset_parameters(): void {
    this.reset_running_stats()
    quietly(() => {
      this.weight?.fill_(1)
      this.bias?.fill_(0)
    })
  }

  override extra_repr(): string {
    const { num_features, eps, momentum, affine, track_running_stats } = this
    return `${num_features}, eps=${float(eps)}, momentum=${number(momentum)}, affine=${yes(affine)}, bias=${yes(this.bias !== null)}, track_running_stats=${yes(track_running_stats)}`
  }
}

function checkRanks(input: Tensor, ...ranks: number[]): void {
  tensorArg('forward', input)
  if (!ranks.includes(input.ndim))
    throw new ValueError(`expected ${ranks.map((n) => `${n}D`).join(' or ')} input (got ${input.ndim}D input)`)
}

abstract class BatchNorm extends ChannelNorm {
  constructor(num_features: number, ...rest: Rest<NormOptions, NormPositional>) {
    super(num_features, rest, true)
  }

  override forward(input: Tensor): Tensor {
    this.check(input)
    let { momentum } = this
    if (this.training && this.num_batches_tracked) {
      const tracked = this.num_batches_tracked
      quietly(() => tracked.add_(1))
      momentum ??= 1 / (tracked.item() as number)
    }
    const { running_mean, running_var, weight, bias, eps } = this
    const training = this.training || !running_mean
    const kept = !this.training || this.track_running_stats
    return F.batch_norm(input, kept ? running_mean : null, kept ? running_var : null, {
      weight,
      bias,
      training,
      momentum: momentum ?? 0,
      eps,
    })
  }
}

/** Each channel of `[N, C]` or `[N, C, L]` brought to mean 0 and variance 1 over the batch (Ioffe and Szegedy 2015). */
export class BatchNorm1d extends BatchNorm {
  protected override check(input: Tensor): void {
    checkRanks(input, 2, 3)
  }
}
/** Each channel of `[N, C, H, W]` brought to mean 0 and variance 1 over the batch. */
export class BatchNorm2d extends BatchNorm {
  protected override check(input: Tensor): void {
    checkRanks(input, 4)
  }
}
/** Each channel of `[N, C, D, H, W]` brought to mean 0 and variance 1 over the batch. */
export class BatchNorm3d extends BatchNorm {
  protected override check(input: Tensor): void {
    checkRanks(input, 5)
  }
}

abstract class InstanceNorm extends ChannelNorm {
  protected abstract readonly unbatched: number

  constructor(num_features: number, ...rest: Rest<NormOptions, NormPositional>) {
    super(num_features, rest, false)
  }

  protected override check(input: Tensor): void {
    checkRanks(input, this.unbatched, this.unbatched + 1)
  }

  override forward(input: Tensor): Tensor {
    this.check(input)
    if (input.ndim === this.unbatched) return this.forward(input.unsqueeze(0)).squeeze(0)
    const { running_mean, running_var, weight, bias, eps, momentum } = this
    const use_input_stats = this.training || !this.track_running_stats
    return F.instance_norm(input, { running_mean, running_var, weight, bias, use_input_stats, momentum: momentum ?? 0, eps })
  }
}
/** Each channel of each item of `[N, C, L]` brought to mean 0 and variance 1 (Ulyanov et al. 2016). */
export class InstanceNorm1d extends InstanceNorm {
  protected override get unbatched(): number {
    return 2
  }
}
/** Each channel of each item of `[N, C, H, W]` brought to mean 0 and variance 1. */
export class InstanceNorm2d extends InstanceNorm {
  protected override get unbatched(): number {
    return 3
  }
}
/** Each channel of each item of `[N, C, D, H, W]` brought to mean 0 and variance 1. */
export class InstanceNorm3d extends InstanceNorm {
  protected override get unbatched(): number {
    return 4
  }
}
