/** Normalisations. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { sizeOf } from '../../../core/shape.ts'
import type { Value } from '../../../core/value.ts'
import * as p from '../../../ops/index.ts'
import { finfo } from '../../dtype.ts'
import { addcmul } from '../../functions/arithmetic.ts'
import { keyed } from '../../functions/keyed.ts'
import { tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import { Tensor } from '../../tensor.ts'
import { numberList } from './support.ts'

interface Affine {
  weight?: Tensor | null
  bias?: Tensor | null
  /** Added to the variance. */
  eps?: number
}

function checkTail(input: Tensor, tail: readonly number[]): void {
  numberList('layer_norm', 'normalized_shape', tail)
  const n = tail.length
  if (n === 0)
    throw new RuntimeError(
      'Expected normalized_shape to be at least 1-dimensional, i.e., containing at least one element, but got normalized_shape = []',
    )
  if (input.ndim < n || tail.some((length, i) => input.shape[input.ndim - n + i] !== length)) {
    throw new RuntimeError(
      `Given normalized_shape=[${tail.join(', ')}], expected input with shape [*, ${tail.join(', ')}], but got input of size[${input.shape.join(', ')}]`,
    )
  }
}

const readLayer = signature<Affine>('layer_norm', ['weight', 'bias', 'eps'], [], 2)
/** The last dimensions brought to mean 0 and variance 1, times weight, plus bias (Ba et al. 2016). */
export const layer_norm = keyed(
  'layer_norm',
  'normalized_shape ...',
  (input: Tensor, normalized_shape: readonly number[], ...rest: Rest<Affine, ['weight', 'bias', 'eps']>): Tensor => {
    const { weight = null, bias = null, eps = 1e-5 } = readLayer(rest)
    checkTail(tensorArg('layer_norm', input), normalized_shape)
    return new Tensor(p.layerNorm(input.value, normalized_shape.length, weight?.value ?? null, bias?.value ?? null, eps)[0]!)
  },
)

const readRms = signature<{ weight?: Tensor | null; eps?: number | null }>('rms_norm', ['weight', 'eps'], [], 2)
/** The last dimensions divided by the root of their mean square, times weight (Zhang and Sennrich 2019). */
export const rms_norm = keyed(
  'rms_norm',
  'normalized_shape ...',
  (
    input: Tensor,
    normalized_shape: readonly number[],
    ...rest: Rest<{ weight?: Tensor | null; eps?: number | null }, ['weight', 'eps']>
  ): Tensor => {
    const { weight, eps } = readRms(rest)
    checkTail(tensorArg('rms_norm', input), normalized_shape)
    const dims = normalized_shape.map((_, i) => i - normalized_shape.length)
    // Squares of half-precision numbers leave their range: float32 until the end, as PyTorch does.
    const x = input.raw.dtype.itemsize === 2 && input.is_floating_point() ? input.float() : input
    const scale = x
      .square()
      .mean(dims, true)
      .add(eps ?? new finfo(x.dtype).eps)
      .rsqrt()
    const out = x.mul(scale)
    return (weight ? out.mul(weight) : out).to(input.dtype)
  },
)

const readGroup = signature<Affine>('group_norm', ['weight', 'bias', 'eps'], [], 2)
/** Groups of channels brought to mean 0 and variance 1 in each item, times a weight, plus a bias of each channel (Wu and He 2018). */
export const group_norm = keyed(
  'group_norm',
  'num_groups ...',
  (input: Tensor, num_groups: number, ...rest: Rest<Affine, ['weight', 'bias', 'eps']>): Tensor => {
    const { weight, bias, eps = 1e-5 } = readGroup(rest)
    const { shape, ndim } = tensorArg('group_norm', input)
    if (ndim < 2) throw new RuntimeError(`Expected at least 2 dimensions for input tensor but received ${ndim}`)
    if (shape[1]! % num_groups !== 0) {
      throw new RuntimeError(
        `Expected number of channels in input to be divisible by num_groups, but got input of shape [${shape.join(', ')}] and num_groups=${num_groups}`,
      )
    }
    const grouped = input.reshape(shape[0]!, num_groups, sizeOf(shape.slice(1)) / num_groups)
    return byChannel(new Tensor(p.layerNorm(grouped.value, 1, null, null, eps)[0]!).reshape(shape), weight, bias)
  },
)

/** Times a weight and plus a bias of each channel (dimension 1). */
function byChannel(x: Tensor, weight: Tensor | null | undefined, bias: Tensor | null | undefined): Tensor {
  const wide = (t: Tensor) => (x.ndim === 2 ? t : t.reshape([-1, ...x.shape.slice(2).map(() => 1)]))
  if (weight) x = x.mul(wide(weight))
  return bias ? x.add(wide(bias)) : x
}

