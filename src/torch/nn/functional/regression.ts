/** Losses between numbers, distributions and embeddings. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { warn } from '../../../core/warnings.ts'
import * as p from '../../../ops/index.ts'
import { raised } from '../../amp/state.ts'
import { keyed } from '../../functions/keyed.ts'
import { named, tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import { isReadable, Tensor } from '../../tensor.ts'
import { cosine, pairwise_distance } from './distance.ts'
import { applied, type ReductionOptions, reduced, reductionOf, tensorArgs, warnSizes } from './support.ts'

const LEGACY = ['size_average', 'reduce', 'reduction'] as const
type Legacy = ['size_average', 'reduce', 'reduction']

interface WeightedOptions extends ReductionOptions {
  /** A weight of each item. */
  weight?: Tensor | null
}

/** Weighted losses reduced; the mean is over the sum of the weights. */
function weighted(losses: Tensor, options: WeightedOptions): Tensor {
  const { weight } = options
  if (!weight) return reduced(losses, options)
  if (weight.shape.join() !== losses.shape.join()) throw new ValueError('Inputs and weights must have the same size.')
  const products = losses.mul(weight)
  return reductionOf(options) === 'mean' ? products.sum().div(weight.sum()) : reduced(products, options)
}

const pair = (name: string, input: Tensor, target: Tensor): Tensor => {
  tensorArg(name, target, 'target')
  warnSizes(tensorArg(name, input), target)
  return input.sub(target)
}

const readMse = signature<WeightedOptions>('mse_loss', [...LEGACY, 'weight'], [], 2)
/** The mean of squared differences. */
export const mse_loss = keyed(
  'mse_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<WeightedOptions, [...Legacy, 'weight']>): Tensor => {
    return named(weighted(pair('mse_loss', ...raised(input, target)).square(), readMse(rest)), 'MseLossBackward0')
  },
)

const readL1 = signature<WeightedOptions>('l1_loss', [...LEGACY, 'weight'], [], 2)
/** The mean of absolute differences. */
export const l1_loss = keyed(
  'l1_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<WeightedOptions, [...Legacy, 'weight']>): Tensor => {
    return weighted(pair('l1_loss', input, target).abs(), readL1(rest))
  },
)

interface BetaOptions extends ReductionOptions {
  beta?: number
}
const readSmooth = signature<BetaOptions>('smooth_l1_loss', [...LEGACY, 'beta'], [], 2)
/** Squares of small differences over `2 beta`, absolute values of those above beta (Girshick 2015). */
export const smooth_l1_loss = keyed(
  'smooth_l1_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<BetaOptions, [...Legacy, 'beta']>): Tensor => {
    const { beta = 1, ...options } = readSmooth(rest)
    if (beta < 0) throw new RuntimeError('smooth_l1_loss does not support negative values for beta.')
    const z = pair('smooth_l1_loss', ...raised(input, target)).abs()
    return named(
      reduced(
        beta === 0
          ? z
          : z
              .square()
              .mul(0.5 / beta)
              .where(z.lt(beta), z.sub(0.5 * beta)),
        options,
      ),
      'SmoothL1LossBackward0',
    )
  },
)

interface DeltaOptions extends WeightedOptions {
  delta?: number
}
const readHuber = signature<DeltaOptions>('huber_loss', ['reduction', 'delta', 'weight'], [], 2)
/** Half the squares of differences up to delta, `delta` times their size beyond (Huber 1964). */
export const huber_loss = keyed(
  'huber_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<DeltaOptions, ['reduction', 'delta', 'weight']>): Tensor => {
    const { delta = 1, ...options } = readHuber(rest)
    if (delta <= 0) throw new RuntimeError('huber_loss does not support non-positive values for delta.')
    const z = pair('huber_loss', input, target).abs()
    return named(
      weighted(
        z
          .square()
          .mul(0.5)
          .where(z.le(delta), z.sub(0.5 * delta).mul(delta)),
        options,
      ),
      'HuberLossBackward0',
    )
  },
)

