/** Polynomials as text: in Unicode, in ASCII, and for TeX. */

import { Complex } from '../../core/complex.ts'
import { ValueError } from '../../core/errors.ts'
import { numpyPrintOptions, scalarStr } from '../../printing/index.ts'
import { format_float } from './polyutils.ts'

/** How `String(p)` writes polynomials. */
export type PrintStyle = 'unicode' | 'ascii'
let style: PrintStyle = globalThis.process?.platform === 'win32' ? 'ascii' : 'unicode'

/** The style in force. */
export const printStyle = (): PrintStyle => style

/**
 * Sets how polynomials are written by default: `'unicode'` or `'ascii'`.
 *
 * @example
 * np.polynomial.set_default_printstyle('ascii')
 * String(new np.polynomial.Polynomial([1, 2, 3])) // => 1.0 + 2.0 x + 3.0 x**2
 * np.polynomial.set_default_printstyle('unicode')
 * String(new np.polynomial.Polynomial([1, 2, 3])) // => 1.0 + 2.0·x + 3.0·x²
 */
export function set_default_printstyle(next: PrintStyle): void {
  if (next !== 'unicode' && next !== 'ascii')
    throw new ValueError(`Unsupported format string '${String(next)}'. Valid options are 'ascii' and 'unicode'`)
  style = next
}

const RAISED = '⁰¹²³⁴⁵⁶⁷⁸⁹'
const LOWERED = '₀₁₂₃₄₅₆₇₈₉'
const digits = (n: number, alphabet: string): string => [...String(n)].map((d) => alphabet[Number(d)]).join('')

/** What texts are made from. */
export interface Terms {
  readonly coefficients: readonly unknown[]
  readonly dtype: string
  /** The basis functions' letter, null for powers. */
  readonly letter: string | null
  readonly symbol: string
  readonly off: number
  readonly scale: number
}

/** The argument of the basis functions: the symbol, or the line that maps it. */
function argument({ symbol, off, scale }: Terms, number: (x: number) => string): { text: string; compound: boolean } {
  if (off === 0 && scale === 1) return { text: symbol, compound: false }
  if (scale === 1) return { text: `${number(off)} + ${symbol}`, compound: true }
  const scaled = `${number(scale)}${symbol}`
  return { text: off === 0 ? scaled : `${number(off)} + ${scaled}`, compound: true }
}

function term(terms: Terms, n: number, inner: string, kind: PrintStyle): string {
  if (terms.letter === null) {
    if (kind === 'ascii') return n === 1 ? ` ${inner}` : ` ${inner}**${n}`
    return n === 1 ? `·${inner}` : `·${inner}${digits(n, RAISED)}`
  }
  return kind === 'ascii' ? ` ${terms.letter}_${n}(${inner})` : `·${terms.letter}${digits(n, LOWERED)}(${inner})`
}

const isReal = (x: unknown): x is number => typeof x === 'number'

/** The sum of terms, broken into lines of the print options' width. */
export function sumText(terms: Terms, kind: PrintStyle): string {
  const width = Math.max(1, numpyPrintOptions.get().linewidth)
  const { coefficients, dtype } = terms
  const plain = (x: unknown): string => (isReal(x) ? format_float(x) : x instanceof Complex ? scalarStr(x, dtype) : String(x))
  const { text, compound } = argument(terms, (x) => format_float(x))
  const inner = compound ? `(${text})` : text
  let out = plain(coefficients[0])
  coefficients.slice(1).forEach((c, i) => {
    const sign = isReal(c) ? (c >= 0 ? `+ ${format_float(c, true)}` : `- ${format_float(-c, true)}`) : `+ ${plain(c)}`
    let next = sign + term(terms, i + 1, inner, kind)
    const length = out.length - (out.lastIndexOf('\n') + 1) + 1 + next.length + (i < coefficients.length - 2 ? 2 : 0)
    if (length >= width) next = next.replace(' ', '\n')
    out += ` ${next}`
  })
  return out
}

/** The polynomial as a map, for TeX. */
export function latex(terms: Terms): string {
  const number = (x: unknown, parens = false): string => `\\text{${isReal(x) ? format_float(x, parens) : String(x)}}`
  const { text, compound } = argument(terms, number)
  const parts = terms.coefficients.map((c, i) => {
    const head = i === 0 ? number(c) : !isReal(c) ? ` + (${number(c)})` : c >= 0 ? ` + ${number(c, true)}` : ` - ${number(-c, true)}`
    const wrapped = compound ? `\\left(${text}\\right)` : text
    const tail = terms.letter !== null ? `{${terms.letter}}_{${i}}(${text})` : i === 0 ? '1' : i === 1 ? wrapped : `${wrapped}^{${i}}`
    const part = tail === '1' ? head : `${head}\\,${tail}`
    return c === 0 ? `\\color{LightGray}{${part}}` : part
  })
  return `$${terms.symbol} \\mapsto ${parts.length > 0 ? parts.join('') : '0'}$`
}
