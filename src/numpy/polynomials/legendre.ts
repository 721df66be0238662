/** `np.polynomial.legendre`: series of Legendre polynomials. */

import { type Newless, newless } from '../../core/callable.ts'
import type { NDArray } from '../ndarray.ts'
import { type Basis, LEGENDRE } from './basis.ts'
import { PolyBase } from './class.ts'
import { type Family, family } from './family.ts'

const f: Family = /* @__PURE__ */ family(LEGENDRE)

class LegendreSeries extends PolyBase {
  static override get basisRow(): Basis {
    return LEGENDRE
  }
  static override get functions(): Family {
    return f
  }
}

/**
 * A polynomial as a series of Legendre polynomials, lowest degree first. May be called without `new`; calling the polynomial evaluates it.
 *
 * `domain` is the interval that is mapped to `window`, on which the basis is used; both are [-1, 1] by default.
 *
 * @example
 * const p = new np.polynomial.Legendre([1, 2, 3])
 * String(p) // => 1.0 + 2.0·P₁(x) + 3.0·P₂(x)
 * p(0) // => -0.5
 */
export const Legendre: Newless<typeof LegendreSeries> = /* @__PURE__ */ newless(LegendreSeries)
export type Legendre = LegendreSeries

/** The sum of two series. */
export const legadd: Family['add'] = f.add
/** The difference of two series. */
export const legsub: Family['sub'] = f.sub
/**
 * A series times x.
 *
 * @example
 * np.polynomial.legendre.legmulx([1, 2]) // => array([0.66666667, 1.        , 1.33333333])
 */
export const legmulx: Family['mulx'] = f.mulx
/** The product of two series. */
export const legmul: Family['mul'] = f.mul
/** Quotient and remainder of two series. */
export const legdiv: Family['div'] = f.div
/** A series to a whole power, of at most `maxpower`. */
export const legpow: Family['pow'] = f.pow
/**
 * The values of a series at points. With `tensor` (default) each series of a table, whose axes after the first come first in the result, at each point.
 *
 * @example
 * np.polynomial.legendre.legval(0.5, [1, 2, 3]) // => 1.625
 */
export const legval: Family['val'] = f.val
/** The values of a series of two variables at points (x, y). */
export const legval2d: Family['val2d'] = f.val2d
/** The values of a series of three variables at points (x, y, z). */
export const legval3d: Family['val3d'] = f.val3d
/** The values of a series of two variables on the grid of all x and y. */
export const leggrid2d: Family['grid2d'] = f.grid2d
/** The values of a series of three variables on the grid of all x, y and z. */
export const leggrid3d: Family['grid3d'] = f.grid3d
/** The values of the basis functions up to a degree at points: one column each, along a new last axis. */
export const legvander: Family['vander'] = f.vander
/** The products of basis functions of x and y up to degrees `[x, y]` at points, one column each. */
export const legvander2d: Family['vander2d'] = f.vander2d
/** The products of basis functions of x, y and z up to degrees `[x, y, z]` at points, one column each. */
export const legvander3d: Family['vander3d'] = f.vander3d
/** The m-th derivative of a series, each time multiplied by `scl`, along an axis: `(c, m = 1, scl = 1, axis = 0)`. */
export const legder: Family['der'] = f.der
/** The m-th integral of a series from `lbnd` on, with constants `k`, each time multiplied by `scl`, along an axis: `(c, m = 1, k = [], lbnd = 0, scl = 1, axis = 0)`. */
export const legint: Family['int'] = f.int
/** The series of a degree, or of a list of degrees, that fits points best by least squares: `(x, y, deg, rcond, full, w)`. */
export const legfit: Family['fit'] = f.fit
/** The series with given roots. */
export const legfromroots: Family['fromroots'] = f.fromroots
/** The matrix whose eigenvalues are the roots of a series. */
export const legcompanion: Family['companion'] = f.companion
/** The roots of a series, sorted. */
export const legroots: Family['roots'] = f.roots
/** A series without coefficients at its end that are no larger than `tol`. */
export const legtrim: Family['trim'] = f.trim
/** The series of the line `off + scl x`. */
export const legline: Family['line'] = f.line
/** The domain of the basis. */
export const legdomain: NDArray = /* @__PURE__ */ f.domain()
/** The series of 0. */
export const legzero: NDArray = /* @__PURE__ */ f.zero()
/** The series of 1. */
export const legone: NDArray = /* @__PURE__ */ f.one()
/** The series of x. */
export const legx: NDArray = /* @__PURE__ */ f.x()
/** A series of powers as a series of this basis. */
export const poly2leg: Family['fromPowers'] = f.fromPowers
/** A series of this basis as a series of powers. */
export const leg2poly: Family['toPowers'] = f.toPowers
/** Nodes and weights of Gauss's quadrature with `deg` points, exact up to degree `2 deg - 1` under the weight of the basis. */
export const leggauss: Family['gauss'] = f.gauss
/** The weight under which the basis is orthogonal, at points. */
export const legweight: Family['weight'] = f.weight
