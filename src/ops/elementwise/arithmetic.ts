/** Addition, subtraction, multiplication, division, powers and their kin. */

import { CReg, type Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { where } from './choice.ts'
import { eq, ge } from './comparison.ts'
import { real } from './complex.ts'
import { log } from './exponential.ts'
import { type Elementwise, elementwise, zerosLike } from './family.ts'
import { logicalAnd } from './logic.ts'
import { floor, trunc } from './rounding.ts'

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
export const neg: Elementwise = elementwise({
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
export const mul: Elementwise = elementwise({
  name: 'multiply',
  nin: 2,
  accepts: 'biufcO',
  scalar: (a, b) => s.mul(a, b),
  partials: [(t, at) => mul(t, at.b), (t, at) => mul(t, at.a)],
  gradName: 'MulBackward0',
  object: (a, b) => a * b,
})

/** `a / b` of floating numbers. */
export const div: Elementwise = elementwise({
  name: 'divide',
  nin: 2,
  accepts: 'fcO',
  scalar: (a, b) => s.div(a, b),
  partials: [(t, at) => div(t, at.b), (t, at) => neg(div(mul(t, div(at.a, at.b)), at.b))],
  gradName: 'DivBackward0',
  object: (a, b) => a / b,
})

/** A quotient rounded down, as Python's `//`; 0 for integers divided by zero. Its derivative is zero. */
export const floorDivide = elementwise({
  name: 'floor_divide',
  nin: 2,
  accepts: 'iufO',
  scalar: (a, b) => s.floordiv(a, b),
  partials: [(t) => zerosLike(t), (t) => zerosLike(t)],
  saves: 'none',
  object: (a: any, b: any) => (typeof a === 'bigint' ? ((a as any) - ((((a as any) % b) + b) % b)) / b : Math.floor(a / b)),
})

/** What floored division leaves, with the sign of the divisor, as Python's `%`. */
export const remainder = elementwise({
  name: 'remainder',
  nin: 2,
  accepts: 'iufO',
  scalar: (a, b) => s.rem(a, b),
  partials: [(t) => t, (t, at) => neg(mul(t, floor(div(at.a, at.b))))], // a - b floor(a / b)
  object: (a, b) => ((a % b) + b) % b,
})

/** What truncated division leaves, with the sign of the dividend, as C's fmod. */
export const fmod = elementwise({
  name: 'fmod',
  nin: 2,
  accepts: 'iufO',
  scalar: (a, b) => s.fmod(a, b),
  partials: [(t) => t, (t, at) => neg(mul(t, trunc(div(at.a, at.b))))], // a - b trunc(a / b)
  object: (a, b) => a % b,
})

/** `b a^(b-1)`, 0 where b is 0: the slope of a power in its base. */
const powerSlope: Elementwise = elementwise({
  name: 'power_slope',
  nin: 2,
  accepts: 'fc',
  scalar: (a, b) => s.select(s.eq(b, 0), 0, s.mul(b, s.pow(a, s.sub(b, 1)))),
  partials: [
    (t, at) => mul(t, mul(at.b, powerSlope(at.a, sub(at.b, 1)))),
    // d/db b a^(b-1) = a^(b-1) + b a^(b-1) log a; where a = 0 the logarithm's term is 0, as PyTorch has it
    (t, at) => {
      const lower = power(at.a, sub(at.b, 1))
      return mul(t, add(where(eq(at.b, 0), 0, lower), where(zeroPower(at.a, at.b), 0, mul(mul(at.b, lower), log(at.a)))))
    },
  ],
})

/** Where a power of 0 does not change with the exponent: `a == 0 and b >= 0`. */
const zeroPower = (a: Value, b: Value): Value => logicalAnd(eq(a, 0), b.dtype.isComplex ? ge(real(b), 0) : ge(b, 0))

/** `a ^ b`; wraps for integers, whose negative powers are 0 but for bases 1 and -1. */
export const power: Elementwise = elementwise({
  name: 'power',
  nin: 2,
  accepts: 'iufcO',
  scalar: (a, b) => s.pow(a, b),
  partials: [(t, at) => mul(t, powerSlope(at.a, at.b)), (t, at) => mul(t, where(zeroPower(at.a, at.b), 0, mul(at.y, log(at.a))))],
  saves: 'both',
  gradName: 'PowBackward0',
  object: (a, b) => a ** b,
})

/** `x * x`. */
export const square = elementwise({
  name: 'square',
  nin: 1,
  accepts: 'iufcO',
  scalar: (x) => s.mul(x, x),
  partials: [(t, at) => mul(t, mul(at.a, 2))],
  gradName: 'PowBackward0',
  object: (x) => x * x,
})

/** Smith's formula, whose result at 0 is NaN, as NumPy has it. */
function complexReciprocal(z: CReg): CReg {
  const byReal = s.ge(s.abs(z.re), s.abs(z.im))
  const large = s.select(byReal, z.re, z.im)
  const ratio = s.div(s.select(byReal, z.im, z.re), large)
  const size = s.add(large, s.mul(s.select(byReal, z.im, z.re), ratio))
  const one = s.div(1, size)
  const other = s.div(ratio, size)
  return new CReg(s.select(byReal, one, other) as Reg, s.neg(s.select(byReal, other, one)) as Reg)
}

/** `1 / x`; truncated for integers. */
export const reciprocal: Elementwise = elementwise({
  name: 'reciprocal',
  nin: 1,
  accepts: 'iufcO',
  scalar: (x) => {
    if (x instanceof CReg) return complexReciprocal(x)
    if (x.type === 'f32' || x.type === 'f64') return s.div(1, x)
    return s.cast(s.div(1, s.cast(x, 'f64')) as Reg, x.type)
  },
  partials: [(t, at) => neg(mul(t, mul(at.y, at.y)))],
  saves: 'outs',
  object: (x) => 1 / x,
})

/** Square root; NaN of negative reals. */
export const sqrt: Elementwise = elementwise({
  name: 'sqrt',
  nin: 1,
  accepts: 'fcO',
  scalar: (x) => s.sqrt(x),
  partials: [(t, at) => div(t, mul(at.y, 2))],
  saves: 'outs',
})

/** `1 / sqrt(x)`. */
export const rsqrt: Elementwise = elementwise({
  name: 'rsqrt',
  nin: 1,
  accepts: 'fc',
  scalar: (x) => s.div(1, s.sqrt(x)),
  partials: [(t, at) => mul(mul(t, -0.5), mul(at.y, mul(at.y, at.y)))],
  saves: 'outs',
})

/** Cube root. */
export const cbrt: Elementwise = elementwise({
  name: 'cbrt',
  nin: 1,
  accepts: 'fO',
  scalar: (x) => s.cbrt(x),
  partials: [(t, at) => div(t, mul(mul(at.y, at.y), 3))],
  saves: 'outs',
})

/** `sqrt(a^2 + b^2)` without overflow. */
export const hypot: Elementwise = elementwise({
  name: 'hypot',
  nin: 2,
  accepts: 'fO',
  scalar: (a, b) => s.hypot(a, b),
  partials: [(t, at) => mul(t, div(at.a, at.y)), (t, at) => mul(t, div(at.b, at.y))],
  saves: 'both',
})
