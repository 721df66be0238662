/** Batches from items: tensors stacked, numbers as tensors, lists and objects by their parts. */

import { ArgumentError, RuntimeError } from '../../../core/errors.ts'
import { valueIn } from '../../../core/value.ts'
import { as_tensor, tensor } from '../../functions/creation.ts'
import { stack } from '../../functions/join.ts'
import { Tensor } from '../../tensor.ts'

const isPlain = (x: unknown): x is Record<string, unknown> => {
  if (typeof x !== 'object' || x === null) return false
  const proto = Object.getPrototypeOf(x)
  return proto === Object.prototype || proto === null
}

/** Whether something is an array of one of our two worlds, or a typed array. */
const isArray = (x: unknown): boolean => valueIn(x) !== null || (ArrayBuffer.isView(x) && !(x instanceof DataView))

/**
 * A batch of items: tensors are stacked, numbers become a tensor (float64 when one has a fraction), strings stay a list, lists and plain
 * objects are batched by their parts.
 *
 * @example
 * ```ts
 * torch.utils.data.default_collate([[torch.tensor([1, 2]), 0], [torch.tensor([3, 4]), 1]])
 * // => [ tensor([[1, 2],
 * //         [3, 4]]), tensor([0, 1]) ]
 * ```
 */
export function default_collate(batch: readonly any[]): any {
  return collated(batch, 0)
}

function collated(batch: readonly any[], depth: number): any {
  if (depth > DEEPEST) throw new ArgumentError('default_collate: the data is nested too deeply')
  if (!Array.isArray(batch) || batch.length === 0) throw new ArgumentError('default_collate: batch must be a list with at least one item')
  const first = batch[0]
  if (first instanceof Tensor) return stack(batch as Tensor[])
  if (isArray(first)) return stack(batch.map((x) => as_tensor(x)))
  if (typeof first === 'number') return tensor(batch, batch.every(Number.isInteger) ? {} : { dtype: 'float64' })
  if (typeof first === 'boolean' || typeof first === 'bigint') return tensor(batch)
  if (typeof first === 'string') return [...batch]
  if (first instanceof Map)
    return new Map(
      [...first.keys()].map((key) => [
        key,
        collated(
          batch.map((x) => x.get(key)),
          depth + 1,
        ),
      ]),
    )
  if (isPlain(first))
    return Object.fromEntries(
      Object.keys(first).map((key) => [
        key,
        collated(
          batch.map((x) => x[key]),
          depth + 1,
        ),
      ]),
    )
  if (Array.isArray(first)) {
    if (batch.some((x) => x.length !== first.length)) throw new RuntimeError('each element in list of batch should be of equal size')
    return first.map((_: unknown, i: number) =>
      collated(
        batch.map((x) => x[i]),
        depth + 1,
      ),
    )
  }
  throw new ArgumentError(
    `default_collate: batch must contain tensors, numpy arrays, numbers, dicts or lists; found ${first === null ? 'null' : typeof first}`,
  )
}

/** An item with arrays as tensors, itself else: what a DataLoader without batches gives. */
export function default_convert(data: any): any {
  return converted(data, 0)
}

/** Lists nested deeper than this are taken for endless. */
const DEEPEST = 500

function converted(data: any, depth: number): any {
  if (depth > DEEPEST) throw new ArgumentError('default_convert: the data is nested too deeply')
  if (data instanceof Tensor) return data
  if (isArray(data)) return as_tensor(data)
  if (data instanceof Map) return new Map([...data].map(([key, value]) => [key, converted(value, depth + 1)]))
  if (isPlain(data)) return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, converted(value, depth + 1)]))
  return Array.isArray(data) ? data.map((x) => converted(x, depth + 1)) : data
}
