/** Copies: of a whole value, and of a value with one of its views replaced. */

import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { int64 } from '../../core/dtype.ts'
import { GradientError } from '../../core/errors.ts'
import { linear, moveAxis } from '../../core/linear.ts'
import { type Callable, primitive, type Rules } from '../../core/primitive.ts'
import { sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { ramp } from '../creation/full.ts'
import { indexPut } from '../indexing/arrays.ts'

/** The same elements in fresh contiguous memory. */
export const clone: Callable<[x: Value], null> = primitive(
  {
    name: 'clone',
    family: 'movement',
    gradName: 'CloneBackward0',
    saves: 'none',
    infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
    lower: (_, [out], [x]) => copyInto(out!, x!),
    objects: ([x], _, [out]) => copyInto(out!, x!),
    vjp: ([ct]) => [ct],
    jvp: ([t]) => [t && clone(t)],
    batch: ([x], [dim]) => [[clone(x!)], [dim!]],
  },
  (x) => [[x], null],
)

/** A chain of views: takes a value of the base's shape, gives the part of it, by movement rows. */
export type Part = (x: Value) => Value

interface SlicesParams {
  readonly part: Part
}

const slices: Rules<SlicesParams> = {
  name: 'copy_slices',
  family: 'movement',
  gradName: 'CopySlices',
  saves: 'none',
  infer: ([x]) => [{ shape: x!.shape, dtype: x!.dtype }],
  lower: (_, [out], [x, values], { part }) => {
    copyInto(out!, x!)
    const target = part(out!) as View
    if (target.storage !== out!.storage) throw new GradientError('this chain of views cannot be followed in a fresh copy of its base')
    copyInto(target, values!)
  },
  vjp: ([ct], { params: { part }, inAvals, needs }) => [
    ct && needs[0] ? copySlices(ct, linear.full(inAvals[1]!.shape, 0, ct.dtype, ct.device), part) : null,
    ct && needs[1] ? part(ct) : null,
  ],
  jvp: ([tx, tv], [x, values], _, { part }) => {
    const zero = (v: Value) => linear.full(v.shape, 0, v.dtype, v.device)
    return [tx || tv ? copySlices(tx ?? zero(x!), tv ?? zero(values!), part) : null]
  },
  // the part's places, found by following it through the numbers of the elements, are the same in every item of the batch
  batch: ([x, values], [dim, dimValues], { part }, size) => {
    const whole = dim === null ? linear.broadcastTo(x!, [size, ...x!.shape]) : moveAxis(x!, dim!, 0)
    const inner = whole.shape.slice(1)
    const n = sizeOf(inner)
    const places = part(linear.reshape(ramp(n, 0, 1, int64), inner))
    const count = sizeOf(places.shape)
    const rows = linear.reshape(whole, [size, n])
    const written = dimValues === null ? linear.broadcastTo(values!, [size, ...places.shape]) : moveAxis(values!, dimValues!, 0)
    // index_put writes along first axes
    const turned = linear.transpose(linear.reshape(written, [size, count]), [1, 0])
    const out = indexPut(linear.transpose(rows, [1, 0]), turned, [linear.reshape(places, [count])], 'set')
    return [[linear.reshape(linear.transpose(out, [1, 0]), whole.shape)], [0]]
  },
}

/** A copy of `x` whose part, found by following `part`, has the values given. */
export const copySlices = Object.assign((x: Value, values: Value, part: Part): Value => bind(slices, [x, values], { part })[0]!, {
  primitive: slices,
})
