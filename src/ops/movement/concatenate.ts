/** Values joined along an axis, and padding. */

import { copyInto } from '../../core/copy.ts'
import { object } from '../../core/dtype.ts'
import { scalarView, viewOf } from '../../core/element.ts'
import { DTypeError, ShapeError, ValueError } from '../../core/errors.ts'
import { linear, moveAxis } from '../../core/linear.ts'
import { type Callable, primitive } from '../../core/primitive.ts'
import { normalizeAxis } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { narrow, slice } from './slice.ts'

interface ConcatenateParams {
  readonly axis: number
}

function write(outs: readonly View[], ins: readonly View[], { axis }: ConcatenateParams): void {
  let at = 0
  for (const v of ins) {
    const n = v.shape[axis]!
    copyInto(part(outs[0]!, axis, at, n), v)
    at += n
  }
}

/** A part of one axis of a view. */
function part(v: View, axis: number, start: number, length: number): View {
  const whole = v.shape.map(() => 0)
  whole[axis] = start
  const lengths = [...v.shape]
  lengths[axis] = length
  return slice.view!(v, { start: whole, length: lengths, step: v.shape.map(() => 1) })!
}

/** Values of one dtype joined along an axis that they have. */
export const concatenate: Callable<[xs: readonly Value[], axis?: number], ConcatenateParams> = primitive(
  {
    name: 'concatenate',
    family: 'movement',
    gradName: 'CatBackward0',
    saves: 'none',
    infer: (ins, { axis }) => {
      const first = ins[0]!
      let total = 0
      ins.forEach(({ shape, dtype }, i) => {
        if (dtype !== first.dtype)
          throw new DTypeError(`concatenate(): inputs must share a dtype here, got ${first.dtype.name} and ${dtype.name}`)
        if (shape.length !== first.shape.length) {
          throw new ShapeError(
            `all the input array dimensions must match exactly, but the array at index 0 has ${first.shape.length} dimension(s) and the array at index ${i} has ${shape.length} dimension(s)`,
            { op: 'concatenate', shapes: ins.map((v) => v.shape) },
          )
        }
        shape.forEach((n, d) => {
          if (d !== axis && n !== first.shape[d]) {
            throw new ShapeError(
              `all the input array dimensions except for the concatenation axis must match exactly, but along dimension ${d}, the array at index 0 has size ${first.shape[d]} and the array at index ${i} has size ${n}`,
              { op: 'concatenate', shapes: ins.map((v) => v.shape) },
            )
          }
        })
        total += shape[axis]!
      })
      return [{ shape: first.shape.map((n, d) => (d === axis ? total : n)), dtype: first.dtype }]
    },
    lower: (_, outs, ins, params) => write(outs, ins, params),
    objects: (ins, params, outs) => write(outs, ins, params),
    vjp: ([ct], { inAvals, needs, params: { axis } }) => {
      let at = 0
      return inAvals.map(({ shape }, i) => {
        const start = at
        at += shape[axis]!
        return ct && needs[i] ? narrow(ct, axis, start, shape[axis]!) : null
      })
    },
    jvp: (tangents, ins, _, { axis }) => {
      if (!tangents.some(Boolean)) return [null]
      return [
        concatenate(
          tangents.map((t, i) => t ?? linear.full(ins[i]!.shape, 0, ins[i]!.dtype, ins[i]!.device)),
          axis,
        ),
      ]
    },
    batch: (ins, dims, { axis }, size) => [
      [
        concatenate(
          ins.map((x, i) => (dims[i] === null ? linear.broadcastTo(x, [size, ...x.shape]) : moveAxis(x, dims[i]!, 0))),
          axis + 1,
        ),
      ],
      [0],
    ],
  },
  (xs, axis = 0) => {
    if (xs.length === 0) throw new ValueError('need at least one array to concatenate', { op: 'concatenate' })
    if (xs[0]!.ndim === 0) throw new ValueError('zero-dimensional arrays cannot be concatenated', { op: 'concatenate' })
    return [xs, { axis: normalizeAxis(axis, xs[0]!.ndim) }]
  },
)

/** Values of one shape and dtype joined along a new axis. */
export function stack(xs: readonly Value[], axis = 0): Value {
  if (xs.length === 0) throw new ValueError('need at least one array to stack', { op: 'stack' })
  const { shape } = xs[0]!
  if (xs.some((x) => x.ndim !== shape.length || x.shape.some((n, i) => n !== shape[i]))) {
    throw new ShapeError('all input arrays must have the same shape', { op: 'stack', shapes: xs.map((x) => x.shape) })
  }
  const at = normalizeAxis(axis, shape.length + 1)
  const wide = [...shape.slice(0, at), 1, ...shape.slice(at)]
  return concatenate(
    xs.map((x) => linear.reshape(x, wide)),
    at,
  )
}

interface PadParams {
  /** New elements before each axis; a negative number takes elements away. */
  readonly before: readonly number[]
  readonly after: readonly number[]
  readonly value: unknown
}

/** How x and the output overlap on each axis: where in x, where in the output, how many. */
function overlap(shape: readonly number[], { before, after }: PadParams) {
  const from = before.map((b) => Math.max(0, -b))
  const to = before.map((b) => Math.max(0, b))
  const length = shape.map((n, i) => Math.max(0, n - from[i]! - Math.max(0, -after[i]!)))
  return { from, to, length, step: shape.map(() => 1) }
}

function writePad([out]: readonly View[], [x]: readonly View[], params: PadParams): void {
  copyInto(out!, out!.dtype.isObject ? fillObject(params.value) : scalarView(params.value, out!.dtype))
  const { from, to, length, step } = overlap(x!.shape, params)
  copyInto(slice.view!(out!, { start: to, length, step })!, slice.view!(x!, { start: from, length, step })!)
}
const fillObject = (value: unknown): View => viewOf([value], [], object)

/** x with constant elements around it. */
export const pad: Callable<[x: Value, before: readonly number[], after: readonly number[], value?: unknown], PadParams> = primitive(
  {
    name: 'pad',
    family: 'movement',
    gradName: 'ConstantPadNdBackward0',
    saves: 'none',
    infer: ([x], { before, after }) => {
      const shape = x!.shape.map((n, i) => n + before[i]! + after[i]!)
      if (before.length !== x!.shape.length || after.length !== x!.shape.length || shape.some((n) => !(n >= 0))) {
        throw new ShapeError(`pad(): widths [${before.join(', ')}] and [${after.join(', ')}] do not fit shape [${x!.shape.join(', ')}]`, {
          op: 'pad',
          shapes: [x!.shape],
        })
      }
      return [{ shape, dtype: x!.dtype }]
    },
    lower: (_, outs, ins, params) => writePad(outs, ins, params),
    objects: (ins, params, outs) => writePad(outs, ins, params),
    vjp: ([ct], { params: { before, after } }) => [
      ct &&
        pad(
          ct,
          before.map((n) => -n),
          after.map((n) => -n),
        ),
    ],
    jvp: ([t], _, __, { before, after }) => [t && pad(t, before, after)],
    batch: ([x], [dim], { before, after, value }) => [[pad(moveAxis(x!, dim!, 0), [0, ...before], [0, ...after], value)], [0]],
  },
  (x, before, after, value = 0) => [[x], { before, after, value }],
)
