/** NumPy's objects that are used by indexing them, as functions: `s_`, `index_exp`, `mgrid`, `ogrid`, `r_`, `c_`. */

import { type DType, float64, int64 } from '../core/dtype.ts'
import { ArgumentError, IndexError, ValueError } from '../core/errors.ts'
import { Slice, slice } from '../core/keys.ts'
import { resultType, type Weak } from '../core/promote.ts'
import { normalizeAxis } from '../core/shape.ts'
import type { View } from '../core/view.ts'
import { scalarKind } from '../lib/nested.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, wrap } from './convert.ts'
import type { NDArray } from './ndarray.ts'
import { arange, linspace } from './ranges.ts'
import type { ArrayLike } from './types.ts'

/** A number of an index expression; `5j` counts points, and `1.` is a float although its value is whole. */
interface Mark {
  readonly value: number
  readonly kind: 'int' | 'float' | 'count'
}

/** A part of an index expression: a slice with any numbers, or anything else. */
interface Range {
  readonly start: Mark | null
  readonly stop: Mark | null
  readonly step: Mark | null
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i

function mark(text: string): Mark | null {
  const plain = text.trim()
  if (plain === '' || plain === 'None' || plain === 'null') return null
  if (/j$/i.test(plain) && NUMBER.test(plain.slice(0, -1))) return { value: Math.abs(Number(plain.slice(0, -1))), kind: 'count' }
  if (!NUMBER.test(plain)) throw new IndexError(`'${plain}' is not a number in an index expression`)
  return { value: Number(plain), kind: /[.e]/i.test(plain) ? 'float' : 'int' }
}

/** The ranges of the text of one key, e.g. `'0:5'` or `'-1:1:5j'`; null for a part without a colon. */
function parsePart(text: string): Range | Mark {
  const parts = text.split(':')
  if (parts.length === 1) return mark(text) ?? { value: 0, kind: 'int' }
  if (parts.length > 3) throw new IndexError(`'${text}' is not a slice`)
  const [start, stop, step] = [...parts, '', ''].map(mark)
  return { start: start!, stop: stop!, step: step! }
}

const whole = (x: number | null): Mark | null => (x === null ? null : { value: x, kind: 'int' })
const rangeOf = (s: Slice): Range => ({ start: whole(s.start), stop: whole(s.stop), step: whole(s.step) })
const isRange = (x: Range | Mark): x is Range => 'stop' in x
const parsed = new WeakSet<object>()
/** Whether a key came from text or a slice, not from the caller's own objects. */
const isPart = (x: unknown): x is Range | Mark => typeof x === 'object' && x !== null && parsed.has(x)
const remember = <T extends object>(x: T): T => {
  parsed.add(x)
  return x
}

/** The keys of a call, where a text may stand for several. */
function partsOf(keys: readonly unknown[]): unknown[] {
  return keys.flatMap((key) => {
    if (typeof key === 'string') return key.split(',').map((text) => remember(parsePart(text)))
    return [key instanceof Slice ? remember(rangeOf(key)) : key]
  })
}

const bound = (m: Mark | null): number | null => {
  if (m !== null && m.kind !== 'int') throw new IndexError('slice indices must be integers or null')
  return m === null ? null : m.value
}
/** A parsed part as a key that `a.at(...)` takes. */
const keyOf = (part: unknown): unknown => {
  if (!isPart(part)) return part
  return isRange(part) ? slice(bound(part.start), bound(part.stop), bound(part.step)) : bound(part)
}

/**
 * A slice as a key: from the text between NumPy's brackets, or as Python's `slice` from numbers. A text of several keys gives a list.
 *
 * @example
 * String(np.s_('2::2')) // => slice(2, None, 2)
 * np.arange(6).at(np.s_(1, 4)) // => array([1, 2, 3])
 */
export function s_(...keys: unknown[]): any {
  if (!keys.some((k) => typeof k === 'string')) return slice(...(keys as [number]))
  const found = keys.flatMap((k) => (typeof k === 'string' && k.includes('...') ? [k] : partsOf([k]).map(keyOf)))
  return found.length === 1 ? found[0] : found
}

/**
 * The keys between NumPy's brackets as a list, one or several.
 *
 * @example
 * np.index_exp('2::2').map(String) // => [ 'slice(2, None, 2)' ]
 */
export function index_exp(...keys: unknown[]): unknown[] {
  return keys.flatMap((k) => (typeof k === 'string' && !k.includes('...') ? partsOf([k]).map(keyOf) : [k]))
}

interface Axis {
  readonly start: number
  readonly step: number
  readonly size: number
}

/** Start, step and number of points along each axis, and whether they are floats. */
function gridAxes(ranges: readonly Range[]): { axes: Axis[]; float: boolean } {
  let float = false
  const axes = ranges.map(({ start, stop, step }) => {
    if (stop === null) throw new ValueError('mgrid(): a slice needs a stop')
    if ([start, stop, step].some((m) => m !== null && m.kind !== 'int')) float = true
    const from = start?.value ?? 0
    if (step?.kind === 'count') {
      const size = Math.trunc(step.value)
      return { start: from, step: size === 1 ? 1 : (stop.value - from) / (size - 1), size }
    }
    const by = step?.value ?? 1
    if (by === 0) throw new ValueError('slice step cannot be zero')
    return { start: from, step: by, size: Math.max(0, Math.ceil((stop.value - from) / by)) }
  })
  return { axes, float }
}

function grid(keys: readonly unknown[], sparse: boolean): NDArray | NDArray[] {
  const parts = partsOf(keys) as Range[]
  if (parts.length === 0 || !parts.every((x) => isPart(x) && isRange(x))) {
    throw new ArgumentError("mgrid(): expected slices such as '0:5' or '-1:1:5j'")
  }
  const { axes, float } = gridAxes(parts)
  const dtype = float ? float64 : int64
  const lines = axes.map(({ start, step, size }) => castView(p.add(p.mul(p.ramp(size, 0, 1, dtype), step), start) as View, dtype))
  if (lines.length === 1 && !(keys.length === 1 && typeof keys[0] === 'string' && keys[0].includes(','))) return wrap(lines[0]!)
  const shape = axes.map((a) => a.size)
  const shaped = lines.map((line, i) =>
    p.reshape(
      line,
      shape.map((n, k) => (k === i ? n : 1)),
    ),
  )
  if (sparse) return shaped.map((line) => wrap(line))
  return wrap(
    p.stack(
      shaped.map((line) => p.broadcastTo(line, shape)),
      0,
    ),
  )
}

/**
 * A dense grid of the points that slices name: one array an axis, stacked. A step such as `5j` is a number of points, the last one included.
 *
 * The slices are the text between NumPy's brackets, or one text or `np.slice` an axis. A single slice gives a 1-d array.
 *
 * @example
 * np.mgrid('0:2, 0:2').tolist() // => [ [ [ 0, 0 ], [ 1, 1 ] ], [ [ 0, 1 ], [ 0, 1 ] ] ]
 * np.mgrid('-1:1:5j') // => array([-1. , -0.5,  0. ,  0.5,  1. ])
 */
export function mgrid(...slices: (string | Slice)[]): NDArray {
  return grid(slices, false) as NDArray
}

/**
 * An open grid of the points that slices name: a list with an array an axis, which broadcast to the dense grid.
 *
 * @example
 * np.ogrid('0:2, 0:3').map((x) => x.shape) // => [ [ 2, 1 ], [ 1, 3 ] ]
 */
export function ogrid(...slices: (string | Slice)[]): any {
  return grid(slices, true)
}

/** How the pieces of `r_` become arrays of as many axes. */
interface Joining {
  axis: number
  ndmin: number
  trans1d: number
}

/** The first key of `r_` when it tells the axis: `'1'`, `'0,2'`, `'0,2,1'`. */
function directive(keys: readonly unknown[]): number[] | null {
  const [first] = keys
  if (typeof first !== 'string' || keys.length < 2 || first.includes(':')) return null
  if (first === 'r' || first === 'c') throw new ArgumentError(`r_('${first}', ...) makes matrices, which are not supported: use arrays`)
  const numbers = first.split(',').map(Number)
  if (numbers.length > 3 || !numbers.every(Number.isInteger)) throw new ValueError(`unknown special directive ${first}`)
  return numbers
}

/** A 1-d (or smaller) piece with axes added, so that its own end up where `trans1d` says. */
function widen(v: View, { ndmin, trans1d }: Joining): View {
  if (v.ndim >= ndmin) return v
  const wide = p.reshape(v, [...new Array<number>(ndmin - v.ndim).fill(1), ...v.shape])
  const k2 = ndmin - v.ndim
  const k1 = trans1d < 0 ? trans1d + k2 + 1 : trans1d
  const axes = Array.from({ length: ndmin }, (_, i) => i)
  return p.transpose(wide, [...axes.slice(0, k1), ...axes.slice(k2), ...axes.slice(k1, k2)]) as View
}

function joined(keys: readonly unknown[], joining: Joining): NDArray {
  const strong: DType[] = []
  const weak: Weak[] = []
  const pieces = partsOf(keys).map((part): View => {
    if (isPart(part) && isRange(part)) {
      const line = rangeArray(part)
      strong.push(line.dtype)
      return widen(line, joining)
    }
    const number = isPart(part) ? (part as Mark) : null
    const item = (number ? number.value : part) as ArrayLike
    const kind = number ? (number.kind === 'float' ? 'float' : 'int') : scalarKind(item)
    const v = asView(item)
    if (kind !== null) {
      weak.push(kind)
      return p.reshape(v, new Array<number>(Math.max(joining.ndmin, 1)).fill(1)) as View
    }
    strong.push(v.dtype)
    return widen(v, joining)
  })
  if (pieces.length === 0) throw new ValueError('need at least one array to concatenate')
  const dtype = resultType(strong, weak)
  const axis = normalizeAxis(joining.axis, pieces[0]!.ndim)
  return wrap(
    p.concatenate(
      pieces.map((v) => castView(v, dtype)),
      axis,
    ),
  )
}

/** The points of a slice as a line. */
function rangeArray({ start, stop, step }: Range): View {
  if (stop === null) throw new ValueError('r_(): a slice needs a stop')
  if (step?.kind === 'count') return linspace(start?.value ?? 0, stop.value, { num: Math.trunc(step.value) }).value as View
  const float = [start, stop, step].some((m) => m?.kind === 'float')
  return arange(start?.value ?? 0, stop.value, step?.value ?? 1, float ? { dtype: 'float64' } : {}).value
}

/**
 * Arrays, numbers and slices joined along the first axis. Slices are `'0:5'` or `'-1:1:5j'` (5 points). A first text such as `'0,2'` gives the
 * axis, the least number of axes, and where the axes of smaller pieces go.
 *
 * @example
 * np.r_([1, 2, 3], 0, 0, [4, 5]) // => array([1, 2, 3, 0, 0, 4, 5])
 * np.r_('-1:1:5j', [0, 0]) // => array([-1. , -0.5,  0. ,  0.5,  1. ,  0. ,  0. ])
 * np.r_('0,2', [1, 2, 3], [4, 5, 6]) // => array([[1, 2, 3],
 *                                    //           [4, 5, 6]])
 */
export function r_(...keys: unknown[]): NDArray {
  const given = directive(keys)
  const [axis = 0, ndmin = 1, trans1d = -1] = given ?? []
  return joined(given ? keys.slice(1) : keys, { axis, ndmin, trans1d })
}

/**
 * Arrays as columns side by side.
 *
 * @example
 * np.c_([1, 2, 3], [4, 5, 6]) // => array([[1, 4],
 *                             //           [2, 5],
 *                             //           [3, 6]])
 */
export function c_(...keys: unknown[]): NDArray {
  const given = directive(keys)
  const [axis = -1, ndmin = 2, trans1d = 0] = given ?? []
  return joined(given ? keys.slice(1) : keys, { axis, ndmin, trans1d })
}
