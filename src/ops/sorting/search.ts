/** Partial order and search: partition, searchsorted, bincount. */

import { allocate } from '../../core/allocate.ts'
import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { float64, int64 } from '../../core/dtype.ts'
import { DTypeError, ShapeError, ValueError } from '../../core/errors.ts'
import { linear, moveAxis } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { sameShape, sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { gather, scatter } from '../indexing/along.ts'
import { index } from '../indexing/arrays.ts'
import { zeroFill } from '../movement/family.ts'
import { checkAxis, eachObjectLine, objectOrder, onAxis, zerosLike } from './lines.ts'

export interface PartitionParams {
  readonly axis: number
  /** Positions whose elements are where a full sort would put them. */
  readonly kth: readonly number[]
}

const partitionRules: Rules<PartitionParams> = {
  name: 'partition',
  family: 'sorting',
  saves: 'both',
  infer: ([x], { axis }) => {
    checkAxis('partition', x!, axis)
    return [{ shape: x!.shape, dtype: x!.dtype }]
  },
  lower: (backend, outs, ins, { axis, kth }) => backend.call('partition', outs, ins, [axis, ...kth]),
  objects: ([x], { axis }, [out]) => eachObjectLine(x!, axis, [out!], (items) => [objectOrder(items, false).map((i) => items[i])]),
  vjp: ([ct], { ins, params: { axis, kth } }) => [ct && scatter(zerosLike(ct), axis, argpartition(ins[0]!, kth, axis), ct)],
  jvp: ([t], [x], _, { axis, kth }) => [t && gather(t, axis, argpartition(x!, kth, axis))],
  batch: ([x], [dim], { axis, kth }) => [[partition(moveAxis(x!, dim!, 0), kth, axis + 1)], [0]],
}

/** Positions counted from the front, or NumPy's error. */
function resolvedKth(kth: readonly number[], n: number): number[] {
  return kth.map((k) => {
    const at = k < 0 ? k + n : k
    if (!Number.isInteger(k) || at < 0 || at >= Math.max(n, 1)) throw new ValueError(`kth(=${k < 0 ? k + n : k}) out of bounds (${n})`)
    return at
  })
}

const lengthAt = (x: Value, axis: number): number => x.shape[axis] ?? 1

/** x in an order in which the elements at `kth` are as in a full sort: smaller or equal ones before, larger or equal ones after. */
export const partition = withRules(
  (x: Value, kth: readonly number[], axis = -1): Value =>
    onAxis(x, axis, 'partition', (v, at) => bind(partitionRules, [v], { axis: at, kth: resolvedKth(kth, lengthAt(v, at)) }))[0]!,
  partitionRules,
)

const argpartitionRules: Rules<PartitionParams> = {
  name: 'argpartition',
  family: 'sorting',
  constant: true,
  infer: ([x], { axis }) => {
    checkAxis('argpartition', x!, axis)
    return [{ shape: x!.shape, dtype: int64 }]
  },
  lower: (backend, outs, ins, { axis, kth }) => backend.call('argpartition', outs, ins, [axis, ...kth]),
  objects: ([x], { axis }, [out]) => eachObjectLine(x!, axis, [out!], (items) => [objectOrder(items, false)]),
  batch: ([x], [dim], { axis, kth }) => [[argpartition(moveAxis(x!, dim!, 0), kth, axis + 1)], [0]],
}

/** The indices of a partition along an axis. */
export const argpartition = withRules(
  (x: Value, kth: readonly number[], axis = -1): Value =>
    onAxis(x, axis, 'argpartition', (v, at) => bind(argpartitionRules, [v], { axis: at, kth: resolvedKth(kth, lengthAt(v, at)) }))[0]!,
  argpartitionRules,
)

const searchRules: Rules<{ readonly right: boolean }> = {
  name: 'searchsorted',
  family: 'sorting',
  constant: true,
  infer: ([sorted, values]) => {
    if (sorted!.dtype !== values!.dtype) {
      throw new DTypeError(`searchsorted(): inputs must share a dtype here, got ${sorted!.dtype.name} and ${values!.dtype.name}`)
    }
    const rows = sorted!.shape.slice(0, -1)
    if (sorted!.shape.length === 0 || (rows.length > 0 && !sameShape(rows, values!.shape.slice(0, -1)))) {
      throw new ShapeError(
        `searchsorted(): expected a sorted row, or rows with the leading axes of values, got [${sorted!.shape.join(', ')}] and [${values!.shape.join(', ')}]`,
        { op: 'searchsorted', shapes: [sorted!.shape, values!.shape] },
      )
    }
    return [{ shape: values!.shape, dtype: int64 }]
  },
  lower: (backend, outs, ins, { right }) => {
    if (outs[0]!.size > 0) backend.call('searchsorted', outs, ins, [right ? 1 : 0])
  },
  batch: ([sorted, values], [ds, dv], { right }, size) => {
    if (ds === null && sorted!.ndim === 1) return [[searchsorted(sorted!, values!, right)], [dv!]]
    const rows = ds === null ? linear.broadcastTo(sorted!, [size, ...sorted!.shape]) : moveAxis(sorted!, ds!, 0)
    const front = dv === null ? linear.broadcastTo(values!, [size, ...values!.shape]) : moveAxis(values!, dv!, 0)
    if (rows.ndim > 2) return [[searchsorted(rows, front, right)], [0]]
    const lines = linear.reshape(front, [size, sizeOf(front.shape.slice(1))])
    return [[linear.reshape(searchsorted(rows, lines, right), front.shape)], [0]]
  },
}

/** Where values would go into a sorted row (or rows with the values' leading axes): before equal elements, or after them when `right`. */
export const searchsorted = withRules(
  (sorted: Value, values: Value, right = false): Value => bind(searchRules, [sorted, values], { right })[0]!,
  searchRules,
)

const countRules: Rules<{ readonly length: number }> = {
  name: 'bincount',
  family: 'sorting',
  saves: 'ins',
  infer: ([x, weights], { length }) => {
    if (!x!.dtype.isInteger || x!.shape.length !== 1)
      throw new ValueError('object of too small depth for desired array', { op: 'bincount' })
    if (weights && !sameShape(weights.shape, x!.shape)) {
      throw new ValueError("The weights and list don't have the same length.", { op: 'bincount', shapes: [x!.shape, weights.shape] })
    }
    return [{ shape: [length], dtype: weights ? float64 : int64 }]
  },
  lower: (backend, [out], [x, weights]) => {
    zeroFill(out!)
    const int = x!.dtype === int64 ? x! : converted(x!, int64)
    backend.call('bincount', [out!], weights ? [int, weights.dtype === float64 ? weights : converted(weights, float64)] : [int])
  },
  vjp: ([ct], { ins, inAvals, needs }) => {
    if (!ct || !needs[1]) return inAvals.map(() => null)
    return [null, linear.cast(index(ct, [ins[0]!]), inAvals[1]!.dtype)]
  },
}

function converted(v: View, dtype: typeof int64 | typeof float64): View {
  const out = allocate(v.shape, dtype, v.device)
  copyInto(out, v)
  return out
}

/** How often each of 0 .. length-1 is in a 1-d integer array, or the sums of their weights (float64). */
export const bincount = withRules(
  (x: Value, length: number, weights: Value | null = null): Value => bind(countRules, weights ? [x, weights] : [x], { length })[0]!,
  countRules,
)
