/** Activations that are pieces of lines: hardtanh, hardshrink and softshrink. */

import type { Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { type Elementwise, elementwise, gate } from './family.ts'

const hardtanhShare = gate('hardtanh_backward', 4, (t, x, low, high) => s.select(s.and(s.gt(x, low), s.lt(x, high)) as Reg, t, 0))
/** x held between two bounds; unlike clamp's, its derivative is 0 at the bounds. */
export const hardtanh: Elementwise = elementwise({
  name: 'hardtanh',
  nin: 3,
  accepts: 'iuf',
  scalar: (x, low, high) => s.min(s.max(x, low), high),
  partials: [(t, at) => hardtanhShare(t, at.a, at.b, at.c), null, null],
})

const outsideShare = gate('shrink_backward', 3, (t, x, by) => s.select(s.and(s.ge(x, s.neg(by)), s.le(x, by)) as Reg, 0, t))
/** x outside `[-by, by]`, 0 inside. */
export const hardshrink: Elementwise = elementwise({
  name: 'hardshrink',
  nin: 2,
  accepts: 'f',
  scalar: (x, by) => s.select(s.and(s.ge(x, s.neg(by)), s.le(x, by)) as Reg, 0, x),
  partials: [(t, at) => outsideShare(t, at.a, at.b), null],
})
/** x moved towards 0 by `by`, 0 within it; NaN stays. */
export const softshrink: Elementwise = elementwise({
  name: 'softshrink',
  nin: 2,
  accepts: 'f',
  scalar: (x, by) => s.select(s.gt(x, by), s.sub(x, by), s.select(s.lt(x, s.neg(by)), s.add(x, by), s.mul(x, 0))),
  partials: [(t, at) => outsideShare(t, at.a, at.b), null],
})
