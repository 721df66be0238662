/** Parts and questions of complex arrays. */

import { keyword } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { Complex as ComplexNumber } from '../core/complex.ts'
import { bool, complexOf, float64, realOf } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import { asArray, asView, castView, unwrap, wrap, wrapView } from './convert.ts'
import { finfo } from './limits.ts'
import type { ArrayLike, Result } from './types.ts'
import { findLoop } from './ufunc.ts'

/**
 * The real parts: of a complex array a view of its memory, of a real one the array itself.
 *
 * @example
 * np.real([np.complex(1, 2), 3]) // => array([1., 3.])
 */
export const real = /* @__PURE__ */ byName('real', 'val', (val: ArrayLike): any => {
  if (val instanceof ComplexNumber) return val.re
  const x = asArray(val)
  return x.value.dtype.isComplex ? wrapView(p.real(x.value), x) : typeof val === 'object' ? x : val
})

/**
 * The imaginary parts: of a complex array a view of its memory, of a real one zeros.
 *
 * @example
 * np.imag([np.complex(1, 2), 3]) // => array([2., 0.])
 */
export const imag = /* @__PURE__ */ byName('imag', 'val', (val: ArrayLike): any => {
  if (val instanceof ComplexNumber) return val.im
  const x = asArray(val)
  if (x.value.dtype.isComplex) return wrapView(p.imag(x.value), x)
  return typeof val === 'object' ? wrap(p.full(x.shape, x.value.dtype === bool ? false : 0, x.value.dtype)) : 0
})

/**
 * The angle of complex numbers in radians, or degrees; pi for negative reals.
 *
 * @example
 * np.angle(np.complex(0, 1)) // => 1.5707963267948966
 */
export const angle = /* @__PURE__ */ byName('angle', 'z', (z: ArrayLike, deg: boolean | { deg?: boolean } = false): Result => {
  const given = asView(z)
  const x = given.dtype.isInexact ? given : castView(given, (given.dtype.isInteger && findLoop('efd', [given.dtype])) || float64)
  const degrees = typeof deg === 'object' ? (deg.deg ?? false) : deg
  const parts = castView(x, complexOf(x.dtype))
  const radians = p.atan2(p.imag(parts), p.real(parts))
  return unwrap(degrees ? p.rad2deg(radians) : castView(radians as View, realOf(x.dtype)))
})

/**
 * Complex arrays made real when all imaginary parts are close to zero, within `tol` times the dtype's epsilon.
 *
 * @example
 * np.real_if_close([np.complex(2, 1e-15)]) // => array([2.])
 */
export const real_if_close = /* @__PURE__ */ byName('real_if_close', 'a', (a: ArrayLike, given: number | { tol?: number } = 100): any => {
  const tol = keyword('real_if_close', 'tol', given, 100)
  const x = asArray(a)
  if (!x.value.dtype.isComplex) return x
  const bound = tol > 1 ? tol * finfo(x.dtype).eps : tol
  const small = p.all(p.lt(p.abs(p.imag(x.value)), bound)) as View
  return items(small)[0] ? wrap(p.real(x.value)) : x
})

/**
 * Whether items have an imaginary part that is not zero.
 *
 * @example
 * np.iscomplex([np.complex(1, 1), np.complex(1, 0)]) // => array([ True, False])
 */
export const iscomplex = /* @__PURE__ */ byName('iscomplex', 'x', (x: ArrayLike): Result => {
  const v = asView(x)
  return v.dtype.isComplex ? unwrap(p.ne(p.imag(v), 0)) : unwrap(p.full(v.shape, false, bool))
})

/**
 * Whether items have no imaginary part.
 *
 * @example
 * np.isreal([np.complex(1, 1), np.complex(1, 0)]) // => array([False,  True])
 */
export const isreal = /* @__PURE__ */ byName('isreal', 'x', (x: ArrayLike): Result => {
  const v = asView(x)
  return v.dtype.isComplex ? unwrap(p.eq(p.imag(v), 0)) : unwrap(p.full(v.shape, true, bool))
})

/** Whether the dtype is complex, whatever the items are. */
export const iscomplexobj = /* @__PURE__ */ byName('iscomplexobj', 'x', (x: ArrayLike): boolean => asView(x).dtype.isComplex)
/** Whether the dtype is not complex. */
export const isrealobj = /* @__PURE__ */ byName('isrealobj', 'x', (x: ArrayLike): boolean => !asView(x).dtype.isComplex)

/** A complex number; the items of complex arrays are such. */
export { complex } from '../core/complex.ts'

import '../runtime.ts'
