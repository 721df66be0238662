/** Layer and batch normalisation: statistics and the normalised values in one kernel, the derivative in two. */

import { bind } from '../../core/bind.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { type Shape, sameShape } from '../../core/shape.ts'
import type { Reg, Sym } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { add, div, mul, neg, sub } from '../elementwise/arithmetic.ts'
import { type ReduceParams, staged } from './family.ts'
import { mean } from './moments.ts'
import { sum, sumTo } from './sum.ts'

interface LayerNormParams extends ReduceParams {
  readonly eps: number
  /** Which of weight and bias follow the input. */
  readonly weight: boolean
  readonly bias: boolean
}

/** (x - mean) / std. */
function normalised(x: Value, m: Value, r: Value): Value {
  return mul(sub(x, m), r)
}

interface SlopeParams extends ReduceParams {
  readonly weight: boolean
}

/** r (g - mean(g) - hat mean(g hat)) with g = ct w and hat = (x - m) r, of (ct, x, m, r, w): the cotangent of the input. */
const slopeRules: Rules<SlopeParams> = staged<SlopeParams>({
  name: 'native_layer_norm_backward',
  accepts: 'f',
  outs: [{ full: true }],
  emptyAllowed: true,
  stages: ({ b, load, count, store, dtype, params: { weight } }) => {
    const g = () => (weight ? s.mul(load(0), load(4)) : load(0))
    const hat = () => s.mul(s.sub(load(1), load(2)), load(3))
    const n = () => s.cast(count(), dtype.register)
    let total = 0
    let along = 0
    b.stage('reduce', (fold) => {
      total = fold('sum', g() as Reg)
      along = fold('sum', s.mul(g(), hat()) as Reg)
    })
    let means: number[] = []
    b.stage('outer', (fold) => {
      means = [total, along].map((i) => fold('set', s.div(b.acc(i), n()) as Reg))
    })
    b.stage('map', () => {
      const centred = s.sub(g(), b.acc(means[0]!))
      store(0, s.mul(load(3), s.sub(centred, s.mul(hat(), b.acc(means[1]!)))))
    })
  },
  vjp: ([u], { ins, outs, inAvals, needs, params }) => {
    if (!u) return ins.map(() => null)
    const { axes, weight } = params
    const [ct, x, m, r, w] = ins as [Value, Value, Value, Value, Value]
    const g = weight ? mul(ct, w) : ct
    const hat = normalised(x, m, r)
    // the projection is its own transpose
    const projected = slope(u, x, m, r, null, axes)
    const byHat = neg(mul(r, add(mul(u, mean(mul(g, hat), axes, true)), mul(g, mean(mul(u, hat), axes, true)))))
    const byX = mul(byHat, r)
    const grads: (Value | null)[] = [
      needs[0] ? (weight ? mul(projected, w) : projected) : null,
      byX,
      needs[2] ? neg(sum(byX, axes, true)) : null,
      needs[3] ? div(sum(add(mul(u, outs[0]!), mul(byHat, hat)), axes, true), r) : null,
    ]
    if (weight) grads.push(needs[4] ? sumTo(mul(ct, projected), inAvals[4]!.shape) : null)
    return grads
  },
  saves: 'both',
})
const slope = (ct: Value, x: Value, m: Value, r: Value, w: Value | null, axes: readonly number[]): Value =>
  bind(slopeRules, w ? [ct, x, m, r, w] : [ct, x, m, r], { axes, keepdims: true, weight: w !== null })[0]!

/** Sums of ct hat and of ct, of (ct, x, m, r): the cotangents of weight and bias. */
const affineSlopeRules: Rules<ReduceParams> = {
  ...staged<ReduceParams>({
    name: 'normalization_weight_backward',
    accepts: 'f',
    outs: [{}, {}],
    emptyAllowed: true,
    stages: ({ b, load, store }) => {
      let sums: number[] = []
      b.stage('reduce', (fold) => {
        const hat = s.mul(s.sub(load(1), load(2)), load(3))
        sums = [fold('sum', s.mul(load(0), hat) as Reg), fold('sum', load(0) as Reg)]
      })
      b.stage('outer', () => {
        sums.forEach((at, i) => {
          store(i, b.acc(at))
        })
      })
    },
  }),
  definition: ([ct, x, m, r], { axes }) => [sum(mul(ct!, normalised(x!, m!, r!)), axes, true), sum(ct!, axes, true)],
}

/** Cotangents of a weight and a bias of a shape that broadcasts to x's. */
function affineSlopes(ct: Value, x: Value, m: Value, r: Value, shape: Shape): Value[] {
  const lead = x.ndim - shape.length
  const axes = x.shape.flatMap((n, i) => (i < lead || (shape[i - lead] === 1 && n !== 1) ? [i] : []))
  if (axes.length === 0) return [mul(ct, normalised(x, m, r)), ct]
  return bind(affineSlopeRules, [ct, x, m, r], { axes, keepdims: true }).map((g) => linear.reshape(g, shape))
}

