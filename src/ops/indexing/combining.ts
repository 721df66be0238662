/** Derivatives of indexed writes that multiply or keep an extreme: how much of the result's change each old and each written element has. */

import { linear } from '../../core/linear.ts'
import type { Value } from '../../core/value.ts'
import { div } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { eq } from '../elementwise/comparison.ts'
import type { PutMode } from './arrays.ts'

/** An indexed write with its indices in place, and its reverse. */
export interface Places {
  readonly put: (x: Value, src: Value, mode: PutMode) => Value
  readonly get: (x: Value) => Value
}

/** The partial derivatives of what is written with respect to the old elements and to the values written. */
export interface Factors {
  readonly x: Value
  readonly src: Value
}

export function factors(mode: PutMode, x: Value, src: Value, out: Value, places: Places): Factors {
  return mode === 'multiply' ? productFactors(x, src, places) : extremeFactors(x, src, out, places)
}

const one = (like: Value): Value => linear.full([], 1, like.dtype, like.device)
const zero = (like: Value): Value => linear.full([], 0, like.dtype, like.device)

/** The product of the others: with no zero the product over the element, for the only zero the product without it, else 0. */
function productFactors(x: Value, src: Value, { put, get }: Places): Factors {
  const [zeroX, zeroS] = [eq(x, 0), eq(src, 0)]
  const count = put(linear.cast(zeroX, x.dtype), linear.cast(zeroS, x.dtype), 'add')
  const [safeX, safeS] = [where(zeroX, one(x), x), where(zeroS, one(x), src)]
  const product = put(safeX, safeS, 'multiply')
  const factor = (isZero: Value, safe: Value, n: Value, p: Value): Value =>
    where(isZero, where(eq(n, 1), p, zero(x)), where(eq(n, 0), div(p, safe), zero(x)))
  return { x: factor(zeroX, safeX, count, product), src: factor(zeroS, safeS, get(count), get(product)) }
}

/** Those that equal the extreme share its change. */
function extremeFactors(x: Value, src: Value, out: Value, { put, get }: Places): Factors {
  const chosenX = linear.cast(eq(x, out), x.dtype)
  const chosenS = linear.cast(eq(src, get(out)), x.dtype)
  const count = put(chosenX, chosenS, 'add')
  return { x: div(chosenX, count), src: div(chosenS, get(count)) }
}
