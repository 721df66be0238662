/** Reading and writing by keys and by index tensors. */

import { describe } from '../../core/describe.ts'
import * as core from '../../core/dtype.ts'
import { ArgumentError, DTypeError, IndexError, RuntimeError, ShapeError, ValueError } from '../../core/errors.ts'
import { type KeyInput, Slice } from '../../core/keys.ts'
import { sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { valueIn } from '../../core/value.ts'
import { getItem, isBasic, putItem, setItem, take as takeAxis } from '../../lib/indexing.ts'
import * as p from '../../ops/index.ts'
import { cppTypeName, scalarTypeName } from '../dtype.ts'
import { Tensor, viewOf, wrapDim } from '../tensor.ts'
import { copy_ } from './convert.ts'
import { tensor } from './creation.ts'
import { keyed } from './keyed.ts'
import { reshape } from './shape.ts'
import {
  checkKeywords,
  deliver,
  fillValue,
  inOrder,
  isScalar,
  mutate,
  named,
  type Operand,
  type OutOption,
  type Scalar,
  scalarValue,
  tensorArg,
  viewed,
} from './support.ts'

export { argwhere, nonzero } from './nonzero.ts'

export type { KeyInput }

/** Rewords index errors as PyTorch has them. */
function reworded<T>(x: Tensor, f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (error instanceof IndexError) {
      if (error.message.startsWith('too many indices')) throw new IndexError(`too many indices for tensor of dimension ${x.ndim}`)
      const message = error.message.replace(/for axis (\d+) with size/, 'for dimension $1 with size')
      if (message !== error.message) throw new IndexError(message, { axis: error.axis })
    }
    throw error
  }
}

function checkKeys(keys: readonly KeyInput[]): void {
  for (const key of keys) {
    const step =
      key instanceof Slice ? key.step : typeof key === 'string' ? Math.min(...key.split(',').map((s) => Number(s.split(':')[2] || 1))) : 1
    if (step !== null && step <= 0) throw new ValueError('step must be greater than zero')
  }
}

const OPTIONS = { integers: 'select' } as const

/**
 * The elements that keys name: integers, slice strings (`'1:5:2'`), `null`, `'...'`, index tensors or lists, masks.
 *
 * With integers and slices alone it is a view of the same memory.
 *
 * @example
 * ```ts
 * const x = torch.arange(6).view(2, 3)
 * x.at(1, '::2') // => tensor([3, 5])
 * x.at(x.gt(3)) // => tensor([4, 5])
 * ```
 */
export function at(input: Tensor, ...keys: readonly KeyInput[]): Tensor {
  const x = tensorArg('at', input)
  checkKeys(keys)
  return reworded(x, () => {
    if (!isBasic(keys)) return named(new Tensor(inOrder(getItem(x.value, keys, OPTIONS))), 'IndexBackward0')
    const selecting = keys.length > 0 && keys.every((k) => typeof k === 'number')
    return named(
      viewed(x, (v) => getItem(v, keys, OPTIONS), 'Slice'),
      selecting ? 'SelectBackward0' : 'SliceBackward0',
    )
  })
}

/**
 * Writes a value, broadcast and converted, to the elements that keys name; the tensor itself comes back.
 *
 * @example
 * ```ts
 * const x = torch.zeros(3)
 * x.set('1:', 5) // => tensor([0., 5., 5.])
 * ```
 */
export function set(input: Tensor, ...args: readonly [...keys: KeyInput[], value: unknown]): Tensor {
  const x = tensorArg('set', input)
  const keys = args.slice(0, -1) as KeyInput[]
  const given = args[args.length - 1]
  checkKeys(keys)
  const { dtype } = x.raw
  const value = given instanceof Tensor ? given : isScalar(given) ? new Tensor(scalarValue(given, dtype)) : tensor(valueIn(given) ?? given)
  reworded(x, () => {
    if (isBasic(keys)) {
      const part = viewed(x, (v) => getItem(v, keys, OPTIONS), 'Slice')
      copy_(part, stripped(value, part.ndim))
      return
    }
    const cast = p.cast(value.value, dtype)
    mutate(
      x,
      [value],
      (old) => new Tensor(putItem(old.value, keys, cast, OPTIONS)),
      (target) => setItem(target, keys, viewOf(cast), OPTIONS),
    )
  })
  return x
}

