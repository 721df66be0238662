/** Continuous stand-ins for discrete families (Maddison, Mnih and Teh, The concrete distribution, 2017), and the continuous Bernoulli distribution. */

import { type Rest, signature } from '../../core/arguments.ts'
import { where } from '../functions/arithmetic.ts'
import { full_like, ones_like, zeros_like } from '../functions/creation.ts'
import { rand } from '../functions/random.ts'
import { binary_cross_entropy_with_logits } from '../nn/functional/regression.ts'
import type { Tensor } from '../tensor.ts'
import { Categorical, OverOutcomes } from './categorical.ts'
import { type Constraint, real, real_vector, simplex, unit_interval } from './constraints.ts'
import { Binary, givenOf, type ProbsOrLogits } from './discrete.ts'
import { type Constraints, Distribution } from './distribution.ts'
import { checkShape, checkTensor, from, type Param, pair } from './support.ts'
import { TransformedDistribution } from './transformed.ts'
import { ExpTransform, SigmoidTransform } from './transforms.ts'
import { broadcast_all, clamp_probs, logits_to_probs, probs_to_logits } from './utils.ts'

interface RelaxedOptions extends ProbsOrLogits {
  readonly temperature: Param
}
type Names = ['temperature', 'probs', 'logits', 'validate_args']
const NAMES = ['temperature', 'probs', 'logits', 'validate_args'] as const

/** The log odds of a relaxed Bernoulli number. */
export class LogitRelaxedBernoulli extends Distribution {
  declare readonly temperature: Tensor

  constructor(...args: Rest<RelaxedOptions, Names>) {
    const o = signature<RelaxedOptions>('LogitRelaxedBernoulli', NAMES, [], 0)(args)
    const [name, given] = givenOf(o)
    const [param] = broadcast_all(given) as [Tensor]
    super({ [name]: param }, param.shape, [], o.validate_args, { temperature: broadcast_all(o.temperature)[0]! })
  }
  override get arg_constraints(): Constraints {
    return { probs: unit_interval, logits: real }
  }
  override get support(): Constraint {
    return real
  }
  get probs(): Tensor {
    return this.once('probs', () => logits_to_probs(this.logits, true))
  }
  get logits(): Tensor {
    return this.once('logits', () => probs_to_logits(this.probs, true))
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const shape = this._extended_shape(sample_shape)
    const probs = clamp_probs(this.probs.expand(shape))
    const u = clamp_probs(rand(shape, { dtype: probs.dtype }))
    return u.log().sub(u.neg().log1p()).add(probs.log()).sub(probs.neg().log1p()).div(this.temperature)
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const [logits, x] = pair(this.logits, value)
    const diff = logits.sub(x.mul(this.temperature))
    return this.temperature.log().add(diff).sub(diff.exp().log1p().mul(2))
  }
}

/** A relaxed family behind a transform: the parameters are those of the base. */
abstract class Relaxed extends TransformedDistribution {
  declare readonly base_dist: LogitRelaxedBernoulli | ExpRelaxedCategorical

  get temperature(): Tensor {
    return this.base_dist.temperature
  }
  get probs(): Tensor {
    return this.base_dist.probs
  }
  get logits(): Tensor {
    return this.base_dist.logits
  }
}

/** Numbers in (0, 1) near a Bernoulli distribution's 0 and 1: the nearer, the lower the temperature. */
export class RelaxedBernoulli extends Relaxed {
  declare readonly base_dist: LogitRelaxedBernoulli

  constructor(...args: Rest<RelaxedOptions, Names>) {
    const o = signature<RelaxedOptions>('RelaxedBernoulli', NAMES, [], 0)(args)
    super(new LogitRelaxedBernoulli({ ...o }), new SigmoidTransform(), o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { probs: unit_interval, logits: real }
  }
  override get support(): Constraint {
    return unit_interval
  }
}

/** The logarithms of a relaxed one-hot vector. */
export class ExpRelaxedCategorical extends OverOutcomes {
  declare readonly temperature: Tensor

  constructor(...args: Rest<RelaxedOptions, Names>) {
    const o = signature<RelaxedOptions>('ExpRelaxedCategorical', NAMES, [], 0)(args)
    const index = new Categorical({ probs: o.probs, logits: o.logits, validate_args: o.validate_args })
    super(index.given, index.batch_shape, [index._num_events], o.validate_args, { temperature: broadcast_all(o.temperature)[0]! })
  }
  override get support(): Constraint {
    return real_vector
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const u = clamp_probs(rand(this._extended_shape(sample_shape), { dtype: this.logits.dtype }))
    const scores = this.logits.add(u.log().neg().log().neg()).div(this.temperature)
    return scores.sub(scores.logsumexp(-1, true))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const k = this._num_events
    const [logits, x] = pair(this.logits, value)
    const scale = full_like(this.temperature, k)
      .lgamma()
      .add(this.temperature.log().mul(k - 1))
    const score = logits.sub(x.mul(this.temperature))
    return score.sub(score.logsumexp(-1, true)).sum(-1).add(scale)
  }
}

/** Points of the simplex near a one-hot distribution's corners: the nearer, the lower the temperature. */
export class RelaxedOneHotCategorical extends Relaxed {
  declare readonly base_dist: ExpRelaxedCategorical

