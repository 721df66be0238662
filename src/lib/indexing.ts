/** Reading and writing by keys: basic keys become views, advanced ones go through the indexing rows. Both worlds use it. */

import { contiguous } from '../core/allocate.ts'
import { copyInto } from '../core/copy.ts'
import { int64 } from '../core/dtype.ts'
import { readAt, scalarView } from '../core/element.ts'
import { ArgumentError, IndexError, ShapeError, shapeText, ValueError } from '../core/errors.ts'
import { expandKeys, type Key, parseKeys } from '../core/keys.ts'
import { linear, moveAxis } from '../core/linear.ts'
import { normalizeAxis, type Shape, sameShape, sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, checkWriteable, mayOverlap, View } from '../core/view.ts'
import { runInto } from '../interpreters/eager.ts'
import { gather } from '../ops/indexing/along.ts'
import { index, indexPut, type PutMode } from '../ops/indexing/arrays.ts'
import { maskedPut, maskedSelect, nonzeroColumns } from '../ops/indexing/masks.ts'
import { reshape } from '../ops/movement/reshape.ts'
import { type SliceParams, slice, slicePut } from '../ops/movement/slice.ts'
import { inverse, transpose } from '../ops/movement/transpose.ts'

export interface IndexOptions {
  /**
   * Beside index arrays an integer key is an index array of no dimensions for NumPy ('advanced'); PyTorch takes it first, as a slice
   * would be ('select').
   */
  readonly integers?: 'advanced' | 'select'
}

/** What keys mean for an array of some shape: a slice, a reshape, and index arrays on some axes of the result. */
interface Plan {
  readonly part: SliceParams
  /** The slice keeps every element where it is. */
  readonly whole: boolean
  /** The shape after integers have dropped axes and new ones came. */
  readonly shape: Shape
  /** Axes of `shape` that are indexed by arrays, those arrays, and the user's axes that they index. */
  readonly axes: readonly number[]
  readonly arrays: readonly Value[]
  readonly named: readonly number[]
  /** No slice, new axis or ellipsis between the arrays: their axes stay in place; else they go to the front. */
  readonly together: boolean
}

function resolveInteger(value: number, n: number, axis: number): number {
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
    this.shape.push(n)
    this.take(0, n, 1)
  }

  private mask(value: Value): void {
    if (value.ndim === 0) {
      if (!(value instanceof View)) throw new IndexError('a boolean scalar key must have a known value')
      this.addArray(linear.full([readAt(value, value.offset) ? 1 : 0], 0, int64, 'cpu'))
      this.shape.push(1)
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
      this.take(length === 0 ? 0 : start, length, step)
      this.shape.push(length)
    } else if (key.kind === 'integer') {
      const value = resolveInteger(key.value, n, axis)
      if (this.integersAreArrays) {
        this.addArray(scalarView(value, int64))
        this.wholeAxis()
      } else this.take(value, 1, 1)
    } else if (key.kind === 'newaxis') this.shape.push(1)
    else if (key.kind === 'array') {
      this.addArray(key.value)
      this.wholeAxis()
    } else if (key.kind === 'mask') this.mask(key.value)
    this.at++
  }
}

function planFor(keys: readonly Key[], shape: Shape, options: IndexOptions): Plan {
  const expanded = expandKeys(keys, shape.length)
  const advanced = expanded.some((k) => k.kind === 'array' || k.kind === 'mask')
  const planner = new Planner(shape, advanced && options.integers !== 'select')
  for (const key of expanded) planner.add(key)
  const { start, length, step, axes, arrays, named, together } = planner
  const whole = start.every((s, i) => s === 0 && step[i] === 1 && length[i] === shape[i])
  return { part: { start, length, step }, whole, shape: planner.shape, axes, arrays, named, together }
}

/** The slice and the reshape of a plan: a view. */
function basic(x: Value, plan: Plan): Value {
  const { start, length, step } = plan.part
  const part = plan.whole ? x : slice(x, start, length, step)
  return sameShape(part.shape, plan.shape) ? part : reshape(part, plan.shape)
}

const isIdentity = (axes: readonly number[]): boolean => axes.every((a, i) => a === i)
const permuted = (x: Value, axes: readonly number[]): Value => (isIdentity(axes) ? x : transpose(x, axes))

