/** The discrete Fourier transform along one axis of complex values; real and multi-axis forms are made of it. */

import { bind } from '../../core/bind.ts'
import { DTypeError, ValueError } from '../../core/errors.ts'
import { moveToFront } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { normalizeAxis } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { pad } from '../movement/concatenate.ts'
import { narrow } from '../movement/slice.ts'

/** How a transform is taken. */
export interface FftParams {
  readonly axis: number
  /** The length of the result along the axis: the input is cut, or padded with zeros. */
  readonly n: number
  /** With `e^(+2 pi i jk / n)` in place of `e^(-2 pi i jk / n)`. */
  readonly inverse: boolean
  /** A factor of the result. */
  readonly scale: number
}

/** x cut or padded with zeros to a length along an axis. */
function resized(x: Value, axis: number, n: number): Value {
  const has = x.shape[axis]!
  if (has === n) return x
  if (has > n) return narrow(x, axis, 0, n)
  const after = x.shape.map((_, i) => (i === axis ? n - has : 0))
  return pad(
    x,
    x.shape.map(() => 0),
    after,
    0,
  )
}

const rules: Rules<FftParams> = {
  name: 'fft',
  family: 'fft',
  saves: 'none',
  gradName: 'FftC2CBackward0',
  infer: ([x], { axis, n }) => {
    if (!x!.dtype.isComplex)
      throw new DTypeError(`fft(): expected complex values, got ${x!.dtype.name}`, { op: 'fft', dtypes: [x!.dtype.name] })
    if (n < 1) throw new ValueError(`Invalid number of FFT data points (${n}) specified.`, { op: 'fft' })
    return [{ shape: x!.shape.map((d, i) => (i === axis ? n : d)), dtype: x!.dtype }]
  },
  lower: (backend, outs, ins, { axis, inverse, scale }) => {
    if (outs[0]!.size > 0) backend.call('fft', outs, ins, [axis, inverse ? 1 : 0, scale])
  },
  // The transform's matrix is symmetric, so its adjoint is the opposite transform.
  vjp: ([ct], { inAvals, params: { axis, n, inverse, scale } }) => [
    ct && resized(fft(ct, axis, n, !inverse, scale), axis, inAvals[0]!.shape[axis]!),
  ],
  jvp: ([t], _, __, { axis, n, inverse, scale }) => [t && fft(t, axis, n, inverse, scale)],
  batch: ([x], [dim], { axis, n, inverse, scale }) => [[fft(moveToFront(x!, dim!), axis + 1, n, inverse, scale)], [0]],
}

/** The transform of length n along an axis: `scale * sum_j x_j e^(-2 pi i jk / n)`, with + when `inverse`. */
export const fft = withRules(
  (x: Value, axis: number, n: number, inverse = false, scale = 1): Value =>
    bind(rules, [x], { axis: normalizeAxis(axis, x.ndim, 'fft'), n, inverse, scale })[0]!,
  rules,
)
