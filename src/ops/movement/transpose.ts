/** Axes in another order. */

import { type Callable, primitive } from '../../core/primitive.ts'
import { normalizeAxes } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { restride } from '../../core/view.ts'

/** The permutation that undoes another. */
export function inverse(axes: readonly number[]): number[] {
  const out = new Array<number>(axes.length)
  axes.forEach((axis, i) => {
    out[axis] = i
  })
  return out
}

/** A view whose axis i is x's axis `axes[i]`. */
export const transpose: Callable<[x: Value, axes: readonly number[]], { axes: readonly number[] }> = primitive(
  {
    name: 'transpose',
    family: 'movement',
    gradName: 'PermuteBackward0',
    saves: 'none',
    infer: ([x], { axes }) => {
      normalizeAxes(axes, x!.shape.length, 'transpose')
      return [{ shape: axes.map((a) => x!.shape[a]!), dtype: x!.dtype }]
    },
    view: (v, { axes }) =>
      restride(
        v,
        axes.map((a) => v.shape[a]!),
        axes.map((a) => v.strides[a]!),
      ),
    vjp: ([ct], { params }) => [ct && transpose(ct, inverse(params.axes))],
    jvp: ([t], _, __, { axes }) => [t && transpose(t, axes)],
    batch: ([x], [dim], { axes }) => [[transpose(x!, [dim!, ...axes.map((a) => (a >= dim! ? a + 1 : a))])], [0]],
  },
  (x, axes) => [[x], { axes }],
)

/** x with its last two axes swapped. */
export const mT = (x: Value): Value => transpose(x, [...x.shape.slice(2).map((_, i) => i), x.ndim - 1, x.ndim - 2])
