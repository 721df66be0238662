/** Random matrices: Wishart, and Cholesky factors of correlation matrices. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { warn } from '../../core/warnings.ts'
import { arange, tensor, tril_indices } from '../functions/creation.ts'
import { cat } from '../functions/join.ts'
import { randn } from '../functions/random.ts'
import { broadcast_shapes } from '../functions/shape.ts'
import { mvlgamma } from '../functions/special_pointwise.ts'
import { slogdet } from '../linalg/decompositions.ts'
import { cholesky_inverse, cholesky_solve } from '../linalg/more.ts'
import { quietly } from '../recording.ts'
import { Tensor } from '../tensor.ts'
import { type Constraint, corr_cholesky, greater_than, lower_cholesky, positive, positive_definite } from './constraints.ts'
import { type Constraints, Distribution, type ValidateOptions } from './distribution.ts'
import { ExponentialFamily } from './exp_family.ts'
import { Beta, Chi2 } from './gamma.ts'
import { logDiagonal } from './matrices.ts'
import { type CovarianceOptions, covarianceOf, factorOf } from './multivariate.ts'
import { checkShape, eps, from, type Param, tiny } from './support.ts'
import { broadcast_all } from './utils.ts'

interface WishartOptions extends CovarianceOptions {
  readonly df: Param
}
type WishartNames = ['df', 'covariance_matrix', 'precision_matrix', 'scale_tril', 'validate_args']

/** The Wishart distribution: sums of `df` squares of normal vectors. */
export class Wishart extends ExponentialFamily {
  declare readonly df: Tensor

  constructor(...args: Rest<WishartOptions, WishartNames>) {
    const names = ['df', 'covariance_matrix', 'precision_matrix', 'scale_tril', 'validate_args'] as const
    const o = signature<WishartOptions>('Wishart', names, [], 0)(args)
    const [name, matrix] = covarianceOf(o)
    const own = matrix.shape.slice(0, -2)
    const batch = o.df instanceof Tensor ? broadcast_shapes(own, o.df.shape) : own
    const df = (o.df instanceof Tensor ? o.df : tensor(o.df, { dtype: matrix.dtype })).expand([...batch])
    const p = matrix.shape.at(-1)!
    if (
      df
        .le(p - 1)
        .any()
        .item() === true
    )
      throw new ValueError(`Value of df=${o.df} expected to be greater than ndim - 1 = ${p - 1}.`)
    if (df.lt(p).any().item() === true)
      warn('Low df values detected. Singular samples are highly likely to occur for ndim - 1 < df < ndim.')
    super({ df, [name]: matrix.expand([...batch, -1, -1]) }, batch, [p, p], o.validate_args)
    this.cache.set('factor', factorOf(name, matrix))
  }
  override get arg_constraints(): Constraints {
    const df = greater_than(this.event_shape.at(-1)! - 1)
    return { covariance_matrix: positive_definite, precision_matrix: positive_definite, scale_tril: lower_cholesky, df }
  }
  override expand(batch_shape: readonly number[]): this {
    checkShape('expand', batch_shape)
    const copy = super.expand(batch_shape)
    copy.cache.set('factor', this.factor)
    return copy
  }
  private get factor(): Tensor {
    return this.once('factor', () => this.scale_tril)
  }
  get scale_tril(): Tensor {
    return this.once('scale_tril', () => this.factor.expand(this._extended_shape()))
  }
  get covariance_matrix(): Tensor {
    return this.once('covariance_matrix', () => this.factor.matmul(this.factor.mT).expand(this._extended_shape()))
  }
  get precision_matrix(): Tensor {
    return this.once('precision_matrix', () => cholesky_inverse(this.factor).expand(this._extended_shape()))
  }
  override get support(): Constraint {
    return positive_definite
  }
  /** A number of each distribution beside its matrices. */
  private beside(x: Tensor): Tensor {
    return x.view([...this.batch_shape, 1, 1])
  }
  override get mean(): Tensor {
    return this.beside(this.df).mul(this.covariance_matrix)
  }
  override get mode(): Tensor {
    const excess = this.df.sub(this.event_shape.at(-1)! + 1)
    return this.beside(excess.masked_fill(excess.le(0), Number.NaN)).mul(this.covariance_matrix)
  }
  override get variance(): Tensor {
    const v = this.covariance_matrix
    const d = v.diagonal(0, -2, -1)
    return this.beside(this.df).mul(v.pow(2).add(d.unsqueeze(-1).mul(d.unsqueeze(-2))))
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    // PyTorch draws once more what was regular at first, then what was singular; so do we, for the same numbers
    const shape = this._extended_shape(sample_shape)
    const rest = shape.slice(sample_shape.length)
    let sample = this.bartlett(sample_shape).reshape([-1, ...rest])
    let again = this.rows(sample, true)
    for (let i = 0; i < 10 && again.length > 0; i++) {
      const fresh = this.bartlett([again.length])
      sample = sample.index_copy(0, tensor(again), fresh)
      again = this.rows(fresh, false).map((at) => again[at]!)
    }
    if (again.length > 0) warn('Singular sample detected.')
    return sample.reshape(shape)
  }
  /** Which samples have a matrix that is positive definite, or one that is not. */
  private rows(sample: Tensor, regular: boolean): number[] {
    return quietly(() => {
      const hit = positive_definite.check(sample).eq(regular)
      const any = hit.reshape([sample.shape[0]!, -1]).any(1).tolist() as boolean[]
      return any.flatMap((yes, i) => (yes ? [i] : []))
    })
  }
  private bartlett(sample_shape: readonly number[]): Tensor {
    const p = this.event_shape.at(-1)!
    // Bartlett's decomposition: chi numbers on the diagonal, normal ones below
    const dfs = this.df.unsqueeze(-1).sub(arange(p, { dtype: this.df.dtype }))
    const chi = new Chi2(dfs).rsample(sample_shape).sqrt()
    const diagonal = chi.clamp(eps(chi)).diag_embed()
    const [rows, columns] = tril_indices(p, p, -1).tolist() as [number[], number[]]
    const below = randn([...sample_shape, ...this.batch_shape, rows.length], { dtype: chi.dtype })
    const flat = diagonal.reshape([...diagonal.shape.slice(0, -2), p * p])
    const noise = rows.length === 0 ? flat : flat.index_copy(-1, tensor(rows.map((r, i) => r * p + columns[i]!)), below)
    const factor = this.factor.matmul(noise.reshape([...diagonal.shape]))
    return factor.matmul(factor.mT)
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const nu = this.df
    const p = this.event_shape.at(-1)!
    const scale = nu.neg().mul(logDiagonal(this.factor).add((p * Math.LN2) / 2))
    const volume = nu
      .sub(p + 1)
      .div(2)
      .mul(slogdet(value).logabsdet)
    const factor = this.factor.expand([...value.shape.slice(0, -2), p, p])
    const trace = cholesky_solve(value, factor).diagonal(0, -2, -1).sum(-1).div(2)
    return scale
      .sub(mvlgamma(nu.div(2), p))
      .add(volume)
      .sub(trace)
  }
  override entropy(): Tensor {
    const nu = this.df
    const p = this.event_shape.at(-1)!
    const half = nu.div(2)
    const digammas = half
      .unsqueeze(-1)
      .sub(arange(p, { dtype: nu.dtype }).div(2))
      .digamma()
      .sum(-1)
    const scale = logDiagonal(this.factor)
      .add((p * Math.LN2) / 2)
      .mul(p + 1)
    return scale
      .add(mvlgamma(half, p))
      .sub(
        nu
          .sub(p + 1)
          .div(2)
          .mul(digammas),
      )
      .add(nu.mul(p).div(2))
  }
  override get _natural_params(): readonly Tensor[] {
    return [this.precision_matrix.neg().div(2), this.df.sub(this.event_shape.at(-1)! + 1).div(2)]
  }
  override _log_normalizer(x: Tensor, y: Tensor): Tensor {
    const p = this.event_shape.at(-1)!
    const half = y.add((p + 1) / 2)
    return half
      .mul(
        slogdet(x.mul(-2))
          .logabsdet.neg()
          .add(Math.LN2 * p),
      )
      .add(mvlgamma(half, p))
  }
}

