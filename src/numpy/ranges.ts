/** Arrays of evenly spaced values. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { Complex } from '../core/complex.ts'
import { copyInto } from '../core/copy.ts'
import { bool, complex128, float64, int64 } from '../core/dtype.ts'
import { writeAt } from '../core/element.ts'
import { ArgumentError, DTypeError, ValueError, ZeroDivisionError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import { broadcastShapes, normalizeAxis } from '../core/shape.ts'
import { broadcastView, restride, type View } from '../core/view.ts'
import { broadcastTo, narrow, ramp, reshape } from '../ops/index.ts'
import { asArray, asView, castView, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import './methods.ts'
import type { NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike } from './types.ts'
import { add, divide, multiply, power, sign, subtract } from './ufuncs/arithmetic.ts'
import { log10 } from './ufuncs/exponential.ts'
import { floor } from './ufuncs/floating.ts'

const arangeArgs = signature<{ start?: number; stop?: number | null; step?: number; dtype?: DTypeLike | null; device?: 'cpu' | null }>(
  'arange',
  ['start', 'stop', 'step', 'dtype'],
  ['device'],
  0,
)
type Bound = number | bigint

/**
 * Evenly spaced values from `start` (0 unless given) up to, but not with, `stop`.
 *
 * Integers give int64, others float64, unless a dtype is given.
 *
 * @example
 * np.arange(5) // => array([0, 1, 2, 3, 4])
 * np.arange(1, 2, 0.25) // => array([1.  , 1.25, 1.5 , 1.75])
 */
export function arange(...args: [stop: Bound, ...rest: unknown[]] | [start: Bound, stop: Bound, ...rest: unknown[]]): NDArray {
  const given = arangeArgs(args)
  let start: Bound = given.start ?? 0
  let stop: Bound | null | undefined = given.stop
  const step: Bound = given.step ?? 1
  if (stop === undefined || stop === null) {
    if (given.start === undefined) throw new ArgumentError('arange() requires stop to be specified.', { op: 'arange' })
    stop = start
    start = 0
  }
  for (const x of [start, stop, step]) {
    if (typeof x !== 'number' && typeof x !== 'bigint')
      throw new DTypeError(`arange(): expected numbers, got ${String(x)}`, { op: 'arange' })
  }
  const whole = [start, stop, step].every((x) => typeof x === 'bigint' || (Number.isSafeInteger(x) && !Object.is(x, -0)))
  const dtype = maybeDType(given.dtype) ?? (whole ? int64 : float64)
  if (Number(step) === 0) throw new ZeroDivisionError('division by zero', { op: 'arange' })
  const n = rangeLength(start, stop, step)
  if (dtype === bool && n > 2) throw new DTypeError('no fill-function for data-type.', { op: 'arange' })
  if (whole && dtype.isInteger) return wrap(ramp(n, start, step, dtype))
  const second = Number(start) + Number(step)
  // As NumPy fills: the step is the difference of the first two items.
  if (dtype.isInteger || dtype === bool)
    return wrap(ramp(n, Math.trunc(Number(start)), Math.trunc(second) - Math.trunc(Number(start)), dtype))
  return wrap(ramp(n, Number(start), second - Number(start), dtype))
}

function rangeLength(start: Bound, stop: Bound, step: Bound): number {
  if ([start, stop, step].every((x) => typeof x === 'bigint')) {
    const [a, b, s] = [start, stop, step] as bigint[]
    return Math.max(0, Number((b! - a! + s! - (s! > 0n ? 1n : -1n)) / s!))
  }
  const n = Math.ceil((Number(stop) - Number(start)) / Number(step))
  if (Number.isNaN(n)) throw new ValueError('arange: cannot compute length', { op: 'arange' })
  if (n > Number.MAX_SAFE_INTEGER) throw new ValueError('Maximum allowed size exceeded', { op: 'arange' })
  return Math.max(0, n)
}

/** Keyword arguments of `linspace`. */
export interface LinspaceOptions {
  /** How many values. Default 50. */
  num?: number
  /** Whether `stop` is the last one. Default true. */
  endpoint?: boolean
  /** Gives `[values, step]`. */
  retstep?: boolean
  dtype?: DTypeLike | null
  /** Where the values lie when start or stop are arrays. */
  axis?: number
  device?: 'cpu' | null
}
const linspaceArgs = signature<LinspaceOptions>('linspace', ['num', 'endpoint', 'retstep', 'dtype', 'axis'], ['device'], 2)

