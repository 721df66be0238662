/** Families made of gamma numbers: gamma, chi-squared, Dirichlet, beta, F. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { where } from '../functions/arithmetic.ts'
import { stack } from '../functions/join.ts'
import { _sample_dirichlet, _standard_gamma } from '../functions/samplers.ts'
import { igamma } from '../functions/special_pointwise.ts'
import { one_hot } from '../nn/functional/linear.ts'
import { Tensor } from '../tensor.ts'
import { type Constraint, independent, nonnegative, positive, simplex, unit_interval } from './constraints.ts'
import { type Constraints, Distribution, type ValidateOptions } from './distribution.ts'
import { ExponentialFamily } from './exp_family.ts'
import { checkShape, from, type Param, pair, tiny, valueLike } from './support.ts'
import { broadcast_all } from './utils.ts'

interface GammaOptions extends ValidateOptions {
  readonly concentration: Param
  readonly rate: Param
}

/** The gamma distribution, by shape and rate. */
export class Gamma extends ExponentialFamily {
  declare readonly concentration: Tensor
  declare readonly rate: Tensor

  constructor(...args: Rest<GammaOptions, ['concentration', 'rate', 'validate_args']>) {
    const o = signature<GammaOptions>('Gamma', ['concentration', 'rate', 'validate_args'], [], 0)(args)
    const [concentration, rate] = pair(o.concentration, o.rate)
    super({ concentration, rate }, concentration.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { concentration: positive, rate: positive }
  }
  override get support(): Constraint {
    return nonnegative
  }
  override get mean(): Tensor {
    return this.concentration.div(this.rate)
  }
  override get mode(): Tensor {
    return this.concentration.sub(1).div(this.rate).clamp(0)
  }
  override get variance(): Tensor {
    return this.concentration.div(this.rate.pow(2))
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const value = _standard_gamma(this.concentration.expand(this._extended_shape(sample_shape))).div(this.rate)
    value.detach().clamp_(tiny(value))
    return value
  }
  override log_prob(value: Param): Tensor {
    const x = valueLike(value, this.rate)
    this._validate_sample(x)
    const { concentration, rate } = this
    return concentration.xlogy(rate).add(concentration.sub(1).xlogy(x)).sub(rate.mul(x)).sub(concentration.lgamma())
  }
  override cdf(value: Tensor): Tensor {
    this._validate_sample(value)
    return igamma(this.concentration, this.rate.mul(value))
  }
  override entropy(): Tensor {
    const { concentration, rate } = this
    return concentration.sub(rate.log()).add(concentration.lgamma()).add(from(1, concentration).mul(concentration.digamma()))
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.concentration.sub(1), this.rate.neg()]
  }
  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    return x.add(1).lgamma().add(x.add(1).mul(y.reciprocal().neg().log()))
  }
}

interface DfOptions extends ValidateOptions {
  readonly df: Param
}

/** The chi-squared distribution of `df` degrees of freedom. */
export class Chi2 extends Gamma {
  constructor(...args: Rest<DfOptions, ['df', 'validate_args']>) {
    const { df, validate_args } = signature<DfOptions>('Chi2', ['df', 'validate_args'], [], 0)(args)
    const half = broadcast_all(df)[0]!.mul(0.5)
    super(half, 0.5, validate_args)
  }
  override get arg_constraints(): Constraints {
    return { df: positive }
  }
  /** The degrees of freedom. */
  get df(): Tensor {
    return this.concentration.mul(2)
  }
  override toString(): string {
    return 'Chi2()'
  }
}

interface DirichletOptions extends ValidateOptions {
  readonly concentration: Tensor
}

/** The Dirichlet distribution on the simplex. */
export class Dirichlet extends ExponentialFamily {
  declare readonly concentration: Tensor

  constructor(...args: Rest<DirichletOptions, ['concentration', 'validate_args']>) {
    const o = signature<DirichletOptions>('Dirichlet', ['concentration', 'validate_args'], [], 0)(args)
    if (!(o.concentration instanceof Tensor) || o.concentration.ndim < 1)
      throw new ValueError('`concentration` parameter must be at least one-dimensional.')
    const { shape } = o.concentration
    super({ concentration: o.concentration }, shape.slice(0, -1), shape.slice(-1), o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { concentration: independent(positive, 1) }
  }
  override get support(): Constraint {
    return simplex
  }
  override get mean(): Tensor {
    return this.concentration.div(this.concentration.sum(-1, true))
  }
  override get mode(): Tensor {
    const excess = this.concentration.sub(1).clamp(0)
    const inside = excess.div(excess.sum(-1, true))
    const corner = one_hot(inside.argmax(-1), excess.shape.at(-1)!).to(excess.dtype)
    return where(this.concentration.lt(1).all(-1, true), corner, inside)
  }
  override get variance(): Tensor {
    const total = this.concentration.sum(-1, true)
    return this.concentration.mul(total.sub(this.concentration)).div(total.pow(2).mul(total.add(1)))
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return _sample_dirichlet(this.concentration.expand(this._extended_shape(sample_shape)))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const { concentration } = this
    return concentration.sub(1).xlogy(value).sum(-1).add(concentration.sum(-1).lgamma()).sub(concentration.lgamma().sum(-1))
  }
  override entropy(): Tensor {
    const { concentration } = this
    const k = concentration.shape.at(-1)!
    const a0 = concentration.sum(-1)
    const own = concentration.sub(1).mul(concentration.digamma()).sum(-1)
    return concentration.lgamma().sum(-1).sub(a0.lgamma()).sub(from(k, a0).mul(a0.digamma())).sub(own)
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.concentration]
  }
  override _log_normalizer(x: Tensor): Tensor {
    return x.lgamma().sum(-1).sub(x.sum(-1).lgamma())
  }
}

