/** Schedulers that rise and fall: warm restarts, cycles and the one cycle, with the momentum going the other way. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ValueError } from '../../../core/errors.ts'
import type { Optimizer } from '../optimizer.ts'
import { checkMomentum, checkNumbers, checkOptimizer, LRScheduler, perGroup, setMomentum } from './scheduler.ts'

interface RestartsOptions {
  /** Each period is this many times the one before. */
  T_mult?: number
  eta_min?: number
  last_epoch?: number
}
const readRestarts = signature<RestartsOptions>('CosineAnnealingWarmRestarts', ['T_mult', 'eta_min', 'last_epoch'], [], 2)

/** The rate on a cosine from the first one down to `eta_min`, again and again (Loshchilov and Hutter 2016). */
export class CosineAnnealingWarmRestarts extends LRScheduler {
  T_0: number
  T_i: number
  T_mult: number
  eta_min: number
  T_cur: number

  constructor(optimizer: Optimizer, T_0: number, ...rest: Rest<RestartsOptions, ['T_mult', 'eta_min', 'last_epoch']>) {
    const { T_mult = 1, eta_min = 0, last_epoch = -1 } = readRestarts(rest)
    checkNumbers('CosineAnnealingWarmRestarts', { T_0, T_mult, eta_min, last_epoch })
    if (!Number.isInteger(T_0) || T_0 <= 0) throw new ValueError(`Expected positive integer T_0, but got ${T_0}`)
    if (!Number.isInteger(T_mult) || T_mult < 1) throw new ValueError(`Expected integer T_mult >= 1, but got ${T_mult}`)
    super(optimizer, last_epoch)
    this.T_0 = T_0
    this.T_i = T_0
    this.T_mult = T_mult
    this.eta_min = eta_min
    this.T_cur = last_epoch
    this.start()
  }

  override get_lr(): number[] {
    const share = (1 + Math.cos((Math.PI * this.T_cur) / this.T_i)) / 2
    return this.base_lrs.map((lr) => this.eta_min + (lr - this.eta_min) * share)
  }

  /** Sets the next rates, or those at an epoch, which may have a fraction. */
  override step(epoch?: number | null): void {
    const { T_0, T_mult } = this
    if ((epoch === undefined || epoch === null) && this.last_epoch < 0) epoch = 0
    if (epoch === undefined || epoch === null) {
      epoch = this.last_epoch + 1
      this.T_cur++
      if (this.T_cur >= this.T_i) {
        this.T_cur %= this.T_i
        this.T_i *= T_mult
      }
    } else if (epoch < 0) throw new ValueError(`Expected non-negative epoch, but got ${epoch}`)
    else if (epoch < T_0) [this.T_i, this.T_cur] = [T_0, epoch]
    else if (T_mult === 1) this.T_cur = epoch % T_0
    else {
      const n = Math.trunc(Math.log((epoch / T_0) * (T_mult - 1) + 1) / Math.log(T_mult))
      this.T_cur = epoch - (T_0 * (T_mult ** n - 1)) / (T_mult - 1)
      this.T_i = T_0 * T_mult ** n
    }
    this.last_epoch = Math.floor(epoch)
    this.setRates(this.get_lr())
  }
}

type PerGroup = number | readonly number[]

interface MomentumOptions {
  /** Whether the momentum (or the first beta) goes the other way. */
  cycle_momentum?: boolean
  base_momentum?: PerGroup
  max_momentum?: PerGroup
  last_epoch?: number
}

export interface CyclicOptions extends MomentumOptions {
  /** Steps from the base rate up to the highest. */
  step_size_up?: number
  step_size_down?: number | null
  mode?: 'triangular' | 'triangular2' | 'exp_range'
  gamma?: number
  scale_fn?: ((x: number) => number) | null
  scale_mode?: 'cycle' | 'iterations'
}
type CyclicPositional = [
  'step_size_up',
  'step_size_down',
  'mode',
  'gamma',
  'scale_fn',
  'scale_mode',
  'cycle_momentum',
  'base_momentum',
  'max_momentum',
  'last_epoch',
]
const readCyclic = signature<CyclicOptions>(
  'CyclicLR',
  [
    'step_size_up',
    'step_size_down',
    'mode',
    'gamma',
    'scale_fn',
    'scale_mode',
    'cycle_momentum',
    'base_momentum',
    'max_momentum',
    'last_epoch',
  ],
  [],
  3,
)

