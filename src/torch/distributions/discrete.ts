/** Families of counts: Bernoulli, geometric, binomial, negative binomial, Poisson; by probabilities or log odds. */

import { type Rest, signature } from '../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../core/errors.ts'
import { arange, empty, zeros_like } from '../functions/creation.ts'
import { bernoulli } from '../functions/random.ts'
import { binomial, poisson } from '../functions/samplers.ts'
import { logsigmoid } from '../nn/functional/activation.ts'
import { binary_cross_entropy_with_logits } from '../nn/functional/regression.ts'
import { quietly } from '../recording.ts'
import type { Tensor } from '../tensor.ts'
import {
  boolean,
  type Constraint,
  greater_than_eq,
  half_open_interval,
  integer_interval,
  nonnegative,
  nonnegative_integer,
  real,
  unit_interval,
} from './constraints.ts'
import type { Constraints, ValidateOptions } from './distribution.ts'
import { ExponentialFamily } from './exp_family.ts'
import { Gamma } from './gamma.ts'
import { checkShape, from, type Param, pair, tiny } from './support.ts'
import { broadcast_all, logits_to_probs, probs_to_logits } from './utils.ts'

/** Probabilities, or in their place log odds. */
export interface ProbsOrLogits extends ValidateOptions {
  readonly probs?: Param | null
  readonly logits?: Param | null
}
type Names = ['probs', 'logits', 'validate_args']
const NAMES = ['probs', 'logits', 'validate_args'] as const

/** Which of probabilities and log odds was given. */
export function givenOf(o: ProbsOrLogits): ['probs' | 'logits', Param] {
  const probs = o.probs ?? null
  const logits = o.logits ?? null
  if ((probs === null) === (logits === null)) throw new ValueError('Either `probs` or `logits` must be specified, but not both.')
  return probs !== null ? ['probs', probs] : ['logits', logits!]
}

/** Families of one number by probabilities or log odds, each computed from the other when it is asked for. */
export abstract class Binary extends ExponentialFamily {
  /** The probabilities. */
  get probs(): Tensor {
    return this.once('probs', () => logits_to_probs(this.logits, true))
  }
  /** The log odds. */
  get logits(): Tensor {
    return this.once('logits', () => probs_to_logits(this.probs, true))
  }
  /** The shape of the parameter. */
  get param_shape(): readonly number[] {
    return this.batch_shape
  }
  override get arg_constraints(): Constraints {
    return { probs: unit_interval, logits: real }
  }
}

const crossEntropy = (logits: Tensor, target: Tensor): Tensor => binary_cross_entropy_with_logits(logits, target, { reduction: 'none' })

/** 0 or 1, and 1 with a probability. */
export class Bernoulli extends Binary {
  constructor(...args: Rest<ProbsOrLogits, Names>) {
    const o = signature<ProbsOrLogits>('Bernoulli', NAMES, [], 0)(args)
    const [name, given] = givenOf(o)
    const [param] = broadcast_all(given) as [Tensor]
    super({ [name]: param }, param.shape, [], o.validate_args)
  }
  override get support(): Constraint {
    return boolean
  }
  override get has_enumerate_support(): boolean {
    return true
  }
  override get mean(): Tensor {
    return this.probs
  }
  override get mode(): Tensor {
    return this.probs.ge(0.5).to(this.probs.dtype).masked_fill(this.probs.eq(0.5), Number.NaN)
  }
  override get variance(): Tensor {
    return this.probs.mul(from(1, this.probs))
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => bernoulli(this.probs.expand(this._extended_shape(sample_shape))))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const [logits, x] = pair(this.logits, value)
    return crossEntropy(logits, x).neg()
  }
  override entropy(): Tensor {
    return crossEntropy(this.logits, this.probs)
  }
  override enumerate_support(expand: boolean | { expand?: boolean } = true): Tensor {
    return enumerated(2, (this.given.probs ?? this.given.logits)!, this.batch_shape, expand)
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.probs.logit()]
  }
  override _log_normalizer(x: Tensor): Tensor {
    return x.exp().log1p()
  }
}

/** 0, 1 ... n - 1 along a new first dimension. */
export function enumerated(n: number, like: Tensor, batch: readonly number[], expand: boolean | { expand?: boolean }): Tensor {
  const values = arange(n, { dtype: like.dtype }).view([n, ...batch.map(() => 1)])
  return (typeof expand === 'object' ? expand.expand : expand) === false ? values : values.expand([n, ...batch])
}

/** How often an event of a probability fails before it happens. */
export class Geometric extends Binary {
  constructor(...args: Rest<ProbsOrLogits, Names>) {
    const o = signature<ProbsOrLogits>('Geometric', NAMES, [], 0)(args)
    const [name, given] = givenOf(o)
    const [param] = broadcast_all(given) as [Tensor]
    super({ [name]: param }, param.shape, [], o.validate_args)
    if (this.validates && name === 'probs' && param.gt(0).all().item() !== true) {
      throw new ValueError(
        `Expected parameter probs (Tensor of shape ${param.shape}) of distribution ${this} to be positive but found invalid values:\n${param}`,
      )
    }
  }
  override get support(): Constraint {
    return nonnegative_integer
  }
  override get mean(): Tensor {
    return this.probs.reciprocal().sub(1)
  }
  override get mode(): Tensor {
    return zeros_like(this.probs)
  }
  override get variance(): Tensor {
    return this.probs.reciprocal().sub(1).div(this.probs)
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => {
      const u = empty(this._extended_shape(sample_shape), { dtype: this.probs.dtype }).uniform_(tiny(this.probs), 1)
      return u.log().div(this.probs.neg().log1p()).floor()
    })
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const [x, probs] = pair(value, this.probs)
    const certain = probs.eq(1).logical_and(x.eq(0))
    return x.mul(probs.masked_fill(certain, 0).neg().log1p()).add(this.probs.log())
  }
  override entropy(): Tensor {
    return crossEntropy(this.logits, this.probs).div(this.probs)
  }
}

