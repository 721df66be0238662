/** Matrices made by rule: identity, diagonals, triangles, grids. */

import { integer, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { bool, float64, int64 } from '../core/dtype.ts'
import { ValueError } from '../core/errors.ts'
import { promoteTypes } from '../core/promote.ts'
import type { View } from '../core/view.ts'
import { add as addRow, mul } from '../ops/elementwise/arithmetic.ts'
import { ge } from '../ops/elementwise/comparison.ts'
import { broadcastTo, cast, diagonal as diagonalView, full, ramp, reshape, stack, transpose, undiagonal, where } from '../ops/index.ts'
import '../runtime.ts'
import { asView, wrap, wrapView } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike } from './types.ts'

/** Keyword arguments of `eye` and `tri`. */
export interface EyeOptions {
  /** Columns; as many as rows unless given. */
  M?: number | null
  /** The diagonal: 0 the main one, positive above, negative below. */
  k?: number
  dtype?: DTypeLike | null
  order?: 'C' | 'F'
  device?: 'cpu' | null
}
const eyeArgs = signature<EyeOptions>('eye', ['M', 'k', 'dtype', 'order'], ['device'])
const triArgs = signature<EyeOptions>('tri', ['M', 'k', 'dtype'])

/** Where `row + k >= column`: the lower triangle up to the k-th diagonal. */
function lower(rows: number, columns: number, k: number): View {
  const i = addRow(reshape(ramp(rows, 0, 1, int64), [rows, 1]), k)
  return ge(i, ramp(columns, 0, 1, int64)) as View
}

/**
 * A matrix with ones on a diagonal and zeros elsewhere.
 *
 * @example
 * np.eye(2) // => array([[1., 0.],
 *           //           [0., 1.]])
 */
export const eye = /* @__PURE__ */ byName('eye', 'N', (N: number, ...rest: Rest<EyeOptions, ['M', 'k', 'dtype', 'order']>): NDArray => {
  const { M, k = 0, dtype, order } = eyeArgs(rest)
  const to = maybeDType(dtype) ?? float64
  const columns = M ?? N
  if (N < 0 || columns < 0) throw new ValueError('negative dimensions are not allowed', { op: 'eye' })
  const n = Math.max(0, Math.min(N - Math.max(-k, 0), columns - Math.max(k, 0)))
  const ones = full([n], to === bool ? true : 1, to)
  // by columns: the transpose of the matrix mirrored
  return wrap(order === 'F' ? transpose(undiagonal(ones, [columns, N], -k), [1, 0]) : undiagonal(ones, [N, columns], k))
})

/**
 * The identity matrix of n rows.
 *
 * @example
 * np.identity(2, 'int64') // => array([[1, 0],
 *                         //           [0, 1]])
 */
export const identity = /* @__PURE__ */ byName(
  'identity',
  'n',
  (n: number, dtype?: DTypeLike | null | { dtype?: DTypeLike | null }): NDArray => {
    const to = typeof dtype === 'object' && dtype !== null && 'dtype' in dtype ? dtype.dtype : (dtype as DTypeLike | null | undefined)
    return eye(n, { dtype: to })
  },
)

/**
 * A matrix with ones at and below a diagonal.
 *
 * @example
 * np.tri(2, 3, 1, 'int64') // => array([[1, 1, 0],
 *                          //           [1, 1, 1]])
 */
export const tri = /* @__PURE__ */ byName('tri', 'N', (N: number, ...rest: Rest<EyeOptions, ['M', 'k', 'dtype']>): NDArray => {
  const { M, k = 0, dtype } = triArgs(rest)
  return wrap(cast(lower(integer('tri', 'N', N), integer('tri', 'M', M ?? N), integer('tri', 'k', k)), maybeDType(dtype) ?? float64))
})

function triangle(m: ArrayLike, k: number, keepLower: boolean): NDArray {
  const given = asView(m)
  const x = given.ndim === 1 ? (broadcastTo(given, [given.shape[0]!, given.shape[0]!]) as View) : given
  if (x.ndim === 0) throw new ValueError(`${keepLower ? 'tril' : 'triu'}(): expected at least one axis`)
  const mask = broadcastTo(lower(x.shape[x.ndim - 2]!, x.shape[x.ndim - 1]!, keepLower ? k : k - 1), x.shape)
  const zero = broadcastTo(full([], x.dtype === bool ? false : 0, x.dtype), x.shape)
  return wrap(keepLower ? where(mask, x, zero) : where(mask, zero, x))
}

/**
 * A copy of an array with zeros above the k-th diagonal of its last two axes.
 *
 * @example
 * np.tril([[1, 2], [3, 4]]) // => array([[1, 0],
 *                           //           [3, 4]])
 */
export const tril = /* @__PURE__ */ byName(
  'tril',
  'm',
  (m: ArrayLike, k: number | { k?: number } = 0): NDArray => triangle(m, typeof k === 'object' ? (k.k ?? 0) : k, true),
)

