/** Norms of vectors and matrices. */

import { integers, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { float64, realOf } from '../core/dtype.ts'
import { ValueError } from '../core/errors.ts'
import { normalizeAxes, normalizeAxis, reducedShape } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, unwrap, wrap } from './convert.ts'
import { moveaxis } from './manipulation.ts'
import type { ArrayLike, Axis, Result } from './types.ts'

/** Which norm: a number, `'fro'`, `'nuc'`, or null for the usual one. */
export type NormOrder = number | 'fro' | 'nuc' | null

/** Keyword arguments of `norm`. */
export interface NormOptions {
  ord?: NormOrder
  /** One axis for vectors, two for matrices; null for the whole array. */
  axis?: Axis
  keepdims?: boolean
}
const normArgs = signature<NormOptions>('norm', ['ord', 'axis', 'keepdims'])

const floating = (a: ArrayLike): View => {
  const x = asView(a)
  return x.dtype.isInexact ? x : castView(x, float64)
}

const isEmpty = (x: Value, axes: readonly number[]): boolean => axes.some((axis) => x.shape[axis < 0 ? axis + x.shape.length : axis] === 0)

/** The greatest of sizes: 0 when there are none. */
function largest(x: Value, axes: readonly number[], keep: boolean): Value {
  if (!isEmpty(x, axes)) return p.amax(x, axes, keep)
  return p.full(reducedShape(x.shape, normalizeAxes(axes, x.shape.length), keep), 0, x.dtype)
}

/** The least of sizes, which must be some. */
function smallest(x: Value, axes: readonly number[], keep: boolean): Value {
  if (isEmpty(x, axes)) throw new ValueError('zero-size array to reduction operation minimum which has no identity', { op: 'norm' })
  return p.amin(x, axes, keep)
}

function vectorNorm(x: Value, axes: readonly number[], ord: number, keep: boolean): Value {
  const size = p.abs(x)
  if (ord === Number.POSITIVE_INFINITY) return largest(size, axes, keep)
  if (ord === Number.NEGATIVE_INFINITY) return smallest(size, axes, keep)
  if (ord === 0) return p.sum(p.ne(x, 0), axes, keep, realOf(x.dtype))
  if (ord === 1) return p.sum(size, axes, keep)
  if (ord === 2) return p.sqrt(p.sum(p.mul(size, size), axes, keep))
  return p.power(p.sum(p.power(size, ord), axes, keep), 1 / ord)
}

function matrixNorm(x: View, rows: number, columns: number, ord: NormOrder, keep: boolean): Value {
  if (rows === columns) throw new ValueError('Duplicate axes given.', { op: 'norm' })
  if (ord === null || ord === 'fro') return vectorNorm(x, [rows, columns], 2, keep)
  const size = p.abs(x)
  const sums = (inner: number, outer: number, greatest: boolean): Value =>
    (greatest ? largest : smallest)(p.sum(size, inner, true), [outer], true)
  let result: Value
  if (ord === 1 || ord === -1) result = sums(rows, columns, ord > 0)
  else if (ord === Number.POSITIVE_INFINITY || ord === Number.NEGATIVE_INFINITY) result = sums(columns, rows, ord > 0)
  else if (ord === 2 || ord === -2 || ord === 'nuc') {
    const s = p.svdvals(moveaxis(wrap(x), [rows, columns], [-2, -1]).value)
    const reduced = ord === 'nuc' ? p.sum(s, -1) : (ord === 2 ? largest : smallest)(s, [-1], false)
    return p.reshape(reduced, reducedShape(x.shape, [rows, columns], keep))
  } else throw new ValueError('Invalid norm order for matrices.', { op: 'norm' })
  return p.reshape(result, reducedShape(x.shape, [rows, columns], keep))
}

/**
 * The norm of a vector or matrix: the 2-norm (of all items) unless `ord` says otherwise.
 *
 * @example
 * np.linalg.norm([3, 4]) // => 5
 * np.linalg.norm([[1, 2], [3, 4]], { ord: 1 }) // => 6
 * np.linalg.norm([[3, 4], [6, 8]], { axis: 1 }) // => array([ 5., 10.])
 */
export const norm = /* @__PURE__ */ byName('norm', 'x', (x: ArrayLike, ...rest: Rest<NormOptions, ['ord', 'axis', 'keepdims']>): Result => {
  const { ord = null, axis = null, keepdims = false } = normArgs(rest)
  const v = floating(x)
  if (axis === null && (ord === null || (ord === 'fro' && v.ndim === 2) || (ord === 2 && v.ndim === 1))) {
    return unwrap(vectorNorm(v, normalizeAxes(null, v.ndim), 2, keepdims))
  }
  const axes = axis === null ? v.shape.map((_, i) => i) : integers('norm', 'axis', axis).map((i) => normalizeAxis(i, v.ndim))
  if (axes.length === 1) {
    if (typeof ord === 'string') throw new ValueError(`Invalid norm order '${ord}' for vectors`, { op: 'norm' })
    return unwrap(vectorNorm(v, axes, ord ?? 2, keepdims))
  }
  if (axes.length !== 2) throw new ValueError('Improper number of dimensions to norm.', { op: 'norm', shapes: [v.shape] })
  return unwrap(matrixNorm(v, axes[0]!, axes[1]!, ord, keepdims))
})

/**
 * The norm of matrices in the last two axes: Frobenius' unless `ord` says otherwise.
 *
 * @example
 * np.linalg.matrix_norm([[3, 0], [0, 4]]) // => 5
 */
export const matrix_norm = (x: ArrayLike, options: { keepdims?: boolean; ord?: NormOrder } = {}): Result =>
  unwrap(matrixNorm(floating(x), asView(x).ndim - 2, asView(x).ndim - 1, options.ord ?? 'fro', options.keepdims ?? false))

/**
 * The norm of vectors along axes; of all items without an axis.
 *
 * @example
 * np.linalg.vector_norm([3, 4]) // => 5
 */
export function vector_norm(x: ArrayLike, options: { axis?: Axis; keepdims?: boolean; ord?: number } = {}): Result {
  const v = floating(x)
  if (typeof options.ord === 'string') throw new ValueError(`Invalid norm order '${options.ord}' for vectors`, { op: 'vector_norm' })
  return unwrap(vectorNorm(v, normalizeAxes(options.axis ?? null, v.ndim), options.ord ?? 2, options.keepdims ?? false))
}
