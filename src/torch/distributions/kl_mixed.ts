/** Divergences between members of different families. */

import { where } from '../functions/arithmetic.ts'
import { full_like } from '../functions/creation.ts'
import type { Tensor } from '../tensor.ts'
import { Gumbel, Pareto } from './derived.ts'
import { Bernoulli, Binomial, Poisson } from './discrete.ts'
import { Beta, Gamma } from './gamma.ts'
import type { Enter, Family } from './kl.ts'
import { Exponential, Laplace, Normal, Uniform } from './location.ts'
import { ContinuousBernoulli } from './relaxed.ts'
import { EULER, from, LOG_2PI } from './support.ts'

const INF = Number.POSITIVE_INFINITY
const xLogX = (x: Tensor): Tensor => x.xlogy(x)
/** What a normal density adds, for a mean and a mean square of x: log of its constant and half the squared distance. */
const fromNormal = (q: Normal, mean: Tensor, square: Tensor): Tensor =>
  q.scale
    .log()
    .add(LOG_2PI / 2)
    .add(square.sub(q.loc.mul(mean).mul(2)).add(q.loc.pow(2)).div(q.scale.pow(2).mul(2)))
/** What a gamma density adds, for means of x and log x. */
const fromGamma = (q: Gamma, mean: Tensor, log: Tensor): Tensor =>
  q.concentration.lgamma().sub(q.concentration.mul(q.rate.log())).add(from(1, q.concentration).mul(log)).add(q.rate.mul(mean))

/** Pairs whose first reaches where the second is 0. */
function infinite(enter: Enter): void {
  const rows: readonly [Family, (p: any) => Tensor, readonly Family[]][] = [
    [Beta, (p: Beta) => p.concentration1, [Pareto]],
    [ContinuousBernoulli, (p: ContinuousBernoulli) => p.probs, [Pareto]],
    [Exponential, (p: Exponential) => p.rate, [Beta, ContinuousBernoulli, Pareto, Uniform]],
    [Gamma, (p: Gamma) => p.concentration, [Beta, ContinuousBernoulli, Pareto, Uniform]],
    [Gumbel, (p: Gumbel) => p.loc, [Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform]],
    [Laplace, (p: Laplace) => p.loc, [Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform]],
    [Normal, (p: Normal) => p.loc, [Beta, ContinuousBernoulli, Exponential, Gamma, Pareto, Uniform]],
    [Pareto, (p: Pareto) => p.scale, [Beta, ContinuousBernoulli, Uniform]],
    [Poisson, (p: Poisson) => p.rate, [Bernoulli, Binomial]],
  ]
  for (const [p, like, qs] of rows) for (const q of qs) enter(p, q, (x) => full_like(like(x), INF))
}

function fromBeta(enter: Enter): void {
  const total = (p: Beta): Tensor => p.concentration1.add(p.concentration0)
  const mean = (p: Beta): Tensor => p.concentration1.div(total(p))
  enter(Beta, ContinuousBernoulli, (p: Beta, q: ContinuousBernoulli) =>
    p.entropy().neg().sub(mean(p).mul(q.logits)).sub(q.probs.neg().log1p()).sub(q._cont_bern_log_norm()),
  )
  enter(Beta, Exponential, (p: Beta, q: Exponential) =>
    p
      .entropy()
      .neg()
      .sub(q.rate.log())
      .add(q.rate.mul(mean(p))),
  )
  enter(Beta, Gamma, (p: Beta, q: Gamma) => {
    const log = p.concentration1.digamma().sub(total(p).digamma())
    return p
      .entropy()
      .neg()
      .add(fromGamma(q, mean(p), log))
  })
  enter(Beta, Normal, (p: Beta, q: Normal) => {
    const m = mean(p)
    return p
      .entropy()
      .neg()
      .add(fromNormal(q, m, m.mul(from(1, m)).div(total(p).add(1)).add(m.pow(2))))
  })
  enter(Beta, Uniform, (p: Beta, q: Uniform) =>
    p
      .entropy()
      .neg()
      .add(q.high.sub(q.low).log())
      .masked_fill(q.low.gt(0).logical_or(q.high.lt(1)), INF),
  )
}

function fromContinuousBernoulli(enter: Enter): void {
  enter(ContinuousBernoulli, Exponential, (p: ContinuousBernoulli, q: Exponential) =>
    p.entropy().neg().sub(q.rate.log()).add(q.rate.mul(p.mean)),
  )
  enter(ContinuousBernoulli, Normal, (p: ContinuousBernoulli, q: Normal) =>
    p
      .entropy()
      .neg()
      .add(fromNormal(q, p.mean, p.variance.add(p.mean.square()))),
  )
  enter(ContinuousBernoulli, Uniform, (p: ContinuousBernoulli, q: Uniform) => {
    const result = p.entropy().neg().add(q.high.sub(q.low).log())
    return where(q.low.ge(0).logical_or(q.high.le(1)), full_like(result, INF), result)
  })
}

