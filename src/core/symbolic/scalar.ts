/** The vocabulary of rows' `scalar` functions: `s.add(x, y)`, `s.exp(x)` ... over real or complex registers. */

import type { Opcode, RegisterType } from '../opcodes.ts'
import { CReg, type Reg, type Sym } from './builder.ts'
import * as complex from './complex.ts'

/** A register or a constant that takes the type of the register beside it. */
export type Arg = Sym | number

const partsType = (x: Sym): RegisterType => (x instanceof CReg ? x.re.type : x.type)
const builderOf = (x: Sym) => (x instanceof CReg ? x.re.builder : x.builder)

/** A constant of the same type as `x` (real also beside a complex one). */
export const constant = (value: number | bigint, like: Sym): Reg => builderOf(like).constant(value, partsType(like))

const isSym = (x: Arg): x is Sym => typeof x !== 'number'

/** Lifts numbers beside registers, and reals beside complex values. */
function lift(args: readonly Arg[]): Sym[] {
  const like = args.find(isSym)!
  const syms = args.map((a) => (isSym(a) ? a : constant(a, like)))
  if (!syms.some((x) => x instanceof CReg)) return syms
  return syms.map((x) => (x instanceof CReg ? x : new CReg(x, constant(0, x))))
}

type Complex1 = (x: CReg) => Sym
type Complex2 = (x: CReg, y: CReg) => Sym
const noComplex = (op: string) => (): never => {
  throw new TypeError(`${op} has no complex form`)
}

function real(op: Opcode, args: readonly Reg[]): Reg {
  const [a, b, c] = args
  return a!.builder.emit(op, a!.type, a!.id, b?.id ?? 0, c?.id ?? 0)
}

const unary =
  (op: Opcode, forComplex: Complex1 = noComplex(op)) =>
  (x: Sym): Sym =>
    x instanceof CReg ? forComplex(x) : real(op, [x])

const binary =
  (op: Opcode, forComplex: Complex2 = noComplex(op)) =>
  (x: Arg, y: Arg): Sym => {
    const [a, b] = lift([x, y])
    return a instanceof CReg ? forComplex(a, b as CReg) : real(op, [a!, b as Reg])
  }

/** Comparison, always b1. */
const compare =
  (op: Opcode, forComplex: Complex2 = noComplex(op)) =>
  (x: Arg, y: Arg): Reg =>
    binary(op, forComplex)(x, y) as Reg

const predicate =
  (op: Opcode, forComplex: Complex1 = noComplex(op)) =>
  (x: Sym): Reg =>
    unary(op, forComplex)(x) as Reg

export const add = binary('add', complex.add)
export const sub = binary('sub', complex.sub)
export const mul = binary('mul', complex.mul)
export const div = binary('div', complex.div)
export const floordiv = binary('floordiv')
export const rem = binary('rem')
export const fmod = binary('fmod')
export const pow = binary('pow', complex.pow)
export const neg = unary('neg', complex.neg)
export const abs = unary('abs', complex.abs)
export const min = binary('min', complex.min)
export const max = binary('max', complex.max)
export const fmin = binary('fmin', complex.fmin)
export const fmax = binary('fmax', complex.fmax)

export const eq = compare('eq', complex.eq)
export const ne = compare('ne', complex.ne)
export const lt = compare('lt', complex.lt)
export const le = compare('le', complex.le)
export const gt = compare('gt', complex.gt)
export const ge = compare('ge', complex.ge)

export const and = binary('and')
export const or = binary('or')
export const xor = binary('xor')
export const not = unary('not')
export const shl = binary('shl')
export const shr = binary('shr')
export const popcount = unary('popcount')
export const gcd = binary('gcd')
export const lcm = binary('lcm')

export const isnan = predicate('isnan', complex.isnan)
export const isinf = predicate('isinf', complex.isinf)
export const isfinite = predicate('isfinite', complex.isfinite)
export const signbit = predicate('signbit')

export const floor = unary('floor')
export const ceil = unary('ceil')
export const trunc = unary('trunc')
export const rint = unary('rint', complex.rint)
export const copysign = binary('copysign')
export const nextafter = binary('nextafter')

export const sqrt = unary('sqrt', complex.sqrt)
export const cbrt = unary('cbrt')
export const exp = unary('exp', complex.exp)
export const exp2 = unary('exp2', complex.exp2)
export const expm1 = unary('expm1', complex.expm1)
export const log = unary('log', complex.log)
export const log2 = unary('log2', complex.log2)
export const log10 = unary('log10', complex.log10)
export const log1p = unary('log1p', complex.log1p)
export const sin = unary('sin', complex.sin)
export const cos = unary('cos', complex.cos)
export const tan = unary('tan', complex.tan)
export const asin = unary('asin', complex.asin)
export const acos = unary('acos', complex.acos)
export const atan = unary('atan', complex.atan)
export const sinh = unary('sinh', complex.sinh)
export const cosh = unary('cosh', complex.cosh)
export const tanh = unary('tanh', complex.tanh)
export const asinh = unary('asinh', complex.asinh)
export const acosh = unary('acosh', complex.acosh)
export const atanh = unary('atanh', complex.atanh)
export const atan2 = binary('atan2')
export const hypot = binary('hypot')
export const erf = unary('erf')
export const erfc = unary('erfc')
export const erfinv = unary('erfinv')
export const lgamma = unary('lgamma')
export const digamma = unary('digamma')
export const trigamma = unary('trigamma')
export const i0 = unary('i0')
export const i0e = unary('i0e')
export const i1 = unary('i1')
export const i1e = unary('i1e')
export const ndtri = unary('ndtri')
export const polygamma = binary('polygamma')
export const zeta = binary('zeta')
export const igamma = binary('igamma')
export const igammac = binary('igammac')
export const chebyshev_t = binary('chebyshev_t')
export const chebyshev_u = binary('chebyshev_u')
export const chebyshev_v = binary('chebyshev_v')
export const chebyshev_w = binary('chebyshev_w')
export const hermite_h = binary('hermite_h')
export const hermite_he = binary('hermite_he')
export const laguerre_l = binary('laguerre_l')
export const legendre_p = binary('legendre_p')

/** `condition ? x : y`. */
export function select(condition: Reg, x: Arg, y: Arg): Sym {
  const [a, b] = lift([x, y])
  const one = (p: Reg, q: Reg) => p.builder.emit('select', p.type, condition.id, p.id, q.id)
  return a instanceof CReg ? new CReg(one(a.re, (b as CReg).re), one(a.im, (b as CReg).im)) : one(a as Reg, b as Reg)
}

/** A real register in another type. */
export const cast = (x: Reg, type: RegisterType): Reg => (x.type === type ? x : x.builder.emit('cast', type, x.id, 0, 0, x.type))

/** The same bits as another type of the same width. */
export const bitcast = (x: Reg, type: RegisterType): Reg => x.builder.emit('bitcast', type, x.id, 0, 0, x.type)

/** Whether a value is not zero (NaN counts as true). */
export const truth = (x: Sym): Reg => (x instanceof CReg ? (or(ne(x.re, 0), ne(x.im, 0)) as Reg) : x.type === 'b1' ? x : ne(x, 0))

export const re = (x: Sym): Reg => (x instanceof CReg ? x.re : x)
export const im = (x: Sym): Reg => (x instanceof CReg ? x.im : constant(0, x))
export const makeComplex = (real: Reg, imag: Reg): CReg => new CReg(real, imag)
export const isComplex = (x: Sym): x is CReg => x instanceof CReg
export const typeOf = partsType
