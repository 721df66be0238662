/** Families over a list of outcomes: categorical, one-hot, multinomial. */

import { type Rest, signature } from '../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../core/errors.ts'
import { finfo } from '../dtype.ts'
import { eye, ones_like, tensor, zeros } from '../functions/creation.ts'
import { multinomial as drawn } from '../functions/random.ts'
import { broadcast_tensors } from '../functions/shape.ts'
import { one_hot as oneHot } from '../nn/functional/linear.ts'
import { quietly } from '../recording.ts'
import { Tensor } from '../tensor.ts'
import { type Constraint, integer_interval, multinomial, one_hot, real_vector, simplex } from './constraints.ts'
import { Binomial, enumerated, givenOf, type ProbsOrLogits } from './discrete.ts'
import { type Constraints, Distribution } from './distribution.ts'
import { checkShape, from, pair } from './support.ts'
import { logits_to_probs, probs_to_logits } from './utils.ts'

type Names = ['probs', 'logits', 'validate_args']
const NAMES = ['probs', 'logits', 'validate_args'] as const

/** Probabilities along the last dimension, or their logarithms, normalized. */
function normalized(o: ProbsOrLogits): ['probs' | 'logits', Tensor] {
  const [name, given] = givenOf(o)
  if (!(given instanceof Tensor) || given.ndim < 1) throw new ValueError(`\`${name}\` parameter must be at least one-dimensional.`)
  return [name, name === 'probs' ? given.div(given.sum(-1, true)) : given.sub(given.logsumexp(-1, true))]
}

/** Families by probabilities along the last dimension, each form computed from the other. */
export abstract class OverOutcomes extends Distribution {
  /** The probabilities, which sum to 1. */
  get probs(): Tensor {
    return this.once('probs', () => logits_to_probs(this.logits))
  }
  /** Their logarithms. */
  get logits(): Tensor {
    return this.once('logits', () => probs_to_logits(this.probs))
  }
  /** @internal */
  get _param(): Tensor {
    return (this.given.probs ?? this.given.logits)!
  }
  /** @internal */
  get _num_events(): number {
    return this._param.shape.at(-1)!
  }
  /** The shape of the parameter. */
  get param_shape(): readonly number[] {
    return this._param.shape
  }
  override get arg_constraints(): Constraints {
    return { probs: simplex, logits: real_vector }
  }
}

/** One of n outcomes, as a whole number from 0. */
export class Categorical extends OverOutcomes {
  constructor(...args: Rest<ProbsOrLogits, Names>) {
    const o = signature<ProbsOrLogits>('Categorical', NAMES, [], 0)(args)
    const [name, param] = normalized(o)
    super({ [name]: param }, param.shape.slice(0, -1), [], o.validate_args)
  }
  override get support(): Constraint {
    return integer_interval(0, this._num_events - 1)
  }
  override get has_enumerate_support(): boolean {
    return true
  }
  override get mean(): Tensor {
    return this.unknown()
  }
  override get mode(): Tensor {
    return this.probs.argmax(-1)
  }
  override get variance(): Tensor {
    return this.unknown()
  }
  private unknown(): Tensor {
    return zeros([...this.batch_shape], { dtype: this.probs.dtype }).fill_(Number.NaN)
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => {
      const n = sample_shape.reduce((a, b) => a * b, 1)
      const rows = this.probs.reshape([-1, this._num_events])
      return drawn(rows, n, true).t().reshape(this._extended_shape(sample_shape))
    })
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const [index, table] = broadcast_tensors(value.long().unsqueeze(-1), this.logits) as [Tensor, Tensor]
    return table.gather(-1, index.narrow(-1, 0, 1)).squeeze(-1)
  }
  override entropy(): Tensor {
    const least = new finfo(this.logits.dtype).min
    return this.logits.clamp(least).mul(this.probs).sum(-1).neg()
  }
  override enumerate_support(expand: boolean | { expand?: boolean } = true): Tensor {
    return enumerated(this._num_events, tensor(0), this.batch_shape, expand)
  }
}

