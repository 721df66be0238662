/** Logical operations on the truth of values; NaN is true. */

import { bool, type DType } from '../../core/dtype.ts'
import type { Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { type Elementwise, elementwise } from './family.ts'

const out = (dtype: DType): DType => (dtype.isObject ? dtype : bool)

const logical = (name: string, scalar: (a: Sym, b: Sym) => Sym, object: (a: unknown, b: unknown) => unknown): Elementwise =>
  elementwise({ name, nin: 2, accepts: 'biufcO', out, scalar: (a, b) => scalar(s.truth(a), s.truth(b)), constant: true, object })

/** Whether both are true; of objects, the first that is not, or the last. */
export const logicalAnd = logical('logical_and', s.and, (a, b) => a && b)
/** Whether one is true; of objects, the first that is, or the last. */
export const logicalOr = logical('logical_or', s.or, (a, b) => a || b)
/** Whether exactly one is true. */
export const logicalXor = logical('logical_xor', s.xor, (a, b) => Boolean(a) !== Boolean(b))

/** Whether x is false. */
export const logicalNot = elementwise({
  name: 'logical_not',
  nin: 1,
  accepts: 'biufcO',
  out: 'bool',
  scalar: (x) => s.not(s.truth(x)),
  constant: true,
  object: (x) => !x,
})
