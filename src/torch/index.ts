/** PyTorch's public names. */

import './methods.ts'

export * as autograd from './autograd/index.ts'
export { enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled } from './autograd/mode.ts'
export { device } from './device.ts'
export * from './dtype.ts'
export * from './functions/index.ts'
export { default_generator, Generator, get_rng_state, initial_seed, manual_seed, seed, set_rng_state } from './generator.ts'
export { det, slogdet } from './linalg/decompositions.ts'
export { matrix_power } from './linalg/products.ts'
export { inv as inverse, pinv as pinverse } from './linalg/solving.ts'
export * from './linalg.ts'
export * as random from './random.ts'
export * from './settings.ts'
export { Size } from './size.ts'
export { Tensor } from './tensor.ts'
