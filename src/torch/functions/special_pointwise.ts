/** Pointwise functions with numbers of their own: polygamma and its kin, mantissas and exponents, signs of infinity. */

import { bool } from '../../core/dtype.ts'
import { ArgumentError, DTypeError, RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { defaultCore } from '../dtype.ts'
import { Tensor } from '../tensor.ts'
import { mul, pow } from './arithmetic.ts'
import { keyed } from './keyed.ts'
import { type Binary, binary, tensors } from './makers.ts'
import { NamedTuple } from './results.ts'
import { deliver, named, type Operand, type OutOption, scalarValue, tensorArg } from './support.ts'

/** The lower incomplete gamma function over gamma(input); a derivative in `other` alone. */
export const igamma: Binary = tensors('igamma', binary('igamma', p.igamma))
/** The upper incomplete gamma function over gamma(input); a derivative in `other` alone. */
export const igammac: Binary = tensors('igammac', binary('igammac', p.igammac))

const inexact = (name: string, x: Value): Value => {
  if (x.dtype.isComplex) throw new DTypeError(`${name}() is not supported for dtype ${x.dtype.name}`, { op: name, dtypes: [x.dtype.name] })
  return x.dtype.isFloat ? x : p.cast(x, defaultCore())
}

/**
 * The n-th derivative of digamma at each element.
 *
 * @example
 * ```ts
 * torch.polygamma(1, torch.tensor([1.0, 0.5])) // => tensor([1.6449, 4.9348])
 * ```
 */
export function polygamma(n: number, input: Tensor, options?: OutOption): Tensor {
  // as a method the tensor comes first
  const [order, given] = (n as unknown) instanceof Tensor ? [input as unknown as number, n as unknown as Tensor] : [n, input]
  if (typeof order !== 'number' || !Number.isInteger(order))
    throw new ArgumentError(`polygamma(): argument 'n' must be int, not ${typeof order}`)
  if (order < 0) throw new RuntimeError('polygamma(n, x) does not support negative n.')
  const x = inexact('polygamma', tensorArg('polygamma', given).value)
  const y = order === 0 ? p.digamma(x) : p.polygamma(scalarValue(order, x.dtype), x)
  return named(deliver('polygamma', y, options?.out, [given]), 'PolygammaBackward0')
}

/** Each dimension is a pass over the input. */
const MOST_DIMENSIONS = 10_000

/** The logarithm of the multivariate gamma function of dimension p. */
export const mvlgamma = keyed('mvlgamma', 'p', (input: Tensor, dimension: number): Tensor => {
  const x = inexact('mvlgamma', tensorArg('mvlgamma', input).value)
  if (!Number.isInteger(dimension)) throw new ArgumentError("mvlgamma(): argument 'p' must be int", { op: 'mvlgamma' })
  if (!(dimension >= 1)) throw new RuntimeError('p has to be greater than or equal to 1')
  if (dimension > MOST_DIMENSIONS)
    throw new ArgumentError(`mvlgamma(): p is at most ${MOST_DIMENSIONS}, got ${dimension}`, { op: 'mvlgamma' })
  let sum: Value | null = null
  for (let j = 0; j < dimension; j++) {
    const term = p.lgamma(p.sub(x, j / 2))
    sum = sum ? p.add(sum, term) : term
  }
  return named(new Tensor(p.add(sum!, (dimension * (dimension - 1) * Math.log(Math.PI)) / 4)), 'MvlgammaBackward0')
})

/** `input * 2 ** other`. */
export const ldexp = keyed('ldexp', 'other', (input: Tensor, other: Tensor): Tensor => {
  const exponent = tensorArg('ldexp', other, 'other')
  // integers are exponents in the dtype of the mantissas
  const dtype = input instanceof Tensor && input.raw.dtype.isInexact ? input.raw.dtype : defaultCore()
  return mul(input, pow(2.0, exponent.raw.dtype.isInexact ? exponent : new Tensor(p.cast(exponent.value, dtype))))
})

/** `{ mantissa, exponent }`. */
export interface Frexp extends Iterable<Tensor> {
  readonly mantissa: Tensor
  readonly exponent: Tensor
}
/** Mantissas in [0.5, 1) and exponents (int32) of two, with `input = mantissa * 2 ** exponent`. */
export const frexp = keyed('frexp', '', (input: Tensor): Frexp => {
  const x = tensorArg('frexp', input).value
  if (!x.dtype.isFloat) throw new RuntimeError('torch.frexp() only supports floating-point dtypes')
  const [mantissa, exponent] = p.frexp(x) as unknown as [Value, Value]
  const results = [named(new Tensor(mantissa), 'FrexpBackward0'), new Tensor(exponent)]
  return new NamedTuple('frexp', ['mantissa', 'exponent'], results) as unknown as Frexp
})

/** Elements that equal an infinity; none of integers. */
const infinite = (name: string, which: number) =>
  keyed(name, '', (input: Tensor): Tensor => {
    const x = tensorArg(name, input).value
    if (x.dtype.isComplex) throw new DTypeError(`${name} does not support complex inputs.`, { op: name, dtypes: [x.dtype.name] })
    return new Tensor(x.dtype.isFloat ? p.eq(x, which) : falseLike(x))
  })
const falseLike = (x: Value): Value => p.ne(x, x)
/** Whether each element is +inf. */
export const isposinf = infinite('isposinf', Number.POSITIVE_INFINITY)
/** Whether each element is -inf. */
export const isneginf = infinite('isneginf', Number.NEGATIVE_INFINITY)
/** Whether each element has no imaginary part. */
export function isreal(input: Tensor): Tensor {
  const x = tensorArg('isreal', input).value
  return new Tensor(x.dtype.isComplex ? p.eq(p.imag(x), 0) : p.full(x.shape, true, bool, x.device))
}

/** The complex conjugates, always as a copy. */
export const conj_physical = keyed('conj_physical', '', (input: Tensor): Tensor => {
  const x = tensorArg('conj_physical', input).value
  return named(new Tensor(x.dtype.isComplex ? p.conj(x) : p.clone(x)), 'ConjPhysicalBackward0')
})
/** The tensor itself: conjugation is never put off here. */
export const resolve_conj = (input: Tensor): Tensor => tensorArg('resolve_conj', input)
/** The tensor itself: negation is never put off here. */
export const resolve_neg = (input: Tensor): Tensor => tensorArg('resolve_neg', input)