interface BetaOptions extends ValidateOptions {
  readonly concentration1: Param
  readonly concentration0: Param
}

/** The beta distribution on (0, 1): a Dirichlet distribution of two parts. */
export class Beta extends ExponentialFamily {
  declare readonly concentration1: Tensor
  declare readonly concentration0: Tensor

  constructor(...args: Rest<BetaOptions, ['concentration1', 'concentration0', 'validate_args']>) {
    const o = signature<BetaOptions>('Beta', ['concentration1', 'concentration0', 'validate_args'], [], 0)(args)
    const [concentration1, concentration0] = pair(o.concentration1, o.concentration0)
    super({ concentration1, concentration0 }, concentration1.shape, [], o.validate_args)
  }
  private get parts(): Dirichlet {
    return new Dirichlet(stack([this.concentration1, this.concentration0], -1), false)
  }
  override get arg_constraints(): Constraints {
    return { concentration1: positive, concentration0: positive }
  }
  override get support(): Constraint {
    return unit_interval
  }
  override get mean(): Tensor {
    return this.concentration1.div(this.concentration1.add(this.concentration0))
  }
  override get mode(): Tensor {
    return this.parts.mode.select(-1, 0)
  }
  override get variance(): Tensor {
    const total = this.concentration1.add(this.concentration0)
    return this.concentration1.mul(this.concentration0).div(total.pow(2).mul(total.add(1)))
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return this.parts.rsample(sample_shape).select(-1, 0)
  }
  override log_prob(value: Param): Tensor {
    const x = valueLike(value, this.concentration1)
    this._validate_sample(x)
    return this.parts.log_prob(stack([x, from(1, x)], -1))
  }
  override entropy(): Tensor {
    return this.parts.entropy()
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.concentration1, this.concentration0]
  }
  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    return x.lgamma().add(y.lgamma()).sub(x.add(y).lgamma())
  }
  override toString(): string {
    return 'Beta()'
  }
}

interface FOptions extends ValidateOptions {
  readonly df1: Param
  readonly df2: Param
}

/** The F-distribution of `df1` and `df2` degrees of freedom. */
export class FisherSnedecor extends Distribution {
  declare readonly df1: Tensor
  declare readonly df2: Tensor

  constructor(...args: Rest<FOptions, ['df1', 'df2', 'validate_args']>) {
    const o = signature<FOptions>('FisherSnedecor', ['df1', 'df2', 'validate_args'], [], 0)(args)
    const [df1, df2] = pair(o.df1, o.df2)
    super({ df1, df2 }, df1.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { df1: positive, df2: positive }
  }
  override get support(): Constraint {
    return positive
  }
  override get mean(): Tensor {
    const df2 = this.df2.masked_fill(this.df2.le(2), Number.NaN)
    return df2.div(df2.sub(2))
  }
  override get mode(): Tensor {
    const mode = this.df1.sub(2).div(this.df1).mul(this.df2).div(this.df2.add(2))
    return mode.masked_fill(this.df1.le(2), Number.NaN)
  }
  override get variance(): Tensor {
    const df2 = this.df2.masked_fill(this.df2.le(4), Number.NaN)
    const { df1 } = this
    return df2
      .pow(2)
      .mul(2)
      .mul(df1.add(df2).sub(2))
      .div(df1.mul(df2.sub(2).pow(2)).mul(df2.sub(4)))
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const shape = this._extended_shape(sample_shape)
    const x1 = new Gamma(this.df1.mul(0.5), this.df1).rsample(sample_shape).view(shape)
    const x2 = new Gamma(this.df2.mul(0.5), this.df2).rsample(sample_shape).view(shape)
    return x1.div(x2.clamp(tiny(x2))).clamp(tiny(x2))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const ct1 = this.df1.mul(0.5)
    const ct2 = this.df2.mul(0.5)
    const ratio = this.df1.div(this.df2)
    const t1 = ct1.add(ct2).lgamma().sub(ct1.lgamma()).sub(ct2.lgamma())
    const t2 = ct1.mul(ratio.log()).add(ct1.sub(1).mul(value.log()))
    return t1.add(t2).sub(ct1.add(ct2).mul(ratio.mul(value).log1p()))
  }
}
