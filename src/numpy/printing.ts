/** Arrays as text, and the options of printing. */

import { integer, keyword, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { ValueError } from '../core/errors.ts'
import {
  type Array2StringOptions,
  arrayRepr,
  arrayStr,
  formatFloatPositional,
  formatFloatScientific,
  numpyPrintOptions,
  type PartialPrintOptions,
  type PrintOptions,
  array2string as text,
} from '../printing/index.ts'
import { asArray } from './convert.ts'
import { printable, reprItem } from './ndarray.ts'
import type { ArrayLike } from './types.ts'

/** An array as text, with options of its own: see `array2string`. */
const stringArgs = signature<Array2StringOptions>(
  'array2string',
  ['max_line_width', 'precision', 'suppress_small', 'separator', 'prefix'],
  ['formatter', 'threshold', 'edgeitems', 'sign', 'floatmode', 'suffix', 'legacy'],
)

/**
 * The items of an array as text in brackets.
 *
 * @example
 * np.array2string([1.23456, 2], { precision: 2, separator: ', ' }) // => [1.23, 2.  ]
 */
export const array2string = /* @__PURE__ */ byName(
  'array2string',
  'a',
  (a: ArrayLike, ...rest: (Array2StringOptions | number | string | boolean | null)[]): string =>
    text(printable(asArray(a)), { ...stringArgs(rest), reprItem }),
)

type TextOptions = { max_line_width?: number | null; precision?: number | null; suppress_small?: boolean | null }
const reprArgs = signature<TextOptions>('array_repr', ['max_line_width', 'precision', 'suppress_small'])
const strArgs = signature<TextOptions>('array_str', ['max_line_width', 'precision', 'suppress_small'])

/**
 * An array as code that makes it, as `console.log` shows it.
 *
 * @example
 * np.array_repr([1, 2]) // => array([1, 2])
 */
export const array_repr = /* @__PURE__ */ byName(
  'array_repr',
  'arr',
  (arr: ArrayLike, ...rest: (TextOptions | number | boolean | null)[]): string =>
    arrayRepr(printable(asArray(arr)), { ...reprArgs(rest), reprItem }),
)

/**
 * The items of an array, as `String(a)` gives them.
 *
 * @example
 * np.array_str([1, 2]) // => [1 2]
 */
export const array_str = /* @__PURE__ */ byName(
  'array_str',
  'a',
  (a: ArrayLike, ...rest: (TextOptions | number | boolean | null)[]): string =>
    arrayStr(printable(asArray(a)), { ...strArgs(rest), reprItem }),
)

/**
 * The print options in force.
 *
 * @example
 * np.get_printoptions().precision // => 8
 */
export const get_printoptions = (): PrintOptions => numpyPrintOptions.get()

const optionsArgs = signature<PartialPrintOptions>(
  'set_printoptions',
  ['precision', 'threshold', 'edgeitems', 'linewidth', 'suppress', 'nanstr', 'infstr', 'formatter', 'sign', 'floatmode'],
  ['legacy', 'override_repr'],
  0,
)

/**
 * Changes print options.
 *
 * @example
 * np.set_printoptions({ precision: 3 })
 * np.array([1 / 3]) // => array([0.333])
 * np.set_printoptions({ precision: 8 })
 */
export const set_printoptions = (...args: unknown[]): void => numpyPrintOptions.set(optionsArgs(args))

/**
 * The result of a function under print options, which end with it; without a function a disposable for `using`.
 *
 * @example
 * np.printoptions({ precision: 2 }, () => String(np.array([1 / 3]))) // => [0.33]
 */
export function printoptions<T>(options: PartialPrintOptions, run: () => T): T
export function printoptions(options: PartialPrintOptions): Disposable
export function printoptions<T>(options: PartialPrintOptions, run?: () => T): T | Disposable {
  if (run) return numpyPrintOptions.with(options, run)
  const before = numpyPrintOptions.get()
  numpyPrintOptions.set(options)
  return { [Symbol.dispose]: () => numpyPrintOptions.restore(before) }
}

/** A float in positional notation. */
export const format_float_positional = /* @__PURE__ */ byName('format_float_positional', 'x', (x: number, options: object = {}): string =>
  formatFloatPositional(x, options as never),
)
/** A float in scientific notation. */
export const format_float_scientific = /* @__PURE__ */ byName('format_float_scientific', 'x', (x: number, options: object = {}): string =>
  formatFloatScientific(x, options as never),
)

const baseArgs = signature<{ base?: number; padding?: number }>('base_repr', ['base', 'padding'])

/**
 * The digits of an integer in a base.
 *
 * @example
 * np.base_repr(10, 2) // => 1010
 */
export const base_repr = /* @__PURE__ */ byName(
  'base_repr',
  'number',
  (number: number | bigint, ...rest: Rest<{ base?: number; padding?: number }, ['base', 'padding']>): string => {
    const { base = 2, padding = 0 } = baseArgs(rest)
    const x = BigInt(typeof number === 'bigint' ? number : integer('base_repr', 'number', number))
    if (!(base >= 2 && base <= 36))
      throw new ValueError(`Bases ${base < 2 ? 'less than 2' : 'greater than 36'} not handled in base_repr.`, { op: 'base_repr' })
    if (!(padding <= 1e6)) throw new ValueError('base_repr(): too much padding', { op: 'base_repr' })
    const digits = (x < 0n ? -x : x).toString(base).toUpperCase()
    return `${x < 0n ? '-' : ''}${'0'.repeat(padding)}${x === 0n && padding > 0 ? '' : digits}`
  },
)

/**
 * The binary digits of an integer; of a negative one with a width, its two's complement.
 *
 * @example
 * np.binary_repr(5, 8) // => 00000101
 */
export const binary_repr = /* @__PURE__ */ byName(
  'binary_repr',
  'num',
  (num: number | bigint, width?: number | null | { width?: number | null }): string => {
    const givenWidth = keyword<number | null>('binary_repr', 'width', width as number | null, null)
    const x = BigInt(typeof num === 'bigint' ? num : integer('binary_repr', 'num', num))
    if (givenWidth === null) return x.toString(2)
    if (!(integer('binary_repr', 'width', givenWidth) <= 1e6))
      throw new ValueError('binary_repr(): the width is too large', { op: 'binary_repr' })
    return (x < 0n ? x + (1n << BigInt(givenWidth)) : x).toString(2).padStart(givenWidth, x < 0n ? '1' : '0')
  },
)
