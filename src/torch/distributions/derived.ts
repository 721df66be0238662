/** Families that are images of others: log-normal, half normal and Cauchy, Gumbel, Pareto, Weibull, Kumaraswamy, inverse gamma, logistic normal. */

import { type Rest, signature } from '../../core/arguments.ts'
import { where } from '../functions/arithmetic.ts'
import { full_like, ones_like, zeros_like } from '../functions/creation.ts'
import type { Tensor } from '../tensor.ts'
import { type Constraint, greater_than_eq, nonnegative, positive, real, simplex, unit_interval } from './constraints.ts'
import type { Constraints, ValidateOptions } from './distribution.ts'
import { Gamma } from './gamma.ts'
import { Cauchy, Exponential, type LocScale, Normal, Uniform } from './location.ts'
import { checkTensor, EULER, eps, from, type Param, pair, tiny, valueLike } from './support.ts'
import { TransformedDistribution } from './transformed.ts'
import { AbsTransform, AffineTransform, ExpTransform, PowerTransform, StickBreakingTransform } from './transforms.ts'

type LocScaleNames = ['loc', 'scale', 'validate_args']
const LOC_SCALE = ['loc', 'scale', 'validate_args'] as const
const INF = Number.POSITIVE_INFINITY

/** Numbers whose logarithms are normal. */
export class LogNormal extends TransformedDistribution {
  declare readonly base_dist: Normal

  constructor(...args: Rest<LocScale, LocScaleNames>) {
    const o = signature<LocScale>('LogNormal', LOC_SCALE, [], 0)(args)
    super(new Normal(o.loc, o.scale, o.validate_args ?? undefined), new ExpTransform(), o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { loc: real, scale: positive }
  }
  override get support(): Constraint {
    return positive
  }
  get loc(): Tensor {
    return this.base_dist.loc
  }
  get scale(): Tensor {
    return this.base_dist.scale
  }
  override get mean(): Tensor {
    return this.loc.add(this.scale.pow(2).div(2)).exp()
  }
  override get mode(): Tensor {
    return this.loc.sub(this.scale.square()).exp()
  }
  override get variance(): Tensor {
    const squared = this.scale.pow(2)
    return squared.expm1().mul(this.loc.mul(2).add(squared).exp())
  }
  override entropy(): Tensor {
    return this.base_dist.entropy().add(this.loc)
  }
}

interface ScaleOptions extends ValidateOptions {
  readonly scale: Param
}
type ScaleNames = ['scale', 'validate_args']
const SCALE = ['scale', 'validate_args'] as const

/** The absolute value of symmetric families about 0. */
abstract class Half<B extends Normal | Cauchy> extends TransformedDistribution {
  declare readonly base_dist: B

  override get arg_constraints(): Constraints {
    return { scale: positive }
  }
  override get support(): Constraint {
    return nonnegative
  }
  get scale(): Tensor {
    return this.base_dist.scale
  }
  override get mode(): Tensor {
    return zeros_like(this.scale)
  }
  override log_prob(value: Param): Tensor {
    const x = valueLike(value, this.scale)
    this._validate_sample(x)
    return where(x.ge(0), this.base_dist.log_prob(x).add(Math.LN2), -INF)
  }
  override cdf(value: Tensor): Tensor {
    this._validate_sample(value)
    return this.base_dist.cdf(value).mul(2).sub(1)
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    return this.base_dist.icdf(value.add(1).div(2))
  }
  override entropy(): Tensor {
    return this.base_dist.entropy().sub(Math.LN2)
  }
}

/** The absolute value of normal numbers of mean 0. */
export class HalfNormal extends Half<Normal> {
  constructor(...args: Rest<ScaleOptions, ScaleNames>) {
    const o = signature<ScaleOptions>('HalfNormal', SCALE, [], 0)(args)
    const base = new Normal(0, o.scale, o.validate_args ?? undefined)
    super(base, new AbsTransform(), o.validate_args)
  }
  override get mean(): Tensor {
    return this.scale.mul(Math.sqrt(2 / Math.PI))
  }
  override get variance(): Tensor {
    return this.scale.pow(2).mul(1 - 2 / Math.PI)
  }
}

/** The absolute value of Cauchy numbers about 0. */
export class HalfCauchy extends Half<Cauchy> {
  constructor(...args: Rest<ScaleOptions, ScaleNames>) {
    const o = signature<ScaleOptions>('HalfCauchy', SCALE, [], 0)(args)
    const base = new Cauchy(0, o.scale, o.validate_args ?? undefined)
    super(base, new AbsTransform(), o.validate_args)
  }
  override get mean(): Tensor {
    return full_like(this.scale, INF)
  }
  override get variance(): Tensor {
    return this.base_dist.variance
  }
}

/** The Gumbel distribution, of the largest of many numbers. */
export class Gumbel extends TransformedDistribution {
  declare readonly loc: Tensor
  declare readonly scale: Tensor

