/** Pooling: the largest, mean or norm of windows. */

import { isKeywords, type Rest, sequence, signature } from '../../../core/arguments.ts'
import { RuntimeError } from '../../../core/errors.ts'
import * as p from '../../../ops/index.ts'
import { keyed } from '../../functions/keyed.ts'
import { tensorArg } from '../../functions/support.ts'
import { Tensor } from '../../tensor.ts'
import type { PerDimension } from './convolution.ts'
import { perDimension, spatial } from './support.ts'

/** A size for all spatial dimensions, or one each. */
type Size = number | readonly (number | null)[]

/** Keyword arguments of max pooling. */
export interface MaxOptions {
  /** The kernel's size by default. */
  stride?: PerDimension | null
  padding?: PerDimension
  dilation?: PerDimension
  /** Windows that begin inside count though they end outside. */
  ceil_mode?: boolean
  return_indices?: boolean
}
type MaxPositional = ['stride', 'padding', 'dilation', 'ceil_mode', 'return_indices']
type WithIndices = readonly [...unknown[], { readonly return_indices: true }]
type MaxResult<R> = R extends WithIndices ? [Tensor, Tensor] : Tensor

/** Keyword arguments of average pooling. */
export interface AvgOptions {
  stride?: PerDimension | null
  padding?: PerDimension
  ceil_mode?: boolean
  /** Whether the zeros of the padding count. */
  count_include_pad?: boolean
  /** Divides by this instead of by the number of elements. */
  divisor_override?: number | null
}
type AvgPositional = ['stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override']

/** How many windows fit along a dimension. */
function windowCount(n: number, k: number, stride: number, padding: number, dilation: number, ceil: boolean): number {
  const count = Math.floor((n + 2 * padding - dilation * (k - 1) - 1 + (ceil ? stride - 1 : 0)) / stride) + 1
  return ceil && (count - 1) * stride >= n + padding ? count - 1 : count
}

interface Windows {
  readonly kernel: number[]
  readonly stride: number[]
  readonly padding: number[]
  readonly dilation: number[]
  readonly size: number[]
}

function windowsOf(name: string, depth: number, input: Tensor, kernel_size: PerDimension, options: MaxOptions): Windows {
  const sizes = spatial(name, input, depth)
  const kernel = perDimension(name, 'kernel_size', kernel_size, depth)
  const { stride: given } = options
  const none = given === undefined || given === null || (Array.isArray(given) && given.length === 0)
  const stride = none ? kernel : perDimension(name, 'stride', given, depth)
  const padding = perDimension(name, 'padding', options.padding ?? 0, depth)
  const dilation = perDimension(name, 'dilation', options.dilation ?? 1, depth)
  if (kernel.some((k) => k <= 0))
    throw new RuntimeError(`${name}(): kernel_size must be greater than zero, but got ${kernel}`, { op: name })
  if (stride.some((s) => s <= 0)) throw new RuntimeError('stride should not be zero', { op: name })
  if (dilation.some((s) => s <= 0)) throw new RuntimeError(`dilation should be greater than zero, but got ${dilation}`, { op: name })
  padding.forEach((n, i) => {
    if (n < 0) throw new RuntimeError(`pad must be non-negative, but got pad: ${n}`)
    if (n > Math.floor((dilation[i]! * (kernel[i]! - 1) + 1) / 2)) {
      throw new RuntimeError(
        `pad should be at most half of effective kernel size, but got pad=${n}, kernel_size=${kernel[i]} and dilation=${dilation[i]}`,
      )
    }
  })
  const size = sizes.map((n, i) => windowCount(n, kernel[i]!, stride[i]!, padding[i]!, dilation[i]!, options.ceil_mode ?? false))
  if (size.some((n) => n < 1)) {
    const text = (list: readonly number[]) => [input.shape.at(-depth - 1), ...list].join('x')
    throw new RuntimeError(`Given input size: (${text(sizes)}). Calculated output size: (${text(size)}). Output size is too small`, {
      op: name,
      shapes: [input.raw.shape],
    })
  }
  return { kernel, stride, padding, dilation, size }
}

