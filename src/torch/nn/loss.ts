/** Losses as modules. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import type { Tensor } from '../tensor.ts'
import * as C from './functional/classification.ts'
import { type CTCOptions, ctc_loss } from './functional/ctc.ts'
import { cosine_similarity, pairwise_distance } from './functional/distance.ts'
import * as R from './functional/regression.ts'
import { type Reduction, type ReductionOptions, reductionOf } from './functional/support.ts'
import { Module } from './module.ts'
import { Buffer } from './parameter.ts'

type Legacy = ['size_average', 'reduce', 'reduction']
const LEGACY: Legacy = ['size_average', 'reduce', 'reduction']
const readPlain = signature<ReductionOptions>('Loss', LEGACY, [], 0)

/** A loss with its reduction. */
abstract class Loss extends Module {
  readonly reduction: Reduction
  constructor(options: ReductionOptions) {
    super()
    this.reduction = reductionOf(options)
  }
}

/** A loss with no option but its reduction. */
abstract class PlainLoss extends Loss {
  constructor(...rest: Rest<ReductionOptions, Legacy>) {
    super(readPlain(rest))
  }
}

/** A weight as part of the module's state: it moves with it. */
const buffer = (weight: Tensor | null | undefined): Buffer | null => (weight ? new Buffer(weight) : null)

/** The mean of squared differences. */
export class MSELoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return R.mse_loss(input, target, { reduction: this.reduction })
  }
}
/** The mean of absolute differences. */
export class L1Loss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return R.l1_loss(input, target, { reduction: this.reduction })
  }
}
/** `log(1 + e^(-target input))`. */
export class SoftMarginLoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return R.soft_margin_loss(input, target, { reduction: this.reduction })
  }
}

interface CrossEntropyOptions extends C.CrossEntropyOptions {}
type CrossPositional = ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing']
const readCross = signature<CrossEntropyOptions>(
  'CrossEntropyLoss',
  ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction', 'label_smoothing'],
  [],
  0,
)
/** The cross entropy of logits and classes, or probabilities of classes. */
export class CrossEntropyLoss extends Loss {
  readonly ignore_index: number
  readonly label_smoothing: number
  weight: Buffer | null
  constructor(...rest: Rest<CrossEntropyOptions, CrossPositional>) {
    const { weight, ignore_index = -100, label_smoothing = 0, ...options } = readCross(rest)
    super(options)
    this.ignore_index = ignore_index
    this.label_smoothing = label_smoothing
    this.weight = buffer(weight)
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction, label_smoothing } = this
    return C.cross_entropy(input, target, { weight, ignore_index, reduction, label_smoothing })
  }
}

type NllPositional = ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction']
const readNll = signature<C.NllOptions>('NLLLoss', ['weight', 'size_average', 'ignore_index', 'reduce', 'reduction'], [], 0)
/** The negative log-probabilities of classes. */
export class NLLLoss extends Loss {
  readonly ignore_index: number
  weight: Buffer | null
  constructor(...rest: Rest<C.NllOptions, NllPositional>) {
    const { weight, ignore_index = -100, ...options } = readNll(rest)
    super(options)
    this.ignore_index = ignore_index
    this.weight = buffer(weight)
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, ignore_index, reduction } = this
    return C.nll_loss(input, target, { weight, ignore_index, reduction })
  }
}

interface WeightOptions extends ReductionOptions {
  weight?: Tensor | null
}
const readWeight = signature<WeightOptions>('BCELoss', ['weight', ...LEGACY], [], 0)
/** The cross entropy of probabilities and targets between 0 and 1. */
export class BCELoss extends Loss {
  weight: Buffer | null
  constructor(...rest: Rest<WeightOptions, ['weight', ...Legacy]>) {
    const { weight, ...options } = readWeight(rest)
    super(options)
    this.weight = buffer(weight)
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return R.binary_cross_entropy(input, target, { weight: this.weight, reduction: this.reduction })
  }
}

