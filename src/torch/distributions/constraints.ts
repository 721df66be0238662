/** Constraints: the sets that parameters and samples lie in. */

import { RuntimeError, ValueError } from '../../core/errors.ts'
import { pyFloat } from '../../printing/index.ts'
import { full } from '../functions/creation.ts'
import { cat as concatenated, stack as stacked } from '../functions/join.ts'
import { eigvalsh } from '../linalg/decompositions.ts'
import { cholesky_ex } from '../linalg/more.ts'
import { Tensor } from '../tensor.ts'
import { checkInstance, checkInstances, checkTensor } from './support.ts'

type Bound = number | Tensor

const boundText = (x: Bound, whole = false): string =>
  x instanceof Tensor ? (x.ndim === 0 ? pyFloat(Number(x.item())) : String(x)) : whole ? String(x) : pyFloat(x)

/** A set of values: `check` tells which elements, or events of several, lie in it. */
export abstract class Constraint {
  /** Whether the set holds isolated values. */
  get is_discrete(): boolean {
    return false
  }
  /** How many of the last dimensions make one event. */
  get event_dim(): number {
    return 0
  }
  /** Whether values satisfy it, for each event. */
  check(_value: Tensor): Tensor {
    throw new RuntimeError(`${this.constructor.name} does not have check`)
  }

  /** As PyTorch prints it. */
  toString(): string {
    return `${this.constructor.name}(${this.arguments()})`
  }
  protected arguments(): string {
    return ''
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** A class of constraints under a function that makes them. */
export type Maker<A extends readonly any[], C extends Constraint> = ((...args: A) => C) & { readonly of: new (...args: A) => C }
const maker = <A extends readonly any[], C extends Constraint>(of: new (...args: A) => C): Maker<A, C> =>
  Object.assign((...args: A) => new of(...args), { of })

interface DependentOptions {
  readonly is_discrete?: boolean
  readonly event_dim?: number
}

/** A constraint that depends on other parameters, so that nothing can be checked from it. */
class Dependent extends Constraint {
  private readonly options: DependentOptions
  constructor(options: DependentOptions = {}) {
    super()
    this.options = options
  }
  override get is_discrete(): boolean {
    if (this.options.is_discrete === undefined) throw new ValueError('.is_discrete cannot be determined statically')
    return this.options.is_discrete
  }
  override get event_dim(): number {
    if (this.options.event_dim === undefined) throw new ValueError('.event_dim cannot be determined statically')
    return this.options.event_dim
  }
  override check(): Tensor {
    throw new ValueError('Cannot determine validity of dependent constraint')
  }
}

class Boolean extends Constraint {
  override get is_discrete(): boolean {
    return true
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.eq(0).logical_or(value.eq(1))
  }
}

class OneHot extends Constraint {
  override get is_discrete(): boolean {
    return true
  }
  override get event_dim(): number {
    return 1
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.eq(0).logical_or(value.eq(1)).all(-1).logical_and(value.sum(-1).eq(1))
  }
}

class Real extends Constraint {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.eq(value)
  }
}

const isWhole = (value: Tensor): Tensor => value.remainder(1).eq(0)

class IntegerInterval extends Constraint {
  constructor(
    readonly lower_bound: Bound,
    readonly upper_bound: Bound,
  ) {
    super()
  }
  override get is_discrete(): boolean {
    return true
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return isWhole(value).logical_and(value.ge(this.lower_bound)).logical_and(value.le(this.upper_bound))
  }
  protected override arguments(): string {
    return `lower_bound=${boundText(this.lower_bound, true)}, upper_bound=${boundText(this.upper_bound, true)}`
  }
}

/** What the sets above a bound share. */
abstract class Above extends Constraint {
  constructor(readonly lower_bound: Bound) {
    super()
  }
  protected override arguments(): string {
    return `lower_bound=${boundText(this.lower_bound, this.is_discrete)}`
  }
}

class IntegerGreaterThan extends Above {
  override get is_discrete(): boolean {
    return true
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return isWhole(value).logical_and(value.ge(this.lower_bound))
  }
}

class GreaterThan extends Above {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.gt(this.lower_bound)
  }
}

class GreaterThanEq extends Above {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.ge(this.lower_bound)
  }
}