interface CountOptions extends ProbsOrLogits {
  readonly total_count?: Param
}
type CountNames = ['total_count', 'probs', 'logits', 'validate_args']
const COUNT_NAMES = ['total_count', 'probs', 'logits', 'validate_args'] as const

/** The larger of x and 0, with the derivative 1/2 at 0. */
const clampByZero = (x: Tensor): Tensor => x.clamp(0).add(x).sub(x.clamp_max(0)).div(2)

/** How often an event of a probability happens in `total_count` trials. */
export class Binomial extends Binary {
  declare readonly total_count: Tensor

  constructor(...args: Rest<CountOptions, CountNames>) {
    const o = signature<CountOptions>('Binomial', COUNT_NAMES, [], 0)(args)
    const [name, given] = givenOf(o)
    const [count, param] = pair(o.total_count ?? 1, given)
    super({ total_count: count.type_as(param), [name]: param }, param.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { total_count: nonnegative_integer, probs: unit_interval, logits: real }
  }
  override get support(): Constraint {
    return integer_interval(0, this.total_count)
  }
  override get has_enumerate_support(): boolean {
    return true
  }
  override get mean(): Tensor {
    return this.total_count.mul(this.probs)
  }
  override get mode(): Tensor {
    return this.total_count.add(1).mul(this.probs).floor().minimum(this.total_count)
  }
  override get variance(): Tensor {
    return this.total_count.mul(this.probs).mul(from(1, this.probs))
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const shape = this._extended_shape(sample_shape)
    return quietly(() => binomial(this.total_count.expand(shape), this.probs.expand(shape)))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const { total_count: n, logits } = this
    const factorials = value.add(1).lgamma().add(n.sub(value).add(1).lgamma())
    const normal = n.mul(clampByZero(logits)).add(n.mul(logits.abs().neg().exp().log1p())).sub(n.add(1).lgamma())
    return value.mul(logits).sub(factorials).sub(normal)
  }
  private oneCount(what: string): number {
    const most = this.total_count.max().item()
    if (this.total_count.min().item() !== most) throw new RuntimeError(`Inhomogeneous total count not supported by \`${what}\`.`)
    return most
  }
  override entropy(): Tensor {
    this.oneCount('entropy')
    const logs = this.log_prob(this.enumerate_support(false))
    return logs.exp().mul(logs).sum(0).neg()
  }
  override enumerate_support(expand: boolean | { expand?: boolean } = true): Tensor {
    return enumerated(1 + this.oneCount('enumerate_support'), this.total_count, this.batch_shape, expand)
  }
}

/** How often an event of a probability happens before `total_count` failures; the count may be any positive number. */
export class NegativeBinomial extends Binary {
  declare readonly total_count: Tensor

  constructor(...args: Rest<CountOptions, CountNames>) {
    const o = signature<CountOptions>('NegativeBinomial', COUNT_NAMES, [], 0)(args)
    const [name, given] = givenOf(o)
    const [count, param] = pair(o.total_count as Param, given)
    super({ total_count: count.type_as(param), [name]: param }, param.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { total_count: greater_than_eq(0), probs: half_open_interval(0, 1), logits: real }
  }
  override get support(): Constraint {
    return nonnegative_integer
  }
  override get mean(): Tensor {
    return this.total_count.mul(this.logits.exp())
  }
  override get mode(): Tensor {
    return this.total_count.sub(1).mul(this.logits.exp()).floor().clamp(0)
  }
  override get variance(): Tensor {
    return this.mean.div(this.logits.neg().sigmoid())
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => poisson(new Gamma(this.total_count, this.logits.neg().exp(), false).sample(sample_shape)))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const { total_count: n, logits } = this
    const unnormalized = n.mul(logsigmoid(logits.neg())).add(value.mul(logsigmoid(logits)))
    const normal = n.add(value).lgamma().neg().add(value.add(1).lgamma()).add(n.lgamma())
    return unnormalized.sub(normal.masked_fill(n.add(value).eq(0), 0))
  }
}

interface RateOptions extends ValidateOptions {
  readonly rate: Param
}

/** Counts of events of a rate. */
export class Poisson extends ExponentialFamily {
  declare readonly rate: Tensor

  constructor(...args: Rest<RateOptions, ['rate', 'validate_args']>) {
    const o = signature<RateOptions>('Poisson', ['rate', 'validate_args'], [], 0)(args)
    const [rate] = broadcast_all(o.rate) as [Tensor]
    super({ rate }, rate.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { rate: nonnegative }
  }
  override get support(): Constraint {
    return nonnegative_integer
  }
  override get mean(): Tensor {
    return this.rate
  }
  override get mode(): Tensor {
    return this.rate.floor()
  }
  override get variance(): Tensor {
    return this.rate
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => poisson(this.rate.expand(this._extended_shape(sample_shape))))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const [rate, x] = pair(this.rate, value)
    return x.xlogy(rate).sub(rate).sub(x.add(1).lgamma())
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.rate.log()]
  }
  override _log_normalizer(x: Tensor): Tensor {
    return x.exp()
  }
}
