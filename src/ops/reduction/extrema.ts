/** Extrema over axes, where they are, and the truth of all or any elements. */

import { bool, type DType, int64, integerRange } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import { withRules } from '../../core/primitive.ts'
import { normalizeAxes } from '../../core/shape.ts'
import type { Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { div, mul } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { eq, isnan } from '../elementwise/comparison.ts'
import { imag, real } from '../elementwise/complex.ts'
import { logicalAnd } from '../elementwise/logic.ts'
import { foldStages, keepAxes, type Reduction, reduction, spread } from './family.ts'
import { sum } from './sum.ts'

/** Least or greatest value of a dtype: what a maximum or minimum starts from. */
const limit = (dtype: DType, greatest: boolean): number | bigint => {
  if (dtype.kind === 'b') return greatest ? 1 : 0
  if (dtype.isInexact) return greatest ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY
  return integerRange(dtype)[greatest ? 1 : 0]
}

/** An extremum shares its cotangent evenly among the elements that equal it. */
const extremum = (name: string, monoid: 'min' | 'max', method: string, better: (x: any, y: any) => boolean): Reduction => {
  const row: Reduction = reduction({
    name,
    accepts: 'biufO',
    stages: foldStages(monoid),
    vjp: ([ct], { ins, outs, inAvals, params }) => {
      if (!ct) return [null]
      const { shape, dtype } = inAvals[0]!
      const hits = linear.cast(eq(linear.cast(ins[0]!, outs[0]!.dtype), spread(outs[0]!, shape, params)), ct.dtype)
      const count = sum(hits, params.axes, true)
      return [linear.cast(mul(hits, div(keepAxes(ct, shape, params), count)), dtype)]
    },
    jvp: ([t], ins, outs, params) => {
      if (!t) return [null]
      const x = linear.cast(ins[0]!, outs[0]!.dtype)
      const hits = linear.cast(eq(x, spread(outs[0]!, x.shape, params)), outs[0]!.dtype)
      const { axes, keepdims } = params
      return [div(sum(mul(linear.cast(t, hits.dtype), hits), axes, keepdims), sum(hits, axes, keepdims))]
    },
    saves: 'both',
    object: (x, y) => (typeof x?.[method] === 'function' ? x[method](y) : better(x, y) ? x : y),
  })
  return row
}

/** The greatest over axes; NaN where there is one. */
export const amax = extremum('amax', 'max', 'maximum', (x, y) => x >= y)
/** The least over axes; NaN where there is one. */
export const amin = extremum('amin', 'min', 'minimum', (x, y) => x <= y)

/** amax or amin over the elements that a mask keeps; where it keeps none, the value that such a search starts from. */
export const maskedExtremum = (greatest: boolean): Reduction => (greatest ? maskedMax : maskedMin)
const maskedMax = reduction({ name: 'amax', accepts: 'biuf', identity: (d) => limit(d, false), stages: foldStages('max') })
const maskedMin = reduction({ name: 'amin', accepts: 'biuf', identity: (d) => limit(d, true), stages: foldStages('min') })

const outBool = (dtype: DType): DType => (dtype.isObject ? dtype : bool)

/** Whether any element over axes is true (NaN is). */
export const any = reduction({
  name: 'any',
  accepts: 'biufcO',
  outs: [{ dtype: outBool }],
  identity: () => 0,
  stages: foldStages('any', (x) => s.truth(x)),
  constant: true,
  object: (x, y) => x || y,
  objectEmpty: false,
})
/** Whether all elements over axes are true. */
export const all = reduction({
  name: 'all',
  accepts: 'biufcO',
  outs: [{ dtype: outBool }],
  identity: () => 1,
  stages: foldStages('all', (x) => s.truth(x)),
  constant: true,
  object: (x, y) => x && y,
  objectEmpty: true,
})

/** Where the extreme complex elements lie, by real part, then imaginary part; where there are NaNs, those. */
function extremeComplex(z: Value, axes: readonly number[], greatest: boolean): Value {
  const extreme = (x: Value) => (greatest ? amax : amin)(x, axes, true)
  const byReal = eq(real(z), extreme(real(z)))
  const rest = where(byReal, imag(z), greatest ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
  const nan = isnan(z)
  return where(any(nan, axes, true), nan, logicalAnd(byReal, eq(imag(z), extreme(rest))))
}

/** The index of the first extremum in C order of the reduced axes; the first NaN where there is one. */
const position = (name: string, monoid: 'argmin' | 'argmax', better: (x: any, y: any) => boolean): Reduction => {
  const row = reduction({
    name,
    accepts: 'biufO',
    outs: [{ dtype: () => int64 }],
    stages: ({ b, load, store }) => {
      let at = 0
      b.stage('reduce', (fold) => {
        const x = load() as Reg
        at = fold(monoid, x.type === 'b1' ? s.cast(x, 'u32') : x)
      })
      b.stage('outer', () => store(0, b.acc(at)))
    },
    constant: true,
    objectIndex: better,
  })
  const call = (x: Value, axes: number | readonly number[] | null = null, keepdims = false): Value => {
    if (!x.dtype.isComplex || x.shape.includes(0)) return row(x, axes, keepdims)
    return argmax(extremeComplex(x, normalizeAxes(axes, x.ndim, name), monoid === 'argmax'), axes, keepdims)
  }
  return withRules(call, Object.assign(Object.create(null), row, { name, accepts: 'biufcO' }))
}
/** The index of the first greatest element. */
export const argmax: Reduction = position('argmax', 'argmax', (x, y) => x > y)
/** The index of the first least element. */
export const argmin: Reduction = position('argmin', 'argmin', (x, y) => x < y)
