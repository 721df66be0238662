/** Schedulers whose rate is a function of the epoch: steps, powers, lines, cosines and users' own functions. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ArgumentError, ValueError } from '../../../core/errors.ts'
import type { Optimizer } from '../optimizer.ts'
import { checkNumbers, LRScheduler } from './scheduler.ts'

interface Resumable {
  /** The epoch to go on from; -1 to begin. */
  last_epoch?: number
}

/** A rate's factor, from the epoch. */
export type LRLambda = (epoch: number) => number

function lambdasFor(optimizer: Optimizer, lr_lambda: LRLambda | readonly LRLambda[]): LRLambda[] {
  const n = optimizer.param_groups.length
  const list = Array.isArray(lr_lambda) ? (lr_lambda as LRLambda[]) : Array.from({ length: n }, () => lr_lambda as LRLambda)
  if (list.length !== n) throw new ValueError(`Expected ${n} lr_lambdas, but got ${list.length}`)
  for (const f of list) if (typeof f !== 'function') throw new ArgumentError(`lr_lambda should be a function, but got ${typeof f}`)
  return list
}

const readLambda = signature<Resumable>('LambdaLR', ['last_epoch'], [], 2)

/** The first rate times a function of the epoch. */
export class LambdaLR extends LRScheduler {
  lr_lambdas: LRLambda[]

  constructor(optimizer: Optimizer, lr_lambda: LRLambda | readonly LRLambda[], ...rest: Rest<Resumable, ['last_epoch']>) {
    super(optimizer, readLambda(rest).last_epoch)
    this.lr_lambdas = lambdasFor(optimizer, lr_lambda)
    this.start()
  }

  override get_lr(): number[] {
    return this.base_lrs.map((lr, i) => lr * this.lr_lambdas[i]!(this.last_epoch))
  }
}

const readMultiplicative = signature<Resumable>('MultiplicativeLR', ['last_epoch'], [], 2)

/** The rate times, at each epoch, a function of it. */
export class MultiplicativeLR extends LRScheduler {
  lr_lambdas: LRLambda[]

  constructor(optimizer: Optimizer, lr_lambda: LRLambda | readonly LRLambda[], ...rest: Rest<Resumable, ['last_epoch']>) {
    super(optimizer, readMultiplicative(rest).last_epoch)
    this.lr_lambdas = lambdasFor(optimizer, lr_lambda)
    this.start()
  }

  override get_lr(): number[] {
    return this._is_initial ? this.current : this.current.map((lr, i) => lr * this.lr_lambdas[i]!(this.last_epoch))
  }
}

interface GammaOptions extends Resumable {
  /** The factor. */
  gamma?: number
}
const readStep = signature<GammaOptions>('StepLR', ['gamma', 'last_epoch'], [], 2)

/**
 * The rate times gamma after every `step_size` epochs.
 *
 * @example
 * ```ts
 * const optimizer = new torch.optim.SGD([torch.zeros(1)], { lr: 1 })
 * const scheduler = new torch.optim.lr_scheduler.StepLR(optimizer, 2, { gamma: 0.5 })
 * const rates = [1, 2, 3, 4].map(() => (optimizer.step(), scheduler.step(), scheduler.get_last_lr()[0]))
 * rates // => [ 1, 0.5, 0.5, 0.25 ]
 * ```
 */
export class StepLR extends LRScheduler {
  step_size: number
  gamma: number

  constructor(optimizer: Optimizer, step_size: number, ...rest: Rest<GammaOptions, ['gamma', 'last_epoch']>) {
    const { gamma = 0.1, last_epoch } = readStep(rest)
    checkNumbers('StepLR', { step_size, gamma })
    super(optimizer, last_epoch)
    this.step_size = step_size
    this.gamma = gamma
    this.start()
  }

  override get_lr(): number[] {
    return this.last_epoch === 0 || this.last_epoch % this.step_size !== 0 ? this.current : this.scaled(this.gamma)
  }

  protected override closedForm(): number[] {
    return this.base_lrs.map((lr) => lr * this.gamma ** Math.floor(this.last_epoch / this.step_size))
  }
}

const readMultiStep = signature<GammaOptions>('MultiStepLR', ['gamma', 'last_epoch'], [], 2)

