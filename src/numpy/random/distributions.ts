/** The distributions that Generator and RandomState have in common: methods over one table (parameters.ts), each class with its own algorithms. */

import { isKeywords, type Rest, signature } from '../../core/arguments.ts'
import type { DType } from '../../core/dtype.ts'
import type { Shape } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { unwrap } from '../convert.ts'
import type { ArrayLike, Result } from '../types.ts'
import { type Distribution, drawing, parameterNames } from './parameters.ts'
import type { Size } from './size.ts'

/** Keyword arguments: every parameter by its name, and the size. */
export interface DistributionOptions {
  readonly size?: Size
  readonly [parameter: string]: ArrayLike | Size | undefined
}

type Reader = (args: readonly unknown[]) => Record<string, unknown>
const readers = new Map<Distribution, Reader>()

/** The reader of a method's arguments, made once. */
function readerOf(name: Distribution): Reader {
  let reader = readers.get(name)
  if (!reader) {
    const { names } = parameterNames(name)
    reader = signature<Record<string, unknown>>(name, [...names, 'size'], [], 0)
    readers.set(name, reader)
  }
  return reader
}

/**
 * Methods for every distribution whose samples are numbers. Parameters are numbers or arrays, which broadcast with each other; `size` is the shape of
 * the samples, by default that of the parameters. Samples are float64, counts int64. A parameter out of its range is a ValueError.
 */
export abstract class Distributions {
  /** @internal Whether the algorithms are RandomState's. */
  protected abstract readonly legacy: boolean

  /** @internal A fresh array of draws. */
  protected abstract take(draw: number, shape: Shape, dtype: DType, params: readonly (number | View)[]): View

  private sample(name: Distribution, args: readonly unknown[]): Result {
    let count = args.length
    // Required arguments that were not given, after an object of keywords.
    while (count > 0 && args[count - 1] === undefined) count--
    const given = isKeywords(args[count - 1]) ? args.slice(0, count) : args
    const { draw, shape, dtype, params } = drawing(name, readerOf(name)(given), this.legacy)
    return unwrap(this.take(draw, shape, dtype, params))
  }

  /**
   * Uniform samples in [low, high), 0 and 1 by default.
   *
   * @example
   * np.random.default_rng(0).uniform(0, 10, 3) // => array([6.36961687, 2.69786714, 0.40973524])
   */
  uniform(...rest: Rest<DistributionOptions, ['low', 'high', 'size']>): Result {
    return this.sample('uniform', [...rest])
  }

  /**
   * Samples of the normal distribution with mean `loc` and standard deviation `scale`.
   *
   * @example
   * np.random.default_rng(0).normal(10, 2, 3) // => array([10.25146044,  9.73579027, 11.2808453 ])
   */
  normal(...rest: Rest<DistributionOptions, ['loc', 'scale', 'size']>): Result {
    return this.sample('normal', [...rest])
  }

  /**
   * Samples of the exponential distribution with mean `scale`.
   *
   * @example
   * np.random.default_rng(0).exponential(2, 3) // => array([1.35986381, 2.0391942 , 0.03961333])
   */
  exponential(...rest: Rest<DistributionOptions, ['scale', 'size']>): Result {
    return this.sample('exponential', [...rest])
  }

  /**
   * Samples of the gamma distribution with scale 1.
   *
   * @example
   * np.random.default_rng(0).standard_gamma(2, 3) // => array([1.83431007, 2.63769797, 1.06635807])
   */
  standard_gamma(shape: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('standard_gamma', [shape, ...rest])
  }

  /**
   * Samples of the gamma distribution.
   *
   * @example
   * np.random.default_rng(0).gamma(2, 3, 3) // => array([5.5029302 , 7.91309392, 3.19907422])
   */
  gamma(shape: ArrayLike, ...rest: Rest<DistributionOptions, ['scale', 'size']>): Result {
    return this.sample('gamma', [shape, ...rest])
  }

  /**
   * Samples in [0, 1] of the beta distribution.
   *
   * @example
   * np.random.default_rng(0).beta(2, 3, 3) // => array([0.32240531, 0.16457302, 0.33998477])
   */
  beta(a: ArrayLike, b: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('beta', [a, b, ...rest])
  }