/**
 * Values evenly spaced from `start` to `stop`, 50 unless `num` says otherwise. Start and stop may be arrays.
 *
 * @example
 * np.linspace(0, 1, 5) // => array([0.  , 0.25, 0.5 , 0.75, 1.  ])
 * np.linspace(0, 1, 4, { endpoint: false }) // => array([0.  , 0.25, 0.5 , 0.75])
 */
export const linspace = /* @__PURE__ */ byName(
  'linspace',
  'start stop',
  (start: ArrayLike, stop: ArrayLike, ...rest: Rest<LinspaceOptions, ['num', 'endpoint', 'retstep', 'dtype', 'axis']>): any => {
    const { num = 50, endpoint = true, retstep = false, dtype, axis = 0 } = linspaceArgs(rest)
    if (!Number.isInteger(num)) throw new ArgumentError(`'${String(num)}' object cannot be interpreted as an integer`, { op: 'linspace' })
    if (num < 0) throw new ValueError(`Number of samples, ${num}, must be non-negative.`, { op: 'linspace' })
    const parts = endpoint ? num - 1 : num
    const quick = typeof start === 'number' && typeof stop === 'number' ? numbersBetween(start, stop, num, parts) : null
    if (quick) {
      const to = maybeDType(dtype) ?? float64
      if (axis !== 0) normalizeAxis(axis, 1, 'linspace')
      const result = wrap(castView(to.isInteger ? asArray(floorOf(wrap(quick))).value : quick, to))
      return retstep ? [result, ((stop as number) - (start as number)) / parts] : result
    }
    const [a, b] = [asView(start), asView(stop)]
    const computing = promoteAll([a.dtype, b.dtype, float64].map((d) => (d.kind === 'c' ? complex128 : float64)))
    const to = maybeDType(dtype) ?? computing
    const from = wrap(castView(a, computing))
    const delta = subtractArrays(castView(b, computing), from)
    const rank = delta.ndim
    const index = wrap(reshape(ramp(num, 0, 1, float64), [num, ...new Array<number>(rank).fill(1)]))
    const step = parts > 0 ? divideBy(delta, parts) : null
    const plain = step !== null && !anyZero(step)
    let y: NDArray = asArray(plain ? multiply(index, step) : multiply(divideBy(index, Math.max(parts, 1)), delta))
    y = asArray(add(y, from))
    if (endpoint && num > 1) assignLast(y, castView(b, computing))
    let out: View = y.value
    if (axis !== 0) out = stackAxis(out, normalizeAxis(axis, out.ndim, 'linspace'))
    if (to.isInteger) out = asArray(floorOf(wrap(out))).value
    const result = wrap(castView(out, to))
    return retstep ? [result, step === null ? Number.NaN : unwrapStep(step)] : result
  },
)

/** The values between two numbers, in one pass, where the step is not 0. */
function numbersBetween(start: number, stop: number, num: number, parts: number): View | null {
  const step = (stop - start) / parts
  if (!(parts > 0) || step === 0) return null
  const out = ramp(num, start, step, float64)
  if (parts < num && num > 1) writeAt(out, out.offset + (num - 1) * 8, stop)
  return out
}

const subtractArrays = (b: View, a: NDArray): NDArray => asArray(subtract(wrap(b), a))
const divideBy = (x: NDArray, n: number): NDArray => asArray(divide(x, n))
const anyZero = (x: NDArray): boolean =>
  x.value.size > 0 && [x.tolist()].flat(64).some((v) => (v instanceof Complex ? v.re === 0 && v.im === 0 : v === 0))
const floorOf = (x: NDArray): NDArray => asArray(floor(x))
const unwrapStep = (x: NDArray): unknown => (x.ndim === 0 ? x.item() : x)

/** Writes the last item of the first axis. */
function assignLast(y: NDArray, value: View): void {
  const v = y.value
  const last = restride(v, v.shape.slice(1), v.strides.slice(1), v.offset + (v.shape[0]! - 1) * v.strides[0]!)
  copyInto(last, broadcastTo(value, last.shape) as View)
}

