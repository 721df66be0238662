/**
 * The six bases as rows: each basis B obeys `B[n+1](x) = (a(n) x + b(n)) B[n](x) - c(n) B[n-1](x)` with `B[0] = 1`; products, values, divisions,
 * fits, roots and quadratures follow. Derivatives and antiderivatives are the classical identities (DLMF 18.9).
 */

import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { over, plus, type Series, times, zeroOf } from './series.ts'

/** What a basis of polynomials is. */
export interface Basis {
  /** The class's name. */
  readonly name: string
  /** The letters that its functions' names begin with. */
  readonly prefix: string
  /** The symbol of a basis function in texts, null for powers. */
  readonly symbol: string | null
  readonly domain: readonly [number, number]
  readonly a: (n: number) => number
  readonly b: (n: number) => number
  readonly c: (n: number) => number
  /** `x B[n]` in terms of B[n+1], B[n] and B[n-1]: 1/a, -b/a and c/a without their rounding. */
  readonly x: (n: number) => readonly [up: number, middle: number, down: number]
  /** The coefficients of the derivative. */
  readonly derivative: (c: Series) => View[]
  /** The antiderivative of the n-th function: indices and factors. */
  readonly antiderivative: (n: number) => readonly (readonly [index: number, factor: number])[]
  /** A product that is quicker than the one by recurrence. */
  readonly product?: (a: Series, b: Series) => View[]
  /** The weight that makes the basis orthogonal, and its integral. */
  readonly weight?: (x: View) => View
  readonly mass?: number
  /** Nodes and weights of Gauss's rule in closed form. */
  readonly gauss?: (n: number) => [number[], number[]]
}

const zero = (): number => 0
const one = (): number => 1

/** The derivative's coefficients by a downward sweep: `take(j, c[j])` gives entry j-1; `carry` what c[j] adds below. */
function sweep(
  c: Series,
  entry: (j: number, v: View) => View,
  carry?: (j: number) => readonly [index: number, factor: number] | null,
): View[] {
  const left = [...c]
  const out: View[] = new Array(Math.max(c.length - 1, 0))
  for (let j = c.length - 1; j > 0; j--) {
    out[j - 1] = entry(j, left[j]!)
    const down = carry?.(j)
    if (down) left[down[0]] = plus(left[down[0]]!, times(left[j]!, down[1]))
  }
  return out
}

/** Sums of products `a[i] b[j]`, placed by `spread`. */
function expanded(a: Series, b: Series, spread: (i: number, j: number) => readonly (readonly [index: number, factor: number])[]): View[] {
  const out: View[] = Array.from({ length: a.length + b.length - 1 }, () => zeroOf(times(a[0]!, b[0]!)))
  a.forEach((x, i) => {
    b.forEach((y, j) => {
      const product = times(x, y)
      for (const [at, factor] of spread(i, j)) out[at] = plus(out[at]!, times(product, factor))
    })
  })
  return out
}

export const POWER: Basis = {
  name: 'Polynomial',
  prefix: 'poly',
  symbol: null,
  domain: [-1, 1],
  a: one,
  b: zero,
  c: zero,
  x: () => [1, 0, 0],
  derivative: (c) => sweep(c, (j, v) => times(v, j)),
  antiderivative: (n) => [[n + 1, 1 / (n + 1)]],
  product: (a, b) => expanded(a, b, (i, j) => [[i + j, 1]]),
}

export const CHEBYSHEV: Basis = {
  name: 'Chebyshev',
  prefix: 'cheb',
  symbol: 'T',
  domain: [-1, 1],
  a: (n) => (n === 0 ? 1 : 2),
  b: zero,
  c: one,
  x: (n) => [n === 0 ? 1 : 0.5, 0, 0.5],
  derivative: (c) =>
    sweep(
      c,
      (j, v) => times(v, j === 1 ? 1 : 2 * j),
      (j) => (j > 2 ? [j - 2, j / (j - 2)] : null),
    ),
  antiderivative: (n) => {
    if (n === 0) return [[1, 1]]
    if (n === 1) return [[2, 1 / 4]]
    return [
      [n + 1, 1 / (2 * (n + 1))],
      [n - 1, -1 / (2 * (n - 1))],
    ]
  },
  // T[i] T[j] = (T[i+j] + T[|i-j|]) / 2
  product: (a, b) =>
    expanded(a, b, (i, j) => [
      [i + j, 0.5],
      [Math.abs(i - j), 0.5],
    ]),
  weight: (x) => over(p.full([], 1, x.dtype), times(p.sqrt(plus(x, 1)), p.sqrt(plus(p.neg(x), 1)))),
  mass: Math.PI,
  gauss: (n) => [
    Array.from({ length: n }, (_, i) => Math.cos((Math.PI * (2 * i + 1)) / (2 * n))),
    Array.from({ length: n }, () => Math.PI / n),
  ],
}

export const LEGENDRE: Basis = {
  name: 'Legendre',
  prefix: 'leg',
  symbol: 'P',
  domain: [-1, 1],
  a: (n) => (2 * n + 1) / (n + 1),
  b: zero,
  c: (n) => n / (n + 1),
  x: (n) => [(n + 1) / (2 * n + 1), 0, n / (2 * n + 1)],
  derivative: (c) =>
    sweep(
      c,
      (j, v) => times(v, 2 * j - 1),
      (j) => (j > 2 ? [j - 2, 1] : null),
    ),
  antiderivative: (n) =>
    n === 0
      ? [[1, 1]]
      : [
          [n + 1, 1 / (2 * n + 1)],
          [n - 1, -1 / (2 * n + 1)],
        ],
  weight: (x) => plus(times(x, 0), 1),
  mass: 2,
}

export const HERMITE: Basis = {
  name: 'Hermite',
  prefix: 'herm',
  symbol: 'H',
  domain: [-1, 1],
  a: () => 2,
  b: zero,
  c: (n) => 2 * n,
  x: (n) => [0.5, 0, n],
  derivative: (c) => sweep(c, (j, v) => times(v, 2 * j)),
  antiderivative: (n) => [[n + 1, 1 / (2 * (n + 1))]],
  weight: (x) => p.exp(p.neg(times(x, x))) as View,
  mass: Math.sqrt(Math.PI),
}

export const HERMITE_E: Basis = {
  name: 'HermiteE',
  prefix: 'herme',
  symbol: 'He',
  domain: [-1, 1],
  a: one,
  b: zero,
  c: (n) => n,
  x: (n) => [1, 0, n],
  derivative: (c) => sweep(c, (j, v) => times(v, j)),
  antiderivative: (n) => [[n + 1, 1 / (n + 1)]],
  weight: (x) => p.exp(times(times(x, x), -0.5)) as View,
  mass: Math.sqrt(2 * Math.PI),
}

export const LAGUERRE: Basis = {
  name: 'Laguerre',
  prefix: 'lag',
  symbol: 'L',
  domain: [0, 1],
  a: (n) => -1 / (n + 1),
  b: (n) => (2 * n + 1) / (n + 1),
  c: (n) => n / (n + 1),
  x: (n) => [-(n + 1), 2 * n + 1, -n],
  derivative: (c) =>
    sweep(
      c,
      (_, v) => p.neg(v) as View,
      (j) => (j > 1 ? [j - 1, 1] : null),
    ),
  antiderivative: (n) => [
    [n, 1],
    [n + 1, -1],
  ],
  weight: (x) => p.exp(p.neg(x)) as View,
  mass: 1,
}
