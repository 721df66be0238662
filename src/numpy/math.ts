/** Numerical functions of whole arrays: rounding, differences, interpolation, convolution. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { bool, float64 } from '../core/dtype.ts'
import { items, scalarView, viewOf } from '../core/element.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import { canCast, promoteAll } from '../core/promote.ts'
import { normalizeAxes, normalizeAxis } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { broadcastView, type View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, asView, castView, unwrap, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { concatenate } from './joining.ts'
import { finfo } from './limits.ts'
import { copyOf, NDArray } from './ndarray.ts'
import { finish } from './reductions.ts'
import type { ArrayLike, Axis, Result } from './types.ts'
import { deliver, outOf } from './ufunc.ts'
import { add, divide, multiply, subtract } from './ufuncs/arithmetic.ts'
import { not_equal } from './ufuncs/comparison.ts'

const roundArgs = signature<{ decimals?: number; out?: NDArray | null }>('round', ['decimals', 'out'])

/**
 * Items rounded to a number of decimals, halves to even. Negative decimals round before the point.
 *
 * @example
 * np.round([1.25, 2.5, -0.5], 1) // => array([ 1.2,  2.5, -0.5])
 * np.round([0.5, 1.5, 2.5]) // => array([0., 2., 2.])
 */
export const around = /* @__PURE__ */ byName(
  'around',
  'a',
  (a: ArrayLike, ...rest: Rest<{ decimals?: number; out?: NDArray | null }, ['decimals', 'out']>): Result => {
    const { decimals = 0, out } = roundArgs(rest)
    const x = asView(a)
    if (!Number.isInteger(decimals))
      throw new DTypeError(`'${String(decimals)}' object cannot be interpreted as an integer`, { op: 'round' })
    return deliver('round', rounded(x, decimals), { casting: 'unsafe' }, outOf('round', out))
  },
)
/** The same as `around`. */
export { around as round }

function rounded(x: View, decimals: number): Value {
  if (x.dtype.kind === 'b') return p.rint(castView(x, maybeDType('float16')!))
  if (x.dtype.isInteger) {
    if (decimals >= 0) return copyOf(x)
    const ten = 10 ** -decimals
    return castView(p.mul(p.rint(p.div(castView(x, float64), ten)), ten) as View, x.dtype)
  }
  if (x.dtype.isComplex) {
    const [re, im] = [rounded(p.real(x) as View, decimals), rounded(p.imag(x) as View, decimals)]
    return p.makeComplex(re, im)
  }
  if (decimals === 0) return p.rint(x)
  const ten = 10 ** Math.abs(decimals)
  return decimals > 0 ? p.div(p.rint(p.mul(x, ten)), ten) : p.mul(p.rint(p.div(x, ten)), ten)
}

const fixArgs = signature<{ out?: NDArray | null }>('fix', ['out'])

/**
 * Items rounded towards zero, as floats of the same dtype.
 *
 * @example
 * np.fix([1.7, -1.7]) // => array([ 1., -1.])
 */
export const fix = /* @__PURE__ */ byName('fix', 'x', (x: ArrayLike, ...rest: Rest<{ out?: NDArray | null }, ['out']>): Result => {
  return deliver('fix', p.trunc(asView(x)), {}, outOf('fix', fixArgs(rest).out))
})

/** Keyword arguments of `diff`. */
export interface DiffOptions {
  /** How often differences are taken. */
  n?: number
  axis?: number
  /** Values put before the array, along the axis. */
  prepend?: ArrayLike
  append?: ArrayLike
}
const diffArgs = signature<DiffOptions>('diff', ['n', 'axis', 'prepend', 'append'])

/**
 * The differences of neighbours along an axis, the last unless given.
 *
 * @example
 * np.diff([1, 4, 9, 16]) // => array([3, 5, 7])
 * np.diff([1, 4, 9, 16], 2) // => array([2, 2])
 */
