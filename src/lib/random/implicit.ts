/**
 * How gamma and beta samples change with their parameters while the probability below them stays: dx/da = -(dF/da) / f, for the distribution
 * function F and the density f (Figurnov, Mohamed and Mnih, Implicit reparameterization gradients, 2018).
 */

/** The logarithm of the gamma function for positive numbers, and its derivative, by their asymptotic series after a shift. */
function logGamma(x: number): [value: number, derivative: number] {
  let shift = 0
  let slope = 0
  while (x < 12) {
    shift -= Math.log(x)
    slope -= 1 / x
    x += 1
  }
  const s = 1 / (x * x)
  const value = (x - 0.5) * Math.log(x) - x + 0.5 * Math.log(2 * Math.PI)
  const series = (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s * (1 / 1188 - (s * 691) / 360360))))) / x
  const derivative =
    Math.log(x) - 0.5 / x - s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s * (1 / 132 - (s * 691) / 32760)))))
  return [value + series + shift, derivative + slope]
}

/** Shapes from here on are near enough to normal for Wilson and Hilferty's cube. */
const LARGE = 3e4

/** The derivative of a standard gamma sample with respect to its shape. */
export function gammaSlope(alpha: number, x: number): number {
  if (!(alpha > 0) || !(x > 0) || !Number.isFinite(x)) return x === 0 ? 0 : Number.NaN
  if (alpha > LARGE) {
    // x = a (1 - 1/(9a) + z / (3 sqrt a))^3 at constant z
    const cube = Math.cbrt(x / alpha)
    const z = (cube - 1 + 1 / (9 * alpha)) * 3 * Math.sqrt(alpha)
    return cube ** 3 + 3 * cube ** 2 * (1 / (9 * alpha) - z / (6 * Math.sqrt(alpha)))
  }
  // F = x^a e^-x / Gamma(a + 1) sum x^n / ((a + 1) ... (a + n)); f = x^(a - 1) e^-x / Gamma(a), so F / f = x / a sum
  const [, slope] = logGamma(alpha + 1)
  const rate = Math.log(x) - slope
  let term = 1
  let inverse = 0
  let sum = rate
  for (let n = 1; n < 200_000; n++) {
    term *= x / (alpha + n)
    inverse += 1 / (alpha + n)
    const step = term * (rate - inverse)
    sum += step
    if (n > x - alpha && term * (1 + Math.abs(rate) + inverse) < 1e-17 * Math.abs(sum)) break
  }
  // where almost all lies below x, the sum is lost in rounding: the tail gives the same
  if (x > alpha + 12 * Math.sqrt(alpha) + 12) return tailSlope(alpha, x)
  return (-sum * x) / alpha
}

/** The same from the part above x: dx/da = integral over t > x of (log t - psi(a)) f(t) / f(x). */
function tailSlope(alpha: number, x: number): number {
  const [, psi] = logGamma(alpha)
  return integral((s) => {
    const t = x + s
    return (Math.log(t) - psi) * Math.exp((alpha - 1) * Math.log(t / x) - s)
  })
}

/** The integral over (0, infinity), by the double exponential rule for functions that fall like exp(-s). */
function integral(f: (s: number) => number): number {
  const h = 1 / 32
  let sum = 0
  for (let k = -128; k <= 160; k++) {
    const u = k * h
    const s = Math.exp(u - Math.exp(-u))
    const value = s * (1 + Math.exp(-u)) * f(s)
    if (Number.isFinite(value)) sum += value
  }
  return sum * h
}

/** The derivative of a beta sample x with respect to its first parameter. */
export function betaSlope(a: number, b: number, x: number): number {
  if (!(a > 0 && b > 0 && x > 0 && x < 1)) return x === 0 || x === 1 ? 0 : Number.NaN
  const [, psiA] = logGamma(a)
  const [, psiSum] = logGamma(a + b)
  const level = psiA - psiSum
  // above the mean the part above x is the smaller one; the whole integral of (log t - level) f is 0
  const below = x < a / (a + b)
  const logX = Math.log(x)
  const logY = Math.log1p(-x)
  const weight = (logT: number, log1mT: number): number => (logT - level) * Math.exp((a - 1) * (logT - logX) + (b - 1) * (log1mT - logY))
  const part = below
    ? finite((t, rest) => weight(Math.log(t), Math.log1p(-t + 0 * rest)), x)
    : -finite((t) => weight(Math.log1p(-t), Math.log(t)), 1 - x)
  return -part
}

/** The integral over (0, end), by the double exponential rule, which bears poles of the integrand at 0. */
function finite(f: (t: number, rest: number) => number, end: number): number {
  const h = 1 / 32
  let sum = 0
  for (let k = -200; k <= 200; k++) {
    const u = k * h
    // t = end / (1 + exp(-pi sinh u)): near 0 without cancellation
    const e = Math.exp(-Math.PI * Math.sinh(u))
    const t = end / (1 + e)
    const slope = (t * e * Math.PI * Math.cosh(u)) / (1 + e)
    if (!(t > 0) || !(t < 1) || !(slope > 0)) continue
    const value = slope * f(t, end - t)
    if (Number.isFinite(value)) sum += value
  }
  return sum * h
}
