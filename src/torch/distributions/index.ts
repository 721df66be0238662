/** `torch.distributions`: probability distributions with samples, densities and divergences that have derivatives. */

export { Categorical, Multinomial, OneHotCategorical, OneHotCategoricalStraightThrough } from './categorical.ts'
export * as constraint_registry from './constraint_registry.ts'
export { biject_to, transform_to } from './constraint_registry.ts'
export * as constraints from './constraints.ts'
export {
  Gumbel,
  HalfCauchy,
  HalfNormal,
  InverseGamma,
  Kumaraswamy,
  LogisticNormal,
  LogNormal,
  Pareto,
  Weibull,
} from './derived.ts'
export { Bernoulli, Binomial, Geometric, NegativeBinomial, Poisson } from './discrete.ts'
export { Distribution } from './distribution.ts'
export { ExponentialFamily } from './exp_family.ts'
export { Beta, Chi2, Dirichlet, FisherSnedecor, Gamma } from './gamma.ts'
export { kl_divergence, register_kl } from './kl.ts'
export { Cauchy, Exponential, GeneralizedPareto, Laplace, Normal, StudentT, Uniform } from './location.ts'
export { LKJCholesky, Wishart } from './matrix_families.ts'
export { LowRankMultivariateNormal, MultivariateNormal } from './multivariate.ts'
export { ContinuousBernoulli, RelaxedBernoulli, RelaxedOneHotCategorical } from './relaxed.ts'
export { ComposeTransform, IndependentTransform, identity_transform, Transform } from './transform.ts'
export { Independent, MixtureSameFamily, TransformedDistribution } from './transformed.ts'
export {
  AbsTransform,
  AffineTransform,
  CumulativeDistributionTransform,
  ExpTransform,
  PowerTransform,
  SigmoidTransform,
  SoftmaxTransform,
  SoftplusTransform,
  StickBreakingTransform,
  TanhTransform,
} from './transforms.ts'
export {
  CatTransform,
  CorrCholeskyTransform,
  LowerCholeskyTransform,
  PositiveDefiniteTransform,
  ReshapeTransform,
  StackTransform,
} from './transforms_shaped.ts'
export * as utils from './utils.ts'
export { VonMises } from './von_mises.ts'