export const diff = /* @__PURE__ */ byName(
  'diff',
  'a',
  (a: ArrayLike, ...rest: Rest<DiffOptions, ['n', 'axis', 'prepend', 'append']>): NDArray => {
    const { n = 1, axis = -1, prepend, append } = diffArgs(rest)
    let x = asArray(a)
    if (n < 0) throw new ValueError(`order must be non-negative but got ${n}`, { op: 'diff' })
    if (x.ndim === 0) throw new ValueError('diff requires input that is at least one dimensional', { op: 'diff' })
    if (n === 0) return x
    const at = normalizeAxis(axis, x.ndim)
    const edge = (v: ArrayLike): NDArray => {
      const e = asView(v)
      return e.ndim === 0
        ? wrap(
            p.broadcastTo(
              e,
              x.shape.map((d, i) => (i === at ? 1 : d)),
            ),
          )
        : wrap(e)
    }
    if (prepend !== undefined || append !== undefined) {
      x = concatenate([...(prepend === undefined ? [] : [edge(prepend)]), x, ...(append === undefined ? [] : [edge(append)])], at)
    }
    // Nothing is left to subtract once the axis is empty.
    for (let i = 0; i < n && (i === 0 || x.shape[at]! > 0); i++) {
      const length = x.shape[at]!
      const count = Math.max(0, length - 1)
      const later = wrap(p.narrow(x.value, at, Math.min(1, length), count))
      const earlier = wrap(p.narrow(x.value, at, 0, count))
      x = x.value.dtype === bool ? asArray(not_equal(later, earlier)) : asArray(wrap(p.sub(later.value, earlier.value)))
    }
    return x
  },
)

/** Keyword arguments of `ediff1d`. */
export interface EdgeOptions {
  to_end?: ArrayLike | null
  to_begin?: ArrayLike | null
}
const ediffArgs = signature<EdgeOptions>('ediff1d', ['to_end', 'to_begin'])

/**
 * The differences of neighbours of the flattened array, with values put before and behind.
 *
 * @example
 * np.ediff1d([1, 2, 4], 99) // => array([ 1,  2, 99])
 */
export const ediff1d = /* @__PURE__ */ byName(
  'ediff1d',
  'ary',
  (ary: ArrayLike, ...rest: Rest<EdgeOptions, ['to_end', 'to_begin']>): NDArray => {
    const { to_end, to_begin } = ediffArgs(rest)
    const x = asArray(ary)
    const flat = wrap(p.reshape(x.value, [x.size]))
    const parts: NDArray[] = [
      subtract(
        wrap(p.narrow(flat.value, 0, Math.min(1, x.size), Math.max(0, x.size - 1))),
        wrap(p.narrow(flat.value, 0, 0, Math.max(0, x.size - 1))),
      ) as NDArray,
    ]
    const line = (name: string, v: ArrayLike): NDArray => {
      if (!canCast(asView(v).dtype, x.dtype, 'same_kind'))
        throw new DTypeError(`dtype of \`${name}\` must be compatible with input \`ary\` under the \`same_kind\` rule.`, { op: 'ediff1d' })
      return wrap(castView(p.reshape(asView(v), [asView(v).size]) as View, x.dtype))
    }
    if (to_begin !== undefined && to_begin !== null) parts.unshift(line('to_begin', to_begin))
    if (to_end !== undefined && to_end !== null) parts.push(line('to_end', to_end))
    return parts.length === 1 ? parts[0]! : concatenate(parts)
  },
)

/**
 * The gradient by central differences, one-sided at the ends: an array, or one for each axis. Spacings are numbers or coordinates.
 *
 * @example
 * np.gradient([1, 2, 4, 7]) // => array([1. , 1.5, 2.5, 3. ])
 */
export const gradient = /* @__PURE__ */ byName('gradient', 'f', (f: ArrayLike, ...args: unknown[]): any => {
  const last = args[args.length - 1]
  const plain = typeof last === 'object' && last !== null && Object.getPrototypeOf(last) === Object.prototype
  const { axis = null, edge_order = 1 } = (plain ? last : {}) as { axis?: Axis; edge_order?: number }
  const spacing = (plain ? args.slice(0, -1) : args) as ArrayLike[]
  const x = asView(f)
  const work = x.dtype.isInexact ? x : castView(x, float64)
  const axes = normalizeAxes(axis, x.ndim)
  if (spacing.length !== 0 && spacing.length !== 1 && spacing.length !== axes.length)
    throw new DTypeError('invalid number of arguments', { op: 'gradient' })
  if (edge_order > 2) throw new ValueError("'edge_order' greater than 2 not supported", { op: 'gradient' })
  const results = axes.map((at, k) => {
    const n = x.shape[at]!
    if (n < edge_order + 1) {
      throw new ValueError('Shape of array too small to calculate a numerical gradient, at least (edge_order + 1) elements are required.', {
        op: 'gradient',
        shapes: [x.shape],
      })
    }
    const h = spacing.length === 0 ? null : asView(spacing[spacing.length === 1 ? 0 : k]!)
    return wrap(alongAxis(work, at, n, h, edge_order))
  })
  return results.length === 1 ? results[0] : results
})

