/** The pseudo-inverse of matrices. */

import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { matmul, mH } from '../contraction/matmul.ts'
import { neg, reciprocal, sub } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { gt } from '../elementwise/comparison.ts'
import { abs } from '../elementwise/parts.ts'
import { eigh, svd } from './decompositions.ts'
import { avalOf, batchPair, checkMatrix, columnsOf, leadOf, rowsOf } from './family.ts'
import { scaleColumns } from './matrices.ts'

export interface PinvParams {
  /** By eigenvalues: the matrix is its own conjugate transpose. */
  readonly hermitian: boolean
}

/** `1 / s` where it is above the limit, else 0. */
const inverseOf = (s: Value, limit: Value, like: Value): Value => {
  const keep = gt(abs(s), limit)
  return linear.cast(where(keep, reciprocal(where(keep, s, 1)), 0), like.dtype)
}

function compute(a: View, limit: View, hermitian: boolean): Value {
  if (hermitian) {
    const [l, v] = eigh(a) as [Value, Value]
    return matmul(scaleColumns(v, inverseOf(l, limit, v)), mH(v))
  }
  const [u, s, vh] = svd(a, false) as [Value, Value, Value]
  return matmul(scaleColumns(mH(vh), inverseOf(s, limit, u)), mH(u))
}

const rules: Rules<PinvParams> = {
  name: 'pinv',
  family: 'linalg',
  gradName: 'LinalgPinvBackward0',
  saves: 'both',
  infer: ([a]) => {
    checkMatrix('pinv', a!)
    return [avalOf([...leadOf(a!.shape), columnsOf(a!), rowsOf(a!)], a!.dtype)]
  },
  lower: (_, [out], [a, limit], { hermitian }) => {
    if (out!.size > 0) copyInto(out!, compute(a!, limit!, hermitian) as View)
  },
  // of constant rank, for dP below: -P^H G P^H + (I - A P) G^H P P^H + P^H P G^H (I - P A)
  vjp: ([ct], { ins, outs }) => {
    if (!ct) return [null, null]
    const [a, p] = [ins[0]!, outs[0]!]
    const [g, h] = [mH(ct), mH(p)]
    const first = neg(matmul(h, matmul(ct, h)))
    const gp = matmul(g, matmul(p, h))
    const pg = matmul(matmul(h, p), g)
    return [linear.add(first, linear.add(sub(gp, matmul(a, matmul(p, gp))), sub(pg, matmul(matmul(pg, p), a)))), null]
  },
  // dP = -P dA P + P P^H dA^H (I - A P) + (I - P A) dA^H P^H P
  jvp: ([t], [a], [p]) => {
    if (!t) return [null]
    const [d, h] = [mH(t), mH(p!)]
    const first = neg(matmul(p!, matmul(t, p!)))
    const left = matmul(matmul(p!, h), d)
    const right = matmul(d, matmul(h, p!))
    return [linear.add(first, linear.add(sub(left, matmul(matmul(left, a!), p!)), sub(right, matmul(p!, matmul(a!, right)))))]
  },
  batch: batchPair((a, limit, { hermitian }) => pinv(a, limit, hermitian)),
}

/** The pseudo-inverses of matrices; singular values up to `limit` (whose last axis has length 1) count as zero. */
export const pinv = withRules((a: Value, limit: Value, hermitian = false): Value => bind(rules, [a, limit], { hermitian })[0]!, rules)
