/** Schedulers made of schedulers: one after another, and several at once. */

import { ArgumentError, ValueError } from '../../../core/errors.ts'
import type { Optimizer } from '../optimizer.ts'
import { ReduceLROnPlateau } from './plateau.ts'
import { checkOptimizer, LRScheduler, ratesOf } from './scheduler.ts'

function check(name: string, schedulers: readonly LRScheduler[], optimizer: Optimizer): void {
  schedulers.forEach((scheduler, i) => {
    if (!(scheduler instanceof LRScheduler)) throw new ArgumentError(`${name} at index ${i} should have \`optimizer\` as its attribute.`)
    if (scheduler instanceof ReduceLROnPlateau) {
      throw new ValueError(
        `${name} does not support \`ReduceLROnPlateau\` scheduler as it requires additional kwargs to be specified when calling \`step\`, but got one at index ${i} in the given schedulers sequence.`,
      )
    }
    if (scheduler.optimizer !== optimizer) {
      throw new ValueError(
        `${name} expects all schedulers to belong to the same optimizer, but got scheduler ${scheduler.constructor.name} at index ${i} has ${scheduler.optimizer}, which is different from ${optimizer.constructor.name}.`,
      )
    }
  })
}

function checkList(x: unknown): void {
  if (!Array.isArray(x)) throw new ArgumentError(`expected a list, got ${typeof x}`)
}

interface Members {
  _schedulers: LRScheduler[]
}

/** Their states under theirs own names, for state_dict. */
const statesOf = ({ _schedulers }: Members) => ({ _schedulers: _schedulers.map((s) => s.state_dict()) })

function loadStates(self: Members, { _schedulers, ...rest }: Record<string, unknown>): Record<string, unknown> {
  for (const [i, state] of ((_schedulers ?? []) as Record<string, unknown>[]).entries()) self._schedulers[i]!.load_state_dict(state)
  return rest
}

/** Takes back the step that a scheduler took when it was made. */
function undo(scheduler: LRScheduler): void {
  const members = (scheduler as Partial<Members>)._schedulers
  if (members) for (const member of members) undo(member)
  else scheduler.last_epoch--
}

/** Several schedulers one after another; each starts at its milestone. */
export class SequentialLR extends LRScheduler {
  _schedulers: LRScheduler[]
  _milestones: number[]

  constructor(optimizer: Optimizer, schedulers: readonly LRScheduler[], milestones: readonly number[], last_epoch = -1) {
    checkList(schedulers)
    if (schedulers.length < 1) throw new ValueError('SequentialLR expects at least one scheduler, but got no scheduler.')
    checkList(milestones)
    check('SequentialLR', schedulers, optimizer)
    if (milestones.length !== schedulers.length - 1) {
      throw new ValueError(
        `Sequential Schedulers expects number of schedulers provided to be one more than the number of milestone points, but got number of schedulers ${schedulers.length} and the number of milestones to be equal to ${milestones.length}`,
      )
    }
    super(optimizer)
    this._schedulers = [...schedulers]
    this._milestones = [...milestones]
    this.last_epoch = last_epoch + 1
    for (const group of optimizer.param_groups) group.lr = group.initial_lr!
    undo(this)
    const first = this._schedulers[this.at(0)]!
    first._initial_step()
    this._last_lr = first.get_last_lr()
  }

  private at(epoch: number): number {
    return this._milestones.filter((milestone) => milestone <= epoch).length
  }

  override step(): void {
    this.last_epoch++
    const at = this.at(this.last_epoch)
    const scheduler = this._schedulers[at]!
    if (at > 0 && this._milestones[at - 1] === this.last_epoch) scheduler._update_lr(0)
    else scheduler.step()
    this._last_lr = scheduler.get_last_lr()
  }

  override state_dict(): Record<string, unknown> {
    return { ...super.state_dict(), ...statesOf(this) }
  }

  override load_state_dict(state_dict: Record<string, unknown>): void {
    super.load_state_dict(loadStates(this, state_dict))
  }
}

/** Several schedulers at once: each goes on from the rates that the one before has set. */
export class ChainedScheduler extends LRScheduler {
  _schedulers: LRScheduler[]

  constructor(schedulers: readonly LRScheduler[], optimizer: Optimizer | null = null) {
    checkList(schedulers)
    if (schedulers.length < 1) throw new ValueError('ChainedScheduler expects at least one scheduler to be chained, but got no scheduler.')
    const owner = optimizer ?? schedulers[0]?.optimizer
    checkOptimizer(owner)
    check('ChainedScheduler', schedulers, owner)
    super(owner)
    this._schedulers = [...schedulers]
  }

  override step(): void {
    for (const scheduler of this._schedulers) scheduler.step()
    this._last_lr = ratesOf(this.optimizer)
  }

  override state_dict(): Record<string, unknown> {
    return { ...super.state_dict(), ...statesOf(this) }
  }

  override load_state_dict(state_dict: Record<string, unknown>): void {
    super.load_state_dict(loadStates(this, state_dict))
  }
}
