/** The scheduler that watches a metric. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import type { Tensor } from '../../tensor.ts'
import type { Optimizer } from '../optimizer.ts'
import { checkNumbers, checkOptimizer, LRScheduler, perGroup, ratesOf } from './scheduler.ts'

export interface PlateauOptions {
  /** Whether less or more is better. */
  mode?: 'min' | 'max'
  /** What the rate is multiplied with. */
  factor?: number
  /** Epochs without a better metric that are let pass. */
  patience?: number
  /** How much better a metric has to be. */
  threshold?: number
  /** Whether the threshold is a share of the best metric or a difference. */
  threshold_mode?: 'rel' | 'abs'
  /** Epochs after a reduction that are not counted. */
  cooldown?: number
  min_lr?: number | readonly number[]
  /** A reduction by less than this is left out. */
  eps?: number
}
type Positional = ['mode', 'factor', 'patience', 'threshold', 'threshold_mode', 'cooldown', 'min_lr', 'eps']
const read = signature<PlateauOptions>('ReduceLROnPlateau', [
  'mode',
  'factor',
  'patience',
  'threshold',
  'threshold_mode',
  'cooldown',
  'min_lr',
  'eps',
])

/** Lowers the rate when a metric, given to `step`, has not become better for a while. */
export class ReduceLROnPlateau extends LRScheduler {
  mode: 'min' | 'max'
  factor: number
  patience: number
  threshold: number
  threshold_mode: 'rel' | 'abs'
  cooldown: number
  cooldown_counter = 0
  min_lrs: number[]
  default_min_lr: number | null
  eps: number
  best: number
  num_bad_epochs = 0

  constructor(optimizer: Optimizer, ...rest: Rest<PlateauOptions, Positional>) {
    const {
      mode = 'min',
      factor = 0.1,
      patience = 10,
      threshold = 1e-4,
      threshold_mode = 'rel',
      cooldown = 0,
      min_lr = 0,
      eps = 1e-8,
    } = read(rest)
    checkNumbers('ReduceLROnPlateau', { factor, patience, threshold, cooldown, eps })
    if (factor >= 1) throw new ValueError('Factor should be < 1.0.')
    checkOptimizer(optimizer)
    if (Array.isArray(min_lr) && min_lr.length !== optimizer.param_groups.length) {
      throw new ValueError(`expected ${optimizer.param_groups.length} min_lrs, got ${min_lr.length}`)
    }
    if (mode !== 'min' && mode !== 'max') throw new ValueError(`mode ${typeof mode === 'string' ? mode : typeof mode} is unknown!`)
    if (threshold_mode !== 'rel' && threshold_mode !== 'abs')
      throw new ValueError(`threshold mode ${typeof threshold_mode === 'string' ? threshold_mode : typeof threshold_mode} is unknown!`)
    super(optimizer)
    this.mode = mode
    this.factor = factor
    this.patience = patience
    this.threshold = threshold
    this.threshold_mode = threshold_mode
    this.cooldown = cooldown
    this.min_lrs = perGroup<number>('min_lr', optimizer, min_lr)
    this.default_min_lr = typeof min_lr === 'number' ? min_lr : null
    this.eps = eps
    this.best = mode === 'min' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
    this.last_epoch = 0
  }

  /** Whether the last reduction was a short while ago. */
  get in_cooldown(): boolean {
    return this.cooldown_counter > 0
  }

  private isBetter(a: number): boolean {
    const { best, threshold } = this
    if (this.mode === 'min') return a < (this.threshold_mode === 'rel' ? best * (1 - threshold) : best - threshold)
    return a > (this.threshold_mode === 'rel' ? best * (1 + threshold) : best + threshold)
  }

  /** Looks at a metric, a number or a tensor with one element, and lowers the rates when it is time. */
  override step(metrics?: number | Tensor | null, epoch: number = this.last_epoch + 1): void {
    const current = Number(typeof metrics === 'object' && metrics !== null ? metrics.item() : metrics)
    if (metrics === undefined || metrics === null)
      throw new ValueError("ReduceLROnPlateau.step() missing 1 required positional argument: 'metrics'")
    this.last_epoch = epoch
    if (this.isBetter(current)) {
      this.best = current
      this.num_bad_epochs = 0
    } else this.num_bad_epochs++
    if (this.in_cooldown) {
      this.cooldown_counter--
      this.num_bad_epochs = 0
    }
    if (this.num_bad_epochs > this.patience) {
      this.reduce()
      this.cooldown_counter = this.cooldown
      this.num_bad_epochs = 0
    }
    this._last_lr = ratesOf(this.optimizer)
  }

  private reduce(): void {
    const groups = this.optimizer.param_groups
    if (groups.length !== this.min_lrs.length) {
      if (this.default_min_lr === null) {
        throw new RuntimeError(
          `The number of param groups in the \`optimizer\` (${groups.length}) differs from when \`ReduceLROnPlateau\` was initialized (${this.min_lrs.length}), usually due to a new param group being added to the optimizer. Please modify the \`min_lrs\` field to match the length of the \`optimizer\` param groups.`,
        )
      }
      this.min_lrs = groups.map(() => this.default_min_lr!)
    }
    groups.forEach((group, i) => {
      const next = Math.max(group.lr * this.factor, this.min_lrs[i]!)
      if (group.lr - next > this.eps) group.lr = next
    })
  }
}
