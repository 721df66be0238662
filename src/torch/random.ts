/** `torch.random`. */

export { default_generator, get_rng_state, initial_seed, manual_seed, seed, set_rng_state } from './generator.ts'
