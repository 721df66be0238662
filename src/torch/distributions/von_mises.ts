/** The von Mises distribution of angles. */

import { type Rest, signature } from '../../core/arguments.ts'
import { where } from '../functions/arithmetic.ts'
import { empty } from '../functions/creation.ts'
import { rand } from '../functions/random.ts'
import { quietly } from '../recording.ts'
import { i0e, i1e } from '../special.ts'
import type { Tensor } from '../tensor.ts'
import { type Constraint, positive, real } from './constraints.ts'
import { type Constraints, Distribution, type ValidateOptions } from './distribution.ts'
import { checkShape, from, LOG_2PI, type Param, pair } from './support.ts'

interface VonMisesOptions extends ValidateOptions {
  readonly loc: Param
  readonly concentration: Param
}

/** Angles about `loc`, the nearer the greater the concentration. */
export class VonMises extends Distribution {
  declare readonly loc: Tensor
  declare readonly concentration: Tensor

  constructor(...args: Rest<VonMisesOptions, ['loc', 'concentration', 'validate_args']>) {
    const o = signature<VonMisesOptions>('VonMises', ['loc', 'concentration', 'validate_args'], [], 0)(args)
    const [loc, concentration] = pair(o.loc, o.concentration)
    super({ loc, concentration }, loc.shape, [], o.validate_args)
  }
  override get arg_constraints(): Constraints {
    return { loc: real, concentration: positive }
  }
  override get support(): Constraint {
    return real
  }
  override get mean(): Tensor {
    return this.loc
  }
  override get mode(): Tensor {
    return this.loc
  }
  /** The circular variance. */
  override get variance(): Tensor {
    return from(1, i1e(this.concentration).div(i0e(this.concentration)))
  }
  override log_prob(value: Tensor): Tensor {
    this._validate_sample(value)
    const { concentration } = this
    // log I0(k) = log(I0(k) exp(-k)) + k
    const normal = i0e(concentration).log().add(concentration).add(LOG_2PI)
    return concentration.mul(value.sub(this.loc).cos()).sub(normal)
  }
  /** Best and Fisher's rejection from a wrapped Cauchy distribution (1979), in float64. */
  override sample(sample_shape: readonly number[] = []): Tensor {
    checkShape('sample', sample_shape)
    return quietly(() => {
      const loc = this.loc.double()
      const kappa = this.concentration.double()
      const tau = kappa.pow(2).mul(4).add(1).sqrt().add(1)
      const rho = tau.sub(tau.mul(2).sqrt()).div(kappa.mul(2))
      const r = where(kappa.lt(1e-5), kappa.reciprocal().add(kappa), rho.pow(2).add(1).div(rho.mul(2)))
      const shape = this._extended_shape(sample_shape)
      let x = empty(shape, { dtype: 'float64' }).zero_()
      let done = x.ne(x)
      while (done.all().item() !== true) {
        const [u1, u2, u3] = rand([3, ...shape], { dtype: 'float64' }).unbind() as [Tensor, Tensor, Tensor]
        const z = u1.mul(Math.PI).cos()
        const f = r.mul(z).add(1).div(r.add(z))
        const c = kappa.mul(r.sub(f))
        const accept = c.mul(from(2, c)).sub(u2).gt(0).logical_or(c.div(u2).log().add(1).sub(c).ge(0))
        x = where(accept, u3.sub(0.5).sign().mul(f.acos()), x)
        done = done.logical_or(accept)
      }
      return x
        .add(Math.PI)
        .add(loc)
        .remainder(2 * Math.PI)
        .sub(Math.PI)
        .to(this.loc.dtype)
    })
  }
}
