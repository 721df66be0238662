/** The transforms of numbers and vectors: exponentials, powers, squashing, affine maps, the simplex. */

import { isKeywords } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { full_like } from '../functions/creation.ts'
import { broadcast_shapes } from '../functions/shape.ts'
import { logsigmoid, softplus } from '../nn/functional/activation.ts'
import { pad } from '../nn/functional/padding.ts'
import { Tensor } from '../tensor.ts'
import { type Constraint, independent, interval, positive, real, real_vector, simplex, unit_interval } from './constraints.ts'
import { Distribution } from './distribution.ts'
import { checkInstance, checkShape, checkTensor, eps, from, type Param, tiny } from './support.ts'
import { type CacheOptions, Transform } from './transform.ts'
import { broadcast_all } from './utils.ts'

/** Increasing one-to-one maps of the real line onto an interval. */
abstract class Increasing extends Transform {
  override get domain(): Constraint {
    return real
  }
  override get codomain(): Constraint {
    return positive
  }
  override get bijective(): boolean {
    return true
  }
  override get sign(): number | Tensor {
    return 1
  }
  override equals(other: Transform): boolean {
    return other?.constructor === this.constructor
  }
}

/** `exp(x)`. */
export class ExpTransform extends Increasing {
  protected override image(x: Tensor): Tensor {
    return x.exp()
  }
  protected override preimage(y: Tensor): Tensor {
    return y.log()
  }
  override log_abs_det_jacobian(x: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    return x
  }
}

const clippedSigmoid = (x: Tensor): Tensor => x.sigmoid().clamp(tiny(x), 1 - eps(x))

/** `1 / (1 + exp(-x))`. */
export class SigmoidTransform extends Increasing {
  override get codomain(): Constraint {
    return unit_interval
  }
  protected override image(x: Tensor): Tensor {
    return clippedSigmoid(x)
  }
  protected override preimage(y: Tensor): Tensor {
    const inside = y.clamp(tiny(y), 1 - eps(y))
    return inside.log().sub(inside.neg().log1p())
  }
  override log_abs_det_jacobian(x: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    return softplus(x.neg()).neg().sub(softplus(x))
  }
}

/** `log(1 + exp(x))`. */
export class SoftplusTransform extends Increasing {
  protected override image(x: Tensor): Tensor {
    return softplus(x)
  }
  protected override preimage(y: Tensor): Tensor {
    return y.neg().expm1().neg().log().add(y)
  }
  override log_abs_det_jacobian(x: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    return softplus(x.neg()).neg()
  }
}

/** `tanh(x)`. */
export class TanhTransform extends Increasing {
  override get codomain(): Constraint {
    return interval(-1, 1)
  }
  protected override image(x: Tensor): Tensor {
    return x.tanh()
  }
  protected override preimage(y: Tensor): Tensor {
    return y.atanh()
  }
  override log_abs_det_jacobian(x: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    // log (1 - tanh^2 x) = 2 (log 2 - x - softplus(-2x))
    return x
      .neg()
      .add(Math.LN2)
      .sub(softplus(x.mul(-2)))
      .mul(2)
  }
}

/** The absolute value; its inverse gives the positive number. */
export class AbsTransform extends Transform {
  override get domain(): Constraint {
    return real
  }
  override get codomain(): Constraint {
    return positive
  }
  protected override image(x: Tensor): Tensor {
    return x.abs()
  }
  protected override preimage(y: Tensor): Tensor {
    return y
  }
  override equals(other: Transform): boolean {
    return other instanceof AbsTransform
  }
}

/** `x ** exponent`, of positive numbers. */
export class PowerTransform extends Transform {
  readonly exponent: Tensor

  constructor(exponent: Param, options: CacheOptions = {}) {
    super(options)
    this.exponent = broadcast_all(exponent)[0]!
  }
  override get domain(): Constraint {
    return positive
  }
  override get codomain(): Constraint {
    return positive
  }
  override get bijective(): boolean {
    return true
  }
  override get sign(): number | Tensor {
    return this.exponent.sign()
  }
  protected override image(x: Tensor): Tensor {
    return x.pow(this.exponent)
  }
  protected override preimage(y: Tensor): Tensor {
    return y.pow(this.exponent.reciprocal())
  }
  override log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    checkTensor('log_abs_det_jacobian', y)
    return this.exponent.mul(y).div(x).abs().log()
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    return broadcast_shapes(shape, this.exponent.shape)
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    return this.forward_shape(shape)
  }
  protected override copy(options: CacheOptions): Transform {
    return new PowerTransform(this.exponent, options)
  }
  override equals(other: Transform): boolean {
    return other instanceof PowerTransform && this.exponent.eq(other.exponent).all().item() === true
  }
}

const shapeOf = (x: Param): readonly number[] => (x instanceof Tensor ? x.shape : [])
const same = (a: Param, b: Param): boolean =>
  a instanceof Tensor ? a.eq(b).all().item() === true : b instanceof Tensor ? same(b, a) : a === b

/** `loc + scale * x`; with `event_dim` the derivative's determinant is taken over the last dimensions. */
export class AffineTransform extends Transform {
  readonly loc: Param
  readonly scale: Param
  private readonly dims: number

