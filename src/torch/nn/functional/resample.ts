/** Images at other sizes: interpolation along each dimension by sums of a few elements. */

import { type Rest, sequence, signature } from '../../../core/arguments.ts'
import { DTypeError, RuntimeError, ValueError } from '../../../core/errors.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import { adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d } from './pooling.ts'

export type InterpolateMode = 'nearest' | 'nearest-exact' | 'linear' | 'bilinear' | 'bicubic' | 'trilinear' | 'area'

interface InterpolateOptions {
  size?: number | readonly number[] | null
  scale_factor?: number | readonly number[] | null
  mode?: InterpolateMode
  /** Whether the corner pixels' centres, not their corners, stay where they are. */
  align_corners?: boolean | null
  recompute_scale_factor?: boolean | null
  /** Averages over what a pixel covers when the image shrinks. */
  antialias?: boolean
}
type InterpolatePositional = ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor', 'antialias']
const readInterpolate = signature<InterpolateOptions>(
  'interpolate',
  ['size', 'scale_factor', 'mode', 'align_corners', 'recompute_scale_factor', 'antialias'],
  [],
  1,
)

/** For each place of the output, the elements it is a sum of: as many indices as weights. */
interface Taps {
  readonly at: number[][]
  readonly weights: number[][] | null
}

/** How places of the output lie in the input. */
interface Line {
  readonly n: number
  readonly out: number
  readonly scale: number
  readonly align: boolean
  /** Rounds to the precision that PyTorch works out places in. */
  readonly round: (x: number) => number
}

function nearest({ n, out, scale, round }: Line, exact: boolean): Taps {
  const place = (q: number) => Math.min(Math.floor(round(exact ? (q + 0.5) * scale : q * scale)), n - 1)
  return { at: [Array.from({ length: out }, (_, q) => place(q))], weights: null }
}

const placeOf = ({ scale, align, round }: Line, q: number): number =>
  align ? round(scale * q) : round(round(scale * round(q + 0.5)) - 0.5)

function linear(line: Line): Taps {
  const { n, out, round } = line
  const taps: Taps = { at: [[], []], weights: [[], []] }
  for (let q = 0; q < out; q++) {
    const place = Math.max(placeOf(line, q), 0)
    const low = Math.min(Math.floor(place), n - 1)
    const part = Math.min(Math.max(round(place - low), 0), 1)
    taps.at[0]!.push(low)
    taps.at[1]!.push(Math.min(low + 1, n - 1))
    taps.weights![0]!.push(1 - part)
    taps.weights![1]!.push(part)
  }
  return taps
}

/** Keys' cubic kernel with slope `a` (Keys 1981), at the distance `x`. */
export function cubicWeight(x: number, a: number): number {
  const d = Math.abs(x)
  if (d <= 1) return ((a + 2) * d - (a + 3)) * d * d + 1
  if (d < 2) return ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
  return 0
}

function cubic(line: Line): Taps {
  const { n, out } = line
  const taps: Taps = { at: [[], [], [], []], weights: [[], [], [], []] }
  for (let q = 0; q < out; q++) {
    const place = placeOf(line, q)
    const low = Math.floor(place)
    const part = place - low
    for (let t = 0; t < 4; t++) {
      taps.at[t]!.push(Math.min(Math.max(low + t - 1, 0), n - 1))
      taps.weights![t]!.push(cubicWeight(part - (t - 1), -0.75))
    }
  }
  return taps
}

/** Weights over all that a pixel of the output covers. */
function antialiased({ n, out, scale }: Line, reach: number, filter: (x: number) => number): Taps {
  const support = scale >= 1 ? reach * scale : reach
  const inverse = scale >= 1 ? 1 / scale : 1
  const rows = Array.from({ length: out }, (_, q) => {
    const centre = scale * (q + 0.5)
    const start = Math.max(Math.trunc(centre - support + 0.5), 0)
    const count = Math.min(Math.trunc(centre + support + 0.5), n) - start
    const weights = Array.from({ length: count }, (__, j) => filter((j + start - centre + 0.5) * inverse))
    const total = weights.reduce((s, w) => s + w, 0)
    return { start, weights: weights.map((w) => w / total) }
  })
  const most = Math.max(...rows.map((row) => row.weights.length))
  const each = <T>(f: (row: (typeof rows)[number], t: number) => T): T[][] =>
    Array.from({ length: most }, (_, t) => rows.map((row) => f(row, t)))
  return { at: each((row, t) => Math.min(row.start + t, n - 1)), weights: each((row, t) => row.weights[t] ?? 0) }
}

