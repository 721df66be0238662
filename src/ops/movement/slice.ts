/** Strided parts of the axes, as views. */

import { bind } from '../../core/bind.ts'
import { ShapeError, ValueError } from '../../core/errors.ts'
import { withRules } from '../../core/primitive.ts'
import { normalizeAxes } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { restride } from '../../core/view.ts'
import { strided } from './family.ts'

/** For each axis: the first index, the number of elements, the distance between them (any sign). */
export interface SliceParams {
  readonly start: readonly number[]
  readonly length: readonly number[]
  readonly step: readonly number[]
}

const { rules, transposed, replaced } = strided<SliceParams>({
  name: 'slice',
  gradName: 'SliceBackward0',
  shape: (shape, { start, length, step }, name) => {
    if (start.length !== shape.length || length.length !== shape.length || step.length !== shape.length) {
      throw new ShapeError(`${name}(): expected a start, a length and a step for each of ${shape.length} axes`, {
        op: name,
        shapes: [shape],
      })
    }
    shape.forEach((n, i) => {
      const last = start[i]! + (length[i]! - 1) * step[i]!
      if (length[i]! < 0 || (length[i]! > 0 && (start[i]! < 0 || start[i]! >= n || last < 0 || last >= n))) {
        throw new ValueError(`${name}(): elements ${start[i]} to ${last} are not inside axis ${i} with size ${n}`, {
          op: name,
          shapes: [shape],
          axis: i,
        })
      }
    })
    return length
  },
  view: (v, { start, length, step }) => {
    const offset = length.includes(0) ? v.offset : start.reduce((sum, s, i) => sum + s * v.strides[i]!, v.offset)
    return restride(
      v,
      length,
      v.strides.map((s, i) => s * step[i]!),
      offset,
    )
  },
  batched: ({ start, length, step }, shape) => [{ start: [0, ...start], length: [shape[0]!, ...length], step: [1, ...step] }, 0],
})

/** The elements `start + i * step`, i below length, of each axis, as a view. */
export const slice = withRules(
  (x: Value, start: readonly number[], length: readonly number[], step: readonly number[] = start.map(() => 1)): Value =>
    bind(rules, [x], { start, length, step })[0]!,
  rules,
)

/** Zeros of a shape, but x at the elements that `slice` with the same parameters reads. */
export const unslice = withRules(
  (x: Value, shape: readonly number[], params: SliceParams): Value => bind(transposed, [x], { shape, params })[0]!,
  transposed,
)

/** x with a value written to the elements that `slice` with the same parameters reads. */
export const slicePut = withRules((x: Value, v: Value, params: SliceParams): Value => bind(replaced, [x, v], params)[0]!, replaced)

/** The parameters of a slice that leaves all axes whole but one. */
function along(x: Value, axis: number, start: number, length: number, step: number): SliceParams {
  const pick = (whole: (n: number) => number, part: number) => x.shape.map((n, i) => (i === axis ? part : whole(n)))
  return { start: pick(() => 0, start), length: pick((n) => n, length), step: pick(() => 1, step) }
}

/** A slice of one axis. */
export function narrow(x: Value, axis: number, start: number, length: number, step = 1): Value {
  if (start === 0 && length === x.shape[axis] && step === 1) return x
  return bind(rules, [x], along(x, axis, start, length, step))[0]!
}

/** The elements in reverse order along axes, as a view. */
export function flip(x: Value, axes: number | readonly number[] | null = null): Value {
  const flipped = normalizeAxes(axes, x.ndim, 'flip')
  const turns = x.shape.map((_, i) => flipped.includes(i))
  return slice(
    x,
    x.shape.map((n, i) => (turns[i] && n > 0 ? n - 1 : 0)),
    x.shape,
    turns.map((t) => (t ? -1 : 1)),
  )
}
