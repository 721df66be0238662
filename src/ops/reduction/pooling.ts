/** Maxima of windows that slide over the last axes. */

import { bind } from '../../core/bind.ts'
import { int64 } from '../../core/dtype.ts'
import { DTypeError, ShapeError } from '../../core/errors.ts'
import { linear, moveToFront } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Shape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { gather, scatter } from '../indexing/along.ts'

/** Windows over the last `kernel.length` axes. A kernel of length 0 along an axis parts it evenly into as many windows as `size` says. */
export interface PoolParams {
  readonly kernel: Shape
  readonly stride: Shape
  readonly padding: Shape
  readonly dilation: Shape
  /** Windows along each axis. */
  readonly size: Shape
}

/** The spatial axes as one. */
const flat = (x: Value, depth: number): Value => {
  const lead = x.shape.slice(0, x.ndim - depth)
  return linear.reshape(x, [...lead, x.shape.slice(x.ndim - depth).reduce((n, d) => n * d, 1)])
}

const rules: Rules<PoolParams> = {
  name: 'max_pool',
  family: 'reduction',
  gradName: 'MaxPoolBackward0',
  saves: 'outs',
  infer: ([x], { size }) => {
    const { shape, dtype } = x!
    if (dtype.kind === 'O' || dtype.kind === 'c')
      throw new DTypeError(`max_pool() is not supported for dtype ${dtype.name}`, { op: 'max_pool' })
    if (shape.length < size.length)
      throw new ShapeError('max_pool(): the input has too few dimensions', { op: 'max_pool', shapes: [shape] })
    const out = [...shape.slice(0, shape.length - size.length), ...size]
    return [
      { shape: out, dtype },
      { shape: out, dtype: int64 },
    ]
  },
  lower: (backend, outs, ins, { kernel, stride, padding, dilation }) =>
    backend.call('max_pool', outs, ins, [kernel.length, ...kernel.flatMap((k, i) => [k, stride[i]!, padding[i]!, dilation[i]!])]),
  vjp: ([ct], { outs, inAvals, params: { kernel } }) => {
    if (!ct) return [null]
    const { shape, dtype } = inAvals[0]!
    const depth = kernel.length
    const places = flat(outs[1]!, depth)
    const zeros = flat(linear.full(shape, 0, dtype, ct.device), depth)
    return [linear.reshape(scatter(zeros, places.ndim - 1, places, flat(ct, depth), 'add'), shape)]
  },
  jvp: ([t], _, [y, places], { kernel }) => {
    if (!t) return [null, null]
    const depth = kernel.length
    return [linear.reshape(gather(flat(t, depth), y!.ndim - depth, flat(places!, depth)), y!.shape), null]
  },
  batch: ([x], [dim], params) => [bind(rules, [moveToFront(x!, dim!)], params), [0, 0]],
}

/** The largest element of each window (a NaN is larger, the first of equals counts), and its place in the flattened spatial axes. */
export const maxPool = withRules((x: Value, params: PoolParams): Value[] => bind(rules, [x], params), rules)
