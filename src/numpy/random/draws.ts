/** The numbers that the kernels' random routines go by: generators and distributions (docs/internals/abi.md). */

/** Bit generators. */
export const KINDS = { PCG64: 0, PCG64DXSM: 1, MT19937: 2, Philox: 3, SFC64: 4 } as const

/** Distributions. */
export const DRAWS = {
  random: 0,
  raw: 1,
  standard_normal: 2,
  standard_exponential: 3,
  standard_gamma: 4,
  integers: 5,
  uniform: 6,
  normal: 7,
  exponential: 8,
  gamma: 9,
  beta: 10,
  chisquare: 11,
  f: 12,
  standard_cauchy: 13,
  pareto: 14,
  weibull: 15,
  power: 16,
  laplace: 17,
  gumbel: 18,
  logistic: 19,
  lognormal: 20,
  rayleigh: 21,
  standard_t: 22,
  poisson: 23,
  negative_binomial: 24,
  binomial: 25,
  geometric: 26,
  wald: 27,
  vonmises: 28,
  triangular: 29,
  zipf: 30,
  logseries: 31,
  noncentral_chisquare: 32,
  noncentral_f: 33,
  standard_exponential_inverse: 34,
  uint32: 35,
  hypergeometric: 36,
} as const

/** Samples that are vectors. */
export const VECTORS = { multinomial: 0, dirichlet: 1, marginals: 2, count: 3, legacyDirichlet: 4 } as const
