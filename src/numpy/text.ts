/** Arrays in text files: `savetxt` and `loadtxt`. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { Complex } from '../core/complex.ts'
import { type DType, float64 } from '../core/dtype.ts'
import { items, viewOf } from '../core/element.ts'
import { ArgumentError, AttributeError, ValueError } from '../core/errors.ts'
import { warn } from '../core/warnings.ts'
import { BytesIO } from '../io/bytes_io.ts'
import { saveFile } from '../io/files.ts'
import { asArray, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { bytesOf, type FileLike } from './io.ts'
import { atleast_2d, reshape, squeeze, transpose } from './manipulation.ts'
import type { NDArray } from './ndarray.ts'
import { formatted } from './percent.ts'
import { parseItem } from './text_numbers.ts'
import type { ArrayLike, DTypeLike } from './types.ts'

/** Keyword arguments of `savetxt`. */
export interface SavetxtOptions {
  /** `%.18e` and the like: of all items, one for each column, or one text with all of a row's. */
  fmt?: string | readonly string[]
  delimiter?: string
  newline?: string
  header?: string
  footer?: string
  comments?: string
  encoding?: string | null
}
const savetxtArgs = signature<SavetxtOptions>('savetxt', ['fmt', 'delimiter', 'newline', 'header', 'footer', 'comments', 'encoding'], [], 2)

/** The formats in one text: `'%d, %.3f'`. */
const specifiers = (format: string): string[] => format.match(/%(?!%)[^%a-zA-Z]*[a-zA-Z][^%]*/g) ?? []

/** How a row is written. */
function rowFormat(
  fmt: string | readonly string[],
  columns: number,
  complex: boolean,
  delimiter: string,
): (row: readonly unknown[]) => string {
  const parts = (row: readonly unknown[]): unknown[] =>
    complex ? row.flatMap((x) => (x instanceof Complex ? [x.re, x.im] : [x, 0])) : [...row]
  const run = (formats: readonly string[], row: readonly unknown[], joint: string): string =>
    formats.map((f, i) => formatted(f, row[i])).join(joint)
  if (typeof fmt !== 'string') {
    if (fmt.length !== columns)
      throw new AttributeError(`fmt has wrong shape.  [${fmt.map((f) => `'${f}'`).join(', ')}]`, { op: 'savetxt' })
    if (!complex) return (row) => run(fmt, row, delimiter)
    return (row) => row.map((x, i) => run(pieces(fmt[i]!), parts([x]), '')).join(delimiter)
  }
  const count = specifiers(fmt).length
  if (count === 1) {
    if (complex) return (row) => row.map((x) => run([` (${fmt}+`, `${fmt}j)`], parts([x]), '').replaceAll('+-', '-')).join(delimiter)
    return (row) => row.map((x) => formatted(fmt, x)).join(delimiter)
  }
  if (count !== columns * (complex ? 2 : 1)) throw new ValueError(`fmt has wrong number of % formats:  ${fmt}`, { op: 'savetxt' })
  return (row) => run(pieces(fmt), parts(row), '')
}

/** A text of several formats cut before each but the first. */
function pieces(fmt: string): string[] {
  const cuts = [...fmt.matchAll(/%(?!%)[^%a-zA-Z]*[a-zA-Z]/g)].map((m) => m.index + m[0].length)
  return cuts.map((end, i) => fmt.slice(i === 0 ? 0 : cuts[i - 1], i === cuts.length - 1 ? undefined : end))
}

/**
 * Saves a 1-d or 2-d array as text, one row a line. A file whose name ends in `.gz` is not compressed.
 *
 * Throws a ValueError for arrays of more axes, and for formats that do not fit the columns.
 */
