/** `torch.utils.checkpoint`: values between are computed again in backward, in place of being kept. */

import { ArgumentError, GradientError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import { baseTape, type SavedHooks } from '../../interpreters/tape.ts'
import { withSavedHooks } from '../autograd/graph.ts'
import { default_generator } from '../generator.ts'
import { recording } from '../recording.ts'
import { Tensor } from '../tensor.ts'

type AnyFunction = (...args: any[]) => any

/** Keywords of checkpoint. */
export interface CheckpointOptions {
  /** Accepted for PyTorch's sake: both ways give the same here. */
  readonly use_reentrant?: boolean
  /** Puts the random generator back for the second run, so that dropout falls on the same elements. Default true. */
  readonly preserve_rng_state?: boolean
  /** Accepted for PyTorch's sake. */
  readonly determinism_check?: string
  readonly debug?: boolean
}
const KEYWORDS = new Set(['use_reentrant', 'preserve_rng_state', 'determinism_check', 'debug'])

/** Says that the second run of a checkpointed function saved other tensors than the first. */
export class CheckpointError extends GradientError {}

const isOptions = (x: unknown): x is CheckpointOptions =>
  typeof x === 'object' &&
  x !== null &&
  Object.getPrototypeOf(x) === Object.prototype &&
  Object.keys(x).every((k) => KEYWORDS.has(k)) &&
  Object.keys(x).length > 0

/**
 * `f(...args)`, of which backward keeps nothing: it runs `f` again when it comes to its operations. Keywords go in an object at the end.
 *
 * @example
 * ```ts
 * const x = torch.tensor([1, 2], { dtype: torch.float32, requires_grad: true })
 * torch.utils.checkpoint.checkpoint((t) => t.sin().exp(), x, { use_reentrant: false }).sum().backward()
 * x.grad // => tensor([ 1.2534, -1.0331])
 * ```
 */
export function checkpoint(f: AnyFunction, ...args: any[]): any {
  if (typeof f !== 'function') throw new ArgumentError(`checkpoint(): expected a function, got ${typeof f}`)
  const options = isOptions(args.at(-1)) ? (args.pop() as CheckpointOptions) : {}
  const state = options.preserve_rng_state === false ? null : default_generator.get_state()
  let saved = 0
  let again: (Value | null)[] | null = null
  let read = 0
  const recompute = (): (Value | null)[] => {
    const found: Value[] = []
    const hooks: SavedHooks = {
      pack: (value) => {
        found.push(baseTape.primal(value))
        return found.length - 1
      },
      unpack: () => {
        throw new GradientError('checkpoint(): the second run is not differentiated itself')
      },
    }
    const now = default_generator.get_state()
    if (state) default_generator.set_state(state)
    try {
      const inputs = args.map((x) => (x instanceof Tensor ? x.detach().requires_grad_(x.requires_grad) : x))
      recording(true, () => withSavedHooks(hooks, () => f(...inputs)))
    } finally {
      if (state) default_generator.set_state(now)
    }
    if (found.length !== saved) {
      throw new CheckpointError(
        `torch.utils.checkpoint: A different number of tensors was saved during the original forward and recomputation.\nNumber of tensors saved during forward: ${saved}\nNumber of tensors saved during recomputation: ${found.length}`,
      )
    }
    return found
  }
  const hooks: SavedHooks = {
    pack: () => saved++,
    unpack: (packed) => {
      again ??= recompute()
      const value = again[packed as number]!
      // when all have been read they are let go, and made again if they are asked for once more
      if (++read % saved === 0) again = null
      return value
    },
  }
  return withSavedHooks(hooks, () => f(...args))
}

/** Functions one after another, in `segments` parts, each checkpointed but the last. */
export function checkpoint_sequential(
  functions: Iterable<AnyFunction>,
  segments: number,
  input: any,
  options: CheckpointOptions = {},
): any {
  if (typeof functions === 'string' || typeof functions?.[Symbol.iterator] !== 'function')
    throw new ArgumentError('checkpoint_sequential(): expected functions in a list')
  const all = [...functions]
  if (all.some((f) => typeof f !== 'function')) throw new ArgumentError('checkpoint_sequential(): expected functions in a list')
  if (!(segments >= 1)) throw new ArgumentError(`checkpoint_sequential(): segments must be positive, got ${segments}`)
  const size = Math.floor(all.length / segments)
  const run = (from: number, to: number) => (x: unknown) => all.slice(from, to).reduce((y, f) => f(y), x)
  let x = input
  let from = 0
  for (let i = 0; i < segments - 1; i++) {
    x = checkpoint(run(from, from + size), x, { use_reentrant: false, ...options })
    from += size
  }
  return run(from, all.length)(x)
}