/** The order that puts the indexed axes first. */
function indexedFirst(plan: Plan): number[] {
  return [...plan.axes, ...plan.shape.map((_, i) => i).filter((i) => !plan.axes.includes(i))]
}

/** The order that brings a result with the arrays' `n` axes first to where NumPy has them. */
function resultOrder(plan: Plan, rank: number, n: number): number[] {
  const before = plan.together ? plan.axes[0]! : 0
  const rest = Array.from({ length: rank - n }, (_, i) => n + i)
  return [...rest.slice(0, before), ...Array.from({ length: n }, (_, i) => i), ...rest.slice(before)]
}

/** The one key that is a mask of x's own shape, or null. */
function fullMask(keys: readonly Key[], shape: Shape): Value | null {
  const key = keys[0]
  return keys.length === 1 && key?.kind === 'mask' && shape.length > 0 && sameShape(key.value.shape, shape) ? key.value : null
}

/** `x[keys]`: a view for basic keys (so that gradients and batches go through), a copy for arrays and masks. Errors are NumPy's. */
export function getItem(x: Value, keys: readonly unknown[], options: IndexOptions = {}): Value {
  const parsed = parseKeys(keys)
  const mask = fullMask(parsed, x.shape)
  if (mask) return maskedSelect(x, mask)
  const plan = planFor(parsed, x.shape, options)
  const part = basic(x, plan)
  if (plan.arrays.length === 0) return part
  const out = index(permuted(part, indexedFirst(plan)), plan.arrays, plan.named)
  const n = out.ndim - (plan.shape.length - plan.axes.length)
  return permuted(out, resultOrder(plan, out.ndim, n))
}

/** Whether keys are basic, so that `getItem` gives a view. */
export const isBasic = (keys: readonly unknown[]): boolean => parseKeys(keys).every((k) => k.kind !== 'array' && k.kind !== 'mask')

/** A value without the leading axes of length 1 that it has beyond `rank`: assignment allows them. */
function stripped(value: Value, rank: number): Value {
  let extra = 0
  while (value.ndim - extra > rank && value.shape[extra] === 1) extra++
  return extra === 0 ? value : reshape(value, value.shape.slice(extra))
}

const tight = (shape: Shape): string => shapeText(shape).replaceAll(' ', '')

/** Writes a value, broadcast and converted, into a view, as if the value had been copied first. */
export function assign(target: View, value: View): void {
  checkWriteable(target)
  const fitting = stripped(value, target.ndim) as View
  const lead = target.ndim - fitting.ndim
  if (lead < 0 || fitting.shape.some((n, i) => n !== 1 && n !== target.shape[i + lead])) {
    throw new ShapeError(`could not broadcast input array from shape ${tight(value.shape)} into shape ${tight(target.shape)}`, {
      shapes: [value.shape, target.shape],
    })
  }
  copyInto(target, broadcastView(mayOverlap(target, fitting) ? contiguous(fitting) : fitting, target.shape))
  target.storage.version++
}

/** A value for the places that arrays name: broadcast against NumPy's result shape, its axes ordered as the rows want them. */
function forPlaces(plan: Plan, value: Value, joint: Shape): Value {
  const rest = plan.shape.filter((_, i) => !plan.axes.includes(i))
  const order = resultOrder(plan, rest.length + joint.length, joint.length)
  const first = [...joint, ...rest]
  const shape = order.map((i) => first[i]!)
  const fitting = stripped(value, shape.length)
  const lead = shape.length - fitting.ndim
  if (lead < 0 || fitting.shape.some((n, i) => n !== 1 && n !== shape[i + lead])) {
    throw new ShapeError(
      `shape mismatch: value array of shape ${tight(value.shape)} could not be broadcast to indexing result of shape ${tight(shape)}`,
      { shapes: [value.shape, shape] },
    )
  }
  if (fitting.ndim === 0) return fitting
  const wide = reshape(fitting, [...new Array<number>(lead).fill(1), ...fitting.shape])
  return permuted(wide, inverse(order))
}

/** The joint shape of index arrays, already checked by the row when they are used; errors are left to it. */
function jointOf(arrays: readonly Value[]): Shape {
  const rank = Math.max(...arrays.map((a) => a.ndim))
  return Array.from({ length: rank }, (_, i) => {
    let n = 1
    for (const { shape } of arrays) {
      const own = shape[shape.length - rank + i]
      if (own !== undefined && own !== 1) n = own
    }
    return n
  })
}

