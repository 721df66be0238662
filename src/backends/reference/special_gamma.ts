/** The gamma function's family: lgamma, its derivatives, and Hurwitz's zeta function. */

import type { Opcode } from '../../core/opcodes.ts'

/** (-1)^k (zeta(k) - 1) / k for k = 2, 3, ...: Taylor coefficients of lgamma(2 + z) after (1 - gamma) z (DLMF 5.7.3). */
const LGAMMA_AT_2 = [
  0.3224670334241132, -0.0673523010531981, 0.020580808427784546, -0.007385551028673986, 0.0028905103307415234, -0.001192753911703261,
  0.0005096695247430425, -0.00022315475845357939, 9.945751278180853e-5, -4.492623673813314e-5, 2.050721277567069e-5, -9.439488275268397e-6,
  4.374866789907488e-6, -2.039215753801366e-6, 9.55141213040742e-7, -4.492469198764566e-7, 2.1207184805554665e-7, -1.0043224823968099e-7,
  4.7698101693639804e-8, -2.2711094608943164e-8, 1.0838659214896955e-8, -5.183475041970047e-9, 2.4836745438024785e-9,
  -1.1921401405860912e-9, 5.731367241678862e-10, -2.7595228851242334e-10, 1.330476437424449e-10, -6.4229645638381e-11,
]
const ONE_LESS_GAMMA = 0.42278433509846713

/** Bernoulli numbers B_2, B_4, ... */
const BERNOULLI = [
  1 / 6,
  -1 / 30,
  1 / 42,
  -1 / 30,
  5 / 66,
  -691 / 2730,
  7 / 6,
  -3617 / 510,
  43867 / 798,
  -174611 / 330,
  854513 / 138,
  -236364091 / 2730,
]

const horner = (coefficients: readonly number[], x: number): number => coefficients.reduceRight((sum, c) => sum * x + c, 0)

/** lgamma(2 + z) for |z| <= 1/2, exact near its zero. */
const nearTwo = (z: number): number => z * (ONE_LESS_GAMMA + z * horner(LGAMMA_AT_2, z))

/** x less the nearest whole number, exactly: between -1/2 and 1/2. */
const fraction = (x: number): number => x - Math.round(x)

function lgammaPositive(x: number): number {
  if (x < 0.5) return lgammaPositive(1 + x) - Math.log(x)
  if (x < 1.5) return nearTwo(x - 1) - Math.log1p(x - 1)
  if (x < 2.5) return nearTwo(x - 2)
  if (x < 10) {
    let product = 1
    let y = x
    while (y >= 2.5) {
      y -= 1
      product *= y
    }
    return Math.log(product) + nearTwo(y - 2)
  }
  // Stirling's series (DLMF 5.11.1)
  const r = 1 / (x * x)
  const series =
    x > 1e17
      ? 0
      : horner(
          BERNOULLI.slice(0, 9).map((b, i) => b / ((2 * i + 2) * (2 * i + 1))),
          r,
        ) / x
  return (x - 0.5) * (Math.log(x) - 1) + (0.4189385332046727 + series)
}

export function lgamma(x: number): number {
  if (Number.isNaN(x)) return x
  if (!Number.isFinite(x)) return Number.POSITIVE_INFINITY
  if (x > 0) return x === 1 || x === 2 ? 0 : lgammaPositive(x)
  if (x === Math.floor(x)) return Number.POSITIVE_INFINITY
  // reflection: gamma(x) gamma(1 - x) = pi / sin(pi x) (DLMF 5.5.3)
  const sine = Math.abs(Math.sin(Math.PI * fraction(x)))
  return Math.log(Math.PI / (sine * -x)) - lgammaPositive(-x)
}

