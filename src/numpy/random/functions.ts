/** The legacy functions of `np.random`: RandomState's methods over one global state, with NumPy's numbers. */

import type { BitGenerator, Seed } from './bit_generator.ts'
import { RandomState } from './legacy.ts'
import { MT19937 } from './mt19937.ts'
import type { LegacySeed } from './seeding.ts'

let global: RandomState | null = null
const state = (): RandomState => {
  global ??= new RandomState()
  return global
}

type Method = { [K in keyof RandomState]: RandomState[K] extends (...args: never[]) => unknown ? K : never }[keyof RandomState]

/** A method of the global state; the state is made when it is first drawn from. */
function method<F>(name: Method): F {
  const call = (...args: unknown[]): unknown => {
    const object = state() as unknown as Record<string, (...xs: unknown[]) => unknown>
    return object[name]!(...args)
  }
  return call as F
}

/** Seeds the legacy functions of this module: an integer of 32 bits, a list of such, or nothing for the system's entropy. */
export function seed(value: LegacySeed = null): void {
  const bits = state()._bit_generator
  if (bits instanceof MT19937) {
    state().seed(value)
    return
  }
  const make = bits.constructor as new (seed: Seed) => BitGenerator
  state().set_state(new make(value as Seed).state)
}

/** The state of the legacy functions. */
export const get_state: RandomState['get_state'] = /* @__PURE__ */ method('get_state')

/** Sets the state of the legacy functions to one that `get_state` gave. */
export const set_state: RandomState['set_state'] = /* @__PURE__ */ method('set_state')

/**
 * Uniform samples in [0, 1) of a shape given by lengths.
 *
 * @example
 * np.random.seed(0)
 * np.random.rand(2) // => array([0.5488135 , 0.71518937])
 */
export const rand: RandomState['rand'] = /* @__PURE__ */ method('rand')

/**
 * Standard normal samples of a shape given by lengths.
 *
 * @example
 * np.random.seed(0)
 * np.random.randn(2) // => array([1.76405235, 0.40015721])
 */
export const randn: RandomState['randn'] = /* @__PURE__ */ method('randn')

/**
 * Uniform samples in [0, 1).
 *
 * @example
 * np.random.seed(0)
 * np.random.random(2) // => array([0.5488135 , 0.71518937])
 */
export const random: RandomState['random'] = /* @__PURE__ */ method('random')

/**
 * Uniform samples in [0, 1).
 *
 * @example
 * np.random.seed(0)
 * np.random.random_sample(2) // => array([0.5488135 , 0.71518937])
 */
export const random_sample: RandomState['random_sample'] = /* @__PURE__ */ method('random_sample')

/**
 * Uniform samples in [0, 1): an alias of `random_sample`.
 *
 * @example
 * np.random.seed(0)
 * np.random.ranf(2) // => array([0.5488135 , 0.71518937])
 */
export const ranf: RandomState['random_sample'] = /* @__PURE__ */ method('random_sample')

/**
 * Uniform samples in [0, 1): an alias of `random_sample`.
 *
 * @example
 * np.random.seed(0)
 * np.random.sample(2) // => array([0.5488135 , 0.71518937])
 */
export const sample: RandomState['random_sample'] = /* @__PURE__ */ method('random_sample')

/**
 * Random integers from `low` up to, but not with, `high`; from 0 up to `low` when `high` is not given.
 *
 * @example
 * np.random.seed(0)
 * np.random.randint(0, 10, 5) // => array([5, 0, 3, 3, 7])
 */
export const randint: RandomState['randint'] = /* @__PURE__ */ method('randint')

/** Random integers from `low` to `high`, both with. Old: `randint(low, high + 1)` does the same. */
export const random_integers: RandomState['random_integers'] = /* @__PURE__ */ method('random_integers')

/** Random bytes. */
export const bytes: RandomState['bytes'] = /* @__PURE__ */ method('bytes')

/**
 * A random sample of the items of a 1-d array, or of 0 .. a-1.
 *
 * @example
 * np.random.seed(0)
 * np.random.choice(5, 3) // => array([4, 0, 3])
 */
export const choice: RandomState['choice'] = /* @__PURE__ */ method('choice')

/**
 * A shuffled copy, or the numbers 0 .. x-1 in random order.
 *
 * @example
 * np.random.seed(0)
 * np.random.permutation(5) // => array([2, 0, 1, 3, 4])
 */
export const permutation: RandomState['permutation'] = /* @__PURE__ */ method('permutation')

