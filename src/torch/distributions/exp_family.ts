/** Exponential families: densities exp(t(x) . theta - F(theta) + k(x)), whose entropy follows from F and its gradient. */

import { grad } from '../autograd/engine.ts'
import type { Tensor } from '../tensor.ts'
import { Distribution } from './distribution.ts'
import { sumRightmost } from './support.ts'

/** The base of exponential families: what their natural parameters and log normalizer F are. */
export abstract class ExponentialFamily extends Distribution {
  /** @internal The natural parameters theta. */
  get _natural_params(): readonly Tensor[] {
    throw this.lacks('natural parameters')
  }
  /** @internal F of the natural parameters. */
  _log_normalizer(..._params: readonly Tensor[]): Tensor {
    throw this.lacks('a log normalizer')
  }
  /** @internal The mean of k(x). */
  get _mean_carrier_measure(): number {
    throw this.lacks('entropy')
  }

  override entropy(): Tensor {
    const carrier = this._mean_carrier_measure
    const params = this._natural_params.map((p) => p.detach().requires_grad_())
    const normalizer = this._log_normalizer(...params)
    const slopes = grad(normalizer.sum(), params, { create_graph: true })
    return params.reduce((sum, p, i) => sum.sub(sumRightmost(p.mul(slopes[i]!), this.event_shape.length)), normalizer.sub(carrier))
  }
}
