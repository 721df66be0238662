/** Distributions made of others: several as one event, images under transforms, mixtures. */

import { isKeywords } from '../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../core/errors.ts'
import { log_softmax } from '../functions/running.ts'
import { quietly } from '../recording.ts'
import { sizeOf } from '../size.ts'
import type { Tensor } from '../tensor.ts'
import { Categorical } from './categorical.ts'
import { type Constraint, independent, MixtureSameFamilyConstraint } from './constraints.ts'
import { Distribution, type ValidateOptions } from './distribution.ts'
import { checkInstance, checkShape, checkTensor, sumRightmost } from './support.ts'
import { ComposeTransform, Transform, times } from './transform.ts'

const validateOf = (x: boolean | null | undefined | ValidateOptions): boolean | null | undefined =>
  isKeywords(x) ? (x as ValidateOptions).validate_args : (x as boolean | null | undefined)

/** A distribution whose last batch dimensions are counted as dimensions of the event. */
export class Independent extends Distribution {
  declare readonly base_dist: Distribution
  declare readonly reinterpreted_batch_ndims: number

  constructor(base_distribution: Distribution, reinterpreted_batch_ndims: number, validate_args?: boolean | null | ValidateOptions) {
    checkInstance('Independent', base_distribution, Distribution)
    const { batch_shape, event_shape } = base_distribution
    if (!(reinterpreted_batch_ndims <= batch_shape.length)) {
      throw new ValueError(
        `Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape), actual ${reinterpreted_batch_ndims} vs ${batch_shape.length}`,
      )
    }
    const cut = batch_shape.length - reinterpreted_batch_ndims
    const fields = { base_dist: base_distribution, reinterpreted_batch_ndims }
    super({}, batch_shape.slice(0, cut), [...batch_shape.slice(cut), ...event_shape], validateOf(validate_args), fields)
  }
  override expand(batch_shape: readonly number[]): this {
    checkShape('expand', batch_shape)
    const inner = [...batch_shape, ...this.event_shape.slice(0, this.reinterpreted_batch_ndims)]
    return this.remade(batch_shape, {}, { base_dist: this.base_dist.expand(inner) })
  }
  override get has_rsample(): boolean {
    return this.base_dist.has_rsample
  }
  override get has_enumerate_support(): boolean {
    return this.reinterpreted_batch_ndims > 0 ? false : this.base_dist.has_enumerate_support
  }
  override get support(): Constraint {
    const { support } = this.base_dist
    return this.reinterpreted_batch_ndims > 0 ? independent(support, this.reinterpreted_batch_ndims) : support
  }
  override get mean(): Tensor {
    return this.base_dist.mean
  }
  override get mode(): Tensor {
    return this.base_dist.mode
  }
  override get variance(): Tensor {
    return this.base_dist.variance
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return this.base_dist.sample(sample_shape)
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return this.base_dist.rsample(sample_shape)
  }
  override log_prob(value: Tensor): Tensor {
    return sumRightmost(this.base_dist.log_prob(value), this.reinterpreted_batch_ndims)
  }
  override entropy(): Tensor {
    return sumRightmost(this.base_dist.entropy(), this.reinterpreted_batch_ndims)
  }
  override enumerate_support(expand: boolean | { expand?: boolean } = true): Tensor {
    if (this.reinterpreted_batch_ndims > 0) throw new RuntimeError('Enumeration over cartesian product is not supported')
    return this.base_dist.enumerate_support(expand)
  }
  override toString(): string {
    return `Independent(${this.base_dist}, ${this.reinterpreted_batch_ndims})`
  }
}

