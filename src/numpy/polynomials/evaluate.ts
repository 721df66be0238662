/** Values of series at points, matrices of the basis functions' values, derivatives and integrals. */

import { integer, integers } from '../../core/arguments.ts'
import { DTypeError, ValueError } from '../../core/errors.ts'
import { resultType } from '../../core/promote.ts'
import { normalizeAxis } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asView, castView, unwrap, wrap } from '../convert.ts'
import { moveaxis } from '../manipulation.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike, Result } from '../types.ts'
import { commonDType, operand } from '../ufunc.ts'
import { clenshaw } from './arithmetic.ts'
import type { Basis } from './basis.ts'
import { bounded, floating, joined, minus, plus, type Series, scaled, slices, times, zeroOf } from './series.ts'

/** Points and coefficients in one dtype; scalar points do not widen coefficients. */
function promoted(x: ArrayLike, c: View): [View, View] {
  const floats = castView(c, floating(c.dtype))
  const dtype = floating(commonDType([operand(x), { view: floats, weak: null }]))
  return [castView(asView(x), dtype), castView(floats, dtype)]
}

/** The values of a series at points. With `tensor`, each series of a table (axes after the first) at each point. */
export function valuesAt(basis: Basis, x: ArrayLike, coefficients: ArrayLike, tensor = true): Result {
  const given = asView(coefficients)
  const [points, c] = promoted(x, given.ndim === 0 ? (p.reshape(given, [1]) as View) : given)
  if (c.shape[0] === 0) throw new ValueError('Coefficient array is empty')
  const lead = c.shape.slice(1)
  const rows = slices(c).map((v) => (tensor ? (p.reshape(v, [...lead, ...points.shape.map(() => 1)]) as View) : v))
  return unwrap(at(basis, points, rows))
}

/** The sum of `c[n] B[n](x)`. */
function at(basis: Basis, x: View, c: Series): View {
  const last = c.length - 1
  // NaN and infinity of the points show in a constant too.
  const flat = times(x, 0)
  return clenshaw<View>(basis, c, {
    constant: (v) => (v === c[last] ? plus(v, flat) : v),
    add: (s, t) => plus(s, t),
    scale: (s, by) => times(s, by),
    byX: (s) => times(s, x),
  })
}

/** Values at points of several dimensions: the first coordinate against the first axis, and so on. */
export function valuesNd(basis: Basis, c: ArrayLike, ...points: ArrayLike[]): Result {
  const shapes = points.map((x) => String(asView(x).shape))
  if (shapes.some((s) => s !== shapes[0])) throw new ValueError(`${['x', 'y', 'z'].slice(0, points.length).join(', ')} are incompatible`)
  return points.reduce<ArrayLike>((out, x, i) => valuesAt(basis, x, out, i === 0), c)
}

/** Values on the grid of all combinations of coordinates. */
export const valuesOnGrid = (basis: Basis, c: ArrayLike, ...points: ArrayLike[]): Result =>
  points.reduce<ArrayLike>((out, x) => valuesAt(basis, x, out), c)

const MOST_VALUES = 2 ** 31
/** Each integration makes a series longer. */
const MOST_INTEGRATIONS = 1000

/** The values of the first `deg + 1` basis functions at points, along a new last axis. */
export function vandermonde(basis: Basis, x: ArrayLike, deg: number): NDArray {
  const degree = bounded('a degree', integer(`${basis.prefix}vander`, 'deg', deg))
  if (degree < 0) throw new ValueError('deg must be non-negative')
  const given = asView(x)
  const lone = given.ndim === 0 ? (p.reshape(given, [1]) as View) : given
  bounded('a matrix', lone.size * (degree + 1), MOST_VALUES)
  const points = castView(lone, floating(lone.dtype))
  const columns: View[] = [plus(times(points, 0), 1)]
  for (let n = 0; n < degree; n++) {
    const [a, b, c] = [basis.a(n), basis.b(n), basis.c(n)]
    let factor = times(points, a)
    if (b !== 0) factor = plus(factor, b)
    const next = times(columns[n]!, factor)
    columns.push(n > 0 && c !== 0 ? minus(next, times(columns[n - 1]!, c)) : next)
  }
  return wrap(p.stack(columns, -1))
}

