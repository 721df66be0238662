/** `np.pad`: an array with items around it, by rule. */

import { allocate } from '../core/allocate.ts'
import { isKeywords, type Rest, sequence, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { copyInto } from '../core/copy.ts'
import { float64, int64 } from '../core/dtype.ts'
import { scalarView, viewOf } from '../core/element.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import { normalizeAxis } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, restride, type View } from '../core/view.ts'
import { take } from '../lib/indexing.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, wrap } from './convert.ts'
import { NDArray } from './ndarray.ts'
import { median } from './quantiles.ts'
import type { ArrayLike } from './types.ts'

/** What the new items are. */
export type PadMode =
  | 'constant'
  | 'edge'
  | 'linear_ramp'
  | 'maximum'
  | 'mean'
  | 'median'
  | 'minimum'
  | 'reflect'
  | 'symmetric'
  | 'wrap'
  | 'empty'
type PerAxis = number | readonly (number | readonly number[])[] | NDArray

/** Keyword arguments of `pad`. */
export interface PadOptions {
  mode?: PadMode | ((line: NDArray, width: [number, number], axis: number, options: object) => void)
  /** For `'constant'`: the values before and after, for each axis. */
  constant_values?: PerAxis
  /** For `'linear_ramp'`: the values at the ends. */
  end_values?: PerAxis
  /** For `'maximum'`, `'mean'`, `'median'`, `'minimum'`: how many items at each end count; all unless given. */
  stat_length?: PerAxis | null
  /** For `'reflect'` and `'symmetric'`: `'odd'` reflects about the end's value. */
  reflect_type?: 'even' | 'odd'
}
const padArgs = signature<PadOptions>('pad', ['mode'], ['constant_values', 'end_values', 'stat_length', 'reflect_type'], 2)

/** Widths by axis, `{ 0: [1, 2], '-1': 3 }`, as a pair for each axis. */
function widthsByAxis(given: Readonly<Record<string, unknown>>, ndim: number): [number, number][] {
  const out = Array.from({ length: ndim }, (): [number, number] => [0, 0])
  for (const [axis, width] of Object.entries(given)) {
    const both = (width instanceof NDArray ? width.tolist() : width) as number | readonly number[]
    const [before, after] = typeof both === 'number' ? [both, both] : sequence<number>('pad', 'pad_width', both)
    out[normalizeAxis(Number(axis), ndim, 'pad')] = [before!, after ?? before!]
  }
  return out
}

/** A pair for each axis from the forms that NumPy takes: a number, one pair, `[before, after]` of all, or a pair for each. */
function pairs(given: PerAxis, ndim: number, name: string): [number, number][] {
  const x = (given instanceof NDArray ? given.tolist() : given) as number | readonly (number | readonly number[])[]
  const all = (a: number, b: number): [number, number][] => Array.from({ length: ndim }, () => [a, b])
  if (typeof x === 'number') return all(x, x)
  const rows = sequence('pad', name, x).map((r) =>
    typeof r === 'number' ? r : r?.length === 1 ? [r[0]!, r[0]!] : sequence('pad', name, r),
  )
  if (rows.every((r) => typeof r === 'number')) {
    if (rows.length === 1) return all(rows[0] as number, rows[0] as number)
    if (rows.length === 2) return all(rows[0] as number, rows[1] as number)
  } else if (rows.length === 1) return all(...(rows[0] as [number, number]))
  else if (rows.length === ndim && rows.every((r) => Array.isArray(r) && r.length === 2)) return rows as [number, number][]
  throw new ValueError(`pad(): ${name} could not be broadcast to one pair for each of ${ndim} axes`, { op: 'pad' })
}

type PadRest =
  | Rest<PadOptions, ['mode']>
  | [mode: Exclude<PadOptions['mode'], string | undefined>, options: Readonly<Record<string, unknown>>]

/** Options of a call with a function, which gets all keywords but `mode`. */
const ownOptions = ([first, second]: readonly unknown[]): PadOptions =>
  (typeof first === 'function' ? { mode: first, ...(second as object) } : first) as PadOptions

/** A part of one axis. */
const part = (v: View, axis: number, start: number, n: number): View =>
  restride(
    v,
    v.shape.map((d, i) => (i === axis ? n : d)),
    v.strides,
    v.offset + (n === 0 ? 0 : start * v.strides[axis]!),
  )

/** The places of an axis of length n that a periodic or mirrored pad reads. */
function mirrored(mode: 'reflect' | 'symmetric' | 'wrap', n: number, before: number, after: number): number[] {
  const period = mode === 'reflect' ? Math.max(2 * (n - 1), 1) : mode === 'symmetric' ? 2 * n : n
  return Array.from({ length: before + n + after }, (_, i) => {
    const at = (((i - before) % period) + period) % period
    if (mode === 'wrap' || at < n) return at
    return mode === 'reflect' ? period - at : period - 1 - at
  })
}

/**
 * An array with items put around it, along every axis: `pad_width` is how many, `[before, after]` for each axis.
 *
 * @example
 * np.pad([1, 2, 3], [1, 2]) // => array([0, 1, 2, 3, 0, 0])
 * np.pad([1, 2, 3], 2, 'reflect') // => array([3, 2, 1, 2, 3, 2, 1])
 */
export const pad = /* @__PURE__ */ byName(
  'pad',
  'array pad_width',
  (array: ArrayLike, pad_width: PerAxis | { readonly [axis: number]: number | readonly number[] }, ...rest: PadRest): NDArray => {
    // A function may take keywords of its own.
    const custom = typeof rest[0] === 'function' || (isKeywords(rest[0]) && typeof rest[0].mode === 'function')
    const options = custom ? ownOptions(rest) : padArgs(rest)
    const { mode = 'constant', constant_values = 0, end_values = 0, stat_length = null, reflect_type = 'even' } = options
    const x = asView(array)
    const widths = isKeywords(pad_width) ? widthsByAxis(pad_width, x.ndim) : pairs(pad_width as PerAxis, x.ndim, 'pad_width')
    for (const w of widths.flat()) {
      if (!Number.isInteger(w)) throw new DTypeError('`pad_width` must be of integral type.', { op: 'pad' })
      if (w < 0) throw new ValueError("index can't contain negative values", { op: 'pad' })
    }
    if (mode === 'reflect' || mode === 'symmetric' || mode === 'wrap') return byPlaces(x, widths, mode, reflect_type)
    const out = allocate(
      x.shape.map((n, i) => n + widths[i]![0] + widths[i]![1]),
      x.dtype,
      'cpu',
      true,
    )
    let inner = out
    widths.forEach(([before], axis) => {
      inner = part(inner, axis, before, x.shape[axis]!)
    })
    copyInto(inner, x)
    if (mode === 'empty') return wrap(out)
    if (typeof mode === 'function') return byFunction(out, widths, mode, options)
    const constants = pairs(constant_values, x.ndim, 'constant_values')
    const ends = pairs(end_values, x.ndim, 'end_values')
    const lengths = stat_length === null ? null : pairs(stat_length, x.ndim, 'stat_length')
    widths.forEach(([before, after], axis) => {
      const n = x.shape[axis]!
      if (n === 0 && before + after > 0 && mode !== 'constant') {
        throw new ValueError(`can't extend empty axis ${axis} using modes other than 'constant' or 'empty'`, { op: 'pad' })
      }
      // Axes after this one are still unpadded there; those places are written again when their turn comes.
      const [head, body, tail] = [part(out, axis, 0, before), part(out, axis, before, n), part(out, axis, before + n, after)]
      const fill = (target: View, value: View): void => copyInto(target, broadcastView(castView(value, x.dtype), target.shape))
      if (mode === 'constant') {
        fill(head, scalarView(constants[axis]![0], x.dtype))
        fill(tail, scalarView(constants[axis]![1], x.dtype))
      } else if (mode === 'edge') {
        fill(head, part(body, axis, 0, 1))
        fill(tail, part(body, axis, n - 1, 1))
      } else if (mode === 'linear_ramp') {
        fill(head, ramp(part(body, axis, 0, 1), axis, before, ends[axis]![0], true))
        fill(tail, ramp(part(body, axis, n - 1, 1), axis, after, ends[axis]![1], false))
      } else {
        const [first, last] = lengths?.[axis] ?? [n, n]
        fill(head, statistic(mode, part(body, axis, 0, Math.min(first, n)), axis))
        fill(tail, statistic(mode, part(body, axis, Math.max(0, n - last), Math.min(last, n)), axis))
      }
    })
    return wrap(out)
  },
)

/** From the end value to the array's edge, in even steps. */
function ramp(edge: View, axis: number, width: number, end: number, before: boolean): View {
  const shape = edge.shape.map((_, i) => (i === axis ? width : 1))
  const weights = viewOf(
    Array.from({ length: width }, (_, i) => (before ? i : width - 1 - i)),
    [width],
    float64,
  )
  const start = scalarView(end, float64)
  const step = p.div(p.sub(castView(edge, float64), start), Math.max(width, 1))
  const line: Value = p.add(start, p.mul(p.reshape(weights, shape), step))
  return (edge.dtype.isInteger ? p.floor(line) : line) as View
}

function statistic(mode: string, values: View, axis: number): View {
  if (mode === 'maximum') return p.amax(values, axis, true) as View
  if (mode === 'minimum') return p.amin(values, axis, true) as View
  let result: View
  if (mode === 'mean') result = p.mean(castView(values, values.dtype.isInexact ? values.dtype : float64), axis, true) as View
  else if (mode === 'median') result = asView(median(wrap(values), { axis, keepdims: true }))
  else throw new ValueError(`mode '${mode}' is not supported`, { op: 'pad' })
  return values.dtype.isInteger ? (p.rint(result) as View) : result
}

function byPlaces(x: View, widths: readonly [number, number][], mode: 'reflect' | 'symmetric' | 'wrap', type: 'even' | 'odd'): NDArray {
  if (type !== 'even' && type !== 'odd')
    throw new ValueError(`pad(): reflect_type must be 'even' or 'odd', got '${String(type)}'`, { op: 'pad' })
  const odd = type === 'odd' && mode !== 'wrap'
  let v: View = x
  widths.forEach(([before, after], axis) => {
    const n = x.shape[axis]!
    if (odd && n > (mode === 'reflect' ? 1 : 0)) {
      v = oddly(v, axis, before, after, mode === 'reflect')
      return
    }
    if (n === 0 && before + after > 0)
      throw new ValueError(`can't extend empty axis ${axis} using modes other than 'constant' or 'empty'`, { op: 'pad' })
    const places = mirrored(mode, n, before, after)
    v = take(v, viewOf(places, [places.length], int64), axis) as View
  })
  return wrap(v)
}

/**
 * A line continued so that it is odd about both its ends: beyond an end e the value is `2 e` less that of the mirrored place, and each period
 * adds twice the difference of the ends.
 */
function oddly(v: View, axis: number, before: number, after: number, reflect: boolean): View {
  const n = v.shape[axis]!
  const period = reflect ? 2 * (n - 1) : 2 * n
  const places: number[] = []
  const [signs, turns, periods]: [number[], number[], number[]] = [[], [], []]
  for (let t = -before; t < n + after; t++) {
    const q = Math.floor(t / period)
    const r = t - q * period
    places.push(r < n ? r : reflect ? period - r : period - 1 - r)
    signs.push(r < n ? 1 : -1)
    turns.push(r < n ? 0 : 2)
    periods.push(2 * q)
  }
  const dims = v.shape.map((_, i) => (i === axis ? places.length : 1))
  const along = (list: readonly number[]): View =>
    p.reshape(viewOf(list, [list.length], v.dtype.kind === 'u' ? int64 : v.dtype), dims) as View
  const wide = v.dtype.kind === 'u' ? castView(v, int64) : v
  const [first, last] = [p.narrow(wide, axis, 0, 1), p.narrow(wide, axis, n - 1, 1)]
  const mirrored = p.mul(take(wide, viewOf(places, [places.length], int64), axis), along(signs))
  const turned = p.add(mirrored, p.mul(last, along(turns)))
  return castView(p.add(turned, p.mul(p.sub(last, first), along(periods))) as View, v.dtype)
}

/** A user's function writes the ends of every line. */
function byFunction(
  out: View,
  widths: readonly [number, number][],
  f: Exclude<PadOptions['mode'], string | undefined>,
  options: PadOptions,
): NDArray {
  const { mode: _, ...rest } = options
  widths.forEach((width, axis) => {
    const lines = p.moveAxis(out, axis, out.ndim - 1) as View
    const count = lines.size / Math.max(out.shape[axis]!, 1)
    const lead = lines.shape.slice(0, -1)
    for (let i = 0; i < count; i++) {
      let [at, k] = [lines.offset, i]
      for (let d = lead.length - 1; d >= 0; d--) {
        at += (k % lead[d]!) * lines.strides[d]!
        k = Math.floor(k / lead[d]!)
      }
      f(wrap(restride(lines, [out.shape[axis]!], [lines.strides[lines.ndim - 1]!], at)), width, axis, rest)
    }
  })
  return wrap(out)
}
