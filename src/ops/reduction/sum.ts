/** Sums over axes. */

import { linear, registerLinear } from '../../core/linear.ts'
import { sameShape, type Shape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { foldProgram, type ReduceParams, reduction } from './family.ts'

/** A cotangent of a reduction, repeated along the axes that were reduced. */
export function spread(ct: Value, shape: Shape, { axes, keepdims }: ReduceParams): Value {
  const kept = keepdims ? ct : linear.reshape(ct, shape.map((n, i) => (axes.includes(i) ? 1 : n)))
  return linear.broadcastTo(kept, shape)
}

/** The sum over axes: pairwise, so that rounding errors grow with the logarithm of the size. */
export const sum = reduction({
  name: 'sum',
  accepts: 'biufcO',
  identity: true,
  program: foldProgram('sum'),
  vjp: ([ct], { inAvals, params }) => [ct && linear.cast(spread(ct, inAvals[0]!.shape, params), inAvals[0]!.dtype)],
  jvp: ([t], _, __, { axes, keepdims, dtype }) => [t && sum(t, axes, keepdims, dtype)],
  object: (x, y) => (typeof x?.add === 'function' ? x.add(y) : x + y),
})

/** The transpose of broadcasting: x summed down to a shape that broadcasts to its own. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  const lead = x.ndim - shape.length
  const axes = x.shape.map((_, i) => i).filter((i) => i < lead || (shape[i - lead] === 1 && x.shape[i] !== 1))
  return linear.reshape(sum(x, axes, true), shape)
}

registerLinear({ sumTo })
