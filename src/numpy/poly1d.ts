/** `np.poly1d`: a polynomial as an object, coefficients highest power first. */

import { isKeywords } from '../core/arguments.ts'
import { CallableObject, type Newless, newless } from '../core/callable.ts'
import { Complex } from '../core/complex.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, wrap } from './convert.ts'
import { trim_zeros } from './editing.ts'
import { array_equal, isscalar } from './logic.ts'
import { atleast_1d } from './manipulation.ts'
import type { NDArray } from './ndarray.ts'
import { general } from './percent.ts'
import { poly, polyadd, polyder, polydiv, polyint, polymul, polysub, polyval, roots } from './polynomial.ts'
import type { ArrayLike } from './types.ts'
import { divide, multiply, negative } from './ufuncs/arithmetic.ts'

/** What may stand for a polynomial: one, or its coefficients. */
type PolyLike = ArrayLike | Poly1d

/** @internal The class behind `poly1d`. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface gives instances their call signature
export class Poly1d extends CallableObject implements Iterable<unknown> {
  #coeffs!: NDArray
  /** The name of the variable in texts. */
  readonly variable!: string

  /** @internal */
  constructor(c_or_r: PolyLike, r: boolean | { r?: boolean; variable?: string | null } = false, variable: string | null = null) {
    super()
    const given = isKeywords(r) ? r : { r: r as boolean, variable }
    if (c_or_r instanceof Poly1d) {
      this.#coeffs = c_or_r.#coeffs
      this.variable = given.variable ?? c_or_r.variable
      return
    }
    const list = atleast_1d(given.r ? poly(c_or_r) : asArray(c_or_r)) as NDArray
    if (list.ndim > 1) throw new ValueError('Polynomial must be 1d only.')
    const rest = trim_zeros(list, 'f') as NDArray
    this.#coeffs = rest.size > 0 ? rest : wrap(p.full([1], 0, list.value.dtype))
    this.variable = given.variable ?? 'x'
  }
  /** The coefficients, highest power first. */
  get coeffs(): NDArray {
    return this.#coeffs
  }
  get c(): NDArray {
    return this.#coeffs
  }
  get coef(): NDArray {
    return this.#coeffs
  }
  get coefficients(): NDArray {
    return this.#coeffs
  }
  /** The degree. */
  get order(): number {
    return this.#coeffs.size - 1
  }
  get o(): number {
    return this.order
  }
  /** The degree, as Python's `len`. */
  get length(): number {
    return this.order
  }
  /** Where the polynomial is zero. */
  get roots(): NDArray {
    return roots(this.#coeffs)
  }
  get r(): NDArray {
    return this.roots
  }

  /** @internal What `p(x)` does. */
  _call(args: unknown[]): any {
    return this.call(args[0] as PolyLike)
  }
  /** The values at points; of another polynomial the composition. */
  call(x: PolyLike): any {
    return polyval(this.#coeffs, x as ArrayLike)
  }
  #like(coeffs: ArrayLike): Poly1d {
    return new Poly1d(coeffs)
  }
  add(other: PolyLike): Poly1d {
    return this.#like(polyadd(this.#coeffs, new Poly1d(other).coeffs))
  }
  subtract(other: PolyLike): Poly1d {
    return this.#like(polysub(this.#coeffs, new Poly1d(other).coeffs))
  }
  multiply(other: PolyLike): Poly1d {
    if (isscalar(other)) return this.#like(multiply(this.#coeffs, other as ArrayLike))
    return this.#like(polymul(this.#coeffs, new Poly1d(other).coeffs))
  }
  /** The quotient by a number; quotient and remainder by a polynomial. */
  divide(other: PolyLike): any {
    if (isscalar(other)) return this.#like(divide(this.#coeffs, other as ArrayLike))
    return polydiv(this.#coeffs, new Poly1d(other).coeffs).map((c) => this.#like(c))
  }
  power(exponent: number): Poly1d {
    if (!Number.isInteger(exponent) || exponent < 0) throw new ValueError('Power to non-negative integers only.')
    if (exponent > 10_000) throw new ValueError(`poly1d: the power ${exponent} is too large`)
    let out: NDArray = asArray([1])
    for (let i = 0; i < exponent; i++) out = polymul(this.#coeffs, out)
    return this.#like(out)
  }
  negative(): Poly1d {
    return this.#like(negative(this.#coeffs))
  }
  /** Whether another polynomial has the same coefficients. */
  equal(other: unknown): boolean {
    return other instanceof Poly1d && array_equal(this.#coeffs, other.coeffs)
  }
  not_equal(other: unknown): boolean {
    return !this.equal(other)
  }
  /** The coefficient of a power: Python's `p[power]`. */
  at(power: number): unknown {
    return power < 0 || power > this.order ? 0 : this.#coeffs.item(this.order - power)
  }
  /** Sets the coefficient of a power: Python's `p[power] = value`. */
  set(power: number, value: ArrayLike): void {
    if (!Number.isInteger(power)) throw new ArgumentError('poly1d: a power is an integer')
    if (power < 0) throw new ValueError('Does not support negative powers.')
    if (power > 100_000) throw new ValueError(`poly1d: the power ${power} is too large`)
    if (power > this.order) {
      const zeros = p.full([power - this.order], 0, this.#coeffs.value.dtype)
      this.#coeffs = wrap(p.concatenate([zeros, this.#coeffs.value]))
    }
    this.#coeffs.set(this.order - power, value)
  }
  /** An antiderivative. */
  integ(...rest: unknown[]): Poly1d {
    return this.#like(polyint(this.#coeffs, ...(rest as [])))
  }
  /** The m-th derivative. */
  deriv(m: number | { m?: number } = 1): Poly1d {
    return this.#like(polyder(this.#coeffs, typeof m === 'object' ? (m.m ?? 1) : m))
  }
  *[Symbol.iterator](): IterableIterator<unknown> {
    yield* this.#coeffs
  }
  repr(): string {
    return `poly1d(${this.#coeffs.repr().slice(6, -1)})`
  }
  override toString(): string {
    return raised(this.#text())
  }
  [Symbol.toPrimitive](): string {
    return this.toString()
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.repr()
  }

  /** The sum of terms in one line, powers after `**`. */
  #text(): string {
    const list = [...this.#coeffs]
    let out = ''
    list.forEach((c, k) => {
      const power = list.length - 1 - k
      const coefficient = short(c)
      if (coefficient === '0' && !(power === 0 && k === 0)) return
      const term = power === 0 ? coefficient : `${coefficient} ${this.variable}${power === 1 ? '' : `**${power}`}`
      if (out === '') out = term
      else out += term.startsWith('-') ? ` - ${term.slice(1)}` : ` + ${term}`
    })
    return out === '' ? '0' : out
  }
}

/** A coefficient with four digits. */
function short(c: unknown): string {
  const number = (x: number): string => general(x, 4)
  if (!(c instanceof Complex)) return number(Number(c))
  if (c.im === 0) return number(c.re)
  return c.re === 0 ? `${number(c.im)}j` : `(${number(c.re)} + ${number(c.im)}j)`
}

const WIDTH = 70

/** Two lines: powers raised to the one above, broken where a line would be too long. */
function raised(text: string): string {
  let [above, below, out] = ['', '', ' ']
  let rest = text
  for (;;) {
    const found = /\*\*(\d+)/.exec(rest)
    if (!found) break
    const part = rest.slice(0, found.index)
    const power = found[1]!
    rest = rest.slice(found.index + found[0].length)
    // The power stands right after the variable; only its further digits widen the line below.
    const [up, down] = [' '.repeat(part.length - 1) + power, part + ' '.repeat(power.length - 1)]
    if (below.length + down.length > WIDTH || above.length + up.length > WIDTH) {
      out += `${above}\n${below}\n `
      ;[above, below] = [up, down]
    } else {
      above += up
      below += down
    }
  }
  return `${out}${above}\n${below}${rest}`
}

/** What it means to call one. */
export interface Poly1d {
  (x: PolyLike): any
  /** @internal Never set; keeps the interface from being a plain function type. */
  readonly __poly1d?: never
}

/**
 * A polynomial from its coefficients, highest power first, or with `r` from its roots. May be called without `new`; calling it evaluates it.
 *
 * @example
 * const p = new np.poly1d([1, 2, 3])
 * p(0.5) // => 4.25
 * p // => poly1d([1, 2, 3])
 * p.multiply(p).coeffs // => array([ 1,  4, 10, 12,  9])
 * p.order // => 2
 */
export const poly1d: Newless<typeof Poly1d> = /* @__PURE__ */ newless(Poly1d)
export type poly1d = Poly1d
