/** Transforms that look at shapes: reshaping, matrices from vectors, several side by side. */

import { isKeywords } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { eye } from '../functions/creation.ts'
import { cat as joined, stack as stacked } from '../functions/join.ts'
import { cholesky } from '../linalg/decompositions.ts'
import { softplus } from '../nn/functional/activation.ts'
import { pad } from '../nn/functional/padding.ts'
import { type Size, sizeOf } from '../size.ts'
import type { Tensor } from '../tensor.ts'
import {
  type Constraint,
  cat,
  corr_cholesky,
  independent,
  lower_cholesky,
  positive_definite,
  real,
  real_vector,
  stack,
} from './constraints.ts'
import { checkShape, checkTensor, eps, from, sumRightmost } from './support.ts'
import { type CacheOptions, Transform } from './transform.ts'
import { tril_matrix_to_vec, vec_to_tril_matrix } from './utils.ts'

/** The last dimensions in another shape. */
export class ReshapeTransform extends Transform {
  readonly in_shape: Size
  readonly out_shape: Size

  constructor(in_shape: readonly number[], out_shape: readonly number[], options: CacheOptions = {}) {
    super(options)
    checkShape('ReshapeTransform', in_shape)
    checkShape('ReshapeTransform', out_shape)
    this.in_shape = sizeOf(in_shape)
    this.out_shape = sizeOf(out_shape)
    if (this.in_shape.numel() !== this.out_shape.numel()) throw new ValueError('in_shape, out_shape have different numbers of elements')
  }
  override get domain(): Constraint {
    return independent(real, this.in_shape.length)
  }
  override get codomain(): Constraint {
    return independent(real, this.out_shape.length)
  }
  override get bijective(): boolean {
    return true
  }
  private swapped(shape: readonly number[], a: Size, b: Size): number[] {
    if (shape.length < a.length) throw new ValueError('Too few dimensions on input')
    const cut = shape.length - a.length
    if (shape.slice(cut).join() !== a.join()) throw new ValueError(`Shape mismatch: expected ${sizeOf(shape.slice(cut))} but got ${a}`)
    return [...shape.slice(0, cut), ...b]
  }
  protected override image(x: Tensor): Tensor {
    return x.reshape([...x.shape.slice(0, x.ndim - this.in_shape.length), ...this.out_shape])
  }
  protected override preimage(y: Tensor): Tensor {
    return y.reshape([...y.shape.slice(0, y.ndim - this.out_shape.length), ...this.in_shape])
  }
  override log_abs_det_jacobian(x: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    return x.new_zeros(x.shape.slice(0, x.ndim - this.in_shape.length))
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    return this.swapped(shape, this.in_shape, this.out_shape)
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    return this.swapped(shape, this.out_shape, this.in_shape)
  }
  protected override copy(options: CacheOptions): Transform {
    return new ReshapeTransform(this.in_shape, this.out_shape, options)
  }
}

