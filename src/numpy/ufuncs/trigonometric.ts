/** Ufuncs of trigonometry and its hyperbolic kin. */

import * as p from '../../ops/index.ts'
import { type BinaryUfunc, type UnaryUfunc, ufunc } from '../ufunc.ts'
import { INEXACT } from './loops.ts'

/**
 * The sine of each angle in radians.
 *
 * @example
 * np.sin([0, np.pi / 2]) // => array([0., 1.])
 */
export const sin: UnaryUfunc = ufunc({ name: 'sin', row: p.sin, loops: INEXACT })

/**
 * The cosine of each angle in radians.
 *
 * @example
 * np.cos([0, np.pi]) // => array([ 1., -1.])
 */
export const cos: UnaryUfunc = ufunc({ name: 'cos', row: p.cos, loops: INEXACT })

/**
 * The tangent of each angle in radians.
 *
 * @example
 * np.tan(0) // => 0
 */
export const tan: UnaryUfunc = ufunc({ name: 'tan', row: p.tan, loops: INEXACT })

/**
 * The angle, between -pi/2 and pi/2, whose sine each item is.
 *
 * @example
 * np.arcsin(1) // => 1.5707963267948966
 */
export const arcsin: UnaryUfunc = ufunc({ name: 'arcsin', row: p.asin, loops: INEXACT })

/**
 * The angle, between 0 and pi, whose cosine each item is.
 *
 * @example
 * np.arccos([1, -1]) // => array([0.        , 3.14159265])
 */
export const arccos: UnaryUfunc = ufunc({ name: 'arccos', row: p.acos, loops: INEXACT })

/**
 * The angle, between -pi/2 and pi/2, whose tangent each item is.
 *
 * @example
 * np.arctan(1) // => 0.7853981633974483
 */
export const arctan: UnaryUfunc = ufunc({ name: 'arctan', row: p.atan, loops: INEXACT })

/**
 * The angle of the points (x2, x1), by quadrant.
 *
 * @example
 * np.arctan2([1, -1], [-1, -1]) // => array([ 2.35619449, -2.35619449])
 */
export const arctan2: BinaryUfunc = ufunc({ name: 'arctan2', row: p.atan2, loops: 'efdO' })

/**
 * The hyperbolic sine of each item.
 *
 * @example
 * np.sinh(0) // => 0
 */
export const sinh: UnaryUfunc = ufunc({ name: 'sinh', row: p.sinh, loops: INEXACT })

/**
 * The hyperbolic cosine of each item.
 *
 * @example
 * np.cosh(0) // => 1
 */
export const cosh: UnaryUfunc = ufunc({ name: 'cosh', row: p.cosh, loops: INEXACT })

/**
 * The hyperbolic tangent of each item.
 *
 * @example
 * np.tanh([0, 100]) // => array([0., 1.])
 */
export const tanh: UnaryUfunc = ufunc({ name: 'tanh', row: p.tanh, loops: INEXACT })

/**
 * The inverse of sinh of each item.
 *
 * @example
 * np.arcsinh(0) // => 0
 */
export const arcsinh: UnaryUfunc = ufunc({ name: 'arcsinh', row: p.asinh, loops: INEXACT })

/**
 * The inverse of cosh of each item, not negative; NaN below 1.
 *
 * @example
 * np.arccosh(1) // => 0
 */
export const arccosh: UnaryUfunc = ufunc({ name: 'arccosh', row: p.acosh, loops: INEXACT })

/**
 * The inverse of tanh of each item; infinite at 1 and -1.
 *
 * @example
 * np.arctanh([0, 1]) // => array([ 0., inf])
 */
export const arctanh: UnaryUfunc = ufunc({ name: 'arctanh', row: p.atanh, loops: INEXACT, poles: 'any' })

/**
 * Degrees as radians.
 *
 * @example
 * np.deg2rad(180) // => 3.141592653589793
 */
export const deg2rad: UnaryUfunc = ufunc({ name: 'deg2rad', row: p.deg2rad, loops: 'efdO' })

/**
 * Radians as degrees.
 *
 * @example
 * np.rad2deg(np.pi) // => 180
 */
export const rad2deg: UnaryUfunc = ufunc({ name: 'rad2deg', row: p.rad2deg, loops: 'efdO' })

/** The same function as `deg2rad`. */
export const radians = deg2rad

/** The same function as `rad2deg`. */
export const degrees = rad2deg

/** The same function as `arcsin`. */
export const asin = arcsin

/** The same function as `arccos`. */
export const acos = arccos

/** The same function as `arctan`. */
export const atan = arctan

/** The same function as `arctan2`. */
export const atan2 = arctan2

/** The same function as `arcsinh`. */
export const asinh = arcsinh

/** The same function as `arccosh`. */
export const acosh = arccosh

/** The same function as `arctanh`. */
export const atanh = arctanh
