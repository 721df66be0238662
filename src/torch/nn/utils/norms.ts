/** The older forms of weight and spectral normalisation, which compute the weight before each forward; fused layers; and `skip_init`. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { functionArg, moduleArg } from '../../checks.ts'
import { tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import type { Tensor } from '../../tensor.ts'
import { normalize } from '../functional/distance.ts'
import type { RemovableHandle } from '../hooks.ts'
import { Module } from '../module.ts'
import { deepCopy } from '../module_copy.ts'
import { Parameter } from '../parameter.ts'
import { normExceptDim } from './parametrizations.ts'

type Fields = Record<string, any>

/** What a module's weight is computed by, and how it is put back. */
interface Norm {
  readonly handle: RemovableHandle
  remove(): void
}
const norms = new WeakMap<Module, Map<string, Norm>>()

function install(kind: string, module: Module, name: string, compute: () => Tensor, remove: () => void): void {
  const key = `${kind} ${name}`
  const own = norms.get(module) ?? new Map<string, Norm>()
  norms.set(module, own)
  if (own.has(key)) throw new RuntimeError(`Cannot register two ${kind} hooks on the same parameter ${name}`)
  const fields = module as unknown as Fields
  fields[name] = compute()
  const handle = module.register_forward_pre_hook(() => {
    fields[name] = compute()
  })
  own.set(key, { handle, remove })
}

function uninstall<M extends Module>(kind: string, module: M, name: string): M {
  moduleArg(`remove_${kind}`, module)
  const found = norms.get(module)?.get(`${kind} ${name}`)
  if (!found) throw new ValueError(`${kind} of '${name}' not found in ${module}`)
  found.handle.remove()
  found.remove()
  norms.get(module)!.delete(`${kind} ${name}`)
  return module
}

function takeParameter(module: Module, name: string): Parameter {
  const fields = module as unknown as Fields
  const weight = fields[name]
  if (!(weight instanceof Parameter)) throw new ValueError(`Module '${module}' has no parameter with name '${name}'`)
  delete fields[name]
  return weight
}

interface SpectralOptions {
  name?: string
  n_power_iterations?: number
  eps?: number
  dim?: number | null
}
const readWeight = signature<{ name?: string; dim?: number | null }>('weight_norm', ['name', 'dim'])
const readSpectral = signature<SpectralOptions>('spectral_norm', ['name', 'n_power_iterations', 'eps', 'dim'])

/** The weight as `name_v` times `name_g / |name_v|`, computed before each forward. `parametrizations.weight_norm` is its newer form. */
export function weight_norm<M extends Module>(module: M, ...rest: Rest<{ name?: string; dim?: number | null }, ['name', 'dim']>): M {
  moduleArg('weight_norm', module)
  const { name = 'weight', dim = 0 } = readWeight(rest)
  const fields = module as unknown as Fields
  const weight = takeParameter(module, name)
  const along = dim ?? -1
  module.register_parameter(`${name}_g`, new Parameter(normExceptDim(weight.detach(), along)))
  module.register_parameter(`${name}_v`, new Parameter(weight.detach()))
  const compute = (): Tensor => {
    const v = fields[`${name}_v`] as Tensor
    return v.mul((fields[`${name}_g`] as Tensor).div(normExceptDim(v, along)))
  }
  install('weight_norm', module, name, compute, () => {
    const value = quietly(compute).detach()
    for (const part of [name, `${name}_g`, `${name}_v`]) delete fields[part]
    module.register_parameter(name, new Parameter(value))
  })
  return module
}

/** Makes a weight a plain parameter again. */
export const remove_weight_norm = <M extends Module>(module: M, name = 'weight'): M => uninstall('weight_norm', module, name)

/** The weight `name_orig` divided by its largest singular value, computed before each forward. `parametrizations.spectral_norm` is its newer form. */
export function spectral_norm<M extends Module>(
  module: M,
  ...rest: Rest<SpectralOptions, ['name', 'n_power_iterations', 'eps', 'dim']>
): M {
  moduleArg('spectral_norm', module)
  const { name = 'weight', n_power_iterations = 1, eps = 1e-12, dim = null } = readSpectral(rest)
  if (n_power_iterations <= 0) {
    throw new ValueError(`Expected n_power_iterations to be positive, but got n_power_iterations=${n_power_iterations}`)
  }
  const fields = module as unknown as Fields
  const along = dim ?? (/^ConvTranspose/.test(module._get_name()) ? 1 : 0)
  const matrix = (w: Tensor) => (along === 0 ? w : w.transpose(0, along)).reshape(w.size(along), -1)
  const weight = takeParameter(module, name)
  const first = matrix(weight.detach())
  const u = normalize(first.new_empty([first.size(0)]).normal_(0, 1), { dim: 0, eps })
  const v = normalize(first.new_empty([first.size(1)]).normal_(0, 1), { dim: 0, eps })
  module.register_parameter(`${name}_orig`, weight)
  module.register_buffer(`${name}_u`, u)
  module.register_buffer(`${name}_v`, v)
  const compute = (iterate: boolean): Tensor => {
    const w = fields[`${name}_orig`] as Tensor
    const m = matrix(w)
    const [u, v] = [fields[`${name}_u`] as Tensor, fields[`${name}_v`] as Tensor]
    if (iterate) {
      quietly(() => {
        for (let i = 0; i < n_power_iterations; i++) {
          v.copy_(normalize(m.detach().t().matmul(u), { dim: 0, eps }))
          u.copy_(normalize(m.detach().matmul(v), { dim: 0, eps }))
        }
      })
    }
    return w.div(u.clone().dot(m.matmul(v.clone())))
  }
  // PyTorch begins with the weight as it was
  let begun = false
  const step = (): Tensor => {
    if (begun) return compute(module.training)
    begun = true
    return weight.detach()
  }
  install('spectral_norm', module, name, step, () => {
    const value = quietly(() => compute(false)).detach()
    for (const part of [name, `${name}_orig`, `${name}_u`, `${name}_v`]) delete fields[part]
    module.register_parameter(name, new Parameter(value))
  })
  return module
}

