/** Orthogonal polynomials by their three-term recurrences (DLMF 18.9), Chebyshev's of high degree by their cosines (DLMF 18.5). */

import type { Opcode } from '../../core/opcodes.ts'

/** Recurrences take a step a degree: above this a degree is refused. */
const MOST = 2 ** 20

/** Degree n from degrees 0 and 1: `next(k, q, p)` is the value of degree k + 1 from those of k and k - 1. */
function recur(n: number, first: number, next: (k: number, q: number, p: number) => number): number {
  if (n > MOST) return Number.NaN
  let [p, q] = [1, first]
  for (let k = 1; k < n && !Number.isNaN(q); k++) [p, q] = [q, next(k, q, p)]
  return q
}

type Polynomial = (x: number, n: number) => number

/** A polynomial of a degree that is cut to an integer, 0 for negative ones and 1 for degree 0. */
const polynomial =
  (f: Polynomial): Polynomial =>
  (x, degree) => {
    const n = Math.trunc(degree)
    if (Number.isNaN(n)) return Number.NaN
    return n < 0 ? 0 : n === 0 ? 1 : f(x, n)
  }

/** Chebyshev's kinds: the value of degree 1, those at 1 and (but for the sign of odd degrees) at -1, and the closed form. */
const chebyshev = (
  first: (x: number) => number,
  ends: readonly [(n: number) => number, (n: number) => number],
  closed: (angle: number, n: number) => number,
): Polynomial =>
  polynomial((x, n) => {
    if (x === 1) return ends[0](n)
    if (x === -1) return n % 2 === 0 ? ends[1](n) : -ends[1](n)
    if (n > 8 && Math.abs(x) < 1) return closed(Math.acos(x), n)
    return recur(n, first(x), (_, q, p) => (x + x) * q - p)
  })

const one = () => 1
const many = (n: number) => n + n + 1
const hermiteLimit = 512

export const polynomials: Partial<Record<Opcode, Polynomial>> = {
  chebyshev_t: chebyshev(
    (x) => x,
    [one, one],
    (a, n) => Math.cos(n * a),
  ),
  chebyshev_u: chebyshev(
    (x) => x + x,
    [(n) => n + 1, (n) => n + 1],
    (a, n) => Math.sin((n + 1) * a) / Math.sin(a),
  ),
  chebyshev_v: chebyshev(
    (x) => x + x - 1,
    [one, many],
    (a, n) => Math.cos((n + 0.5) * a) / Math.cos(a / 2),
  ),
  chebyshev_w: chebyshev(
    (x) => x + x + 1,
    [many, one],
    (a, n) => Math.sin((n + 0.5) * a) / Math.sin(a / 2),
  ),
  hermite_h: polynomial((x, n) => (n > hermiteLimit ? Number.NaN : recur(n, x + x, (k, q, p) => (x + x) * q - 2 * k * p))),
  hermite_he: polynomial((x, n) => (n > hermiteLimit ? Number.NaN : recur(n, x, (k, q, p) => x * q - k * p))),
  laguerre_l: polynomial((x, n) => (x === 0 ? 1 : recur(n, 1 - x, (k, q, p) => ((k + k + (1 - x)) * q - k * p) / (k + 1)))),
  legendre_p: polynomial((x, n) => {
    if (Math.abs(x) === 1) return x > 0 || n % 2 === 0 ? 1 : -1
    return recur(n, x, (k, q, p) => ((k + k + 1) * x * q - k * p) / (k + 1))
  }),
}
