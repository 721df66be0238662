/** Linear systems, inverses and determinants. Formulas of derivatives: Giles, "Collected matrix derivative results" (2008). */

import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { ShapeError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Shape } from '../../core/shape.ts'
import type { Aval, Value } from '../../core/value.ts'
import { broadcastView, type View } from '../../core/view.ts'
import { matmul, mH } from '../contraction/matmul.ts'
import { full } from '../creation/full.ts'
import { mul, neg, sub } from '../elementwise/arithmetic.ts'
import { imag, makeComplex } from '../elementwise/complex.ts'
import { mT } from '../movement/transpose.ts'
import { sum } from '../reduction/sum.ts'
import { adjugate } from './adjugate.ts'
import { batchLeading, batchPair, checkPair, checkSquare, columnsOf, jointLead, leadOf, realAval, rowsOf, run, total } from './family.ts'
import { diagonalOf, halfDiagonal, perMatrix, tril, triu } from './matrices.ts'

/** A matrix and right-hand sides that fit it. */
function inferSolve(op: string, a: Aval, b: Aval): Aval[] {
  checkSquare(op, a)
  checkPair(op, a, b)
  if (rowsOf(a) !== rowsOf(b)) {
    throw new ShapeError(`${op}(): expected a[..., n, n] and b[..., n, k], got [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`, {
      op,
      shapes: [a.shape, b.shape],
    })
  }
  return [{ shape: [...jointLead(op, a, b), rowsOf(b), columnsOf(b)], dtype: a.dtype }]
}

const toLead = (v: View, lead: Shape): View => broadcastView(v, [...lead, ...v.shape.slice(-2)])

const solveRules: Rules<null> = {
  name: 'solve',
  family: 'linalg',
  gradName: 'LinalgSolveExBackward0',
  saves: 'both',
  infer: ([a, b]) => inferSolve('solve', a!, b!),
  lower: (backend, outs, ins) => {
    const lead = leadOf(outs[0]!.shape)
    run(
      backend,
      'solve',
      outs,
      ins.map((v) => toLead(v, lead)),
    )
  },
  // X = A^-1 B: gB = A^-H gX, gA = -gB X^H
  vjp: ([ct], { ins, outs, inAvals, needs }) => {
    if (!ct) return [null, null]
    const gb = solve(mH(ins[0]!), ct)
    return [
      needs[0] ? linear.sumTo(neg(matmul(gb, mH(outs[0]!))), inAvals[0]!.shape) : null,
      needs[1] ? linear.sumTo(gb, inAvals[1]!.shape) : null,
    ]
  },
  // dX = A^-1 (dB - dA X)
  jvp: ([ta, tb], [a], [x]) => {
    const right = total(tb ?? null, ta ? neg(matmul(ta, x!)) : null)
    return [right && solve(a!, linear.broadcastTo(right, x!.shape))]
  },
  batch: batchPair((a, b) => solve(a, b)),
}

/** The solution of `a x = b` for square matrices a[..., n, n] and right-hand sides b[..., n, k]; leading axes broadcast. */
export const solve = withRules((a: Value, b: Value): Value => bind(solveRules, [a, b], null)[0]!, solveRules)

export interface TriangularParams {
  readonly upper: boolean
  /** The diagonal counts as ones and is not read. */
  readonly unit: boolean
}

