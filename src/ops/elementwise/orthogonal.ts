/** Airy's function, and the orthogonal polynomials at a degree for each element; none has a derivative, as in PyTorch. */

import type { Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { apart, chebyshev } from './bessel.ts'
import { type Elementwise, elementwise } from './family.ts'

/** Where PyTorch gives 0, as the function leaves the range of numbers. */
const AIRY_END = 103.892
const AIRY_ZERO = [-2.3381073474884033, -6.297136371817669e-8] as const

/** Ai(x), in four pieces. */
function airy(x: Sym): Sym {
  const size = s.abs(x)
  const power = s.mul(size, s.sqrt(size))
  const zeta = s.mul(power, 2 / 3)
  const root = s.sqrt(s.sqrt(size))
  // DLMF 9.7.9: sums of cos and sin of zeta - pi/4
  const [sine, cosine] = [s.sin(zeta), s.cos(zeta)]
  const r = s.div(8, power)
  const u = s.sub(s.mul(s.mul(r, r), 2), 1)
  const wave = s.add(s.mul(chebyshev('AIRY_COS', u), s.add(cosine, sine)), s.mul(s.mul(chebyshev('AIRY_SIN', u), r), s.sub(sine, cosine)))
  const far = s.div(wave, s.mul(root, Math.sqrt(2 * Math.PI)))
  const left = s.mul(chebyshev('AIRY_LEFT', s.add(s.mul(x, 0.5), 1)), apart(x, AIRY_ZERO))
  const middle = s.mul(chebyshev('AIRY_MIDDLE', s.sub(x, 1)), s.exp(s.neg(x)))
  const tail = chebyshev('AIRY_RIGHT', s.sub(s.div(4 * Math.SQRT2, power), 1))
  const right = s.div(s.mul(s.exp(s.neg(zeta)), tail), s.mul(root, 2 * Math.sqrt(Math.PI)))
  const above = s.select(s.gt(x, AIRY_END), 0, s.select(s.gt(x, 2), right, middle))
  const below = s.select(s.lt(x, -4), far, left)
  return s.select(s.or(s.isinf(x), s.isnan(x)) as ReturnType<typeof s.isnan>, Number.NaN, s.select(s.lt(x, 0), below, above))
}

/** Airy's function Ai; NaN at infinity, as in PyTorch. */
export const airyAi: Elementwise = elementwise({ name: 'airy_ai', nin: 1, accepts: 'f', scalar: airy, constant: true })

type Degree = (x: Sym, n: Sym) => Sym
const polynomial = (name: string, scalar: Degree): Elementwise => elementwise({ name, nin: 2, accepts: 'f', scalar, constant: true })
/** The same polynomial of 2x - 1. */
const shifted =
  (of: Degree): Degree =>
  (x, n) =>
    of(s.sub(s.add(x, x), 1), n)

const t: Degree = (x, n) => s.chebyshev_t(x, n)
const u: Degree = (x, n) => s.chebyshev_u(x, n)
const v: Degree = (x, n) => s.chebyshev_v(x, n)
const w: Degree = (x, n) => s.chebyshev_w(x, n)

/** Chebyshev's polynomial of the first kind, degree n (cut to an integer), at x; 0 for n < 0. */
export const chebyshevT: Elementwise = polynomial('chebyshev_polynomial_t', t)
/** Chebyshev's polynomial of the second kind. */
export const chebyshevU: Elementwise = polynomial('chebyshev_polynomial_u', u)
/** Chebyshev's polynomial of the third kind. */
export const chebyshevV: Elementwise = polynomial('chebyshev_polynomial_v', v)
/** Chebyshev's polynomial of the fourth kind. */
export const chebyshevW: Elementwise = polynomial('chebyshev_polynomial_w', w)
/** Chebyshev's polynomial of the first kind at 2x - 1. */
export const shiftedChebyshevT: Elementwise = polynomial('shifted_chebyshev_polynomial_t', shifted(t))
/** Chebyshev's polynomial of the second kind at 2x - 1. */
export const shiftedChebyshevU: Elementwise = polynomial('shifted_chebyshev_polynomial_u', shifted(u))
/** Chebyshev's polynomial of the third kind at 2x - 1. */
export const shiftedChebyshevV: Elementwise = polynomial('shifted_chebyshev_polynomial_v', shifted(v))
/** Chebyshev's polynomial of the fourth kind at 2x - 1. */
export const shiftedChebyshevW: Elementwise = polynomial('shifted_chebyshev_polynomial_w', shifted(w))
/** Hermite's polynomial of physics. */
export const hermiteH: Elementwise = polynomial('hermite_polynomial_h', (x, n) => s.hermite_h(x, n))
/** Hermite's polynomial of probability. */
export const hermiteHe: Elementwise = polynomial('hermite_polynomial_he', (x, n) => s.hermite_he(x, n))
/** Laguerre's polynomial. */
export const laguerreL: Elementwise = polynomial('laguerre_polynomial_l', (x, n) => s.laguerre_l(x, n))
/** Legendre's polynomial. */
export const legendreP: Elementwise = polynomial('legendre_polynomial_p', (x, n) => s.legendre_p(x, n))
