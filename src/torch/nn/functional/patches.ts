/** Rearrangements of images: sliding patches and their sum, pixels into channels and back, and normalisation across channels. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { keyed } from '../../functions/keyed.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import type { PerDimension } from './convolution.ts'
import { pad } from './padding.ts'
import { avg_pool2d } from './pooling.ts'
import { numberArg, perDimension } from './support.ts'

interface PatchOptions {
  dilation?: PerDimension
  padding?: PerDimension
  stride?: PerDimension
}
type PatchPositional = ['dilation', 'padding', 'stride']
const readUnfold = signature<PatchOptions>('unfold', ['dilation', 'padding', 'stride'], [], 2)
const readFold = signature<PatchOptions>('fold', ['dilation', 'padding', 'stride'], [], 3)

const pair = (name: string, argument: string, x: PerDimension): [number, number] =>
  perDimension(name, argument, x, 2) as unknown as [number, number]

function geometry(name: string, kernel_size: PerDimension, { dilation = 1, padding = 0, stride = 1 }: PatchOptions) {
  const g = {
    kernel: pair(name, 'kernel_size', kernel_size),
    dilation: pair(name, 'dilation', dilation),
    padding: pair(name, 'padding', padding),
    stride: pair(name, 'stride', stride),
  }
  const positive = (what: string, list: readonly number[]) => {
    if (list.some((n) => n <= 0)) throw new RuntimeError(`${what} should be greater than zero, but got ${list.join(' x ')}`, { op: name })
  }
  positive('kernel size', g.kernel)
  positive('dilation', g.dilation)
  positive('stride', g.stride)
  if (g.padding.some((n) => n < 0)) throw new RuntimeError(`padding should be non-negative, but got ${g.padding.join(' x ')}`, { op: name })
  return g
}

const blocks = (n: number, i: number, { kernel, dilation, padding, stride }: ReturnType<typeof geometry>): number =>
  Math.floor((n + 2 * padding[i]! - dilation[i]! * (kernel[i]! - 1) - 1) / stride[i]!) + 1

/**
 * The patches of `kernel_size` of `[N, C, H, W]` as columns: `[N, C KH KW, L]`.
 *
 * @example
 * ```ts
 * torch.nn.functional.unfold(torch.arange(4, { dtype: 'float32' }).reshape(1, 1, 2, 2), [1, 2]) // => tensor([[[0., 2.],
 * //          [1., 3.]]])
 * ```
 */
export const unfold = keyed(
  'unfold',
  'kernel_size ...',
  (input: Tensor, kernel_size: PerDimension, ...rest: Rest<PatchOptions, PatchPositional>): Tensor => {
    const g = geometry('unfold', kernel_size, readUnfold(rest))
    if (tensorArg('unfold', input).ndim === 3) return unfold(input.unsqueeze(0), g.kernel, g.dilation, g.padding, g.stride).squeeze(0)
    if (input.ndim !== 4) {
      throw new RuntimeError(
        `Expected 3D or 4D (batch mode) tensor with possibly 0 batch size and other non-zero dimensions for input, but got: [${input.shape.join(', ')}]`,
      )
    }
    const [n, c, h, w] = input.shape as unknown as [number, number, number, number]
    const counts = [h, w].map((size, i) => blocks(size, i, g))
    if (counts.some((count) => count < 1)) {
      throw new RuntimeError(
        `Given input with spatial size (${h}, ${w}), kernel_size=(${g.kernel}), dilation=(${g.dilation}), padding=(${g.padding}), stride=(${g.stride}), calculated shape of the array of sliding blocks as (${counts.join(', ')}), but its components must be at least one.`,
      )
    }
    const [ph, pw] = g.padding
    let x = ph || pw ? pad(input, [pw, pw, ph, ph]) : input
    for (const i of [0, 1] as const) {
      const reach = g.dilation[i] * (g.kernel[i] - 1) + 1
      const windows = x.unfold(2 + i, reach, g.stride[i])
      const taps = Array.from({ length: g.kernel[i] }, (_, k) => k * g.dilation[i])
      x = g.dilation[i] === 1 ? windows : windows.index_select(-1, x.new_tensor(taps, { dtype: 'int64' }))
    }
    // [N, C, QH, QW, KH, KW]
    return x.permute(0, 1, 4, 5, 2, 3).reshape(n, c * g.kernel[0] * g.kernel[1], counts[0]! * counts[1]!)
  },
)

