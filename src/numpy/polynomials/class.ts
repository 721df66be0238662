/** The classes of polynomials: one for all bases, whose subclasses bring their basis. */
// biome-ignore-all lint/complexity/noThisInStatic: the subclass on which a static member is called is meant

import { isKeywords, signature } from '../../core/arguments.ts'
import { CallableObject } from '../../core/callable.ts'
import { Complex } from '../../core/complex.ts'
import { ArgumentError, DTypeError, ValueError } from '../../core/errors.ts'
import { sameShape } from '../../core/shape.ts'
import { asArray, asView } from '../convert.ts'
import { array_equal } from '../logic.ts'
import type { NDArray } from '../ndarray.ts'
import { linspace } from '../ranges.ts'
import type { ArrayLike, Result } from '../types.ts'
import { add, divide, multiply, negative, power as powerOf } from '../ufuncs/arithmetic.ts'
import { clenshaw } from './arithmetic.ts'
import type { Basis } from './basis.ts'
import type { Family } from './family.ts'
import type { FitOptions } from './fit.ts'
import { as_series, getdomain, mapdomain, mapparms, trimcoef } from './polyutils.ts'
import { bounded, slices } from './series.ts'
import { latex, type PrintStyle, printStyle, sumText, type Terms } from './text.ts'

/** Keyword arguments of the constructors. */
export interface SeriesOptions {
  /** The interval that is mapped to the window. */
  domain?: ArrayLike | null
  window?: ArrayLike | null
  /** The name of the variable in texts. Default `'x'`. */
  symbol?: string
}
const seriesArgs = signature<SeriesOptions>('Polynomial', ['domain', 'window', 'symbol'])
const fitNames = ['domain', 'rcond', 'full', 'w', 'window', 'symbol'] as const
const fitArgs = signature<SeriesOptions & FitOptions>('fit', fitNames, [], 3)
const integArgs = signature<{ m?: number; k?: ArrayLike; lbnd?: ArrayLike | null }>('integ', ['m', 'k', 'lbnd'], [], 0)

/** The most that powers may be. */
const MOST_POWER = 100

/** A class of polynomials: its constructor and what it has besides. */
export interface PolynomialClass {
  new (coef: ArrayLike, ...rest: unknown[]): PolyBase
  readonly basisRow: Basis
  readonly functions: Family
  identity(...rest: unknown[]): PolyBase
}

/** A polynomial: coefficients of a basis, lowest degree first, with the domain that is mapped to the basis's window. Calling it evaluates it. */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface gives instances their call signature
export abstract class PolyBase extends CallableObject implements Iterable<unknown> {
  /** @internal */
  declare static basisRow: Basis
  /** @internal */
  declare static functions: Family
  #symbol!: string

  /** @internal */
  constructor(coef: ArrayLike, ...rest: unknown[]) {
    super()
    const { domain, window, symbol = 'x' } = seriesArgs(rest)
    this.coef = as_series([coef], false)[0]!
    this.domain = interval(domain ?? this.basisRow.domain, 'Domain')
    this.window = interval(window ?? this.basisRow.domain, 'Window')
    if (typeof symbol !== 'string') throw new DTypeError('Symbol must be a non-empty string')
    if (!/^[\p{L}_][\p{L}\p{N}_]*$/u.test(symbol)) throw new ValueError('Symbol string must be a valid Python identifier')
    this.#symbol = symbol
  }
  /** @internal */
  get basisRow(): Basis {
    return (this.constructor as unknown as PolynomialClass).basisRow
  }
  /** @internal */
  get functions(): Family {
    return (this.constructor as unknown as PolynomialClass).functions
  }
  /** The letter of the basis functions in texts, null for powers. */
  get basis_name(): string | null {
    return this.basisRow.symbol
  }
  /** The name of the variable in texts. */
  get symbol(): string {
    return this.#symbol
  }
  /** The number of coefficients. */
  get length(): number {
    return this.coef.size
  }

