/** `np.genfromtxt`: tables with missing values; and `np.fromregex`. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { bool, complex128, type DType, float64, int64 } from '../core/dtype.ts'
import { viewOf } from '../core/element.ts'
import { ArgumentError, DTypeError, ValueError } from '../core/errors.ts'
import { warn } from '../core/warnings.ts'
import { wrap } from './convert.ts'
import { asDType, maybeDType } from './dtypes.ts'
import { bytesOf, type FileLike } from './io.ts'
import type { NDArray } from './ndarray.ts'
import { type Converter, linesOf, shaped, uncommented } from './text.ts'
import { parseItem } from './text_numbers.ts'
import type { DTypeLike } from './types.ts'

/** A value for all columns, for each in order, or by column number or name. */
type PerColumn<T> = T | readonly T[] | Readonly<Record<string, T>>

/** Keyword arguments of `genfromtxt`. */
export interface GenfromtxtOptions {
  /** One dtype for all columns; null finds it: bool, int64, float64 or complex128. */
  dtype?: DTypeLike | null
  /** What begins a comment. */
  comments?: string | null
  /** What separates columns: a text, or widths of columns; white space unless given. */
  delimiter?: string | number | readonly number[] | null
  skip_header?: number
  skip_footer?: number
  converters?: Readonly<Record<string, Converter>> | null
  /** Texts that stand for a missing value. An empty cell always does. */
  missing_values?: PerColumn<string> | null
  /** What missing values become: NaN, -1 for integers, false for booleans unless given. */
  filling_values?: PerColumn<unknown> | null
  usecols?: number | string | readonly (number | string)[] | null
  /** Names of columns, or true: the first line has them. They serve `usecols`, `converters`, `missing_values` and `filling_values`. */
  names?: boolean | string | readonly string[] | null
  /** Cuts white space around cells. */
  autostrip?: boolean
  unpack?: boolean | null
  /** Gives NaN for what is no number; false makes it an error. Default true. */
  loose?: boolean
  /** An error for rows of another length (default); false leaves them out. */
  invalid_raise?: boolean
  max_rows?: number | null
  encoding?: string | null
  usemask?: boolean
  ndmin?: 0 | 1 | 2
}
const names = [
  'dtype',
  'comments',
  'delimiter',
  'skip_header',
  'skip_footer',
  'converters',
  'missing_values',
  'filling_values',
  'usecols',
  'names',
] as const
const others = ['autostrip', 'unpack', 'usemask', 'loose', 'invalid_raise', 'max_rows', 'encoding', 'ndmin'] as const
const genfromtxtArgs = signature<GenfromtxtOptions>('genfromtxt', names, others)

/** How a line is cut into cells. */
function splitter({ delimiter = null, autostrip = false }: GenfromtxtOptions): (line: string) => string[] {
  const trim = (cells: string[]): string[] => (autostrip ? cells.map((c) => c.trim()) : cells)
  if (delimiter === null || (typeof delimiter === 'string' && delimiter.trim() === '' && delimiter !== '\t'))
    return (line) => (line.trim() === '' ? [] : line.trim().split(/\s+/))
  if (typeof delimiter === 'string') return (line) => (line.trim() === '' ? [] : trim(line.split(delimiter)))
  if (typeof delimiter === 'number')
    return (line) =>
      trim(Array.from({ length: Math.ceil(line.length / delimiter) }, (_, i) => line.slice(i * delimiter, (i + 1) * delimiter)))
  const ends: number[] = []
  for (const n of delimiter) ends.push((ends.at(-1) ?? 0) + n)
  return (line) => (line === '' ? [] : trim(ends.map((end, i) => line.slice(i === 0 ? 0 : ends[i - 1], end))))
}

/** The value that options give for a column. */
function forColumn<T>(given: PerColumn<T> | null | undefined, column: number, name: string | undefined, place: number): T | undefined {
  if (given === null || given === undefined) return undefined
  if (Array.isArray(given)) return (given as readonly T[])[place]
  if (typeof given === 'object') {
    const table = given as Readonly<Record<string, T>>
    return table[column] ?? (name === undefined ? undefined : table[name])
  }
  return given as T
}