function alongAxis(x: View, at: number, n: number, spacing: View | null, order: number): Value {
  const take = (start: number, count: number): Value => p.narrow(x, at, start, count)
  const line = (list: readonly number[]): View =>
    p.reshape(
      viewOf(list, [list.length], x.dtype.isComplex ? float64 : x.dtype),
      x.shape.map((_, i) => (i === at ? list.length : 1)),
    ) as View
  const scaled = (v: Value, list: readonly number[]): Value => p.mul(v, castView(line(list), x.dtype))
  if (spacing && spacing.ndim > 1) throw new ValueError('distances must be either scalars or 1d', { op: 'gradient' })
  let steps: number[] | null = null
  if (spacing && spacing.ndim === 1) {
    if (spacing.size !== n)
      throw new ValueError('when 1d, distances must match the length of the corresponding dimension', { op: 'gradient' })
    const at = items(castView(spacing, float64)) as number[]
    steps = at.slice(1).map((c, i) => c - at[i]!)
  }
  const step = (i: number): number => (steps ? steps[i]! : spacing ? Number(items(spacing)[0]) : 1)
  const h0 = step(0)
  const uneven = steps?.some((h) => h !== h0) ? steps : null
  const inner = (): Value => {
    if (!uneven) return p.div(p.sub(take(2, n - 2), take(0, n - 2)), 2 * h0)
    const [d1, d2] = [uneven.slice(0, -1), uneven.slice(1)]
    const a = d1.map((s, i) => -d2[i]! / (s * (s + d2[i]!)))
    const b = d1.map((s, i) => (d2[i]! - s) / (s * d2[i]!))
    const c = d1.map((s, i) => s / (d2[i]! * (s + d2[i]!)))
    return p.add(p.add(scaled(take(0, n - 2), a), scaled(take(1, n - 2), b)), scaled(take(2, n - 2), c))
  }
  const hl = step(n - 2)
  const edge = (first: boolean): Value => {
    if (order === 1) return first ? p.div(p.sub(take(1, 1), take(0, 1)), h0) : p.div(p.sub(take(n - 1, 1), take(n - 2, 1)), hl)
    const [d1, d2] = first ? [step(0), step(1)] : [step(n - 3), step(n - 2)]
    const start = first ? 0 : n - 3
    const weights = first
      ? [-(2 * d1 + d2) / (d1 * (d1 + d2)), (d1 + d2) / (d1 * d2), -d1 / (d2 * (d1 + d2))]
      : [d2 / (d1 * (d1 + d2)), -(d2 + d1) / (d1 * d2), (2 * d2 + d1) / (d2 * (d1 + d2))]
    return weights.map((w, i) => p.mul(take(start + i, 1), w)).reduce((s, t) => p.add(s, t))
  }
  return p.concatenate([edge(true), ...(n > 2 ? [inner()] : []), edge(false)], at)
}

/** Keyword arguments of `trapezoid`. */
export interface TrapezoidOptions {
  /** The places of the samples. */
  x?: ArrayLike | null
  /** Their distance when there are no places. */
  dx?: number
  axis?: number
}
const trapezoidArgs = signature<TrapezoidOptions>('trapezoid', ['x', 'dx', 'axis'])

/**
 * The integral along an axis by the trapezoidal rule.
 *
 * @example
 * np.trapezoid([1, 2, 3]) // => 4
 */
export const trapezoid = /* @__PURE__ */ byName(
  'trapezoid',
  'y',
  (y: ArrayLike, ...rest: Rest<TrapezoidOptions, ['x', 'dx', 'axis']>): Result => {
    const { x, dx = 1, axis = -1 } = trapezoidArgs(rest)
    const v = asView(y)
    const at = normalizeAxis(axis, v.ndim)
    const n = v.shape[at]!
    let width: ArrayLike = dx
    if (x !== undefined && x !== null) {
      const places = asArray(x)
      width =
        places.ndim === 1
          ? wrap(
              p.reshape(
                diff(places).value,
                v.shape.map((_, i) => (i === at ? n - 1 : 1)),
              ),
            )
          : diff(places, { axis: at })
    }
    const pairs = add(wrap(p.narrow(v, at, 1, n - 1)), wrap(p.narrow(v, at, 0, n - 1)))
    const area = divide(multiply(width, pairs), 2)
    return unwrap(p.sum(asView(area), at))
  },
)

