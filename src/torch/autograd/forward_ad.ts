/** `torch.autograd.forward_ad`: tensors that carry the derivative along a direction. */

import { pushInterpreter } from '../../core/bind.ts'
import { ArgumentError, GradientError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { sameShape } from '../../core/shape.ts'
import { Jvp, JvpValue } from '../../interpreters/jvp.ts'
import { Tensor } from '../tensor.ts'
import { entered, type Mode } from './mode.ts'

interface Level {
  readonly interpreter: Jvp
  pop(): void
}
let current: Level | null = null

/** Opens a level of forward derivatives; there is one at a time. */
export function enter_dual_level(): number {
  if (current) throw new GradientError('Nested forward mode AD is not supported at the moment')
  current = pushInterpreter((level) => new Jvp(level))
  return 0
}
/** Closes the level; its tangents are gone then. */
export function exit_dual_level(): void {
  if (!current) throw new GradientError('Trying to exit a forward AD level that was not entered')
  current.pop()
  current = null
}

/**
 * Runs a function inside a level of forward derivatives, or gives a disposable for `using`.
 *
 * @example
 * ```ts
 * const fw = torch.autograd.forward_ad
 * fw.dual_level(() => {
 *   const x = fw.make_dual(torch.tensor(3.5), torch.tensor(1.0).float())
 *   return fw.unpack_dual(x.mul(x)).tangent
 * }) // => tensor(7.)
 * ```
 */
export function dual_level(): Mode
export function dual_level<R>(f: () => R): R
export function dual_level<R>(f?: () => R): R | Mode {
  return entered(() => {
    enter_dual_level()
    return exit_dual_level
  }, f)
}

/** `{ primal, tangent }`; the tangent is null where there is none. */
export class UnpackedDualTensor {
  constructor(
    readonly primal: Tensor,
    readonly tangent: Tensor | null,
  ) {}
  *[Symbol.iterator](): Generator<Tensor | null> {
    yield this.primal
    yield this.tangent
  }
}

/** A tensor that carries a derivative along a direction through every operation. */
export function make_dual(tensor: Tensor, tangent: Tensor): Tensor {
  if (!current) {
    throw new GradientError('Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first.')
  }
  if (!(tensor instanceof Tensor) || !(tangent instanceof Tensor)) throw new ArgumentError('make_dual(): expected two tensors')
  if (!tensor.raw.dtype.isInexact) throw new ArgumentError(`Expected primal to be floating point or complex, but got: ${tensor.dtype}`)
  if (!sameShape(tensor.raw.shape, tangent.raw.shape)) {
    throw new GradientError(
      `Expected tangent to have the shape of primal, [${tensor.raw.shape.join(', ')}], but got [${tangent.raw.shape.join(', ')}]`,
    )
  }
  return new Tensor(new JvpValue(tensor.value, linear.cast(tangent.value, tensor.raw.dtype), current.interpreter.level))
}

/** The tensor and its tangent apart. */
export function unpack_dual(tensor: Tensor): UnpackedDualTensor {
  if (!(tensor instanceof Tensor)) throw new ArgumentError('unpack_dual(): expected a tensor')
  const { value } = tensor
  if (current && value instanceof JvpValue && value.level === current.interpreter.level) {
    return new UnpackedDualTensor(new Tensor(value.primal), new Tensor(value.tangent))
  }
  return new UnpackedDualTensor(tensor, null)
}
