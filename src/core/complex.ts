/** The complex scalar: what an element of a complex array comes out as. */

/** A complex number with double-precision parts. */
export class Complex {
  constructor(
    readonly re: number,
    readonly im: number = 0,
  ) {}

  /** As Python prints it: `(1+2j)`, `2j`. */
  toString(): string {
    const part = (x: number) => (Number.isNaN(x) ? 'nan' : Number.isFinite(x) ? (Object.is(x, -0) ? '-0' : String(x)) : x > 0 ? 'inf' : '-inf')
    const im = part(this.im)
    if (this.re === 0 && !Object.is(this.re, -0)) return `${im}j`
    return `(${part(this.re)}${im.startsWith('-') ? '' : '+'}${im}j)`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/** Makes a Complex. */
export const complex = (re: number, im = 0): Complex => new Complex(re, im)