/** The row; with `variance` that is the last output, which has no derivative. */
const rulesFor = (name: string, gradName: string, variance: boolean): Rules<LayerNormParams> =>
  staged<LayerNormParams>({
    name,
    accepts: 'f',
    // the result, the mean and the reciprocal standard deviation
    outs: [{ full: true }, {}, {}, ...(variance ? [{}] : [])],
    emptyAllowed: true,
    words: ({ eps }) => [eps],
    variant: ({ weight, bias }) => `${weight} ${bias}`,
    stages: ({ b, load, count, word, store, dtype, params: { weight, bias } }) => {
      const n = () => s.cast(count(), dtype.register)
      let total = 0
      b.stage('reduce', (fold) => {
        total = fold('sum', load() as Reg)
      })
      let centre = 0
      b.stage('outer', (fold) => {
        const m = s.div(b.acc(total), n()) as Reg
        centre = fold('set', m)
        store(1, m)
      })
      let squares = 0
      b.stage('reduce', (fold) => {
        const d = s.sub(load(), b.acc(centre))
        squares = fold('sum', s.mul(d, d) as Reg)
      })
      let scale = 0
      b.stage('outer', (fold) => {
        const mean = s.div(b.acc(squares), n())
        if (variance) store(3, mean)
        const r = s.div(1, s.sqrt(s.add(mean, word(0)))) as Reg
        scale = fold('set', r)
        store(2, r)
      })
      b.stage('map', () => {
        let y: Sym = s.mul(s.sub(load(), b.acc(centre)), b.acc(scale))
        if (weight) y = s.mul(y, load(1))
        if (bias) y = s.add(y, load(weight ? 2 : 1))
        store(0, y)
      })
    },
    vjp: ([ct, cm, cr], { ins, outs, inAvals, needs, params }) => {
      const { axes, weight, bias } = params
      const [x, w] = ins as [Value, Value]
      const [, m, r] = outs as [Value, Value, Value]
      const n = axes.reduce((k, a) => k * x.shape[a]!, 1)
      const grads: (Value | null)[] = [null]
      if (needs[0]) {
        let g: Value | null = ct ? slope(ct, x, m, r, weight ? w : null, axes) : null
        // dm/dx = 1/n, dr/dx = -r^2 hat / n
        if (cm) g = plus(g, linear.broadcastTo(mul(cm, 1 / n), x.shape))
        if (cr) g = plus(g, mul(mul(normalised(x, m, r), mul(mul(cr, r), r)), -1 / n))
        grads[0] = g
      }
      const pair = ct && weight && needs[1] ? affineSlopes(ct, x, m, r, inAvals[1]!.shape) : null
      if (weight) grads.push(pair && pair[0]!)
      const shape = inAvals.at(-1)!.shape
      // (under vmap one of the two may have the batch axis alone)
      const shared = pair && sameShape(shape, inAvals[1]!.shape) ? pair[1]! : null
      if (bias) grads.push(ct && needs[weight ? 2 : 1] ? (shared ?? sumTo(ct, shape)) : null)
      return grads
    },
    jvp: (tangents, ins, outs, params) => {
      const { axes, weight, bias } = params
      const [x, w] = ins as [Value, Value]
      const [y, m, r] = outs as [Value, Value, Value]
      const [t] = tangents
      const hat = normalised(x, m, r)
      let d: Value | null = null
      let dm: Value | null = null
      let dr: Value | null = null
      if (t) {
        dm = mean(t, axes, true)
        const along = mean(mul(t, hat), axes, true)
        dr = mul(mul(mul(r, r), along), -1)
        d = mul(sub(sub(t, dm), mul(hat, along)), r)
        if (weight) d = mul(d, w)
      }
      if (weight && tangents[1]) d = plus(d, mul(hat, tangents[1]))
      const tb = bias ? tangents[weight ? 2 : 1] : null
      if (tb) d = plus(d, linear.broadcastTo(tb, y.shape))
      return variance ? [d, dm, dr, null] : [d, dm, dr]
    },
    saves: 'both',
    gradName,
  })
const layerRules = rulesFor('native_layer_norm', 'NativeLayerNormBackward0', false)
const batchRules = rulesFor('native_batch_norm', 'NativeBatchNormBackward0', true)

const plus = (a: Value | null, b: Value): Value => (a ? add(a, b) : b)

function over(rules: Rules<LayerNormParams>, x: Value, axes: readonly number[], weight: Value | null, bias: Value | null, eps: number) {
  const ins = [x, ...(weight ? [weight] : []), ...(bias ? [bias] : [])]
  return bind(rules, ins, { axes, keepdims: true, eps, weight: weight !== null, bias: bias !== null })
}

/**
 * `(x - mean) / sqrt(var + eps) * weight + bias` over the last `count` axes, with the mean and the reciprocal standard deviation (of length 1
 * on those axes). Weight and bias have the shape of those axes; null leaves them out.
 */
export const layerNorm = withRules(
  (x: Value, count: number, weight: Value | null = null, bias: Value | null = null, eps = 1e-5): Value[] => {
    const axes = Array.from({ length: count }, (_, i) => x.ndim - count + i)
    return over(layerRules, x, axes, weight, bias, eps)
  },
  layerRules,
)

/**
 * The same over all axes but the second, with the variance besides; weight and bias have length 1 on the axes after the second.
 */
export const batchNorm = withRules((x: Value, weight: Value | null = null, bias: Value | null = null, eps = 1e-5): Value[] => {
  const axes = x.shape.map((_, i) => i).filter((i) => i !== 1)
  return over(batchRules, x, axes, weight, bias, eps)
}, batchRules)