/** Puts the ends of the momentum's range into the groups, and starts it at the highest. */
function prepareMomentum(optimizer: Optimizer, base: PerGroup, max: PerGroup, begins: boolean): { base: number[]; max: number[] } {
  checkMomentum(optimizer)
  const ends = { base: perGroup('base_momentum', optimizer, base), max: perGroup('max_momentum', optimizer, max) }
  if (begins) {
    optimizer.param_groups.forEach((group, i) => {
      setMomentum(group, ends.max[i]!)
      group.max_momentum = ends.max[i]
      group.base_momentum = ends.base[i]
    })
  }
  return ends
}

/** The rate up and down in lines between two bounds (Smith 2015). Step it after every batch. */
export class CyclicLR extends LRScheduler {
  max_lrs: number[]
  total_size: number
  step_ratio: number
  mode: string
  gamma: number
  scale_mode: 'cycle' | 'iterations'
  cycle_momentum: boolean
  base_momentums: number[] = []
  max_momentums: number[] = []
  /** The factor of the height, from the cycle or the step. */
  readonly scale_fn: (x: number) => number

  constructor(optimizer: Optimizer, base_lr: PerGroup, max_lr: PerGroup, ...rest: Rest<CyclicOptions, CyclicPositional>) {
    const {
      step_size_up = 2000,
      step_size_down,
      mode = 'triangular',
      gamma = 1,
      scale_fn,
      scale_mode = 'cycle',
      ...momentum
    } = readCyclic(rest)
    const { cycle_momentum = true, base_momentum = 0.8, max_momentum = 0.9, last_epoch = -1 } = momentum
    checkOptimizer(optimizer)
    checkNumbers('CyclicLR', { step_size_up, gamma, last_epoch })
    const base = perGroup('base_lr', optimizer, base_lr)
    if (last_epoch === -1) {
      optimizer.param_groups.forEach((group, i) => {
        group.lr = base[i]!
      })
    }
    if (!scale_fn && !['triangular', 'triangular2', 'exp_range'].includes(mode))
      throw new ValueError('mode is invalid and scale_fn is None')
    super(optimizer, last_epoch)
    this.max_lrs = perGroup('max_lr', optimizer, max_lr)
    this.total_size = step_size_up + (step_size_down ?? step_size_up)
    this.step_ratio = step_size_up / this.total_size
    this.mode = mode
    this.gamma = gamma
    this.scale_mode = scale_fn ? scale_mode : mode === 'exp_range' ? 'iterations' : 'cycle'
    this.scale_fn = scale_fn ?? (mode === 'triangular' ? () => 1 : mode === 'triangular2' ? (x) => 1 / 2 ** (x - 1) : (x) => gamma ** x)
    this.cycle_momentum = cycle_momentum
    if (cycle_momentum) {
      const ends = prepareMomentum(optimizer, base_momentum, max_momentum, last_epoch === -1)
      this.base_momentums = ends.base
      this.max_momentums = ends.max
    }
    this.start()
    this.base_lrs = base
  }

  override get_lr(): number[] {
    const { last_epoch, total_size, step_ratio } = this
    const cycle = Math.floor(1 + last_epoch / total_size)
    const x = 1 + last_epoch / total_size - cycle
    const height = (x <= step_ratio ? x / step_ratio : (x - 1) / (step_ratio - 1)) * 1
    const scale = () => this.scale_fn(this.scale_mode === 'cycle' ? cycle : last_epoch)
    if (this.cycle_momentum) {
      this.optimizer.param_groups.forEach((group, i) => {
        setMomentum(group, this.max_momentums[i]! - (this.max_momentums[i]! - this.base_momentums[i]!) * height * scale())
      })
    }
    return this.base_lrs.map((base, i) => base + (this.max_lrs[i]! - base) * height * scale())
  }
}

export interface OneCycleOptions extends MomentumOptions {
  /** Steps in all, or `epochs` times `steps_per_epoch`. */
  total_steps?: number | null
  epochs?: number | null
  steps_per_epoch?: number | null
  /** Share of the steps that rise. */
  pct_start?: number
  anneal_strategy?: 'cos' | 'linear'
  /** The first rate is the highest divided by this. */
  div_factor?: number
  /** The last rate is the first divided by this. */
  final_div_factor?: number
  three_phase?: boolean
}
type OneCyclePositional = [
  'total_steps',
  'epochs',
  'steps_per_epoch',
  'pct_start',
  'anneal_strategy',
  'cycle_momentum',
  'base_momentum',
  'max_momentum',
  'div_factor',
  'final_div_factor',
  'three_phase',
  'last_epoch',
]
const readOneCycle = signature<OneCycleOptions>(
  'OneCycleLR',
  [
    'total_steps',
    'epochs',
    'steps_per_epoch',
    'pct_start',
    'anneal_strategy',
    'cycle_momentum',
    'base_momentum',
    'max_momentum',
    'div_factor',
    'final_div_factor',
    'three_phase',
    'last_epoch',
  ],
  [],
  2,
)