function largest(input: Tensor, windows: p.PoolParams): [Tensor, Tensor] {
  const [values, places] = p.maxPool(input.value, windows)
  return [new Tensor(values!), new Tensor(places!)]
}

const maxReader = (name: string) => signature<MaxOptions>(name, ['stride', 'padding', 'dilation', 'ceil_mode', 'return_indices'], [], 2)

function maxPool(depth: number) {
  const name = `max_pool${depth}d`
  const read = maxReader(name)
  return (input: Tensor, given: PerDimension, rest: readonly unknown[]): [values: Tensor, places: Tensor, both: boolean] => {
    const keywords: Record<string, unknown> | null = isKeywords(given) ? { ...(given as object) } : null
    const kernel_size = keywords ? (keywords.kernel_size as PerDimension) : given
    if (keywords) delete keywords.kernel_size
    const options = read(keywords ? [keywords] : rest)
    const [values, places] = largest(input, windowsOf(name, depth, input, kernel_size, options))
    return [values, places, options.return_indices ?? false]
  }
}
/** All arguments after the input by name. */
type MaxKeywords = MaxOptions & { readonly kernel_size: PerDimension }
const [max1, max2, max3] = [maxPool(1), maxPool(2), maxPool(3)]
const chosen = ([values, places, both]: readonly [Tensor, Tensor, boolean]): any => (both ? [values, places] : values)

/**
 * The largest element of each window of `kernel_size` along the last dimension, `stride` apart (the kernel's size by default).
 *
 * With `return_indices: true` also its place, which `max_unpool1d` takes.
 *
 * @example
 * ```ts
 * torch.nn.functional.max_pool1d(torch.tensor([[1, 3, 2, 5]], { dtype: 'float32' }), 2) // => tensor([[3., 5.]])
 * ```
 */
export function max_pool1d<R extends Rest<MaxOptions, MaxPositional>>(
  input: Tensor,
  kernel_size: PerDimension | MaxKeywords,
  ...rest: R
): MaxResult<R> {
  return chosen(max1(input, kernel_size as PerDimension, rest))
}
/**
 * The largest element of each window over the last two dimensions; with `return_indices: true` also its place in them.
 *
 * @example
 * ```ts
 * torch.nn.functional.max_pool2d(torch.arange(16, { dtype: 'float32' }).reshape(1, 4, 4), 2) // => tensor([[[ 5.,  7.],
 * //          [13., 15.]]])
 * ```
 */
export function max_pool2d<R extends Rest<MaxOptions, MaxPositional>>(
  input: Tensor,
  kernel_size: PerDimension | MaxKeywords,
  ...rest: R
): MaxResult<R> {
  return chosen(max2(input, kernel_size as PerDimension, rest))
}
/** The largest element of each window over the last three dimensions; with `return_indices: true` also its place in them. */
export function max_pool3d<R extends Rest<MaxOptions, MaxPositional>>(
  input: Tensor,
  kernel_size: PerDimension | MaxKeywords,
  ...rest: R
): MaxResult<R> {
  return chosen(max3(input, kernel_size as PerDimension, rest))
}

type Pair = [values: Tensor, indices: Tensor]
/** `max_pool1d` with the places. */
export const max_pool1d_with_indices = keyed(
  'max_pool1d_with_indices',
  'kernel_size ...',
  (input: Tensor, kernel_size: PerDimension, ...rest: Rest<MaxOptions, MaxPositional>): Pair => {
    return max1(input, kernel_size, rest).slice(0, 2) as Pair
  },
)
/** `max_pool2d` with the places. */
export const max_pool2d_with_indices = keyed(
  'max_pool2d_with_indices',
  'kernel_size ...',
  (input: Tensor, kernel_size: PerDimension, ...rest: Rest<MaxOptions, MaxPositional>): Pair => {
    return max2(input, kernel_size, rest).slice(0, 2) as Pair
  },
)
/** `max_pool3d` with the places. */
export const max_pool3d_with_indices = keyed(
  'max_pool3d_with_indices',
  'kernel_size ...',
  (input: Tensor, kernel_size: PerDimension, ...rest: Rest<MaxOptions, MaxPositional>): Pair => {
    return max3(input, kernel_size, rest).slice(0, 2) as Pair
  },
)

