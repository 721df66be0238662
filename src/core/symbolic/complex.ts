/** Complex arithmetic and functions written in real instructions; special values follow C99 Annex G where noted. */

import { CReg, type Reg } from './builder.ts'
import * as s from './scalar.ts'

const c = (re: s.Arg, im: s.Arg): CReg => new CReg(re as Reg, im as Reg)
const r = (x: s.Arg) => x as Reg
const choose = (p: Reg, x: CReg, y: CReg): CReg => s.select(p, x, y) as CReg
const both = (p: Reg, q: Reg) => s.and(p, q) as Reg
const either = (p: Reg, q: Reg) => s.or(p, q) as Reg
const num = (value: number, like: CReg) => s.constant(value, like)
/** i * z and -i * z, exactly. */
const timesI = (z: CReg) => c(s.neg(z.im), z.re)
const timesMinusI = (z: CReg) => c(z.im, s.neg(z.re))

export function add(x: CReg, y: CReg): CReg {
  return c(s.add(x.re, y.re), s.add(x.im, y.im))
}

export function sub(x: CReg, y: CReg): CReg {
  return c(s.sub(x.re, y.re), s.sub(x.im, y.im))
}

export function mul(x: CReg, y: CReg): CReg {
  return c(s.sub(s.mul(x.re, y.re), s.mul(x.im, y.im)), s.add(s.mul(x.re, y.im), s.mul(x.im, y.re)))
}

/** Smith's division, as NumPy does it: scales by the larger part of the divisor. */
export function div(x: CReg, y: CReg): CReg {
  const byReal = r(s.ge(s.abs(y.re), s.abs(y.im)))
  const zero = both(byReal, both(s.eq(y.re, 0), s.eq(y.im, 0)))
  const big = s.select(byReal, y.re, y.im) as Reg
  const small = s.select(byReal, y.im, y.re) as Reg
  const ratio = s.div(small, big)
  const scale = s.div(1, s.add(big, s.mul(small, ratio)))
  const re = s.select(byReal, s.add(x.re, s.mul(x.im, ratio)), s.add(s.mul(x.re, ratio), x.im))
  const im = s.select(byReal, s.sub(x.im, s.mul(x.re, ratio)), s.sub(s.mul(x.im, ratio), x.re))
  const whole = c(s.mul(re, scale), s.mul(im, scale))
  return choose(zero, c(s.div(x.re, s.abs(y.re)), s.div(x.im, s.abs(y.re))), whole)
}

export function neg(x: CReg): CReg {
  return c(s.neg(x.re), s.neg(x.im))
}

export function abs(x: CReg): Reg {
  return r(s.hypot(x.re, x.im))
}

export function eq(x: CReg, y: CReg): Reg {
  return both(s.eq(x.re, y.re), s.eq(x.im, y.im))
}

export function ne(x: CReg, y: CReg): Reg {
  return either(s.ne(x.re, y.re), s.ne(x.im, y.im))
}

/** Lexicographic order; false beside a NaN. */
export function lt(x: CReg, y: CReg): Reg {
  const ordered = both(r(s.not(s.isnan(x.im))), r(s.not(s.isnan(y.im))))
  return either(both(s.lt(x.re, y.re), ordered), both(s.eq(x.re, y.re), s.lt(x.im, y.im)))
}

export function le(x: CReg, y: CReg): Reg {
  const ordered = both(r(s.not(s.isnan(x.im))), r(s.not(s.isnan(y.im))))
  return either(both(s.lt(x.re, y.re), ordered), both(s.eq(x.re, y.re), s.le(x.im, y.im)))
}

export function gt(x: CReg, y: CReg): Reg {
  return lt(y, x)
}

export function ge(x: CReg, y: CReg): Reg {
  return le(y, x)
}

export function isnan(x: CReg): Reg {
  return either(s.isnan(x.re), s.isnan(x.im))
}

export function isinf(x: CReg): Reg {
  return either(s.isinf(x.re), s.isinf(x.im))
}

export function isfinite(x: CReg): Reg {
  return both(s.isfinite(x.re), s.isfinite(x.im))
}

/** NaN in the first operand wins, then NaN in the second, as NumPy's. */
export function max(x: CReg, y: CReg): CReg {
  return choose(either(isnan(x), ge(x, y)), x, y)
}

export function min(x: CReg, y: CReg): CReg {
  return choose(either(isnan(x), le(x, y)), x, y)
}

export function fmax(x: CReg, y: CReg): CReg {
  return choose(either(isnan(y), ge(x, y)), x, y)
}

export function fmin(x: CReg, y: CReg): CReg {
  return choose(either(isnan(y), le(x, y)), x, y)
}

export function rint(x: CReg): CReg {
  return c(s.rint(x.re), s.rint(x.im))
}

