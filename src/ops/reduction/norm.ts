/** Vector norms over axes. */

import { bind } from '../../core/bind.ts'
import { type DType, realOf } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import type { Monoid } from '../../core/opcodes.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { normalizeAxes } from '../../core/shape.ts'
import type { Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { div, mul, power } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { eq } from '../elementwise/comparison.ts'
import { real } from '../elementwise/complex.ts'
import { zerosLike } from '../elementwise/family.ts'
import { abs, sign } from '../elementwise/parts.ts'
import { keepAxes, type ReduceParams, staged } from './family.ts'
import { sum } from './sum.ts'

interface NormParams extends ReduceParams {
  /** p of (sum |x|^p)^(1/p); 0 counts, infinities are extrema. */
  readonly order: number
}

const monoidOf = (order: number): Monoid =>
  order === Number.POSITIVE_INFINITY ? 'max' : order === Number.NEGATIVE_INFINITY ? 'min' : 'sum'

/** The slope of the norm y in x, as PyTorch has it: 0 where it would not be defined. All shapes kept. */
function slope(x: Value, y: Value, order: number, axes: readonly number[]): Value {
  if (order === 0) return zerosLike(x)
  if (order === 1) return sign(x)
  const wide = (v: Value) => linear.cast(v, x.dtype)
  if (order === 2) return where(eq(y, 0), 0, div(x, wide(y)))
  if (!Number.isFinite(order)) {
    const hits = linear.cast(eq(abs(x), y), y.dtype)
    return mul(sign(x), wide(div(hits, sum(hits, axes, true))))
  }
  const size = abs(x)
  const powers = where(eq(size, 0), 0, power(where(eq(size, 0), 1, size), order - 1))
  const below = where(eq(y, 0), 0, power(where(eq(y, 0), 1, y), 1 - order))
  return mul(sign(x), wide(mul(powers, below)))
}

const rules: Rules<NormParams> = staged<NormParams>({
  name: 'linalg_vector_norm',
  accepts: 'fc',
  outs: [{ dtype: realOf }],
  emptyAllowed: true,
  variant: ({ order }) => ([0, 1, 2].includes(order) || !Number.isFinite(order) ? String(order) : 'p'),
  words: ({ order }) => [order],
  stages: ({ b, load, store, word, params: { order } }) => {
    let total = 0
    b.stage('reduce', (fold) => {
      const x = load()
      const size = s.abs(x) as Reg
      if (order === 0) total = fold('sum', s.cast(s.truth(x), size.type))
      else if (order === 2) total = fold('sum', ('re' in x ? s.add(s.mul(x.re, x.re), s.mul(x.im, x.im)) : s.mul(x, x)) as Reg)
      else total = fold(monoidOf(order), order === 1 || !Number.isFinite(order) ? size : (s.pow(size, word(0)) as Reg))
    })
    b.stage('outer', () => {
      const y = b.acc(total)
      const plain = order === 0 || order === 1 || !Number.isFinite(order)
      store(0, plain ? y : order === 2 ? s.sqrt(y) : s.pow(y, s.div(1, word(0))))
    })
  },
  vjp: ([ct], { ins, outs, inAvals, params }) => {
    if (!ct) return [null]
    const x = linear.cast(ins[0]!, params.dtype ?? inAvals[0]!.dtype)
    const kept = keepAxes(ct, x.shape, params)
    const g = mul(linear.cast(kept, x.dtype), slope(x, keepAxes(outs[0]!, x.shape, params), params.order, params.axes))
    return [linear.cast(g, inAvals[0]!.dtype)]
  },
  jvp: ([t], ins, outs, params) => {
    if (!t) return [null]
    const x = linear.cast(ins[0]!, params.dtype ?? ins[0]!.dtype)
    const d = slope(x, keepAxes(outs[0]!, x.shape, params), params.order, params.axes)
    return [real(sum(mul(linear.conj(d), linear.cast(t, x.dtype)), params.axes, params.keepdims))]
  },
  saves: 'both',
})

/** `(sum |x|^order)^(1/order)` over axes: order 0 counts what is not zero, infinities give extrema of |x|. Real, also of complex values. */
export const vectorNorm = withRules(
  (x: Value, order = 2, axes: number | readonly number[] | null = null, keepdims = false, dtype?: DType): Value =>
    bind(rules, [x], { order, axes: normalizeAxes(axes, x.ndim, 'norm'), keepdims, dtype })[0]!,
  rules,
)
