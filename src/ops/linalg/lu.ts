/** The LU decomposition with row pivots, and least squares. */

import { bind } from '../../core/bind.ts'
import { int64 } from '../../core/dtype.ts'
import { ShapeError } from '../../core/errors.ts'
import { linear, moveToFront } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Value } from '../../core/value.ts'
import { broadcastView } from '../../core/view.ts'
import { matmul, mH } from '../contraction/matmul.ts'
import { sub } from '../elementwise/arithmetic.ts'
import { gather } from '../indexing/along.ts'
import { narrow } from '../movement/slice.ts'
import { argsort } from '../sorting/sort.ts'
import { svd } from './decompositions.ts'
import { avalOf, batchLeading, checkMatrix, checkPair, columnsOf, jointLead, leadOf, realAval, rowsOf, run, total } from './family.ts'
import { column, embedDiagonal, scaleColumns, tril, triu } from './matrices.ts'
import { solve, triangularSolve } from './solve.ts'

/** The rows of matrices in another order: row i of the result is row `order[i]`. */
export function permuteRows(x: Value, order: Value): Value {
  return gather(x, x.ndim - 2, linear.broadcastTo(column(order), x.shape))
}

/** The unit lower triangle of a packed square decomposition. */
function unitLower(packed: Value): Value {
  const ones = linear.full(packed.shape.slice(0, -1), 1, packed.dtype, packed.device)
  return linear.add(tril(packed, -1), embedDiagonal(ones))
}

const part = (x: Value, row: number, rows: number, column: number, columns: number): Value =>
  narrow(narrow(x, x.ndim - 2, row, rows), x.ndim - 1, column, columns)

/**
 * The cotangent of P A for packed m x n factors. Of the square part, with k = min(m, n):
 * L^-H (tril(L^H gL - gU2 U2^H, -1) + triu(gU U^H - L2^H gL2)) U^-H, where U2 are the columns of U and L2 the rows of L beyond the square;
 * of the columns beyond it L^-H gU2, of the rows gL2 U^-H.
 */
function luBackward(packed: Value, ct: Value): Value {
  const [m, n] = [rowsOf(packed), columnsOf(packed)]
  const k = Math.min(m, n)
  const [square, gSquare] = [part(packed, 0, k, 0, k), part(ct, 0, k, 0, k)]
  const l = unitLower(square)
  const u = triu(square)
  let lower = matmul(mH(l), tril(gSquare, -1))
  let upper = matmul(triu(gSquare), mH(u))
  const right = n > k ? [part(packed, 0, k, k, n - k), part(ct, 0, k, k, n - k)] : null
  const below = m > k ? [part(packed, k, m - k, 0, k), part(ct, k, m - k, 0, k)] : null
  if (right) lower = sub(lower, matmul(right[1]!, mH(right[0]!)))
  if (below) upper = sub(upper, matmul(mH(below[0]!), below[1]!))
  const left = triangularSolve(mH(l), linear.add(tril(lower, -1), triu(upper)), true, true)
  const core = mH(triangularSolve(u, mH(left), true))
  if (right) return linear.concatenate([core, triangularSolve(mH(l), right[1]!, true, true)], packed.ndim - 1)
  return below ? linear.concatenate([core, mH(triangularSolve(u, mH(below[1]!), true))], packed.ndim - 2) : core
}

const luRules: Rules<null> = {
  name: 'lu',
  family: 'linalg',
  gradName: 'LinalgLuFactorExBackward0',
  saves: 'outs',
  infer: ([a]) => {
    checkMatrix('lu', a!)
    const lead = leadOf(a!.shape)
    const [m, n] = [rowsOf(a!), columnsOf(a!)]
    return [avalOf(a!.shape, a!.dtype), avalOf([...lead, m], int64), avalOf([...lead, Math.min(m, n)], int64), avalOf(lead, int64)]
  },
  lower: (backend, outs, ins) => run(backend, 'lu', outs, ins),
  vjp: ([ct], { outs }) => {
    if (!ct) return [null]
    return [permuteRows(luBackward(outs[0]!, ct), argsort(outs[1]!))]
  },
  batch: batchLeading((a) => lu(a)),
}

