/** The complex scalar: what an element of a complex array comes out as. */

import { describe } from './describe.ts'
import { ArgumentError } from './errors.ts'

/** A complex number with double-precision parts. */
export class Complex {
  constructor(
    readonly re: number,
    readonly im: number = 0,
  ) {}

  /** As Python prints it: `(1+2j)`, `2j`. */
  toString(): string {
    const part = (x: number) =>
      Number.isNaN(x) ? 'nan' : Number.isFinite(x) ? (Object.is(x, -0) ? '-0' : String(x)) : x > 0 ? 'inf' : '-inf'
    const im = part(this.im)
    if (this.re === 0 && !Object.is(this.re, -0)) return `${im}j`
    return `(${part(this.re)}${im.startsWith('-') ? '' : '+'}${im}j)`
  }

  /** `this + x`; object arrays call these by NumPy's names. */
  add(x: number | Complex): Complex {
    const [re, im] = partsOf(x)
    return new Complex(this.re + re, this.im + im)
  }
  subtract(x: number | Complex): Complex {
    const [re, im] = partsOf(x)
    return new Complex(this.re - re, this.im - im)
  }
  multiply(x: number | Complex): Complex {
    const [re, im] = partsOf(x)
    return new Complex(this.re * re - this.im * im, this.re * im + this.im * re)
  }
  /** `this / x`, by Smith's method, which does not overflow on the way. */
  divide(x: number | Complex): Complex {
    const [re, im] = partsOf(x)
    if (Math.abs(re) >= Math.abs(im)) {
      const ratio = im / re
      const d = re + im * ratio
      return new Complex((this.re + this.im * ratio) / d, (this.im - this.re * ratio) / d)
    }
    const ratio = re / im
    const d = re * ratio + im
    return new Complex((this.re * ratio + this.im) / d, (this.im * ratio - this.re) / d)
  }
  negative(): Complex {
    return new Complex(-this.re, -this.im)
  }
  conjugate(): Complex {
    return new Complex(this.re, -this.im)
  }
  absolute(): number {
    return Math.hypot(this.re, this.im)
  }
  equal(x: unknown): boolean {
    if (typeof x !== 'number' && !(x instanceof Complex)) return false
    const [re, im] = partsOf(x)
    return this.re === re && this.im === im
  }
  not_equal(x: unknown): boolean {
    return !this.equal(x)
  }

  /** Text in templates; JavaScript's operators, which would join texts, are refused. */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString()
    throw new ArgumentError("a Complex has no JavaScript operators: use its methods ('add', 'multiply' ...)")
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

function partsOf(x: number | Complex): readonly [number, number] {
  if (x instanceof Complex) return [x.re, x.im]
  if (typeof x === 'number') return [x, 0]
  throw new ArgumentError(`a Complex cannot be combined with ${describe(x)}`)
}

/** Makes a Complex. */
export const complex = (re: number, im = 0): Complex => new Complex(re, im)
