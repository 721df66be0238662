/** RMSprop, Adagrad, Adadelta, ASGD and Rprop. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { adadelta, adagrad, asgd, rmsprop, rprop } from '../../ops/optim/index.ts'
import type { Tensor } from '../tensor.ts'
import {
  atLeastZero,
  checkKernelOptions,
  checkPair,
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

interface CommonOptions extends KernelOptions {
  /** Step size. */
  lr?: number
  /** Adds this much of the parameter to its gradient. */
  weight_decay?: number
}
export interface RMSpropOptions extends CommonOptions {
  /** Decay rate of the running mean of squares. */
  alpha?: number
  /** Added to the denominator. */
  eps?: number
  momentum?: number
  /** Divides by the standard deviation rather than the mean square. */
  centered?: boolean
}
export interface AdagradOptions extends CommonOptions {
  lr_decay?: number
  initial_accumulator_value?: number
  /** Added to the denominator. */
  eps?: number
}
export interface AdadeltaOptions extends CommonOptions {
  /** Decay rate of the running means of squares. */
  rho?: number
  /** Added inside the roots. */
  eps?: number
}
export interface ASGDOptions extends CommonOptions {
  /** Decay of the parameters. */
  lambd?: number
  /** Power of the step size. */
  alpha?: number
  /** The step at which averaging starts. */
  t0?: number
}
export interface RpropOptions extends KernelOptions {
  /** Step size at the start. */
  lr?: number
  /** Factors where the gradient's sign turned and where it stayed. */
  etas?: readonly [number, number]
  /** Least and most step. */
  step_sizes?: readonly [number, number]
}

/** The state of a parameter, made at its first step. */
function stateOf(optimizer: Optimizer, p: Tensor, make: () => ParamState): ParamState {
  let state = optimizer.state.get(p)
  if (!state?.step) {
    state = make()
    optimizer.state.set(p, state)
  }
  return state
}

/** A tensor of a parameter's shape with one value everywhere. */
const filled = (p: Tensor, value: number): Tensor => zerosFor(p).fill_(value)

type RMSpropPositional = [
  'lr',
  'alpha',
  'eps',
  'weight_decay',
  'momentum',
  'centered',
  'capturable',
  'foreach',
  'maximize',
  'differentiable',
]
const readRMSprop = signature<RMSpropOptions>('RMSprop', [
  'lr',
  'alpha',
  'eps',
  'weight_decay',
  'momentum',
  'centered',
  'capturable',
  'foreach',
  'maximize',
  'differentiable',
])

/** RMSprop (Hinton 2012): steps divided by the root of a running mean of squared gradients. */
export class RMSprop extends Optimizer {
  constructor(params: Params, ...rest: Rest<RMSpropOptions, RMSpropPositional>) {
    const { lr = 0.01, alpha = 0.99, eps = 1e-8, weight_decay = 0, momentum = 0, centered = false, ...kernel } = readRMSprop(rest)
    atLeastZero('learning rate', lr)
    atLeastZero('epsilon value', eps)
    atLeastZero('momentum value', momentum)
    atLeastZero('weight_decay value', weight_decay)
    atLeastZero('alpha value', alpha)
    checkKernelOptions('RMSprop', kernel)
    const { capturable = false, foreach = null, maximize = false, differentiable = false } = kernel
    super(params, { lr, momentum, alpha, eps, centered, weight_decay, capturable, foreach, maximize, differentiable })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, alpha, eps, weight_decay, momentum, centered, maximize } = group
    for (const p of params) {
      const state = stateOf(this, p, () => ({ step: counter(), square_avg: zerosFor(p) }))
      countStep(state)
      const written = [p.memory, state.square_avg.memory]
      if (centered) written.push(slot(state, 'grad_avg', p))
      if (momentum > 0) written.push(slot(state, 'momentum_buffer', p))
      const numbers = [lr, weight_decay, alpha, 1 - alpha, eps, momentum]
      rmsprop(written, [gradView('RMSprop', p)], numbers, [maximize, weight_decay !== 0, centered, momentum > 0, 1 - alpha >= 0.5])
    }
  }
}

type AdagradPositional = ['lr', 'lr_decay', 'weight_decay', 'initial_accumulator_value', 'eps', 'foreach']
const readAdagrad = signature<AdagradOptions>(
  'Adagrad',
  ['lr', 'lr_decay', 'weight_decay', 'initial_accumulator_value', 'eps', 'foreach'],
  ['maximize', 'differentiable', 'fused'],
)

/** Adagrad (Duchi, Hazan and Singer 2011): steps divided by the root of the sum of squared gradients. */
export class Adagrad extends Optimizer {
  constructor(params: Params, ...rest: Rest<AdagradOptions, AdagradPositional>) {
    const { lr = 0.01, lr_decay = 0, weight_decay = 0, initial_accumulator_value = 0, eps = 1e-10, ...kernel } = readAdagrad(rest)
    atLeastZero('learning rate', lr)
    atLeastZero('lr_decay value', lr_decay)
    atLeastZero('weight_decay value', weight_decay)
    atLeastZero('initial_accumulator_value value', initial_accumulator_value)
    atLeastZero('epsilon value', eps)
    checkKernelOptions('Adagrad', kernel)
    const { foreach = null, maximize = false, differentiable = false, fused = null } = kernel
    super(params, { lr, lr_decay, eps, weight_decay, initial_accumulator_value, foreach, maximize, differentiable, fused })
    for (const group of this.param_groups) {
      for (const p of group.params) this.state.set(p, { step: counter(), sum: filled(p, group.initial_accumulator_value) })
    }
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, lr_decay, weight_decay, eps, maximize, initial_accumulator_value } = group
    for (const p of params) {
      const state = stateOf(this, p, () => ({ step: counter(), sum: filled(p, initial_accumulator_value) }))
      const step = countStep(state)
      const rate = lr / (1 + (step - 1) * lr_decay)
      adagrad([p.memory, state.sum.memory], [gradView('Adagrad', p)], [rate, weight_decay, eps], [maximize, weight_decay !== 0])
    }
  }
}

