/** torch.nn.utils.parametrizations: weights of norm one per row, of spectral norm one, and orthogonal ones. */

import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { moduleArg } from '../../checks.ts'
import { eye, randn } from '../../functions/index.ts'
import { cat } from '../../functions/join.ts'
import { matrix_exp } from '../../linalg/more.ts'
import { geqrf, householder_product } from '../../linalg/reflections.ts'
import { solve } from '../../linalg/solving.ts'
import { quietly } from '../../recording.ts'
import type { Tensor } from '../../tensor.ts'
import { normalize } from '../functional/distance.ts'
import { Module } from '../module.ts'
import { register_parametrization } from './parametrize.ts'

/** The norm over all dimensions but one, which stays; over all for -1. */
export function normExceptDim(v: Tensor, dim: number): Tensor {
  if (dim === -1) return v.norm()
  const at = dim < 0 ? dim + v.ndim : dim
  return v.norm(
    2,
    v.shape.map((_, i) => i).filter((i) => i !== at),
    true,
  )
}

class _WeightNorm extends Module {
  readonly dim: number
  constructor(dim: number | null) {
    super()
    this.dim = dim ?? -1
  }
  override forward(g: Tensor, v: Tensor): Tensor {
    return v.mul(g.div(normExceptDim(v, this.dim)))
  }
  right_inverse(w: Tensor): Tensor[] {
    return [normExceptDim(w, this.dim), w]
  }
}

interface DimOption {
  name?: string
  dim?: number | null
}

/** The weight as a direction `original1` times a length `original0` per slice along `dim` (Salimans and Kingma 2016). */
export function weight_norm<M extends Module>(module: M, name: string | DimOption = 'weight', dim: number | null = 0): M {
  moduleArg('weight_norm', module)
  const options = typeof name === 'object' ? { name: 'weight', dim: 0, ...name } : { name, dim }
  register_parametrization(module, options.name, new _WeightNorm(options.dim), { unsafe: true })
  return module
}

/** Divides a weight by its largest singular value, which a power iteration follows. */
export class _SpectralNorm extends Module {
  readonly dim: number
  readonly n_power_iterations: number
  readonly eps: number
  declare _u: Tensor
  declare _v: Tensor

  constructor(weight: Tensor, n_power_iterations = 1, dim = 0, eps = 1e-12) {
    super()
    if (dim >= weight.ndim || dim < -weight.ndim) {
      throw new ValueError(`Dimension out of range (expected to be in range of [-${weight.ndim}, ${weight.ndim - 1}] but got ${dim})`)
    }
    if (n_power_iterations <= 0)
      throw new ValueError(`Expected n_power_iterations to be positive, but got n_power_iterations=${n_power_iterations}`)
    this.dim = dim < 0 ? dim + weight.ndim : dim
    this.n_power_iterations = n_power_iterations
    this.eps = eps
    if (weight.ndim <= 1) return
    const matrix = this.matrix(weight.detach())
    const u = matrix.new_empty([matrix.size(0)]).normal_(0, 1)
    const v = matrix.new_empty([matrix.size(1)]).normal_(0, 1)
    this.register_buffer('_u', normalize(u, { dim: 0, eps }))
    this.register_buffer('_v', normalize(v, { dim: 0, eps }))
    this.iterate(matrix, 15)
  }

  private matrix(weight: Tensor): Tensor {
    const order = [this.dim, ...weight.shape.map((_, i) => i).filter((i) => i !== this.dim)]
    return weight.permute(...order).reshape(weight.size(this.dim), -1)
  }

  private iterate(matrix: Tensor, times: number): void {
    const { eps } = this
    quietly(() => {
      for (let i = 0; i < times; i++) {
        this._u.copy_(normalize(matrix.detach().matmul(this._v), { dim: 0, eps }))
        this._v.copy_(normalize(matrix.detach().t().matmul(this._u), { dim: 0, eps }))
      }
    })
  }

  override forward(weight: Tensor): Tensor {
    if (weight.ndim === 1) return normalize(weight, { dim: 0, eps: this.eps })
    const matrix = this.matrix(weight)
    if (this.training) this.iterate(matrix, this.n_power_iterations)
    const [u, v] = [this._u.clone(), this._v.clone()]
    return weight.div(u.dot(matrix.matmul(v)))
  }

  right_inverse(value: Tensor): Tensor {
    return value
  }
}

interface SpectralOptions {
  name?: string
  n_power_iterations?: number
  eps?: number
  dim?: number | null
}
/** The weight divided by its largest singular value (Miyato et al. 2018). */
export function spectral_norm<M extends Module>(
  module: M,
  name: string | SpectralOptions = 'weight',
  n_power_iterations = 1,
  eps = 1e-12,
  dim: number | null = null,
): M {
  moduleArg('spectral_norm', module)
  const options = { name: 'weight', n_power_iterations, eps, dim, ...(typeof name === 'object' ? name : { name }) }
  const weight = (module as unknown as Record<string, Tensor | undefined>)[options.name]
  if (!weight || typeof weight.dim !== 'function') {
    throw new ValueError(`Module '${module}' has no parameter or buffer with name '${options.name}'`)
  }
  const along = options.dim ?? (/^ConvTranspose/.test(module._get_name()) ? 1 : 0)
  register_parametrization(module, options.name, new _SpectralNorm(weight, options.n_power_iterations, along, options.eps))
  return module
}

