/** A view of the whole block with any shape and strides. */

import { bind } from '../../core/bind.ts'
import { int64 } from '../../core/dtype.ts'
import { ShapeError, ValueError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { checkShape, type Shape, sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { extent, restride, type View } from '../../core/view.ts'
import { ramp } from '../creation/full.ts'
import { add } from '../elementwise/arithmetic.ts'
import { index, indexPut } from '../indexing/arrays.ts'

/** Where elements lie: strides and offset count elements from the start of the block. */
export interface Layout {
  readonly shape: Shape
  readonly strides: readonly number[]
  readonly offset: number
}

interface AsStridedParams {
  readonly to: Layout
  /** The input's own layout, which its derivative needs. */
  readonly from: Layout
}

/** The place of each element in the block, relative to `base`, in C order. */
function places({ shape, strides, offset }: Layout, base: number): Value {
  let out: Value = linear.full(shape, offset - base, int64, 'cpu')
  shape.forEach((n, axis) => {
    const line = linear.reshape(
      ramp(n, 0, strides[axis]!, int64),
      shape.map((_, i) => (i === axis ? n : 1)),
    )
    out = add(out, line)
  })
  return linear.reshape(out, [sizeOf(shape)])
}

/** The first and the last place that some layouts use. */
function range(layouts: readonly Layout[]): [number, number] {
  const ends = layouts.map(({ shape, strides, offset }) => {
    const spans = shape.map((n, i) => (n - 1) * strides[i]!)
    return [offset + spans.reduce((s, x) => s + Math.min(x, 0), 0), offset + spans.reduce((s, x) => s + Math.max(x, 0), 0)] as const
  })
  return [Math.min(...ends.map(([low]) => low)), Math.max(...ends.map(([, high]) => high))]
}

/** A value laid out in a block of zeros and read back by another layout; elements that share a place add up. */
function through(x: Value, from: Layout, to: Layout): Value {
  if (sizeOf(from.shape) === 0 || sizeOf(to.shape) === 0) return linear.full(to.shape, 0, x.dtype, x.device)
  const [low, high] = range([from, to])
  const block = linear.full([high - low + 1], 0, x.dtype, x.device)
  const filled = indexPut(block, linear.reshape(x, [sizeOf(from.shape)]), [places(from, low)], 'add')
  return linear.reshape(index(filled, [places(to, low)]), to.shape)
}

const rules: Rules<AsStridedParams> = {
  name: 'as_strided',
  family: 'movement',
  gradName: 'AsStridedBackward0',
  saves: 'none',
  infer: ([x], { to }) => [{ shape: to.shape, dtype: x!.dtype }],
  view: (v, { to: { shape, strides, offset } }) => {
    const { itemsize } = v.dtype
    const out = restride(
      v,
      shape,
      strides.map((s) => s * itemsize),
      offset * itemsize,
    )
    const [low, high] = extent(out)
    if (out.size > 0 && (low < 0 || high > v.storage.nbytes)) {
      throw new ValueError(
        `as_strided(): elements ${low / itemsize} to ${high / itemsize - 1} are outside the storage of ${v.storage.nbytes / itemsize} elements`,
        { op: 'as_strided', shapes: [shape] },
      )
    }
    return out
  },
  vjp: ([ct], { params: { to, from } }) => [ct && through(ct, to, from)],
  jvp: ([t], _, __, { to, from }) => [t && through(t, from, to)],
  batch: () => {
    throw new ShapeError('vmap: as_strided() looks at a whole block, so it has no batched form', { op: 'as_strided' })
  },
}

/** The layout of a view in elements. */
export function layoutOf(v: View): Layout {
  const { itemsize } = v.dtype
  return { shape: v.shape, strides: v.strides.map((s) => s / itemsize), offset: v.offset / itemsize }
}

/**
 * A view of x's block with the given shape, strides and offset, which count elements; `from` is the layout of the view under x. In the
 * derivative, elements that share a place add up, and x's own elements must not share theirs.
 */
export const asStrided = withRules((x: Value, to: Layout, from: Layout): Value => {
  checkShape(to.shape, 'as_strided')
  if (to.shape.length !== to.strides.length) {
    throw new ShapeError(`as_strided(): mismatch in length of strides and shape: ${to.strides.length} and ${to.shape.length}`, {
      op: 'as_strided',
    })
  }
  return bind(rules, [x], { to, from })[0]!
}, rules)