interface LogitsOptions extends WeightOptions {
  pos_weight?: Tensor | null
}
const readLogits = signature<LogitsOptions>('BCEWithLogitsLoss', ['weight', ...LEGACY, 'pos_weight'], [], 0)
/** The binary cross entropy of `sigmoid(input)`. */
export class BCEWithLogitsLoss extends Loss {
  weight: Buffer | null
  pos_weight: Buffer | null
  constructor(...rest: Rest<LogitsOptions, ['weight', ...Legacy, 'pos_weight']>) {
    const { weight, pos_weight, ...options } = readLogits(rest)
    super(options)
    this.weight = buffer(weight)
    this.pos_weight = buffer(pos_weight)
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { weight, pos_weight, reduction } = this
    return R.binary_cross_entropy_with_logits(input, target, { weight, pos_weight, reduction })
  }
}

interface BetaOptions extends ReductionOptions {
  beta?: number
}
const readBeta = signature<BetaOptions>('SmoothL1Loss', [...LEGACY, 'beta'], [], 0)
/** Squares of small differences, absolute values of large ones (Girshick 2015). */
export class SmoothL1Loss extends Loss {
  readonly beta: number
  constructor(...rest: Rest<BetaOptions, [...Legacy, 'beta']>) {
    const { beta = 1, ...options } = readBeta(rest)
    super(options)
    this.beta = beta
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return R.smooth_l1_loss(input, target, { reduction: this.reduction, beta: this.beta })
  }
}

interface DeltaOptions {
  reduction?: Reduction
  delta?: number
}
const readDelta = signature<DeltaOptions>('HuberLoss', ['reduction', 'delta'], [], 0)
/** Half the squares of small differences, `delta` times the size of large ones (Huber 1964). */
export class HuberLoss extends Loss {
  readonly delta: number
  constructor(...rest: Rest<DeltaOptions, ['reduction', 'delta']>) {
    const { delta = 1, ...options } = readDelta(rest)
    super(options)
    this.delta = delta
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return R.huber_loss(input, target, { reduction: this.reduction, delta: this.delta })
  }
}

interface KlOptions extends Omit<ReductionOptions, 'reduction'> {
  reduction?: Reduction | 'batchmean'
  log_target?: boolean
}
const readKl = signature<KlOptions>('KLDivLoss', [...LEGACY, 'log_target'], [], 0)
/** The Kullback-Leibler divergence of the target from the input, which is logarithms. */
export class KLDivLoss extends Module {
  readonly reduction: Reduction | 'batchmean'
  readonly log_target: boolean
  constructor(...rest: Rest<KlOptions, [...Legacy, 'log_target']>) {
    super()
    const { log_target = false, reduction = 'mean', ...legacy } = readKl(rest)
    this.reduction = reduction === 'batchmean' ? reduction : reductionOf({ ...legacy, reduction })
    this.log_target = log_target
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return R.kl_div(input, target, { reduction: this.reduction, log_target: this.log_target })
  }
}