/** e^a (cos b + i sin b), with C99's values for infinite parts. */
export function exp(z: CReg): CReg {
  const size = s.exp(z.re)
  const plain = c(s.mul(size, s.cos(z.im)), s.mul(size, s.sin(z.im)))
  const realOnly = c(size, z.im)
  const zero = num(0, z)
  // exp(-inf + i*(inf or nan)) = 0; exp(inf + i*(inf or nan)) = inf + i*nan
  const edge = choose(s.lt(z.re, 0), c(zero, zero), c(num(Number.POSITIVE_INFINITY, z), num(Number.NaN, z)))
  const atInfinity = both(s.isinf(z.re), r(s.not(s.isfinite(z.im))))
  return choose(s.eq(z.im, 0), realOnly, choose(atInfinity, edge, plain))
}

export function exp2(z: CReg): CReg {
  return exp(c(s.mul(z.re, Math.LN2), s.mul(z.im, Math.LN2)))
}

/** expm1(a) cos b - 2 sin(b/2)^2, e^a sin b: no cancellation near 0. */
export function expm1(z: CReg): CReg {
  const half = s.sin(s.mul(z.im, 0.5))
  const re = s.sub(s.mul(s.expm1(z.re), s.cos(z.im)), s.mul(2, s.mul(half, half)))
  return c(re, s.mul(s.exp(z.re), s.sin(z.im)))
}

/** log|z| + i arg z; near |z| = 1 the modulus goes through log1p. */
export function log(z: CReg): CReg {
  const x = r(s.max(s.abs(z.re), s.abs(z.im)))
  const y = r(s.min(s.abs(z.re), s.abs(z.im)))
  const near = both(s.gt(x, 0.5), s.lt(x, 2))
  const byLog1p = s.mul(0.5, s.log1p(s.add(s.mul(s.sub(x, 1), s.add(x, 1)), s.mul(y, y))))
  const size = s.select(near, byLog1p, s.log(s.hypot(z.re, z.im)))
  return c(size, s.atan2(z.im, z.re))
}

export function log2(z: CReg): CReg {
  const w = log(z)
  return c(s.mul(w.re, Math.LOG2E), s.mul(w.im, Math.LOG2E))
}

export function log10(z: CReg): CReg {
  const w = log(z)
  return c(s.mul(w.re, Math.LOG10E), s.mul(w.im, Math.LOG10E))
}

export function log1p(z: CReg): CReg {
  const size = s.hypot(s.add(z.re, 1), z.im)
  const small = s.lt(r(s.add(s.abs(z.re), s.abs(z.im))), 0.5)
  const square = s.add(s.mul(z.re, s.add(2, z.re)), s.mul(z.im, z.im))
  return c(s.select(small, s.mul(0.5, s.log1p(square)), s.log(size)), s.atan2(z.im, s.add(z.re, 1)))
}

/** Principal root: t = sqrt((|a| + |z|) / 2), scaled against overflow and underflow. */
export function sqrt(z: CReg): CReg {
  const big = s.gt(r(s.max(s.abs(z.re), s.abs(z.im))), s.typeOf(z) === 'f64' ? 1e300 : 1e37)
  const tiny = s.lt(r(s.max(s.abs(z.re), s.abs(z.im))), s.typeOf(z) === 'f64' ? 1e-290 : 1e-30)
  const down = s.select(big, s.constant(0.0625, z), s.select(tiny, s.constant(2 ** 56, z), s.constant(1, z)))
  const up = s.select(big, s.constant(4, z), s.select(tiny, s.constant(2 ** -28, z), s.constant(1, z)))
  const a = s.mul(z.re, down)
  const b = s.mul(z.im, down)
  const t = s.sqrt(s.mul(s.add(s.abs(a), s.hypot(a, b)), 0.5))
  const other = s.div(s.abs(b), s.mul(t, 2))
  const right = r(s.not(s.signbit(z.re)))
  const re = s.mul(s.select(right, t, other), up)
  const im = s.copysign(s.mul(s.select(right, other, t), up), z.im)
  const zero = num(0, z)
  const inf = num(Number.POSITIVE_INFINITY, z)
  const finite = choose(both(s.eq(z.re, 0), s.eq(z.im, 0)), c(zero, z.im), c(re, im))
  const atMinusInf = c(s.select(s.isnan(z.im), z.im, zero), s.copysign(inf, z.im))
  const atInf = c(inf, s.select(s.isnan(z.im), z.im, s.copysign(zero, z.im)))
  const realInf = choose(s.signbit(z.re), atMinusInf, atInf)
  return choose(s.isinf(z.im), c(inf, z.im), choose(s.isinf(z.re), realInf, finite))
}

/** exp(y log x); powers 0, 1, 2, 3 exact by multiplication, 0 to a positive real part is 0. */
export function pow(x: CReg, y: CReg): CReg {
  const zero = num(0, x)
  const one = num(1, x)
  const realPower = s.eq(y.im, 0)
  const is = (n: number) => both(realPower, s.eq(y.re, n))
  const square = mul(x, x)
  const general = exp(mul(y, log(x)))
  const ofZero = choose(s.gt(y.re, 0), c(zero, zero), c(num(Number.NaN, x), num(Number.NaN, x)))
  const base0 = both(s.eq(x.re, 0), s.eq(x.im, 0))
  const powers = choose(is(1), x, choose(is(2), square, choose(is(3), mul(square, x), choose(base0, ofZero, general))))
  return choose(is(0), c(one, zero), powers)
}

