/** `np.polynomial.chebyshev`: series of Chebyshev polynomials of the first kind. */

import { byName } from '../../core/by_name.ts'
import { type Newless, newless } from '../../core/callable.ts'
import { DTypeError, ValueError } from '../../core/errors.ts'
import { asArray } from '../convert.ts'
import type { NDArray } from '../ndarray.ts'
import { dot } from '../products.ts'
import { linspace } from '../ranges.ts'
import type { ArrayLike } from '../types.ts'
import { divide } from '../ufuncs/arithmetic.ts'
import { cos } from '../ufuncs/trigonometric.ts'
import { type Basis, CHEBYSHEV } from './basis.ts'
import { PolyBase } from './class.ts'
import { checkPoints, type Family, family } from './family.ts'
import { numberArray } from './polyutils.ts'
import { bounded } from './series.ts'

const f: Family = /* @__PURE__ */ family(CHEBYSHEV)

class ChebyshevSeries extends PolyBase {
  static override get basisRow(): Basis {
    return CHEBYSHEV
  }
  static override get functions(): Family {
    return f
  }
}

/**
 * A polynomial as a series of Chebyshev polynomials of the first kind, lowest degree first. May be called without `new`; calling the polynomial evaluates it.
 *
 * `domain` is the interval that is mapped to `window`, on which the basis is used; both are [-1, 1] by default.
 *
 * @example
 * const p = new np.polynomial.Chebyshev([1, 2, 3])
 * String(p) // => 1.0 + 2.0·T₁(x) + 3.0·T₂(x)
 * p(0) // => -2
 */
export const Chebyshev: Newless<typeof ChebyshevSeries> = /* @__PURE__ */ newless(ChebyshevSeries)
export type Chebyshev = ChebyshevSeries

/** The sum of two series. */
export const chebadd: Family['add'] = f.add
/** The difference of two series. */
export const chebsub: Family['sub'] = f.sub
/** A series times x. */
export const chebmulx: Family['mulx'] = f.mulx
/**
 * The product of two series.
 *
 * @example
 * np.polynomial.chebyshev.chebmul([1, 2, 3], [3, 2, 1]) // => array([ 6.5, 12. , 12. ,  4. ,  1.5])
 */
export const chebmul: Family['mul'] = f.mul
/** Quotient and remainder of two series. */
export const chebdiv: Family['div'] = f.div
/** A series to a whole power, of at most `maxpower`. */
export const chebpow: Family['pow'] = f.pow
/** The values of a series at points. With `tensor` (default) each series of a table, whose axes after the first come first in the result, at each point. */
export const chebval: Family['val'] = f.val
/** The values of a series of two variables at points (x, y). */
export const chebval2d: Family['val2d'] = f.val2d
/** The values of a series of three variables at points (x, y, z). */
export const chebval3d: Family['val3d'] = f.val3d
/** The values of a series of two variables on the grid of all x and y. */
export const chebgrid2d: Family['grid2d'] = f.grid2d
/** The values of a series of three variables on the grid of all x, y and z. */
export const chebgrid3d: Family['grid3d'] = f.grid3d
/** The values of the basis functions up to a degree at points: one column each, along a new last axis. */
export const chebvander: Family['vander'] = f.vander
/** The products of basis functions of x and y up to degrees `[x, y]` at points, one column each. */
export const chebvander2d: Family['vander2d'] = f.vander2d
/** The products of basis functions of x, y and z up to degrees `[x, y, z]` at points, one column each. */
export const chebvander3d: Family['vander3d'] = f.vander3d
/**
 * The m-th derivative of a series, each time multiplied by `scl`, along an axis: `(c, m = 1, scl = 1, axis = 0)`.
 *
 * @example
 * np.polynomial.chebyshev.chebder([1, 2, 3, 4]) // => array([14., 12., 24.])
 */
export const chebder: Family['der'] = f.der
/** The m-th integral of a series from `lbnd` on, with constants `k`, each time multiplied by `scl`, along an axis: `(c, m = 1, k = [], lbnd = 0, scl = 1, axis = 0)`. */
export const chebint: Family['int'] = f.int
/** The series of a degree, or of a list of degrees, that fits points best by least squares: `(x, y, deg, rcond, full, w)`. */
export const chebfit: Family['fit'] = f.fit
/** The series with given roots. */
export const chebfromroots: Family['fromroots'] = f.fromroots
/** The matrix whose eigenvalues are the roots of a series. */
export const chebcompanion: Family['companion'] = f.companion
/** The roots of a series, sorted. */
export const chebroots: Family['roots'] = f.roots
/** A series without coefficients at its end that are no larger than `tol`. */
export const chebtrim: Family['trim'] = f.trim
/** The series of the line `off + scl x`. */
export const chebline: Family['line'] = f.line
/** The domain of the basis. */
export const chebdomain: NDArray = /* @__PURE__ */ f.domain()
/** The series of 0. */
export const chebzero: NDArray = /* @__PURE__ */ f.zero()
/** The series of 1. */
export const chebone: NDArray = /* @__PURE__ */ f.one()
/** The series of x. */
export const chebx: NDArray = /* @__PURE__ */ f.x()
/** A series of powers as a series of this basis. */
export const poly2cheb: Family['fromPowers'] = f.fromPowers
/** A series of this basis as a series of powers. */
export const cheb2poly: Family['toPowers'] = f.toPowers
/** Nodes and weights of Gauss's quadrature with `deg` points, exact up to degree `2 deg - 1` under the weight of the basis. */
export const chebgauss: Family['gauss'] = f.gauss
/** The weight under which the basis is orthogonal, at points. */
export const chebweight: Family['weight'] = f.weight
/**
 * The Chebyshev points of the first kind: the zeros of T_npts, rising.
 *
 * @example
 * np.polynomial.chebyshev.chebpts1(2) // => array([-0.70710678,  0.70710678])
 */
export const chebpts1 = /* @__PURE__ */ byName('chebpts1', 'npts', (npts: number): NDArray => {
  const n = checkPoints(npts, 1)
  return numberArray(Array.from({ length: n }, (_, i) => Math.sin((0.5 * Math.PI * (2 * i - n + 1)) / n)))
})
/**
 * The Chebyshev points of the second kind: the extrema of T of degree npts - 1, rising.
 *
 * @example
 * np.polynomial.chebyshev.chebpts2(3) // => array([-1.000000e+00,  6.123234e-17,  1.000000e+00])
 */
export const chebpts2 = /* @__PURE__ */ byName('chebpts2', 'npts', (npts: number): NDArray => {
  const n = checkPoints(npts, 2)
  return asArray(cos(linspace(-Math.PI, 0, { num: n })))
})
/**
 * The series of a degree that interpolates a function at the Chebyshev points of the first kind.
 *
 * @example
 * np.polynomial.chebyshev.chebinterpolate((x) => np.multiply(x, x), 2).round(6) // => array([0.5, 0. , 0.5])
 */
export const chebinterpolate = /* @__PURE__ */ byName(
  'chebinterpolate',
  'func deg',
  (func: (x: NDArray, ...args: any[]) => ArrayLike, deg: number, args: readonly unknown[] = []): NDArray => {
    if (!Number.isInteger(deg)) throw new DTypeError('deg must be an int')
    if (deg < 0) throw new ValueError('expected deg >= 0')
    const order = bounded('a degree', deg) + 1
    const points = chebpts1(order)
    const m = chebvander(points, deg)
    const c = asArray(dot(m.T, func(points, ...args)))
    c.set(0, divide(c.at(0), order))
    if (order > 1) c.set('1:', divide(c.at('1:'), 0.5 * order))
    return c
  },
)
