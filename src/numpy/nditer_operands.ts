/** The operands of `np.nditer`: their flags, dtypes and shapes, those it allocates, and copies that are written back. */

import { copyInto } from '../core/copy.ts'
import type { DType } from '../core/dtype.ts'
import { coerce, readAt, viewOf, writeAt } from '../core/element.ts'
import { ArgumentError, DTypeError, ShapeError, ValueError } from '../core/errors.ts'
import { type Casting, canCast, resultType } from '../core/promote.ts'
import { broadcastShapes, type Shape, sameShape } from '../core/shape.ts'
import { broadcastView, checkWriteable, restride, type View } from '../core/view.ts'
import { asArray, castView, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { allocateIn, type Order } from './layout.ts'
import type { NDArray } from './ndarray.ts'
import type { IteratorFlag, NditerOptions } from './nditer.ts'
import { axisOrder } from './nditer_order.ts'
import type { ArrayLike, DTypeLike } from './types.ts'
import { tight } from './ufunc.ts'

/** What `np.nditer` is told about an operand. */
export type OperandFlag =
  | 'readonly'
  | 'readwrite'
  | 'writeonly'
  | 'allocate'
  | 'no_broadcast'
  | 'copy'
  | 'updateifcopy'
  | 'contig'
  | 'aligned'
  | 'nbo'
  | 'no_subtype'
  | 'arraymask'
  | 'writemasked'
  | 'overlap_assume_elementwise'
  | 'virtual'
const FLAGS: readonly OperandFlag[] = [
  'readonly',
  'readwrite',
  'writeonly',
  'allocate',
  'no_broadcast',
  'copy',
  'updateifcopy',
  'contig',
  'aligned',
  'nbo',
  'no_subtype',
  'arraymask',
  'writemasked',
  'overlap_assume_elementwise',
  'virtual',
]

type Given = readonly (ArrayLike | null)[]
type Axes = readonly (number | null)[] | null | undefined

/** An operand's array with the axes of the iteration; -1 or null is an axis that it has not. */
function aligned(v: View, axes: Axes, shape: Shape): View {
  if (!axes) return broadcastView(v, shape)
  const has = (axis: number | null | undefined): axis is number => axis !== null && axis !== undefined && axis >= 0
  return restride(
    v,
    shape,
    shape.map((n, i) => {
      const axis = axes[i]
      return has(axis) && v.shape[axis] === n ? v.strides[axis]! : 0
    }),
  )
}

/** The shape that operands are iterated over: their broadcast, or what `op_axes` and `itershape` say. */
export function shapeOf(given: Given, { op_axes, itershape }: NditerOptions): number[] {
  const shapes = given.flatMap((x, i): Shape[] => {
    if (x === null) return []
    const { shape } = asArray(x).value
    const axes = op_axes?.[i]
    return [axes ? axes.map((axis) => (axis === null || axis < 0 ? 1 : axis < shape.length ? shape[axis]! : outside(i))) : shape]
  })
  if (itershape) shapes.push(itershape.map((n) => (n < 0 ? 1 : n)))
  try {
    return [...broadcastShapes(shapes)]
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error
    throw new ShapeError(`operands could not be broadcast together with shapes ${shapes.map(tight).join(' ')} `, { op: 'nditer', shapes })
  }
}
const outside = (i: number): never => {
  throw new ValueError(`Iterator input op_axes[${i}] is out of bounds`, { op: 'nditer' })
}

/** One operand while it is iterated over. */
export class Operand {
  readonly #original: NDArray | null
  #pending: { buffer: View; offsets: readonly number[]; into: View } | null = null

  constructor(
    /** The caller's array, one made for null, or a copy in another dtype. */
    readonly array: NDArray,
    /** The array with the iteration's axes. */
    readonly view: View,
    readonly writes: boolean,
    /** The caller's array when `array` is a copy of it. */
    original: NDArray | null,
  ) {
    this.#original = original
  }
  withView(view: View): Operand {
    return new Operand(this.array, view, this.writes, this.#original)
  }
  /** Items from anywhere, side by side; what is written there is put back by `flush`. */
  buffer(offsets: readonly number[], from: View): View {
    const buffer = viewOf(
      offsets.map((offset) => readAt(from, offset)),
      [offsets.length],
      from.dtype,
    )
    if (this.writes) this.#pending = { buffer, offsets, into: from }
    return buffer
  }
  flush(): void {
    if (this.#pending === null) return
    const { buffer, offsets, into } = this.#pending
    this.#pending = null
    const step = buffer.dtype.isObject ? 8 : buffer.dtype.itemsize
    offsets.forEach((offset, i) => {
      writeAt(into, offset, coerce(readAt(buffer, buffer.offset + i * step), into.dtype))
    })
    into.storage.version++
  }
  /** Writes a copy back into the caller's array. */
  finish(): void {
    if (this.#original === null || !this.writes) return
    copyInto(this.#original.value, this.array.value)
    this.#original.value.storage.version++
  }
}

/** The flags of each operand. */
function flagsOf(given: Given, op_flags: NditerOptions['op_flags']): Set<OperandFlag>[] {
  const list = op_flags ?? null
  const nested = list !== null && (list as readonly unknown[]).some((x) => Array.isArray(x))
  if (nested && list.length !== given.length)
    throw new ValueError('op_flags must be a tuple or array of per-op flag-tuples', { op: 'nditer' })
  return given.map((x, i) => {
    const mine =
      (nested ? (list[i] as readonly OperandFlag[]) : (list as readonly OperandFlag[] | null)) ??
      (x === null ? ['writeonly', 'allocate'] : ['readonly'])
    for (const flag of mine) {
      if (!FLAGS.includes(flag)) throw new ValueError(`Unexpected per-op iterator flag "${String(flag)}"`, { op: 'nditer' })
    }
    const flags = new Set<OperandFlag>(mine as readonly OperandFlag[])
    if (!['readonly', 'readwrite', 'writeonly'].some((f) => flags.has(f as OperandFlag)))
      throw new ValueError('None of the iterator flags READWRITE, READONLY, or WRITEONLY were specified for an operand', { op: 'nditer' })
    return flags
  })
}

/** The dtypes in which operands are wanted; undefined for their own. */
function dtypesOf(
  given: Given,
  op_dtypes: NditerOptions['op_dtypes'],
  common: boolean,
  flags: readonly Set<OperandFlag>[],
): (DType | undefined)[] {
  const list = Array.isArray(op_dtypes)
    ? (op_dtypes as readonly (DTypeLike | null)[])
    : given.map(() => op_dtypes as DTypeLike | null | undefined)
  if (list.length !== given.length) throw new ValueError('op_dtypes must be a tuple/list matching the number of ops', { op: 'nditer' })
  const wanted = list.map((d) => maybeDType(d))
  if (!common && given.every((x) => x !== null)) return wanted
  const inputs = given.flatMap((x, i) => (x === null || flags[i]!.has('writeonly') ? [] : [asArray(x).value.dtype]))
  const joint = inputs.length > 0 ? resultType(inputs) : undefined
  return wanted.map((d, i) => d ?? (common || given[i] === null ? joint : undefined))
}

/** Checks that an operand can be seen as another dtype. */
function checkCast(i: number, from: DType, to: DType, flags: ReadonlySet<OperandFlag>, casting: Casting, mayCopy: boolean): void {
  if (!flags.has('writeonly') && !canCast(from, to, casting)) {
    throw new DTypeError(
      `Iterator operand ${i} dtype could not be cast from dtype('${from.name}') to dtype('${to.name}') according to the rule '${casting}'`,
      { op: 'nditer' },
    )
  }
  if (!flags.has('readonly') && !canCast(to, from, casting)) {
    throw new DTypeError(
      `Iterator requested dtype could not be cast from dtype('${to.name}') to dtype('${from.name}'), the operand ${i} dtype, according to the rule '${casting}'`,
      { op: 'nditer' },
    )
  }
  if (!mayCopy)
    throw new DTypeError('Iterator operand required copying or buffering, but neither copying nor buffering was enabled', { op: 'nditer' })
}

/** The operands of an iteration over a shape. */
export function operandsOf(given: Given, shape: Shape, options: NditerOptions, global: ReadonlySet<IteratorFlag>, order: Order): Operand[] {
  if (given.length === 0) throw new ValueError('Must provide at least one operand', { op: 'nditer' })
  if (given.length > 64) throw new ValueError('Cannot construct an iterator with more than 64 operands', { op: 'nditer' })
  const { op_axes, casting = 'safe' } = options
  const flags = flagsOf(given, options.op_flags)
  const dtypes = dtypesOf(given, options.op_dtypes, global.has('common_dtype'), flags)
  const made = given.map((x, i): Operand | null => {
    if (x === null) {
      if (!flags[i]!.has('allocate'))
        throw new ValueError('Iterator operand was None, but automatic allocation as an output wasn’t requested'.replace('’', "'"), {
          op: 'nditer',
        })
      return null
    }
    const original = asArray(x)
    const writes = !flags[i]!.has('readonly')
    if (writes) checkWriteable(original.value)
    if (original.value.dtype.isObject && !global.has('refs_ok'))
      throw new DTypeError('Iterator operand or requested dtype holds references, but the NPY_ITER_REFS_OK flag was not enabled', {
        op: 'nditer',
      })
    checkFits(original.value, shape, op_axes?.[i], flags[i]!, global.has('reduce_ok'))
    const to = dtypes[i]
    if (to === undefined || to === original.value.dtype)
      return new Operand(original, aligned(original.value, op_axes?.[i], shape), writes, null)
    const mayCopy = global.has('buffered') || flags[i]!.has('copy') || flags[i]!.has('updateifcopy')
    checkCast(i, original.value.dtype, to, flags[i]!, casting, mayCopy)
    const copy = wrap(castView(original.value, to))
    return new Operand(copy, aligned(copy.value, op_axes?.[i], shape), writes, original)
  })
  const views = made.flatMap((o) => (o ? [o.view] : []))
  const axes = axisOrder(views, shape, order).map((step) => step.axis)
  return made.map((o, i) => o ?? allocated(i, axes, shape, op_axes?.[i], dtypes[i]))
}

/** Fresh memory for an operand that was null. */
function allocated(i: number, order: readonly number[], shape: Shape, axes: Axes, dtype: DType | undefined): Operand {
  if (dtype === undefined) throw new ArgumentError(`nditer(): operand ${i} is null and nothing tells its dtype`, { op: 'nditer' })
  if (!axes) {
    const v = allocateIn(order, shape, dtype)
    return new Operand(wrap(v), v, true, null)
  }
  const mine = axes.flatMap((axis, k) => (axis !== null && axis >= 0 ? [[axis, k] as const] : [])).sort((a, b) => a[0] - b[0])
  const v = allocateIn(
    mine.map((_, k) => k),
    mine.map(([, k]) => shape[k]!),
    dtype,
  )
  return new Operand(wrap(v), aligned(v, axes, shape), true, null)
}

/** An operand that is written must not be broadcast, unless it is reduced into. */
function checkFits(v: View, shape: Shape, axes: Axes, flags: ReadonlySet<OperandFlag>, reduces: boolean): void {
  const writes = !flags.has('readonly')
  if (!writes && !flags.has('no_broadcast')) return
  if (axes && reduces && writes) return
  if (axes ? axes.every((axis, i) => (axis === null || axis < 0 ? shape[i] === 1 : v.shape[axis] === shape[i])) : sameShape(v.shape, shape))
    return
  if (reduces && writes && !axes && v.ndim === shape.length) return
  if (flags.has('no_broadcast')) {
    throw new ValueError(
      `non-broadcastable ${writes ? 'output ' : ''}operand with shape ${tight(v.shape)} doesn't match the broadcast shape ${tight(shape)}`,
      { op: 'nditer', shapes: [v.shape, shape] },
    )
  }
  const wide = axes ? null : broadcastView(v, shape)
  const axis = shape.findIndex((n, k) => n !== 1 && (wide ? wide.strides[k] === 0 : (axes![k] ?? -1) < 0))
  throw new ValueError(
    `output operand requires a reduction along dimension ${shape.length - 1 - axis}, but the reduction is not enabled. The dimension size of 1 does not match the expected output shape.`,
    { op: 'nditer', shapes: [v.shape, shape] },
  )
}
