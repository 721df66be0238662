/** Copies with a part replaced: what a view function reads is written, or elements that indices and masks name. */

import { integer } from '../../core/arguments.ts'
import * as core from '../../core/dtype.ts'
import { DTypeError, IndexError, RuntimeError, ShapeError } from '../../core/errors.ts'
import { sameShape, sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { scalarTypeName } from '../dtype.ts'
import { Tensor, viewOf, wrapDim } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { intList, named, type Operand, type Scalar, scalarValue, tensorArg, viewed } from './support.ts'

/** A copy of x with `src` in place of the part that a chain of views reads. */
function replaced(name: string, grad: string, input: Tensor, src: Tensor, part: (x: Value) => Value): Tensor {
  const x = tensorArg(name, input)
  const values = tensorArg(name, src, 'src')
  const { shape } = part(x.value)
  if (!sameShape(shape, values.raw.shape)) {
    throw new ShapeError(
      `expected src to have a size equal to the slice of self. src size = [${values.raw.shape.join(', ')}], slice size = [${shape.join(', ')}]`,
      { op: name, shapes: [shape, values.raw.shape] },
    )
  }
  return named(new Tensor(p.copySlices(x.value, p.cast(values.value, x.raw.dtype), part)), grad)
}

/** A copy with `src` at one index of a dimension. */
export const select_scatter = keyed('select_scatter', 'src dim index', (input: Tensor, src: Tensor, dim: number, index: number): Tensor => {
  const x = tensorArg('select_scatter', input)
  const at = wrapDim(dim, x.ndim)
  const n = x.raw.shape[at]!
  if (index < -n || index >= n)
    throw new IndexError(`select(): index ${index} out of range for tensor of size [${x.raw.shape.join(', ')}] at dimension ${at}`)
  const rest = x.raw.shape.filter((_, i) => i !== at)
  return replaced('select_scatter', 'SelectScatterBackward0', x, src, (v) =>
    p.reshape(p.narrow(v, at, index < 0 ? index + n : index, 1), rest),
  )
})

/** A copy with `src` at the elements `start:end:step` of a dimension. */
export const slice_scatter = keyed(
  'slice_scatter',
  'src dim start end step',
  (input: Tensor, src: Tensor, dim = 0, start: number | null = null, end: number | null = null, step = 1): Tensor => {
    const x = tensorArg('slice_scatter', input)
    const at = wrapDim(dim, x.ndim)
    const n = x.raw.shape[at]!
    if (step <= 0) throw new RuntimeError('slice step must be positive')
    const bound = (i: number) => Math.min(Math.max(i < 0 ? i + n : i, 0), n)
    const from = bound(start ?? 0)
    const length = Math.max(0, Math.ceil((bound(end ?? n) - from) / step))
    return replaced('slice_scatter', 'SliceScatterBackward0', x, src, (v) => p.narrow(v, at, length === 0 ? 0 : from, length, step))
  },
)

/** A copy with `src` on a diagonal. */
export const diagonal_scatter = keyed(
  'diagonal_scatter',
  'src offset dim1 dim2',
  (input: Tensor, src: Tensor, offset = 0, dim1 = 0, dim2 = 1): Tensor => {
    const x = tensorArg('diagonal_scatter', input)
    const shift = integer('diagonal_scatter', 'offset', offset)
    const [a, b] = [wrapDim(dim1, x.ndim), wrapDim(dim2, x.ndim)]
    return replaced('diagonal_scatter', 'DiagonalScatterBackward0', x, src, (v) => p.diagonal(v, shift, a, b))
  },
)

/** Where a tensor's elements lie, in elements. */
function layout(name: string, input: Tensor, size: unknown, stride: unknown, storage_offset: number | null) {
  const x = tensorArg(name, input)
  const from = p.layoutOf(viewOf(x.value))
  const to = { shape: intList(name, size, 'size'), strides: intList(name, stride, 'stride'), offset: storage_offset ?? from.offset }
  if (to.shape.length !== to.strides.length) {
    throw new RuntimeError(`mismatch in length of strides and shape: ${to.strides.length} and ${to.shape.length}`, { op: name })
  }
  if (to.strides.some((s) => s < 0)) {
    throw new RuntimeError(`${name}: Negative strides are not supported at the moment, got strides: [${to.strides.join(', ')}]`, {
      op: name,
    })
  }
  const last = to.shape.includes(0) ? 0 : to.offset + to.shape.reduce((sum, n, i) => sum + (n - 1) * to.strides[i]!, 0) + 1
  const { dtype, storage } = viewOf(x.value)
  if (last * dtype.itemsize > storage.nbytes) {
    throw new RuntimeError(
      `setStorage: sizes [${to.shape.join(', ')}], strides [${to.strides.join(', ')}], storage offset ${to.offset}, and itemsize ${dtype.itemsize} requiring a storage size of ${last * dtype.itemsize} are out of bounds for storage of size ${storage.nbytes}`,
      { op: name },
    )
  }
  return { x, from, to }
}

/**
 * A view of the tensor's memory with any shape, strides and offset, which count elements.
 *
 * @example
 * ```ts
 * torch.as_strided(torch.arange(5), [3, 2], [1, 1]) // => tensor([[0, 1],
 *                                                   //            [1, 2],
 *                                                   //            [2, 3]])
 * ```
 */
export const as_strided = keyed(
  'as_strided',
  'size stride storage_offset',
  (input: Tensor, size: readonly number[], stride: readonly number[], storage_offset: number | null = null): Tensor => {
    const { x, from, to } = layout('as_strided', input, size, stride, storage_offset)
    const base = x.link ? x.link.base : x
    const under = x.link ? p.layoutOf(viewOf(base.value)) : from
    // PyTorch looks at the base's memory whatever view it is called on
    return base === x ? viewed(x, (v) => p.asStrided(v, to, from), 'AsStridedBackward0') : ofBase(x, base, to, under)
  },
)

function ofBase(x: Tensor, base: Tensor, to: p.Layout, from: p.Layout): Tensor {
  const out = viewed(base, (v) => p.asStrided(v, to, from), 'AsStridedBackward0')
  if (out.link && x.link) out.link = { ...out.link, origin: x.link.origin }
  return out
}

/** A copy with `src` at the elements that `as_strided` reads. */
export const as_strided_scatter = keyed(
  'as_strided_scatter',
  'src size stride storage_offset',
  (input: Tensor, src: Tensor, size: readonly number[], stride: readonly number[], storage_offset: number | null = null): Tensor => {
    const x = new Tensor(p.clone(tensorArg('as_strided_scatter', input).value))
    const { from, to } = layout('as_strided_scatter', x, size, stride, storage_offset ?? 0)
    const packed = { ...from, offset: 0 }
    const shifted = (v: Value): p.Layout => ({ ...to, offset: to.offset + ((v as Partial<View>).offset ?? 0) / v.dtype.itemsize })
    return replaced('as_strided_scatter', 'AsStridedScatterBackward0', x, src, (v) => p.asStrided(v, shifted(v), packed))
  },
)

/** A copy whose elements where the mask is true are those of `source`, in order. */
export const masked_scatter = keyed('masked_scatter', 'mask source', (input: Tensor, mask: Tensor, source: Tensor): Tensor => {
  const x = tensorArg('masked_scatter', input)
  const m = tensorArg('masked_scatter', mask, 'mask')
  const s = tensorArg('masked_scatter', source, 'source')
  if (m.raw.dtype !== core.bool)
    throw new DTypeError(`masked_scatter_ only supports boolean masks, but got mask with dtype ${scalarTypeName(m.raw.dtype)}`)
  if (s.raw.dtype !== x.raw.dtype) {
    throw new DTypeError(
      `masked_scatter: expected self and source to have same dtypes but got ${scalarTypeName(x.raw.dtype)} and ${scalarTypeName(s.raw.dtype)}`,
    )
  }
  const shape = p.logicalOr(p.ne(x.value, x.value), m.value).shape
  const [wide, where] = [p.broadcastTo(x.value, shape), p.broadcastTo(m.value, shape)]
  // the k-th true place takes the k-th element of the source
  const rank = p.sub(p.cumsum(p.reshape(p.cast(where, core.int64), [sizeOf(shape)]), 0), 1)
  const needed = sizeOf(shape) === 0 ? 0 : Number(new Tensor(p.amax(rank)).item()) + 1
  if (needed > s.numel()) throw new RuntimeError(`masked_scatter: expected at least ${needed} elements in source, got ${s.numel()}`)
  if (needed === 0) return named(new Tensor(p.clone(wide)), 'MaskedScatterBackward0')
  const taken = p.index(
    p.reshape(s.value, [s.numel()]),
    [p.maximum(rank, 0)].map((r) => p.minimum(r, s.numel() - 1)),
  )
  return named(new Tensor(p.where(where, p.reshape(taken, shape), wide)), 'MaskedScatterBackward0')
})

/** A copy with elements of `source` at positions of the flattened tensor, added up when `accumulate`. */
export const put = keyed('put', 'index source accumulate', (input: Tensor, index: Tensor, source: Tensor, accumulate = false): Tensor => {
  const x = tensorArg('put', input)
  const i = tensorArg('put', index, 'index')
  const s = tensorArg('put', source, 'source')
  if (i.raw.dtype !== core.int64) throw new DTypeError(`put_(): Expected a long tensor for index, but got ${scalarTypeName(i.raw.dtype)}`)
  if (s.raw.dtype !== x.raw.dtype)
    throw new DTypeError(
      `put_(): self and source expected to have the same dtype, but got self.dtype = ${scalarTypeName(x.raw.dtype)} and source.dtype = ${scalarTypeName(s.raw.dtype)}`,
    )
  const n = i.numel()
  if (n !== s.numel())
    throw new RuntimeError(
      `put_(): Expected source and index to have the same number of elements, but got source.numel() = ${s.numel()}, index.numel() = ${n}`,
    )
  const line = p.indexPut(p.reshape(x.value, [x.numel()]), p.reshape(s.value, [n]), [p.reshape(i.value, [n])], accumulate ? 'add' : 'set')
  return named(new Tensor(p.reshape(line, x.raw.shape)), 'PutBackward0')
})

/** A copy with every element replaced by a value. */
export const fill = keyed('fill', 'value', (input: Tensor, value: Operand): Tensor => {
  const x = tensorArg('fill', input)
  if (value instanceof Tensor) {
    if (value.ndim > 0) throw new RuntimeError(`fill only supports 0-dimension value tensor but got tensor with ${value.ndim} dimensions.`)
    return named(new Tensor(p.clone(p.broadcastTo(p.cast(value.value, x.raw.dtype), x.raw.shape))), 'FillBackward1')
  }
  const { dtype, shape } = x.raw
  // it depends on x, but with derivative zero, as PyTorch records it
  const filled = p.clone(p.broadcastTo(scalarValue(value as Scalar, dtype), shape))
  return named(new Tensor(x.requires_grad ? p.where(scalarValue(true, core.bool), filled, x.value) : filled), 'FillBackward0')
})

type Reduce = 'prod' | 'mean' | 'amax' | 'amin'

/** Keywords of index_reduce. */
export interface IndexReduceOptions {
  /** Whether the elements that are there take part. Default true. */
  readonly include_self?: boolean
}

/** A copy with parts of `source` combined, by 'prod', 'mean', 'amax' or 'amin', at some positions of a dimension. */
export const index_reduce = keyed(
  'index_reduce',
  'dim index source reduce ...',
  (input: Tensor, dim: number, index: Tensor, source: Tensor, reduce: Reduce, options: IndexReduceOptions = {}): Tensor => {
    const x = tensorArg('index_reduce', input)
    const i = tensorArg('index_reduce', index, 'index')
    const s = tensorArg('index_reduce', source, 'source')
    const at = wrapDim(dim, x.ndim)
    if (i.ndim > 1) throw new IndexError('index_reduce_(): Index is supposed to be a vector')
    // every element of source along the dimension has the index of its part
    const line = x.ndim === 0
    const [xs, ss] = line ? [x.reshape(1), s.reshape(1)] : [x, s]
    const shape = ss.raw.shape.map((n, d) => (d === at ? n : 1))
    const wide = new Tensor(p.broadcastTo(p.reshape(p.cast(i.value, core.int64), shape), ss.raw.shape))
    const out = xs.scatter_reduce(at, wide, ss, reduce, options)
    return named(line ? out.reshape([]) : out, 'IndexReduceBackward0')
  },
)
