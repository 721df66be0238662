/** Activation functions as modules. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { get_default_dtype } from '../../dtype.ts'
import { full } from '../../functions/creation.ts'
import type { Tensor } from '../../tensor.ts'
import * as F from '../functional/activation.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import { type Factory, float, made, number } from './support.ts'

type InPlace = boolean | { inplace?: boolean }

/** A function of one tensor that may be done in place. */
abstract class Plain extends Module {
  readonly inplace: boolean
  constructor(inplace: InPlace = false) {
    super()
    this.inplace = typeof inplace === 'object' ? (inplace?.inplace ?? false) : inplace
  }
  abstract override forward(input: Tensor): Tensor
  override extra_repr(): string {
    return this.inplace ? 'inplace=True' : ''
  }
}

const andInPlace = (text: string, inplace: boolean): string => (inplace ? `${text}, inplace=True` : text)

/** `max(x, 0)`. */
export class ReLU extends Plain {
  override forward(input: Tensor): Tensor {
    return F.relu(input, this.inplace)
  }
}
/** `min(max(x, 0), 6)`. */
export class ReLU6 extends Plain {
  override forward(input: Tensor): Tensor {
    return F.relu6(input, this.inplace)
  }
  override extra_repr(): string {
    return this.inplace ? 'inplace=True' : ''
  }
}
/** `x sigmoid(x)`. */
export class SiLU extends Plain {
  override forward(input: Tensor): Tensor {
    return F.silu(input, this.inplace)
  }
}
/** `x tanh(softplus(x))`. */
export class Mish extends Plain {
  override forward(input: Tensor): Tensor {
    return F.mish(input, this.inplace)
  }
}
/** The scaled elu that keeps mean and variance (Klambauer et al. 2017). */
export class SELU extends Plain {
  override forward(input: Tensor): Tensor {
    return F.selu(input, this.inplace)
  }
}
/** `min(max(x + 3, 0), 6) / 6`. */
export class Hardsigmoid extends Plain {
  override forward(input: Tensor): Tensor {
    return F.hardsigmoid(input, this.inplace)
  }
  override extra_repr(): string {
    return ''
  }
}
/** `x min(max(x + 3, 0), 6) / 6`. */
export class Hardswish extends Plain {
  override forward(input: Tensor): Tensor {
    return F.hardswish(input, this.inplace)
  }
  override extra_repr(): string {
    return ''
  }
}

/** `1 / (1 + e^-x)`. */
export class Sigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return F.sigmoid(input)
  }
}
/** The hyperbolic tangent. */
export class Tanh extends Module {
  override forward(input: Tensor): Tensor {
    return F.tanh(input)
  }
}
/** `log(sigmoid(x))`. */
export class LogSigmoid extends Module {
  override forward(input: Tensor): Tensor {
    return F.logsigmoid(input)
  }
}
/** `x / (1 + |x|)`. */
export class Softsign extends Module {
  override forward(input: Tensor): Tensor {
    return F.softsign(input)
  }
}
/** `x - tanh(x)`. */
export class Tanhshrink extends Module {
  override forward(input: Tensor): Tensor {
    return F.tanhshrink(input)
  }
}

interface AlphaOptions {
  alpha?: number
  inplace?: boolean
}
const readElu = signature<AlphaOptions>('ELU', ['alpha', 'inplace'], [], 0)
/** x above zero, `alpha (e^x - 1)` below. */
export class ELU extends Module {
  readonly alpha: number
  readonly inplace: boolean
  constructor(...rest: Rest<AlphaOptions, ['alpha', 'inplace']>) {
    super()
    const { alpha = 1, inplace = false } = readElu(rest)
    this.alpha = alpha
    this.inplace = inplace
  }
  override forward(input: Tensor): Tensor {
    return F.elu(input, this.alpha, this.inplace)
  }
  override extra_repr(): string {
    return andInPlace(`alpha=${float(this.alpha)}`, this.inplace)
  }
}
/** x above zero, `alpha (e^(x / alpha) - 1)` below. */
export class CELU extends ELU {
  override forward(input: Tensor): Tensor {
    return F.celu(input, this.alpha, this.inplace)
  }
}

