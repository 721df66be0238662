/** Functions of NumPy's ufunc kind with two results. */

import { isKeywords } from '../../core/arguments.ts'
import { DTypeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike, Result } from '../types.ts'
import { commonDType, deliver, findLoop, lifted, operand, type UfuncOptions } from '../ufunc.ts'
import { floor_divide, remainder } from './arithmetic.ts'

/** Reads `out` of two results and applies a row of one input. */
function pair(name: string, row: (x: Value) => Value[], x: ArrayLike, options: UfuncOptions): [Result, Result] {
  const given = operand(x)
  const loop = findLoop('efd', [commonDType([given])])
  if (!loop) {
    throw new DTypeError(
      `ufunc '${name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''`,
      { op: name },
    )
  }
  options ??= {}
  const value = lifted(given, loop)
  const results = row(value.dtype === loop ? value : p.cast(value, loop))
  const outs = (Array.isArray(options.out) ? options.out : []) as (NDArray | null | undefined)[]
  return results.map((r, i) => deliver(name, r, options, outs[i])) as [Result, Result]
}

/**
 * Fraction and whole part of each item, both with its sign.
 *
 * @example
 * np.modf([1.5, -0.25]) // => [ array([ 0.5 , -0.25]), array([ 1., -0.]) ]
 */
export const modf = (x: ArrayLike, options: UfuncOptions = {}): [Result, Result] => pair('modf', p.modf, x, options)

/**
 * Mantissa, of size 0.5 up to 1, and exponent of 2 of each item.
 *
 * @example
 * np.frexp([8, 0.75]) // => [ array([0.5 , 0.75]), array([4, 0], dtype=int32) ]
 */
export const frexp = (x: ArrayLike, options: UfuncOptions = {}): [Result, Result] => pair('frexp', p.frexp, x, options)

/**
 * Quotient rounded down, and remainder: `[x1 // x2, x1 % x2]`.
 *
 * @example
 * np.divmod(7, 3) // => [ 2, 1 ]
 */
export function divmod(x1: ArrayLike, x2: ArrayLike, options: UfuncOptions = {}): [Result, Result] {
  const rest = isKeywords(options) ? [options] : []
  return [floor_divide(x1, x2, ...(rest as [])), remainder(x1, x2, ...(rest as []))]
}
