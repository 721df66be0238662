/** NumPy's two notations of a floating-point number, positional and scientific, with its rounding, trimming and padding. */

import { ValueError } from '../../core/errors.ts'
import { type DigitRequest, decimalDigits } from '../digits.ts'
import { floatTraits } from '../printable.ts'
import { exponentText, pyFloat } from '../python.ts'

/** `k` keeps trailing zeros; `.` drops them, `0` all but one, `-` the point too. */
export type Trim = 'k' | '.' | '0' | '-'

/** Options of both notations, under NumPy's names. */
export interface FloatTextOptions {
  /** At most this many digits (after the point, unless `fractional` is false). */
  readonly precision?: number | null
  /** Shortest digits that tell the number from others of its dtype; false: exact digits up to `precision`. Default true. */
  readonly unique?: boolean
  readonly trim?: Trim
  /** Write `+` before positive numbers. */
  readonly sign?: boolean
  readonly pad_left?: number | null
  /** At least this many digits, with `unique`. */
  readonly min_digits?: number | null
  /** The number's dtype: what `unique` tells it from. Default float64. */
  readonly dtype?: string
}

export interface PositionalOptions extends FloatTextOptions {
  /** Whether `precision` and `min_digits` count digits after the point (default) or significant digits. */
  readonly fractional?: boolean
  readonly pad_right?: number | null
}

export interface ScientificOptions extends FloatTextOptions {
  /** At least this many digits of the exponent; default 2. */
  readonly exp_digits?: number | null
}

/** A number between digits and text: what stands before and after the point. */
interface Parts {
  readonly sign: string
  readonly whole: string
  readonly fraction: string
}

function notFinite(x: number, plus: boolean): string {
  const text = pyFloat(x)
  return plus && x > 0 ? `+${text}` : text
}

const signOf = (x: number, plus: boolean): string => (x < 0 || Object.is(x, -0) ? '-' : plus ? '+' : '')

/** The fraction trimmed as asked, with its point; `wanted` digits are filled up with zeros when none is trimmed. */
function trimmed(fraction: string, trim: Trim, wanted: number): string {
  if (trim === 'k') return `.${fraction.padEnd(wanted, '0')}`
  const kept = fraction.replace(/0+$/, '')
  if (kept !== '') return `.${kept}`
  return { '.': '.', '0': '.0', '-': '' }[trim]
}

/** The same in scientific notation, where NumPy leaves the point that stood before digits that were all zero. */
const trimmedScientific = (fraction: string, trim: Trim, wanted: number): string =>
  trimmed(fraction, trim, wanted) || (fraction === '' ? '' : '.')

function paddedLeft({ sign, whole }: Parts, width: number): string {
  return (sign + whole).padStart(width)
}

/** NumPy's `format_float_positional`, without its checks. */
export function positional(x: number, options: PositionalOptions): string {
  const {
    precision,
    unique = true,
    fractional = true,
    trim = 'k',
    sign = false,
    pad_left,
    pad_right,
    min_digits,
    dtype = 'float64',
  } = options
  if (!Number.isFinite(x)) return notFinite(x, sign)
  const request: DigitRequest = {
    format: floatTraits(dtype),
    shortest: unique,
    counted: fractional ? 'fractional' : 'significant',
    most: precision ?? undefined,
    least: min_digits ?? undefined,
  }
  const { digits, exponent } = decimalDigits(x, request)
  const text = exponent < 0 ? '0'.repeat(-exponent) + digits : digits.padEnd(exponent + 1, '0')
  const wholeLength = Math.max(exponent, 0) + 1
  const parts = { sign: signOf(x, sign), whole: text.slice(0, wholeLength), fraction: text.slice(wholeLength) }
  const wanted = (unique ? min_digits : precision) ?? 0
  const fraction = trimmed(parts.fraction, trim, fractional ? wanted : wanted - wholeLength)
  // The point takes a column of its own, unless it was trimmed away: then the padding has one more.
  return paddedLeft(parts, pad_left ?? 0) + (pad_right == null ? fraction : fraction.padEnd(pad_right + 1))
}

/** NumPy's `format_float_scientific`, without its checks. */
export function scientific(x: number, options: ScientificOptions): string {
  const { precision, unique = true, trim = 'k', sign = false, pad_left, exp_digits, min_digits, dtype = 'float64' } = options
  if (!Number.isFinite(x)) return notFinite(x, sign)
  const request: DigitRequest = {
    format: floatTraits(dtype),
    shortest: unique,
    counted: 'significant',
    most: precision == null ? undefined : precision + 1,
    least: min_digits == null ? undefined : min_digits + 1,
  }
  const { digits, exponent } = decimalDigits(x, request)
  const parts = { sign: signOf(x, sign), whole: digits[0]!, fraction: digits.slice(1) }
  const fraction = trimmedScientific(parts.fraction, trim, (unique ? min_digits : precision) ?? 0)
  return paddedLeft(parts, pad_left ?? 0) + fraction + exponentText(exponent, exp_digits ?? 2)
}

function checkCounts(options: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) {
    const count = options[name]
    if (count != null && !Number.isInteger(count)) throw new ValueError(`${name} must be an integer, got ${String(count)}`)
    if (count != null && (count as number) < 0) throw new ValueError(`${name} must be >= 0`)
  }
}

function checkDigits({ precision, min_digits, unique = true, trim = 'k' }: FloatTextOptions): void {
  if (min_digits && precision && min_digits > precision) throw new ValueError('min_digits must be less than or equal to precision')
  if (!unique && precision == null) throw new ValueError('in non-unique mode `precision` must be supplied')
  if (!['k', '.', '0', '-'].includes(trim)) throw new ValueError("if supplied, trim must be 'k', '.', '0' or '-'")
}

const roundedTo = (x: number, dtype = 'float64'): number => floatTraits(dtype).round(x)

/**
 * A floating-point number in positional notation.
 *
 * @example
 * ```ts
 * formatFloatPositional(Math.PI, { dtype: 'float32' })   // => 3.1415927
 * ```
 */
export function formatFloatPositional(x: number, options: PositionalOptions = {}): string {
  checkCounts({ ...options }, ['precision', 'pad_left', 'pad_right', 'min_digits'])
  options ??= {}
  if (options.fractional === false && options.precision === 0) throw new ValueError('precision must be greater than 0 if fractional=False')
  checkDigits(options)
  return positional(roundedTo(x, options.dtype), options)
}

/**
 * A floating-point number in scientific notation.
 *
 * @example
 * ```ts
 * formatFloatScientific(Math.PI, { dtype: 'float32' })   // => 3.1415927e+00
 * ```
 */
export function formatFloatScientific(x: number, options: ScientificOptions = {}): string {
  checkCounts({ ...options }, ['precision', 'pad_left', 'exp_digits', 'min_digits'])
  checkDigits(options)
  return scientific(roundedTo(x, options.dtype), options)
}
