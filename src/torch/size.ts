/** `torch.Size`: a shape that prints as PyTorch's. */

import { ValueError } from '../core/errors.ts'

/**
 * A list of lengths, as `tensor.shape` and `tensor.size()` give it.
 *
 * @example
 * ```ts
 * torch.zeros(2, 3).shape // => torch.Size([2, 3])
 * ```
 */
export class Size extends Array<number> {
  /** Plain arrays come out of map, filter and slice. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  /** The number of elements of a tensor of this shape. */
  numel(): number {
    let n = 1
    for (const length of this) n *= length
    return n
  }

  /** Position of the first dimension of a length; an error when there is none. */
  index(length: number): number {
    const at = this.indexOf(length)
    if (at < 0) throw new ValueError('tuple.index(x): x not in tuple')
    return at
  }

  override toString(): string {
    return `torch.Size([${this.join(', ')}])`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** A shape as a Size. */
export function sizeOf(shape: readonly number[]): Size {
  const out = new Size(shape.length)
  for (let i = 0; i < shape.length; i++) out[i] = shape[i]!
  return out
}