interface SlopeOptions {
  negative_slope?: number
  inplace?: boolean
}
const readLeaky = signature<SlopeOptions>('LeakyReLU', ['negative_slope', 'inplace'], [], 0)
/** x above zero, `negative_slope x` below. */
export class LeakyReLU extends Module {
  readonly negative_slope: number
  readonly inplace: boolean
  constructor(...rest: Rest<SlopeOptions, ['negative_slope', 'inplace']>) {
    super()
    const { negative_slope = 0.01, inplace = false } = readLeaky(rest)
    this.negative_slope = negative_slope
    this.inplace = inplace
  }
  override forward(input: Tensor): Tensor {
    return F.leaky_relu(input, this.negative_slope, this.inplace)
  }
  override extra_repr(): string {
    return andInPlace(`negative_slope=${number(this.negative_slope)}`, this.inplace)
  }
}

/** `x Phi(x)`, with the normal distribution function, or its approximation by tanh. */
export class GELU extends Module {
  readonly approximate: 'none' | 'tanh'
  constructor(approximate: 'none' | 'tanh' | { approximate?: 'none' | 'tanh' } = 'none') {
    super()
    this.approximate = typeof approximate === 'object' ? (approximate?.approximate ?? 'none') : approximate
  }
  override forward(input: Tensor): Tensor {
    return F.gelu(input, this.approximate)
  }
  override extra_repr(): string {
    return `approximate='${this.approximate}'`
  }
}

interface SoftplusOptions {
  beta?: number
  threshold?: number
}
const readSoftplus = signature<SoftplusOptions>('Softplus', ['beta', 'threshold'], [], 0)
/** `log(1 + e^(beta x)) / beta`. */
export class Softplus extends Module {
  readonly beta: number
  readonly threshold: number
  constructor(...rest: Rest<SoftplusOptions, ['beta', 'threshold']>) {
    super()
    const { beta = 1, threshold = 20 } = readSoftplus(rest)
    this.beta = beta
    this.threshold = threshold
  }
  override forward(input: Tensor): Tensor {
    return F.softplus(input, this.beta, this.threshold)
  }
  override extra_repr(): string {
    return `beta=${float(this.beta)}, threshold=${float(this.threshold)}`
  }
}

interface HardtanhOptions {
  min_val?: number
  max_val?: number
  inplace?: boolean
}
const readHardtanh = signature<HardtanhOptions>('Hardtanh', ['min_val', 'max_val', 'inplace'], [], 0)
/** x held between two bounds. */
export class Hardtanh extends Module {
  readonly min_val: number
  readonly max_val: number
  readonly inplace: boolean
  constructor(...rest: Rest<HardtanhOptions, ['min_val', 'max_val', 'inplace']>) {
    super()
    const { min_val = -1, max_val = 1, inplace = false } = readHardtanh(rest)
    this.min_val = min_val
    this.max_val = max_val
    this.inplace = inplace
  }
  override forward(input: Tensor): Tensor {
    return F.hardtanh(input, this.min_val, this.max_val, this.inplace)
  }
  override extra_repr(): string {
    return andInPlace(`min_val=${float(this.min_val)}, max_val=${float(this.max_val)}`, this.inplace)
  }
}

/** A function of one tensor and a half width, 0.5 by default. */
abstract class Shrinking extends Module {
  readonly lambd: number
  constructor(lambd: number | { lambd?: number } = 0.5) {
    super()
    this.lambd = typeof lambd === 'object' ? (lambd?.lambd ?? 0.5) : lambd
  }
  abstract override forward(input: Tensor): Tensor
  override extra_repr(): string {
    return number(this.lambd)
  }
}
/** x outside `[-lambd, lambd]`, 0 inside. */
export class Hardshrink extends Shrinking {
  override forward(input: Tensor): Tensor {
    return F.hardshrink(input, this.lambd)
  }
}
/** x moved towards 0 by `lambd`. */
export class Softshrink extends Shrinking {
  override forward(input: Tensor): Tensor {
    return F.softshrink(input, this.lambd)
  }
}

/** x above a threshold, a value elsewhere. */
export class Threshold extends Module {
  readonly threshold: number
  readonly value: number
  readonly inplace: boolean
  constructor(threshold: number, value: number, inplace: InPlace = false) {
    super()
    this.threshold = threshold
    this.value = value
    this.inplace = typeof inplace === 'object' ? (inplace?.inplace ?? false) : inplace
  }
  override forward(input: Tensor): Tensor {
    return F.threshold(input, this.threshold, this.value, this.inplace)
  }
  override extra_repr(): string {
    return andInPlace(`threshold=${number(this.threshold)}, value=${number(this.value)}`, this.inplace)
  }
}