/** Shuffles an array along its first axis, or a list, in place. */
export const shuffle: RandomState['shuffle'] = /* @__PURE__ */ method('shuffle')

/**
 * Uniform samples between two bounds.
 *
 * @example
 * np.random.seed(0)
 * np.random.uniform(0, 1, 2) // => array([0.5488135 , 0.71518937])
 */
export const uniform: RandomState['uniform'] = /* @__PURE__ */ method('uniform')

/**
 * Samples of the normal distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.normal(0, 1, 2) // => array([1.76405235, 0.40015721])
 */
export const normal: RandomState['normal'] = /* @__PURE__ */ method('normal')

/**
 * Samples of the normal distribution with mean 0 and deviation 1.
 *
 * @example
 * np.random.seed(0)
 * np.random.standard_normal(2) // => array([1.76405235, 0.40015721])
 */
export const standard_normal: RandomState['standard_normal'] = /* @__PURE__ */ method('standard_normal')

/**
 * Samples of the exponential distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.exponential(1, 2) // => array([0.79587451, 1.25593076])
 */
export const exponential: RandomState['exponential'] = /* @__PURE__ */ method('exponential')

/**
 * Samples of the exponential distribution with scale 1.
 *
 * @example
 * np.random.seed(0)
 * np.random.standard_exponential(2) // => array([0.79587451, 1.25593076])
 */
export const standard_exponential: RandomState['standard_exponential'] = /* @__PURE__ */ method('standard_exponential')

/**
 * Samples in [0, 1] of the beta distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.beta(2, 3, 2) // => array([0.60358975, 0.79868334])
 */
export const beta: RandomState['beta'] = /* @__PURE__ */ method('beta')

/**
 * How often of n trials one of probability p succeeds.
 *
 * @example
 * np.random.seed(0)
 * np.random.binomial(10, 0.5, 3) // => array([5, 6, 5])
 */
export const binomial: RandomState['binomial'] = /* @__PURE__ */ method('binomial')

/**
 * Samples of the chi-square distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.chisquare(2, 2) // => array([1.59174902, 2.51186153])
 */
export const chisquare: RandomState['chisquare'] = /* @__PURE__ */ method('chisquare')

/**
 * Shares that sum to 1: the Dirichlet distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.dirichlet([1, 2, 3]) // => array([0.08199567, 0.29043792, 0.62756641])
 */
export const dirichlet: RandomState['dirichlet'] = /* @__PURE__ */ method('dirichlet')

/**
 * Samples of the F distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.f(2, 5, 2) // => array([0.57641296, 0.2574719 ])
 */
export const f: RandomState['f'] = /* @__PURE__ */ method('f')

/**
 * Samples of the gamma distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.gamma(2, 1, 2) // => array([5.13882958, 2.23848091])
 */
export const gamma: RandomState['gamma'] = /* @__PURE__ */ method('gamma')

/**
 * Trials until the first success of probability p.
 *
 * @example
 * np.random.seed(0)
 * np.random.geometric(0.3, 3) // => array([3, 4, 3])
 */
export const geometric: RandomState['geometric'] = /* @__PURE__ */ method('geometric')

/**
 * Samples of the Gumbel (extreme value) distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.gumbel(0, 1, 2) // => array([ 0.22831376, -0.22787694])
 */
export const gumbel: RandomState['gumbel'] = /* @__PURE__ */ method('gumbel')

/**
 * How many of a sample drawn without replacement are good.
 *
 * @example
 * np.random.seed(0)
 * np.random.hypergeometric(10, 5, 6, 3) // => array([4, 3, 4])
 */
export const hypergeometric: RandomState['hypergeometric'] = /* @__PURE__ */ method('hypergeometric')

/**
 * Samples of the Laplace (double exponential) distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.laplace(0, 1, 2) // => array([0.10272733, 0.56278358])
 */
export const laplace: RandomState['laplace'] = /* @__PURE__ */ method('laplace')

/**
 * Samples of the logistic distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.logistic(0, 1, 2) // => array([0.19587791, 0.92072284])
 */
export const logistic: RandomState['logistic'] = /* @__PURE__ */ method('logistic')

/**
 * Samples whose logarithms are normal.
 *
 * @example
 * np.random.seed(0)
 * np.random.lognormal(0, 1, 2) // => array([5.83603919, 1.49205924])
 */
export const lognormal: RandomState['lognormal'] = /* @__PURE__ */ method('lognormal')

/**
 * Samples of the logarithmic series distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.logseries(0.9, 3) // => array([3, 2, 4])
 */