const triangle = (x: number): number => Math.max(1 - Math.abs(x), 0)

function tapsOf(mode: InterpolateMode, line: Line, antialias: boolean): Taps {
  if (mode === 'nearest' || mode === 'nearest-exact') return nearest(line, mode === 'nearest-exact')
  if (mode === 'bicubic') return antialias ? antialiased(line, 2, (x) => cubicWeight(x, -0.5)) : cubic(line)
  return antialias ? antialiased(line, 1, triangle) : linear(line)
}

function along(x: Tensor, dim: number, { at, weights }: Taps): Tensor {
  const shape = x.shape.map((_, i) => (i === dim ? -1 : 1))
  const parts = at.map((places, t) => {
    const read = x.index_select(dim, x.new_tensor(places, { dtype: 'int64' }))
    return weights ? read.mul(x.new_tensor(weights[t]!).reshape(shape)) : read
  })
  return parts.reduce((sum, part) => sum.add(part))
}

/** The taps with each element once: what lies beyond the border weighs on the elements at the border. */
function merged({ at, weights }: Taps): Taps {
  const rows = at[0]!.map((_, q) => {
    const row = new Map<number, number>()
    for (const [t, places] of at.entries()) row.set(places[q]!, (row.get(places[q]!) ?? 0) + weights![t]![q]!)
    return [...row]
  })
  const pick = (part: 0 | 1) => at.map((_, t) => rows.map((row) => row[t]?.[part] ?? 0))
  return { at: pick(0), weights: pick(1) }
}

/**
 * Sums of bytes in fixed point, as PyTorch and Pillow have them: weights of 15 bits at most, each dimension's sums rounded (halves up)
 * and held between 0 and 255.
 */
function bytesAlong(x: Tensor, dim: number, taps: Taps): Tensor {
  const { at, weights } = merged(taps)
  const most = Math.max(...weights!.flat())
  let bits = 0
  while (bits < 22 && Math.trunc(0.5 + most * 2 ** (bits + 1)) < 2 ** 15) bits++
  const whole = weights!.map((row) => row.map((w) => Math.trunc(w * 2 ** bits + (w < 0 ? -0.5 : 0.5))))
  const sums = along(x.int(), dim, { at, weights: whole })
  return sums
    .add(2 ** (bits - 1))
    .bitwise_right_shift(bits)
    .clamp(0, 255)
    .to(x.dtype)
}

const AREA = [adaptive_avg_pool1d, adaptive_avg_pool2d, adaptive_avg_pool3d]
/** The modes by the number of spatial dimensions that they serve. */
const RANKS: Readonly<Record<InterpolateMode, readonly number[]>> = {
  nearest: [1, 2, 3],
  'nearest-exact': [1, 2, 3],
  area: [1, 2, 3],
  linear: [1],
  bilinear: [2],
  bicubic: [2],
  trilinear: [3],
}

/** The size of the output, and the factors that were asked for. */
function sizesOf(input: Tensor, { size, scale_factor, recompute_scale_factor }: InterpolateOptions): [number[], (number | null)[]] {
  const depth = input.ndim - 2
  const given = size ?? null
  const scale = scale_factor ?? null
  if (given !== null && scale !== null) throw new ValueError('only one of size or scale_factor should be defined')
  if (given === null && scale === null) throw new ValueError('either size or scale_factor should be defined')
  const spatial = input.shape.slice(2)
  const listed = (x: number | readonly number[], what: string): number[] => {
    const list = typeof x === 'number' ? new Array<number>(depth).fill(x) : sequence('interpolate', what, x)
    if (list.length !== depth) {
      throw new ValueError(
        `Input and ${what} must have the same number of spatial dimensions, but got input with spatial dimensions of [${spatial.join(', ')}] and ${what === 'scale_factor' ? `scale_factor of shape [${list.join(', ')}]` : `output size of [${list.join(', ')}]`}. Please provide input tensor in (N, C, d1, d2, ...,dK) format and ${what} in (${what === 'scale_factor' ? 's1, s2, ...,sK' : 'o1, o2, ...,oK'}) format.`,
      )
    }
    return list
  }
  if (given !== null) {
    if (recompute_scale_factor) throw new ValueError('recompute_scale_factor is not meaningful with an explicit size.')
    return [listed(given, 'size'), spatial.map(() => null)]
  }
  const factors = listed(scale!, 'scale_factor')
  const out = spatial.map((n, i) => Math.floor(n * factors[i]!))
  return [out, factors.map((f) => (recompute_scale_factor ? null : f))]
}