  constructor(...args: Rest<LocScale, LocScaleNames>) {
    const o = signature<LocScale>('Gumbel', LOC_SCALE, [], 0)(args)
    const [loc, scale] = pair(o.loc, o.scale)
    const base = new Uniform(full_like(loc, tiny(loc)), full_like(loc, 1 - eps(loc)), o.validate_args ?? undefined)
    const down = new AffineTransform(0, ones_like(scale).neg())
    const chain = [new ExpTransform().inv, down, new ExpTransform().inv, new AffineTransform(loc, scale.neg())]
    super(base, chain, o.validate_args, { loc, scale })
  }
  override get arg_constraints(): Constraints {
    return { loc: real, scale: positive }
  }
  override get support(): Constraint {
    return real
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const y = this.loc.sub(value).div(this.scale)
    return y.sub(y.exp()).sub(this.scale.log())
  }
  override get mean(): Tensor {
    return this.loc.add(this.scale.mul(EULER))
  }
  override get mode(): Tensor {
    return this.loc
  }
  override get stddev(): Tensor {
    return this.scale.mul(Math.PI / Math.sqrt(6))
  }
  override get variance(): Tensor {
    return this.stddev.pow(2)
  }
  override entropy(): Tensor {
    return this.scale.log().add(1 + EULER)
  }
}

interface ParetoOptions extends ScaleOptions {
  readonly alpha: Param
}

/** The Pareto distribution of type 1: a power law from `scale` on. */
export class Pareto extends TransformedDistribution {
  declare readonly scale: Tensor
  declare readonly alpha: Tensor

  constructor(...args: Rest<ParetoOptions, ['scale', 'alpha', 'validate_args']>) {
    const o = signature<ParetoOptions>('Pareto', ['scale', 'alpha', 'validate_args'], [], 0)(args)
    const [scale, alpha] = pair(o.scale, o.alpha)
    const base = new Exponential(alpha, o.validate_args ?? undefined)
    super(base, [new ExpTransform(), new AffineTransform(0, scale)], o.validate_args, { scale, alpha })
  }
  override get arg_constraints(): Constraints {
    return { alpha: positive, scale: positive }
  }
  override get support(): Constraint {
    return greater_than_eq(this.scale)
  }
  override get mean(): Tensor {
    const a = this.alpha.clamp(1)
    return a.mul(this.scale).div(a.sub(1))
  }
  override get mode(): Tensor {
    return this.scale
  }
  override get variance(): Tensor {
    const a = this.alpha.clamp(2)
    return this.scale
      .pow(2)
      .mul(a)
      .div(a.sub(1).pow(2).mul(a.sub(2)))
  }
  override entropy(): Tensor {
    return this.scale.div(this.alpha).log().add(this.alpha.reciprocal().add(1))
  }
}

interface WeibullOptions extends ScaleOptions {
  readonly concentration: Param
}

/** The Weibull distribution: a power of exponential numbers. */
export class Weibull extends TransformedDistribution {
  declare readonly scale: Tensor
  declare readonly concentration: Tensor

  constructor(...args: Rest<WeibullOptions, ['scale', 'concentration', 'validate_args']>) {
    const o = signature<WeibullOptions>('Weibull', ['scale', 'concentration', 'validate_args'], [], 0)(args)
    const [scale, concentration] = pair(o.scale, o.concentration)
    const base = new Exponential(ones_like(scale), o.validate_args ?? undefined)
    const chain = [new PowerTransform(concentration.reciprocal()), new AffineTransform(0, scale)]
    super(base, chain, o.validate_args, { scale, concentration })
  }
  override get arg_constraints(): Constraints {
    return { scale: positive, concentration: positive }
  }
  override get support(): Constraint {
    return positive
  }
  /** One over the concentration. */
  get concentration_reciprocal(): Tensor {
    return this.concentration.reciprocal()
  }
  override get mean(): Tensor {
    return this.scale.mul(this.concentration_reciprocal.add(1).lgamma().exp())
  }
  override get mode(): Tensor {
    return this.scale.mul(this.concentration.sub(1).div(this.concentration).pow(this.concentration.reciprocal()))
  }
  override get variance(): Tensor {
    const inverse = this.concentration_reciprocal
    const second = inverse.mul(2).add(1).lgamma().exp()
    return this.scale.pow(2).mul(second.sub(inverse.add(1).lgamma().mul(2).exp()))
  }
  override entropy(): Tensor {
    const inverse = this.concentration_reciprocal
    return from(1, inverse).mul(EULER).add(this.scale.mul(inverse).log()).add(1)
  }
}

interface KumaraswamyOptions extends ValidateOptions {
  readonly concentration1: Param
  readonly concentration0: Param
}

/** The n-th moment of a Kumaraswamy distribution. */
function moment(a: Tensor, b: Tensor, n: number): Tensor {
  const arg = a.reciprocal().mul(n).add(1)
  return b.mul(arg.lgamma().add(b.lgamma()).sub(arg.add(b).lgamma()).exp())
}

/** The Kumaraswamy distribution on (0, 1), near to the beta distribution. */
export class Kumaraswamy extends TransformedDistribution {
  declare readonly concentration1: Tensor
  declare readonly concentration0: Tensor

