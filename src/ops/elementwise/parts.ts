/** Signs and sizes: absolute value, sign, copysign, and the parts of a floating number. */

import { complexOf, type DType, int32 } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import { CReg, type Reg, type Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { div, mul, sub } from './arithmetic.ts'
import { where } from './choice.ts'
import { eq } from './comparison.ts'
import { real } from './complex.ts'
import { type Elementwise, type ElementwiseN, type ElementwiseSpec, elementwise, elementwiseN, gate, zerosLike } from './family.ts'

const both = (p: Sym, q: Sym) => s.and(p, q) as Reg
const fromReal = (ct: Value, dtype: DType) => linear.cast(ct, complexOf(dtype))

/** Rules of `|x|`: t sign(x), and of complex numbers Re(conj(sign z) t). */
const absRules: Pick<ElementwiseSpec, 'vjp' | 'jvp'> = {
  vjp: ([ct], { ins, params, inAvals }) => {
    if (!ct) return [null]
    const dtype = params.dtype ?? inAvals[0]!.dtype
    const x = linear.cast(ins[0]!, dtype)
    return [linear.cast(mul(dtype.isComplex ? fromReal(ct, dtype) : ct, sgn(x)), inAvals[0]!.dtype)]
  },
  jvp: ([t], ins, _, params) => {
    if (!t) return [null]
    const dtype = params.dtype ?? ins[0]!.dtype
    const x = linear.cast(ins[0]!, dtype)
    const d = linear.cast(t, dtype)
    return [dtype.isComplex ? real(mul(linear.conj(sgn(x)), d)) : mul(d, sgn(x))]
  },
}

/** Absolute value; the modulus of complex numbers. */
export const abs: Elementwise = elementwise({
  name: 'absolute',
  nin: 1,
  accepts: 'biufcO',
  out: 'real',
  scalar: (x) => (x instanceof CReg || (x.type !== 'b1' && x.type !== 'u32' && x.type !== 'u64') ? s.abs(x) : x),
  ...absRules,
  gradName: 'AbsBackward0',
  object: (x) => (x < 0 ? -x : x),
})

/** z / |z| by C99-like cases: 0 at 0, the axis of an infinite part, NaN of two. */
function complexSign(z: CReg): Sym {
  const size = s.abs(z) as Reg
  const zero = s.constant(0, z)
  const unit = (x: Reg) => s.copysign(s.constant(1, x), x) as Reg
  const byReal = new CReg(unit(z.re), zero)
  const byImag = new CReg(zero, unit(z.im))
  const nan = s.constant(Number.NaN, z)
  const infinite = s.select(both(s.isinf(z.re), s.isinf(z.im)), new CReg(nan, nan), s.select(s.isinf(z.re), byReal, byImag))
  const finite = new CReg(s.div(z.re, size) as Reg, s.div(z.im, size) as Reg)
  return s.select(s.isinf(size), infinite, s.select(s.eq(size, 0), new CReg(zero, zero), finite))
}

function realSign(x: Reg): Sym {
  if (x.type === 'b1') return x
  return s.select(
    s.gt(x, 0),
    s.constant(1, x),
    s.select(s.lt(x, 0), s.constant(x.type[0] === 'u' ? 0 : -1, x), s.select(s.eq(x, 0), s.constant(0, x), x)),
  )
}

/** Rules of the sign: zero for reals; of complex numbers (t - w Re(conj(w) t)) / |z| with w the sign, its own transpose. */
function signTangent(t: Value, z: Value, w: Value): Value {
  if (!z.dtype.isComplex) return zerosLike(t)
  const size = abs(z)
  const along = linear.cast(real(mul(linear.conj(w), t)), z.dtype)
  return where(eq(size, 0), 0, div(sub(t, mul(w, along)), linear.cast(size, z.dtype)))
}

const signRules: Pick<ElementwiseSpec, 'vjp' | 'jvp'> = {
  vjp: ([ct], { ins, outs, params, inAvals }) => {
    if (!ct) return [null]
    const z = linear.cast(ins[0]!, params.dtype ?? inAvals[0]!.dtype)
    return [linear.cast(signTangent(ct, z, outs[0]!), inAvals[0]!.dtype)]
  },
  jvp: ([t], ins, outs, params) => {
    if (!t) return [null]
    const dtype = params.dtype ?? ins[0]!.dtype
    return [signTangent(linear.cast(t, dtype), linear.cast(ins[0]!, dtype), outs[0]!)]
  },
}

/** sign, but 0 of NaN: PyTorch's sign and sgn. */
export const sgn: Elementwise = elementwise({
  name: 'sgn',
  nin: 1,
  accepts: 'biufc',
  scalar: (x) => {
    if (x instanceof CReg) return complexSign(x)
    return s.select(s.eq(x, x), realSign(x), s.constant(0, x))
  },
  ...signRules,
  saves: 'both',
  gradName: 'SignBackward0',
})

/** -1, 0 or 1 by sign, NaN of NaN; `z / |z|` of complex numbers. */
export const sign: Elementwise = elementwise({
  name: 'sign',
  nin: 1,
  accepts: 'biufcO',
  scalar: (x) => (x instanceof CReg ? complexSign(x) : realSign(x)),
  ...signRules,
  saves: 'both',
  object: (x) => (x > 0 ? 1 : x < 0 ? -1 : 0),
})

/** The size of the first with the sign of the second; the derivative is 0 at 0. */
export const copysign: Elementwise = elementwise({
  name: 'copysign',
  nin: 2,
  accepts: 'f',
  scalar: (a, b) => s.copysign(a, b),
  partials: [(t, at) => signRatio(t, at.a, at.b), (t) => zerosLike(t)],
})
const signRatio = gate('sign_ratio', 3, (t, a, b) => {
  const turned = s.select(s.ne(s.signbit(a), s.signbit(b)), s.neg(t), t)
  return s.select(s.isnan(a), s.mul(t, a), s.select(s.eq(a, 0), 0, turned))
})

/** The next float after the first towards the second. */
export const nextafter: Elementwise = elementwise({
  name: 'nextafter',
  nin: 2,
  accepts: 'f',
  scalar: (a, b) => s.nextafter(a, b),
  scalarFor: (dtype) => (a, b) => nextAfterOf(dtype, a as Reg, b as Reg),
  partials: [(t, at) => movedShare(t, at.a, at.b), (t) => zerosLike(t)],
  gradName: 'NextafterBackward0',
})
const movedShare = gate('moved_share', 3, (t, a, b) => s.select(s.ne(a, b), t, 0))

/** The gap to the next float away from zero, with the sign of x (of float16, to the next above, as NumPy has it); NaN at infinity. */
export const spacing = elementwise({
  name: 'spacing',
  nin: 1,
  accepts: 'f',
  scalar: (x) => x,
  scalarFor: (dtype) => (x) => {
    const towards = s.copysign(s.constant(Number.POSITIVE_INFINITY, x), dtype.name === 'float16' ? s.constant(1, x) : x) as Reg
    const gap = s.sub(nextAfterOf(dtype, x as Reg, towards), x)
    return s.select(s.isinf(x), s.constant(Number.NaN, x), s.select(s.eq(x, 0), s.abs(gap), gap))
  },
  constant: true,
})

/** nextafter on the grid of a storage dtype; float16 and bfloat16 live in f32 registers as numbers with low bits zero. */
function nextAfterOf(dtype: DType, x: Reg, y: Reg): Reg {
  if (dtype.itemsize >= 4) return s.nextafter(x, y) as Reg
  const isHalf = dtype.name === 'float16'
  const like = (value: number) => s.constant(value, x)
  const size = s.abs(x) as Reg
  const outward = s.eq(s.gt(y, x), s.gt(x, 0))
  // bits: one step of the mantissa's last kept bit; bfloat16 shares float32's exponents, subnormals included
  const bits = s.bitcast(size, 'i32')
  const unit = isHalf ? 0x2000 : 0x10000
  const stepped = s.bitcast(s.select(outward, s.add(bits, unit), s.sub(bits, unit)) as Reg, 'f32')
  const tiny = isHalf ? 2 ** -24 : 2 ** -133
  let moved: Sym = stepped
  if (isHalf) {
    const subnormal = s.or(s.lt(size, 2 ** -14), both(s.eq(size, 2 ** -14), s.not(outward))) as Reg
    moved = s.select(subnormal, s.select(outward, s.add(size, tiny), s.sub(size, tiny)), stepped)
    moved = s.select(s.gt(moved, 65504), s.select(outward, like(Number.POSITIVE_INFINITY), like(65504)), moved)
  }
  const signed = s.copysign(moved, x)
  const fromZero = s.select(s.gt(y, 0), like(tiny), like(-tiny))
  // equal signed zeros: NumPy's half gives the first, C's nextafter the second
  const result = s.select(s.eq(x, y), isHalf ? x : y, s.select(s.eq(x, 0), fromZero, signed))
  return s.select(s.or(s.isnan(x), s.isnan(y)) as Reg, like(Number.NaN), result) as Reg
}

/** 0 below zero, the second value at zero, 1 above. */
export const heaviside = elementwise({
  name: 'heaviside',
  nin: 2,
  accepts: 'biuf',
  scalar: (x, h) => {
    const one = s.constant(1, x)
    const zero = s.constant(0, x)
    const sides = s.select(s.lt(x, zero), zero, s.select(s.gt(x, zero), one, h))
    return (x as Reg).type[0] === 'f' ? s.select(s.isnan(x), x, sides) : sides
  },
  constant: true,
})

/** A float scaled by 2^n exactly, rounded once: three factors, the last of which alone may leave the normal range. */
function scaleByPower(x: Reg, n: Reg): Reg {
  const wide = x.type === 'f64'
  const [bits, bias, low, mantissa] = wide ? [52, 1023, -1022, 53] : [23, 127, -126, 24]
  const int = wide ? 'i64' : 'i32'
  const power = (e: Sym): Reg => s.bitcast(s.shl(s.add(s.cast(e as Reg, int), bias!), bits!) as Reg, x.type)
  const limit = (e: Sym): Sym => s.max(s.min(e, bias!), low!)
  const bounded = s.max(s.min(n, 4 * bias!), -4 * bias!)
  // downwards leave `mantissa` bits of headroom at each step, so that only the last one can round
  const down = (e: Sym): Sym => s.max(s.min(e, bias!), low! + mantissa!)
  const first = s.select(s.lt(bounded, 0), down(bounded), limit(bounded))
  const rest = s.sub(bounded, first)
  const second = s.select(s.lt(rest, 0), down(rest), limit(rest))
  const last = s.sub(rest, second)
  const third = s.select(s.lt(last, 0), limit(last), limit(last))
  return s.mul(s.mul(s.mul(x, power(first)), power(second)), power(third)) as Reg
}

/** Mantissa in [0.5, 1) and exponent of 2; zeros, infinities and NaN are their own mantissas, with exponent 0. */
export const frexp: ElementwiseN = elementwiseN({
  name: 'frexp',
  nin: 1,
  accepts: 'f',
  out: ['same', () => int32],
  scalar: (x) => {
    const v = x as Reg
    const wide = v.type === 'f64'
    const int = wide ? 'i64' : 'i32'
    const [bits, bias, lift] = wide ? [52, 1023, 54] : [23, 127, 25]
    const size = s.abs(v) as Reg
    const subnormal = s.lt(size, wide ? 2 ** -1022 : 2 ** -126)
    const scaled = s.select(subnormal, s.mul(v, 2 ** lift!), v) as Reg
    const word = s.bitcast(s.abs(scaled) as Reg, int)
    const exponent = s.sub(s.sub(s.shr(word, bits!), bias! - 1), s.select(subnormal, s.constant(lift!, word), 0))
    const mantissaBits = s.or(
      s.and(word, s.constant((1n << BigInt(bits!)) - 1n, word)),
      s.constant(BigInt(bias! - 1) << BigInt(bits!), word),
    )
    const special = s.or(s.eq(v, 0), s.not(s.isfinite(v))) as Reg
    const mantissa = s.copysign(s.bitcast(mantissaBits as Reg, v.type), v)
    return [s.select(special, v, mantissa), s.cast(s.select(special, 0, exponent) as Reg, 'i32')]
  },
  vjp: ([ct], { outs }) => [ct && scaledDown(ct, outs[1]!)],
  jvp: ([t], _, outs) => [t && scaledDown(t, outs[1]!), null],
  saves: 'outs',
})
const scaledDown = (t: Value, exponent: Value): Value => ldexp(t, linear.cast(sub(linear.full([], 0, int32, t.device), exponent), int32))

/** `x 2^n` for integers n. */
export const ldexp: Elementwise = elementwise({
  name: 'ldexp',
  nin: 2,
  accepts: 'f',
  takes: [null, int32],
  scalar: (x, n) => scaleByPower(x as Reg, n as Reg),
  partials: [(t, at) => ldexp(t, at.b), null],
})

/** Fraction and whole part, both with the sign of x. */
export const modf: ElementwiseN = elementwiseN({
  name: 'modf',
  nin: 1,
  accepts: 'f',
  out: ['same', 'same'],
  scalar: (x) => {
    const whole = s.trunc(x)
    return [s.copysign(s.select(s.isinf(x), s.constant(0, x), s.sub(x, whole)), x), whole]
  },
  vjp: ([ct]) => [ct ?? null],
  jvp: ([t]) => [t ?? null, null],
  saves: 'none',
})
