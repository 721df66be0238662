/** Sums, products, quotients and powers of series in any basis, and changes of basis. */

import { ValueError, ZeroDivisionError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import type { Basis } from './basis.ts'
import { bounded, combined, isZeroSeries, minus, over, plus, type Series, scaled, times, trimmed, zeroOf } from './series.ts'

/** `x` times a series: `x B[n] = B[n+1] / a - b/a B[n] + c/a B[n-1]`. */
export function timesX(basis: Basis, series: Series): View[] {
  if (isZeroSeries(series)) return [...series]
  const out: View[] = Array.from({ length: series.length + 1 }, () => zeroOf(series[0]!))
  series.forEach((v, n) => {
    const [up, middle, down] = basis.x(n)
    out[n + 1] = plus(out[n + 1]!, times(v, up))
    if (middle !== 0) out[n] = plus(out[n]!, times(v, middle))
    if (n > 0 && down !== 0) out[n - 1] = plus(out[n - 1]!, times(v, down))
  })
  return out
}

/** Clenshaw's rule with a product by `x` of any kind: the sum of `c[n] B[n](x)`. */
export function clenshaw<T>(
  basis: Basis,
  c: Series,
  algebra: {
    readonly constant: (v: View) => T
    readonly add: (s: T, t: T) => T
    readonly scale: (s: T, by: number) => T
    readonly byX: (s: T) => T
  },
): T {
  let above: T | null = null
  let here = algebra.constant(c[c.length - 1]!)
  for (let n = c.length - 2; n >= 0; n--) {
    const [a, b] = [basis.a(n), basis.b(n)]
    let next = algebra.scale(algebra.byX(here), a)
    if (b !== 0) next = algebra.add(next, algebra.scale(here, b))
    const below = basis.c(n + 1)
    if (above !== null && below !== 0) next = algebra.add(next, algebra.scale(above, -below))
    above = here
    here = algebra.add(algebra.constant(c[n]!), next)
  }
  return here
}

/** The product of two series. */
export function product(basis: Basis, a: Series, b: Series): View[] {
  if (basis.product) return trimmed(basis.product(a, b))
  const [long, short] = a.length >= b.length ? [a, b] : [b, a]
  const out = clenshaw<View[]>(basis, short, {
    constant: (v) => scaled(long, v),
    add: (s, t) => combined(s, t, 1),
    scale: (s, by) => scaled(s, by),
    byX: (s) => timesX(basis, s),
  })
  return trimmed(out)
}

/** Quotient and remainder of two series. */
export function quotient(basis: Basis, a: Series, b: Series): [View[], View[]] {
  if (isZeroSeries(b)) throw new ZeroDivisionError('division by the zero polynomial')
  const zero = zeroOf(a[0]!)
  const last = b[b.length - 1]!
  if (a.length < b.length) return [[zero], [...a]]
  if (b.length === 1) return [a.map((v) => over(v, last)), [zero]]
  const one = p.full([], 1, zero.dtype) as View
  const out: View[] = new Array(a.length - b.length + 1)
  let rest = [...a]
  for (let i = a.length - b.length; i >= 0; i--) {
    const shifted = product(basis, [...new Array<View>(i).fill(zero), one], b)
    const q = over(rest[rest.length - 1]!, shifted[shifted.length - 1]!)
    rest = rest.slice(0, -1).map((v, k) => minus(v, times(q, shifted[k]!)))
    out[i] = q
  }
  return [out, trimmed(rest)]
}

/** A series to a whole power. */
export function power(basis: Basis, c: Series, exponent: number, most: number | null): View[] {
  if (!Number.isInteger(exponent) || exponent < 0) throw new ValueError('Power must be a non-negative integer.')
  if (most !== null && exponent > most) throw new ValueError('Power is too large')
  bounded('a power', exponent * Math.max(c.length - 1, 1))
  if (exponent === 0) return [p.full([], 1, c[0]!.dtype) as View]
  let out = [...c]
  for (let i = 2; i <= exponent; i++) out = product(basis, out, c)
  return out
}

/** The series of `off + scl x`. */
export function line(basis: Basis, off: View, scl: View): View[] {
  const [a, b] = [basis.a(0), basis.b(0)]
  if (isZeroSeries([scl])) return [off]
  return [b === 0 ? off : minus(off, times(scl, b / a)), times(scl, 1 / a)]
}

/** A series of one basis in another, on the same domain. */
export function rebased(from: Basis, to: Basis, c: Series): View[] {
  return trimmed(
    clenshaw<View[]>(from, c, {
      constant: (v) => [v],
      add: (s, t) => combined(s, t, 1),
      scale: (s, by) => scaled(s, by),
      byX: (s) => timesX(to, s),
    }),
  )
}
