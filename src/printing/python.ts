/** Values as Python writes them: `repr` and `str` of numbers, strings, lists and the rest, and the formats `.4f` and `.4e`. */

import { decimalDigits, float64, mayTieExponential, mayTieFixed } from './digits.ts'
import type { ComplexItem } from './printable.ts'

/** Writes the items that the caller knows (arrays, tensors) as Python's `repr` or `str` would; undefined leaves an item to `pyRepr`. */
export type ReprItem = (item: unknown, style: 'repr' | 'str') => string | undefined

const unending = (x: number): string => (Number.isNaN(x) ? 'nan' : x > 0 ? 'inf' : '-inf')
const isNegative = (x: number): boolean => x < 0 || Object.is(x, -0)

/** `digits` with the point at `exponent + 1`, padded with zeros to `places` after it. */
function placed(digits: string, exponent: number, places: number): string {
  const text = exponent < 0 ? '0'.repeat(-exponent) + digits : digits.padEnd(exponent + 1, '0')
  const whole = Math.max(exponent, 0) + 1
  const fraction = text.slice(whole).padEnd(places, '0')
  return fraction === '' ? text.slice(0, whole) : `${text.slice(0, whole)}.${fraction}`
}

/** Python's `'{:.<places>f}'`: exact, ties to even. */
export function pyFixed(x: number, places: number): string {
  if (!Number.isFinite(x)) return unending(x)
  const sign = isNegative(x) ? '-' : ''
  const size = Math.abs(x)
  if (places <= 100 && size < 1e21 && !mayTieFixed(size, places)) return sign + size.toFixed(places)
  const { digits, exponent } = decimalDigits(size, { format: float64, shortest: false, counted: 'fractional', most: places })
  return sign + placed(digits, exponent, places)
}

/** `e+05`, `e-300`: a sign and at least `least` digits; of 0, exactly that many. */
export const exponentText = (exponent: number, least = 2): string =>
  `e${exponent < 0 ? '-' : '+'}${(exponent === 0 ? '' : String(Math.abs(exponent))).padStart(least, '0')}`

/** Python's `'{:.<places>e}'`: exact, ties to even. */
export function pyExponential(x: number, places: number): string {
  if (!Number.isFinite(x)) return unending(x)
  const sign = isNegative(x) ? '-' : ''
  const size = Math.abs(x)
  if (places <= 100 && !mayTieExponential(size, places)) {
    const [mantissa, exponent] = size.toExponential(places).split('e')
    return sign + mantissa + exponentText(Number(exponent))
  }
  const { digits, exponent } = decimalDigits(size, { format: float64, shortest: false, counted: 'significant', most: places + 1 })
  return sign + placed(digits, 0, places) + exponentText(exponent)
}

/** `repr` of a Python float, with `.0` added to whole numbers unless `bare`. */
export function pyFloat(x: number, bare = false): string {
  if (!Number.isFinite(x)) return unending(x)
  const sign = isNegative(x) ? '-' : ''
  const { digits, exponent } = decimalDigits(x, { format: float64, shortest: true, counted: 'significant' })
  if (exponent < -4 || exponent >= 16) return sign + placed(digits, 0, 0) + exponentText(exponent)
  return sign + placed(digits, exponent, bare ? 0 : 1)
}

/** `repr` of a Python complex: `(1+2j)`, `2j`. */
export function pyComplex({ re, im }: ComplexItem): string {
  const imaginary = `${pyFloat(im, true)}j`
  if (Object.is(re, 0)) return imaginary
  return `(${pyFloat(re, true)}${imaginary.startsWith('-') ? '' : '+'}${imaginary})`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(character: string): string {
  const code = character.codePointAt(0)!
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
}

/** `repr` of a Python string: in single quotes unless it holds one and no double quote. */
export function pyString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let out = quote
  for (const character of text) {
    if (character === quote) out += `\\${quote}`
    else if (character in escapes) out += escapes[character]
    else out += character !== ' ' && /[\p{C}\p{Z}]/u.test(character) ? escaped(character) : character
  }
  return out + quote
}

/** `repr` of Python bytes: `b'ab\x00'`. */
export function pyBytes(bytes: Uint8Array): string {
  const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
  const quote = latin.includes("'") && !latin.includes('"') ? '"' : "'"
  const body = Array.from(latin, (character) => {
    if (character === quote) return `\\${quote}`
    return escapes[character] ?? (character < ' ' || character > '~' ? escaped(character) : character)
  })
  return `b${quote}${body.join('')}${quote}`
}

const isComplex = (value: object): value is ComplexItem =>
  typeof (value as ComplexItem).re === 'number' && typeof (value as ComplexItem).im === 'number'

/** An integral JavaScript number is a Python int, unless it is -0 or too large to be exact. */
const pyNumber = (x: number): string => (Number.isSafeInteger(x) && !Object.is(x, -0) ? String(x) : pyFloat(x))

/**
 * Any value as Python's `repr` writes its counterpart.
 *
 * null is `None`, booleans `True` and `False`, arrays lists, plain objects and Maps dicts, Sets sets. Functions are `<function name>`; an object
 * with a `toString` of its own is asked, any other is `<Name object>`. `custom` is asked first, at every depth.
 */
export function pyRepr(value: unknown, custom?: ReprItem, inside: readonly unknown[] = []): string {
  const own = custom?.(value, 'repr')
  if (own !== undefined) return own
  if (value === null) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value === 'number') return pyNumber(value)
  if (typeof value === 'string') return pyString(value)
  if (typeof value === 'function') return value.name === '' ? '<function>' : `<function ${value.name}>`
  return typeof value === 'object' ? objectRepr(value, custom, inside) : String(value)
}

function objectRepr(value: object, custom: ReprItem | undefined, inside: readonly unknown[]): string {
  const again = inside.includes(value)
  const nested = (item: unknown) => pyRepr(item, custom, [...inside, value])
  const pairs = (entries: Iterable<[unknown, unknown]>) =>
    Array.from(entries, ([key, item]) => `${nested(key)}: ${nested(item)}`).join(', ')
  if (Array.isArray(value)) return again ? '[...]' : `[${value.map(nested).join(', ')}]`
  if (isComplex(value)) return pyComplex(value)
  if (value instanceof Uint8Array) return pyBytes(value)
  if (value instanceof Map) return again ? '{...}' : `{${pairs(value)}}`
  if (value instanceof Set) return value.size === 0 ? 'set()' : again ? 'set(...)' : `{${Array.from(value, nested).join(', ')}}`
  const prototype = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Object.prototype) {
    if (value.toString !== Object.prototype.toString && typeof value.toString === 'function') return String(value)
    return again ? '{...}' : `{${pairs(Object.entries(value))}}`
  }
  return value.toString === Object.prototype.toString ? `<${value.constructor?.name || 'object'} object>` : String(value)
}

/** Any value as Python's `str` writes it: strings bare, the rest as `repr`. */
export const pyStr = (value: unknown, custom?: ReprItem): string =>
  custom?.(value, 'str') ?? (typeof value === 'string' ? value : pyRepr(value, custom))
