/** PyTorch's public names. */

import './methods.ts'

export {
  autocast,
  get_autocast_dtype,
  is_autocast_cache_enabled,
  is_autocast_enabled,
  set_autocast_cache_enabled,
  set_autocast_dtype,
  set_autocast_enabled,
} from './amp/autocast.ts'
export { GradScaler } from './amp/grad_scaler.ts'
export * as amp from './amp/index.ts'
export { detach } from './autograd/engine.ts'
export * as autograd from './autograd/index.ts'
export { enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled } from './autograd/mode.ts'
export { from_numpy } from './bridge.ts'
export { device, get_default_device, set_default_device } from './device.ts'
export * as distributions from './distributions/index.ts'
export * from './dtype.ts'
export * as fft from './fft.ts'
export * as func from './func/index.ts'
export { vmap } from './func/index.ts'
export * from './functions/index.ts'
export { istft, stft } from './functions/spectral.ts'
export { default_generator, Generator, get_rng_state, initial_seed, manual_seed, seed, set_rng_state } from './generator.ts'
export { det, slogdet } from './linalg/decompositions.ts'
export { lu_solve, lu_unpack, torch_lu as lu } from './linalg/lu.ts'
export { cholesky_inverse, cholesky_solve, logdet, matrix_exp, svd, triangular_solve } from './linalg/more.ts'
export { matrix_power, torchVander as vander } from './linalg/products.ts'
export { geqrf, householder_product as orgqr, ormqr } from './linalg/reflections.ts'
export { inv as inverse, pinv as pinverse } from './linalg/solving.ts'
export * from './linalg.ts'
export { celu, hardshrink, prelu, rrelu, selu, threshold } from './nn/functional/activation.ts'
export { constant_pad_nd } from './nn/functional/padding.ts'
export * as nn from './nn/index.ts'
export * as optim from './optim/index.ts'
export * as random from './random.ts'
export * as safetensors from './safetensors.ts'
export * as serialization from './serialization/index.ts'
export { load, save } from './serialization/index.ts'
export * from './settings.ts'
export * as signal from './signal.ts'
export { Size } from './size.ts'
export * as special from './special.ts'
export { Tensor } from './tensor.ts'
export * as testing from './testing.ts'
export * as utils from './utils/index.ts'
export * as webgpu from './webgpu.ts'
export * from './windows_old.ts'
