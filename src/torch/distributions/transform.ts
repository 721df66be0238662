/** Transforms: maps from one set to another with their derivatives, and what is made of several. */

import { CallableObject } from '../../core/callable.ts'
import { RuntimeError, ValueError } from '../../core/errors.ts'
import type { Tensor } from '../tensor.ts'
import { type Constraint, independent, real } from './constraints.ts'
import { checkInstance, checkInstances, checkShape, checkTensor, sumRightmost } from './support.ts'

/** The keyword of transforms: 1 keeps the last input with its output, so that inverting it gives the very same tensor. */
export interface CacheOptions {
  readonly cache_size?: number
}

/** A map from `domain` to `codomain`; called as a function, undone by `inv`. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: instances are callable
export abstract class Transform extends CallableObject {
  /** @internal */
  readonly cacheSize: number
  private last: readonly [Tensor, Tensor] | null = null
  /** @internal */
  inverse: Transform | null = null

  constructor(options: CacheOptions = {}) {
    super()
    const size = options?.cache_size ?? 0
    if (size !== 0 && size !== 1) throw new ValueError('cache_size must be 0 or 1')
    this.cacheSize = size
  }

  /** The set of inputs. */
  abstract get domain(): Constraint
  /** The set of outputs. */
  abstract get codomain(): Constraint
  /** Whether each output comes from one input. */
  get bijective(): boolean {
    return false
  }
  /** 1 for increasing maps of numbers, -1 for decreasing ones. */
  get sign(): number | Tensor {
    throw new RuntimeError(`${this.constructor.name} does not have a sign`)
  }
  /** How many of the last dimensions are mapped together. */
  get event_dim(): number {
    if (this.domain.event_dim === this.codomain.event_dim) return this.domain.event_dim
    throw new ValueError('Please use either .domain.event_dim or .codomain.event_dim')
  }
  /** The inverse map. */
  get inv(): Transform {
    this.inverse ??= new InverseTransform(this)
    return this.inverse
  }

  /** @internal */
  protected image(_x: Tensor): Tensor {
    throw new RuntimeError(`${this.constructor.name} cannot be computed`)
  }
  /** @internal */
  protected preimage(_y: Tensor): Tensor {
    throw new RuntimeError(`${this.constructor.name} cannot be inverted`)
  }
  /** The logarithm of the absolute determinant of the derivative at an input x with output y. */
  log_abs_det_jacobian(_x: Tensor, _y: Tensor): Tensor {
    throw new RuntimeError(`${this.constructor.name} does not have log_abs_det_jacobian`)
  }
  /** The shape of the output for that of an input. */
  forward_shape(shape: readonly number[]): readonly number[] {
    return shape
  }
  /** The shape of the input for that of an output. */
  inverse_shape(shape: readonly number[]): readonly number[] {
    return shape
  }

  /** The image of x, as calling the transform itself gives it. */
  call(x: Tensor): Tensor {
    return this.apply(x)
  }
  /** @internal What a call does. */
  _call(args: readonly unknown[]): Tensor {
    return this.apply(args[0] as Tensor)
  }
  /** @internal */
  apply(x: Tensor): Tensor {
    checkTensor(this.constructor.name, x)
    if (this.last !== null && this.last[0] === x) return this.last[1]
    return this.kept(x, this.image(x))[1]
  }
  /** @internal */
  undo(y: Tensor): Tensor {
    checkTensor(this.constructor.name, y)
    if (this.last !== null && this.last[1] === y) return this.last[0]
    return this.kept(this.preimage(y), y)[0]
  }
  private kept(x: Tensor, y: Tensor): readonly [Tensor, Tensor] {
    if (this.cacheSize === 1) this.last = [x, y]
    return [x, y]
  }

  /** The same map that keeps its last input and output. */
  with_cache(cache_size = 1): Transform {
    return this.cacheSize === cache_size ? this : this.copy({ cache_size })
  }
  /** @internal The same map with other options. */
  protected copy(options: CacheOptions): Transform {
    return new (this.constructor as new (o: CacheOptions) => Transform)(options)
  }
  /** Whether another transform is the same map. */
  equals(other: Transform): boolean {
    return this === other
  }

  override toString(): string {
    return `${this.constructor.name}()`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** Merges with the class: instances are callable. */
export interface Transform {
  // biome-ignore lint/style/useShorthandFunctionType: a type alias would not merge with the class
  (x: Tensor): Tensor
}

class InverseTransform extends Transform {
  private readonly of: Transform

  constructor(of: Transform) {
    super({ cache_size: of.cacheSize })
    this.of = of
    this.inverse = of
  }
  override get domain(): Constraint {
    return this.of.codomain
  }
  override get codomain(): Constraint {
    return this.of.domain
  }
  override get bijective(): boolean {
    return this.of.bijective
  }
  override get sign(): number | Tensor {
    return this.of.sign
  }
  override apply(x: Tensor): Tensor {
    return this.of.undo(x)
  }
  override undo(y: Tensor): Tensor {
    return this.of.apply(y)
  }
  override log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    checkTensor('log_abs_det_jacobian', y)
    return this.of.log_abs_det_jacobian(y, x).neg()
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    return this.of.inverse_shape(shape)
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    return this.of.forward_shape(shape)
  }
  override with_cache(cache_size = 1): Transform {
    return this.of.with_cache(cache_size).inv
  }
  override equals(other: Transform): boolean {
    return other instanceof InverseTransform && this.of.equals(other.of)
  }
  override toString(): string {
    return `_InverseTransform(${this.of})`
  }
}