const triangularRules: Rules<TriangularParams> = {
  name: 'triangular_solve',
  family: 'linalg',
  gradName: 'LinalgSolveTriangularBackward0',
  saves: 'both',
  infer: ([a, b]) => inferSolve('triangular_solve', a!, b!),
  lower: (backend, outs, ins, { upper, unit }) => {
    const lead = leadOf(outs[0]!.shape)
    run(
      backend,
      'triangular_solve',
      outs,
      ins.map((v) => toLead(v, lead)),
      [upper ? 1 : 0, 0, unit ? 1 : 0],
    )
  },
  vjp: ([ct], { ins, outs, inAvals, needs, params }) => {
    if (!ct) return [null, null]
    const gb = triangularSolve(mH(ins[0]!), ct, !params.upper, params.unit)
    const ga = needs[0] ? linear.sumTo(neg(matmul(gb, mH(outs[0]!))), inAvals[0]!.shape) : null
    return [ga && part(ga, params), needs[1] ? linear.sumTo(gb, inAvals[1]!.shape) : null]
  },
  jvp: ([ta, tb], [a], [x], params) => {
    const right = total(tb ?? null, ta ? neg(matmul(part(ta, params), x!)) : null)
    return [right && triangularSolve(a!, linear.broadcastTo(right, x!.shape), params.upper, params.unit)]
  },
  batch: batchPair((a, b, { upper, unit }) => triangularSolve(a, b, upper, unit)),
}

/** The triangle that is read. */
const part = (x: Value, { upper, unit }: TriangularParams): Value => (upper ? triu(x, unit ? 1 : 0) : tril(x, unit ? -1 : 0))

/** The solution of `a x = b` where only one triangle of a is read. */
export const triangularSolve = withRules(
  (a: Value, b: Value, upper = false, unit = false): Value => bind(triangularRules, [a, b], { upper, unit })[0]!,
  triangularRules,
)

const invRules: Rules<null> = {
  name: 'inv',
  family: 'linalg',
  gradName: 'LinalgInvExBackward0',
  saves: 'outs',
  infer: ([a]) => {
    checkSquare('inv', a!)
    return [{ shape: a!.shape, dtype: a!.dtype }]
  },
  lower: (backend, outs, ins) => run(backend, 'inv', outs, ins),
  // gA = -B^H gB B^H for B = A^-1
  vjp: ([ct], { outs }) => {
    if (!ct) return [null]
    const h = mH(outs[0]!)
    return [neg(matmul(h, matmul(ct, h)))]
  },
  jvp: ([t], _, [b]) => [t && neg(matmul(b!, matmul(t, b!)))],
  batch: batchLeading((a) => [inv(a)]),
}

/** The inverses of square matrices. */
export const inv = withRules((a: Value): Value => bind(invRules, [a], null)[0]!, invRules)

/** tr(A^-1 T), which determinants' derivatives are made of. */
const relativeTrace = (a: Value, t: Value): Value => sum(diagonalOf(solve(a, t)), [a.ndim - 2])

export interface DetParams {
  /** The product of the pivots, as PyTorch; else the exponential of the sum of their logarithms, as NumPy. */
  readonly product: boolean
}

const detRules: Rules<DetParams> = {
  name: 'det',
  family: 'linalg',
  gradName: 'LinalgDetBackward0',
  saves: 'both',
  infer: ([a]) => {
    checkSquare('det', a!)
    return [{ shape: leadOf(a!.shape), dtype: a!.dtype }]
  },
  lower: (backend, [out], [a], { product }) => {
    if (columnsOf(a!) === 0) copyInto(out!, full([], 1, out!.dtype))
    else run(backend, 'det', [out!], [a!], [product ? 1 : 0])
  },
  // gA = g adj(A)^H, where adj(A) is d A^-1
  vjp: ([ct], { ins, outs }) => [ct && mul(perMatrix(ct), mH(adjugate(ins[0]!, outs[0]!)))],
  jvp: ([t], [a], [d]) => [t && sum(mul(adjugate(a!, d!), mT(t)), [t.ndim - 2, t.ndim - 1])],
  batch: batchLeading((a, { product }) => [det(a, product)]),
}

/** The determinants of square matrices. */
export const det = withRules((a: Value, product = false): Value => bind(detRules, [a], { product })[0]!, detRules)

