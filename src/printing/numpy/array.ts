/** NumPy's texts of an array: `array2string`, `repr` and `str`. */

import { shapeText } from '../../core/errors.ts'
import { columns, kindOf, type Printable, shownItems, sizeOf } from '../printable.ts'
import type { ReprItem } from '../python.ts'
import { itemFormatter } from './formatters.ts'
import { layout } from './layout.ts'
import { checkedOptions, numpyPrintOptions, type PartialPrintOptions } from './options.ts'
import { scalarStr } from './scalar.ts'

/** Options of `array_repr` and `array_str`, under NumPy's names. */
export interface ArrayTextOptions {
  readonly max_line_width?: number | null
  readonly precision?: number | null
  readonly suppress_small?: boolean | null
  /** Writes items of object arrays that the caller knows, such as arrays in arrays. */
  readonly reprItem?: ReprItem
  /** The name before the bracket in a `repr`; default `array`. */
  readonly className?: string
}

/** Options of `array2string`, under NumPy's names. */
export interface Array2StringOptions extends Omit<ArrayTextOptions, 'className'> {
  readonly separator?: string
  readonly prefix?: string
  readonly suffix?: string
  readonly formatter?: PartialPrintOptions['formatter']
  readonly threshold?: number | null
  readonly edgeitems?: number | null
  readonly sign?: PartialPrintOptions['sign']
  readonly floatmode?: PartialPrintOptions['floatmode']
  readonly legacy?: false | null
}

/** Arrays that are being written: one inside itself is written `...`. */
const beingWritten = new Set<unknown>()

function guarded(p: Printable, write: () => string): string {
  const key = p.identity ?? p
  if (beingWritten.has(key)) return '...'
  beingWritten.add(key)
  try {
    return write()
  } finally {
    beingWritten.delete(key)
  }
}

/**
 * The items of an array as text, in brackets.
 *
 * `prefix` and `suffix` are not written: their lengths only move the indentation and the place where lines wrap.
 */
export function array2string(p: Printable, options: Array2StringOptions = {}): string {
  const { max_line_width, suppress_small, separator = ' ', prefix = '', suffix = '', reprItem } = options
  const { precision, threshold, edgeitems, sign, formatter, floatmode, legacy } = options
  const given = { precision, threshold, edgeitems, sign, formatter, floatmode, legacy }
  const merged = {
    ...numpyPrintOptions.get(),
    ...checkedOptions({ ...given, linewidth: max_line_width, suppress: suppress_small }),
  }
  const size = sizeOf(p.shape)
  if (size === 0) return '[]'
  return guarded(p, () => {
    const edge = size > merged.threshold ? merged.edgeitems : undefined
    const format = itemFormatter(p.dtype, shownItems(p, edge), p.shape.length === 0, merged, reprItem)
    return layout({
      shape: p.shape,
      item: (position) => format(p.get(position)),
      width: Number(merged.linewidth) - columns(suffix),
      indent: columns(prefix),
      separator,
      edge,
    })
  })
}

/** Dtypes that a list of the printed values would get by itself. */
const implied: ReadonlySet<string> = new Set(['bool', 'int64', 'float64', 'complex128'])

/** A dtype as `dtype=` names it: in quotes when it is no plain word. */
const dtypeText = (dtype: string): string => (/^[a-z][a-z0-9]*$/i.test(dtype) || dtype.includes('(') ? dtype : `'${dtype}'`)

/**
 * An array as code that makes it: `array([1, 2], dtype=int8)`.
 *
 * The dtype is left out when the values imply it, and the shape given when they do not (empty and summarised arrays).
 */
export function arrayRepr(p: Printable, options: ArrayTextOptions = {}): string {
  const current = numpyPrintOptions.get()
  if (current.override_repr) return current.override_repr(p.identity ?? p)
  kindOf(p.dtype)
  const { className = 'array', max_line_width, ...rest } = options
  const width = max_line_width ?? current.linewidth
  const prefix = `${className}(`
  const body = array2string(p, { ...rest, max_line_width: width, separator: ', ', prefix, suffix: ')' })

  const size = sizeOf(p.shape)
  const extras: string[] = []
  const plainEmpty = p.shape.length === 1 && p.shape[0] === 0
  if ((size === 0 && !plainEmpty) || size > current.threshold) extras.push(`shape=${shapeText(p.shape)}`)
  if (!implied.has(p.dtype) || size === 0) extras.push(`dtype=${dtypeText(p.dtype)}`)
  if (extras.length === 0) return `${prefix}${body})`

  const start = `${prefix}${body},`
  const end = `${extras.join(', ')})`
  const lastLine = columns(start.slice(start.lastIndexOf('\n') + 1))
  const wraps = lastLine + end.length + 1 > width
  return start + (wraps ? `\n${' '.repeat(prefix.length)}` : ' ') + end
}

/** The values of an array: `[1 2]`; of a 0-d array, the item's own text. */
export function arrayStr(p: Printable, options: ArrayTextOptions = {}): string {
  if (p.shape.length === 0) return guarded(p, () => scalarStr(p.get(0), p.dtype, options.reprItem))
  const { className: _, ...rest } = options
  return array2string(p, rest)
}
