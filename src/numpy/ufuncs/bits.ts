/** Ufuncs on the bits of integers. */

import * as p from '../../ops/index.ts'
import { type BinaryUfunc, type UnaryUfunc, ufunc } from '../ufunc.ts'

/**
 * The bits that are set in both items.
 *
 * @example
 * np.bitwise_and(12, [10, 6]) // => array([8, 4])
 */
export const bitwise_and: BinaryUfunc = ufunc({ name: 'bitwise_and', row: p.bitwiseAnd, loops: '?bBhHiIlLO', identity: -1 })

/**
 * The bits that are set in either item.
 *
 * @example
 * np.bitwise_or(12, 3) // => 15
 */
export const bitwise_or: BinaryUfunc = ufunc({ name: 'bitwise_or', row: p.bitwiseOr, loops: '?bBhHiIlLO', identity: 0 })

/**
 * The bits that are set in exactly one item.
 *
 * @example
 * np.bitwise_xor([5, 6], 3) // => array([6, 5])
 */
export const bitwise_xor: BinaryUfunc = ufunc({ name: 'bitwise_xor', row: p.bitwiseXor, loops: '?bBhHiIlLO', identity: 0 })

/**
 * Every bit turned over; logical not of booleans.
 *
 * @example
 * np.invert([0, 5]) // => array([-1, -6])
 */
export const invert: UnaryUfunc = ufunc({ name: 'invert', row: p.invert, loops: '?bBhHiIlLO' })

/**
 * Bits moved up; 0 for shifts by the width or more.
 *
 * @example
 * np.left_shift(1, [0, 1, 2]) // => array([1, 2, 4])
 */
export const left_shift: BinaryUfunc = ufunc({ name: 'left_shift', row: p.shl, loops: 'bBhHiIlLO' })

/**
 * Bits moved down, keeping the sign.
 *
 * @example
 * np.right_shift([16, -16], 2) // => array([ 4, -4])
 */
export const right_shift: BinaryUfunc = ufunc({ name: 'right_shift', row: p.shr, loops: 'bBhHiIlLO' })

/**
 * The number of bits set in the absolute value, as uint8.
 *
 * @example
 * np.bitwise_count([7, -8]) // => array([3, 1], dtype=uint8)
 */
export const bitwise_count: UnaryUfunc = ufunc({ name: 'bitwise_count', row: p.popcount, loops: 'bBhHiIlL' })

/** The same function as `invert`. */
export const bitwise_not = invert

/** The same function as `invert`. */
export const bitwise_invert = invert

/** The same function as `left_shift`. */
export const bitwise_left_shift = left_shift

/** The same function as `right_shift`. */
export const bitwise_right_shift = right_shift
