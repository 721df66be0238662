/** What writes the items of an array: one formatter a kind of dtype, sized so that the items line up. */

import { ValueError } from '../../core/errors.ts'
import { type ComplexItem, type FloatTraits, floatTraits, type Kind, kindOf } from '../printable.ts'
import { pyRepr, type ReprItem } from '../python.ts'
import { positional, type ScientificOptions, scientific } from './float.ts'
import { type FormatterKey, type ItemFormatter, numpyPrintOptions, type PrintOptions, type Sign } from './options.ts'

/** The options that formatters read. */
type FormatOptions = Pick<PrintOptions, 'precision' | 'floatmode' | 'suppress' | 'sign' | 'formatter'>

/** The keys under which a formatter of the user stands for a kind; the first that is there wins. */
const formatterKeys: Readonly<Record<Kind, readonly FormatterKey[]>> = {
  bool: ['bool', 'all'],
  int: ['int', 'int_kind', 'all'],
  float: ['float', 'float_kind', 'all'],
  complexfloat: ['complexfloat', 'complex_kind', 'all'],
  object: ['object', 'all'],
  numpystr: ['numpystr', 'str_kind', 'all'],
}

/** The formatter of an array's items; `shown` are those that decide the width, `scalar` tells a 0-d array. */
export function itemFormatter(
  dtype: string,
  shown: readonly unknown[],
  scalar: boolean,
  options: FormatOptions,
  reprItem?: ReprItem,
): ItemFormatter {
  const kind = kindOf(dtype)
  const key = formatterKeys[kind].find((name) => options.formatter?.[name] != null)
  if (key !== undefined) return options.formatter![key]!
  switch (kind) {
    case 'bool':
      return (item) => (item ? (scalar ? 'True' : ' True') : 'False')
    case 'int':
      return integerFormatter(shown as (number | bigint)[], options.sign)
    case 'float':
      return floatFormatter(shown as number[], dtype, options)
    case 'complexfloat':
      return complexFormatter(shown as ComplexItem[], dtype, options)
    case 'numpystr':
      return (item) => pyRepr(item)
    case 'object':
      return (item) => (Array.isArray(item) ? `list(${pyRepr(item, reprItem)})` : pyRepr(item, reprItem))
  }
}

function integerFormatter(items: readonly (number | bigint)[], sign: Sign): ItemFormatter {
  let least = items[0]!
  let most = items[0]!
  for (const item of items) {
    if (item < least) least = item
    if (item > most) most = item
  }
  const mark = sign === ' ' && least < 0 ? '' : sign === '-' ? '' : sign
  const marked = (item: number | bigint) => (item >= 0 ? mark : '') + String(item)
  const width = Math.max(String(least).length, marked(most).length)
  return (item) => marked(item).padStart(width)
}

/** How a column of floats is written, decided by all of them. */
interface FloatColumn {
  readonly text: (x: number) => string
  readonly left: number
  readonly right: number
}

/** Whether a column is written in scientific notation, decided in the dtype's own arithmetic. */
function needsExponent(finite: readonly number[], traits: FloatTraits, suppress: boolean): boolean {
  let least = Infinity
  let most = 0
  for (const x of finite) {
    const size = Math.abs(x)
    if (size !== 0 && size < least) least = size
    if (size > most) most = size
  }
  if (most === 0) return false
  if (most >= 10 ** Math.min(8, traits.decimals)) return true
  return !suppress && (least < traits.round(0.0001) || traits.round(most / least) > 1000)
}

const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, text.length), 0)

function exponentColumn(
  finite: readonly number[],
  dtype: string,
  precision: number | undefined,
  fixed: boolean,
  sign: boolean,
): FloatColumn {
  const style: ScientificOptions = { dtype, unique: !fixed, sign }
  const texts = finite.map((x) => scientific(x, { ...style, precision, trim: fixed ? 'k' : '.' }).split(/[.e]/))
  const digits = widest(texts.map((text) => text[1]!))
  const left = widest(texts.map((text) => text[0]!))
  const exponent = widest(texts.map((text) => text[2]!)) - 1
  const all: ScientificOptions = { ...style, precision: digits, min_digits: digits, trim: 'k', exp_digits: exponent }
  return { left, right: exponent + 2 + digits, text: (x) => scientific(x, { ...all, pad_left: left }) }
}

/** Formats floats of one column: the same notation, the points below each other. */
export function floatFormatter(items: readonly number[], dtype: string, options: FormatOptions): (x: number) => string {
  const { floatmode, suppress, sign } = options
  const precision = floatmode === 'unique' ? undefined : options.precision
  if (precision !== undefined && precision < 0) throw new ValueError('precision must be >= 0')
  const finite = items.filter(Number.isFinite)
  const fixed = floatmode === 'fixed'
  const plus = sign === '+'
  const spaced = sign === ' ' && !finite.some((x) => x < 0 || Object.is(x, -0)) ? 1 : 0
  const { nanstr, infstr } = numpyPrintOptions.get()
  let column: FloatColumn
  let left = spaced

  const widenForUnending = (right: number) => {
    if (finite.length === items.length) return
    const negative = sign !== '-' || items.includes(-Infinity) ? 1 : 0
    left = Math.max(left, nanstr.length - right - 1, infstr.length + negative - right - 1)
  }
  if (finite.length === 0) {
    widenForUnending(0)
    column = { left, right: 0, text: (x) => positional(x, { dtype, precision, trim: '.', sign: plus, pad_left: left, pad_right: 0 }) }
  } else if (needsExponent(finite, floatTraits(dtype), suppress)) {
    column = exponentColumn(finite, dtype, precision, fixed, plus)
    left += column.left
    widenForUnending(column.right)
  } else {
    const texts = finite.map((x) => positional(x, { dtype, precision, unique: !fixed, trim: fixed ? 'k' : '.', sign: plus }).split('.'))
    const right = widest(texts.map((text) => text[1]!))
    left += widest(texts.map((text) => text[0]!))
    widenForUnending(right)
    const full = fixed || floatmode === 'maxprec_equal'
    const style = { dtype, unique: !fixed, sign: plus, pad_left: left, pad_right: right }
    const digits = full ? { precision: right, min_digits: right, trim: 'k' as const } : { precision, min_digits: 0, trim: '.' as const }
    column = { left, right, text: (x) => positional(x, { ...style, ...digits }) }
  }

  const width = left + column.right + 1
  return (x) => {
    if (Number.isFinite(x)) return column.text(x).padStart(width)
    const mark = x === -Infinity ? '-' : plus ? '+' : ''
    return (mark + (Number.isNaN(x) ? nanstr : infstr)).padStart(width)
  }
}

function complexFormatter(items: readonly ComplexItem[], dtype: string, options: FormatOptions): ItemFormatter {
  const real = floatFormatter(
    items.map((item) => item.re),
    dtype,
    options,
  )
  const imaginary = floatFormatter(
    items.map((item) => item.im),
    dtype,
    { ...options, sign: '+' },
  )
  return ({ re, im }: ComplexItem) => {
    const text = imaginary(im)
    const end = text.trimEnd().length
    return `${real(re)}${text.slice(0, end)}j${text.slice(end)}`
  }
}
