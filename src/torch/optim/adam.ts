/** Adam, AdamW, Adamax, NAdam and RAdam. */

import { type Rest, signature } from '../../core/arguments.ts'
import { adam, adamax, nadam, radam } from '../../ops/optim/index.ts'
import type { Tensor } from '../tensor.ts'
import {
  atLeastZero,
  checkBetas,
  checkKernelOptions,
  counter,
  countStep,
  gradView,
  type KernelOptions,
  numberIn,
  Optimizer,
  type ParamGroup,
  type ParamState,
  type Params,
  setNumber,
  slot,
  zerosFor,
} from './optimizer.ts'

interface MomentsOptions extends KernelOptions {
  /** Step size. */
  lr?: number
  /** Decay rates of the running means of the gradient and its square. */
  betas?: readonly [number, number]
  /** Added to the denominator. */
  eps?: number
  /** Adds this much of the parameter to its gradient, or shrinks the parameter itself when decoupled. */
  weight_decay?: number
}

export interface AdamWOptions extends MomentsOptions {
  /** Divides by the greatest mean square so far. */
  amsgrad?: boolean
}
export interface AdamOptions extends AdamWOptions {
  /** Shrinks the parameter itself, as AdamW does. */
  decoupled_weight_decay?: boolean
}
export interface NAdamOptions extends MomentsOptions {
  momentum_decay?: number
  /** Shrinks the parameter itself, as AdamW does. */
  decoupled_weight_decay?: boolean
}
export interface RAdamOptions extends MomentsOptions {
  /** Shrinks the parameter itself, as AdamW does. */
  decoupled_weight_decay?: boolean
}

type Positional = ['lr', 'betas', 'eps', 'weight_decay', 'amsgrad']
const POSITIONAL: Positional = ['lr', 'betas', 'eps', 'weight_decay', 'amsgrad']
const KERNEL = ['foreach', 'maximize', 'capturable', 'differentiable', 'fused'] as const

function checkMoments(lr: number, eps: number, betas: readonly number[], weight_decay: number): void {
  atLeastZero('learning rate', lr)
  atLeastZero('epsilon value', eps)
  checkBetas(betas)
  atLeastZero('weight_decay value', weight_decay)
}

/** Whether the weight `1 - beta` of a running mean is a half or more: then it is computed from its other end. */
const isFar = (beta: number): boolean => 1 - beta >= 0.5

/** State of a parameter with a count and the running means. */
function momentsOf(optimizer: Optimizer, p: Tensor, more: () => ParamState = () => ({})): ParamState {
  let state = optimizer.state.get(p)
  if (!state?.step) {
    state = { step: counter(), exp_avg: zerosFor(p), exp_avg_sq: zerosFor(p), ...more() }
    optimizer.state.set(p, state)
  }
  return state
}

const readAdam = signature<AdamOptions>('Adam', POSITIONAL, [...KERNEL, 'decoupled_weight_decay'])

/**
 * Adam (Kingma and Ba 2014): steps scaled by running means of the gradient and of its square.
 *
 * @example
 * ```ts
 * const w = torch.tensor([1, 2], { requires_grad: true })
 * const optimizer = new torch.optim.Adam([w], { lr: 0.1 })
 * w.square().sum().backward()
 * optimizer.step()
 * w.detach() // => tensor([0.9000, 1.9000])
 * ```
 */
