/** `torch.autograd`. */

export { detect_anomaly, is_anomaly_check_nan_enabled, is_anomaly_enabled, set_detect_anomaly } from './anomaly.ts'
export { type BackwardOptions, backward, type GradOptions, grad } from './engine.ts'
export { Function, FunctionCtx, once_differentiable } from './function.ts'

import * as functionNames from './function_names.ts'

export * as forward_ad from './forward_ad.ts'
export * as functional from './functional.ts'
export { GradcheckError, type GradcheckOptions, gradcheck, gradgradcheck } from './gradcheck.ts'
export * as graph from './graph.ts'
export { enable_grad, inference_mode, is_grad_enabled, no_grad, set_grad_enabled } from './mode.ts'
export { GradFn as Node, RemovableHandle } from './node.ts'
export { functionNames as function }
