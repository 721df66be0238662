/** Parameter and Buffer: tensors that a module finds among its fields. */

import { allocate } from '../../core/allocate.ts'
import { ArgumentError } from '../../core/errors.ts'
import { defaultCore } from '../dtype.ts'
import { setRequiresGrad, Tensor } from '../tensor.ts'

const viewUnder = (data: Tensor | undefined, what: string) => {
  if (data === undefined) return allocate([0], defaultCore())
  if (!(data instanceof Tensor))
    throw new ArgumentError(`new ${what}(data): expected a Tensor, got ${data === null ? 'null' : typeof data}`)
  return data.memory
}

/**
 * A tensor that is a module's parameter: assigned to a field it appears in `parameters()`, and it requires gradients.
 *
 * It shares the memory of `data` and has no history.
 *
 * @example
 * ```ts
 * new torch.nn.Parameter(torch.ones(2)) // => Parameter containing:
 * // tensor([1., 1.], requires_grad=True)
 * ```
 */
export class Parameter extends Tensor {
  constructor(data?: Tensor, requires_grad: boolean | { requires_grad?: boolean } = true) {
    super(viewUnder(data, 'Parameter'))
    const on = typeof requires_grad === 'object' ? (requires_grad.requires_grad ?? true) : requires_grad
    if (on) setRequiresGrad(this, true)
  }

  /** @internal Read by printing. */
  get isParameter(): boolean {
    return true
  }
}

/**
 * A tensor that belongs to a module's state but is no parameter, as a running mean: assigned to a field it appears in `buffers()`.
 *
 * With `persistent: false` it is left out of `state_dict()`.
 */
export class Buffer extends Tensor {
  readonly persistent: boolean

  constructor(data?: Tensor, options: boolean | { persistent?: boolean } = true) {
    super(viewUnder(data, 'Buffer'))
    this.persistent = typeof options === 'object' ? (options.persistent ?? true) : options
  }
}