const DEFAULTS = (dtype: DType): unknown => (dtype.isInteger ? -1 : dtype.kind === 'b' ? false : dtype.isObject ? '???' : Number.NaN)
const FOUND = [bool, int64, float64, complex128]

/** The smallest dtype that all texts of a table are of. */
function infer(cells: readonly string[]): DType {
  const isBool = (text: string): boolean => /^(true|false)$/i.test(text.trim())
  if (cells.length > 0 && cells.every(isBool)) return bool
  for (const dtype of FOUND.slice(1)) if (cells.every((cell) => parseItem(cell, dtype) !== undefined)) return dtype
  const odd = cells.find((cell) => parseItem(cell, complex128) === undefined)
  throw new DTypeError(
    `genfromtxt(): columns of text need dtype 'object' here (found '${odd}'): structured and string dtypes are not supported`,
    {
      op: 'genfromtxt',
    },
  )
}

/**
 * The numbers of a text file in which values may be missing: those become NaN (-1 for integers), or what `filling_values` says.
 *
 * All columns have one dtype (structured arrays are not supported). Rows of another length are a ValueError.
 *
 * @example
 * np.genfromtxt(['1,,3', '4,abc,6'], { delimiter: ',' }) // => array([[ 1., nan,  3.],
 *                                                        //           [ 4., nan,  6.]])
 */
export const genfromtxt = /* @__PURE__ */ byName(
  'genfromtxt',
  'fname',
  (fname: FileLike | Iterable<string>, ...rest: Rest<GenfromtxtOptions, typeof names>): any => {
    const options = genfromtxtArgs(rest)
    const {
      comments = '#',
      skip_header = 0,
      skip_footer = 0,
      max_rows,
      usecols,
      unpack,
      invalid_raise = true,
      loose = true,
      ndmin = 0,
    } = options
    if (options.usemask) throw new ArgumentError('genfromtxt(): usemask needs masked arrays, which are not supported', { op: 'genfromtxt' })
    if (max_rows !== undefined && max_rows !== null) {
      if (skip_footer > 0)
        throw new ValueError("The keywords 'skip_footer' and 'max_rows' can not be specified at the same time.", { op: 'genfromtxt' })
      if (max_rows < 1) throw new ValueError("'max_rows' must be at least 1.", { op: 'genfromtxt' })
    }
    const cut = splitter(options)
    const marks = comments === null ? [] : [comments]
    const lines = linesOf(fname, 'genfromtxt').slice(skip_header)
    let header: string[] | undefined = typeof options.names === 'string' ? options.names.split(',').map((n) => n.trim()) : undefined
    if (Array.isArray(options.names)) header = [...options.names]
    const rows: { cells: string[]; line: number }[] = []
    lines.forEach((line, i) => {
      const named = options.names === true && header === undefined
      const cells = cut(named && comments !== null ? line.replace(comments, '') : uncommented(line, marks))
      if (cells.length === 0) return
      if (named) header = cells.map((c) => c.trim())
      else rows.push({ cells, line: skip_header + i + 1 })
    })
    const kept = rows.slice(0, max_rows ?? Math.max(rows.length - skip_footer, 0))
    if (kept.length === 0) {
      warn(`genfromtxt: Empty input file: "${String(fname)}"`)
      return shaped(wrap(viewOf([], [0], maybeDType(options.dtype) ?? float64)), ndmin, unpack ?? false)
    }
    const whole = header?.length ?? kept[0]!.cells.length
    const columnOf = (c: number | string): number => {
      const at = typeof c === 'number' ? c : (header ?? []).indexOf(c)
      if (typeof c === 'string' && at < 0) throw new ValueError(`'${c}' is not in list`, { op: 'genfromtxt' })
      return at < 0 ? at + whole : at
    }
    const columns =
      usecols === undefined || usecols === null
        ? Array.from({ length: whole }, (_, i) => i)
        : (typeof usecols === 'string'
            ? usecols.split(',').map((c) => c.trim())
            : Array.isArray(usecols)
              ? [...usecols]
              : [usecols as number]
          ).map(columnOf)
    const wrong = kept.filter(({ cells }) => cells.length !== whole && (usecols === undefined || usecols === null))
    if (wrong.length > 0) {
      const text = wrong.map(({ cells, line }) => `    Line #${line} (got ${cells.length} columns instead of ${whole})`).join('\n')
      if (invalid_raise) throw new ValueError(`Some errors were detected !\n${text}`, { op: 'genfromtxt' })
      warn(`Some errors were detected !\n${text}`)
    }
    const table = kept.filter((row) => !wrong.includes(row)).map(({ cells }) => columns.map((c) => cells[c] ?? ''))
    return shaped(wrap(tableView(table, columns, header, options, loose)), ndmin, unpack ?? false)
  },
)