/** Without leading dimensions of length 1 beyond `rank`. */
function stripped(value: Tensor, rank: number): Tensor {
  const { shape } = value.raw
  let extra = 0
  while (shape.length - extra > rank && shape[extra] === 1) extra++
  return extra === 0 ? value : reshape(value, shape.slice(extra))
}

/** Index tensors must be int32 or int64. */
function indexArg(name: string, index: Tensor): Value {
  const { value } = tensorArg(name, index, 'index')
  if (sizeOf(value.shape) === 0 && value.dtype.isInteger) return p.cast(value, core.int64)
  if (value.dtype !== core.int64 && value.dtype !== core.int32)
    throw new DTypeError(`${name}(): Expected dtype int32/int64 for index`, { op: name })
  return p.cast(value, core.int64)
}

/** The parts at some positions of a dimension. */
export const index_select = keyed(
  'index_select',
  'dim index ...',
  (input: Tensor, dim: number, index: Tensor, options: OutOption = {}): Tensor => {
    const x = tensorArg('index_select', input)
    const at = wrapDim(dim, x.ndim)
    const i = indexArg('index_select', index)
    if (i.ndim > 1) throw new IndexError('index_select(): Index is supposed to be a vector')
    const vector = i.ndim === 0 ? p.reshape(i, [1]) : i
    const wide = x.ndim === 0 ? p.reshape(x.value, [1]) : x.value
    const out = inOrder(outOfRange(() => takeAxis(wide, vector, at)))
    return named(deliver('index_select', x.ndim === 0 ? p.reshape(out, []) : out, options.out, [x]), 'IndexSelectBackward0')
  },
)

function outOfRange<T>(f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (error instanceof IndexError) throw new IndexError('index out of range in self')
    throw error
  }
}

const inDimension = <T>(f: () => T): T => {
  try {
    return f()
  } catch (error) {
    if (error instanceof IndexError) throw new IndexError(error.message.replace('for axis', 'for dimension'))
    throw error
  }
}

/** Elements along a dimension by an index tensor of the result's shape: `out[i][j] = input[index[i][j]][j]` for dim 0. */
export const gather = keyed('gather', 'dim index ...', (input: Tensor, dim: number, index: Tensor, options: OutOption = {}): Tensor => {
  const x = tensorArg('gather', input)
  const at = wrapDim(dim, x.ndim)
  const i = indexArg('gather', index)
  if (sizeOf(i.shape) === 0 && i.ndim !== x.ndim) return new Tensor(p.full(i.shape, 0, x.raw.dtype))
  if (x.ndim !== i.ndim && x.ndim > 0 && i.ndim > 0)
    throw new RuntimeError('Index tensor must have the same number of dimensions as input tensor')
  i.shape.forEach((n, d) => {
    if (d !== at && n > (x.raw.shape[d] ?? 1)) {
      throw new RuntimeError(
        `Size does not match at dimension ${d} expected index [${i.shape.join(', ')}] to be no larger than self [${x.raw.shape.join(', ')}] apart from dimension ${at}`,
      )
    }
  })
  // of a 0-d tensor the one element answers to any number of indices
  const wide = x.ndim === 0 && i.ndim > 0 ? p.reshape(x.value, [1]) : x.value
  return inDimension(() => deliver('gather', p.gather(wide, at, x.ndim > 0 && i.ndim === 0 ? p.reshape(i, [1]) : i), options.out, [x]))
})

/** Along a dimension by an index tensor whose other dimensions broadcast; in one dimension when `dim` is null. */
export const take_along_dim = keyed(
  'take_along_dim',
  'indices dim',
  (input: Tensor, indices: Tensor, dim: number | null = null): Tensor => {
    const x = tensorArg('take_along_dim', input)
    indices = tensorArg('take_along_dim', indices, 'indices')
    if (dim === null) return gather(reshape(x, -1), 0, reshape(indices, -1))
    const at = wrapDim(dim, x.ndim)
    const wide = (t: Tensor, o: Tensor) => t.raw.shape.map((n, d) => (d === at ? n : Math.max(n, o.raw.shape[d]!)))
    return gather(new Tensor(p.broadcastTo(x.value, wide(x, indices))), at, new Tensor(p.broadcastTo(indices.value, wide(indices, x))))
  },
)

/** The elements at positions of the flattened tensor. */
export const take = keyed('take', 'index', (input: Tensor, index: Tensor): Tensor => {
  const x = tensorArg('take', input)
  const i = indexArg('take', index)
  return named(new Tensor(inDimension(() => p.index(p.reshape(x.value, [x.numel()]), [i]))), 'TakeBackward0')
})