/** Vectors to the Cholesky factors of correlation matrices. */
export class CorrCholeskyTransform extends Transform {
  override get domain(): Constraint {
    return real_vector
  }
  override get codomain(): Constraint {
    return corr_cholesky
  }
  override get bijective(): boolean {
    return true
  }
  protected override image(x: Tensor): Tensor {
    const e = eps(x)
    const r = vec_to_tril_matrix(x.tanh().clamp(-1 + e, 1 - e), -1)
    const n = r.shape.at(-1)!
    const left = from(1, r.pow(2)).sqrt().cumprod(-1)
    return r.add(eye(n, { dtype: r.dtype })).mul(pad(left.narrow(-1, 0, n - 1), [1, 0], { value: 1 }))
  }
  protected override preimage(y: Tensor): Tensor {
    const n = y.shape.at(-1)!
    const left = pad(from(1, y.mul(y).cumsum(-1)).narrow(-1, 0, n - 1), [1, 0], { value: 1 })
    const t = tril_matrix_to_vec(y, -1).div(tril_matrix_to_vec(left, -1).sqrt())
    return t.log1p().sub(t.neg().log1p()).div(2)
  }
  override log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    checkTensor('log_abs_det_jacobian', y)
    const left = tril_matrix_to_vec(from(1, y.mul(y).cumsum(-1)), -2)
    const stick = left.log().sum(-1).mul(0.5)
    return stick.add(
      x
        .add(softplus(x.mul(-2)))
        .sub(Math.LN2)
        .sum(-1)
        .mul(-2),
    )
  }
  override forward_shape(shape: readonly number[]): readonly number[] {
    checkShape('forward_shape', shape)
    if (shape.length < 1) throw new ValueError('Too few dimensions on input')
    const n = shape.at(-1)!
    const side = Math.round(Math.sqrt(0.25 + 2 * n) + 0.5)
    if ((side * (side - 1)) / 2 !== n) throw new ValueError('Input is not a flattened lower-diagonal number')
    return [...shape.slice(0, -1), side, side]
  }
  override inverse_shape(shape: readonly number[]): readonly number[] {
    checkShape('inverse_shape', shape)
    if (shape.length < 2) throw new ValueError('Too few dimensions on input')
    const side = shape.at(-1)!
    if (shape.at(-2) !== side) throw new ValueError('Input is not square')
    return [...shape.slice(0, -2), (side * (side - 1)) / 2]
  }
}

/** Matrices of any numbers to lower triangular ones with a positive diagonal. */
export class LowerCholeskyTransform extends Transform {
  override get domain(): Constraint {
    return independent(real, 2)
  }
  override get codomain(): Constraint {
    return lower_cholesky
  }
  protected override image(x: Tensor): Tensor {
    return x.tril(-1).add(x.diagonal(0, -2, -1).exp().diag_embed())
  }
  protected override preimage(y: Tensor): Tensor {
    return y.tril(-1).add(y.diagonal(0, -2, -1).log().diag_embed())
  }
  override equals(other: Transform): boolean {
    return other instanceof LowerCholeskyTransform
  }
}

/** Matrices of any numbers to positive definite ones. */
export class PositiveDefiniteTransform extends Transform {
  override get domain(): Constraint {
    return independent(real, 2)
  }
  override get codomain(): Constraint {
    return positive_definite
  }
  protected override image(x: Tensor): Tensor {
    const factor = new LowerCholeskyTransform().apply(x)
    return factor.matmul(factor.mT)
  }
  protected override preimage(y: Tensor): Tensor {
    return new LowerCholeskyTransform().undo(cholesky(y))
  }
  override equals(other: Transform): boolean {
    return other instanceof PositiveDefiniteTransform
  }
}

/** Transforms side by side along a dimension. */
abstract class SideBySide extends Transform {
  readonly transforms: readonly Transform[]
  readonly dim: number

  constructor(tseq: readonly Transform[], dim: number, options: CacheOptions) {
    super(options)
    if (!Array.isArray(tseq) || !tseq.every((t) => t instanceof Transform))
      throw new ValueError('All elements of tseq must be Transform instances')
    this.transforms = this.cacheSize ? tseq.map((t) => t.with_cache(this.cacheSize)) : [...tseq]
    this.dim = dim
  }
  override get bijective(): boolean {
    return this.transforms.every((t) => t.bijective)
  }
  protected checkDim(x: Tensor, length: number): void {
    if (this.dim < -x.ndim || this.dim >= x.ndim) throw new ValueError(`dim ${this.dim} out of range for tensor with ${x.ndim} dimensions`)
    if (x.size(this.dim) !== length) throw new ValueError(`x.size(${this.dim}) = ${x.size(this.dim)} must equal length ${length}`)
  }
}

type CatOptions = CacheOptions & { readonly dim?: number; readonly lengths?: readonly number[] | null }

/** Transforms of consecutive parts along a dimension. */
export class CatTransform extends SideBySide {
  readonly lengths: readonly number[]