/**
 * A copy of an array with zeros below the k-th diagonal of its last two axes.
 *
 * @example
 * np.triu([[1, 2], [3, 4]]) // => array([[1, 2],
 *                           //           [0, 4]])
 */
export const triu = /* @__PURE__ */ byName(
  'triu',
  'm',
  (m: ArrayLike, k: number | { k?: number } = 0): NDArray => triangle(m, typeof k === 'object' ? (k.k ?? 0) : k, false),
)

/**
 * The k-th diagonal of a matrix, or a matrix with a 1-d array on it.
 *
 * @example
 * np.diag([1, 2]) // => array([[1, 0],
 *                 //           [0, 2]])
 * np.diag([[1, 2], [3, 4]]) // => array([1, 4])
 */
export const diag = /* @__PURE__ */ byName('diag', 'v', (v: ArrayLike, k: number | { k?: number } = 0): NDArray => {
  const shift = typeof k === 'object' ? (k.k ?? 0) : k
  const x = asView(v)
  if (x.ndim === 1) {
    const n = x.shape[0]! + Math.abs(shift)
    return wrap(undiagonal(x, [n, n], shift))
  }
  if (x.ndim !== 2) throw new ValueError('Input must be 1- or 2-d.', { op: 'diag', shapes: [x.shape] })
  return wrapView(diagonalView(x, shift), v)
})

/**
 * A matrix with the items of an array, flattened, on its k-th diagonal.
 *
 * @example
 * np.diagflat([[1], [2]]) // => array([[1, 0],
 *                         //           [0, 2]])
 */
export const diagflat = /* @__PURE__ */ byName('diagflat', 'v', (v: ArrayLike, k = 0): NDArray => {
  const x = asView(v)
  return diag(wrap(reshape(x, [x.size])), k)
})

/** Keyword arguments of `meshgrid`. */
export interface MeshgridOptions {
  /** `'xy'` (the default) puts the first array along the second axis, `'ij'` along the first. */
  indexing?: 'xy' | 'ij'
  /** Leaves the axes of length 1 where they are. */
  sparse?: boolean
  /** Default true; false gives views. */
  copy?: boolean
}

/**
 * Coordinates of a grid: one array for each of the 1-d arrays given.
 *
 * @example
 * np.meshgrid([1, 2, 3], [4, 5])[0] // => array([[1, 2, 3],
 *                                   //           [1, 2, 3]])
 */
export function meshgrid(...args: (ArrayLike | MeshgridOptions)[]): NDArray[] {
  const last = args[args.length - 1]
  const options = last !== undefined && isOptions(last) ? last : {}
  const arrays = (options === last ? args.slice(0, -1) : args).map((a) => asView(a as ArrayLike))
  const { indexing = 'xy', sparse = false, copy = true } = options
  if (indexing !== 'xy' && indexing !== 'ij') throw new ValueError("Valid values for `indexing` are 'xy' and 'ij'.", { op: 'meshgrid' })
  const n = arrays.length
  const places = arrays.map((_, i) => (indexing === 'xy' && n > 1 && i < 2 ? 1 - i : i))
  const lines = arrays.map(
    (v, i) =>
      reshape(
        v,
        Array.from({ length: n }, (_, axis) => (axis === places[i] ? v.size : 1)),
      ) as View,
  )
  const shape = Array.from({ length: n }, (_, axis) => arrays[places.indexOf(axis)]!.size)
  return lines.map((line) => {
    const grid = sparse ? line : (broadcastTo(line, shape) as View)
    return wrap(copy ? copyOf(grid) : grid)
  })
}

const isOptions = (x: unknown): x is MeshgridOptions => typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype

const vanderArgs = signature<{ N?: number | null; increasing?: boolean }>('vander', ['N', 'increasing'])

/**
 * The Vandermonde matrix of a vector: its powers as columns.
 *
 * @example
 * np.vander([1, 2, 3], 3) // => array([[1, 1, 1],
 *                         //           [4, 2, 1],
 *                         //           [9, 3, 1]])
 */
export const vander = /* @__PURE__ */ byName(
  'vander',
  'x',
  (x: ArrayLike, ...rest: Rest<{ N?: number | null; increasing?: boolean }, ['N', 'increasing']>): NDArray => {
    const { N, increasing = false } = vanderArgs(rest)
    const v = asView(x)
    if (v.ndim !== 1) throw new ValueError('x must be a one-dimensional array or sequence.', { op: 'vander', shapes: [v.shape] })
    const n = N ?? v.shape[0]!
    const dtype = promoteTypes(v.dtype, int64)
    const columns: View[] = [full(v.shape, 1, dtype)]
    while (columns.length < n) columns.push(mul(columns[columns.length - 1]!, cast(v, dtype)) as View)
    const chosen = columns.slice(0, n)
    if (!increasing) chosen.reverse()
    return wrap(chosen.length === 0 ? full([v.shape[0]!, 0], 0, dtype) : stack(chosen, 1))
  },
)