  constructor(...args: Rest<KumaraswamyOptions, ['concentration1', 'concentration0', 'validate_args']>) {
    const names = ['concentration1', 'concentration0', 'validate_args'] as const
    const o = signature<KumaraswamyOptions>('Kumaraswamy', names, [], 0)(args)
    const [a, b] = pair(o.concentration1, o.concentration0)
    const base = new Uniform(zeros_like(b), ones_like(b), o.validate_args ?? undefined)
    const chain = [new PowerTransform(b.reciprocal()), new AffineTransform(1, -1), new PowerTransform(a.reciprocal())]
    super(base, chain, o.validate_args, { concentration1: a, concentration0: b })
  }
  override get arg_constraints(): Constraints {
    return { concentration1: positive, concentration0: positive }
  }
  override get support(): Constraint {
    return unit_interval
  }
  override get mean(): Tensor {
    return moment(this.concentration1, this.concentration0, 1)
  }
  override get mode(): Tensor {
    const { concentration1: a, concentration0: b } = this
    const log = b.reciprocal().mul(b.neg().log1p()).sub(b.neg().mul(a).log1p())
    return log.masked_fill(b.lt(1).logical_or(a.lt(1)), Number.NaN).exp()
  }
  override get variance(): Tensor {
    return moment(this.concentration1, this.concentration0, 2).sub(this.mean.pow(2))
  }
  override entropy(): Tensor {
    const { concentration1: a, concentration0: b } = this
    const harmonic = b.add(1).digamma().add(EULER)
    return from(1, b.reciprocal()).add(from(1, a.reciprocal()).mul(harmonic)).sub(a.log()).sub(b.log())
  }
}

interface InverseGammaOptions extends ValidateOptions {
  readonly concentration: Param
  readonly rate: Param
}

/** One over gamma numbers. */
export class InverseGamma extends TransformedDistribution {
  declare readonly base_dist: Gamma

  constructor(...args: Rest<InverseGammaOptions, ['concentration', 'rate', 'validate_args']>) {
    const o = signature<InverseGammaOptions>('InverseGamma', ['concentration', 'rate', 'validate_args'], [], 0)(args)
    const base = new Gamma(o.concentration, o.rate, o.validate_args ?? undefined)
    super(base, new PowerTransform(base.rate.new_ones([]).neg()), o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { concentration: positive, rate: positive }
  }
  override get support(): Constraint {
    return positive
  }
  get concentration(): Tensor {
    return this.base_dist.concentration
  }
  get rate(): Tensor {
    return this.base_dist.rate
  }
  override get mean(): Tensor {
    return where(this.concentration.gt(1), this.rate.div(this.concentration.sub(1)), INF)
  }
  override get mode(): Tensor {
    return this.rate.div(this.concentration.add(1))
  }
  override get variance(): Tensor {
    const a = this.concentration
    return where(a.gt(2), this.rate.square().div(a.sub(1).square().mul(a.sub(2))), INF)
  }
  override entropy(): Tensor {
    const a = this.concentration
    return a.add(this.rate.log()).add(a.lgamma()).sub(a.add(1).mul(a.digamma()))
  }
}

/** Points of the simplex whose stick-breaking numbers are normal. */
export class LogisticNormal extends TransformedDistribution {
  constructor(...args: Rest<LocScale, LocScaleNames>) {
    const o = signature<LocScale>('LogisticNormal', LOC_SCALE, [], 0)(args)
    const base = new Normal(o.loc, o.scale, o.validate_args ?? undefined)
    super(base.batch_shape.length === 0 ? base.expand([1]) : base, new StickBreakingTransform(), o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { loc: real, scale: positive }
  }
  override get support(): Constraint {
    return simplex
  }
  private get normal(): Normal {
    return (this.base_dist as unknown as { base_dist: Normal }).base_dist
  }
  get loc(): Tensor {
    return this.normal.loc
  }
  get scale(): Tensor {
    return this.normal.scale
  }
}
