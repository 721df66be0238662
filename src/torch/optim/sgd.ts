/** Stochastic gradient descent. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { descend, descendWithMomentum } from '../../ops/optim/index.ts'
import type { Tensor } from '../tensor.ts'
import {
  atLeastZero,
  checkKernelOptions,
  gradView,
  type KernelOptions,
  Optimizer,
  type ParamGroup,
  type Params,
  slot,
} from './optimizer.ts'

export interface SGDOptions extends KernelOptions {
  /** Step size, 0.001 by default. */
  lr?: number
  /** Share of the last step that is kept. */
  momentum?: number
  /** Share of the gradient that is left out of the momentum. */
  dampening?: number
  /** Adds this much of the parameter to its gradient. */
  weight_decay?: number
  /** Looks ahead along the momentum. */
  nesterov?: boolean
}

const read = signature<SGDOptions>(
  'SGD',
  ['lr', 'momentum', 'dampening', 'weight_decay', 'nesterov'],
  ['maximize', 'foreach', 'differentiable', 'fused'],
)

/**
 * Stochastic gradient descent, with momentum and Nesterov's momentum.
 *
 * @example
 * ```ts
 * const w = torch.tensor([1, 2], { requires_grad: true })
 * const optimizer = new torch.optim.SGD([w], { lr: 0.1 })
 * w.square().sum().backward()
 * optimizer.step()
 * w.detach() // => tensor([0.8000, 1.6000])
 * ```
 */
export class SGD extends Optimizer {
  constructor(params: Params, ...rest: Rest<SGDOptions, ['lr', 'momentum', 'dampening', 'weight_decay', 'nesterov']>) {
    const { lr = 0.001, momentum = 0, dampening = 0, weight_decay = 0, nesterov = false, ...kernel } = read(rest)
    atLeastZero('learning rate', lr)
    atLeastZero('momentum value', momentum)
    atLeastZero('weight_decay value', weight_decay)
    if (typeof dampening !== 'number') throw new ValueError('Invalid dampening value: expected a number')
    if (nesterov && (momentum <= 0 || dampening !== 0)) throw new ValueError('Nesterov momentum requires a momentum and zero dampening')
    checkKernelOptions('SGD', kernel)
    const { maximize = false, foreach = null, differentiable = false, fused = null } = kernel
    super(params, { lr, momentum, dampening, weight_decay, nesterov, maximize, foreach, differentiable, fused })
  }

  protected override _step(group: ParamGroup, params: readonly Tensor[]): void {
    const { lr, momentum, dampening, weight_decay, nesterov, maximize } = group
    const decays = weight_decay !== 0
    for (const p of params) {
      const g = gradView('SGD', p)
      if (momentum === 0) {
        descend([p.memory], [g], [lr, weight_decay], [maximize, decays])
        continue
      }
      const state = this.state.get(p) ?? {}
      const first = !state.momentum_buffer
      this.state.set(p, state)
      descendWithMomentum(
        [p.memory, slot(state, 'momentum_buffer', p)],
        [g],
        [lr, weight_decay, momentum, 1 - dampening],
        [maximize, decays, nesterov, first],
      )
    }
  }
}
