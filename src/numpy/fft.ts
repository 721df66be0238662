/** `np.fft`: discrete Fourier transforms. */

import { integers, keyword, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { describe } from '../core/describe.ts'
import { complexOf, type DType, float16, float32, float64 } from '../core/dtype.ts'
import { items, scalarView, viewOf } from '../core/element.ts'
import { ArgumentError, DTypeError, IndexError, ValueError, ZeroDivisionError } from '../core/errors.ts'
import { normalizeAxis } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import { asArray, asView, castView, wrap } from './convert.ts'
import { roll } from './manipulation.ts'
import './methods.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import { finish } from './reductions.ts'
import type { ArrayLike } from './types.ts'

/** Which direction is scaled by 1/n: `'backward'` the inverse, `'forward'` the other, `'ortho'` both by its root. */
export type FftNorm = 'backward' | 'ortho' | 'forward' | null

/** Keyword arguments of transforms along one axis. */
export interface FftOptions {
  /** The length of the transformed axis: the input is cut, or padded with zeros. */
  n?: number | null
  axis?: number
  norm?: FftNorm
  out?: NDArray | null
}
/** Keyword arguments of transforms along several axes. */
export interface FftManyOptions {
  /** The lengths of the transformed axes. */
  s?: readonly number[] | null
  axes?: readonly number[] | null
  norm?: FftNorm
  out?: NDArray | null
}
type OneRest = Rest<FftOptions, ['n', 'axis', 'norm', 'out']>
type ManyRest = Rest<FftManyOptions, ['s', 'axes', 'norm', 'out']>
const one = (name: string) => signature<FftOptions>(name, ['n', 'axis', 'norm', 'out'])
const many = (name: string) => signature<FftManyOptions>(name, ['s', 'axes', 'norm', 'out'])

/** The complex dtype of a transform. */
const complexDType = (d: DType): DType => complexOf(d === float16 ? float32 : d)

/** The factor of a transform of length n. */
/** NumPy's two spellings of one error. */
const badNorm = (norm: unknown, space: string): ValueError =>
  new ValueError(`Invalid norm value ${String(norm)}; should be "backward",${space}"ortho" or "forward".`, { op: 'fft' })

function scaleOf(norm: FftNorm | undefined, n: number, inverse: boolean): number {
  const by = norm ?? 'backward'
  if (by === 'ortho') return 1 / Math.sqrt(n)
  if (by !== 'backward' && by !== 'forward') throw badNorm(by, inverse ? ' ' : '')
  return inverse === (by === 'backward') ? 1 / n : 1
}

function checkLength(n: number): number {
  if (!Number.isInteger(n)) throw new ArgumentError(`an FFT takes an integer number of points, got ${describe(n)}`, { op: 'fft' })
  if (n < 1) throw new ValueError(`Invalid number of FFT data points (${n}) specified.`, { op: 'fft' })
  return n
}

function along(x: View, n: number | null | undefined, axis: number, norm: FftNorm | undefined, inverse: boolean): View {
  const at = normalizeAxis(axis, x.ndim)
  const length = checkLength(n ?? x.shape[at]!)
  const scale = scaleOf(norm, length, inverse)
  // NumPy takes the scale in the precision of what comes in
  const rounded = x.dtype === float16 ? (items(scalarView(scale, float16))[0] as number) : scale
  return p.fft(castView(x, complexDType(x.dtype)), at, length, inverse, rounded) as View
}

/** An axis whose length is the transform's; NumPy reads it from the shape. */
function ownAxis(x: View, n: number | null | undefined, axis: number): number {
  if ((n === null || n === undefined) && Number.isInteger(axis) && (axis >= x.ndim || axis < -x.ndim)) {
    throw new IndexError('tuple index out of range', { op: 'fft' })
  }
  return normalizeAxis(axis, x.ndim)
}

/** Transforms are of numbers; `real` ones not of complex numbers. */
function numbers(name: string, x: View, real = false): View {
  if (!x.dtype.isObject && !(real && x.dtype.isComplex)) return x
  throw new DTypeError(
    `ufunc '${name}' not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''`,
    { op: name, dtypes: [x.dtype.name] },
  )
}

/** A transform along the last axis unless told otherwise. */
const line = (read: ReturnType<typeof one>, a: ArrayLike, rest: OneRest, inverse: boolean): NDArray => {
  const { n, axis = -1, norm, out } = read(rest)
  const x = numbers(inverse ? 'ifft' : 'fft', asView(a))
  return finish(along(x, n, ownAxis(x, n, axis), norm, inverse), out, 'fft')
}

/**
 * The discrete Fourier transform along an axis, the last unless given.
 *
 * @example
 * np.fft.fft([1, 0, 0, 0]) // => array([1.+0.j, 1.+0.j, 1.+0.j, 1.+0.j])
 */
export const fft = /* @__PURE__ */ byName('fft', 'a', (a: ArrayLike, ...rest: OneRest): NDArray => line(one('fft'), a, rest, false))

/**
 * The inverse of `fft`.
 *
 * @example
 * np.fft.ifft([4, 0, 0, 0]) // => array([1.+0.j, 1.+0.j, 1.+0.j, 1.+0.j])
 */
export const ifft = /* @__PURE__ */ byName('ifft', 'a', (a: ArrayLike, ...rest: OneRest): NDArray => line(one('ifft'), a, rest, true))

/** The transform of real values: the first half, and the middle, of the whole. */
function realForward(x: View, n: number | null | undefined, axis: number, norm: FftNorm | undefined): View {
  const at = ownAxis(x, n, axis)
  numbers(`rfft_n_${(n ?? x.shape[at]!) % 2 === 0 ? 'even' : 'odd'}`, x, true)
  const whole = along(x, n, at, norm, false)
  return p.narrow(whole, at, 0, Math.floor(whole.shape[at]! / 2) + 1) as View
}

/** Real values from half a transform, whose other half is the conjugate in reverse. */
function realInverse(x: View, n: number | null | undefined, axis: number, norm: FftNorm | undefined): View {
  const at = ownAxis(x, n, axis)
  const length = checkLength(n ?? (x.shape[at]! - 1) * 2)
  numbers('irfft', x)
  const c = castView(x, complexDType(x.dtype))
  const need = Math.floor(length / 2) + 1
  const has = Math.min(c.shape[at]!, need)
  let half: Value = p.narrow(c, at, 0, has)
  if (has < need) {
    const none = c.shape.map(() => 0)
    half = p.pad(
      half,
      none,
      c.shape.map((_, i) => (i === at ? need - has : 0)),
      0,
    )
  }
  const mirrored = p.conj(p.flip(p.narrow(half, at, 1, length - need), at))
  const whole = length === need ? half : p.concatenate([half, mirrored], at)
  const out = p.real(p.fft(whole, at, length, true, scaleOf(norm, length, true))) as View
  // Half precision comes back as it came.
  return x.dtype === float16 ? castView(out, float16) : out
}

/**
 * The discrete Fourier transform of real values: the half that is not redundant.
 *
 * @example
 * np.fft.rfft([1, 0, 0, 0]) // => array([1.+0.j, 1.+0.j, 1.+0.j])
 */
export const rfft = /* @__PURE__ */ byName('rfft', 'a', (a: ArrayLike, ...rest: OneRest): NDArray => {
  const { n, axis = -1, norm, out } = one('rfft')(rest)
  return finish(wholeCopy(realForward(asView(a), n, axis, norm)), out, 'rfft')
})

/**
 * The inverse of `rfft`: real values. `n` says whether the length was odd.
 *
 * @example
 * np.fft.irfft([1, 1, 1]) // => array([1., 0., 0., 0.])
 */
export const irfft = /* @__PURE__ */ byName('irfft', 'a', (a: ArrayLike, ...rest: OneRest): NDArray => {
  const { n, axis = -1, norm, out } = one('irfft')(rest)
  return finish(wholeCopy(realInverse(asView(a), n, axis, norm)), out, 'irfft')
})

/** Results do not hold on to memory that they do not show. */
const wholeCopy = (v: View): View => (v.contiguous && v.storage.nbytes <= v.nbytes ? v : (wrap(v).copy().value as View))

/** The norm of the transform in the other direction. */
function swapped(norm: FftNorm | undefined): FftNorm {
  const other = ({ backward: 'forward', ortho: 'ortho', forward: 'backward' } as const)[norm ?? 'backward']
  if (other) return other
  throw badNorm(norm, ' ')
}

/**
 * The transform of a signal with Hermitian symmetry, whose spectrum is real.
 *
 * @example
 * np.fft.hfft([1, 2, 3]) // => array([ 8., -2.,  0., -2.])
 */
export const hfft = /* @__PURE__ */ byName('hfft', 'a', (a: ArrayLike, ...rest: OneRest): NDArray => {
  const { n, axis = -1, norm, out } = one('hfft')(rest)
  return finish(wholeCopy(realInverse(p.conj(asView(a)) as View, n, axis, swapped(norm))), out, 'hfft')
})

/**
 * The inverse of `hfft`.
 *
 * @example
 * np.fft.ihfft([8, -2, 0, -2]) // => array([1.-0.j, 2.-0.j, 3.-0.j])
 */
export const ihfft = /* @__PURE__ */ byName('ihfft', 'a', (a: ArrayLike, ...rest: OneRest): NDArray => {
  const { n, axis = -1, norm, out } = one('ihfft')(rest)
  return finish(p.conj(realForward(asView(a), n, axis, swapped(norm))), out, 'ihfft')
})

/** Lengths and axes of a transform over several axes. */
function cooked(
  x: View,
  s: readonly number[] | null | undefined,
  axes: readonly number[] | null | undefined,
  fallback?: readonly number[],
  inverseReal = false,
): [number[], number[]] {
  if (s) s = integers('fftn', 's', s)
  if (axes) axes = integers('fftn', 'axes', axes)
  const given = axes ?? fallback ?? (s ? s.map((_, i) => i - s.length) : x.shape.map((_, i) => i))
  const at = given.map((axis) => {
    if (axis < x.ndim && axis >= -x.ndim) return axis < 0 ? axis + x.ndim : axis
    throw new IndexError(`index ${axis} is out of bounds for axis 0 with size ${x.ndim}`, { op: 'fftn' })
  })
  if (s && s.length !== at.length) throw new ValueError('Shape and axes have different lengths.', { op: 'fftn' })
  const own = at.map((axis, i) => (inverseReal && i === at.length - 1 ? (x.shape[axis]! - 1) * 2 : x.shape[axis]!))
  return [at.map((axis, i) => (s ? (s[i] === -1 ? x.shape[axis]! : s[i]!) : own[i]!)), at]
}

function over(
  x: View,
  s: readonly number[] | null | undefined,
  axes: readonly number[] | null | undefined,
  norm: FftNorm | undefined,
  inverse: boolean,
  fallback?: readonly number[],
): View {
  const [lengths, at] = cooked(x, s, axes, fallback)
  numbers(inverse ? 'ifft' : 'fft', x)
  if (at.length === 0) return copyOf(x)
  let out = castView(x, complexDType(x.dtype))
  for (let i = at.length - 1; i >= 0; i--) out = along(out, lengths[i], at[i]!, norm, inverse)
  return out
}

/**
 * The transform over several axes, all unless given.
 *
 * @example
 * np.fft.fftn([[1, 0], [0, 0]]) // => array([[1.+0.j, 1.+0.j],
 *                               //           [1.+0.j, 1.+0.j]])
 */
export const fftn = /* @__PURE__ */ byName('fftn', 'a', (a: ArrayLike, ...rest: ManyRest): NDArray => {
  const { s, axes, norm, out } = many('fftn')(rest)
  return finish(over(asView(a), s, axes, norm, false), out, 'fftn')
})

/** The inverse of `fftn`. */
export const ifftn = /* @__PURE__ */ byName('ifftn', 'a', (a: ArrayLike, ...rest: ManyRest): NDArray => {
  const { s, axes, norm, out } = many('ifftn')(rest)
  return finish(over(asView(a), s, axes, norm, true), out, 'ifftn')
})

/** The transform over two axes, the last two unless given. */
export const fft2 = /* @__PURE__ */ byName('fft2', 'a', (a: ArrayLike, ...rest: ManyRest): NDArray => {
  const { s, axes, norm, out } = many('fft2')(rest)
  return finish(over(asView(a), s, axes, norm, false, [-2, -1]), out, 'fft2')
})

/** The inverse of `fft2`. */
export const ifft2 = /* @__PURE__ */ byName('ifft2', 'a', (a: ArrayLike, ...rest: ManyRest): NDArray => {
  const { s, axes, norm, out } = many('ifft2')(rest)
  return finish(over(asView(a), s, axes, norm, true, [-2, -1]), out, 'ifft2')
})

function realMany(x: View, { s, axes, norm, out }: FftManyOptions, fallback?: readonly number[]): NDArray {
  const [lengths, at] = cooked(x, s, axes, fallback)
  const last = at.length - 1
  if (last < 0) throw new IndexError('list index out of range', { op: 'rfftn' })
  let v = realForward(x, lengths[last], at[last]!, norm)
  for (let i = last - 1; i >= 0; i--) v = along(v, lengths[i], at[i]!, norm, false)
  return finish(wholeCopy(v), out, 'rfftn')
}

function realManyInverse(x: View, { s, axes, norm, out }: FftManyOptions, fallback?: readonly number[]): NDArray {
  const [lengths, at] = cooked(x, s, axes, fallback, true)
  const last = at.length - 1
  if (last < 0) throw new IndexError('tuple index out of range', { op: 'irfftn' })
  numbers('irfft', x)
  let v = castView(x, complexDType(x.dtype))
  for (let i = 0; i < last; i++) v = along(v, lengths[i], at[i]!, norm, true)
  return finish(wholeCopy(realInverse(v, lengths[last], at[last]!, norm)), out, 'irfftn')
}

/** The transform of real values over several axes: half of the last one. */
export const rfftn = /* @__PURE__ */ byName(
  'rfftn',
  'a',
  (a: ArrayLike, ...rest: ManyRest): NDArray => realMany(asView(a), many('rfftn')(rest)),
)
/** The inverse of `rfftn`. */
export const irfftn = /* @__PURE__ */ byName(
  'irfftn',
  'a',
  (a: ArrayLike, ...rest: ManyRest): NDArray => realManyInverse(asView(a), many('irfftn')(rest)),
)
/** The transform of real values over two axes. */
export const rfft2 = /* @__PURE__ */ byName(
  'rfft2',
  'a',
  (a: ArrayLike, ...rest: ManyRest): NDArray => realMany(asView(a), many('rfft2')(rest), [-2, -1]),
)
/** The inverse of `rfft2`. */
export const irfft2 = /* @__PURE__ */ byName(
  'irfft2',
  'a',
  (a: ArrayLike, ...rest: ManyRest): NDArray => realManyInverse(asView(a), many('irfft2')(rest), [-2, -1]),
)

/** The distance of samples; the number of frequencies must be an integer that is not 0. */
function spacing(n: number, d: number | { d?: number }): number {
  const step = typeof d === 'object' ? (d.d ?? 1) : d
  if (!Number.isInteger(n)) throw new ValueError('n should be an integer', { op: 'fftfreq' })
  if (n * step === 0) throw new ZeroDivisionError('float division by zero', { op: 'fftfreq' })
  if (n < 0) throw new ValueError('negative dimensions are not allowed', { op: 'fftfreq' })
  return step
}

/**
 * The frequencies of the items of a transform of length n, for samples `d` apart.
 *
 * @example
 * np.fft.fftfreq(4) // => array([ 0.  ,  0.25, -0.5 , -0.25])
 */
export const fftfreq = /* @__PURE__ */ byName('fftfreq', 'n', (n: number, d: number | { d?: number } = 1): NDArray => {
  const step = spacing(n, d)
  const half = Math.floor((n - 1) / 2) + 1
  const places = Array.from({ length: n }, (_, i) => (i < half ? i : i - n))
  return wrap(
    viewOf(
      places.map((k) => k * (1 / (n * step))),
      [n],
      float64,
    ),
  )
})

/**
 * The frequencies of the items of an `rfft` of length n.
 *
 * @example
 * np.fft.rfftfreq(4) // => array([0.  , 0.25, 0.5 ])
 */
export const rfftfreq = /* @__PURE__ */ byName('rfftfreq', 'n', (n: number, d: number | { d?: number } = 1): NDArray => {
  const step = spacing(n, d)
  const count = Math.floor(n / 2) + 1
  if (!(count >= 0 && count <= 2 ** 27)) throw new ValueError(`rfftfreq(): ${n} frequencies are not supported`, { op: 'rfftfreq' })
  return wrap(
    viewOf(
      Array.from({ length: count }, (_, k) => k * (1 / (n * step))),
      [count],
      float64,
    ),
  )
})

type ShiftAxes = number | readonly number[] | null

function shifted(x: ArrayLike, axes: number | readonly number[] | null, by: (n: number) => number): NDArray {
  const a = asArray(x)
  const at = axes === null ? a.shape.map((_, i) => i) : integers('fftshift', 'axes', axes)
  return roll(
    a,
    at.map((axis) => by(a.shape[normalizeAxis(axis, a.ndim)]!)),
    at,
  )
}

/**
 * The items with frequency zero moved to the middle.
 *
 * @example
 * np.fft.fftshift([0, 1, 2, -2, -1]) // => array([-2, -1,  0,  1,  2])
 */
export const fftshift = /* @__PURE__ */ byName(
  'fftshift',
  'x',
  (x: ArrayLike, axes?: ShiftAxes | { axes?: ShiftAxes }): NDArray =>
    shifted(x, keyword<ShiftAxes>('fftshift', 'axes', axes as ShiftAxes, null), (n) => Math.floor(n / 2)),
)

/**
 * The inverse of `fftshift`.
 *
 * @example
 * np.fft.ifftshift([-2, -1, 0, 1, 2]) // => array([ 0,  1,  2, -2, -1])
 */
export const ifftshift = /* @__PURE__ */ byName(
  'ifftshift',
  'x',
  (x: ArrayLike, axes?: ShiftAxes | { axes?: ShiftAxes }): NDArray =>
    shifted(x, keyword<ShiftAxes>('ifftshift', 'axes', axes as ShiftAxes, null), (n) => -Math.floor(n / 2)),
)