interface Phase {
  readonly end: number
  readonly lr: readonly [from: string, to: string]
  readonly momentum: readonly [from: string, to: string]
}

function totalSteps({ total_steps, epochs, steps_per_epoch }: OneCycleOptions): number {
  const check = (name: string, x: number) => {
    if (!Number.isInteger(x) || x <= 0) throw new ValueError(`Expected positive integer ${name}, but got ${x}`)
    return x
  }
  if (typeof total_steps === 'number') return check('total_steps', total_steps)
  if (typeof epochs === 'number' && typeof steps_per_epoch === 'number')
    return check('epochs', epochs) * check('steps_per_epoch', steps_per_epoch)
  throw new ValueError('You must define either total_steps OR (epochs AND steps_per_epoch)')
}

/** The rate once up and once far down (Smith and Topin 2017). Step it after every batch. */
export class OneCycleLR extends LRScheduler {
  total_steps: number
  anneal_strategy: 'cos' | 'linear'
  cycle_momentum: boolean
  readonly phases: readonly Phase[]

  constructor(optimizer: Optimizer, max_lr: PerGroup, ...rest: Rest<OneCycleOptions, OneCyclePositional>) {
    const options = readOneCycle(rest)
    const { pct_start = 0.3, anneal_strategy = 'cos', cycle_momentum = true, base_momentum = 0.85, max_momentum = 0.95 } = options
    const { div_factor = 25, final_div_factor = 1e4, three_phase = false, last_epoch = -1 } = options
    checkOptimizer(optimizer)
    checkNumbers('OneCycleLR', { pct_start, div_factor, final_div_factor, last_epoch })
    const total = totalSteps(options)
    if (!(pct_start >= 0 && pct_start <= 1)) throw new ValueError(`Expected float between 0 and 1 pct_start, but got ${pct_start}`)
    if (anneal_strategy !== 'cos' && anneal_strategy !== 'linear') {
      throw new ValueError(`anneal_strategy must be one of 'cos' or 'linear', instead got ${anneal_strategy}`)
    }
    const max = perGroup('max_lr', optimizer, max_lr)
    if (last_epoch === -1) {
      optimizer.param_groups.forEach((group, i) => {
        group.initial_lr = max[i]! / div_factor
        group.max_lr = max[i]
        group.min_lr = group.initial_lr / final_div_factor
      })
    }
    if (cycle_momentum) prepareMomentum(optimizer, base_momentum, max_momentum, last_epoch === -1)
    super(optimizer, last_epoch)
    this.total_steps = total
    this.anneal_strategy = anneal_strategy
    this.cycle_momentum = cycle_momentum
    const up: Phase = { end: pct_start * total - 1, lr: ['initial_lr', 'max_lr'], momentum: ['max_momentum', 'base_momentum'] }
    this.phases = three_phase
      ? [
          up,
          { end: 2 * pct_start * total - 2, lr: ['max_lr', 'initial_lr'], momentum: ['base_momentum', 'max_momentum'] },
          { end: total - 1, lr: ['initial_lr', 'min_lr'], momentum: ['max_momentum', 'max_momentum'] },
        ]
      : [up, { end: total - 1, lr: ['max_lr', 'min_lr'], momentum: ['base_momentum', 'max_momentum'] }]
    this.start()
  }

  private between(from: number, to: number, share: number): number {
    return this.anneal_strategy === 'linear' ? (to - from) * share + from : to + ((from - to) / 2) * (Math.cos(Math.PI * share) + 1)
  }

  override get_lr(): number[] {
    const { last_epoch: step, phases, total_steps } = this
    if (step > total_steps) throw new ValueError(`Tried to step ${step} times. The specified number of total steps is ${total_steps}`)
    const found = phases.findIndex(({ end }) => step <= end)
    const at = found < 0 ? phases.length - 1 : found
    const { end, lr, momentum } = phases[at]!
    const begin = at === 0 ? 0 : phases[at - 1]!.end
    const share = (step - begin) / (end - begin)
    return this.optimizer.param_groups.map((group) => {
      if (this.cycle_momentum) setMomentum(group, this.between(group[momentum[0]], group[momentum[1]], share))
      return this.between(group[lr[0]], group[lr[1]], share)
    })
  }
}
