/** The base of learning rate schedulers, and those that compose others. */

import { ArgumentError, KeyError, ValueError } from '../../../core/errors.ts'
import { warn } from '../../../core/warnings.ts'
import { Optimizer, type ParamGroup } from '../optimizer.ts'

export const ratesOf = (optimizer: Optimizer): number[] => optimizer.param_groups.map((group) => group.lr)

export function checkOptimizer(optimizer: unknown): asserts optimizer is Optimizer {
  if (!(optimizer instanceof Optimizer)) {
    const name = typeof optimizer === 'object' && optimizer !== null ? optimizer.constructor.name : typeof optimizer
    throw new ArgumentError(`${name} is not an Optimizer`)
  }
}

/** Refuses options that are not numbers. */
export function checkNumbers(name: string, options: Readonly<Record<string, unknown>>): void {
  for (const [option, x] of Object.entries(options)) {
    if (typeof x !== 'number') throw new ArgumentError(`${name}: ${option} must be a number, got ${typeof x}`)
  }
}

/** One number for every group, or a list of as many. */
export function perGroup<T>(name: string, optimizer: Optimizer, value: T | readonly T[]): T[] {
  if (!Array.isArray(value)) return optimizer.param_groups.map(() => value as T)
  if (value.length !== optimizer.param_groups.length) {
    throw new ValueError(
      `${name} must have the same length as optimizer.param_groups. ${name} has ${value.length} values, param_groups has ${optimizer.param_groups.length}.`,
    )
  }
  return [...value]
}

/**
 * The base of learning rate schedulers: a subclass gives the rates of the groups in `get_lr`, and `step` puts them there.
 *
 * @remarks Unlike PyTorch's, a subclass calls `this.start()` at the end of its constructor: JavaScript sets a subclass's fields
 * only after the constructor of the base.
 */
export class LRScheduler {
  readonly optimizer: Optimizer
  base_lrs: number[]
  last_epoch: number
  _step_count = 0
  _last_lr: number[]
  /** @internal True while the first rates are set. */
  _is_initial = false

  constructor(optimizer: Optimizer, last_epoch = -1) {
    checkOptimizer(optimizer)
    checkNumbers('scheduler', { last_epoch })
    this.optimizer = optimizer
    optimizer.param_groups.forEach((group, i) => {
      if (last_epoch === -1) group.initial_lr ??= group.lr
      else if (group.initial_lr === undefined) {
        throw new KeyError(`param 'initial_lr' is not specified in param_groups[${i}] when resuming scheduler with last_epoch >= 0.`)
      }
    })
    this.base_lrs = optimizer.param_groups.map((group) => group.initial_lr!)
    this.last_epoch = last_epoch
    this._last_lr = ratesOf(optimizer)
  }

  /** Sets the first rates; at the end of a subclass's constructor. */
  protected start(): void {
    this._initial_step()
  }

  /** @internal */
  _initial_step(): void {
    this._step_count = 0
    this._is_initial = true
    try {
      this.step()
    } finally {
      this._is_initial = false
    }
  }

  /** The rates of the groups at `last_epoch`, from those at the step before. */
  get_lr(): number[] {
    throw new ValueError(`${this.constructor.name} must define get_lr()`)
  }

  /** The rates at `last_epoch` from the first ones alone, where there is such a form. */
  protected closedForm?(): number[]

  /** The rates set last. */
  get_last_lr(): number[] {
    return this._last_lr
  }

  /** Sets the next rates; after the optimizer's own step. */
  step(epoch?: number | null): void {
    if (this._step_count === 1 && !this.optimizer._opt_called) {
      warn(
        'Detected call of `lr_scheduler.step()` before `optimizer.step()`. In PyTorch 1.1.0 and later, you should call them in the opposite order: `optimizer.step()` before `lr_scheduler.step()`.  Failure to do this will result in PyTorch skipping the first value of the learning rate schedule. See more details at https://pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate',
      )
    }
    this._step_count++
    this._update_lr(epoch)
  }

  /** @internal */
  _update_lr(epoch?: number | null): void {
    let rates: number[]
    if (epoch === undefined || epoch === null) {
      this.last_epoch++
      rates = this.get_lr()
    } else {
      this.last_epoch = epoch
      rates = this.closedForm ? this.closedForm() : this.get_lr()
    }
    this.setRates(rates)
  }

  protected setRates(rates: readonly number[]): void {
    this.optimizer.param_groups.forEach((group, i) => {
      group.lr = rates[i]!
    })
    this._last_lr = ratesOf(this.optimizer)
  }

  /** The rates as they are now. */
  protected get current(): number[] {
    return ratesOf(this.optimizer)
  }

  /** The rates as they are now, each times a factor. */
  protected scaled(factor: number): number[] {
    return this.current.map((lr) => lr * factor)
  }

  /** All fields but the optimizer. */
  state_dict(): Record<string, unknown> {
    const { optimizer: _, ...rest } = this as Record<string, unknown>
    return rest
  }

  /** Takes over the fields of a `state_dict()`. */
  load_state_dict(state_dict: Record<string, unknown>): void {
    if (typeof state_dict !== 'object' || state_dict === null)
      throw new ArgumentError(`load_state_dict() takes an object, got ${typeof state_dict}`)
    const { optimizer: _, ...rest } = state_dict
    Object.assign(this, rest)
  }
}

/** Sets momentum, or the first beta, of a group. */
export function setMomentum(group: ParamGroup, value: number): void {
  if ('betas' in group) group.betas = [value, ...(group.betas as number[]).slice(1)]
  else group.momentum = value
}

/** Whether an optimizer has a momentum to cycle; an error else. */
export function checkMomentum(optimizer: Optimizer): void {
  if (!('momentum' in optimizer.defaults || 'betas' in optimizer.defaults)) {
    throw new ValueError('optimizer must support momentum or beta1 with `cycle_momentum` option enabled')
  }
}
