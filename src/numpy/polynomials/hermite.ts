/** `np.polynomial.hermite`: series of Hermite polynomials (physicists'). */

import { type Newless, newless } from '../../core/callable.ts'
import type { NDArray } from '../ndarray.ts'
import { type Basis, HERMITE } from './basis.ts'
import { PolyBase } from './class.ts'
import { type Family, family } from './family.ts'

const f: Family = /* @__PURE__ */ family(HERMITE)

class HermiteSeries extends PolyBase {
  static override get basisRow(): Basis {
    return HERMITE
  }
  static override get functions(): Family {
    return f
  }
}

/**
 * A polynomial as a series of Hermite polynomials (physicists'), lowest degree first. May be called without `new`; calling the polynomial evaluates it.
 *
 * `domain` is the interval that is mapped to `window`, on which the basis is used; both are [-1, 1] by default.
 *
 * @example
 * const p = new np.polynomial.Hermite([1, 2, 3])
 * String(p) // => 1.0 + 2.0·H₁(x) + 3.0·H₂(x)
 * p(0) // => -5
 */
export const Hermite: Newless<typeof HermiteSeries> = /* @__PURE__ */ newless(HermiteSeries)
export type Hermite = HermiteSeries

/** The sum of two series. */
export const hermadd: Family['add'] = f.add
/** The difference of two series. */
export const hermsub: Family['sub'] = f.sub
/** A series times x. */
export const hermmulx: Family['mulx'] = f.mulx
/** The product of two series. */
export const hermmul: Family['mul'] = f.mul
/** Quotient and remainder of two series. */
export const hermdiv: Family['div'] = f.div
/** A series to a whole power, of at most `maxpower`. */
export const hermpow: Family['pow'] = f.pow
/**
 * The values of a series at points. With `tensor` (default) each series of a table, whose axes after the first come first in the result, at each point.
 *
 * @example
 * np.polynomial.hermite.hermval(1, [1, 2, 3]) // => 11
 */
export const hermval: Family['val'] = f.val
/** The values of a series of two variables at points (x, y). */
export const hermval2d: Family['val2d'] = f.val2d
/** The values of a series of three variables at points (x, y, z). */
export const hermval3d: Family['val3d'] = f.val3d
/** The values of a series of two variables on the grid of all x and y. */
export const hermgrid2d: Family['grid2d'] = f.grid2d
/** The values of a series of three variables on the grid of all x, y and z. */
export const hermgrid3d: Family['grid3d'] = f.grid3d
/** The values of the basis functions up to a degree at points: one column each, along a new last axis. */
export const hermvander: Family['vander'] = f.vander
/** The products of basis functions of x and y up to degrees `[x, y]` at points, one column each. */
export const hermvander2d: Family['vander2d'] = f.vander2d
/** The products of basis functions of x, y and z up to degrees `[x, y, z]` at points, one column each. */
export const hermvander3d: Family['vander3d'] = f.vander3d
/** The m-th derivative of a series, each time multiplied by `scl`, along an axis: `(c, m = 1, scl = 1, axis = 0)`. */
export const hermder: Family['der'] = f.der
/** The m-th integral of a series from `lbnd` on, with constants `k`, each time multiplied by `scl`, along an axis: `(c, m = 1, k = [], lbnd = 0, scl = 1, axis = 0)`. */
export const hermint: Family['int'] = f.int
/** The series of a degree, or of a list of degrees, that fits points best by least squares: `(x, y, deg, rcond, full, w)`. */
export const hermfit: Family['fit'] = f.fit
/** The series with given roots. */
export const hermfromroots: Family['fromroots'] = f.fromroots
/** The matrix whose eigenvalues are the roots of a series. */
export const hermcompanion: Family['companion'] = f.companion
/** The roots of a series, sorted. */
export const hermroots: Family['roots'] = f.roots
/** A series without coefficients at its end that are no larger than `tol`. */
export const hermtrim: Family['trim'] = f.trim
/** The series of the line `off + scl x`. */
export const hermline: Family['line'] = f.line
/** The domain of the basis. */
export const hermdomain: NDArray = /* @__PURE__ */ f.domain()
/** The series of 0. */
export const hermzero: NDArray = /* @__PURE__ */ f.zero()
/** The series of 1. */
export const hermone: NDArray = /* @__PURE__ */ f.one()
/** The series of x. */
export const hermx: NDArray = /* @__PURE__ */ f.x()
/** A series of powers as a series of this basis. */
export const poly2herm: Family['fromPowers'] = f.fromPowers
/** A series of this basis as a series of powers. */
export const herm2poly: Family['toPowers'] = f.toPowers
/** Nodes and weights of Gauss's quadrature with `deg` points, exact up to degree `2 deg - 1` under the weight of the basis. */
export const hermgauss: Family['gauss'] = f.gauss
/** The weight under which the basis is orthogonal, at points. */
export const hermweight: Family['weight'] = f.weight