interface PoissonOptions extends ReductionOptions {
  log_input?: boolean
  full?: boolean
  eps?: number
}
const readPoisson = signature<PoissonOptions>('PoissonNLLLoss', ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction'], [], 0)
/** The negative log likelihood of counts under Poisson distributions. */
export class PoissonNLLLoss extends Loss {
  readonly log_input: boolean
  readonly full: boolean
  readonly eps: number
  constructor(...rest: Rest<PoissonOptions, ['log_input', 'full', 'size_average', 'eps', 'reduce', 'reduction']>) {
    const { log_input = true, full = false, eps = 1e-8, ...options } = readPoisson(rest)
    super(options)
    this.log_input = log_input
    this.full = full
    this.eps = eps
  }
  override forward(log_input: Tensor, target: Tensor): Tensor {
    const { full, eps, reduction } = this
    return R.poisson_nll_loss(log_input, target, { log_input: this.log_input, full, eps, reduction })
  }
}

interface GaussianOptions {
  full?: boolean
  eps?: number
  reduction?: Reduction
}
/** The negative log likelihood under normal distributions. */
export class GaussianNLLLoss extends Loss {
  readonly full: boolean
  readonly eps: number
  constructor({ full = false, eps = 1e-6, ...options }: GaussianOptions = {}) {
    super(options)
    this.full = full
    this.eps = eps
  }
  override forward(input: Tensor, target: Tensor, variance: Tensor | number): Tensor {
    const { full, eps, reduction } = this
    return R.gaussian_nll_loss(input, target, variance, { full, eps, reduction })
  }
}

interface MarginOptions extends ReductionOptions {
  margin?: number
}
type MarginPositional = ['margin', ...Legacy]
const readMargin = signature<MarginOptions>('MarginLoss', ['margin', ...LEGACY], [], 0)
/** A loss with a margin. */
abstract class MarginLoss extends Loss {
  readonly margin: number
  constructor(rest: Rest<MarginOptions, MarginPositional>, byDefault: number) {
    const { margin = byDefault, ...options } = readMargin(rest)
    super(options)
    this.margin = margin
  }
  protected get options(): { margin: number; reduction: Reduction } {
    return { margin: this.margin, reduction: this.reduction }
  }
}
/** The input where the target is 1, `max(0, margin - input)` where it is -1. */
export class HingeEmbeddingLoss extends MarginLoss {
  constructor(...rest: Rest<MarginOptions, MarginPositional>) {
    super(rest, 1)
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return R.hinge_embedding_loss(input, target, this.options)
  }
}
/** `max(0, -target (input1 - input2) + margin)`. */
export class MarginRankingLoss extends MarginLoss {
  constructor(...rest: Rest<MarginOptions, MarginPositional>) {
    super(rest, 0)
  }
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return R.margin_ranking_loss(input1, input2, target, this.options)
  }
}
/** `1 - cos` where the target is 1, `max(0, cos - margin)` where it is -1. */
export class CosineEmbeddingLoss extends MarginLoss {
  constructor(...rest: Rest<MarginOptions, MarginPositional>) {
    super(rest, 0)
  }
  override forward(input1: Tensor, input2: Tensor, target: Tensor): Tensor {
    return R.cosine_embedding_loss(input1, input2, target, this.options)
  }
}

interface TripletOptions extends MarginOptions {
  p?: number
  eps?: number
  swap?: boolean
}
const readTriplet = signature<TripletOptions>('TripletMarginLoss', ['margin', 'p', 'eps', 'swap', ...LEGACY], [], 0)
/** `max(0, d(anchor, positive) - d(anchor, negative) + margin)`. */
export class TripletMarginLoss extends Loss {
  readonly margin: number
  readonly p: number
  readonly eps: number
  readonly swap: boolean
  constructor(...rest: Rest<TripletOptions, ['margin', 'p', 'eps', 'swap', ...Legacy]>) {
    const { margin = 1, p = 2, eps = 1e-6, swap = false, ...options } = readTriplet(rest)
    super(options)
    this.margin = margin
    this.p = p
    this.eps = eps
    this.swap = swap
  }
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { margin, p, eps, swap, reduction } = this
    return R.triplet_margin_loss(anchor, positive, negative, { margin, p, eps, swap, reduction })
  }
}

interface MultiMarginOptions extends WeightOptions {
  p?: number
  margin?: number
}
const readMulti = signature<MultiMarginOptions>('MultiMarginLoss', ['p', 'margin', 'weight', ...LEGACY], [], 0)
/** `sum over other classes of max(0, margin - x[y] + x[i])^p / C`. */
export class MultiMarginLoss extends Loss {
  readonly p: number
  readonly margin: number
  weight: Buffer | null
  constructor(...rest: Rest<MultiMarginOptions, ['p', 'margin', 'weight', ...Legacy]>) {
    const { p = 1, margin = 1, weight, ...options } = readMulti(rest)
    super(options)
    this.p = p
    this.margin = margin
    this.weight = buffer(weight)
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    const { p, margin, weight, reduction } = this
    return C.multi_margin_loss(input, target, { p, margin, weight, reduction })
  }
}
/** The mean over classes of the binary cross entropy of each. */
export class MultiLabelSoftMarginLoss extends Loss {
  weight: Buffer | null
  constructor(...rest: Rest<WeightOptions, ['weight', ...Legacy]>) {
    const { weight, ...options } = readWeight(rest)
    super(options)
    this.weight = buffer(weight)
  }
  override forward(input: Tensor, target: Tensor): Tensor {
    return C.multilabel_soft_margin_loss(input, target, { weight: this.weight, reduction: this.reduction })
  }
}

