/** Running sums, products, extrema and log-sum-exps along an axis. */

import { bind } from '../../core/bind.ts'
import { int64 } from '../../core/dtype.ts'
import { DTypeError } from '../../core/errors.ts'
import { linear, moveToFront } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { normalizeAxis, sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { add, mul, neg, sub } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { gt } from '../elementwise/comparison.ts'
import { exp, log } from '../elementwise/exponential.ts'
import { greater, lesser } from '../elementwise/items.ts'
import { gather, scatter } from '../indexing/along.ts'
import { concatenate } from '../movement/concatenate.ts'
import { flip, narrow } from '../movement/slice.ts'
import { SCAN, type Scan, type ScanParams, scan } from './family.ts'

/** The sum from each element to the last. */
const suffixSum = (x: Value, axis: number): Value => flip(cumsum(flip(x, axis), axis), axis)

/** The running sum. */
export const cumsum: Scan = scan({
  name: 'cumsum',
  accepts: 'iufcO',
  kind: 'sum',
  vjp: ([ct], { inAvals, params }) => [ct && linear.cast(suffixSum(ct, params.axis), inAvals[0]!.dtype)],
  jvp: ([t], _, __, { axis, dtype, wide }) => [t && cumsum(t, axis, dtype, wide)],
  object: (x, y) => (typeof x?.add === 'function' ? x.add(y) : x + y),
})

/** x moved by `by` places along an axis (towards the end when positive), with a value in the places left free. */
function shifted(x: Value, axis: number, by: number, value: number): Value {
  const n = x.shape[axis]!
  const gap = linear.full(
    x.shape.map((m, i) => (i === axis ? Math.min(Math.abs(by), n) : m)),
    value,
    x.dtype,
    x.device,
  )
  const rest = Math.max(0, n - Math.abs(by))
  return by > 0 ? concatenate([gap, narrow(x, axis, 0, rest)], axis) : concatenate([narrow(x, axis, n - rest, rest), gap], axis)
}

/**
 * s[i] = c[i] + a[i] s[i-1] along an axis (or with s[i+1] backwards), by doubling: log2(n) rounds of products and sums,
 * so that zeros among the factors are nothing special, and every derivative follows.
 */
function recurrence(a: Value, c: Value, axis: number, backwards: boolean): Value {
  const n = c.shape[axis]!
  for (let step = 1; step < n; step *= 2) {
    const by = backwards ? -step : step
    c = add(c, mul(a, shifted(c, axis, by, 0)))
    if (step * 2 < n) a = mul(a, shifted(a, axis, by, 0))
  }
  return c
}

/** The running product. */
export const cumprod: Scan = scan({
  name: 'cumprod',
  accepts: 'iufcO',
  kind: 'prod',
  vjp: ([ct], { ins, inAvals, params }) => {
    if (!ct) return [null]
    const { axis, dtype = inAvals[0]!.dtype } = params
    if (sizeOf(ct.shape) === 0) return [linear.cast(ct, inAvals[0]!.dtype)]
    const x = linear.conj(linear.cast(ins[0]!, dtype))
    // the product before i, times s[i] = ct[i] + x[i+1] s[i+1]
    const before = shifted(cumprod(x, axis), axis, 1, 1)
    const after = recurrence(shifted(x, axis, -1, 0), ct, axis, true)
    return [linear.cast(mul(before, after), inAvals[0]!.dtype)]
  },
  // d y[i] = x[i] d y[i-1] + y[i-1] t[i]
  jvp: ([t], ins, outs, { axis, dtype = ins[0]!.dtype }) => {
    if (!t || sizeOf(t.shape) === 0) return [t ?? null]
    const x = linear.cast(ins[0]!, dtype)
    return [recurrence(x, mul(shifted(outs[0]!, axis, 1, 1), linear.cast(t, dtype)), axis, false)]
  },
  saves: 'ins',
  object: (x, y) => (typeof x?.multiply === 'function' ? x.multiply(y) : x * y),
})

/** The running log-sum-exp. */
export const logcumsumexp: Scan = scan({
  name: 'logcumsumexp',
  accepts: 'f',
  kind: 'logsumexp',
  // sum over k >= i of ct[k] e^(x[i] - y[k]), positive and negative cotangents apart, each by its logarithm
  vjp: ([ct], { ins, outs, params: { axis } }) => {
    if (!ct) return [null]
    const [x] = ins as [Value]
    const [y] = outs as [Value]
    const oneSign = (g: Value): Value => {
      const some = gt(g, 0)
      const logs = where(some, sub(log(where(some, g, 1)), y), Number.NEGATIVE_INFINITY)
      return exp(add(flip(logcumsumexp(flip(logs, axis), axis), axis), x))
    }
    return [sub(oneSign(ct), oneSign(neg(ct)))]
  },
  // sum over k <= i of t[k] e^(x[k] - y[i])
  jvp: ([t], ins, outs, { axis }) => {
    if (!t) return [null]
    const oneSign = (g: Value): Value => {
      const some = gt(g, 0)
      const logs = where(some, add(log(where(some, g, 1)), ins[0]!), Number.NEGATIVE_INFINITY)
      return exp(sub(logcumsumexp(logs, axis), outs[0]!))
    }
    return [sub(oneSign(t), oneSign(neg(t)))]
  },
  saves: 'both',
})

/** A running extremum and where it was found; of equal elements the last. */
function extremum(name: string, kind: 'max' | 'min') {
  const rules: Rules<ScanParams> = {
    name,
    family: 'scan',
    saves: 'outs',
    infer: ([x], { axis }) => {
      normalizeAxis(axis, x!.shape.length, name)
      if (!'biuf'.includes(x!.dtype.kind))
        throw new DTypeError(`${name}() is not supported for dtype ${x!.dtype.name}`, { op: name, dtypes: [x!.dtype.name] })
      return [x!, { shape: x!.shape, dtype: int64 }].map(({ shape, dtype }) => ({ shape, dtype }))
    },
    lower: (backend, outs, [x], { axis }) => backend.call('scan_index', outs, [x!], [SCAN[kind], axis]),
    vjp: ([ct], { outs, inAvals, params: { axis } }) => [
      ct && scatter(linear.full(inAvals[0]!.shape, 0, ct.dtype, ct.device), axis, outs[1]!, ct, 'add'),
    ],
    jvp: ([t], _, outs, { axis }) => [t && gather(t, axis, outs[1]!), null],
    batch: ([x], [dim], params) => [bind(rules, [moveToFront(x!, dim!)], { ...params, axis: params.axis + 1 }), [0, 0]],
  }
  const call = (x: Value, axis: number): Value[] => bind(rules, [x], { axis: normalizeAxis(axis, x.ndim, name) })
  return withRules(call, rules)
}

/** The running maximum and its indices; NaN stays. */
export const cummax = extremum('cummax', 'max')
/** The running minimum and its indices; NaN stays. */
export const cummin = extremum('cummin', 'min')

const plain = (name: string, kind: 'max' | 'min', object: (x: any, y: any) => unknown): Scan =>
  scan({ name, accepts: 'biufcO', kind, object })
/** The running maximum alone, without derivative: NumPy's maximum.accumulate. */
export const runningMax = plain('maximum_accumulate', 'max', greater)
/** The running minimum alone, without derivative: NumPy's minimum.accumulate. */
export const runningMin = plain('minimum_accumulate', 'min', lesser)
