/** From what a user gives as data (scalars, nested lists, typed arrays, wrappers of values) to a shape and flat items; it decides no dtype. */

import { Complex } from '../core/complex.ts'
import { type DType, float16, float32, float64, int8, int16, int32, int64, uint8, uint16, uint32, uint64 } from '../core/dtype.ts'
import { items as itemsOf } from '../core/element.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import { MAX_DIMS, sameShape } from '../core/shape.ts'
import { bufferStorage } from '../core/storage.ts'
import { type Value, valueIn } from '../core/value.ts'
import { contiguousView, View } from '../core/view.ts'

/** Where lists stop being rectangular. */
export interface Jagged {
  /** The shape that all items agree on. */
  readonly shape: readonly number[]
  /** The axis whose lengths differ. */
  readonly dim: number
  /** The length that the first list has there; null when it is no list. */
  readonly expected: number | null
  /** What was met instead: a length, or null when it is no list. */
  readonly got: number | null
  /** Indices that lead to the item that differs. */
  readonly path: readonly number[]
  readonly item: unknown
}

/** The kinds of items that were met. */
export interface Found {
  bool: boolean
  /** Numbers that are integers, safe, and not -0. */
  int: boolean
  /** Other numbers. */
  float: boolean
  bigint: boolean
  /** Smallest and largest bigint; 0 without any. */
  low: bigint
  high: bigint
  complex: boolean
  string: boolean
  /** Anything else: null, undefined, functions, objects. */
  other: boolean
  /** Dtypes of typed arrays and wrapped values. */
  readonly dtypes: Set<DType>
}

/** Data as a shape and items in C order. */
export interface Nested {
  readonly shape: number[]
  readonly items: unknown[]
  readonly found: Found
  /** An item of the first kind that a plain numeric dtype cannot hold, for messages. */
  readonly odd: unknown
}

export interface NestedOptions {
  /** For dtype object: jagged lists end the shape where they differ, and the lists below become items. */
  readonly objects?: boolean
  /** Makes the error of jagged lists; it is thrown. */
  readonly jagged?: (info: Jagged) => Error
  /** The concrete view of a wrapped value; an error for those of interpreters by default. */
  readonly view?: (value: Value) => View
}

type TypedArray =
  | Int8Array
  | Uint8Array
  | Uint8ClampedArray
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array

const TYPED: Readonly<Record<string, DType>> = {
  Int8Array: int8,
  Uint8Array: uint8,
  Uint8ClampedArray: uint8,
  Int16Array: int16,
  Uint16Array: uint16,
  Int32Array: int32,
  Uint32Array: uint32,
  Float16Array: float16,
  Float32Array: float32,
  Float64Array: float64,
  BigInt64Array: int64,
  BigUint64Array: uint64,
}

/** The dtype of a typed array, or undefined for anything else. */
export function typedDType(x: unknown): DType | undefined {
  if (!ArrayBuffer.isView(x)) return undefined
  return TYPED[(x as unknown as { [Symbol.toStringTag]?: string })[Symbol.toStringTag] ?? '']
}

/** A 1-d view on a typed array's own memory, nothing copied. */
export function typedView(x: ArrayBufferView, dtype: DType): View {
  const storage = bufferStorage(x.buffer, x.byteOffset, x.byteLength)
  return contiguousView(storage, dtype, [x.byteLength / dtype.itemsize])
}

/** What kind of weak scalar a JavaScript value is, or null when it is none. */
export function scalarKind(x: unknown): 'bool' | 'int' | 'float' | 'complex' | null {
  if (typeof x === 'number') return isInt(x) ? 'int' : 'float'
  if (typeof x === 'boolean') return 'bool'
  if (typeof x === 'bigint') return 'int'
  return x instanceof Complex ? 'complex' : null
}

const isInt = (x: number): boolean => Number.isSafeInteger(x) && !Object.is(x, -0)

const concrete = (value: Value): View => {
  if (value instanceof View) return value
  throw new ArgumentError('a value that is being differentiated or transformed cannot be read item by item')
}

const defaultJagged = ({ shape, dim, expected, got, path }: Jagged): Error =>
  new ValueError(
    `lists are not rectangular: expected ${expected ?? 'an item'} at dimension ${dim}, got ${got ?? 'an item'} at [${path.join(', ')}]`,
    {
      shapes: [shape],
    },
  )

/** The length of a sequence, or null for an item. */
function lengthOf(x: unknown): number | null {
  if (Array.isArray(x)) return x.length
  if (typeof x !== 'object' || x === null) return null
  if (typedDType(x)) return (x as TypedArray).length
  const value = valueIn(x)
  return value && value.ndim > 0 ? value.shape[0]! : null
}

