/** Hyperbolic functions and their inverses. */

import * as s from '../../core/symbolic/scalar.ts'
import { add, div, mul, rsqrt, square, sub } from './arithmetic.ts'
import { type Elementwise, type ElementwiseSpec, elementwise } from './family.ts'

const unary = (
  name: string,
  gradName: string,
  scalar: ElementwiseSpec['scalar'],
  partial: NonNullable<NonNullable<ElementwiseSpec['partials']>[number]>,
  saves: 'ins' | 'outs' = 'ins',
): Elementwise => elementwise({ name, gradName, nin: 1, accepts: 'fcO', scalar, partials: [partial], saves })

/** The hyperbolic sine. */
export const sinh: Elementwise = unary('sinh', 'SinhBackward0', s.sinh, (t, at) => mul(t, cosh(at.a)))
/** The hyperbolic cosine. */
export const cosh: Elementwise = unary('cosh', 'CoshBackward0', s.cosh, (t, at) => mul(t, sinh(at.a)))

/** `t (1 - y^2)`. */
const tanhSlope: Elementwise = elementwise({
  name: 'tanh_backward',
  nin: 2,
  accepts: 'fc',
  scalar: (t, y) => s.mul(t, s.sub(1, s.mul(y, y))),
  partials: [(u, at) => tanhSlope(u, at.b), (u, at) => mul(mul(u, at.a), mul(at.b, -2))],
})
/** The hyperbolic tangent. */
export const tanh: Elementwise = unary('tanh', 'TanhBackward0', s.tanh, (t, { y }) => tanhSlope(t, y), 'outs')

/** The inverse of sinh. */
export const asinh: Elementwise = unary('arcsinh', 'AsinhBackward0', s.asinh, (t, at) => mul(t, rsqrt(add(square(at.a), 1))))
/** The inverse of cosh, not negative. */
export const acosh: Elementwise = unary('arccosh', 'AcoshBackward0', s.acosh, (t, at) =>
  at.dtype.isComplex ? mul(t, mul(rsqrt(add(at.a, 1)), rsqrt(sub(at.a, 1)))) : mul(t, rsqrt(sub(square(at.a), 1))),
)
/** The inverse of tanh. */
export const atanh: Elementwise = unary('arctanh', 'AtanhBackward0', s.atanh, (t, at) => div(t, sub(1, square(at.a))))