/** Sums of windows: a convolution of each channel with ones. */
function windowSums(x: Tensor, depth: number, { kernel, stride, padding, dilation, size }: Windows): Tensor {
  const lead = x.shape.slice(0, -depth)
  const channels = x.reshape([lead.reduce((n, d) => n * d, 1), 1, ...x.shape.slice(-depth)])
  const ones = x.new_ones([1, 1, ...kernel])
  const sums = new Tensor(p.convolution(channels.value, ones.value, null, { stride, padding, dilation, groups: 1, size }))
  return sums.reshape([...lead, ...size])
}

const avgReader = (name: string) =>
  signature<AvgOptions>(name, ['stride', 'padding', 'ceil_mode', 'count_include_pad', 'divisor_override'], [], 2)

function avgPool(depth: number) {
  const name = `avg_pool${depth}d`
  const read = avgReader(name)
  return (input: Tensor, kernel_size: PerDimension, rest: readonly unknown[]): Tensor => {
    const { count_include_pad = true, divisor_override = null, ...options } = read(rest)
    const windows = windowsOf(name, depth, input, kernel_size, options)
    const sums = windowSums(input, depth, windows)
    // int64, the one integer dtype that PyTorch takes here, stays so
    const over = (n: number | Tensor) => sums.div(n, input.raw.dtype.isInexact ? {} : { rounding_mode: 'trunc' })
    if (divisor_override !== null) {
      if (divisor_override === 0) throw new RuntimeError('divisor must be not zero')
      return over(divisor_override)
    }
    const { kernel, stride, padding, size } = windows
    const counts = size.map((count, i) =>
      Array.from({ length: count }, (_, q) => {
        const [n, pad] = [input.size(i - depth), padding[i]!]
        const start = q * stride[i]! - pad
        if (count_include_pad) return Math.min(start + kernel[i]!, n + pad) - start
        return Math.min(start + kernel[i]!, n) - Math.max(start, 0)
      }),
    )
    if (counts.every((list) => list.every((n) => n === list[0]))) return over(counts.reduce((n, list) => n * list[0]!, 1))
    const area = counts.reduce<Tensor>((all, list) => all.unsqueeze(-1).mul(input.new_tensor(list)), input.new_ones([]))
    return over(area)
  }
}
const [avg1, avg2, avg3] = [avgPool(1), avgPool(2), avgPool(3)]

/**
 * The mean of each window along the last dimension. Zeros of the padding count unless `count_include_pad` is false.
 *
 * @example
 * ```ts
 * torch.nn.functional.avg_pool1d(torch.tensor([[1, 3, 2, 6]], { dtype: 'float32' }), 2) // => tensor([[2., 4.]])
 * ```
 */
export const avg_pool1d = keyed(
  'avg_pool1d',
  'kernel_size ...',
  (input: Tensor, kernel_size: PerDimension, ...rest: Rest<AvgOptions, AvgPositional>): Tensor => {
    return avg1(input, kernel_size, rest)
  },
)
/** The mean of each window over the last two dimensions. */
export const avg_pool2d = keyed(
  'avg_pool2d',
  'kernel_size ...',
  (input: Tensor, kernel_size: PerDimension, ...rest: Rest<AvgOptions, AvgPositional>): Tensor => {
    return avg2(input, kernel_size, rest)
  },
)
/** The mean of each window over the last three dimensions. */
export const avg_pool3d = keyed(
  'avg_pool3d',
  'kernel_size ...',
  (input: Tensor, kernel_size: PerDimension, ...rest: Rest<AvgOptions, AvgPositional>): Tensor => {
    return avg3(input, kernel_size, rest)
  },
)

interface LPOptions {
  stride?: PerDimension | null
  ceil_mode?: boolean
}