  /** @internal Another of this class with this one's domain, window and symbol. */
  like(coef: ArrayLike): this {
    return new (this.constructor as unknown as new (...args: unknown[]) => this)(coef, this.domain, this.window, this.symbol)
  }

  /** @internal What `p(x)` does. */
  _call(args: unknown[]): any {
    return this.call(args[0] as ArrayLike)
  }
  /** The values at points; of another polynomial the composition. */
  call(x: ArrayLike | PolyBase): any {
    if (!(x instanceof PolyBase)) return this.functions.val(mapdomain(x, this.domain, this.window), this.coef)
    const [off, scl] = this.mapparms()
    const inner = x.multiply(scl).add(off)
    return clenshaw<PolyBase>(this.basisRow, slices(this.coef.value), {
      constant: (v) => x.like([asArray(v as unknown as ArrayLike).item()]),
      add: (s, t) => s.add(t),
      scale: (s, by) => s.multiply(by),
      byX: (s) => s.multiply(inner),
    })
  }

  #coefficients(other: ArrayLike | PolyBase): ArrayLike {
    if (!(other instanceof PolyBase)) return other
    if (other.constructor !== this.constructor) throw new DTypeError('Polynomial types differ')
    if (!array_equal(this.domain, other.domain)) throw new DTypeError('Domains differ')
    if (!array_equal(this.window, other.window)) throw new DTypeError('Windows differ')
    if (this.symbol !== other.symbol) throw new ValueError('Polynomial symbols differ')
    return other.coef
  }
  /** The sum with another of the same kind and domain, or with coefficients or a number. */
  add(other: ArrayLike | PolyBase): this {
    return this.like(this.functions.add(this.coef, this.#coefficients(other)))
  }
  /** The difference. */
  subtract(other: ArrayLike | PolyBase): this {
    return this.like(this.functions.sub(this.coef, this.#coefficients(other)))
  }
  /** The product. */
  multiply(other: ArrayLike | PolyBase): this {
    return this.like(this.functions.mul(this.coef, this.#coefficients(other)))
  }
  /** The quotient by a number. */
  divide(other: number | Complex): this {
    if (typeof other !== 'number' && !(other instanceof Complex))
      throw new DTypeError(`unsupported types for true division: '${this.basisRow.name}', '${typeof other}'`)
    return this.floor_divide(other)
  }
  /** The quotient without the remainder. */
  floor_divide(other: ArrayLike | PolyBase): this {
    return this.divmod(other)[0]
  }
  /** The remainder of a division. */
  remainder(other: ArrayLike | PolyBase): this {
    return this.divmod(other)[1]
  }
  /** Quotient and remainder. */
  divmod(other: ArrayLike | PolyBase): [this, this] {
    const [quotient, rest] = this.functions.div(this.coef, this.#coefficients(other))
    return [this.like(quotient), this.like(rest)]
  }
  /** A whole power. */
  power(exponent: number): this {
    return this.like(this.functions.pow(this.coef, exponent, MOST_POWER))
  }
  negative(): this {
    return this.like(negative(this.coef))
  }
  /** Whether another has the same class, coefficients, domain, window and symbol. */
  equals(other: unknown): boolean {
    return (
      other instanceof PolyBase &&
      other.constructor === this.constructor &&
      array_equal(this.domain, other.domain) &&
      array_equal(this.window, other.window) &&
      sameShape(this.coef.shape, other.coef.shape) &&
      array_equal(this.coef, other.coef) &&
      this.symbol === other.symbol
    )
  }

  copy(): this {
    return this.like(this.coef.copy())
  }
  /** The number of coefficients less one; zeros at the end count. */
  degree(): number {
    return this.coef.size - 1
  }
  /** The polynomial without terms above a degree. */
  cutdeg(deg: number): this {
    return this.truncate(deg + 1)
  }
  /** The polynomial without small coefficients at the end. */
  trim(tol = 0): this {
    return this.like(trimcoef(this.coef, tol))
  }
  /** The polynomial of the first coefficients. */
  truncate(size: number): this {
    if (!Number.isInteger(size) || size < 1) throw new ValueError('size must be a positive integer')
    return size >= this.coef.size ? this.like(this.coef) : this.like(this.coef.at(`:${size}`))
  }
  /** The same polynomial in another class, domain or window. */
  convert(...rest: unknown[]): any {
    const { domain, kind = this.constructor as unknown as PolynomialClass, window } = convertArgs(rest)
    const to = kind as PolynomialClass
    return this.call(to.identity({ domain: domain ?? to.basisRow.domain, window: window ?? to.basisRow.domain, symbol: this.symbol }))
  }
  /** The `[off, scl]` of the line that maps the domain to the window. */
  mapparms(): [Result, Result] {
    return mapparms(this.domain, this.window)
  }
  /** The m-th antiderivative, from `lbnd` on with constants `k`. */
  integ(...rest: unknown[]): this {
    const { m = 1, k = [], lbnd = null } = integArgs(rest)
    const [off, scl] = this.mapparms()
    const start = lbnd === null ? 0 : add(off, multiply(scl, lbnd))
    return this.like(this.functions.int(this.coef, m, k, start, divide(1, scl)))
  }
  /** The m-th derivative. */
  deriv(m: number | { m?: number } = 1): this {
    const count = typeof m === 'object' ? (m.m ?? 1) : m
    return this.like(this.functions.der(this.coef, count, this.mapparms()[1]))
  }
  /** The roots. */
  roots(): NDArray {
    return asArray(mapdomain(this.functions.roots(this.coef), this.window, this.domain))
  }
  /** Points evenly spaced over the domain, and the values there. */
  linspace(...rest: unknown[]): [NDArray, NDArray] {
    const { n = 100, domain } = linspaceArgs(rest)
    const [start, stop] = [...asArray(domain ?? this.domain)] as [number, number]
    const x = linspace(start, stop, { num: n })
    return [x, this.call(x)]
  }
  has_samecoef(other: PolyBase): boolean {
    return array_equal(this.coef, other.coef)
  }
  has_samedomain(other: PolyBase): boolean {
    return array_equal(this.domain, other.domain)
  }
  has_samewindow(other: PolyBase): boolean {
    return array_equal(this.window, other.window)
  }
  has_sametype(other: unknown): boolean {
    return typeof other === 'function' && other.constructor === this.constructor
  }

  /** The polynomial of least squares of a degree through points; its domain holds the points unless one is given. `[]` is the class's domain. */
  static fit(
    x: ArrayLike,
    y: ArrayLike,
    deg: number | readonly number[] | { deg: number | readonly number[]; [key: string]: unknown },
    ...rest: unknown[]
  ): any {
    const own = this as unknown as PolynomialClass
    if (isKeywords(deg)) {
      const { deg: named, ...others } = deg as { deg: number }
      return this.fit(x, y, named, others)
    }
    const { domain: given = null, rcond, full = false, w, window, symbol } = fitArgs(rest)
    let domain: ArrayLike
    if (given === null) {
      const found = getdomain(x)
      domain = found.item(0) === found.item(1) ? add(found, [-1, 1]) : found
    } else domain = asView(given).size === 0 ? own.basisRow.domain : given
    const to = window ?? own.basisRow.domain
    const result = own.functions.fit(mapdomain(asArray(x), domain, to), y, deg, { rcond, full, w })
    const [coef, status] = full ? result : [result, null]
    const made = new own(coef, { domain, window: to, symbol })
    return full ? [made, status] : made
  }
  /** The polynomial with given roots; null as domain takes the roots' own. */
  static fromroots(roots: ArrayLike, ...rest: unknown[]): any {
    const own = this as unknown as PolynomialClass
    const { domain: given = [], window, symbol } = seriesArgs(rest)
    const list = as_series([roots], false)[0]!
    const domain = given === null ? getdomain(list) : asView(given).size === 0 ? own.basisRow.domain : given
    const to = window ?? own.basisRow.domain
    const [off, scl] = mapparms(domain, to)
    const coef = divide(own.functions.fromroots(add(off, multiply(scl, list))), powerOf(scl, list.size))
    return new own(coef, { domain, window: to, symbol })
  }
  /** The polynomial `p(x) = x`. */
  static identity(...rest: unknown[]): any {
    const own = this as unknown as PolynomialClass
    const { domain, window, symbol } = seriesArgs(rest)
    const [from, to] = [domain ?? own.basisRow.domain, window ?? own.basisRow.domain]
    const [off, scl] = mapparms(to, from)
    return new own(own.functions.line(off, scl), { domain: from, window: to, symbol })
  }
  /** The basis function of a degree. */
  static basis(deg: number, ...rest: unknown[]): any {
    const own = this as unknown as PolynomialClass
    const { domain, window, symbol } = seriesArgs(rest)
    if (!Number.isInteger(deg) || deg < 0) throw new ValueError('deg must be non-negative integer')
    return new own([...new Array<number>(bounded('a degree', deg)).fill(0), 1], { domain, window, symbol })
  }
  /** Another polynomial in this class. */
  static cast(series: PolyBase, ...rest: unknown[]): any {
    const own = this as unknown as PolynomialClass
    const { domain, window } = seriesArgs(rest)
    if (!(series instanceof PolyBase)) throw new ArgumentError('cast(): expected a polynomial')
    return series.convert({ domain: domain ?? own.basisRow.domain, kind: own, window: window ?? own.basisRow.domain })
  }

  *[Symbol.iterator](): IterableIterator<unknown> {
    yield* this.coef
  }
  #terms(): Terms {
    const [off, scale] = this.mapparms()
    return { coefficients: [...this.coef], dtype: this.coef.dtype.name, letter: this.basis_name, symbol: this.symbol, off, scale }
  }
  /** The sum of its terms in a style: `'unicode'`, `'ascii'`, or by default that of `set_default_printstyle`. */
  format(kind: PrintStyle | '' = ''): string {
    if (kind !== '' && kind !== 'unicode' && kind !== 'ascii')
      throw new ValueError(
        `Unsupported format string '${String(kind)}' passed to ${this.basisRow.name}.__format__. Valid options are 'ascii' and 'unicode'`,
      )
    return sumText(this.#terms(), kind === '' ? printStyle() : kind)
  }
  /** The polynomial as a map, for TeX. */
  latex(): string {
    return latex(this.#terms())
  }
  override toString(): string {
    return this.format()
  }
  /** As Python's `repr`. */
  repr(): string {
    const inside = (a: NDArray): string => a.repr().slice(6, -1)
    return `${this.basisRow.name}(${inside(this.coef)}, domain=${inside(this.domain)}, window=${inside(this.window)}, symbol='${this.symbol}')`
  }
  [Symbol.toPrimitive](): string {
    return this.toString()
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.repr()
  }
}

/** What every polynomial has; it can be called. */
export interface PolyBase {
  (x: ArrayLike | PolyBase): any
  /** The coefficients, lowest degree first. */
  coef: NDArray
  /** The interval that is mapped to the window. */
  domain: NDArray
  /** The interval on which the basis is used. */
  window: NDArray
}

const convertArgs = signature<{ domain?: ArrayLike | null; kind?: unknown; window?: ArrayLike | null }>(
  'convert',
  ['domain', 'kind', 'window'],
  [],
  0,
)
const linspaceArgs = signature<{ n?: number; domain?: ArrayLike | null }>('linspace', ['n', 'domain'], [], 0)

function interval(x: ArrayLike, what: string): NDArray {
  const [series] = as_series([x], false)
  if (series!.size !== 2) throw new ValueError(`${what} has wrong number of elements.`)
  return series!
}