  /**
   * Samples of the chi-square distribution with `df` degrees of freedom.
   *
   * @example
   * np.random.default_rng(0).chisquare(2, 3) // => array([1.35986381, 2.0391942 , 0.03961333])
   */
  chisquare(df: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('chisquare', [df, ...rest])
  }

  /**
   * Samples of the noncentral chi-square distribution.
   *
   * @example
   * np.random.default_rng(0).noncentral_chisquare(3, 2, 3) // => array([3.00366652, 2.3473197 , 4.25418199])
   */
  noncentral_chisquare(df: ArrayLike, nonc: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('noncentral_chisquare', [df, nonc, ...rest])
  }

  /**
   * Samples of the F distribution: ratios of chi-square numbers over their degrees of freedom.
   *
   * @example
   * np.random.default_rng(0).f(2, 5, 3) // => array([0.85937975, 0.0038595 , 0.43388726])
   */
  f(dfnum: ArrayLike, dfden: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('f', [dfnum, dfden, ...rest])
  }

  /**
   * Samples of the noncentral F distribution.
   *
   * @example
   * np.random.default_rng(0).noncentral_f(2, 5, 1, 3) // => array([1.9154122 , 7.34310119, 2.52207058])
   */
  noncentral_f(dfnum: ArrayLike, dfden: ArrayLike, nonc: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('noncentral_f', [dfnum, dfden, nonc, ...rest])
  }

  /**
   * Samples of the Cauchy distribution.
   *
   * @example
   * np.random.default_rng(0).standard_cauchy(3) // => array([-0.95174559,  6.10507088, -1.4814068 ])
   */
  standard_cauchy(...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('standard_cauchy', [...rest])
  }

  /**
   * Samples of Student's t distribution with `df` degrees of freedom.
   *
   * @example
   * np.random.default_rng(0).standard_t(4, 3) // => array([0.14509029, 0.14366118, 1.0288627 ])
   */
  standard_t(df: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('standard_t', [df, ...rest])
  }

  /**
   * Samples of the Pareto II (Lomax) distribution; add 1 for the classical Pareto distribution.
   *
   * @example
   * np.random.default_rng(0).pareto(3, 3) // => array([0.25438319, 0.40475892, 0.00662406])
   */
  pareto(a: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('pareto', [a, ...rest])
  }

  /**
   * Samples of the Weibull distribution with scale 1.
   *
   * @example
   * np.random.default_rng(0).weibull(2, 3) // => array([0.82457983, 1.00975101, 0.14073615])
   */
  weibull(a: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('weibull', [a, ...rest])
  }

  /**
   * Samples in [0, 1] of the power distribution, with density a x^(a - 1).
   *
   * @example
   * np.random.default_rng(0).power(3, 3) // => array([0.79016527, 0.86144149, 0.26967404])
   */
  power(a: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('power', [a, ...rest])
  }

  /**
   * Samples of the Laplace (double exponential) distribution.
   *
   * @example
   * np.random.default_rng(0).laplace(0, 1, 3) // => array([ 0.32009973, -0.6169764 , -2.501682  ])
   */
  laplace(...rest: Rest<DistributionOptions, ['loc', 'scale', 'size']>): Result {
    return this.sample('laplace', [...rest])
  }

  /**
   * Samples of the Gumbel (extreme value) distribution.
   *
   * @example
   * np.random.default_rng(0).gumbel(0, 1, 3) // => array([-0.01315993,  1.15703001,  3.17398381])
   */
  gumbel(...rest: Rest<DistributionOptions, ['loc', 'scale', 'size']>): Result {
    return this.sample('gumbel', [...rest])
  }

  /**
   * Samples of the logistic distribution.
   *
   * @example
   * np.random.default_rng(0).logistic(0, 1, 3) // => array([ 0.56220114, -0.99570497, -3.15299258])
   */
  logistic(...rest: Rest<DistributionOptions, ['loc', 'scale', 'size']>): Result {
    return this.sample('logistic', [...rest])
  }