/** The rate times gamma at each of the given epochs. */
export class MultiStepLR extends LRScheduler {
  milestones: number[]
  gamma: number

  constructor(optimizer: Optimizer, milestones: Iterable<number>, ...rest: Rest<GammaOptions, ['gamma', 'last_epoch']>) {
    const { gamma = 0.1, last_epoch } = readMultiStep(rest)
    checkNumbers('MultiStepLR', { gamma })
    if (!Array.isArray(milestones) && !(milestones instanceof Set))
      throw new ArgumentError('MultiStepLR: milestones must be a list of epochs')
    super(optimizer, last_epoch)
    this.milestones = [...milestones]
    this.gamma = gamma
    this.start()
  }

  override get_lr(): number[] {
    const times = this.milestones.filter((epoch) => epoch === this.last_epoch).length
    return times === 0 ? this.current : this.scaled(this.gamma ** times)
  }

  protected override closedForm(): number[] {
    const times = this.milestones.filter((epoch) => epoch <= this.last_epoch).length
    return this.base_lrs.map((lr) => lr * this.gamma ** times)
  }
}

const readExponential = signature<Resumable>('ExponentialLR', ['last_epoch'], [], 2)

/** The rate times gamma at every epoch. */
export class ExponentialLR extends LRScheduler {
  gamma: number

  constructor(optimizer: Optimizer, gamma: number | { gamma: number }, ...rest: Rest<Resumable, ['last_epoch']>) {
    super(optimizer, readExponential(rest).last_epoch)
    this.gamma = typeof gamma === 'object' ? gamma?.gamma : gamma
    checkNumbers('ExponentialLR', { gamma: this.gamma })
    this.start()
  }

  override get_lr(): number[] {
    return this._is_initial ? this.current : this.scaled(this.gamma)
  }

  protected override closedForm(): number[] {
    return this.base_lrs.map((lr) => lr * this.gamma ** this.last_epoch)
  }
}

interface ConstantOptions extends Resumable {
  factor?: number
  /** The epoch at which the rate is the first one again. */
  total_iters?: number
}
const readConstant = signature<ConstantOptions>('ConstantLR', ['factor', 'total_iters', 'last_epoch'])

/** The first rate times a factor, up to an epoch. */
export class ConstantLR extends LRScheduler {
  factor: number
  total_iters: number

  constructor(optimizer: Optimizer, ...rest: Rest<ConstantOptions, ['factor', 'total_iters', 'last_epoch']>) {
    const { factor = 1 / 3, total_iters = 5, last_epoch } = readConstant(rest)
    checkNumbers('ConstantLR', { factor, total_iters })
    if (factor > 1 || factor < 0) throw new ValueError('Constant multiplicative factor expected to be between 0 and 1.')
    super(optimizer, last_epoch)
    this.factor = factor
    this.total_iters = total_iters
    this.start()
  }

  override get_lr(): number[] {
    if (this.last_epoch === 0) return this.scaled(this.factor)
    return this.last_epoch === this.total_iters ? this.scaled(1 / this.factor) : this.current
  }

  protected override closedForm(): number[] {
    return this.base_lrs.map((lr) => lr * (this.last_epoch >= this.total_iters ? 1 : this.factor))
  }
}

interface LinearOptions extends Resumable {
  start_factor?: number
  end_factor?: number
  /** The epoch at which the end factor is reached. */
  total_iters?: number
}
const readLinear = signature<LinearOptions>('LinearLR', ['start_factor', 'end_factor', 'total_iters', 'last_epoch'])

/** The first rate times a factor that goes in a line from one to another. */
export class LinearLR extends LRScheduler {
  start_factor: number
  end_factor: number
  total_iters: number

  constructor(optimizer: Optimizer, ...rest: Rest<LinearOptions, ['start_factor', 'end_factor', 'total_iters', 'last_epoch']>) {
    const { start_factor = 1 / 3, end_factor = 1, total_iters = 5, last_epoch } = readLinear(rest)
    checkNumbers('LinearLR', { start_factor, end_factor, total_iters })
    if (start_factor > 1 || start_factor <= 0) {
      throw new ValueError('Starting multiplicative factor expected to be greater than 0 and less or equal to 1.')
    }
    if (end_factor > 1 || end_factor < 0) throw new ValueError('Ending multiplicative factor expected to be between 0 and 1.')
    super(optimizer, last_epoch)
    this.start_factor = start_factor
    this.end_factor = end_factor
    this.total_iters = total_iters
    this.start()
  }

