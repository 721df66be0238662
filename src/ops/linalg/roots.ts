/** Square roots and polar factors of matrices, and the Lyapunov equation that their derivatives are written with. */

import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { matmul, mH } from '../contraction/matmul.ts'
import { add, div, mul, neg, sqrt, sub } from '../elementwise/arithmetic.ts'
import { maximum } from '../elementwise/choice.ts'
import { eigh, svd } from './decompositions.ts'
import { avalOf, batchLeading, batchPair, checkMatrix, checkPair, checkSquare, columnsOf, leadOf, rowsOf, total } from './family.ts'
import { column, row, scaleColumns } from './matrices.ts'
import { difference, solve } from './solve.ts'

type None = Record<never, never>
const NONE: None = {}

const symmetric = (x: Value): Value => mul(add(x, mH(x)), 0.5)

/** V ((V^H C V) / (l_i + l_j)) V^H for X = V diag(l) V^H. */
function lyapunovOf(x: View, c: View): Value {
  const [l, v] = eigh(x) as [Value, Value]
  const inner = matmul(mH(v), matmul(c, v))
  const sums = linear.cast(add(column(l), row(l)), inner.dtype)
  return matmul(v, matmul(div(inner, sums), mH(v)))
}

const lyapunovRules: Rules<None> = {
  name: 'lyapunov',
  family: 'linalg',
  saves: 'both',
  infer: ([x, c]) => {
    checkSquare('lyapunov', x!)
    checkPair('lyapunov', x!, c!)
    return [avalOf(c!.shape, c!.dtype)]
  },
  lower: (_, [out], [x, c]) => {
    if (out!.size > 0) copyInto(out!, lyapunovOf(x!, c!) as View)
  },
  // X dY + dY X = dC - dX Y - Y dX; the map of C to Y is its own adjoint
  vjp: ([ct], { ins: [x], outs: [y] }) => {
    if (!ct) return [null, null]
    const w = lyapunov(x!, ct)
    const h = mH(y!)
    return [neg(add(matmul(w, h), matmul(h, w))), w]
  },
  jvp: ([dx, dc], [x], [y]) => {
    const moved = dx && add(matmul(dx, y!), matmul(y!, dx))
    const right = difference(dc ?? null, moved ?? null)
    return [right && lyapunov(x!, right)]
  },
  batch: batchPair((x, c) => lyapunov(x, c)),
}
/** Y with `X Y + Y X = C` for Hermitian positive X, of which the lower triangle is read. */
export const lyapunov = withRules((x: Value, c: Value): Value => bind(lyapunovRules, [x, c], NONE)[0]!, lyapunovRules)

const sqrthRules: Rules<None> = {
  name: 'matrix_sqrth',
  family: 'linalg',
  gradName: 'LinalgMatrixSqrthBackward0',
  saves: 'outs',
  infer: ([a]) => {
    checkSquare('matrix_sqrth', a!)
    return [avalOf(a!.shape, a!.dtype)]
  },
  lower: (_, [out], [a]) => {
    if (out!.size === 0) return
    const [l, v] = eigh(a!) as [Value, Value]
    copyInto(out!, matmul(scaleColumns(v, linear.cast(sqrt(maximum(l, 0)), v.dtype)), mH(v)) as View)
  },
  // X dX + dX X = dA
  vjp: ([ct], { outs: [x] }) => [ct ? lyapunov(x!, symmetric(ct)) : null],
  jvp: ([t], _, [x]) => [t ? lyapunov(x!, symmetric(t)) : null],
  batch: batchLeading((a) => [matrixSqrth(a)]),
}
/** The Hermitian positive X with `X X = A` for Hermitian positive A, of which the lower triangle is read. */
export const matrixSqrth = withRules((a: Value): Value => bind(sqrthRules, [a], NONE)[0]!, sqrthRules)

/** The part of x beside the columns of u, times H^-1; none for square u. */
function beside(x: Value, u: Value, h: Value): Value | null {
  if (rowsOf(u) === columnsOf(u)) return null
  const rest = sub(x, matmul(u, matmul(mH(u), x)))
  return mH(solve(h, mH(rest)))
}

const polarRules: Rules<None> = {
  name: 'polar_decomposition',
  family: 'linalg',
  gradName: 'LinalgPolarBackward0',
  saves: 'outs',
  infer: ([a]) => {
    checkMatrix('polar', a!)
    const n = columnsOf(a!)
    return [avalOf(a!.shape, a!.dtype), avalOf([...leadOf(a!.shape), n, n], a!.dtype)]
  },
  lower: (_, [u, h], [a]) => {
    if (h!.size === 0) return
    const [left, s, vh] = svd(a!, false) as [Value, Value, Value]
    copyInto(u!, matmul(left, vh) as View)
    copyInto(h!, symmetric(matmul(scaleColumns(mH(vh), linear.cast(s, vh.dtype)), vh)) as View)
  },
  // dU = (I - U U^H) dA H^-1 + U S and dH = U^H dA - S H, where S H + H S = U^H dA - dA^H U
  vjp: ([gu, gh], { outs }) => {
    const [u, h] = [outs[0]!, outs[1]!]
    const inner = difference(gu && matmul(mH(u), gu), gh && matmul(gh, h))
    if (!inner) return [null]
    const w = lyapunov(h, inner)
    return [total(gu && beside(gu, u, h), gh && matmul(u, gh), matmul(u, sub(w, mH(w))))]
  },
  jvp: ([t], _, outs) => {
    if (!t) return [null, null]
    const [u, h] = [outs[0]!, outs[1]!]
    const part = matmul(mH(u), t)
    const s = lyapunov(h, sub(part, mH(part)))
    return [total(beside(t, u, h), matmul(u, s)), sub(part, matmul(s, h))]
  },
  batch: batchLeading((a) => polarDecomposition(a)),
}
/** `[U, H]` with `A = U H`, the columns of U orthonormal and H Hermitian positive, for A of no more columns than rows. */
export const polarDecomposition = withRules((a: Value): [Value, Value] => bind(polarRules, [a], NONE) as [Value, Value], polarRules)
