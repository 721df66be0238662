/** Reading and writing by keys: basic keys become views, advanced ones go through the indexing rows. Both worlds use it. */

import { contiguous } from '../core/allocate.ts'
import { copyInto } from '../core/copy.ts'
import { ArgumentError, ShapeError, shapeText, ValueError } from '../core/errors.ts'
import { type Key, parseKeys, parseString, Slice } from '../core/keys.ts'
import { linear, moveAxis } from '../core/linear.ts'
import { normalizeAxis, type Shape, sameShape, sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, checkWriteable, mayOverlap, restride, View } from '../core/view.ts'
import { runInto } from '../interpreters/eager.ts'
import { gather } from '../ops/indexing/along.ts'
import { index, indexPut, type PutMode } from '../ops/indexing/arrays.ts'
import { maskedPut, maskedSelect } from '../ops/indexing/masks.ts'
import { toDevice } from '../ops/movement/device.ts'
import { reshape } from '../ops/movement/reshape.ts'
import { slice, slicePut } from '../ops/movement/slice.ts'
import { inverse, transpose } from '../ops/movement/transpose.ts'
import { type IndexOptions, indexedFirst, type Plan, planFor, resolveInteger, resultOrder } from './index_plan.ts'

export type { IndexOptions }

/** The slice and the reshape of a plan: a view, made at once where nothing records it. */
function basic(x: Value, plan: Plan): Value {
  const { start, length, step } = plan.part
  if (x instanceof View) {
    const offset = length.includes(0) ? x.offset : start.reduce((sum, s, i) => sum + s * x.strides[i]!, x.offset)
    const strides = plan.sources.map((axis) => (axis < 0 ? 0 : x.strides[axis]! * step[axis]!))
    return restride(x, plan.shape, strides, offset)
  }
  const part = plan.whole ? x : slice(x, start, length, step)
  return sameShape(part.shape, plan.shape) ? part : reshape(part, plan.shape)
}

const isIdentity = (axes: readonly number[]): boolean => axes.every((a, i) => a === i)
const permuted = (x: Value, axes: readonly number[]): Value => (isIdentity(axes) ? x : transpose(x, axes))

/** The one key that is a mask of x's own shape, or null. */
function fullMask(keys: readonly Key[], shape: Shape): Value | null {
  const key = keys[0]
  return keys.length === 1 && key?.kind === 'mask' && shape.length > 0 && sameShape(key.value.shape, shape) ? key.value : null
}

/** The view of keys that are all integers, slices or texts of them, without a plan; null where there are others, or too many. */
function plainView(x: View, keys: readonly unknown[]): View | null {
  const shape: number[] = []
  const strides: number[] = []
  let { offset } = x
  let empty = false
  let axis = 0
  const take = (key: unknown): boolean => {
    if (axis >= x.shape.length) return false
    const n = x.shape[axis]!
    const stride = x.strides[axis]!
    if (typeof key === 'number' && Number.isSafeInteger(key)) offset += resolveInteger(key, n, axis) * stride
    else if (key instanceof Slice) {
      const [start, stop, step] = key.indices(n)
      const length = Math.max(0, Math.ceil((stop - start) / step))
      if (length === 0) empty = true
      shape.push(length)
      strides.push(stride * step)
      offset += start * stride
    } else return false
    axis++
    return true
  }
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i]
    if (typeof key !== 'string') {
      if (!take(key)) return null
    } else {
      for (const part of parseString(key)) {
        if (part.kind !== 'integer' && part.kind !== 'slice') return null
        if (!take(part.value)) return null
      }
    }
  }
  for (; axis < x.shape.length; axis++) {
    if (x.shape[axis] === 0) empty = true
    shape.push(x.shape[axis]!)
    strides.push(x.strides[axis]!)
  }
  return restride(x, shape, strides, empty ? x.offset : offset)
}

/** `x[keys]`: a view for basic keys (so that gradients and batches go through), a copy for arrays and masks. Errors are NumPy's. */
export function getItem(x: Value, keys: readonly unknown[], options: IndexOptions = {}): Value {
  const view = x instanceof View ? plainView(x, keys) : null
  if (view) return view
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

/** The byte offset of the one element that integer keys name, or null when they name none or more. */
export function elementOffset(x: View, keys: readonly unknown[]): number | null {
  if (keys.length !== x.ndim) return null
  let { offset } = x
  for (let axis = 0; axis < keys.length; axis++) {
    const key = keys[axis]
    if (typeof key !== 'number' || !Number.isSafeInteger(key)) return null
    offset += resolveInteger(key, x.shape[axis]!, axis) * x.strides[axis]!
  }
  return offset
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
    // a number beside a tensor of a device goes there
    const given = value.ndim === 0 ? toDevice(value, x.device) : value
    const values = linear.cast(maskValues(given), x.dtype)
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
