/**
 * Special functions in plain TypeScript, each with the source of its formula. DLMF is the NIST Digital Library of Mathematical Functions;
 * the kernels' `simd/math/special.rs` has the same formulas where no library serves.
 */

import type { Opcode } from '../../core/opcodes.ts'
import { gammas } from './special_gamma.ts'
import { incompleteGammas } from './special_gamma_inc.ts'
import { polynomials } from './special_polynomials.ts'

const ROOT_PI = Math.sqrt(Math.PI)

/** e^(-x^2): x^2 in two parts, since its rounding error would grow with it. */
function gaussian(x: number): number {
  const high = Math.fround(x)
  return Math.exp(-high * high) * Math.exp(-(x - high) * (x + high))
}

/** Maclaurin's series 2/sqrt(pi) x sum (-x^2)^n / (n! (2n+1)), from its small end (DLMF 7.6.1). */
function erfSeries(x: number): number {
  const q = x * x
  let sum = 0
  for (let n = 19; n >= 1; n--) sum = (-q / n) * (1 / (2 * n + 1) + sum)
  return (2 / ROOT_PI) * x + (2 / ROOT_PI) * x * sum
}

/** Laplace's continued fraction, from its end: e^(-x^2)/sqrt(pi) / (x + (1/2)/(x + 1/(x + (3/2)/(x + ...)))) (DLMF 7.9.1). */
function erfcFraction(x: number): number {
  if (x > 28) return 0
  let tail = x
  for (let n = Math.ceil(200 / (x * x)) + 12; n >= 1; n--) tail = x + n / 2 / tail
  return gaussian(x) / ROOT_PI / tail
}

export function erf(x: number): number {
  if (Number.isNaN(x) || x === 0) return x
  const size = Math.abs(x)
  if (size < 0.75) return erfSeries(x)
  return Math.sign(x) * (1 - erfcFraction(size))
}

export function erfc(x: number): number {
  if (Number.isNaN(x)) return x
  if (x < -0.75) return 2 - erfcFraction(-x)
  return x < 0.5 ? 1 - erf(x) : erfcFraction(x)
}

/** z > 0 with erfc(z) = c for c <= 0.5: Newton's steps on log erfc, which is concave, so that they never pass the root twice. */
function erfcInverse(c: number): number {
  if (c === 0) return Number.POSITIVE_INFINITY
  const log = -Math.log(c)
  let z = Math.sqrt(Math.max(log - 0.5 * Math.log(Math.PI * Math.max(log, 0.1)), 0.1))
  for (let i = 0; i < 12; i++) {
    const value = erfc(z)
    const slope = (2 / ROOT_PI) * gaussian(z)
    // near the root the difference itself is the better measure: its logarithm would lose digits
    const ratio = value / c
    const step = Math.abs(ratio - 1) < 1e-4 ? (value - c) / slope : (Math.log(ratio) * value) / slope
    z += step
    if (Math.abs(step) <= 1e-16 * z) break
  }
  return z
}

export function erfinv(x: number): number {
  if (Number.isNaN(x) || Math.abs(x) > 1) return Number.NaN
  const size = Math.abs(x)
  if (size > 0.5) return Math.sign(x) * erfcInverse(1 - size)
  if (size < 1e-9) return (ROOT_PI / 2) * x
  // Newton's steps on erf from the first terms of its series
  let y = (ROOT_PI / 2) * x * (1 + (Math.PI / 12) * x * x)
  for (let i = 0; i < 4; i++) y -= ((erf(y) - x) * (ROOT_PI / 2)) / gaussian(y)
  return y
}

/** -sqrt(2) erfc^-1(2 p). */
export function ndtri(p: number): number {
  if (Number.isNaN(p) || p < 0 || p > 1) return Number.NaN
  if (p < 0.25) return -Math.SQRT2 * erfcInverse(2 * p)
  if (p > 0.75) return Math.SQRT2 * erfcInverse(2 * (1 - p))
  return Math.SQRT2 * erfinv(2 * p - 1)
}

/** a b as a rounded product and its error (Dekker and Veltkamp). */
function twoProduct(a: number, b: number): [number, number] {
  const split = (x: number): [number, number] => {
    const t = 134217729 * x
    const high = t - (t - x)
    return [high, x - high]
  }
  const p = a * b
  const [ah, al] = split(a)
  const [bh, bl] = split(b)
  return [p, ah * bh - p + ah * bl + al * bh + al * bl]
}

/** (x/2)^v sum (x^2/4)^k / (k! (k+v)!), all terms positive (DLMF 10.25.2), in twice the precision since there may be 60 of them. */
function besselSeries(v: number, x: number): number {
  const [q, qe] = twoProduct(x / 2, x / 2)
  let [term, error] = v === 0 ? [1, 0] : [x / 2, 0]
  let [sum, rest] = [term, 0]
  for (let k = 1; term > sum * 1e-18; k++) {
    const [p, pe] = twoProduct(term, q)
    const n = k * (k + v)
    const next = p / n
    const [back, be] = twoProduct(next, n)
    error = (p - back - be + pe + term * qe + error * q) / n
    term = next
    const total = sum + term
    rest += term - (total - sum) + error
    sum = total
  }
  return sum + rest
}

/** sqrt(2 pi x) e^-x I_v(x) for large x: sum of terms whose ratios are ((2k-1)^2 - 4v^2) / (8 k x) (DLMF 10.40.1). */
function besselTail(v: number, x: number): number {
  let sum = 0
  for (let k = 40; k >= 1; k--) sum = (((2 * k - 1) ** 2 - 4 * v * v) / (8 * k * x)) * (1 + sum)
  return (1 + sum) / Math.sqrt(2 * Math.PI * x)
}

function bessel(v: number, x: number, scaled: boolean): number {
  const size = Math.abs(x)
  if (Number.isNaN(x)) return x
  const sign = v === 1 && (x < 0 || Object.is(x, -0)) ? -1 : 1
  if (size <= 30) return sign * besselSeries(v, size) * (scaled ? Math.exp(-size) : 1)
  if (size === Number.POSITIVE_INFINITY) return scaled ? sign * 0 : sign * size
  const tail = besselTail(v, size)
  if (scaled) return sign * tail
  // e^x in two factors: it leaves the range before the product does
  const half = Math.exp(size / 2)
  return sign * (tail * half) * half
}

/** Instructions that JavaScript's Math lacks. */
export const FUNCTIONS: Partial<Record<Opcode, (a: number, b: number) => number>> = {
  erf,
  erfc,
  erfinv,
  ndtri,
  i0: (x) => bessel(0, x, false),
  i0e: (x) => bessel(0, x, true),
  i1: (x) => bessel(1, x, false),
  i1e: (x) => bessel(1, x, true),
  ...gammas,
  ...incompleteGammas,
  ...polynomials,
}