/**
 * L and U packed into one matrix (L has a diagonal of ones), the order of a's rows in the product, LAPACK's swaps counted from 0, and the
 * sign of the permutation.
 */
export const lu = withRules((a: Value): Value[] => bind(luRules, [a], null), luRules)

export interface LstsqParams {
  /** Singular values up to this part of the largest count as zero; the dtype's epsilon when negative. */
  readonly rcond: number
}

/**
 * Cotangents of a and b for a of full rank. Tall: X = P A^H B with P = (A^H A)^-1, so gB = A P gX and gA = R (P gX)^H - gB X^H for the
 * residual R = B - A X. Wide: X = A^H Y with Y = (A A^H)^-1 B.
 */
function lstsqBackward(gx: Value, a: Value, b: Value, x: Value): [Value, Value] {
  const h = mH(a)
  if (rowsOf(a) >= columnsOf(a)) {
    const pg = solve(matmul(h, a), gx)
    const gb = matmul(a, pg)
    return [sub(matmul(sub(b, matmul(a, x)), mH(pg)), matmul(gb, mH(x))), gb]
  }
  const square = matmul(a, h)
  const y = solve(square, b)
  const gb = solve(square, matmul(a, gx))
  const turned = matmul(gb, mH(y))
  return [sub(matmul(y, mH(gx)), matmul(linear.add(turned, mH(turned)), a)), gb]
}

/** U diag(gS) V^H. */
function fromSingularValues(gs: Value, a: Value): Value {
  const [u, , vh] = svd(a)
  return matmul(scaleColumns(u!, linear.cast(gs, a.dtype)), vh!)
}

const lstsqRules: Rules<LstsqParams> = {
  name: 'lstsq',
  family: 'linalg',
  gradName: 'LinalgLstsqBackward0',
  saves: 'both',
  vjp: ([gx, , gs], { ins, outs, inAvals }) => {
    const [a, b] = [ins[0]!, ins[1]!]
    const [ga, gb] = gx ? lstsqBackward(gx, a, b, outs[0]!) : [null, null]
    const all = total(ga, gs ? fromSingularValues(gs, a) : null)
    return [all && linear.sumTo(all, inAvals[0]!.shape), gb && linear.sumTo(gb, inAvals[1]!.shape)]
  },
  infer: ([a, b]) => {
    checkMatrix('lstsq', a!)
    checkPair('lstsq', a!, b!)
    if (rowsOf(a!) !== rowsOf(b!)) {
      throw new ShapeError(`lstsq(): expected a[..., m, n] and b[..., m, k], got [${a!.shape.join(', ')}] and [${b!.shape.join(', ')}]`, {
        op: 'lstsq',
        shapes: [a!.shape, b!.shape],
      })
    }
    const lead = jointLead('lstsq', a!, b!)
    const [m, n] = [rowsOf(a!), columnsOf(a!)]
    return [avalOf([...lead, n, columnsOf(b!)], a!.dtype), avalOf(lead, int64), realAval([...lead, Math.min(m, n)], a!.dtype)]
  },
  lower: (backend, outs, ins, { rcond }) => {
    const lead = leadOf(outs[0]!.shape)
    run(
      backend,
      'lstsq',
      outs,
      ins.map((v) => broadcastView(v, [...lead, ...v.shape.slice(-2)])),
      [rcond],
    )
  },
  batch: ([a, b], [da, db], { rcond }, size) => {
    const front = (x: Value, dim: number | null) => (dim === null ? linear.broadcastTo(x, [size, ...x.shape]) : moveToFront(x, dim))
    return [lstsq(front(a!, da!), front(b!, db!), rcond), [0, 0, 0]]
  },
}

/** The least-squares solutions of least norm, the ranks, and the singular values. */
export const lstsq = withRules((a: Value, b: Value, rcond = -1): Value[] => bind(lstsqRules, [a, b], { rcond }), lstsqRules)
