/** Divergences between members of one family. */

import { RuntimeError, ValueError } from '../../core/errors.ts'
import { grad } from '../autograd/engine.ts'
import { broadcast_shapes } from '../functions/shape.ts'
import { solve_triangular } from '../linalg/solving.ts'
import { softplus } from '../nn/functional/activation.ts'
import type { Tensor } from '../tensor.ts'
import { Categorical, OneHotCategorical, type OverOutcomes } from './categorical.ts'
import { Gumbel, HalfNormal, Pareto } from './derived.ts'
import { Bernoulli, Binomial, Geometric, Poisson } from './discrete.ts'
import { ExponentialFamily } from './exp_family.ts'
import { Beta, Dirichlet, Gamma } from './gamma.ts'
import type { Enter } from './kl.ts'
import { Cauchy, Exponential, Laplace, Normal, Uniform } from './location.ts'
import { logDiagonal, mahalanobis, traceXXT } from './matrices.ts'
import { LowRankMultivariateNormal, MultivariateNormal } from './multivariate.ts'
import { ContinuousBernoulli } from './relaxed.ts'
import { EULER, from, sumRightmost } from './support.ts'
import { Independent, TransformedDistribution } from './transformed.ts'

const INF = Number.POSITIVE_INFINITY

function bernoulli(p: Bernoulli, q: Bernoulli): Tensor {
  const one = p.probs.mul(softplus(q.logits.neg()).sub(softplus(p.logits.neg())))
  const zero = from(1, p.probs).mul(softplus(q.logits).sub(softplus(p.logits)))
  const t1 = one.masked_fill(q.probs.eq(0), INF).masked_fill(p.probs.eq(0), 0)
  return t1.add(zero.masked_fill(q.probs.eq(1), INF).masked_fill(p.probs.eq(1), 0))
}

function beta(p: Beta, q: Beta): Tensor {
  const [a, b, c, d] = [p.concentration1, p.concentration0, q.concentration1, q.concentration0]
  const sp = a.add(b)
  const sq = c.add(d)
  const t1 = c.lgamma().add(d.lgamma()).add(sp.lgamma())
  const t2 = a.lgamma().add(b.lgamma()).add(sq.lgamma())
  const slopes = a.sub(c).mul(a.digamma()).add(b.sub(d).mul(b.digamma()))
  return t1.sub(t2).add(slopes).add(sq.sub(sp).mul(sp.digamma()))
}

function binomial(p: Binomial, q: Binomial): Tensor {
  if (p.total_count.lt(q.total_count).any().item() === true)
    throw new RuntimeError('KL between Binomials where q.total_count > p.total_count is not supported')
  const each = p.probs.mul(p.logits.sub(q.logits)).add(p.probs.neg().log1p()).sub(q.probs.neg().log1p())
  return p.total_count.mul(each).masked_fill(p.total_count.gt(q.total_count), INF)
}

function categorical(p: OverOutcomes, q: OverOutcomes): Tensor {
  const t = p.probs.mul(p.logits.sub(q.logits))
  return t.masked_fill(q.probs.eq(0).expand_as(t), INF).masked_fill(p.probs.eq(0).expand_as(t), 0).sum(-1)
}

function dirichlet(p: Dirichlet, q: Dirichlet): Tensor {
  const sp = p.concentration.sum(-1)
  const t1 = sp.lgamma().sub(q.concentration.sum(-1).lgamma())
  const t2 = p.concentration.lgamma().sub(q.concentration.lgamma()).sum(-1)
  const t4 = p.concentration.digamma().sub(sp.digamma().unsqueeze(-1))
  return t1.sub(t2).add(p.concentration.sub(q.concentration).mul(t4).sum(-1))
}

/** The divergence of Bregman of the log normalizers. */
function expFamily(p: ExponentialFamily, q: ExponentialFamily): Tensor {
  if (p.constructor !== q.constructor)
    throw new RuntimeError('The cross KL-divergence between different exponential families cannot be computed using Bregman divergences')
  const theta = p._natural_params.map((x) => x.detach().requires_grad_())
  const other = q._natural_params
  const normalizer = p._log_normalizer(...theta)
  const slopes = grad(normalizer.sum(), theta, { create_graph: true })
  const start = q._log_normalizer(...other).sub(normalizer)
  return theta.reduce((sum, x, i) => sum.sub(sumRightmost(other[i]!.sub(x).mul(slopes[i]!), q.event_shape.length)), start)
}