function lpPool(depth: number, name: string, avg: (x: Tensor, k: PerDimension, rest: readonly unknown[]) => Tensor) {
  const read = signature<LPOptions>(name, ['stride', 'ceil_mode'], [], 3)
  return (input: Tensor, norm_type: number, kernel_size: PerDimension, rest: readonly unknown[]): Tensor => {
    tensorArg(name, input)
    const kernel = perDimension(name, 'kernel_size', kernel_size, depth)
    const means = avg(input.pow(norm_type), kernel, [read(rest)])
    // PyTorch's own formula: the sign keeps odd powers of negative sums
    const area = kernel.reduce((n, k) => n * k, 1)
    return means
      .sign()
      .mul(means.abs().relu())
      .mul(area)
      .pow(1 / norm_type)
  }
}
const [lp1, lp2, lp3] = [lpPool(1, 'lp_pool1d', avg1), lpPool(2, 'lp_pool2d', avg2), lpPool(3, 'lp_pool3d', avg3)]

/** `(sum of x^p)^(1/p)` of each window along the last dimension. */
export const lp_pool1d = keyed(
  'lp_pool1d',
  'norm_type kernel_size ...',
  (input: Tensor, norm_type: number, kernel_size: PerDimension, ...rest: Rest<LPOptions, ['stride', 'ceil_mode']>): Tensor => {
    return lp1(input, norm_type, kernel_size, rest)
  },
)
/** `(sum of x^p)^(1/p)` of each window over the last two dimensions. */
export const lp_pool2d = keyed(
  'lp_pool2d',
  'norm_type kernel_size ...',
  (input: Tensor, norm_type: number, kernel_size: PerDimension, ...rest: Rest<LPOptions, ['stride', 'ceil_mode']>): Tensor => {
    return lp2(input, norm_type, kernel_size, rest)
  },
)
/** `(sum of x^p)^(1/p)` of each window over the last three dimensions. */
export const lp_pool3d = keyed(
  'lp_pool3d',
  'norm_type kernel_size ...',
  (input: Tensor, norm_type: number, kernel_size: PerDimension, ...rest: Rest<LPOptions, ['stride', 'ceil_mode']>): Tensor => {
    return lp3(input, norm_type, kernel_size, rest)
  },
)

/** Output sizes, where null keeps the input's. */
function targetSize(name: string, input: Tensor, output_size: Size, depth: number): number[] {
  const sizes = spatial(name, input, depth)
  const whole = typeof output_size === 'bigint' ? Number(output_size) : output_size
  const list = typeof whole === 'number' ? new Array<number>(depth).fill(whole) : sequence(name, 'output_size', whole)
  if (list.length === 1 && depth > 1) list.push(...new Array<number | null>(depth - 1).fill(list[0]!))
  if (list.length !== depth) throw new RuntimeError(`${name}: output_size must be ${depth}`, { op: name })
  return list.map((n, i) => {
    const size = n ?? sizes[i]!
    if (!(size >= 0))
      throw new RuntimeError(`${name}: elements of output_size must be greater than or equal to 0 but received {${list.join(', ')}}`)
    return size
  })
}

/** The matrix [out, in] whose rows average the parts of a length. */
function averages(like: Tensor, n: number, out: number): Tensor {
  const rows = Array.from({ length: out }, (_, q) => {
    const [start, end] = [Math.floor((q * n) / out), Math.ceil(((q + 1) * n) / out)]
    return Array.from({ length: n }, (__, i) => (i >= start && i < end ? 1 / (end - start) : 0))
  })
  return like.new_tensor(rows)
}

function adaptiveAvg(depth: number, input: Tensor, output_size: Size): Tensor {
  const name = `adaptive_avg_pool${depth}d`
  const size = targetSize(name, input, output_size, depth)
  const sizes = input.shape.slice(-depth)
  if (size.includes(0)) return input.new_zeros([...input.shape.slice(0, -depth), ...size])
  if (size.every((n) => n === 1))
    return input.mean(
      sizes.map((_, i) => i - depth),
      true,
    )
  if (sizes.every((n, i) => n % size[i]! === 0)) {
    const kernel = sizes.map((n, i) => n / size[i]!)
    const zeros = kernel.map(() => 0)
    const windows = { kernel, stride: kernel, padding: zeros, dilation: kernel.map(() => 1), size }
    return windowSums(input, depth, windows).div(kernel.reduce((n, k) => n * k, 1))
  }
  return sizes.reduce<Tensor>((x, n, i) => {
    if (n === size[i]) return x
    return x
      .transpose(i - depth, -1)
      .matmul(averages(input, n, size[i]!).t())
      .transpose(i - depth, -1)
  }, input)
}