/** Keyword arguments of `nan_to_num`. */
export interface NanToNumOptions {
  copy?: boolean
  nan?: number
  posinf?: number | null
  neginf?: number | null
}
const nanToNumArgs = signature<NanToNumOptions>('nan_to_num', ['copy', 'nan', 'posinf', 'neginf'])

/**
 * NaN as zero and infinities as the greatest and least numbers, or as told.
 *
 * @example
 * np.nan_to_num([NaN, 1, Infinity], { posinf: 9 }) // => array([0., 1., 9.])
 */
export const nan_to_num = /* @__PURE__ */ byName(
  'nan_to_num',
  'x',
  (x: ArrayLike, ...rest: Rest<NanToNumOptions, ['copy', 'nan', 'posinf', 'neginf']>): Result => {
    const { copy = true, nan = 0, posinf, neginf } = nanToNumArgs(rest)
    const given = asArray(x)
    const v = given.value
    if (!v.dtype.isInexact) return copy ? unwrap(copyOf(v)) : given
    const { max, min } = finfo(v.dtype)
    const fixed = (part: Value): Value => {
      const like = (n: ArrayLike): Value => broadcastView(castView(asView(n), part.dtype), part.shape)
      const a = p.where(p.isnan(part), like(nan), part)
      const b = p.where(p.eq(a, Number.POSITIVE_INFINITY), like(posinf ?? max), a)
      return p.where(p.eq(b, Number.NEGATIVE_INFINITY), like(neginf ?? min), b)
    }
    const result = v.dtype.isComplex ? p.makeComplex(fixed(p.real(v)), fixed(p.imag(v))) : fixed(v)
    return !copy && x instanceof NDArray ? finish(result, x, 'nan_to_num') : unwrap(result)
  },
)

/**
 * The discrete convolution of two vectors: `'full'`, the `'same'` length as the longer, or only the `'valid'` part.
 *
 * @example
 * np.convolve([1, 2, 3], [0, 1, 0.5]) // => array([0. , 1. , 2.5, 4. , 1.5])
 */
export const convolve = /* @__PURE__ */ byName(
  'convolve',
  'a v',
  (a: ArrayLike, v: ArrayLike, mode: ConvolveMode | { mode?: ConvolveMode } = 'full'): NDArray => {
    const [x, y] = vectors(a, v, 'convolve')
    const [long, short] = x.size >= y.size ? [x, y] : [y, x]
    return correlated(long, p.flip(short, 0) as View, typeof mode === 'object' ? (mode.mode ?? 'full') : mode)
  },
)
type ConvolveMode = 'full' | 'same' | 'valid'

/**
 * The cross-correlation of two vectors; the second is conjugated.
 *
 * @example
 * np.correlate([1, 2, 3], [0, 1, 0.5]) // => array([3.5])
 */
export const correlate = /* @__PURE__ */ byName(
  'correlate',
  'a v',
  (a: ArrayLike, v: ArrayLike, mode: ConvolveMode | { mode?: ConvolveMode } = 'valid'): NDArray => {
    const [x, y] = vectors(a, v, 'correlate')
    const by = typeof mode === 'object' ? (mode.mode ?? 'valid') : mode
    const conjugated = p.conj(y) as View
    if (x.size >= y.size) return correlated(x, conjugated, by)
    return wrap(copyOf(p.flip(correlated(conjugated, x, by).value, 0) as View))
  },
)

function vectors(a: ArrayLike, v: ArrayLike, op: string): [View, View] {
  const [x, y] = [asView(a), asView(v)]
  if (x.ndim > 1 || y.ndim > 1) throw new ValueError('object too deep for desired array', { op, shapes: [x.shape, y.shape] })
  if (x.size === 0) throw new ValueError(`${op === 'convolve' ? 'a' : 'first argument'} cannot be empty`, { op })
  if (y.size === 0) throw new ValueError(`${op === 'convolve' ? 'v' : 'second argument'} cannot be empty`, { op })
  const dtype = promoteAll([x.dtype, y.dtype])
  return [p.reshape(castView(x, dtype), [x.size]) as View, p.reshape(castView(y, dtype), [y.size]) as View]
}

