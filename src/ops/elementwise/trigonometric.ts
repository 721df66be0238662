/** Trigonometric functions and their inverses. */

import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { add, div, mul, neg, rsqrt, square, sub } from './arithmetic.ts'
import { where } from './choice.ts'
import { eq } from './comparison.ts'
import { type Elementwise, type ElementwiseSpec, elementwise } from './family.ts'

const unary = (
  name: string,
  gradName: string,
  scalar: ElementwiseSpec['scalar'],
  partial: NonNullable<NonNullable<ElementwiseSpec['partials']>[number]>,
  saves: 'ins' | 'outs' = 'ins',
): Elementwise => elementwise({ name, gradName, nin: 1, accepts: 'fcO', scalar, partials: [partial], saves })

/** The sine of an angle in radians. */
export const sin: Elementwise = unary('sin', 'SinBackward0', s.sin, (t, at) => mul(t, cos(at.a)))
/** The cosine of an angle in radians. */
export const cos: Elementwise = unary('cos', 'CosBackward0', s.cos, (t, at) => neg(mul(t, sin(at.a))))
/** The tangent of an angle in radians. */
export const tan: Elementwise = unary('tan', 'TanBackward0', s.tan, (t, { y }) => mul(t, add(square(y), 1)), 'outs')
/** The angle whose sine is x. */
export const asin: Elementwise = unary('arcsin', 'AsinBackward0', s.asin, (t, at) => mul(t, rsqrt(sub(1, square(at.a)))))
/** The angle whose cosine is x. */
export const acos: Elementwise = unary('arccos', 'AcosBackward0', s.acos, (t, at) => neg(mul(t, rsqrt(sub(1, square(at.a))))))
/** The angle whose tangent is x. */
export const atan: Elementwise = unary('arctan', 'AtanBackward0', s.atan, (t, at) => div(t, add(square(at.a), 1)))

/** The angle of the point (b, a), by quadrant. */
export const atan2: Elementwise = elementwise({
  name: 'arctan2',
  nin: 2,
  accepts: 'fO',
  scalar: (a, b) => s.atan2(a, b),
  partials: [(t, at) => mul(t, overSquares(at.b, at.a, at.b)), (t, at) => neg(mul(t, overSquares(at.a, at.a, at.b)))],
  gradName: 'Atan2Backward0',
})

/** `p / (a^2 + b^2)`, 0 at the origin. */
function overSquares(p: Value, a: Value, b: Value): Value {
  const squares = add(square(a), square(b))
  return where(eq(squares, 0), 0, div(p, where(eq(squares, 0), 1, squares)))
}
