/** The one parser of index keys: `x.at(...keys)` and `x.set(...keys, value)`, by NumPy's rules. It reads no elements of arrays. */

import { bool, int64 } from './dtype.ts'
import { readAt, viewOf } from './element.ts'
import { IndexError, ValueError } from './errors.ts'
import { type Value, valueIn } from './value.ts'
import { View } from './view.ts'

/** A slice as an object; `null` leaves a bound open. Made by `slice`. */
export class Slice {
  constructor(
    readonly start: number | null,
    readonly stop: number | null,
    readonly step: number | null,
  ) {}

  toString(): string {
    const text = (x: number | null) => (x === null ? 'None' : String(x))
    return `slice(${text(this.start)}, ${text(this.stop)}, ${text(this.step)})`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  /** Start, stop and step for an axis of a length, as Python's `slice.indices`. */
  indices(length: number): [number, number, number] {
    const step = this.step ?? 1
    if (step === 0) throw new ValueError('slice step cannot be zero')
    const low = step < 0 ? -1 : 0
    const high = step < 0 ? length - 1 : length
    const bound = (x: number | null, open: number) => (x === null ? open : x < 0 ? Math.max(x + length, low) : Math.min(x, high))
    return [bound(this.start, step < 0 ? high : low), bound(this.stop, step < 0 ? low : high), step]
  }
}

/**
 * A slice key: `slice(stop)`, `slice(start, stop)` or `slice(start, stop, step)`, as Python's.
 *
 * @example
 * String(slice(1, 5, 2)) // => slice(1, 5, 2)
 */
export function slice(...args: [stop: number | null] | [start: number | null, stop: number | null, step?: number | null]): Slice {
  const [start, stop, step] = args.length === 1 ? [null, args[0], null] : [args[0], args[1], args[2] ?? null]
  for (const bound of [start, stop, step]) {
    if (bound !== null && !Number.isInteger(bound)) {
      throw new IndexError(`slice indices must be integers or null, got ${String(bound)}`)
    }
  }
  return new Slice(start ?? null, stop ?? null, step ?? null)
}

/** What a user may give as one key. */
export type KeyInput = number | bigint | string | boolean | null | Slice | readonly unknown[] | ArrayBufferView | object

/** A key in its normal form. */
export type Key =
  | { readonly kind: 'integer'; readonly value: number }
  | { readonly kind: 'slice'; readonly value: Slice }
  | { readonly kind: 'newaxis' }
  | { readonly kind: 'ellipsis' }
  /** An integer array, of any number of dimensions. */
  | { readonly kind: 'array'; readonly value: Value }
  /** A boolean array; it takes as many axes as it has. */
  | { readonly kind: 'mask'; readonly value: Value }

const NOT_A_KEY = 'only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices'

const notAKey = (): never => {
  throw new IndexError(NOT_A_KEY)
}

const INTEGER = /^[+-]?\d+$/

/** One comma-separated part of a string key. */
function parsePart(text: string): Key {
  const part = text.trim()
  if (part === '...') return { kind: 'ellipsis' }
  if (part === 'None' || part === 'null' || part === 'newaxis') return { kind: 'newaxis' }
  if (INTEGER.test(part)) return integer(Number(part))
  const bounds = part.split(':').map((s) => s.trim())
  if (bounds.length < 2 || bounds.length > 3) return notAKey()
  const [start, stop, step] = bounds.map((s) => (s === '' || s === 'None' || s === 'null' ? null : INTEGER.test(s) ? Number(s) : notAKey()))
  return { kind: 'slice', value: new Slice(start!, stop!, step ?? null) }
}

function integer(value: number): Key {
  return Number.isSafeInteger(value) ? { kind: 'integer', value } : notAKey()
}

const strings = new Map<string, readonly Key[]>()

/** The keys of a string such as '1:5:2' or '1:, ::2, ...'; parsed once for each text. */
export function parseString(text: string): readonly Key[] {
  let keys = strings.get(text)
  if (!keys) {
    keys = text.split(',').map(parsePart)
    if (strings.size > 1000) strings.clear()
    strings.set(text, keys)
  }
  return keys
}

/** A nested list of integers or booleans, or a typed array, as an array key. */
function fromList(list: readonly unknown[] | ArrayBufferView): Key {
  if (ArrayBuffer.isView(list)) {
    if (list instanceof DataView || list instanceof Float32Array || list instanceof Float64Array) return notArray()
    const values = [...(list as unknown as Iterable<number | bigint>)]
    return { kind: 'array', value: viewOf(values, [values.length], int64) }
  }
  const flat: unknown[] = []
  const shape: number[] = []
  const visit = (x: unknown, depth: number): void => {
    const carried = Array.isArray(x) ? null : valueIn(x)
    if (carried && !(carried instanceof View && carried.ndim === 0)) {
      throw new IndexError('a list that is a key holds integers or booleans; give an array as a key of its own')
    }
    const item = carried ? (viewItem(carried as View) as unknown) : x
    if (!Array.isArray(item)) {
      if (depth !== shape.length) throw inhomogeneous(depth)
      flat.push(item)
      return
    }
    if (depth > 64) throw new ValueError('a list that is a key is nested too deep')
    if (flat.length === 0 && shape.length === depth) shape.push(item.length)
    else if (shape[depth] !== item.length) throw inhomogeneous(depth)
    for (const inner of item) visit(inner, depth + 1)
  }
  visit(list, 0)
  if (flat.length > 0 && flat.every((x) => typeof x === 'boolean')) return { kind: 'mask', value: viewOf(flat, shape, bool) }
  const ok = flat.every((x) => typeof x === 'boolean' || typeof x === 'bigint' || (typeof x === 'number' && Number.isInteger(x)))
  if (!ok) return notAKey()
  return { kind: 'array', value: viewOf(flat, shape, int64) }
}

const inhomogeneous = (depth: number): ValueError =>
  new ValueError(`setting an array element with a sequence. The requested array has an inhomogeneous shape after ${depth} dimensions.`)

const notArray = (): never => {
  throw new IndexError('arrays used as indices must be of integer (or boolean) type')
}

const viewItem = (v: View): unknown => {
  const item = readAt(v, v.offset)
  return typeof item === 'boolean' || v.dtype.isInteger ? item : notAKey()
}

function fromValue(value: Value): Key {
  if (value.dtype === bool) return { kind: 'mask', value }
  if (!value.dtype.isInteger) return notArray()
  if (value.ndim === 0 && value instanceof View && value.device === 'cpu') return integer(Number(readAt(value, value.offset)))
  return { kind: 'array', value }
}

/** The keys of a call in their normal form; a string may stand for several. */
export function parseKeys(keys: readonly unknown[]): Key[] {
  const out: Key[] = []
  for (const key of keys) {
    if (typeof key === 'number') out.push(integer(key))
    else if (typeof key === 'string') out.push(...parseString(key))
    else if (key === null) out.push({ kind: 'newaxis' })
    else if (key instanceof Slice) out.push({ kind: 'slice', value: key })
    else if (typeof key === 'bigint') out.push(integer(Number(key)))
    else if (typeof key === 'boolean') out.push({ kind: 'mask', value: viewOf([key], [], bool) })
    else if (Array.isArray(key) || ArrayBuffer.isView(key)) out.push(fromList(key as readonly unknown[]))
    else {
      const value = valueIn(key)
      if (!value) notAKey()
      else out.push(fromValue(value))
    }
  }
  return out
}

/** How many axes of the array a key takes. */
export const axesOf = (key: Key): number =>
  key.kind === 'newaxis' || key.kind === 'ellipsis' ? 0 : key.kind === 'mask' ? key.value.ndim : 1

/** Keys with the ellipsis, written or implied, replaced by whole slices, so that every axis has its key. */
export function expandKeys(keys: readonly Key[], ndim: number): Key[] {
  let taken = 0
  let ellipses = 0
  for (const key of keys) {
    taken += axesOf(key)
    if (key.kind === 'ellipsis') ellipses++
  }
  if (ellipses > 1) throw new IndexError("an index can only have a single ellipsis ('...')")
  if (taken > ndim) {
    throw new IndexError(`too many indices for array: array is ${ndim}-dimensional, but ${taken} were indexed`)
  }
  const fill: Key[] = Array.from({ length: ndim - taken }, () => ({ kind: 'slice', value: WHOLE }))
  if (ellipses === 0) return [...keys, ...fill]
  return keys.flatMap((key) => (key.kind === 'ellipsis' ? [ELLIPSIS_MARK, ...fill] : [key]))
}

const WHOLE = new Slice(null, null, null)
/** Left where an ellipsis stood: it takes no axis, but separates the keys beside it. */
const ELLIPSIS_MARK: Key = { kind: 'ellipsis' }
