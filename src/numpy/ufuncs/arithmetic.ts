/** Ufuncs of arithmetic. */

import * as p from '../../ops/index.ts'
import { type BinaryUfunc, type UnaryUfunc, ufunc } from '../ufunc.ts'
import { ALL, INEXACT, integersToFloat64, NUMERIC, REAL_NUMBERS, refuseNegativePowers } from './loops.ts'

const noBoolLoop = (name: string): string =>
  `ufunc '${name}' did not contain a loop with signature matching types (<class 'numpy.dtypes.BoolDType'>, <class 'numpy.dtypes.BoolDType'>) -> None`

/**
 * The sum of two arrays, item by item. Booleans are combined by or.
 *
 * @example
 * np.add([1, 2], [10, 20]) // => array([11, 22])
 * np.add([[1], [2]], [0.5, 1.5]) // => array([[1.5, 2.5],
 *                                //            [2.5, 3.5]])
 */
export const add: BinaryUfunc = ufunc({
  name: 'add',
  row: p.add,
  loops: ALL,
  identity: 0,
})

/**
 * The difference of two arrays. A TypeError for booleans.
 *
 * @example
 * np.subtract([5, 7], 2) // => array([3, 5])
 */
export const subtract: BinaryUfunc = ufunc({
  name: 'subtract',
  row: p.sub,
  loops: NUMERIC,
  noBool:
    'numpy boolean subtract, the `-` operator, is not supported, use the bitwise_xor, the `^` operator, or the logical_xor function instead.',
})

/**
 * The product of two arrays, item by item. Booleans are combined by and.
 *
 * @example
 * np.multiply([1, 2, 3], [4, 5, 6]) // => array([ 4, 10, 18])
 */
export const multiply: BinaryUfunc = ufunc({
  name: 'multiply',
  vanishes: true,
  row: p.mul,
  loops: ALL,
  identity: 1,
})

/**
 * The quotient of two arrays, floating even for integers (then float64).
 *
 * @example
 * np.divide([1, 2], 4) // => array([0.25, 0.5 ])
 */
export const divide: BinaryUfunc = ufunc({
  name: 'divide',
  row: p.div,
  loops: INEXACT,
  resolve: integersToFloat64,
  poles: 1,
  vanishes: true,
})

/**
 * The quotient rounded down. Integers divided by zero give 0.
 *
 * @example
 * np.floor_divide([7, -7], 2) // => array([ 3, -4])
 */
export const floor_divide: BinaryUfunc = ufunc({ name: 'floor_divide', row: p.floorDivide, loops: REAL_NUMBERS, poles: 1 })

/**
 * What `floor_divide` leaves, with the sign of the divisor, as Python's `%`.
 *
 * @example
 * np.remainder([7, -7], 3) // => array([1, 2])
 */
export const remainder: BinaryUfunc = ufunc({ name: 'remainder', row: p.remainder, loops: REAL_NUMBERS, poles: 1 })

/**
 * What truncated division leaves, with the sign of the dividend, as C's `fmod` and JavaScript's `%`.
 *
 * @example
 * np.fmod([7, -7], 3) // => array([ 1, -1])
 */
export const fmod: BinaryUfunc = ufunc({ name: 'fmod', row: p.fmod, loops: REAL_NUMBERS, poles: 1 })

/**
 * The first array raised to the powers in the second. A ValueError for integers with negative powers.
 *
 * @example
 * np.power([1, 2, 3], 2) // => array([1, 4, 9])
 * np.power(2.0, [0.5, -1]) // => array([1.41421356, 0.5       ])
 */
export const power: BinaryUfunc = ufunc({
  name: 'power',
  row: p.power,
  loops: NUMERIC,
  special: refuseNegativePowers,
  poles: 0,
  vanishes: true,
})

/**
 * The first array raised to the powers in the second, in float64 or complex128 always.
 *
 * @example
 * np.float_power([1, 2, 3], -1) // => array([1.        , 0.5       , 0.33333333])
 */
export const float_power: BinaryUfunc = ufunc({ name: 'float_power', row: p.power, loops: 'dD', poles: 0, vanishes: true })

/**
 * Each item with its sign changed. A TypeError for booleans.
 *
 * @example
 * np.negative([1, -2]) // => array([-1,  2])
 */
export const negative: UnaryUfunc = ufunc({
  name: 'negative',
  row: p.neg,
  loops: NUMERIC,
  noBool: 'The numpy boolean negative, the `-` operator, is not supported, use the `~` operator or the logical_not function instead.',
})

/**
 * A copy of each item.
 *
 * @example
 * np.positive([1, -2]) // => array([ 1, -2])
 */
export const positive: UnaryUfunc = ufunc({
  name: 'positive',
  row: p.positive,
  loops: NUMERIC,
  noBool: "ufunc 'positive' did not contain a loop with signature matching types <class 'numpy.dtypes.BoolDType'> -> None",
})

/**
 * The absolute value of each item; the modulus of complex numbers.
 *
 * @example
 * np.absolute([-1.5, 2]) // => array([1.5, 2. ])
 */