interface LkjOptions extends ValidateOptions {
  readonly dim: number
  readonly concentration?: Param
}

/** Cholesky factors of random correlation matrices (Lewandowski, Kurowicka and Joe, 2009), by the onion method. */
export class LKJCholesky extends Distribution {
  declare readonly dim: number
  declare readonly concentration: Tensor

  constructor(...args: Rest<LkjOptions, ['dim', 'concentration', 'validate_args']>) {
    const o = signature<LkjOptions>('LKJCholesky', ['dim', 'concentration', 'validate_args'], [], 0)(args)
    if (!Number.isInteger(o.dim) || o.dim < 2)
      throw new ValueError(`Expected dim to be an integer greater than or equal to 2. Found dim=${o.dim}.`)
    const [concentration] = broadcast_all(o.concentration ?? 1) as [Tensor]
    super({ concentration }, concentration.shape, [o.dim, o.dim], o.validate_args, { dim: o.dim })
  }
  override get arg_constraints(): Constraints {
    return { concentration: positive }
  }
  override get support(): Constraint {
    return corr_cholesky
  }
  private get radii(): Beta {
    const { dim, concentration } = this
    const steps = arange(dim - 1, { dtype: concentration.dtype })
    const offset = cat([steps.new_zeros([1]), steps])
    const marginal = concentration.add(0.5 * (dim - 2)).unsqueeze(-1)
    return new Beta(offset.add(0.5), marginal.sub(offset.mul(0.5)))
  }
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => {
      const y = this.radii.sample(sample_shape).unsqueeze(-1)
      const normal = randn(this._extended_shape(sample_shape), { dtype: y.dtype }).tril(-1)
      const directions = normal.div(normal.pow(2).sum(-1, true).sqrt())
      const first = arange(this.dim).eq(0).unsqueeze(-1)
      const w = y.sqrt().mul(directions.masked_fill(first, 0))
      return w.add(from(1, w.pow(2).sum(-1)).clamp(tiny(w)).sqrt().diag_embed())
    })
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const { dim, concentration } = this
    const diagonal = value.diagonal(0, -2, -1).narrow(-1, 1, dim - 1)
    const order = concentration
      .sub(1)
      .mul(2)
      .unsqueeze(-1)
      .add(dim)
      .sub(arange(2, dim + 1))
    const alpha = concentration.add(0.5 * (dim - 1))
    const numerator = mvlgamma(alpha.sub(0.5), dim - 1)
    const normal = numerator.add(0.5 * (dim - 1) * Math.log(Math.PI)).sub(alpha.lgamma().mul(dim - 1))
    return order.mul(diagonal.log()).sum(-1).sub(normal)
  }
}