class LessThan extends Constraint {
  constructor(readonly upper_bound: Bound) {
    super()
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.lt(this.upper_bound)
  }
  protected override arguments(): string {
    return `upper_bound=${boundText(this.upper_bound)}`
  }
}

class Interval extends Constraint {
  constructor(
    readonly lower_bound: Bound,
    readonly upper_bound: Bound,
  ) {
    super()
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.ge(this.lower_bound).logical_and(value.le(this.upper_bound))
  }
  protected override arguments(): string {
    return `lower_bound=${boundText(this.lower_bound)}, upper_bound=${boundText(this.upper_bound)}`
  }
}

class HalfOpenInterval extends Interval {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.ge(this.lower_bound).logical_and(value.lt(this.upper_bound))
  }
}

class Simplex extends Constraint {
  override get event_dim(): number {
    return 1
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.ge(0).all(-1).logical_and(value.sum(-1).sub(1).abs().lt(1e-6))
  }
}

class Multinomial extends Constraint {
  constructor(readonly upper_bound: number) {
    super()
  }
  override get is_discrete(): boolean {
    return true
  }
  override get event_dim(): number {
    return 1
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return value.ge(0).all(-1).logical_and(value.sum(-1).le(this.upper_bound))
  }
}

/** Constraints on matrices: events of two dimensions. */
abstract class OnMatrices extends Constraint {
  override get event_dim(): number {
    return 2
  }
}

const overMatrix = (mask: Tensor): Tensor => mask.all([-2, -1])
const isSquare = (value: Tensor): Tensor => full([...value.shape.slice(0, -2)], value.shape.at(-2) === value.shape.at(-1))

class LowerTriangular extends OnMatrices {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return overMatrix(value.tril().eq(value))
  }
}

class LowerCholesky extends OnMatrices {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return overMatrix(value.tril().eq(value)).logical_and(value.diagonal(0, -2, -1).gt(0).all(-1))
  }
}

class CorrCholesky extends LowerCholesky {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    const tolerance = (value.raw.dtype.name === 'float64' ? 2 ** -52 : 2 ** -23) * value.shape.at(-1)! * 10
    const rows = value.pow(2).sum(-1).sqrt()
    return super.check(value).logical_and(rows.sub(1).abs().le(tolerance).all(-1))
  }
}

class Square extends OnMatrices {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return isSquare(value)
  }
}

class Symmetric extends Square {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    if (value.shape.at(-2) !== value.shape.at(-1)) return isSquare(value)
    return overMatrix(value.isclose(value.mT, { atol: 1e-6 }))
  }
}

class PositiveSemidefinite extends Symmetric {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    const symmetric = super.check(value)
    return everywhere(symmetric) ? eigvalsh(value).ge(0).all(-1) : symmetric
  }
}

class PositiveDefinite extends Symmetric {
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    const symmetric = super.check(value)
    return everywhere(symmetric) ? cholesky_ex(value).info.eq(0) : symmetric
  }
}
const everywhere = (mask: Tensor): boolean => mask.all().item() === true

class IndependentConstraint extends Constraint {
  constructor(
    readonly base_constraint: Constraint,
    readonly reinterpreted_batch_ndims: number,
  ) {
    super()
    checkInstance('independent', base_constraint, Constraint)
  }
  override get is_discrete(): boolean {
    return this.base_constraint.is_discrete
  }
  override get event_dim(): number {
    return this.base_constraint.event_dim + this.reinterpreted_batch_ndims
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    const result = this.base_constraint.check(value)
    const n = this.reinterpreted_batch_ndims
    if (result.ndim < n) throw new ValueError(`Expected value.dim() >= ${this.event_dim} but got ${value.ndim}`)
    return n === 0 ? result : result.reshape([...result.shape.slice(0, result.ndim - n), -1]).all(-1)
  }
  protected override arguments(): string {
    return `${this.base_constraint}, ${this.reinterpreted_batch_ndims}`
  }
}