interface KlOptions extends Omit<ReductionOptions, 'reduction'> {
  reduction?: 'none' | 'mean' | 'sum' | 'batchmean'
  /** Whether the target is logarithms too. */
  log_target?: boolean
}
const readKl = signature<KlOptions>('kl_div', [...LEGACY, 'log_target'], [], 2)
/** The Kullback-Leibler divergence of the target from the input, which is logarithms: `sum(target (log target - input))`. */
export const kl_div = keyed(
  'kl_div',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<KlOptions, [...Legacy, 'log_target']>): Tensor => {
    const { log_target = false, reduction = 'mean', ...legacy } = readKl(rest)
    tensorArg('kl_div', input)
    tensorArg('kl_div', target, 'target')
    if (reduction === 'mean') {
      warn(
        "reduction: 'mean' divides the total loss by both the batch size and the support size.'batchmean' divides only by the batch size, and aligns with the KL div math definition.'mean' will be changed to behave the same as 'batchmean' in the next major release.",
      )
    }
    const losses = log_target ? target.exp().mul(target.sub(input)) : target.xlogy(target).sub(target.mul(input))
    if (reduction !== 'batchmean') return reduced(losses, { ...legacy, reduction })
    const total = losses.sum()
    return input.ndim > 0 ? total.div(input.shape[0]!) : total
  },
)

interface PoissonOptions extends ReductionOptions {
  log_input?: boolean
  /** Adds Stirling's approximation of the constant term. */
  full?: boolean
  eps?: number
}
type PoissonPositional = ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction']
const readPoisson = signature<PoissonOptions>(
  'poisson_nll_loss',
  ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction'],
  [],
  2,
)
/** The negative log likelihood of counts under Poisson distributions. */
export const poisson_nll_loss = keyed(
  'poisson_nll_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<PoissonOptions, PoissonPositional>): Tensor => {
    tensorArgs('poisson_nll_loss', { input, target })
    const { log_input = true, full = false, eps = 1e-8, ...options } = readPoisson(rest)
    let losses = log_input ? input.exp().sub(target.mul(input)) : input.sub(target.mul(input.add(eps).log()))
    if (full) {
      const stirling = target
        .mul(target.log())
        .sub(target)
        .add(
          target
            .mul(2 * Math.PI)
            .log()
            .mul(0.5),
        )
      losses = losses.add(stirling.masked_fill(target.le(1), 0))
    }
    return reduced(losses, options)
  },
)

interface GaussianOptions extends ReductionOptions {
  full?: boolean
  eps?: number
}
const readGaussian = signature<GaussianOptions>('gaussian_nll_loss', ['full', 'eps', 'reduction'], [], 3)
/** The negative log likelihood under normal distributions with the input as mean and `variance` held above eps. */
export const gaussian_nll_loss = keyed(
  'gaussian_nll_loss',
  'target var ...',
  (input: Tensor, target: Tensor, variance: Tensor | number, ...rest: Rest<GaussianOptions, ['full', 'eps', 'reduction']>): Tensor => {
    tensorArgs('gaussian_nll_loss', { input, target })
    const { full = false, eps = 1e-6, ...options } = readGaussian(rest)
    let spread = typeof variance === 'number' ? input.new_full([], variance) : tensorArg('gaussian_nll_loss', variance, 'var')
    if (
      spread.shape.join() !== input.shape.join() &&
      spread.ndim === input.ndim - 1 &&
      spread.shape.join() === input.shape.slice(0, -1).join()
    ) {
      spread = spread.unsqueeze(-1)
    }
    if (isReadable(spread.value) && spread.lt(0).any().item()) throw new ValueError('var has negative entry/entries')
    const held = quietly(() => spread.clamp(eps).sub(spread)).add(spread)
    const losses = held.log().add(input.sub(target).square().div(held)).mul(0.5)
    return reduced(full ? losses.add(0.5 * Math.log(2 * Math.PI)) : losses, options)
  },
)

/** Losses where a condition holds, 0 elsewhere. */
const only = (losses: Tensor, condition: Tensor): Tensor => losses.where(condition, losses.new_zeros([]))

