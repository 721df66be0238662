/** Bessel's functions of the first and second kind and their modified forms, of orders 0 and 1, as programs of plain instructions. */

import type { Reg, Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { div, mul, neg, sub } from './arithmetic.ts'
import { coefficients, type Series } from './bessel_series.ts'
import { where } from './choice.ts'
import { eq } from './comparison.ts'
import { type Elementwise, elementwise } from './family.ts'
import { i0, i1 } from './special.ts'

/** A Chebyshev series at t in [-1, 1] by Clenshaw's recurrence; beyond the register's precision terms are left out. */
export function chebyshev(series: Series, t: Sym): Sym {
  const all = coefficients(series)
  const least = s.typeOf(t) === 'f64' ? 0 : 1e-10 * Math.max(...all.map(Math.abs))
  const last = all.findLastIndex((c) => Math.abs(c) > least)
  const twice = s.add(t, t)
  let [one, two]: Sym[] = [s.constant(all[last]!, t), s.constant(0, t)]
  for (let k = last - 1; k >= 1; k--) [one, two] = [s.add(s.sub(s.mul(twice, one!), two!), all[k]!), one]
  return s.add(s.sub(s.mul(t, one!), two!), all[0]!)
}

/** `x - zero`, with the zero in two parts of which the first is exact in every register. */
export const apart = (x: Sym, [high, low]: readonly [number, number]): Sym => s.sub(s.sub(x, high), low)

type Zeros = readonly (readonly [number, number])[]
const J0_ZEROS: Zeros = [
  [2.404825448989868, 1.0870590460455913e-7],
  [5.520078182220459, -7.19341483347784e-8],
]
const J1_ZEROS: Zeros = [
  [3.8317060470581055, -7.685059315313556e-8],
  [7.015586853027344, -1.8321172499646294e-7],
]

/** A series times x^2 - z^2 for each zero z, so that values near zeros keep their digits. */
function withZeros(series: Series, size: Sym, t: Sym, zeros: Zeros): Sym {
  let y = chebyshev(series, t)
  for (const z of zeros) y = s.mul(s.mul(y, apart(size, z)), s.add(size, z[0] + z[1]))
  return y
}

const NEAR = 8
/** The argument of the series near 0, and of those far from it. */
const inner = (x: Sym): Sym => s.sub(s.mul(s.mul(x, x), 1 / 32), 1)

/** `[P (c + s), Q (s - c) ...]`: the parts of DLMF 10.17.3 for x >= 8, over sqrt(pi x). */
function far(x: Sym, order: 0 | 1): { p: Sym; q: Sym; plus: Sym; minus: Sym; root: Sym } {
  const r = s.div(NEAR, x)
  const t = s.sub(s.mul(s.mul(r, r), 2), 1)
  const [sine, cosine] = [s.sin(x), s.cos(x)]
  return {
    p: chebyshev(order ? 'P1' : 'P0', t),
    q: s.mul(chebyshev(order ? 'Q1' : 'Q0', t), r),
    plus: s.add(cosine, sine),
    minus: s.sub(sine, cosine),
    root: s.sqrt(s.mul(x, Math.PI)),
  }
}

const j0Near = (size: Sym): Sym => withZeros('J0_NEAR', size, inner(size), J0_ZEROS)
const j1Near = (x: Sym, size: Sym): Sym => s.mul(x, withZeros('J1_NEAR', size, inner(size), J1_ZEROS))
/** `2/pi log(x/2)`. */
const logarithm = (x: Sym): Sym => s.mul(s.log(s.mul(x, 0.5)), 2 / Math.PI)
const nearby = (x: Sym): Reg => s.le(x, NEAR)
const negative = (x: Sym, y: Sym): Sym => s.select(s.lt(x, 0), s.neg(y), y)

/** The Bessel function of the first kind, order 0. */
export const besselJ0: Elementwise = elementwise({
  name: 'bessel_j0',
  nin: 1,
  accepts: 'f',
  scalar: (x) => {
    const size = s.abs(x)
    const { p, q, plus, minus, root } = far(size, 0)
    return s.select(nearby(size), j0Near(size), s.div(s.sub(s.mul(p, plus), s.mul(q, minus)), root))
  },
  partials: [(t, at) => neg(mul(t, besselJ1(at.a)))],
  gradName: 'SpecialBesselJ0Backward0',
})
/** The Bessel function of the first kind, order 1. */
export const besselJ1: Elementwise = elementwise({
  name: 'bessel_j1',
  nin: 1,
  accepts: 'f',
  scalar: (x) => {
    const size = s.abs(x)
    const { p, q, plus, minus, root } = far(size, 1)
    return s.select(nearby(size), j1Near(x, size), negative(x, s.div(s.add(s.mul(p, minus), s.mul(q, plus)), root)))
  },
  // j0 - j1 / x, whose limit at 0 is 1/2
  partials: [(t, at) => mul(t, where(eq(at.a, 0), 0.5, sub(besselJ0(at.a), div(at.y, where(eq(at.a, 0), 1, at.a)))))],
  saves: 'both',
  gradName: 'SpecialBesselJ1Backward0',
})
/** The Bessel function of the second kind, order 0: -inf at 0, NaN below. */
export const besselY0: Elementwise = elementwise({
  name: 'bessel_y0',
  nin: 1,
  accepts: 'f',
  scalar: (x) => {
    const { p, q, plus, minus, root } = far(x, 0)
    const near = s.add(s.mul(logarithm(x), j0Near(s.abs(x))), chebyshev('Y0_NEAR', inner(x)))
    return s.select(nearby(x), near, s.div(s.add(s.mul(p, minus), s.mul(q, plus)), root))
  },
  partials: [(t, at) => neg(mul(t, besselY1(at.a)))],
  gradName: 'SpecialBesselY0Backward0',
})
/** The Bessel function of the second kind, order 1: -inf at 0, NaN below. */
export const besselY1: Elementwise = elementwise({
  name: 'bessel_y1',
  nin: 1,
  accepts: 'f',
  scalar: (x) => {
    const { p, q, plus, minus, root } = far(x, 1)
    const pole = s.sub(s.mul(logarithm(x), j1Near(x, s.abs(x))), s.div(2 / Math.PI, x))
    const near = s.add(pole, s.mul(chebyshev('Y1_NEAR', inner(x)), x))
    const y = s.select(nearby(x), near, s.div(s.sub(s.mul(q, minus), s.mul(p, plus)), root))
    return s.select(s.eq(x, 0), Number.NEGATIVE_INFINITY, y)
  },
  // y0 - y1 / x, inf at 0
  partials: [(t, at) => mul(t, where(eq(at.a, 0), Number.POSITIVE_INFINITY, sub(besselY0(at.a), div(at.y, where(eq(at.a, 0), 1, at.a)))))],
  saves: 'both',
  gradName: 'SpecialBesselY1Backward0',
})

/** K0 or K1, times e^x when `scaled`. */
function modified(x: Sym, order: 0 | 1, scaled: boolean): Sym {
  const t = s.sub(s.mul(s.mul(x, x), 0.5), 1)
  const log = s.log(s.mul(x, 0.5))
  const near = order
    ? s.add(s.mul(s.mul(log, x), chebyshev('I1_NEAR', t)), s.div(chebyshev('K1_NEAR', t), x))
    : s.sub(chebyshev('K0_NEAR', t), s.mul(log, chebyshev('I0_NEAR', t)))
  const tail = s.div(chebyshev(order ? 'K1_FAR' : 'K0_FAR', s.sub(s.div(4, x), 1)), s.sqrt(x))
  const [low, high] = scaled ? [s.mul(near, s.exp(x)), tail] : [near, s.mul(s.exp(s.neg(x)), tail)]
  return s.select(s.eq(x, 0), Number.POSITIVE_INFINITY, s.select(s.le(x, 2), low, high))
}

/** The modified Bessel function of the second kind, order 0: inf at 0, NaN below. */
export const modifiedBesselK0: Elementwise = elementwise({
  name: 'modified_bessel_k0',
  nin: 1,
  accepts: 'f',
  scalar: (x) => modified(x, 0, false),
  partials: [(t, at) => neg(mul(t, modifiedBesselK1(at.a)))],
  gradName: 'SpecialModifiedBesselK0Backward0',
})
/** The modified Bessel function of the second kind, order 1: inf at 0, NaN below. */
export const modifiedBesselK1: Elementwise = elementwise({
  name: 'modified_bessel_k1',
  nin: 1,
  accepts: 'f',
  scalar: (x) => modified(x, 1, false),
  // -k0 - k1 / x
  partials: [(t, at) => neg(mul(t, sub(modifiedBesselK0(at.a), neg(div(at.y, at.a)))))],
  saves: 'both',
  gradName: 'SpecialModifiedBesselK1Backward0',
})
/** `e^x k0(x)`; no derivative, as in PyTorch. */
export const scaledModifiedBesselK0: Elementwise = elementwise({
  name: 'scaled_modified_bessel_k0',
  nin: 1,
  accepts: 'f',
  scalar: (x) => modified(x, 0, true),
  constant: true,
})
/** `e^x k1(x)`; no derivative, as in PyTorch. */
export const scaledModifiedBesselK1: Elementwise = elementwise({
  name: 'scaled_modified_bessel_k1',
  nin: 1,
  accepts: 'f',
  scalar: (x) => modified(x, 1, true),
  constant: true,
})
/** i0 under its other name. */
export const modifiedBesselI0: Elementwise = elementwise({
  ...i0.spec,
  name: 'modified_bessel_i0',
  partials: [(t, at) => mul(t, modifiedBesselI1(at.a))],
  gradName: 'SpecialModifiedBesselI0Backward0',
})
/** i1 under its other name. */
export const modifiedBesselI1: Elementwise = elementwise({
  ...i1.spec,
  name: 'modified_bessel_i1',
  gradName: 'SpecialModifiedBesselI1Backward0',
})

/** `sin(x) / x`, the spherical Bessel function of order 0; no derivative, as in PyTorch. */
export const sphericalBesselJ0: Elementwise = elementwise({
  name: 'spherical_bessel_j0',
  nin: 1,
  accepts: 'f',
  scalar: (x) => {
    const y = s.select(s.eq(x, 0), 1, s.div(s.sin(x), x))
    return s.select(s.isinf(x), 0, y)
  },
  constant: true,
})