function gamma(p: Gamma, q: Gamma): Tensor {
  const t1 = q.concentration.mul(p.rate.div(q.rate).log())
  const t2 = q.concentration.lgamma().sub(p.concentration.lgamma())
  const t3 = p.concentration.sub(q.concentration).mul(p.concentration.digamma())
  return t1
    .add(t2)
    .add(t3)
    .add(q.rate.sub(p.rate).mul(p.concentration.div(p.rate)))
}

function gumbel(p: Gumbel, q: Gumbel): Tensor {
  const ct1 = p.scale.div(q.scale)
  const ct2 = q.loc.div(q.scale)
  const ct3 = p.loc.div(q.scale)
  const t3 = ct2.add(ct1.add(1).lgamma()).sub(ct3).exp()
  return ct1
    .log()
    .neg()
    .sub(ct2)
    .add(ct3)
    .add(ct1.mul(EULER))
    .add(t3)
    .sub(1 + EULER)
}

function normal(p: Normal, q: Normal): Tensor {
  const ratio = p.scale.div(q.scale).pow(2)
  return ratio.add(p.loc.sub(q.loc).div(q.scale).pow(2)).sub(1).sub(ratio.log()).mul(0.5)
}

function laplace(p: Laplace, q: Laplace): Tensor {
  const ratio = p.scale.div(q.scale)
  const apart = p.loc.sub(q.loc).abs()
  return ratio
    .log()
    .neg()
    .add(apart.div(q.scale))
    .add(ratio.mul(apart.neg().div(p.scale).exp()))
    .sub(1)
}

function pareto(p: Pareto, q: Pareto): Tensor {
  const ratio = q.alpha.div(p.alpha)
  const t1 = q.alpha.mul(p.scale.div(q.scale).log())
  return t1.sub(ratio.log()).add(ratio).sub(1).masked_fill(p.scale.lt(q.scale), INF)
}

function checkEvents(p: { event_shape: readonly number[] }, q: { event_shape: readonly number[] }): void {
  if (p.event_shape.join() !== q.event_shape.join())
    throw new ValueError('KL-divergence between two Multivariate Normals with different event shapes cannot be computed')
}

function multivariate(p: MultivariateNormal, q: MultivariateNormal): Tensor {
  checkEvents(p, q)
  const n = p.event_shape[0]!
  const [lp, lq] = [p._unbroadcasted_scale_tril, q._unbroadcasted_scale_tril]
  const batch = broadcast_shapes(lq.shape.slice(0, -2), lp.shape.slice(0, -2))
  const trace = traceXXT(solve_triangular(lq.expand([...batch, n, n]), lp.expand([...batch, n, n]), { upper: false }))
  const apart = mahalanobis(lq, q.loc.sub(p.loc))
  return logDiagonal(lq).sub(logDiagonal(lp)).add(trace.add(apart).sub(n).mul(0.5))
}

/** `A` with `A^T A = D^-1 W C^-1 W^T D^-1`: what the factor takes from the inverse of the diagonal. */
const reduction = (q: LowRankMultivariateNormal): Tensor =>
  solve_triangular(q._capacitance_tril, q._unbroadcasted_cov_factor.mT.div(q._unbroadcasted_cov_diag.unsqueeze(-2)), { upper: false })

function lowRank(p: LowRankMultivariateNormal, q: LowRankMultivariateNormal): Tensor {
  checkEvents(p, q)
  const a = reduction(q)
  const [w, d, qd] = [p._unbroadcasted_cov_factor, p._unbroadcasted_cov_diag, q._unbroadcasted_cov_diag]
  const own = d
    .div(qd)
    .sum(-1)
    .add(traceXXT(w.mul(qd.rsqrt().unsqueeze(-1))))
  const trace = own.sub(traceXXT(a.mul(d.sqrt().unsqueeze(-2)))).sub(traceXXT(a.matmul(w)))
  return q._logdet
    .sub(p._logdet)
    .add(trace)
    .add(q._distance(q.loc.sub(p.loc)))
    .sub(p.event_shape[0]!)
    .mul(0.5)
}

function fullToLowRank(p: MultivariateNormal, q: LowRankMultivariateNormal): Tensor {
  checkEvents(p, q)
  const l = p._unbroadcasted_scale_tril
  const trace = traceXXT(l.mul(q._unbroadcasted_cov_diag.rsqrt().unsqueeze(-1))).sub(traceXXT(reduction(q).matmul(l)))
  const logs = q._logdet.sub(logDiagonal(l).mul(2))
  return logs
    .add(trace)
    .add(q._distance(q.loc.sub(p.loc)))
    .sub(p.event_shape[0]!)
    .mul(0.5)
}