interface MarginOptions extends ReductionOptions {
  margin?: number
}
type MarginPositional = ['margin', ...Legacy]
const readHinge = signature<MarginOptions>('hinge_embedding_loss', ['margin', ...LEGACY], [], 2)
/** The input where the target is 1, `max(0, margin - input)` where it is -1. */
export const hinge_embedding_loss = keyed(
  'hinge_embedding_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<MarginOptions, MarginPositional>): Tensor => {
    tensorArgs('hinge_embedding_loss', { input, target })
    const { margin = 1, ...options } = readHinge(rest)
    return reduced(only(input.neg().add(margin).clamp(0), target.ne(1)).add(only(input, target.ne(-1))), options)
  },
)

const readRanking = signature<MarginOptions>('margin_ranking_loss', ['margin', ...LEGACY], [], 3)
/** `max(0, -target (input1 - input2) + margin)`. */
export const margin_ranking_loss = keyed(
  'margin_ranking_loss',
  'input2 target ...',
  (input1: Tensor, input2: Tensor, target: Tensor, ...rest: Rest<MarginOptions, MarginPositional>): Tensor => {
    tensorArgs('margin_ranking_loss', { input1, input2, target })
    const { margin = 0, ...options } = readRanking(rest)
    if (input1.ndim !== input2.ndim || input1.ndim !== target.ndim) {
      throw new RuntimeError(
        `margin_ranking_loss : All input tensors should have same dimension but got sizes: input1: ${input1.shape}, input2: ${input2.shape}, target: ${target.shape} `,
      )
    }
    const apart = target.neg().mul(input1.sub(input2))
    // (the margin is a float, which whole numbers become)
    return reduced((apart.raw.dtype.isInexact ? apart : apart.float()).add(margin).clamp(0), options)
  },
)

const readCosine = signature<MarginOptions>('cosine_embedding_loss', ['margin', ...LEGACY], [], 3)
/** `1 - cos` of two vectors where the target is 1, `max(0, cos - margin)` where it is -1. */
export const cosine_embedding_loss = keyed(
  'cosine_embedding_loss',
  'input2 target ...',
  (input1: Tensor, input2: Tensor, target: Tensor, ...rest: Rest<MarginOptions, MarginPositional>): Tensor => {
    tensorArgs('cosine_embedding_loss', { input1, input2, target })
    const { margin = 0, ...options } = readCosine(rest)
    const cos = cosine(input1, input2, target.ndim)
    return reduced(only(cos.neg().add(1), target.eq(1)).add(only(cos.sub(margin).clamp(0), target.eq(-1))), options)
  },
)

const readSoft = signature<ReductionOptions>('soft_margin_loss', LEGACY, [], 2)
/** `log(1 + e^(-target input))`. */
export const soft_margin_loss = keyed(
  'soft_margin_loss',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<ReductionOptions, Legacy>): Tensor => {
    tensorArgs('soft_margin_loss', { input, target })
    return reduced(target.neg().mul(input).exp().log1p(), readSoft(rest))
  },
)

interface TripletOptions extends MarginOptions {
  p?: number
  eps?: number
  swap?: boolean
}
type TripletPositional = ['margin', 'p', 'eps', 'swap', ...Legacy]
const readTriplet = signature<TripletOptions>('triplet_margin_loss', ['margin', 'p', 'eps', 'swap', ...LEGACY], [], 3)
/** `max(0, d(anchor, positive) - d(anchor, negative) + margin)`. */
export const triplet_margin_loss = keyed(
  'triplet_margin_loss',
  'positive negative ...',
  (anchor: Tensor, positive: Tensor, negative: Tensor, ...rest: Rest<TripletOptions, TripletPositional>): Tensor => {
    tensorArgs('triplet_margin_loss', { anchor, positive, negative })
    const { margin = 1, p: power = 2, eps = 1e-6, swap = false, ...options } = readTriplet(rest)
    if (margin <= 0) throw new ValueError(`margin must be greater than 0, got ${margin}`)
    const near = pairwise_distance(anchor, positive, power, eps)
    let far = pairwise_distance(anchor, negative, power, eps)
    if (swap) far = far.minimum(pairwise_distance(positive, negative, power, eps))
    return reduced(near.sub(far).add(margin).clamp(0), options)
  },
)

