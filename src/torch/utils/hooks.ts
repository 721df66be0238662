/** `torch.utils.hooks`. */

export { RemovableHandle } from '../autograd/node.ts'
