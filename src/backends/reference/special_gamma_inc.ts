/** The regularized incomplete gamma functions. */

import type { Opcode } from '../../core/opcodes.ts'
import { lgamma } from './special_gamma.ts'

const EPS = 2 ** -52
const MOST_STEPS = 200_000

/** log(1 + u) - u for u > -1, without cancellation near 0: with r = u / (2 + u), log(1 + u) = 2 (r + r^3/3 + r^5/5 ...). */
function log1pLess(u: number): number {
  if (Math.abs(u) > 0.4) return Math.log1p(u) - u
  const r = u / (2 + u)
  const square = r * r
  let sum = 0
  for (let power = square, k = 3; power / k > 1e-18 * square; power *= square, k += 2) sum += power / k
  return r * (2 * sum - u)
}

/** gamma(a + 1) for 0 <= a < 20, by the recurrence from gamma of 1 to 2. */
function factorial(a: number): number {
  let product = 1
  let z = a + 1
  while (z > 2) {
    z -= 1
    product *= z
  }
  return product * Math.exp(lgamma(z))
}

/** x^a e^-x / gamma(a + 1). */
function factor(a: number, x: number): number {
  if (a < 20) {
    if (x < 700) return (x ** a * Math.exp(-x)) / factorial(a)
    return Math.exp(a * Math.log(x) - x - lgamma(a + 1))
  }
  // Stirling's series takes gamma(a + 1) apart: sqrt(2 pi a) (a / e)^a e^(1/12a - 1/360a^3 + 1/1260a^5 - 1/1680a^7)
  const r = 1 / (a * a)
  const tail = (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r / 1188)))) / a
  return Math.exp(a * log1pLess((x - a) / a) - tail) / Math.sqrt(2 * Math.PI * a)
}

/** P(a, x) by its power series (DLMF 8.11.4). */
function lowerSeries(a: number, x: number): number {
  let term = 1
  let sum = 1
  for (let i = 1; i < MOST_STEPS; i++) {
    term *= x / (a + i)
    sum += term
    if (term <= EPS * 0.25 * sum) break
  }
  return sum * factor(a, x)
}

/** Q(a, x) by its continued fraction (DLMF 8.9.2), after Lentz. */
function upperFraction(a: number, x: number): number {
  let b = x + 1 - a
  let c = Number.MAX_VALUE
  let d = 1 / b
  let h = d
  for (let i = 1; i < MOST_STEPS; i++) {
    const n = -i * (i - a)
    b += 2
    d = 1 / (n * d + b || 2 ** -1022)
    c = b + n / c || 2 ** -1022
    h *= c * d
    if (Math.abs(c * d - 1) <= EPS * 0.5) break
  }
  return factor(a, x) * a * h
}

/** Q(a, x) for small x and a: 1 - x^a / gamma(a + 1) taken together, less the rest of the series of P. */
function upperSmall(a: number, x: number): number {
  let power = 1
  let sum = 0
  for (let n = 1; n < 200; n++) {
    power *= -x / n
    const term = power / (a + n)
    sum += term
    if (Math.abs(term) <= EPS * 0.5 * Math.abs(sum)) break
  }
  const log = a * Math.log(x)
  return -Math.expm1(log - lgamma(a + 1)) - Math.exp(log - lgamma(a)) * sum
}

/** Values at the edges: P and Q. */
function edge(a: number, x: number): readonly [number, number] | null {
  if (Number.isNaN(a) || Number.isNaN(x) || a < 0 || x < 0) return [Number.NaN, Number.NaN]
  if (a === 0) return x > 0 ? [1, 0] : [Number.NaN, Number.NaN]
  if (x === 0) return [0, 1]
  if (a === Infinity) return x === Infinity ? [Number.NaN, Number.NaN] : [0, 1]
  return x === Infinity ? [1, 0] : null
}

/** Whether Q of a point below 1.1 is better had from its own series. */
const isSmall = (a: number, x: number): boolean => (x <= 0.5 ? -0.4 / Math.log(x) >= a : x * 1.1 >= a)

function igamma(a: number, x: number): number {
  const at = edge(a, x)
  if (at) return at[0]
  return x > 1 && x > a ? 1 - igammac(a, x) : lowerSeries(a, x)
}

function igammac(a: number, x: number): number {
  const at = edge(a, x)
  if (at) return at[1]
  if (x <= 1.1) return isSmall(a, x) ? upperSmall(a, x) : 1 - lowerSeries(a, x)
  return x < a ? 1 - lowerSeries(a, x) : upperFraction(a, x)
}

/** P(a, x) and Q(a, x) = 1 - P(a, x). */
export const incompleteGammas: Partial<Record<Opcode, (a: number, b: number) => number>> = { igamma, igammac }