const MODES = { add: 'add', multiply: 'multiply' } as const
/** Keywords of scatter. */
export interface ScatterOptions {
  /** Combines with the elements there in place of replacing them. */
  readonly reduce?: 'add' | 'multiply'
  /** The scalar to write, when there is no `src`. */
  readonly value?: Scalar
}

/** A copy with the elements of `src` at the places that `index` names along a dimension. */
export const scatter = keyed(
  'scatter',
  'dim index src ...',
  (input: Tensor, dim: number, index: Tensor, src: Operand, options: ScatterOptions = {}): Tensor => {
    const x = tensorArg('scatter', input)
    checkKeywords('scatter', options, 'reduce', 'value')
    const mode = options?.reduce === undefined ? 'set' : MODES[options.reduce]
    if (mode === undefined) throw new RuntimeError('reduce argument must be either add or multiply.')
    return new Tensor(scattered('scatter', x, dim, index, src ?? options.value!, mode))
  },
)

function scattered(
  name: string,
  x: Tensor,
  dim: number,
  index: Tensor,
  src: Operand,
  mode: 'set' | 'add' | 'multiply' | 'min' | 'max',
): Value {
  const at = wrapDim(dim, x.ndim)
  const i = indexArg(name, index)
  const { dtype } = x.raw
  if (src instanceof Tensor && src.raw.dtype !== dtype)
    throw new DTypeError(`${name}(): Expected self.dtype to be equal to src.dtype`, { op: name })
  if (src instanceof Tensor && i.shape.some((n, d) => n > src.raw.shape[d]!)) {
    throw new RuntimeError(`Expected index [${i.shape.join(', ')}] to be no larger than src [${src.raw.shape.join(', ')}]`)
  }
  const values = src instanceof Tensor ? cornerOf(src, i) : p.broadcastTo(p.toDevice(scalarValue(src, dtype), x.raw.device), i.shape)
  return inDimension(() => p.scatter(x.value, at, i, values, mode))
}

/** The leading part of src with the shape of the index. */
function cornerOf(src: Tensor, index: Value): Value {
  return index.shape.reduce((v, n, d) => (v.shape[d] === n ? v : p.narrow(v, d, 0, n)), src.value)
}

/** A copy with the elements of `src` added at the places that `index` names along a dimension. */
export const scatter_add = keyed(
  'scatter_add',
  'dim index src',
  (input: Tensor, dim: number, index: Tensor, src: Tensor): Tensor =>
    named(new Tensor(scattered('scatter_add', tensorArg('scatter_add', input), dim, index, src, 'add')), 'ScatterAddBackward0'),
)

/** The greatest value of a dtype. */
const highestOf = (dtype: core.DType): Scalar =>
  dtype.kind === 'b'
    ? true
    : !dtype.isInteger
      ? Number.POSITIVE_INFINITY
      : 2n ** BigInt(dtype.itemsize * 8 - (dtype.kind === 'i' ? 1 : 0)) - 1n
/** The least value of a dtype. */
const lowestOf = (dtype: core.DType): Scalar =>
  dtype.kind === 'b'
    ? false
    : !dtype.isInteger
      ? Number.NEGATIVE_INFINITY
      : dtype.kind === 'i'
        ? -(2n ** BigInt(dtype.itemsize * 8 - 1))
        : 0n

/** Keywords of scatter_reduce. */
export interface ScatterReduceOptions {
  /** Whether the elements that are there take part. Default true. */
  readonly include_self?: boolean
}

