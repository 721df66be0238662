/** Normal vectors: by covariance, precision or Cholesky factor, and with a covariance of low rank. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { eye } from '../functions/creation.ts'
import { broadcast_shapes, broadcast_tensors } from '../functions/shape.ts'
import { cholesky } from '../linalg/decompositions.ts'
import { cholesky_inverse } from '../linalg/more.ts'
import { solve_triangular } from '../linalg/solving.ts'
import { Tensor } from '../tensor.ts'
import { type Constraint, independent, lower_cholesky, positive, positive_definite, real, real_vector } from './constraints.ts'
import { type Constraints, Distribution, type ValidateOptions } from './distribution.ts'
import { batchMv, logDiagonal, mahalanobis, precisionToScaleTril } from './matrices.ts'
import { checkShape, LOG_2PI, standardNormal } from './support.ts'

/** One of the three forms of a covariance. */
export interface CovarianceOptions extends ValidateOptions {
  readonly covariance_matrix?: Tensor | null
  readonly precision_matrix?: Tensor | null
  readonly scale_tril?: Tensor | null
}

/** Which form was given. */
export function covarianceOf(o: CovarianceOptions): ['covariance_matrix' | 'precision_matrix' | 'scale_tril', Tensor] {
  const names = (['scale_tril', 'covariance_matrix', 'precision_matrix'] as const).filter((name) => (o[name] ?? null) !== null)
  if (names.length !== 1) throw new ValueError('Exactly one of covariance_matrix or precision_matrix or scale_tril may be specified.')
  const name = names[0]!
  const matrix = o[name]!
  if (!(matrix instanceof Tensor) || matrix.ndim < 2)
    throw new ValueError(`${name} must be at least two-dimensional, with optional leading batch dimensions`)
  return [name, matrix]
}

/** The Cholesky factor of a covariance in one of its forms. */
export const factorOf = (name: string, matrix: Tensor): Tensor =>
  name === 'scale_tril' ? matrix : name === 'covariance_matrix' ? cholesky(matrix) : precisionToScaleTril(matrix)

interface NormalOptions extends CovarianceOptions {
  readonly loc: Tensor
}
type NormalNames = ['loc', 'covariance_matrix', 'precision_matrix', 'scale_tril', 'validate_args']

/** What the families of normal vectors share. */
abstract class NormalVector extends Distribution {
  declare readonly loc: Tensor

  override get support(): Constraint {
    return real_vector
  }
  override get mean(): Tensor {
    return this.loc
  }
  override get mode(): Tensor {
    return this.loc
  }
  protected square(): number[] {
    return [...this.batch_shape, ...this.event_shape, ...this.event_shape]
  }
  /** A number of each distribution of the batch, also where the parameters that make it were given once for all. */
  protected forEach(x: Tensor): Tensor {
    return this.batch_shape.length === 0 ? x : x.expand([...this.batch_shape])
  }
}

/** Normal vectors, by mean and covariance. */
export class MultivariateNormal extends NormalVector {
  constructor(...args: Rest<NormalOptions, NormalNames>) {
    const names = ['loc', 'covariance_matrix', 'precision_matrix', 'scale_tril', 'validate_args'] as const
    const o = signature<NormalOptions>('MultivariateNormal', names, [], 0)(args)
    if (!(o.loc instanceof Tensor) || o.loc.ndim < 1) throw new ValueError('loc must be at least one-dimensional.')
    const [name, matrix] = covarianceOf(o)
    const batch = broadcast_shapes(matrix.shape.slice(0, -2), o.loc.shape.slice(0, -1))
    const loc = o.loc.expand([...batch, -1])
    super({ loc, [name]: matrix.expand([...batch, -1, -1]) }, batch, loc.shape.slice(-1), o.validate_args)
    this.cache.set('factor', factorOf(name, matrix))
  }
  override get arg_constraints(): Constraints {
    return {
      loc: real_vector,
      covariance_matrix: positive_definite,
      precision_matrix: positive_definite,
      scale_tril: lower_cholesky,
    }
  }
  override expand(batch_shape: readonly number[]): this {
    checkShape('expand', batch_shape)
    const copy = super.expand(batch_shape)
    copy.cache.set('factor', this._unbroadcasted_scale_tril)
    return copy
  }
  /** @internal The Cholesky factor, not expanded. */
  get _unbroadcasted_scale_tril(): Tensor {
    return this.once('factor', () => this.scale_tril)
  }
  get scale_tril(): Tensor {
    return this.once('scale_tril', () => this._unbroadcasted_scale_tril.expand(this.square()))
  }
  get covariance_matrix(): Tensor {
    const factor = this._unbroadcasted_scale_tril
    return this.once('covariance_matrix', () => factor.matmul(factor.mT).expand(this.square()))
  }
  get precision_matrix(): Tensor {
    return this.once('precision_matrix', () => cholesky_inverse(this._unbroadcasted_scale_tril).expand(this.square()))
  }
  override get variance(): Tensor {
    return this._unbroadcasted_scale_tril
      .pow(2)
      .sum(-1)
      .expand([...this.batch_shape, ...this.event_shape])
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const noise = standardNormal(this._extended_shape(sample_shape), this.loc)
    return this.loc.add(batchMv(this._unbroadcasted_scale_tril, noise))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const factor = this._unbroadcasted_scale_tril
    const distance = mahalanobis(factor, value.sub(this.loc))
    return distance
      .add(this.event_shape[0]! * LOG_2PI)
      .mul(-0.5)
      .sub(logDiagonal(factor))
  }
  override entropy(): Tensor {
    const h = logDiagonal(this._unbroadcasted_scale_tril).add(0.5 * this.event_shape[0]! * (1 + LOG_2PI))
    return this.forEach(h)
  }
}

