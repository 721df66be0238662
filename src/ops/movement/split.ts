/** A value in pieces along an axis, each with memory of its own: one operation forward, one backward. */

import { bind } from '../../core/bind.ts'
import { copyInto } from '../../core/copy.ts'
import { ShapeError } from '../../core/errors.ts'
import { linear, moveToFront } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { normalizeAxis } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { concatenate } from './concatenate.ts'
import { slice } from './slice.ts'

interface SplitParams {
  readonly axis: number
  readonly lengths: readonly number[]
}

function write([x]: readonly View[], { axis, lengths }: SplitParams, outs: readonly View[]): void {
  let at = 0
  lengths.forEach((n, i) => {
    const start = x!.shape.map((_, d) => (d === axis ? at : 0))
    const length = x!.shape.map((size, d) => (d === axis ? n : size))
    copyInto(outs[i]!, slice.view!(x!, { start, length, step: x!.shape.map(() => 1) })!)
    at += n
  })
}

const rules: Rules<SplitParams> = {
  name: 'split',
  family: 'movement',
  gradName: 'SplitBackward0',
  saves: 'none',
  infer: ([x], { axis, lengths }) => {
    const total = lengths.reduce((sum, n) => sum + n, 0)
    if (total !== x!.shape[axis]) {
      throw new ShapeError(`split(): lengths [${lengths.join(', ')}] do not add up to ${x!.shape[axis]}`, {
        op: 'split',
        shapes: [x!.shape],
      })
    }
    return lengths.map((n) => ({ shape: x!.shape.map((size, d) => (d === axis ? n : size)), dtype: x!.dtype }))
  },
  lower: (_, outs, ins, params) => write(ins, params, outs),
  objects: (ins, params, outs) => write(ins, params, outs),
  vjp: (cts, { outAvals, params: { axis } }) => {
    const like = cts.find((ct) => ct !== null)
    if (!like) return [null]
    return [
      concatenate(
        cts.map((ct, i) => ct ?? linear.full(outAvals[i]!.shape, 0, outAvals[i]!.dtype, like.device)),
        axis,
      ),
    ]
  },
  jvp: ([t], _, outs, { axis, lengths }) => (t ? split(t, axis, lengths) : outs.map(() => null)),
  batch: ([x], [dim], { axis, lengths }) => [split(moveToFront(x!, dim!), axis + 1, lengths), lengths.map(() => 0)],
}

/** Pieces of the given lengths along an axis, copied. */
export const split = withRules(
  (x: Value, axis: number, lengths: readonly number[]): Value[] =>
    bind(rules, [x], { axis: normalizeAxis(axis, x.ndim, 'split'), lengths }),
  rules,
)
