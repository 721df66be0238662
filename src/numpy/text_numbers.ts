/** Numbers read from text, as NumPy's file readers read them. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { Complex } from '../core/complex.ts'
import { describe } from '../core/describe.ts'
import { type DType, float64 } from '../core/dtype.ts'
import { viewOf } from '../core/element.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import { wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import type { NDArray } from './ndarray.ts'
import type { DTypeLike } from './types.ts'

const DIGITS = '(?:\\d+\\.?\\d*(?:e[+-]?\\d+)?|\\.\\d+(?:e[+-]?\\d+)?|nan|inf(?:inity)?)'
const COMPLEX = /* @__PURE__ */ new RegExp(`^([+-]?${DIGITS})?(?:([+-]${DIGITS}?)j)?$`, 'i')
const IMAGINARY = /* @__PURE__ */ new RegExp(`^([+-]?${DIGITS}?)j$`, 'i')

/** The number that a text is, undefined when it is none. */
function realOf(text: string): number | undefined {
  const plain = text.trim().toLowerCase()
  const named = /^([+-]?)(inf|infinity|nan)$/.exec(plain)
  if (named) return named[2] === 'nan' ? Number.NaN : named[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(plain) ? Number(plain) : undefined
}

/** Python's `complex(text)`: `1+2j`, `(1+2j)`, `2j`; undefined when it is none. */
function complexOf(text: string): Complex | undefined {
  const plain = text
    .trim()
    .replace(/^\((.*)\)$/, '$1')
    .replace(/\+-/g, '-')
    .trim()
  if (plain === '') return undefined
  const found = IMAGINARY.exec(plain) ?? COMPLEX.exec(plain)
  if (!found) return undefined
  const [re, im] = found.length === 2 ? [undefined, found[1]] : [found[1], found[2]]
  const unit = im === '' || im === '+' ? 1 : im === '-' ? -1 : undefined
  return new Complex(re === undefined ? 0 : realOf(re)!, im === undefined ? 0 : (unit ?? realOf(im)!))
}

/** The item that a text is in a dtype; undefined when it is none. */
export function parseItem(text: string, dtype: DType): unknown {
  if (dtype.isObject) return text
  if (dtype.isComplex) return complexOf(text)
  const plain = text.trim()
  if (dtype.isInteger) return /^[+-]?\d+$/.test(plain) ? BigInt(plain) : undefined
  const x = realOf(plain)
  if (dtype.kind === 'b') return x === undefined ? undefined : x !== 0
  return x
}

/** The numbers of a text with separators, all or the first `count`. */
export function numbersOf(text: string, dtype: DType, count: number, sep: string, op: string): NDArray {
  const cells = text
    .split(sep.trim() === '' ? /\s+/ : sep.trim())
    .map((c) => c.trim())
    .filter((c) => c !== '')
    .slice(0, count < 0 ? undefined : count)
  const list = cells.map((cell) => {
    const x = parseItem(cell, dtype)
    if (x === undefined)
      throw new ValueError(`string or file could not be read to its end due to unmatched data: '${cell}' is not of ${dtype.name}`, { op })
    return x
  })
  if (count >= 0 && list.length < count) throw new ValueError('string is smaller than requested size', { op })
  return wrap(viewOf(list, [list.length], dtype))
}

/**
 * The numbers of a text, separated by `sep`, as a 1-d array.
 *
 * @example
 * np.fromstring('1 2 3', 'float64', -1, ' ') // => array([1., 2., 3.])
 * np.fromstring('1, 2', { dtype: 'int64', sep: ',' }) // => array([1, 2])
 */
export const fromstring = /* @__PURE__ */ byName(
  'fromstring',
  'string',
  (string: string, ...rest: Rest<FromstringOptions, ['dtype', 'count', 'sep']>): NDArray => {
    const { dtype, count = -1, sep = ' ' } = fromstringArgs(rest)
    if (typeof string !== 'string' || typeof sep !== 'string')
      throw new ArgumentError(`fromstring(): expected text, got ${describe(string)}`)
    if (sep === '') throw new ValueError('The binary mode of fromstring is removed, use frombuffer instead', { op: 'fromstring' })
    return numbersOf(string, maybeDType(dtype) ?? float64, count, sep, 'fromstring')
  },
)
/** Keyword arguments of `fromstring`. */
export interface FromstringOptions {
  dtype?: DTypeLike | null
  /** How many numbers; -1 for all. */
  count?: number
  sep?: string
}
const fromstringArgs = signature<FromstringOptions>('fromstring', ['dtype', 'count', 'sep'])
