/** Rounding to whole numbers. Integers are their own; derivatives are zero. */

import { CReg, type Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { type Elementwise, elementwise, zerosLike } from './family.ts'

const rounding = (name: string, accepts: string, scalar: (x: Sym) => Sym, object: (x: number) => number, gradName?: string): Elementwise =>
  elementwise({
    name,
    nin: 1,
    accepts,
    scalar: (x) => (x instanceof CReg || x.type === 'f32' || x.type === 'f64' ? scalar(x) : x),
    partials: [(t) => zerosLike(t)],
    saves: 'none',
    object,
    gradName,
  })

/** The greatest whole number not above x. */
export const floor = rounding('floor', 'biufO', s.floor, Math.floor)
/** The least whole number not below x. */
export const ceil = rounding('ceil', 'biufO', s.ceil, Math.ceil)
/** x without its fraction. */
export const trunc = rounding('trunc', 'biufO', s.trunc, Math.trunc)
/** The nearest whole number, halves to even; of both parts of complex numbers. */
export const rint = rounding('rint', 'biufc', s.rint, Math.round, 'RoundBackward0')