/** A copy with the elements of `src` combined, by 'sum', 'prod', 'amax', 'amin' or 'mean', at the places that `index` names. */
export const scatter_reduce = keyed(
  'scatter_reduce',
  'dim index src reduce ...',
  (
    input: Tensor,
    dim: number,
    index: Tensor,
    src: Tensor,
    reduce: 'sum' | 'prod' | 'mean' | 'amax' | 'amin',
    options: ScatterReduceOptions = {},
  ): Tensor => {
    const x = tensorArg('scatter_reduce', input)
    checkKeywords('scatter_reduce', options, 'include_self')
    const { include_self = true } = options ?? {}
    const modes = { sum: 'add', mean: 'add', prod: 'multiply', amax: 'max', amin: 'min' } as const
    const mode = modes[reduce]
    if (mode === undefined) throw new RuntimeError(`reduce argument must be either sum, prod, mean, amax or amin, got ${describe(reduce)}`)
    const { dtype } = x.raw
    const identity: Scalar = { sum: 0, mean: 0, prod: 1, amax: lowestOf(dtype), amin: highestOf(dtype) }[reduce]
    let base = x
    if (!include_self) {
      base = new Tensor(scattered('scatter_reduce', x, dim, index, identity, 'set'))
    }
    const total = scattered('scatter_reduce', base, dim, index, src, mode)
    if (reduce !== 'mean') return new Tensor(total)
    const start = new Tensor(p.full(x.raw.shape, include_self ? 1 : 0, dtype))
    const ones = new Tensor(p.full(src.raw.shape, 1, dtype))
    const count = p.maximum(scattered('scatter_reduce', start, dim, index, ones, 'add'), 1)
    return new Tensor(dtype.isInexact ? p.div(total, count) : p.floorDivide(total, count))
  },
)

/** Values of another dtype are refused, as PyTorch does. */
function sameDType(name: string, x: Tensor, source: Tensor): void {
  if (x.raw.dtype !== source.raw.dtype) {
    throw new DTypeError(
      `${name}(): self and source expected to have the same dtype, but got (self) ${scalarTypeName(x.raw.dtype)} and (source) ${scalarTypeName(source.raw.dtype)}`,
    )
  }
}

/** Names the dimension in an index error. */
function alongName<T>(dim: number, f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (error instanceof IndexError) throw new IndexError(error.message.replace(/for axis \d+/, `for dimension ${dim}`), { axis: dim })
    throw error
  }
}

function alongDim(name: string, input: Tensor, dim: number, index: Tensor, source: Operand, mode: 'set' | 'add'): Tensor {
  const x = tensorArg(name, input)
  const at = wrapDim(dim, x.ndim)
  const i = indexArg(name, index)
  if (i.ndim > 1) throw new IndexError(`${name}(): Index is supposed to be a vector, but got dim: ${i.ndim}`)
  const vector = i.ndim === 0 ? p.reshape(i, [1]) : i
  let values: Value
  if (source instanceof Tensor && (source.ndim > 0 || mode === 'add')) {
    sameDType(name, x, source)
    const n = source.raw.shape[at] ?? 1
    if (n !== vector.shape[0])
      throw new IndexError(`${name}(): Number of indices (${vector.shape[0]}) should be equal to source.size(dim): (${n}), for dim: ${at}`)
    const expected = x.raw.shape.map((m, d) => (d === at ? n : m))
    if (source.raw.shape.some((m, d) => m !== expected[d])) {
      throw new ShapeError(
        `source tensor shape must match self tensor shape, excluding the specified dimension. Got self.shape = [${x.raw.shape.join(', ')}] source.shape = [${source.raw.shape.join(', ')}]`,
      )
    }
    values = p.moveAxis(source.ndim === 0 ? p.reshape(source.value, [1]) : source.value, at, 0)
  } else values = source instanceof Tensor ? p.cast(source.value, x.raw.dtype) : scalarValue(source, x.raw.dtype)
  const moved = p.moveAxis(x.ndim === 0 ? p.reshape(x.value, [1]) : x.value, at, 0)
  const out =
    mode === 'add'
      ? alongName(at, () => p.indexPut(moved, values, [vector], mode))
      : outOfRange(() => p.indexPut(moved, values, [vector], mode))
  return new Tensor(p.reshape(p.moveAxis(out, 0, at), x.raw.shape))
}

/** Keywords of index_add. */
export interface IndexAddOptions {
  /** What the source is multiplied by. */
  readonly alpha?: Scalar
}

