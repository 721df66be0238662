/** Comparisons and predicates; their results are booleans and their derivatives zero. */

import { bool } from '../../core/dtype.ts'
import type { Opcode } from '../../core/opcodes.ts'
import { CReg, type Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { type Elementwise, elementwise } from './family.ts'

const compare = (name: string, scalar: (a: Sym, b: Sym) => Sym, object: (a: any, b: any) => boolean): Elementwise =>
  elementwise({ name, nin: 2, accepts: 'biufcO', out: 'bool', scalar, constant: true, object })

/** `a == b`. */
export const eq = compare('equal', s.eq, (a, b) => a === b)
/** `a != b`. */
export const ne = compare('not_equal', s.ne, (a, b) => a !== b)
/** `a < b`; complex numbers by real part, then imaginary part. */
export const lt = compare('less', s.lt, (a, b) => a < b)
/** `a <= b`. */
export const le = compare('less_equal', s.le, (a, b) => a <= b)
/** `a > b`. */
export const gt = compare('greater', s.gt, (a, b) => a > b)
/** `a >= b`. */
export const ge = compare('greater_equal', s.ge, (a, b) => a >= b)

/** A predicate of floats with one answer for all integers. */
const predicate = (name: Opcode & keyof typeof s, scalar: (x: Sym) => Sym, ofIntegers: boolean): Elementwise =>
  elementwise({
    name,
    nin: 1,
    accepts: 'biufc',
    out: 'bool',
    scalar: (x) => (x instanceof CReg || x.type === 'f32' || x.type === 'f64' ? scalar(x) : x.builder.constant(ofIntegers ? 1 : 0, 'b1')),
    constant: true,
  })

/** Whether x is not a number. */
export const isnan = predicate('isnan', s.isnan, false)
/** Whether x is infinite. */
export const isinf = predicate('isinf', s.isinf, false)
/** Whether x is neither infinite nor NaN. */
export const isfinite = predicate('isfinite', s.isfinite, true)

/** Whether the sign bit is set (of -0 and negative NaN too). */
export const signbit = elementwise({
  name: 'signbit',
  nin: 1,
  accepts: 'biuf',
  out: () => bool,
  scalar: (x) => {
    const { type, builder } = x as import('../../core/symbolic/builder.ts').Reg
    if (type === 'f32' || type === 'f64') return s.signbit(x)
    return type === 'i32' || type === 'i64' ? s.lt(x, 0) : builder.constant(0, 'b1')
  },
  constant: true,
})
