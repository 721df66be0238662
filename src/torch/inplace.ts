/** In-place methods from functions: `add_` from `add`. */

import { GradientError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import { baseTape } from '../interpreters/tape.ts'
import type { Into } from './functions/makers.ts'
import { mutate } from './functions/support.ts'
import type { Tensor } from './tensor.ts'

/** The in-place method of a function: its result is written over the tensor, which comes back. */
export function inplace<A extends readonly unknown[]>(f: (input: Tensor, ...args: A) => Tensor): (this: Tensor, ...args: A) => Tensor {
  const { into } = f as Into
  return function (this: Tensor, ...args: A): Tensor {
    const direct = into && ((target: View) => into(target, [this, ...args]))
    return mutate(this, args, (old) => f(old, ...args), direct)
  }
}

/** The in-place method of a view function: the tensor itself becomes the view. */
export function restructured<A extends readonly unknown[]>(f: (input: Tensor, ...args: A) => Tensor): (this: Tensor, ...args: A) => Tensor {
  return function (this: Tensor, ...args: A): Tensor {
    if (baseTape.enabled && this.requires_grad && this.is_leaf) {
      throw new GradientError('a leaf Variable that requires grad is being used in an in-place operation.')
    }
    const out = f(this, ...args)
    const { link } = this
    if (link) {
      const step = (x: Value): Value => f(new (this.constructor as new (v: Value) => Tensor)(x), ...args).value
      const first = link.replay
      this.link = { ...link, replay: (base) => step(first(base)), generation: link.base.generation }
    }
    this.raw = out.value
    return this
  }
}
