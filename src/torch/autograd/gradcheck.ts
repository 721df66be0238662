/** `torch.autograd.gradcheck`: derivatives against central differences. */

import { describe } from '../../core/describe.ts'
import { ArgumentError, GradientError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import * as lib from '../../lib/gradcheck.ts'
import { Tensor, viewOf } from '../tensor.ts'

/** Keywords of gradcheck and gradgradcheck. */
export interface GradcheckOptions {
  readonly eps?: number
  readonly atol?: number
  readonly rtol?: number
  /** Throws with both Jacobians (default) or gives false. */
  readonly raise_exception?: boolean
  /** Checks forward mode too. */
  readonly check_forward_ad?: boolean
  readonly check_backward_ad?: boolean
}

/** Says that a derivative is not that of the function. */
export class GradcheckError extends GradientError {}

type Fn = (...inputs: any[]) => Tensor | readonly Tensor[]
const listOf = (x: unknown): readonly unknown[] => (Array.isArray(x) ? x : [x])

/** A function of values from one of tensors; arguments that are no tensors stay as they are. */
function ofValues(func: Fn, inputs: readonly unknown[]): { f: lib.Function; views: View[]; wanted: boolean[] } {
  const at = inputs.map((x, i) => (x instanceof Tensor ? i : -1)).filter((i) => i >= 0)
  const views = at.map((i) => viewOf((inputs[i] as Tensor).value))
  const wanted = at.map((i) => (inputs[i] as Tensor).requires_grad)
  if (!wanted.some(Boolean)) {
    throw new GradientError(
      'gradcheck expects at least one input tensor to require gradient, but none of the them have requires_grad=True.',
    )
  }
  if (typeof func !== 'function') throw new ArgumentError(`gradcheck(): expected a function, got ${describe(func)}`)
  const f = (...xs: Value[]): readonly Value[] => {
    const args = [...inputs]
    at.forEach((i, k) => {
      args[i] = new Tensor(xs[k]!)
    })
    return listOf(func(...args)).map((t) => (t as Tensor).value)
  }
  return { f, views, wanted }
}

const text = (m: readonly (readonly number[])[]): string => `[${m.map((r) => `[${r.join(', ')}]`).join(', ')}]`

function judged(bad: lib.Mismatch | null, raise: boolean): boolean {
  if (bad === null) return true
  if (!raise) return false
  throw new GradcheckError(
    `Jacobian mismatch for output ${bad.output} with respect to input ${bad.input},\nnumerical:${text(bad.numerical)}\nanalytical:${text(bad.analytical)}\n`,
  )
}

const optionsFor = (o: GradcheckOptions, wanted: readonly boolean[]): lib.GradcheckOptions => ({
  eps: o.eps,
  atol: o.atol,
  rtol: o.rtol,
  forward: o.check_forward_ad ?? false,
  reverse: o.check_backward_ad ?? true,
  wanted,
})

function checked(func: Fn, inputs: Tensor | readonly unknown[], options: GradcheckOptions = {}): boolean {
  const { f, views, wanted } = ofValues(func, listOf(inputs))
  return judged(lib.gradcheck(f, views, optionsFor(options, wanted)), options.raise_exception ?? true)
}
/** Checks the derivatives of a function at inputs, of float64 or complex128, that require gradients. */
export const gradcheck = Object.assign(checked, {
  /** What a mismatch throws. */
  GradcheckError,
})

/** Checks the second derivatives of a function. */
export function gradgradcheck(
  func: Fn,
  inputs: Tensor | readonly unknown[],
  _grad_outputs: null = null,
  options: GradcheckOptions = {},
): boolean {
  const { f, views, wanted } = ofValues(func, listOf(inputs))
  return judged(lib.gradgradcheck(f, views, optionsFor(options, wanted)), options.raise_exception ?? true)
}