type OrthogonalMap = 'matrix_exp' | 'cayley' | 'householder'

/** The nearest thing to a matrix with orthonormal columns: the Q of its QR decomposition with signs of R's diagonal. */
function madeOrthogonal(a: Tensor): Tensor {
  const [x, tau] = geqrf(a)
  return householder_product(x, tau).mul(x.diagonal(0, -2, -1).sgn().unsqueeze(-2))
}

class _Orthogonal extends Module {
  readonly orthogonal_map: OrthogonalMap
  readonly shape: readonly number[]
  declare base: Tensor

  constructor(weight: Tensor, map: OrthogonalMap, use_trivialization: boolean) {
    super()
    if (weight.raw.dtype.isComplex && map === 'householder')
      throw new ValueError('The householder parametrization does not support complex tensors.')
    this.shape = [...weight.shape]
    this.orthogonal_map = map
    if (use_trivialization) this.register_buffer('base', null)
  }

  override forward(given: Tensor): Tensor {
    const wide = given.size(-2) < given.size(-1)
    let x = wide ? given.mT : given
    const [n, k] = [x.size(-2), x.size(-1)]
    let q: Tensor
    if (this.orthogonal_map === 'householder') {
      const a = x.tril(-1)
      const tau = a.mul(a).sum(-2).add(1).reciprocal().mul(2)
      q = householder_product(a, tau).mul(x.diagonal(0, -2, -1).sgn().detach().unsqueeze(-2))
    } else {
      x = x.tril()
      if (n !== k) x = cat([x, x.new_zeros([...x.shape.slice(0, -1), n - k])], -1)
      const skew = x.sub(x.mH)
      if (this.orthogonal_map === 'matrix_exp') q = matrix_exp(skew)
      else {
        const id = eye(n, { dtype: x.dtype })
        q = solve(id.sub(skew.mul(0.5)), id.add(skew.mul(0.5)))
      }
      if (n !== k) q = q.narrow(-1, 0, k)
    }
    if (this.base) q = this.base.matmul(q)
    return wide ? q.mT : q
  }

  right_inverse(given: Tensor): Tensor {
    if (given.shape.join() !== this.shape.join())
      throw new ValueError(
        `Expected a matrix or batch of matrices of shape torch.Size([${this.shape.join(', ')}]). Got a tensor of shape ${given.shape}.`,
      )
    const wide = given.size(-2) < given.size(-1)
    const q = wide ? given.mT : given
    const [n, k] = [q.size(-2), q.size(-1)]
    if (!Object.hasOwn(this, 'base')) {
      if (this.orthogonal_map !== 'householder') {
        throw new RuntimeError(
          'It is not possible to assign to the matrix exponential or the Cayley parametrizations when use_trivialization=False.',
        )
      }
      const [a, tau] = geqrf(q)
      const signs = a.diagonal(0, -2, -1).sign()
      const out = a.clone()
      out.diagonal(0, -2, -1).copy_(signs.neg().where(tau.eq(0), signs))
      return wide ? out.mT : out
    }
    const full = n === k ? q : cat([q, randn([...q.shape.slice(0, -2), n, n - k], { dtype: q.dtype })], -1)
    this.base = n === k && orthogonalAlready(q) ? q.clone() : madeOrthogonal(full)
    const id = eye(n, { dtype: q.dtype }).narrow(1, 0, k)
    const out = id
      .neg()
      .expand([...q.shape])
      .clone()
    return wide ? out.mT : out
  }
}

function orthogonalAlready(q: Tensor): boolean {
  const k = q.size(-1)
  const error = q.mH
    .matmul(q)
    .sub(eye(k, { dtype: q.dtype }))
    .abs()
    .max()
    .item() as number
  return error < (q.raw.dtype.itemsize >= 8 ? 2 ** -52 : 2 ** -23) * 10 * k
}

interface OrthogonalOptions {
  name?: string
  orthogonal_map?: OrthogonalMap | null
  use_trivialization?: boolean
}
/** The weight as an orthogonal matrix (or one with orthonormal rows or columns), by the exponential of a skew matrix, Cayley's map or reflections. */
export function orthogonal<M extends Module>(
  module: M,
  name: string | OrthogonalOptions = 'weight',
  orthogonal_map: OrthogonalMap | null = null,
  use_trivialization = true,
): M {
  moduleArg('orthogonal', module)
  const options = { name: 'weight', orthogonal_map, use_trivialization, ...(typeof name === 'object' ? name : { name }) }
  const weight = (module as unknown as Record<string, Tensor | undefined>)[options.name]
  if (!weight || typeof weight.dim !== 'function') {
    throw new ValueError(`Module '${module}' has no parameter or buffer with name '${options.name}'`)
  }
  if (weight.ndim < 2) throw new ValueError(`Expected a matrix or batch of matrices. Got a tensor of ${weight.ndim} dimensions.`)
  const map = options.orthogonal_map ?? (weight.size(-2) === weight.size(-1) || weight.raw.dtype.isComplex ? 'matrix_exp' : 'householder')
  if (!['matrix_exp', 'cayley', 'householder'].includes(map)) {
    throw new ValueError(`orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: ${String(map)}`)
  }
  register_parametrization(module, options.name, new _Orthogonal(weight, map, options.use_trivialization), { unsafe: true })
  return module
}
