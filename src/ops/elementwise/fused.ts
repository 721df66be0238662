/** Sums of products in one pass: `a + s b`, `a + s b c`, `a + s b / c`, and interpolation. */

import * as s from '../../core/symbolic/scalar.ts'
import { div, mul, neg, square, sub } from './arithmetic.ts'
import { type Elementwise, elementwise } from './family.ts'

/** `a + s b`; the scale has no derivative. */
export const addScaled: Elementwise = elementwise({
  name: 'add_scaled',
  nin: 3,
  accepts: 'iufc',
  scalar: (a, b, scale) => s.add(a, s.mul(b, scale)),
  partials: [(t) => t, (t, at) => mul(t, at.c), null],
  gradName: 'AddBackward0',
})

/** `a + s b c`; the scale has no derivative. */
export const addcmul: Elementwise = elementwise({
  name: 'addcmul',
  nin: 4,
  accepts: 'iufc',
  scalar: (a, b, c, scale) => s.add(a, s.mul(s.mul(b, c), scale)),
  partials: [(t) => t, (t, at) => mul(mul(t, at.c), at.d), (t, at) => mul(mul(t, at.b), at.d), null],
})

/** `a + s b / c`; the scale has no derivative. */
export const addcdiv: Elementwise = elementwise({
  name: 'addcdiv',
  nin: 4,
  accepts: 'fc',
  scalar: (a, b, c, scale) => s.add(a, s.mul(s.div(b, c), scale)),
  partials: [(t) => t, (t, at) => mul(div(t, at.c), at.d), (t, at) => neg(mul(mul(t, at.d), div(div(at.b, at.c), at.c))), null],
})

/** `a + w (b - a)`, from the nearer end so that both ends are met exactly. */
export const lerp: Elementwise = elementwise({
  name: 'lerp',
  nin: 3,
  accepts: 'fc',
  scalar: (a, b, w) => {
    const span = s.sub(b, a)
    const near = s.lt(s.abs(w), 0.5)
    return s.select(near, s.add(a, s.mul(w, span)), s.sub(b, s.mul(span, s.sub(1, w))))
  },
  partials: [(t, at) => mul(t, sub(1, at.c)), (t, at) => mul(t, at.c), (t, at) => mul(t, sub(at.b, at.a))],
})

/** `x * x * x`. */
export const cube: Elementwise = elementwise({
  name: 'cube',
  nin: 1,
  accepts: 'iufc',
  scalar: (x) => s.mul(s.mul(x, x), x),
  partials: [(t, at) => mul(t, mul(square(at.a), 3))],
  gradName: 'PowBackward0',
})
