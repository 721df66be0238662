/** Activation functions. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ValueError } from '../../../core/errors.ts'
import { warn } from '../../../core/warnings.ts'
import * as p from '../../../ops/index.ts'
import type { DTypeLike } from '../../dtype.ts'
import { empty, ones_like } from '../../functions/creation.ts'
import { keyed } from '../../functions/keyed.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import { applied, numberArg, perhapsInPlace, tensorArgs } from './support.ts'

interface InPlace {
  /** Writes the result over the input. */
  inplace?: boolean
}

/** A function of one tensor that may be done in place. */
type Plain = (input: Tensor, inplace?: boolean | InPlace) => Tensor
const flag = (x: boolean | InPlace | undefined): boolean => (typeof x === 'object' ? (x?.inplace ?? false) : (x ?? false))
const plain =
  (name: string, f: (x: Tensor) => Tensor): Plain =>
  (input, inplace) =>
    perhapsInPlace(name, input, flag(inplace), f)

/** `max(x, 0)` of each element. */
export const relu: Plain = plain('relu', (x) => applied(p.relu, x))
/** `x min(max(x + 3, 0), 6) / 6` of each element. */
export const hardswish: Plain = plain('hardswish', (x) => applied(p.hardswish, x))
/** `min(max(x + 3, 0), 6) / 6` of each element. */
export const hardsigmoid: Plain = plain('hardsigmoid', (x) => applied(p.hardsigmoid, x))
/** `x sigmoid(x)` of each element. */
export const silu: Plain = plain('silu', (x) => applied(p.silu, x))
/** `x tanh(softplus(x))` of each element. */
export const mish: Plain = plain('mish', (x) => applied(p.mish, x))
/** `min(max(x, 0), 6)` of each element. */
export const relu6: Plain = plain('relu6', (x) => applied(p.hardtanh, x, 0, 6))

const SELU_ALPHA = 1.6732632423543772
const SELU_SCALE = 1.0507009873554805
/** The scaled elu that keeps mean and variance (Klambauer et al. 2017), of each element. */
export const selu: Plain = plain('selu', (x) => applied(p.elu, x, SELU_ALPHA, SELU_SCALE, 1))

/** `1 / (1 + e^-x)` of each element. */
export const sigmoid = (input: Tensor): Tensor => tensorArg('sigmoid', input).sigmoid()
/** The hyperbolic tangent of each element. */
export const tanh = (input: Tensor): Tensor => tensorArg('tanh', input).tanh()
/** `log(sigmoid(x))` of each element. */
export const logsigmoid = (input: Tensor): Tensor => applied(p.logSigmoid, tensorArg('logsigmoid', input))
/** `x / (1 + |x|)` of each element. */
export const softsign = (input: Tensor): Tensor => tensorArg('softsign', input).div(input.abs().add(1))
/** `x - tanh(x)` of each element. */
export const tanhshrink = (input: Tensor): Tensor => tensorArg('tanhshrink', input).sub(input.tanh())

interface SlopeOptions extends InPlace {
  negative_slope?: number
}
const readLeaky = signature<SlopeOptions>('leaky_relu', ['negative_slope', 'inplace'])
/** x above zero, `negative_slope x` below. */
export function leaky_relu(input: Tensor, ...rest: Rest<SlopeOptions, ['negative_slope', 'inplace']>): Tensor {
  const { negative_slope = 0.01, inplace } = readLeaky(rest)
  return perhapsInPlace('leaky_relu', input, inplace, (x) => applied(p.leakyRelu, x, negative_slope))
}

interface AlphaOptions extends InPlace {
  alpha?: number
}
const readElu = signature<AlphaOptions>('elu', ['alpha', 'inplace'])
/** x above zero, `alpha (e^x - 1)` below. */
export function elu(input: Tensor, ...rest: Rest<AlphaOptions, ['alpha', 'inplace']>): Tensor {
  const { alpha = 1, inplace } = readElu(rest)
  return perhapsInPlace('elu', input, inplace, (x) => applied(p.elu, x, alpha, 1, 1))
}

const readCelu = signature<AlphaOptions>('celu', ['alpha', 'inplace'])
/** x above zero, `alpha (e^(x / alpha) - 1)` below. */
export function celu(input: Tensor, ...rest: Rest<AlphaOptions, ['alpha', 'inplace']>): Tensor {
  const { alpha = 1, inplace } = readCelu(rest)
  numberArg('celu', 'alpha', alpha)
  if (alpha === 0) throw new ValueError('ZeroDivisionError: alpha cannot be 0 for CELU')
  return perhapsInPlace('celu', input, inplace, (x) => applied(p.elu, x, alpha, 1, 1 / alpha))
}

