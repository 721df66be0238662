/** torch.nn.init: initial values of parameters, written in place without recording, from PyTorch's stream of random numbers. */

import { type Rest, signature } from '../../core/arguments.ts'
import { ValueError } from '../../core/errors.ts'
import { warn } from '../../core/warnings.ts'
import { eye, randperm } from '../functions/index.ts'
import { tensorArg } from '../functions/support.ts'
import type { Generator } from '../generator.ts'
import { linalg } from '../linalg.ts'
import { quietly } from '../recording.ts'
import type { Tensor } from '../tensor.ts'

interface Random {
  /** The generator to draw from; the default one else. */
  generator?: Generator | null
}

export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu'

/** Gains that depend on nothing but the name; 1 for linear maps. */
const GAINS: Readonly<Record<string, number>> = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  conv_transpose1d: 1,
  conv_transpose2d: 1,
  conv_transpose3d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.SQRT2,
  selu: 3 / 4,
}

/**
 * The factor by which a nonlinearity's inputs should be larger, so that its outputs keep their spread.
 *
 * @example
 * ```ts
 * torch.nn.init.calculate_gain('tanh') // => 1.6666666666666667
 * ```
 */
export function calculate_gain(nonlinearity: Nonlinearity, param: number | null = null): number {
  if (nonlinearity === 'leaky_relu') {
    if (param !== null && typeof param !== 'number') throw new ValueError(`negative_slope ${String(param)} not a valid number`)
    return Math.sqrt(2 / (1 + (param ?? 0.01) ** 2))
  }
  const gain = Object.hasOwn(GAINS, nonlinearity) ? GAINS[nonlinearity] : undefined
  if (gain === undefined) throw new ValueError(`Unsupported nonlinearity ${nonlinearity}`)
  return gain
}

/** How many inputs and outputs one element of a weight connects: its lengths times the kernel's size. */
function fans(tensor: Tensor): { fan_in: number; fan_out: number } {
  tensorArg('init', tensor, 'tensor')
  if (tensor.ndim < 2) throw new ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions')
  const field = tensor.shape.slice(2).reduce((p, n) => p * n, 1)
  return { fan_in: tensor.size(1) * field, fan_out: tensor.size(0) * field }
}

const uniform = (t: Tensor, a: number, b: number, { generator }: Random = {}): Tensor =>
  quietly(() => tensorArg('uniform_', t, 'tensor').uniform_(a, b, { generator }))
const normal = (t: Tensor, mean: number, std: number, { generator }: Random = {}): Tensor =>
  quietly(() => tensorArg('normal_', t, 'tensor').normal_(mean, std, { generator }))

interface UniformOptions extends Random {
  a?: number
  b?: number
}
const readUniform = signature<UniformOptions>('uniform_', ['a', 'b', 'generator'])
/** Uniform numbers from `a` to below `b`. */
export function uniform_(tensor: Tensor, ...rest: Rest<UniformOptions, ['a', 'b', 'generator']>): Tensor {
  const { a = 0, b = 1, ...random } = readUniform(rest)
  return uniform(tensor, a, b, random)
}

interface NormalOptions extends Random {
  mean?: number
  std?: number
}
const readNormal = signature<NormalOptions>('normal_', ['mean', 'std', 'generator'])
/** Normal numbers. */
export function normal_(tensor: Tensor, ...rest: Rest<NormalOptions, ['mean', 'std', 'generator']>): Tensor {
  const { mean = 0, std = 1, ...random } = readNormal(rest)
  return normal(tensor, mean, std, random)
}

/** One value everywhere. */
export const constant_ = (tensor: Tensor, val: number): Tensor => quietly(() => tensorArg('constant_', tensor, 'tensor').fill_(val))
/** Ones. */
export const ones_ = (tensor: Tensor): Tensor => constant_(tensor, 1)
/** Zeros. */
export const zeros_ = (tensor: Tensor): Tensor => constant_(tensor, 0)

/** The identity matrix. */
export function eye_(tensor: Tensor): Tensor {
  tensorArg('eye_', tensor, 'tensor')
  if (tensor.ndim !== 2) throw new ValueError('Only tensors with 2 dimensions are supported')
  return quietly(() => tensor.copy_(eye(tensor.size(0), tensor.size(1), { dtype: tensor.dtype })))
}