export const absolute: UnaryUfunc = ufunc({ name: 'absolute', row: p.abs, loops: ALL })

/**
 * The absolute value of each item as a float.
 *
 * @example
 * np.fabs([-1, 2]) // => array([1., 2.])
 */
export const fabs: UnaryUfunc = ufunc({ name: 'fabs', row: p.fabs, loops: 'efdO' })

/**
 * -1, 0 or 1 by the sign of each item; `z / |z|` of complex numbers.
 *
 * @example
 * np.sign([-5, 0, 3]) // => array([-1,  0,  1])
 */
export const sign: UnaryUfunc = ufunc({
  name: 'sign',
  row: p.sign,
  loops: NUMERIC,
  noBool: "ufunc 'sign' did not contain a loop with signature matching types <class 'numpy.dtypes.BoolDType'> -> None",
})

/**
 * Each item times itself.
 *
 * @example
 * np.square([1, -2, 3]) // => array([1, 4, 9])
 */
export const square: UnaryUfunc = ufunc({ name: 'square', row: p.square, loops: NUMERIC, vanishes: true })

/**
 * `1 / x` of each item; truncated for integers.
 *
 * @example
 * np.reciprocal([0.5, 4]) // => array([2.  , 0.25])
 */
export const reciprocal: UnaryUfunc = ufunc({ name: 'reciprocal', row: p.reciprocal, loops: NUMERIC, poles: 0 })

/**
 * The square root of each item; NaN of negative reals.
 *
 * @example
 * np.sqrt([1, 4, 2]) // => array([1.        , 2.        , 1.41421356])
 */
export const sqrt: UnaryUfunc = ufunc({ name: 'sqrt', row: p.sqrt, loops: INEXACT })

/**
 * The cube root of each item.
 *
 * @example
 * np.cbrt([1, 8, -27]) // => array([ 1.,  2., -3.])
 */
export const cbrt: UnaryUfunc = ufunc({ name: 'cbrt', row: p.cbrt, loops: 'efdO' })

/**
 * The length of the hypotenuse, `sqrt(x1^2 + x2^2)`, without overflow.
 *
 * @example
 * np.hypot(3, 4) // => 5
 */
export const hypot: BinaryUfunc = ufunc({ name: 'hypot', row: p.hypot, loops: 'efdO', identity: 0 })

/**
 * The greatest common divisor of integers.
 *
 * @example
 * np.gcd([12, 20], 8) // => array([4, 4])
 */
export const gcd: BinaryUfunc = ufunc({ name: 'gcd', row: p.gcd, loops: 'bBhHiIlL', noBool: noBoolLoop('gcd'), identity: 0 })

/**
 * The least common multiple of integers.
 *
 * @example
 * np.lcm(4, [6, 10]) // => array([12, 20])
 */
export const lcm: BinaryUfunc = ufunc({ name: 'lcm', row: p.lcm, loops: 'bBhHiIlL', noBool: noBoolLoop('lcm') })

/**
 * 0 below zero, the second array at zero, 1 above.
 *
 * @example
 * np.heaviside([-1.5, 0, 2], 0.5) // => array([0. , 0.5, 1. ])
 */
export const heaviside: BinaryUfunc = ufunc({ name: 'heaviside', row: p.heaviside, loops: 'efd' })

/**
 * The greater of two items; NaN where either is.
 *
 * @example
 * np.maximum([1, 5], [3, 2]) // => array([3, 5])
 */
export const maximum: BinaryUfunc = ufunc({ name: 'maximum', row: p.maximum, loops: ALL })

/**
 * The lesser of two items; NaN where either is.
 *
 * @example
 * np.minimum([1, 5], [3, 2]) // => array([1, 2])
 */
export const minimum: BinaryUfunc = ufunc({ name: 'minimum', row: p.minimum, loops: ALL })

/**
 * The greater of two items; a number beside NaN.
 *
 * @example
 * np.fmax([1, NaN], 0) // => array([1., 0.])
 */
export const fmax: BinaryUfunc = ufunc({ name: 'fmax', row: p.fmax, loops: ALL, reorderable: true })

/**
 * The lesser of two items; a number beside NaN.
 *
 * @example
 * np.fmin([1, NaN], 2) // => array([1., 2.])
 */
export const fmin: BinaryUfunc = ufunc({ name: 'fmin', row: p.fmin, loops: ALL, reorderable: true })

/**
 * The complex conjugate of each item.
 *
 * @example
 * np.conjugate([np.complex(1, 2)]) // => array([1.-2.j])
 */
export const conjugate: UnaryUfunc = ufunc({ name: 'conjugate', row: p.conj.primitive, loops: NUMERIC })

/** The same function as `divide`. */
export const true_divide = divide

/** The same function as `remainder`. */
export const mod = remainder

/** The same function as `power`. */
export const pow = power

/** The same function as `absolute`. */
export const abs = absolute

/** The same function as `conjugate`. */
export const conj = conjugate
