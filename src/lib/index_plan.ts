/** What index keys mean for an array of some shape: slices, dropped and new axes, and index arrays, by NumPy's rules. */

import { int64 } from '../core/dtype.ts'
import { readAt, scalarView } from '../core/element.ts'
import { IndexError } from '../core/errors.ts'
import { expandKeys, type Key } from '../core/keys.ts'
import { linear } from '../core/linear.ts'
import type { Shape } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { View } from '../core/view.ts'
import { nonzeroColumns } from '../ops/indexing/masks.ts'
import type { SliceParams } from '../ops/movement/slice.ts'

export interface IndexOptions {
  /**
   * Beside index arrays an integer key is an index array of no dimensions for NumPy ('advanced'); PyTorch takes it first, as a slice
   * would be ('select').
   */
  readonly integers?: 'advanced' | 'select'
}

/** What keys mean for an array of some shape: a slice, a reshape, and index arrays on some axes of the result. */
export interface Plan {
  readonly part: SliceParams
  /** The slice keeps every element where it is. */
  readonly whole: boolean
  /** The shape after integers have dropped axes and new ones came. */
  readonly shape: Shape
  /** For each axis of `shape`: the axis of the array that it is, or -1 for a new one. */
  readonly sources: readonly number[]
  /** Axes of `shape` that are indexed by arrays, those arrays, and the user's axes that they index. */
  readonly axes: readonly number[]
  readonly arrays: readonly Value[]
  readonly named: readonly number[]
  /** No slice, new axis or ellipsis between the arrays: their axes stay in place; else they go to the front. */
  readonly together: boolean
}

/** An integer key counted from the front, or NumPy's error. */
export function resolveInteger(value: number, n: number, axis: number): number {
  const at = value < 0 ? value + n : value
  if (at < 0 || at >= n) throw new IndexError(`index ${value} is out of bounds for axis ${axis} with size ${n}`, { axis })
  return at
}

/** A list that is built key by key. */
class Planner {
  readonly start: number[] = []
  readonly length: number[] = []
  readonly step: number[] = []
  readonly shape: number[] = []
  readonly sources: number[] = []
  readonly axes: number[] = []
  readonly arrays: Value[] = []
  readonly named: number[] = []
  together = true
  private lastArray = -1
  private at = 0

  constructor(
    private readonly from: Shape,
    private readonly integersAreArrays: boolean,
  ) {}

  /** A new axis of the result, and which axis of the array it is. */
  private give(length: number, source: number): void {
    this.shape.push(length)
    this.sources.push(source)
  }

  private take(start: number, length: number, step: number): void {
    this.start.push(start)
    this.length.push(length)
    this.step.push(step)
  }

  private addArray(value: Value): void {
    if (this.lastArray >= 0 && this.lastArray < this.at - 1) this.together = false
    this.lastArray = this.at
    this.axes.push(this.shape.length)
    this.arrays.push(value)
    this.named.push(this.start.length)
  }

  private wholeAxis(): void {
    const n = this.from[this.start.length]!
    this.give(n, this.start.length)
    this.take(0, n, 1)
  }

  private mask(value: Value): void {
    if (value.ndim === 0) {
      if (!(value instanceof View)) throw new IndexError('a boolean scalar key must have a known value')
      this.addArray(linear.full([readAt(value, value.offset) ? 1 : 0], 0, int64, 'cpu'))
      this.give(1, -1)
      return
    }
    const first = this.start.length
    value.shape.forEach((n, i) => {
      if (n !== this.from[first + i]) {
        throw new IndexError(
          `boolean index did not match indexed array along axis ${first + i}; size of axis is ${this.from[first + i]} but size of corresponding boolean axis is ${n}`,
          { axis: first + i },
        )
      }
    })
    for (const column of nonzeroColumns(value)) {
      this.addArray(column)
      this.wholeAxis()
    }
  }

  add(key: Key): void {
    const axis = this.start.length
    const n = this.from[axis]!
    if (key.kind === 'slice') {
      const [start, stop, step] = key.value.indices(n)
      const length = Math.max(0, Math.ceil((stop - start) / step))
      this.give(length, axis)
      this.take(length === 0 ? 0 : start, length, step)
    } else if (key.kind === 'integer') {
      const value = resolveInteger(key.value, n, axis)
      if (this.integersAreArrays) {
        this.addArray(scalarView(value, int64))
        this.wholeAxis()
      } else this.take(value, 1, 1)
    } else if (key.kind === 'newaxis') this.give(1, -1)
    else if (key.kind === 'array') {
      this.addArray(key.value)
      this.wholeAxis()
    } else if (key.kind === 'mask') this.mask(key.value)
    this.at++
  }
}

/** The plan of keys for an array of a shape. */
export function planFor(keys: readonly Key[], shape: Shape, options: IndexOptions): Plan {
  const expanded = expandKeys(keys, shape.length)
  const advanced = expanded.some((k) => k.kind === 'array' || k.kind === 'mask')
  const planner = new Planner(shape, advanced && options.integers !== 'select')
  for (const key of expanded) planner.add(key)
  const { start, length, step, axes, arrays, named, together } = planner
  const whole = start.every((s, i) => s === 0 && step[i] === 1 && length[i] === shape[i])
  return { part: { start, length, step }, whole, shape: planner.shape, sources: planner.sources, axes, arrays, named, together }
}

/** The order that puts the indexed axes first. */
export function indexedFirst(plan: Plan): number[] {
  return [...plan.axes, ...plan.shape.map((_, i) => i).filter((i) => !plan.axes.includes(i))]
}

/** The order that brings a result with the arrays' `n` axes first to where NumPy has them. */
export function resultOrder(plan: Plan, rank: number, n: number): number[] {
  const before = plan.together ? plan.axes[0]! : 0
  const rest = Array.from({ length: rank - n }, (_, i) => n + i)
  return [...rest.slice(0, before), ...Array.from({ length: n }, (_, i) => i), ...rest.slice(before)]
}
