/** `torch.special`: special functions, over the rows of the table. */

import { isKeywords } from '../core/arguments.ts'
import type { DType } from '../core/dtype.ts'
import { ArgumentError, DTypeError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { Elementwise } from '../ops/elementwise/family.ts'
import * as p from '../ops/index.ts'
import { defaultCore } from './dtype.ts'
import { xlogy } from './functions/arithmetic.ts'
import { type Binary, binary, nary, type Unary, unary } from './functions/makers.ts'
import { digamma, erf, erfc, erfinv, exp2, expm1, i0, lgamma, log1p, logit, round, sigmoid, sinc } from './functions/pointwise.ts'
import { logsumexp } from './functions/reduction.ts'
import { log_softmax, softmax } from './functions/running.ts'
import { igamma, igammac, mvlgamma, polygamma } from './functions/special_pointwise.ts'
import { checkKeywords, deliver, type Operand, type OutOption, tensorArg } from './functions/support.ts'
import { Tensor } from './tensor.ts'

export {
  digamma,
  digamma as psi,
  erf,
  erfc,
  erfinv,
  exp2,
  expm1,
  i0,
  igamma as gammainc,
  igammac as gammaincc,
  lgamma as gammaln,
  log_softmax,
  log1p,
  logit,
  logsumexp,
  mvlgamma as multigammaln,
  polygamma,
  round,
  sigmoid as expit,
  sinc,
  softmax,
  xlogy,
}

/** A function of one tensor from values alone, of integers in the default dtype. */
function composed(name: string, f: (x: Value) => Value): Unary {
  return (input: Tensor, options?: OutOption) => {
    const x = tensorArg(`special_${name}`, input).value
    if (x.dtype.isComplex) throw new DTypeError(`special_${name}() is not supported for dtype ${x.dtype.name}`, { op: name })
    return deliver(name, f(x.dtype.isFloat ? x : p.cast(x, defaultCore())), options?.out, [input])
  }
}

/**
 * The entropy `-x log x` of each element: 0 at 0, -inf below.
 *
 * @example
 * ```ts
 * torch.special.entr(torch.tensor([0, 0.5, 1])) // => tensor([0.0000, 0.3466, -0.0000])
 * ```
 */
export const entr: Unary = unary('special_entr', p.entr)
/** `e ** -|x| i0(x)` of each element. */
export const i0e: Unary = unary('special_i0e', p.i0e)
/** The modified Bessel function of order 1. */
export const i1: Unary = unary('special_i1', p.i1)
/** `e ** -|x| i1(x)` of each element. */
export const i1e: Unary = unary('special_i1e', p.i1e)
/** The distribution function of the normal distribution. */
export const ndtr: Unary = composed('ndtr', (x) => p.mul(p.erfc(p.mul(x, -Math.SQRT1_2)), 0.5))
/** The quantile function of the normal distribution, the inverse of `ndtr`. */
export const ndtri: Unary = unary('special_ndtri', p.ndtri)
/** `e ** (x * x) erfc(x)` of each element, without overflow for large x. */
export const erfcx: Unary = unary('special_erfcx', p.erfcx)
/** The logarithm of `ndtr`, without cancellation far below 0. */
export const log_ndtr: Unary = unary('special_log_ndtr', p.logNdtr)
/** `input * log1p(other)`, 0 where input is. */
export const xlog1py: Binary = binary('special_xlog1py', p.xlog1py, 'float')
/** Hurwitz's zeta function: the sum over k >= 0 of `(k + other) ** -input`. */
export const zeta: Binary = binary('special_zeta', p.zeta, 'float')

// PyTorch's CPU has these in float32 and float64 alone
const full = (name: string) => (dtype: DType) => {
  if (dtype.isInexact && (dtype.isComplex || dtype.itemsize < 4)) {
    throw new DTypeError(`special_${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
  }
}
const one = (row: Elementwise): Unary => unary(`special_${row.name}`, row, 'float', full(row.name))

/**
 * Airy's function Ai of each element.
 *
 * @example
 * ```ts
 * torch.special.airy_ai(torch.tensor([-1, 0, 1])) // => tensor([0.5356, 0.3550, 0.1353])
 * ```
 */
export const airy_ai: Unary = one(p.airyAi)
/**
 * The Bessel function of the first kind and order 0.
 *
 * @example
 * ```ts
 * torch.special.bessel_j0(torch.tensor([0, 1, 10])) // => tensor([ 1.0000,  0.7652, -0.2459])
 * ```
 */
export const bessel_j0: Unary = one(p.besselJ0)
/** The Bessel function of the first kind and order 1. */
export const bessel_j1: Unary = one(p.besselJ1)
/** The Bessel function of the second kind and order 0: -inf at 0, NaN below. */
export const bessel_y0: Unary = one(p.besselY0)
/** The Bessel function of the second kind and order 1: -inf at 0, NaN below. */
export const bessel_y1: Unary = one(p.besselY1)
/** The modified Bessel function of the first kind and order 0. */
export const modified_bessel_i0: Unary = one(p.modifiedBesselI0)
/** The modified Bessel function of the first kind and order 1. */
export const modified_bessel_i1: Unary = one(p.modifiedBesselI1)
/** The modified Bessel function of the second kind and order 0: inf at 0, NaN below. */
export const modified_bessel_k0: Unary = one(p.modifiedBesselK0)
/** The modified Bessel function of the second kind and order 1: inf at 0, NaN below. */
export const modified_bessel_k1: Unary = one(p.modifiedBesselK1)
/** `e ** x modified_bessel_k0(x)`; without derivative, as in PyTorch. */
export const scaled_modified_bessel_k0: Unary = one(p.scaledModifiedBesselK0)
/** `e ** x modified_bessel_k1(x)`; without derivative, as in PyTorch. */
export const scaled_modified_bessel_k1: Unary = one(p.scaledModifiedBesselK1)
/** `sin(x) / x`, the spherical Bessel function of order 0; without derivative, as in PyTorch. */
export const spherical_bessel_j0: Unary = one(p.sphericalBesselJ0)

/** A function of elements and of degrees. */
export type OfDegree = (input: Operand, n: Operand | { readonly n: Operand; readonly out?: Tensor }, options?: OutOption) => Tensor
function degrees(row: Elementwise): OfDegree {
  const name = `special_${row.name}`
  const { f } = nary(name, row, 'float', full(row.name))
  return (input, n, options) => {
    const named = isKeywords(n) ? (n as { n: Operand; out?: Tensor }) : null
    if (named) checkKeywords(name, named, 'n', 'out')
    if (options !== undefined) checkKeywords(name, options, 'out')
    const xs = [input, named ? named.n : (n as Operand)]
    if (!xs.some((x) => x instanceof Tensor))
      throw new ArgumentError(`${name}(): argument 'input' (position 1) must be Tensor`, { op: name })
    return f(xs, (named ?? options)?.out)
  }
}
/**
 * Chebyshev's polynomial of the first kind of degree n at each element, `cos(n acos(input))`; degrees are cut to integers and give 0
 * below 0. Without derivative, as in PyTorch and as the polynomials that follow.
 *
 * @example
 * ```ts
 * torch.special.chebyshev_polynomial_t(torch.tensor([0.5, 2]), 3) // => tensor([-1., 26.])
 * ```
 */
export const chebyshev_polynomial_t: OfDegree = degrees(p.chebyshevT)
/** Chebyshev's polynomial of the second kind of degree n at each element. */
export const chebyshev_polynomial_u: OfDegree = degrees(p.chebyshevU)
/** Chebyshev's polynomial of the third kind of degree n at each element. */
export const chebyshev_polynomial_v: OfDegree = degrees(p.chebyshevV)
/** Chebyshev's polynomial of the fourth kind of degree n at each element. */
export const chebyshev_polynomial_w: OfDegree = degrees(p.chebyshevW)
/** Chebyshev's polynomial of the first kind of degree n at `2 input - 1`. */
export const shifted_chebyshev_polynomial_t: OfDegree = degrees(p.shiftedChebyshevT)
/** Chebyshev's polynomial of the second kind of degree n at `2 input - 1`. */
export const shifted_chebyshev_polynomial_u: OfDegree = degrees(p.shiftedChebyshevU)
/** Chebyshev's polynomial of the third kind of degree n at `2 input - 1`. */
export const shifted_chebyshev_polynomial_v: OfDegree = degrees(p.shiftedChebyshevV)
/** Chebyshev's polynomial of the fourth kind of degree n at `2 input - 1`. */
export const shifted_chebyshev_polynomial_w: OfDegree = degrees(p.shiftedChebyshevW)
/**
 * Hermite's polynomial of physics of degree n at each element; NaN above degree 512.
 *
 * @example
 * ```ts
 * torch.special.hermite_polynomial_h(torch.tensor([1, 2]), 3) // => tensor([-4., 40.])
 * ```
 */
export const hermite_polynomial_h: OfDegree = degrees(p.hermiteH)
/** Hermite's polynomial of probability of degree n at each element; NaN above degree 512. */
export const hermite_polynomial_he: OfDegree = degrees(p.hermiteHe)
/** Laguerre's polynomial of degree n at each element. */
export const laguerre_polynomial_l: OfDegree = degrees(p.laguerreL)
/** Legendre's polynomial of degree n at each element. */
export const legendre_polynomial_p: OfDegree = degrees(p.legendreP)
