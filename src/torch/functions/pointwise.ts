/** Pointwise functions of one tensor, each a line over its row. */

import { type DType, int64 } from '../../core/dtype.ts'
import { ArgumentError, DTypeError, RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { defaultCore } from '../dtype.ts'
import { setParts, Tensor } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { type Unary, unary } from './makers.ts'
import { checkKeywords, deliver, type OutOption, tensorArg, viewed } from './support.ts'

const refuse = (message: string) => (dtype: DType) => {
  if (dtype.kind === 'b') throw new DTypeError(message, { dtypes: ['bool'] })
}
const noComplex = (dtype: DType) => {
  if (dtype.isComplex) {
    throw new DTypeError('Unlike NumPy, torch.sign is not intended to support complex numbers. Please use torch.sgn instead.', {
      dtypes: [dtype.name],
    })
  }
}
const noBool = (name: string) => refuse(`${name}() is not supported for dtype bool`)

/**
 * `e ** x` of each element.
 *
 * Integers are computed in the default dtype.
 *
 * @example
 * ```ts
 * torch.exp(torch.tensor([0, 1])) // => tensor([1.0000, 2.7183])
 * ```
 */
export const exp: Unary = unary('exp', p.exp)
/** `2 ** x` of each element. */
export const exp2: Unary = unary('exp2', p.exp2)
/** `e ** x - 1` of each element, exact for small x. */
export const expm1: Unary = unary('expm1', p.expm1)
/** The natural logarithm of each element; NaN of negative numbers, -inf of 0. */
export const log: Unary = unary('log', p.log)
/** The logarithm to base 2 of each element. */
export const log2: Unary = unary('log2', p.log2)
/** The logarithm to base 10 of each element. */
export const log10: Unary = unary('log10', p.log10)
/** `log(1 + x)` of each element, exact for small x. */
export const log1p: Unary = unary('log1p', p.log1p)
/** The sine of each element, in radians. */
export const sin: Unary = unary('sin', p.sin)
/** The cosine of each element, in radians. */
export const cos: Unary = unary('cos', p.cos)
/** The tangent of each element, in radians. */
export const tan: Unary = unary('tan', p.tan)
/** The angle in [-pi/2, pi/2] whose sine each element is. */
export const asin: Unary = unary('asin', p.asin)
/** The angle in [0, pi] whose cosine each element is. */
export const acos: Unary = unary('acos', p.acos)
/** The angle in (-pi/2, pi/2) whose tangent each element is. */
export const atan: Unary = unary('atan', p.atan)
/** The hyperbolic sine of each element. */
export const sinh: Unary = unary('sinh', p.sinh)
/** The hyperbolic cosine of each element. */
export const cosh: Unary = unary('cosh', p.cosh)
/** The hyperbolic tangent of each element. */
export const tanh: Unary = unary('tanh', p.tanh)
/** The inverse hyperbolic sine of each element. */
export const asinh: Unary = unary('asinh', p.asinh)
/** The inverse hyperbolic cosine of each element. */
export const acosh: Unary = unary('acosh', p.acosh)
/** The inverse hyperbolic tangent of each element. */
export const atanh: Unary = unary('atanh', p.atanh)
/**
 * The square root of each element; NaN of negative numbers.
 *
 * @example
 * ```ts
 * torch.sqrt(torch.tensor([1, 2])) // => tensor([1.0000, 1.4142])
 * ```
 */
export const sqrt: Unary = unary('sqrt', p.sqrt)
/** `1 / sqrt(x)` of each element. */
export const rsqrt: Unary = unary('rsqrt', p.rsqrt)
/** `1 / x` of each element. */
export const reciprocal: Unary = unary('reciprocal', p.reciprocal)
/** The error function of each element. */
export const erf: Unary = unary('erf', p.erf)
/** `1 - erf(x)` of each element, without cancellation. */
export const erfc: Unary = unary('erfc', p.erfc)
/** The inverse of the error function. */
export const erfinv: Unary = unary('erfinv', p.erfinv)
/** The logarithm of the absolute value of the gamma function. */
export const lgamma: Unary = unary('lgamma', p.lgamma)
/** The logarithmic derivative of the gamma function. */
export const digamma: Unary = unary('digamma', p.digamma)
/** The modified Bessel function of order 0. */
export const i0: Unary = unary('i0', p.i0)
/** `sin(pi x) / (pi x)` of each element; 1 at 0. */
export const sinc: Unary = unary('sinc', p.sinc)
/**
 * `1 / (1 + e ** -x)` of each element.
 *
 * @example
 * ```ts
 * torch.sigmoid(torch.tensor([0, 1])) // => tensor([0.5000, 0.7311])
 * ```
 */
export const sigmoid: Unary = unary('sigmoid', p.sigmoid)
/** `max(x, 0)` of each element. */
export const relu: Unary = unary('relu', p.relu, 'same', refuse('Boolean inputs not supported for relu'))
/** The absolute value of each element; the modulus of complex numbers. */
export const abs: Unary = unary('abs', p.abs, 'same', noBool('abs'))
/** `-x` of each element. */
export const neg: Unary = unary(
  'neg',
  p.neg,
  'same',
  refuse(
    'Negation, the `-` operator, on a bool tensor is not supported. If you are trying to invert a mask, use the `~` or `logical_not()` operator instead.',
  ),
)
/** -1, 0 or 1 by the sign of each element. */
export const sign: Unary = unary('sign', p.sgn, 'same', noComplex)
/** The sign of each element; `z / |z|` of complex numbers. */
export const sgn: Unary = unary('sgn', p.sgn, 'same')
/** The greatest whole number not above each element. */
export const floor: Unary = unary('floor', p.floor, 'same', noBool('floor'))
/** The least whole number not below each element. */
export const ceil: Unary = unary('ceil', p.ceil, 'same', noBool('ceil'))
/** Each element without its fraction. */
export const trunc: Unary = unary('trunc', p.trunc, 'same', noBool('trunc'))
/** `x * x` of each element. */
export const square: Unary = (input, options) => {
  const x = tensorArg('square', input)
  // booleans count as numbers
  return squared(x.raw.dtype.kind === 'b' ? new Tensor(p.cast(x.value, int64)) : x, options)
}
const squared: Unary = unary('square', p.square, 'same')
/** Whether each element is NaN. */
export const isnan: Unary = unary('isnan', p.isnan, 'same')
/** Whether each element is infinite. */
export const isinf: Unary = unary('isinf', p.isinf, 'same')
/** Whether each element is neither infinite nor NaN. */
export const isfinite: Unary = unary('isfinite', p.isfinite, 'same')
/** Whether the sign bit of each element is set. */
export const signbit: Unary = unary('signbit', p.signbit, 'same')
/** Whether each element is zero, as bool. */
export const logical_not: Unary = unary('logical_not', p.logicalNot, 'same')
/** Every bit of each element turned over; logical not of booleans. */
export const bitwise_not: Unary = unary('bitwise_not', p.invert, 'same')
/** The argument of complex numbers; pi or 0 of real ones by sign. */
export const angle: Unary = unary('angle', p.angle)

/** Options of round. */
export interface RoundOptions extends OutOption {
  /** Digits after the point; negative for tens, hundreds ... */
  readonly decimals?: number
}

const rounded: Unary = unary('round', p.rint, 'same', noBool('round'))

/**
 * The nearest whole number, or number of `decimals`, to each element; halves to even.
 *
 * @example
 * ```ts
 * torch.round(torch.tensor([0.5, 1.5, -1.234])) // => tensor([ 0.,  2., -1.])
 * ```
 */
export function round(input: Tensor, options: RoundOptions = {}): Tensor {
  checkKeywords('round', options, 'decimals', 'out')
  const { decimals = 0, out } = options ?? {}
  const x = tensorArg('round', input)
  if (x.raw.dtype.isInteger) return deliver('round', p.clone(x.value), out, [x])
  if (decimals === 0) return rounded(x, out ? { out } : undefined)
  const scale = 10 ** Math.abs(decimals)
  const y = decimals > 0 ? p.div(p.rint(p.mul(x.value, scale)), scale) : p.mul(p.rint(p.div(x.value, scale)), scale)
  return deliver('round', y, out, [x])
}

/** The fraction of each element, with its sign. */
export function frac(input: Tensor, options: OutOption = {}): Tensor {
  const x = tensorArg('frac', input).value
  if (!x.dtype.isFloat) throw new DTypeError(`frac() is not supported for dtype ${x.dtype.name}`, { op: 'frac', dtypes: [x.dtype.name] })
  return deliver('frac', p.sub(x, p.trunc(x)), options?.out, [input])
}

/** Degrees as radians. */
export function deg2rad(input: Tensor, options: OutOption = {}): Tensor {
  return deliver('deg2rad', scaled(tensorArg('deg2rad', input).value, Math.PI / 180), options?.out, [input])
}

/** Radians as degrees. */
export function rad2deg(input: Tensor, options: OutOption = {}): Tensor {
  return deliver('rad2deg', scaled(tensorArg('rad2deg', input).value, 180 / Math.PI), options?.out, [input])
}

const inexact = (x: Value): Value => (x.dtype.isInexact ? x : p.cast(x, defaultCore()))
const scaled = (x: Value, factor: number): Value => p.mul(inexact(x), factor)

/** `log(x / (1 - x))` of each element, held to [eps, 1 - eps] when eps is given. */
export const logit = keyed('logit', 'eps ...', (input: Tensor, eps: number | null = null, options: OutOption = {}): Tensor => {
  const x = inexact(tensorArg('logit', input).value)
  if (eps !== null && typeof eps !== 'number')
    throw new ArgumentError(`logit(): argument 'eps' must be float, not ${typeof eps}`, { op: 'logit' })
  const z = eps === null ? x : p.where(p.lt(x, eps), eps, p.where(p.gt(x, 1 - eps), 1 - eps, x))
  return deliver('logit', p.logit(z), options?.out, [input])
})

/** Options of nan_to_num. */
export interface NanToNumOptions extends OutOption {
  readonly nan?: number | null
  readonly posinf?: number | null
  readonly neginf?: number | null
}

/** The elements with NaN replaced by 0 (or `nan`), and infinities by the dtype's greatest and least numbers (or those given). */
export function nan_to_num(
  input: Tensor,
  nan: number | null | NanToNumOptions = null,
  posinf: number | null = null,
  neginf: number | null = null,
  options: OutOption = {},
): Tensor {
  const given: NanToNumOptions = typeof nan === 'object' && nan !== null ? nan : { nan, posinf, neginf, ...options }
  checkKeywords('nan_to_num', given, 'nan', 'posinf', 'neginf', 'out')
  const x = tensorArg('nan_to_num', input).value
  if (!x.dtype.isInexact) return deliver('nan_to_num', p.clone(x), given.out, [input])
  if (x.dtype.isComplex) {
    const part = (v: Value) => replaced(v, given)
    return deliver('nan_to_num', p.makeComplex(part(p.real(x)), part(p.imag(x))), given.out, [input])
  }
  return deliver('nan_to_num', replaced(x, given), given.out, [input])
}

const GREATEST: Readonly<Record<string, number>> = {
  float16: 65504,
  bfloat16: 3.3895313892515355e38,
  float32: 3.4028234663852886e38,
  float64: Number.MAX_VALUE,
}

function replaced(x: Value, { nan, posinf, neginf }: NanToNumOptions): Value {
  const most = GREATEST[x.dtype.name]!
  const withoutNan = p.where(p.isnan(x), nan ?? 0, x)
  const above = p.where(p.eq(x, Infinity), posinf ?? most, withoutNan)
  return p.where(p.eq(x, -Infinity), neginf ?? -most, above)
}

/** The complex conjugate; a real tensor itself. */
export function conj(input: Tensor): Tensor {
  const x = tensorArg('conj', input)
  return x.raw.dtype.isComplex ? new Tensor(p.conj(x.value)) : x
}

/** The real parts, as a view; a real tensor itself. */
export function real(input: Tensor): Tensor {
  const x = tensorArg('real', input)
  return x.raw.dtype.isComplex ? viewed(x, (v) => p.real(v), 'RealBackward0') : x
}

/** The imaginary parts of a complex tensor, as a view. */
export function imag(input: Tensor): Tensor {
  const x = tensorArg('imag', input)
  if (!x.raw.dtype.isComplex)
    throw new DTypeError('imag is only supported for tensors with complex dtypes.', { dtypes: [x.raw.dtype.name] })
  return viewed(x, (v) => p.imag(v), 'ImagBackward0')
}

/** A complex tensor as a real one with a last dimension of length 2, as a view. */
export function view_as_real(input: Tensor): Tensor {
  const x = tensorArg('view_as_real', input)
  if (!x.raw.dtype.isComplex) throw new DTypeError('view_as_real is only supported for complex tensors', { dtypes: [x.raw.dtype.name] })
  return viewed(x, (v) => p.viewAsReal(v), 'ViewAsRealBackward0')
}

/** A real tensor with a last dimension of length 2 as a complex one, as a view. */
export function view_as_complex(input: Tensor): Tensor {
  const x = tensorArg('view_as_complex', input)
  if (!x.raw.dtype.isFloat)
    throw new DTypeError('view_as_complex is only supported for floating point tensors', { dtypes: [x.raw.dtype.name] })
  if (x.raw.shape.at(-1) !== 2) throw new RuntimeError('Tensor must have a last dimension of size 2')
  return viewed(x, (v) => p.viewAsComplex(v), 'ViewAsComplexBackward0')
}

setParts(real, imag)

/** The elements themselves; an error for booleans. */
export function positive(input: Tensor): Tensor {
  noBool('positive')(tensorArg('positive', input).raw.dtype)
  return input
}

export {
  abs as absolute,
  acos as arccos,
  acosh as arccosh,
  asin as arcsin,
  asinh as arcsinh,
  atan as arctan,
  atanh as arctanh,
  neg as negative,
  trunc as fix,
}