/** The cells of a table as items of one dtype. */
function tableView(
  table: readonly string[][],
  columns: readonly number[],
  header: string[] | undefined,
  options: GenfromtxtOptions,
  loose: boolean,
) {
  const { converters, missing_values, filling_values } = options
  const missing = columns.map((c, place): Set<string> => {
    const texts = forColumn<string>(missing_values as PerColumn<string>, c, header?.[c], place)
    const all = typeof missing_values === 'string' ? missing_values.split(',') : texts === undefined ? [] : [texts]
    return new Set(['', ...all.map((t) => t.trim())])
  })
  const isMissing = (cell: string, place: number): boolean => missing[place]!.has(cell.trim())
  const hasConverter = columns.map((c) => converters?.[c] ?? (header?.[c] === undefined ? undefined : converters?.[header[c]]))
  const plain = (row: readonly string[]): string[] => row.filter((cell, place) => !isMissing(cell, place) && !hasConverter[place])
  const dtype = options.dtype === null ? infer(table.flatMap(plain)) : asDType(options.dtype ?? 'float64')
  const list = table.flatMap((row) =>
    row.map((cell, place) => {
      const convert = hasConverter[place]
      if (convert) return convert(cell)
      const fill =
        forColumn<unknown>(filling_values as PerColumn<unknown>, columns[place]!, header?.[columns[place]!], place) ?? DEFAULTS(dtype)
      if (isMissing(cell, place)) return fill
      const x = dtype === bool && /^(true|false)$/i.test(cell.trim()) ? /^true$/i.test(cell.trim()) : parseItem(cell, dtype)
      if (x === undefined && !loose) throw new ValueError(`Cannot convert string '${cell}'`, { op: 'genfromtxt' })
      return x ?? DEFAULTS(dtype)
    }),
  )
  return viewOf(list, [table.length, columns.length], dtype)
}

/**
 * What the groups of a regular expression match in a text file, as numbers: one row a match (1-d for one group).
 *
 * The file is a path, URL or the bytes; all groups have one dtype (structured dtypes are not supported).
 *
 * @example
 * np.fromregex(new TextEncoder().encode('x=1 y=2; x=3 y=4'), /x=(\d+) y=(\d+)/, 'int64') // => array([[1, 2],
 *                                                                                          //           [3, 4]])
 */
export const fromregex = /* @__PURE__ */ byName(
  'fromregex',
  'file regexp dtype',
  (file: FileLike, regexp: RegExp | string, dtype: DTypeLike): NDArray => {
    const to = asDType(dtype)
    const bytes = bytesOf(file, 'fromregex()')
    const pattern =
      typeof regexp === 'string'
        ? new RegExp(regexp, 'g')
        : new RegExp(regexp.source, regexp.flags.includes('g') ? regexp.flags : `${regexp.flags}g`)
    const rows = [...new TextDecoder().decode(bytes).matchAll(pattern)].map((match) => (match.length > 1 ? match.slice(1) : [match[0]]))
    const width = rows[0]?.length ?? 1
    const list = rows.flat().map((text) => {
      const x = parseItem(text ?? '', to)
      if (x === undefined) throw new ValueError(`could not convert string '${text}' to ${to.name}`, { op: 'fromregex' })
      return x
    })
    return wrap(viewOf(list, width === 1 ? [rows.length] : [rows.length, width], to))
  },
)