  constructor(tseq: readonly Transform[], dim: number | CatOptions = 0, lengths?: readonly number[] | null, options: CacheOptions = {}) {
    const given: CatOptions = isKeywords(dim) ? (dim as CatOptions) : { ...options, dim: dim as number, lengths }
    super(tseq, given.dim ?? 0, given)
    this.lengths = given.lengths ?? this.transforms.map(() => 1)
    if (this.lengths.length !== this.transforms.length)
      throw new ValueError(`lengths (${this.lengths.length}) must match transforms (${this.transforms.length})`)
  }
  override get event_dim(): number {
    return Math.max(...this.transforms.map((t) => t.event_dim))
  }
  /** The length along the dimension. */
  override get length(): number {
    return this.lengths.reduce((sum, n) => sum + n, 0)
  }
  private parts(x: Tensor): Tensor[] {
    this.checkDim(x, this.length)
    let start = 0
    return this.lengths.map((n) => {
      start += n
      return x.narrow(this.dim, start - n, n)
    })
  }
  protected override image(x: Tensor): Tensor {
    return joined(
      this.parts(x).map((part, i) => this.transforms[i]!.apply(part)),
      this.dim,
    )
  }
  protected override preimage(y: Tensor): Tensor {
    return joined(
      this.parts(y).map((part, i) => this.transforms[i]!.undo(part)),
      this.dim,
    )
  }
  override log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    checkTensor('log_abs_det_jacobian', y)
    const ys = this.parts(y)
    const terms = this.parts(x).map((part, i) => {
      const t = this.transforms[i]!
      return sumRightmost(t.log_abs_det_jacobian(part, ys[i]!), this.event_dim - t.event_dim)
    })
    const dim = (this.dim >= 0 ? this.dim - x.ndim : this.dim) + this.event_dim
    return dim < 0 ? joined(terms, dim) : terms.reduce((a, b) => a.add(b))
  }
  override get domain(): Constraint {
    return cat(
      this.transforms.map((t) => t.domain),
      this.dim,
      this.lengths,
    )
  }
  override get codomain(): Constraint {
    return cat(
      this.transforms.map((t) => t.codomain),
      this.dim,
      this.lengths,
    )
  }
  protected override copy(options: CacheOptions): Transform {
    return new CatTransform(this.transforms, this.dim, this.lengths, options)
  }
}

/** Transforms of the slices along a dimension. */
export class StackTransform extends SideBySide {
  constructor(tseq: readonly Transform[], dim: number | (CacheOptions & { readonly dim?: number }) = 0, options: CacheOptions = {}) {
    const given = (isKeywords(dim) ? dim : { ...options, dim }) as CacheOptions & { dim?: number }
    super(tseq, given.dim ?? 0, given)
  }
  private joined(x: Tensor, f: (t: Transform, part: Tensor, i: number) => Tensor): Tensor {
    this.checkDim(x, this.transforms.length)
    return stacked(
      this.transforms.map((t, i) => f(t, x.select(this.dim, i), i)),
      this.dim,
    )
  }
  protected override image(x: Tensor): Tensor {
    return this.joined(x, (t, part) => t.apply(part))
  }
  protected override preimage(y: Tensor): Tensor {
    return this.joined(y, (t, part) => t.undo(part))
  }
  override log_abs_det_jacobian(x: Tensor, y: Tensor): Tensor {
    checkTensor('log_abs_det_jacobian', x)
    checkTensor('log_abs_det_jacobian', y)
    return this.joined(x, (t, part, i) => t.log_abs_det_jacobian(part, y.select(this.dim, i)))
  }
  override get domain(): Constraint {
    return stack(
      this.transforms.map((t) => t.domain),
      this.dim,
    )
  }
  override get codomain(): Constraint {
    return stack(
      this.transforms.map((t) => t.codomain),
      this.dim,
    )
  }
  protected override copy(options: CacheOptions): Transform {
    return new StackTransform(this.transforms, this.dim, options)
  }
}
