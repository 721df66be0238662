/** Shapes: views of the same memory where PyTorch gives views, copies where it copies. */

import { variadic } from '../../core/arguments.ts'
import { describe } from '../../core/describe.ts'
import type { DType } from '../../core/dtype.ts'
import { ArgumentError, IndexError, MemoryError, RuntimeError, ShapeError } from '../../core/errors.ts'
import { checkShape, type Shape, sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { reshapedStrides } from '../../ops/movement/reshape.ts'
import { coreDType, type DTypeLike, isDType, scalarTypeName } from '../dtype.ts'
import { Tensor, viewOf, wrapDim } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { checkBroadcast, flatInts, intList, named, tensorArg, viewed } from './support.ts'

type Ints = readonly (number | readonly number[])[]
const list = (args: Ints): number[] => flatInts(variadic<number>(args).items)

/** A shape with at most one -1 filled in. */
function inferShape(shape: readonly number[], size: number): number[] {
  const open = shape.indexOf(-1)
  if (open >= 0 && shape.indexOf(-1, open + 1) >= 0) throw new RuntimeError('only one dimension can be inferred')
  const bad = shape.findIndex((n) => !Number.isInteger(n) || n < -1)
  if (bad >= 0) throw new RuntimeError(`invalid shape dimension ${typeof shape[bad] === 'number' ? shape[bad] : describe(shape[bad])}`)
  const known = shape.reduce((n, d, i) => (i === open ? n : n * d), 1)
  const fits = open < 0 ? known === size : known !== 0 && size % known === 0
  if (!fits) throw new ShapeError(`shape '[${shape.join(', ')}]' is invalid for input of size ${size}`, { shapes: [shape] })
  return shape.map((n, i) => (i === open ? size / known : n))
}

/**
 * The same memory under another shape; one length may be -1.
 *
 * An error when strides do not allow it: use reshape, which copies then.
 *
 * @example
 * ```ts
 * torch.arange(6).view(2, -1).shape // => torch.Size([2, 3])
 * ```
 */
export const view = keyed('view', 'shape', (input: Tensor, ...shape: Ints | readonly [DTypeLike]): Tensor => {
  const x = tensorArg('view', input)
  if (shape.length === 1 && isDType(shape[0])) return reinterpreted(x, coreDType(shape[0])!)
  const to = inferShape(list(shape as Ints), x.numel())
  const { value } = x
  if (value instanceof View || value.level === 1) checkViewable(viewOf(value), to)
  return viewed(x, (v) => p.reshape(v, to), 'ViewBackward0')
})

/** The same bytes as another dtype: the last dimension gets shorter or longer when items have another size. */
function reinterpreted(x: Tensor, dtype: DType): Tensor {
  const v = x.memory
  const [from, to] = [v.dtype.itemsize, dtype.itemsize]
  if (dtype === v.dtype) return x
  const bytes = (what: string) =>
    new RuntimeError(
      `self.size(-1) must be divisible by ${to / from} to view ${scalarTypeName(v.dtype)} as ${scalarTypeName(dtype)} (different element sizes), but got ${what}`,
    )
  let { shape, strides } = v
  if (from !== to) {
    if (v.ndim === 0)
      throw new RuntimeError(
        `self.dim() cannot be 0 to view ${scalarTypeName(v.dtype)} as ${scalarTypeName(dtype)} (different element sizes)`,
      )
    const last = shape.at(-1)! * from
    if (strides.at(-1) !== from)
      throw new RuntimeError(
        `self.stride(-1) must be 1 to view ${scalarTypeName(v.dtype)} as ${scalarTypeName(dtype)} (different element sizes), but got ${strides.at(-1)! / from}`,
      )
    if (last % to !== 0 || v.offset % to !== 0 || strides.slice(0, -1).some((s) => s % to !== 0)) throw bytes(String(shape.at(-1)))
    shape = [...shape.slice(0, -1), last / to]
    strides = [...strides.slice(0, -1), to]
  }
  return new Tensor(new View(v.storage, dtype, shape, strides, v.offset, sizeOf(shape), v.writeable))
}

function checkViewable(v: View, shape: Shape): void {
  if (v.size > 0 && !v.contiguous && reshapedStrides(v, shape) === null) {
    throw new RuntimeError(
      "view size is not compatible with input tensor's size and stride (at least one dimension spans across two contiguous subspaces). Use .reshape(...) instead.",
      { op: 'view' },
    )
  }
}

/**
 * The elements in C order under another shape; one length may be -1. A view where strides allow it.
 *
 * @example
 * ```ts
 * torch.arange(4).reshape(2, 2) // => tensor([[0, 1],
 *                               //            [2, 3]])
 * ```
 */
export const reshape = keyed('reshape', 'shape', (input: Tensor, ...shape: Ints): Tensor => {
  const x = tensorArg('reshape', input)
  const to = inferShape(list(shape), x.numel())
  return viewed(x, (v) => p.reshape(v, to), 'ViewBackward0')
})
/** With the shape of another tensor, as a view. */
export const view_as = keyed(
  'view_as',
  'other',
  (input: Tensor, other: Tensor): Tensor => view(input, tensorArg('view_as', other, 'other').raw.shape),
)
/** With the shape of another tensor. */
export const reshape_as = keyed(
  'reshape_as',
  'other',
  (input: Tensor, other: Tensor): Tensor => reshape(input, tensorArg('reshape_as', other, 'other').raw.shape),
)

/** The dimensions from start_dim to end_dim as one. */
export const flatten = keyed('flatten', 'start_dim end_dim', (input: Tensor, start_dim = 0, end_dim = -1): Tensor => {
  const x = tensorArg('flatten', input)
  const { shape } = x.raw
  const start = wrapDim(start_dim, x.ndim)
  const end = wrapDim(end_dim, x.ndim)
  if (start > end) throw new RuntimeError('flatten() has invalid args: start_dim cannot come after end_dim')
  if (x.ndim === 0) return reshape(x, 1)
  if (start === end) return x
  return reshape(x, [...shape.slice(0, start), sizeOf(shape.slice(start, end + 1)), ...shape.slice(end + 1)])
})
/** The elements in one dimension. */
export const ravel = (input: Tensor): Tensor => reshape(input, -1)

/** One dimension as several, whose lengths multiply up to its own; one may be -1. */
export const unflatten = keyed('unflatten', 'dim sizes', (input: Tensor, dim: number, sizes: readonly number[]): Tensor => {
  const x = tensorArg('unflatten', input)
  const at = wrapDim(dim, x.ndim)
  const { shape } = x.raw
  sizes = intList('unflatten', sizes, 'sizes')
  const open = sizes.indexOf(-1)
  const known = sizes.reduce((n, d, i) => (i === open ? n : n * d), 1)
  if (open < 0 ? known !== shape[at] : shape[at]! % known !== 0) {
    throw new RuntimeError(
      `unflatten: Provided sizes [${sizes.join(', ')}] don't multiply up to the size of dim ${at} (${shape[at]}) in the input tensor`,
    )
  }
  const full = sizes.map((n, i) => (i === open ? shape[at]! / known : n))
  return view(x, [...shape.slice(0, at), ...full, ...shape.slice(at + 1)])
})

/** Without dimensions of length 1: all of them, or the given ones that are. */
export const squeeze = keyed('squeeze', 'dim', (input: Tensor, dim?: number | readonly number[]): Tensor => {
  const x = tensorArg('squeeze', input)
  const { shape } = x.raw
  const dims = dim === undefined ? shape.map((_, i) => i) : intList('squeeze', dim).map((d) => wrapDim(d, x.ndim))
  const to = shape.filter((n, i) => n !== 1 || !dims.includes(i))
  return named(
    viewed(x, (v) => p.reshape(v, to), 'SqueezeBackward'),
    dim === undefined ? 'SqueezeBackward0' : 'SqueezeBackward1',
  )
})

/**
 * With a new dimension of length 1 at a position.
 *
 * @example
 * ```ts
 * torch.tensor([1, 2]).unsqueeze(1).shape // => torch.Size([2, 1])
 * ```
 */
export const unsqueeze = keyed('unsqueeze', 'dim', (input: Tensor, dim: number): Tensor => {
  const x = tensorArg('unsqueeze', input)
  const at = wrapDim(dim, x.ndim + 1)
  const { shape } = x.raw
  const to = [...shape.slice(0, at), 1, ...shape.slice(at)]
  return named(
    viewed(x, (v) => p.reshape(v, to), 'Unsqueeze'),
    'UnsqueezeBackward0',
  )
})

/** Dimensions in another order, as a view. */
export const permute = keyed('permute', 'dims', (input: Tensor, ...dims: Ints): Tensor => {
  const x = tensorArg('permute', input)
  const axes = list(dims).map((d) => wrapDim(d, x.ndim))
  if (axes.length !== x.ndim) {
    throw new RuntimeError(
      `permute(sparse_coo): number of dimensions in the tensor input does not match the length of the desired ordering of dimensions i.e. input.dim() = ${x.ndim} is not equal to len(dims) = ${axes.length}`,
    )
  }
  if (new Set(axes).size !== axes.length) throw new RuntimeError('permute(): duplicate dims are not allowed.')
  return viewed(x, (v) => p.transpose(v, axes), 'PermuteBackward0')
})

/** Two dimensions swapped, as a view. */
export const transpose = keyed('transpose', 'dim0 dim1', (input: Tensor, dim0: number, dim1: number): Tensor => {
  const x = tensorArg('transpose', input)
  return named(swapped(x, wrapDim(dim0, x.ndim), wrapDim(dim1, x.ndim)), 'TransposeBackward0')
})

function swapped(x: Tensor, a: number, b: number): Tensor {
  const axes = x.raw.shape.map((_, i) => (i === a ? b : i === b ? a : i))
  return viewed(x, (v) => p.transpose(v, axes), 'Transpose')
}

/** A matrix transposed, as a view; tensors of fewer dimensions as they are. */
export function t(input: Tensor): Tensor {
  const x = tensorArg('t', input)
  if (x.ndim > 2) throw new RuntimeError(`t() expects a tensor with <= 2 dimensions, but self is ${x.ndim}D`)
  return named(x.ndim === 2 ? swapped(x, 0, 1) : viewed(x, (v) => p.reshape(v, x.raw.shape), 'T'), 'TBackward0')
}
/** The last two dimensions swapped and conjugated. */
export const adjoint = (input: Tensor): Tensor => new Tensor(p.conj(transpose(input, -2, -1).value))

/** Dimensions moved to new positions, the others in their order. */
export const movedim = keyed(
  'movedim',
  'source destination',
  (input: Tensor, source: number | readonly number[], destination: number | readonly number[]): Tensor => {
    const x = tensorArg('movedim', input)
    const from = [source].flat().map((d) => wrapDim(d as number, x.ndim))
    const to = [destination].flat().map((d) => wrapDim(d as number, x.ndim))
    if (from.length !== to.length) {
      throw new RuntimeError(
        `movedim: Invalid source or destination dims: source (${from} dims) should contain the same number of dims as destination (${to} dims)`,
      )
    }
    for (const [what, dims] of [
      ['source', from],
      ['destination', to],
    ] as const) {
      if (new Set(dims).size !== dims.length) throw new RuntimeError(`movedim: repeated dim in \`${what}\` (${dims})`)
    }
    const rest = x.raw.shape.map((_, i) => i).filter((i) => !from.includes(i))
    const axes = x.raw.shape.map((_, i) => (to.includes(i) ? from[to.indexOf(i)]! : rest.shift()!))
    return permute(x, axes)
  },
)

/** Repeated to a size along dimensions of length 1 and new ones, without copying; -1 keeps a length. */
export const expand = keyed('expand', 'sizes', (input: Tensor, ...sizes: Ints): Tensor => {
  const x = tensorArg('expand', input)
  const given = list(sizes)
  const { shape } = x.raw
  const lead = given.length - shape.length
  if (lead < 0) {
    throw new RuntimeError(
      `expand(torch.FloatTensor{[${shape.join(', ')}]}, size=[${given.join(', ')}]): the number of sizes provided (${given.length}) must be greater or equal to the number of dimensions in the tensor (${shape.length})`,
    )
  }
  const to = given.map((n, i) => {
    if (!Number.isInteger(n))
      throw new ArgumentError(`expand(): argument 'size' must be tuple of ints, but found ${describe(n)}`, { op: 'expand' })
    if (n === -1 && i >= lead) return shape[i - lead]!
    if (n < 0) throw new RuntimeError(`The expanded size of the tensor (${n}) isn't allowed in a leading, non-existing dimension ${i}`)
    const old = i < lead ? 1 : shape[i - lead]!
    if (old !== n && old !== 1) {
      throw new RuntimeError(
        `The expanded size of the tensor (${n}) must match the existing size (${old}) at non-singleton dimension ${i}.  Target sizes: [${given.join(', ')}].  Tensor sizes: [${shape.join(', ')}]`,
      )
    }
    return n
  })
  return viewed(x, (v) => p.broadcastTo(v, to), 'ExpandBackward0')
})
/** Repeated to the size of another tensor. */
export const expand_as = keyed(
  'expand_as',
  'other',
  (input: Tensor, other: Tensor): Tensor => expand(input, tensorArg('expand_as', other, 'other').raw.shape),
)
/** Repeated to a shape that it broadcasts to. */
export const broadcast_to = keyed('broadcast_to', 'size', (input: Tensor, size: readonly number[]): Tensor => expand(input, size))
/** The tensors repeated to their common shape. */
export function broadcast_tensors(...tensors: readonly Tensor[]): Tensor[] {
  const all = tensors.flat().map((x) => tensorArg('broadcast_tensors', x, 'tensors'))
  const shape = all.map((x) => x.raw.shape).reduce<Shape>(checkBroadcast, [])
  return all.map((x) => expand(x, shape))
}
/** The common shape that shapes broadcast to. */
export const broadcast_shapes = (...shapes: readonly (number | readonly number[])[]): number[] => [
  ...shapes
    .map((shape) => checkShape(typeof shape === 'number' ? [shape] : Array.isArray(shape) ? shape : [shape], 'broadcast_shapes'))
    .reduce(checkBroadcast, []),
]

/** Some elements along a dimension, as a view. */
export const narrow = keyed('narrow', 'dim start length', (input: Tensor, dim: number, start: number | Tensor, length: number): Tensor => {
  const x = tensorArg('narrow', input)
  const at = wrapDim(dim, x.ndim)
  const n = x.raw.shape[at]!
  const given = start instanceof Tensor ? (start.item() as number) : start
  if (x.ndim === 0) throw new RuntimeError('narrow() cannot be applied to a 0-dim tensor.')
  if (length < 0) throw new RuntimeError('narrow(): length must be non-negative.')
  if (given < -n || given > n) throw new IndexError(`start out of range (expected to be in range of [${-n}, ${n}], but got ${given})`)
  const from = given < 0 ? given + n : given
  if (from + length > n) throw new RuntimeError(`start (${from}) + length (${length}) exceeds dimension size (${n}).`)
  return named(part(x, at, from, length, 1, 'Narrow'), 'SliceBackward0')
})

/** @internal A slice of one dimension as a view. */
export function part(x: Tensor, dim: number, start: number, length: number, step: number, op: string, multi = false): Tensor {
  return viewed(x, (v) => p.narrow(v, dim, start, length, step), op, multi)
}

/** The part at one index of a dimension, without that dimension, as a view. */
export const select = keyed('select', 'dim index', (input: Tensor, dim: number, index: number): Tensor => {
  const x = tensorArg('select', input)
  if (x.ndim === 0) throw new IndexError('select() cannot be applied to a 0-dim tensor.')
  const at = wrapDim(dim, x.ndim)
  const { shape } = x.raw
  const n = shape[at]!
  if (index < -n || index >= n) {
    throw new IndexError(`select(): index ${index} out of range for tensor of size [${shape.join(', ')}] at dimension ${at}`)
  }
  return named(selected(x, at, index < 0 ? index + n : index, 'Select'), 'SelectBackward0')
})

function selected(x: Tensor, at: number, index: number, op: string, multi = false): Tensor {
  const { shape } = x.raw
  const rest = [...shape.slice(0, at), ...shape.slice(at + 1)]
  return viewed(x, (v: Value) => p.reshape(p.narrow(v, at, index, 1), rest), op, multi)
}

/** The parts along a dimension, without it, as views. */
export const unbind = keyed('unbind', 'dim', (input: Tensor, dim = 0): Tensor[] => {
  const x = tensorArg('unbind', input)
  if (x.ndim === 0) throw new IndexError('Dimension specified as 0 but tensor has no dimensions')
  const at = wrapDim(dim, x.ndim)
  return Array.from({ length: x.raw.shape[at]! }, (_, i) => named(selected(x, at, i, 'Unbind', true), 'UnbindBackward0'))
})

/** Pieces of a length along a dimension, or of the given lengths, as views. */
export const split = keyed(
  'split',
  'split_size_or_sections dim',
  (input: Tensor, split_size_or_sections: number | readonly number[], dim = 0): Tensor[] => {
    const x = tensorArg('split', input)
    const at = wrapDim(dim, x.ndim)
    const n = x.raw.shape[at]!
    let sizes: readonly number[]
    if (typeof split_size_or_sections === 'number') {
      const size = split_size_or_sections
      if (size < 0) throw new RuntimeError(`split expects split_size be non-negative, but got split_size=${size}`)
      if (size === 0 && n !== 0) throw new RuntimeError(`split_size can only be 0 if dimension size is 0, but got dimension size of ${n}`)
      sizes = size === 0 ? [0] : Array.from({ length: Math.max(1, Math.ceil(n / size)) }, (_, i) => Math.min(size, n - i * size))
    } else {
      sizes = intList('split', split_size_or_sections, 'split_size_or_sections')
      if (sizes.reduce((a, b) => a + b, 0) !== n || sizes.some((s) => s < 0)) {
        throw new RuntimeError(
          `split_with_sizes expects split_sizes to sum exactly to ${n} (input tensor's size at dimension ${at}), but got split_sizes=[${sizes.join(', ')}]`,
        )
      }
    }
    let start = 0
    return sizes.map((size) => {
      start += size
      return named(part(x, at, start - size, size, 1, 'Split', true), 'SplitBackward0')
    })
  },
)

/** About equal pieces along a dimension, as views; fewer than asked where it is short. */
export const chunk = keyed('chunk', 'chunks dim', (input: Tensor, chunks: number, dim = 0): Tensor[] => {
  const x = tensorArg('chunk', input)
  chunks = intList('chunk', chunks, 'chunks')[0] ?? 0
  if (chunks > MOST_PIECES) throw new MemoryError(`chunk(): ${chunks} chunks are too many`)
  if (!(chunks > 0)) throw new RuntimeError(`chunk expects \`chunks\` to be greater than 0, got: ${chunks}`)
  const n = x.raw.shape[wrapDim(dim, x.ndim)]!
  if (n === 0)
    return split(
      x,
      Array.from({ length: chunks }, () => 0),
      dim,
    )
  return split(x, Math.ceil(n / chunks), dim)
})

/** Pieces are objects, each of some hundred bytes. */
const MOST_PIECES = 2 ** 22

/** Pieces between positions, or a number of pieces that differ by at most one in length, as views. */
export const tensor_split = keyed(
  'tensor_split',
  'indices_or_sections dim',
  (input: Tensor, pieces: number | readonly number[] | Tensor, dim = 0): Tensor[] => {
    const x = tensorArg('tensor_split', input)
    const indices_or_sections: number | readonly number[] = pieces instanceof Tensor ? pieces.tolist() : pieces
    const at = wrapDim(dim, x.ndim)
    const n = x.raw.shape[at]!
    if (typeof indices_or_sections === 'number') {
      const k = indices_or_sections
      if (!Number.isInteger(k) || k <= 0) throw new RuntimeError(`number of sections must be larger than 0, got ${k}`)
      if (k > MOST_PIECES) throw new MemoryError(`tensor_split(): ${k} sections are too many`)
      return split(
        x,
        Array.from({ length: k }, (_, i) => Math.floor(n / k) + (i < n % k ? 1 : 0)),
        at,
      )
    }
    const stops = [
      ...intList('tensor_split', indices_or_sections, 'indices_or_sections').map((i) => Math.min(Math.max(i < 0 ? i + n : i, 0), n)),
      n,
    ]
    let from = 0
    return stops.map((stop) => {
      const piece = named(part(x, at, from, Math.max(0, stop - from), 1, 'Slice'), 'SliceBackward0')
      from = stop
      return piece
    })
  },
)

/** A diagonal of two dimensions, as the last dimension of a view. */
export const diagonal = keyed('diagonal', 'offset dim1 dim2', (input: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor => {
  const x = tensorArg('diagonal', input)
  const [a, b] = [wrapDim(dim1, x.ndim), wrapDim(dim2, x.ndim)]
  if (a === b) throw new RuntimeError(`diagonal dimensions cannot be identical ${dim1}, ${dim2}`)
  return viewed(x, (v) => p.diagonal(v, offset, a, b), 'DiagonalBackward0')
})

/** All pieces of a length along a dimension, `step` apart, as a view with one more dimension. */
export const unfold = keyed('unfold', 'dimension size step', (input: Tensor, dimension: number, size: number, step: number): Tensor => {
  const x = tensorArg('unfold', input)
  const at = wrapDim(dimension, x.ndim)
  const n = x.ndim === 0 ? 1 : x.raw.shape[at]!
  if (size > n) throw new RuntimeError(`maximum size for tensor at dimension ${at} is ${n} but size is ${size}`)
  if (!(step > 0)) throw new RuntimeError(`step is ${step} but must be > 0`)
  return viewed(x, (v) => (x.ndim === 0 ? p.reshape(v, [size]) : p.unfold(v, at, size, step)), 'UnfoldBackward0')
})

/** Itself when its elements lie in C order, else a copy that does. */
export function contiguous(input: Tensor): Tensor {
  const x = tensorArg('contiguous', input)
  const { value } = x
  if (value.level > 1 || viewOf(value).contiguous) return x
  return new Tensor(p.clone(value))
}

/** A copy, with the history of derivatives. */
export const clone = (input: Tensor): Tensor => new Tensor(p.clone(tensorArg('clone', input).value))

/** The number of elements. */
export const numel = (input: Tensor): number => tensorArg('numel', input).numel()

/** @internal PyTorch's check of a list of tensors. */
export function tensorList(name: string, tensors: readonly Tensor[]): readonly Tensor[] {
  if (!Array.isArray(tensors))
    throw new ArgumentError(`${name}(): argument 'tensors' (position 1) must be tuple of Tensors, not ${typeof tensors}`)
  for (const x of tensors) tensorArg(name, x, 'tensors')
  return tensors
}

export { movedim as moveaxis, permute as permute_dims, transpose as swapaxes, transpose as swapdims }