function lowRankToFull(p: LowRankMultivariateNormal, q: MultivariateNormal): Tensor {
  checkEvents(p, q)
  const l = q._unbroadcasted_scale_tril
  const [w, d] = [p._unbroadcasted_cov_factor, p._unbroadcasted_cov_diag]
  const n = p.event_shape[0]!
  const batch = broadcast_shapes(l.shape.slice(0, -2), w.shape.slice(0, -2))
  const under = (x: Tensor): Tensor =>
    traceXXT(solve_triangular(l.expand([...batch, n, n]), x.expand([...batch, n, x.shape.at(-1)!]), { upper: false }))
  const trace = under(w).add(under(d.sqrt().diag_embed()))
  return logDiagonal(l)
    .mul(2)
    .sub(p._logdet)
    .add(trace)
    .add(mahalanobis(l, q.loc.sub(p.loc)))
    .sub(n)
    .mul(0.5)
}

function transformed(kl: (p: any, q: any) => Tensor) {
  return (p: TransformedDistribution, q: TransformedDistribution): Tensor => {
    const same = p.transforms.length === q.transforms.length && p.transforms.every((t, i) => t.equals(q.transforms[i]!))
    if (!same || p.event_shape.join() !== q.event_shape.join())
      throw new RuntimeError('KL between distributions with different transforms or event shapes is not supported')
    return kl(p.base_dist, q.base_dist)
  }
}

function independent(kl: (p: any, q: any) => Tensor) {
  return (p: Independent, q: Independent): Tensor => {
    if (p.reinterpreted_batch_ndims !== q.reinterpreted_batch_ndims)
      throw new RuntimeError('KL between Independent distributions of different reinterpreted_batch_ndims is not supported')
    return sumRightmost(kl(p.base_dist, q.base_dist), p.reinterpreted_batch_ndims)
  }
}

/** Enters the formulas. */
export function fillSame(enter: Enter, kl: (p: any, q: any) => Tensor): void {
  enter(Bernoulli, Bernoulli, bernoulli)
  enter(Beta, Beta, beta)
  enter(Binomial, Binomial, binomial)
  enter(Categorical, Categorical, categorical)
  enter(OneHotCategorical, OneHotCategorical, categorical)
  enter(ContinuousBernoulli, ContinuousBernoulli, (p: ContinuousBernoulli, q: ContinuousBernoulli) => {
    const own = p._cont_bern_log_norm().add(p.probs.neg().log1p())
    return p.mean.mul(p.logits.sub(q.logits)).add(own).sub(q._cont_bern_log_norm()).sub(q.probs.neg().log1p())
  })
  enter(Dirichlet, Dirichlet, dirichlet)
  enter(Exponential, Exponential, (p: Exponential, q: Exponential) => {
    const ratio = q.rate.div(p.rate)
    return ratio.log().neg().add(ratio).sub(1)
  })
  enter(ExponentialFamily, ExponentialFamily, expFamily)
  enter(Gamma, Gamma, gamma)
  enter(Gumbel, Gumbel, gumbel)
  enter(Geometric, Geometric, (p: Geometric, q: Geometric) => p.entropy().neg().sub(q.probs.neg().log1p().div(p.probs)).sub(q.logits))
  enter(HalfNormal, HalfNormal, (p: HalfNormal, q: HalfNormal) => normal(p.base_dist, q.base_dist))
  enter(Laplace, Laplace, laplace)
  enter(MultivariateNormal, MultivariateNormal, multivariate)
  enter(LowRankMultivariateNormal, LowRankMultivariateNormal, lowRank)
  enter(MultivariateNormal, LowRankMultivariateNormal, fullToLowRank)
  enter(LowRankMultivariateNormal, MultivariateNormal, lowRankToFull)
  enter(Normal, Normal, normal)
  enter(Pareto, Pareto, pareto)
  enter(Poisson, Poisson, (p: Poisson, q: Poisson) => p.rate.mul(p.rate.log().sub(q.rate.log())).sub(p.rate.sub(q.rate)))
  enter(TransformedDistribution, TransformedDistribution, transformed(kl))
  enter(Uniform, Uniform, (p: Uniform, q: Uniform) =>
    q.high
      .sub(q.low)
      .div(p.high.sub(p.low))
      .log()
      .masked_fill(q.low.gt(p.low).logical_or(q.high.lt(p.high)), INF),
  )
  enter(Independent, Independent, independent(kl))
  enter(Cauchy, Cauchy, (p: Cauchy, q: Cauchy) => {
    const t1 = p.scale.add(q.scale).pow(2).add(p.loc.sub(q.loc).pow(2)).log()
    return t1.sub(p.scale.mul(4).mul(q.scale).log())
  })
}
