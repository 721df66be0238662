/** The base of the families: parameters that are checked, shapes, and what follows from a family's own formulas. */

import { describe } from '../../core/describe.ts'
import { RuntimeError, ValueError } from '../../core/errors.ts'
import { quietly } from '../recording.ts'
import { type Size, sizeOf } from '../size.ts'
import { Tensor } from '../tensor.ts'
import { type Constraint, is_dependent } from './constraints.ts'
import { checkShape } from './support.ts'

/** What `arg_constraints` gives: for each parameter the set it lies in. */
export type Constraints = Readonly<Record<string, Constraint>>

/** The keyword that every family takes. */
export interface ValidateOptions {
  /** Whether parameters and values are checked; as `Distribution.set_default_validate_args` says by default. */
  readonly validate_args?: boolean | null
}

let validateByDefault = true

/** A probability distribution, or a batch of them: `batch_shape` counts the distributions, `event_shape` the numbers of one sample. */
export abstract class Distribution {
  /** @internal The parameters that it was made with. */
  given: Readonly<Record<string, Tensor>>
  /** @internal */
  validates: boolean
  /** @internal What has been computed once. */
  cache = new Map<string, Tensor>()
  batch_shape: Size
  event_shape: Size

  /** Sets whether distributions check their arguments unless they are told. */
  static set_default_validate_args(value: boolean): void {
    if (typeof value !== 'boolean') throw new ValueError(`expected true or false, got ${describe(value)}`)
    validateByDefault = value
  }

  constructor(
    given: Readonly<Record<string, Tensor>>,
    batch_shape: readonly number[],
    event_shape: readonly number[] = [],
    validate_args?: boolean | null,
    fields: object = {},
  ) {
    if (new.target === Distribution) throw new RuntimeError('Distribution is the base of distributions: make one of a family')
    checkShape(new.target.name, batch_shape)
    checkShape(new.target.name, event_shape)
    this.given = given
    this.batch_shape = sizeOf(batch_shape)
    this.event_shape = sizeOf(event_shape)
    this.validates = validate_args ?? validateByDefault
    Object.assign(this, fields)
    this.expose()
    if (this.validates) this.checkParameters()
  }

  /** Makes the given parameters fields, in front of getters that would compute them. */
  private expose(): void {
    for (const [name, value] of Object.entries(this.given))
      Object.defineProperty(this, name, { value, enumerable: true, configurable: true, writable: true })
  }

  /** A parameter that is computed when it is first asked for. @internal */
  protected once(name: string, compute: () => Tensor): Tensor {
    const known = this.cache.get(name)
    if (known !== undefined) return known
    const value = compute()
    this.cache.set(name, value)
    return value
  }

  private checkParameters(): void {
    for (const [name, constraint] of Object.entries(this.arg_constraints)) {
      const value = this.given[name]
      if (value === undefined || is_dependent(constraint)) continue
      if (holds(constraint, value)) continue
      throw new ValueError(
        `Expected parameter ${name} (Tensor of shape ${tupleText(value.shape)}) of distribution ${this} to satisfy the constraint ${constraint}, but found invalid values:\n${value}`,
      )
    }
  }

  /** For each parameter the set it lies in. */
  get arg_constraints(): Constraints {
    return {}
  }
  /** The set that samples lie in. */
  get support(): Constraint {
    throw this.lacks('support')
  }
  /** Whether samples carry derivatives with respect to the parameters: where a family has its own `rsample`. */
  get has_rsample(): boolean {
    return this.rsample !== Distribution.prototype.rsample
  }
  /** Whether all values can be listed. */
  get has_enumerate_support(): boolean {
    return false
  }
  get mean(): Tensor {
    throw this.lacks('mean')
  }
  /** The most probable value. */
  get mode(): Tensor {
    throw this.lacks('mode')
  }
  get variance(): Tensor {
    throw this.lacks('variance')
  }
  get stddev(): Tensor {
    return this.variance.sqrt()
  }

