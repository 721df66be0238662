/** QR, SVD and eigendecompositions of Hermitian matrices. Derivatives as PyTorch defines them (torch.linalg documentation). */

import { bind } from '../../core/bind.ts'
import { complexOf, realOf } from '../../core/dtype.ts'
import { GradientError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Value } from '../../core/value.ts'
import { matmul, mH } from '../contraction/matmul.ts'
import { add, div, mul, sub } from '../elementwise/arithmetic.ts'
import { narrow } from '../movement/slice.ts'
import { avalOf, batchLeading, checkMatrix, checkSquare, columnsOf, leadOf, realAval, rowsOf, run, total } from './family.ts'
import {
  column,
  diagonalOf,
  embedDiagonal,
  halfDiagonal,
  identityLike,
  row,
  scaleColumns,
  scaleRows,
  triu,
  withRealDiagonal,
} from './matrices.ts'
import { difference, solve, triangularSolve } from './solve.ts'

const columns = (x: Value, start: number, length: number): Value => narrow(x, x.ndim - 1, start, length)
const rows = (x: Value, start: number, length: number): Value => narrow(x, x.ndim - 2, start, length)

export interface QrParams {
  /** Q is square. */
  readonly complete: boolean
}

/** The cotangent of A = QR for R square: (gQ + Q (M + M^H - diag M)) R^-H, M the upper triangle of gR R^H - Q^H gQ. */
function qrBackward(q: Value, r: Value, gq: Value | null, gr: Value | null): Value {
  const m = triu(difference(gr && matmul(gr, mH(r)), gq && matmul(mH(q), gq))!)
  const h = halfDiagonal(m)
  const inner = total(gq, matmul(q, add(h, mH(h))))!
  return mH(triangularSolve(r, mH(inner), true))
}

const qrRules: Rules<QrParams> = {
  name: 'qr',
  family: 'linalg',
  gradName: 'LinalgQrBackward0',
  saves: 'outs',
  infer: ([a], { complete }) => {
    checkMatrix('qr', a!)
    const [m, n] = [rowsOf(a!), columnsOf(a!)]
    const k = complete ? m : Math.min(m, n)
    const lead = leadOf(a!.shape)
    return [avalOf([...lead, m, k], a!.dtype), avalOf([...lead, k, n], a!.dtype)]
  },
  lower: (backend, outs, ins) => run(backend, 'qr', outs, ins),
  vjp: ([gq, gr], { outs, params, inAvals }) => {
    if (!gq && !gr) return [null]
    const [m, n] = [rowsOf(inAvals[0]!), columnsOf(inAvals[0]!)]
    const [q, r] = [outs[0]!, outs[1]!]
    if (m >= n) {
      if (params.complete && m > n) {
        throw new GradientError('The QR decomposition is not differentiable when mode="complete" and nrows > ncols', { op: 'qr' })
      }
      return [qrBackward(q, r, gq ?? null, gr ?? null)]
    }
    // A = [X Y], R = [U V]: X = QU is square, and V = Q^H Y
    const v = columns(r, m, n - m)
    const gv = gr ? columns(gr, m, n - m) : null
    const y = matmul(q, v)
    const gx = qrBackward(q, columns(r, 0, m), total(gq ?? null, gv && matmul(y, mH(gv))), gr ? columns(gr, 0, m) : null)
    const gy = gv ? matmul(q, gv) : linear.full([...leadOf(q.shape), m, n - m], 0, q.dtype, q.device)
    return [linear.concatenate([gx, gy], gx.ndim - 1)]
  },
  jvp: ([t], _, [q, r], { complete }) => {
    if (!t) return [null, null]
    const [m, n] = [rowsOf(q!), columnsOf(r!)]
    if (complete && m > n) {
      throw new GradientError('The QR decomposition is not differentiable when mode="complete" and nrows > ncols', { op: 'qr' })
    }
    const k = Math.min(m, n)
    // over the first k columns: dQ = W - Q P with W = dA R^-1 and P = the upper part of Q^H W + its adjoint
    const w = mH(triangularSolve(mH(columns(r!, 0, k)), mH(columns(t, 0, k)), false))
    const s = matmul(mH(q!), w)
    const dq = sub(w, matmul(q!, halfDiagonal(triu(add(s, mH(s))))))
    return [dq, matmul(mH(q!), sub(t, matmul(dq, r!)))]
  },
  batch: batchLeading((a, { complete }) => qr(a, complete)),
}

