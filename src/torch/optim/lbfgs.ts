/** L-BFGS: steps along a direction from the last gradients, with a line search. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ArgumentError, RuntimeError, ValueError } from '../../core/errors.ts'
import { cat } from '../functions/join.ts'
import { recording } from '../recording.ts'
import type { Tensor } from '../tensor.ts'
import { Optimizer, type ParamState, type Params } from './optimizer.ts'

export interface LBFGSOptions {
  lr?: number
  /** Iterations of one step. */
  max_iter?: number
  /** Calls of the closure in one step, 5/4 of the iterations by default. */
  max_eval?: number | null
  tolerance_grad?: number
  tolerance_change?: number
  /** Gradients that are remembered. */
  history_size?: number
  line_search_fn?: 'strong_wolfe' | null
  maximize?: boolean
}
type Positional = ['lr', 'max_iter', 'max_eval', 'tolerance_grad', 'tolerance_change', 'history_size', 'line_search_fn']
const read = signature<LBFGSOptions>(
  'LBFGS',
  ['lr', 'max_iter', 'max_eval', 'tolerance_grad', 'tolerance_change', 'history_size', 'line_search_fn'],
  ['maximize'],
)

const numberOf = (t: Tensor): number => Number(t.item())
const dot = (a: Tensor, b: Tensor): number => numberOf(a.dot(b))
const greatest = (t: Tensor): number => numberOf(t.abs().max())

/** A point of a line search: how far, the loss, its gradient, and its slope along the direction. */
interface Point {
  readonly t: number
  readonly loss: number
  readonly grad: Tensor
  readonly slope: number
}

/** Where the cubic through two points and their slopes is least, within bounds (Nocedal and Wright 2006, 3.59). */
function cubicMinimum(a: Point, b: Point, bounds?: readonly [number, number]): number {
  const [low, high] = bounds ?? (a.t <= b.t ? [a.t, b.t] : [b.t, a.t])
  const d1 = a.slope + b.slope - (3 * (a.loss - b.loss)) / (a.t - b.t)
  const square = d1 * d1 - a.slope * b.slope
  if (!(square >= 0)) return (low + high) / 2
  const d2 = Math.sqrt(square)
  const at =
    a.t <= b.t
      ? b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2 * d2))
      : a.t - (a.t - b.t) * ((a.slope + d2 - d1) / (a.slope - b.slope + 2 * d2))
  return Math.min(Math.max(at, low), high)
}

const C1 = 1e-4
const C2 = 0.9

/** The first bracket of points between which the strong Wolfe conditions hold, or the point itself where they do. */
function bracketed(
  evaluate: (t: number) => Point,
  start: Point,
  t: number,
  most: number,
): { points: Point[]; calls: number; done: boolean } {
  let before = start
  let now = evaluate(t)
  let calls = 1
  for (let i = 0; i < most; i++) {
    if (now.loss > start.loss + C1 * now.t * start.slope || (i > 1 && now.loss >= before.loss))
      return { points: [before, now], calls, done: false }
    if (Math.abs(now.slope) <= -C2 * start.slope) return { points: [now], calls, done: true }
    if (now.slope >= 0) return { points: [before, now], calls, done: false }
    const next = cubicMinimum(before, now, [now.t + 0.01 * (now.t - before.t), now.t * 10])
    before = now
    now = evaluate(next)
    calls++
  }
  return { points: [start, now], calls, done: false }
}

/** A step that meets the strong Wolfe conditions, or the best found within `most` calls. */
function strongWolfe(
  evaluate: (t: number) => Point,
  start: Point,
  t: number,
  width: number,
  tolerance: number,
  most: number,
): [best: Point, calls: number] {
  const found = bracketed(evaluate, start, t, most)
  const { points } = found
  let { calls, done } = found
  let stuck = false
  let low = points[0]!.loss <= points.at(-1)!.loss ? 0 : 1
  while (!done && calls - 1 < most) {
    const [a, b] = points as [Point, Point]
    if (Math.abs(b.t - a.t) * width < tolerance) break
    let at = cubicMinimum(a, b)
    const [left, right] = [Math.min(a.t, b.t), Math.max(a.t, b.t)]
    const margin = 0.1 * (right - left)
    const close = Math.min(right - at, at - left) < margin
    if (close && (stuck || at >= right || at <= left)) {
      at = Math.abs(at - right) < Math.abs(at - left) ? right - margin : left + margin
      stuck = false
    } else stuck = close
    const now = evaluate(at)
    calls++
    const high = 1 - low
    if (now.loss > start.loss + C1 * at * start.slope || now.loss >= points[low]!.loss) {
      points[high] = now
      low = points[0]!.loss <= points[1]!.loss ? 0 : 1
      continue
    }
    if (Math.abs(now.slope) <= -C2 * start.slope) done = true
    else if (now.slope * (points[high]!.t - points[low]!.t) >= 0) points[high] = points[low]!
    points[low] = now
  }
  return [points[low] ?? points[0]!, calls]
}

/**
 * L-BFGS (Liu and Nocedal 1989). `step` takes a closure that computes the loss anew and calls backward; it is called several times.
 */
export class LBFGS extends Optimizer {
  protected override readonly spelledAsFloat = {}

