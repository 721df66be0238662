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

/** The key under which a facade's wrapper (NDArray, Tensor) carries its value, so that core and lib read wrappers they do not know. */
export const CARRIED: unique symbol = Symbol.for('numgrad.value') as never

/** What carries a value: a facade's array or tensor. */
export interface Carrier {
  readonly [CARRIED]: Value
}

/** The value that something is or carries, or null. */
export function valueIn(x: unknown): Value | null {
  if (x instanceof Value) return x
  if (typeof x !== 'object' && typeof x !== 'function') return null
  return (x as Carrier | null)?.[CARRIED] ?? null
}
