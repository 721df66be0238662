/** Sums, products and counts over axes. */

import { type DType, int64 } from '../../core/dtype.ts'
import { linear } from '../../core/linear.ts'
import { withRules } from '../../core/primitive.ts'
import { normalizeAxes, reducedShape, type Shape, sameShape, sizeOf } from '../../core/shape.ts'
import type { Reg } from '../../core/symbolic/builder.ts'
import * as s from '../../core/symbolic/scalar.ts'
import type { Value } from '../../core/value.ts'
import { mul } from '../elementwise/arithmetic.ts'
import { where } from '../elementwise/choice.ts'
import { pad } from '../movement/concatenate.ts'
import { flip, narrow } from '../movement/slice.ts'
import { foldStages, keepAxes, type Reduction, reduction, spread } from './family.ts'

const masked = (x: Value, mask: Value | undefined, other: number): Value => (mask ? where(mask, x, other) : x)

/** The sum over axes: pairwise, so that rounding errors grow with the logarithm of the size. */
export const sum: Reduction = reduction({
  name: 'sum',
  accepts: 'biufcO',
  identity: () => 0,
  stages: foldStages('sum'),
  vjp: ([ct], { inAvals, params, ins }) => {
    if (!ct) return [null]
    const all = spread(ct, inAvals[0]!.shape, params)
    return [linear.cast(inAvals.length > 1 ? where(ins[1]!, all, 0) : all, inAvals[0]!.dtype), null]
  },
  jvp: ([t], ins, _, { axes, keepdims, dtype }) => [t && sum(t, axes, keepdims, dtype, ins[1])],
  object: (x, y) => (typeof x?.add === 'function' ? x.add(y) : x + y),
  objectEmpty: 0,
})

/** The transpose of broadcasting: x summed down to a shape that broadcasts to its own. */
export function sumTo(x: Value, shape: Shape): Value {
  if (sameShape(x.shape, shape)) return x
  const lead = x.ndim - shape.length
  const axes = x.shape.map((_, i) => i).filter((i) => i < lead || (shape[i - lead] === 1 && x.shape[i] !== 1))
  return linear.reshape(sum(x, axes, true), shape)
}

/** x[..., n] as [..., m, 2], padded with ones. */
const paired = (x: Value): Value => {
  const n = x.shape.at(-1)!
  const even =
    n % 2 === 0
      ? x
      : pad(
          x,
          x.shape.map(() => 0),
          x.shape.map((_, i) => (i === x.ndim - 1 ? 1 : 0)),
          1,
        )
  return linear.reshape(even, [...x.shape.slice(0, -1), Math.ceil(n / 2), 2])
}

/**
 * The products of all elements but one along the last axis, times ct: products go up a binary tree, and each node hands its
 * cotangent times its sibling down. No division, so that zeros are nothing special, in derivatives of derivatives either.
 */
function timesOthers(ct: Value, x: Value): Value {
  const n = x.shape.at(-1)!
  if (n === 1) return linear.reshape(ct, x.shape)
  const pairs = paired(x)
  const below = n === 2 ? ct : timesOthers(ct, halved(pairs))
  const spreadBelow = linear.reshape(below, [...pairs.shape.slice(0, -1), 1])
  const down = mul(spreadBelow, flip(pairs, pairs.ndim - 1))
  const flat = linear.reshape(down, [...x.shape.slice(0, -1), 2 * pairs.shape.at(-2)!])
  return narrow(flat, flat.ndim - 1, 0, n)
}
const part = (pairs: Value, i: number): Value => narrow(pairs, pairs.ndim - 1, i, 1)
const halved = (pairs: Value): Value => linear.reshape(mul(part(pairs, 0), part(pairs, 1)), pairs.shape.slice(0, -1))

