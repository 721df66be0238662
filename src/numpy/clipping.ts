/** Items held between bounds. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { type DType, integerRange } from '../core/dtype.ts'
import { scalarView } from '../core/element.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import { broadcastShapes, sameShape } from '../core/shape.ts'
import type { View } from '../core/view.ts'
import { runInto } from '../interpreters/eager.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { castView } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike, Result } from './types.ts'
import { commonDType, deliver, lifted, operand, outOf } from './ufunc.ts'

/** Keyword arguments of `clip`. */
export interface ClipOptions {
  a_min?: ArrayLike
  a_max?: ArrayLike
  min?: ArrayLike
  max?: ArrayLike
  out?: NDArray | null
  dtype?: DTypeLike | null
}
const clipArgs = signature<ClipOptions>('clip', ['a_min', 'a_max', 'out'], ['min', 'max', 'dtype'])

/**
 * Items held between two bounds, either of which may be null; NaN stays. Both are given, or `min` and `max` by name, or one of these.
 *
 * @example
 * np.clip([1, 5, 9], 2, 6) // => array([2, 5, 6])
 */
export const clip = /* @__PURE__ */ byName('clip', 'a', (a: ArrayLike, ...rest: Rest<ClipOptions, ['a_min', 'a_max', 'out']>): Result => {
  const options = clipArgs(rest)
  const { a_min, a_max, min, max } = options
  if ((a_min === undefined) !== (a_max === undefined)) {
    throw new ArgumentError(`clip() missing 1 required positional argument: '${a_min === undefined ? 'a_min' : 'a_max'}'`, { op: 'clip' })
  }
  if (a_min !== undefined && (min !== undefined || max !== undefined)) {
    throw new ValueError('Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden.', { op: 'clip' })
  }
  return clipped(a, a_min === undefined ? options : { ...options, min: a_min, max: a_max })
})

const clipMethodArgs = signature<ClipOptions>('clip', ['min', 'max', 'out'], ['dtype'])
/** The method `clip`, of which either bound may be left out. */
export const clipMethod = (a: ArrayLike, ...rest: Rest<ClipOptions, ['min', 'max', 'out']>): Result => clipped(a, clipMethodArgs(rest))

function clipped(a: ArrayLike, { min: a_min, max: a_max, out, dtype }: ClipOptions): Result {
  const ins = [a, ...(a_min === null || a_min === undefined ? [] : [a_min]), ...(a_max === null || a_max === undefined ? [] : [a_max])].map(
    (x) => operand(x),
  )
  const to = maybeDType(dtype) ?? commonDType(ins)
  const views = ins.map((x) => castView(x.weak === 'int' && to.isInteger ? scalarView(within(x.item, to), to) : lifted(x, to), to))
  const [x, low] = views as [View, View]
  const target = outOf('clip', out)
  // both bounds in one pass, straight into an array that fits
  if (views.length === 3) {
    const fits =
      target &&
      target.value.dtype === to &&
      sameShape(
        target.value.shape,
        broadcastShapes(
          views.map((v) => v.shape),
          'clip',
        ),
      )
    if (!fits) return deliver('clip', p.clamp(...(views as [View, View, View])), {}, target)
    runInto(p.clamp, views, { dtype: to }, [target.value])
    return target
  }
  const only = a_min !== null && a_min !== undefined ? p.maximum : p.minimum
  return deliver('clip', views.length === 2 ? only(x, low) : copyOf(x), {}, target)
}

/** An integer bound held within a dtype's range: beyond it, it bounds nothing. */
function within(item: unknown, dtype: DType): bigint {
  const [low, high] = integerRange(dtype)
  const x = BigInt(item as number | bigint)
  return x < low ? low : x > high ? high : x
}