const readAdadelta = signature<AdadeltaOptions>(
  'Adadelta',
  ['lr', 'rho', 'eps', 'weight_decay', 'foreach'],
  ['capturable', 'maximize', 'differentiable'],
)

/** Adadelta (Zeiler 2012): steps scaled by the ratio of running means of past steps and gradients. */
export class Adadelta extends Optimizer {
  protected override readonly spelledAsFloat = { lr: 1 }

  constructor(params: Params, ...rest: Rest<AdadeltaOptions, ['lr', 'rho', 'eps', 'weight_decay', 'foreach']>) {
    const { lr = 1, rho = 0.9, eps = 1e-6, weight_decay = 0, ...kernel } = readAdadelta(rest)
    atLeastZero('learning rate', lr)
    atLeastZero('rho value', rho)
    if (rho > 1) throw new ValueError(`Invalid rho value: ${rho}`)
    atLeastZero('epsilon value', eps)
    atLeastZero('weight_decay value', weight_decay)
    checkKernelOptions('Adadelta', kernel)
    const { maximize = false, capturable = false, foreach = null, differentiable = false } = kernel
    super(params, { lr, rho, eps, weight_decay, maximize, capturable, foreach, differentiable })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, rho, eps, weight_decay, maximize } = group
    for (const p of params) {
      const state = stateOf(this, p, () => ({ step: counter(), square_avg: zerosFor(p), acc_delta: zerosFor(p) }))
      countStep(state)
      const written = [p.memory, state.square_avg.memory, state.acc_delta.memory]
      adadelta(written, [gradView('Adadelta', p)], [lr, weight_decay, rho, 1 - rho, eps], [maximize, weight_decay !== 0])
    }
  }
}

type ASGDPositional = ['lr', 'lambd', 'alpha', 't0', 'weight_decay', 'foreach', 'maximize', 'differentiable', 'capturable']
const readASGD = signature<ASGDOptions>('ASGD', [
  'lr',
  'lambd',
  'alpha',
  't0',
  'weight_decay',
  'foreach',
  'maximize',
  'differentiable',
  'capturable',
])

/** Averaged stochastic gradient descent (Polyak and Juditsky 1992). */
export class ASGD extends Optimizer {
  protected override readonly spelledAsFloat = { t0: 1e6 }

  constructor(params: Params, ...rest: Rest<ASGDOptions, ASGDPositional>) {
    const { lr = 0.01, lambd = 1e-4, alpha = 0.75, t0 = 1e6, weight_decay = 0, ...kernel } = readASGD(rest)
    atLeastZero('learning rate', lr)
    atLeastZero('weight_decay value', weight_decay)
    for (const [name, x] of Object.entries({ lambd, alpha, t0 }))
      if (typeof x !== 'number') throw new ValueError(`Invalid ${name} value: expected a number`)
    checkKernelOptions('ASGD', kernel)
    const { foreach = null, maximize = false, differentiable = false, capturable = false } = kernel
    super(params, { lr, lambd, alpha, t0, weight_decay, foreach, maximize, differentiable, capturable })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, lambd, alpha, t0, weight_decay, maximize } = group
    for (const p of params) {
      const state = stateOf(this, p, () => ({ step: counter(), eta: counter(lr), mu: counter(1), ax: zerosFor(p) }))
      const step = countStep(state)
      const eta = numberIn(state.eta)
      const mu = numberIn(state.mu)
      const numbers = [eta, weight_decay, 1 - lambd * eta, mu]
      asgd([p.memory, state.ax.memory], [gradView('ASGD', p)], numbers, [maximize, weight_decay !== 0, mu !== 1])
      setNumber(state.eta, lr / (1 + lambd * lr * step) ** alpha)
      setNumber(state.mu, 1 / Math.max(1, step - t0))
    }
  }
}

const readRprop = signature<RpropOptions>('Rprop', ['lr', 'etas', 'step_sizes'], ['capturable', 'foreach', 'maximize', 'differentiable'])

/** Rprop (Riedmiller and Braun 1993): steps of their own size for each element, by the gradient's sign alone. */
export class Rprop extends Optimizer {
  constructor(params: Params, ...rest: Rest<RpropOptions, ['lr', 'etas', 'step_sizes']>) {
    const { lr = 0.01, etas = [0.5, 1.2], step_sizes = [1e-6, 50], ...kernel } = readRprop(rest)
    atLeastZero('learning rate', lr)
    checkPair('etas', etas)
    checkPair('step_sizes', step_sizes)
    if (!(0 < etas[0] && etas[0] < 1 && 1 < etas[1])) throw new ValueError(`Invalid eta values: ${etas[0]}, ${etas[1]}`)
    checkKernelOptions('Rprop', kernel)
    const { foreach = null, maximize = false, differentiable = false, capturable = false } = kernel
    super(params, { lr, etas, step_sizes, foreach, maximize, differentiable, capturable })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, etas, step_sizes, maximize } = group
    for (const p of params) {
      const state = stateOf(this, p, () => ({ step: counter(), prev: zerosFor(p), step_size: filled(p, lr) }))
      countStep(state)
      rprop([p.memory, state.prev.memory, state.step_size.memory], [gradView('Rprop', p)], [...etas, ...step_sizes], [maximize])
    }
  }
}