interface PReLUOptions extends Factory {
  num_parameters?: number
  init?: number
}
const readPrelu = signature<PReLUOptions>('PReLU', ['num_parameters', 'init', 'device', 'dtype'], [], 0)
/** x above zero, `weight x` below, with a learned weight, or one a channel. */
export class PReLU extends Module {
  readonly num_parameters: number
  readonly init: number
  weight: Parameter
  constructor(...rest: Rest<PReLUOptions, ['num_parameters', 'init', 'device', 'dtype']>) {
    super()
    const { num_parameters = 1, init = 0.25, ...factory } = readPrelu(rest)
    this.num_parameters = num_parameters
    this.init = init
    this.weight = new Parameter(full([num_parameters], init, { ...made(factory), dtype: factory.dtype ?? get_default_dtype() }))
  }
  override forward(input: Tensor): Tensor {
    return F.prelu(input, this.weight)
  }
  override extra_repr(): string {
    return `num_parameters=${this.num_parameters}`
  }
}

interface RReluOptions {
  lower?: number
  upper?: number
  inplace?: boolean
}
const readRRelu = signature<RReluOptions>('RReLU', ['lower', 'upper', 'inplace'], [], 0)
/** x above zero; below, x times a random slope while training, the middle one else. */
export class RReLU extends Module {
  readonly lower: number
  readonly upper: number
  readonly inplace: boolean
  constructor(...rest: Rest<RReluOptions, ['lower', 'upper', 'inplace']>) {
    super()
    const { lower = 1 / 8, upper = 1 / 3, inplace = false } = readRRelu(rest)
    this.lower = lower
    this.upper = upper
    this.inplace = inplace
  }
  override forward(input: Tensor): Tensor {
    return F.rrelu(input, this.lower, this.upper, this.training, this.inplace)
  }
  override extra_repr(): string {
    return andInPlace(`lower=${number(this.lower)}, upper=${number(this.upper)}`, this.inplace)
  }
}

const dimOf = <D>(dim: number | null | { dim?: number | null } | undefined, fallback: D): number | D => {
  const given = typeof dim === 'object' && dim !== null ? dim.dim : dim
  return given ?? fallback
}

/** The first half of a dimension times the sigmoid of the second. */
export class GLU extends Module {
  readonly dim: number
  constructor(dim: number | { dim?: number } = -1) {
    super()
    this.dim = dimOf(dim, -1)
  }
  override forward(input: Tensor): Tensor {
    return F.glu(input, this.dim)
  }
  override extra_repr(): string {
    return `dim=${this.dim}`
  }
}

/** A function along one dimension. */
abstract class AlongDim extends Module {
  readonly dim: number | null
  constructor(dim: number | null | { dim?: number | null } = null) {
    super()
    this.dim = dimOf(dim, null)
  }
  abstract override forward(input: Tensor): Tensor
}
/** `e^x / sum(e^x)` along a dimension. */
export class Softmax extends AlongDim {
  override forward(input: Tensor): Tensor {
    return F.softmax(input, this.dim)
  }
  override extra_repr(): string {
    return `dim=${this.dim === null ? 'None' : this.dim}`
  }
}
/** The softmax of `-x` along a dimension. */
export class Softmin extends AlongDim {
  override forward(input: Tensor): Tensor {
    return F.softmin(input, this.dim)
  }
  override extra_repr(): string {
    return `dim=${this.dim === null ? 'None' : this.dim}`
  }
}
/** The logarithm of the softmax along a dimension. */
export class LogSoftmax extends AlongDim {
  override forward(input: Tensor): Tensor {
    return F.log_softmax(input, this.dim)
  }
  override extra_repr(): string {
    return `dim=${this.dim === null ? 'None' : this.dim}`
  }
}
/** The softmax over the channels of `[N, C, H, W]` or `[C, H, W]`. */
export class Softmax2d extends Module {
  override forward(input: Tensor): Tensor {
    return F.softmax(input, -3)
  }
}