/** Q with orthonormal columns and upper triangular R, with `a = Q R`; signs are LAPACK's. */
export const qr = withRules((a: Value, complete = false): Value[] => bind(qrRules, [a], { complete }), qrRules)

export interface HermitianParams {
  /** Which triangle is read. */
  readonly lower: boolean
}

/** L_j - L_i, with ones on the diagonal. */
function gaps(l: Value, like: Value): Value {
  const e = linear.cast(sub(row(l), column(l)), like.dtype)
  return add(e, identityLike(e))
}

/** X - X^H. */
const skew = (x: Value): Value => sub(x, mH(x))

const eighRules: Rules<HermitianParams> = {
  name: 'eigh',
  family: 'linalg',
  gradName: 'LinalgEighBackward0',
  saves: 'outs',
  infer: ([a]) => {
    checkSquare('eigh', a!)
    return [realAval(a!.shape.slice(0, -1), a!.dtype), avalOf(a!.shape, a!.dtype)]
  },
  lower: (backend, outs, [a], { lower }) => run(backend, 'eigh', outs, [withRealDiagonal(a!)], [lower ? 1 : 0]),
  // gA = V (diag(gL) + skew(V^H gV) / 2 (L_j - L_i)) V^H
  vjp: ([gl, gv], { outs }) => {
    if (!gl && !gv) return [null]
    const [l, v] = [outs[0]!, outs[1]!]
    if (!gv) return [matmul(scaleColumns(v, linear.cast(gl!, v.dtype)), mH(v))]
    // among orthonormal matrices V changes by skew-Hermitian parts alone
    const turned = mul(skew(matmul(mH(v), gv)), 0.5)
    const off = div(sub(turned, embedDiagonal(diagonalOf(turned))), gaps(l, v))
    const inner = total(off, gl ? embedDiagonal(linear.cast(gl, v.dtype)) : null)!
    return [matmul(v, matmul(inner, mH(v)))]
  },
  jvp: ([t], _, [l, v]) => {
    if (!t) return [null, null]
    const turned = matmul(mH(v!), matmul(t, v!))
    const diagonal = diagonalOf(turned)
    const off = div(sub(turned, embedDiagonal(diagonal)), gaps(l!, v!))
    return [linear.cast(diagonal, l!.dtype), matmul(v!, off)]
  },
  batch: batchLeading((a, { lower }) => eigh(a, lower)),
}

/** Eigenvalues, ascending, and orthonormal eigenvectors (columns) of Hermitian matrices, of which one triangle is read. */
export const eigh = withRules((a: Value, lower = true): Value[] => bind(eighRules, [a], { lower }), eighRules)

const eigvalshRules: Rules<HermitianParams> = {
  name: 'eigvalsh',
  family: 'linalg',
  saves: 'ins',
  gradName: 'LinalgEighBackward0',
  infer: ([a]) => {
    checkSquare('eigvalsh', a!)
    return [realAval(a!.shape.slice(0, -1), a!.dtype)]
  },
  lower: (backend, outs, [a], { lower }) => run(backend, 'eigh', outs, [withRealDiagonal(a!)], [lower ? 1 : 0]),
  vjp: ([gl], { ins, params }) => {
    if (!gl) return [null]
    const v = eigh(ins[0]!, params.lower)[1]!
    return [matmul(scaleColumns(v, linear.cast(gl, v.dtype)), mH(v))]
  },
  jvp: ([t], [a], [l], { lower }) => {
    if (!t) return [null]
    const v = eigh(a!, lower)[1]!
    return [linear.cast(diagonalOf(matmul(mH(v), matmul(t, v))), l!.dtype)]
  },
  batch: batchLeading((a, { lower }) => [eigvalsh(a, lower)]),
}