  constructor(params: Params, ...rest: Rest<LBFGSOptions, Positional>) {
    const { lr = 1, max_iter = 20, max_eval = null, tolerance_grad = 1e-7, tolerance_change = 1e-9, ...more } = read(rest)
    const { history_size = 100, line_search_fn = null, maximize = false } = more
    if (!(lr >= 0)) throw new ValueError(`Invalid learning rate: ${lr}`)
    const evaluations = max_eval ?? Math.floor((max_iter * 5) / 4)
    super(params, { lr, max_iter, max_eval: evaluations, tolerance_grad, tolerance_change, history_size, line_search_fn, maximize })
    if (this.param_groups.length !== 1) throw new ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
  }

  protected override _step(): void {}

  private get params(): Tensor[] {
    return this.param_groups[0]!.params
  }

  private flatGrad(): Tensor {
    const flat = cat(this.params.map((p) => (p.grad ? p.grad.detach().reshape(-1) : p.detach().new_zeros([p.numel()]))))
    return this.param_groups[0]!.maximize ? flat.neg() : flat
  }

  private move(t: number, direction: Tensor): void {
    let at = 0
    for (const p of this.params) {
      p.detach().add_(direction.narrow(0, at, p.numel()).reshape([...p.shape]), { alpha: t })
      at += p.numel()
    }
  }

  /** The direction against the gradient as the last steps bend it. */
  private direction(state: ParamState, grad: Tensor): Tensor {
    if (state.n_iter === 1) {
      Object.assign(state, { old_dirs: [], old_stps: [], ro: [], H_diag: 1 })
      return grad.neg()
    }
    const y = grad.sub(state.prev_flat_grad)
    const s = state.d.mul(state.t)
    const ys = dot(y, s)
    if (ys > 1e-10) {
      if (state.old_dirs.length === this.param_groups[0]!.history_size)
        for (const list of [state.old_dirs, state.old_stps, state.ro]) list.shift()
      state.old_dirs.push(y)
      state.old_stps.push(s)
      state.ro.push(1 / ys)
      state.H_diag = ys / dot(y, y)
    }
    const al: number[] = []
    const q = grad.neg()
    const count = state.old_dirs.length
    for (let i = count - 1; i >= 0; i--) {
      al[i] = dot(state.old_stps[i], q) * state.ro[i]
      q.add_(state.old_dirs[i], { alpha: -al[i]! })
    }
    const d = q.mul(state.H_diag)
    for (let i = 0; i < count; i++) d.add_(state.old_stps[i], { alpha: al[i]! - dot(state.old_dirs[i], d) * state.ro[i] })
    return d
  }

  override step(): null
  override step<T>(closure: () => T): T
  override step<T>(closure?: () => T): T | null {
    if (typeof closure !== 'function') throw new ArgumentError("LBFGS.step() missing 1 required positional argument: 'closure'")
    return recording(false, () => this.minimize(() => recording(true, closure)))
  }

  private minimize<T>(closure: () => T): T {
    const group = this.param_groups[0]!
    const { lr, max_iter, max_eval, tolerance_grad, tolerance_change, line_search_fn, maximize } = group
    if (line_search_fn !== null && line_search_fn !== 'strong_wolfe') throw new RuntimeError("only 'strong_wolfe' is supported")
    const first = this.params[0]!
    const state: ParamState = this.state.get(first) ?? { func_evals: 0, n_iter: 0 }
    this.state.set(first, state)
    const lossOf = (value: unknown): number => (maximize ? -1 : 1) * Number((value as Tensor)?.item?.() ?? value)
    const original = closure()
    let loss = lossOf(original)
    let evaluations = 1
    state.func_evals++
    let grad = this.flatGrad()
    this._opt_called = true
    if (greatest(grad) <= tolerance_grad) return original
    for (let i = 1; i <= max_iter; i++) {
      state.n_iter++
      const d = this.direction(state, grad)
      state.d = d
      state.prev_flat_grad = grad.clone()
      state.prev_loss = loss
      let t = state.n_iter === 1 ? Math.min(1, 1 / numberOf(grad.abs().sum())) * lr : lr
      state.t = t
      const slope = dot(grad, d)
      if (slope > -tolerance_change) break
      let calls = 0
      let flat = false
      if (line_search_fn) {
        const origin = this.params.map((p) => p.detach().clone())
        const evaluate = (at: number): Point => {
          this.move(at, d)
          const value = lossOf(closure())
          const g = this.flatGrad()
          this.params.forEach((p, k) => void p.detach().copy_(origin[k]!))
          return { t: at, loss: value, grad: g, slope: dot(g, d) }
        }
        const start = { t: 0, loss, grad, slope }
        const [best, made] = strongWolfe(evaluate, start, t, greatest(d), tolerance_change, max_eval - evaluations)
        calls = made
        loss = best.loss
        grad = best.grad
        t = best.t
        state.t = t
        this.move(t, d)
        flat = greatest(grad) <= tolerance_grad
      } else {
        this.move(t, d)
        if (i !== max_iter) {
          loss = lossOf(closure())
          grad = this.flatGrad()
          flat = greatest(grad) <= tolerance_grad
          calls = 1
        }
      }
      evaluations += calls
      state.func_evals += calls
      if (i === max_iter || evaluations >= max_eval || flat) break
      if (greatest(d.mul(t)) <= tolerance_change || Math.abs(loss - state.prev_loss) < tolerance_change) break
    }
    return original
  }
}
