/** Optimizers of whole matrices: Adafactor and Muon; and SparseAdam, which needs sparse gradients. */

import { type Rest, signature } from '../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../core/errors.ts'
import type { Tensor } from '../tensor.ts'
import { counter, countStep, Optimizer, type ParamGroup, type ParamState, type Params, zerosFor } from './optimizer.ts'

/** The state of a parameter, made at its first step. */
function stateOf(optimizer: Optimizer, p: Tensor, make: () => ParamState): ParamState {
  const state = optimizer.state.get(p) ?? make()
  optimizer.state.set(p, state)
  return state
}

function refuseComplex(name: string, p: Tensor): void {
  if (p.raw.dtype.isComplex) throw new RuntimeError(`${name} does not support complex parameters`)
}

const check = (ok: boolean, text: string, value: unknown): void => {
  if (!ok) throw new ValueError(`${text} but is: ${value}`)
}

export interface AdafactorOptions {
  /** Step size, 0.01 by default. */
  lr?: number
  /** Power of the step that the running means decay by. */
  beta2_decay?: number
  /** Added to squares (null: the dtype's epsilon), and the least relative step. */
  eps?: readonly [number | null, number]
  /** Updates of a greater root mean square are scaled down. */
  d?: number
  weight_decay?: number
  foreach?: boolean | null
  maximize?: boolean
}
const readAdafactor = signature<AdafactorOptions>('Adafactor', ['lr', 'beta2_decay', 'eps', 'd', 'weight_decay'], ['foreach', 'maximize'])

const EPSILON: Readonly<Record<string, number>> = { float64: 2 ** -52, float32: 2 ** -23, bfloat16: 2 ** -7, float16: 2 ** -10 }

/** Adafactor (Shazeer and Stern 2018): the running mean of squared gradients of a matrix is kept as the product of a column and a row. */
export class Adafactor extends Optimizer {
  protected override readonly spelledAsFloat = { d: 1, weight_decay: 0 }
  constructor(params: Params, ...rest: Rest<AdafactorOptions, ['lr', 'beta2_decay', 'eps', 'd', 'weight_decay']>) {
    const { lr = 0.01, beta2_decay = -0.8, eps = [null, 1e-3], d = 1, weight_decay = 0, ...more } = readAdafactor(rest)
    check(lr >= 0, 'Learning rate should be >= 0', lr)
    check(beta2_decay <= 0, 'beta2_decay should be <= 0', beta2_decay)
    check(eps[0] === null || eps[0] >= 0, 'epsilon1 should be >= 0', eps[0])
    check(eps[1] >= 0, 'epsilon2 should be >= 0', eps[1])
    check(d >= 1, 'Clipping threshold d should be >= 1', d)
    check(weight_decay >= 0, 'weight_decay should be >= 0', weight_decay)
    const { foreach = null, maximize = false } = more
    super(params, { lr, beta2_decay, eps, d, weight_decay, foreach, maximize })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, beta2_decay, eps, d, weight_decay, maximize } = group
    for (const p of params) {
      refuseComplex('Adafactor', p)
      const data = p.detach()
      const grad = maximize ? p.grad!.detach().neg() : p.grad!.detach()
      const matrix = grad.ndim > 1
      const state = stateOf(this, p, () => {
        if (!matrix) return { step: counter(), variance: zerosFor(p) }
        return {
          step: counter(),
          row_var: grad.new_zeros([...p.shape.slice(0, -1), 1]),
          col_var: grad.new_zeros([...p.shape.slice(0, -2), 1, p.size(-1)]),
        }
      })
      const least = eps[0] ?? EPSILON[p.raw.dtype.name]!
      const step = countStep(state)
      const share = step ** beta2_decay
      const size = Math.sqrt(p.numel())
      const alpha = Math.max(eps[1], (data.norm(2).item() as number) / size) * Math.min(lr, 1 / Math.sqrt(step))
      if (weight_decay !== 0) data.mul_(1 - lr * weight_decay)
      let estimate: Tensor
      if (matrix) {
        const mean = (dim: number) => grad.norm(2, dim, true).square().div(grad.size(dim))
        state.row_var.lerp_(mean(-1), share)
        state.col_var.lerp_(mean(-2), share)
        estimate = (state.row_var as Tensor).matmul(state.col_var).div((state.row_var as Tensor).mean(-2, true).clamp(least))
      } else estimate = (state.variance as Tensor).lerp_(grad.mul(grad), share)
      const update = estimate
        .clamp(least * least)
        .rsqrt()
        .mul(grad)
      const denominator = Math.max(1, (update.norm(2).item() as number) / (size * d))
      data.add_(update, { alpha: -alpha / denominator })
    }
  }
}

export interface MuonOptions {
  lr?: number
  weight_decay?: number
  momentum?: number
  nesterov?: boolean
  /** Coefficients of the odd polynomial that is iterated. */
  ns_coefficients?: readonly [number, number, number]
  eps?: number
  ns_steps?: number
  /** How the step size follows from the shape: 'original', 'match_rms_adamw' or 'spectral_unclamped'. */
  adjust_lr_fn?: 'original' | 'match_rms_adamw' | 'spectral_unclamped' | null
}
type MuonPositional = ['lr', 'weight_decay', 'momentum', 'nesterov', 'ns_coefficients', 'eps', 'ns_steps', 'adjust_lr_fn']
const readMuon = signature<MuonOptions>('Muon', [
  'lr',
  'weight_decay',
  'momentum',
  'nesterov',
  'ns_coefficients',
  'eps',
  'ns_steps',
  'adjust_lr_fn',
])