/** The base distribution and shapes of an image. */
function fitted(base: Distribution, transforms: readonly Transform[]): { base: Distribution; batch: number[]; event: number[] } {
  const whole = new ComposeTransform(transforms)
  const shape = [...base.batch_shape, ...base.event_shape]
  const baseDims = base.event_shape.length
  const { domain, codomain } = whole
  if (shape.length < domain.event_dim) {
    throw new ValueError(`base_distribution needs to have shape with size at least ${domain.event_dim}, but got ${sizeOf(shape)}.`)
  }
  const forward = whole.forward_shape(shape)
  const back = whole.inverse_shape(forward)
  let fit = back.join() === shape.join() ? base : base.expand(back.slice(0, back.length - baseDims))
  if (domain.event_dim > baseDims) fit = new Independent(fit, domain.event_dim - baseDims)
  const eventDims = Math.max(codomain.event_dim, baseDims + codomain.event_dim - domain.event_dim)
  const cut = forward.length - eventDims
  return { base: fit, batch: forward.slice(0, cut), event: forward.slice(cut) }
}

/** The distribution of a transform, or several in order, of samples of another. */
export class TransformedDistribution extends Distribution {
  declare readonly base_dist: Distribution
  declare readonly transforms: readonly Transform[]

  constructor(
    base_distribution: Distribution,
    transforms: Transform | readonly Transform[],
    validate_args?: boolean | null | ValidateOptions,
    given: Readonly<Record<string, Tensor>> = {},
    fields: object = {},
  ) {
    checkInstance('TransformedDistribution', base_distribution, Distribution)
    const list = transforms instanceof Transform ? [transforms] : transforms
    if (!Array.isArray(list) || !list.every((t) => t instanceof Transform))
      throw new ValueError('transforms must be a Transform or a list of Transforms')
    const { base, batch, event } = fitted(base_distribution, list)
    super(given, batch, event, validateOf(validate_args), { base_dist: base, transforms: list, ...fields })
  }
  override expand(batch_shape: readonly number[]): this {
    checkShape('expand', batch_shape)
    let shape: readonly number[] = [...batch_shape, ...this.event_shape]
    for (const t of [...this.transforms].reverse()) shape = t.inverse_shape(shape)
    const base_dist = this.base_dist.expand(shape.slice(0, shape.length - this.base_dist.event_shape.length))
    return this.remade(batch_shape, super.expand(batch_shape).given, { base_dist })
  }
  override get has_rsample(): boolean {
    return this.base_dist.has_rsample
  }
  override get support(): Constraint {
    const last = this.transforms.at(-1)
    if (last === undefined) return this.base_dist.support
    const { codomain } = last
    const more = this.event_shape.length - codomain.event_dim
    return more > 0 ? independent(codomain, more) : codomain
  }
  private through(x: Tensor): Tensor {
    return this.transforms.reduce((value, t) => t.apply(value), x)
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => this.through(this.base_dist.sample(sample_shape)))
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return this.through(this.base_dist.rsample(sample_shape))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    let dims = this.event_shape.length
    let total: Tensor | null = null
    let y = value
    for (const t of [...this.transforms].reverse()) {
      const x = t.undo(y)
      dims += t.domain.event_dim - t.codomain.event_dim
      const term = sumRightmost(t.log_abs_det_jacobian(x, y), dims - t.domain.event_dim)
      total = total === null ? term.neg() : total.sub(term)
      y = x
    }
    const base = sumRightmost(this.base_dist.log_prob(y), dims - this.base_dist.event_shape.length)
    return total === null ? base : total.add(base)
  }
  /** A probability counted from the other end where the transforms decrease. */
  private turned(p: Tensor): Tensor {
    const sign = this.transforms.reduce<number | Tensor>((s, t) => times(s, t.sign), 1)
    return sign === 1 ? p : p.sub(0.5).mul(sign).add(0.5)
  }
  override cdf(value: Tensor): Tensor {
    checkTensor('cdf', value)
    const x = this.transforms.reduceRight((y, t) => t.undo(y), value)
    return this.turned(this.base_dist.cdf(x))
  }
  override icdf(value: Tensor): Tensor {
    checkTensor('icdf', value)
    return this.through(this.base_dist.icdf(this.turned(value)))
  }
}

