/** Addition, subtraction, multiplication, division and their kin. */

import { registerLinear } from '../../core/linear.ts'
import { CReg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { elementwise } from './family.ts'

/** `a + b`; logical or of booleans. */
export const add = elementwise({
  name: 'add',
  nin: 2,
  accepts: 'biufcO',
  scalar: (a, b) => s.add(a, b),
  partials: [(t) => t, (t) => t],
  saves: 'none',
  object: (a, b) => a + b,
})

/** `-x`. */
export const neg = elementwise({
  name: 'negative',
  nin: 1,
  accepts: 'iufcO',
  scalar: (x) => s.neg(x),
  partials: [(t) => neg(t)],
  saves: 'none',
  gradName: 'NegBackward0',
  object: (x) => -x,
})

/** `a - b`. */
export const sub = elementwise({
  name: 'subtract',
  nin: 2,
  accepts: 'iufcO',
  scalar: (a, b) => s.sub(a, b),
  partials: [(t) => t, (t) => neg(t)],
  saves: 'none',
  gradName: 'SubBackward0',
  object: (a, b) => a - b,
})

/** `a * b`; logical and of booleans. */
export const mul = elementwise({
  name: 'multiply',
  nin: 2,
  accepts: 'biufcO',
  scalar: (a, b) => s.mul(a, b),
  partials: [(t, { b }) => mul(t, b), (t, { a }) => mul(t, a)],
  gradName: 'MulBackward0',
  object: (a, b) => a * b,
})

/** `a / b` of floating numbers. */
export const div = elementwise({
  name: 'divide',
  nin: 2,
  accepts: 'fcO',
  scalar: (a, b) => s.div(a, b),
  partials: [(t, { b }) => div(t, b), (t, { a, b }) => neg(div(mul(t, div(a, b)), b))],
  gradName: 'DivBackward0',
  object: (a, b) => a / b,
})

const conjugate = elementwise({
  name: 'conjugate',
  nin: 1,
  accepts: 'biufcO',
  scalar: (x) => (x instanceof CReg ? new CReg(x.re, s.neg(x.im) as typeof x.im) : x),
  vjp: ([ct]) => [ct && conj(ct)],
  jvp: ([t]) => [t && conj(t)],
  saves: 'none',
  gradName: 'ConjBackward0',
  object: (x) => x,
})

/** The complex conjugate; a real value itself. */
export const conj = Object.assign((x: Value): Value => (x.dtype.isComplex ? conjugate(x) : x), { primitive: conjugate })

registerLinear({ add: (a, b) => add(a, b), conj })
