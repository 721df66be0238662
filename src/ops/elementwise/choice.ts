/** Choosing between values: where, the greater and the lesser, clamps. */

import { bool } from '../../core/dtype.ts'
import type { Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { mul } from './arithmetic.ts'
import { eq, ge, isnan, lt } from './comparison.ts'
import { type Elementwise, elementwise, gate } from './family.ts'
import { greater, lesser } from './items.ts'
import { logicalOr } from './logic.ts'

/** The second value where the condition holds, else the third. */
export const where: Elementwise = elementwise({
  name: 'where',
  nin: 3,
  accepts: 'biufcO',
  takes: [bool, null, null],
  scalar: (p, a, b) => s.select(p as Reg, a, b),
  partials: [null, (t, at) => where(at.a, t, 0), (t, at) => where(at.a, 0, t)],
  object: (p, a, b) => (p ? a : b),
})

/** A cotangent where the first of two values was chosen: whole where it is ahead, half where they tie. */
const shareOfGreater = gate('share_of_greater', 3, (t, a, b) => s.select(s.eq(a, b), s.mul(t, 0.5), s.select(s.lt(a, b), 0, t)))
const shareOfLess = gate('share_of_less', 3, (t, a, b) => s.select(s.eq(a, b), s.mul(t, 0.5), s.select(s.gt(a, b), 0, t)))

/** The greater of two; NaN where either is. */
export const maximum: Elementwise = elementwise({
  name: 'maximum',
  nin: 2,
  accepts: 'biufcO',
  scalar: (a, b) => s.max(a, b),
  partials: [(t, at) => shareOfGreater(t, at.a, at.b), (t, at) => shareOfGreater(t, at.b, at.a)],
  object: greater,
})

/** The lesser of two; NaN where either is. */
export const minimum: Elementwise = elementwise({
  name: 'minimum',
  nin: 2,
  accepts: 'biufcO',
  scalar: (a, b) => s.min(a, b),
  partials: [(t, at) => shareOfLess(t, at.a, at.b), (t, at) => shareOfLess(t, at.b, at.a)],
  object: lesser,
})

const half = (t: Value, a: Value, b: Value) => where(eq(a, b), mul(t, 0.5), t)

/** The greater of two; a number beside NaN. */
export const fmax: Elementwise = elementwise({
  name: 'fmax',
  nin: 2,
  accepts: 'biufcO',
  scalar: (a, b) => s.fmax(a, b),
  partials: [
    (t, at) => where(logicalOr(ge(at.a, at.b), isnan(at.b)), half(t, at.a, at.b), 0),
    (t, at) => where(logicalOr(lt(at.b, at.a), isnan(at.b)), 0, half(t, at.a, at.b)),
  ],
  object: greater,
})

/** The lesser of two; a number beside NaN. */
export const fmin: Elementwise = elementwise({
  name: 'fmin',
  nin: 2,
  accepts: 'biufcO',
  scalar: (a, b) => s.fmin(a, b),
  partials: [
    (t, at) => where(logicalOr(ge(at.b, at.a), isnan(at.b)), half(t, at.a, at.b), 0),
    (t, at) => where(logicalOr(lt(at.a, at.b), isnan(at.b)), 0, half(t, at.a, at.b)),
  ],
  object: lesser,
})

const both = (p: Reg, q: Reg) => s.and(p, q) as Reg
const either = (p: Reg, q: Reg) => s.or(p, q) as Reg

/** Number bounds: the cotangent passes strictly inside. */
const strictlyInside = gate('strictly_inside', 4, (t, x, low, high) => s.select(both(s.gt(x, low), s.lt(x, high)), t, 0))
/** Array bounds share at a tie, as extrema do; where both tie the value keeps all, where they cross the upper one has it. */
const insideShare = gate('inside_share', 4, (t, x, low, high) => {
  const outside = either(s.gt(low, high), either(s.lt(x, low), s.gt(x, high)))
  const tie = s.ne(s.eq(x, low), s.eq(x, high))
  return s.select(outside, 0, s.select(tie, s.mul(t, 0.5), t))
})
const lowShare = gate('low_share', 4, (t, x, low, high) => {
  const tie = both(s.eq(x, low), s.ne(x, high))
  return s.select(s.gt(low, high), 0, s.select(s.lt(x, low), t, s.select(tie, s.mul(t, 0.5), 0)))
})
const highShare = gate('high_share', 4, (t, x, low, high) => {
  const tie = both(s.eq(x, high), s.ne(x, low))
  return s.select(either(s.gt(low, high), s.gt(x, high)), t, s.select(tie, s.mul(t, 0.5), 0))
})

/**
 * x held between two bounds (the upper one wins where they cross); NaN stays. At a bound, PyTorch's derivatives: none for bounds that
 * are numbers (0-d here), half each for arrays.
 */
export const clamp: Elementwise = elementwise({
  name: 'clip',
  nin: 3,
  accepts: 'biufcO',
  scalar: (x, low, high) => s.min(s.max(x, low), high),
  partials: [
    (t, at) => (at.b.ndim === 0 && at.c.ndim === 0 ? strictlyInside : insideShare)(t, at.a, at.b, at.c),
    (t, at) => lowShare(t, at.a, at.b, at.c),
    (t, at) => highShare(t, at.a, at.b, at.c),
  ],
  gradName: 'ClampBackward1',
  object: (x, low, high) => lesser(greater(x, low), high),
})

const strictlyAbove = gate('strictly_above', 3, (t, x, low) => s.select(s.gt(x, low), t, 0))

/** x, or the bound where x is below it, with clamp's derivatives. */
export const clampMin: Elementwise = elementwise({
  name: 'clamp_min',
  nin: 2,
  accepts: 'biufcO',
  scalar: (x, low) => s.max(x, low),
  partials: [(t, at) => (at.b.ndim === 0 ? strictlyAbove : shareOfGreater)(t, at.a, at.b), (t, at) => shareOfGreater(t, at.b, at.a)],
  gradName: 'ClampBackward1',
  object: greater,
})

/** x, or the bound where x is above it, with clamp's derivatives. */
export const clampMax: Elementwise = elementwise({
  name: 'clamp_max',
  nin: 2,
  accepts: 'biufcO',
  scalar: (x, high) => s.min(x, high),
  partials: [
    (t, at) => (at.b.ndim === 0 ? strictlyAbove(t, at.b, at.a) : shareOfLess(t, at.a, at.b)),
    (t, at) => shareOfLess(t, at.b, at.a),
  ],
  gradName: 'ClampBackward1',
  object: lesser,
})
