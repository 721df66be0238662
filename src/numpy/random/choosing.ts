/** Choosing among n things: checked probabilities, picks by them, and random orders. What Generator and RandomState share. */

import { describe } from '../../core/describe.ts'
import { float64, int64 } from '../../core/dtype.ts'
import { items, viewOf } from '../../core/element.ts'
import { ArgumentError, MemoryError, ValueError } from '../../core/errors.ts'
import { type Shape, sizeOf } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { setItem, take as takeRow } from '../../lib/indexing.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asView, castView } from '../convert.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike } from '../types.ts'

/** Uniform numbers in [0, 1) of a shape. */
export type Uniform = (shape: Shape) => View

/** The words of the two classes' errors. */
export interface ChoiceWords {
  readonly dimensions: string
  readonly length: string
  readonly nan: string
  readonly negative: string
  readonly sum: string
}

/** The sum with Kahan's compensation, which NumPy checks. */
export function kahanSum(list: readonly number[]): number {
  let sum = list[0] ?? 0
  let lost = 0
  for (let i = 1; i < list.length; i++) {
    const y = list[i]! - lost
    const t = sum + y
    lost = t - sum - y
    sum = t
  }
  return sum
}

/** The probabilities of n things, checked. */
export function checkedChances(weights: ArrayLike, n: number, words: ChoiceWords): number[] {
  const given = asView(weights)
  const v = castView(given, float64)
  const op = 'choice'
  if (v.ndim !== 1) throw new ValueError(words.dimensions, { op, shapes: [v.shape] })
  const list = items(v) as number[]
  if (list.length !== n) throw new ValueError(words.length, { op })
  const sum = kahanSum(list)
  if (Number.isNaN(sum)) throw new ValueError(words.nan, { op })
  if (list.some((x) => x < 0)) throw new ValueError(words.negative, { op })
  const precision = given.dtype.name === 'float16' ? 2 ** -10 : given.dtype.name === 'float32' ? 2 ** -23 : 2 ** -52
  if (Math.abs(sum - 1) > Math.sqrt(precision)) throw new ValueError(words.sum, { op })
  return list
}

/** The cumulative distribution, ending at 1. */
function cumulative(chances: readonly number[]): View {
  let sum = 0
  const sums = chances.map((x) => {
    sum += x
    return sum
  })
  return viewOf(
    sums.map((x) => x / sum),
    [sums.length],
    float64,
  )
}

/** Indices by their probabilities, any of them as often as it comes. */
export function weighted(chances: readonly number[], shape: Shape, uniform: Uniform): View {
  const x = uniform(shape)
  return p.reshape(p.searchsorted(cumulative(chances), p.reshape(x, [sizeOf(shape)]), true), [...shape]) as View
}

/** Different indices by their probabilities. */
export function distinctWeighted(given: readonly number[], count: number, uniform: Uniform): View {
  const chances = [...given]
  if (chances.filter((x) => x > 0).length < count) throw new ValueError('Fewer non-zero entries in p than size', { op: 'choice' })
  const found: number[] = []
  while (found.length < count) {
    const x = uniform([count - found.length])
    for (const i of found) chances[i] = 0
    for (const i of new Set(items(p.searchsorted(cumulative(chances), x, true) as View) as number[])) found.push(i)
  }
  return viewOf(found, [count], int64)
}

/** A random order of 0 .. n-1, by a function that shuffles a view. */
export function order(n: number, shuffle: (x: View) => void): View {
  if (!(n <= 2 ** 27)) throw new MemoryError(`a random order of ${n} items does not fit in memory`)
  const index = p.ramp(Math.max(n, 0), 0, 1, int64) as View
  shuffle(index)
  return index
}

/** Puts the rows of an array along an axis, or the items of a list, in a random order, in place. */
export function shuffleInPlace(x: NDArray | unknown[], axis: number, shuffle: (x: View) => void): void {
  if (Array.isArray(x)) {
    const copy = [...x]
    ;(items(order(x.length, shuffle)) as number[]).forEach((from, to) => {
      x[to] = copy[from]
    })
    return
  }
  if (typeof x !== 'object' || x === null || !('value' in x) || !('flags' in x)) {
    throw new ArgumentError(`shuffle(): expected an array or a list, got ${describe(x)}`, { op: 'shuffle' })
  }
  if (x.flags.writeable === false) throw new ValueError('array is read-only', { op: 'shuffle' })
  if (x.ndim === 0) throw new ArgumentError('len() of unsized object', { op: 'shuffle' })
  if (x.size === 0) return
  setItem(x.value, ['...'], takeRow(x.value, order(x.shape[axis]!, shuffle), axis) as View)
}