/**
 * An image of another size: to `size`, or by `scale_factor`.
 *
 * @example
 * ```ts
 * torch.nn.functional.interpolate(torch.tensor([[[1, 3]]], { dtype: 'float32' }), { size: 4, mode: 'linear' }) // => tensor([[[1.0000, 1.5000, 2.5000, 3.0000]]])
 * ```
 */
export function interpolate(input: Tensor, ...rest: Rest<InterpolateOptions, InterpolatePositional>): Tensor {
  const options = readInterpolate(rest)
  const { mode = 'nearest', align_corners = null, antialias = false } = options
  tensorArg('interpolate', input)
  const ranks = Object.hasOwn(RANKS, mode) ? RANKS[mode] : undefined
  const plain = mode === 'nearest' || mode === 'nearest-exact' || mode === 'area'
  if (plain && align_corners !== null) {
    throw new ValueError('align_corners option can only be set with the interpolating modes: linear | bilinear | bicubic | trilinear')
  }
  const [out, factors] = sizesOf(input, options)
  const depth = input.ndim - 2
  if (!ranks?.includes(depth)) {
    throw new RuntimeError(
      `Input Error: Only 3D, 4D and 5D input Tensors supported (got ${input.ndim}D) for the modes: nearest | linear | bilinear | bicubic | trilinear | area | nearest-exact (got ${mode})`,
    )
  }
  if (antialias && !(depth === 2 && (mode === 'bilinear' || mode === 'bicubic'))) {
    throw new ValueError('Anti-alias option is restricted to bilinear and bicubic modes and requires a 4-D tensor as input')
  }
  if (mode === 'area') return AREA[depth - 1]!(input, out)
  const { dtype } = input.raw
  const bytes = dtype.name === 'uint8' && depth === 2
  if (!plain && !bytes && !dtype.isInexact) throw new DTypeError(`interpolate() by ${mode} is not supported for dtype ${dtype.name}`)
  const round = dtype.name === 'float64' || (bytes && !plain) ? (x: number) => x : Math.fround
  const align = align_corners ?? false
  return out.reduce<Tensor>((x, size, i) => {
    const dim = out.length + 1 - i
    const n = input.size(dim)
    const target = out[dim - 2]!
    const factor = factors[dim - 2]!
    const scale = align ? (target > 1 ? (n - 1) / (target - 1) : 0) : factor !== null && factor > 0 ? 1 / factor : n / target
    if (n === target && (align || scale === 1)) return x
    if (size < 0) return x
    const taps = tapsOf(mode, { n, out: target, scale: round(scale), align, round }, antialias)
    return (taps.weights && bytes ? bytesAlong : along)(x, dim, taps)
  }, input)
}

/** The same as `interpolate`, as PyTorch once called it. */
export function upsample(
  input: Tensor,
  ...rest: Rest<
    Pick<InterpolateOptions, 'size' | 'scale_factor' | 'mode' | 'align_corners'>,
    ['size', 'scale_factor', 'mode', 'align_corners']
  >
): Tensor {
  return interpolate(input, readInterpolate(rest))
}

type SizeOrScale = Pick<InterpolateOptions, 'size' | 'scale_factor'>
/** `interpolate` by the nearest pixel. */
export function upsample_nearest(input: Tensor, ...rest: Rest<SizeOrScale, ['size', 'scale_factor']>): Tensor {
  return interpolate(input, { ...readInterpolate(rest), mode: 'nearest' })
}
/** `interpolate` between the nearest pixels, with corners aligned. */
export function upsample_bilinear(input: Tensor, ...rest: Rest<SizeOrScale, ['size', 'scale_factor']>): Tensor {
  return interpolate(input, { ...readInterpolate(rest), mode: 'bilinear', align_corners: true })
}
