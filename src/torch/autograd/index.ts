/** `torch.autograd`. */

export { type BackwardOptions, backward, type GradOptions, grad } from './engine.ts'
export { Function, FunctionCtx, once_differentiable } from './function.ts'

import * as functionNames from './function_names.ts'

export * as functional from './functional.ts'
export { type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck.ts'
export { enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled } from './mode.ts'
export { GradFn as Node, RemovableHandle } from './node.ts'
export { functionNames as function }