export const savetxt = /* @__PURE__ */ byName(
  'savetxt',
  'fname X',
  (
    fname: string | URL,
    X: ArrayLike,
    ...rest: Rest<SavetxtOptions, ['fmt', 'delimiter', 'newline', 'header', 'footer', 'comments', 'encoding']>
  ): void => {
    const { fmt = '%.18e', delimiter = ' ', newline = '\n', header = '', footer = '', comments = '# ' } = savetxtArgs(rest)
    const given = asArray(X)
    if (given.ndim === 0 || given.ndim > 2)
      throw new ValueError(`Expected 1D or 2D array, got ${given.ndim}D array instead`, { op: 'savetxt' })
    const x = given.ndim === 1 ? reshape(given, [given.size, 1]) : given
    const columns = x.shape[1]!
    const write = rowFormat(fmt, columns, x.value.dtype.isComplex, delimiter)
    const list = items(x.value)
    const lines = Array.from({ length: x.shape[0]! }, (_, r) => write(list.slice(r * columns, (r + 1) * columns)))
    const noted = (text: string): string[] => (text === '' ? [] : [comments + text.replaceAll('\n', `\n${comments}`)])
    const text = [...noted(header), ...lines, ...noted(footer)].map((line) => line + newline).join('')
    saveFile(fname, [new TextEncoder().encode(text)], 'savetxt()')
  },
)

/** A text that a column's item is made from, by a function of the caller. */
export type Converter = (text: string) => unknown

/** Keyword arguments of `loadtxt`. */
export interface LoadtxtOptions {
  dtype?: DTypeLike
  /** What begins a comment; null for none. */
  comments?: string | readonly string[] | null
  /** What separates columns; white space unless given. */
  delimiter?: string | null
  converters?: Converter | Readonly<Record<number, Converter>> | null
  /** How many lines are left out at the start, comments and empty ones among them. */
  skiprows?: number
  usecols?: number | readonly number[] | null
  /** Gives the table turned over, so that its columns can be taken apart: `const [x, y] = ...`. */
  unpack?: boolean
  ndmin?: 0 | 1 | 2
  encoding?: string | null
  max_rows?: number | null
  /** What quotes cells, in which delimiters and comments mean nothing; doubled it stands for itself. */
  quotechar?: string | null
}
const loadtxtArgs = signature<LoadtxtOptions>(
  'loadtxt',
  ['dtype', 'comments', 'delimiter', 'converters', 'skiprows', 'usecols', 'unpack', 'ndmin', 'encoding', 'max_rows'],
  ['quotechar'],
)

/** The lines of a file, or of a list of lines. */
export function linesOf(source: FileLike | Iterable<string>, op: string): string[] {
  const isFile =
    typeof source === 'string' ||
    source instanceof URL ||
    source instanceof Uint8Array ||
    source instanceof ArrayBuffer ||
    source instanceof BytesIO
  if (!isFile) {
    if (typeof (source as Iterable<string> | null)?.[Symbol.iterator] !== 'function')
      throw new ArgumentError(`${op}(): fname must be a file, its bytes, or a list of lines`, { op })
    return [...(source as Iterable<string>)].flatMap((line) =>
      String(line)
        .replace(/(\r\n|\n|\r)$/, '')
        .split(/\r\n|\n|\r/),
    )
  }
  const bytes = bytesOf(source as FileLike, `${op}()`)
  const lines = new TextDecoder('utf-8').decode(bytes).split(/\r\n|\n|\r/)
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines
}

/** A line without its comment. */
export function uncommented(line: string, marks: readonly string[]): string {
  for (const mark of marks) {
    const at = mark === '' ? -1 : line.indexOf(mark)
    if (at >= 0) line = line.slice(0, at)
  }
  return line
}

/** The cells of a line whose cells may be quoted. */
function quotedCells(line: string, delimiter: string | null, quote: string, marks: readonly string[]): string[] {
  const cells: string[] = []
  let cell = ''
  let inside = false
  let any = false
  for (let i = 0; i < line.length; i++) {
    const c = line[i]!
    if (inside) {
      if (c === quote && line[i + 1] === quote) cell += line[++i]
      else if (c === quote) inside = false
      else cell += c
    } else if (c === quote && cell.trim() === '') {
      inside = true
      any = true
      cell = ''
    } else if (marks.some((m) => line.startsWith(m, i))) break
    else if (delimiter === null ? /\s/.test(c) : line.startsWith(delimiter, i)) {
      if (delimiter !== null || cell !== '' || any) cells.push(cell)
      cell = ''
      any = false
      if (delimiter !== null) i += delimiter.length - 1
    } else cell += c
  }
  if (delimiter !== null || cell !== '' || any) cells.push(cell)
  return cells
}

