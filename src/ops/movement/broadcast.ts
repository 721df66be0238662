/** Repetition along new and length-1 axes, without copying. */

import { ShapeError, shapeText } from '../../core/errors.ts'
import { alignBatch, linear } from '../../core/linear.ts'
import { type Callable, primitive } from '../../core/primitive.ts'
import { broadcastPair, type Shape, sameShape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { broadcastView } from '../../core/view.ts'

const expand: Callable<[x: Value, shape: Shape], { shape: Shape }> = primitive(
  {
    name: 'broadcast_to',
    family: 'movement',
    gradName: 'ExpandBackward0',
    saves: 'none',
    infer: ([x], { shape }) => {
      const joint = broadcastPair(x!.shape, shape)
      if (!joint || !sameShape(joint, shape)) {
        throw new ShapeError(
          `operands could not be broadcast together with remapped shapes [original->remapped]: ${shapeText(x!.shape)} and requested shape ${shapeText(shape)}`,
          { op: 'broadcast_to', shapes: [x!.shape, shape] },
        )
      }
      return [{ shape, dtype: x!.dtype }]
    },
    view: (v, { shape }) => broadcastView(v, shape),
    vjp: ([ct], { inAvals }) => [ct && linear.sumTo(ct, inAvals[0]!.shape)],
    jvp: ([t], _, __, { shape }) => [t && broadcastTo(t, shape)],
    batch: ([x], [dim], { shape }) => [[broadcastTo(alignBatch(x!, dim!, shape.length), [x!.shape[dim!]!, ...shape])], [0]],
  },
  (x, shape) => [[x], { shape }],
)

/** x repeated to a shape, as a view with zero strides; itself when it has that shape. */
export const broadcastTo = (x: Value, shape: Shape): Value => (sameShape(x.shape, shape) ? x : expand(x, shape))