/** A kernel that passes channels through: the convolution's identity. */
export function dirac_(tensor: Tensor, options: number | { groups?: number } = 1): Tensor {
  tensorArg('dirac_', tensor, 'tensor')
  const groups = typeof options === 'object' ? (options?.groups ?? 1) : options
  const { ndim, shape } = tensor
  if (ndim < 3 || ndim > 5) throw new ValueError('Only tensors with 3, 4, or 5 dimensions are supported')
  if (shape[0]! % groups !== 0) throw new ValueError('dim 0 must be divisible by groups')
  const each = shape[0]! / groups
  const middle = shape.slice(2).map((n) => Math.floor(n / 2))
  return quietly(() => {
    tensor.zero_()
    for (let g = 0; g < groups; g++) for (let d = 0; d < Math.min(each, shape[1]!); d++) tensor.set(g * each + d, d, ...middle, 1)
    return tensor
  })
}

interface GainOptions extends Random {
  gain?: number
}
const readXavierUniform = signature<GainOptions>('xavier_uniform_', ['gain', 'generator'])
/** Uniform numbers of variance `2 gain^2 / (fan_in + fan_out)` (Glorot and Bengio 2010). */
export function xavier_uniform_(tensor: Tensor, ...rest: Rest<GainOptions, ['gain', 'generator']>): Tensor {
  const { gain = 1, ...random } = readXavierUniform(rest)
  const { fan_in, fan_out } = fans(tensor)
  const bound = Math.sqrt(3) * (gain * Math.sqrt(2 / (fan_in + fan_out)))
  return uniform(tensor, -bound, bound, random)
}

const readXavierNormal = signature<GainOptions>('xavier_normal_', ['gain', 'generator'])
/** Normal numbers of variance `2 gain^2 / (fan_in + fan_out)` (Glorot and Bengio 2010). */
export function xavier_normal_(tensor: Tensor, ...rest: Rest<GainOptions, ['gain', 'generator']>): Tensor {
  const { gain = 1, ...random } = readXavierNormal(rest)
  const { fan_in, fan_out } = fans(tensor)
  return normal(tensor, 0, gain * Math.sqrt(2 / (fan_in + fan_out)), random)
}

interface KaimingOptions extends Random {
  /** Slope of the leaky relu. */
  a?: number
  /** Which fan keeps the spread: 'fan_in' forward, 'fan_out' backward. */
  mode?: 'fan_in' | 'fan_out'
  nonlinearity?: Nonlinearity
}
type KaimingPositional = ['a', 'mode', 'nonlinearity', 'generator']

function kaimingStd(tensor: Tensor, { a = 0, mode = 'fan_in', nonlinearity = 'leaky_relu' }: KaimingOptions): number {
  if (typeof mode !== 'string') throw new ValueError(`Mode ${typeof mode} not supported, please use one of ['fan_in', 'fan_out']`)
  const which = mode.toLowerCase()
  if (which !== 'fan_in' && which !== 'fan_out')
    throw new ValueError(`Mode ${which} not supported, please use one of ['fan_in', 'fan_out']`)
  return calculate_gain(nonlinearity, a) / Math.sqrt(fans(tensor)[which])
}

function isEmpty(tensor: Tensor): boolean {
  const empty = tensor.numel() === 0
  if (empty) warn('Initializing zero-element tensors is a no-op')
  return empty
}

const readKaimingUniform = signature<KaimingOptions>('kaiming_uniform_', ['a', 'mode', 'nonlinearity', 'generator'])
/** Uniform numbers of variance `gain^2 / fan` (He et al. 2015). */
export function kaiming_uniform_(tensor: Tensor, ...rest: Rest<KaimingOptions, KaimingPositional>): Tensor {
  tensorArg('kaiming_uniform_', tensor, 'tensor')
  const options = readKaimingUniform(rest)
  if (isEmpty(tensor)) return tensor
  const bound = Math.sqrt(3) * kaimingStd(tensor, options)
  return uniform(tensor, -bound, bound, options)
}

const readKaimingNormal = signature<KaimingOptions>('kaiming_normal_', ['a', 'mode', 'nonlinearity', 'generator'])
/** Normal numbers of variance `gain^2 / fan` (He et al. 2015). */
export function kaiming_normal_(tensor: Tensor, ...rest: Rest<KaimingOptions, KaimingPositional>): Tensor {
  tensorArg('kaiming_normal_', tensor, 'tensor')
  const options = readKaimingNormal(rest)
  return isEmpty(tensor) ? tensor : normal(tensor, 0, kaimingStd(tensor, options), options)
}