const SCALES: Readonly<Record<string, (rows: number, columns: number) => number>> = {
  original: (a, b) => Math.sqrt(Math.max(1, a / b)),
  match_rms_adamw: (a, b) => 0.2 * Math.sqrt(Math.max(a, b)),
  spectral_unclamped: (a, b) => Math.sqrt(a / b),
}

/**
 * A matrix with its singular values brought near 1 by a Newton-Schulz iteration: `X -> a X + (b G + c G^2) X` with G = X X^T. Every result
 * is rounded to bfloat16, and sums of products are not before they are added up.
 */
function orthogonalized(grad: Tensor, [a, b, c]: readonly [number, number, number], steps: number, eps: number): Tensor {
  const tall = grad.size(0) > grad.size(1)
  const rounded = (x: Tensor) => x.to('bfloat16').to('float32')
  const start = grad.to('bfloat16')
  let x = start.div(start.norm().clamp(eps)).to('float32')
  if (tall) x = x.t()
  for (let i = 0; i < steps; i++) {
    const gram = rounded(x.matmul(x.t()))
    const update = rounded(gram.mul(b).add(gram.matmul(gram).mul(c)))
    x = rounded(x.mul(a).add(update.matmul(x)))
  }
  return tall ? x.t() : x
}

/** Muon (Jordan et al. 2024): momentum whose matrix is made orthogonal; for parameters of two dimensions. */
export class Muon extends Optimizer {
  constructor(params: Params, ...rest: Rest<MuonOptions, MuonPositional>) {
    const {
      lr = 1e-3,
      weight_decay = 0.1,
      momentum = 0.95,
      nesterov = true,
      eps = 1e-7,
      ns_steps = 5,
      adjust_lr_fn = null,
      ...more
    } = readMuon(rest)
    const { ns_coefficients = [3.4445, -4.775, 2.0315] } = more
    check(lr >= 0, 'Learning rate should be >= 0', lr)
    check(momentum >= 0, 'momentum should be >= 0', momentum)
    check(weight_decay >= 0, 'weight decay should be >= 0', weight_decay)
    if (adjust_lr_fn !== null && !Object.hasOwn(SCALES, adjust_lr_fn))
      throw new ValueError(`Adjust learning rate function ${String(adjust_lr_fn)} is not supported`)
    super(params, { lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn })
    for (const group of this.param_groups) {
      for (const p of group.params)
        if (p.ndim !== 2) throw new ValueError(`Muon only supports 2D parameters whereas we found a parameter with size: ${p.shape}`)
    }
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, weight_decay, momentum, nesterov, ns_coefficients, eps, ns_steps, adjust_lr_fn } = group
    if (ns_steps >= 100) throw new ValueError('Number of steps must be less than 100 for computational efficiency')
    if (ns_coefficients.length !== 3) throw new ValueError('Coefficients must be a tuple of exactly 3 values')
    for (const p of params) {
      refuseComplex('Muon', p)
      const grad = p.grad!.detach()
      const { momentum_buffer } = stateOf(this, p, () => ({ momentum_buffer: zerosFor(p) }))
      momentum_buffer.lerp_(grad, 1 - momentum)
      const update = orthogonalized(nesterov ? grad.lerp(momentum_buffer, momentum) : momentum_buffer, ns_coefficients, ns_steps, eps)
      const scale = SCALES[adjust_lr_fn ?? 'original']!(p.size(0), p.size(1))
      p.detach()
        .mul_(1 - lr * weight_decay)
        .add_(update.to(p.dtype), { alpha: -lr * scale })
    }
  }
}

export interface SparseAdamOptions {
  lr?: number
  betas?: readonly [number, number]
  eps?: number
  maximize?: boolean
}
const readSparse = signature<SparseAdamOptions>('SparseAdam', ['lr', 'betas', 'eps', 'maximize'])

/**
 * Adam for sparse gradients.
 *
 * @remarks Unlike PyTorch, no operation here makes sparse gradients, so a step says what PyTorch says to dense ones.
 */
export class SparseAdam extends Optimizer {
  constructor(params: Params, ...rest: Rest<SparseAdamOptions, ['lr', 'betas', 'eps', 'maximize']>) {
    const { lr = 1e-3, betas = [0.9, 0.999], eps = 1e-8, maximize = false } = readSparse(rest)
    if (!(lr > 0)) throw new ValueError(`Invalid learning rate: ${lr}`)
    if (!(eps > 0)) throw new ValueError(`Invalid epsilon value: ${eps}`)
    betas.forEach((beta, i) => {
      if (!(beta >= 0 && beta < 1)) throw new ValueError(`Invalid beta parameter at index ${i}: ${beta}`)
    })
    super(params, { lr, betas, eps, maximize })
  }

  protected override _step(): void {
    throw new RuntimeError('SparseAdam does not support dense gradients, please consider Adam instead')
  }
}