function fromExponential(enter: Enter): void {
  enter(Exponential, Gamma, (p: Exponential, q: Gamma) => {
    const ratio = q.rate.div(p.rate)
    const c = q.concentration
    return c
      .neg()
      .mul(ratio.log())
      .add(ratio)
      .add(c.lgamma())
      .add(c.mul(EULER))
      .sub(1 + EULER)
  })
  enter(Exponential, Gumbel, (p: Exponential, q: Gumbel) => {
    const product = p.rate.mul(q.scale)
    const ratio = q.loc.div(q.scale)
    const t2 = ratio.exp().mul(product).div(product.add(1))
    return product.log().sub(1).sub(ratio).add(t2).add(product.reciprocal())
  })
  enter(Exponential, Normal, (p: Exponential, q: Normal) => {
    const mean = p.rate.reciprocal()
    return p.rate
      .log()
      .sub(1)
      .add(fromNormal(q, mean, mean.pow(2).mul(2)))
  })
}

function fromGammas(enter: Enter): void {
  enter(Gamma, Exponential, (p: Gamma, q: Exponential) => p.entropy().neg().sub(q.rate.log()).add(q.rate.mul(p.concentration).div(p.rate)))
  enter(Gamma, Gumbel, (p: Gamma, q: Gumbel) => {
    const product = p.rate.mul(q.scale)
    const ratio = q.loc.div(q.scale)
    const a = p.concentration
    const t1 = a.sub(1).mul(a.digamma()).sub(a.lgamma()).sub(a)
    const t3 = ratio.exp().mul(product.reciprocal().add(1).pow(a.neg())).sub(ratio)
    return t1.add(product.log().add(a.div(product))).add(t3)
  })
  enter(Gamma, Normal, (p: Gamma, q: Normal) => {
    const mean = p.concentration.div(p.rate)
    return p
      .entropy()
      .neg()
      .add(fromNormal(q, mean, mean.pow(2).add(mean.div(p.rate))))
  })
}

function fromReal(enter: Enter): void {
  enter(Gumbel, Normal, (p: Gumbel, q: Normal) => {
    const ratio = p.scale.div(q.scale)
    const t2 = ratio
      .mul(Math.PI * 0.5)
      .pow(2)
      .div(3)
    const t3 = p.loc.add(p.scale.mul(EULER)).sub(q.loc).div(q.scale).pow(2).mul(0.5)
    return ratio
      .div(Math.sqrt(2 * Math.PI))
      .log()
      .neg()
      .add(t2)
      .add(t3)
      .sub(EULER + 1)
  })
  enter(Laplace, Normal, (p: Laplace, q: Normal) =>
    p
      .entropy()
      .neg()
      .add(fromNormal(q, p.loc, p.loc.pow(2).add(p.scale.pow(2).mul(2)))),
  )
  enter(Normal, Gumbel, (p: Normal, q: Gumbel) => {
    const mean = p.loc.div(q.scale)
    const square = p.scale.div(q.scale).pow(2)
    const loc = q.loc.div(q.scale)
    const t3 = mean.neg().add(square.mul(0.5)).add(loc).exp()
    return square
      .log()
      .mul(-0.5)
      .add(mean.sub(loc))
      .add(t3)
      .sub(0.5 * (1 + LOG_2PI))
  })
  enter(Normal, Laplace, (p: Normal, q: Laplace) => {
    const apart = p.loc.sub(q.loc)
    const z = apart.div(p.scale)
    const t2 = p.scale.mul(Math.sqrt(2 / Math.PI)).mul(z.pow(2).mul(-0.5).exp())
    const t3 = apart.mul(z.mul(Math.SQRT1_2).erf())
    return p.scale
      .div(q.scale)
      .log()
      .neg()
      .add(t2.add(t3).div(q.scale))
      .sub(0.5 * (1 + Math.log(0.5 * Math.PI)))
  })
}

