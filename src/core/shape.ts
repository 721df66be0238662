/** Shapes, strides and axes as plain arithmetic. */

import { describe } from './describe.ts'
import { AxisError, ShapeError, shapeText, ValueError } from './errors.ts'

export type Shape = readonly number[]

/** NumPy's limit on dimensions. */
export const MAX_DIMS = 64

/** The number of elements. */
export function sizeOf(shape: Shape): number {
  let size = 1
  for (let i = 0; i < shape.length; i++) size *= shape[i]!
  return size
}

/** Byte strides of a C-contiguous array. */
export function contiguousStrides(shape: Shape, itemsize: number): number[] {
  const strides = new Array<number>(shape.length)
  let step = itemsize
  for (let i = shape.length - 1; i >= 0; i--) {
    strides[i] = step
    step *= shape[i]! || 1
  }
  return strides
}

/** Whether strides are C-contiguous; axes of length 0 or 1 do not count. */
export function isContiguous(shape: Shape, strides: readonly number[], itemsize: number): boolean {
  let step = itemsize
  for (let i = shape.length - 1; i >= 0; i--) {
    const n = shape[i]!
    if (n === 0) return true
    if (n !== 1 && strides[i] !== step) return false
    step *= n
  }
  return true
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

/** The broadcast of two shapes, or null when they do not fit. Returns one of its arguments where it can. */
export function broadcastPair(a: Shape, b: Shape): Shape | null {
  if (sameShape(a, b)) return a
  if (b.length === 0) return a
  if (a.length === 0) return b
  const n = Math.max(a.length, b.length)
  const out = new Array<number>(n)
  for (let i = 1; i <= n; i++) {
    const x = i <= a.length ? a[a.length - i]! : 1
    const y = i <= b.length ? b[b.length - i]! : 1
    if (x !== y && x !== 1 && y !== 1) return null
    out[n - i] = x === 1 ? y : x
  }
  return out
}

/** The broadcast of several shapes, or NumPy's error. */
export function broadcastShapes(shapes: readonly Shape[], op = 'broadcast'): Shape {
  let out: Shape = []
  for (const shape of shapes) {
    const next = broadcastPair(out, shape)
    if (!next) {
      throw new ShapeError(`${op}(): operands could not be broadcast together with shapes ${shapes.map(shapeText).join(' ')}`, {
        op,
        shapes,
      })
    }
    out = next
  }
  return out
}

/** An axis counted from the front, or an AxisError. A bigint is an integer too. */
export function normalizeAxis(axis: number, ndim: number, op?: string): number {
  if (typeof axis === 'bigint') axis = Number(axis)
  if (!Number.isInteger(axis)) throw new AxisError(`${op ? `${op}(): ` : ''}axis must be an integer, got ${describe(axis)}`, { op })
  if (axis < -ndim || axis >= ndim) {
    throw new AxisError(`${op ? `${op}(): ` : ''}axis ${axis} is out of bounds for array of dimension ${ndim}`, { op, axis })
  }
  return axis < 0 ? axis + ndim : axis
}

/** Axes counted from the front, in the given order; null means all. */
export function normalizeAxes(axes: number | readonly number[] | null | undefined, ndim: number, op?: string): number[] {
  if (axes === null || axes === undefined) return Array.from({ length: ndim }, (_, i) => i)
  const given: readonly number[] = Array.isArray(axes) ? axes : [axes as number]
  const list = Array.from(given, (a) => normalizeAxis(a, ndim, op))
  if (new Set(list).size !== list.length) throw new AxisError(`${op ? `${op}(): ` : ''}duplicate value in 'axis'`, { op })
  return list
}

/** Checks a shape that a user gave: non-negative safe integers, not too many. */
export function checkShape(shape: readonly unknown[], op: string): Shape {
  if (shape.length > MAX_DIMS) {
    throw new ValueError(`${op}(): maximum supported dimension for an array is ${MAX_DIMS}, found ${shape.length}`, { op })
  }
  let size = 1
  for (const n of shape) {
    if (typeof n !== 'number' || !Number.isInteger(n)) {
      throw new ValueError(`${op}(): expected a sequence of integers or a single integer, got ${describe(n)}`, { op })
    }
    if (n < 0) throw new ValueError(`${op}(): negative dimensions are not allowed`, { op })
    if (n > 0) size *= n
  }
  if (size > Number.MAX_SAFE_INTEGER) throw new ValueError(`${op}(): array is too big; it has more elements than can be counted`, { op })
  return shape as Shape
}

/** The shape left after axes are reduced, kept as 1 or dropped. */
export function reducedShape(shape: Shape, axes: readonly number[], keepdims: boolean): number[] {
  const out: number[] = []
  for (let i = 0; i < shape.length; i++) {
    if (!axes.includes(i)) out.push(shape[i]!)
    else if (keepdims) out.push(1)
  }
  return out
}