export class Adam extends Optimizer {
  constructor(params: Params, ...rest: Rest<AdamOptions, Positional>) {
    const { lr = 0.001, betas = [0.9, 0.999], eps = 1e-8, weight_decay = 0, amsgrad = false, ...kernel } = readAdam(rest)
    checkMoments(lr, eps, betas, weight_decay)
    checkKernelOptions('Adam', kernel)
    const {
      maximize = false,
      foreach = null,
      capturable = false,
      differentiable = false,
      fused = null,
      decoupled_weight_decay = false,
    } = kernel
    super(params, { lr, betas, eps, weight_decay, amsgrad, maximize, foreach, capturable, differentiable, fused, decoupled_weight_decay })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, betas, eps, weight_decay, amsgrad, maximize, decoupled_weight_decay } = group
    const [beta1, beta2] = betas
    for (const p of params) {
      const g = gradView('Adam', p)
      const state = momentsOf(this, p, () => (amsgrad ? { max_exp_avg_sq: zerosFor(p) } : {}))
      const step = countStep(state)
      const written = [p.memory, state.exp_avg.memory, state.exp_avg_sq.memory]
      if (amsgrad) written.push(slot(state, 'max_exp_avg_sq', p))
      const decay = decoupled_weight_decay ? 1 - lr * weight_decay : weight_decay
      const numbers = [lr / (1 - beta1 ** step), decay, 1 - beta1, beta2, 1 - beta2, Math.sqrt(1 - beta2 ** step), eps]
      adam(written, [g], numbers, [maximize, weight_decay !== 0, decoupled_weight_decay, isFar(beta1), amsgrad])
    }
  }
}

const readAdamW = signature<AdamWOptions>('AdamW', POSITIONAL, KERNEL)

/** AdamW (Loshchilov and Hutter 2017): Adam with a weight decay that shrinks the parameters themselves, 0.01 by default. */
export class AdamW extends Adam {
  constructor(params: Params, ...rest: Rest<AdamWOptions, Positional>) {
    const options = readAdamW(rest)
    super(params, { ...options, weight_decay: options.weight_decay ?? 0.01, decoupled_weight_decay: true })
  }
}

const readAdamax = signature<MomentsOptions>(
  'Adamax',
  ['lr', 'betas', 'eps', 'weight_decay', 'foreach'],
  ['maximize', 'differentiable', 'capturable'],
)

/** Adamax (Kingma and Ba 2014): Adam with the largest gradient so far in place of the mean square. */
export class Adamax extends Optimizer {
  constructor(params: Params, ...rest: Rest<MomentsOptions, ['lr', 'betas', 'eps', 'weight_decay', 'foreach']>) {
    const { lr = 0.002, betas = [0.9, 0.999], eps = 1e-8, weight_decay = 0, ...kernel } = readAdamax(rest)
    checkMoments(lr, eps, betas, weight_decay)
    checkKernelOptions('Adamax', kernel)
    const { foreach = null, maximize = false, differentiable = false, capturable = false } = kernel
    super(params, { lr, betas, eps, weight_decay, foreach, maximize, differentiable, capturable })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, betas, eps, weight_decay, maximize } = group
    const [beta1, beta2] = betas
    for (const p of params) {
      let state = this.state.get(p)
      if (!state?.step) {
        state = { step: counter(), exp_avg: zerosFor(p), exp_inf: zerosFor(p) }
        this.state.set(p, state)
      }
      const step = countStep(state)
      const numbers = [lr / (1 - beta1 ** step), weight_decay, 1 - beta1, beta2, eps]
      const written = [p.memory, state.exp_avg.memory, state.exp_inf.memory]
      adamax(written, [gradView('Adamax', p)], numbers, [maximize, weight_decay !== 0, isFar(beta1)])
    }
  }
}

const readNAdam = signature<NAdamOptions>(
  'NAdam',
  ['lr', 'betas', 'eps', 'weight_decay', 'momentum_decay', 'decoupled_weight_decay'],
  ['foreach', 'maximize', 'capturable', 'differentiable'],
)

