/** Order: sorting, the greatest k, positions in sorted rows, unique values, counts. */

import { type Rest, signature } from '../../core/arguments.ts'
import { bool as BOOL, type DType, int32, int64 } from '../../core/dtype.ts'
import { items, viewOf as makeView } from '../../core/element.ts'
import { DTypeError, RuntimeError } from '../../core/errors.ts'
import { sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { Tensor, viewOf, wrapDim } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { pair, type ValuesIndices } from './results.ts'
import { named, tensorArg } from './support.ts'

/** Keywords of sort and argsort. */
export interface SortOptions {
  /** Default -1. */
  readonly dim?: number
  readonly descending?: boolean
  /** Equal elements keep their order; here they always do. */
  readonly stable?: boolean
}
const readSort = signature<SortOptions>('sort', ['dim', 'descending', 'stable'])
type SortArgs = Rest<SortOptions, ['dim', 'descending', 'stable']>

function checkOrdered(name: string, dtype: DType): void {
  if (dtype.isComplex) throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
}

/**
 * The elements sorted along a dimension, and the indices that sort them. NaN counts as greater than every number.
 *
 * @example
 * ```ts
 * torch.sort(torch.tensor([3, 1, 2])).indices // => tensor([1, 2, 0])
 * ```
 */
export const sort = keyed('sort', '...', (input: Tensor, ...rest: SortArgs): ValuesIndices => {
  const x = tensorArg('sort', input)
  const { dim = -1, descending = false } = readSort(rest)
  checkOrdered('sort', x.raw.dtype)
  const at = wrapDim(dim, x.ndim)
  if (x.ndim === 0) return pair('sort', new Tensor(p.clone(x.value)), new Tensor(p.full([], 0, int64)))
  const [values, indices] = p.sortWithIndices(x.value, at, descending) as [Value, Value]
  return pair('sort', named(new Tensor(values), 'SortBackward0'), new Tensor(indices))
})

/** The indices that sort the elements along a dimension. */
export const argsort = keyed('argsort', '...', (input: Tensor, ...rest: SortArgs): Tensor => sort(input, ...rest).indices)
/** The elements sorted along the first dimension. */
export const msort = keyed('msort', '', (input: Tensor): Tensor => sort(input, 0).values)

/** Keywords of topk. */
export interface TopkOptions {
  readonly dim?: number
  readonly largest?: boolean
  readonly sorted?: boolean
}
const readTopk = signature<TopkOptions>('topk', ['dim', 'largest', 'sorted'], [], 2)
/** The k greatest (or least) elements along a dimension, and their indices. */
export const topk = keyed(
  'topk',
  'k ...',
  (input: Tensor, k: number, ...rest: Rest<TopkOptions, ['dim', 'largest', 'sorted']>): ValuesIndices => {
    const x = tensorArg('topk', input)
    const { dim = -1, largest = true, sorted = true } = readTopk(rest)
    checkOrdered('topk', x.raw.dtype)
    const at = wrapDim(dim, x.ndim)
    const n = x.ndim === 0 ? 1 : x.raw.shape[at]!
    if (!(k >= 0 && k <= n)) throw new RuntimeError('selected index k out of range')
    if (x.ndim === 0) return pair('topk', new Tensor(p.clone(x.value)), new Tensor(p.full([], 0, int64)))
    const [values, indices] = p.topk(x.value, k, at, largest, sorted) as [Value, Value]
    return pair('topk', named(new Tensor(values), 'TopkBackward0'), new Tensor(indices))
  },
)

/** The k-th least element (k from 1) along a dimension, and its index. */
export const kthvalue = keyed('kthvalue', 'k dim keepdim', (input: Tensor, k: number, dim = -1, keepdim = false): ValuesIndices => {
  const x = tensorArg('kthvalue', input)
  const at = wrapDim(dim, x.ndim)
  const n = x.ndim === 0 ? 1 : x.raw.shape[at]!
  if (!(k >= 1 && k <= n)) throw new RuntimeError(`kthvalue(): selected number k out of range for dimension ${at}`)
  const wide = x.ndim === 0 ? p.reshape(x.value, [1]) : x.value
  const index = p.narrow(p.argsort(wide, at), at, k - 1, 1)
  const drop = (v: Value) =>
    keepdim && x.ndim > 0
      ? v
      : p.reshape(
          v,
          v.shape.filter((_, i) => i !== at),
        )
  return pair('kthvalue', new Tensor(drop(p.gather(wide, at, index))), new Tensor(drop(index)))
})

/** Keywords of searchsorted and bucketize. */
export interface SearchOptions {
  /** After equal elements in place of before. */
  readonly right?: boolean
  readonly side?: 'left' | 'right' | null
  /** Gives int32 in place of int64. */
  readonly out_int32?: boolean
}
/** Where values would go into sorted rows: before equal elements, or after them when `right`. */
export const searchsorted = keyed(
  'searchsorted',
  'input ...',
  (sorted_sequence: Tensor, input: Tensor | number, options: SearchOptions = {}): Tensor => {
    const row = tensorArg('searchsorted', sorted_sequence, 'sorted_sequence')
    const values = input instanceof Tensor ? input : new Tensor(p.full([], input, row.raw.dtype))
    const { right = false, side = null, out_int32 = false } = options ?? {}
    if (side === 'left' && right) {
      throw new RuntimeError("torch.searchsorted(): side and right can't be set to opposites, got side of left while right was True")
    }
    if (row.ndim !== 1 && (values.ndim !== row.ndim || values.raw.shape.slice(0, -1).some((n, i) => n !== row.raw.shape[i]))) {
      throw new RuntimeError(
        `torch.searchsorted(): boundaries tensor should be 1 dimension or the first N-1 dimensions of boundaries tensor and input value tensor must match, but we got boundaries tensor [${row.raw.shape.join(', ')}] and input value tensor [${values.raw.shape.join(', ')}]`,
      )
    }
    if (row.raw.dtype !== values.raw.dtype) {
      throw new DTypeError(
        `torch.searchsorted(): input value tensor and boundaries tensor should have same dtype, but got boundaries tensor dtype ${row.raw.dtype.name} and input value tensor dtype ${values.raw.dtype.name}`,
      )
    }
    const found = p.searchsorted(row.value, values.value, right || side === 'right')
    return new Tensor(out_int32 ? p.cast(found, int32) : found)
  },
)
/** The bucket of each value between sorted boundaries. */
export const bucketize = keyed(
  'bucketize',
  'boundaries ...',
  (input: Tensor | number, boundaries: Tensor, options: SearchOptions = {}): Tensor => searchsorted(boundaries, input, options),
)

/** Keywords of bincount. */
export interface BincountOptions {
  readonly weights?: Tensor | null
  readonly minlength?: number
}
const readCount = signature<BincountOptions>('bincount', ['weights', 'minlength'])
/** How often each of 0, 1, 2 ... is in a vector of integers, or the sums of their weights. */
export function bincount(input: Tensor, ...rest: Rest<BincountOptions, ['weights', 'minlength']>): Tensor {
  const x = tensorArg('bincount', input)
  const { weights = null, minlength = 0 } = readCount(rest)
  const v = x.memory
  const numbers = x.raw.dtype.isInteger && x.ndim === 1
  const most = numbers && v.size > 0 ? Number(new Tensor(p.amax(v)).item()) : -1
  if (!numbers || (v.size > 0 && Number(new Tensor(p.amin(v)).item()) < 0)) {
    throw new RuntimeError('bincount only supports 1-d non-negative integral inputs.')
  }
  if (!(minlength >= 0)) throw new RuntimeError('minlength should be >= 0')
  if (weights && (weights.ndim !== 1 || weights.raw.shape[0] !== x.raw.shape[0])) {
    throw new RuntimeError('weights should be 1-d and have the same length as input')
  }
  const out = p.bincount(v, Math.max(most + 1, minlength), weights?.memory ?? null)
  return new Tensor(weights && weights.raw.dtype.name === 'float32' ? p.cast(out, weights.raw.dtype) : out)
}

/** Keywords of unique. */
export interface UniqueOptions {
  readonly sorted?: boolean
  /** Also where each element is among the unique ones. */
  readonly return_inverse?: boolean
  /** Also how often each is there. */
  readonly return_counts?: boolean
  readonly dim?: number | null
}
const readUnique = signature<UniqueOptions>('unique', ['sorted', 'return_inverse', 'return_counts', 'dim'])

/**
 * The different elements in order; with `return_inverse` and `return_counts` a list of results.
 *
 * @example
 * ```ts
 * torch.unique(torch.tensor([3, 1, 3])) // => tensor([1, 3])
 * ```
 */
export function unique(input: Tensor): Tensor
export function unique(input: Tensor, options: UniqueOptions & { readonly return_inverse?: false; readonly return_counts?: false }): Tensor
export function unique(input: Tensor, ...rest: Rest<UniqueOptions, ['sorted', 'return_inverse', 'return_counts', 'dim']>): Tensor[]
export function unique(input: Tensor, ...rest: readonly unknown[]): Tensor | Tensor[] {
  const x = tensorArg('unique', input)
  const { return_inverse = false, return_counts = false, dim = null } = readUnique(rest)
  if (dim !== null) return uniqueAlong(x, wrapDim(dim, x.ndim), return_inverse, return_counts)
  const flat = p.reshape(x.memory, [x.numel()])
  const order = p.argsort(flat, 0)
  const sorted = p.index(flat, [order])
  return grouped(sorted, order, x.raw.shape, return_inverse, return_counts)
}

/** The first of each run of equal elements in a vector that `order` made of the input. */
function grouped(sorted: Value, order: Value, shape: readonly number[], inverse: boolean, counts: boolean): Tensor | Tensor[] {
  const n = sorted.shape[0]!
  const starts =
    n === 0
      ? p.eq(sorted, 0)
      : p.concatenate([p.full([1], true, BOOL), p.ne(p.narrow(sorted, 0, 1, n - 1), p.narrow(sorted, 0, 0, n - 1))], 0)
  const out = [new Tensor(p.maskedSelect(sorted, starts))]
  if (inverse) {
    const group = n === 0 ? p.cast(sorted, int64) : p.sub(p.cumsum(p.cast(starts, int64), 0), 1)
    out.push(new Tensor(p.reshape(p.scatter(p.full([n], 0, int64), 0, order, group), shape)))
  }
  if (counts) {
    const at = [...(items(p.reshape(p.nonzero(starts), [out[0]!.numel()]) as never) as number[]), n]
    out.push(
      new Tensor(
        makeView(
          at.slice(1).map((b, i) => b - at[i]!),
          [at.length - 1],
          int64,
        ),
      ),
    )
  }
  return out.length === 1 ? out[0]! : out
}

/** The different parts along a dimension, in the order of their elements. */
function uniqueAlong(x: Tensor, at: number, inverse: boolean, counts: boolean): Tensor | Tensor[] {
  const moved = p.moveAxis(x.memory, at, 0)
  const n = moved.shape[0]!
  const width = sizeOf(moved.shape.slice(1))
  if (width === 0 && n > 0) throw new RuntimeError('unique(): There are 0 sized dimensions, and they are not selected')
  const rows = p.reshape(moved, [n, width])
  // least significant column first: each stable sort keeps the order of those after it
  let order: Value = p.ramp(n, 0, 1, int64)
  for (let c = width - 1; c >= 0; c--) {
    const column = p.index(p.reshape(p.narrow(rows, 1, c, 1), [n]), [order])
    order = p.index(order, [p.argsort(column, 0)])
  }
  return groupedRows(p.index(moved, [order]), order, at, inverse, counts)
}

/** The first of each run of equal parts along the first axis of what `order` made of the input, whose axis `at` it was. */
function groupedRows(sorted: Value, order: Value, at: number, inverse: boolean, counts: boolean): Tensor | Tensor[] {
  const n = sorted.shape[0]!
  const rest = sorted.shape.slice(1).map((_, i) => i + 1)
  const changed = n < 2 ? null : p.ne(p.narrow(sorted, 0, 1, n - 1), p.narrow(sorted, 0, 0, n - 1))
  const starts = [...(n > 0 ? [p.full([1], true, BOOL)] : []), ...(changed ? [rest.length ? p.any(changed, rest) : changed] : [])]
  const mask = starts.length ? p.concatenate(starts, 0) : p.full([0], true, BOOL)
  const heads = p.reshape(
    p.nonzero(mask),
    [-1].map(() => Number(new Tensor(p.sum(p.cast(mask, int64))).item())),
  )
  const out = [new Tensor(p.clone(p.moveAxis(p.index(sorted, [heads]), 0, at)))]
  const group = n === 0 ? p.cast(mask, int64) : p.sub(p.cumsum(p.cast(mask, int64), 0), 1)
  if (inverse) out.push(new Tensor(p.scatter(p.full([n], 0, int64), 0, order, group)))
  if (counts) out.push(new Tensor(n === 0 ? group : p.bincount(viewOf(group), heads.shape[0]!, null)))
  return out.length === 1 ? out[0]! : out
}

/** Keywords of unique_consecutive. */
export interface UniqueConsecutiveOptions {
  readonly dim?: number | null
  readonly return_inverse?: boolean
  readonly return_counts?: boolean
}
/** The elements without those that equal the one before them. */
export function unique_consecutive(input: Tensor, given: UniqueConsecutiveOptions | null = {}): Tensor | Tensor[] {
  const options = given ?? {}
  const x = tensorArg('unique_consecutive', input)
  if (options.dim !== undefined && options.dim !== null) {
    const at = wrapDim(options.dim, x.ndim)
    const moved = p.moveAxis(x.memory, at, 0)
    return groupedRows(moved, p.ramp(moved.shape[0]!, 0, 1, int64), at, options.return_inverse === true, options.return_counts === true)
  }
  const n = x.numel()
  return grouped(
    p.reshape(x.memory, [n]),
    p.ramp(n, 0, 1, int64),
    x.raw.shape,
    options.return_inverse === true,
    options.return_counts === true,
  )
}
