/** Results with error codes, tensors as matrices, exponentials, and functions of torch itself over decompositions. */

import { int32 } from '../../core/dtype.ts'
import { LinAlgError, RuntimeError } from '../../core/errors.ts'
import { sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { keyed } from '../functions/keyed.ts'
import { NamedTuple } from '../functions/results.ts'
import { intList, named, tensorArg } from '../functions/support.ts'
import { Tensor } from '../tensor.ts'
import { slogdet } from './decompositions.ts'
import { firstZero } from './lu.ts'
import { inv, solve } from './solving.ts'
import { matrixArg, squareArg } from './support.ts'

const tuple = <T>(name: string, fields: readonly string[], values: readonly Tensor[]): T =>
  new NamedTuple(name, fields, values) as unknown as T
const identity = (x: Value): Value => p.embedDiagonal(p.full(x.shape.slice(0, -1), 1, x.dtype))
/** Matrices whose code is not zero replaced by the identity, so that the others can be worked on. */
const mended = (x: Value, info: Value): Value => p.where(p.reshape(p.ne(info, 0), [...info.shape, 1, 1]), identity(x), x)

function refused(name: string, info: Value, check: boolean, message: string): void {
  if (check && new Tensor(p.any(p.ne(info, 0))).item()) throw new LinAlgError(`${name}: ${message}`, { op: name })
}

/** `{ inverse, info }`. */
export interface InvEx extends Iterable<Tensor> {
  readonly inverse: Tensor
  readonly info: Tensor
}
/** The inverses of square matrices, and for each 0 or which pivot is zero (from 1). */
export const inv_ex = keyed('inv_ex', 'check_errors', (A: Tensor, check_errors = false): InvEx => {
  const x = squareArg('inv_ex', A)
  const info = firstZero(p.lu(x)[0]!)
  refused(
    'torch.linalg.inv',
    info,
    check_errors,
    'The diagonal element is zero, the inversion could not be completed because the input matrix is singular.',
  )
  return tuple('linalg_inv_ex', ['inverse', 'info'], [inv(new Tensor(mended(x, info))), new Tensor(info)])
})

/** `{ result, info }`. */
export interface SolveEx extends Iterable<Tensor> {
  readonly result: Tensor
  readonly info: Tensor
}
/** Keywords of solve_ex. */
export interface SolveExOptions {
  readonly left?: boolean
  readonly check_errors?: boolean
}
/** The solution of `A X = B`, and for each matrix 0 or which pivot is zero (from 1). */
export const solve_ex = keyed('solve_ex', 'B ...', (A: Tensor, B: Tensor, options: SolveExOptions = {}): SolveEx => {
  const { left = true, check_errors = false } = options ?? {}
  const x = squareArg('solve_ex', A)
  const info = firstZero(p.lu(x)[0]!)
  refused('torch.linalg.solve', info, check_errors, 'The solver failed because the input matrix is singular.')
  return tuple('linalg_solve_ex', ['result', 'info'], [solve(new Tensor(mended(x, info)), B, { left }), new Tensor(info)])
})

/** `{ L, info }`. */
export interface CholeskyEx extends Iterable<Tensor> {
  readonly L: Tensor
  readonly info: Tensor
}
/** Keywords of cholesky_ex. */
export interface CholeskyExOptions {
  readonly upper?: boolean
  readonly check_errors?: boolean
}
/** Cholesky factors, and for each matrix 0 or which leading minor is not positive (from 1). */
export const cholesky_ex = keyed('cholesky_ex', '...', (A: Tensor, options: CholeskyExOptions = {}): CholeskyEx => {
  const { upper = false, check_errors = false } = options ?? {}
  const x = squareArg('cholesky_ex', A)
  const info = minors(x, upper)
  refused('linalg.cholesky', info, check_errors, 'The factorization could not be completed because the input is not positive-definite.')
  return tuple(
    'linalg_cholesky_ex',
    ['L', 'info'],
    [named(new Tensor(p.cholesky(mended(x, info), upper)), 'LinalgCholeskyExBackward0'), new Tensor(info)],
  )
})

/** For each matrix the first leading minor (from 1) that is not positive definite, or 0. */
function minors(x: Value, upper: boolean): Value {
  const n = x.shape.at(-1)!
  const lead = x.shape.slice(0, -2)
  const flat = p.reshape(new Tensor(x).detach().value, [sizeOf(lead), n, n])
  const works = (m: Value): boolean => {
    try {
      p.cholesky(m, upper)
      return true
    } catch (error) {
      if (error instanceof LinAlgError) return false
      throw error
    }
  }
  if (works(flat)) return p.full(lead, 0, int32)
  const codes = Array.from({ length: sizeOf(lead) }, (_, b) => {
    const m = p.narrow(flat, 0, b, 1)
    const bad = Array.from({ length: n }, (_, k) => k + 1).find((k) => !works(p.narrow(p.narrow(m, 1, 0, k), 2, 0, k)))
    return p.full([1], bad ?? 0, int32)
  })
  return p.reshape(p.concatenate(codes, 0), lead)
}

/** A factor's triangle, with the derivative of the whole matrix, as PyTorch's rules have it. */
function triangleOf(L: Tensor, name: string, upper: boolean): Value {
  const x = squareArg(name, L)
  const constant = L.detach().value
  const held = upper ? p.triu(constant) : p.tril(constant)
  return L.requires_grad || x.level > 1 ? p.add(held, p.sub(x, constant)) : held
}
const product = (t: Value, upper: boolean): Value => (upper ? p.matmul(p.mH(t), t) : p.matmul(t, p.mH(t)))
/** The inverse of A from its Cholesky factor. */
export const cholesky_inverse = keyed(
  'cholesky_inverse',
  'upper',
  (L: Tensor, upper = false): Tensor =>
    named(new Tensor(p.inv(product(triangleOf(L, 'cholesky_inverse', upper), upper))), 'CholeskyInverseBackward0'),
)
/** The solution of `A X = B` from A's Cholesky factor. */
export const cholesky_solve = keyed('cholesky_solve', 'L upper', (B: Tensor, L: Tensor, upper = false): Tensor => {
  const b = matrixArg('cholesky_solve', B, 'B')
  return named(new Tensor(p.solve(product(triangleOf(L, 'cholesky_solve', upper), upper), b)), 'CholeskySolveBackward0')
})

/** The logarithm of determinants: NaN of negative ones, -inf of 0. */
export function logdet(input: Tensor): Tensor {
  const { sign, logabsdet } = slogdet(input)
  const s = sign.value
  if (s.dtype.isComplex) return new Tensor(p.add(p.log(s), p.cast(logabsdet.value, s.dtype)))
  return new Tensor(p.where(p.lt(s, 0), Number.NaN, logabsdet.value))
}

/** Terms of the exponential's series, enough for a norm up to 1. */
const TERMS = 18

/**
 * The exponentials of square matrices: `I + A + A A / 2 + ...`.
 *
 * By scaling and squaring: the series of A / 2^s, squared s times.
 *
 * @example
 * ```ts
 * torch.linalg.matrix_exp(torch.zeros(2, 2)) // => tensor([[1., 0.],
 *                                            //            [0., 1.]])
 * ```
 */
export function matrix_exp(A: Tensor): Tensor {
  const t = tensorArg('linalg.matrix_exp', A, 'A')
  // numbers of two bytes are computed in float32
  if (t.raw.dtype.isFloat && t.raw.dtype.itemsize === 2) return matrix_exp(t.float()).to(t.dtype)
  const x = squareArg('matrix_exp', A)
  const n = x.shape.at(-1)!
  if (sizeOf(x.shape) === 0) return new Tensor(p.clone(x))
  const columns = p.sum(p.abs(new Tensor(x).detach().value), [x.ndim - 2])
  const norm = Number(new Tensor(p.amax(columns)).item())
  const squarings = Number.isFinite(norm) && norm > 1 ? Math.ceil(Math.log2(norm)) : 0
  const a = squarings > 0 ? p.mul(x, 2 ** -squarings) : x
  const one = identity(x)
  let y = p.add(one, p.mul(a, 1 / TERMS))
  for (let k = TERMS - 1; k >= 1; k--) y = p.add(one, p.mul(p.matmul(a, y), 1 / k))
  for (let i = 0; i < squarings; i++) y = p.matmul(y, y)
  return named(new Tensor(y), 'LinalgMatrixExpBackward0')
}

/** The tensor that `tensordot` over `ind` dimensions takes A back to the identity with. */
export const tensorinv = keyed('tensorinv', 'ind', (A: Tensor, ind = 2): Tensor => {
  const t = tensorArg('linalg.tensorinv', A, 'A')
  if (!(ind > 0)) throw new RuntimeError("Expected a strictly positive integer for 'ind'")
  const { shape } = t.raw
  const [front, back] = [shape.slice(0, ind), shape.slice(ind)]
  const n = sizeOf(front)
  if (n !== sizeOf(back)) {
    throw new RuntimeError(
      `Expected self to satisfy the requirement prod(self.shape[ind:]) == prod(self.shape[:ind]), but got ${sizeOf(back)} != ${n}`,
    )
  }
  return new Tensor(p.reshape(inv(new Tensor(p.reshape(t.value, [n, n]))).value, [...back, ...front]))
})

/** X with `tensordot(A, X, X.ndim) = B`, after A's dimensions `dims` have been moved to its end. */
export const tensorsolve = keyed('tensorsolve', 'B dims', (A: Tensor, B: Tensor, dims: readonly number[] | null = null): Tensor => {
  const t = tensorArg('linalg.tensorsolve', A, 'A')
  const b = tensorArg('linalg.tensorsolve', B, 'B')
  const back = dims === null ? [] : intList('tensorsolve', dims, 'dims').map((d) => (d < 0 ? d + t.ndim : d))
  const order = [...t.raw.shape.map((_, i) => i).filter((i) => !back.includes(i)), ...back]
  const a = p.transpose(t.value, order)
  const n = b.numel()
  const rest = a.shape.slice(b.ndim)
  if (sizeOf(rest) !== n) {
    throw new RuntimeError(
      `Expected self to satisfy the requirement prod(self.shape[other.ndim:]) == prod(self.shape[:other.ndim]), but got ${sizeOf(rest)} != ${n}`,
    )
  }
  return new Tensor(p.reshape(solve(new Tensor(p.reshape(a, [n, n])), new Tensor(p.reshape(b.value, [n]))).value, rest))
})

/** `{ U, S, V }`. */
export interface OldSVD extends Iterable<Tensor> {
  readonly U: Tensor
  readonly S: Tensor
  readonly V: Tensor
}
/** The singular value decomposition `A = U diag(S) V^H` of older programs: V, not its adjoint. */
export const svd = keyed('svd', 'some compute_uv', (input: Tensor, some = true, compute_uv = true): OldSVD => {
  const x = matrixArg('svd', input, 'input')
  if (!compute_uv) {
    const [m, n] = x.shape.slice(-2) as [number, number]
    const zeros = [m, n].map((k) => new Tensor(p.full([...x.shape.slice(0, -2), k, k], 0, x.dtype)))
    return tuple('svd', ['U', 'S', 'V'], [zeros[0]!, new Tensor(p.svdvals(x)), zeros[1]!])
  }
  const [u, s, vh] = p.svd(x, !some) as [Value, Value, Value]
  return tuple('svd', ['U', 'S', 'V'], [new Tensor(u), new Tensor(s), new Tensor(p.mH(vh))])
})

/** `{ solution, cloned_coefficient }`. */
export interface TriangularSolution extends Iterable<Tensor> {
  readonly solution: Tensor
  readonly cloned_coefficient: Tensor
}
/** The solution of `A X = b` where only one triangle of A is read, in the older order of arguments. */
export const triangular_solve = keyed(
  'triangular_solve',
  'A upper transpose unitriangular',
  (b: Tensor, A: Tensor, upper = true, transpose = false, unitriangular = false): TriangularSolution => {
    const right = matrixArg('triangular_solve', b, 'b')
    const x = squareArg('triangular_solve', A)
    const out = p.triangularSolve(transpose ? p.mT(x) : x, right, transpose ? !upper : upper, unitriangular)
    return tuple('triangular_solve', ['solution', 'cloned_coefficient'], [new Tensor(out), new Tensor(p.clone(x))])
  },
)
