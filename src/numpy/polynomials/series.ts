/** Series of coefficients, lowest degree first, as lists of slices: what all bases of polynomials share. */

import type { DType } from '../../core/dtype.ts'
import { float64 } from '../../core/dtype.ts'
import { items } from '../../core/element.ts'
import { MemoryError, ValueError } from '../../core/errors.ts'
import { resultType } from '../../core/promote.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asView, castView, wrap } from '../convert.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike } from '../types.ts'

/** Coefficients one after the other; each is a number (0-d) or, for tables of series, an array. */
export type Series = readonly View[]

const MOST_DEGREE = 1_000_000

/** A degree or a count of terms; beyond a million it is a MemoryError. */
export function bounded(what: string, n: number, most: number = MOST_DEGREE): number {
  if (!(n <= most)) throw new MemoryError(`${what} of ${n} is too large: at most ${most}`)
  return n
}

/** Integers and booleans become float64, as the polynomial functions do. */
export const floating = (dtype: DType): DType => (dtype.isInteger || dtype.kind === 'b' ? float64 : dtype)

/** The slices of an array along its first axis. */
export function slices(v: View): View[] {
  const rest = v.shape.slice(1)
  return Array.from({ length: v.shape[0]! }, (_, i) => p.reshape(p.narrow(v, 0, i, 1), rest) as View)
}

/** The slices side by side. */
export const joined = (c: Series): NDArray => wrap(p.stack([...c], 0))

const isZero = (v: View): boolean =>
  items(v).every((x) => x === 0 || (typeof x === 'object' && x !== null && 're' in x && 'im' in x && x.re === 0 && x.im === 0))

/** Without zeros at the end; one coefficient stays. */
export function trimmed(c: Series): View[] {
  let n = c.length
  while (n > 1 && isZero(c[n - 1]!)) n--
  return c.slice(0, n)
}

/** Several 1-d lists of coefficients in one floating dtype. */
export function asSeries(lists: readonly ArrayLike[], trim = true): View[][] {
  const views = lists.map((list) => {
    const given = asView(list)
    const v = given.ndim === 0 ? (p.reshape(given, [1]) as View) : given
    if (v.size === 0) throw new ValueError('Coefficient array is empty')
    if (v.ndim !== 1) throw new ValueError('Coefficient array is not 1-d')
    return v
  })
  const dtype = resultType(views.map((v) => floating(v.dtype)))
  return views.map((v) => {
    const c = slices(castView(v, dtype))
    return trim ? trimmed(c) : c
  })
}

export const plus = (a: Value, b: Value | number): View => p.add(a, b) as View
export const minus = (a: Value, b: Value | number): View => p.sub(a, b) as View
export const times = (a: Value, b: Value | number): View => (b === 1 ? (a as View) : (p.mul(a, b) as View))
export const over = (a: Value, b: Value | number): View => (b === 1 ? (a as View) : (p.div(a, b) as View))
/** A zero like a slice. */
export const zeroOf = (v: View): View => p.full(v.shape, 0, v.dtype) as View

/** The sum (or difference) of two series of one dtype. */
export function combined(a: Series, b: Series, sign: 1 | -1): View[] {
  const n = Math.max(a.length, b.length)
  return Array.from({ length: n }, (_, i) => {
    const [x, y] = [a[i], b[i]]
    if (y === undefined) return x!
    if (x === undefined) return sign === 1 ? y : (p.neg(y) as View)
    return sign === 1 ? plus(x, y) : minus(x, y)
  })
}

/** Each coefficient times a number or a slice. */
export const scaled = (c: Series, by: Value | number): View[] => c.map((v) => times(v, by))

/** Whether a series is the single coefficient zero. */
export const isZeroSeries = (c: Series): boolean => c.length === 1 && isZero(c[0]!)
