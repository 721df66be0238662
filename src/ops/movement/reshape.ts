/** The same elements in another shape. */

import { ShapeError, shapeText } from '../../core/errors.ts'
import { moveToFront } from '../../core/linear.ts'
import { type Callable, primitive } from '../../core/primitive.ts'
import { type Shape, sameShape, sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { restride, type View } from '../../core/view.ts'

/**
 * Strides of a view under a new shape without moving elements, or null when that needs a copy. Groups of axes that step evenly are
 * matched with groups of new axes of the same size (as NumPy's `_attempt_nocopy_reshape` does).
 */
export function reshapedStrides(v: View, shape: Shape): number[] | null {
  const old: number[] = []
  const oldStrides: number[] = []
  v.shape.forEach((n, i) => {
    if (n !== 1) {
      old.push(n)
      oldStrides.push(v.strides[i]!)
    }
  })
  const strides = new Array<number>(shape.length).fill(v.dtype.itemsize)
  let oi = 0
  let ni = 0
  while (ni < shape.length && oi < old.length) {
    let nNew = shape[ni]!
    let nOld = old[oi]!
    let nj = ni + 1
    let oj = oi + 1
    while (nNew !== nOld) {
      if (nNew < nOld) nNew *= shape[nj++]!
      else nOld *= old[oj++]!
    }
    for (let k = oi; k < oj - 1; k++) if (oldStrides[k] !== old[k + 1]! * oldStrides[k + 1]!) return null
    strides[nj - 1] = oldStrides[oj - 1]!
    for (let k = nj - 1; k > ni; k--) strides[k - 1] = strides[k]! * shape[k]!
    ni = nj
    oi = oj
  }
  const last = ni > 0 ? strides[ni - 1]! : v.dtype.itemsize
  for (let k = ni; k < shape.length; k++) strides[k] = last
  return strides
}

/** The same elements in C order under another shape; a view where strides allow it. The sizes must agree. */
export const reshape: Callable<[x: Value, shape: Shape], { shape: Shape }> = primitive(
  {
    name: 'reshape',
    family: 'movement',
    gradName: 'ViewBackward0',
    saves: 'none',
    infer: ([x], { shape }) => {
      if (sizeOf(shape) !== sizeOf(x!.shape)) {
        throw new ShapeError(`cannot reshape array of size ${sizeOf(x!.shape)} into shape ${shapeText(shape)}`, {
          op: 'reshape',
          shapes: [x!.shape, shape],
        })
      }
      return [{ shape, dtype: x!.dtype }]
    },
    view: (v, { shape }) => {
      if (sameShape(v.shape, shape)) return restride(v, shape, v.strides)
      if (v.size === 0)
        return restride(
          v,
          shape,
          shape.map(() => v.dtype.itemsize),
        )
      const strides = reshapedStrides(v, shape)
      return strides && restride(v, shape, strides)
    },
    vjp: ([ct], { inAvals }) => [ct && reshape(ct, inAvals[0]!.shape)],
    jvp: ([t], _, __, { shape }) => [t && reshape(t, shape)],
    batch: ([x], [dim], { shape }) => [[reshape(moveToFront(x!, dim!), [x!.shape[dim!]!, ...shape])], [0]],
  },
  (x, shape) => [[x], { shape }],
)