/** The reverse of `unfold`: patches added up where they lie in an image of `output_size`. */
export const fold = keyed(
  'fold',
  'output_size kernel_size ...',
  (input: Tensor, output_size: PerDimension, kernel_size: PerDimension, ...rest: Rest<PatchOptions, PatchPositional>): Tensor => {
    const g = geometry('fold', kernel_size, readFold(rest))
    const [h, w] = pair('fold', 'output_size', output_size)
    if (tensorArg('fold', input).ndim === 2) return fold(input.unsqueeze(0), [h, w], g.kernel, g.dilation, g.padding, g.stride).squeeze(0)
    if (input.ndim !== 3) {
      throw new RuntimeError(
        `Expected 2D or 3D (batch mode) tensor for input with possibly 0 batch size, but got: [${input.shape.join(', ')}]`,
      )
    }
    const [n, columns, length] = input.shape as unknown as [number, number, number]
    const taps = g.kernel[0] * g.kernel[1]
    if (columns % taps !== 0) {
      throw new RuntimeError(
        `Expected size of input's dimension 1 to be divisible by the product of kernel_size, but got input.size(1)=${columns} and kernel_size=(${g.kernel.join(', ')}).`,
      )
    }
    const counts = [h, w].map((size, i) => blocks(size, i, g)) as [number, number]
    if (length !== counts[0] * counts[1]) {
      throw new RuntimeError(
        `Given output_size=(${h}, ${w}), kernel_size=(${g.kernel.join(', ')}), dilation=(${g.dilation.join(', ')}), padding=(${g.padding.join(', ')}), stride=(${g.stride.join(', ')}), expected size of input's dimension 2 to match the calculated number of sliding blocks ${counts[0]} * ${counts[1]} = ${counts[0] * counts[1]}, but got input.size(2)=${length}.`,
      )
    }
    const [ph, pw] = g.padding
    const [fullH, fullW] = [h + 2 * ph, w + 2 * pw]
    const places: number[] = []
    for (let kh = 0; kh < g.kernel[0]; kh++)
      for (let kw = 0; kw < g.kernel[1]; kw++)
        for (let qh = 0; qh < counts[0]; qh++)
          for (let qw = 0; qw < counts[1]; qw++)
            places.push((qh * g.stride[0] + kh * g.dilation[0]) * fullW + qw * g.stride[1] + kw * g.dilation[1])
    const c = columns / taps
    const sums = input
      .new_zeros([n * c, fullH * fullW])
      .index_add(1, input.new_tensor(places, { dtype: 'int64' }), input.reshape(n * c, taps * length))
    return sums.reshape(n, c, fullH, fullW).narrow(2, ph, h).narrow(3, pw, w)
  },
)

/** `[..., C r r, H, W]` as `[..., C, H r, W r]`: channels become pixels. */
export const pixel_shuffle = keyed('pixel_shuffle', 'upscale_factor', (input: Tensor, upscale_factor: number): Tensor => {
  numberArg('pixel_shuffle', 'upscale_factor', upscale_factor)
  if (tensorArg('pixel_shuffle', input).ndim < 3)
    throw new RuntimeError(`pixel_shuffle expects input to have at least 3 dimensions, but got input with ${input.ndim} dimension(s)`)
  if (upscale_factor <= 0) throw new RuntimeError(`pixel_shuffle expects a positive upscale_factor, but got ${upscale_factor}`)
  const lead = input.shape.slice(0, -3)
  const [c, h, w] = input.shape.slice(-3) as [number, number, number]
  const r = upscale_factor
  if (c % (r * r) !== 0) {
    throw new RuntimeError(
      `pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, but input.size(-3)=${c} is not divisible by ${r * r}`,
    )
  }
  const d = lead.length
  const first = lead.map((_, i) => i)
  return input
    .reshape([...lead, c / (r * r), r, r, h, w])
    .permute([...first, d, d + 3, d + 1, d + 4, d + 2])
    .reshape([...lead, c / (r * r), h * r, w * r])
})