/** NAdam (Dozat 2016): Adam with Nesterov's momentum. */
export class NAdam extends Optimizer {
  constructor(
    params: Params,
    ...rest: Rest<NAdamOptions, ['lr', 'betas', 'eps', 'weight_decay', 'momentum_decay', 'decoupled_weight_decay']>
  ) {
    const {
      lr = 0.002,
      betas = [0.9, 0.999],
      eps = 1e-8,
      weight_decay = 0,
      momentum_decay = 0.004,
      decoupled_weight_decay = false,
      ...kernel
    } = readNAdam(rest)
    checkMoments(lr, eps, betas, weight_decay)
    atLeastZero('momentum_decay value', momentum_decay)
    checkKernelOptions('NAdam', kernel)
    const { maximize = false, foreach = null, capturable = false, differentiable = false } = kernel
    super(params, { lr, betas, eps, weight_decay, momentum_decay, decoupled_weight_decay, maximize, foreach, capturable, differentiable })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, betas, eps, weight_decay, momentum_decay, decoupled_weight_decay, maximize } = group
    const [beta1, beta2] = betas
    for (const p of params) {
      const state = momentsOf(this, p, () => ({ mu_product: counter(1) }))
      const step = countStep(state)
      const mu = beta1 * (1 - 0.5 * 0.96 ** (step * momentum_decay))
      const next = beta1 * (1 - 0.5 * 0.96 ** ((step + 1) * momentum_decay))
      setNumber(state.mu_product, numberIn(state.mu_product) * Math.fround(mu))
      const product = numberIn(state.mu_product)
      const decay = decoupled_weight_decay ? 1 - lr * weight_decay : weight_decay
      const along = [(lr * (1 - mu)) / (1 - product), (lr * next) / (1 - product * next)]
      const numbers = [...along, decay, 1 - beta1, beta2, 1 - beta2, 1 - beta2 ** step, eps]
      const written = [p.memory, state.exp_avg.memory, state.exp_avg_sq.memory]
      nadam(written, [gradView('NAdam', p)], numbers, [maximize, weight_decay !== 0, decoupled_weight_decay, isFar(beta1)])
    }
  }
}

const readRAdam = signature<RAdamOptions>(
  'RAdam',
  ['lr', 'betas', 'eps', 'weight_decay', 'decoupled_weight_decay'],
  ['foreach', 'maximize', 'capturable', 'differentiable'],
)

/** RAdam (Liu et al. 2019): Adam that waits with scaled steps until the mean square is known well enough. */
export class RAdam extends Optimizer {
  constructor(params: Params, ...rest: Rest<RAdamOptions, ['lr', 'betas', 'eps', 'weight_decay', 'decoupled_weight_decay']>) {
    const { lr = 0.001, betas = [0.9, 0.999], eps = 1e-8, weight_decay = 0, decoupled_weight_decay = false, ...kernel } = readRAdam(rest)
    checkMoments(lr, eps, betas, weight_decay)
    checkKernelOptions('RAdam', kernel)
    const { maximize = false, foreach = null, capturable = false, differentiable = false } = kernel
    super(params, { lr, betas, eps, weight_decay, maximize, foreach, capturable, decoupled_weight_decay, differentiable })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, betas, eps, weight_decay, decoupled_weight_decay, maximize } = group
    const [beta1, beta2] = betas
    const limit = 2 / (1 - beta2) - 1
    for (const p of params) {
      const state = momentsOf(this, p)
      const step = countStep(state)
      const correction2 = 1 - beta2 ** step
      const rho = limit - (2 * step * beta2 ** step) / correction2
      const rectifies = rho > 5
      const rectified = rectifies
        ? Math.sqrt(correction2) * Math.sqrt(((rho - 4) * (rho - 2) * limit) / ((limit - 4) * (limit - 2) * rho))
        : 1
      const decay = decoupled_weight_decay ? 1 - lr * weight_decay : weight_decay
      const numbers = [lr, decay, 1 - beta1, beta2, 1 - beta2, 1 - beta1 ** step, rectified, eps]
      const written = [p.memory, state.exp_avg.memory, state.exp_avg_sq.memory]
      radam(written, [gradView('RAdam', p)], numbers, [maximize, weight_decay !== 0, decoupled_weight_decay, isFar(beta1), rectifies])
    }
  }
}