/** Reads data: see `Nested`. Throws for cycles, for lists deeper than 64 and, unless `objects`, for jagged lists. */
export function readNested(data: unknown, options: NestedOptions = {}): Nested {
  const { objects = false, jagged = defaultJagged, view = concrete } = options
  const found: Found = {
    bool: false,
    int: false,
    float: false,
    bigint: false,
    low: 0n,
    high: 0n,
    complex: false,
    string: false,
    other: false,
    dtypes: new Set(),
  }
  const shape = objects ? commonShape(data) : firstShape(data)
  const out: unknown[] = []
  let odd: unknown
  const path: number[] = []

  const noteItem = (x: unknown): void => {
    out.push(x)
    if (typeof x === 'number') {
      if (isInt(x)) found.int = true
      else found.float = true
    } else if (typeof x === 'boolean') found.bool = true
    else if (typeof x === 'bigint') {
      found.bigint = true
      if (x < found.low) found.low = x
      if (x > found.high) found.high = x
    } else if (x instanceof Complex) found.complex = true
    else {
      if (typeof x === 'string') found.string = true
      else found.other = true
      odd ??= x
    }
  }
  const fail = (dim: number, expected: number | null, item: unknown): never => {
    throw jagged({ shape: objects ? shape : commonShape(data), dim, expected, got: lengthOf(item), path: [...path], item })
  }
  /** The items of a whole view, whose shape must be the rest of the shape. */
  const addView = (v: View, dim: number): void => {
    const rest = shape.slice(dim)
    if (v.ndim !== rest.length || v.shape.some((n, i) => n !== rest[i])) {
      const at = v.shape.findIndex((n, i) => n !== rest[i])
      fail(dim + (at < 0 ? v.ndim : at), rest[at < 0 ? v.ndim : at] ?? null, v)
    }
    found.dtypes.add(v.dtype)
    for (const item of itemsOf(v)) out.push(item)
  }
  const visit = (x: unknown, dim: number): void => {
    if (dim === shape.length && (objects || Array.isArray(x))) {
      if (objects) {
        const value = valueIn(x)
        if (value && value.ndim === 0) out.push(itemsOf(view(value))[0])
        else out.push(x)
        return
      }
      fail(dim, null, x)
    }
    if (Array.isArray(x)) {
      if (x.length !== shape[dim]) fail(dim, shape[dim]!, x)
      if (dim + 1 === shape.length && !objects) {
        for (let i = 0; i < x.length; i++) {
          const item: unknown = x[i]
          if (typeof item === 'object' && item !== null && !(item instanceof Complex)) {
            path.push(i)
            visit(item, dim + 1)
            path.pop()
          } else noteItem(item)
        }
        return
      }
      for (let i = 0; i < x.length; i++) {
        path.push(i)
        visit(x[i], dim + 1)
        path.pop()
      }
      return
    }
    if (typeof x === 'object' && x !== null) {
      const typed = typedDType(x)
      if (typed) {
        addView(typedView(x as ArrayBufferView, typed), dim)
        return
      }
      const value = valueIn(x)
      if (value) {
        addView(view(value), dim)
        return
      }
    }
    if (dim < shape.length) fail(dim, shape[dim]!, x)
    noteItem(x)
  }
  visit(data, 0)
  return { shape, items: out, found, odd }
}

/** The shape along first items; `readNested` checks that the others agree. */
function firstShape(data: unknown): number[] {
  const shape: number[] = []
  let x = data
  for (;;) {
    const value = valueIn(x)
    if (value) {
      shape.push(...value.shape)
      break
    }
    const n = lengthOf(x)
    if (n === null) break
    shape.push(n)
    checkDepth(shape.length)
    if (n === 0 || !Array.isArray(x)) break
    x = x[0]
  }
  checkDepth(shape.length)
  return shape
}

/**
 * The longest shape that all items agree on. Walks one axis at a time, so a cycle ends as too deep. Arrays among the items are taken
 * whole: where their shapes differ from those beside them, they become items.
 */
function commonShape(data: unknown): number[] {
  const shape: number[] = []
  let level: unknown[] = [data]
  for (;;) {
    if (level.some((x) => wholeShape(x) !== null)) {
      const rest = level.map((x) => wholeShape(x) ?? commonShape(x))
      return rest.every((s) => sameShape(s, rest[0]!)) ? [...shape, ...rest[0]!] : shape
    }
    const n = level.length === 0 ? null : lengthOf(level[0])
    if (n === null || !level.every((x) => lengthOf(x) === n)) return shape
    shape.push(n)
    checkDepth(shape.length)
    if (n === 0) return shape
    level = (level as unknown[][]).flat(1)
  }
}

/** The shape of a typed array or of a wrapped value with axes; null for lists and items. */
function wholeShape(x: unknown): readonly number[] | null {
  if (typeof x !== 'object' || x === null || Array.isArray(x)) return null
  if (typedDType(x)) return [(x as TypedArray).length]
  const value = valueIn(x)
  return value && value.ndim > 0 ? value.shape : null
}

function checkDepth(depth: number): void {
  if (depth > MAX_DIMS) throw new ValueError(`lists are nested more than ${MAX_DIMS} deep, or contain themselves`)
}
