/** torch.nn.utils: gradients held within bounds, and parameters as one vector. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import { cat, stack, tensor } from '../functions/index.ts'
import { tensorArg } from '../functions/support.ts'
import { quietly } from '../recording.ts'
import { Tensor } from '../tensor.ts'

type Tensors = Tensor | Iterable<Tensor>
function listOf(x: Tensors): Tensor[] {
  if (x instanceof Tensor) return [x]
  if (!Array.isArray(x) && (typeof x !== 'object' || x === null || !(Symbol.iterator in x) || ArrayBuffer.isView(x))) {
    throw new ArgumentError(`expected Tensors, or an iterable of them, got ${x === null ? 'None' : typeof x}`)
  }
  return [...x].map((t) => tensorArg('parameters', t, 'parameters'))
}
const gradsOf = (parameters: Tensors): Tensor[] => listOf(parameters).flatMap((p) => (p.grad ? [p.grad] : []))

interface NormOptions {
  /** 2 by default; Infinity for the greatest. */
  norm_type?: number
  error_if_nonfinite?: boolean
  /** PyTorch's choice of kernels; it makes no difference here. */
  foreach?: boolean | null
}
type NormPositional = ['norm_type', 'error_if_nonfinite', 'foreach']
const readTotal = signature<NormOptions>('get_total_norm', ['norm_type', 'error_if_nonfinite', 'foreach'])

/** The norm of all tensors' elements together. */
export function get_total_norm(tensors: Tensors, ...rest: Rest<NormOptions, NormPositional>): Tensor {
  const { norm_type = 2, error_if_nonfinite = false } = readTotal(rest)
  const list = listOf(tensors)
  if (list.length === 0) return tensor(0, { dtype: 'float32' })
  const total = stack(list.map((t) => t.norm(norm_type))).norm(norm_type)
  if (error_if_nonfinite && !Number.isFinite(total.item())) {
    throw new RuntimeError(
      `The total norm of order ${norm_type} for gradients from \`parameters\` is non-finite, so it cannot be clipped. To disable this error and scale the gradients by the non-finite norm anyway, set \`error_if_nonfinite=False\``,
    )
  }
  return total
}

/** Scales the gradients, in place, by `max_norm / (total_norm + 1e-6)` where that is below 1. */
export function clip_grads_with_norm_(parameters: Tensors, max_norm: number, total_norm: Tensor, _foreach: boolean | null = null): void {
  tensorArg('clip_grads_with_norm_', total_norm, 'total_norm')
  quietly(() => {
    const factor = total_norm.detach().add(1e-6).reciprocal().mul(max_norm).clamp(null, 1)
    for (const grad of gradsOf(parameters)) grad.detach().mul_(factor.to(grad.dtype))
  })
}

const readClip = signature<NormOptions>('clip_grad_norm_', ['norm_type', 'error_if_nonfinite', 'foreach'], [], 2)

/**
 * Scales the gradients of all parameters together, in place, so that their norm is at most `max_norm`; gives the norm before.
 *
 * @example
 * ```ts
 * const w = torch.tensor([3, 4], { requires_grad: true })
 * w.mul(w.detach()).sum().backward()
 * torch.nn.utils.clip_grad_norm_([w], 1) // => tensor(5.)
 * w.grad // => tensor([0.6000, 0.8000])
 * ```
 */
export function clip_grad_norm_(parameters: Tensors, max_norm: number, ...rest: Rest<NormOptions, NormPositional>): Tensor {
  const { norm_type = 2, error_if_nonfinite = false } = readClip(rest)
  const list = listOf(parameters)
  return quietly(() => {
    const total = get_total_norm(gradsOf(list), { norm_type, error_if_nonfinite })
    clip_grads_with_norm_(list, max_norm, total)
    return total
  })
}

/** Holds every gradient's elements between `-clip_value` and `clip_value`, in place. */
export function clip_grad_value_(parameters: Tensors, clip_value: number, _foreach: boolean | null = null): void {
  quietly(() => {
    for (const grad of gradsOf(parameters)) grad.detach().clamp_(-clip_value, clip_value)
  })
}

/** All parameters' elements as one vector. */
export const parameters_to_vector = (parameters: Iterable<Tensor>): Tensor => cat(listOf(parameters).map((p) => p.reshape(-1)))

/** Copies a vector's elements into the parameters: the reverse of parameters_to_vector. */
export function vector_to_parameters(vec: Tensor, parameters: Iterable<Tensor>): void {
  if (!(vec instanceof Tensor)) throw new ArgumentError(`expected torch.Tensor, but got: ${typeof vec}`)
  let at = 0
  quietly(() => {
    for (const p of listOf(parameters)) {
      const n = p.numel()
      p.copy_(vec.detach().narrow(0, at, n).reshape(p.shape))
      at += n
    }
  })
}

export {
  fuse_conv_bn_eval,
  fuse_conv_bn_weights,
  fuse_linear_bn_eval,
  fuse_linear_bn_weights,
  remove_spectral_norm,
  remove_weight_norm,
  skip_init,
  spectral_norm,
  weight_norm,
} from './utils/norms.ts'
export * as parametrizations from './utils/parametrizations.ts'
export * as parametrize from './utils/parametrize.ts'
export * as rnn from './utils/rnn.ts'
