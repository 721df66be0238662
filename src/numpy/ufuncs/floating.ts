/** Ufuncs of rounding and of the parts of floats. */

import * as p from '../../ops/index.ts'
import { type BinaryUfunc, type UnaryUfunc, ufunc } from '../ufunc.ts'
import { byFirst, INEXACT, keepExact } from './loops.ts'

/**
 * The greatest whole number not above each item. Integers stay integers.
 *
 * @example
 * np.floor([1.7, -1.7]) // => array([ 1., -2.])
 */
export const floor: UnaryUfunc = ufunc({ name: 'floor', row: p.floor, loops: '?bBhHiIlLefdO', resolve: keepExact })

/**
 * The least whole number not below each item. Integers stay integers.
 *
 * @example
 * np.ceil([1.2, -1.7]) // => array([ 2., -1.])
 */
export const ceil: UnaryUfunc = ufunc({ name: 'ceil', row: p.ceil, loops: '?bBhHiIlLefdO', resolve: keepExact })

/**
 * Each item without its fraction. Integers stay integers.
 *
 * @example
 * np.trunc([1.7, -1.7]) // => array([ 1., -1.])
 */
export const trunc: UnaryUfunc = ufunc({ name: 'trunc', row: p.trunc, loops: '?bBhHiIlLefdO', resolve: keepExact })

/**
 * The nearest whole number, halves to even.
 *
 * @example
 * np.rint([0.5, 1.5, 2.4]) // => array([0., 2., 2.])
 */
export const rint: UnaryUfunc = ufunc({ name: 'rint', row: p.rint, loops: INEXACT })

/**
 * The size of the first item with the sign of the second.
 *
 * @example
 * np.copysign([1, 2], -0.5) // => array([-1., -2.])
 */
export const copysign: BinaryUfunc = ufunc({ name: 'copysign', row: p.copysign, loops: 'efd' })

/**
 * The next float after the first item towards the second.
 *
 * @example
 * np.nextafter(1, 2) // => 1.0000000000000002
 */
export const nextafter: BinaryUfunc = ufunc({ name: 'nextafter', row: p.nextafter, loops: 'efd' })

/**
 * The gap to the next float away from zero.
 *
 * @example
 * np.spacing(1) // => 2.220446049250313e-16
 */
export const spacing: UnaryUfunc = ufunc({ name: 'spacing', row: p.spacing, loops: 'efd' })

/**
 * `x1 * 2 ** x2` for integers `x2`.
 *
 * @example
 * np.ldexp(5.5, [0, 1, 2]) // => array([ 5.5, 11. , 22. ])
 */
export const ldexp: BinaryUfunc = ufunc({ name: 'ldexp', row: p.ldexp, loops: 'efd', resolve: byFirst, mixed: true, vanishes: true })
