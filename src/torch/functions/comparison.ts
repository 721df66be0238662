/** Comparisons: element by element, close to each other, and of whole tensors. */

import { type Rest, signature } from '../../core/arguments.ts'
import { bool as BOOL, float64 as F64 } from '../../core/dtype.ts'
import { DTypeError } from '../../core/errors.ts'
import { sameShape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { scalarTypeName } from '../dtype.ts'
import { Tensor, viewOf } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { type Binary, binary } from './makers.ts'
import { checkBroadcast, resultOf, tensorArg } from './support.ts'

const real = (name: string) => (dtype: { isComplex: boolean; name: string }) => {
  if (dtype.isComplex) throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
}

/**
 * Whether elements are equal, as bool.
 *
 * @example
 * ```ts
 * torch.eq(torch.tensor([1, 2]), 2) // => tensor([False,  True])
 * ```
 */
export const eq: Binary = binary('eq', p.eq)
/** Whether elements differ, as bool. */
export const ne: Binary = binary('ne', p.ne)
/** Whether elements are less, as bool. */
export const lt: Binary = binary('lt', p.lt, 'same', real('lt'))
/** Whether elements are less or equal, as bool. */
export const le: Binary = binary('le', p.le, 'same', real('le'))
/** Whether elements are greater, as bool. */
export const gt: Binary = binary('gt', p.gt, 'same', real('gt'))
/** Whether elements are greater or equal, as bool. */
export const ge: Binary = binary('ge', p.ge, 'same', real('ge'))

/** Tolerances of isclose and allclose. */
export interface CloseOptions {
  /** Relative to `other`. Default 1e-5. */
  readonly rtol?: number
  /** Absolute. Default 1e-8. */
  readonly atol?: number
  /** Whether NaN equals NaN. */
  readonly equal_nan?: boolean
}
type CloseArgs = Rest<CloseOptions, ['rtol', 'atol', 'equal_nan']>
const readClose = signature<CloseOptions>('isclose', ['rtol', 'atol', 'equal_nan'], [], 2)

/** Whether `|input - other| <= atol + rtol |other|` for each element, as bool. */
export const isclose = keyed('isclose', 'other ...', (input: Tensor, other: Tensor, ...rest: CloseArgs): Tensor => {
  const { rtol = 1e-5, atol = 1e-8, equal_nan = false } = readClose(rest)
  const [x, y] = [tensorArg('isclose', input).raw.dtype, tensorArg('isclose', other, 'other').raw.dtype]
  if (x !== y) throw new DTypeError(`${scalarTypeName(x)} did not match ${scalarTypeName(y)}`, { op: 'isclose', dtypes: [x.name, y.name] })
  checkBroadcast(input.raw.shape, other.raw.shape)
  return new Tensor(close(input.value, other.value, rtol, atol, equal_nan))
})

function close(a: Value, b: Value, rtol: number, atol: number, equalNan: boolean): Value {
  let same = p.eq(a, b)
  if (!a.dtype.isInexact) {
    if (rtol === 0 && atol === 0) return same
    const wide = (v: Value) => p.cast(v, F64)
    return p.logicalOr(same, within(wide(a), wide(b), rtol, atol))
  }
  if (equalNan) same = p.logicalOr(same, p.logicalAnd(p.isnan(a), p.isnan(b)))
  return p.logicalOr(same, within(a, b, rtol, atol))
}

function within(a: Value, b: Value, rtol: number, atol: number): Value {
  const distance = p.abs(p.sub(a, b))
  return p.logicalAnd(p.isfinite(distance), p.le(distance, p.add(p.mul(p.abs(b), rtol), atol)))
}

/** Whether all elements are close to each other. */
export const allclose = keyed('allclose', 'other ...', (input: Tensor, other: Tensor, ...rest: CloseArgs): boolean => {
  return new Tensor(p.all(isclose(input, other, ...rest).value)).item() as boolean
})

/** Whether two tensors have the same shape and elements. */
export const equal = keyed('equal', 'other', (input: Tensor, other: Tensor): boolean => {
  const [a, b] = [viewOf(tensorArg('equal', input).value), viewOf(tensorArg('equal', other, 'other').value)]
  if (!sameShape(a.shape, b.shape)) return false
  return new Tensor(p.all(p.eq(a, b, { dtype: resultOf('equal', [input, other]) }))).item() as boolean
})

/** Whether each element is among those of another tensor, as bool. */
export const isin = keyed(
  'isin',
  'test_elements ...',
  (elements: Tensor, test_elements: Tensor, options: { readonly invert?: boolean } = {}): Tensor => {
    const x = tensorArg('isin', elements)
    const among = tensorArg('isin', test_elements, 'test_elements')
    const dtype = resultOf('isin', [x, among])
    const sorted = p.sort(p.reshape(p.cast(among.value, dtype), [among.numel()]))
    const values = p.cast(x.value, dtype)
    const n = among.numel()
    if (n === 0) return new Tensor(p.full(x.raw.shape, options.invert === true, BOOL))
    const at = p.minimum(p.searchsorted(sorted, values), n - 1)
    const found = p.eq(p.index(sorted, [at]), values)
    return new Tensor(options.invert ? p.logicalNot(found) : found)
  },
)

export { ge as greater_equal, gt as greater, le as less_equal, lt as less, ne as not_equal }
