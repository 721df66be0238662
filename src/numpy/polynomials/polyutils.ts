/** `np.polynomial.polyutils`: helpers of the polynomial modules. */

import { keyword, sequence } from '../../core/arguments.ts'
import { byName } from '../../core/by_name.ts'
import { Complex } from '../../core/complex.ts'
import { float64 } from '../../core/dtype.ts'
import { ValueError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { numpyPrintOptions } from '../../printing/index.ts'
import '../../runtime.ts'
import { asArray, asView, castView, wrap } from '../convert.ts'
import { nonzero } from '../indexing.ts'
import type { NDArray } from '../ndarray.ts'
import { format_float_positional, format_float_scientific } from '../printing.ts'
import type { ArrayLike, Result } from '../types.ts'
import { absolute, add, divide, multiply, subtract } from '../ufuncs/arithmetic.ts'
import { greater } from '../ufuncs/comparison.ts'
import { asSeries, floating, joined } from './series.ts'

/**
 * Lists of coefficients as 1-d arrays of one floating dtype, without zeros at the end unless `trim` is false.
 *
 * @example
 * np.polynomial.polyutils.as_series([[1, 2, 0], [2.5]]) // => [ array([1., 2.]), array([2.5]) ]
 */
export const as_series = /* @__PURE__ */ byName(
  'as_series',
  'alist',
  (alist: Iterable<ArrayLike>, trim: boolean | { trim?: boolean } = true): NDArray[] =>
    asSeries(sequence('as_series', 'alist', alist), keyword('as_series', 'trim', trim as boolean, true)).map(joined),
)

/** A list of coefficients without zeros at its end. */
export const trimseq = /* @__PURE__ */ byName('trimseq', 'seq', (seq: ArrayLike): NDArray => {
  const a = asArray(seq)
  let n = a.size
  const list = [...a.flat]
  while (n > 1 && Number(list[n - 1]) === 0) n--
  return wrap(p.narrow(a.value, 0, 0, n))
})

/**
 * Coefficients without those at the end that are no larger than `tol`.
 *
 * @example
 * np.polynomial.polyutils.trimcoef([0, 0, 3, 0, 5, 0, 0]) // => array([0., 0., 3., 0., 5.])
 */
export const trimcoef = /* @__PURE__ */ byName('trimcoef', 'c', (c: ArrayLike, tol: number | { tol?: number } = 0): NDArray => {
  const bound = typeof tol === 'number' ? tol : (tol?.tol ?? 0)
  if (bound < 0) throw new ValueError('tol must be non-negative')
  const [series] = as_series([c])
  const [big] = nonzero(greater(absolute(series!), bound) as NDArray)
  if (big!.size === 0) return asArray(multiply(wrap(p.narrow(series!.value, 0, 0, 1)), 0))
  return wrap(p.narrow(series!.value, 0, 0, Number(big!.item(-1)) + 1)).copy()
})

/**
 * The least and the greatest of points: the domain that holds them. Of complex ones the corners of the rectangle.
 *
 * @example
 * np.polynomial.polyutils.getdomain([3, 1, 2]) // => array([1., 3.])
 */
export const getdomain = /* @__PURE__ */ byName('getdomain', 'x', (x: ArrayLike): NDArray => {
  const [series] = as_series([x], false)
  const v = series!.value
  if (!v.dtype.isComplex) return wrap(p.stack([p.amin(v), p.amax(v)], 0))
  const [re, im] = [p.real(v) as View, p.imag(v) as View]
  const corner = (f: typeof p.amin): Complex => new Complex(Number(wrap(f(re)).item()), Number(wrap(f(im)).item()))
  return asArray([corner(p.amin), corner(p.amax)])
})

/**
 * The `[off, scl]` of the line `off + scl x` that maps one domain onto another.
 *
 * @example
 * np.polynomial.polyutils.mapparms([-1, 1], [0, 4]) // => [ 2, 2 ]
 */
export const mapparms = /* @__PURE__ */ byName('mapparms', 'old new', (old: ArrayLike, next: ArrayLike): [Result, Result] => {
  const [a, b] = [ends(old), ends(next)]
  const length = subtract(a[1], a[0])
  const off = divide(subtract(multiply(a[1], b[0]), multiply(a[0], b[1])), length)
  return [off, divide(subtract(b[1], b[0]), length)]
})

function ends(domain: ArrayLike): [ArrayLike, ArrayLike] {
  const v = asView(domain)
  const a = wrap(castView(v, floating(v.dtype)))
  return [a.item(0), a.item(1)]
}

/**
 * Points of one domain mapped to another by a line.
 *
 * @example
 * np.polynomial.polyutils.mapdomain([-1, 0, 1], [-1, 1], [0, 4]) // => array([0., 2., 4.])
 */
export const mapdomain = /* @__PURE__ */ byName('mapdomain', 'x old new', (x: ArrayLike, old: ArrayLike, next: ArrayLike): Result => {
  const [off, scl] = mapparms(old, next)
  if (typeof x === 'number' || x instanceof Complex) return add(off, multiply(scl, x))
  const v = asView(x)
  return add(off, multiply(scl, wrap(castView(v, floating(v.dtype)))))
})

/** A coefficient as text, by the print options. */
export const format_float = /* @__PURE__ */ byName('format_float', 'x', (x: number, parens = false): string => {
  if (typeof x !== 'number') return String(x)
  const { precision, nanstr, infstr, floatmode, sign } = numpyPrintOptions.get()
  if (Number.isNaN(x)) return nanstr
  if (!Number.isFinite(x)) return x > 0 ? infstr : `-${infstr}`
  const size = Math.abs(x)
  const fixed = floatmode === 'fixed'
  const options = { precision, unique: !fixed, trim: fixed ? 'k' : '0', sign: sign === '+' } as const
  if (x !== 0 && (size >= 1e8 || size < 10 ** Math.min(0, Math.floor(-(precision - 1) / 2)))) {
    const text = format_float_scientific(x, options)
    return parens ? `(${text})` : text
  }
  return format_float_positional(x, { ...options, fractional: true })
})

/** @internal */
export const numberArray = (list: readonly number[]): NDArray => wrap(asView(list as unknown as ArrayLike, float64))
