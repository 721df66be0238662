/** `torch.fft`: discrete Fourier transforms. */

import { type Rest, signature } from '../core/arguments.ts'
import { describe } from '../core/describe.ts'
import { complexOf, float64 } from '../core/dtype.ts'
import { DTypeError, RuntimeError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import * as p from '../ops/index.ts'
import { coreDType, defaultCore, scalarTypeName } from './dtype.ts'
import type { TensorOptions } from './functions/creation.ts'
import { roll } from './functions/join.ts'
import { keyed } from './functions/keyed.ts'
import { intList, tensorArg } from './functions/support.ts'
import { Tensor, wrapDim } from './tensor.ts'

/** Which direction is scaled by 1/n: 'backward' (default) the inverse, 'forward' the other, 'ortho' both by its root. */
export type FftNorm = 'backward' | 'ortho' | 'forward' | null

/** Keywords of transforms along one dimension. */
export interface FftOptions {
  /** The length of the transformed dimension: the input is cut, or padded with zeros. */
  readonly n?: number | null
  readonly dim?: number
  readonly norm?: FftNorm
  readonly out?: Tensor
}
/** Keywords of transforms along several dimensions. */
export interface FftManyOptions {
  /** The lengths of the transformed dimensions; -1 leaves one as it is. */
  readonly s?: readonly number[] | null
  readonly dim?: number | readonly number[] | null
  readonly norm?: FftNorm
  readonly out?: Tensor
}
type One = Rest<FftOptions, ['n', 'dim', 'norm']>
type Many = Rest<FftManyOptions, ['s', 'dim', 'norm']>
const readOne = (name: string) => signature<FftOptions>(name, ['n', 'dim', 'norm'])
const readMany = (name: string) => signature<FftManyOptions>(name, ['s', 'dim', 'norm'])

function scaleOf(norm: FftNorm | undefined, n: number, inverse: boolean): number {
  const by = norm ?? 'backward'
  if (by !== 'backward' && by !== 'forward' && by !== 'ortho') throw new RuntimeError(`Invalid normalization mode: "${String(by)}"`)
  return by === 'ortho' ? 1 / Math.sqrt(n) : inverse === (by === 'backward') ? 1 / n : 1
}

/** A value as complex numbers, integers in the default dtype's. */
function complexValue(name: string, x: Value): Value {
  if (x.dtype.itemsize === 2 && x.dtype.isFloat)
    throw new DTypeError(`Unsupported dtype ${scalarTypeName(x.dtype)}`, { op: name, dtypes: [x.dtype.name] })
  return p.cast(x, complexOf(x.dtype.isInexact ? x.dtype : defaultCore()))
}

function checkLength(n: number): number {
  if (!Number.isInteger(n) || n < 1)
    throw new RuntimeError(`Invalid number of data points (${typeof n === 'number' ? n : describe(n)}) specified`)
  return n
}

function transform(x: Value, dim: number, n: number | null | undefined, norm: FftNorm | undefined, inverse: boolean): Value {
  const length = checkLength(n ?? x.shape[dim]!)
  return p.fft(x, dim, length, inverse, scaleOf(norm, length, inverse))
}

function dimOf(name: string, x: Tensor, dim: number): number {
  if (x.ndim === 0) throw new RuntimeError(`${name}(): Dimension specified as ${dim} but tensor has no dimensions`)
  return wrapDim(dim, x.ndim)
}

const line = (name: string, inverse: boolean) => {
  const read = readOne(name)
  return keyed(name, '...', (input: Tensor, ...rest: One): Tensor => {
    const x = tensorArg(name, input)
    const { n, dim = -1, norm } = read(rest)
    return new Tensor(transform(complexValue(name, x.value), dimOf(name, x, dim), n, norm, inverse))
  })
}
/**
 * The discrete Fourier transform along a dimension, the last unless given.
 *
 * @example
 * ```ts
 * torch.fft.fft(torch.tensor([1.5, 0, 0])) // => tensor([1.5000+0.j, 1.5000+0.j, 1.5000+0.j])
 * ```
 */
export const fft: (input: Tensor, ...rest: One) => Tensor = line('fft_fft', false)
/** The inverse of `fft`. */
export const ifft: (input: Tensor, ...rest: One) => Tensor = line('fft_ifft', true)

function realArg(name: string, input: Tensor): Tensor {
  const x = tensorArg(`fft_${name}`, input)
  if (x.is_complex()) throw new DTypeError(`${name} expects a real input tensor, but got ${scalarTypeName(x.raw.dtype)}`, { op: name })
  return x
}

/** The first half of a transform of real numbers along a dimension. */
function halfOf(name: string, x: Value, dim: number, n: number | null | undefined, norm: FftNorm | undefined, inverse: boolean): Value {
  const full = transform(complexValue(name, x), dim, n, norm, inverse)
  return p.narrow(full, dim, 0, Math.floor(full.shape[dim]! / 2) + 1)
}

/** Transforms of real numbers: their first half, which determines the rest. */
const half = (name: string, inverse: boolean) => {
  const read = readOne(`fft_${name}`)
  return keyed(name, '...', (input: Tensor, ...rest: One): Tensor => {
    const x = realArg(name, input)
    const { n, dim = -1, norm } = read(rest)
    return new Tensor(halfOf(name, x.value, dimOf(`fft_${name}`, x, dim), n, norm, inverse))
  })
}
/** The first half of the transform of real numbers, which determines the rest. */
export const rfft: (input: Tensor, ...rest: One) => Tensor = half('rfft', false)
/** The first half of the inverse transform of real numbers: the inverse of `hfft`. */
export const ihfft: (input: Tensor, ...rest: One) => Tensor = half('ihfft', true)

/** A dimension cut or padded with zeros to a length. */
function resized(x: Value, dim: number, n: number): Value {
  const has = x.shape[dim]!
  if (has >= n) return has === n ? x : p.narrow(x, dim, 0, n)
  const after = x.shape.map((_, i) => (i === dim ? n - has : 0))
  return p.pad(
    x,
    x.shape.map(() => 0),
    after,
  )
}

/** The real transform of what `first` is the first half of; of length n, 2 (m - 1) unless given. */
function wholeOf(
  name: string,
  first: Value,
  dim: number,
  n: number | null | undefined,
  norm: FftNorm | undefined,
  inverse: boolean,
): Value {
  const length = checkLength(n ?? 2 * (first.shape[dim]! - 1))
  const part = resized(complexValue(name, first), dim, Math.floor(length / 2) + 1)
  // the second half is the first one backwards, conjugated
  const count = length - part.shape[dim]!
  const mirrored = p.conj(p.flip(p.narrow(part, dim, 1, count), dim))
  const full = count > 0 ? p.concatenate([part, mirrored], dim) : part
  return p.clone(p.real(transform(full, dim, length, norm, inverse)))
}

/** Transforms whose result is real. */
const whole = (name: string, inverse: boolean) => {
  const read = readOne(`fft_${name}`)
  return keyed(name, '...', (input: Tensor, ...rest: One): Tensor => {
    const x = tensorArg(`fft_${name}`, input)
    const { n, dim = -1, norm } = read(rest)
    return new Tensor(wholeOf(name, x.value, dimOf(`fft_${name}`, x, dim), n, norm, inverse))
  })
}
/** The real numbers whose `rfft` this is; of length n, 2 (m - 1) unless given. */
export const irfft: (input: Tensor, ...rest: One) => Tensor = whole('irfft', true)
/** The transform, which is real, of a signal whose second half is the first one backwards, conjugated; of length n, 2 (m - 1) unless given. */
export const hfft: (input: Tensor, ...rest: One) => Tensor = whole('hfft', false)

/** Dimensions and lengths of a transform along several. */
function plan(
  x: Tensor,
  s: readonly number[] | null | undefined,
  dim: number | readonly number[] | null | undefined,
): [number, number | null][] {
  const given = dim === null || dim === undefined ? null : intList('fft', dim)
  if (s) s = intList('fft', s, 's')
  const dims = given ? given.map((d) => wrapDim(d, x.ndim)) : x.raw.shape.map((_, i) => i).slice(s ? x.ndim - s.length : 0)
  if (new Set(dims).size !== dims.length) throw new RuntimeError('FFT dims must be unique')
  if (s && s.length !== dims.length) throw new RuntimeError('When given, dim and shape arguments must have the same length')
  return dims.map((d, i) => [d, s && s[i] !== -1 ? s[i]! : null])
}

const many = (name: string, inverse: boolean, defaultDim: readonly number[] | null) => {
  const read = readMany(name)
  return keyed(name, '...', (input: Tensor, ...rest: Many): Tensor => {
    const x = tensorArg(name, input)
    const { s, dim = defaultDim, norm } = read(rest)
    return new Tensor(plan(x, s, dim).reduce((v, [d, n]) => transform(v, d, n, norm, inverse), complexValue(name, x.value)))
  })
}
/** The transform along several dimensions, all unless given. */
export const fftn: (input: Tensor, ...rest: Many) => Tensor = many('fft_fftn', false, null)
/** The inverse of `fftn`. */
export const ifftn: (input: Tensor, ...rest: Many) => Tensor = many('fft_ifftn', true, null)
/** The transform along two dimensions, the last unless given. */
export const fft2: (input: Tensor, ...rest: Many) => Tensor = many('fft_fft2', false, [-2, -1])
/** The inverse of `fft2`. */
export const ifft2: (input: Tensor, ...rest: Many) => Tensor = many('fft_ifft2', true, [-2, -1])

/** Real numbers transformed along several dimensions: half of the last one comes back. */
const halfMany = (name: string, inverse: boolean, defaultDim: readonly number[] | null) => {
  const read = readMany(`fft_${name}`)
  return keyed(name, '...', (input: Tensor, ...rest: Many): Tensor => {
    const x = realArg(name, input)
    const { s, dim = defaultDim, norm } = read(rest)
    const steps = plan(x, s, dim)
    const last = steps.pop()
    if (!last) throw new RuntimeError(`${name} must transform at least one axis`)
    const first = halfOf(name, x.value, last[0], last[1], norm, inverse)
    return new Tensor(steps.reduce((v, [d, n]) => transform(v, d, n, norm, inverse), first))
  })
}
/** The transform of real numbers along several dimensions, all unless given; the first half of the last one. */
export const rfftn: (input: Tensor, ...rest: Many) => Tensor = halfMany('rfftn', false, null)
/** The transform of real numbers along two dimensions, the last unless given; the first half of the last one. */
export const rfft2: (input: Tensor, ...rest: Many) => Tensor = halfMany('rfft2', false, [-2, -1])
/** The inverse of `hfftn`. */
export const ihfftn: (input: Tensor, ...rest: Many) => Tensor = halfMany('ihfftn', true, null)
/** The inverse of `hfft2`. */
export const ihfft2: (input: Tensor, ...rest: Many) => Tensor = halfMany('ihfft2', true, [-2, -1])

/** Transforms along several dimensions whose result is real. */
const wholeMany = (name: string, inverse: boolean, defaultDim: readonly number[] | null) => {
  const read = readMany(`fft_${name}`)
  return keyed(name, '...', (input: Tensor, ...rest: Many): Tensor => {
    const x = tensorArg(`fft_${name}`, input)
    const { s, dim = defaultDim, norm } = read(rest)
    const steps = plan(x, s, dim)
    const last = steps.pop()
    if (!last) throw new RuntimeError(`${name} must transform at least one axis`)
    const first = steps.reduce((v, [d, n]) => transform(v, d, n, norm, inverse), complexValue(name, x.value))
    return new Tensor(wholeOf(name, first, last[0], last[1], norm, inverse))
  })
}
/** The real numbers whose `rfftn` this is. */
export const irfftn: (input: Tensor, ...rest: Many) => Tensor = wholeMany('irfftn', true, null)
/** The real numbers whose `rfft2` this is. */
export const irfft2: (input: Tensor, ...rest: Many) => Tensor = wholeMany('irfft2', true, [-2, -1])
/** The real transform along several dimensions of a signal that is its own conjugate mirror image. */
export const hfftn: (input: Tensor, ...rest: Many) => Tensor = wholeMany('hfftn', false, null)
/** The real transform along two dimensions of a signal that is its own conjugate mirror image. */
export const hfft2: (input: Tensor, ...rest: Many) => Tensor = wholeMany('hfft2', false, [-2, -1])

/** i / (n d) for the numbers that a transform of length n is sampled at. */
function frequencies(n: number, d: number, from: readonly number[], options: TensorOptions): Tensor {
  const dtype = coreDType(options.dtype) ?? defaultCore()
  const values = p.mul(p.ramp(from[1]! - from[0]!, from[0]!, 1, float64), 1 / (n * d))
  return new Tensor(p.cast(values, dtype))
}
/** The frequencies of `fft` of length n, for samples d apart: zero, the positive ones, then the negative ones. */
export function fftfreq(n: number, d = 1, options: TensorOptions = {}): Tensor {
  checkLength(n)
  const half = Math.ceil(n / 2)
  const parts = [frequencies(n, d, [0, half], options), frequencies(n, d, [-Math.floor(n / 2), 0], options)]
  return new Tensor(
    p.concatenate(
      parts.map((t) => t.value),
      0,
    ),
  )
}
/** The frequencies of `rfft` of length n, for samples d apart. */
export const rfftfreq = (n: number, d = 1, options: TensorOptions = {}): Tensor =>
  frequencies(checkLength(n), d, [0, Math.floor(n / 2) + 1], options)

const shifted = (input: Tensor, dim: number | readonly number[] | null, by: (n: number) => number): Tensor => {
  const x = tensorArg('fftshift', input)
  const dims = dim === null ? x.raw.shape.map((_, i) => i) : [dim].flat().map((d) => wrapDim(d as number, x.ndim))
  return roll(
    x,
    dims.map((d) => by(x.raw.shape[d]!)),
    dims,
  )
}
/** With the zero frequency in the middle of dimensions, all unless given. */
export const fftshift = keyed(
  'fftshift',
  'dim',
  (input: Tensor, dim: number | readonly number[] | null = null): Tensor => shifted(input, dim, (n) => Math.floor(n / 2)),
)
/** The inverse of `fftshift`. */
export const ifftshift = keyed(
  'ifftshift',
  'dim',
  (input: Tensor, dim: number | readonly number[] | null = null): Tensor => shifted(input, dim, (n) => -Math.floor(n / 2)),
)