  /**
   * Samples whose logarithms are normal with mean `mean` and standard deviation `sigma`.
   *
   * @example
   * np.random.default_rng(0).lognormal(0, 1, 3) // => array([1.1339762, 0.8762491, 1.8972826])
   */
  lognormal(...rest: Rest<DistributionOptions, ['mean', 'sigma', 'size']>): Result {
    return this.sample('lognormal', [...rest])
  }

  /**
   * Samples of the Rayleigh distribution.
   *
   * @example
   * np.random.default_rng(0).rayleigh(2, 3) // => array([2.33226397, 2.85600714, 0.39806193])
   */
  rayleigh(...rest: Rest<DistributionOptions, ['scale', 'size']>): Result {
    return this.sample('rayleigh', [...rest])
  }

  /**
   * Samples of the Wald (inverse Gaussian) distribution.
   *
   * @example
   * np.random.default_rng(0).wald(1, 2, 3) // => array([0.91495954, 0.63822497, 1.45724393])
   */
  wald(mean: ArrayLike, scale: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('wald', [mean, scale, ...rest])
  }

  /**
   * Angles in [-pi, pi] of the von Mises distribution: the normal distribution on the circle.
   *
   * @example
   * np.random.default_rng(0).vonmises(0, 4, 3) // => array([-0.74207299,  0.01295832,  0.67524776])
   */
  vonmises(mu: ArrayLike, kappa: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('vonmises', [mu, kappa, ...rest])
  }

  /**
   * Samples of the triangular distribution, whose density is highest at `mode`.
   *
   * @example
   * np.random.default_rng(0).triangular(0, 1, 3, 3) // => array([1.52411726, 0.89964445, 0.3506003 ])
   */
  triangular(left: ArrayLike, mode: ArrayLike, right: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('triangular', [left, mode, right, ...rest])
  }

  /**
   * Counts of events that come `lam` times on average: the Poisson distribution.
   *
   * @example
   * np.random.default_rng(0).poisson(4, 5) // => array([2, 0, 7, 3, 4])
   */
  poisson(...rest: Rest<DistributionOptions, ['lam', 'size']>): Result {
    return this.sample('poisson', [...rest])
  }

  /**
   * How often of `n` trials one of probability `p` succeeds.
   *
   * @example
   * np.random.default_rng(0).binomial(10, 0.5, 5) // => array([6, 4, 2, 2, 6])
   */
  binomial(n: ArrayLike, p: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('binomial', [n, p, ...rest])
  }

  /**
   * Failures before `n` successes of probability `p`.
   *
   * @example
   * np.random.default_rng(0).negative_binomial(3, 0.5, 5) // => array([0, 6, 1, 1, 6])
   */
  negative_binomial(n: ArrayLike, p: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('negative_binomial', [n, p, ...rest])
  }

  /**
   * Trials until the first success of probability `p`.
   *
   * @example
   * np.random.default_rng(0).geometric(0.3, 5) // => array([2, 3, 1, 1, 2])
   */
  geometric(p: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('geometric', [p, ...rest])
  }

  /**
   * Samples of the Zipf (zeta) distribution.
   *
   * @example
   * np.random.default_rng(0).zipf(2, 5) // => array([2, 1, 2, 5, 7])
   */
  zipf(a: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('zipf', [a, ...rest])
  }

  /**
   * Samples of the logarithmic series distribution.
   *
   * @example
   * np.random.default_rng(0).logseries(0.6, 5) // => array([1, 1, 7, 1, 1])
   */
  logseries(p: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('logseries', [p, ...rest])
  }

  /**
   * How many of `nsample` items drawn without replacement are good.
   *
   * @example
   * np.random.default_rng(0).hypergeometric(10, 5, 6, 5) // => array([3, 3, 4, 3, 4])
   */
  hypergeometric(ngood: ArrayLike, nbad: ArrayLike, nsample: ArrayLike, ...rest: Rest<DistributionOptions, ['size']>): Result {
    return this.sample('hypergeometric', [ngood, nbad, nsample, ...rest])
  }
}