interface GeluOptions {
  /** 'none' for the exact form, 'tanh' for the approximation. */
  approximate?: 'none' | 'tanh'
}
/** `x Phi(x)` of each element, with the normal distribution function (Hendrycks and Gimpel 2016). */
export function gelu(input: Tensor, options: 'none' | 'tanh' | GeluOptions = {}): Tensor {
  const approximate = typeof options === 'string' ? options : (options?.approximate ?? 'none')
  if (approximate !== 'none' && approximate !== 'tanh') throw new ValueError('approximate argument must be either none or tanh.')
  return applied(approximate === 'tanh' ? p.geluTanh : p.gelu, tensorArg('gelu', input))
}

interface SoftplusOptions {
  beta?: number
  /** Above it, `beta x` is taken for the result's exponent itself. */
  threshold?: number
}
const readSoftplus = signature<SoftplusOptions>('softplus', ['beta', 'threshold'])
/** `log(1 + e^(beta x)) / beta` of each element. */
export function softplus(input: Tensor, ...rest: Rest<SoftplusOptions, ['beta', 'threshold']>): Tensor {
  const { beta = 1, threshold: limit = 20 } = readSoftplus(rest)
  return applied(p.softplus, tensorArg('softplus', input), beta, limit)
}

interface HardtanhOptions extends InPlace {
  min_val?: number
  max_val?: number
}
const readHardtanh = signature<HardtanhOptions>('hardtanh', ['min_val', 'max_val', 'inplace'])
/** x held between two bounds. */
export function hardtanh(input: Tensor, ...rest: Rest<HardtanhOptions, ['min_val', 'max_val', 'inplace']>): Tensor {
  const { min_val = -1, max_val = 1, inplace } = readHardtanh(rest)
  if (min_val > max_val) throw new ValueError('min_val cannot be greater than max_val')
  return perhapsInPlace('hardtanh', input, inplace, (x) => applied(p.hardtanh, x, min_val, max_val))
}

interface LambdaOptions {
  lambd?: number
}
const lambdOf = (x: number | LambdaOptions): number => (typeof x === 'object' ? (x?.lambd ?? 0.5) : x)
/** x outside `[-lambd, lambd]`, 0 inside. */
export const hardshrink = keyed(
  'hardshrink',
  'lambd',
  (input: Tensor, lambd: number | LambdaOptions = 0.5): Tensor => applied(p.hardshrink, tensorArg('hardshrink', input), lambdOf(lambd)),
)
/** x moved towards 0 by `lambd`, 0 within it. */
export const softshrink = keyed('softshrink', 'lambd', (input: Tensor, lambd: number | LambdaOptions = 0.5): Tensor => {
  const by = lambdOf(lambd)
  if (by < 0) throw new ValueError(`lambda must be greater or equal to 0, but found to be ${by}.`)
  return applied(p.softshrink, tensorArg('softshrink', input), by)
})

/** x above a threshold, a value elsewhere. */
export const threshold = keyed(
  'threshold',
  'threshold value inplace',
  (input: Tensor, limit: number, value: number, inplace: boolean | InPlace = false): Tensor =>
    perhapsInPlace('threshold', input, flag(inplace), (x) => applied(p.threshold, x, limit, value)),
)

/** x above zero, `weight x` below; one weight, or one a channel (dimension 1). */
export const prelu = keyed('prelu', 'weight', (input: Tensor, weight: Tensor): Tensor => {
  const x = tensorArg('prelu', input)
  tensorArg('prelu', weight, 'weight')
  const channels = x.ndim < 2 ? 1 : x.shape[1]!
  if (weight.numel() !== 1 && weight.numel() !== channels) {
    throw new ValueError(
      `Mismatch of parameter numbers and input channel size. Found parameter numbers = ${weight.numel()} and channel size = ${channels}.`,
    )
  }
  const slope =
    weight.numel() === 1 || x.ndim < 2 ? weight.reshape(x.ndim === 0 ? [] : [-1]) : weight.reshape([-1, ...x.shape.slice(2).map(() => 1)])
  return x.relu().sub(x.neg().relu().mul(slope))
})

/** The first half of a dimension times the sigmoid of the second. */
export const glu = keyed('glu', 'dim', (input: Tensor, dim: number | { dim?: number } = -1): Tensor => {
  tensorArgs('glu', { input })
  const at = typeof dim === 'object' ? (dim?.dim ?? -1) : dim
  const x = tensorArg('glu', input)
  const n = x.size(at)
  if (n % 2 !== 0) throw new ValueError(`Halving dimension must be even, but dimension ${at < 0 ? at + x.ndim : at} is size ${n}`)
  return x.narrow(at, 0, n / 2).mul(x.narrow(at, n / 2, n / 2).sigmoid())
})

