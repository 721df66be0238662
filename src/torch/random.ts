/** `torch.random`. */

import { entered, type Mode } from './autograd/mode.ts'
import { default_generator } from './generator.ts'

export { default_generator, get_rng_state, initial_seed, manual_seed, seed, set_rng_state } from './generator.ts'

/**
 * Runs a function after which the random numbers go on as if it had drawn none; or gives a disposable for `using`.
 *
 * @example
 * ```ts
 * torch.manual_seed(1)
 * const inside = torch.random.fork_rng(() => torch.rand(2))
 * torch.equal(inside, torch.rand(2)) // => true
 * ```
 */
export function fork_rng(): Mode
export function fork_rng<R>(f: () => R): R
export function fork_rng<R>(f?: () => R): R | Mode {
  return entered(() => {
    const state = default_generator.get_state()
    return () => {
      default_generator.set_state(state)
    }
  }, f)
}
