/** `torch.signal.windows`: weights that fade a stretch of a signal in and out. */

import type { DType } from '../core/dtype.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import { coreDevice } from './device.ts'
import { coreDType, defaultCore } from './dtype.ts'
import { placed, type TensorOptions } from './functions/creation.ts'
import { checkKeywords } from './functions/support.ts'
import type { Tensor } from './tensor.ts'
import { cosines, kaiserOf, triangle } from './window_formulas.ts'

/** Keywords of the windows. */
export interface WindowOptions extends TensorOptions {
  /** True (default): symmetric, to design filters with. False: one period of a periodic window, for spectra. */
  readonly sym?: boolean
}

/** Reads what all windows share, and makes one from the numbers 0 ... M - 1 as a value of its dtype. */
function windowed<O extends WindowOptions>(
  name: string,
  M: number,
  options: O | null | undefined,
  own: readonly (keyof O & string)[],
  make: (n: Value, last: number, dtype: DType) => Value,
): Tensor {
  checkKeywords(name, options, 'sym', 'dtype', 'layout', 'device', 'requires_grad', ...own)
  const given = (options ?? {}) as O
  const dtype = coreDType(given.dtype) ?? defaultCore()
  if (!Number.isInteger(M)) throw new ArgumentError(`${name}(): argument 'M' must be int, not ${typeof M}`, { op: name })
  if (M < 0) throw new ValueError(`${name} requires non-negative window length, got M=${M}`)
  if (!dtype.isFloat || dtype.itemsize === 2) throw new ValueError(`${name} expects float32 or float64 dtypes, got: torch.${dtype.name}`)
  const device = coreDevice(given.device)
  if (M <= 1) return placed(p.full([M], 1, dtype, device), given)
  const last = given.sym === false ? M : M - 1
  return placed(make(p.ramp(M, 0, 1, dtype, device), last, dtype) as View, given)
}

/** Keywords of general_cosine. */
export interface GeneralCosineOptions extends WindowOptions {
  /** The weights of the cosines. */
  readonly a?: readonly number[]
}
/** The sum of `a[i] (-1)^i cos(2 pi i n / (M - 1))`. */
export function general_cosine(M: number, options: GeneralCosineOptions): Tensor {
  const { a } = options ?? {}
  if (!Array.isArray(a)) throw new ArgumentError("general_cosine() missing 1 required keyword-only argument: 'a'")
  if (a.length === 0) throw new ValueError('Coefficients cannot be empty')
  return windowed('general_cosine', M, options, ['a'], (n, last) => cosines(n, last, a))
}

/** Keywords of general_hamming. */
export interface GeneralHammingOptions extends WindowOptions {
  /** Default 0.54. */
  readonly alpha?: number
}
/** `alpha - (1 - alpha) cos(2 pi n / (M - 1))`. */
export function general_hamming(M: number, options: GeneralHammingOptions = {}): Tensor {
  const alpha = options?.alpha ?? 0.54
  return windowed('general_hamming', M, options, ['alpha'], (n, last) => cosines(n, last, [alpha, 1 - alpha]))
}
/**
 * The Hamming window: `0.54 - 0.46 cos(2 pi n / (M - 1))`.
 *
 * @example
 * ```ts
 * torch.signal.windows.hamming(3) // => tensor([0.0800, 1.0000, 0.0800])
 * ```
 */
export const hamming = (M: number, options: WindowOptions = {}): Tensor =>
  windowed('hamming', M, options, [], (n, last) => cosines(n, last, [0.54, 0.46]))
/** The Hann window: `(1 - cos(2 pi n / (M - 1))) / 2`. */
export const hann = (M: number, options: WindowOptions = {}): Tensor =>
  windowed('hann', M, options, [], (n, last) => cosines(n, last, [0.5, 0.5]))
/** The Blackman window: three cosines with the weights 0.42, 0.5 and 0.08. */
export const blackman = (M: number, options: WindowOptions = {}): Tensor =>
  windowed('blackman', M, options, [], (n, last) => cosines(n, last, [0.42, 0.5, 0.08]))
/** Nuttall's window: four cosines. */
export const nuttall = (M: number, options: WindowOptions = {}): Tensor =>
  windowed('nuttall', M, options, [], (n, last) => cosines(n, last, [0.3635819, 0.4891775, 0.1365995, 0.0106411]))
/** The Bartlett window: a triangle that is zero at its ends. */
export const bartlett = (M: number, options: WindowOptions = {}): Tensor =>
  windowed('bartlett', M, options, [], (n, last) => triangle(n, last))
/** Half a period of a sine. */
export const cosine = (M: number, options: WindowOptions = {}): Tensor =>
  windowed('cosine', M, options, [], (n, last) => p.sin(p.mul(p.add(n, 0.5), Math.PI / (last + 1))))

/** Keywords of exponential. */
export interface ExponentialOptions extends WindowOptions {
  /** Where the window is 1, `(M - 1) / 2` unless given; must be left out when symmetric. */
  readonly center?: number | null
  /** How fast it falls. Default 1. */
  readonly tau?: number
}
/** `e ** -(|n - center| / tau)`. */
export function exponential(M: number, options: ExponentialOptions = {}): Tensor {
  const { center = null, tau = 1, sym = true } = options ?? {}
  if (tau <= 0) throw new ValueError(`Tau must be positive, got: ${tau} instead.`)
  if (sym && center !== null) throw new ValueError('Center must be None for symmetric windows')
  return windowed('exponential', M, options, ['center', 'tau'], (n, last) => p.exp(p.mul(p.abs(p.sub(n, center ?? last / 2)), -1 / tau)))
}
/** Keywords of gaussian. */
export interface GaussianOptions extends WindowOptions {
  /** The standard deviation. Default 1. */
  readonly std?: number
}
/** `e ** -((n - (M - 1) / 2) / std) ** 2 / 2`. */
export function gaussian(M: number, options: GaussianOptions = {}): Tensor {
  const std = options?.std ?? 1
  if (std <= 0) throw new ValueError(`Standard deviation must be positive, got: ${std} instead.`)
  const scale = 1 / (std * Math.SQRT2)
  return windowed('gaussian', M, options, ['std'], (n, last) => p.exp(p.neg(p.square(p.mul(p.sub(n, last / 2), scale)))))
}
/** Keywords of kaiser. */
export interface KaiserOptions extends WindowOptions {
  /** The shape. Default 12. */
  readonly beta?: number
}
/** The Kaiser window: `i0(beta sqrt(1 - (2 n / (M - 1) - 1) ** 2)) / i0(beta)`. */
export function kaiser(M: number, options: KaiserOptions = {}): Tensor {
  const beta = options?.beta ?? 12
  if (beta < 0) throw new ValueError(`beta must be non-negative, got: ${beta} instead.`)
  return windowed('kaiser', M, options, ['beta'], (n, last, dtype) => kaiserOf(n, last, beta, dtype))
}