interface BatchOptions extends Affine {
  training?: boolean
  momentum?: number
}
type BatchPositional = ['weight', 'bias', 'training', 'momentum', 'eps']
const readBatch = signature<BatchOptions>('batch_norm', ['weight', 'bias', 'training', 'momentum', 'eps'], [], 3)

/**
 * Each channel brought to mean 0 and variance 1 over the batch while training, by the running statistics else (Ioffe and Szegedy 2015).
 *
 * While training the running statistics, when given, move towards those of the batch, in place.
 */
export const batch_norm = keyed(
  'batch_norm',
  'running_mean running_var ...',
  (input: Tensor, running_mean: Tensor | null, running_var: Tensor | null, ...rest: Rest<BatchOptions, BatchPositional>): Tensor => {
    const { weight, bias, training = false, momentum = 0.1, eps = 1e-5 } = readBatch(rest)
    const { shape } = tensorArg('batch_norm', input)
    // PyTorch looks at the channels of what has elements alone
    if (shape.length === 1 && shape[0] === 0) return input.clone()
    if (shape.length < 2) throw new RuntimeError(`batch_norm(): expected at least 2 dimensions, got ${shape.length}`)
    const channels = shape[1]!
    for (const [name, t] of Object.entries({ running_mean, running_var, weight, bias })) {
      if (t && tensorArg('batch_norm', t, name).numel() !== channels)
        throw new RuntimeError(`${name} should contain ${channels} elements not ${t.numel()}`)
    }
    const wide = (t: Tensor) => (shape.length === 2 ? t : t.reshape([channels, ...shape.slice(2).map(() => 1)]))
    if (!training) {
      if (!running_mean || !running_var) throw new RuntimeError('Expected running_mean and running_var to be defined when training=False')
      const scale = running_var.add(eps).rsqrt()
      const factor = weight ? scale.mul(weight) : scale
      const offset = running_mean.mul(factor).neg()
      return addcmul(wide(bias ? offset.add(bias) : offset), input, wide(factor))
    }
    const n = input.numel() / channels
    if (n === 1) throw new ValueError(`Expected more than 1 value per channel when training, got input size ${shape}`)
    const [out, mean, , variance] = p.batchNorm(input.value, weight ? wide(weight).value : null, bias ? wide(bias).value : null, eps)
    quietly(() => {
      const towards = (running: Tensor, now: Value) => running.mul_(1 - momentum).add_(new Tensor(now).detach().reshape(-1).mul(momentum))
      if (running_mean) towards(running_mean, mean!)
      if (running_var) towards(running_var, p.mul(variance!, n / (n - 1)))
    })
    return new Tensor(out!)
  },
)

interface InstanceOptions extends Affine {
  running_mean?: Tensor | null
  running_var?: Tensor | null
  use_input_stats?: boolean
  momentum?: number
}
type InstancePositional = ['running_mean', 'running_var', 'weight', 'bias', 'use_input_stats', 'momentum', 'eps']
const readInstance = signature<InstanceOptions>('instance_norm', [
  'running_mean',
  'running_var',
  'weight',
  'bias',
  'use_input_stats',
  'momentum',
  'eps',
])
/** Each channel of each item brought to mean 0 and variance 1 (Ulyanov et al. 2016). */
export function instance_norm(input: Tensor, ...rest: Rest<InstanceOptions, InstancePositional>): Tensor {
  const { running_mean, running_var, weight, bias, use_input_stats = true, momentum = 0.1, eps = 1e-5 } = readInstance(rest)
  const { shape } = tensorArg('instance_norm', input)
  if (shape.length < 2) throw new RuntimeError(`instance_norm(): expected at least 2 dimensions, got ${shape.length}`)
  const [items, channels, ...space] = shape as unknown as [number, number, ...number[]]
  if (!use_input_stats) return batch_norm(input, running_mean ?? null, running_var ?? null, { weight, bias, training: false, eps })
  const n = space.reduce((product, length) => product * length, 1)
  if (n === 1) throw new ValueError(`Expected more than 1 spatial element when training, got input size ${shape}`)
  const [out, mean] = p.layerNorm(input.reshape(items, channels, n).value, 1, null, null, eps)
  quietly(() => {
    const towards = (running: Tensor, now: Tensor) => running.mul_(1 - momentum).add_(now.mean(0).mul(momentum))
    if (running_mean) towards(running_mean, new Tensor(mean!).detach().reshape(items, channels))
    if (running_var) towards(running_var, input.detach().reshape(items, channels, n).var(-1))
  })
  return byChannel(new Tensor(out!).reshape(shape), weight, bias)
}
