/** PyTorch's public names. */

import './methods.ts'

export * as autograd from './autograd/index.ts'
export { enable_grad, inference_mode, is_grad_enabled, is_inference_mode_enabled, no_grad, set_grad_enabled } from './autograd/mode.ts'
export { device } from './device.ts'
export * from './dtype.ts'
export * from './functions/arithmetic.ts'
export * from './functions/creation.ts'
export * from './functions/indexing.ts'
export * from './functions/join.ts'
export * from './functions/pointwise.ts'
export * from './functions/shape.ts'
export { Size } from './size.ts'
export { Tensor } from './tensor.ts'
