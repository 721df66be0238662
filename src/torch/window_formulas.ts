/** The formulas of the windows, over the numbers 0 ... M - 1. */

import type { DType } from '../core/dtype.ts'
import type { Value } from '../core/value.ts'
import * as p from '../ops/index.ts'

/** The sum of `a[i] (-1)^i cos(2 pi i n / last)`. */
export function cosines(n: Value, last: number, a: readonly number[]): Value {
  const turn = p.mul(n, (2 * Math.PI) / last)
  return a.map((weight, i) => p.mul(p.cos(p.mul(turn, i)), i % 2 === 0 ? weight : -weight)).reduce((x, y) => p.add(x, y))
}

/** A triangle between zeros at 0 and `last`. */
export const triangle = (n: Value, last: number): Value => p.sub(1, p.abs(p.sub(p.mul(n, 2 / last), 1)))

/** `i0(beta sqrt(1 - (2 n / last - 1)^2)) / i0(beta)`. */
export function kaiserOf(n: Value, last: number, beta: number, dtype: DType): Value {
  const x = p.sub(p.mul(n, 2 / last), 1)
  // beta sqrt(1 - x^2), not below 0
  const inside = p.mul(p.sqrt(p.maximum(p.sub(1, p.square(x)), 0)), beta)
  return p.div(p.i0(inside), p.i0(p.full([], beta, dtype)))
}
