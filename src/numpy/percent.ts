/** Python's `%` formatting of numbers, which text files are written with. */

import { ValueError } from '../core/errors.ts'
import { pyExponential, pyFixed } from '../printing/index.ts'

/** One number by Python's % formatting: d, i, f, e, g, s with flags, width and precision. */
export function formatted(format: string, x: unknown): string {
  const found = /^(.*?)%([-+ 0#]*)(\d*)(?:\.(\d+))?([dieEfFgGs])(.*)$/s.exec(format)
  if (!found) throw new ValueError(`savetxt(): invalid fmt: '${format}'`, { op: 'savetxt' })
  const [, before, flags, width, precision, kind, after] = found as unknown as [
    string,
    string,
    string,
    string,
    string | undefined,
    string,
    string,
  ]
  const number = typeof x === 'boolean' ? Number(x) : (x as number | bigint)
  let text: string
  if (kind === 's') text = String(x)
  else if (kind === 'd' || kind === 'i') text = String(typeof number === 'bigint' ? number : Math.trunc(number))
  else if (kind === 'f' || kind === 'F') text = pyFixed(Number(number), Number(precision ?? 6))
  else if (kind === 'e' || kind === 'E') text = pyExponential(Number(number), Number(precision ?? 6))
  else text = general(Number(number), Number(precision ?? 6))
  if (kind === kind.toUpperCase()) text = text.toUpperCase()
  if (kind !== 's' && !text.startsWith('-')) text = (flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '') + text
  const n = Number(width || 0)
  if (flags.includes('-')) text = text.padEnd(n)
  else if (flags.includes('0') && /^[-+ ]?[\d.]/.test(text))
    text = text.replace(/^([-+ ]?)(.*)$/s, (_, s: string, d: string) => s + d.padStart(n - s.length, '0'))
  else text = text.padStart(n)
  return before + text + after
}

/** Python's `%g`. */
export function general(x: number, precision: number): string {
  if (!Number.isFinite(x)) return pyFixed(x, 0)
  const places = precision === 0 ? 1 : precision
  const [mantissa, power] = pyExponential(x, places - 1).split('e') as [string, string]
  const exponent = Number(power)
  const trimmed = (s: string): string => (s.includes('.') ? s.replace(/\.?0+$/, '') : s)
  return exponent < -4 || exponent >= places ? `${trimmed(mantissa)}e${power}` : trimmed(pyFixed(x, places - 1 - exponent))
}