interface LowRankOptions extends ValidateOptions {
  readonly loc: Tensor
  readonly cov_factor: Tensor
  readonly cov_diag: Tensor
}

/** The Cholesky factor of `I + W^T D^-1 W`. */
export function capacitanceTril(w: Tensor, d: Tensor): Tensor {
  const k = w.mT.div(d.unsqueeze(-2)).matmul(w)
  return cholesky(k.add(eye(w.shape.at(-1)!, { dtype: w.dtype })))
}

/** Normal vectors of covariance `cov_factor cov_factor^T + diag(cov_diag)`. */
export class LowRankMultivariateNormal extends NormalVector {
  declare readonly cov_factor: Tensor
  declare readonly cov_diag: Tensor
  /** @internal As they were given, so that shared ones are factored once. */
  declare readonly _unbroadcasted_cov_factor: Tensor
  declare readonly _unbroadcasted_cov_diag: Tensor
  declare readonly _capacitance_tril: Tensor

  constructor(...args: Rest<LowRankOptions, ['loc', 'cov_factor', 'cov_diag', 'validate_args']>) {
    const names = ['loc', 'cov_factor', 'cov_diag', 'validate_args'] as const
    const o = signature<LowRankOptions>('LowRankMultivariateNormal', names, [], 0)(args)
    if (!(o.loc instanceof Tensor) || o.loc.ndim < 1) throw new ValueError('loc must be at least one-dimensional.')
    const n = o.loc.shape.at(-1)!
    const { cov_factor: w, cov_diag: d } = o
    if (!(w instanceof Tensor) || w.ndim < 2)
      throw new ValueError('cov_factor must be at least two-dimensional, with optional leading batch dimensions')
    if (w.shape.at(-2) !== n) throw new ValueError(`cov_factor must be a batch of matrices with shape ${n} x m`)
    if (!(d instanceof Tensor) || d.shape.at(-1) !== n) throw new ValueError(`cov_diag must be a batch of vectors with shape [${n}]`)
    const [loc, factor, diagonal] = broadcast_tensors(o.loc.unsqueeze(-1), w, d.unsqueeze(-1)) as [Tensor, Tensor, Tensor]
    const given = { loc: loc.select(-1, 0), cov_factor: factor, cov_diag: diagonal.select(-1, 0) }
    const fields = { _unbroadcasted_cov_factor: w, _unbroadcasted_cov_diag: d, _capacitance_tril: capacitanceTril(w, d) }
    super(given, given.loc.shape.slice(0, -1), [n], o.validate_args, fields)
  }
  override get arg_constraints(): Constraints {
    return { loc: real_vector, cov_factor: independent(real, 2), cov_diag: independent(positive, 1) }
  }
  override get variance(): Tensor {
    return this._unbroadcasted_cov_factor.pow(2).sum(-1).add(this._unbroadcasted_cov_diag).expand(this._extended_shape())
  }
  get covariance_matrix(): Tensor {
    const w = this._unbroadcasted_cov_factor
    return this.once('covariance_matrix', () => w.matmul(w.mT).add(this._unbroadcasted_cov_diag.diag_embed()).expand(this.square()))
  }
  get scale_tril(): Tensor {
    return this.once('scale_tril', () => cholesky(this.covariance_matrix))
  }
  get precision_matrix(): Tensor {
    return this.once('precision_matrix', () => {
      const d = this._unbroadcasted_cov_diag
      const a = solve_triangular(this._capacitance_tril, this._unbroadcasted_cov_factor.mT.div(d.unsqueeze(-2)), { upper: false })
      return d.reciprocal().diag_embed().sub(a.mT.matmul(a)).expand(this.square())
    })
  }
  override rsample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    const shape = this._extended_shape(sample_shape)
    const along = standardNormal([...shape.slice(0, -1), this.cov_factor.shape.at(-1)!], this.loc)
    const own = standardNormal(shape, this.loc)
    const low = this.loc.add(batchMv(this._unbroadcasted_cov_factor, along))
    return low.add(this._unbroadcasted_cov_diag.sqrt().mul(own))
  }
  /** @internal The logarithm of the determinant of the covariance. */
  get _logdet(): Tensor {
    return logDiagonal(this._capacitance_tril).mul(2).add(this._unbroadcasted_cov_diag.log().sum(-1))
  }
  /** @internal The squared distance under the covariance. */
  _distance(x: Tensor): Tensor {
    const d = this._unbroadcasted_cov_diag
    const inner = batchMv(this._unbroadcasted_cov_factor.mT.div(d.unsqueeze(-2)), x)
    return x.pow(2).div(d).sum(-1).sub(mahalanobis(this._capacitance_tril, inner))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const distance = this._distance(value.sub(this.loc))
    return this._logdet
      .add(distance)
      .add(this.event_shape[0]! * LOG_2PI)
      .mul(-0.5)
  }
  override entropy(): Tensor {
    const h = this._logdet.add(this.event_shape[0]! * (1 + LOG_2PI)).mul(0.5)
    return this.forEach(h)
  }
}
