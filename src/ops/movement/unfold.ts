/** Sliding windows over an axis, as views. */

import { bind } from '../../core/bind.ts'
import { ValueError } from '../../core/errors.ts'
import { withRules } from '../../core/primitive.ts'
import { normalizeAxis } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { restride } from '../../core/view.ts'
import { strided } from './family.ts'
import { reshape } from './reshape.ts'

export interface UnfoldParams {
  readonly axis: number
  /** The length of a window. */
  readonly size: number
  /** The distance between the beginnings of windows. */
  readonly step: number
}

const { rules } = strided<UnfoldParams>({
  name: 'unfold',
  gradName: 'UnfoldBackward0',
  shape: (shape, { axis, size, step }, name) => {
    const n = shape[axis]!
    if (!(size >= 0) || size > n) {
      throw new ValueError(`${name}(): maximum size for tensor at dimension ${axis} is ${n} but size is ${size}`, {
        op: name,
        shapes: [shape],
      })
    }
    if (!(step > 0)) throw new ValueError(`${name}(): step is ${step} but must be > 0`, { op: name })
    return [...shape.map((d, i) => (i === axis ? Math.floor((d - size) / step) + 1 : d)), size]
  },
  view: (v, { axis, size, step }) => {
    const shape = v.shape.map((d, i) => (i === axis ? Math.floor((d - size) / step) + 1 : d))
    return restride(v, [...shape, size], [...v.strides.map((s, i) => (i === axis ? s * step : s)), v.strides[axis]!])
  },
  // windows overlap; the k-th elements of all windows do not
  parts: (v, { size }) =>
    Array.from({ length: size }, (_, k) =>
      restride(v, v.shape.slice(0, -1), v.strides.slice(0, -1), v.offset + k * v.strides[v.ndim - 1]!),
    ),
  batched: ({ axis, size, step }) => [{ axis: axis + 1, size, step }, 0],
})

/** Windows of `size` elements along an axis, `step` apart, as a view: the axis counts windows, a new last axis is inside them. */
export const unfold = withRules((x: Value, axis: number, size: number, step: number): Value => {
  const line = x.ndim === 0 ? reshape(x, [1]) : x
  const windows = bind(rules, [line], { axis: normalizeAxis(axis, line.ndim, 'unfold'), size, step })[0]!
  return x.ndim === 0 ? reshape(windows, [size]) : windows
}, rules)
