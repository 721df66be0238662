/** The LU decomposition: packed, unpacked, and solutions from it. */

import { int32, int64 } from '../../core/dtype.ts'
import { items, viewOf as makeView } from '../../core/element.ts'
import { RuntimeError } from '../../core/errors.ts'
import { sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { keyed } from '../functions/keyed.ts'
import { NamedTuple } from '../functions/results.ts'
import { named, tensorArg } from '../functions/support.ts'
import { Tensor, viewOf } from '../tensor.ts'
import { matrixArg } from './support.ts'

/** `{ LU, pivots }`. */
export interface LUFactor extends Iterable<Tensor> {
  readonly LU: Tensor
  readonly pivots: Tensor
}
/** `{ LU, pivots, info }`. */
export interface LUFactorEx extends LUFactor {
  readonly info: Tensor
}
/** `{ P, L, U }`. */
export interface PLU extends Iterable<Tensor> {
  readonly P: Tensor
  readonly L: Tensor
  readonly U: Tensor
}

function decomposed(name: string, A: Tensor, pivot: boolean): Value[] {
  if (!pivot) throw new RuntimeError(`linalg.${name}: LU without pivoting is not supported on the CPU`)
  return p.lu(matrixArg(name, A))
}

/** The first zero on U's diagonal, counted from 1; 0 where there is none. @internal */
export function firstZero(packed: Value): Value {
  const d = p.diagonal(packed, 0, packed.ndim - 2, packed.ndim - 1)
  const axis = d.ndim - 1
  if (d.shape[axis] === 0) return p.full(d.shape.slice(0, -1), 0, int32)
  const zero = p.eq(d, 0)
  const at = p.add(p.argmax(p.cast(zero, int32), [axis]), 1)
  return p.cast(p.where(p.any(zero, [axis]), at, 0, { dtype: int64 }), int32)
}

/** L and U packed into one matrix, LAPACK's row swaps (from 1), and where U is singular. */
export const lu_factor_ex = keyed('lu_factor_ex', 'pivot check_errors', (A: Tensor, pivot = true, check_errors = false): LUFactorEx => {
  const [packed, , pivots] = decomposed('lu_factor_ex', A, pivot)
  const info = firstZero(packed!)
  if (check_errors && new Tensor(p.any(p.ne(info, 0))).item()) {
    throw new RuntimeError(
      'torch.linalg.lu_factor_ex: U has a zero on its diagonal, so using it on lu_solve would result in a division by zero',
    )
  }
  const outs = [named(new Tensor(packed!), 'LinalgLuFactorExBackward0'), new Tensor(p.cast(p.add(pivots!, 1), int32)), new Tensor(info)]
  return new NamedTuple('linalg_lu_factor_ex', ['LU', 'pivots', 'info'], outs) as unknown as LUFactorEx
})

/** L and U packed into one matrix (L has a diagonal of ones), and LAPACK's row swaps, from 1. */
export const lu_factor = keyed('lu_factor', 'pivot', (A: Tensor, pivot = true): LUFactor => {
  const { LU, pivots, info } = lu_factor_ex(A, pivot)
  if (new Tensor(p.any(p.ne(info.memory, 0))).item()) {
    throw new RuntimeError(
      'torch.linalg.lu_factor: U has a zero on its diagonal, so using it on lu_solve would result in a division by zero.',
    )
  }
  return new NamedTuple('linalg_lu_factor', ['LU', 'pivots'], [LU, pivots]) as unknown as LUFactor
})

/** L (with ones on its diagonal) and U of packed matrices m x n. */
function parts(packed: Value): [Value, Value] {
  const [m, n] = packed.shape.slice(-2) as [number, number]
  const k = Math.min(m, n)
  const axis = packed.ndim - 1
  const ones = p.embedDiagonal(p.full([...packed.shape.slice(0, -2), k], 1, packed.dtype))
  const square =
    m > k
      ? p.pad(
          ones,
          ones.shape.map(() => 0),
          ones.shape.map((_, i) => (i === axis - 1 ? m - k : 0)),
        )
      : ones
  return [p.add(p.tril(p.narrow(packed, axis, 0, k), -1), square), p.triu(p.narrow(packed, axis - 1, 0, k))]
}

/** The order of rows that LAPACK's swaps (from 1) lead to: row i of `P^T x` is row order[i] of x. */
function orderOf(pivots: Value, rows: number): Value {
  const v = viewOf(pivots)
  const k = v.shape[v.ndim - 1]!
  const lead = v.shape.slice(0, -1)
  const swaps = items(v).map(Number)
  const out: number[] = []
  for (let b = 0; b < sizeOf(lead); b++) {
    const order = Array.from({ length: rows }, (_, i) => i)
    for (let i = 0; i < k; i++) {
      const j = swaps[b * k + i]! - 1
      if (j < 0 || j >= rows)
        throw new RuntimeError('pivots given to lu_solve must all be greater or equal to 1 and at most the number of rows.')
      ;[order[i], order[j]] = [order[j]!, order[i]!]
    }
    out.push(...order)
  }
  return makeView(out, [...lead, rows], int64)
}

/** The matrices P with `A = P L U` from an order of rows. */
function permutation(order: Value, like: Value): Value {
  const n = order.shape[order.ndim - 1]!
  const hot = p.eq(p.reshape(order, [...order.shape.slice(0, -1), 1, n]), p.reshape(p.ramp(n, 0, 1, int64), [n, 1]))
  return p.cast(hot, like.dtype)
}

/**
 * P, L and U with `A = P L U`.
 *
 * @example
 * ```ts
 * torch.linalg.lu(torch.tensor([[0, 2], [1, 1]]).double()).U.tolist() // => [ [ 1, 1 ], [ 0, 2 ] ]
 * ```
 */
export const lu = keyed('lu', 'pivot', (A: Tensor, pivot = true): PLU => {
  const [packed, rows] = decomposed('lu', A, pivot)
  const outs = [permutation(rows!, packed!), ...parts(packed!)].map((v) => new Tensor(v))
  return new NamedTuple('linalg_lu', ['P', 'L', 'U'], outs) as unknown as PLU
})

/** `[LU, pivots]` as lu_factor gives them, and the codes with `get_infos`; a zero pivot is no error with it. */
export const torch_lu = keyed('lu', 'pivot get_infos', (A: Tensor, pivot = true, get_infos = false): Tensor[] => {
  const { LU, pivots, info } = lu_factor_ex(A, pivot, !get_infos)
  return get_infos ? [LU, pivots, info] : [LU, pivots]
})

/** P, L and U from what lu_factor gives. */
export const lu_unpack = keyed(
  'lu_unpack',
  'LU_pivots unpack_data unpack_pivots',
  (LU_data: Tensor, LU_pivots: Tensor, unpack_data = true, unpack_pivots = true): PLU => {
    const x = tensorArg('lu_unpack', LU_data, 'LU_data').value
    const pivots = tensorArg('lu_unpack', LU_pivots, 'LU_pivots')
    if (pivots.raw.dtype !== int32) {
      throw new RuntimeError(
        'torch.lu_unpack: LU_pivots is expected to be a contiguous tensor of torch.int32 dtype.\nNote: this function is intended to be used with the output produced by torch.linalg.lu_factor',
      )
    }
    const none = p.full([0], 0, x.dtype)
    const P = unpack_pivots ? permutation(orderOf(pivots.memory, x.shape.at(-2)!), x) : none
    const [L, U] = unpack_data ? parts(x) : [none, none]
    return new NamedTuple(
      'lu_unpack',
      ['P', 'L', 'U'],
      [P, L, U].map((v) => new Tensor(v)),
    ) as unknown as PLU
  },
)

/** Keywords of lu_solve. */
export interface LUSolveOptions {
  /** `A X = B`, or `X A = B` when false. */
  readonly left?: boolean
  /** With the conjugate transpose of A. */
  readonly adjoint?: boolean
}

/** The solution of `A X = B` from lu_factor's results for A. */
export const linalg_lu_solve = keyed(
  'lu_solve',
  'pivots B ...',
  (LU: Tensor, pivots: Tensor, B: Tensor, options: LUSolveOptions = {}): Tensor => {
    const { left = true, adjoint = false } = options ?? {}
    const x = matrixArg('lu_solve', LU, 'LU')
    const b = matrixArg('lu_solve', B, 'B')
    if (x.dtype !== b.dtype) throw new RuntimeError('linalg.lu_solve: Expected LU and B to have the same dtype')
    const order = orderOf(tensorArg('lu_solve', pivots, 'pivots').memory, x.shape.at(-2)!)
    const out = solved(x, order, left ? b : p.mH(b), left ? adjoint : !adjoint)
    return named(new Tensor(left ? out : p.mH(out)), 'LinalgLuSolveBackward0')
  },
)

/** `U^-1 L^-1 P^T b`, or for the adjoint `P L^-H U^-H b`. */
function solved(packed: Value, order: Value, b: Value, adjoint: boolean): Value {
  const [l, u] = parts(packed)
  const P = permutation(order, packed)
  if (!adjoint) return p.triangularSolve(u, p.triangularSolve(l, p.matmul(p.mT(P), b), false, true), true)
  return p.matmul(P, p.triangularSolve(p.mH(l), p.triangularSolve(p.mH(u), b, false), true, true))
}

/** The solution of `A x = b` from lu_factor's results for A, in the older order of arguments. */
export const lu_solve = keyed(
  'lu_solve',
  'LU_data LU_pivots',
  (b: Tensor, LU_data: Tensor, LU_pivots: Tensor): Tensor => linalg_lu_solve(LU_data, LU_pivots, b),
)