/** `[..., C, H r, W r]` as `[..., C r r, H, W]`: the reverse of `pixel_shuffle`. */
export const pixel_unshuffle = keyed('pixel_unshuffle', 'downscale_factor', (input: Tensor, downscale_factor: number): Tensor => {
  numberArg('pixel_unshuffle', 'downscale_factor', downscale_factor)
  if (tensorArg('pixel_unshuffle', input).ndim < 3)
    throw new RuntimeError(`pixel_unshuffle expects input to have at least 3 dimensions, but got input with ${input.ndim} dimension(s)`)
  if (downscale_factor <= 0) throw new RuntimeError(`pixel_unshuffle expects a positive downscale_factor, but got ${downscale_factor}`)
  const lead = input.shape.slice(0, -3)
  const [c, h, w] = input.shape.slice(-3) as [number, number, number]
  const r = downscale_factor
  for (const [what, n, at] of [
    ['height', h, -2],
    ['width', w, -1],
  ] as const) {
    if (n % r !== 0) {
      throw new RuntimeError(
        `pixel_unshuffle expects ${what} to be divisible by downscale_factor, but input.size(${at})=${n} is not divisible by ${r}`,
      )
    }
  }
  const d = lead.length
  const first = lead.map((_, i) => i)
  return input
    .reshape([...lead, c, h / r, r, w / r, r])
    .permute([...first, d, d + 2, d + 4, d + 1, d + 3])
    .reshape([...lead, c * r * r, h / r, w / r])
})

/** The channels of `[N, C, ...]` in another order: those of a group of `C / groups` are dealt out over all groups. */
export const channel_shuffle = keyed('channel_shuffle', 'groups', (input: Tensor, groups: number): Tensor => {
  numberArg('channel_shuffle', 'groups', groups)
  if (tensorArg('channel_shuffle', input).ndim < 3)
    throw new RuntimeError(`channel_shuffle expects input with > 2 dims, but got input with sizes [${input.shape.join(', ')}]`)
  if (groups <= 0) throw new RuntimeError(`Number of groups to divide channels in must be positive. Value of groups:${groups}`)
  const [n, c, ...rest] = input.shape as unknown as [number, number, ...number[]]
  if (c % groups !== 0) throw new RuntimeError(`Number of channels must be divisible by groups. Got ${c} channels and ${groups} groups.`)
  return input
    .reshape([n, groups, c / groups, ...rest])
    .transpose(1, 2)
    .reshape([...input.shape])
})

interface LocalOptions {
  alpha?: number
  beta?: number
  k?: number
}
const readLocal = signature<LocalOptions>('local_response_norm', ['alpha', 'beta', 'k'], [], 2)

/** `x / (k + alpha mean of x^2 over size channels) ** beta` (Krizhevsky et al. 2012). */
export const local_response_norm = keyed(
  'local_response_norm',
  'size ...',
  (input: Tensor, size: number, ...rest: Rest<LocalOptions, ['alpha', 'beta', 'k']>): Tensor => {
    const { alpha = 1e-4, beta = 0.75, k = 1 } = readLocal(rest)
    if (tensorArg('local_response_norm', input).ndim < 3)
      throw new ValueError(`Expected 3D or higher dimensionality input (got ${input.ndim} dimensions)`)
    if (input.numel() === 0) return input
    const [n, c] = input.shape as unknown as [number, number]
    const squares = pad(input.mul(input).reshape(n, 1, c, -1), [0, 0, Math.floor(size / 2), Math.floor((size - 1) / 2)])
    const means = avg_pool2d(squares, [size, 1], 1).reshape([...input.shape])
    return input.div(means.mul(alpha).add(k).pow(beta))
  },
)
