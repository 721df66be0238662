/** Comparing two arrays item by item, and saying where they differ. */

import { bool } from '../../core/dtype.ts'
import { AssertionError } from '../../core/errors.ts'
import { broadcastShapes, sameShape } from '../../core/shape.ts'
import { broadcastView, type View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { pyRepr, scalarStr } from '../../printing/index.ts'
import '../../runtime.ts'
import { asArray, asView, wrap } from '../convert.ts'
import { argwhere } from '../indexing.ts'
import { NDArray, reprItem } from '../ndarray.ts'
import { array_repr, array2string } from '../printing.ts'
import type { ArrayLike } from '../types.ts'
import { absolute, divide, minimum, subtract } from '../ufuncs/arithmetic.ts'

/** What messages say, and how. */
export interface Report {
  readonly header: string
  readonly err_msg: string
  readonly verbose: boolean
  readonly names: readonly [string, string]
  readonly precision: number
}

function shown(x: unknown, precision: number): string {
  const text = x instanceof NDArray ? array_repr(x, { precision }) : pyRepr(x, reprItem)
  const lines = text.split('\n')
  return lines.length > 4 ? `${lines.slice(0, 3).join('\n')}...` : text
}

/** The text of a failure: a header, what the caller adds, and both sides. */
export function messageOf(values: readonly unknown[], { header, err_msg, verbose, names, precision }: Report): string {
  const short = err_msg !== '' && !err_msg.includes('\n') && err_msg.length < 79 - header.length
  const lines = [`\n${header}${short ? ` ${err_msg}` : ''}`]
  if (err_msg !== '' && !short) lines.push(err_msg)
  if (verbose) for (const [i, x] of values.entries()) lines.push(` ${names[i]}: ${shown(x, precision)}`)
  return lines.join('\n')
}

const truth = (v: View): boolean => wrap(v).item() as unknown as boolean
const allOf = (v: View): boolean => truth(p.all(v) as View)
const anyOf = (v: View): boolean => truth(p.any(v) as View)
const tuple = (shape: readonly number[]): string => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`)

/** An item as Python's `str` writes it, by the array's dtype. */
function itemText(a: NDArray, index: readonly number[]): string {
  const item = a.ndim === 0 ? a.item() : a.item(...index)
  return a.value.dtype.isObject ? pyRepr(item, reprItem) : scalarStr(item, a.value.dtype.name)
}

/** How items are compared and what is taken for equal beside. */
export interface Comparison extends Report {
  readonly holds: (x: NDArray, y: NDArray) => ArrayLike
  readonly equalNan: boolean
  readonly equalInf: boolean
  readonly strict: boolean
}

/** Throws an AssertionError when some items do not compare as they should. */
export function compareArrays(actual: ArrayLike, desired: ArrayLike, how: Comparison): void {
  const [x, y] = [asArray(actual), asArray(desired)]
  const fail = (more: string, sides: readonly unknown[] = [x, y]): never => {
    throw new AssertionError(messageOf(sides, { ...how, err_msg: how.err_msg + more }))
  }
  const [a, b] = [x.value, y.value]
  const fits = sameShape(a.shape, b.shape) || (!how.strict && (a.ndim === 0 || b.ndim === 0))
  if (!fits) fail(`\n(shapes ${tuple(a.shape)}, ${tuple(b.shape)} mismatch)`)
  if (how.strict && a.dtype !== b.dtype) fail(`\n(dtypes ${a.dtype.name}, ${b.dtype.name} mismatch)`)
  const shape = broadcastShapes([a.shape, b.shape])
  const [wideX, wideY] = [broadcastView(a, shape), broadcastView(b, shape)]
  const known = knownEqual(wideX, wideY, how, fail)
  if (known !== null && allOf(known)) return
  const left = known === null ? null : (p.logicalNot(known) as View)
  const pick = (v: View): NDArray => wrap(left === null ? v : p.maskedSelect(v, left))
  const [restX, restY] = [pick(wideX), pick(wideY)]
  const held = asView(how.holds(restX, restY), bool)
  if (allOf(held)) return
  const wrong = p.logicalNot(broadcastView(held, restX.shape)) as View
  const places = shape.length === 0 ? null : placesOf(wrong, left)
  const remarks = [
    mismatches(
      wrong,
      shape.reduce((n, d) => n * d, 1),
    ),
  ]
  if (places !== null) remarks.push(firstPlaces(places, x, y, how.names))
  if (![a, b].some((v) => v.dtype.isObject || v.dtype.kind === 'b')) remarks.push(...differences(restX, restY, wrong))
  fail(`\n${remarks.join('\n')}`)
}

/** Where NaN or infinity on both sides settles the matter; fails when they are in different places. */
function knownEqual(x: View, y: View, how: Comparison, fail: (more: string, sides?: readonly unknown[]) => never): View | null {
  if (!x.dtype.isInexact && !y.dtype.isInexact) return null
  if (x.dtype.isObject || y.dtype.isObject) return null
  let known: View | null = null
  const same = (test: (v: View) => View, word: string): View => {
    const [inX, inY] = [test(x), test(y)]
    if (!allOf(p.eq(inX, inY) as View)) fail(`\n${word} location mismatch:`)
    return inX
  }
  if (how.equalNan) known = same((v) => p.isnan(v) as View, 'nan')
  if (how.equalInf) {
    const nan = known
    const infinite = same((v) => (nan === null ? p.isinf(v) : p.logicalAnd(p.isinf(v), p.logicalNot(nan))) as View, 'inf')
    if (anyOf(infinite)) {
      const [p1, p2] = [p.maskedSelect(x, infinite) as View, p.maskedSelect(y, infinite) as View]
      if (!allOf(p.eq(p1, p2) as View)) fail('\ninf values mismatch:', [wrap(p1), wrap(p2)])
    }
    known = (known === null ? infinite : p.logicalOr(known, infinite)) as View
  }
  return known
}

/** Up to three significant digits, as Python's `%.3g`. */
function percent(x: number): string {
  return String(Number(x.toPrecision(3)))
}

function mismatches(wrong: View, size: number): string {
  const n = Number(wrap(p.countNonzero(wrong)).item())
  return `Mismatched elements: ${n} / ${size} (${percent((100 * n) / size)}%)`
}

/** Indices of what is wrong in the arrays' own shape. */
function placesOf(wrong: View, left: View | null): number[][] {
  if (left === null) return argwhere(wrap(wrong)).tolist()
  const where = argwhere(wrap(left)).tolist() as number[][]
  return (argwhere(wrap(wrong)).tolist() as number[][]).map(([i]) => where[i!]!)
}

function firstPlaces(places: readonly number[][], x: NDArray, y: NDArray, names: readonly [string, string]): string {
  const lines = places.slice(0, 5).map((at) => ` [${at.join(', ')}]: ${itemText(x, at)} (${names[0]}), ${itemText(y, at)} (${names[1]})`)
  const head =
    places.length === 1 ? 'Mismatch at index:' : places.length <= 5 ? 'Mismatch at indices:' : 'First 5 mismatches are at indices:'
  return [head, ...lines].join('\n')
}

/** The largest absolute and relative difference of what is wrong. */
function differences(x: NDArray, y: NDArray, wrong: View): string[] {
  const line = (a: ArrayLike): NDArray => asArray(p.reshape(asView(a), [asView(a).size]) as unknown as ArrayLike)
  const [u, v, mask] = [line(x), line(y), line(wrap(wrong)).value]
  const unsigned = u.value.dtype.kind === 'u'
  let error = line(absolute(subtract(u, v)))
  if (unsigned) error = line(minimum(error, absolute(subtract(v, u))))
  const greatest = (a: View): string => array2string(wrap(p.amax(a)))
  const largest = greatest(p.maskedSelect(error.value, mask) as View)
  const usable = p.logicalAnd(mask, p.ne(v.value, 0)) as View
  const relative = anyOf(usable)
    ? greatest(asView(divide(wrap(p.maskedSelect(error.value, usable)), absolute(wrap(p.maskedSelect(v.value, usable))))))
    : 'inf'
  return [`Max absolute difference among violations: ${largest}`, `Max relative difference among violations: ${relative}`]
}
