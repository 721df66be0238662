/** `np.polynomial.polynomial`: series of powers of x. */

import { keyword } from '../../core/arguments.ts'
import { byName } from '../../core/by_name.ts'
import { type Newless, newless } from '../../core/callable.ts'
import { ValueError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asView, castView, wrap } from '../convert.ts'
import type { NDArray } from '../ndarray.ts'
import { prod } from '../reductions.ts'
import type { ArrayLike, Result } from '../types.ts'
import { subtract } from '../ufuncs/arithmetic.ts'
import { type Basis, POWER } from './basis.ts'
import { PolyBase } from './class.ts'
import { type Family, family } from './family.ts'
import { floating } from './series.ts'

const f: Family = /* @__PURE__ */ family(POWER)

class PolynomialSeries extends PolyBase {
  static override get basisRow(): Basis {
    return POWER
  }
  static override get functions(): Family {
    return f
  }
}

/**
 * A polynomial as a series of powers of x, lowest degree first. May be called without `new`; calling the polynomial evaluates it.
 *
 * `domain` is the interval that is mapped to `window`, on which the basis is used; both are [-1, 1] by default.
 *
 * @example
 * const p = new np.polynomial.Polynomial([1, 2, 3])
 * String(p) // => 1.0 + 2.0·x + 3.0·x²
 * p(0) // => 1
 */
export const Polynomial: Newless<typeof PolynomialSeries> = /* @__PURE__ */ newless(PolynomialSeries)
export type Polynomial = PolynomialSeries

/**
 * The sum of two series.
 *
 * @example
 * np.polynomial.polynomial.polyadd([1, 2, 3], [3, 2, 1]) // => array([4., 4., 4.])
 */
export const polyadd: Family['add'] = f.add
/** The difference of two series. */
export const polysub: Family['sub'] = f.sub
/** A series times x. */
export const polymulx: Family['mulx'] = f.mulx
/**
 * The product of two series.
 *
 * @example
 * np.polynomial.polynomial.polymul([1, 2, 3], [3, 2, 1]) // => array([ 3.,  8., 14.,  8.,  3.])
 */
export const polymul: Family['mul'] = f.mul
/**
 * Quotient and remainder of two series.
 *
 * @example
 * np.polynomial.polynomial.polydiv([1, 2, 3], [3, 2, 1]) // => [ array([3.]), array([-8., -4.]) ]
 */
export const polydiv: Family['div'] = f.div
/** A series to a whole power, of at most `maxpower`. */
export const polypow: Family['pow'] = f.pow
/**
 * The values of a series at points. With `tensor` (default) each series of a table, whose axes after the first come first in the result, at each point.
 *
 * @example
 * np.polynomial.polynomial.polyval([0, 1, 2], [1, 2, 3]) // => array([ 1.,  6., 17.])
 */
export const polyval: Family['val'] = f.val
/** The values of a series of two variables at points (x, y). */
export const polyval2d: Family['val2d'] = f.val2d
/** The values of a series of three variables at points (x, y, z). */
export const polyval3d: Family['val3d'] = f.val3d
/** The values of a series of two variables on the grid of all x and y. */
export const polygrid2d: Family['grid2d'] = f.grid2d
/** The values of a series of three variables on the grid of all x, y and z. */
export const polygrid3d: Family['grid3d'] = f.grid3d
/** The values of the basis functions up to a degree at points: one column each, along a new last axis. */
export const polyvander: Family['vander'] = f.vander
/** The products of basis functions of x and y up to degrees `[x, y]` at points, one column each. */
export const polyvander2d: Family['vander2d'] = f.vander2d
/** The products of basis functions of x, y and z up to degrees `[x, y, z]` at points, one column each. */
export const polyvander3d: Family['vander3d'] = f.vander3d
/**
 * The m-th derivative of a series, each time multiplied by `scl`, along an axis: `(c, m = 1, scl = 1, axis = 0)`.
 *
 * @example
 * np.polynomial.polynomial.polyder([1, 2, 3, 4]) // => array([ 2.,  6., 12.])
 */
export const polyder: Family['der'] = f.der
/**
 * The m-th integral of a series from `lbnd` on, with constants `k`, each time multiplied by `scl`, along an axis: `(c, m = 1, k = [], lbnd = 0, scl = 1, axis = 0)`.
 *
 * @example
 * np.polynomial.polynomial.polyint([1, 2, 3]) // => array([0., 1., 1., 1.])
 */
export const polyint: Family['int'] = f.int
/** The series of a degree, or of a list of degrees, that fits points best by least squares: `(x, y, deg, rcond, full, w)`. */
export const polyfit: Family['fit'] = f.fit
/**
 * The series with given roots.
 *
 * @example
 * np.polynomial.polynomial.polyfromroots([-1, 0, 1]) // => array([ 0., -1.,  0.,  1.])
 */
export const polyfromroots: Family['fromroots'] = f.fromroots
/** The matrix whose eigenvalues are the roots of a series. */
export const polycompanion: Family['companion'] = f.companion
/**
 * The roots of a series, sorted.
 *
 * @example
 * np.polynomial.polynomial.polyroots([-6, 1, 1]).round(6) // => array([-3.,  2.])
 */
export const polyroots: Family['roots'] = f.roots
/** A series without coefficients at its end that are no larger than `tol`. */
export const polytrim: Family['trim'] = f.trim
/** The series of the line `off + scl x`. */
export const polyline: Family['line'] = f.line
/** The domain of the basis. */
export const polydomain: NDArray = /* @__PURE__ */ f.domain()
/** The series of 0. */
export const polyzero: NDArray = /* @__PURE__ */ f.zero()
/** The series of 1. */
export const polyone: NDArray = /* @__PURE__ */ f.one()
/** The series of x. */
export const polyx: NDArray = /* @__PURE__ */ f.x()
/**
 * The values at points of the polynomial with given roots. With `tensor` (default) each column of roots at each point.
 *
 * @example
 * np.polynomial.polynomial.polyvalfromroots([0, 2], [1, 3]) // => array([ 3., -1.])
 */
export const polyvalfromroots = /* @__PURE__ */ byName(
  'polyvalfromroots',
  'x r',
  (x: ArrayLike, r: ArrayLike, given_: boolean | { tensor?: boolean } = true): Result => {
    const tensor = keyword('polyvalfromroots', 'tensor', given_, true)
    const [points, given] = [asView(x), asView(r)]
    const roots = given.ndim === 0 ? (p.reshape(given, [1]) as View) : castView(given, floating(given.dtype))
    if (!tensor && points.ndim >= roots.ndim) throw new ValueError('x.ndim must be < r.ndim when tensor == False')
    const wide = tensor ? (p.reshape(roots, [...roots.shape, ...points.shape.map(() => 1)]) as View) : roots
    return prod(subtract(wrap(points), wrap(wide)), 0)
  },
)