/**
 * The numbers of a text file, one row a line; a list of lines is read as well. Rows must have the same number of columns.
 *
 * A ValueError names the row and column of what is no number, and rows of another length.
 *
 * @example
 * np.loadtxt(['1 2', '3 4']) // => array([[1., 2.],
 *                            //           [3., 4.]])
 * np.loadtxt(['1;x;2'], { delimiter: ';', usecols: [0, 2], dtype: 'int64' }) // => array([1, 2])
 */
export const loadtxt = /* @__PURE__ */ byName(
  'loadtxt',
  'fname',
  (
    fname: FileLike | Iterable<string>,
    ...rest: Rest<
      LoadtxtOptions,
      ['dtype', 'comments', 'delimiter', 'converters', 'skiprows', 'usecols', 'unpack', 'ndmin', 'encoding', 'max_rows']
    >
  ): any => {
    const {
      dtype,
      comments = '#',
      delimiter = null,
      converters,
      skiprows = 0,
      usecols,
      unpack = false,
      ndmin = 0,
      max_rows,
      quotechar,
    } = loadtxtArgs(rest)
    const to = maybeDType(dtype) ?? float64
    if (ndmin !== 0 && ndmin !== 1 && ndmin !== 2)
      throw new ValueError(`Illegal value of ndmin keyword: ${String(ndmin)}`, { op: 'loadtxt' })
    if (skiprows < 0) throw new ValueError('argument must be nonnegative', { op: 'loadtxt' })
    const marks = comments === null ? [] : typeof comments === 'string' ? [comments] : [...comments]
    const wanted = usecols === undefined || usecols === null ? null : typeof usecols === 'number' ? [usecols] : [...usecols]
    const most = max_rows ?? Number.POSITIVE_INFINITY
    const rows: unknown[][] = []
    let width = -1
    for (const raw of linesOf(fname, 'loadtxt').slice(skiprows)) {
      if (rows.length >= most) break
      const line = quotechar ? raw : uncommented(raw, marks)
      if (line.trim() === '') continue
      let cells = quotechar
        ? quotedCells(line, delimiter, quotechar, marks)
        : delimiter === null
          ? line.trim().split(/\s+/)
          : line.split(delimiter)
      if (cells.length === 0) continue
      if (width < 0) width = cells.length
      const row = rows.length
      if (cells.length !== width && wanted === null) {
        throw new ValueError(
          `the number of columns changed from ${width} to ${cells.length} at row ${row + 1}; use \`usecols\` to select a subset and avoid this error`,
          { op: 'loadtxt' },
        )
      }
      const columns = wanted ?? cells.map((_, i) => i)
      cells = columns.map((c) => {
        const cell = cells.at(c)
        if (cell === undefined)
          throw new ValueError(`invalid column index ${c} at row ${row + 1} with ${cells.length} columns`, { op: 'loadtxt' })
        return cell
      })
      rows.push(cells.map((cell, i) => convert(cell, row, columns[i]!, width, converters, to)))
    }
    if (rows.length === 0) warn(`loadtxt: input contained no data: "${String(fname)}"`)
    const columns = rows[0]?.length ?? 0
    return shaped(wrap(viewOf(rows.flat(), rows.length === 0 ? [0] : [rows.length, columns], to)), ndmin, unpack)
  },
)

/** A table with as many axes as `ndmin` asks for, its columns apart when `unpack`. */
export function shaped(table: NDArray, ndmin: number, unpack: boolean): any {
  let out = table
  if (ndmin < 2) out = squeeze(out)
  if (ndmin === 1 && out.ndim === 0) out = reshape(out, [1])
  if (ndmin === 2 && out.ndim < 2) out = table.ndim === 1 ? transpose(atleast_2d(out)) : atleast_2d(out)
  return unpack && out.ndim > 1 ? transpose(out) : out
}

function convert(
  text: string,
  row: number,
  column: number,
  width: number,
  converters: LoadtxtOptions['converters'],
  dtype: DType,
): unknown {
  const made = typeof converters === 'function' ? converters : (converters?.[column] ?? converters?.[column - width])
  if (made) return made(text)
  const x = parseItem(text, dtype)
  if (x === undefined) {
    throw new ValueError(`could not convert string '${text.trim()}' to ${dtype.name} at row ${row}, column ${column + 1}.`, {
      op: 'loadtxt',
    })
  }
  return x
}
