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

/** The product where an infinity times NaN parts is an infinity (C99 Annex G), as C multiplies. */
function mulRecovered(x: CReg, y: CReg): CReg {
  const product = mul(x, y)
  const zero = num(0, x)
  const whole = (v: Reg) => s.select(s.isnan(v), s.copysign(zero, v), v)
  const boxed = (z: CReg): CReg => {
    const side = (v: Reg) => s.copysign(s.select(s.isinf(v), num(1, x), zero), v)
    return choose(isinf(z), c(side(z.re), side(z.im)), c(whole(z.re), whole(z.im)))
  }
  const products = [s.mul(x.re, y.re), s.mul(x.im, y.im), s.mul(x.re, y.im), s.mul(x.im, y.re)]
  const overflow = products.map((v) => r(s.isinf(v))).reduce(either)
  const lost = both(both(s.isnan(product.re), s.isnan(product.im)), either(either(isinf(x), isinf(y)), overflow))
  const turned = mul(boxed(x), boxed(y))
  const inf = num(Number.POSITIVE_INFINITY, x)
  return choose(lost, c(s.mul(inf, turned.re), s.mul(inf, turned.im)), product)
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

/** Whether e^|a| overflows, though its product with a sine or cosine may not. */
const overflows = (z: CReg) => r(s.gt(s.abs(z.re), s.typeOf(z) === 'f64' ? 709 : 88))

/** `by scale e^|a|` in steps, for where e^|a| overflows. */
function grown(z: CReg, by: s.Arg, scale: s.Arg = 1): s.Arg {
  const half = s.exp(s.mul(s.abs(z.re), 0.5))
  return s.mul(s.mul(s.mul(by, half), scale), half)
}

/** e^a (cos b + i sin b), with C99's values for infinite parts. */
export function exp(z: CReg): CReg {
  const size = s.exp(z.re)
  const [cosine, sine] = [s.cos(z.im), s.sin(z.im)]
  const large = both(overflows(z), s.gt(z.re, 0))
  const plain = choose(large, c(grown(z, cosine), grown(z, sine)), c(s.mul(size, cosine), s.mul(size, sine)))
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

/** Limits of a register's type: what may be squared, and what hypot takes without overflow or loss. */
const LIMITS = { f64: { far: 1e100, huge: 1e307, tiny: 1e-290 }, f32: { far: 1e12, huge: 1e37, tiny: 1e-30 } } as const
const limitsOf = (z: CReg) => LIMITS[s.typeOf(z) === 'f64' ? 'f64' : 'f32']

/** log|z|, scaled where the modulus overflows or is subnormal. */
function logOfSize(z: CReg): s.Arg {
  const size = r(s.max(s.abs(z.re), s.abs(z.im)))
  const { huge, tiny } = limitsOf(z)
  const pick = (down: number, up: number, one: number) =>
    s.select(s.gt(size, huge), num(down, z), s.select(s.lt(size, tiny), num(up, z), num(one, z)))
  const scale = pick(2 ** -4, 2 ** 60, 1)
  return s.add(s.log(s.hypot(s.mul(z.re, scale), s.mul(z.im, scale))), pick(4 * Math.LN2, -60 * Math.LN2, 0))
}

/** Far from 0, where inverse functions are log(2|z|) and an angle. */
const distant = (z: CReg) => r(s.gt(s.max(s.abs(z.re), s.abs(z.im)), limitsOf(z).far))
const logOfDouble = (z: CReg) => s.add(logOfSize(z), Math.LN2)

/** log|z| + i arg z; near |z| = 1 the modulus goes through log1p. */
export function log(z: CReg): CReg {
  const x = r(s.max(s.abs(z.re), s.abs(z.im)))
  const y = r(s.min(s.abs(z.re), s.abs(z.im)))
  const near = both(s.gt(x, 0.5), s.lt(x, 2))
  const byLog1p = s.mul(0.5, s.log1p(s.add(s.mul(s.sub(x, 1), s.add(x, 1)), s.mul(y, y))))
  const size = s.select(near, byLog1p, logOfSize(z))
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

/**
 * Whole exponents below 100 in size by repeated squaring, others by exp(y log x); 0 to a positive real part is 0. What NumPy does, so that
 * small powers are exact where they can be.
 */
export function pow(x: CReg, y: CReg): CReg {
  const zero = num(0, x)
  const one = num(1, x)
  const nan = num(Number.NaN, x)
  const size = r(s.abs(y.re))
  const whole = both(both(s.eq(y.im, 0), s.eq(s.trunc(y.re), y.re)), s.lt(size, 100))
  let power = c(one, zero)
  let factor = x
  let left = size
  for (let bit = 0; bit < 7; bit++) {
    const half = s.floor(s.mul(left, 0.5))
    const odd = s.ne(s.mul(half, 2), left)
    power = choose(odd, choose(s.eq(size, 2 ** bit), factor, mul(power, factor)), power)
    // the last factor is not squared beyond what is used: it could overflow into NaN
    factor = choose(s.gt(half, 0), mul(factor, factor), factor)
    left = half as Reg
  }
  const byLogarithm = exp(mulRecovered(y, log(x)))
  const ofZero = choose(s.gt(y.re, 0), c(zero, zero), c(nan, nan))
  const base0 = both(s.eq(x.re, 0), s.eq(x.im, 0))
  const small = choose(s.lt(y.re, 0), div(c(one, zero), power), power)
  const general = choose(base0, ofZero, choose(whole, small, byLogarithm))
  return choose(both(s.eq(y.re, 0), s.eq(y.im, 0)), c(one, zero), choose(both(s.eq(y.re, 1), s.eq(y.im, 0)), x, general))
}

/** Special values of C99: a zero or infinite real part stays beside an imaginary part that is not finite. */
export function sinh(z: CReg): CReg {
  const odd = r(s.not(s.isfinite(z.im)))
  const [cosine, sine] = [s.cos(z.im), s.sin(z.im)]
  const large = c(grown(z, cosine, s.copysign(num(0.5, z), z.re)), grown(z, sine, 0.5))
  const plain = choose(overflows(z), large, c(s.mul(s.sinh(z.re), cosine), s.mul(s.cosh(z.re), sine)))
  const edge = s.select(s.isinf(z.re), s.abs(z.re), z.re)
  const re = s.select(both(either(s.eq(z.re, 0), s.isinf(z.re)), odd), edge, plain.re)
  return choose(s.eq(z.im, 0), c(s.sinh(z.re), z.im), c(re, plain.im))
}

/** Special values of C99. */
export function cosh(z: CReg): CReg {
  const odd = r(s.not(s.isfinite(z.im)))
  const [cosine, sine] = [s.cos(z.im), s.sin(z.im)]
  const large = c(grown(z, cosine, 0.5), grown(z, sine, s.copysign(num(0.5, z), z.re)))
  const plain = choose(overflows(z), large, c(s.mul(s.cosh(z.re), cosine), s.mul(s.sinh(z.re), sine)))
  const re = s.select(both(s.isinf(z.re), odd), s.abs(z.re), plain.re)
  const im = s.select(both(s.eq(z.re, 0), odd), num(0, z), plain.im)
  const sign = s.select(s.isnan(z.re), num(1, z), s.copysign(num(1, z), z.re))
  return choose(s.eq(z.im, 0), c(s.cosh(z.re), s.mul(z.im, sign)), c(re, im))
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
  const nan = num(Number.NaN, z)
  const odd = both(r(s.not(s.isfinite(z.im))), r(s.not(s.isinf(z.re))))
  const ofOdd = c(s.select(s.eq(z.re, 0), z.re, nan), nan)
  return choose(s.eq(z.im, 0), c(s.tanh(z.re), z.im), choose(odd, ofOdd, choose(large, flat, plain)))
}

export function sin(z: CReg): CReg {
  const plain = timesMinusI(sinh(timesI(z)))
  const odd = both(s.isinf(z.im), r(s.not(s.isfinite(z.re))))
  return c(plain.re, s.select(odd, s.abs(z.im), plain.im))
}

export function cos(z: CReg): CReg {
  return cosh(timesI(z))
}

export function tan(z: CReg): CReg {
  return timesMinusI(tanh(timesI(z)))
}

/** -i asinh(iz). */
export function asin(z: CReg): CReg {
  return timesMinusI(asinh(timesI(z)))
}

/** Kahan: re = 2 atan2(re sqrt(1-z), re sqrt(1+z)), im = asinh(im(conj(sqrt(1+z)) sqrt(1-z))); special values of C99. */
export function acos(z: CReg): CReg {
  const one = num(1, z)
  const p = sqrt(c(s.sub(one, z.re), s.neg(z.im)))
  const q = sqrt(c(s.add(one, z.re), z.im))
  const near = c(s.mul(2, s.atan2(p.re, q.re)), s.asinh(s.sub(s.mul(q.re, p.im), s.mul(q.im, p.re))))
  const far = c(s.atan2(s.abs(z.im), z.re), s.copysign(logOfDouble(z), s.neg(z.im)))
  const plain = choose(distant(z), far, near)
  const infinite = c(s.atan2(s.abs(z.im), z.re), s.copysign(num(Number.POSITIVE_INFINITY, z), s.neg(z.im)))
  const ofZero = c(num(Math.PI / 2, z), z.im)
  return choose(isinf(z), infinite, choose(both(s.eq(z.re, 0), s.isnan(z.im)), ofZero, plain))
}

export function atan(z: CReg): CReg {
  return timesMinusI(atanh(timesI(z)))
}

/** Kahan's asin of iz, turned back: re = asinh(re ...), im = atan2(b, ...); special values of C99. */
export function asinh(z: CReg): CReg {
  const one = num(1, z)
  // sqrt(1 - iz) and sqrt(1 + iz)
  const p = sqrt(c(s.add(one, z.im), s.neg(z.re)))
  const q = sqrt(c(s.sub(one, z.im), z.re))
  const re = s.asinh(s.sub(s.mul(q.im, p.re), s.mul(q.re, p.im)))
  const im = s.atan2(z.im, s.sub(s.mul(p.re, q.re), s.mul(p.im, q.im)))
  const near = c(s.select(s.eq(z.re, 0), s.copysign(re, z.re), re), s.select(s.eq(z.im, 0), z.im, im))
  const far = c(s.copysign(logOfDouble(z), z.re), s.atan2(z.im, s.abs(z.re)))
  const plain = choose(distant(z), far, near)
  const infinite = c(s.copysign(num(Number.POSITIVE_INFINITY, z), z.re), s.atan2(z.im, s.abs(z.re)))
  return choose(isinf(z), infinite, choose(both(s.eq(z.re, 0), s.eq(z.im, 0)), z, plain))
}

/** acos z turned by i so that the real part is not negative. */
export function acosh(z: CReg): CReg {
  const p = sqrt(c(s.sub(z.re, 1), z.im))
  const q = sqrt(c(s.add(z.re, 1), z.im))
  const near = c(s.asinh(s.add(s.mul(p.re, q.re), s.mul(p.im, q.im))), s.mul(2, s.atan2(p.im, q.re)))
  const plain = choose(distant(z), c(logOfDouble(z), s.atan2(z.im, z.re)), near)
  const infinite = c(num(Number.POSITIVE_INFINITY, z), s.copysign(s.atan2(s.abs(z.im), z.re), z.im))
  const ofZero = c(z.im, num(Math.PI / 2, z))
  return choose(isinf(z), infinite, choose(both(s.eq(z.re, 0), s.isnan(z.im)), ofZero, plain))
}

/** re = log1p(4a / ((1-a)^2 + b^2)) / 4, im = atan2(2b, (1-a)(1+a) - b^2) / 2; far out a / |z|^2 and pi/2. */
export function atanh(z: CReg): CReg {
  const a = s.abs(z.re)
  const below = s.sub(1, a)
  const b2 = s.mul(z.im, z.im)
  const usual = s.mul(0.25, s.log1p(s.div(s.mul(4, a), s.add(s.mul(below, below), b2))))
  // Beside 1, where b^2 vanishes: log(2 / |b|) / 2.
  const beside = both(r(s.eq(below, 0)), r(s.lt(s.abs(z.im), s.typeOf(z) === 'f64' ? 1e-150 : 1e-17)))
  const re = s.select(beside, s.mul(0.5, s.sub(Math.LN2, s.log(s.abs(z.im)))), usual)
  const im = s.mul(0.5, s.atan2(s.mul(2, z.im), s.sub(s.mul(below, s.add(1, a)), b2)))
  const size = s.hypot(z.re, z.im)
  const right = s.copysign(num(Math.PI / 2, z), z.im)
  const far = c(s.div(s.div(a, size), size), right)
  const infinite = c(num(0, z), s.select(s.isnan(z.im), z.im, right))
  const ofZero = c(num(0, z), z.im)
  const plain = choose(distant(z), far, c(re, im))
  const positive = choose(isinf(z), infinite, choose(both(s.eq(z.re, 0), s.isnan(z.im)), ofZero, plain))
  return c(s.copysign(positive.re, z.re), positive.im)
}
