/** Arithmetic and order of single items of any dtype, for the reference routines. */

import { Complex } from '../../core/complex.ts'
import type { DType } from '../../core/dtype.ts'
import { eachOffset, readAt } from '../../core/element.ts'
import type { View } from '../../core/view.ts'

/** An item of a numeric view. */
export type Item = any

/** Byte offsets of a view's elements in C order. */
export function offsetsOf(v: View): number[] {
  const out = new Array<number>(v.size)
  eachOffset(v, (offset, i) => {
    out[i] = offset
  })
  return out
}

/** Items in C order, as they are in memory (a pool block included). */
export const itemsOf = (v: View): Item[] => offsetsOf(v).map((offset) => readAt(v, offset))

const wrapped = (x: bigint, dtype: DType): number | bigint => {
  const bits = dtype.itemsize * 8
  const y = dtype.kind === 'u' ? BigInt.asUintN(bits, x) : BigInt.asIntN(bits, x)
  return bits < 64 ? Number(y) : y
}

/** Rounds or wraps a result to what its dtype holds between steps: float16 and bfloat16 add up in float32. */
const settle = (x: number, dtype: DType): number => (dtype.itemsize <= 4 ? Math.fround(x) : x)

/** `a + b` in a dtype: integers wrap, booleans are or. */
export function plus(a: Item, b: Item, dtype: DType): Item {
  if (dtype.kind === 'b') return a || b
  if (dtype.kind === 'c') return new Complex(a.re + b.re, a.im + b.im)
  return dtype.isInteger ? wrapped(BigInt(a) + BigInt(b), dtype) : settle(a + b, dtype)
}

/** `a * b` in a dtype: integers wrap, booleans are and. */
export function times(a: Item, b: Item, dtype: DType): Item {
  if (dtype.kind === 'b') return a && b
  if (dtype.kind === 'c') return new Complex(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re)
  return dtype.isInteger ? wrapped(BigInt(a) * BigInt(b), dtype) : settle(a * b, dtype)
}

export const zeroOf = (dtype: DType): Item => (dtype.kind === 'b' ? false : dtype.kind === 'c' ? new Complex(0, 0) : 0)

export const isNaNItem = (a: Item): boolean =>
  a instanceof Complex ? Number.isNaN(a.re) || Number.isNaN(a.im) : typeof a === 'number' && Number.isNaN(a)

export const isTrue = (a: Item): boolean => (a instanceof Complex ? a.re !== 0 || a.im !== 0 : Number.isNaN(a) || Boolean(a))

const rank = (a: number): number => (Number.isNaN(a) ? 1 : 0)

function compareReal(a: number | bigint | boolean, b: number | bigint | boolean): number {
  if (typeof a === 'number' && typeof b === 'number') {
    const nans = rank(a) - rank(b)
    if (nans !== 0 || Number.isNaN(a)) return nans
  }
  return a < b ? -1 : a > b ? 1 : 0
}

/** Ascending order with NaN last. Complex numbers by real, then imaginary part; those with a NaN come last, as NumPy orders them. */
export function compare(a: Item, b: Item): number {
  if (!(a instanceof Complex)) return compareReal(a, b)
  const x = a
  const y = b as Complex
  // R + Rj, R + nanj, nan + Rj, nan + nanj
  const group = (c: Complex) => rank(c.re) * 2 + rank(c.im)
  return group(x) - group(y) || compareReal(x.re, y.re) || compareReal(x.im, y.im)
}

/** What index_put and scatter do with the old and the new item, by mode. */
export const COMBINE: readonly ((old: Item, item: Item, dtype: DType) => Item)[] = [
  (_, item) => item,
  plus,
  times,
  (old, item) => (isNaNItem(old) || compareReal(old, item) < 0 ? (isNaNItem(item) && !isNaNItem(old) ? item : old) : item),
  (old, item) => (isNaNItem(old) ? old : isNaNItem(item) || compareReal(old, item) < 0 ? item : old),
]
