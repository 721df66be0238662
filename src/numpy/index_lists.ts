/** Lists of indices: flat and by axis, of triangles and diagonals. */

import { integer, integers, keyword, type Rest, sequence, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { bool, int64 } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import { contiguousStrides, MAX_DIMS, sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, unwrap, wrap } from './convert.ts'
import { type IndexMode, nonzero, places } from './indexing.ts'
import type { NDArray } from './ndarray.ts'
import type { ArrayLike, Result } from './types.ts'

/**
 * Flat indices as indices for each axis of a shape.
 *
 * @example
 * np.unravel_index(5, [2, 3]) // => [ 1, 2 ]
 */
export const unravel_index = /* @__PURE__ */ byName(
  'unravel_index',
  'indices shape',
  (indices: ArrayLike, shape: number | readonly number[], order?: 'C' | 'F' | { order?: 'C' | 'F' }): Result[] => {
    const givenOrder = keyword<'C' | 'F'>('unravel_index', 'order', order as 'C' | 'F', 'C')
    const dims = integers('unravel_index', 'shape', shape)
    const total = sizeOf(dims)
    const given = asView(indices)
    if (!given.dtype.isInteger) throw new ArgumentError('only int indices permitted', { op: 'unravel_index' })
    const flat = castView(given, int64)
    for (const i of items(flat) as number[]) {
      if (i < 0 || i >= total) throw new ValueError(`index ${i} is out of bounds for array with size ${total}`, { op: 'unravel_index' })
    }
    const steps = givenOrder === 'F' ? contiguousStrides([...dims].reverse(), 1).reverse() : contiguousStrides(dims, 1)
    return dims.map((n, i) => unwrap(p.remainder(p.floorDivide(flat, Math.max(steps[i]!, 1)), Math.max(n, 1))))
  },
)

/**
 * Indices for each axis of a shape as flat indices.
 *
 * @example
 * np.ravel_multi_index([[0, 1], [2, 0]], [2, 3]) // => array([2, 3])
 */
export const ravel_multi_index = /* @__PURE__ */ byName(
  'ravel_multi_index',
  'multi_index dims',
  (multi_index: readonly ArrayLike[] | NDArray, dims: readonly number[], ...rest: Rest<RavelOptions, ['mode', 'order']>): Result => {
    const { mode = 'raise', order = 'C' } = ravelArgs(rest)
    const modeOf = (i: number): IndexMode => (Array.isArray(mode) ? (mode as readonly IndexMode[])[i]! : (mode as IndexMode))
    dims = integers('ravel_multi_index', 'dims', dims)
    const given = sequence('ravel_multi_index', 'multi_index', multi_index as Iterable<ArrayLike>)
    if (given.length !== dims.length)
      throw new ValueError(`parameter multi_index must be a sequence of length ${dims.length}`, { op: 'ravel_multi_index' })
    const lists = given.map((x, i) => places(x, dims[i]!, modeOf(i), 'ravel_multi_index'))
    lists.forEach((v, i) => {
      if (items(v).some((x) => (x as number) < 0 || (x as number) >= dims[i]!))
        throw new ValueError('invalid entry in coordinates array', { op: 'ravel_multi_index' })
    })
    const steps = order === 'F' ? contiguousStrides([...dims].reverse(), 1).reverse() : contiguousStrides(dims, 1)
    return unwrap(lists.map((v, i) => p.mul(v, steps[i]!) as Value).reduce((a, b) => p.add(a, b)))
  },
)

/** Keyword arguments of `ravel_multi_index`. */
export interface RavelOptions {
  /** What happens to indices out of range; one for each axis when a list. */
  mode?: IndexMode | readonly IndexMode[]
  order?: 'C' | 'F'
}
const ravelArgs = signature<RavelOptions>('ravel_multi_index', ['mode', 'order'], [], 2)

/**
 * Index arrays that name every combination of the given lists, as `a.at(...np.ix_(rows, columns))`.
 *
 * @example
 * np.ix_([0, 1], [2, 3]).map((x) => x.shape) // => [ [ 2, 1 ], [ 1, 2 ] ]
 */
export function ix_(...args: ArrayLike[]): NDArray[] {
  return args.map((arg, i) => {
    const v = asView(arg)
    if (v.ndim !== 1) throw new ValueError('Cross index must be 1 dimensional', { op: 'ix_', shapes: [v.shape] })
    const line = v.dtype === bool ? nonzero(wrap(v))[0]!.value : v.size === 0 ? castView(v, int64) : v
    return wrap(
      p.reshape(
        line,
        args.map((_, k) => (k === i ? line.size : 1)),
      ),
    )
  })
}

const fromMask = (mask: View): NDArray[] => nonzero(wrap(mask))

/** Indices of a triangle: where a matrix of ones has it. */
function triangleIndices(n: number, k: number, m: number | undefined, upper: boolean): NDArray[] {
  const i = p.reshape(p.ramp(n, 0, 1, int64), [n, 1])
  const j = p.ramp(m ?? n, 0, 1, int64)
  const shifted = p.add(i, k)
  return fromMask((upper ? p.ge(j, shifted) : p.le(j, shifted)) as View)
}

/**
 * The indices of the lower triangle of an n by m matrix.
 *
 * @example
 * np.tril_indices(2) // => [ array([0, 1, 1]), array([0, 0, 1]) ]
 */
export const tril_indices = /* @__PURE__ */ byName(
  'tril_indices',
  'n',
  (n: number, ...rest: Rest<TriangleOptions, ['k', 'm']>): NDArray[] => {
    const { k = 0, m } = trilArgs(rest)
    return triangleIndices(n, k, m ?? undefined, false)
  },
)
/** Keyword arguments of `tril_indices` and `triu_indices`. */
export interface TriangleOptions {
  /** The diagonal: 0 the main one, positive above it. */
  k?: number
  /** The number of columns; n unless given. */
  m?: number | null
}
const trilArgs = signature<TriangleOptions>('tril_indices', ['k', 'm'])
const triuArgs = signature<TriangleOptions>('triu_indices', ['k', 'm'])

/**
 * The indices of the upper triangle of an n by m matrix.
 *
 * @example
 * np.triu_indices(2) // => [ array([0, 0, 1]), array([0, 1, 1]) ]
 */
export const triu_indices = /* @__PURE__ */ byName(
  'triu_indices',
  'n',
  (n: number, ...rest: Rest<TriangleOptions, ['k', 'm']>): NDArray[] => {
    const { k = 0, m } = triuArgs(rest)
    return triangleIndices(n, k, m ?? undefined, true)
  },
)

/**
 * The indices of the lower triangle of a matrix.
 *
 * @example
 * np.tril_indices_from(np.eye(2)) // => [ array([0, 1, 1]), array([0, 0, 1]) ]
 */
export const tril_indices_from = /* @__PURE__ */ byName(
  'tril_indices_from',
  'arr',
  (arr: ArrayLike, k: number | { k?: number } = 0): NDArray[] => {
    const [n, m] = matrix(arr)
    return triangleIndices(n, keyword('tril_indices_from', 'k', k, 0), m, false)
  },
)

/**
 * The indices of the upper triangle of a matrix.
 *
 * @example
 * np.triu_indices_from(np.eye(2)) // => [ array([0, 0, 1]), array([0, 1, 1]) ]
 */
export const triu_indices_from = /* @__PURE__ */ byName(
  'triu_indices_from',
  'arr',
  (arr: ArrayLike, k: number | { k?: number } = 0): NDArray[] => {
    const [n, m] = matrix(arr)
    return triangleIndices(n, keyword('triu_indices_from', 'k', k, 0), m, true)
  },
)

function matrix(arr: ArrayLike): [number, number] {
  const v = asView(arr)
  if (v.ndim !== 2) throw new ValueError('input array must be 2-d', { op: 'tril_indices_from', shapes: [v.shape] })
  return [v.shape[0]!, v.shape[1]!]
}

/**
 * The indices of the main diagonal of an array of `ndim` axes of length n.
 *
 * @example
 * np.diag_indices(2) // => [ array([0, 1]), array([0, 1]) ]
 */
export const diag_indices = /* @__PURE__ */ byName('diag_indices', 'n', (n: number, ndim: number | { ndim?: number } = 2): NDArray[] =>
  Array.from({ length: Math.min(integer('diag_indices', 'ndim', keyword('diag_indices', 'ndim', ndim, 2)), MAX_DIMS) }, () =>
    wrap(p.ramp(integer('diag_indices', 'n', n), 0, 1, int64)),
  ),
)

/**
 * The indices of the main diagonal of an array whose axes have one length.
 *
 * @example
 * np.diag_indices_from(np.eye(2)) // => [ array([0, 1]), array([0, 1]) ]
 */
export const diag_indices_from = /* @__PURE__ */ byName('diag_indices_from', 'arr', (arr: ArrayLike): NDArray[] => {
  const { shape } = asView(arr)
  if (shape.length < 2) throw new ValueError('input array must be at least 2-d', { op: 'diag_indices_from', shapes: [shape] })
  if (shape.some((n) => n !== shape[0]))
    throw new ValueError('All dimensions of input must be of equal length', { op: 'diag_indices_from', shapes: [shape] })
  return diag_indices(shape[0]!, shape.length)
})

/**
 * The indices of an n by n matrix that a masking function such as `np.triu` keeps.
 *
 * @example
 * np.mask_indices(2, np.triu) // => [ array([0, 0, 1]), array([0, 1, 1]) ]
 */
export const mask_indices = /* @__PURE__ */ byName(
  'mask_indices',
  'n mask_func',
  (n: number, mask_func: (m: NDArray, k: any) => ArrayLike, k: unknown = 0): NDArray[] => {
    const size = integer('mask_indices', 'n', n)
    if (typeof mask_func !== 'function') throw new ArgumentError('mask_indices(): mask_func must be a function', { op: 'mask_indices' })
    return nonzero(mask_func(wrap(p.full([size, size], 1, int64)), k))
  },
)

/** Every index of a shape in C order. */
export function* ndindex(...shape: (number | readonly number[])[]): IterableIterator<number[]> {
  const dims = (Array.isArray(shape[0]) ? shape[0] : shape) as number[]
  const n = sizeOf(dims)
  const steps = contiguousStrides(dims, 1)
  for (let i = 0; i < n; i++) yield dims.map((d, axis) => Math.floor(i / steps[axis]!) % d)
}

/** Every index of an array in C order, with the item there. */
export function* ndenumerate(arr: ArrayLike): IterableIterator<[number[], any]> {
  const v = asView(arr)
  const list = items(v)
  let i = 0
  for (const index of ndindex(v.shape as number[])) yield [index, list[i++]]
}
