/** Means, variances and standard deviations. */

import { bind } from '../../core/bind.ts'
import { type DType, realOf } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { normalizeAxes, type Shape } from '../../core/shape.ts'
import { CReg, type Reg, type Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { add, div, mul, sub } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { eq } from '../elementwise/comparison.ts'
import { real } from '../elementwise/complex.ts'
import { type Kit, type ReduceParams, type Reduction, reduction, type StagedOut, spread, staged } from './family.ts'
import { sum } from './sum.ts'

const countOf = (shape: Shape, axes: readonly number[]): number => axes.reduce((n, a) => n * shape[a]!, 1)

/** Folds the sum of the elements, and reads their mean in a later stage. */
function meanStage({ b, load, count, dtype }: Kit<ReduceParams>): () => Sym {
  let parts: number[] = []
  b.stage('reduce', (fold) => {
    const x = load()
    parts = x instanceof CReg ? [fold('sum', x.re), fold('sum', x.im)] : [fold('sum', x)]
  })
  return () => {
    const n = s.cast(count(), dtype.register)
    const [re, im] = parts.map((i) => s.div(b.acc(i), n) as Reg)
    return im ? new CReg(re!, im) : re!
  }
}

/** The mean over axes; NaN of nothing. */
export const mean: Reduction = reduction({
  name: 'mean',
  accepts: 'fc',
  emptyAllowed: true,
  stages: (kit) => {
    const value = meanStage(kit)
    kit.b.stage('outer', () => kit.store(0, value()))
  },
  vjp: ([ct], { inAvals, params }) => {
    const { shape, dtype } = inAvals[0]!
    return [ct && linear.cast(spread(div(ct, countOf(shape, params.axes)), shape, params), dtype)]
  },
  jvp: ([t], _, __, { axes, keepdims, dtype }) => [t && mean(t, axes, keepdims, dtype)],
})

interface VarianceParams extends ReduceParams {
  /** The divisor is the count less this. */
  readonly correction: number
}

/** |x - mean|^2 summed in a second pass, over max(count - correction, 0): the first output; the mean the second. */
function varianceStages(root: boolean, withMean: boolean) {
  return (kit: Kit<VarianceParams>): void => {
    const { b, load, count, word, store, dtype } = kit
    const value = meanStage(kit as unknown as Kit<ReduceParams>)
    let parts: number[] = []
    b.stage('outer', (fold) => {
      const m = value()
      parts = m instanceof CReg ? [fold('set', m.re), fold('set', m.im)] : [fold('set', m)]
      if (withMean) store(1, m)
    })
    let total = 0
    b.stage('reduce', (fold) => {
      const x = load()
      const squares = (x instanceof CReg ? [x.re, x.im] : [x]).map((part, i) => {
        const d = s.sub(part, b.acc(parts[i]!))
        return s.mul(d, d)
      })
      total = fold('sum', (squares.length === 2 ? s.add(squares[0]!, squares[1]!) : squares[0]) as Reg)
    })
    b.stage('outer', () => {
      const left = s.sub(s.cast(count(), dtype.register), word(0))
      const result = s.div(b.acc(total), s.max(left, s.constant(0, left)))
      store(0, root ? s.sqrt(result) : result)
    })
  }
}

/** 2 / (n - correction) (x - mean): the slope of the variance. */
function varianceSlope(x: Value, params: VarianceParams): Value {
  const centred = sub(x, mean(x, params.axes, true))
  return mul(centred, 2 / Math.max(countOf(x.shape, params.axes) - params.correction, 0))
}

const toDType = (x: Value, { dtype }: ReduceParams): Value => linear.cast(x, dtype ?? x.dtype)
/** Complex when x is, for products with it. */
const like = (ct: Value, x: Value): Value => linear.cast(ct, x.dtype)

const outReal: StagedOut = { dtype: realOf }
const common = {
  accepts: 'fc',
  emptyAllowed: true,
  words: ({ correction }: VarianceParams) => [correction],
}

const varianceRules: Rules<VarianceParams> = staged<VarianceParams>({
  ...common,
  name: 'var',
  outs: [outReal],
  stages: varianceStages(false, false),
  vjp: ([ct], { ins, inAvals, params }) => {
    if (!ct) return [null]
    const x = toDType(ins[0]!, params)
    return [linear.cast(mul(like(spread(ct, x.shape, params), x), varianceSlope(x, params)), inAvals[0]!.dtype)]
  },
  jvp: ([t], ins, _, params) => {
    if (!t) return [null]
    const x = toDType(ins[0]!, params)
    return [real(sum(mul(linear.conj(varianceSlope(x, params)), toDType(t, params)), params.axes, params.keepdims))]
  },
  saves: 'ins',
})

/** 1 / (2 std), 0 where std is 0, as PyTorch has it. */
const halfOver = (ct: Value, y: Value): Value => where(eq(y, 0), 0, div(ct, mul(y, 2)))

const deviationRules: Rules<VarianceParams> = staged<VarianceParams>({
  ...common,
  name: 'std',
  outs: [outReal],
  stages: varianceStages(true, false),
  vjp: ([ct], { ins, outs, inAvals, params }) => {
    if (!ct) return [null]
    const x = toDType(ins[0]!, params)
    const scaled = spread(halfOver(ct, outs[0]!), x.shape, params)
    return [linear.cast(mul(like(scaled, x), varianceSlope(x, params)), inAvals[0]!.dtype)]
  },
  jvp: ([t], ins, outs, params) => {
    if (!t) return [null]
    const x = toDType(ins[0]!, params)
    const d = real(sum(mul(linear.conj(varianceSlope(x, params)), toDType(t, params)), params.axes, params.keepdims))
    return [halfOver(d, outs[0]!)]
  },
  saves: 'both',
})

const varianceMeanRules: Rules<VarianceParams> = staged<VarianceParams>({
  ...common,
  name: 'var_mean',
  outs: [outReal, {}],
  stages: varianceStages(false, true),
  vjp: ([cv, cm], { ins, inAvals, params }) => {
    const x = toDType(ins[0]!, params)
    const byVariance = cv && mul(like(spread(cv, x.shape, params), x), varianceSlope(x, params))
    const byMean = cm && spread(div(cm, countOf(x.shape, params.axes)), x.shape, params)
    const total = byVariance && byMean ? add(byVariance, byMean) : (byVariance ?? byMean)
    return [total && linear.cast(total, inAvals[0]!.dtype)]
  },
  jvp: ([t], ins, outs, params) => [
    varianceRules.jvp!([t!], ins, outs, params)[0]!,
    t ? mean(t, params.axes, params.keepdims, params.dtype) : null,
  ],
  saves: 'ins',
})

type Axes = number | readonly number[] | null

const params = (x: Value, axes: Axes, correction: number, keepdims: boolean, dtype: DType | undefined, op: string): VarianceParams => ({
  axes: normalizeAxes(axes, x.ndim, op),
  correction,
  keepdims,
  dtype,
})

/** The variance over axes: squared distances from the mean over `count - correction`; real, also of complex values. */
export const variance = withRules(
  (x: Value, axes: Axes = null, correction = 0, keepdims = false, dtype?: DType): Value =>
    bind(varianceRules, [x], params(x, axes, correction, keepdims, dtype, 'var'))[0]!,
  varianceRules,
)
/** The square root of the variance; the derivative is 0 where it is 0. */
export const std = withRules(
  (x: Value, axes: Axes = null, correction = 0, keepdims = false, dtype?: DType): Value =>
    bind(deviationRules, [x], params(x, axes, correction, keepdims, dtype, 'std'))[0]!,
  deviationRules,
)
/** Variance and mean. */
export const varianceMean = withRules(
  (x: Value, axes: Axes = null, correction = 0, keepdims = false, dtype?: DType): Value[] =>
    bind(varianceMeanRules, [x], params(x, axes, correction, keepdims, dtype, 'var_mean')),
  varianceMeanRules,
)
