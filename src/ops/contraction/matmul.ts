/** The matrix product. */

import { bind } from '../../core/bind.ts'
import { items, writeItems } from '../../core/element.ts'
import { DTypeError, ShapeError } from '../../core/errors.ts'
import { alignBatch, linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import { broadcastPair, type Shape } from '../../core/shape.ts'
import type { Aval, Value } from '../../core/value.ts'
import { broadcastView, type View } from '../../core/view.ts'
import { add, mul } from '../elementwise/arithmetic.ts'
import { ofItems } from '../elementwise/family.ts'
import { mT } from '../movement/transpose.ts'

/** The transposed, conjugated matrices. */
export const mH = (x: Value): Value => linear.conj(mT(x))

function inferShape(a: Aval, b: Aval): Shape {
  const fail = (): never => {
    throw new ShapeError(`matmul(): expected a[..., m, k] and b[..., k, n], got [${a.shape.join(', ')}] and [${b.shape.join(', ')}]`, {
      op: 'matmul',
      shapes: [a.shape, b.shape],
    })
  }
  if (a.shape.length < 2 || b.shape.length < 2) fail()
  const [m, k] = a.shape.slice(-2)
  const [k2, n] = b.shape.slice(-2)
  const lead = broadcastPair(a.shape.slice(0, -2), b.shape.slice(0, -2))
  if (k !== k2 || !lead) return fail()
  return [...lead, m!, n!]
}

const spread = (v: View, shape: Shape): View => broadcastView(v, [...shape.slice(0, -2), ...v.shape.slice(-2)])

/** Sums of products of objects, each by the item's own method or JavaScript's operator. */
function objectProduct(a: View, b: View, out: View): void {
  const as = items(a)
  const bs = items(b)
  const [m, n] = out.shape.slice(-2) as [number, number]
  const k = a.shape[a.ndim - 1]!
  const method = (name: string, fallback: ((x: any, y: any) => unknown) | undefined) => (x: any, y: any) =>
    typeof x?.[name] === 'function' ? x[name](y) : ofItems('matmul', [x, y], fallback!)
  const times = method(mul.name, mul.spec.object)
  const plus = method(add.name, add.spec.object)
  const results = Array.from({ length: out.size }, (_, flat) => {
    const matrix = Math.floor(flat / (m * n))
    const row = (matrix * m + (Math.floor(flat / n) % m)) * k
    const column = matrix * k * n + (flat % n)
    let sum: unknown = 0
    for (let i = 0; i < k; i++) {
      const product = times(as[row + i], bs[column + i * n])
      sum = i === 0 ? product : plus(sum, product)
    }
    return sum
  })
  writeItems(out, results)
}

const rules: Rules<null> = {
  name: 'matmul',
  family: 'contraction',
  gradName: 'MmBackward0',
  saves: 'ins',
  infer: ([a, b]) => {
    if (a!.dtype !== b!.dtype) {
      throw new DTypeError(`matmul(): inputs must share a dtype here, got ${a!.dtype.name} and ${b!.dtype.name}`, {
        op: 'matmul',
        dtypes: [a!.dtype.name, b!.dtype.name],
      })
    }
    return [{ shape: inferShape(a!, b!), dtype: a!.dtype }]
  },
  lower: (backend, [out], [a, b]) => backend.call('matmul', [out!], [spread(a!, out!.shape), spread(b!, out!.shape)]),
  objects: ([a, b], _, [out]) => objectProduct(spread(a!, out!.shape), spread(b!, out!.shape), out!),
  vjp: ([ct], { ins, inAvals, needs }) => {
    if (!ct) return [null, null]
    return [
      needs[0] ? linear.sumTo(matmul(ct, mH(ins[1]!)), inAvals[0]!.shape) : null,
      needs[1] ? linear.sumTo(matmul(mH(ins[0]!), ct), inAvals[1]!.shape) : null,
    ]
  },
  // d(AB) = dA B + A dB
  jvp: ([ta, tb], [a, b]) => {
    const left = ta ? matmul(ta, b!) : null
    const right = tb ? matmul(a!, tb) : null
    return [left && right ? linear.add(left, right) : (left ?? right)]
  },
  batch: ([a, b], [da, db]) => {
    const rank = Math.max(a!.ndim - (da === null ? 0 : 1), b!.ndim - (db === null ? 0 : 1))
    return [[bind(rules, [alignBatch(a!, da!, rank), alignBatch(b!, db!, rank)], null)[0]!], [0]]
  },
}

/**
 * The product of the last two axes; leading axes broadcast. One matrix on the right of many is one large product, which is faster
 * forward and backward.
 */
export const matmul = withRules((a: Value, b: Value): Value => {
  if (b.ndim === 2 && a.ndim > 2 && a.shape[a.ndim - 1] === b.shape[0] && !a.shape.includes(0)) {
    const k = b.shape[0]!
    const rows = linear.reshape(a, [a.shape.slice(0, -1).reduce((p, n) => p * n, 1), k])
    return linear.reshape(bind(rules, [rows, b], null)[0]!, [...a.shape.slice(0, -1), b.shape[1]!])
  }
  return bind(rules, [a, b], null)[0]!
}, rules)