/** The products of basis functions of several coordinates, one column a combination of degrees. */
export function vandermondeNd(basis: Basis, points: readonly ArrayLike[], degrees: ArrayLike): NDArray {
  const deg = integers(`${basis.prefix}vander`, 'deg', degrees)
  const n = points.length
  if (deg.length !== n) throw new ValueError(`Expected ${n} dimensions of degrees, got ${deg.length}`)
  const views = points.map((x) => asView(x))
  const dtype = floating(resultType(views.map((v) => v.dtype)))
  const parts = views.map((v, i) => {
    const m = vandermonde(basis, wrap(castView(v.ndim === 0 ? (p.reshape(v, [1]) as View) : v, dtype)), deg[i]!).value
    const lead = m.shape.slice(0, -1)
    return p.reshape(m, [...lead, ...deg.map((d, k) => (k === i ? d + 1 : 1))]) as View
  })
  const whole = parts.reduce((u, v) => times(u, v))
  return wrap(p.reshape(whole, [...whole.shape.slice(0, -n), whole.shape.slice(-n).reduce((s, d) => s * d, 1)]))
}

/** An array with an axis of coefficients in front, in a floating dtype. */
function coefficientsFirst(c: ArrayLike, axis: number): View {
  const given = asView(c)
  const lone = given.ndim === 0 ? (p.reshape(given, [1]) as View) : given
  const v = castView(lone, floating(lone.dtype))
  return moveaxis(wrap(v), normalizeAxis(axis, v.ndim), 0).value
}

function order(m: number, what: string): number {
  const n = integer(what, 'the order', m)
  if (n < 0) throw new ValueError(`The order of ${what} must be non-negative`)
  return n
}

/** The m-th derivative, each time multiplied by `scl`, along an axis. */
export function derived(basis: Basis, c: ArrayLike, m: number, scl: number, axis: number): NDArray {
  const count = order(m, 'derivation')
  const v = coefficientsFirst(c, axis)
  let series = slices(v)
  if (count >= series.length) series = [zeroOf(series[0]!)]
  else for (let i = 0; i < count; i++) series = scaled(basis.derivative(scl === 1 ? series : scaled(series, scl)), 1)
  return moveaxis(joined(series), 0, axis)
}

/** The m-th integral from `lbnd` with constants `k`, each time multiplied by `scl`, along an axis. */
export function integrated(basis: Basis, c: ArrayLike, m: number, k: ArrayLike, lbnd: ArrayLike, scl: number, axis: number): NDArray {
  const count = bounded('an order of integration', order(m, 'integration'), MOST_INTEGRATIONS)
  const given = asView(k)
  const constants = given.ndim === 0 ? [given] : slices(given)
  if (constants.length > count) throw new ValueError('Too many integration constants')
  if (asView(lbnd).ndim !== 0) throw new ValueError('lbnd must be a scalar.')
  if (typeof scl !== 'number' && asView(scl).ndim !== 0) throw new ValueError('scl must be a scalar.')
  const v = coefficientsFirst(c, axis)
  const dtype = floating(
    resultType([
      v.dtype,
      ...constants.map((x) => (x.dtype.isComplex ? x.dtype : v.dtype)),
      ...(asView(lbnd).dtype.isComplex ? [asView(lbnd).dtype] : []),
    ]),
  )
  let series = slices(castView(v, dtype))
  for (let i = 0; i < count; i++) {
    const constant = constants[i] === undefined ? null : castView(constants[i]!, dtype)
    series = scaled(series, scl)
    const out: View[] = Array.from({ length: series.length + 1 }, () => zeroOf(series[0]!))
    series.forEach((x, n) => {
      for (const [at, factor] of basis.antiderivative(n)) out[at] = plus(out[at]!, factor === 1 ? x : times(x, factor))
    })
    const atBound = asView(valuesAt(basis, lbnd, joined(out)), dtype)
    out[0] = minus(out[0]!, atBound)
    if (constant !== null) out[0] = plus(out[0]!, constant)
    const nothing = series.length === 1 && isAllZero(series[0]!)
    series = nothing ? [out[0]!] : out
  }
  return moveaxis(joined(series), 0, axis)
}

const isAllZero = (v: View): boolean => wrap(p.all(p.eq(v, 0))).item() as unknown as boolean

/** @internal Errors that more than one function of this folder throws. */
export const wrongDegree = (): DTypeError => new DTypeError('deg must be an int or non-empty 1-D array of int')
