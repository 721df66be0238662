/** Assertions about units in the last place. */

import { byName } from '../../core/by_name.ts'
import { type DType, float32, float64, int32, int64 } from '../../core/dtype.ts'
import { AssertionError, DTypeError, ValueError } from '../../core/errors.ts'
import { promoteAll } from '../../core/promote.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asArray, asView, castView, wrap } from '../convert.ts'
import { maybeDType } from '../dtypes.ts'
import { broadcast_arrays } from '../manipulation.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike, DTypeLike } from '../types.ts'
import { absolute, maximum, subtract } from '../ufuncs/arithmetic.ts'
import { spacing } from '../ufuncs/floating.ts'

/** Floats as integers that are ordered as they are: how far apart they are, in units in the last place, is their difference. */
function ordered(a: NDArray): bigint[] {
  const bits = a.copy().view(a.value.dtype === float32 ? int32 : a.value.dtype === float64 ? int64 : 'int16')
  const half = 1n << BigInt(a.itemsize * 8 - 1)
  return [...bits.flat].map((x) => {
    const n = BigInt(x as number | bigint)
    return n < 0n ? -half - n : n
  })
}

/** How many floats lie between the items of two arrays: an array of floats. */
function distances(x: ArrayLike, y: ArrayLike, dtype: DType | undefined): number[] {
  const [a, b] = [asView(x), asView(y)]
  const given = dtype ?? promoteAll([a.dtype, b.dtype])
  if (given.isComplex) throw new DTypeError('_nulp not implemented for complex array'.replace('not implemented', 'is not supported'))
  const to = given.isFloat ? given : float64
  if (a.ndim > 0 && b.ndim > 0 && String(a.shape) !== String(b.shape)) {
    throw new ValueError(`Arrays do not have the same shape: ${JSON.stringify(a.shape)} - ${JSON.stringify(b.shape)}`)
  }
  const [u, v] = broadcast_arrays(wrap(castView(a, to)), wrap(castView(b, to))) as [NDArray, NDArray]
  const [p1, p2] = [ordered(u), ordered(v)]
  const nans = [...(u.flat as Iterable<number>)].map((value, i) => Number.isNaN(value) !== Number.isNaN(v.flat.at(i)))
  return p1.map((n, i) => (nans[i] ? Number.NaN : Number(n > p2[i]! ? n - p2[i]! : p2[i]! - n)))
}

/** Throws unless items differ by at most so many units in the last place; gives the distances, with an axis of one in front as upstream. */
export const assert_array_max_ulp = /* @__PURE__ */ byName(
  'assert_array_max_ulp',
  'a b',
  (a: ArrayLike, b: ArrayLike, maxulp = 1, dtype: DTypeLike | null = null): NDArray => {
    const found = distances(a, b, maybeDType(dtype))
    if (!found.every((d) => d <= maxulp)) {
      const most = found.some(Number.isNaN) ? 'nan' : String(Math.max(...found))
      throw new AssertionError(`Arrays are not almost equal up to ${maxulp} ULP (max difference is ${most} ULP)`)
    }
    const shape = asView(a).ndim >= asView(b).ndim ? asView(a).shape : asView(b).shape
    return wrap(p.reshape(asView(found, float64), [1, ...shape]))
  },
)

/** Throws unless items differ by at most `nulp` times the spacing of floats at the larger of them. */
export const assert_array_almost_equal_nulp = /* @__PURE__ */ byName(
  'assert_array_almost_equal_nulp',
  'x y',
  (x: ArrayLike, y: ArrayLike, nulp = 1): void => {
    const [a, b] = [asArray(x), asArray(y)]
    const near = p.le(
      asView(absolute(subtract(a, b))),
      asView(p.mul(asView(spacing(maximum(absolute(a), absolute(b)))), nulp) as unknown as ArrayLike),
    )
    if (wrap(p.all(near)).item()) return
    if (a.value.dtype.isComplex || b.value.dtype.isComplex) throw new AssertionError(`Arrays are not equal to ${nulp} ULP`)
    const found = distances(a, b, undefined)
    throw new AssertionError(`Arrays are not equal to ${nulp} ULP (max is ${found.some(Number.isNaN) ? 'nan' : Math.max(...found)})`)
  },
)