function adaptiveMax(depth: number, input: Tensor, output_size: Size): [Tensor, Tensor] {
  const size = targetSize(`adaptive_max_pool${depth}d`, input, output_size, depth)
  const none = size.map(() => 0)
  const ones = size.map(() => 1)
  return largest(input, { kernel: none, stride: ones, padding: none, dilation: ones, size })
}

/** The mean of `output_size` parts of the last dimension, which are as even as can be. */
export const adaptive_avg_pool1d = keyed('adaptive_avg_pool1d', 'output_size', (input: Tensor, output_size: Size): Tensor => {
  return adaptiveAvg(1, input, output_size)
})
/**
 * The mean of `output_size` parts of the last two dimensions; null keeps a dimension.
 *
 * @example
 * ```ts
 * torch.nn.functional.adaptive_avg_pool2d(torch.ones(1, 3, 7, 5), [1, 1]).shape // => torch.Size([1, 3, 1, 1])
 * ```
 */
export const adaptive_avg_pool2d = keyed('adaptive_avg_pool2d', 'output_size', (input: Tensor, output_size: Size): Tensor => {
  return adaptiveAvg(2, input, output_size)
})
/** The mean of `output_size` parts of the last three dimensions. */
export const adaptive_avg_pool3d = keyed('adaptive_avg_pool3d', 'output_size', (input: Tensor, output_size: Size): Tensor => {
  return adaptiveAvg(3, input, output_size)
})

type ReturnIndices = boolean | { readonly return_indices?: boolean }
type AdaptiveResult<R> = R extends true | { readonly return_indices: true } ? [Tensor, Tensor] : Tensor
const wanted = (x: ReturnIndices | undefined): boolean => (typeof x === 'object' ? (x.return_indices ?? false) : (x ?? false))
const either = (pair: [Tensor, Tensor], both: ReturnIndices | undefined): any => (wanted(both) ? pair : pair[0])

/** The largest element of `output_size` parts of the last dimension. */
export function adaptive_max_pool1d<R extends ReturnIndices = false>(
  input: Tensor,
  output_size: Size,
  return_indices?: R,
): AdaptiveResult<R> {
  return either(adaptiveMax(1, input, output_size), return_indices)
}
/** The largest element of `output_size` parts of the last two dimensions; null keeps a dimension. */
export function adaptive_max_pool2d<R extends ReturnIndices = false>(
  input: Tensor,
  output_size: Size,
  return_indices?: R,
): AdaptiveResult<R> {
  return either(adaptiveMax(2, input, output_size), return_indices)
}
/** The largest element of `output_size` parts of the last three dimensions. */
export function adaptive_max_pool3d<R extends ReturnIndices = false>(
  input: Tensor,
  output_size: Size,
  return_indices?: R,
): AdaptiveResult<R> {
  return either(adaptiveMax(3, input, output_size), return_indices)
}
/** `adaptive_max_pool1d` with the places. */
export const adaptive_max_pool1d_with_indices = keyed(
  'adaptive_max_pool1d_with_indices',
  'output_size _return_indices',
  (input: Tensor, output_size: Size, _return_indices = true): Pair => {
    return adaptiveMax(1, input, output_size)
  },
)
/** `adaptive_max_pool2d` with the places. */
export const adaptive_max_pool2d_with_indices = keyed(
  'adaptive_max_pool2d_with_indices',
  'output_size _return_indices',
  (input: Tensor, output_size: Size, _return_indices = true): Pair => {
    return adaptiveMax(2, input, output_size)
  },
)
/** `adaptive_max_pool3d` with the places. */
export const adaptive_max_pool3d_with_indices = keyed(
  'adaptive_max_pool3d_with_indices',
  'output_size _return_indices',
  (input: Tensor, output_size: Size, _return_indices = true): Pair => {
    return adaptiveMax(3, input, output_size)
  },
)