/** The eigenvalues of Hermitian matrices, ascending. */
export const eigvalsh = withRules((a: Value, lower = true): Value => bind(eigvalshRules, [a], { lower })[0]!, eigvalshRules)

export interface SvdParams {
  /** U and Vh are square. */
  readonly full: boolean
}

/** The cotangent of A from those of U, S and Vh, all thin. */
function svdBackward(u: Value, s: Value, vh: Value, gu: Value | null, gs: Value | null, gvh: Value | null): Value {
  const { dtype } = u
  const [m, n, k] = [rowsOf(u), columnsOf(vh), s.shape[s.ndim - 1]!]
  const sigma = linear.cast(s, dtype)
  if (!gu && !gvh) return matmul(scaleColumns(u, linear.cast(gs!, dtype)), vh)
  // (S_j - S_i)(S_j + S_i), ones on the diagonal
  const e = mul(sub(row(sigma), column(sigma)), add(row(sigma), column(sigma)))
  const apart = add(e, identityLike(e))
  const turnedU = gu && skew(matmul(mH(u), gu))
  const turnedV = gvh && skew(matmul(vh, mH(gvh)))
  const fromU = turnedU && scaleColumns(div(turnedU, apart), sigma)
  const fromV = turnedV && scaleRows(sigma, div(turnedV, apart))
  const phase = dtype.isComplex && turnedU && turnedV ? embedDiagonal(div(diagonalOf(turnedU), mul(sigma, 2))) : null
  const onDiagonal = gs ? embedDiagonal(linear.cast(gs, dtype)) : null
  const inner = total(fromU, fromV, phase, onDiagonal)!
  const right = gvh && n > k ? add(matmul(inner, vh), scaleInverse(sigma, sub(gvh, matmul(matmul(gvh, mH(vh)), vh)))) : matmul(inner, vh)
  if (!gu || m <= k) return matmul(u, right)
  // what of gU is outside the range of U
  const outside = div(sub(gu, matmul(u, matmul(mH(u), gu))), row(sigma))
  return add(matmul(u, right), matmul(outside, vh))
}

/** `diag(1 / d) x`. */
const scaleInverse = (d: Value, x: Value): Value => div(x, column(d))

const svdRules: Rules<SvdParams> = {
  name: 'svd',
  family: 'linalg',
  gradName: 'LinalgSvdBackward0',
  saves: 'outs',
  infer: ([a], { full }) => {
    checkMatrix('svd', a!)
    const [m, n] = [rowsOf(a!), columnsOf(a!)]
    const k = Math.min(m, n)
    const lead = leadOf(a!.shape)
    return [avalOf([...lead, m, full ? m : k], a!.dtype), realAval([...lead, k], a!.dtype), avalOf([...lead, full ? n : k, n], a!.dtype)]
  },
  lower: (backend, outs, ins) => run(backend, 'svd', outs, ins),
  vjp: ([gu, gs, gvh], { outs }) => {
    if (!gu && !gs && !gvh) return [null]
    const k = outs[1]!.shape[outs[1]!.ndim - 1]!
    const thin = (x: Value | null | undefined, cut: typeof rows) => (x ? cut(x, 0, k) : null)
    return [svdBackward(columns(outs[0]!, 0, k), outs[1]!, rows(outs[2]!, 0, k), thin(gu, columns), gs ?? null, thin(gvh, rows))]
  },
  batch: batchLeading((a, { full }) => svd(a, full)),
}

