/** Products: powers of matrices, chains, cross products. */

import { int64 } from '../../core/dtype.ts'
import { RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { scalarTypeName } from '../dtype.ts'
import { keyed } from '../functions/keyed.ts'
import { chain_matmul, cross as crossOf } from '../functions/matrix.ts'
import { sum } from '../functions/reduction.ts'
import { diagonal as diagonalOf, reshape, tensorList } from '../functions/shape.ts'
import { checkBroadcast, tensorArg } from '../functions/support.ts'
import { Tensor } from '../tensor.ts'
import { attempted, squareArg } from './support.ts'

/** The n-th power of square matrices; negative powers are those of the inverse. */
export const matrix_power = keyed('matrix_power', 'n', (A: Tensor, n: number): Tensor => {
  if (!Number.isInteger(n)) throw new RuntimeError(`linalg.matrix_power: n must be an int, got ${n}`)
  const [rows, columns] = tensorArg('linalg.matrix_power', A, 'A').raw.shape.slice(-2)
  if (A.ndim < 2 || rows !== columns) {
    throw new RuntimeError(`linalg.matrix_power: A must be batches of square matrices, but they are ${rows} by ${columns} matrices`)
  }
  if (n === 0) {
    const row = p.reshape(p.ramp(rows!, 0, 1, A.raw.dtype), [rows!, 1])
    const identity = p.cast(p.eq(row, p.reshape(row, [1, rows!])), A.raw.dtype)
    return new Tensor(p.clone(p.broadcastTo(identity, A.raw.shape)))
  }
  let base =
    n < 0
      ? attempted('linalg.inv: The inversion could not be completed because the input matrix is singular.', () =>
          p.inv(squareArg('inv', A)),
        )
      : A.value
  let result: Value | null = null
  for (let k = Math.abs(n); k > 0; k = Math.floor(k / 2)) {
    if (k % 2 === 1) result = result ? p.matmul(result, base) : base
    if (k > 1) base = p.matmul(base, base)
  }
  return new Tensor(n === 1 ? p.clone(result!) : result!)
})

/** The product of several matrices in the cheapest order; the first and the last may be vectors. */
export const multi_dot = keyed('multi_dot', '', (tensors: readonly Tensor[]): Tensor => {
  tensorList('linalg.multi_dot', tensors)
  if (tensors.length < 2) throw new RuntimeError(`multi_dot(): expected at least 2 tensors but got ${tensors.length}`)
  const first = tensors[0]!
  const last = tensors.at(-1)!
  const wide = tensors.map((t, i) => {
    if (t.ndim === 2) return t
    if (t.ndim !== 1 || (i > 0 && i < tensors.length - 1)) throw new RuntimeError(`multi_dot(): tensor ${i} must be 2D but got ${t.ndim}D`)
    return reshape(t, i === 0 ? [1, t.numel()] : [t.numel(), 1])
  })
  const out = chain_matmul(...wide)
  const shape = [...(first.ndim === 1 ? [] : [out.raw.shape[0]!]), ...(last.ndim === 1 ? [] : [out.raw.shape[1]!])]
  return reshape(out, shape)
})

/** The cross product of vectors of length 3 along a dimension, the last by default. */
export const cross = keyed(
  'cross',
  'other ...',
  (input: Tensor, other: Tensor, options: { readonly dim?: number } = {}): Tensor => crossOf(input, other, { dim: options.dim ?? -1 }),
)
/** The sums of products of vectors along a dimension, the first conjugated. */
export const vecdot = keyed('vecdot', 'y ...', (x: Tensor, y: Tensor, options: { readonly dim?: number } = {}): Tensor => {
  checkBroadcast(tensorArg('linalg.vecdot', x, 'x').raw.shape, tensorArg('linalg.vecdot', y, 'y').raw.shape)
  return sum(new Tensor(p.mul(p.conj(x.value), y.value)), options.dim ?? -1)
})
/** The diagonals of matrices, as views. */
export const diagonal = (A: Tensor, options: { readonly offset?: number; readonly dim1?: number; readonly dim2?: number } = {}): Tensor =>
  diagonalOf(A, options.offset ?? 0, options.dim1 ?? -2, options.dim2 ?? -1)

/** The powers 0 .. N-1 of each element, in rows. */
export const vander = keyed('vander', '...', (x: Tensor, options: { readonly N?: number | null } = {}): Tensor => {
  const given = tensorArg('linalg.vander', x, 'x').raw
  if (given.dtype.kind === 'b' || given.dtype.itemsize === 2 * Number(given.dtype.kind === 'f'))
    throw new RuntimeError(`linalg.vander supports floating point, complex, and integer tensors, but got ${scalarTypeName(given.dtype)}`)
  const n = options.N ?? given.shape.at(-1) ?? 1
  const dtype = given.dtype.isInteger ? int64 : given.dtype
  const powers = p.ramp(n, 0, 1, dtype)
  // PyTorch gives a number's powers as one row
  return new Tensor(p.power(p.reshape(p.cast(x.value, dtype), x.ndim === 0 ? [1, 1] : [...given.shape, 1]), powers))
})

/** The powers N-1 .. 0 of the elements of a vector, in rows; 0 .. N-1 when `increasing`. */
export const torchVander = keyed('vander', 'N increasing', (x: Tensor, N: number | null = null, increasing = false): Tensor => {
  const t = tensorArg('vander', x, 'x')
  if (t.ndim !== 1) throw new RuntimeError('x must be a one-dimensional tensor.')
  const n = N ?? t.numel()
  if (!(n >= 0)) throw new RuntimeError('N must be non-negative.')
  const dtype = t.raw.dtype.isInexact ? t.raw.dtype : int64
  const powers = increasing ? p.ramp(n, 0, 1, dtype) : p.ramp(n, n - 1, -1, dtype)
  return new Tensor(p.power(p.reshape(p.cast(t.value, dtype), [t.numel(), 1]), powers))
})
