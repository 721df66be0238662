/** NumPy's constants. */

/** Euler's number. */
export const e: number = Math.E
/** The ratio of a circle's circumference to its diameter. */
export const pi: number = Math.PI
/** Euler's constant, gamma. */
export const euler_gamma: number = 0.5772156649015329
/** Positive infinity. */
export const inf: number = Number.POSITIVE_INFINITY
/** Not a number. */
export const nan: number = Number.NaN
/** A new axis of length 1, as a key: the same as null. */
export const newaxis: null = null
