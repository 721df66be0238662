/** Losses of single elements that need derivatives of their own. */

import * as s from '../../core/symbolic/scalar.ts'
import { div, mul, sub } from './arithmetic.ts'
import { clampMin } from './choice.ts'
import { type Elementwise, elementwise } from './family.ts'

const logAbove = (x: ReturnType<typeof s.log>) => s.max(x, s.constant(-100, x))

/** `log(1 - x) - log x`, each held above -100. */
const logOdds: Elementwise = elementwise({
  name: 'log_odds_of_zero',
  nin: 1,
  accepts: 'f',
  scalar: (x) => s.sub(logAbove(s.log1p(s.neg(x))), logAbove(s.log(x))),
  partials: [(t, at) => div(mul(t, -1), clampMin(mul(sub(1, at.a), at.a), 1e-12))],
})

/** `(t - 1) log(1 - x) - t log x` with logarithms held above -100; its derivative divides by at least 1e-12. */
export const binaryCrossEntropy: Elementwise = elementwise({
  name: 'binary_cross_entropy',
  nin: 2,
  accepts: 'f',
  scalar: (x, t) => s.sub(s.mul(s.sub(t, 1), logAbove(s.log1p(s.neg(x)))), s.mul(t, logAbove(s.log(x)))),
  partials: [(u, at) => div(mul(u, sub(at.a, at.b)), clampMin(mul(sub(1, at.a), at.a), 1e-12)), (u, at) => mul(u, logOdds(at.a))],
})