function fromPareto(enter: Enter): void {
  enter(Pareto, Exponential, (p: Pareto, q: Exponential) => {
    const product = p.scale.mul(q.rate)
    const t1 = p.alpha.div(product).log().sub(p.alpha.reciprocal())
    return t1
      .add(p.alpha.mul(product).div(p.alpha.sub(1)))
      .sub(1)
      .masked_fill(p.alpha.le(1), INF)
  })
  enter(Pareto, Gamma, (p: Pareto, q: Gamma) => {
    const log = p.scale.log().add(p.alpha.reciprocal())
    const mean = p.alpha.mul(p.scale).div(p.alpha.sub(1))
    return p.alpha
      .log()
      .sub(log)
      .add(fromGamma(q, mean, log))
      .sub(1)
      .masked_fill(p.alpha.le(1), INF)
  })
  enter(Pareto, Normal, (p: Pareto, q: Normal) => {
    const common = p.scale.div(p.alpha.sub(1))
    const variance = p.alpha.mul(common.pow(2)).div(p.alpha.sub(2))
    const t1 = q.scale
      .mul(Math.sqrt(2 * Math.PI))
      .mul(p.alpha)
      .div(p.scale)
      .log()
      .sub(p.alpha.reciprocal())
    const apart = p.alpha.mul(common).sub(q.loc).pow(2)
    return t1
      .add(variance.add(apart).div(q.scale.pow(2).mul(2)))
      .sub(1)
      .masked_fill(p.alpha.le(2), INF)
  })
}

function fromUniform(enter: Enter): void {
  /** The mean of log x. */
  const log = (p: Uniform): Tensor => {
    const width = p.high.sub(p.low)
    return xLogX(p.high).sub(xLogX(p.low)).sub(width).div(width)
  }
  const below = (result: Tensor, p: Uniform, low: Tensor | number): Tensor => result.masked_fill(p.low.lt(low), INF)
  enter(Uniform, Beta, (p: Uniform, q: Beta) => {
    const width = p.high.sub(p.low)
    const rest = xLogX(from(1, p.high))
      .sub(xLogX(from(1, p.low)))
      .add(width)
      .div(width)
    const normal = q.concentration1.lgamma().add(q.concentration0.lgamma()).sub(q.concentration1.add(q.concentration0).lgamma())
    const t2 = q.concentration1.sub(1).mul(log(p))
    const result = q.concentration0.sub(1).mul(rest).add(normal).sub(width.log()).sub(t2)
    return result.masked_fill(p.high.gt(1).logical_or(p.low.lt(0)), INF)
  })
  enter(Uniform, ContinuousBernoulli, (p: Uniform, q: ContinuousBernoulli) => {
    const result = p.entropy().neg().sub(p.mean.mul(q.logits)).sub(q.probs.neg().log1p()).sub(q._cont_bern_log_norm())
    return where(p.high.ge(1).logical_or(p.low.le(0)), full_like(result, INF), result)
  })
  enter(Uniform, Exponential, (p: Uniform, q: Exponential) =>
    below(q.rate.mul(p.high.add(p.low)).div(2).sub(p.high.sub(p.low).mul(q.rate).log()), p, 0),
  )
  enter(Uniform, Gamma, (p: Uniform, q: Gamma) =>
    below(
      p.high
        .sub(p.low)
        .log()
        .neg()
        .add(fromGamma(q, p.mean, log(p))),
      p,
      0,
    ),
  )
  enter(Uniform, Gumbel, (p: Uniform, q: Gumbel) => {
    const common = q.scale.div(p.high.sub(p.low))
    const high = p.high.sub(q.loc).div(q.scale)
    const low = p.low.sub(q.loc).div(q.scale)
    return common
      .log()
      .add(high.add(low).mul(0.5))
      .sub(common.mul(high.neg().exp().sub(low.neg().exp())))
  })
  enter(Uniform, Normal, (p: Uniform, q: Normal) => {
    const width = p.high.sub(p.low)
    const t1 = q.scale
      .mul(Math.sqrt(2 * Math.PI))
      .div(width)
      .log()
    const t3 = p.high.add(p.low).sub(q.loc.mul(2)).div(2).pow(2)
    return t1.add(width.pow(2).div(12).add(t3).mul(0.5).div(q.scale.pow(2)))
  })
  enter(Uniform, Pareto, (p: Uniform, q: Pareto) => {
    const t1 = q.alpha.mul(q.scale.pow(q.alpha)).mul(p.high.sub(p.low)).log()
    return below(log(p).mul(q.alpha.add(1)).sub(t1), p, q.scale)
  })
}

/** Enters the formulas. */
export function fillMixed(enter: Enter): void {
  infinite(enter)
  enter(Bernoulli, Poisson, (p: Bernoulli, q: Poisson) => p.entropy().neg().sub(p.probs.mul(q.rate.log()).sub(q.rate)))
  for (const fill of [fromBeta, fromContinuousBernoulli, fromExponential, fromGammas, fromReal, fromPareto, fromUniform]) fill(enter)
}