/** Makes a weight a plain parameter again. */
export const remove_spectral_norm = <M extends Module>(module: M, name = 'weight'): M => uninstall('spectral_norm', module, name)

/** The factor of each channel and the new bias of a layer that a batch norm follows. */
function fused(
  b: Tensor | null,
  mean: Tensor,
  variance: Tensor,
  eps: number,
  weight: Tensor | null,
  bias: Tensor | null,
): [factor: Tensor, bias: Tensor] {
  const factor = variance
    .add(eps)
    .rsqrt()
    .mul(weight ?? 1)
  const offset = (b ? b.sub(mean) : mean.neg()).mul(factor)
  return [factor, bias ? offset.add(bias) : offset]
}

/** Weight and bias of a convolution with those of a batch norm behind it taken in. */
export function fuse_conv_bn_weights(
  conv_w: Tensor,
  conv_b: Tensor | null,
  bn_rm: Tensor,
  bn_rv: Tensor,
  bn_eps: number,
  bn_w: Tensor | null,
  bn_b: Tensor | null,
  transpose = false,
): [Parameter, Parameter] {
  const op = 'fuse_conv_bn_weights'
  for (const [x, name] of [
    [conv_w, 'conv_w'],
    [bn_rm, 'bn_rm'],
    [bn_rv, 'bn_rv'],
  ] as const)
    tensorArg(op, x, name)
  for (const [x, name] of [
    [conv_b, 'conv_b'],
    [bn_w, 'bn_w'],
    [bn_b, 'bn_b'],
  ] as const)
    if (x !== null && x !== undefined) tensorArg(op, x, name)
  const [factor, bias] = quietly(() => fused(conv_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b))
  const shape = conv_w.shape.map((_, i) => (i === (transpose ? 1 : 0) ? -1 : 1))
  const weight = quietly(() => conv_w.mul(factor.reshape(shape)).to(conv_w.dtype))
  return [new Parameter(weight, conv_w.requires_grad), new Parameter(bias, conv_b?.requires_grad ?? true)]
}

/** Weight and bias of a linear layer with those of a batch norm behind it taken in. */
export function fuse_linear_bn_weights(
  linear_w: Tensor,
  linear_b: Tensor | null,
  bn_rm: Tensor,
  bn_rv: Tensor,
  bn_eps: number,
  bn_w: Tensor | null,
  bn_b: Tensor | null,
): [Parameter, Parameter] {
  return fuse_conv_bn_weights(linear_w, linear_b, bn_rm, bn_rv, bn_eps, bn_w, bn_b)
}

function fuseEval<M extends Module>(op: string, name: string, layer: M, bn: Module, transpose: boolean): M {
  moduleArg(op, layer, name)
  moduleArg(op, bn, 'bn')
  const copy = deepCopy(layer) as M & Fields
  const norm = bn as Module & Fields
  if (layer.training || bn.training) throw new RuntimeError('Fusion only for eval!')
  if (!norm.running_mean || !norm.running_var) throw new RuntimeError('Only support fusing with BatchNorm that tracks running statistics')
  const [weight, bias] = fuse_conv_bn_weights(
    copy.weight,
    copy.bias,
    norm.running_mean,
    norm.running_var,
    norm.eps,
    norm.weight,
    norm.bias,
    transpose,
  )
  Object.assign(copy, { weight, bias })
  return copy
}
/** A copy of a convolution that does what it and the batch norm behind it do, both in evaluation mode. */
export const fuse_conv_bn_eval = <M extends Module>(conv: M, bn: Module, transpose = false): M =>
  fuseEval('fuse_conv_bn_eval', 'conv', conv, bn, transpose)
/** A copy of a linear layer that does what it and the batch norm behind it do, both in evaluation mode. */
export const fuse_linear_bn_eval = <M extends Module>(linear: M, bn: Module): M =>
  fuseEval('fuse_linear_bn_eval', 'linear', linear, bn, false)

/** A module whose parameters may have any values. */
export const skip_init = <A extends readonly unknown[], M extends Module>(module_cls: new (...args: A) => M, ...args: A): M => {
  const given = functionArg('skip_init', module_cls, 'module_cls')
  if (given !== Module && !(given.prototype instanceof Module))
    throw new RuntimeError(`Expected a Module; got ${String(given.name || given)}`)
  return new given(...args)
}
