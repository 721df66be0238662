/** Tensors joined, repeated, turned and cut to triangles. */

import { isKeywords, variadic } from '../../core/arguments.ts'
import * as core from '../../core/dtype.ts'
import { items, viewOf as makeView } from '../../core/element.ts'
import { MemoryError, RuntimeError, ValueError } from '../../core/errors.ts'
import { promoteTypes } from '../../core/promote_torch.ts'
import { sameShape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { Tensor, wrapDim } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { diagonal, expand, permute, reshape, split, tensor_split, tensorList, unsqueeze, view } from './shape.ts'
import { checkKeywords, deliver, inOrder, intList, named, type OutOption, tensorArg } from './support.ts'

/** Keywords of the joining functions. */
export interface JoinOptions extends OutOption {
  /** The dimension to join along. Default 0. */
  readonly dim?: number
}
const dimOf = (dim: number | JoinOptions): number => (typeof dim === 'number' ? dim : (dim.dim ?? 0))
function outOf(name: string, dim: number | JoinOptions, options: JoinOptions): Tensor | undefined {
  const given = typeof dim === 'number' ? options : dim
  checkKeywords(name, given, 'dim', 'out')
  return given.out
}

/** Values cast to their common dtype. */
function joined(tensors: readonly Tensor[]): Value[] {
  if (tensors.length === 0) throw new RuntimeError('expected a non-empty list of Tensors')
  const dtype = tensors.map((x) => x.raw.dtype).reduce(promoteTypes)
  return tensors.map((x) => p.cast(x.value, dtype))
}

/**
 * The tensors joined along a dimension that they have; their other lengths must agree.
 *
 * @example
 * ```ts
 * torch.cat([torch.tensor([1, 2]), torch.tensor([3])]) // => tensor([1, 2, 3])
 * ```
 */
export function cat(tensors: readonly Tensor[], dim: number | JoinOptions = 0, options: JoinOptions = {}): Tensor {
  const all = tensorList('cat', tensors)
  if (all.length === 0) throw new ValueError('torch.cat(): expected a non-empty list of Tensors')
  // a 1-d tensor without elements goes with any shape
  const used = all.filter((x) => !(x.ndim === 1 && x.raw.shape[0] === 0))
  const first = used[0] ?? all[0]!
  const at = wrapDim(dimOf(dim), first.ndim)
  all.forEach((x, i) => {
    if (x.ndim === 0) throw new RuntimeError(`zero-dimensional tensor (at position ${i}) cannot be concatenated`)
    if (!used.includes(x)) return
    if (x.ndim !== first.ndim) throw new RuntimeError(`Tensors must have same number of dimensions: got ${first.ndim} and ${x.ndim}`)
    x.raw.shape.forEach((n, d) => {
      if (d !== at && n !== first.raw.shape[d]) {
        throw new RuntimeError(
          `Sizes of tensors must match except in dimension ${at}. Expected size ${first.raw.shape[d]} but got size ${n} for tensor number ${i} in the list.`,
          { shapes: all.map((t) => t.raw.shape) },
        )
      }
    })
  })
  const values = joined(all).filter((_, i) => used.includes(all[i]!))
  return deliver('cat', values.length === 0 ? p.clone(joined(all)[0]!) : p.concatenate(values, at), outOf('cat', dim, options), all)
}

/**
 * Tensors of one shape along a new dimension.
 *
 * @example
 * ```ts
 * torch.stack([torch.tensor([1, 2]), torch.tensor([3, 4])]) // => tensor([[1, 2],
 *                                                           //            [3, 4]])
 * ```
 */
export function stack(tensors: readonly Tensor[], dim: number | JoinOptions = 0, options: JoinOptions = {}): Tensor {
  const all = tensorList('stack', tensors)
  if (all.length === 0) throw new RuntimeError('stack expects a non-empty TensorList')
  all.forEach((x, i) => {
    if (!sameShape(x.raw.shape, all[0]!.raw.shape)) {
      throw new RuntimeError(
        `stack expects each tensor to be equal size, but got [${all[0]!.raw.shape.join(', ')}] at entry 0 and [${x.raw.shape.join(', ')}] at entry ${i}`,
        { shapes: all.map((t) => t.raw.shape) },
      )
    }
  })
  const at = wrapDim(dimOf(dim), all[0]!.ndim + 1)
  return named(deliver('stack', p.stack(joined(all), at), outOf('stack', dim, options), all), 'StackBackward0')
}

type AtLeast = { (input: Tensor): Tensor; (...tensors: readonly (Tensor | readonly Tensor[])[]): Tensor | Tensor[] }
/** Of one tensor one comes back, of several or of a list a list. */
const atLeast = (name: string, f: (x: Tensor) => Tensor): AtLeast =>
  ((...inputs: readonly (Tensor | readonly Tensor[])[]) => {
    const [first] = inputs
    if (inputs.length === 1 && !Array.isArray(first)) return f(tensorArg(name, first))
    return tensorList(name, inputs.flat() as Tensor[]).map(f)
  }) as AtLeast
const line = (x: Tensor): Tensor => (x.ndim === 0 ? reshape(x, 1) : x)
const plane = (x: Tensor): Tensor => (x.ndim >= 2 ? x : unsqueeze(line(x), 0))
const block = (x: Tensor): Tensor => (x.ndim >= 3 ? x : unsqueeze(plane(x), -1))
/** As a tensor of at least one dimension; a list of them for several. */
export const atleast_1d: AtLeast = atLeast('atleast_1d', line)
/** As a tensor of at least two dimensions; a list of them for several. */
export const atleast_2d: AtLeast = atLeast('atleast_2d', plane)
/** As a tensor of at least three dimensions; a list of them for several. */
export const atleast_3d: AtLeast = atLeast('atleast_3d', block)

/** The tensors side by side: along dimension 1, or 0 of vectors. */
export function hstack(tensors: readonly Tensor[], options: OutOption = {}): Tensor {
  const all = tensorList('hstack', tensors).map(line)
  return cat(all, all[0]?.ndim === 1 ? 0 : 1, options)
}
/** The tensors under each other, as rows at least. */
export const vstack = (tensors: readonly Tensor[], options: OutOption = {}): Tensor =>
  cat(tensorList('vstack', tensors).map(plane), 0, options)
/** The tensors behind each other, along dimension 2. */
export const dstack = (tensors: readonly Tensor[], options: OutOption = {}): Tensor =>
  cat(tensorList('dstack', tensors).map(block), 2, options)
/** Vectors as columns beside each other. */
export const column_stack = (tensors: readonly Tensor[], options: OutOption = {}): Tensor =>
  hstack(
    tensorList('column_stack', tensors).map((x) => (x.ndim <= 1 ? reshape(x, [x.numel(), 1]) : x)),
    options,
  )
function evenly(name: string, input: Tensor, sections: number | readonly number[], dim: number): Tensor[] {
  const x = tensorArg(name, input)
  if (x.ndim <= dim) {
    const least = name === 'hsplit' ? 1 : dim + 1
    throw new RuntimeError(
      `torch.${name} requires a tensor with at least ${least} dimension${least === 1 ? '' : 's'}, but got a tensor with ${x.ndim} dimensions!`,
    )
  }
  const n = x.raw.shape[dim]!
  if (typeof sections === 'number' && (sections === 0 || n % sections !== 0)) {
    throw new RuntimeError(
      `torch.${name} attempted to split along dimension ${dim}, but the size of the dimension ${n} is not divisible by the split_size ${sections}!`,
    )
  }
  return tensor_split(x, sections, dim)
}

/** Pieces along dimension 1, or 0 of vectors. */
export const hsplit = keyed('hsplit', 'indices_or_sections', (input: Tensor, sections: number | readonly number[]): Tensor[] =>
  evenly('hsplit', input, sections, tensorArg('hsplit', input).ndim <= 1 ? 0 : 1),
)
/** Pieces along dimension 0. */
export const vsplit = keyed('vsplit', 'indices_or_sections', (input: Tensor, sections: number | readonly number[]): Tensor[] =>
  evenly('vsplit', input, sections, 0),
)
/** Pieces along dimension 2. */
export const dsplit = keyed('dsplit', 'indices_or_sections', (input: Tensor, sections: number | readonly number[]): Tensor[] =>
  evenly('dsplit', input, sections, 2),
)
/** Pieces of given lengths along a dimension. */
export const split_with_sizes = keyed('split_with_sizes', 'split_sizes dim', (input: Tensor, sizes: readonly number[], dim = 0): Tensor[] =>
  split(input, sizes, dim),
)

/** A copy in reverse order along dimensions. */
export const flip = keyed('flip', 'dims', (input: Tensor, ...dims: readonly (number | readonly number[])[]): Tensor => {
  const x = tensorArg('flip', input)
  const axes = (variadic<number>(dims).items.flat() as number[]).map((d) => wrapDim(d, x.ndim))
  if (new Set(axes).size !== axes.length)
    throw new RuntimeError(`dim ${axes.find((d, i) => axes.indexOf(d) !== i)} appears multiple times in the list of dims`)
  return named(new Tensor(p.clone(p.flip(x.value, x.ndim === 0 ? [] : axes))), 'FlipBackward0')
})
/** A copy with columns in reverse order. */
export const fliplr = (input: Tensor): Tensor => flip(input, 1)
/** A copy with rows in reverse order. */
export const flipud = (input: Tensor): Tensor => flip(input, 0)

/** The elements moved along dimensions by `shifts`, those that leave coming in at the other end; over all elements when `dims` is left out. */
export const roll = keyed(
  'roll',
  'shifts dims',
  (input: Tensor, shifts: number | readonly number[], dims: number | readonly number[] | null = null): Tensor => {
    const x = tensorArg('roll', input)
    const by = [shifts].flat() as number[]
    if (dims === null || (Array.isArray(dims) && dims.length === 0)) {
      if (by.length !== 1) throw new RuntimeError(`shifts and dimensions must align. shifts: ${by.length}, dims:0`)
      return named(reshape(roll(reshape(x, -1), by, 0), x.raw.shape), 'RollBackward0')
    }
    const axes = ([dims].flat() as number[]).map((d) => wrapDim(d, x.ndim))
    if (axes.length !== by.length) throw new RuntimeError(`shifts and dimensions must align. shifts: ${by.length}, dims:${axes.length}`)
    const out = axes.reduce((v, axis, i) => {
      const n = v.shape[axis]!
      const k = n === 0 ? 0 : ((by[i]! % n) + n) % n
      return k === 0 ? v : p.concatenate([p.narrow(v, axis, n - k, k), p.narrow(v, axis, 0, n - k)], axis)
    }, x.value)
    return named(new Tensor(out === x.value ? p.clone(out) : out), 'RollBackward0')
  },
)

/** The tensor repeated along each dimension; more repeats than dimensions add new ones in front. */
export const repeat = keyed('repeat', 'repeats', (input: Tensor, ...repeats: readonly (number | readonly number[])[]): Tensor => {
  const x = tensorArg('repeat', input)
  const times = intList('repeat', variadic<number>(repeats).items.flat(), 'repeats')
  if (times.length < x.ndim)
    throw new RuntimeError('Number of dimensions of repeat dims can not be smaller than number of dimensions of tensor')
  if (times.some((n) => n < 0)) throw new RuntimeError('Trying to create tensor with negative dimension')
  const shape = [...new Array<number>(times.length - x.ndim).fill(1), ...x.raw.shape]
  const wide = p.broadcastTo(
    p.reshape(
      x.value,
      shape.flatMap((n) => [1, n]),
    ),
    shape.flatMap((n, i) => [times[i]!, n]),
  )
  return named(
    new Tensor(
      p.clone(
        p.reshape(
          wide,
          shape.map((n, i) => n * times[i]!),
        ),
      ),
    ),
    'RepeatBackward0',
  )
})

/** The tensor repeated along each dimension; missing repeats in front are 1. */
export const tile = keyed('tile', 'dims', (input: Tensor, ...dims: readonly (number | readonly number[])[]): Tensor => {
  const times = intList('tile', variadic<number>(dims).items.flat(), 'dims')
  return repeat(input, [...new Array<number>(Math.max(0, tensorArg('tile', input).ndim - times.length)).fill(1), ...times])
})

/** Rows whose places a list can hold. */
const MOST_ROWS = 2 ** 26

/** Keywords of repeat_interleave. */
export interface RepeatInterleaveOptions {
  /** The dimension; null: over all elements. */
  readonly dim?: number | null
  readonly output_size?: number | null
}

/** Each element along a dimension repeated in place, all as often or each its own number of times. */
export const repeat_interleave = keyed(
  'repeat_interleave',
  'repeats dim ...',
  (
    input: Tensor,
    repeats: number | Tensor,
    dim: number | null | RepeatInterleaveOptions = null,
    options: RepeatInterleaveOptions = {},
  ): Tensor => {
    checkKeywords('repeat_interleave', options, 'output_size')
    const given = typeof dim === 'object' && dim !== null ? (dim.dim ?? null) : dim
    const x = given === null ? reshape(tensorArg('repeat_interleave', input), -1) : tensorArg('repeat_interleave', input)
    const axis = given === null ? 0 : wrapDim(given, x.ndim)
    const n = x.raw.shape[axis]!
    const counts = repeats instanceof Tensor ? (items(repeats.memory) as number[]) : intList('repeat_interleave', repeats, 'repeats')
    if (counts.length !== 1 && counts.length !== n) {
      throw new RuntimeError(
        `repeats must have the same size as input along dim, but got repeats.size(0) = ${counts.length} and input.size(${axis}) = ${n}`,
      )
    }
    if (!counts.every(Number.isInteger)) throw new RuntimeError('repeats has to be Long or Int tensor')
    if (counts.some((c) => c < 0)) throw new RuntimeError('Repeats must be non-negative')
    const total = counts.length === 1 ? n * counts[0]! : counts.reduce((sum, c) => sum + c, 0)
    if (total > MOST_ROWS) throw new MemoryError(`repeat_interleave(): ${total} rows are more than can be indexed`)
    const at = Array.from({ length: n }, (_, i) => new Array<number>(counts[counts.length === 1 ? 0 : i]!).fill(i)).flat()
    const index = intVector(at)
    const moved = p.moveAxis(x.value, axis, 0)
    return new Tensor(inOrder(p.moveAxis(p.index(moved, [index]), 0, axis)))
  },
)

const intVector = (values: readonly number[]): Value => makeView(values, [values.length], core.int64)

/** Zeros outside a triangle of the last two dimensions. */
function triangle(name: string, input: Tensor, diagonalNumber: number, lower: boolean): Tensor {
  const x = tensorArg(name, input)
  if (x.ndim < 2) throw new RuntimeError(`${name}: input tensor must have at least 2 dimensions`)
  const [m, n] = x.raw.shape.slice(-2) as [number, number]
  const row = p.reshape(p.ramp(m, 0, 1, core.int64, x.raw.device), [m, 1])
  const column = p.ramp(n, 0, 1, core.int64, x.raw.device)
  const offset = p.sub(column, row)
  const keep = lower ? p.le(offset, diagonalNumber) : p.ge(offset, diagonalNumber)
  return named(new Tensor(p.where(keep, x.value, 0, { dtype: x.raw.dtype })), lower ? 'TrilBackward0' : 'TriuBackward0')
}
type TriangleOptions = { readonly diagonal?: number }
const numberOf = (diagonal: number | TriangleOptions): number =>
  intList('diagonal', isKeywords(diagonal) ? (diagonal.diagonal ?? 0) : diagonal, 'diagonal')[0] ?? 0
/** The elements on and below a diagonal of the last two dimensions, zeros above. */
export const tril = keyed(
  'tril',
  'diagonal',
  (input: Tensor, diagonal: number | TriangleOptions = 0): Tensor => triangle('tril', input, numberOf(diagonal), true),
)
/** The elements on and above a diagonal of the last two dimensions, zeros below. */
export const triu = keyed(
  'triu',
  'diagonal',
  (input: Tensor, diagonal: number | TriangleOptions = 0): Tensor => triangle('triu', input, numberOf(diagonal), false),
)

/** The diagonal of a matrix, or a matrix with a vector on its diagonal. */
export const diag = keyed('diag', 'diagonal', (input: Tensor, offset: number | TriangleOptions = 0): Tensor => {
  const x = tensorArg('diag', input)
  const k = numberOf(offset)
  if (x.ndim === 2) return new Tensor(p.clone(diagonal(x, k).value))
  if (x.ndim !== 1) throw new RuntimeError(`diag(): Supports 1D or 2D tensors. Got ${x.ndim}D`)
  return diag_embed(x, k)
})
/** Matrices with the last dimension on a diagonal. */
export const diag_embed = keyed('diag_embed', 'offset dim1 dim2', (input: Tensor, offset = 0, dim1 = -2, dim2 = -1): Tensor => {
  const x = tensorArg('diag_embed', input)
  if (x.ndim === 0) throw new RuntimeError('diag_embed(): input must have at least one dimension')
  offset = intList('diag_embed', offset, 'offset')[0] ?? 0
  const n = x.raw.shape.at(-1)! + Math.abs(offset)
  const [a, b] = [wrapDim(dim1, x.ndim + 1), wrapDim(dim2, x.ndim + 1)]
  if (a === b) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`)
  const rest = x.raw.shape.slice(0, -1)
  const shape: number[] = []
  for (let i = 0; i <= x.ndim; i++) shape.push(i === a || i === b ? n : rest.shift()!)
  return new Tensor(p.undiagonal(x.value, shape, offset, a, b))
})
/** A vector on the diagonal of a matrix, after flattening. */
export const diagflat = keyed('diagflat', 'offset', (input: Tensor, offset = 0): Tensor => diag_embed(reshape(input, -1), offset))

/** Keywords of meshgrid. */
export interface MeshgridOptions {
  /** 'ij' (default): dimension i follows vector i. 'xy': the first two are swapped. */
  readonly indexing?: 'ij' | 'xy'
}
/** Grids of coordinates from vectors, as views. */
export function meshgrid(...args: readonly (Tensor | readonly Tensor[] | MeshgridOptions)[]): Tensor[] {
  const last = args.at(-1)
  const options = last instanceof Tensor || Array.isArray(last) ? {} : ((last ?? {}) as MeshgridOptions)
  const tensors = args.filter((x) => x !== options).flat() as Tensor[]
  const { indexing = 'ij' } = options ?? {}
  if (indexing !== 'ij' && indexing !== 'xy')
    throw new RuntimeError(`torch.meshgrid: indexing must be one of "xy" or "ij", but received: ${indexing}`)
  const vectors = tensors.map((x) => {
    if (tensorArg('meshgrid', x).ndim > 1)
      throw new RuntimeError(`torch.meshgrid: Expected 0D or 1D tensor in the tensor list but got: ${x.ndim}`)
    return reshape(x, -1)
  })
  const order = vectors.map((_, i) => i)
  if (indexing === 'xy' && order.length > 1) [order[0], order[1]] = [1, 0]
  return vectors.map((x, i) => {
    const at = order[i]!
    const shape = order.map((_, d) => (d === at ? x.numel() : 1))
    return expand(
      view(x, shape),
      order.map((_, d) => vectors[order[d]!]!.numel()),
    )
  })
}

/** A plane turned by k quarter turns from dims[0] towards dims[1]. */
export const rot90 = keyed('rot90', 'k dims', (input: Tensor, k = 1, dims: readonly number[] = [0, 1]): Tensor => {
  const x = tensorArg('rot90', input)
  const [a, b] = intList('rot90', dims, 'dims').map((d) => wrapDim(d, x.ndim)) as [number, number]
  k = intList('rot90', k, 'k')[0] ?? 1
  if (dims.length !== 2 || a === b) throw new RuntimeError(`expected rotation dims to be two different dimensions, but got [${dims}]`)
  const axes = input.raw.shape.map((_, i) => (i === a ? b : i === b ? a : i))
  const turns = ((k % 4) + 4) % 4
  if (turns === 0) return new Tensor(p.clone(input.value))
  if (turns === 2) return flip(input, [a, b])
  return turns === 1 ? permute(flip(input, b), axes) : flip(permute(input, axes), b)
})

/** All combinations of elements of vectors, one row each. */
export function cartesian_prod(...tensors: readonly Tensor[]): Tensor {
  if (tensors.length === 1) return tensors[0]!
  return stack(
    meshgrid(...tensors).map((g) => reshape(g, -1)),
    1,
  )
}
/** Matrices on the diagonal of a larger one. */
export function block_diag(...tensors: readonly Tensor[]): Tensor {
  const all = tensors.map(plane)
  if (all.some((x) => x.ndim > 2)) throw new RuntimeError('torch.block_diag: Input tensors must have 2 or fewer dimensions')
  const width = all.reduce((n, x) => n + x.raw.shape[1]!, 0)
  let at = 0
  const rows = joined(all).map((v) => {
    const left = at
    at += v.shape[1]!
    return p.pad(v, [0, left], [0, width - at])
  })
  return new Tensor(p.concatenate(rows, 0))
}

export { cat as concat, cat as concatenate, vstack as row_stack }