/** A copy with parts of `source`, times alpha, added at some positions of a dimension; repeated positions add up. */
export const index_add = keyed(
  'index_add',
  'dim index source ...',
  (input: Tensor, dim: number, index: Tensor, source: Tensor, options: IndexAddOptions = {}): Tensor => {
    checkKeywords('index_add', options, 'alpha')
    const { alpha = 1 } = options ?? {}
    const scaled = alpha === 1 ? source : new Tensor(p.mul(source.value, scalarValue(alpha, source.raw.dtype)))
    return named(new Tensor(inOrder(alongDim('index_add', input, dim, index, scaled, 'add').value)), 'IndexAddBackward0')
  },
)
/** A copy with parts of `source` at some positions of a dimension. */
export const index_copy = keyed(
  'index_copy',
  'dim index source',
  (input: Tensor, dim: number, index: Tensor, source: Tensor): Tensor =>
    named(new Tensor(inOrder(alongDim('index_copy', input, dim, index, source, 'set').value)), 'IndexCopyBackward0'),
)
/** A copy with a value at some positions of a dimension. */
export const index_fill = keyed('index_fill', 'dim index value', (input: Tensor, dim: number, index: Tensor, value: Operand): Tensor => {
  if (value instanceof Tensor && value.ndim > 0) {
    throw new RuntimeError(`index_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.ndim} dimension(s).`)
  }
  const x = tensorArg('index_fill', input)
  const at = wrapDim(dim, x.ndim)
  const i = indexArg('index_fill', index)
  if (i.ndim > 1) throw new IndexError(`index_fill(): Index is supposed to be a vector, but got dim: ${i.ndim}`)
  const n = x.ndim === 0 ? 1 : x.raw.shape[at]!
  const line = p.full([n], false, core.bool)
  const marked = outOfRange(() => p.indexPut(line, p.full([], true, core.bool), [i.ndim === 0 ? p.reshape(i, [1]) : i], 'set'))
  const mask = p.reshape(
    marked,
    x.raw.shape.map((_, d) => (d === at ? n : 1)),
  )
  const { dtype } = x.raw
  const v = value instanceof Tensor ? p.cast(value.value, dtype) : fillValue(value, dtype)
  return named(new Tensor(p.where(mask, v, x.value, { dtype })), 'IndexFillBackward0')
})
/** A copy with values at the places that a list of index tensors names; added to what is there when `accumulate`. */
export const index_put = keyed(
  'index_put',
  'indices values accumulate',
  (input: Tensor, indices: readonly (Tensor | null)[], values: Operand, accumulate = false): Tensor => {
    const x = tensorArg('index_put', input)
    if (!Array.isArray(indices)) throw new ArgumentError("index_put(): argument 'indices' must be tuple of Tensors")
    const keys = indices.map((i) => i ?? ':') as KeyInput[]
    const value = values instanceof Tensor ? values.value : scalarValue(values, x.raw.dtype)
    if (value.dtype !== x.raw.dtype) {
      throw new DTypeError(
        `Index put requires the source and destination dtypes match, got ${scalarTypeName(x.raw.dtype)} for the destination and ${scalarTypeName(value.dtype)} for the source.`,
      )
    }
    return reworded(x, () => new Tensor(putItem(x.value, keys, value, { ...OPTIONS, mode: accumulate ? 'add' : 'set' })))
  },
)

function maskArg(name: string, mask: Tensor): Value {
  const m = tensorArg(name, mask, 'mask')
  if (m.raw.dtype !== core.bool) {
    throw new DTypeError(
      name === 'masked_select'
        ? 'masked_select: expected BoolTensor for mask'
        : `${name}_ only supports boolean masks, but got mask with dtype ${cppTypeName(m.raw.dtype)}`,
    )
  }
  return m.value
}

/** A copy with a value where the mask, which broadcasts, is true. */
export const masked_fill = keyed('masked_fill', 'mask value', (input: Tensor, mask: Tensor, value: Operand): Tensor => {
  const x = tensorArg('masked_fill', input)
  const m = maskArg('masked_fill', mask)
  if (value instanceof Tensor && value.ndim > 0) {
    throw new RuntimeError(`masked_fill_ only supports a 0-dimensional value tensor, but got tensor with ${value.ndim} dimension(s).`)
  }
  const { dtype } = x.raw
  const v = value instanceof Tensor ? p.cast(value.value, dtype) : fillValue(value, dtype)
  return named(new Tensor(p.where(m, v, x.value, { dtype })), 'MaskedFillBackward0')
})

/** The elements where the mask is true, in one dimension; both broadcast. */
export const masked_select = keyed('masked_select', 'mask ...', (input: Tensor, mask: Tensor, options: OutOption = {}): Tensor => {
  const x = tensorArg('masked_select', input)
  const m = maskArg('masked_select', mask)
  const shape = p.add(p.broadcastTo(scalarValue(0, core.int64), x.raw.shape), p.cast(m, core.int64)).shape
  return named(
    deliver('masked_select', p.maskedSelect(p.broadcastTo(x.value, shape), p.broadcastTo(m, shape)), options.out, [x]),
    'MaskedSelectBackward0',
  )
})
