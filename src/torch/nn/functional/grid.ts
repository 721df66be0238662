/** Images read at places that a tensor gives, and grids of places from affine maps. */

import { integers, type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { raised } from '../../amp/state.ts'
import { linspace } from '../../functions/creation.ts'
import { stack } from '../../functions/join.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'

/** The grid of places in -1..1 that a matrix [N, 2, 3] (or [N, 3, 4]) maps an image of `size` [N, C, H, W] to. */
export function affine_grid(
  theta: Tensor,
  size: readonly number[],
  align_corners: boolean | null | { align_corners?: boolean | null } = null,
): Tensor {
  const align = (typeof align_corners === 'object' && align_corners !== null ? align_corners.align_corners : align_corners) ?? false
  tensorArg('affine_grid', theta, 'theta')
  if (!theta.is_floating_point()) throw new ValueError(`Expected theta to have floating point type, but got ${theta.dtype}`)
  size = integers('affine_grid', 'size', size)
  const depth = size.length - 2
  if (depth !== 2 && depth !== 3) {
    throw new RuntimeError(
      `affine_grid only supports 4D and 5D sizes, for 2D and 3D affine transforms, respectively. Got size ${`[${size.join(', ')}]`}.`,
    )
  }
  if (theta.ndim !== 3 || theta.size(1) !== depth || theta.size(2) !== depth + 1) {
    throw new ValueError(
      `Expected a batch of ${depth}D affine matrices of shape Nx${depth}x${depth + 1} for size [${size.join(', ')}]. Got [${theta.shape.join(', ')}].`,
    )
  }
  if (Math.min(...size) <= 0) throw new ValueError(`Expected non-zero, positive output size. Got [${size.join(', ')}]`)
  const spatial = size.slice(2)
  const axes = spatial.map((n, i) => {
    const line = n <= 1 ? theta.new_zeros([n]) : linspace(-1, 1, n, { dtype: theta.dtype })
    const places = align ? line : line.mul((n - 1) / n)
    return places.reshape(spatial.map((_, j) => (i === j ? n : 1))).expand([...spatial])
  })
  // x, the last dimension's place, comes first
  const base = stack([...axes.reverse(), theta.new_ones([...spatial])], -1).reshape(1, -1, depth + 1)
  const grid = base.expand([size[0]!, -1, -1]).matmul(theta.transpose(1, 2))
  return grid.reshape([size[0]!, ...spatial, depth])
}

type GridMode = 'bilinear' | 'nearest' | 'bicubic'
type GridPadding = 'zeros' | 'border' | 'reflection'
interface GridOptions {
  mode?: GridMode
  padding_mode?: GridPadding
  align_corners?: boolean | null
}
const readGrid = signature<GridOptions>('grid_sample', ['mode', 'padding_mode', 'align_corners'], [], 2)

/** Places in -1..1 as places in pixels. */
const unnormalized = (x: Tensor, n: number, align: boolean): Tensor => (align ? x.add(1).mul((n - 1) / 2) : x.add(1).mul(n).sub(1).mul(0.5))

/** Places mirrored at the ends until they lie inside. */
function reflected(x: Tensor, n: number, align: boolean): Tensor {
  const [low, span] = align ? [0, n - 1] : [-0.5, n]
  if (span === 0) return x.mul(0)
  const from = x.sub(low).abs()
  const extra = from.fmod(span)
  const even = from.detach().div(span).floor().fmod(2).eq(0)
  return extra.where(even, extra.neg().add(span)).add(low)
}

/** Places held inside by the padding mode; zeros leaves them. */
function held(x: Tensor, n: number, padding: GridPadding, align: boolean): Tensor {
  if (padding === 'zeros') return x
  return (padding === 'reflection' ? reflected(x, n, align) : x).clamp(0, n - 1)
}

interface Image {
  /** [N, C, pixels]. */
  readonly pixels: Tensor
  readonly sizes: readonly number[]
  /** Places read at once: [N, places]. */
  readonly places: number
}

/** The pixels at whole places, one tensor each dimension; zeros outside. */
function read({ pixels, sizes, places }: Image, at: readonly Tensor[]): Tensor {
  const [n, c] = pixels.shape as unknown as [number, number]
  let index: Tensor | null = null
  let inside: Tensor | null = null
  at.forEach((x, d) => {
    const size = sizes[d]!
    const here = x.ge(0).logical_and(x.le(size - 1))
    inside = inside ? inside.logical_and(here) : here
    const whole = x.clamp(0, size - 1).to('int64')
    index = index ? (index as Tensor).mul(size).add(whole) : whole
  })
  const found = pixels.gather(2, (index as unknown as Tensor).reshape(n, 1, places).expand([n, c, places]))
  return found.where((inside as unknown as Tensor).reshape(n, 1, places), found.new_zeros([]))
}

/** The pixel nearest to a place. Its derivative in the place is zero, not absent. */
function nearest(image: Image, at: readonly Tensor[]): Tensor {
  const none = at.map((x) => x.masked_fill(x.new_ones([...x.shape]).to('bool'), 0)).reduce((sum, x) => sum.add(x))
  return read(
    image,
    at.map((x) => x.detach().round()),
  ).add(none.unsqueeze(1))
}

/** The mean of the corners around a place, each by its nearness. */
function betweenCorners(image: Image, at: readonly Tensor[]): Tensor {
  const lows = at.map((x) => x.detach().floor())
  let sum: Tensor | null = null
  for (let corner = 0; corner < 1 << at.length; corner++) {
    const up = at.map((_, d) => ((corner >> d) & 1) === 1)
    const weight = at
      .map((x, d) => (up[d] ? x.sub(lows[d]!) : lows[d]!.add(1).sub(x)))
      .reduce((product, w) => product.mul(w))
      .unsqueeze(1)
    const part = read(
      image,
      lows.map((x, d) => (up[d] ? x.add(1) : x)),
    ).mul(weight)
    sum = sum ? (sum as Tensor).add(part) : part
  }
  return sum!
}

/** The weights of four neighbours at a fraction, by Keys' cubic with slope -0.75. */
function cubicWeights(t: Tensor): Tensor[] {
  const a = -0.75
  const near = (x: Tensor) =>
    x
      .mul(a + 2)
      .sub(a + 3)
      .mul(x)
      .mul(x)
      .add(1)
  const far = (x: Tensor) =>
    x
      .mul(a)
      .sub(5 * a)
      .mul(x)
      .add(8 * a)
      .mul(x)
      .sub(4 * a)
  const rest = t.neg().add(1)
  return [far(t.add(1)), near(t), near(rest), far(rest.add(1))]
}

function cubic(image: Image, at: readonly Tensor[], padding: GridPadding, align: boolean): Tensor {
  const lows = at.map((x) => x.detach().floor())
  const weights = at.map((x, d) => cubicWeights(x.sub(lows[d]!)))
  let sum: Tensor | null = null
  for (let i = 0; i < 4; i++) {
    let row: Tensor | null = null
    for (let j = 0; j < 4; j++) {
      const places = [lows[0]!.add(i - 1), lows[1]!.add(j - 1)].map((x, d) => held(x, image.sizes[d]!, padding, align))
      const part = read(image, places).mul(weights[1]![j]!.unsqueeze(1))
      row = row ? (row as Tensor).add(part) : part
    }
    const part = row!.mul(weights[0]![i]!.unsqueeze(1))
    sum = sum ? (sum as Tensor).add(part) : part
  }
  return sum!
}

/**
 * The image `[N, C, H, W]` read at the places (x, y) of `grid` `[N, h, w, 2]`, where -1 and 1 are its edges (or, with `align_corners`,
 * the centres of its corner pixels). Also for `[N, C, D, H, W]` with a grid of (x, y, z).
 *
 * @example
 * ```ts
 * const image = torch.tensor([[[[1, 3]]]], { dtype: 'float32' })
 * torch.nn.functional.grid_sample(image, torch.zeros(1, 1, 1, 2), { align_corners: false }) // => tensor([[[[2.]]]])
 * ```
 */
export function grid_sample(input: Tensor, grid: Tensor, ...rest: Rest<GridOptions, ['mode', 'padding_mode', 'align_corners']>): Tensor {
  const { mode = 'bilinear', padding_mode = 'zeros', align_corners } = readGrid(rest)
  const align = align_corners ?? false
  tensorArg('grid_sample', input)
  tensorArg('grid_sample', grid, 'grid')
  ;[input, grid] = raised(input, grid)
  if (!['bilinear', 'nearest', 'bicubic'].includes(mode)) {
    throw new ValueError(`nn.functional.grid_sample(): expected mode to be 'bilinear', 'nearest' or 'bicubic', but got: '${mode}'`)
  }
  if (!['zeros', 'border', 'reflection'].includes(padding_mode)) {
    throw new ValueError(
      `nn.functional.grid_sample(): expected padding_mode to be 'zeros', 'border', or 'reflection', but got: '${padding_mode}'`,
    )
  }
  const depth = input.ndim - 2
  if ((depth !== 2 && depth !== 3) || grid.ndim !== input.ndim) {
    throw new RuntimeError(
      `grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, but got input with sizes [${input.shape.join(', ')}] and grid with sizes [${grid.shape.join(', ')}]`,
    )
  }
  if (grid.size(0) !== input.size(0)) {
    throw new RuntimeError(
      `grid_sampler(): expected grid and input to have same batch size, but got input with sizes [${input.shape.join(', ')}] and grid with sizes [${grid.shape.join(', ')}]`,
    )
  }
  if (grid.size(-1) !== depth) {
    throw new RuntimeError(
      `grid_sampler(): expected grid to have size ${depth} in last dimension, but got grid with sizes [${grid.shape.join(', ')}]`,
    )
  }
  if (mode === 'bicubic' && depth === 3) throw new RuntimeError('grid_sampler(): bicubic interpolation only supports 4D input')
  const sizes = input.shape.slice(2)
  const [n, c] = input.shape as unknown as [number, number]
  const shape = grid.shape.slice(1, -1)
  const places = shape.reduce((product, d) => product * d, 1)
  const image = { pixels: input.reshape(n, c, -1), sizes, places }
  // grid holds x first, which is the last dimension
  const at = sizes.map((size, d) => {
    const x = unnormalized(grid.select(-1, depth - 1 - d).reshape(n, places), size, align)
    return mode === 'bicubic' ? x : held(x, size, padding_mode, align)
  })
  const out =
    mode === 'bicubic' ? cubic(image, at, padding_mode, align) : mode === 'nearest' ? nearest(image, at) : betweenCorners(image, at)
  return out.reshape([n, c, ...shape])
}
