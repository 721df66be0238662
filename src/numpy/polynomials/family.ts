/** The functions of a polynomial module, made from its basis; the modules give them their names. */

import { signature } from '../../core/arguments.ts'
import { byName } from '../../core/by_name.ts'
import { float64, int64 } from '../../core/dtype.ts'
import { ValueError } from '../../core/errors.ts'
import { resultType } from '../../core/promote.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asView, castView, wrap } from '../convert.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike, Result } from '../types.ts'
import { line, power, product, quotient, rebased, timesX } from './arithmetic.ts'
import { type Basis, POWER } from './basis.ts'
import { derived, integrated, valuesAt, valuesNd, valuesOnGrid, vandermonde, vandermondeNd } from './evaluate.ts'
import { companion, type FitOptions, fitted, gaussRule, rootsOf, withRoots } from './fit.ts'
import { numberArray, trimcoef } from './polyutils.ts'
import { asSeries, bounded, combined, floating, joined, slices, trimmed } from './series.ts'

/** What every module has, by the names without their prefixes. */
export interface Family {
  readonly domain: () => NDArray
  readonly add: (c1: ArrayLike, c2: ArrayLike) => NDArray
  readonly sub: (c1: ArrayLike, c2: ArrayLike) => NDArray
  readonly mul: (c1: ArrayLike, c2: ArrayLike) => NDArray
  readonly mulx: (c: ArrayLike) => NDArray
  readonly div: (c1: ArrayLike, c2: ArrayLike) => [NDArray, NDArray]
  readonly pow: (c: ArrayLike, pow: number, maxpower?: number | null) => NDArray
  readonly line: (off: ArrayLike, scl: ArrayLike) => NDArray
  readonly val: (x: ArrayLike, c: ArrayLike, tensor?: boolean | { tensor?: boolean }) => Result
  readonly val2d: (x: ArrayLike, y: ArrayLike, c: ArrayLike) => Result
  readonly val3d: (x: ArrayLike, y: ArrayLike, z: ArrayLike, c: ArrayLike) => Result
  readonly grid2d: (x: ArrayLike, y: ArrayLike, c: ArrayLike) => Result
  readonly grid3d: (x: ArrayLike, y: ArrayLike, z: ArrayLike, c: ArrayLike) => Result
  readonly vander: (x: ArrayLike, deg: number) => NDArray
  readonly vander2d: (x: ArrayLike, y: ArrayLike, deg: ArrayLike) => NDArray
  readonly vander3d: (x: ArrayLike, y: ArrayLike, z: ArrayLike, deg: ArrayLike) => NDArray
  readonly der: (c: ArrayLike, ...rest: unknown[]) => NDArray
  readonly int: (c: ArrayLike, ...rest: unknown[]) => NDArray
  readonly fit: (x: ArrayLike, y: ArrayLike, deg: number | readonly number[] | NDArray, ...rest: unknown[]) => any
  readonly fromroots: (roots: ArrayLike) => NDArray
  readonly companion: (c: ArrayLike) => NDArray
  readonly roots: (c: ArrayLike) => NDArray
  readonly gauss: (deg: number) => [NDArray, NDArray]
  readonly weight: (x: ArrayLike) => Result
  readonly trim: (c: ArrayLike, tol?: number) => NDArray
  readonly fromPowers: (pol: ArrayLike) => NDArray
  readonly toPowers: (c: ArrayLike) => NDArray
  readonly zero: () => NDArray
  readonly one: () => NDArray
  readonly x: () => NDArray
}

interface DerivativeOptions {
  m?: number
  scl?: number
  axis?: number
}
interface IntegralOptions extends DerivativeOptions {
  k?: ArrayLike
  lbnd?: ArrayLike
}

