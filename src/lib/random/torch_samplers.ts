/** Samplers that reject and try again, drawing as PyTorch's do: gamma, Poisson and binomial numbers one at a time. */

import type { MersenneStream } from './mersenne.ts'

/** Rounding to the dtype that a parameter is computed in: `Math.fround`, or none. */
export type Round = (x: number) => number

/**
 * A gamma number of shape `alpha` and rate 1, by Marsaglia and Tsang's method (A simple method for generating gamma variables, 2000). Shapes below 1 are
 * raised by one and the result scaled by a power of a uniform number.
 */
export function sampleGamma(alpha: number, stream: MersenneStream, round: Round): number {
  let scale = 1
  if (alpha < 1) {
    if (alpha === 0) return 0
    scale = (1 - stream.uniform()) ** round(1 / alpha)
    alpha = round(alpha + 1)
  }
  const d = round(alpha - Math.fround(1 / 3))
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    let x: number
    let y: number
    do {
      x = stream.normal()
      y = 1 + c * x
    } while (y <= 0)
    const v = y * y * y
    const u = 1 - stream.uniform()
    const xx = x * x
    if (u < 1 - Math.fround(0.0331) * xx * xx || Math.log(u) < 0.5 * xx + d * (1 - v + Math.log(v))) return scale * d * v
  }
}

/** Logarithm of n! for whole n, from Stirling's series where a product is not exact. */
function logFactorial(n: number): number {
  if (n < 2) return 0
  if (n < 20) {
    let product = 1
    for (let i = 2; i <= n; i++) product *= i
    return Math.log(product)
  }
  const x = n + 1
  const s = 1 / (x * x)
  return (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI) + (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s / 1680))) / x
}

/** A Poisson number of a mean: by products of uniform numbers below 10, else by Hoermann's transformed rejection (PTRS, 1993). */
export function samplePoisson(mean: number, stream: MersenneStream): number {
  if (mean === 0) return 0
  if (mean < 10) {
    const limit = Math.exp(-mean)
    let product = stream.uniform()
    let count = 0
    while (product > limit) {
      count++
      product *= stream.uniform()
    }
    return count
  }
  const root = Math.sqrt(mean)
  const logMean = Math.log(mean)
  const b = 0.931 + 2.53 * root
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const vr = 0.9277 - 3.6224 / (b - 2)
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = stream.uniform()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + mean + 0.43)
    if (us >= 0.07 && v <= vr) return k
    if (k < 0 || (us < 0.013 && v > us)) continue
    const left = Math.log(v) + Math.log(inverseAlpha) - Math.log(a / (us * us) + b)
    if (left <= -mean + k * logMean - logFactorial(k)) return k
  }
}

/** What Stirling's formula leaves out of log k!. */
function stirlingTail(k: number): number {
  if (k <= 9) return logFactorial(k) - ((k + 0.5) * Math.log(k + 1) - (k + 1) + 0.5 * Math.log(2 * Math.PI))
  const s = 1 / ((k + 1) * (k + 1))
  return (1 / 12 - (1 / 360 - s / 1260) * s) / (k + 1)
}

/** A binomial number of `count` trials: by geometric gaps where few succeed, else by Hoermann's transformed rejection (BTRS, 1993). */
export function sampleBinomial(count: number, p: number, stream: MersenneStream, round: Round): number {
  if (count <= 0 || p <= 0) return 0
  if (p >= 1) return count
  if (p > 0.5) return count - fewer(count, round(1 - p), stream, round)
  return p <= 0.5 ? fewer(count, p, stream, round) : Number.NaN
}

const fewer = (count: number, p: number, stream: MersenneStream, round: Round): number =>
  round(count * p) >= 10 ? byRejection(count, p, stream, round) : byGaps(count, p, stream)

function byGaps(count: number, p: number, stream: MersenneStream): number {
  const logFailure = Math.log1p(-p)
  let sum = 0
  let successes = 0
  for (;;) {
    sum += Math.ceil(Math.log(stream.uniform()) / logFailure)
    if (sum > count) return successes
    successes++
  }
}

function byRejection(count: number, p: number, stream: MersenneStream, round: Round): number {
  const deviation = Math.sqrt(round(round(count * p) * round(1 - p)))
  const b = 1.15 + 2.53 * deviation
  const a = -0.0873 + 0.0248 * b + 0.01 * p
  const c = round(count * p) + 0.5
  const vr = 0.92 - 4.2 / b
  const ratio = round(p / round(1 - p))
  const alpha = (2.83 + 5.1 / b) * deviation
  const m = Math.floor(round(round(count + 1) * p))
  for (;;) {
    const u = stream.uniform() - 0.5
    const v = stream.uniform()
    const us = 0.5 - Math.abs(u)
    const k = Math.floor(((2 * a) / us + b) * u + c)
    if (k < 0 || k > count) continue
    if (us >= 0.07 && v <= vr) return k
    const bound =
      (m + 0.5) * Math.log((m + 1) / (ratio * (count - m + 1))) +
      (count + 1) * Math.log((count - m + 1) / (count - k + 1)) +
      (k + 0.5) * Math.log((ratio * (count - k + 1)) / (k + 1)) +
      (stirlingTail(m) + stirlingTail(count - m) - stirlingTail(k) - stirlingTail(count - k))
    if (Math.log((v * alpha) / (a / (us * us) + b)) <= bound) return k
  }
}