  constructor(loc: Param, scale: Param, event_dim: number | (CacheOptions & { event_dim?: number }) = 0, options: CacheOptions = {}) {
    const keywords = isKeywords(event_dim)
      ? (event_dim as CacheOptions & { event_dim?: number })
      : { ...options, event_dim: event_dim as number }
    super(keywords)
    this.loc = loc
    this.scale = scale
    this.dims = keywords.event_dim ?? 0
  }
  override get event_dim(): number {
    return this.dims
  }
  override get domain(): Constraint {
    return this.dims === 0 ? real : independent(real, this.dims)
  }
  override get codomain(): Constraint {
    return this.domain
  }
  override get bijective(): boolean {
    return true
  }
  override get sign(): number | Tensor {
    return this.scale instanceof Tensor ? this.scale.sign() : Math.sign(this.scale)
  }
  protected override image(x: Tensor): Tensor {
    return x.mul(this.scale).add(this.loc)
  }
  protected override preimage(y: Tensor): Tensor {
    return y.sub(this.loc).div(this.scale)
  }
  override log_abs_det_jacobian(x: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    const { scale, dims } = this
    const each = scale instanceof Tensor ? scale.abs().log() : full_like(x, Math.log(Math.abs(scale)))
    if (dims === 0) return each.expand([...x.shape])
    return each
      .reshape([...each.shape.slice(0, each.ndim - dims), -1])
      .sum(-1)
      .expand(x.shape.slice(0, x.ndim - dims))
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    return broadcast_shapes(shape, shapeOf(this.loc), shapeOf(this.scale))
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    return this.forward_shape(shape)
  }
  protected override copy(options: CacheOptions): Transform {
    return new AffineTransform(this.loc, this.scale, { event_dim: this.dims, ...options })
  }
  override equals(other: Transform): boolean {
    return other instanceof AffineTransform && same(this.loc, other.loc) && same(this.scale, other.scale)
  }
}

/** Maps of vectors onto the simplex. */
abstract class ToSimplex extends Transform {
  override get domain(): Constraint {
    return real_vector
  }
  override get codomain(): Constraint {
    return simplex
  }
  override equals(other: Transform): boolean {
    return other?.constructor === this.constructor
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    if (shape.length < 1) throw new ValueError('Too few dimensions on input')
    return shape
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    if (shape.length < 1) throw new ValueError('Too few dimensions on input')
    return shape
  }
}

/** The exponentials over their sum: not one-to-one, and good for optimization. */
export class SoftmaxTransform extends ToSimplex {
  protected override image(x: Tensor): Tensor {
    const powers = x.sub(x.amax(-1, true)).exp()
    return powers.div(powers.sum(-1, true))
  }
  protected override preimage(y: Tensor): Tensor {
    return y.log()
  }
}

/** Breaks a stick of length 1 by the sigmoids of the numbers: one-to-one onto the simplex of one dimension more. */
export class StickBreakingTransform extends ToSimplex {
  override get bijective(): boolean {
    return true
  }
  private offset(x: Tensor, n: number): Tensor {
    return x
      .new_ones([n])
      .cumsum(-1)
      .neg()
      .add(n + 1)
  }
  protected override image(x: Tensor): Tensor {
    const z = clippedSigmoid(x.sub(this.offset(x, x.shape.at(-1)!).log()))
    return pad(z, [0, 1], { value: 1 }).mul(pad(from(1, z).cumprod(-1), [1, 0], { value: 1 }))
  }
  protected override preimage(y: Tensor): Tensor {
    const n = y.shape.at(-1)! - 1
    const most = y.narrow(-1, 0, n)
    const left = from(1, most.cumsum(-1)).clamp(tiny(y))
    return most.log().sub(left.log()).add(this.offset(y, n).log())
  }
  override log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    checkTensor('log_abs_det_jacobian', y)
    const n = x.shape.at(-1)!
    const shifted = x.sub(this.offset(x, n).log())
    return shifted
      .neg()
      .add(logsigmoid(shifted))
      .add(y.narrow(-1, 0, n).log())
      .sum(-1)
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    super.forward_shape(shape)
    return [...shape.slice(0, -1), shape.at(-1)! + 1]
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    super.inverse_shape(shape)
    return [...shape.slice(0, -1), shape.at(-1)! - 1]
  }
}

/** The distribution function of a distribution. */
export class CumulativeDistributionTransform extends Transform {
  readonly distribution: Distribution

  constructor(distribution: Distribution, options: CacheOptions = {}) {
    super(options)
    checkInstance('CumulativeDistributionTransform', distribution, Distribution)
    this.distribution = distribution
  }
  override get domain(): Constraint {
    return this.distribution.support
  }
  override get codomain(): Constraint {
    return unit_interval
  }
  override get bijective(): boolean {
    return true
  }
  override get sign(): number | Tensor {
    return 1
  }
  protected override image(x: Tensor): Tensor {
    return this.distribution.cdf(x)
  }
  protected override preimage(y: Tensor): Tensor {
    return this.distribution.icdf(y)
  }
  override log_abs_det_jacobian(x: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    return this.distribution.log_prob(x)
  }
  protected override copy(options: CacheOptions): Transform {
    return new CumulativeDistributionTransform(this.distribution, options)
  }
}
