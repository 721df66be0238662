/** The distributions of `np.random.Generator`, from one table: names and defaults of parameters, and what they must be. */

import { type Rest, signature } from '../../core/arguments.ts'
import { type DType, float64, int64 } from '../../core/dtype.ts'
import { items } from '../../core/element.ts'
import { ArgumentError, OverflowError, ShapeError, ValueError } from '../../core/errors.ts'
import { broadcastPair, broadcastShapes, type Shape, sameShape } from '../../core/shape.ts'
import { broadcastView, type View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { asView, castView, unwrap, wrap } from '../convert.ts'
import { cholesky, eigh, svd } from '../linalg.ts'
import { dot } from '../products.ts'
import type { ArrayLike, Result } from '../types.ts'
import { DRAWS, type PCG64 } from './pcg64.ts'
import { asSize, type Size } from './size.ts'

/** A check of one parameter: its name, what is refused, and NumPy's text. */
type Check = readonly [parameter: string, refuse: (x: number) => boolean, text: string]

const not = (ok: (x: number) => boolean) => (x: number) => !ok(x)
const positive = (name: string): Check => [name, not((x) => x > 0), `${name} <= 0`]
const notNegative = (name: string): Check => [name, (x) => x < 0 || Object.is(x, -0), `${name} < 0`]
const probability = (name: string): Check => [name, not((x) => x >= 0 && x <= 1), `${name} < 0, ${name} > 1 or ${name} is NaN`]
/** The greatest mean that Poisson samples of int64 can have. */
const POISSON_MOST = 2 ** 63 - Math.sqrt(2 ** 63) * 10

/** What NumPy refuses. */
const CHECKS: Readonly<Record<string, readonly Check[]>> = {
  normal: [notNegative('scale')],
  exponential: [notNegative('scale')],
  standard_gamma: [notNegative('shape')],
  gamma: [notNegative('shape'), notNegative('scale')],
  beta: [positive('a'), positive('b')],
  chisquare: [positive('df')],
  noncentral_chisquare: [positive('df'), notNegative('nonc')],
  f: [positive('dfnum'), positive('dfden')],
  noncentral_f: [positive('dfnum'), positive('dfden'), notNegative('nonc')],
  standard_t: [positive('df')],
  pareto: [positive('a')],
  weibull: [notNegative('a')],
  power: [positive('a')],
  laplace: [notNegative('scale')],
  gumbel: [notNegative('scale')],
  logistic: [notNegative('scale')],
  lognormal: [notNegative('sigma')],
  rayleigh: [notNegative('scale')],
  wald: [positive('mean'), positive('scale')],
  vonmises: [notNegative('kappa')],
  poisson: [
    ['lam', not((x) => x >= 0), 'lam < 0 or lam is NaN'],
    ['lam', (x) => x > POISSON_MOST, 'lam value too large'],
  ],
  binomial: [['n', not((x) => x >= 0), 'n < 0'], probability('p')],
  negative_binomial: [
    ['n', not((x) => x > 0), 'n <= 0 or n is NaN'],
    ['p', not((x) => x > 0 && x <= 1), 'p <= 0, p > 1 or p contains NaNs'],
  ],
  geometric: [['p', not((x) => x > 0 && x <= 1), 'p <= 0, p > 1 or p contains NaNs']],
  zipf: [['a', not((x) => x > 1), 'a <= 1 or a is NaN']],
  logseries: [['p', not((x) => x >= 0 && x < 1), 'p < 0, p >= 1 or p is NaN']],
}

/** Distributions of integers. */
const INTEGERS: ReadonlySet<string> = new Set(['poisson', 'binomial', 'negative_binomial', 'geometric', 'zipf', 'logseries'])

/** Keyword arguments: every parameter by its name, and the size. */
export interface DistributionOptions {
  readonly size?: Size
  readonly [parameter: string]: ArrayLike | Size | undefined
}

/** The methods that the table makes; `Generator` adds the rest. */
export abstract class GeneratorDistributions {
  /** @internal */
  protected abstract get bits(): PCG64

  /** @internal Samples of the named distribution. */
  protected sample(name: keyof typeof DRAWS, given: readonly ArrayLike[], names: readonly string[], size: Size | undefined): Result {
    const [values, shape] = parameters(name, given, names, size)
    const dtype: DType = INTEGERS.has(name) ? int64 : float64
    return unwrap(this.bits.draw(DRAWS[name], shape, dtype, values))
  }

  /** Uniform samples between two bounds. */
  uniform(...rest: Rest<DistributionOptions, ['low', 'high', 'size']>): Result {
    const o = read('uniform', ['low', 'high', 'size'], 0)(rest)
    return this.sample('uniform', [o.low ?? 0, o.high ?? 1], ['low', 'high'], o.size)
  }

  /** Samples of the normal distribution. */
  normal(...rest: Rest<DistributionOptions, ['loc', 'scale', 'size']>): Result {
    const o = read('normal', ['loc', 'scale', 'size'], 0)(rest)
    return this.sample('normal', [o.loc ?? 0, o.scale ?? 1], ['loc', 'scale'], o.size)
  }

  /** Samples of the exponential distribution. */
  exponential(...rest: Rest<DistributionOptions, ['scale', 'size']>): Result {
    const o = read('exponential', ['scale', 'size'], 0)(rest)
    return this.sample('exponential', [o.scale ?? 1], ['scale'], o.size)
  }

  /** Samples of the gamma distribution with scale 1. */
  standard_gamma(shape: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('standard_gamma', ['size'], 1)(rest)
    return this.sample('standard_gamma', [shape], ['shape'], o.size)
  }

  /** Samples of the gamma distribution. */
  gamma(shape: ArrayLike, ...rest: Rest<DistributionOptions, ['scale', 'size']>): Result {
    const o = read('gamma', ['scale', 'size'], 1)(rest)
    return this.sample('gamma', [shape, o.scale ?? 1], ['shape', 'scale'], o.size)
  }

  /** Samples of the beta distribution. */
  beta(a: ArrayLike, b: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('beta', ['size'], 2)(rest)
    return this.sample('beta', [a, b], ['a', 'b'], o.size)
  }

  /** Samples of the chi-square distribution. */
  chisquare(df: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('chisquare', ['size'], 1)(rest)
    return this.sample('chisquare', [df], ['df'], o.size)
  }

  /** Samples of the noncentral chi-square distribution. */
  noncentral_chisquare(df: ArrayLike, nonc: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('noncentral_chisquare', ['size'], 2)(rest)
    return this.sample('noncentral_chisquare', [df, nonc], ['df', 'nonc'], o.size)
  }

  /** Samples of the F distribution. */
  f(dfnum: ArrayLike, dfden: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('f', ['size'], 2)(rest)
    return this.sample('f', [dfnum, dfden], ['dfnum', 'dfden'], o.size)
  }

  /** Samples of the noncentral F distribution. */
  noncentral_f(dfnum: ArrayLike, dfden: ArrayLike, nonc: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('noncentral_f', ['size'], 3)(rest)
    return this.sample('noncentral_f', [dfnum, dfden, nonc], ['dfnum', 'dfden', 'nonc'], o.size)
  }

  /** Samples of the Cauchy distribution. */
  standard_cauchy(...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('standard_cauchy', ['size'], 0)(rest)
    return this.sample('standard_cauchy', [], [], o.size)
  }

  /** Samples of Student's t distribution. */
  standard_t(df: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('standard_t', ['size'], 1)(rest)
    return this.sample('standard_t', [df], ['df'], o.size)
  }

  /** Samples of the Pareto II (Lomax) distribution. */
  pareto(a: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('pareto', ['size'], 1)(rest)
    return this.sample('pareto', [a], ['a'], o.size)
  }

  /** Samples of the Weibull distribution. */
  weibull(a: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('weibull', ['size'], 1)(rest)
    return this.sample('weibull', [a], ['a'], o.size)
  }

  /** Samples in [0, 1] of the power distribution with exponent a - 1. */
  power(a: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('power', ['size'], 1)(rest)
    return this.sample('power', [a], ['a'], o.size)
  }

  /** Samples of the Laplace distribution. */
  laplace(...rest: Rest<DistributionOptions, ['loc', 'scale', 'size']>): Result {
    const o = read('laplace', ['loc', 'scale', 'size'], 0)(rest)
    return this.sample('laplace', [o.loc ?? 0, o.scale ?? 1], ['loc', 'scale'], o.size)
  }

  /** Samples of the Gumbel distribution. */
  gumbel(...rest: Rest<DistributionOptions, ['loc', 'scale', 'size']>): Result {
    const o = read('gumbel', ['loc', 'scale', 'size'], 0)(rest)
    return this.sample('gumbel', [o.loc ?? 0, o.scale ?? 1], ['loc', 'scale'], o.size)
  }

  /** Samples of the logistic distribution. */
  logistic(...rest: Rest<DistributionOptions, ['loc', 'scale', 'size']>): Result {
    const o = read('logistic', ['loc', 'scale', 'size'], 0)(rest)
    return this.sample('logistic', [o.loc ?? 0, o.scale ?? 1], ['loc', 'scale'], o.size)
  }

  /** Samples whose logarithms are normal. */
  lognormal(...rest: Rest<DistributionOptions, ['mean', 'sigma', 'size']>): Result {
    const o = read('lognormal', ['mean', 'sigma', 'size'], 0)(rest)
    return this.sample('lognormal', [o.mean ?? 0, o.sigma ?? 1], ['mean', 'sigma'], o.size)
  }

  /** Samples of the Rayleigh distribution. */
  rayleigh(...rest: Rest<DistributionOptions, ['scale', 'size']>): Result {
    const o = read('rayleigh', ['scale', 'size'], 0)(rest)
    return this.sample('rayleigh', [o.scale ?? 1], ['scale'], o.size)
  }

  /** Samples of the Wald (inverse Gaussian) distribution. */
  wald(mean: ArrayLike, scale: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('wald', ['size'], 2)(rest)
    return this.sample('wald', [mean, scale], ['mean', 'scale'], o.size)
  }

  /** Samples of the von Mises distribution on the circle. */
  vonmises(mu: ArrayLike, kappa: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('vonmises', ['size'], 2)(rest)
    return this.sample('vonmises', [mu, kappa], ['mu', 'kappa'], o.size)
  }

  /** Samples of the triangular distribution. */
  triangular(left: ArrayLike, mode: ArrayLike, right: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('triangular', ['size'], 3)(rest)
    return this.sample('triangular', [left, mode, right], ['left', 'mode', 'right'], o.size)
  }

  /** Samples of the Poisson distribution. */
  poisson(...rest: Rest<DistributionOptions, ['lam', 'size']>): Result {
    const o = read('poisson', ['lam', 'size'], 0)(rest)
    return this.sample('poisson', [o.lam ?? 1], ['lam'], o.size)
  }

  /** How often of n trials one of probability p succeeds. */
  binomial(n: ArrayLike, p: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('binomial', ['size'], 2)(rest)
    return this.sample('binomial', [n, p], ['n', 'p'], o.size)
  }

  /** Failures before n successes of probability p. */
  negative_binomial(n: ArrayLike, p: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('negative_binomial', ['size'], 2)(rest)
    return this.sample('negative_binomial', [n, p], ['n', 'p'], o.size)
  }

  /** Trials until the first success of probability p. */
  geometric(p: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('geometric', ['size'], 1)(rest)
    return this.sample('geometric', [p], ['p'], o.size)
  }

  /** Samples of the Zipf distribution. */
  zipf(a: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('zipf', ['size'], 1)(rest)
    return this.sample('zipf', [a], ['a'], o.size)
  }

  /** Samples of the logarithmic series distribution. */
  logseries(p: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const o = read('logseries', ['size'], 1)(rest)
    return this.sample('logseries', [p], ['p'], o.size)
  }

  /** Samples of the multivariate normal distribution: vectors along the last axis. */
  multivariate_normal(mean: ArrayLike, cov: ArrayLike, ...rest: Rest<MultivariateOptions, ['size', 'check_valid', 'tol']>): Result {
    const { size = null, check_valid = 'warn', tol = 1e-8, method = 'svd' } = multivariateArgs(rest)
    const [m, c] = [castView(asView(mean), float64), castView(asView(cov), float64)]
    if (m.ndim !== 1) throw new ValueError('mean must be 1 dimensional', { op: 'multivariate_normal' })
    if (c.ndim !== 2 || c.shape[0] !== c.shape[1])
      throw new ValueError('cov must be 2 dimensional and square', { op: 'multivariate_normal' })
    if (m.shape[0] !== c.shape[0]) throw new ValueError('mean and cov must have same length', { op: 'multivariate_normal' })
    const n = m.shape[0]!
    const shape = [...asSize(size), n]
    const x = this.bits.draw(DRAWS.standard_normal, shape, float64, [])
    const rows = p.reshape(x, [x.size / Math.max(n, 1), n])
    if (method !== 'svd' && method !== 'eigh' && method !== 'cholesky')
      throw new ValueError("method must be one of {'eigh', 'svd', 'cholesky'}", { op: 'multivariate_normal' })
    let factor: View
    if (method === 'svd') {
      const { U, S, Vh } = svd(wrap(c))
      if (check_valid === 'raise' && !isPositive(U.value, S.value, Vh.value, c, tol)) {
        throw new ValueError('covariance is not symmetric positive-semidefinite.', { op: 'multivariate_normal' })
      }
      factor = p.mul(U.value, p.sqrt(S.value)) as View
    } else if (method === 'eigh') {
      const { eigenvalues, eigenvectors } = eigh(wrap(c))
      factor = p.mul(eigenvectors.value, p.sqrt(p.abs(eigenvalues.value))) as View
    } else factor = cholesky(wrap(c)).value
    const samples = p.add(asView(dot(wrap(rows), wrap(factor).T)), m)
    return unwrap(p.reshape(samples, shape))
  }

  /** How often each of several outcomes of probabilities `pvals` comes in n trials: counts along the last axis. */
  multinomial(n: number, pvals: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    const { size } = read('multinomial', ['size'], 2)(rest)
    const chances = items(castView(asView(pvals), float64)) as number[]
    if (chances.slice(0, -1).reduce((s, x) => s + x, 0) > 1 + 1e-12) throw new ValueError('sum(pvals[:-1]) > 1.0', { op: 'multinomial' })
    if (chances.some((x) => !(x >= 0 && x <= 1))) throw new ValueError('pvals < 0, pvals > 1 or pvals contains NaNs', { op: 'multinomial' })
    const lead = asSize(size)
    const lines = lead.reduce((a, b) => a * b, 1)
    const out: number[] = []
    for (let line = 0; line < lines; line++) {
      let [left, rest] = [n, 1]
      const counts = new Array<number>(chances.length).fill(0)
      for (let j = 0; j < chances.length - 1 && left > 0; j++) {
        counts[j] = items(this.bits.draw(DRAWS.binomial, [], int64, [left, chances[j]! / rest]))[0] as number
        left -= counts[j]!
        rest -= chances[j]!
      }
      if (left > 0) counts[chances.length - 1] = left
      out.push(...counts)
    }
    return unwrap(
      asView(out, int64).size ? p.reshape(asView(out, int64), [...lead, chances.length]) : p.full([...lead, chances.length], 0, int64),
    )
  }
}

/** Keyword arguments of `multivariate_normal`. */
export interface MultivariateOptions {
  size?: Size
  /** What to do with a covariance that is not positive semidefinite; `'warn'` is taken as `'ignore'`. */
  check_valid?: 'warn' | 'raise' | 'ignore'
  tol?: number
  method?: 'svd' | 'eigh' | 'cholesky'
}
const multivariateArgs = signature<MultivariateOptions>('multivariate_normal', ['size', 'check_valid', 'tol'], ['method'], 2)

function isPositive(_u: View, s: View, vh: View, cov: View, tol: number): boolean {
  const again = p.matmul(p.mul(p.transpose(vh, [1, 0]), s), vh)
  return unwrap(p.all(p.le(p.abs(p.sub(again, cov)), tol))) as boolean
}

const readers = new Map<string, (args: readonly unknown[]) => DistributionOptions>()

/** The reader of a method's optional arguments, made once. */
function read(name: string, names: readonly string[], required: number): (args: readonly unknown[]) => DistributionOptions {
  let reader = readers.get(name)
  if (!reader) {
    reader = signature<DistributionOptions>(name, names as never, [], required)
    readers.set(name, reader)
  }
  return reader
}

/** Parameters as numbers when all are scalars, else as float64 views of the samples' shape. */
function parameters(
  name: string,
  given: readonly ArrayLike[],
  names: readonly string[],
  size: Size | undefined,
): [(number | View)[], Shape] {
  given.forEach((x, i) => {
    if (x === undefined) throw new ArgumentError(`${name}() missing 1 required positional argument: '${names[i]}'`, { op: name })
  })
  const views = given.map((x) => castView(asView(x), float64))
  const check = (parameter: string, refuse: (x: number) => boolean, text: string): void => {
    if ((items(views[names.indexOf(parameter)]!) as number[]).some(refuse)) throw new ValueError(text, { op: name })
  }
  for (const [parameter, refuse, text] of CHECKS[name] ?? []) check(parameter, refuse, text)
  const joint = broadcastShapes(
    views.map((v) => v.shape),
    name,
  )
  const scalars = views.every((v) => v.ndim === 0)
  const shape = size === null || size === undefined ? joint : asSize(size)
  const fits = broadcastPair(shape, joint)
  if (!fits || !sameShape(fits, shape)) {
    throw new ShapeError(`Output size (${shape.join(', ')}) is not compatible with broadcast dimensions of inputs (${joint.join(', ')}).`, {
      op: name,
    })
  }
  if (name === 'uniform') return [uniformRange(views, scalars, shape), shape]
  if (name === 'triangular') checkTriangle(views)
  return [views.map((v) => (scalars ? (items(v)[0] as number) : broadcastView(v, shape))), shape]
}

/** `uniform` draws from the low bound and the range. */
function uniformRange([low, high]: readonly View[], scalars: boolean, shape: Shape): (number | View)[] {
  const range = p.sub(high!, low!) as View
  if ((items(range) as number[]).some((x) => !Number.isFinite(x)))
    throw new OverflowError('high - low range exceeds valid bounds', { op: 'uniform' })
  if ((items(range) as number[]).some((x) => x < 0 || Object.is(x, -0))) throw new ValueError('high < low', { op: 'uniform' })
  return [low!, range].map((v) => (scalars ? (items(v)[0] as number) : broadcastView(v, shape)))
}

function checkTriangle([left, mode, right]: readonly View[]): void {
  const any = (v: View): boolean => unwrap(p.any(v)) as boolean
  if (any(p.gt(left!, mode!) as View)) throw new ValueError('left > mode', { op: 'triangular' })
  if (any(p.gt(mode!, right!) as View)) throw new ValueError('mode > right', { op: 'triangular' })
  if (any(p.eq(left!, right!) as View)) throw new ValueError('left == right', { op: 'triangular' })
}
