/** Systems of equations and inverses. */

import { int64, realOf } from '../../core/dtype.ts'
import { RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { keyed } from '../functions/keyed.ts'
import { NamedTuple } from '../functions/results.ts'
import { named, tensorArg } from '../functions/support.ts'
import { Tensor } from '../tensor.ts'
import { cutoff, spectrum, type ToleranceOptions } from './norms.ts'
import { attempted, matrixArg, squareArg } from './support.ts'

/** Whether b is a vector, or a batch of vectors, beside a batch of matrices. */
function isVector(a: Value, b: Value): boolean {
  const lead = a.shape.slice(0, -1)
  return b.ndim === 1 || (a.ndim - 1 === b.ndim && b.shape.length === lead.length && b.shape.every((n, i) => n === lead[i]))
}

function checkDTypes(name: string, a: Value, b: Value): void {
  if (a.dtype !== b.dtype)
    throw new RuntimeError(
      `linalg.${name}: Expected A and B to have the same dtype, but found A of type ${a.dtype.name} and B of type ${b.dtype.name} instead`,
    )
}

/** The solution of `A X = B`, or of `X A = B` with `left: false`. */
export const solve = keyed('solve', 'B ...', (A: Tensor, B: Tensor, options: { readonly left?: boolean } = {}): Tensor => {
  const a = squareArg('solve', A)
  const b = tensorArg('linalg.solve', B, 'B').value
  checkDTypes('solve', a, b)
  const vector = isVector(a, b)
  if (vector && options.left === false)
    throw new RuntimeError('linalg.solve: Vector broadcasting of the left hand side is not supported for left=False.')
  const n = a.shape.at(-1)!
  const rows = vector ? b.shape.at(-1) : b.shape.at(options.left === false ? -1 : -2)
  if (rows !== n) {
    throw new RuntimeError(
      `linalg.solve: Incompatible shapes of A and B for the equation AX = B (${a.shape.slice(-2).join('x')} and ${b.shape.slice(-2).join('x')})`,
    )
  }
  return attempted('torch.linalg.solve: The solver failed because the input matrix is singular.', () => {
    if (vector) return named(new Tensor(p.reshape(p.solve(a, p.reshape(b, [...b.shape, 1])), solvedShape(a, b))), 'LinalgSolveExBackward0')
    if (options.left !== false) return named(new Tensor(p.solve(a, b)), 'LinalgSolveExBackward0')
    return new Tensor(p.mT(p.solve(p.mT(a), p.mT(b))))
  })
})
const solvedShape = (a: Value, b: Value): readonly number[] => (b.ndim === 1 ? [...a.shape.slice(0, -2), b.shape[0]!] : b.shape)

/** The solution of `A X = B` where only one triangle of A is read. */
export const solve_triangular = keyed(
  'solve_triangular',
  'B ...',
  (A: Tensor, B: Tensor, options: { readonly upper: boolean; readonly left?: boolean; readonly unitriangular?: boolean }): Tensor => {
    const a = squareArg('solve_triangular', A)
    const b = matrixArg('solve_triangular', B, 'B')
    checkDTypes('solve_triangular', a, b)
    if (typeof options?.upper !== 'boolean')
      throw new RuntimeError('linalg_solve_triangular() missing 1 required keyword-only arguments: "upper"')
    const { upper, left = true, unitriangular = false } = options
    if (left) return new Tensor(p.triangularSolve(a, b, upper, unitriangular))
    return new Tensor(p.mT(p.triangularSolve(p.mT(a), p.mT(b), !upper, unitriangular)))
  },
)

/**
 * The inverses of square matrices.
 *
 * @example
 * ```ts
 * torch.linalg.inv(torch.eye(2).mul(4)) // => tensor([[0.2500, 0.0000],
 *                                      //            [0.0000, 0.2500]])
 * ```
 */
export const inv = keyed('inv', '', (A: Tensor): Tensor => {
  const x = squareArg('inv', A)
  const message = 'linalg.inv: The inversion could not be completed because the input matrix is singular.'
  return named(new Tensor(attempted(message, () => p.inv(x))), 'LinalgInvExBackward0')
})

const column = (x: Value): Value => p.reshape(x, [...x.shape, 1])

/** The pseudo-inverses (Moore-Penrose), by singular values. */
export const pinv = keyed('pinv', '...', (A: Tensor, options: ToleranceOptions = {}): Tensor => {
  const x = matrixArg('pinv', A)
  const [m, n] = x.shape.slice(-2)
  if (m === 0 || n === 0) return new Tensor(p.full([...x.shape.slice(0, -2), n!, m!], 0, x.dtype))
  const still = new Tensor(x).detach().value
  const values = spectrum(still, options?.hermitian === true)
  const largest = p.amax(values, [values.ndim - 1], true)
  return new Tensor(p.pinv(x, p.broadcastTo(cutoff(x, largest, options), largest.shape), options?.hermitian === true))
})

/** `{ solution, residuals, rank, singular_values }`. */
export interface Lstsq extends Iterable<Tensor> {
  readonly solution: Tensor
  readonly residuals: Tensor
  readonly rank: Tensor
  readonly singular_values: Tensor
}

/** Keywords of lstsq. */
export interface LstsqOptions {
  readonly rcond?: number | null
  /** LAPACK's routine whose results are given: 'gelsy' (default) gives no residuals, 'gels', 'gelsd' and 'gelss' do. */
  readonly driver?: 'gelsy' | 'gels' | 'gelsd' | 'gelss' | null
}

/** The solutions of least squares, with residuals where there are more equations than unknowns and the rank is full. */
export const lstsq = keyed(
  'lstsq',
  'B rcond ...',
  (A: Tensor, B: Tensor, rcond: number | null | LstsqOptions = null, options: LstsqOptions = {}): Lstsq => {
    const { driver = 'gelsy', rcond: cut = null } = typeof rcond === 'object' && rcond !== null ? rcond : { rcond, ...options }
    const a = matrixArg('lstsq', A)
    const b = tensorArg('linalg.lstsq', B, 'B').value
    checkDTypes('lstsq', a, b)
    const vector = isVector(a, b)
    const right = vector ? column(b) : b
    const [m, n] = a.shape.slice(-2) as [number, number]
    if (right.shape.at(-2) !== m) throw new RuntimeError('linalg.lstsq: input.size(-2) should match other.size(-2)')
    const [solution, rank, singular] = p.lstsq(a, right, cut ?? -1) as [Value, Value, Value]
    const x = vector ? p.reshape(solution, solution.shape.slice(0, -1)) : solution
    let residuals: Value = p.full([0], 0, realOf(a.dtype))
    if (driver !== 'gelsy' && m > n && new Tensor(p.all(p.eq(rank, n))).item()) {
      residuals = p.sum(p.square(p.abs(p.sub(p.matmul(a, solution), right))), [solution.ndim - 2])
      if (vector) residuals = p.reshape(residuals, residuals.shape.slice(0, -1))
    }
    const ranks = driver === 'gels' ? p.full([0], 0, int64) : p.cast(rank, int64)
    const values = driver === 'gelsd' || driver === 'gelss' ? new Tensor(singular).detach().value : p.full([0], 0, realOf(a.dtype))
    const fields = [x, residuals, ranks, values].map((v) => new Tensor(v))
    return new NamedTuple('linalg_lstsq', ['solution', 'residuals', 'rank', 'singular_values'], fields) as unknown as Lstsq
  },
)
