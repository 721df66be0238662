/** From constraints to transforms: what maps unconstrained numbers onto the set of a constraint. */

import { CallableObject } from '../../core/callable.ts'
import { describe } from '../../core/describe.ts'
import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import { Tensor } from '../tensor.ts'
import * as c from './constraints.ts'
import { ComposeTransform, IndependentTransform, identity_transform, type Transform } from './transform.ts'
import { AffineTransform, ExpTransform, SigmoidTransform, SoftmaxTransform, StickBreakingTransform } from './transforms.ts'
import {
  CatTransform,
  CorrCholeskyTransform,
  LowerCholeskyTransform,
  PositiveDefiniteTransform,
  StackTransform,
} from './transforms_shaped.ts'

type ConstraintClass = abstract new (...args: any[]) => c.Constraint
/** A constraint, its class, or the function that makes such constraints. */
export type ConstraintKey = c.Constraint | ConstraintClass | { readonly of: ConstraintClass }
type Factory = (constraint: any) => Transform

/** A table from classes of constraints to makers of transforms; called with a constraint it gives the transform. */
export class ConstraintRegistry extends CallableObject {
  private readonly table = new Map<unknown, Factory>()

  /** Enters a maker for a class of constraints. */
  register(constraint: ConstraintKey, factory: Factory): Factory {
    const key = constraint instanceof c.Constraint ? constraint.constructor : 'of' in constraint ? constraint.of : constraint
    if (typeof key !== 'function' || !(key.prototype instanceof c.Constraint))
      throw new ArgumentError(`Expected constraint to be either a Constraint subclass or instance, but got ${describe(constraint)}`)
    this.table.set(key, factory)
    return factory
  }

  /** @internal What a call does. */
  _call([constraint]: readonly unknown[]): Transform {
    if (!(constraint instanceof c.Constraint)) throw new ArgumentError(`expected a constraint, got ${describe(constraint)}`)
    const factory = this.table.get(constraint.constructor)
    if (!factory) throw new RuntimeError(`Cannot transform ${constraint.constructor.name} constraints`)
    return factory(constraint)
  }
}

/** A registry, called. */
export type Registry = ConstraintRegistry & ((constraint: c.Constraint) => Transform)

const difference = (high: number | Tensor, low: number | Tensor): number | Tensor =>
  high instanceof Tensor ? high.sub(low) : low instanceof Tensor ? low.neg().add(high) : high - low

const affine = (first: Transform, loc: number | Tensor, scale: number | Tensor): Transform =>
  new ComposeTransform([first, new AffineTransform(loc, scale)])

/** What both registries hold. */
function common(registry: Registry): Registry {
  registry.register(c.real, () => identity_transform)
  registry.register(c.independent, (x) => new IndependentTransform(registry(x.base_constraint), x.reinterpreted_batch_ndims))
  for (const key of [c.greater_than, c.greater_than_eq]) registry.register(key, (x) => affine(new ExpTransform(), x.lower_bound, 1))
  registry.register(c.less_than, (x) => affine(new ExpTransform(), x.upper_bound, -1))
  for (const key of [c.interval, c.half_open_interval]) {
    registry.register(key, ({ lower_bound, upper_bound }) => {
      if (lower_bound === 0 && upper_bound === 1) return new SigmoidTransform()
      return affine(new SigmoidTransform(), lower_bound, difference(upper_bound, lower_bound))
    })
  }
  registry.register(c.corr_cholesky, () => new CorrCholeskyTransform())
  const each = (list: readonly c.Constraint[]): Transform[] => list.map((x) => registry(x))
  registry.register(c.cat, (x) => new CatTransform(each(x.cseq), x.dim, x.lengths))
  registry.register(c.stack, (x) => new StackTransform(each(x.cseq), x.dim))
  return registry
}

function bijections(): Registry {
  const registry = common(new ConstraintRegistry() as Registry)
  registry.register(c.simplex, () => new StickBreakingTransform())
  return registry
}

function onto(): Registry {
  const registry = common(new ConstraintRegistry() as Registry)
  registry.register(c.simplex, () => new SoftmaxTransform())
  registry.register(c.lower_cholesky, () => new LowerCholeskyTransform())
  for (const key of [c.positive_definite, c.positive_semidefinite]) registry.register(key, () => new PositiveDefiniteTransform())
  return registry
}

/** One-to-one transforms from unconstrained numbers onto constraints, for densities. */
export const biject_to: Registry = bijections()
/** Transforms from unconstrained numbers onto constraints, for optimization. */
export const transform_to: Registry = onto()
