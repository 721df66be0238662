/** `torch.autograd`. */

export { type BackwardOptions, backward, type GradOptions, grad } from './engine.ts'
export { enable_grad, inference_mode, no_grad, set_grad_enabled } from './mode.ts'
export { GradFn as Node, RemovableHandle } from './node.ts'
