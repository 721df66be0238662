/** Ufuncs that compare and that ask for truth. */

import * as p from '../../ops/index.ts'
import { type BinaryUfunc, type UnaryUfunc, ufunc } from '../ufunc.ts'
import { ALL, comparison, PLAIN } from './loops.ts'

/**
 * Whether items are equal. Integers are compared exactly, also int64 with uint64.
 *
 * @example
 * np.equal([1, 2, 3], [1, 0, 3]) // => array([ True, False,  True])
 */
export const equal: BinaryUfunc = ufunc({ name: 'equal', row: p.eq, loops: ALL, special: comparison('eq') })

/**
 * Whether items differ.
 *
 * @example
 * np.not_equal([1, 2], 2) // => array([ True, False])
 */
export const not_equal: BinaryUfunc = ufunc({ name: 'not_equal', row: p.ne, loops: ALL, special: comparison('ne') })

/**
 * Whether items of the first array are below those of the second.
 *
 * @example
 * np.less([1, 2], [2, 2]) // => array([ True, False])
 */
export const less: BinaryUfunc = ufunc({ name: 'less', row: p.lt, loops: ALL, special: comparison('lt') })

/**
 * Whether items of the first array are at most those of the second.
 *
 * @example
 * np.less_equal([1, 2, 3], 2) // => array([ True,  True, False])
 */
export const less_equal: BinaryUfunc = ufunc({ name: 'less_equal', row: p.le, loops: ALL, special: comparison('le') })

/**
 * Whether items of the first array are above those of the second.
 *
 * @example
 * np.greater([1, 2, 3], 2) // => array([False, False,  True])
 */
export const greater: BinaryUfunc = ufunc({ name: 'greater', row: p.gt, loops: ALL, special: comparison('gt') })

/**
 * Whether items of the first array are at least those of the second.
 *
 * @example
 * np.greater_equal([1, 2, 3], 2) // => array([False,  True,  True])
 */
export const greater_equal: BinaryUfunc = ufunc({ name: 'greater_equal', row: p.ge, loops: ALL, special: comparison('ge') })

/**
 * Whether both items are true (not zero).
 *
 * @example
 * np.logical_and([1, 0], [2, 3]) // => array([ True, False])
 */
export const logical_and: BinaryUfunc = ufunc({
  name: 'logical_and',
  row: p.logicalAnd,
  loops: ALL,
  truth: true,
  identity: true,
})

/**
 * Whether one of two items is true (not zero).
 *
 * @example
 * np.logical_or([1, 0], [0, 0]) // => array([ True, False])
 */
export const logical_or: BinaryUfunc = ufunc({
  name: 'logical_or',
  row: p.logicalOr,
  loops: ALL,
  truth: true,
  identity: false,
})

/**
 * Whether exactly one of two items is true (not zero).
 *
 * @example
 * np.logical_xor([1, 0], [2, 3]) // => array([False,  True])
 */
export const logical_xor: BinaryUfunc = ufunc({ name: 'logical_xor', row: p.logicalXor, loops: ALL, truth: true, identity: false })

/**
 * Whether items are false (zero).
 *
 * @example
 * np.logical_not([0, 1.5]) // => array([ True, False])
 */
export const logical_not: UnaryUfunc = ufunc({ name: 'logical_not', row: p.logicalNot, loops: ALL })

/**
 * Whether items are NaN.
 *
 * @example
 * np.isnan([1, NaN]) // => array([False,  True])
 */
export const isnan: UnaryUfunc = ufunc({ name: 'isnan', row: p.isnan, loops: PLAIN })

/**
 * Whether items are infinite.
 *
 * @example
 * np.isinf([Infinity, NaN, 0]) // => array([ True, False, False])
 */
export const isinf: UnaryUfunc = ufunc({ name: 'isinf', row: p.isinf, loops: PLAIN })

/**
 * Whether items are neither infinite nor NaN.
 *
 * @example
 * np.isfinite([1, Infinity, NaN]) // => array([ True, False, False])
 */
export const isfinite: UnaryUfunc = ufunc({ name: 'isfinite', row: p.isfinite, loops: PLAIN })

/**
 * Whether the sign bit is set, of -0 and negative NaN too.
 *
 * @example
 * np.signbit([-0, 1.5]) // => array([ True, False])
 */
export const signbit: UnaryUfunc = ufunc({ name: 'signbit', row: p.signbit, loops: 'efd' })
