/** Ufuncs of exponentials and logarithms. */

import * as p from '../../ops/index.ts'
import { type BinaryUfunc, type UnaryUfunc, ufunc } from '../ufunc.ts'
import { INEXACT } from './loops.ts'

/**
 * `e ** x` of each item.
 *
 * @example
 * np.exp([0, 1]) // => array([1.        , 2.71828183])
 */
export const exp: UnaryUfunc = ufunc({ name: 'exp', row: p.exp, loops: INEXACT, vanishes: true })

/**
 * `2 ** x` of each item.
 *
 * @example
 * np.exp2([3, -1]) // => array([8. , 0.5])
 */
export const exp2: UnaryUfunc = ufunc({ name: 'exp2', row: p.exp2, loops: INEXACT, vanishes: true })

/**
 * `e ** x - 1` of each item, exact near 0.
 *
 * @example
 * np.expm1(1e-10) // => 1.00000000005e-10
 */
export const expm1: UnaryUfunc = ufunc({ name: 'expm1', row: p.expm1, loops: INEXACT })

/**
 * The natural logarithm of each item; NaN of negative reals.
 *
 * @example
 * np.log([1, np.e]) // => array([0., 1.])
 */
export const log: UnaryUfunc = ufunc({ name: 'log', row: p.log, loops: INEXACT, poles: 'any' })

/**
 * The logarithm to base 2 of each item.
 *
 * @example
 * np.log2([1, 8]) // => array([0., 3.])
 */
export const log2: UnaryUfunc = ufunc({ name: 'log2', row: p.log2, loops: INEXACT, poles: 'any' })

/**
 * The logarithm to base 10 of each item.
 *
 * @example
 * np.log10([1, 1000]) // => array([0., 3.])
 */
export const log10: UnaryUfunc = ufunc({ name: 'log10', row: p.log10, loops: INEXACT, poles: 'any' })

/**
 * `log(1 + x)` of each item, exact near 0.
 *
 * @example
 * np.log1p(1e-10) // => 9.999999999500001e-11
 */
export const log1p: UnaryUfunc = ufunc({ name: 'log1p', row: p.log1p, loops: INEXACT, poles: 'any' })

/**
 * `log(e^x1 + e^x2)` without overflow.
 *
 * @example
 * np.logaddexp(1000, 1000) // => 1000.6931471805599
 */
export const logaddexp: BinaryUfunc = ufunc({ name: 'logaddexp', row: p.logaddexp, loops: 'efd', identity: Number.NEGATIVE_INFINITY })

/**
 * `log2(2^x1 + 2^x2)` without overflow.
 *
 * @example
 * np.logaddexp2(10, 10) // => 11
 */
export const logaddexp2: BinaryUfunc = ufunc({ name: 'logaddexp2', row: p.logaddexp2, loops: 'efd', identity: Number.NEGATIVE_INFINITY })
