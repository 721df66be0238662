/** `np.emath`: elementary functions that leave the real numbers where the real ones have no value. */

import { byName } from '../core/by_name.ts'
import { complex64, complex128, type DType, float64 } from '../core/dtype.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, unwrap, wrap } from './convert.ts'
import type { ArrayLike, Result } from './types.ts'
import * as arithmetic from './ufuncs/arithmetic.ts'
import * as exponential from './ufuncs/exponential.ts'
import * as trigonometric from './ufuncs/trigonometric.ts'

/** The complex dtype that NumPy's `emath` changes to: complex64 for float32 and integers of up to 16 bits. */
const toComplex = (dtype: DType): DType =>
  dtype.isComplex ? dtype : dtype.name === 'float32' || ('bhBH'.includes(dtype.char) && dtype.itemsize <= 2) ? complex64 : complex128

const some = (v: Value): boolean => wrap(p.any(v)).item() as unknown as boolean

/** The data as it is, or complex when an item is outside the real domain. */
function leaving(x: ArrayLike, outside: (v: View) => Value): View {
  const v = asView(x)
  if (v.dtype.isComplex || v.dtype.isObject || v.dtype.kind === 'b' || !some(outside(v))) return v
  return castView(v, toComplex(v.dtype))
}
const below0 = (v: View): Value => p.lt(v, 0)
const beyond1 = (v: View): Value => p.gt(p.abs(v), 1)

/** A function of real numbers that takes complex ones where it must. 0-d views go in as arrays of one axis, so that they keep their dtype. */
function extended(f: (x: ArrayLike) => Result, outside: (v: View) => Value): (x: ArrayLike) => Result {
  return (x) => keep(leaving(x, outside), f)
}

function keep(v: View, f: (x: ArrayLike) => Result): Result {
  if (v.ndim > 0) return f(wrap(v))
  return unwrap(p.reshape(asView(f(wrap(p.reshape(v, [1])))), []))
}

/**
 * The square root; of negative numbers the imaginary one.
 *
 * @example
 * np.emath.sqrt([-1, 4]) // => array([0.+1.j, 2.+0.j])
 */
export const sqrt: (x: ArrayLike) => Result = /* @__PURE__ */ extended((x) => arithmetic.sqrt(x), below0)
/**
 * The natural logarithm, principal value for negative numbers.
 *
 * @example
 * np.emath.log(-1) // => 3.141592653589793j
 */
export const log: (x: ArrayLike) => Result = /* @__PURE__ */ extended((x) => exponential.log(x), below0)
/**
 * The logarithm to base 10, principal value for negative numbers.
 *
 * @example
 * np.emath.log10(1000) // => 3
 */
export const log10: (x: ArrayLike) => Result = /* @__PURE__ */ extended((x) => exponential.log10(x), below0)
/**
 * The logarithm to base 2, principal value for negative numbers.
 *
 * @example
 * np.emath.log2([4, 8]) // => array([2., 3.])
 */
export const log2: (x: ArrayLike) => Result = /* @__PURE__ */ extended((x) => exponential.log2(x), below0)
/**
 * The logarithm to base `n`, principal value for negative numbers.
 *
 * @example
 * np.emath.logn(2, [4, 8]) // => array([2., 3.])
 */
export const logn = /* @__PURE__ */ byName('logn', 'n x', (n: ArrayLike, x: ArrayLike): Result => arithmetic.divide(log(x), log(n)))
/**
 * Powers: of negative numbers complex ones, and of integers to negative integers floats.
 *
 * @example
 * np.emath.power(2, -2) // => 0.25
 */
export const power = /* @__PURE__ */ byName('power', 'x p', (x: ArrayLike, exponent: ArrayLike): Result => {
  const base = leaving(x, below0)
  const given = asView(exponent)
  const real = !given.dtype.isComplex && !given.dtype.isObject && given.dtype.kind !== 'b'
  const e = real && given.dtype.isInteger && some(below0(given)) ? castView(given, float64) : given
  return arithmetic.power(wrap(base), wrap(e))
})
/**
 * The inverse cosine; complex outside -1 to 1.
 *
 * @example
 * np.emath.arccos(1) // => 0
 */
export const arccos: (x: ArrayLike) => Result = /* @__PURE__ */ extended((x) => trigonometric.arccos(x), beyond1)
/**
 * The inverse sine; complex outside -1 to 1.
 *
 * @example
 * np.emath.arcsin(0) // => 0
 */
export const arcsin: (x: ArrayLike) => Result = /* @__PURE__ */ extended((x) => trigonometric.arcsin(x), beyond1)
/**
 * The inverse hyperbolic tangent; complex outside -1 to 1.
 *
 * @example
 * np.emath.arctanh(0.5) // => 0.5493061443340548
 */
export const arctanh: (x: ArrayLike) => Result = /* @__PURE__ */ extended((x) => trigonometric.arctanh(x), beyond1)
