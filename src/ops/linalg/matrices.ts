/** Small composites over matrices in the last two axes: triangles, diagonals, scaling. */

import { int64 } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { ramp } from '../creation/full.ts'
import { mul, sub } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { ge, le } from '../elementwise/comparison.ts'
import { imag, makeComplex } from '../elementwise/complex.ts'
import { diagonal, undiagonal } from '../movement/diagonal.ts'
import { columnsOf, leadOf, rowsOf } from './family.ts'

/** Column minus row of each element, against a shift. */
function triangle(compare: typeof ge, x: Value, k: number): Value {
  const rows = linear.reshape(ramp(rowsOf(x), k, 1, int64, x.device), [rowsOf(x), 1])
  return where(compare(rows, ramp(columnsOf(x), 0, 1, int64, x.device)), x, 0)
}

/** x with zeros above the k-th diagonal. */
export const tril = (x: Value, k = 0): Value => triangle(ge, x, k)
/** x with zeros below the k-th diagonal. */
export const triu = (x: Value, k = 0): Value => triangle(le, x, k)

/** The main diagonals. */
export const diagonalOf = (x: Value): Value => diagonal(x, 0, x.ndim - 2, x.ndim - 1)

/** Square matrices with x's last axis on their diagonals. */
export function embedDiagonal(x: Value): Value {
  const n = x.shape[x.ndim - 1]!
  return undiagonal(x, [...x.shape, n], 0, x.ndim - 1, x.ndim)
}

/** `x * diag(d)`: columns scaled. */
export const scaleColumns = (x: Value, d: Value): Value => mul(x, row(d))
/** `diag(d) * x`: rows scaled. */
export const scaleRows = (d: Value, x: Value): Value => mul(x, column(d))

/** A vector in the last axis as a row, and as a column. */
export const row = (d: Value): Value => linear.reshape(d, [...d.shape.slice(0, -1), 1, d.shape[d.ndim - 1]!])
export const column = (d: Value): Value => linear.reshape(d, [...d.shape, 1])

/** Numbers of one matrix each (of the leading axes) as factors of matrices. */
export const perMatrix = (d: Value): Value => linear.reshape(d, [...d.shape, 1, 1])

/** x with its diagonal halved: what is half of a Hermitian matrix when its triangle is taken. */
export const halfDiagonal = (x: Value): Value => linear.add(x, embedDiagonal(mul(diagonalOf(x), -0.5)))

/** A complex matrix as routines for Hermitian ones read it: without the imaginary parts of its diagonal, as in LAPACK. */
export function withRealDiagonal(x: View): View {
  if (!x.dtype.isComplex) return x
  const parts = imag(diagonalOf(x))
  return sub(x, embedDiagonal(makeComplex(linear.full(parts.shape, 0, parts.dtype, x.device), parts))) as View
}

/** The identity, once for each matrix of x's leading axes. */
export function identityLike(x: Value): Value {
  const n = columnsOf(x)
  const ones = linear.full([n], 1, x.dtype, x.device)
  return linear.broadcastTo(embedDiagonal(ones), [...leadOf(x.shape), n, n])
}
