/** Arrays of evenly spaced values. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { Complex } from '../core/complex.ts'
import { copyInto } from '../core/copy.ts'
import { bool, complex128, type DType, float64, int64 } from '../core/dtype.ts'
import { ArgumentError, DTypeError, ValueError, ZeroDivisionError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import { normalizeAxis } from '../core/shape.ts'
import { restride, type View } from '../core/view.ts'
import { broadcastTo, ramp, reshape } from '../ops/index.ts'
import { asArray, asView, castView, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import './methods.ts'
import { NDArray } from './ndarray.ts'
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
    const exponents = linspace(start, stop, { num, endpoint, axis })
    const out = asArray(power(base instanceof NDArray ? base : Number(base), exponents))
    const to = maybeDType(dtype)
    return to ? wrap(castView(out.value, to)) : out
  },
)
const logspaceArgs = signature<LinspaceOptions & { base?: ArrayLike }>('logspace', ['num', 'endpoint', 'base', 'dtype', 'axis'], [], 2)

/**
 * Values evenly spaced on a logarithmic scale (a geometric progression) from `start` to `stop`.
 *
 * @example
 * np.geomspace(1, 1000, 4) // => array([   1.,   10.,  100., 1000.])
 */
export const geomspace = /* @__PURE__ */ byName(
  'geomspace',
  'start stop',
  (start: ArrayLike, stop: ArrayLike, ...rest: Rest<LinspaceOptions, ['num', 'endpoint', 'dtype', 'axis']>): NDArray => {
    const { num = 50, endpoint = true, dtype, axis = 0 } = geomspaceArgs(rest)
    if (typeof start !== 'number' || typeof stop !== 'number') return geometric(start, stop, num, endpoint, axis, maybeDType(dtype))
    if (start === 0 || stop === 0) throw new ValueError('Geometric sequence cannot include zero', { op: 'geomspace' })
    const sign = Math.sign(start)
    if (Math.sign(stop) !== sign) throw new ValueError('geomspace(): start and stop must have the same sign', { op: 'geomspace' })
    const out = asArray(multiply(logspace(Math.log10(start * sign), Math.log10(stop * sign), { num, endpoint }), sign))
    if (num > 0) out.flat.set(0, start)
    if (num > 1 && endpoint) out.flat.set(-1, stop)
    const to = maybeDType(dtype)
    return to ? wrap(castView(out.value, to)) : out
  },
)

/** `geomspace` of arrays: logarithms evenly spaced, the ends exact. */
function geometric(start: ArrayLike, stop: ArrayLike, num: number, endpoint: boolean, axis: number, dtype: DType | undefined): NDArray {
  if (anyZero(asArray(start)) || anyZero(asArray(stop))) throw new ValueError('Geometric sequence cannot include zero', { op: 'geomspace' })
  const side = sign(start)
  const [first, last] = [asArray(divide(start, side)), asArray(divide(stop, side))]
  const out = logspace(log10(first) as ArrayLike, log10(last) as ArrayLike, { num, endpoint })
  if (num > 0) out.set(0, first)
  if (num > 1 && endpoint) assignLast(out, castView(last.value, out.dtype))
  const signed = asArray(multiply(out, side)).value
  const placed = wrap(axis === 0 ? signed : stackAxis(signed, normalizeAxis(axis, signed.ndim, 'geomspace')))
  return dtype ? wrap(castView(placed.value, dtype)) : placed
}
const geomspaceArgs = signature<LinspaceOptions>('geomspace', ['num', 'endpoint', 'dtype', 'axis'], [], 2)
