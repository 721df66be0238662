/** What primitives take and give: an abstract value with shape, dtype and device; views are the concrete ones. */

import type { DType } from './dtype.ts'
import type { Shape } from './shape.ts'
import type { Device } from './storage.ts'

/** Shape and dtype of a value that may not exist yet. */
export interface Aval {
  readonly shape: Shape
  readonly dtype: DType
}

/** A value: a View at level 0, or what an interpreter wraps around a value of a lower level. */
export abstract class Value implements Aval {
  abstract readonly shape: Shape
  abstract readonly dtype: DType
  abstract readonly device: Device
  /** 0 for views; the interpreter of the highest level among the inputs handles an operation. */
  abstract readonly level: number

  get ndim(): number {
    return this.shape.length
  }
}
