/** Families on the real line, or a part of it, by location and scale: normal, Laplace, Cauchy, uniform, exponential, Student's t. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { where } from '../functions/arithmetic.ts'
import { isclose } from '../functions/comparison.ts'
import { empty, full_like, ones_like, zeros_like } from '../functions/creation.ts'
import { rand } from '../functions/random.ts'
import { broadcast_to } from '../functions/shape.ts'
import type { Tensor } from '../tensor.ts'
import { type Constraint, interval, nonnegative, positive, real } from './constraints.ts'
import { type Constraints, Distribution, type ValidateOptions } from './distribution.ts'
import { ExponentialFamily } from './exp_family.ts'
import { Chi2 } from './gamma.ts'
import { checkShape, checkTensor, eps, from, LOG_2PI, type Param, pair, standardNormal } from './support.ts'
import { broadcast_all } from './utils.ts'

/** Parameters of families by location and scale. */
export interface LocScale extends ValidateOptions {
  readonly loc: Param
  readonly scale: Param
}
type LocScaleNames = ['loc', 'scale', 'validate_args']
const LOC_SCALE = ['loc', 'scale', 'validate_args'] as const

/** The normal distribution, by mean and standard deviation. */
export class Normal extends ExponentialFamily {
  declare readonly loc: Tensor
  declare readonly scale: Tensor

  constructor(...args: Rest<LocScale, LocScaleNames>) {
    const o = signature<LocScale>('Normal', LOC_SCALE, [], 0)(args)
    const [loc, scale] = pair(o.loc, o.scale)
    super({ loc, scale }, loc.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { loc: real, scale: positive }
  }
  override get support(): Constraint {
    return real
  }
  override get mean(): Tensor {
    return this.loc
  }
  override get mode(): Tensor {
    return this.loc
  }
  override get stddev(): Tensor {
    return this.scale
  }
  override get variance(): Tensor {
    return this.scale.pow(2)
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return this.loc.add(standardNormal(this._extended_shape(sample_shape), this.loc).mul(this.scale))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const distance = value.sub(this.loc).pow(2).neg()
    return distance
      .div(this.variance.mul(2))
      .sub(this.scale.log())
      .sub(LOG_2PI / 2)
  }
  override cdf(value: Tensor): Tensor {
    this._validate_sample(value)
    return value.sub(this.loc).mul(this.scale.reciprocal()).div(Math.SQRT2).erf().add(1).mul(0.5)
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    return this.loc.add(this.scale.mul(value.mul(2).sub(1).erfinv()).mul(Math.SQRT2))
  }
  override entropy(): Tensor {
    return this.scale.log().add(0.5 + LOG_2PI / 2)
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.loc.div(this.scale.pow(2)), this.scale.pow(2).reciprocal().mul(-0.5)]
  }
  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    return x.pow(2).div(y).mul(-0.25).add(y.reciprocal().mul(-Math.PI).log().mul(0.5))
  }
}

/** What families on the whole line share that are symmetric about `loc`. */
abstract class LocationScale extends Distribution {
  declare readonly loc: Tensor
  declare readonly scale: Tensor

  constructor(name: string, args: Rest<LocScale, LocScaleNames>) {
    const o = signature<LocScale>(name, LOC_SCALE, [], 0)(args)
    const [loc, scale] = pair(o.loc, o.scale)
    super({ loc, scale }, loc.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { loc: real, scale: positive }
  }
  override get support(): Constraint {
    return real
  }
  override get mode(): Tensor {
    return this.loc
  }
}

/** The Laplace distribution: two exponential ones back to back. */
export class Laplace extends LocationScale {
  constructor(...args: Rest<LocScale, LocScaleNames>) {
    super('Laplace', args)
  }
  override get mean(): Tensor {
    return this.loc
  }
  override get variance(): Tensor {
    return this.scale.pow(2).mul(2)
  }
  override get stddev(): Tensor {
    return this.scale.mul(Math.SQRT2)
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const u = empty(this._extended_shape(sample_shape), { dtype: this.loc.dtype }).uniform_(eps(this.loc) - 1, 1)
    return this.loc.sub(this.scale.mul(u.sign()).mul(u.abs().neg().log1p()))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    return this.scale.mul(2).log().neg().sub(value.sub(this.loc).abs().div(this.scale))
  }
  override cdf(value: Tensor): Tensor {
    this._validate_sample(value)
    const d = value.sub(this.loc)
    return from(0.5, d.sign().mul(0.5).mul(d.abs().neg().div(this.scale).expm1()))
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    const term = value.sub(0.5)
    return this.loc.sub(this.scale.mul(term.sign()).mul(term.abs().mul(-2).log1p()))
  }
  override entropy(): Tensor {
    return this.scale.mul(2).log().add(1)
  }
}

/** The Cauchy distribution, which has no mean. */
export class Cauchy extends LocationScale {
  constructor(...args: Rest<LocScale, LocScaleNames>) {
    super('Cauchy', args)
  }
  override get mean(): Tensor {
    return full_like(this.loc, Number.NaN)
  }
  override get variance(): Tensor {
    return full_like(this.loc, Number.POSITIVE_INFINITY)
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const noise = empty(this._extended_shape(sample_shape), { dtype: this.loc.dtype }).cauchy_()
    return this.loc.add(noise.mul(this.scale))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    return from(-Math.log(Math.PI), this.scale.log()).sub(value.sub(this.loc).div(this.scale).pow(2).log1p())
  }
  override cdf(value: Tensor): Tensor {
    this._validate_sample(value)
    return value.sub(this.loc).div(this.scale).atan().div(Math.PI).add(0.5)
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    return value.sub(0.5).mul(Math.PI).tan().mul(this.scale).add(this.loc)
  }
  override entropy(): Tensor {
    return this.scale.log().add(Math.log(4 * Math.PI))
  }
}

interface UniformOptions extends ValidateOptions {
  readonly low: Param
  readonly high: Param
}

/** The uniform distribution on `low <= x < high`. */
export class Uniform extends Distribution {
  declare readonly low: Tensor
  declare readonly high: Tensor

