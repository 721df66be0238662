/** Sums of products in one pass: `a + s b`, `a + s b c`, `a + s b / c`, and interpolation. */

import type { Reg } from '../../core/symbolic/builder.ts'
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

/** The line through (x0, y0) and (x1, y1) at `t`, as NumPy computes it: from the other end where the first gives NaN. */
export const linePoint: Elementwise = elementwise({
  name: 'line_point',
  nin: 5,
  accepts: 'f',
  scalar: (t, x0, x1, y0, y1) => {
    const slope = s.div(s.sub(y1, y0), s.sub(x1, x0))
    const point = s.add(s.mul(slope, s.sub(t, x0)), y0)
    const back = s.add(s.mul(slope, s.sub(t, x1)), y1)
    const level = s.select(s.and(s.isnan(back), s.eq(y0, y1)) as Reg, y0, back)
    return s.select(s.eq(t, x0), y0, s.select(s.isnan(point), level, point))
  },
})

/** `inner` between `first` and `last`, `end` at the last, `left` and `right` beyond them; NaN stays. */
export const withinEnds: Elementwise = elementwise({
  name: 'within_ends',
  nin: 7,
  accepts: 'f',
  scalar: (t, inner, first, last, end, left, right) => {
    const inside = s.select(s.eq(t, last), end, inner)
    const known = s.select(s.lt(t, first), left, s.select(s.gt(t, last), right, inside))
    return s.select(s.isnan(t), t, known)
  },
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