  override get_lr(): number[] {
    const { last_epoch, total_iters, start_factor } = this
    if (last_epoch === 0) return this.scaled(start_factor)
    if (this._is_initial || last_epoch > total_iters) return this.current
    const span = this.end_factor - start_factor
    return this.scaled(1 + span / (total_iters * start_factor + (last_epoch - 1) * span))
  }

  protected override closedForm(): number[] {
    const span = this.end_factor - this.start_factor
    const factor = this.start_factor + (span * Math.min(this.total_iters, this.last_epoch)) / this.total_iters
    return this.base_lrs.map((lr) => lr * factor)
  }
}

interface PolynomialOptions extends Resumable {
  /** The epoch at which the rate is zero. */
  total_iters?: number
  power?: number
}
const readPolynomial = signature<PolynomialOptions>('PolynomialLR', ['total_iters', 'power', 'last_epoch'])

/** The first rate times a power of the share of epochs that are left. */
export class PolynomialLR extends LRScheduler {
  total_iters: number
  power: number

  constructor(optimizer: Optimizer, ...rest: Rest<PolynomialOptions, ['total_iters', 'power', 'last_epoch']>) {
    const { total_iters = 5, power = 1, last_epoch } = readPolynomial(rest)
    checkNumbers('PolynomialLR', { total_iters, power })
    super(optimizer, last_epoch)
    this.total_iters = total_iters
    this.power = power
    this.start()
  }

  override get_lr(): number[] {
    const { last_epoch, total_iters } = this
    if (this._is_initial || last_epoch > total_iters) return this.current
    return this.scaled(((1 - last_epoch / total_iters) / (1 - (last_epoch - 1) / total_iters)) ** this.power)
  }

  protected override closedForm(): number[] {
    const left = 1 - Math.min(this.total_iters, this.last_epoch) / this.total_iters
    return this.base_lrs.map((lr) => lr * left ** this.power)
  }
}

interface CosineOptions extends Resumable {
  /** The least rate. */
  eta_min?: number
}
const readCosine = signature<CosineOptions>('CosineAnnealingLR', ['eta_min', 'last_epoch'], [], 2)

/** The rate on a cosine from the first one down to `eta_min` at epoch `T_max`, and up again (Loshchilov and Hutter 2016). */
export class CosineAnnealingLR extends LRScheduler {
  T_max: number
  eta_min: number

  constructor(
    optimizer: Optimizer,
    T_max: number | ({ T_max: number } & CosineOptions),
    ...rest: Rest<CosineOptions, ['eta_min', 'last_epoch']>
  ) {
    const options = typeof T_max === 'object' && T_max !== null ? T_max : { T_max, ...readCosine(rest) }
    checkNumbers('CosineAnnealingLR', { T_max: options.T_max, eta_min: options.eta_min ?? 0 })
    super(optimizer, options.last_epoch)
    this.T_max = options.T_max
    this.eta_min = options.eta_min ?? 0
    this.start()
  }

  override get_lr(): number[] {
    const { last_epoch, T_max, eta_min } = this
    const wave = (epoch: number) => 1 + Math.cos((Math.PI * epoch) / T_max)
    if (this._is_initial) return this.current
    if (this._step_count === 1 && last_epoch > 0) return this.closedForm()
    if ((last_epoch - 1 - T_max) % (2 * T_max) === 0) {
      const rise = (1 - Math.cos(Math.PI / T_max)) / 2
      return this.current.map((lr, i) => lr + (this.base_lrs[i]! - eta_min) * rise)
    }
    const ratio = wave(last_epoch) / wave(last_epoch - 1)
    return this.current.map((lr) => ratio * (lr - eta_min) + eta_min)
  }

  protected override closedForm(): number[] {
    const { last_epoch, T_max, eta_min } = this
    return this.base_lrs.map((lr) => eta_min + ((lr - eta_min) * (1 + Math.cos((Math.PI * last_epoch) / T_max))) / 2)
  }
}