/** The reduced axes last, as one. */
function asRows(x: Value, axes: readonly number[]): { rows: Value; order: number[] } {
  const order = [...x.shape.map((_, i) => i).filter((i) => !axes.includes(i)), ...axes]
  const outer = order.slice(0, x.ndim - axes.length).map((i) => x.shape[i]!)
  return { rows: linear.reshape(linear.transpose(x, order), [...outer, sizeOf(axes.map((a) => x.shape[a]!))]), order }
}

/** Conjugated products of the other elements times ct, in x's shape. */
function prodCotangent(ct: Value, x: Value, axes: readonly number[]): Value {
  const { rows, order } = asRows(x, axes)
  const grads = timesOthers(asRows(ct, axes).rows, linear.conj(rows))
  const back = order.map((_, i) => order.indexOf(i))
  return linear.transpose(
    linear.reshape(
      grads,
      order.map((i) => x.shape[i]!),
    ),
    back,
  )
}

const realProd: Reduction = reduction({
  name: 'prod',
  accepts: 'biufO',
  identity: () => 1,
  stages: foldStages('prod'),
  vjp: ([ct], { ins, inAvals, params }) => {
    const { shape, dtype } = inAvals[0]!
    if (!ct || sizeOf(shape) === 0) return [ct && linear.full(shape, 0, dtype, ct.device), null]
    const x = masked(linear.cast(ins[0]!, params.dtype ?? dtype), inAvals.length > 1 ? ins[1] : undefined, 1)
    const g = prodCotangent(keepAxes(ct, shape, params), x, params.axes)
    return [linear.cast(inAvals.length > 1 ? where(ins[1]!, g, 0) : g, dtype), null]
  },
  jvp: ([t], ins, outs, { axes, keepdims, dtype = ins[0]!.dtype }) => {
    if (!t) return [null]
    const x = masked(linear.cast(ins[0]!, dtype), ins[1], 1)
    if (sizeOf(x.shape) === 0) return [linear.full(outs[0]!.shape, 0, outs[0]!.dtype, t.device)]
    const one = linear.full(
      x.shape.map((n, i) => (axes.includes(i) ? 1 : n)),
      1,
      x.dtype,
      t.device,
    )
    const others = linear.conj(prodCotangent(one, x, axes))
    return [sum(mul(others, masked(linear.cast(t, dtype), ins[1], 0)), axes, keepdims)]
  },
  saves: 'ins',
  object: (x, y) => (typeof x?.multiply === 'function' ? x.multiply(y) : x * y),
  objectEmpty: 1,
})

/** A product of complex numbers does not go by parts: it is a tree of multiplications, with their derivatives. */
function complexProd(x: Value, axes: readonly number[], keepdims: boolean): Value {
  let { rows } = asRows(x, axes)
  const n = rows.shape.at(-1)!
  const shape = reducedShape(x.shape, axes, keepdims)
  if (n === 0) return linear.full(shape, 1, x.dtype, x.device)
  while (rows.shape.at(-1)! > 1) rows = halved(paired(rows))
  return linear.reshape(rows, shape)
}

/** The product over axes: `prod(x, axes, keepdims, dtype, mask)`. */
export const prod: Reduction = withRules(
  (x: Value, axes?: number | readonly number[] | null, keepdims = false, dtype?: DType, mask?: Value): Value => {
    if (!(dtype ?? x.dtype).isComplex) return realProd(x, axes, keepdims, dtype, mask)
    const z = masked(linear.cast(x, dtype ?? x.dtype), mask, 1)
    return complexProd(z, normalizeAxes(axes, x.ndim, 'prod'), keepdims)
  },
  Object.assign(Object.create(null), realProd, { name: 'prod', accepts: 'biufcO' }),
)

/** How many elements are not zero, as int64. */
export const countNonzero: Reduction = reduction({
  name: 'count_nonzero',
  accepts: 'biufc',
  outs: [{ dtype: () => int64 }],
  identity: () => 0,
  stages: foldStages('sum', (x) => s.cast(s.truth(x) as Reg, 'i64')),
  constant: true,
})
