/** Autocast's state, and the casts that functions make under it. It knows no function. */

import type { DType } from '../../core/dtype.ts'
import { bfloat16, float32 } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import { Tensor } from '../tensor.ts'

export const autocastState = { enabled: false, dtype: bfloat16 as DType, cache: true }

const eligible = (x: unknown): x is Tensor => x instanceof Tensor && x.raw.dtype.isFloat && x.raw.dtype.name !== 'float64'

function cast<A extends readonly unknown[]>(args: A, dtype: DType): A {
  return args.map((x) => (eligible(x) && x.raw.dtype !== dtype ? new Tensor(linear.cast(x.value, dtype)) : x)) as unknown as A
}

/** The arguments of a product: in autocast's dtype where it is on. */
export const lowered = <A extends readonly unknown[]>(...args: A): A => (autocastState.enabled ? cast(args, autocastState.dtype) : args)

/** The arguments of what needs float32: in it where autocast is on. */
export const raised = <A extends readonly unknown[]>(...args: A): A => (autocastState.enabled ? cast(args, float32) : args)