  constructor(...args: Rest<UniformOptions, ['low', 'high', 'validate_args']>) {
    const o = signature<UniformOptions>('Uniform', ['low', 'high', 'validate_args'], [], 0)(args)
    const [low, high] = pair(o.low, o.high)
    super({ low, high }, low.shape, [], o.validate_args)
    if (this.validates && low.lt(high).all().item() !== true) throw new ValueError('Uniform is not defined when low>= high')
  }
  override get arg_constraints(): Constraints {
    return { low: real, high: real }
  }
  override get support(): Constraint {
    return interval(this.low, this.high)
  }
  override get mean(): Tensor {
    return this.high.add(this.low).div(2)
  }
  override get mode(): Tensor {
    return this.high.mul(Number.NaN)
  }
  override get stddev(): Tensor {
    return this.high.sub(this.low).div(Math.sqrt(12))
  }
  override get variance(): Tensor {
    return this.high.sub(this.low).pow(2).div(12)
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const u = rand(this._extended_shape(sample_shape), { dtype: this.low.dtype })
    return this.low.add(u.mul(this.high.sub(this.low)))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const inside = this.low.le(value).type_as(this.low).mul(this.high.gt(value).type_as(this.low))
    return inside.log().sub(this.high.sub(this.low).log())
  }
  override cdf(value: Tensor): Tensor {
    this._validate_sample(value)
    return value.sub(this.low).div(this.high.sub(this.low)).clamp(0, 1)
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    return value.mul(this.high.sub(this.low)).add(this.low)
  }
  override entropy(): Tensor {
    return this.high.sub(this.low).log()
  }
}

interface RateOptions extends ValidateOptions {
  readonly rate: Param
}

/** The exponential distribution of a rate. */
export class Exponential extends ExponentialFamily {
  declare readonly rate: Tensor

  constructor(...args: Rest<RateOptions, ['rate', 'validate_args']>) {
    const o = signature<RateOptions>('Exponential', ['rate', 'validate_args'], [], 0)(args)
    const [rate] = broadcast_all(o.rate) as [Tensor]
    super({ rate }, rate.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { rate: positive }
  }
  override get support(): Constraint {
    return nonnegative
  }
  override get mean(): Tensor {
    return this.rate.reciprocal()
  }
  override get mode(): Tensor {
    return zeros_like(this.rate)
  }
  override get stddev(): Tensor {
    return this.rate.reciprocal()
  }
  override get variance(): Tensor {
    return this.rate.pow(-2)
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return empty(this._extended_shape(sample_shape), { dtype: this.rate.dtype }).exponential_().div(this.rate)
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    return this.rate.log().sub(this.rate.mul(value))
  }
  override cdf(value: Tensor): Tensor {
    this._validate_sample(value)
    return from(1, this.rate.neg().mul(value).exp())
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    return value.neg().log1p().neg().div(this.rate)
  }
  override entropy(): Tensor {
    return from(1, this.rate.log())
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.rate.neg()]
  }
  override _log_normalizer(x: Tensor): Tensor {
    return x.neg().log().neg()
  }
}

interface StudentTOptions extends ValidateOptions {
  readonly df: Param
  readonly loc?: Param
  readonly scale?: Param
}

/** Student's t-distribution of `df` degrees of freedom. */
export class StudentT extends Distribution {
  declare readonly df: Tensor
  declare readonly loc: Tensor
  declare readonly scale: Tensor

