/** Special functions. */

import * as s from '../../core/symbolic/scalar.ts'
import { add, div, mul, neg, square, sub } from './arithmetic.ts'
import { where } from './choice.ts'
import { eq, le } from './comparison.ts'
import { exp, log } from './exponential.ts'
import { type Elementwise, elementwise } from './family.ts'
import { logicalAnd } from './logic.ts'
import { sign } from './parts.ts'
import { cos, sin } from './trigonometric.ts'

const TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI)

/** The error function. */
export const erf: Elementwise = elementwise({
  name: 'erf',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.erf(x),
  partials: [(t, at) => mul(t, mul(exp(neg(square(at.a))), TWO_OVER_ROOT_PI))],
})
/** `1 - erf(x)`, exact where it is small. */
export const erfc: Elementwise = elementwise({
  name: 'erfc',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.erfc(x),
  partials: [(t, at) => mul(t, mul(exp(neg(square(at.a))), -TWO_OVER_ROOT_PI))],
})
/** The inverse of erf. */
export const erfinv: Elementwise = elementwise({
  name: 'erfinv',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.erfinv(x),
  partials: [(t, { y }) => mul(t, mul(exp(square(y)), Math.sqrt(Math.PI) / 2))],
  saves: 'outs',
})
/** The logarithm of the absolute gamma function. */
export const lgamma: Elementwise = elementwise({
  name: 'lgamma',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.lgamma(x),
  partials: [(t, at) => mul(t, digamma(at.a))],
})
/** The derivative of lgamma. */
export const digamma: Elementwise = elementwise({
  name: 'digamma',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.digamma(x),
  partials: [(t, at) => mul(t, polygamma(1, at.a))],
})
/** The n-th derivative of digamma at x: `polygamma(n, x)`; none in n. */
export const polygamma: Elementwise = elementwise({
  name: 'polygamma',
  nin: 2,
  accepts: 'f',
  scalar: (n, x) => s.polygamma(n, x),
  partials: [null, (t, at) => mul(t, polygamma(add(at.a, 1), at.b))],
})
/** Hurwitz's zeta function: the sum over k >= 0 of `(k + q)^-x`; a derivative in q alone. */
export const zeta: Elementwise = elementwise({
  name: 'zeta',
  nin: 2,
  accepts: 'f',
  scalar: (x, q) => s.zeta(x, q),
  partials: [null, (t, at) => neg(mul(t, mul(at.a, zeta(add(at.a, 1), at.b))))],
})
/** The modified Bessel function of the first kind, order 0. */
export const i0: Elementwise = elementwise({
  name: 'i0',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.i0(x),
  partials: [(t, at) => mul(t, i1(at.a))],
})
/** `e^-|x| i0(x)`. */
export const i0e: Elementwise = elementwise({
  name: 'i0e',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.i0e(x),
  partials: [(t, at) => mul(t, sub(i1e(at.a), mul(sign(at.a), at.y)))],
  saves: 'both',
  gradName: 'SpecialI0EBackward0',
})
/** The modified Bessel function of the first kind, order 1. */
export const i1: Elementwise = elementwise({
  name: 'i1',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.i1(x),
  // i0 - i1 / x, whose limit at 0 is 1/2
  partials: [(t, at) => mul(t, where(eq(at.a, 0), 0.5, sub(i0(at.a), div(at.y, where(eq(at.a, 0), 1, at.a)))))],
  saves: 'both',
  gradName: 'SpecialI1Backward0',
})
/** `e^-|x| i1(x)`. */
export const i1e: Elementwise = elementwise({
  name: 'i1e',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.i1e(x),
  partials: [
    (t, at) => {
      const x = where(eq(at.a, 0), 1, at.a)
      return mul(t, where(eq(at.a, 0), 0.5, sub(i0e(at.a), mul(at.y, add(sign(at.a), div(1, x))))))
    },
  ],
  saves: 'both',
  gradName: 'SpecialI1EBackward0',
})
/** The quantile function of the normal distribution. */
export const ndtri: Elementwise = elementwise({
  name: 'ndtri',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.ndtri(x),
  partials: [(t, { y }) => mul(t, mul(exp(mul(square(y), 0.5)), Math.sqrt(2 * Math.PI)))],
  saves: 'outs',
  gradName: 'SpecialNdtriBackward0',
})

/** `x log y`, 0 where x is 0 (and y not NaN). */
export const xlogy: Elementwise = elementwise({
  name: 'xlogy',
  nin: 2,
  accepts: 'f',
  scalar: (x, y) => s.select(s.isnan(y), y, s.select(s.eq(x, 0), s.constant(0, x), s.mul(x, s.log(y)))),
  partials: [(t, at) => where(logicalAnd(eq(at.a, 0), le(at.b, 0)), 0, xlogy(t, at.b)), (t, at) => div(mul(t, at.a), at.b)],
})
/** `x log(1 + y)`, 0 where x is 0 (and y not NaN). */
export const xlog1py: Elementwise = elementwise({
  name: 'xlog1py',
  nin: 2,
  accepts: 'f',
  scalar: (x, y) => s.select(s.isnan(y), y, s.select(s.eq(x, 0), s.constant(0, x), s.mul(x, s.log1p(y)))),
  partials: [(t, at) => where(logicalAnd(eq(at.a, 0), le(at.b, -1)), 0, xlog1py(t, at.b)), (t, at) => div(mul(t, at.a), add(at.b, 1))],
  gradName: 'SpecialXlog1PyBackward0',
})
/** `-x log x`, 0 at 0, -inf below. */
export const entr: Elementwise = elementwise({
  name: 'entr',
  nin: 1,
  accepts: 'f',
  scalar: (x) => {
    const minus = s.constant(Number.NEGATIVE_INFINITY, x)
    const inside = s.select(s.eq(x, 0), s.constant(0, x), s.select(s.lt(x, 0), minus, s.neg(s.mul(x, s.log(x)))))
    return s.select(s.isnan(x), x, inside)
  },
  partials: [(t, at) => neg(mul(t, add(log(at.a), 1)))],
  gradName: 'SpecialEntrBackward0',
})
/** `sin(pi x) / (pi x)`, 1 at 0. */
export const sinc: Elementwise = elementwise({
  name: 'sinc',
  nin: 1,
  accepts: 'fc',
  scalar: (x) => {
    const p = s.mul(x, Math.PI)
    return s.select(s.eq(x, 0), 1, s.div(s.sin(p), p))
  },
  // (cos(pi x) pi x - sin(pi x)) / (pi x^2), 0 at 0
  partials: [
    (t, at) => {
      const zero = eq(at.a, 0)
      const x = where(zero, 1, at.a)
      const p = mul(x, Math.PI)
      return mul(t, where(zero, 0, div(sub(mul(cos(p), p), sin(p)), mul(square(x), Math.PI))))
    },
  ],
})
/** `log(x / (1 - x))`. */
export const logit: Elementwise = elementwise({
  name: 'logit',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.log(s.div(x, s.sub(1, x))),
  partials: [(t, at) => div(t, mul(at.a, sub(1, at.a)))],
})