  /** Samples, of `sample_shape` for each distribution of the batch; without derivatives. */
  sample(sample_shape: readonly number[] = []): Tensor {
    return quietly(() => this.rsample(sample_shape))
  }
  /** Samples that carry derivatives with respect to the parameters. */
  rsample(_sample_shape: readonly number[] = []): Tensor {
    throw this.lacks('rsample')
  }
  /** The logarithm of the density, or of the probability, at values. */
  log_prob(_value: Tensor): Tensor {
    throw this.lacks('log_prob')
  }
  /** The probability of at most a value. */
  cdf(_value: Tensor): Tensor {
    throw this.lacks('cdf')
  }
  /** The value that `cdf` takes to a probability. */
  icdf(_value: Tensor): Tensor {
    throw this.lacks('icdf')
  }
  /** All values along a new first dimension; with `expand: false` the dimensions of the batch have length 1. */
  enumerate_support(_expand: boolean | { expand?: boolean } = true): Tensor {
    throw this.lacks('enumerate_support')
  }
  entropy(): Tensor {
    throw this.lacks('entropy')
  }
  /** The exponential of the entropy. */
  perplexity(): Tensor {
    return this.entropy().exp()
  }

  /** The same distribution for a larger batch shape; nothing is copied. */
  expand(batch_shape: readonly number[]): this {
    checkShape('expand', batch_shape)
    const wide = (name: string, value: Tensor): Tensor =>
      value.expand([...batch_shape, ...value.shape.slice(value.ndim - this.parameterDims(name))])
    const given = Object.fromEntries(Object.entries(this.given).map(([name, value]) => [name, wide(name, value)]))
    const copy = this.remade(batch_shape, given)
    for (const [name, value] of this.cache) if (name in this.arg_constraints) copy.cache.set(name, wide(name, value))
    return copy
  }

  /** The dimensions of a parameter that belong to one event. @internal */
  protected parameterDims(name: string): number {
    const constraint = this.arg_constraints[name]
    return constraint === undefined ? 0 : constraint.event_dim
  }

  /** A copy with other parameters and fields. @internal */
  protected remade(batch_shape: readonly number[], given: Readonly<Record<string, Tensor>>, fields: object = {}): this {
    const copy = Object.create(Object.getPrototypeOf(this)) as this
    Object.defineProperties(copy, Object.getOwnPropertyDescriptors(this))
    Object.assign(copy, { given, batch_shape: sizeOf(batch_shape), cache: new Map() }, fields)
    copy.expose()
    return copy
  }

  /** The shape of samples. @internal */
  _extended_shape(sample_shape: readonly number[] = []): number[] {
    checkShape('sample', sample_shape)
    return [...sample_shape, ...this.batch_shape, ...this.event_shape]
  }

  /** Checks a value before its probability is computed. @internal */
  _validate_sample(value: Tensor): void {
    if (!(value instanceof Tensor)) throw new ValueError('The value argument to log_prob must be a Tensor')
    if (!this.validates) return
    const { shape } = value
    const events = this.event_shape.length
    const tail = shape.slice(Math.max(shape.length - events, 0))
    if (tail.join() !== this.event_shape.join())
      throw new ValueError(`The right-most size of value must match event_shape: ${shape} vs ${this.event_shape}.`)
    const expected = this._extended_shape()
    for (let i = 1; i <= Math.min(shape.length, expected.length); i++) {
      const a = shape.at(-i)!
      const b = expected.at(-i)!
      if (a !== 1 && b !== 1 && a !== b)
        throw new ValueError(`Value is not broadcastable with batch_shape+event_shape: ${shape} vs ${sizeOf(expected)}.`)
    }
    const { support } = this
    if (holds(support, value)) return
    throw new ValueError(
      `Expected value argument (Tensor of shape ${tupleText(shape)}) to be within the support (${support}) of the distribution ${this}, but found invalid values:\n${value}`,
    )
  }

  /** The error of what a family has no formula for. */
  protected lacks(what: string): RuntimeError {
    return new RuntimeError(`${this.constructor.name} does not have ${what}`)
  }

  /** As PyTorch prints it: parameters of one element by their value, others by their size; computed ones once they have been asked for. */
  toString(): string {
    const shown = Object.keys(this.arg_constraints).flatMap((name) => {
      const value = this.given[name] ?? this.cache.get(name)
      return value === undefined ? [] : [`${name}: ${parameterText(value)}`]
    })
    return `${this.constructor.name}(${shown.join(', ')})`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

const tupleText = (shape: readonly number[]): string => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`)

function parameterText(x: Tensor): string {
  if (x.numel() !== 1) return String(x.shape)
  if (x.ndim > 0) return String(x)
  const value = x.item() as number
  return x.is_floating_point() && Number.isInteger(value) ? `${value}.0` : String(value)
}

const holds = (constraint: Constraint, value: Tensor): boolean => quietly(() => constraint.check(value).all().item() === true)
