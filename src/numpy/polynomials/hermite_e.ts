/** `np.polynomial.hermite_e`: series of Hermite polynomials (probabilists'). */

import { type Newless, newless } from '../../core/callable.ts'
import type { NDArray } from '../ndarray.ts'
import { type Basis, HERMITE_E } from './basis.ts'
import { PolyBase } from './class.ts'
import { type Family, family } from './family.ts'

const f: Family = /* @__PURE__ */ family(HERMITE_E)

class HermiteESeries extends PolyBase {
  static override get basisRow(): Basis {
    return HERMITE_E
  }
  static override get functions(): Family {
    return f
  }
}

/**
 * A polynomial as a series of Hermite polynomials (probabilists'), lowest degree first. May be called without `new`; calling the polynomial evaluates it.
 *
 * `domain` is the interval that is mapped to `window`, on which the basis is used; both are [-1, 1] by default.
 *
 * @example
 * const p = new np.polynomial.HermiteE([1, 2, 3])
 * String(p) // => 1.0 + 2.0·He₁(x) + 3.0·He₂(x)
 * p(0) // => -2
 */
export const HermiteE: Newless<typeof HermiteESeries> = /* @__PURE__ */ newless(HermiteESeries)
export type HermiteE = HermiteESeries

/** The sum of two series. */
export const hermeadd: Family['add'] = f.add
/** The difference of two series. */
export const hermesub: Family['sub'] = f.sub
/** A series times x. */
export const hermemulx: Family['mulx'] = f.mulx
/** The product of two series. */
export const hermemul: Family['mul'] = f.mul
/** Quotient and remainder of two series. */
export const hermediv: Family['div'] = f.div
/** A series to a whole power, of at most `maxpower`. */
export const hermepow: Family['pow'] = f.pow
/**
 * The values of a series at points. With `tensor` (default) each series of a table, whose axes after the first come first in the result, at each point.
 *
 * @example
 * np.polynomial.hermite_e.hermeval(1, [1, 2, 3]) // => 3
 */
export const hermeval: Family['val'] = f.val
/** The values of a series of two variables at points (x, y). */
export const hermeval2d: Family['val2d'] = f.val2d
/** The values of a series of three variables at points (x, y, z). */
export const hermeval3d: Family['val3d'] = f.val3d
/** The values of a series of two variables on the grid of all x and y. */
export const hermegrid2d: Family['grid2d'] = f.grid2d
/** The values of a series of three variables on the grid of all x, y and z. */
export const hermegrid3d: Family['grid3d'] = f.grid3d
/** The values of the basis functions up to a degree at points: one column each, along a new last axis. */
export const hermevander: Family['vander'] = f.vander
/** The products of basis functions of x and y up to degrees `[x, y]` at points, one column each. */
export const hermevander2d: Family['vander2d'] = f.vander2d
/** The products of basis functions of x, y and z up to degrees `[x, y, z]` at points, one column each. */
export const hermevander3d: Family['vander3d'] = f.vander3d
/** The m-th derivative of a series, each time multiplied by `scl`, along an axis: `(c, m = 1, scl = 1, axis = 0)`. */
export const hermeder: Family['der'] = f.der
/** The m-th integral of a series from `lbnd` on, with constants `k`, each time multiplied by `scl`, along an axis: `(c, m = 1, k = [], lbnd = 0, scl = 1, axis = 0)`. */
export const hermeint: Family['int'] = f.int
/** The series of a degree, or of a list of degrees, that fits points best by least squares: `(x, y, deg, rcond, full, w)`. */
export const hermefit: Family['fit'] = f.fit
/** The series with given roots. */
export const hermefromroots: Family['fromroots'] = f.fromroots
/** The matrix whose eigenvalues are the roots of a series. */
export const hermecompanion: Family['companion'] = f.companion
/** The roots of a series, sorted. */
export const hermeroots: Family['roots'] = f.roots
/** A series without coefficients at its end that are no larger than `tol`. */
export const hermetrim: Family['trim'] = f.trim
/** The series of the line `off + scl x`. */
export const hermeline: Family['line'] = f.line
/** The domain of the basis. */
export const hermedomain: NDArray = /* @__PURE__ */ f.domain()
/** The series of 0. */
export const hermezero: NDArray = /* @__PURE__ */ f.zero()
/** The series of 1. */
export const hermeone: NDArray = /* @__PURE__ */ f.one()
/** The series of x. */
export const hermex: NDArray = /* @__PURE__ */ f.x()
/** A series of powers as a series of this basis. */
export const poly2herme: Family['fromPowers'] = f.fromPowers
/** A series of this basis as a series of powers. */
export const herme2poly: Family['toPowers'] = f.toPowers
/** Nodes and weights of Gauss's quadrature with `deg` points, exact up to degree `2 deg - 1` under the weight of the basis. */
export const hermegauss: Family['gauss'] = f.gauss
/** The weight under which the basis is orthogonal, at points. */
export const hermeweight: Family['weight'] = f.weight
