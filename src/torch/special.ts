/** `torch.special`: special functions, over the rows of the table. */

import { DTypeError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import * as p from '../ops/index.ts'
import { defaultCore } from './dtype.ts'
import { xlogy } from './functions/arithmetic.ts'
import { type Binary, binary, type Unary, unary } from './functions/makers.ts'
import { digamma, erf, erfc, erfinv, exp2, expm1, i0, lgamma, log1p, logit, round, sigmoid, sinc } from './functions/pointwise.ts'
import { logsumexp } from './functions/reduction.ts'
import { log_softmax, softmax } from './functions/running.ts'
import { igamma, igammac, mvlgamma, polygamma } from './functions/special_pointwise.ts'
import { deliver, type OutOption, tensorArg } from './functions/support.ts'
import type { Tensor } from './tensor.ts'

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