/** What lies in the support of every component of a mixture. */
export class MixtureSameFamilyConstraint extends Constraint {
  constructor(readonly base_constraint: Constraint) {
    super()
    checkInstance('MixtureSameFamilyConstraint', base_constraint, Constraint)
  }
  override get is_discrete(): boolean {
    return this.base_constraint.is_discrete
  }
  override get event_dim(): number {
    return this.base_constraint.event_dim
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    if (value.ndim < this.event_dim) throw new ValueError(`Expected value.dim() >= ${this.event_dim} but got ${value.ndim}`)
    const result = this.base_constraint.check(value.unsqueeze(-1 - this.event_dim))
    const kept = value.ndim - this.event_dim
    return result.reshape([...result.shape.slice(0, kept), -1]).all(-1)
  }
  protected override arguments(): string {
    return String(this.base_constraint)
  }
}

/** Constraints one after the other along a dimension. */
class Cat extends Constraint {
  constructor(
    readonly cseq: readonly Constraint[],
    readonly dim = 0,
    readonly lengths: readonly number[] = Array.isArray(cseq) ? cseq.map(() => 1) : [],
  ) {
    super()
    checkInstances('cat', cseq, Constraint)
    if (lengths.length !== cseq.length) throw new ValueError(`lengths (${lengths.length}) must match constraints (${cseq.length})`)
  }
  override get is_discrete(): boolean {
    return this.cseq.some((c) => c.is_discrete)
  }
  override get event_dim(): number {
    return Math.max(...this.cseq.map((c) => c.event_dim))
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    let start = 0
    const checks = this.cseq.map((c, i) => {
      start += this.lengths[i]!
      return c.check(value.narrow(this.dim, start - this.lengths[i]!, this.lengths[i]!))
    })
    return concatenated(checks, this.dim)
  }
}

/** Constraints on the slices along a dimension. */
class Stack extends Constraint {
  constructor(
    readonly cseq: readonly Constraint[],
    readonly dim = 0,
  ) {
    super()
    checkInstances('stack', cseq, Constraint)
  }
  override get is_discrete(): boolean {
    return this.cseq.some((c) => c.is_discrete)
  }
  override get event_dim(): number {
    const most = Math.max(...this.cseq.map((c) => c.event_dim))
    return this.dim + most < 0 ? most + 1 : most
  }
  override check(value: Tensor): Tensor {
    checkTensor('check', value)
    return stacked(
      this.cseq.map((c, i) => c.check(value.select(this.dim, i))),
      this.dim,
    )
  }
}

/** Constraints that depend on other parameters: `dependent` itself, or `dependent({ is_discrete, event_dim })`. */
export const dependent = Object.assign((options: DependentOptions = {}): Constraint => new Dependent(options), {
  of: Dependent,
})
/** A dependent constraint, as `dependent` makes it: properties need no decoration here. */
export const dependent_property = dependent
/** Whether nothing can be checked from a constraint by itself. */
export const is_dependent = (constraint: unknown): boolean => constraint instanceof Dependent || constraint === dependent

export const boolean: Constraint = new Boolean()
export const one_hot: Constraint = new OneHot()
export const real: Constraint = new Real()
export const simplex: Constraint = new Simplex()
export const lower_triangular: Constraint = new LowerTriangular()
export const lower_cholesky: Constraint = new LowerCholesky()
export const corr_cholesky: Constraint = new CorrCholesky()
export const square: Constraint = new Square()
export const symmetric: Constraint = new Symmetric()
export const positive_semidefinite: Constraint = new PositiveSemidefinite()
export const positive_definite: Constraint = new PositiveDefinite()
export const positive: GreaterThan = new GreaterThan(0)
export const nonnegative: GreaterThanEq = new GreaterThanEq(0)
export const nonnegative_integer: IntegerGreaterThan = new IntegerGreaterThan(0)
export const positive_integer: IntegerGreaterThan = new IntegerGreaterThan(1)
export const unit_interval: Interval = new Interval(0, 1)
export const independent = maker(IndependentConstraint)
export const real_vector: Constraint = new IndependentConstraint(real, 1)
export const greater_than = maker(GreaterThan)
export const greater_than_eq = maker(GreaterThanEq)
export const less_than = maker(LessThan)
export const interval = maker(Interval)
export const half_open_interval = maker(HalfOpenInterval)
export const integer_interval = maker(IntegerInterval)
export const multinomial = maker(Multinomial)
export const cat = maker<[cseq: readonly Constraint[], dim?: number, lengths?: readonly number[]], Cat>(Cat)
export const stack = maker<[cseq: readonly Constraint[], dim?: number], Stack>(Stack)
