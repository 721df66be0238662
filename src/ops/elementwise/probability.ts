/** Tails of distributions: scaled complementary error function, normal and gamma distribution functions. */

import { GradientError } from '../../core/errors.ts'
import type { Reg, Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { div, mul, neg, sub } from './arithmetic.ts'
import { exp, log } from './exponential.ts'
import { type Elementwise, elementwise } from './family.ts'
import { lgamma } from './special.ts'

const ROOT_PI = Math.sqrt(Math.PI)

/** e^(x^2): x^2 in two parts, since its rounding error would grow with it. */
function gaussianInverse(x: Sym): Sym {
  const wide = s.typeOf(x) === 'f64'
  // Veltkamp's split: the upper half of x's digits
  const scaled = s.mul(x, wide ? 134217729 : 4097)
  const high = s.sub(scaled, s.sub(scaled, x))
  const low = s.sub(x, high)
  return s.mul(s.exp(s.mul(high, high)), s.exp(s.mul(low, s.add(x, high))))
}

/** `1 / (x sqrt(pi)) (1 - 1 / 2x^2 + 3 / 4x^4 - ...)` for large x (DLMF 7.12.1). */
function tailSeries(x: Sym, terms: number): Sym {
  const r = s.div(0.5, s.mul(x, x))
  let sum: Sym | number = 1
  for (let k = terms; k >= 1; k--) sum = s.sub(1, s.mul(s.mul(r, 2 * k - 1), sum))
  return s.div(sum, s.mul(x, ROOT_PI))
}

function scaledErfc(x: Sym): Sym {
  const size = s.abs(x)
  const from = s.typeOf(x) === 'f64' ? 10 : 6
  const far = s.ge(size, from)
  // away from the series its argument is held where it does not overflow
  const middle = s.mul(gaussianInverse(s.select(far, s.constant(0, size), size)), s.erfc(s.select(far, s.constant(0, size), size)))
  const above = s.select(far, tailSeries(s.select(far, size, s.constant(from, size)), 14), middle)
  const grown = s.sub(s.mul(gaussianInverse(s.select(s.gt(size, 30), s.constant(30, size), size)), 2), above)
  return s.select(s.isnan(x), x, s.select(s.lt(x, 0), grown, above))
}

/** `e^(x^2) erfc(x)`, without overflow and underflow for large x. */
export const erfcx: Elementwise = elementwise({
  name: 'erfcx',
  nin: 1,
  accepts: 'f',
  scalar: scaledErfc,
  partials: [(t, at) => mul(t, sub(mul(mul(at.a, 2), at.y), 2 / ROOT_PI))],
  saves: 'both',
  gradName: 'SpecialErfcxBackward0',
})

/** The logarithm of the normal distribution function, without cancellation far below 0. */
export const logNdtr: Elementwise = elementwise({
  name: 'log_ndtr',
  nin: 1,
  accepts: 'f',
  scalar: (x) => {
    const t = s.mul(x, Math.SQRT1_2)
    const low = s.lt(x, -1)
    const below = s.sub(s.log(s.mul(scaledErfc(s.select(low, s.neg(t), s.constant(1, t))), 0.5)), s.mul(t, t))
    const above = s.log1p(s.mul(s.erfc(s.select(low, s.constant(0, t), t)), -0.5))
    return s.select(low as Reg, below, above)
  },
  // phi(x) / Phi(x) = sqrt(2 / pi) / erfcx(-x / sqrt 2)
  partials: [(t, at) => div(mul(t, Math.sqrt(2 / Math.PI)), erfcx(mul(at.a, -Math.SQRT1_2)))],
  gradName: 'SpecialLogNdtrBackward0',
})

const noShape = (name: string) => (): never => {
  throw new GradientError(`the derivative for '${name}' in its first argument is not supported`, { op: name })
}

/** P(a, x), the lower incomplete gamma function over gamma(a); a derivative in x alone. */
export const igamma: Elementwise = elementwise({
  name: 'igamma',
  nin: 2,
  accepts: 'f',
  scalar: (a, x) => s.igamma(a, x),
  // x^(a-1) e^-x / gamma(a)
  partials: [noShape('igamma'), (t, { a, b: x }) => mul(t, exp(sub(sub(mul(sub(a, 1), log(x)), x), lgamma(a))))],
  gradName: 'IgammaBackward0',
})
/** Q(a, x) = 1 - P(a, x), the upper incomplete gamma function over gamma(a); a derivative in x alone. */
export const igammac: Elementwise = elementwise({
  name: 'igammac',
  nin: 2,
  accepts: 'f',
  scalar: (a, x) => s.igammac(a, x),
  partials: [noShape('igammac'), (t, { a, b: x }) => neg(mul(t, exp(sub(sub(mul(sub(a, 1), log(x)), x), lgamma(a)))))],
  gradName: 'IgammacBackward0',
})