function maskValues(value: Value): Value {
  if (value.ndim > 1) {
    throw new ArgumentError(
      `NumPy boolean array indexing assignment requires a 0 or 1-dimensional input, input has ${value.ndim} dimensions`,
    )
  }
  return value.ndim === 0 ? reshape(value, [1]) : value
}

/** `x[keys] = value`, in place. The value is broadcast and converted as NumPy does; nothing is written when a key is wrong. */
export function setItem(x: View, keys: readonly unknown[], value: View, options: IndexOptions = {}): void {
  checkWriteable(x)
  const parsed = parseKeys(keys)
  const mask = fullMask(parsed, x.shape)
  if (mask) {
    const values = linear.cast(maskValues(value), x.dtype)
    runInto(maskedPut, [x, mask, values], { cycle: sizeOf(values.shape) === 1 }, [x])
    return
  }
  const plan = planFor(parsed, x.shape, options)
  if (
    options.integers !== 'select' &&
    value.ndim > 0 &&
    parsed.length > 0 &&
    plan.shape.length === 0 &&
    parsed.every((k) => k.kind === 'integer')
  ) {
    throw new ValueError('setting an array element with a sequence.', { shapes: [value.shape] })
  }
  const target = basic(x, plan) as View
  if (plan.arrays.length === 0) {
    assign(target, value)
    return
  }
  const place = permuted(target, indexedFirst(plan)) as View
  const values = linear.cast(forPlaces(plan, value, jointOf(plan.arrays)), x.dtype)
  runInto(indexPut, [place, values, ...plan.arrays], { mode: 'set', axes: plan.named }, [place])
}

/** A copy of x with `x[keys] = value` done to it, for values that carry derivatives or batches; `mode` 'add' accumulates. */
export function putItem(x: Value, keys: readonly unknown[], value: Value, options: IndexOptions & { mode?: PutMode } = {}): Value {
  const { mode = 'set' } = options
  const parsed = parseKeys(keys)
  const cast = linear.cast(value, x.dtype)
  const mask = fullMask(parsed, x.shape)
  if (mask && mode === 'set') {
    const values = maskValues(cast)
    return maskedPut(x, mask, values, values.shape[0] === 1)
  }
  const plan = planFor(parsed, x.shape, options)
  if (plan.arrays.length === 0) {
    if (mode !== 'set') throw new ValueError(`putItem(): mode '${mode}' needs index arrays`)
    const fitting = linear.broadcastTo(stripped(cast, plan.shape.length), plan.shape)
    return slicePut(x, reshape(fitting, plan.part.length), plan.part)
  }
  const order = indexedFirst(plan)
  const place = permuted(basic(x, plan), order)
  const put = indexPut(place, forPlaces(plan, cast, jointOf(plan.arrays)), plan.arrays, mode, plan.named)
  const back = permuted(put, inverse(order))
  return plan.whole && sameShape(plan.shape, x.shape) ? back : slicePut(x, reshape(back, plan.part.length), plan.part)
}

/** The elements of an axis that an array of indices names; the array's axes take the place of that axis. */
export function take(x: Value, indices: Value, axis: number): Value {
  const at = normalizeAxis(axis, x.ndim, 'take')
  const out = index(moveAxis(x, at, 0), [indices], [at])
  const n = indices.ndim
  const rest = Array.from({ length: x.ndim - 1 }, (_, i) => n + i)
  return permuted(out, [...rest.slice(0, at), ...indices.shape.map((_, i) => i), ...rest.slice(at)])
}

/** The elements along an axis that an array of indices names; other axes broadcast. */
export function takeAlongAxis(x: Value, indices: Value, axis: number): Value {
  const at = normalizeAxis(axis, x.ndim, 'take_along_axis')
  if (indices.ndim !== x.ndim) throw new ValueError('`indices` and `arr` must have the same number of dimensions')
  const joint = x.shape.map((n, i) => (i === at ? -1 : n === 1 ? indices.shape[i]! : n))
  const wide = (v: Value) =>
    linear.broadcastTo(
      v,
      joint.map((n, i) => (i === at ? v.shape[i]! : n)),
    )
  return gather(wide(x), at, wide(indices))
}