export function sinh(z: CReg): CReg {
  const plain = c(s.mul(s.sinh(z.re), s.cos(z.im)), s.mul(s.cosh(z.re), s.sin(z.im)))
  return choose(s.eq(z.im, 0), c(s.sinh(z.re), z.im), plain)
}

export function cosh(z: CReg): CReg {
  const plain = c(s.mul(s.cosh(z.re), s.cos(z.im)), s.mul(s.sinh(z.re), s.sin(z.im)))
  return choose(s.eq(z.im, 0), c(s.cosh(z.re), s.mul(z.im, s.copysign(s.constant(1, z), z.re))), plain)
}

/** Kahan's formula, which does not overflow. */
export function tanh(z: CReg): CReg {
  const large = s.gt(s.abs(z.re) as Reg, s.typeOf(z) === 'f64' ? 22 : 11)
  const t = s.tan(z.im)
  const beta = s.add(1, s.mul(t, t))
  const sh = s.sinh(z.re)
  const rho = s.sqrt(s.add(1, s.mul(sh, sh)))
  const below = s.add(1, s.mul(s.mul(beta, sh), sh))
  const plain = c(s.div(s.mul(s.mul(beta, rho), sh), below), s.div(t, below))
  const e = s.exp(s.neg(s.abs(z.re)))
  const tail = s.mul(4, s.mul(s.mul(s.sin(z.im), s.cos(z.im)), s.mul(e, e)))
  const flat = c(s.copysign(s.constant(1, z), z.re), s.select(s.isfinite(z.im), tail, s.copysign(s.constant(0, z), z.im)))
  return choose(s.eq(z.im, 0), c(s.tanh(z.re), z.im), choose(large, flat, plain))
}

export function sin(z: CReg): CReg {
  return timesMinusI(sinh(timesI(z)))
}

export function cos(z: CReg): CReg {
  return cosh(timesI(z))
}

export function tan(z: CReg): CReg {
  return timesMinusI(tanh(timesI(z)))
}

/** Kahan: re = atan2(a, re(sqrt(1-z) sqrt(1+z))), im = asinh(im(conj(sqrt(1-z)) sqrt(1+z))). */
export function asin(z: CReg): CReg {
  const one = num(1, z)
  const zero = num(0, z)
  const p = sqrt(c(s.sub(one, z.re), s.neg(z.im)))
  const q = sqrt(c(s.add(one, z.re), z.im))
  const re = s.atan2(z.re, s.sub(s.mul(p.re, q.re), s.mul(p.im, q.im)))
  const im = s.asinh(s.sub(s.mul(p.re, q.im), s.mul(p.im, q.re)))
  return choose(both(s.eq(z.re, 0), s.eq(z.im, 0)), z, c(s.select(s.eq(z.re, 0), zero, re), im))
}

/** Kahan: re = 2 atan2(re sqrt(1-z), re sqrt(1+z)), im = asinh(im(conj(sqrt(1+z)) sqrt(1-z))). */
export function acos(z: CReg): CReg {
  const one = num(1, z)
  const p = sqrt(c(s.sub(one, z.re), s.neg(z.im)))
  const q = sqrt(c(s.add(one, z.re), z.im))
  return c(s.mul(2, s.atan2(p.re, q.re)), s.asinh(s.sub(s.mul(q.re, p.im), s.mul(q.im, p.re))))
}

export function atan(z: CReg): CReg {
  return timesMinusI(atanh(timesI(z)))
}

export function asinh(z: CReg): CReg {
  return timesMinusI(asin(timesI(z)))
}

/** Kahan: re = asinh(re(conj(sqrt(z-1)) sqrt(z+1))), im = 2 atan2(im sqrt(z-1), re sqrt(z+1)). */
export function acosh(z: CReg): CReg {
  const p = sqrt(c(s.sub(z.re, 1), z.im))
  const q = sqrt(c(s.add(z.re, 1), z.im))
  return c(s.asinh(s.add(s.mul(p.re, q.re), s.mul(p.im, q.im))), s.mul(2, s.atan2(p.im, q.re)))
}

/** re = log1p(4a / ((1-a)^2 + b^2)) / 4, im = atan2(2b, (1-a)(1+a) - b^2) / 2. */
export function atanh(z: CReg): CReg {
  const a = s.abs(z.re)
  const below = s.sub(1, a)
  const b2 = s.mul(z.im, z.im)
  const re = s.mul(0.25, s.log1p(s.div(s.mul(4, a), s.add(s.mul(below, below), b2))))
  const im = s.mul(0.5, s.atan2(s.mul(2, z.im), s.sub(s.mul(below, s.add(1, a)), b2)))
  return c(s.copysign(re, z.re), im)
}