export function digamma(x: number): number {
  if (x === 0) return Object.is(x, -0) ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  if (x < 0) {
    if (x === Math.floor(x)) return Number.NaN
    return digamma(1 - x) - Math.PI / Math.tan(Math.PI * fraction(x)) // DLMF 5.5.4
  }
  let shift = 0
  let y = x
  while (y < 10) {
    shift -= 1 / y
    y += 1
  }
  if (y === 10) return shift + 2.251752589066721
  // log y - 1/(2y) - sum B_2k / (2k y^2k) (DLMF 5.11.2)
  const r = 1 / (y * y)
  const series =
    y < 1e17
      ? r *
        horner(
          BERNOULLI.slice(0, 8).map((b, i) => b / (2 * i + 2)),
          r,
        )
      : 0
  return Math.log(y) - 0.5 / y - series + shift
}

export function trigamma(x: number): number {
  if (x < 0.5) {
    if (x === Math.floor(x)) return Number.POSITIVE_INFINITY
    const sine = Math.sin(Math.PI * fraction(x))
    return (Math.PI / sine) ** 2 - trigamma(1 - x) // DLMF 5.15.6
  }
  let shift = 0
  let y = x
  while (y < 10) {
    shift += 1 / (y * y)
    y += 1
  }
  // 1/y + 1/(2y^2) + sum B_2k / y^(2k+1) (DLMF 5.15.8)
  const r = 1 / (y * y)
  return shift + 1 / y + r / 2 + (r / y) * horner(BERNOULLI.slice(0, 9), r)
}

/** Euler and Maclaurin's summation of (k + q)^-x from 12 terms on (DLMF 25.11.5 with its remainder as Bernoulli's series). */
export function zeta(x: number, q: number): number {
  if (Number.isNaN(x) || Number.isNaN(q)) return Number.NaN
  if (x === 1) return Number.POSITIVE_INFINITY
  if (x < 1) return Number.NaN
  if (q <= 0) {
    if (q === Math.floor(q)) return Number.POSITIVE_INFINITY
    if (x !== Math.floor(x)) return Number.NaN
  }
  if (q < -30) {
    // of the terms up to 0 and those above: (-1)^x (zeta(x, 1 - f) - zeta(x, 1 - q)) and zeta(x, f), f the fraction of q
    const f = q - Math.floor(q)
    const below = zeta(x, 1 - f) - zeta(x, 1 - q)
    return zeta(x, f) + (x % 2 === 0 ? below : -below)
  }
  let a = q
  const terms: number[] = []
  for (let k = 0; k < 12 || a <= 9; k++) {
    terms.push(a ** -x)
    a += 1
  }
  const last = a ** -x
  let correction = 0
  let factor = (x * last) / a // x (x+1) ... (x+2j) a^(-x-2j-1) / (2j+2)!
  for (let j = 0; j < 12; j++) {
    const term = factor * BERNOULLI[j]! * (j === 0 ? 0.5 : 1)
    correction += term
    if (Math.abs(term) < 1e-18 * last) break
    const n = 2 * j + 1
    factor = ((j === 0 ? factor * 0.5 : factor) * (x + n) * (x + n + 1)) / ((n + 2) * (n + 3) * a * a)
  }
  let sum = correction + last / 2 + (last * a) / (x - 1)
  for (let k = terms.length - 1; k >= 0; k--) sum += terms[k]!
  return sum
}

/** (-1)^(n+1) n! zeta(n + 1, x) (DLMF 25.11.12). */
export function polygamma(n: number, x: number): number {
  if (n === 0) return digamma(x)
  if (n === 1) return trigamma(x)
  if (!(n > 0) || n !== Math.floor(n)) return Number.NaN
  let factorial = 1
  for (let k = 2; k <= n && factorial < Number.POSITIVE_INFINITY; k++) factorial *= k
  return (n % 2 === 0 ? -1 : 1) * factorial * zeta(n + 1, x)
}

export const gammas: Partial<Record<Opcode, (a: number, b: number) => number>> = { lgamma, digamma, trigamma, polygamma, zeta }