/** U, the singular values in descending order, and V^H, with `a = U diag(S) V^H`. */
export const svd = withRules((a: Value, full = false): Value[] => bind(svdRules, [a], { full }), svdRules)

const svdvalsRules: Rules<null> = {
  name: 'svdvals',
  family: 'linalg',
  gradName: 'LinalgSvdBackward0',
  saves: 'ins',
  infer: ([a]) => {
    checkMatrix('svdvals', a!)
    return [realAval([...leadOf(a!.shape), Math.min(rowsOf(a!), columnsOf(a!))], a!.dtype)]
  },
  lower: (backend, outs, ins) => run(backend, 'svd', outs, ins),
  vjp: ([gs], { ins }) => {
    if (!gs) return [null]
    const [u, s, vh] = svd(ins[0]!)
    return [svdBackward(u!, s!, vh!, null, gs, null)]
  },
  jvp: ([t], [a], [s]) => {
    if (!t) return [null]
    const [u, , vh] = svd(a!)
    return [linear.cast(diagonalOf(matmul(mH(u!), matmul(t, mH(vh!)))), s!.dtype)]
  },
  batch: batchLeading((a) => [svdvals(a)]),
}

/** The singular values in descending order. */
export const svdvals = withRules((a: Value): Value => bind(svdvalsRules, [a], null)[0]!, svdvalsRules)

const eigRules: Rules<null> = {
  name: 'eig',
  family: 'linalg',
  gradName: 'LinalgEigBackward0',
  saves: 'outs',
  infer: ([a]) => {
    checkSquare('eig', a!)
    const dtype = complexOf(a!.dtype)
    return [avalOf(a!.shape.slice(0, -1), dtype), avalOf(a!.shape, dtype)]
  },
  lower: (backend, outs, ins) => run(backend, 'eig', outs, ins),
  // gA = V^-H (diag(gL) + (V^H gV - V^H V Re diag(V^H gV)) / conj(L_j - L_i)) V^H
  vjp: ([gl, gv], { outs, inAvals }) => {
    if (!gl && !gv) return [null]
    const [l, v] = [outs[0]!, outs[1]!]
    let inner = gl ? embedDiagonal(gl) : null
    if (gv) {
      const turned = matmul(mH(v), gv)
      const lengths = linear.cast(linear.cast(diagonalOf(turned), realOf(turned.dtype)), turned.dtype)
      const free = sub(turned, scaleColumns(matmul(mH(v), v), lengths))
      const off = div(sub(free, embedDiagonal(diagonalOf(free))), linear.conj(gaps(l, v)))
      inner = total(inner, off)
    }
    return [linear.cast(solve(mH(v), matmul(inner!, mH(v))), inAvals[0]!.dtype)]
  },
  batch: batchLeading((a) => eig(a)),
}

/** Eigenvalues and eigenvectors (columns of length 1) of square matrices, complex. */
export const eig = withRules((a: Value): Value[] => bind(eigRules, [a], null), eigRules)

const eigvalsRules: Rules<null> = {
  name: 'eigvals',
  family: 'linalg',
  gradName: 'LinalgEigBackward0',
  saves: 'ins',
  infer: ([a]) => {
    checkSquare('eigvals', a!)
    return [avalOf(a!.shape.slice(0, -1), complexOf(a!.dtype))]
  },
  lower: (backend, outs, ins) => run(backend, 'eig', outs, ins),
  vjp: ([gl], { ins, inAvals }) => {
    if (!gl) return [null]
    const v = eig(ins[0]!)[1]!
    return [linear.cast(solve(mH(v), matmul(embedDiagonal(gl), mH(v))), inAvals[0]!.dtype)]
  },
  batch: batchLeading((a) => [eigvals(a)]),
}

/** The eigenvalues of square matrices, complex. */
export const eigvals = withRules((a: Value): Value => bind(eigvalsRules, [a], null)[0]!, eigvalsRules)
