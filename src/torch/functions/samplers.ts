/** Random numbers of distributions whose samplers reject and try again: Poisson, binomial, gamma, Dirichlet. */

import { contiguous } from '../../core/allocate.ts'
import { items, viewOf as makeView } from '../../core/element.ts'
import { DTypeError, RuntimeError } from '../../core/errors.ts'
import { betaSlope, gammaSlope } from '../../lib/random/implicit.ts'
import type { MersenneStream } from '../../lib/random/mersenne.ts'
import { type Round, sampleBinomial, sampleGamma, samplePoisson } from '../../lib/random/torch_samplers.ts'
import { Function, once_differentiable } from '../autograd/function.ts'
import { default_generator, type Generator } from '../generator.ts'
import { Tensor } from '../tensor.ts'
import { broadcast_tensors } from './shape.ts'
import { checkKeywords, tensorArg } from './support.ts'

/** Keywords of samplers. */
export interface SamplerOptions {
  readonly generator?: Generator | null
}

const TINY: Readonly<Record<string, number>> = { float16: 2 ** -14, bfloat16: 2 ** -126, float32: 2 ** -126, float64: 2 ** -1022 }
/** The greatest number below 1. */
const BELOW_ONE: Readonly<Record<string, number>> = {
  float16: 1 - 2 ** -11,
  bfloat16: 1 - 2 ** -8,
  float32: 1 - 2 ** -24,
  float64: 1 - 2 ** -53,
}

function floatArg(name: string, x: Tensor, argument = 'input'): Tensor {
  const t = tensorArg(name, x, argument)
  if (!t.raw.dtype.isFloat) throw new DTypeError(`"${name}" is not supported for dtype ${t.raw.dtype.name}`, { op: name })
  return t
}

/** Numbers of a shape and dtype from a function of the elements of tensors in order. */
function elementwise(like: Tensor, inputs: readonly Tensor[], f: (...xs: number[]) => number): Tensor {
  const columns = inputs.map((t) => items(contiguous(t.memory)) as number[])
  const out = columns[0]!.map((_, i) => f(...columns.map((column) => column[i]!)))
  return new Tensor(makeView(out, like.raw.shape, like.raw.dtype))
}

/** The same with a stream of random words. */
function sampled(
  like: Tensor,
  inputs: readonly Tensor[],
  options: SamplerOptions,
  f: (stream: MersenneStream, ...xs: number[]) => number,
): Tensor {
  return (options.generator ?? default_generator).stream((stream) => elementwise(like, inputs, (...xs) => f(stream, ...xs)))
}

const roundOf = (x: Tensor): Round => (x.raw.dtype.name === 'float64' ? (v) => v : Math.fround)

/** Zero gradients, as PyTorch gives for samples that do not depend smoothly on their parameters. */
class Poisson extends Function {
  static override forward(_ctx: unknown, rates: Tensor, options: SamplerOptions): Tensor {
    return sampled(rates, [rates], options, (stream, rate) => {
      if (!(rate >= 0)) throw new RuntimeError('invalid Poisson rate, expected rate to be non-negative')
      return samplePoisson(rate, stream)
    })
  }
  static override backward(_ctx: unknown, grad: Tensor): (Tensor | null)[] {
    return [grad.mul(0), null]
  }
}

/**
 * Poisson random numbers whose means are the elements of a tensor.
 *
 * @example
 * ```ts
 * torch.manual_seed(0)
 * torch.poisson(torch.tensor([1, 10, 100], { dtype: 'float32' })).shape // => torch.Size([3])
 * ```
 */
export function poisson(input: Tensor, options: SamplerOptions = {}): Tensor {
  checkKeywords('poisson', options, 'generator')
  return Poisson.apply(floatArg('poisson', input), options ?? {})
}

class Binomial extends Function {
  static override forward(_ctx: unknown, count: Tensor, prob: Tensor, options: SamplerOptions): Tensor {
    const round = roundOf(prob)
    return sampled(prob, [count, prob], options, (stream, n, p) => sampleBinomial(n, p, stream, round))
  }
  static override backward(_ctx: unknown, grad: Tensor): (Tensor | null)[] {
    return [grad.mul(0), grad.mul(0), null]
  }
}

/** Binomial random numbers: successes in `count` trials of probability `prob`, which broadcast. */
export function binomial(count: Tensor, prob: Tensor, options: SamplerOptions = {}): Tensor {
  checkKeywords('binomial', options, 'generator')
  const [n, p] = broadcast_tensors(floatArg('binomial', count, 'count'), floatArg('binomial', prob, 'prob'))
  if (n!.raw.dtype !== p!.raw.dtype) throw new RuntimeError(`Found dtype ${p!.raw.dtype.name} but expected ${n!.raw.dtype.name}`)
  return Binomial.apply(n!, p!, options ?? {})
}

class StandardGamma extends Function {
  static override forward(ctx: any, alpha: Tensor, options: SamplerOptions): Tensor {
    const round = roundOf(alpha)
    const tiny = TINY[alpha.raw.dtype.name]!
    const out = sampled(alpha, [alpha], options, (stream, a) => Math.max(tiny, sampleGamma(a, stream, round)))
    ctx.save_for_backward(alpha, out)
    return out
  }
  static override backward = once_differentiable((ctx: any, grad: Tensor): (Tensor | null)[] => {
    const [alpha, out] = ctx.saved_tensors as [Tensor, Tensor]
    return [grad.mul(elementwise(out, [alpha, out], gammaSlope)), null]
  })
}

/** Standard gamma random numbers of given shapes, differentiable by the shapes. @internal */
export function _standard_gamma(input: Tensor, options: SamplerOptions = {}): Tensor {
  return StandardGamma.apply(floatArg('_standard_gamma', input), options)
}

class SampleDirichlet extends Function {
  static override forward(ctx: any, concentration: Tensor, options: SamplerOptions): Tensor {
    const double = concentration.double()
    const gammas = sampled(double, [double], options, (stream, a) =>
      Math.max(
        TINY.float64!,
        sampleGamma(a, stream, (x) => x),
      ),
    )
    const { name } = concentration.raw.dtype
    const out = gammas.div(gammas.sum(-1, true)).to(concentration.dtype).clamp(TINY[name]!, BELOW_ONE[name]!)
    ctx.save_for_backward(concentration, out)
    return out
  }
  static override backward = once_differentiable((ctx: any, grad: Tensor): (Tensor | null)[] => {
    const [concentration, x] = ctx.saved_tensors as [Tensor, Tensor]
    const total = concentration.sum(-1, true).expand(concentration.shape)
    // x_i is beta(a_i, total - a_i); the others are scaled so that the sum stays 1
    const slope = elementwise(x, [x, concentration, total], (v, a, sum) => betaSlope(a, sum - a, v))
    const along = grad.mul(x).sum(-1, true)
    return [slope.mul(grad.sub(along).div(x.neg().add(1))), null]
  })
}

/** Random points of the simplex, differentiable by the concentrations. @internal */
export function _sample_dirichlet(input: Tensor, options: SamplerOptions = {}): Tensor {
  return SampleDirichlet.apply(floatArg('_sample_dirichlet', input), options)
}
