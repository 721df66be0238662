/** Conversion between dtypes. */

import { copyInto } from '../../core/copy.ts'
import type { DType } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import { type Callable, primitive } from '../../core/primitive.ts'
import type { Value } from '../../core/value.ts'

const convert: Callable<[x: Value, dtype: DType], { dtype: DType }> = primitive(
  {
    name: 'cast',
    family: 'elementwise',
    gradName: 'ToCopyBackward0',
    saves: 'none',
    infer: ([x], { dtype }) => [{ shape: x!.shape, dtype }],
    lower: (_, [out], [x]) => copyInto(out!, x!),
    objects: ([x], _, [out]) => copyInto(out!, x!),
    vjp: ([ct], { inAvals }) => [ct && linear.cast(ct, inAvals[0]!.dtype)],
    jvp: ([t], _, __, { dtype }) => [t && linear.cast(t, dtype)],
    batch: ([x], [dim], params) => [[convert(x!, params.dtype)], [dim!]],
  },
  (x: Value, dtype: DType) => [[x], { dtype }],
)

/** x in another dtype, by the conversions of docs/internals/abi.md; itself when it has it already. */
export const cast = Object.assign((x: Value, dtype: DType): Value => (x.dtype === dtype ? x : convert(x, dtype)), { primitive: convert })