/** A mixture of distributions of one family: `mixture_distribution` chooses along the last batch dimension of the components. */
export class MixtureSameFamily extends Distribution {
  declare readonly mixture_distribution: Categorical
  declare readonly component_distribution: Distribution

  constructor(mixture: Categorical, component: Distribution, validate_args?: boolean | null | ValidateOptions) {
    if (!(mixture instanceof Categorical))
      throw new ValueError(' The Mixture distribution needs to be an  instance of torch.distributions.Categorical')
    if (!(component instanceof Distribution))
      throw new ValueError('The Component distribution needs to be an instance of torch.distributions.Distribution')
    const outer = component.batch_shape.slice(0, -1)
    const own = mixture.batch_shape
    for (let i = 1; i <= Math.min(outer.length, own.length); i++) {
      const a = own.at(-i)!
      const b = outer.at(-i)!
      if (a !== 1 && b !== 1 && a !== b) {
        throw new ValueError(
          `\`mixture_distribution.batch_shape\` (${own}) is not compatible with \`component_distribution.batch_shape\`(${sizeOf(outer)})`,
        )
      }
    }
    const count = component.batch_shape.at(-1)
    if (count !== undefined && mixture.logits.shape.at(-1) !== count) {
      throw new ValueError(
        `\`mixture_distribution component\` (${mixture._num_events}) does not equal \`component_distribution.batch_shape[-1]\` (${count})`,
      )
    }
    const fields = { mixture_distribution: mixture, component_distribution: component }
    super({}, outer, component.event_shape, validateOf(validate_args), fields)
  }
  override expand(batch_shape: readonly number[]): this {
    checkShape('expand', batch_shape)
    return this.remade(
      batch_shape,
      {},
      {
        mixture_distribution: this.mixture_distribution.expand(batch_shape),
        component_distribution: this.component_distribution.expand([...batch_shape, this.mixture_distribution._num_events]),
      },
    )
  }
  override get support(): Constraint {
    return new MixtureSameFamilyConstraint(this.component_distribution.support)
  }
  /** The dimension of the components. */
  private get dim(): number {
    return -1 - this.event_shape.length
  }
  /** The probabilities of the components, beside events. */
  private get weights(): Tensor {
    const { probs } = this.mixture_distribution
    const own = this.mixture_distribution.batch_shape.length
    const missing = own === 1 ? 0 : this.batch_shape.length - own
    const ones = (n: number): number[] => Array.from({ length: n }, () => 1)
    return probs.reshape([...probs.shape.slice(0, -1), ...ones(missing), probs.shape.at(-1)!, ...ones(this.event_shape.length)])
  }
  override get mean(): Tensor {
    return this.weights.mul(this.component_distribution.mean).sum(this.dim)
  }
  override get variance(): Tensor {
    const { weights, component_distribution: parts, dim } = this
    const within = weights.mul(parts.variance).sum(dim)
    return within.add(weights.mul(parts.mean.sub(this.mean.unsqueeze(dim)).pow(2)).sum(dim))
  }
  override cdf(value: Tensor): Tensor {
    checkTensor('cdf', value)
    return this.component_distribution.cdf(value.unsqueeze(this.dim)).mul(this.mixture_distribution.probs).sum(-1)
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const each = this.component_distribution.log_prob(value.unsqueeze(this.dim))
    return each.add(log_softmax(this.mixture_distribution.logits, -1)).logsumexp(-1)
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => {
      const chosen = this.mixture_distribution.sample(sample_shape)
      const all = this.component_distribution.sample(sample_shape)
      const at = sample_shape.length + this.batch_shape.length
      const { event_shape } = this
      const index = chosen.reshape([...chosen.shape, 1, ...event_shape.map(() => 1)])
      const shape = [...all.shape.slice(0, at), 1, ...event_shape]
      return all.gather(at, index.expand(shape).contiguous()).squeeze(at)
    })
  }
  override toString(): string {
    return `MixtureSameFamily(\n  ${this.mixture_distribution},\n  ${this.component_distribution})`
  }
}