interface CosineOptions {
  dim?: number
  eps?: number
}
const readCosine = signature<CosineOptions>('CosineSimilarity', ['dim', 'eps'], [], 0)
/** The cosine of the angle between vectors along a dimension. */
export class CosineSimilarity extends Module {
  readonly dim: number
  readonly eps: number
  constructor(...rest: Rest<CosineOptions, ['dim', 'eps']>) {
    super()
    const { dim = 1, eps = 1e-8 } = readCosine(rest)
    this.dim = dim
    this.eps = eps
  }
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return cosine_similarity(x1, x2, this.dim, this.eps)
  }
}

interface DistanceOptions {
  p?: number
  eps?: number
  keepdim?: boolean
}
const readDistance = signature<DistanceOptions>('PairwiseDistance', ['p', 'eps', 'keepdim'], [], 0)
/** The p-norm of `x1 - x2 + eps` along the last dimension. */
export class PairwiseDistance extends Module {
  readonly norm: number
  readonly eps: number
  readonly keepdim: boolean
  constructor(...rest: Rest<DistanceOptions, ['p', 'eps', 'keepdim']>) {
    super()
    const { p = 2, eps = 1e-6, keepdim = false } = readDistance(rest)
    this.norm = p
    this.eps = eps
    this.keepdim = keepdim
  }
  override forward(x1: Tensor, x2: Tensor): Tensor {
    return pairwise_distance(x1, x2, this.norm, this.eps, this.keepdim)
  }
}

/** `sum over labels j and other classes i of max(0, 1 - x[y[j]] + x[i]) / C`. */
export class MultiLabelMarginLoss extends PlainLoss {
  override forward(input: Tensor, target: Tensor): Tensor {
    return C.multilabel_margin_loss(input, target, { reduction: this.reduction })
  }
}

interface MetricOptions {
  distance_function?: ((x: Tensor, y: Tensor) => Tensor) | null
  margin?: number
  swap?: boolean
  reduction?: Reduction
}
const readMetric = signature<MetricOptions>('TripletMarginWithDistanceLoss', [], ['distance_function', 'margin', 'swap', 'reduction'], 0)
/** `max(0, d(anchor, positive) - d(anchor, negative) + margin)` with any distance. */
export class TripletMarginWithDistanceLoss extends Loss {
  readonly distance_function: (x: Tensor, y: Tensor) => Tensor
  readonly margin: number
  readonly swap: boolean
  constructor(options: MetricOptions = {}) {
    const { distance_function, margin = 1, swap = false, ...more } = readMetric([options])
    super(more)
    if (margin <= 0) throw new ValueError(`TripletMarginWithDistanceLoss: expected margin to be greater than 0, got ${margin} instead`)
    this.distance_function = distance_function ?? new PairwiseDistance()
    this.margin = margin
    this.swap = swap
  }
  override forward(anchor: Tensor, positive: Tensor, negative: Tensor): Tensor {
    const { distance_function, margin, swap, reduction } = this
    return R.triplet_margin_with_distance_loss(anchor, positive, negative, { distance_function, margin, swap, reduction })
  }
}

const readCTC = signature<CTCOptions>('CTCLoss', ['blank', 'reduction', 'zero_infinity'], [], 0)
/** Connectionist temporal classification (Graves et al. 2006). */
export class CTCLoss extends Loss {
  readonly blank: number
  readonly zero_infinity: boolean
  constructor(...rest: Rest<CTCOptions, ['blank', 'reduction', 'zero_infinity']>) {
    const { blank = 0, zero_infinity = false, ...options } = readCTC(rest)
    super(options)
    this.blank = blank
    this.zero_infinity = zero_infinity
  }
  override forward(
    log_probs: Tensor,
    targets: Tensor,
    input_lengths: Tensor | readonly number[],
    target_lengths: Tensor | readonly number[],
  ): Tensor {
    const { blank, reduction, zero_infinity } = this
    return ctc_loss(log_probs, targets, input_lengths, target_lengths, { blank, reduction, zero_infinity })
  }
}