  constructor(...args: Rest<RelaxedOptions, Names>) {
    const o = signature<RelaxedOptions>('RelaxedOneHotCategorical', NAMES, [], 0)(args)
    super(new ExpRelaxedCategorical({ ...o }), new ExpTransform(), o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { probs: simplex, logits: real_vector }
  }
  override get support(): Constraint {
    return simplex
  }
}

interface ContinuousOptions extends ProbsOrLogits {
  /** Between these probabilities series about 1/2 are used. */
  readonly lims?: readonly [number, number]
}

/** Numbers in [0, 1] with density proportional to p^x (1 - p)^(1 - x) (Loaiza-Ganem and Cunningham, 2019). */
export class ContinuousBernoulli extends Binary {
  declare readonly lims: readonly [number, number]

  constructor(...args: Rest<ContinuousOptions, ['probs', 'logits', 'lims', 'validate_args']>) {
    const o = signature<ContinuousOptions>('ContinuousBernoulli', ['probs', 'logits', 'lims', 'validate_args'], [], 0)(args)
    const [name, given] = givenOf(o)
    const [param] = broadcast_all(given) as [Tensor]
    const kept = name === 'probs' ? clamp_probs(param) : param
    super({ [name]: kept }, param.shape, [], o.validate_args, { lims: o.lims ?? [0.499, 0.501] })
  }
  override get support(): Constraint {
    return unit_interval
  }
  override get _mean_carrier_measure(): number {
    return 0
  }
  /** Where the formulas are stable, and the probabilities with stable ones elsewhere. */
  private stable(): [where: Tensor, cut: Tensor] {
    const outside = this.probs.le(this.lims[0]).logical_or(this.probs.gt(this.lims[1]))
    return [outside, where(outside, this.probs, ones_like(this.probs).mul(this.lims[0]))]
  }
  /** @internal The logarithm of the density's constant. */
  _cont_bern_log_norm(): Tensor {
    const [outside, cut] = this.stable()
    const below = where(cut.le(0.5), cut, zeros_like(cut))
    const above = where(cut.ge(0.5), cut, ones_like(cut))
    const halves = where(cut.le(0.5), below.mul(-2).log1p(), above.mul(2).sub(1).log())
    const general = cut.neg().log1p().sub(cut.log()).abs().log().sub(halves)
    const x = this.probs.sub(0.5).pow(2)
    return where(
      outside,
      general,
      x
        .mul(104 / 45)
        .add(4 / 3)
        .mul(x)
        .add(Math.LN2),
    )
  }
  override get mean(): Tensor {
    const [outside, cut] = this.stable()
    const general = cut.div(cut.mul(2).sub(1)).add(cut.neg().log1p().sub(cut.log()).reciprocal())
    const x = this.probs.sub(0.5)
    return where(
      outside,
      general,
      x
        .pow(2)
        .mul(16 / 45)
        .add(1 / 3)
        .mul(x)
        .add(0.5),
    )
  }
  override get variance(): Tensor {
    const [outside, cut] = this.stable()
    const general = cut
      .mul(cut.sub(1))
      .div(from(1, cut.mul(2)).pow(2))
      .add(cut.neg().log1p().sub(cut.log()).pow(2).reciprocal())
    const x = this.probs.sub(0.5).pow(2)
    return where(outside, general, from(1 / 12, from(1 / 15, x.mul(128 / 945)).mul(x)))
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return this.icdf(rand(this._extended_shape(sample_shape), { dtype: this.probs.dtype }))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const [logits, x] = pair(this.logits, value)
    return binary_cross_entropy_with_logits(logits, x, { reduction: 'none' }).neg().add(this._cont_bern_log_norm())
  }
  override cdf(value: Tensor): Tensor {
    this._validate_sample(value)
    const [outside, cut] = this.stable()
    const powers = cut.pow(value).mul(from(1, cut).pow(from(1, value)))
    const inside = where(outside, powers.add(cut).sub(1).div(cut.mul(2).sub(1)), value)
    return where(value.le(0), zeros_like(value), where(value.ge(1), ones_like(value), inside))
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    const [outside, cut] = this.stable()
    const failure = cut.neg().log1p()
    const general = value.mul(cut.mul(2).sub(1)).sub(cut).log1p().sub(failure).div(cut.log().sub(failure))
    return where(outside, general, value)
  }
  override entropy(): Tensor {
    const failure = this.probs.neg().log1p()
    return this.mean.mul(failure.sub(this.probs.log())).sub(this._cont_bern_log_norm()).sub(failure)
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.logits]
  }
  override _log_normalizer(x: Tensor): Tensor {
    const outside = x.le(this.lims[0] - 0.5).logical_or(x.gt(this.lims[1] - 0.5))
    const cut = where(outside, x, ones_like(x).mul(this.lims[0] - 0.5))
    const general = cut.expm1().abs().log().sub(cut.abs().log())
    return where(outside, general, x.mul(0.5).add(x.pow(2).div(24)).sub(x.pow(4).div(2880)))
  }
}
