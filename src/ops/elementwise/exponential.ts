/** Exponentials and logarithms. */

import * as s from '../../core/symbolic/scalar.ts'
import { mul } from './arithmetic.ts'
import { elementwise } from './family.ts'

/** `e ** x`. */
export const exp = elementwise({
  name: 'exp',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.exp(x),
  partials: [(t, { y }) => mul(t, y)], // (e^x)' = e^x
  saves: 'outs',
})
