/** Products of arrays: dot, matmul, outer, einsum and their kin. */

import { integer, integers, type Rest, sequence, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { type DType, int64, uint64 } from '../core/dtype.ts'
import { DTypeError, ShapeError, shapeText, ValueError } from '../core/errors.ts'
import { type Casting, canCast, promoteAll } from '../core/promote.ts'
import { normalizeAxis } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import { warn } from '../core/warnings.ts'
import { einsum as einsumOf, sublistText } from '../lib/einsum.ts'
import * as lib from '../lib/products.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { type EinsumOptimize, type EinsumPath, einsumPathOf, matvecOf, planOf, vecmatOf } from './contractions.ts'
import { asView, castView, unwrap, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { moveaxis } from './manipulation.ts'
import { NDArray } from './ndarray.ts'
import { finish } from './reductions.ts'
import type { ArrayLike, DTypeLike, Result } from './types.ts'
import { commonDType, lifted, operand } from './ufunc.ts'

/** Operands in their common dtype. */
function promoted(...xs: ArrayLike[]): View[] {
  const ins = xs.map((x) => operand(x))
  const dtype = commonDType(ins)
  return ins.map((x) => castView(lifted(x, dtype), dtype))
}

/** Keyword arguments of `matmul`. */
export interface MatmulOptions {
  out?: NDArray | null
  dtype?: DTypeLike | null
  casting?: Casting
  order?: string
  subok?: boolean
}
const matmulArgs = signature<MatmulOptions>('matmul', ['out'], ['dtype', 'casting', 'order', 'subok'], 2)

/**
 * The matrix product over the last two axes; the others broadcast. A vector on the left is a row, on the right a column.
 *
 * @example
 * np.matmul([[1, 2], [3, 4]], [[5], [6]]) // => array([[17],
 *                                         //           [39]])
 * np.matmul([1, 2], [3, 4]) // => 11
 */
export function matmul(x1: ArrayLike, x2: ArrayLike, ...rest: Rest<MatmulOptions, ['out']>): Result {
  const { out, dtype, casting = 'same_kind' } = matmulArgs(rest)
  const given = promoted(x1, x2)
  const to = maybeDType(dtype)
  const [a, b] = (to ? given.map((v) => castView(v, to)) : given) as [View, View]
  for (const [i, v] of [a, b].entries()) {
    if (v.ndim === 0) {
      throw new ValueError(
        `matmul: Input operand ${i} does not have enough dimensions (has 0, gufunc core with signature (n?,k),(k,m?)->(n?,m?) requires 1)`,
        { op: 'matmul', shapes: [a.shape, b.shape] },
      )
    }
  }
  const [inner, outer] = [a.shape[a.ndim - 1]!, b.shape[Math.max(b.ndim - 2, 0)]!]
  if (inner !== outer) {
    throw new ShapeError(
      `matmul: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n?,k),(k,m?)->(n?,m?) (size ${outer} is different from ${inner})`,
      { op: 'matmul', shapes: [a.shape, b.shape] },
    )
  }
  const result = lib.matmul(a, b)
  if (out && !canCast(result.dtype, out.value.dtype, casting)) {
    throw new DTypeError(
      `Cannot cast ufunc 'matmul' output from dtype('${result.dtype.name}') to dtype('${out.dtype.name}') with casting rule '${casting}'`,
      { op: 'matmul' },
    )
  }
  return finish(result, out, 'matmul')
}

/**
 * The dot product: of vectors the sum of products, of matrices the matrix product; in general the last axis of `a` with the last but one of `b`.
 *
 * @example
 * np.dot([1, 2, 3], [4, 5, 6]) // => 32
 */
export const dot = /* @__PURE__ */ byName(
  'dot',
  'a b',
  (a: ArrayLike, b: ArrayLike, out?: NDArray | null | { out?: NDArray | null }): Result => {
    const [x, y] = promoted(a, b) as [View, View]
    const target = out instanceof NDArray ? out : out?.out
    const at = y.ndim > 1 ? y.ndim - 2 : 0
    if (x.ndim > 0 && y.ndim > 0 && x.shape[x.ndim - 1] !== y.shape[at]) {
      throw new ShapeError(
        `shapes ${shapeText(x.shape).replaceAll(' ', '')} and ${shapeText(y.shape).replaceAll(' ', '')} not aligned: ${x.shape[x.ndim - 1]} (dim ${x.ndim - 1}) != ${y.shape[at]} (dim ${at})`,
        { op: 'dot', shapes: [x.shape, y.shape] },
      )
    }
    return finish(lib.dot(x, y), target, 'dot')
  },
)

/**
 * The inner product: the last axis of `a` with the last axis of `b`.
 *
 * @example
 * np.inner([1, 2], [[3, 4], [5, 6]]) // => array([11, 17])
 */
export function inner(a: ArrayLike, b: ArrayLike): Result {
  const [x, y] = promoted(a, b) as [View, View]
  if (x.ndim > 0 && y.ndim > 0 && x.shape[x.ndim - 1] !== y.shape[y.ndim - 1]) {
    throw new ShapeError(
      `shapes ${shapeText(x.shape).replaceAll(' ', '')} and ${shapeText(y.shape).replaceAll(' ', '')} not aligned: ${x.shape[x.ndim - 1]} (dim ${x.ndim - 1}) != ${y.shape[y.ndim - 1]} (dim ${y.ndim - 1})`,
      { op: 'inner', shapes: [x.shape, y.shape] },
    )
  }
  return unwrap(lib.inner(x, y))
}

/**
 * Every item of `a` times every item of `b`, both flattened.
 *
 * @example
 * np.outer([1, 2], [3, 4]) // => array([[3, 4],
 *                          //           [6, 8]])
 */
export const outer = /* @__PURE__ */ byName('outer', 'a b', (a: ArrayLike, b: ArrayLike, out?: NDArray | null): NDArray => {
  const [x, y] = promoted(a, b) as [View, View]
  return finish(lib.outer(x, y), out, 'outer')
})

/**
 * The dot product of two arrays as vectors; the first is conjugated.
 *
 * @example
 * np.vdot([np.complex(1, 2)], [np.complex(3, 4)]) // => (11-2j)
 */
export function vdot(a: ArrayLike, b: ArrayLike): Result {
  const [x, y] = promoted(a, b) as [View, View]
  if (x.size !== y.size) throw new ValueError('cannot reshape array for vdot: the sizes differ', { op: 'vdot', shapes: [x.shape, y.shape] })
  return unwrap(lib.vdot(x, y))
}

/**
 * The vector dot product along an axis; the first array is conjugated.
 *
 * @example
 * np.vecdot([[1, 2], [3, 4]], [1, 1]) // => array([3, 7])
 */
export function vecdot(x1: ArrayLike, x2: ArrayLike, options: { axis?: number; out?: NDArray | null } = {}): Result {
  const [x, y] = promoted(x1, x2) as [View, View]
  const { axis = -1, out } = options
  const [u, v] = [moveLast(x, axis), moveLast(y, axis)]
  if (u.shape[u.ndim - 1] !== v.shape[v.ndim - 1]) {
    throw new ShapeError(
      `vecdot: Input operand 1 has a mismatch in its core dimension 0, with gufunc signature (n),(n)->() (size ${v.shape[v.ndim - 1]} is different from ${u.shape[u.ndim - 1]})`,
      { op: 'vecdot', shapes: [x.shape, y.shape] },
    )
  }
  const product = p.mul(p.conj(u), v)
  return finish(p.sum(product, -1), out, 'vecdot')
}
const moveLast = (v: View, axis: number): View => moveaxis(wrap(v), axis, -1).value

/**
 * The Kronecker product: each item of `a` times the whole of `b`.
 *
 * @example
 * np.kron([1, 10], [1, 2]) // => array([ 1,  2, 10, 20])
 */
export const kron = /* @__PURE__ */ byName('kron', 'a b', (a: ArrayLike, b: ArrayLike): Result => {
  const [x, y] = promoted(a, b) as [View, View]
  return unwrap(lib.kron(x, y))
})

/**
 * The sum of products over axes: the last `axes` of `a` with the first of `b`, or the lists of axes given for each.
 *
 * @example
 * np.tensordot([[1, 2], [3, 4]], [[1, 0], [0, 1]]) // => 5
 * np.tensordot([[1, 2], [3, 4]], [1, 1], { axes: [[1], [0]] }) // => array([3, 7])
 */
export const tensordot = /* @__PURE__ */ byName(
  'tensordot',
  'a b',
  (a: ArrayLike, b: ArrayLike, axes: TensordotAxes | { axes?: TensordotAxes } = 2): Result => {
    const [x, y] = promoted(a, b) as [View, View]
    const given = typeof axes === 'object' && 'axes' in axes ? (axes.axes ?? 2) : (axes as TensordotAxes)
    let pairs: [number[], number[]]
    if (typeof given === 'number') {
      pairs = [Array.from({ length: given }, (_, i) => x.ndim - given + i), Array.from({ length: given }, (_, i) => i)]
    } else
      pairs = sequence('tensordot', 'axes', given as Iterable<unknown>).map((list) => integers('tensordot', 'axes', list)) as [
        number[],
        number[],
      ]
    if (pairs.length !== 2) throw new ValueError('axes must be a number or two lists', { op: 'tensordot' })
    const [ax, ay] = pairs
    const [nx, ny] = [ax.map((i) => normalizeAxis(i, x.ndim)), ay.map((i) => normalizeAxis(i, y.ndim))]
    if (nx.length !== ny.length || nx.some((axis, i) => x.shape[axis] !== y.shape[ny[i]!])) {
      throw new ShapeError('shape-mismatch for sum', { op: 'tensordot', shapes: [x.shape, y.shape] })
    }
    return unwrap(lib.tensordot(x, y, nx, ny))
  },
)
type TensordotAxes = number | readonly [number | readonly number[], number | readonly number[]]

/** Keyword arguments of `einsum`. */
export interface EinsumOptions {
  out?: NDArray | null
  dtype?: DTypeLike | null
  casting?: Casting
  order?: string
  optimize?: unknown
}
const einsumArgs = signature<EinsumOptions>('einsum', [], ['out', 'dtype', 'casting', 'order', 'optimize'])

/**
 * Einstein summation: products of arrays summed over the axes whose letters are not in the result.
 *
 * @example
 * np.einsum('ij,jk->ik', [[1, 2], [3, 4]], [[1, 0], [0, 1]]) // => array([[1, 2],
 *                                                            //           [3, 4]])
 * np.einsum('ii', [[1, 2], [3, 4]]) // => 5
 */
export function einsum(subscripts: string | ArrayLike, ...operands: unknown[]): Result {
  const last = operands[operands.length - 1]
  const plain = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype
  const { out, dtype, optimize = false } = einsumArgs(plain ? [last] : [])
  const [text, arrays] = readOperands([subscripts, ...(plain ? operands.slice(0, -1) : operands)])
  const views = arrays.map((a) => asView(a))
  if (views.length === 0) throw new ValueError('must provide at least an operand and a subscripts list to einsum', { op: 'einsum' })
  const to = maybeDType(dtype) ?? promoteAll(views.map((v) => v.dtype))
  const ready: Value[] = views.map((v) => castView(v, to))
  if (optimize === false || optimize === null || ready.length < 3) return finish(einsumOf(text, ready), out, 'einsum')
  for (const step of planOf(text, views, optimize as EinsumOptimize).steps) {
    const taken = step.positions.map((i) => ready.splice(i, 1)[0]!)
    ready.push(einsumOf(step.text, taken))
  }
  return finish(ready[0]!, out, 'einsum')
}

/** Subscripts and operands, given as text and arrays or as arrays with lists of their axes. */
function readOperands(all: readonly unknown[]): [string, ArrayLike[]] {
  if (typeof all[0] === 'string') return [all[0], all.slice(1) as ArrayLike[]]
  const lists: string[] = []
  const arrays: ArrayLike[] = []
  for (let i = 0; i + 1 < all.length; i += 2) {
    arrays.push(all[i] as ArrayLike)
    lists.push(sublistText(all[i + 1] as (number | string)[]))
  }
  return [lists.join(',') + (all.length % 2 === 1 ? `->${sublistText(all[all.length - 1] as number[])}` : ''), arrays]
}

/**
 * The order in which `einsum` contracts its operands when it is told to `optimize`, and a report of what that saves.
 *
 * @example
 * np.einsum_path('ij,jk,kl->il', np.ones([2, 2]), np.ones([2, 5]), np.ones([5, 2]))[0] // => [ 'einsum_path', [ 1, 2 ], [ 0, 1 ] ]
 */
export const einsum_path = (subscripts: string | ArrayLike, ...operands: unknown[]): EinsumPath =>
  einsumPathOf(readOperands, subscripts, operands)

/**
 * The product of matrices in the last two axes of `x1` with vectors in the last one of `x2`.
 *
 * @example
 * np.matvec([[1, 2], [3, 4]], [1, 10]) // => array([21, 43])
 */
export const matvec = (x1: ArrayLike, x2: ArrayLike): Result => matvecOf(promoted, x1, x2)

/**
 * The product of vectors in the last axis of `x1`, conjugated, with matrices in the last two of `x2`.
 *
 * @example
 * np.vecmat([1, 10], [[1, 2], [3, 4]]) // => array([31, 42])
 */
export const vecmat = (x1: ArrayLike, x2: ArrayLike): Result => vecmatOf(promoted, x1, x2)

/** Keyword arguments of `trace`. */
export interface TraceOptions {
  offset?: number
  axis1?: number
  axis2?: number
  dtype?: DTypeLike | null
  out?: NDArray | null
}
const traceArgs = signature<TraceOptions>('trace', ['offset', 'axis1', 'axis2', 'dtype', 'out'])

/**
 * The sum along a diagonal of two axes.
 *
 * @example
 * np.trace([[1, 2], [3, 4]]) // => 5
 */
export const trace = /* @__PURE__ */ byName(
  'trace',
  'a',
  (a: ArrayLike, ...rest: Rest<TraceOptions, ['offset', 'axis1', 'axis2', 'dtype', 'out']>): Result => {
    const { offset = 0, axis1 = 0, axis2 = 1, dtype, out } = traceArgs(rest)
    const x = asView(a)
    if (x.ndim < 2) throw new ValueError('diag requires an array of at least two dimensions', { op: 'trace', shapes: [x.shape] })
    const line = p.diagonal(x, integer('trace', 'offset', offset), normalizeAxis(axis1, x.ndim), normalizeAxis(axis2, x.ndim))
    const wide = (d: DType): DType => (d.kind === 'b' || d.kind === 'i' ? int64 : d.kind === 'u' ? uint64 : d)
    return finish(p.sum(line, -1, false, maybeDType(dtype) ?? wide(x.dtype)), out, 'trace')
  },
)

/** Keyword arguments of `cross`. */
export interface CrossOptions {
  axisa?: number
  axisb?: number
  axisc?: number
  axis?: number | null
}
const crossArgs = signature<CrossOptions>('cross', ['axisa', 'axisb', 'axisc', 'axis'], [], 2)

/**
 * The cross product of vectors of length 3. Of vectors of length 2 (deprecated upstream) the third item is 0, and of two such it alone comes back.
 *
 * @example
 * np.cross([1, 0, 0], [0, 1, 0]) // => array([0, 0, 1])
 */
export const cross = /* @__PURE__ */ byName(
  'cross',
  'a b',
  (a: ArrayLike, b: ArrayLike, ...rest: Rest<CrossOptions, ['axisa', 'axisb', 'axisc', 'axis']>): NDArray => {
    const options = crossArgs(rest)
    // one axis for all three counts above theirs
    const {
      axisa = -1,
      axisb = -1,
      axisc = -1,
    } = (options.axis ?? null) === null ? options : { axisa: options.axis!, axisb: options.axis!, axisc: options.axis! }
    const [x, y] = promoted(a, b) as [View, View]
    if (x.ndim < 1 || y.ndim < 1) throw new ValueError('At least one array has zero dimension', { op: 'cross', shapes: [x.shape, y.shape] })
    const [u, v] = [moveLast(x, axisa), moveLast(y, axisb)]
    const [nu, nv] = [u.shape[u.ndim - 1]!, v.shape[v.ndim - 1]!]
    if (![2, 3].includes(nu) || ![2, 3].includes(nv)) {
      throw new ValueError('incompatible dimensions for cross product\n(dimension must be 2 or 3)', {
        op: 'cross',
        shapes: [x.shape, y.shape],
      })
    }
    if (nu === 2 || nv === 2) {
      warn(
        'Arrays of 2-dimensional vectors are deprecated. Use arrays of 3-dimensional vectors instead. (deprecated in NumPy 2.0)',
        'DeprecationWarning',
      )
    }
    const at = (w: View, i: number): Value => p.reshape(p.narrow(w, w.ndim - 1, i, 1), w.shape.slice(0, -1))
    const minor = (i: number, j: number): Value => p.sub(p.mul(at(u, i), at(v, j)), p.mul(at(u, j), at(v, i)))
    if (nu === 2 && nv === 2) return wrap(minor(0, 1))
    // A vector of two items lies in the plane: its third one is 0.
    const third = (i: number, j: number): Value => {
      const [a, b] = [nu === 3, nv === 3]
      if (a && b) return minor(i, j)
      const one = (w: View, k: number, has: boolean): Value | null => (k === 2 && !has ? null : at(w, k))
      const product = (k: number, l: number): Value | null => {
        const [first, second] = [one(u, k, a), one(v, l, b)]
        return first && second && p.mul(first, second)
      }
      const [plus, minus] = [product(i, j), product(j, i)]
      if (plus && minus) return p.sub(plus, minus)
      return plus ?? p.neg(minus!)
    }
    const parts = [third(1, 2), third(2, 0), third(0, 1)]
    return moveaxis(wrap(p.stack(parts, -1)), -1, parts[0]!.ndim === 0 ? -1 : axisc)
  },
)
