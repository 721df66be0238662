/** Operations on the bits of integers, and on booleans where they have a meaning there. */

import { type DType, uint8 } from '../../core/dtype.ts'
import type { Reg, Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import { type Elementwise, elementwise } from './family.ts'

const binary = (name: string, accepts: string, scalar: (a: Sym, b: Sym) => Sym, object?: (a: any, b: any) => unknown): Elementwise =>
  elementwise({ name, nin: 2, accepts, scalar, constant: true, object })

/** Bits set in both. */
export const bitwiseAnd = binary('bitwise_and', 'biuO', s.and, (a, b) => a & b)
/** Bits set in either. */
export const bitwiseOr = binary('bitwise_or', 'biuO', s.or, (a, b) => a | b)
/** Bits set in one of them. */
export const bitwiseXor = binary('bitwise_xor', 'biuO', s.xor, (a, b) => a ^ b)
/** Bits moved up; 0 for shifts by the width or more. */
export const shl = binary('left_shift', 'iuO', s.shl, (a, b) => a << b)
/** Bits moved down, keeping the sign; 0 or -1 for shifts by the width or more. */
export const shr = binary('right_shift', 'iuO', s.shr, (a, b) => a >> b)
/** The greatest common divisor, not negative. */
export const gcd = binary('gcd', 'iu', s.gcd)
/** The least common multiple, not negative. */
export const lcm = binary('lcm', 'iu', s.lcm)

/** Every bit turned over; logical not of booleans. */
export const invert = elementwise({ name: 'invert', nin: 1, accepts: 'biuO', scalar: (x) => s.not(x), constant: true, object: (x) => ~x })

/** The number of bits set in the absolute value, as uint8. */
export const popcount = elementwise({
  name: 'bitwise_count',
  nin: 1,
  accepts: 'iu',
  out: (_: DType) => uint8,
  scalar: (x) => s.popcount((x as Reg).type[0] === 'i' ? s.abs(x) : x),
  constant: true,
})