/** Moves the first axis to another place. */
function stackAxis(v: View, axis: number): View {
  const order = v.shape.map((_, i) => i).slice(1)
  order.splice(axis, 0, 0)
  return restride(
    v,
    order.map((a) => v.shape[a]!),
    order.map((a) => v.strides[a]!),
  )
}

/**
 * Values evenly spaced on a logarithmic scale, from `base ** start` to `base ** stop`.
 *
 * @example
 * np.logspace(0, 3, 4) // => array([   1.,   10.,  100., 1000.])
 */
export const logspace = /* @__PURE__ */ byName(
  'logspace',
  'start stop',
  (
    start: ArrayLike,
    stop: ArrayLike,
    ...rest: Rest<LinspaceOptions & { base?: ArrayLike }, ['num', 'endpoint', 'base', 'dtype', 'axis']>
  ): NDArray => {
    const { num = 50, endpoint = true, base = 10, dtype, axis = 0 } = logspaceArgs(rest)
    const bases = typeof base === 'number' ? null : asView(base)
    const [from, until, by] =
      bases === null || bases.ndim === 0 ? [start, stop, base] : againstBases(asView(start), asView(stop), bases, axis)
    const exponents = linspace(from, until, { num, endpoint, axis })
    const out = asArray(power(by, exponents))
    const to = maybeDType(dtype)
    return to ? wrap(castView(out.value, to)) : out
  },
)
const logspaceArgs = signature<LinspaceOptions & { base?: ArrayLike }>('logspace', ['num', 'endpoint', 'base', 'dtype', 'axis'], [], 2)

/** Start, stop and bases with as many axes, and one more of the bases where the values will lie. */
function againstBases(start: View, stop: View, bases: View, axis: number): [NDArray, NDArray, NDArray] {
  const rank = Math.max(start.ndim, stop.ndim, bases.ndim)
  const lead = (v: View): number[] => [...new Array<number>(rank - v.ndim).fill(1), ...v.shape]
  const shape = lead(bases)
  shape.splice(normalizeAxis(axis, rank + 1, 'logspace'), 0, 1)
  return [wrap(reshape(start, lead(start))), wrap(reshape(stop, lead(stop))), wrap(reshape(bases, shape))]
}

/**
 * Values evenly spaced on a logarithmic scale (a geometric progression) from `start` to `stop`, which may be arrays, and complex (then along a spiral).
 *
 * @example
 * np.geomspace(1, 1000, 4) // => array([   1.,   10.,  100., 1000.])
 */
export const geomspace = /* @__PURE__ */ byName(
  'geomspace',
  'start stop',
  (start: ArrayLike, stop: ArrayLike, ...rest: Rest<LinspaceOptions, ['num', 'endpoint', 'dtype', 'axis']>): NDArray => {
    const { num = 50, endpoint = true, dtype, axis = 0 } = geomspaceArgs(rest)
    const [first, last] = [asView(start), asView(stop)]
    const to = maybeDType(dtype)
    const exact = promoteAll([first.dtype, last.dtype, to ?? float64])
    const work = exact.isInexact ? exact : float64
    const shape = broadcastShapes([first.shape, last.shape], 'geomspace')
    const [a, b] = [first, last].map((v) => asArray(wrap(broadcastView(castView(v, work), shape)))) as [NDArray, NDArray]
    if (anyZero(a) || anyZero(b)) throw new ValueError('Geometric sequence cannot include zero', { op: 'geomspace' })
    const turn = sign(a)
    const [low, high] = [asArray(divide(a, turn)), asArray(divide(b, turn))]
    const out = logspace(log10(low), log10(high), { num, endpoint, dtype: work })
    if (num > 0) copyInto(narrow(out.value, 0, 0, 1) as View, reshape(low.value, [1, ...shape]) as View)
    if (num > 1 && endpoint) copyInto(narrow(out.value, 0, num - 1, 1) as View, reshape(high.value, [1, ...shape]) as View)
    let made = asArray(multiply(out, turn)).value
    if (axis !== 0) made = stackAxis(made, normalizeAxis(axis, made.ndim, 'geomspace'))
    return wrap(castView(made, to ?? work))
  },
)
const geomspaceArgs = signature<LinspaceOptions>('geomspace', ['num', 'endpoint', 'dtype', 'axis'], [], 2)
