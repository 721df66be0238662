/** Arrays in files: `.npy`, `.npz` and text. */

import { allocate } from '../core/allocate.ts'
import { type Rest, signature } from '../core/arguments.ts'
import { backendOf } from '../core/backend.ts'
import { describe } from '../core/describe.ts'
import { dtypeOf, float64 } from '../core/dtype.ts'
import { items, viewOf } from '../core/element.ts'
import { ArgumentError, FormatError, KeyError, ValueError } from '../core/errors.ts'
import type { View } from '../core/view.ts'
import { readFile, saveFile } from '../io/files.ts'
import { isNpy, npyParts, parseNpy } from '../io/npy.ts'
import { isZip, type NpzContents, openNpz, writeNpz } from '../io/npz.ts'
import type { RawArray } from '../io/raw.ts'
import { pyExponential, pyFixed } from '../printing/index.ts'
import { asArray, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { atleast_2d, reshape, squeeze, transpose } from './manipulation.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike } from './types.ts'

/** A file's path or URL, or the bytes of one. */
export type FileLike = string | URL | Uint8Array | ArrayBuffer

/** An array as bytes; Fortran's order is kept. */
function rawOf(a: ArrayLike): RawArray {
  const x = asArray(a)
  const byColumn = x.flags.fnc
  const v = byColumn ? x.T.value : x.value
  const c = v.contiguous ? v : copyOf(v)
  if (c.dtype.isObject) return { dtype: 'object', shape: x.shape, data: new Uint8Array(0) }
  const data = backendOf(c.device)
    .bytes(c.storage)
    .subarray(c.offset, c.offset + c.nbytes)
  return byColumn ? { dtype: c.dtype.name, shape: x.shape, data, fortran: true } : { dtype: c.dtype.name, shape: x.shape, data }
}

/** An array of bytes that were read. */
function fromRaw({ dtype, shape, data, fortran }: RawArray): NDArray {
  const out: View = allocate(fortran ? [...shape].reverse() : shape, dtypeOf(dtype))
  backendOf(out.device).bytes(out.storage).set(data, out.offset)
  const array = wrap(out)
  return fortran ? wrap(array.T.value) : array
}

function withSuffix(file: string | URL, suffix: string): string | URL {
  if (typeof file === 'string') return file.endsWith(suffix) ? file : file + suffix
  if (!(file instanceof URL)) throw new ArgumentError(`expected the name of a file, got ${describe(file)}`)
  return file.pathname.endsWith(suffix) ? file : new URL(file.href + suffix)
}

/**
 * Saves an array as a `.npy` file, which NumPy reads. The name gets `.npy` when it has not; the old file stays until the new one is whole.
 *
 * Throws a DTypeError for dtypes that the format has not (objects, bfloat16).
 */
export function save(file: string | URL, arr: ArrayLike): void {
  saveFile(withSuffix(file, '.npy'), npyParts(rawOf(arr)), 'save()')
}

function saveMany(name: string, file: string | URL, args: readonly unknown[], compressed: boolean): void {
  const plain = (x: unknown): x is object => typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype
  const byName = args.filter(plain).flatMap((x) => Object.entries(x))
  const byPlace = args.filter((x) => !plain(x)).map((x, i) => [`arr_${i}`, x] as const)
  const arrays = [...byName, ...byPlace].map(([key, value]) => [key, rawOf(value as ArrayLike)] as const)
  saveFile(withSuffix(file, '.npz'), [writeNpz(arrays, compressed)], `${name}()`)
}

/**
 * Saves several arrays in a `.npz` file: those of an object by their names, others as `arr_0`, `arr_1`, ...
 */
export const savez = (file: string | URL, ...args: (ArrayLike | Record<string, ArrayLike>)[]): void => saveMany('savez', file, args, false)

/** As `savez`, deflated. */
export const savez_compressed = (file: string | URL, ...args: (ArrayLike | Record<string, ArrayLike>)[]): void =>
  saveMany('savez_compressed', file, args, true)

/** The arrays of a `.npz` file, read when they are asked for. */
export class NpzFile implements Iterable<string> {
  readonly #contents: NpzContents

  /** @internal */
  constructor(contents: NpzContents) {
    if (!Array.isArray(contents?.files)) throw new ArgumentError('NpzFile: use np.load(file)')
    this.#contents = contents
  }
  /** The names of the arrays. */
  get files(): string[] {
    return [...this.#contents.files]
  }
  /** The array of a name; a KeyError when there is none. */
  get(name: string): NDArray {
    if (!this.#contents.files.includes(name)) throw new KeyError(`${name} is not a file in the archive`)
    return fromRaw(this.#contents.read(name))
  }
  has(name: string): boolean {
    return this.#contents.files.includes(name)
  }
  keys(): string[] {
    return this.files
  }
  *entries(): IterableIterator<[string, NDArray]> {
    for (const name of this.files) yield [name, this.get(name)]
  }
  [Symbol.iterator](): IterableIterator<string> {
    return this.files[Symbol.iterator]()
  }
  toString(): string {
    return `NpzFile with keys: ${this.files.join(', ')}`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * The array of a `.npy` file, or an NpzFile of a `.npz` file. Takes a path or the file's bytes.
 *
 * Throws a FormatError for files that are malformed or hold Python objects.
 */
export function load(file: FileLike): any {
  const bytes = file instanceof Uint8Array ? file : file instanceof ArrayBuffer ? new Uint8Array(file) : readFile(file)
  if (isNpy(bytes)) return fromRaw(parseNpy(bytes))
  if (isZip(bytes)) return new NpzFile(openNpz(bytes))
  throw new FormatError('load(): this is neither a .npy nor a .npz file (pickled files are not supported: they can run code)')
}

/** Keyword arguments of `savetxt`. */
export interface SavetxtOptions {
  /** `%.18e` and the like: of all items, or one for each column. */
  fmt?: string | readonly string[]
  delimiter?: string
  newline?: string
  header?: string
  footer?: string
  comments?: string
  encoding?: string | null
}
const savetxtArgs = signature<SavetxtOptions>('savetxt', ['fmt', 'delimiter', 'newline', 'header', 'footer', 'comments', 'encoding'], [], 2)

/** One number by Python's % formatting: d, i, f, e, g, s with flags, width and precision. */
function formatted(format: string, x: unknown): string {
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
function general(x: number, precision: number): string {
  if (!Number.isFinite(x)) return pyFixed(x, 0)
  const places = precision === 0 ? 1 : precision
  const [mantissa, power] = pyExponential(x, places - 1).split('e') as [string, string]
  const exponent = Number(power)
  const trimmed = (s: string): string => (s.includes('.') ? s.replace(/\.?0+$/, '') : s)
  return exponent < -4 || exponent >= places ? `${trimmed(mantissa)}e${power}` : trimmed(pyFixed(x, places - 1 - exponent))
}

/**
 * Saves a 1-d or 2-d array as text, one row a line.
 */
export function savetxt(
  fname: string | URL,
  X: ArrayLike,
  ...rest: Rest<SavetxtOptions, ['fmt', 'delimiter', 'newline', 'header', 'footer', 'comments', 'encoding']>
): void {
  const { fmt = '%.18e', delimiter = ' ', newline = '\n', header = '', footer = '', comments = '# ' } = savetxtArgs(rest)
  const given = asArray(X)
  if (given.ndim === 0 || given.ndim > 2)
    throw new ValueError(`Expected 1D or 2D array, got ${given.ndim}D array instead`, { op: 'savetxt' })
  if (given.value.dtype.isComplex) throw new ValueError('savetxt(): complex arrays are not supported; save the parts', { op: 'savetxt' })
  const x = given.ndim === 1 ? reshape(given, [given.size, 1]) : given
  const columns = x.shape[1]!
  const formats = typeof fmt === 'string' ? [fmt] : fmt
  if (formats.length !== 1 && formats.length !== columns)
    throw new ValueError(`fmt has wrong shape.  ${formats.join(', ')}`, { op: 'savetxt' })
  const list = items(x.value)
  const lines = Array.from({ length: x.shape[0]! }, (_, r) =>
    Array.from({ length: columns }, (_, c) => formatted(formats[c % formats.length]!, list[r * columns + c])).join(delimiter),
  )
  const noted = (text: string): string[] => (text === '' ? [] : [comments + text.replaceAll('\n', `\n${comments}`)])
  saveFile(
    fname,
    [new TextEncoder().encode([...noted(header), ...lines, ...noted(footer)].map((line) => line + newline).join(''))],
    'savetxt()',
  )
}

/** Keyword arguments of `loadtxt`. */
export interface LoadtxtOptions {
  dtype?: DTypeLike
  /** What begins a comment; null for none. */
  comments?: string | readonly string[] | null
  /** What separates columns; white space unless given. */
  delimiter?: string | null
  converters?: ((text: string) => unknown) | Readonly<Record<number, (text: string) => unknown>> | null
  /** How many lines are left out at the start. */
  skiprows?: number
  usecols?: number | readonly number[] | null
  /** Gives the columns as rows. */
  unpack?: boolean
  ndmin?: 0 | 1 | 2
  encoding?: string | null
  max_rows?: number | null
  quotechar?: string | null
}
const loadtxtArgs = signature<LoadtxtOptions>(
  'loadtxt',
  ['dtype', 'comments', 'delimiter', 'converters', 'skiprows', 'usecols', 'unpack', 'ndmin', 'encoding', 'max_rows'],
  ['quotechar'],
)

/**
 * The numbers of a text file, one row a line; a list of lines is read as well. Rows must have the same number of columns.
 *
 * @example
 * np.loadtxt(['1 2', '3 4']) // => array([[1., 2.],
 *                            //           [3., 4.]])
 */
export function loadtxt(
  fname: FileLike | readonly string[],
  ...rest: Rest<LoadtxtOptions, ['dtype', 'comments', 'delimiter', 'converters', 'skiprows', 'usecols', 'unpack', 'ndmin']>
): any {
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
  } = loadtxtArgs(rest)
  const to = maybeDType(dtype) ?? float64
  if (ndmin !== 0 && ndmin !== 1 && ndmin !== 2) throw new ValueError(`Illegal value of ndmin keyword: ${String(ndmin)}`, { op: 'loadtxt' })
  const marks = comments === null ? [] : typeof comments === 'string' ? [comments] : [...comments]
  const rows: unknown[][] = []
  let width = -1
  linesOf(fname)
    .slice(skiprows)
    .forEach((raw, number) => {
      if (max_rows !== undefined && max_rows !== null && rows.length >= max_rows) return
      let line = raw
      for (const mark of marks) {
        const at = line.indexOf(mark)
        if (at >= 0) line = line.slice(0, at)
      }
      if (line.trim() === '') return
      let cells = delimiter === null ? line.trim().split(/\s+/) : line.split(delimiter).map((c) => c.trim())
      if (width < 0) width = cells.length
      if (cells.length !== width && (usecols === undefined || usecols === null)) {
        throw new ValueError(
          `the number of columns changed from ${width} to ${cells.length} at row ${number + 1}; use \`usecols\` to select a subset and avoid this error`,
          { op: 'loadtxt' },
        )
      }
      if (usecols !== undefined && usecols !== null) {
        cells = (typeof usecols === 'number' ? [usecols] : usecols).map((c) => {
          const cell = cells.at(c)
          if (cell === undefined)
            throw new ValueError(`invalid column index ${c} at row ${number + 1} with ${cells.length} columns`, { op: 'loadtxt' })
          return cell
        })
      }
      rows.push(cells.map((cell, c) => numberOf(cell, number, c, converters, to.name)))
    })
  const columns = rows[0]?.length ?? 0
  let out = wrap(viewOf(rows.flat(), rows.length === 0 ? [0] : [rows.length, columns], to))
  if (ndmin < 2) out = squeeze(out)
  if (ndmin === 1 && out.ndim === 0) out = reshape(out, [1])
  if (ndmin === 2 && out.ndim < 2) out = atleast_2d(out)
  return unpack ? [...transpose(out)] : out
}

function linesOf(source: FileLike | readonly string[]): string[] {
  if (Array.isArray(source)) return source.flatMap((line) => String(line).split(/\r\n|\n|\r/))
  const bytes =
    source instanceof Uint8Array
      ? source
      : source instanceof ArrayBuffer
        ? new Uint8Array(source)
        : readFile(source as string | URL, 'loadtxt()')
  return new TextDecoder('utf-8').decode(bytes).split(/\r\n|\n|\r/)
}

function numberOf(text: string, row: number, column: number, converters: LoadtxtOptions['converters'], dtype: string): unknown {
  const convert = typeof converters === 'function' ? converters : converters?.[column]
  if (convert) return convert(text)
  if (dtype === 'object') return text
  const plain = text
    .trim()
    .toLowerCase()
    .replace(/^([+-]?)(infinity|inf)$/, '$1Infinity')
    .replace(/^[+-]?nan$/, 'NaN')
  if (/^[+-]?\d+$/.test(plain) && /int64/.test(dtype)) return BigInt(plain)
  const x = plain === 'NaN' ? Number.NaN : Number(plain)
  if (plain === '' || (Number.isNaN(x) && plain !== 'NaN') || (/int/.test(dtype) && !Number.isInteger(x))) {
    throw new ValueError(`could not convert string '${text}' to ${dtype} at row ${row}, column ${column + 1}.`, { op: 'loadtxt' })
  }
  return x
}

/**
 * An array of the numbers in a text, or of the bytes of a file.
 *
 * @example
 * np.fromstring('1 2 3', 'float64', -1, ' ') // => array([1., 2., 3.])
 */
export function fromstring(string: string, dtype: DTypeLike = 'float64', count = -1, sep = ' '): NDArray {
  if (typeof string !== 'string' || typeof sep !== 'string') throw new ArgumentError(`fromstring(): expected text, got ${describe(string)}`)
  if (sep === '') throw new ArgumentError('fromstring(): binary mode is removed, use frombuffer instead', { op: 'fromstring' })
  const cells = string
    .split(sep.trim() === '' ? /\s+/ : sep)
    .map((c) => c.trim())
    .filter((c) => c !== '')
  const to = maybeDType(dtype)!
  const list = cells.slice(0, count < 0 ? undefined : count).map((c, i) => numberOf(c, 0, i, null, to.name))
  return wrap(viewOf(list, [list.length], to))
}