const slogdetRules: Rules<null> = {
  name: 'slogdet',
  family: 'linalg',
  gradName: 'LinalgSlogdetBackward0',
  saves: 'both',
  infer: ([a]) => {
    checkSquare('slogdet', a!)
    const lead = leadOf(a!.shape)
    return [{ shape: lead, dtype: a!.dtype }, realAval(lead, a!.dtype)]
  },
  lower: (backend, outs, [a]) => {
    if (columnsOf(a!) > 0) return run(backend, 'slogdet', outs, [a!])
    copyInto(outs[0]!, full([], 1, outs[0]!.dtype))
    copyInto(outs[1]!, full([], 0, outs[1]!.dtype))
  },
  // d log|det| = Re t and d sign = i Im(t) sign, with t = tr(A^-1 dA)
  vjp: ([gs, gl], { ins, outs, inAvals }) => {
    const { dtype } = inAvals[0]!
    const real = gl ? linear.cast(gl, dtype) : null
    const turn = gs && dtype.isComplex ? imag(mul(linear.conj(gs), outs[0]!)) : null
    const factor = total(real, turn && makeComplex(mul(turn, 0), neg(turn)))
    return [factor && mul(perMatrix(factor), mH(inv(ins[0]!)))]
  },
  jvp: ([t], [a], [sign, logabs]) => {
    if (!t) return [null, null]
    const trace = relativeTrace(a!, t)
    const turn = t.dtype.isComplex ? imag(trace) : null
    return [turn && mul(makeComplex(mul(turn, 0), turn), sign!), linear.cast(trace, logabs!.dtype)]
  },
  batch: batchLeading((a) => slogdet(a)),
}

/** The sign and the logarithm of the absolute value of determinants. */
export const slogdet = withRules((a: Value): Value[] => bind(slogdetRules, [a], null), slogdetRules)

export interface CholeskyParams {
  /** The upper triangle is read, and the factor is upper triangular: a = U^H U. */
  readonly upper: boolean
}

const choleskyRules: Rules<CholeskyParams> = {
  name: 'cholesky',
  family: 'linalg',
  gradName: 'LinalgCholeskyExBackward0',
  saves: 'outs',
  infer: ([a]) => {
    checkSquare('cholesky', a!)
    return [{ shape: a!.shape, dtype: a!.dtype }]
  },
  lower: (backend, outs, ins, { upper }) => run(backend, 'cholesky', outs, ins, [upper ? 1 : 0]),
  // with P = the lower triangle of L^H gL, its diagonal halved: gA = (S + S^H) / 2 for S = L^-H P L^-1
  vjp: ([ct], { outs, params: { upper } }) => {
    if (!ct) return [null]
    const h = upper ? outs[0]! : mH(outs[0]!)
    // half of the triangle and its reflection; an imaginary diagonal stays, as in PyTorch
    const p = matmul(h, upper ? mH(ct) : ct)
    const left = triangularSolve(h, mul(linear.add(tril(p), mH(tril(p, -1))), 0.5), true)
    return [mH(triangularSolve(h, mH(left), true))]
  },
  // dL = L P, P = the lower triangle of L^-1 dA L^-H with its diagonal halved
  jvp: ([t], _, [out], { upper }) => {
    if (!t) return [null]
    const l = upper ? mH(out!) : out!
    const half = triangularSolve(l, t)
    const dl = matmul(l, halfDiagonal(tril(mH(triangularSolve(l, mH(half))))))
    return [upper ? mH(dl) : dl]
  },
  batch: batchLeading((a, { upper }) => [cholesky(a, upper)]),
}

/** The lower triangular L of `a = L L^H` for Hermitian positive definite matrices, of which one triangle is read; or U of `a = U^H U`. */
export const cholesky = withRules((a: Value, upper = false): Value => bind(choleskyRules, [a], { upper })[0]!, choleskyRules)

/** a - b where either may be missing. */
export const difference = (a: Value | null, b: Value | null): Value | null => (a && b ? sub(a, b) : (a ?? (b && neg(b))))
