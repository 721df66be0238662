/** Norms, ranks and conditions. */

import { type Rest, signature } from '../../core/arguments.ts'
import type { DType } from '../../core/dtype.ts'
import { int64, realOf } from '../../core/dtype.ts'
import { DTypeError, RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { coreDType, type DTypeLike, scalarTypeName } from '../dtype.ts'
import { keyed } from '../functions/keyed.ts'
import { axesOf, type Dim } from '../functions/reduction.ts'
import { named, tensorArg } from '../functions/support.ts'
import { Tensor, wrapDim } from '../tensor.ts'
import { matrixArg } from './support.ts'

/** The order of a matrix norm. */
export type MatrixOrder = 'fro' | 'nuc' | number

/** Keywords of the norms. */
export interface NormOptions<O = number> {
  readonly ord?: O | null
  readonly dim?: Dim
  readonly keepdim?: boolean
  readonly dtype?: DTypeLike | null
}

function floating(name: string, x: Tensor, dtype: DType | undefined): void {
  if (!(dtype ?? x.raw.dtype).isInexact) {
    throw new DTypeError(`linalg.${name}: Expected a floating point or complex tensor as input. Got ${scalarTypeName(x.raw.dtype)}`, {
      op: name,
    })
  }
}

const readVector = signature<NormOptions>('vector_norm', ['ord', 'dim', 'keepdim'], ['dtype'])
/** `sum(|x| ** ord) ** (1 / ord)` of the elements, all or over dimensions. */
export const vector_norm = keyed('vector_norm', '...', (x: Tensor, ...rest: Rest<NormOptions, ['ord', 'dim', 'keepdim']>): Tensor => {
  const { ord, dim, keepdim = false, dtype } = readVector(rest)
  const t = tensorArg('linalg.vector_norm', x, 'x')
  const to = coreDType(dtype)
  floating('vector_norm', t, to)
  return named(new Tensor(p.vectorNorm(t.value, ord ?? 2, axesOf(dim, t.ndim), keepdim, to)), 'LinalgVectorNormBackward0')
})

const readMatrix = signature<NormOptions<MatrixOrder>>('matrix_norm', ['ord', 'dim', 'keepdim'], ['dtype'])
/** A norm of matrices: 'fro', 'nuc', 1, -1, 2, -2, inf or -inf. */
export const matrix_norm = keyed(
  'matrix_norm',
  '...',
  (A: Tensor, ...rest: Rest<NormOptions<MatrixOrder>, ['ord', 'dim', 'keepdim']>): Tensor => {
    const { ord, dim = [-2, -1], keepdim = false, dtype } = readMatrix(rest)
    const t = tensorArg('linalg.matrix_norm', A, 'A')
    if (t.ndim < 2) throw new RuntimeError(`linalg.matrix_norm: The input tensor A must have at least 2 dimensions.`)
    const to = coreDType(dtype)
    floating('matrix_norm', t, to)
    const dims = dim as readonly number[]
    if (!Array.isArray(dims) || dims.length !== 2)
      throw new RuntimeError(`linalg.matrix_norm: dim must be a 2-tuple. Got ${Array.isArray(dims) ? dims.join(', ') : typeof dims}`)
    const [rows, columns] = dims.map((d) => wrapDim(d, t.ndim)) as [number, number]
    if (rows === columns) throw new RuntimeError(`linalg.matrix_norm: dims must be different. Got (${dims.join(', ')})`)
    const value = to ? p.cast(t.value, to) : t.value
    return new Tensor(matrixNorm(value, ord ?? 'fro', rows, columns, keepdim))
  },
)

function matrixNorm(x: Value, ord: MatrixOrder, rows: number, columns: number, keepdim: boolean): Value {
  if (ord === 'fro') return p.vectorNorm(x, 2, [rows, columns], keepdim)
  const keep = (v: Value) =>
    keepdim
      ? p.reshape(
          v,
          x.shape.map((n, i) => (i === rows || i === columns ? 1 : n)),
        )
      : v
  if (ord === 'nuc' || ord === 2 || ord === -2) {
    const moved = p.moveAxis(p.moveAxis(x, rows, x.ndim - 1), columns > rows ? columns - 1 : columns, x.ndim - 1)
    const s = p.svdvals(moved)
    const last = [s.ndim - 1]
    return keep(ord === 'nuc' ? p.sum(s, last) : ord === 2 ? p.amax(s, last) : p.amin(s, last))
  }
  const size = Math.abs(ord as number)
  if (typeof ord !== 'number' || (size !== 1 && size !== Infinity))
    throw new RuntimeError(`linalg.matrix_norm: Order ${ord} not supported.`)
  const [first, second] = size === 1 ? [rows, columns] : [columns, rows]
  const sums = p.sum(p.abs(x), [first], true)
  return keep(
    p.reshape(
      (ord > 0 ? p.amax : p.amin)(sums, [second], true),
      x.shape.filter((_, i) => i !== rows && i !== columns),
    ),
  )
}

const readNorm = signature<NormOptions<MatrixOrder>>('norm', ['ord', 'dim', 'keepdim'], ['dtype'])
/** A vector norm or, of matrices with an order or of two dimensions, a matrix norm. */
export const norm = keyed('norm', '...', (A: Tensor, ...rest: Rest<NormOptions<MatrixOrder>, ['ord', 'dim', 'keepdim']>): Tensor => {
  const { ord, dim, keepdim = false, dtype } = readNorm(rest)
  const t = tensorArg('linalg.norm', A, 'A')
  const dims = dim === undefined || dim === null ? null : typeof dim === 'number' ? [dim] : dim
  if (ord !== undefined && ord !== null) {
    const count = dims ? dims.length : t.ndim
    if (count === 2) return matrix_norm(t, { ord, dim: dims ?? [-2, -1], keepdim, dtype })
    if (dims === null && t.ndim > 2)
      throw new RuntimeError(`linalg.norm: If dim is not specified but ord is, the input must be 1D or 2D. Got ${t.ndim}D.`)
    if (typeof ord === 'string') throw new RuntimeError(`linalg.norm: Order ${ord} is one of matrices, got dim of length ${count}`)
    return vector_norm(t, { ord, dim, keepdim, dtype })
  }
  return vector_norm(t, { ord: 2, dim, keepdim, dtype })
})

/** Keywords of matrix_rank and pinv. */
export interface ToleranceOptions {
  readonly atol?: number | Tensor | null
  readonly rtol?: number | Tensor | null
  /** Only eigenvalues are needed: the matrix equals its conjugate transpose. */
  readonly hermitian?: boolean
}

const EPS: Readonly<Record<string, number>> = { float32: 2 ** -23, float64: 2 ** -52 }
const asValue = (x: number | Tensor, dtype: DType): Value => (x instanceof Tensor ? p.cast(x.value, dtype) : p.full([], x, dtype))

/** Below which singular values count as zero, for each matrix: max(atol, rtol * largest). @internal */
export const cutoff = (x: Value, largest: Value, options: ToleranceOptions | null): Value => {
  const { atol = null, rtol = null } = options ?? {}
  const dtype = realOf(x.dtype)
  const relative =
    rtol ?? (atol !== null && !(typeof atol === 'number' && atol === 0) ? 0 : EPS[dtype.name]! * Math.max(...x.shape.slice(-2)))
  return p.maximum(asValue(atol ?? 0, dtype), p.mul(asValue(relative, dtype), largest))
}

/** Singular values, or absolute eigenvalues of Hermitian matrices. @internal */
export const spectrum = (x: Value, hermitian: boolean): Value => (hermitian ? p.abs(p.eigvalsh(x)) : p.svdvals(x))

/** The number of singular values that are not zero within a tolerance. */
export const matrix_rank = keyed('matrix_rank', '...', (A: Tensor, options: ToleranceOptions & { readonly tol?: number } = {}): Tensor => {
  const x = matrixArg('matrix_rank', A)
  const s = spectrum(x, options.hermitian === true)
  const axis = s.ndim - 1
  if (s.shape[axis] === 0) return new Tensor(p.full(s.shape.slice(0, -1), 0, int64))
  const tolerance = options.tol === undefined ? cutoff(x, p.amax(s, [axis]), options) : p.full([], options.tol, s.dtype)
  const limit = tolerance.ndim === 0 ? tolerance : p.reshape(tolerance, [...tolerance.shape, 1])
  return new Tensor(p.sum(p.cast(p.gt(s, limit), int64), [axis]))
})

/** The condition number: the ratio of the greatest and least singular values, or `norm(A, p) norm(A^-1, p)`. */
export const cond = keyed('cond', 'order', (A: Tensor, order: MatrixOrder | null = null): Tensor => {
  const x = matrixArg('cond', A)
  if (order === null || order === 2 || order === -2) {
    const s = p.svdvals(x)
    const last = [s.ndim - 1]
    const ratio = p.div(p.amax(s, last), p.amin(s, last))
    return new Tensor(order === -2 ? p.reciprocal(ratio) : ratio)
  }
  const both = [x, p.inv(x)].map((m) => matrixNorm(m, order, m.ndim - 2, m.ndim - 1, false)) as [Value, Value]
  return new Tensor(p.mul(...both))
})