/** One of n outcomes, as a vector with a 1 at its place. */
export class OneHotCategorical extends OverOutcomes {
  constructor(...args: Rest<ProbsOrLogits, Names>) {
    const o = signature<ProbsOrLogits>('OneHotCategorical', NAMES, [], 0)(args)
    const [name, param] = normalized(o)
    super({ [name]: param }, param.shape.slice(0, -1), param.shape.slice(-1), o.validate_args)
  }
  private get index(): Categorical {
    return new Categorical({ probs: this.given.probs, logits: this.given.logits, validate_args: false })
  }
  override get support(): Constraint {
    return one_hot
  }
  override get has_enumerate_support(): boolean {
    return true
  }
  override get mean(): Tensor {
    return this.probs
  }
  override get mode(): Tensor {
    return oneHot(this.probs.argmax(-1), this._num_events).to(this.probs.dtype)
  }
  override get variance(): Tensor {
    return this.probs.mul(from(1, this.probs))
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return oneHot(this.index.sample(sample_shape), this._num_events).to(this.probs.dtype)
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    return this.index.log_prob(value.argmax(-1))
  }
  override entropy(): Tensor {
    return this.index.entropy()
  }
  override enumerate_support(expand: boolean | { expand?: boolean } = true): Tensor {
    const n = this._num_events
    const values = eye(n, { dtype: this._param.dtype }).view([n, ...this.batch_shape.map(() => 1), n])
    return (typeof expand === 'object' ? expand.expand : expand) === false ? values : values.expand([n, ...this.batch_shape, n])
  }
  override toString(): string {
    return `${this.constructor.name}()`
  }
}

/** A one-hot distribution whose samples pass the derivative of the probabilities on (Bengio, Leonard and Courville, 2013). */
export class OneHotCategoricalStraightThrough extends OneHotCategorical {
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return this.sample(sample_shape).add(this.probs.sub(this.probs.detach()))
  }
}

interface MultinomialOptions extends ProbsOrLogits {
  readonly total_count?: number
}

/** How often each of n outcomes comes in `total_count` trials. */
export class Multinomial extends OverOutcomes {
  declare readonly total_count: number

  constructor(...args: Rest<MultinomialOptions, ['total_count', 'probs', 'logits', 'validate_args']>) {
    const o = signature<MultinomialOptions>('Multinomial', ['total_count', 'probs', 'logits', 'validate_args'], [], 0)(args)
    const total_count = o.total_count ?? 1
    if (!Number.isInteger(total_count)) throw new RuntimeError('inhomogeneous total_count is not supported')
    const [name, param] = normalized(o)
    super({ [name]: param }, param.shape.slice(0, -1), param.shape.slice(-1), o.validate_args, { total_count })
  }
  private get index(): Categorical {
    return new Categorical({ probs: this.given.probs, logits: this.given.logits, validate_args: false })
  }
  override get support(): Constraint {
    return multinomial(this.total_count)
  }
  override get mean(): Tensor {
    return this.probs.mul(this.total_count)
  }
  override get variance(): Tensor {
    return this.probs.mul(this.total_count).mul(from(1, this.probs))
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => {
      const drawn = this.index.sample([this.total_count, ...sample_shape]).movedim(0, -1)
      const counts = zeros(this._extended_shape(sample_shape), { dtype: 'int64' })
      return counts.scatter_add(-1, drawn, ones_like(drawn)).type_as(this.probs)
    })
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const [logits, x] = pair(this.logits, value)
    const possible = logits.masked_fill(x.eq(0).logical_and(logits.eq(Number.NEGATIVE_INFINITY)), 0)
    return x.sum(-1).add(1).lgamma().sub(x.add(1).lgamma().sum(-1)).add(possible.mul(x).sum(-1))
  }
  override entropy(): Tensor {
    const n = tensor(this.total_count, { dtype: this.probs.dtype })
    const parts = new Binomial({ total_count: this.total_count, probs: this.probs, validate_args: false })
    const support = parts.enumerate_support(false).narrow(0, 1, this.total_count)
    const weighted = parts.log_prob(support).exp().mul(support.add(1).lgamma())
    return this.index
      .entropy()
      .mul(n)
      .sub(n.add(1).lgamma())
      .add(weighted.sum([0, -1]))
  }
  override toString(): string {
    return 'Multinomial()'
  }
}
