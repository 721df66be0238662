/** Log-sum-exp, softmax and its logarithm, without overflow: each one kernel. */

import { bind } from '../../core/bind.ts'
import type { DType } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { normalizeAxes } from '../../core/shape.ts'
import type { Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { mul, sub } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { isinf } from '../elementwise/comparison.ts'
import { exp } from '../elementwise/exponential.ts'
import { type Kit, keepAxes, type ReduceParams, type Reduction, reduction, spread, staged } from './family.ts'
import { sum } from './sum.ts'

/** Folds the greatest element, then the sum of exponentials of the distances to it. */
function exponentials({ b, load, inputs }: Kit<ReduceParams>, bounded: boolean): { top: () => Reg; total: () => Reg; element: () => Reg } {
  const input = inputs - 1
  let max = 0
  b.stage('reduce', (fold) => {
    max = fold('max', load(input) as Reg)
  })
  let topAt = max
  if (bounded) {
    // an infinite maximum would make NaN of inf - inf where the sum itself is well defined
    b.stage('outer', (fold) => {
      topAt = fold('set', s.select(s.isinf(b.acc(max)), s.constant(0, b.acc(max)), b.acc(max)) as Reg)
    })
  }
  const top = () => b.acc(topAt)
  let sumAt = 0
  const element = () => s.sub(load(input), top()) as Reg
  b.stage('reduce', (fold) => {
    sumAt = fold('sum', s.exp(element()) as Reg)
  })
  return { top, total: () => b.acc(sumAt), element }
}

/** `log(sum(e^x))` over axes; -inf of nothing. */
export const logsumexp: Reduction = reduction({
  name: 'logsumexp',
  accepts: 'f',
  emptyAllowed: true,
  stages: (kit) => {
    const { top, total } = exponentials(kit, true)
    kit.b.stage('outer', () => kit.store(0, s.add(s.log(total()), top())))
  },
  vjp: ([ct], { ins, outs, inAvals, params }) => [
    ct && linear.cast(mul(spread(ct, inAvals[0]!.shape, params), weights(ins[0]!, outs[0]!, params)), inAvals[0]!.dtype),
  ],
  jvp: ([t], ins, outs, params) => [
    t && sum(mul(linear.cast(t, outs[0]!.dtype), weights(ins[0]!, outs[0]!, params)), params.axes, params.keepdims),
  ],
  saves: 'both',
})
/** e^(x - logsumexp x), with 0 for an infinite sum, whose difference would be NaN. */
function weights(x: Value, y: Value, params: ReduceParams): Value {
  const kept = keepAxes(y, x.shape, params)
  return exp(sub(linear.cast(x, y.dtype), where(isinf(kept), 0, kept)))
}

const FULL = [{ full: true }] as const
const along = (x: Value, axis: number | readonly number[], op: string, dtype?: DType): ReduceParams => ({
  axes: normalizeAxes(axis, x.ndim, op),
  keepdims: true,
  dtype,
})

/** y (t - sum(y t)) over axes: the derivative of softmax applied to t, its own transpose. */
const softmaxSlopeRules: Rules<ReduceParams> = staged<ReduceParams>({
  name: 'softmax_backward',
  accepts: 'f',
  outs: FULL,
  emptyAllowed: true,
  stages: ({ b, load, store }) => {
    let dot = 0
    b.stage('reduce', (fold) => {
      dot = fold('sum', s.mul(load(0), load(1)) as Reg)
    })
    b.stage('map', () => store(0, s.mul(load(1), s.sub(load(0), b.acc(dot)))))
  },
  vjp: ([u], { ins, params, needs }) => {
    if (!u) return [null, null]
    const [t, y] = ins as [Value, Value]
    const toT = needs[0] ? softmaxSlope(u, y, params) : null
    return [toT, needs[1] ? bySecond(u, t, y, params) : null]
  },
  jvp: ([dt, dy], [t, y], _, params) => {
    const first = dt && softmaxSlope(dt, y!, params)
    // d/dy of y (t - sum(y t)) = dy (t - sum(y t)) - y sum(dy t)
    const second = dy && sub(mul(dy, sub(t!, sum(mul(t!, y!), params.axes, true))), mul(y!, sum(mul(dy, t!), params.axes, true)))
    return [first && second ? linear.add(first, second) : (first ?? second ?? null)]
  },
  saves: 'ins',
})
const softmaxSlope = (t: Value, y: Value, params: ReduceParams): Value =>
  bind(softmaxSlopeRules, [t, y], { ...params, dtype: undefined })[0]!
/** u (t - sum(y t)) - t sum(u y). */
const bySecond = (u: Value, t: Value, y: Value, { axes }: ReduceParams): Value =>
  sub(mul(u, sub(t, sum(mul(t, y), axes, true))), mul(t, sum(mul(u, y), axes, true)))

const softmaxRules: Rules<ReduceParams> = staged<ReduceParams>({
  name: 'softmax',
  accepts: 'f',
  outs: FULL,
  emptyAllowed: true,
  stages: (kit) => {
    const { total, element } = exponentials(kit, false)
    kit.b.stage('map', () => kit.store(0, s.div(s.exp(element()), total())))
  },
  vjp: ([ct], { outs, inAvals, params }) => [ct && linear.cast(softmaxSlope(ct, outs[0]!, params), inAvals[0]!.dtype)],
  jvp: ([t], _, outs, params) => [t && softmaxSlope(linear.cast(t, outs[0]!.dtype), outs[0]!, params)],
  saves: 'outs',
})
/** `e^x / sum(e^x)` along an axis (or over several). */
export const softmax = withRules(
  (x: Value, axis: number | readonly number[], dtype?: DType): Value => bind(softmaxRules, [x], along(x, axis, 'softmax', dtype))[0]!,
  softmaxRules,
)

/** t - e^y sum(t) over axes: the transposed derivative of the logarithm of softmax. */
const logSoftmaxSlopeRules: Rules<ReduceParams> = staged<ReduceParams>({
  name: 'log_softmax_backward',
  accepts: 'f',
  outs: FULL,
  emptyAllowed: true,
  stages: ({ b, load, store }) => {
    let total = 0
    b.stage('reduce', (fold) => {
      total = fold('sum', load(0) as Reg)
    })
    b.stage('map', () => store(0, s.sub(load(0), s.mul(s.exp(load(1)), b.acc(total)))))
  },
  vjp: ([u], { ins, params, needs }) => {
    if (!u) return [null, null]
    const [t, y] = ins as [Value, Value]
    const { axes } = params
    // transposed in t: u - sum(u e^y); in y: -u e^y sum(t)
    const toT = needs[0] ? sub(u, sum(mul(u, exp(y)), axes, true)) : null
    return [toT, needs[1] ? mul(mul(u, exp(y)), sum(mul(t, -1), axes, true)) : null]
  },
  jvp: ([dt, dy], [t, y], _, params) => {
    const { axes } = params
    const first = dt && sub(dt, mul(exp(y!), sum(dt, axes, true)))
    const second = dy && mul(mul(exp(y!), dy), sum(mul(t!, -1), axes, true))
    return [first && second ? linear.add(first, second) : (first ?? second ?? null)]
  },
  saves: 'ins',
})

const logSoftmaxRules: Rules<ReduceParams> = staged<ReduceParams>({
  name: 'log_softmax',
  accepts: 'f',
  outs: FULL,
  emptyAllowed: true,
  stages: (kit) => {
    const { total, element } = exponentials(kit, false)
    let log = 0
    kit.b.stage('outer', (fold) => {
      log = fold('set', s.log(total()) as Reg)
    })
    kit.b.stage('map', () => kit.store(0, s.sub(element(), kit.b.acc(log))))
  },
  vjp: ([ct], { outs, inAvals, params }) => [
    ct && linear.cast(bind(logSoftmaxSlopeRules, [ct, outs[0]!], { ...params, dtype: undefined })[0]!, inAvals[0]!.dtype),
  ],
  // t - sum(e^y t)
  jvp: ([t], _, outs, { axes }) => {
    if (!t) return [null]
    const d = linear.cast(t, outs[0]!.dtype)
    return [sub(d, sum(mul(exp(outs[0]!), d), axes, true))]
  },
  saves: 'outs',
})
/** `log(softmax(x))` along an axis (or over several). */
export const logSoftmax = withRules(
  (x: Value, axis: number | readonly number[], dtype?: DType): Value =>
    bind(logSoftmaxRules, [x], along(x, axis, 'log_softmax', dtype))[0]!,
  logSoftmaxRules,
)