/** Sums of products of a short vector sliding along a longer one: windows times a column. */
function correlated(x: View, k: View, mode: ConvolveMode): NDArray {
  const m = k.size
  const [before, after] = mode === 'full' ? [m - 1, m - 1] : mode === 'same' ? [Math.floor(m / 2), m - 1 - Math.floor(m / 2)] : [0, 0]
  if (!['full', 'same', 'valid'].includes(mode))
    throw new ValueError(`mode must be one of 'valid', 'same', or 'full' (got '${String(mode)}')`, { op: 'convolve' })
  if (x.dtype.name === 'float32' || x.dtype.name === 'float64') {
    const size = [x.size + before + after - m + 1]
    const [signal, weight] = [p.reshape(x, [1, 1, x.size]), p.reshape(k, [1, 1, m])]
    return wrap(p.reshape(p.convolution(signal, weight, null, { stride: [1], padding: [before], dilation: [1], groups: 1, size }), size))
  }
  const padded = before + after > 0 ? p.pad(x, [before], [after], x.dtype === bool ? false : 0) : x
  const windows = p.unfold(padded, 0, m, 1)
  return wrap(p.reshape(p.matmul(windows, p.reshape(k, [m, 1])), [windows.shape[0]!]))
}

/** Keyword arguments of `unwrap`. */
export interface UnwrapOptions {
  /** The least jump that is one. Default half a period. */
  discont?: number | null
  axis?: number
  /** What values are known up to. Default 2 pi. */
  period?: number
}
const unwrapArgs = signature<UnwrapOptions>('unwrap', ['discont', 'axis'], ['period'])

/**
 * The angles with jumps of more than half a period removed.
 *
 * @example
 * np.unwrap([0, 6.2831853]).at(1) < 0.001 // => true
 */
export const unwrapPhase = /* @__PURE__ */ byName(
  'unwrap',
  'p',
  (values: ArrayLike, ...rest: Rest<UnwrapOptions, ['discont', 'axis']>): NDArray => {
    const { discont, axis = -1, period = 2 * Math.PI } = unwrapArgs(rest)
    const given = asView(values)
    const whole = given.dtype.isInteger && Number.isInteger(period)
    const x = given.dtype.isInexact || whole ? given : castView(given, float64)
    const least = discont ?? period / 2
    const step = diff(wrap(x), { axis }).value
    const half = whole ? Math.floor(period / 2) : period / 2
    const wrapped = p.sub(p.remainder(p.add(step, half), period), half)
    const edge = p.logicalAnd(p.eq(wrapped, -half), p.gt(step, 0))
    const ambiguous = !whole || period % 2 === 0
    const fixed = ambiguous ? p.where(edge, p.broadcastTo(scalarView(half, x.dtype), step.shape), wrapped) : wrapped
    const correction = p.where(p.lt(p.abs(step), least), p.full(step.shape, 0, x.dtype), p.sub(fixed, step))
    const at = normalizeAxis(axis, x.ndim)
    const total = p.cumsum(correction, at)
    const zero = p.full(
      x.shape.map((n, i) => (i === at ? Math.min(n, 1) : n)),
      0,
      x.dtype,
    )
    return wrap(p.add(x, p.concatenate([zero, total], at)))
  },
)
export { unwrapPhase as unwrap }

/**
 * `sin(pi x) / (pi x)`, 1 at zero.
 *
 * @example
 * np.sinc([0, 0.5]) // => array([1.        , 0.63661977])
 */
export const sinc = /* @__PURE__ */ byName('sinc', 'x', (x: ArrayLike): Result => {
  const view = floating(asView(x))
  if (view.dtype.name !== 'float16') return unwrap(p.sinc(view))
  // NumPy rounds each step to float16
  const y = p.mul(view, Math.PI)
  return unwrap(p.where(p.eq(y, 0), p.full(y.shape, 1, y.dtype), p.div(p.sin(y), y)))
})

/**
 * The modified Bessel function of the first kind, order 0.
 *
 * @example
 * np.i0(0) // => 1
 */
export const i0 = /* @__PURE__ */ byName('i0', 'x', (x: ArrayLike): Result => unwrap(p.i0(floating(asView(x)))))

const floating = (v: View): View => (v.dtype.isInexact ? v : castView(v, float64))