export const logseries: RandomState['logseries'] = /* @__PURE__ */ method('logseries')

/**
 * How often each of several outcomes comes in n trials.
 *
 * @example
 * np.random.seed(0)
 * np.random.multinomial(10, [0.2, 0.3, 0.5]) // => array([2, 4, 4])
 */
export const multinomial: RandomState['multinomial'] = /* @__PURE__ */ method('multinomial')

/** Samples of the multivariate normal distribution: vectors along the last axis. */
export const multivariate_normal: RandomState['multivariate_normal'] = /* @__PURE__ */ method('multivariate_normal')

/**
 * Failures before n successes of probability p.
 *
 * @example
 * np.random.seed(0)
 * np.random.negative_binomial(3, 0.5, 3) // => array([11,  0,  5])
 */
export const negative_binomial: RandomState['negative_binomial'] = /* @__PURE__ */ method('negative_binomial')

/**
 * Samples of the noncentral chi-square distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.noncentral_chisquare(3, 2, 2) // => array([ 6.23924552, 10.37824663])
 */
export const noncentral_chisquare: RandomState['noncentral_chisquare'] = /* @__PURE__ */ method('noncentral_chisquare')

/**
 * Samples of the noncentral F distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.noncentral_f(2, 5, 1, 2) // => array([0.76180567, 5.01952241])
 */
export const noncentral_f: RandomState['noncentral_f'] = /* @__PURE__ */ method('noncentral_f')

/**
 * Samples of the Pareto II (Lomax) distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.pareto(3, 2) // => array([0.30381098, 0.51989855])
 */
export const pareto: RandomState['pareto'] = /* @__PURE__ */ method('pareto')

/**
 * Counts of events that come lam times on average.
 *
 * @example
 * np.random.seed(0)
 * np.random.poisson(4, 3) // => array([6, 7, 1])
 */
export const poisson: RandomState['poisson'] = /* @__PURE__ */ method('poisson')

/**
 * Samples in [0, 1] of the power distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.power(3, 2) // => array([0.81873168, 0.89428034])
 */
export const power: RandomState['power'] = /* @__PURE__ */ method('power')

/**
 * Samples of the Rayleigh distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.rayleigh(2, 2) // => array([2.52329072, 3.16977067])
 */
export const rayleigh: RandomState['rayleigh'] = /* @__PURE__ */ method('rayleigh')

/**
 * Samples of the Cauchy distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.standard_cauchy(2) // => array([4.40839827, 0.43676244])
 */
export const standard_cauchy: RandomState['standard_cauchy'] = /* @__PURE__ */ method('standard_cauchy')

/**
 * Samples of the gamma distribution with scale 1.
 *
 * @example
 * np.random.seed(0)
 * np.random.standard_gamma(2, 2) // => array([5.13882958, 2.23848091])
 */
export const standard_gamma: RandomState['standard_gamma'] = /* @__PURE__ */ method('standard_gamma')

/**
 * Samples of Student's t distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.standard_t(4, 2) // => array([ 1.66743828, -1.59419909])
 */
export const standard_t: RandomState['standard_t'] = /* @__PURE__ */ method('standard_t')

/**
 * Samples of the triangular distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.triangular(0, 1, 3, 2) // => array([1.35466752, 1.69276483])
 */
export const triangular: RandomState['triangular'] = /* @__PURE__ */ method('triangular')

/**
 * Angles of the von Mises distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.vonmises(0, 4, 2) // => array([0.5664411 , 0.55977779])
 */
export const vonmises: RandomState['vonmises'] = /* @__PURE__ */ method('vonmises')

/**
 * Samples of the Wald (inverse Gaussian) distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.wald(1, 2, 2) // => array([0.30787564, 0.75425984])
 */
export const wald: RandomState['wald'] = /* @__PURE__ */ method('wald')

/**
 * Samples of the Weibull distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.weibull(2, 2) // => array([0.89211799, 1.12068317])
 */
export const weibull: RandomState['weibull'] = /* @__PURE__ */ method('weibull')

/**
 * Samples of the Zipf (zeta) distribution.
 *
 * @example
 * np.random.seed(0)
 * np.random.zipf(2, 3) // => array([2, 2, 1])
 */
export const zipf: RandomState['zipf'] = /* @__PURE__ */ method('zipf')

/** The bit generator that the legacy functions draw from. */
export const get_bit_generator = (): BitGenerator => state()._bit_generator

/** Makes the legacy functions draw from another bit generator. */
export const set_bit_generator = (bitgen: BitGenerator): void => state().setBits(bitgen)
