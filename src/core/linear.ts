/**
 * The vector-space operations that derivative rules and the tape are made of, filled in by rows of the table when it is loaded, so that
 * families and interpreters name no operation.
 */

import type { DType } from './dtype.ts'
import type { Shape } from './shape.ts'
import type { Device } from './storage.ts'
import type { Value } from './value.ts'

export interface Linear {
  /** The sum of two values of one shape and dtype. */
  add(a: Value, b: Value): Value
  /** Complex conjugate; itself for real values. */
  conj(x: Value): Value
  /** In another dtype; itself when it has it. Complex to real keeps the real part. */
  cast(x: Value, dtype: DType): Value
  /** Repeated along new and length-1 axes. */
  broadcastTo(x: Value, shape: Shape): Value
  /** The transpose of broadcastTo: summed down to a shape that broadcasts to x's. */
  sumTo(x: Value, shape: Shape): Value
  /** Axes in another order. */
  transpose(x: Value, axes: readonly number[]): Value
  /** With another shape of the same size. */
  reshape(x: Value, shape: Shape): Value
  /** `length` elements of an axis from `start` on. */
  narrow(x: Value, axis: number, start: number, length: number): Value
  /** Joined along an axis. */
  concatenate(xs: readonly Value[], axis: number): Value
  /** All elements equal to a number. */
  full(shape: Shape, value: number, dtype: DType, device: Device): Value
}

export const linear = {} as Linear

/** Fills in operations. */
export function registerLinear(part: Partial<Linear>): void {
  Object.assign(linear, part)
}

/** x with axis `from` moved to be axis `to`. */
export function moveAxis(x: Value, from: number, to: number): Value {
  if (from === to) return x
  const axes = x.shape.map((_, i) => i).filter((i) => i !== from)
  axes.splice(to, 0, from)
  return linear.transpose(x, axes)
}

/** A batched value with its batch axis moved to the front. */
export function moveToFront(x: Value, axis: number): Value {
  if (axis === 0) return x
  const rest = x.shape.map((_, i) => i).filter((i) => i !== axis)
  return linear.transpose(x, [axis, ...rest])
}

/**
 * A value with its batch axis first and `rank` axes after it (new ones of length 1 right behind the batch axis), so that batched
 * operands broadcast by position. A value without batch axis gets one of length 1 when `rank` axes would not tell it apart.
 */
export function alignBatch(x: Value, axis: number | null, rank: number): Value {
  if (axis === null) return x.ndim === 0 ? x : linear.reshape(x, [...new Array<number>(rank + 1 - x.ndim).fill(1), ...x.shape])
  const front = moveToFront(x, axis)
  if (front.ndim === rank + 1) return front
  return linear.reshape(front, [front.shape[0]!, ...new Array<number>(rank + 1 - front.ndim).fill(1), ...front.shape.slice(1)])
}