interface SoftmaxOptions {
  dim?: number | null
  dtype?: DTypeLike | null
}
/** The dimension that PyTorch takes when none is given. */
function implicitDim(name: string, ndim: number): number {
  warn(`Implicit dimension choice for ${name} has been deprecated. Change the call to include dim=X as an argument.`)
  return ndim === 0 || ndim === 1 || ndim === 3 ? 0 : 1
}
function softmaxOptions(
  name: string,
  input: Tensor,
  dim: number | null | SoftmaxOptions | undefined,
  given: SoftmaxOptions,
): { dim: number; dtype?: DTypeLike } {
  const options = typeof dim === 'object' && dim !== null ? dim : { ...given, dim }
  return { dim: options.dim ?? implicitDim(name, tensorArg(name, input).ndim), dtype: options.dtype ?? undefined }
}

/** `e^x / sum(e^x)` along a dimension. */
export const softmax = keyed(
  'softmax',
  'dim ...',
  (input: Tensor, dim?: number | null | SoftmaxOptions, options: SoftmaxOptions = {}): Tensor => {
    tensorArgs('softmax', { input })
    const { dim: at, dtype } = softmaxOptions('softmax', input, dim, options)
    return input.softmax(at, { dtype })
  },
)
/** The softmax of `-x` along a dimension. */
export const softmin = keyed(
  'softmin',
  'dim ...',
  (input: Tensor, dim?: number | null | SoftmaxOptions, options: SoftmaxOptions = {}): Tensor => {
    tensorArgs('softmin', { input })
    const { dim: at, dtype } = softmaxOptions('softmin', input, dim, options)
    return input.neg().softmax(at, { dtype })
  },
)
/** The logarithm of the softmax along a dimension. */
export const log_softmax = keyed(
  'log_softmax',
  'dim ...',
  (input: Tensor, dim?: number | null | SoftmaxOptions, options: SoftmaxOptions = {}): Tensor => {
    tensorArgs('log_softmax', { input })
    const { dim: at, dtype } = softmaxOptions('log_softmax', input, dim, options)
    return input.log_softmax(at, { dtype })
  },
)

interface RReluOptions extends InPlace {
  lower?: number
  upper?: number
  training?: boolean
}
const readRRelu = signature<RReluOptions>('rrelu', ['lower', 'upper', 'training', 'inplace'])
/** x above zero; below, x times a random slope while training, and times the middle slope else. */
export function rrelu(input: Tensor, ...rest: Rest<RReluOptions, ['lower', 'upper', 'training', 'inplace']>): Tensor {
  const { lower = 1 / 8, upper = 1 / 3, training = false, inplace } = readRRelu(rest)
  return perhapsInPlace('rrelu', input, inplace, (x) => {
    if (!training) return applied(p.leakyRelu, x, (lower + upper) / 2)
    // one number for each element that is not above zero, as PyTorch draws them
    const low = x.detach().le(0)
    const slopes = empty([low.sum().item() as number], { dtype: 'float64' }).uniform_(lower, upper)
    return x.mul(ones_like(x.detach()).set(low, slopes.to(x.dtype)))
  })
}

interface GumbelOptions {
  tau?: number
  hard?: boolean
  eps?: number
  dim?: number
}
const readGumbel = signature<GumbelOptions>('gumbel_softmax', ['tau', 'hard', 'eps', 'dim'])
/** A random, differentiable choice: the softmax of the logits with Gumbel noise (Jang et al. 2016); one-hot forward when `hard`. */
export function gumbel_softmax(logits: Tensor, ...rest: Rest<GumbelOptions, ['tau', 'hard', 'eps', 'dim']>): Tensor {
  const { tau = 1, hard = false, dim = -1 } = readGumbel(rest)
  const noise = tensorArg('gumbel_softmax', logits, 'logits').detach().clone().exponential_().log().neg()
  const soft = logits.add(noise).div(tau).softmax(dim)
  if (!hard) return soft
  const index = soft.argmax(dim, { keepdim: true })
  const chosen = soft.detach().mul(0).scatter(dim, index, 1)
  return chosen.sub(soft.detach()).add(soft)
}

/** `relu`, in place. */
export const relu_ = (input: Tensor): Tensor => relu(input, true)
/** `selu`, in place. */
export const selu_ = (input: Tensor): Tensor => selu(input, true)
/** `elu`, in place. */
export const elu_ = (input: Tensor, alpha = 1): Tensor => elu(input, alpha, true)
/** `celu`, in place. */
export const celu_ = (input: Tensor, alpha = 1): Tensor => celu(input, alpha, true)
/** `leaky_relu`, in place. */
export const leaky_relu_ = (input: Tensor, negative_slope = 0.01): Tensor => leaky_relu(input, negative_slope, true)
/** `hardtanh`, in place. */
export const hardtanh_ = (input: Tensor, min_val = -1, max_val = 1): Tensor => hardtanh(input, min_val, max_val, true)
/** `threshold`, in place. */
export const threshold_ = (input: Tensor, limit: number, value: number): Tensor => threshold(input, limit, value, true)
/** `rrelu`, in place. */
export const rrelu_ = (input: Tensor, lower = 1 / 8, upper = 1 / 3, training = false): Tensor => rrelu(input, lower, upper, training, true)