interface DistanceOptions extends ReductionOptions {
  distance_function?: ((x: Tensor, y: Tensor) => Tensor) | null
  margin?: number
  swap?: boolean
}
const readDistance = signature<DistanceOptions>(
  'triplet_margin_with_distance_loss',
  [],
  ['distance_function', 'margin', 'swap', 'reduction'],
  3,
)
/** `max(0, d(anchor, positive) - d(anchor, negative) + margin)` with any distance. */
export const triplet_margin_with_distance_loss = keyed(
  'triplet_margin_with_distance_loss',
  'positive negative ...',
  (anchor: Tensor, positive: Tensor, negative: Tensor, ...rest: Rest<DistanceOptions, []>): Tensor => {
    tensorArgs('triplet_margin_with_distance_loss', { anchor, positive, negative })
    const { distance_function, margin = 1, swap = false, ...options } = readDistance(rest)
    if (margin <= 0) throw new ValueError(`margin must be greater than 0, got ${margin}`)
    const distance = distance_function ?? ((x: Tensor, y: Tensor) => pairwise_distance(x, y))
    const near = distance(anchor, positive)
    let far = distance(anchor, negative)
    if (swap) far = far.minimum(distance(positive, negative))
    return reduced(near.sub(far).add(margin).clamp(0), options)
  },
)

/** Refuses probabilities outside [0, 1]. */
function checkProbabilities(input: Tensor): void {
  if (isReadable(input.value) && quietly(() => input.lt(0).logical_or(input.gt(1)).any().item())) {
    throw new RuntimeError('all elements of input should be between 0 and 1')
  }
}

const readBce = signature<WeightedOptions>('binary_cross_entropy', ['weight', ...LEGACY], [], 2)
/** The cross entropy of probabilities and targets between 0 and 1; logarithms are held above -100. */
export const binary_cross_entropy = keyed(
  'binary_cross_entropy',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<WeightedOptions, ['weight', ...Legacy]>): Tensor => {
    const { weight, ...options } = readBce(rest)
    tensorArg('binary_cross_entropy', input)
    tensorArg('binary_cross_entropy', target, 'target')
    if (input.shape.join() !== target.shape.join()) {
      throw new ValueError(
        `Using a target size (${target.shape}) that is different to the input size (${input.shape}) is deprecated. Please ensure they have the same size.`,
      )
    }
    ;[input, target] = raised(input, target)
    checkProbabilities(input)
    const losses = new Tensor(p.binaryCrossEntropy(input.value, target.value))
    return named(reduced(weight ? losses.mul(weight) : losses, options), 'BinaryCrossEntropyBackward0')
  },
)

interface LogitsOptions extends WeightedOptions {
  /** The weight of positive examples. */
  pos_weight?: Tensor | null
}
type LogitsPositional = ['weight', ...Legacy, 'pos_weight']
const readLogits = signature<LogitsOptions>('binary_cross_entropy_with_logits', ['weight', ...LEGACY, 'pos_weight'], [], 2)
/** The binary cross entropy of `sigmoid(input)`, without its rounding. */
export const binary_cross_entropy_with_logits = keyed(
  'binary_cross_entropy_with_logits',
  'target ...',
  (input: Tensor, target: Tensor, ...rest: Rest<LogitsOptions, LogitsPositional>): Tensor => {
    const { weight, pos_weight, ...options } = readLogits(rest)
    tensorArg('binary_cross_entropy_with_logits', input)
    tensorArg('binary_cross_entropy_with_logits', target, 'target')
    if (input.shape.join() !== target.shape.join()) {
      throw new ValueError(`Target size (${target.shape}) must be the same as input size (${input.shape})`)
    }
    const log = applied(p.logSigmoid, input)
    const factor = pos_weight ? pos_weight.sub(1).mul(target).add(1) : null
    const losses = target
      .neg()
      .add(1)
      .mul(input)
      .sub(factor ? factor.mul(log) : log)
    return named(reduced(weight ? losses.mul(weight) : losses, options), 'BinaryCrossEntropyWithLogitsBackward0')
  },
)
