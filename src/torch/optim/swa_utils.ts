/** torch.optim.swa_utils: averages of a model's parameters over training, and their learning rate. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ArgumentError, AssertionError, ValueError } from '../../core/errors.ts'
import { moduleArg } from '../checks.ts'
import type { DeviceLike } from '../device.ts'
import { tensor } from '../functions/index.ts'
import { Module } from '../nn/module.ts'
import { deepCopy } from '../nn/module_copy.ts'
import { recording } from '../recording.ts'
import { Tensor } from '../tensor.ts'
import { LRScheduler } from './lr_scheduler/scheduler.ts'
import type { Optimizer } from './optimizer.ts'

/** The new average from the old one, a model's parameter, and how many were averaged. */
export type AverageFunction = (averaged: Tensor, current: Tensor, num_averaged: Tensor | number) => Tensor
/** Writes new averages over old ones. */
export type MultiAverageFunction = (averaged: readonly Tensor[], current: readonly Tensor[], num_averaged: Tensor | number) => void

const countOf = (n: Tensor | number): number => Number(n instanceof Tensor ? n.item() : n)
function checkDecay(decay: number): void {
  if (!(decay >= 0 && decay <= 1)) throw new ValueError(`Invalid decay value ${decay} provided. Please provide a value in [0,1] range.`)
}

/** `decay average + (1 - decay) parameter`. */
export function get_ema_avg_fn(decay = 0.999): AverageFunction {
  checkDecay(decay)
  return (averaged, current) => recording(false, () => averaged.mul(decay).add(current.mul(1 - decay)))
}
/** The mean of all parameters so far. */
export function get_swa_avg_fn(): AverageFunction {
  return (averaged, current, n) => recording(false, () => averaged.add(current.sub(averaged).div(countOf(n) + 1)))
}

const everyPair =
  (weight: (n: number) => number): MultiAverageFunction =>
  (averaged, current, n) =>
    recording(false, () => {
      const w = weight(countOf(n))
      averaged.forEach((a, i) => {
        if (a.is_floating_point() || a.is_complex()) a.detach().lerp_(current[i]!.detach(), w)
        else
          a.detach().copy_(
            a
              .detach()
              .mul(1 - w)
              .add(current[i]!.detach().mul(w)),
          )
      })
    })
/** `get_ema_avg_fn` for lists of parameters, in place. */
export function get_ema_multi_avg_fn(decay = 0.999): MultiAverageFunction {
  checkDecay(decay)
  return everyPair(() => 1 - decay)
}
/** `get_swa_avg_fn` for lists of parameters, in place. */
export function get_swa_multi_avg_fn(): MultiAverageFunction {
  return everyPair((n) => 1 / (n + 1))
}

interface AveragedOptions {
  device?: DeviceLike | null
  avg_fn?: AverageFunction | null
  multi_avg_fn?: MultiAverageFunction | null
  /** Averages buffers too, rather than copying them. */
  use_buffers?: boolean
}
type AveragedPositional = ['device', 'avg_fn', 'multi_avg_fn', 'use_buffers']
const readAveraged = signature<AveragedOptions>('AveragedModel', ['device', 'avg_fn', 'multi_avg_fn', 'use_buffers'], [], 2)

/**
 * A copy of a model whose parameters are averages of the model's, each time `update_parameters` is called (Izmailov et al. 2018): all of
 * them evenly, or as `avg_fn` or `multi_avg_fn` says.
 */
export class AveragedModel extends Module {
  module: Module
  readonly avg_fn: AverageFunction | null
  readonly multi_avg_fn: MultiAverageFunction | null
  readonly use_buffers: boolean
  declare n_averaged: Tensor

  constructor(model: Module, ...rest: Rest<AveragedOptions, AveragedPositional>) {
    super()
    const { device = null, avg_fn = null, multi_avg_fn = null, use_buffers = false } = readAveraged(rest)
    if (!(model instanceof Module)) throw new ArgumentError('AveragedModel() takes a Module')
    if (avg_fn && multi_avg_fn) throw new AssertionError('Only one of avg_fn and multi_avg_fn should be provided')
    this.module = deepCopy(model)
    if (device !== null) this.module.to(device)
    this.register_buffer('n_averaged', tensor(0, { dtype: 'int64' }))
    this.avg_fn = avg_fn
    this.multi_avg_fn = multi_avg_fn
    this.use_buffers = use_buffers
  }

  override forward(...args: any[]): any {
    return this.module(...args)
  }