interface TruncatedOptions extends NormalOptions {
  a?: number
  b?: number
}
const readTruncated = signature<TruncatedOptions>('trunc_normal_', ['mean', 'std', 'a', 'b', 'generator'])
/** Normal numbers, drawn again where they lie outside `[a, b]`. */
export function trunc_normal_(tensor: Tensor, ...rest: Rest<TruncatedOptions, ['mean', 'std', 'a', 'b', 'generator']>): Tensor {
  tensorArg('trunc_normal_', tensor, 'tensor')
  const { mean = 0, std = 1, a = -2, b = 2, generator } = readTruncated(rest)
  if (mean < a - 2 * std || mean > b + 2 * std) {
    warn('mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.')
  }
  const below = (x: number) =>
    tensor
      .new_tensor((x - mean) / std / Math.SQRT2, { dtype: 'float64' })
      .erf()
      .item() as number
  const inside = (below(b) - below(a)) / 2
  return quietly(() =>
    tensor.copy_(inside > 0.3 ? redrawn(tensor, mean, std, a, b, generator) : rejected(tensor, mean, std, a, b, generator)),
  )
}

/** Draws from the normal distribution until all lie inside. */
function redrawn(tensor: Tensor, mean: number, std: number, a: number, b: number, generator: Random['generator']): Tensor {
  let result = tensor.detach().normal_(mean, std, { generator })
  for (;;) {
    const outside = result.lt(a).logical_or(result.gt(b))
    if (!outside.any().item()) return result
    result = result.clone().normal_(mean, std, { generator }).where(outside, result)
  }
}

/** Draws uniform candidates in `[a, b]` and keeps each with the normal density over its peak. */
function rejected(tensor: Tensor, mean: number, std: number, a: number, b: number, generator: Random['generator']): Tensor {
  const mode = Math.max(a, Math.min(mean, b))
  const peak = -0.5 * ((mode - mean) / std) ** 2
  const density = (x: Tensor) => x.sub(mean).div(std).square().mul(-0.5).sub(peak)
  const refused = (x: Tensor) => x.clone().uniform_(0, 1, { generator }).log_().gt(density(x))
  let result = tensor.detach().uniform_(a, b, { generator })
  let pending = refused(result)
  while (pending.any().item()) {
    const candidates = result.clone().uniform_(a, b, { generator })
    result = candidates.where(pending, result)
    pending = pending.logical_and(refused(candidates))
  }
  return result
}

const readOrthogonal = signature<GainOptions>('orthogonal_', ['gain', 'generator'])
/** A matrix with orthonormal rows or columns, times `gain` (Saxe et al. 2013); further dimensions are taken as one. */
export function orthogonal_(tensor: Tensor, ...rest: Rest<GainOptions, ['gain', 'generator']>): Tensor {
  tensorArg('orthogonal_', tensor, 'tensor')
  const { gain = 1, generator } = readOrthogonal(rest)
  if (tensor.ndim < 2) throw new ValueError('Only tensors with 2 or more dimensions are supported')
  if (tensor.numel() === 0) return tensor
  const rows = tensor.size(0)
  const cols = tensor.numel() / rows
  return quietly(() => {
    const drawn = tensor.new_empty([rows, cols]).normal_(0, 1, { generator })
    const [q, r] = linalg.qr(rows < cols ? drawn.t() : drawn)
    const signed = q.mul(r.diagonal().sign())
    return tensor.copy_((rows < cols ? signed.t() : signed).reshape(tensor.shape)).mul_(gain)
  })
}

interface SparseOptions extends Random {
  std?: number
}
const readSparse = signature<SparseOptions>('sparse_', ['std', 'generator'], [], 2)
/** Normal numbers of which a share of each column is zero (Martens 2010). */
export function sparse_(tensor: Tensor, sparsity: number, ...rest: Rest<SparseOptions, ['std', 'generator']>): Tensor {
  tensorArg('sparse_', tensor, 'tensor')
  const { std = 0.01, ...random } = readSparse(rest)
  if (tensor.ndim !== 2) throw new ValueError('Only tensors with 2 dimensions are supported')
  const [rows, cols] = tensor.shape as unknown as [number, number]
  const zeros = Math.ceil(sparsity * rows)
  return quietly(() => {
    normal(tensor, 0, std, random)
    for (let col = 0; col < cols; col++) tensor.set(randperm(rows).narrow(0, 0, zeros), col, 0)
    return tensor
  })
}