/** Several transforms, the first one first. */
export class ComposeTransform extends Transform {
  readonly parts: readonly Transform[]

  constructor(parts: readonly Transform[], options: CacheOptions = {}) {
    super(options)
    checkInstances('ComposeTransform', parts, Transform)
    this.parts = this.cacheSize ? parts.map((part) => part.with_cache(this.cacheSize)) : [...parts]
  }
  private side(parts: readonly Transform[], into: (t: Transform) => Constraint, out: (t: Transform) => Constraint): Constraint {
    const last = parts.at(-1)
    if (last === undefined) return real
    let dims = into(parts[0]!).event_dim
    for (const part of parts) dims = Math.max(dims + out(part).event_dim - into(part).event_dim, out(part).event_dim)
    const constraint = out(last)
    return dims > constraint.event_dim ? independent(constraint, dims - constraint.event_dim) : constraint
  }
  override get domain(): Constraint {
    return this.side(
      [...this.parts].reverse(),
      (t) => t.codomain,
      (t) => t.domain,
    )
  }
  override get codomain(): Constraint {
    return this.side(
      this.parts,
      (t) => t.domain,
      (t) => t.codomain,
    )
  }
  override get bijective(): boolean {
    return this.parts.every((part) => part.bijective)
  }
  override get sign(): number | Tensor {
    return this.parts.reduce<number | Tensor>((sign, part) => times(sign, part.sign), 1)
  }
  override get inv(): Transform {
    if (this.inverse === null) {
      this.inverse = new ComposeTransform(this.parts.map((part) => part.inv).reverse())
      this.inverse.inverse = this
    }
    return this.inverse
  }
  override apply(x: Tensor): Tensor {
    return this.parts.reduce((value, part) => part.apply(value), x)
  }
  override undo(y: Tensor): Tensor {
    return this.parts.reduceRight((value, part) => part.undo(value), y)
  }
  override log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    checkTensor('log_abs_det_jacobian', y)
    let total: Tensor | null = null
    let dims = this.domain.event_dim
    let at = x
    this.parts.forEach((part, i) => {
      const next = i === this.parts.length - 1 ? y : part.apply(at)
      const term = sumRightmost(part.log_abs_det_jacobian(at, next), dims - part.domain.event_dim)
      total = total === null ? term : total.add(term)
      dims += part.codomain.event_dim - part.domain.event_dim
      at = next
    })
    return total ?? x.mul(0)
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    return this.parts.reduce((s, part) => part.forward_shape(s), shape)
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    return this.parts.reduceRight((s, part) => part.inverse_shape(s), shape)
  }
  protected override copy(options: CacheOptions): Transform {
    return new ComposeTransform(this.parts, options)
  }
  override equals(other: Transform): boolean {
    return (
      other instanceof ComposeTransform &&
      other.parts.length === this.parts.length &&
      this.parts.every((part, i) => part.equals(other.parts[i]!))
    )
  }
  override toString(): string {
    return `ComposeTransform(\n    ${this.parts.map(String).join(',\n    ')}\n)`
  }
}

/** The product of signs. */
export const times = (a: number | Tensor, b: number | Tensor): number | Tensor =>
  typeof a === 'number' ? (typeof b === 'number' ? a * b : b.mul(a)) : a.mul(b)

/** Itself. */
export const identity_transform: ComposeTransform = new ComposeTransform([])

/** A transform whose last batch dimensions are counted as dimensions of the event. */
export class IndependentTransform extends Transform {
  readonly base_transform: Transform
  readonly reinterpreted_batch_ndims: number

  constructor(base_transform: Transform, reinterpreted_batch_ndims: number, options: CacheOptions = {}) {
    super(options)
    checkInstance('IndependentTransform', base_transform, Transform)
    checkShape('IndependentTransform', [reinterpreted_batch_ndims])
    this.base_transform = base_transform.with_cache(this.cacheSize)
    this.reinterpreted_batch_ndims = reinterpreted_batch_ndims
  }
  override get domain(): Constraint {
    return independent(this.base_transform.domain, this.reinterpreted_batch_ndims)
  }
  override get codomain(): Constraint {
    return independent(this.base_transform.codomain, this.reinterpreted_batch_ndims)
  }
  override get bijective(): boolean {
    return this.base_transform.bijective
  }
  override get sign(): number | Tensor {
    return this.base_transform.sign
  }
  protected override image(x: Tensor): Tensor {
    if (x.ndim < this.domain.event_dim) throw new ValueError('Too few dimensions on input')
    return this.base_transform.apply(x)
  }
  protected override preimage(y: Tensor): Tensor {
    if (y.ndim < this.codomain.event_dim) throw new ValueError('Too few dimensions on input')
    return this.base_transform.undo(y)
  }
  override log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    checkTensor('log_abs_det_jacobian', y)
    return sumRightmost(this.base_transform.log_abs_det_jacobian(x, y), this.reinterpreted_batch_ndims)
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    return this.base_transform.forward_shape(shape)
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    return this.base_transform.inverse_shape(shape)
  }
  protected override copy(options: CacheOptions): Transform {
    return new IndependentTransform(this.base_transform, this.reinterpreted_batch_ndims, options)
  }
  override toString(): string {
    return `IndependentTransform(${this.base_transform}, ${this.reinterpreted_batch_ndims})`
  }
}
