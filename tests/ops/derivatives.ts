/** Cases for the derivatives of rows: a function of values and inputs inside its domain, away from its kinks. */

import { Complex } from '../../src/core/complex.ts'
import { complex128, float64 } from '../../src/core/dtype.ts'
import { viewOf } from '../../src/core/element.ts'
import { sizeOf } from '../../src/core/shape.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import { type Function as F, gradcheck, gradgradcheck, type Mismatch } from '../../src/lib/gradcheck.ts'

export interface Case {
  readonly name: string
  readonly f: F
  readonly inputs: readonly View[]
  /** Only the first order is checked. */
  readonly once?: boolean
}

/** A real value of numbers in C order. */
export const real = (values: readonly number[], shape: readonly number[] = [values.length]): View => viewOf(values, shape, float64)
/** A complex value of [re, im] pairs. */
export const complex = (values: readonly (readonly [number, number])[], shape: readonly number[] = [values.length]): View =>
  viewOf(
    values.map(([re, im]) => new Complex(re, im)),
    shape,
    complex128,
  )
/** Numbers between two bounds, spread unevenly, no two alike. */
export const between = (low: number, high: number, shape: readonly number[], seed = 0): View => {
  const n = sizeOf(shape)
  return real(
    Array.from({ length: n }, (_, i) => low + (high - low) * ((0.137 + 0.618034 * (i + seed)) % 1)),
    shape,
  )
}
export const complexBetween = (low: number, high: number, shape: readonly number[], seed = 0): View => {
  const n = sizeOf(shape)
  const part = (i: number) => low + (high - low) * ((0.137 + 0.618034 * (i + seed)) % 1)
  return complex(
    Array.from({ length: n }, (_, i) => [part(i), part(i + 0.41)] as const),
    shape,
  )
}

/** The first failing check of a case, in words; null when all agree. */
export function failure({ f, inputs, once }: Case): { check: string; mismatch: Mismatch } | null {
  const first = gradcheck(f, inputs, { forward: true })
  if (first) return { check: 'first order', mismatch: first }
  const second = once ? null : gradgradcheck(f, inputs)
  return second && { check: 'second order', mismatch: second }
}

export const unary =
  (row: (x: Value) => Value | readonly Value[]): F =>
  (x) =>
    row(x!)
