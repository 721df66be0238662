/** The dtypes that ufuncs have loops for, and NumPy's special ways of choosing one. */

import { bool, type DType, float64, int64, uint64 } from '../../core/dtype.ts'
import { items, scalarView } from '../../core/element.ts'
import { ValueError } from '../../core/errors.ts'
import { canCast } from '../../core/promote.ts'
import { broadcastShapes } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { castView } from '../convert.ts'
import { commonDType, findLoop, lifted, type Operand } from '../ufunc.ts'

/** Every dtype. */
export const ALL = '?bBhHiIlLefdFDO'
/** Numbers: all but bool. */
export const NUMERIC = 'bBhHiIlLefdFDO'
/** Real numbers. */
export const REAL_NUMBERS = 'bBhHiIlLefdO'
/** Floating point, real and complex. */
export const INEXACT = 'efdFDO'
/** All but objects. */
export const PLAIN = '?bBhHiIlLefdFD'

/** Division of integers and booleans is in float64, whatever their size. */
export const integersToFloat64 = (common: DType): DType | undefined => (common.isInteger || common.kind === 'b' ? float64 : undefined)

/** The first input alone decides: `ldexp`, whose second is an integer. */
export function byFirst(_: DType, ins: readonly Operand[]): DType | undefined | null {
  const [first, second] = ins.map((x) => (x.weak === null ? x.view.dtype : commonDType([x])))
  // As NumPy's search: a weak integer is a float16 where the second is an array's or a typed one.
  if (ins[0]!.weak !== null && ins[1]!.weak === null && first!.isInteger) return findLoop('efd', [bool])
  return canCast(second!, int64, 'safe') ? findLoop('efd', [first!]) : null
}

/** Rounding leaves integers and booleans as they are. */
export const keepExact = (common: DType): DType | undefined => (common.kind === 'c' ? undefined : common)

/** NumPy refuses integers with negative integer powers. */
export function refuseNegativePowers(ins: readonly Operand[], dtype: DType | undefined): undefined {
  const [base, exponent] = ins
  const common = dtype ?? commonDType(ins)
  if (!common.isInteger) return undefined
  const isNegative =
    exponent!.weak === null
      ? exponent!.view.dtype.kind === 'i' && items(exponent!.view).some((x) => (x as number) < 0)
      : typeof exponent!.item !== 'boolean' && (exponent!.item as number) < 0
  if (isNegative && base) throw new ValueError('Integers to negative integer powers are not allowed.', { op: 'power' })
  return undefined
}

const ROWS = { eq: p.eq, ne: p.ne, lt: p.lt, le: p.le, gt: p.gt, ge: p.ge } as const
type Comparison = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge'

/** What a comparison of a smaller with a greater value gives. */
const OF_LESS: Readonly<Record<Comparison, boolean>> = { eq: false, ne: true, lt: true, le: true, gt: false, ge: false }

/** Comparisons that no common dtype can make: int64 with uint64, and integers with scalars outside their range. */
export const comparison =
  (name: Comparison) =>
  (ins: readonly Operand[]): Value | undefined => {
    const [a, b] = ins as [Operand, Operand]
    if (a.weak === null && b.weak === null) {
      const kinds = a.view.dtype.kind + b.view.dtype.kind
      const mixed = (kinds === 'iu' && b.view.dtype === uint64) || (kinds === 'ui' && a.view.dtype === uint64)
      return mixed ? compareSigns(name, a, b) : undefined
    }
    const strong = a.weak === null ? a : b.weak === null ? b : null
    const scalar = a.weak === null ? b : a
    if (!strong?.view.dtype.isInteger || scalar.weak !== 'int') return undefined
    const big = BigInt(scalar.item as number | bigint)
    const bits = BigInt(strong.view.dtype.itemsize * 8)
    const signed = strong.view.dtype.kind === 'i'
    const low = signed ? -(1n << (bits - 1n)) : 0n
    const high = (signed ? 1n << (bits - 1n) : 1n << bits) - 1n
    if (big >= low && big <= high) return undefined
    const arrayIsLess = big > high
    const firstIsLess = strong === a ? arrayIsLess : !arrayIsLess
    const answer = firstIsLess ? OF_LESS[name] : name === 'ne' || name === 'gt' || name === 'ge'
    return p.broadcastTo(scalarView(answer, bool), strong.view.shape)
  }

/** int64 with uint64: a negative number is less than any unsigned one, others compare as uint64. */
function compareSigns(name: Comparison, a: Operand, b: Operand): Value {
  const [x, y] = [lifted(a, uint64), lifted(b, uint64)]
  const signedFirst = x.dtype.kind === 'i'
  const signed = signedFirst ? x : y
  const shape = broadcastShapes([x.shape, y.shape], ROWS[name].name)
  const negative = p.broadcastTo(p.lt(castView(signed, int64), scalarView(0, int64)), shape)
  const plain = ROWS[name](castView(x, uint64), castView(y, uint64))
  const answer = signedFirst ? OF_LESS[name] : name === 'ne' || name === 'gt' || name === 'ge'
  return answer ? p.logicalOr(negative, plain) : p.logicalAnd(p.logicalNot(negative), plain)
}