  constructor(...args: Rest<StudentTOptions, ['df', 'loc', 'scale', 'validate_args']>) {
    const o = signature<StudentTOptions>('StudentT', ['df', 'loc', 'scale', 'validate_args'], [], 0)(args)
    const [df, loc, scale] = broadcast_all(o.df, o.loc ?? 0, o.scale ?? 1) as [Tensor, Tensor, Tensor]
    super({ df, loc, scale }, df.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { df: positive, loc: real, scale: positive }
  }
  override get support(): Constraint {
    return real
  }
  override get mean(): Tensor {
    return this.loc.masked_fill(this.df.le(1), Number.NaN)
  }
  override get mode(): Tensor {
    return this.loc
  }
  override get variance(): Tensor {
    const { df } = this
    const finite = this.scale.pow(2).mul(df).div(df.sub(2))
    return finite.masked_fill(df.le(2), Number.POSITIVE_INFINITY).masked_fill(df.le(1), Number.NaN)
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const x = standardNormal(this._extended_shape(sample_shape), this.df)
    const z = new Chi2(this.df).rsample(sample_shape)
    return this.loc.add(this.scale.mul(x.mul(z.div(this.df).rsqrt())))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const { df, scale } = this
    const y = value.sub(this.loc).div(scale)
    const half = df.add(1).mul(0.5)
    const z = scale
      .log()
      .add(df.log().mul(0.5))
      .add(0.5 * Math.log(Math.PI))
      .add(df.mul(0.5).lgamma())
      .sub(half.lgamma())
    return half.neg().mul(y.pow(2).div(df).log1p()).sub(z)
  }
  override entropy(): Tensor {
    const { df, scale } = this
    const half = df.add(1).mul(0.5)
    const beta = df
      .mul(0.5)
      .lgamma()
      .add(0.5 * Math.log(Math.PI))
      .sub(half.lgamma())
    return scale
      .log()
      .add(half.mul(half.digamma().sub(df.mul(0.5).digamma())))
      .add(df.log().mul(0.5))
      .add(beta)
  }
}

interface GeneralizedParetoOptions extends LocScale {
  readonly concentration: Param
}

/** The generalized Pareto distribution: exponential for concentration 0, with a heavier tail above, a bounded one below. */
export class GeneralizedPareto extends Distribution {
  declare readonly loc: Tensor
  declare readonly scale: Tensor
  declare readonly concentration: Tensor

  constructor(...args: Rest<GeneralizedParetoOptions, ['loc', 'scale', 'concentration', 'validate_args']>) {
    const names = ['loc', 'scale', 'concentration', 'validate_args'] as const
    const o = signature<GeneralizedParetoOptions>('GeneralizedPareto', names, [], 0)(args)
    const [loc, scale, concentration] = broadcast_all(o.loc, o.scale, o.concentration) as [Tensor, Tensor, Tensor]
    super({ loc, scale, concentration }, loc.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { loc: real, scale: positive, concentration: real }
  }
  override get support(): Constraint {
    const end = this.loc.sub(this.scale.div(this.concentration))
    return interval(this.loc, where(this.concentration.lt(0), end, Number.POSITIVE_INFINITY))
  }
  /** Where the concentration is 0, and the concentration with 1 in its place. */
  private safe(): [zero: Tensor, safe: Tensor] {
    const zero = isclose(this.concentration, zeros_like(this.concentration))
    return [zero, where(zero, ones_like(this.concentration), this.concentration)]
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return this.icdf(rand(this._extended_shape(sample_shape), { dtype: this.loc.dtype }))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const z = value.sub(this.loc).div(this.scale)
    const [zero, safe] = this.safe()
    const y = safe.reciprocal().add(ones_like(z))
    const general = where(y.eq(0), y, y.mul(safe.mul(z).log1p()))
    return this.scale
      .log()
      .neg()
      .sub(where(zero, z, general))
  }
  /** The logarithm of the probability of more than a value. */
  log_survival_function(value: Tensor): Tensor {
    this._validate_sample(value)
    const z = value.sub(this.loc).div(this.scale)
    const [zero, safe] = this.safe()
    return where(zero, z.neg(), safe.mul(z).log1p().neg().div(safe))
  }
  /** The logarithm of `cdf`. */
  log_cdf(value: Tensor): Tensor {
    return this.log_survival_function(value).exp().neg().log1p()
  }
  override cdf(value: Tensor): Tensor {
    return this.log_cdf(value).exp()
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    const [zero, safe] = this.safe()
    const logU = value.neg().log1p()
    const general = this.loc.add(this.scale.div(safe).mul(safe.neg().mul(logU).expm1()))
    return where(zero, this.loc.sub(this.scale.mul(logU)), general)
  }
  override get mean(): Tensor {
    const valid = this.concentration.lt(1)
    const safe = where(valid, this.concentration, 0.5)
    return where(valid, this.loc.add(this.scale.div(from(1, safe))), Number.NaN)
  }
  override get mode(): Tensor {
    return this.loc
  }
  override get variance(): Tensor {
    const valid = this.concentration.lt(0.5)
    const safe = where(valid, this.concentration, 0.25)
    return where(
      valid,
      this.scale.pow(2).div(
        from(1, safe)
          .pow(2)
          .mul(from(1, safe.mul(2))),
      ),
      Number.NaN,
    )
  }
  override entropy(): Tensor {
    return broadcast_to(this.scale.log().add(this.concentration).add(1), [...this.batch_shape])
  }
}
