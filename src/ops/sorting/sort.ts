/** Sorting along an axis: values, indices, or both. NaN counts as the largest item, as in NumPy and PyTorch. */

import { bind } from '../../core/bind.ts'
import { int64 } from '../../core/dtype.ts'
import { RuntimeError } from '../../core/errors.ts'
import { linear, moveAxis } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Value } from '../../core/value.ts'
import { gather, scatter } from '../indexing/along.ts'
import { checkAxis, eachObjectLine, objectOrder, onAxis, zerosLike } from './lines.ts'

export interface SortParams {
  readonly axis: number
  readonly descending: boolean
}

const words = ({ axis, descending }: SortParams): number[] => [axis, descending ? 1 : 0]

const sortRules: Rules<SortParams> = {
  name: 'sort',
  family: 'sorting',
  saves: 'ins',
  infer: ([x], { axis }) => {
    checkAxis('sort', x!, axis)
    return [{ shape: x!.shape, dtype: x!.dtype }]
  },
  lower: (backend, outs, ins, params) => backend.call('sort', outs, ins, [...words(params), 1]),
  objects: ([x], { axis, descending }, [out]) =>
    eachObjectLine(x!, axis, [out!], (items) => [objectOrder(items, descending).map((i) => items[i])]),
  vjp: ([ct], { ins, params: { axis, descending } }) => [ct && scatter(zerosLike(ct), axis, argsort(ins[0]!, axis, descending), ct)],
  jvp: ([t], [x], _, { axis, descending }) => [t && gather(t, axis, argsort(x!, axis, descending))],
  batch: ([x], [dim], { axis, descending }) => [[sort(moveAxis(x!, dim!, 0), axis + 1, descending)], [0]],
}

/** x sorted along an axis, stably. */
export const sort = withRules(
  (x: Value, axis = -1, descending = false): Value =>
    onAxis(x, axis, 'sort', (v, at) => bind(sortRules, [v], { axis: at, descending }))[0]!,
  sortRules,
)

const argsortRules: Rules<SortParams> = {
  name: 'argsort',
  family: 'sorting',
  constant: true,
  infer: ([x], { axis }) => {
    checkAxis('argsort', x!, axis)
    return [{ shape: x!.shape, dtype: int64 }]
  },
  lower: (backend, outs, ins, params) => backend.call('argsort', outs, ins, words(params)),
  objects: ([x], { axis, descending }, [out]) => eachObjectLine(x!, axis, [out!], (items) => [objectOrder(items, descending)]),
  batch: ([x], [dim], { axis, descending }) => [[argsort(moveAxis(x!, dim!, 0), axis + 1, descending)], [0]],
}

/** The indices that sort x along an axis, stably. */
export const argsort = withRules(
  (x: Value, axis = -1, descending = false): Value =>
    onAxis(x, axis, 'argsort', (v, at) => bind(argsortRules, [v], { axis: at, descending }))[0]!,
  argsortRules,
)

/** Rules for rows that pick elements of an axis and say which: outputs are the values and their indices. */
function picking<P extends { readonly axis: number }>(gradName: string): Pick<Rules<P>, 'saves' | 'gradName' | 'vjp' | 'jvp'> {
  return {
    gradName,
    saves: 'outs',
    vjp: ([ct], { outs, inAvals, params }) => {
      if (!ct) return [null]
      const { shape, dtype } = inAvals[0]!
      return [scatter(linear.full(shape, 0, dtype, ct.device), params.axis, outs[1]!, ct)]
    },
    jvp: ([t], _, outs, params) => [t && gather(t, params.axis, outs[1]!), null],
  }
}

const bothRules: Rules<SortParams> = {
  name: 'sort_with_indices',
  family: 'sorting',
  ...picking<SortParams>('SortBackward0'),
  infer: ([x], { axis }) => {
    checkAxis('sort', x!, axis)
    return [
      { shape: x!.shape, dtype: x!.dtype },
      { shape: x!.shape, dtype: int64 },
    ]
  },
  lower: (backend, outs, ins, params) => backend.call('sort_with_indices', outs, ins, words(params)),
  batch: ([x], [dim], { axis, descending }) => [sortWithIndices(moveAxis(x!, dim!, 0), axis + 1, descending), [0, 0]],
}

/** x sorted along an axis, stably, and the indices that sort it. */
export const sortWithIndices = withRules(
  (x: Value, axis = -1, descending = false): Value[] => onAxis(x, axis, 'sort', (v, at) => bind(bothRules, [v], { axis: at, descending })),
  bothRules,
)

export interface TopkParams {
  readonly axis: number
  readonly k: number
  readonly largest: boolean
  readonly sorted: boolean
}

const topkRules: Rules<TopkParams> = {
  name: 'topk',
  family: 'sorting',
  ...picking<TopkParams>('TopkBackward0'),
  infer: ([x], { axis, k }) => {
    checkAxis('topk', x!, axis)
    if (!Number.isInteger(k) || k < 0 || k > x!.shape[axis]!) throw new RuntimeError('selected index k out of range', { op: 'topk', axis })
    const shape = x!.shape.map((n, i) => (i === axis ? k : n))
    return [
      { shape, dtype: x!.dtype },
      { shape, dtype: int64 },
    ]
  },
  lower: (backend, outs, ins, { axis, k, largest, sorted }) => {
    if (k > 0) backend.call('topk', outs, ins, [axis, k, largest ? 1 : 0, sorted ? 1 : 0])
  },
  batch: ([x], [dim], { axis, k, largest, sorted }) => [topk(moveAxis(x!, dim!, 0), k, axis + 1, largest, sorted), [0, 0]],
}

/** The k largest or smallest elements of an axis and their indices, in order when `sorted`. */
export const topk = withRules(
  (x: Value, k: number, axis = -1, largest = true, sorted = true): Value[] =>
    onAxis(x, axis, 'topk', (v, at) => bind(topkRules, [v], { axis: at, k, largest, sorted })),
  topkRules,
)
