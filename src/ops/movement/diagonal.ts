/** Diagonals of two axes, as views. */

import { bind } from '../../core/bind.ts'
import { ValueError } from '../../core/errors.ts'
import { withRules } from '../../core/primitive.ts'
import { normalizeAxis } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { restride } from '../../core/view.ts'
import { strided } from './family.ts'

export interface DiagonalParams {
  /** Above the main diagonal when positive. */
  readonly shift: number
  readonly axis1: number
  readonly axis2: number
}

const lengthOf = (rows: number, columns: number, shift: number): number =>
  Math.max(0, shift >= 0 ? Math.min(rows, columns - shift) : Math.min(rows + shift, columns))

const others = (n: number, axis1: number, axis2: number): number[] =>
  Array.from({ length: n }, (_, i) => i).filter((i) => i !== axis1 && i !== axis2)

const { rules, transposed, replaced } = strided<DiagonalParams>({
  name: 'diagonal',
  gradName: 'DiagonalBackward0',
  shape: (shape, { shift, axis1, axis2 }) => [
    ...others(shape.length, axis1, axis2).map((i) => shape[i]!),
    lengthOf(shape[axis1]!, shape[axis2]!, shift),
  ],
  view: (v, { shift, axis1, axis2 }) => {
    const rest = others(v.ndim, axis1, axis2)
    const n = lengthOf(v.shape[axis1]!, v.shape[axis2]!, shift)
    const start = n === 0 ? 0 : shift >= 0 ? shift * v.strides[axis2]! : -shift * v.strides[axis1]!
    return restride(
      v,
      [...rest.map((i) => v.shape[i]!), n],
      [...rest.map((i) => v.strides[i]!), v.strides[axis1]! + v.strides[axis2]!],
      v.offset + start,
    )
  },
  batched: ({ shift, axis1, axis2 }) => [{ shift, axis1: axis1 + 1, axis2: axis2 + 1 }, 0],
})

function resolved(ndim: number, shift: number, axis1: number, axis2: number): DiagonalParams {
  if (ndim < 2) throw new ValueError('diag requires an array of at least two dimensions', { op: 'diagonal' })
  const params = { shift, axis1: normalizeAxis(axis1, ndim, 'diagonal'), axis2: normalizeAxis(axis2, ndim, 'diagonal') }
  if (params.axis1 === params.axis2) throw new ValueError('axis1 and axis2 cannot be the same', { op: 'diagonal' })
  return params
}

/** The diagonal of two axes, which becomes the last axis of a view. */
export const diagonal = withRules(
  (x: Value, shift = 0, axis1 = 0, axis2 = 1): Value => bind(rules, [x], resolved(x.ndim, shift, axis1, axis2))[0]!,
  rules,
)

/** Zeros of a shape, but x on a diagonal: what `diagonal` with the same parameters reads. */
export const undiagonal = withRules((x: Value, shape: readonly number[], shift = 0, axis1 = 0, axis2 = 1): Value => {
  return bind(transposed, [x], { shape, params: resolved(shape.length, shift, axis1, axis2) })[0]!
}, transposed)

/** x with a value written to a diagonal. */
export const diagonalPut = withRules((x: Value, v: Value, shift = 0, axis1 = 0, axis2 = 1): Value => {
  return bind(replaced, [x, v], resolved(x.ndim, shift, axis1, axis2))[0]!
}, replaced)
