/** Linear interpolation between sample points. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { complex128, float64 } from '../core/dtype.ts'
import { scalarView } from '../core/element.ts'
import { ValueError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import { take } from '../lib/indexing.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, unwrap } from './convert.ts'
import type { ArrayLike, Result } from './types.ts'

/** Keyword arguments of `interp`. */
export interface InterpOptions {
  left?: number | null
  right?: number | null
  period?: number | null
}
const interpArgs = signature<InterpOptions>('interp', ['left', 'right', 'period'], [], 3)

/**
 * Piecewise linear interpolation: the values at `x` of the function through the points (xp, fp), whose `xp` rise.
 *
 * @example
 * np.interp(2.5, [1, 2, 3], [3, 2, 0]) // => 1
 */
export const interp = /* @__PURE__ */ byName(
  'interp',
  'x xp fp',
  (x: ArrayLike, xp: ArrayLike, fp: ArrayLike, ...rest: Rest<InterpOptions, ['left', 'right', 'period']>): Result => {
    const { left, right, period } = interpArgs(rest)
    const points = asView(x)
    const given = asView(fp)
    let [xs, ys] = [
      p.reshape(asView(xp, float64), [asView(xp).size]),
      p.reshape(castView(given, given.dtype.isComplex ? complex128 : float64), [given.size]),
    ]
    if (xs.shape[0] !== ys.shape[0]) throw new ValueError('fp and xp are not of the same length.', { op: 'interp' })
    if (xs.shape[0] === 0) throw new ValueError('array of sample points is empty', { op: 'interp' })
    let at: Value = p.reshape(castView(points, float64), [points.size])
    if (period !== undefined && period !== null) {
      if (period === 0) throw new ValueError('period must be a non-zero value', { op: 'interp' })
      const size = Math.abs(period)
      const inside = p.remainder(xs, size)
      const order = p.argsort(inside, 0) as View
      const [sx, sy, n] = [take(inside, order, 0), take(ys, order, 0), xs.shape[0]!]
      const end = (v: Value, i: number): Value => p.narrow(v, 0, i, 1)
      xs = p.concatenate([p.sub(end(sx, n - 1), size), sx, p.add(end(sx, 0), size)], 0)
      ys = p.concatenate([end(sy, n - 1), sy, end(sy, 0)], 0)
      at = p.remainder(at, size)
    }
    const ends = period === undefined || period === null ? { left, right } : {}
    const values = given.dtype.isComplex
      ? castView(p.makeComplex(between(at, xs, p.real(ys), {}), between(at, xs, p.imag(ys), {})) as View, complex128)
      : between(at, xs, ys, ends)
    return unwrap(p.reshape(values, points.shape))
  },
)

/** The values at `t` on the lines through (xs, ys), with NumPy's care for infinite values; beyond the ends the outermost, unless given. */
function between(t: Value, xs: Value, ys: Value, { left, right }: Pick<InterpOptions, 'left' | 'right'>): Value {
  const n = xs.shape[0]!
  const one = (v: Value, i: number): Value => p.narrow(v, 0, i, 1)
  const outside = (value: number | null | undefined, i: number): Value =>
    value === undefined || value === null ? one(ys, i) : scalarView(value, float64)
  let inner = one(ys, 0)
  if (n > 1) {
    // Which piece: as many points between the ends as are not above.
    const low = p.searchsorted(p.narrow(xs, 0, 1, n - 2), t, true)
    const ends = (v: Value): [Value, Value] => [take(p.narrow(v, 0, 0, n - 1), low, 0), take(p.narrow(v, 0, 1, n - 1), low, 0)]
    inner = p.linePoint(t, ...ends(xs), ...ends(ys))
  }
  return p.withinEnds(t, inner, one(xs, 0), one(xs, n - 1), one(ys, n - 1), outside(left, 0), outside(right, n - 1))
}
