/** GradScaler: losses scaled up so that small gradients do not vanish in 16 bits. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ArgumentError, AssertionError, RuntimeError } from '../../core/errors.ts'
import type { Optimizer } from '../optim/optimizer.ts'
import { recording } from '../recording.ts'
import { Tensor } from '../tensor.ts'

interface ScalerOptions {
  device?: string
  init_scale?: number
  growth_factor?: number
  backoff_factor?: number
  /** Steps without an overflow after which the scale grows. */
  growth_interval?: number
  enabled?: boolean
}
type Positional = ['device', 'init_scale', 'growth_factor', 'backoff_factor', 'growth_interval', 'enabled']
const read = signature<ScalerOptions>(
  'GradScaler',
  ['device', 'init_scale', 'growth_factor', 'backoff_factor', 'growth_interval', 'enabled'],
  [],
  0,
)

function checkOptimizer(op: string, optimizer: Optimizer): void {
  if (!Array.isArray(optimizer?.param_groups) || typeof optimizer.step !== 'function')
    throw new ArgumentError(`GradScaler.${op}(): expected an optimizer`)
}

type Stage = 'ready' | 'unscaled' | 'stepped'

/**
 * Scales losses, unscales gradients before a step, and leaves the step out where one is not finite; the scale follows.
 *
 * @example
 * ```ts
 * const w = torch.ones(1, { requires_grad: true })
 * const optimizer = new torch.optim.SGD([w], { lr: 0.5 })
 * const scaler = new torch.amp.GradScaler('cpu')
 * scaler.scale(w.mul(2).sum()).backward()
 * scaler.step(optimizer)
 * scaler.update()
 * w.detach() // => tensor([0.])
 * ```
 */
export class GradScaler {
  readonly #enabled: boolean
  #scale: number
  #growth: number
  #backoff: number
  #interval: number
  #tracker = 0
  #stages = new Map<Optimizer, { stage: Stage; finite: boolean }>()

  constructor(...rest: Rest<ScalerOptions, Positional>) {
    const { init_scale = 65536, growth_factor = 2, backoff_factor = 0.5, growth_interval = 2000, enabled = true } = read(rest)
    if (enabled && !(growth_factor > 1)) throw new AssertionError('The growth factor must be > 1.0.')
    if (enabled && !(backoff_factor < 1)) throw new AssertionError('The backoff factor must be < 1.0.')
    this.#enabled = enabled
    this.#scale = init_scale
    this.#growth = growth_factor
    this.#backoff = backoff_factor
    this.#interval = growth_interval
  }

  #of(optimizer: Optimizer): { stage: Stage; finite: boolean } {
    let entry = this.#stages.get(optimizer)
    if (!entry) {
      entry = { stage: 'ready', finite: true }
      this.#stages.set(optimizer, entry)
    }
    return entry
  }

  /** A tensor, or tensors in lists, times the scale. */
  scale<T extends Tensor | Iterable<Tensor>>(outputs: T): T {
    if (!this.#enabled) return outputs
    if (outputs instanceof Tensor) return outputs.mul(this.#scale) as unknown as T
    if (typeof outputs !== 'object' || typeof (outputs as Iterable<Tensor> | null)?.[Symbol.iterator] !== 'function') {
      throw new RuntimeError('outputs must be a Tensor or an iterable of Tensors')
    }
    return [...outputs].map((x) => this.scale(x)) as unknown as T
  }

  /** Divides the gradients of an optimizer's parameters by the scale, to clip them before the step. */
  unscale_(optimizer: Optimizer): void {
    if (!this.#enabled) return
    checkOptimizer('unscale_', optimizer)
    const entry = this.#of(optimizer)
    if (entry.stage === 'unscaled') throw new RuntimeError('unscale_() has already been called on this optimizer since the last update().')
    if (entry.stage === 'stepped') throw new RuntimeError('unscale_() is being called after step().')
    recording(false, () => {
      for (const { params } of optimizer.param_groups) {
        for (const p of params) {
          if (p.grad === null) continue
          if (p.grad.raw.dtype.name === 'float16') throw new RuntimeError('Attempting to unscale FP16 gradients.')
          const grad = p.grad.detach()
          if (!grad.isfinite().all().item()) entry.finite = false
          grad.mul_(1 / this.#scale)
        }
      }
    })
    entry.stage = 'unscaled'
  }

  /** Unscales, unless that is done, and calls `optimizer.step` when all gradients are finite; gives what that gives, or null. */
  step<T>(optimizer: Optimizer, ...args: [] | [closure: () => T]): T | null {
    checkOptimizer('step', optimizer)
    const go = () => (optimizer.step as (...given: unknown[]) => T | null)(...args)
    if (!this.#enabled) return go.call(optimizer)
    if (args.length > 0) throw new RuntimeError('Closure use is not currently supported if GradScaler is enabled.')
    const entry = this.#of(optimizer)
    if (entry.stage === 'stepped') throw new RuntimeError('step() has already been called since the last update().')
    if (entry.stage === 'ready') this.unscale_(optimizer)
    const result = entry.finite ? (optimizer.step() as T | null) : null
    entry.stage = 'stepped'
    return result
  }

  /** The next scale: smaller after an overflow, larger after many steps without. */
  update(new_scale: number | Tensor | null = null): void {
    if (!this.#enabled) return
    if (new_scale !== null) this.#scale = Number(new_scale instanceof Tensor ? new_scale.item() : new_scale)
    else {
      const entries = [...this.#stages.values()]
      if (!entries.some((e) => e.stage !== 'ready')) throw new AssertionError('No inf checks were recorded prior to update.')
      if (entries.some((e) => !e.finite)) {
        this.#scale *= this.#backoff
        this.#tracker = 0
      } else if (++this.#tracker === this.#interval) {
        const grown = Math.fround(this.#scale * this.#growth)
        if (Number.isFinite(grown)) this.#scale = grown
        this.#tracker = 0
      }
    }
    this.#stages.clear()
  }

  /** The scale; 1 when disabled. */
  get_scale(): number {
    return this.#enabled ? this.#scale : 1
  }
  get_growth_factor(): number {
    return this.#growth
  }
  set_growth_factor(new_factor: number): void {
    this.#growth = new_factor
  }
  get_backoff_factor(): number {
    return this.#backoff
  }
  set_backoff_factor(new_factor: number): void {
    this.#backoff = new_factor
  }
  get_growth_interval(): number {
    return this.#interval
  }
  set_growth_interval(new_interval: number): void {
    this.#interval = new_interval
  }
  /** Whether it does anything. */
  is_enabled(): boolean {
    return this.#enabled
  }

  /** Scale, factors and counter; empty when disabled. */
  state_dict(): Record<string, number> {
    if (!this.#enabled) return {}
    return {
      scale: this.#scale,
      growth_factor: this.#growth,
      backoff_factor: this.#backoff,
      growth_interval: this.#interval,
      _growth_tracker: this.#tracker,
    }
  }

  /** Takes over a `state_dict()`. */
  load_state_dict(state_dict: Record<string, number>): void {
    if (!this.#enabled) return
    if (typeof state_dict !== 'object' || state_dict === null)
      throw new ArgumentError('GradScaler.load_state_dict(): expected a state_dict')
    if (Object.keys(state_dict).length === 0) {
      throw new RuntimeError('The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler.')
    }
    this.#scale = state_dict.scale!
    this.#growth = state_dict.growth_factor!
    this.#backoff = state_dict.backoff_factor!
    this.#interval = state_dict.growth_interval!
    this.#tracker = state_dict._growth_tracker!
  }
}
