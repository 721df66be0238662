/** The members of ufuncs that compute: reduce, accumulate, reduceat, outer and at. */

import { signature } from '../core/arguments.ts'
import { copyInto } from '../core/copy.ts'
import { DTYPES, type DType, int64, object, uint64 } from '../core/dtype.ts'
import { items, scalarView } from '../core/element.ts'
import { ArgumentError, DTypeError, IndexError, ValueError } from '../core/errors.ts'
import { normalizeAxes, normalizeAxis, reducedShape } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, type View } from '../core/view.ts'
import { getItem, setItem } from '../lib/indexing.ts'
import { broadcastTo, where as choose, concatenate, indexPut, narrow, reshape, stack, transpose } from '../ops/index.ts'
import type { PutMode } from '../ops/indexing/arrays.ts'
import { asView, castView, target as targetOf, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { copyOf, NDArray } from './ndarray.ts'
import { UFUNC_MEMBERS } from './promised.ts'
import type { ArrayLike, Axis, DTypeLike, Result } from './types.ts'
import { applySpec, deliver, loopOf, type Operand, operand, outOf, type UfuncOptions, type UfuncSpec } from './ufunc.ts'
import { UfuncMethods } from './ufunc_class.ts'
import { type Fold, foldOf } from './ufunc_folds.ts'

/** The keyword arguments of `reduce`. */
export interface UfuncReduceOptions {
  /** The axis or axes to reduce; the first by default, null for all. */
  axis?: Axis
  /** The dtype to compute in and give. */
  dtype?: DTypeLike | null
  out?: NDArray | null
  /** Keeps the reduced axes with length 1. */
  keepdims?: boolean
  /** The value to start with. */
  initial?: unknown
  /** Which items take part. */
  where?: ArrayLike
}

const readReduce = signature<UfuncReduceOptions>('reduce', ['axis', 'dtype', 'out', 'keepdims', 'initial', 'where'])
const readAccumulate = signature<UfuncReduceOptions>('accumulate', ['axis', 'dtype', 'out'])
const readAt = signature<UfuncReduceOptions>('reduceat', ['axis', 'dtype', 'out'], [], 2)

const view = (v: View): Operand => ({ view: v, weak: null })

/** The members that compute. */
export class UfuncMembers {
  /** @internal */
  declare readonly spec: UfuncSpec

  /**
   * The operation applied between all items along axes.
   *
   * @example
   * np.add.reduce([[1, 2], [3, 4]]) // => array([4, 6])
   * np.multiply.reduce([2, 3, 4]) // => 24
   */
  reduce(array: ArrayLike, ...rest: unknown[]): Result {
    const { axis = 0, dtype, out, keepdims = false, initial, where } = readReduce(rest)
    const spec = binary(this.spec, 'reduce')
    const x = asView(array)
    // (a single item has an axis 0 here, as upstream)
    const axes = normalizeAxes(x.ndim === 0 && (axis === 0 || axis === -1) ? null : axis, x.ndim)
    const { options, loop, outDType } = reductionOf(spec, x, dtype, out)
    let start: Value | null = initial === undefined || initial === null ? null : asView(initial as ArrayLike, outDType)
    let source: View = x
    const rows = foldFor(spec, loop)
    const mask = where === undefined || where === true ? null : broadcastView(asView(where, DTYPES[0]!), x.shape)
    const hasFiller = rows !== undefined || spec.identity !== undefined
    if (mask) {
      if (start === null && spec.identity === undefined) {
        throw new ValueError(
          `reduction operation '${spec.name}' does not have an identity, so to use a where mask one has to specify 'initial'`,
          { op: spec.name },
        )
      }
      const filler = spec.identity === undefined ? castView(start as View, loop) : neutralOf(spec.identity, loop)
      if (hasFiller) source = choose(mask, castView(x, loop), broadcastView(filler, x.shape)) as View
    }
    let total: View = source
    if (rows && axes.length > 0 && axes.every((a) => x.shape[a]! > 0)) {
      total = castView(rows.reduce(source, axes, true, loop) as View, outDType)
    } else {
      if (axes.length > 1 && !foldOf(spec.name) && !spec.reorderable && spec.identity === undefined) {
        throw new ValueError(`reduction operation '${spec.name}' is not reorderable, so at most one axis may be specified`, {
          op: spec.name,
        })
      }
      if (x.ndim === 0 && start === null && spec.identity !== undefined && loop !== object) start = neutralOf(spec.identity, loop)
      if (axes.length === 0) total = castView(total, outDType)
      else {
        total = foldLast(spec, lastAxis(total, axes), loop, options, start as View | null, mask && !hasFiller ? lastAxis(mask, axes) : null)
        start = null
      }
    }
    if (start !== null) {
      start = broadcastTo(start, total.shape)
      const joint = applySpec(spec, [view(start as View), view(total)], options).result as View
      // of no axes: a masked item leaves the start
      total = mask && !hasFiller ? (choose(mask, joint, castView(start as View, joint.dtype)) as View) : joint
    }
    const shaped = reshape(total, reducedShape(x.shape, axes, keepdims))
    return deliver(spec.name, shaped, { casting: 'unsafe' }, outOf(spec.name, out))
  }

  /**
   * The results of applying the operation to ever more items along an axis.
   *
   * @example
   * np.add.accumulate([1, 2, 3]) // => array([1, 3, 6])
   */
  accumulate(array: ArrayLike, ...rest: unknown[]): NDArray {
    const { axis = 0, dtype, out } = readAccumulate(rest)
    const spec = binary(this.spec, 'accumulate')
    const x = asView(array)
    if (x.ndim === 0) throw new DTypeError('cannot accumulate on a scalar', { op: spec.name })
    const at = normalizeAxis(axis as number, x.ndim)
    const { options, loop, outDType } = reductionOf(spec, x, dtype, out)
    const rows = foldFor(spec, loop)
    if (rows?.accumulate && x.size > 0) {
      const result = castView(rows.accumulate(castView(x, loop), at, loop) as View, outDType)
      return deliver(spec.name, result, { casting: 'unsafe' }, outOf(spec.name, out), false)
    }
    const parts: View[] = []
    for (let i = 0; i < x.shape[at]!; i++) {
      const item = narrow(x, at, i, 1) as View
      parts.push(i === 0 ? castView(item, outDType) : (applySpec(spec, [view(parts[i - 1]!), view(item)], options).result as View))
    }
    const result = parts.length === 0 ? castView(x, outDType) : (concatenate(parts, at) as View)
    return deliver(spec.name, result, { casting: 'unsafe' }, outOf(spec.name, out), false)
  }

  /**
   * Reductions over slices of an axis: item i covers `indices[i]` up to `indices[i + 1]`, or the single item there when that is not larger.
   *
   * @example
   * np.add.reduceat([0, 1, 2, 3, 4, 5], [0, 3, 1]) // => array([ 3,  3, 15])
   */
  reduceat(array: ArrayLike, indices: ArrayLike, ...rest: unknown[]): NDArray {
    const { axis = 0, dtype, out } = readAt(rest)
    const spec = binary(this.spec, 'reduceat')
    const x = asView(array)
    const at = normalizeAxis(axis as number, x.ndim)
    const n = x.shape[at]!
    const places = items(asView(indices, int64)) as number[]
    const { options, outDType } = reductionOf(spec, x, dtype, out)
    const parts = places.map((from, i) => {
      if (from < 0 || from >= n) throw new IndexError(`index ${from} out-of-bounds in ${spec.name}.reduceat [0, ${n})`, { op: spec.name })
      const to = places[i + 1] ?? n
      const piece = narrow(x, at, from, to > from ? to - from : 1) as View
      if (piece.shape[at] === 1) return castView(reshape(piece, reducedShape(piece.shape, [at], false)) as View, outDType)
      return castView(asView(this.reduce(wrap(piece), { axis: at, dtype: options.dtype })), outDType)
    })
    return deliver(spec.name, stack(parts, at), { casting: 'unsafe' }, outOf(spec.name, out), false)
  }

  /**
   * The operation on all pairs of items.
   *
   * @example
   * np.multiply.outer([1, 2], [3, 4]) // => array([[3, 4],
   *                                   //           [6, 8]])
   */
  outer(a: ArrayLike, b: ArrayLike, options?: UfuncOptions | null): Result {
    options ??= {}
    const spec = binary(this.spec, 'outer')
    const [x, y] = [asView(a), operand(b)]
    const rank = y.weak === null ? y.view.ndim : 0
    const wide = reshape(x, [...x.shape, ...new Array<number>(rank).fill(1)]) as View
    return deliver(spec.name, applySpec(spec, [view(wide), y], options).result, options, outOf(spec.name, options.out))
  }

  /**
   * Applies the operation in place at indices; an index that comes twice counts twice.
   *
   * @example
   * const a = np.array([1, 2, 3])
   * np.add.at(a, [0, 0, 2], 10)
   * a // => array([21,  2, 13])
   */
  at(a: NDArray, indices: unknown, b?: ArrayLike): void {
    const { spec } = this
    const put = foldOf(spec.name)?.put
    if (put && b !== undefined && putAt(spec, put, a, indices, asView(b))) return
    if (spec.row.nin === 2 && b === undefined) throw new ArgumentError('second operand needed for ufunc', { op: spec.name })
    if (spec.row.nout !== 1) throw new ArgumentError('Only single output ufuncs supported at this time', { op: spec.name })
    const target = targetOf(spec.name, a).value
    const keys = Array.isArray(indices) && indices.some((k) => typeof k === 'object' && k !== null) ? indices : [indices]
    const positions = asView(Array.from({ length: target.size }, (_, i) => i) as unknown as ArrayLike, int64)
    const picked = getItem(reshape(positions, target.shape), keys) as View
    const where = items(picked) as number[]
    const other = b === undefined ? null : (broadcastTo(asView(b), picked.shape) as View)
    const flatOther = other && (reshape(other, [where.length]) as View)
    // Rounds in which no position comes twice; each is one vectorised step.
    const seen = new Map<number, number>()
    const rounds: number[][] = []
    where.forEach((p, i) => {
      const round = seen.get(p) ?? 0
      seen.set(p, round + 1)
      rounds[round] ??= []
      rounds[round]!.push(i)
    })
    const work = copyOf(reshape(target, [target.size]) as View)
    for (const round of rounds) {
      const here = asView(round.map((i) => where[i]!) as ArrayLike, int64)
      const ins = [view(getItem(work, [here]) as View)]
      if (flatOther) ins.push(view(getItem(flatOther, [asView(round as ArrayLike, int64)]) as View))
      const { result } = applySpec(spec, ins)
      setItem(work, [here], castView(result as View, target.dtype))
    }
    copyInto(target, reshape(work, target.shape) as View)
    target.storage.version++
  }
}

for (const name of UFUNC_MEMBERS.split(' '))
  Object.defineProperty(UfuncMethods.prototype, name, Object.getOwnPropertyDescriptor(UfuncMembers.prototype, name)!)

/** What describes a ufunc of two inputs, for a method that needs one. */
function binary(spec: UfuncSpec, method: string): UfuncSpec {
  if (spec.row.nin !== 2) throw new ValueError(`${method} only supported for binary functions`, { op: spec.name })
  return spec
}

/** `add` and `multiply` of small integers and booleans accumulate in int64 or uint64. */
function reduceDType(spec: UfuncSpec, dtype: DType, given: DType | undefined): DType | undefined {
  if (given) return spec.row.outDType(given) === given ? given : undefined
  if (spec.name !== 'add' && spec.name !== 'multiply') return undefined
  if (dtype.kind === 'b' || (dtype.kind === 'i' && dtype.itemsize < 8)) return int64
  return dtype.kind === 'u' && dtype.itemsize < 8 ? uint64 : undefined
}

/** How a ufunc's methods compute with an array: the options of each step, the dtype that it is done in, and that of the result. */
function reductionOf(spec: UfuncSpec, x: View, dtype: DTypeLike | null | undefined, out: NDArray | null | undefined) {
  const given = maybeDType(dtype)
  const options: UfuncOptions = { dtype: reduceDType(spec, x.dtype, given ?? dtypeOfOut(spec, x, out)), casting: 'unsafe' }
  const loop = loopOf(spec, [view(x), view(x)], maybeDType(options.dtype), 'unsafe')
  const outDType = spec.row.outDType(loop)
  // A result of another dtype cannot be an input of the next step; logical ufuncs take any input for true or false.
  const refused = given !== undefined && given !== outDType && spec.row.outDType(given) !== given
  if (((outDType !== loop && !foldOf(spec.name)) || refused) && !loop.isObject)
    throw new DTypeError(`No loop matching the specified signature and casting was found for ufunc ${spec.name}`, {
      op: spec.name,
      dtypes: [(given ?? loop).name],
    })
  return { options, loop, outDType }
}

/** Without a dtype, `out` takes part in the choice of the loop. */
function dtypeOfOut(spec: UfuncSpec, x: View, out: NDArray | null | undefined): DType | undefined {
  if (!(out instanceof NDArray) || out.value.dtype.isObject || x.dtype.isObject) return undefined
  const joint = loopOf(spec, [view(out.value), view(x)], undefined, 'unsafe')
  return spec.row.outDType(joint) === joint ? joint : undefined
}

/** The neutral element of a ufunc in a dtype; -1 is all bits set. */
const neutralOf = (identity: unknown, dtype: DType): View =>
  identity === -1 ? castView(scalarView(-1, int64), dtype) : scalarView(identity, dtype)

/** The axes to reduce as one, the last. */
function lastAxis(x: View, axes: readonly number[]): View {
  const kept = x.shape.map((_, i) => i).filter((i) => !axes.includes(i))
  const size = axes.reduce((n, a) => n * x.shape[a]!, 1)
  return reshape(transpose(x, [...kept, ...[...axes].sort((p, q) => p - q)]), [...kept.map((i) => x.shape[i]!), size]) as View
}

/** The rows of a ufunc's methods where they serve a dtype. */
function foldFor({ name }: UfuncSpec, loop: DType): Fold | undefined {
  const fold = foldOf(name)
  return fold && !loop.isObject && (fold.accepts?.(loop) ?? true) ? fold : undefined
}

/** `at` by the row that puts and combines, for a list of places along the first axis; whether that could be done. */
function putAt(spec: UfuncSpec, put: PutMode, a: NDArray, indices: unknown, b: View): boolean {
  const target = targetOf(spec.name, a).value
  const isList =
    indices instanceof NDArray || typeof indices === 'number' || (Array.isArray(indices) && indices.every((i) => typeof i === 'number'))
  if (!isList || target.ndim === 0 || target.dtype.isObject || target.dtype.kind === 'b') return false
  const index = asView(indices as ArrayLike)
  const loop = loopOf(spec, [view(target), view(b)], undefined, 'same_kind')
  if (!index.dtype.isInteger || loop !== target.dtype) return false
  const shape = [...index.shape, ...target.shape.slice(1)]
  copyInto(target, indexPut(target, broadcastTo(castView(b, loop), shape), [castView(index, int64)], put) as View)
  target.storage.version++
  return true
}

/** The last axis folded from the left, kept with length 1; what has a neutral element starts from it, so that a single item is combined too. */
function foldLast(spec: UfuncSpec, x: View, loop: DType, options: UfuncOptions, start: View | null, mask: View | null = null): View {
  const axis = x.ndim - 1
  const n = x.shape[axis]!
  const outDType = spec.row.outDType(loop)
  const neutral = spec.identity ?? (loop === object ? 0 : undefined)
  if (n === 0 && start === null && neutral === undefined) {
    throw new ValueError(`zero-size array to reduction operation ${spec.name} which has no identity`, { op: spec.name, shapes: [x.shape] })
  }
  const first = start ?? (neutral === undefined || (n > 0 && loop === object) ? null : neutralOf(neutral, outDType))
  let total = first
    ? (broadcastTo(castView(first, outDType), [...x.shape.slice(0, -1), 1]) as View)
    : castView(narrow(x, axis, 0, 1) as View, outDType)
  for (let i = first ? 0 : 1; i < n; i++) {
    const next = applySpec(spec, [view(total), view(narrow(x, axis, i, 1) as View)], options).result as View
    total = mask ? (choose(narrow(mask, axis, i, 1), next, total) as View) : next
  }
  return total
}