/** The functions of a basis. */
export function family(basis: Basis): Family {
  const derArgs = signature<DerivativeOptions>(`${basis.prefix}der`, ['m', 'scl', 'axis'])
  const intArgs = signature<IntegralOptions>(`${basis.prefix}int`, ['m', 'k', 'lbnd', 'scl', 'axis'])
  const fitArgs = signature<FitOptions>(`${basis.prefix}fit`, ['rcond', 'full', 'w'], [], 3)
  const pair = (c1: ArrayLike, c2: ArrayLike): ReturnType<typeof asSeries> => asSeries([c1, c2])
  return namedFamily(basis.prefix, {
    domain: () => numberArray(basis.domain),
    add: (c1, c2) => {
      const [a, b] = pair(c1, c2)
      return joined(trimmed(combined(a!, b!, 1)))
    },
    sub: (c1, c2) => {
      const [a, b] = pair(c1, c2)
      return joined(trimmed(combined(a!, b!, -1)))
    },
    mul: (c1, c2) => {
      const [a, b] = pair(c1, c2)
      return joined(product(basis, a!, b!))
    },
    mulx: (c) => joined(timesX(basis, asSeries([c])[0]!)),
    div: (c1, c2) => {
      const [a, b] = pair(c1, c2)
      const [q, r] = quotient(basis, a!, b!)
      return [joined(q), joined(r)]
    },
    pow: (c, exponent, maxpower = basis === POWER ? null : 16) => joined(power(basis, asSeries([c])[0]!, exponent, maxpower)),
    line: (off, scl) => {
      const [a, b] = [asView(off), asView(scl)]
      const dtype = resultType([a.dtype, b.dtype])
      const whole = dtype.isInteger && basis.a(0) !== 1 && basis.a(0) !== -1
      const to = whole ? float64 : dtype
      return joined(line(basis, castView(a, to), castView(b, to)))
    },
    val: (x, c, tensor = true) => valuesAt(basis, x, c, typeof tensor === 'object' ? (tensor.tensor ?? true) : tensor),
    val2d: (x, y, c) => valuesNd(basis, c, x, y),
    val3d: (x, y, z, c) => valuesNd(basis, c, x, y, z),
    grid2d: (x, y, c) => valuesOnGrid(basis, c, x, y),
    grid3d: (x, y, z, c) => valuesOnGrid(basis, c, x, y, z),
    vander: (x, deg) => vandermonde(basis, x, deg),
    vander2d: (x, y, deg) => vandermondeNd(basis, [x, y], deg),
    vander3d: (x, y, z, deg) => vandermondeNd(basis, [x, y, z], deg),
    der: (c, ...rest) => {
      const { m = 1, scl = 1, axis = 0 } = derArgs(rest)
      return derived(basis, c, m, scl, axis)
    },
    int: (c, ...rest) => {
      const { m = 1, k = [], lbnd = 0, scl = 1, axis = 0 } = intArgs(rest)
      return integrated(basis, c, m, k, lbnd, scl, axis)
    },
    fit: (x, y, deg, ...rest) => fitted(basis, x, y, deg as number, fitArgs(rest)),
    fromroots: (roots) => withRoots(basis, roots),
    companion: (c) => companion(basis, c),
    roots: (c) => rootsOf(basis, c),
    gauss: (deg) => gaussRule(basis, deg),
    weight: (x) => {
      const v = asView(x)
      const w = basis.weight!(castView(v, floating(v.dtype)))
      return v.ndim === 0 ? wrap(w).item() : wrap(w)
    },
    trim: (c, tol = 0) => trimcoef(c, tol),
    fromPowers: (pol) => joined(rebased(POWER, basis, asSeries([pol])[0]!)),
    toPowers: (c) => joined(rebased(basis, POWER, asSeries([c])[0]!)),
    zero: () => wrap(p.full([1], 0, int64)),
    one: () => wrap(p.full([1], 1, int64)),
    x: () => {
      const unit = asView([0, 1])
      const [a, b] = [basis.a(0), basis.b(0)]
      if (a === 1 && b === 0) return wrap(unit)
      const c = slices(castView(unit, float64))
      const made = joined(line(basis, c[0]!, c[1]!))
      return Number.isInteger(1 / a) ? wrap(castView(made.value, int64)) : made
    },
  })
}

/** The names of the arguments that the functions of a basis need. */
const ARGUMENTS: Readonly<Partial<Record<keyof Family, string>>> = {
  add: 'c1 c2',
  sub: 'c1 c2',
  mul: 'c1 c2',
  mulx: 'c',
  div: 'c1 c2',
  pow: 'c pow',
  line: 'off scl',
  val: 'x c',
  val2d: 'x y c',
  val3d: 'x y z c',
  grid2d: 'x y c',
  grid3d: 'x y z c',
  vander: 'x deg',
  vander2d: 'x y deg',
  vander3d: 'x y z deg',
  der: 'c',
  int: 'c',
  fit: 'x y deg',
  fromroots: 'roots',
  companion: 'c',
  roots: 'c',
  gauss: 'deg',
  weight: 'x',
  trim: 'c',
  fromPowers: 'pol',
  toPowers: 'c',
}

/** The functions, with arguments also by name. */
function namedFamily(prefix: string, made: Family): Family {
  const entries = Object.entries(made).map(([key, f]) => {
    const names = ARGUMENTS[key as keyof Family]
    return [key, names === undefined ? f : byName(prefix + key, names, f)]
  })
  return Object.fromEntries(entries) as Family
}

const MOST_POINTS = 10_000_000

/** Points must be whole numbers of at least one. */
export function checkPoints(npts: number, least: number): number {
  if (!Number.isInteger(npts)) throw new ValueError('npts must be integer')
  if (npts < least) throw new ValueError(`npts must be >= ${least}`)
  return bounded('a number of points', npts, MOST_POINTS)
}
