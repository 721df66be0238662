/** The adjugate: the determinant times the inverse, which singular matrices have too. */

import { LinAlgError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import type { Value } from '../../core/value.ts'
import { matmul, mH } from '../contraction/matmul.ts'
import { mul } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { eq } from '../elementwise/comparison.ts'
import { prod } from '../reduction/sum.ts'
import { svd } from './decompositions.ts'
import { identityLike, perMatrix, row, scaleColumns } from './matrices.ts'
import { det, inv } from './solve.ts'

/** The adjugates of square matrices; `d` are their determinants. */
export function adjugate(a: Value, d: Value): Value {
  try {
    return mul(perMatrix(d), inv(a))
  } catch (error) {
    if (error instanceof LinAlgError) return bySingularValues(a)
    throw error
  }
}

/** det(U) det(V^H) V diag(the products of the other singular values) U^H. */
function bySingularValues(a: Value): Value {
  const [u, s, vh] = svd(a) as [Value, Value, Value]
  const one = linear.full([], 1, s.dtype, s.device)
  const wide = linear.broadcastTo(row(s), [...s.shape, s.shape[s.ndim - 1]!])
  const others = prod(where(eq(identityLike(wide), 1), one, wide), [wide.ndim - 1])
  const sign = mul(det(u), det(vh))
  return mul(perMatrix(sign), matmul(scaleColumns(mH(vh), linear.cast(others, a.dtype)), mH(u)))
}
