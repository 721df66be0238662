/** Exponentials and logarithms. */

import * as s from '../../core/symbolic/scalar.ts'
import { add, div, mul, sub } from './arithmetic.ts'
import { type Elementwise, elementwise } from './family.ts'

/** `e ** x`. */
export const exp: Elementwise = elementwise({
  name: 'exp',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.exp(x),
  partials: [(t, { y }) => mul(t, y)], // (e^x)' = e^x
  saves: 'outs',
})

/** `2 ** x`. */
export const exp2: Elementwise = elementwise({
  name: 'exp2',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.exp2(x),
  partials: [(t, { y }) => mul(mul(t, y), Math.LN2)],
  saves: 'outs',
})

/** `e ** x - 1`, exact near 0. */
export const expm1: Elementwise = elementwise({
  name: 'expm1',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.expm1(x),
  partials: [(t, { y }) => mul(t, add(y, 1))],
  saves: 'outs',
})

/** The natural logarithm. */
export const log: Elementwise = elementwise({
  name: 'log',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.log(x),
  partials: [(t, at) => div(t, at.a)],
})

/** The logarithm to base 2. */
export const log2: Elementwise = elementwise({
  name: 'log2',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.log2(x),
  partials: [(t, at) => div(t, mul(at.a, Math.LN2))],
})

/** The logarithm to base 10. */
export const log10: Elementwise = elementwise({
  name: 'log10',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.log10(x),
  partials: [(t, at) => div(t, mul(at.a, Math.LN10))],
})

/** `log(1 + x)`, exact near 0. */
export const log1p: Elementwise = elementwise({
  name: 'log1p',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.log1p(x),
  partials: [(t, at) => div(t, add(at.a, 1))],
})

/** `t / (1 + base^(b - a))`: the share of a in log(base^a + base^b). */
const share = (base: number): Elementwise => {
  const k = Math.log(base)
  const row: Elementwise = elementwise({
    name: 'logaddexp_share',
    nin: 2,
    accepts: 'f',
    scalar: (a, b) => s.div(1, s.add(1, s.exp(s.mul(s.sub(b, a), k)))),
    // w' = k w (1 - w) in a, its negative in b
    partials: [(t, { y }) => mul(mul(t, y), mul(sub(1, y), k)), (t, { y }) => mul(mul(t, y), mul(sub(1, y), -k))],
    saves: 'outs',
  })
  return row
}
const shareE = share(Math.E)
const share2 = share(2)

const logSum = (name: string, base: number, weight: Elementwise, gradName: string): Elementwise => {
  return elementwise({
    name,
    nin: 2,
    accepts: 'f',
    // max + log1p(base^-|a - b|); equal infinities have no difference to take
    scalar: (a, b) => {
      const difference = s.sub(a, b)
      const size = s.neg(s.abs(difference))
      const far = s.log1p(base === 2 ? s.exp2(size) : s.exp(size))
      const sum = s.add(s.max(a, b), base === 2 ? s.mul(far, Math.LOG2E) : far)
      const equal = s.add(a, base === 2 ? 1 : Math.LN2)
      return s.select(s.eq(a, b), equal, s.select(s.isnan(difference), difference, sum))
    },
    partials: [(t, at) => mul(t, weight(at.a, at.b)), (t, at) => mul(t, weight(at.b, at.a))],
    gradName,
  })
}

/** `log(e^a + e^b)` without overflow. */
export const logaddexp = logSum('logaddexp', Math.E, shareE, 'LogaddexpBackward0')
/** `log2(2^a + 2^b)` without overflow. */
export const logaddexp2 = logSum('logaddexp2', 2, share2, 'Logaddexp2Backward0')
