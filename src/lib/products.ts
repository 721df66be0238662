/** Products of arrays over axes, as transposes, reshapes and matmul. Inputs share a dtype; the facades promote. */

import { ShapeError, shapeText, ValueError } from '../core/errors.ts'
import { linear } from '../core/linear.ts'
import { normalizeAxes, type Shape, sizeOf } from '../core/shape.ts'
import type { Value } from '../core/value.ts'
import { matmul as matmulRow } from '../ops/contraction/matmul.ts'
import { mul } from '../ops/elementwise/arithmetic.ts'
import { reshape } from '../ops/movement/reshape.ts'
import { transpose } from '../ops/movement/transpose.ts'

/** The matrix product where a 1-d argument is a row on the left or a column on the right, and its axis is gone from the result. */
export function matmul(a: Value, b: Value): Value {
  if (a.ndim === 0 || b.ndim === 0) {
    throw new ShapeError(`matmul(): expected arguments of at least 1 dimension, got ${a.ndim} and ${b.ndim}`, {
      op: 'matmul',
      shapes: [a.shape, b.shape],
    })
  }
  const left = a.ndim === 1 ? reshape(a, [1, ...a.shape]) : a
  const right = b.ndim === 1 ? reshape(b, [...b.shape, 1]) : b
  const out = matmulRow(left, right)
  if (a.ndim > 1 && b.ndim > 1) return out
  const lead = out.shape.slice(0, -2)
  const [m, n] = out.shape.slice(-2)
  return reshape(out, [...lead, ...(a.ndim === 1 ? [] : [m!]), ...(b.ndim === 1 ? [] : [n!])])
}

/** The sum of products over pairs of axes: those left of a, then those left of b. */
export function tensordot(a: Value, b: Value, axesA: readonly number[], axesB: readonly number[]): Value {
  const as = normalizeAxes(axesA, a.ndim, 'tensordot')
  const bs = normalizeAxes(axesB, b.ndim, 'tensordot')
  if (as.length !== bs.length || as.some((axis, i) => a.shape[axis] !== b.shape[bs[i]!])) {
    throw new ShapeError('shape-mismatch for sum', { op: 'tensordot', shapes: [a.shape, b.shape] })
  }
  const freeA = a.shape.map((_, i) => i).filter((i) => !as.includes(i))
  const freeB = b.shape.map((_, i) => i).filter((i) => !bs.includes(i))
  const sizes = (x: Value, axes: readonly number[]): Shape => axes.map((i) => x.shape[i]!)
  const k = sizeOf(sizes(a, as))
  const left = reshape(transpose(a, [...freeA, ...as]), [sizeOf(sizes(a, freeA)), k])
  const right = reshape(transpose(b, [...bs, ...freeB]), [k, sizeOf(sizes(b, freeB))])
  return reshape(matmulRow(left, right), [...sizes(a, freeA), ...sizes(b, freeB)])
}

const mismatch = (op: string, a: Value, b: Value, i: number, j: number): ShapeError =>
  new ShapeError(
    `shapes ${shapeText(a.shape).replaceAll(' ', '')} and ${shapeText(b.shape).replaceAll(' ', '')} not aligned: ${a.shape[i]} (dim ${i}) != ${b.shape[j]} (dim ${j})`,
    { op, shapes: [a.shape, b.shape] },
  )

/** NumPy's dot: the last axis of a with the last but one of b (the only one of a vector); a product when one is 0-d. */
export function dot(a: Value, b: Value): Value {
  if (a.ndim === 0 || b.ndim === 0) return mul(a, b)
  const i = a.ndim - 1
  const j = Math.max(0, b.ndim - 2)
  if (a.shape[i] !== b.shape[j]) throw mismatch('dot', a, b, i, j)
  return b.ndim <= 2 ? matmul(a, b) : tensordot(a, b, [i], [j])
}

/** The last axis of a with the last axis of b. */
export function inner(a: Value, b: Value): Value {
  if (a.ndim === 0 || b.ndim === 0) return mul(a, b)
  if (a.shape[a.ndim - 1] !== b.shape[b.ndim - 1]) throw mismatch('inner', a, b, a.ndim - 1, b.ndim - 1)
  return tensordot(a, b, [a.ndim - 1], [b.ndim - 1])
}

const flat = (x: Value): Value => reshape(x, [sizeOf(x.shape)])

/** Every element of a with every element of b, both taken as vectors. */
export function outer(a: Value, b: Value): Value {
  return mul(reshape(a, [sizeOf(a.shape), 1]), flat(b))
}

/** The dot product of two arrays as vectors, with the first conjugated. */
export function vdot(a: Value, b: Value): Value {
  const [x, y] = [flat(a), flat(b)]
  if (x.shape[0] !== y.shape[0])
    throw new ValueError('cannot reshape array: vdot needs arrays of the same size', { op: 'vdot', shapes: [a.shape, b.shape] })
  return matmul(linear.conj(x), y)
}

/** The Kronecker product: a's elements each times the whole of b. */
export function kron(a: Value, b: Value): Value {
  const rank = Math.max(a.ndim, b.ndim)
  const wide = (x: Value): Shape => [...new Array<number>(rank - x.ndim).fill(1), ...x.shape]
  const [as, bs] = [wide(a), wide(b)]
  const product = mul(
    reshape(
      a,
      as.flatMap((n) => [n, 1]),
    ),
    reshape(
      b,
      bs.flatMap((n) => [1, n]),
    ),
  )
  return reshape(
    product,
    as.map((n, i) => n * bs[i]!),
  )
}