  /** Takes a model's parameters into the averages. */
  update_parameters(model: Module): void {
    const members = (m: Module) => [...m.parameters(), ...(this.use_buffers ? m.buffers() : [])].map((t) => t.detach())
    const [own, theirs] = [members(this.module), members(model)]
    const n = countOf(this.n_averaged)
    recording(false, () => {
      if (n === 0) own.forEach((t, i) => void t.copy_(theirs[i]!))
      else if (this.avg_fn) for (const [i, t] of own.entries()) t.copy_(this.avg_fn(t, theirs[i]!, this.n_averaged))
      else (this.multi_avg_fn ?? get_swa_multi_avg_fn())(own, theirs, this.n_averaged)
      if (!this.use_buffers) {
        const buffers = [...model.buffers()]
        for (const [i, t] of [...this.module.buffers()].entries()) t.detach().copy_(buffers[i]!.detach())
      }
      this.n_averaged.add_(1)
    })
  }
}

interface RunningStatistics {
  reset_running_stats(): void
  momentum: number | null
}
const isBatchNorm = (m: unknown): m is Module & RunningStatistics => m instanceof Module && /^(Lazy|Sync)?BatchNorm/.test(m._get_name())

/** Computes the running statistics of a model's batch norms anew, over the batches of a loader. */
export function update_bn(loader: Iterable<any>, model: Module, device: DeviceLike | null = null): void {
  moduleArg('update_bn', model, 'model')
  const momenta = new Map<RunningStatistics, number | null>()
  for (const m of model.modules()) {
    if (!isBatchNorm(m)) continue
    m.reset_running_stats()
    momenta.set(m, m.momentum)
  }
  if (momenta.size === 0) return
  const training = model.training
  model.train()
  for (const m of momenta.keys()) m.momentum = null
  recording(false, () => {
    for (const batch of loader) {
      const input = Array.isArray(batch) ? batch[0] : batch
      model(device === null ? input : input.to(device))
    }
  })
  for (const [m, momentum] of momenta) m.momentum = momentum
  model.train(training)
}

interface SWALROptions {
  anneal_epochs?: number
  /** 'cos' or 'linear'. */
  anneal_strategy?: 'cos' | 'linear'
  last_epoch?: number
}
const readSWALR = signature<SWALROptions>('SWALR', ['anneal_epochs', 'anneal_strategy', 'last_epoch'], [], 3)

/** Anneals the learning rate of each group to `swa_lr` and holds it there. */
export class SWALR extends LRScheduler {
  readonly anneal_epochs: number
  readonly anneal_func: (t: number) => number

  constructor(
    optimizer: Optimizer,
    swa_lr: number | readonly number[],
    ...rest: Rest<SWALROptions, ['anneal_epochs', 'anneal_strategy', 'last_epoch']>
  ) {
    const { anneal_epochs = 10, anneal_strategy = 'cos', last_epoch = -1 } = readSWALR(rest)
    if (!Array.isArray(optimizer?.param_groups)) throw new ArgumentError('SWALR(): expected an optimizer', { op: 'SWALR' })
    if (anneal_strategy !== 'cos' && anneal_strategy !== 'linear') {
      throw new ValueError(`anneal_strategy must by one of 'cos' or 'linear', instead got ${String(anneal_strategy)}`)
    }
    if (!Number.isInteger(anneal_epochs) || anneal_epochs < 0)
      throw new ValueError(`anneal_epochs must be equal or greater than 0, got ${anneal_epochs}`)
    const rates = Array.isArray(swa_lr) ? swa_lr : optimizer.param_groups.map(() => swa_lr as number)
    if (rates.length !== optimizer.param_groups.length) {
      throw new ValueError(
        `swa_lr must have the same length as optimizer.param_groups: swa_lr has ${rates.length}, optimizer.param_groups has ${optimizer.param_groups.length}`,
      )
    }
    optimizer.param_groups.forEach((group, i) => {
      group.swa_lr = rates[i]
    })
    super(optimizer, last_epoch)
    this.anneal_epochs = anneal_epochs
    this.anneal_func = anneal_strategy === 'cos' ? (t) => (1 - Math.cos(Math.PI * t)) / 2 : (t) => t
    this.start()
  }

  override get_lr(): number[] {
    const groups = this.optimizer.param_groups
    const step = this._step_count - 1
    const share = (s: number) => this.anneal_func(Math.max(0, Math.min(1, s / Math.max(1, this.anneal_epochs))))
    const before = this.anneal_epochs === 0 ? Math.max(1, step) : step
    const old = share(before - 1)
    const now = share(before)
    return groups.map((group) => {
      // the rate that this one has come from
      const initial = old === 1 ? group.swa_lr : (group.lr - old * group.swa_lr) / (1 - old)
      return group.swa_lr * now + initial * (1 - now)
    })
  }
}
