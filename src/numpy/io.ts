/** Arrays in files: `.npy`, `.npz` and text. */

import { allocate } from '../core/allocate.ts'
import { type Rest, signature } from '../core/arguments.ts'
import { backendOf } from '../core/backend.ts'
import { byName } from '../core/by_name.ts'
import { describe } from '../core/describe.ts'
import { dtypeOf } from '../core/dtype.ts'
import { ArgumentError, FormatError, KeyError, ValueError } from '../core/errors.ts'
import type { View } from '../core/view.ts'
import { BytesIO } from '../io/bytes_io.ts'
import { readFile, saveFile } from '../io/files.ts'
import { isNpy, npyParts, parseNpy } from '../io/npy.ts'
import { isZip, type NpzContents, openNpz, writeNpz } from '../io/npz.ts'
import type { RawArray } from '../io/raw.ts'
import { asArray, wrap } from './convert.ts'
import { openNpyMap } from './memmap.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike } from './types.ts'

/** A file's path or URL, or the bytes of one, or a file in memory. */
export type FileLike = string | URL | Uint8Array | ArrayBuffer | BytesIO

/** An array as bytes; Fortran's order is kept. */
export function rawOf(a: ArrayLike): RawArray {
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
export function fromRaw({ dtype, shape, data, fortran }: RawArray): NDArray {
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
export const save = /* @__PURE__ */ byName(
  'save',
  'file arr',
  (file: string | URL | BytesIO, arr: ArrayLike, _options: { allow_pickle?: boolean } = {}): void => {
    if (file instanceof BytesIO) {
      for (const part of npyParts(rawOf(arr))) file.write(part)
      return
    }
    saveFile(withSuffix(file, '.npy'), npyParts(rawOf(arr)), 'save()')
  },
)

function saveMany(name: string, file: string | URL | BytesIO, args: readonly unknown[], compressed: boolean): void {
  const plain = (x: unknown): x is object => typeof x === 'object' && x !== null && Object.getPrototypeOf(x) === Object.prototype
  const given = args.filter(plain).flatMap((x) => Object.entries(x))
  const byPlace = args.filter((x) => !plain(x)).map((x, i) => [`arr_${i}`, x] as const)
  const arrays = [...given, ...byPlace].map(([key, value]) => [key, rawOf(value as ArrayLike)] as const)
  if (file instanceof BytesIO) file.write(writeNpz(arrays, compressed))
  else saveFile(withSuffix(file, '.npz'), [writeNpz(arrays, compressed)], `${name}()`)
}

/**
 * Saves several arrays in a `.npz` file: those of an object by their names, others as `arr_0`, `arr_1`, ...
 */
export const savez = /* @__PURE__ */ byName(
  'savez',
  'file',
  (file: string | URL | BytesIO, ...args: (ArrayLike | Record<string, ArrayLike>)[]): void => saveMany('savez', file, args, false),
)

/** As `savez`, deflated. */
export const savez_compressed = /* @__PURE__ */ byName(
  'savez_compressed',
  'file',
  (file: string | URL | BytesIO, ...args: (ArrayLike | Record<string, ArrayLike>)[]): void =>
    saveMany('savez_compressed', file, args, true),
)

const closed = (): never => {
  throw new ValueError('the file is closed')
}

/** The arrays of a `.npz` file, read when they are asked for. */
export class NpzFile implements Iterable<string> {
  #contents: NpzContents

  /** @internal */
  constructor(contents: NpzContents) {
    if (!Array.isArray(contents?.files)) throw new ArgumentError('NpzFile: use np.load(file)')
    this.#contents = contents
  }
  /** The names of the arrays. */
  get files(): string[] {
    return [...this.#contents.files]
  }
  /** The array of a name; a KeyError, or what is given instead, when there is none. */
  get<T>(name: string, instead: T): NDArray | T
  get(name: string): NDArray
  get(name: string, ...instead: unknown[]): unknown {
    const names = this.#contents.files
    const found = names.includes(name) ? name : names.includes(name.replace(/\.npy$/, '')) ? name.replace(/\.npy$/, '') : undefined
    if (found !== undefined) return fromRaw(this.#contents.read(found))
    if (instead.length > 0) return instead[0]
    throw new KeyError(`${name} is not a file in the archive`)
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
  /** Names and arrays. */
  items(): [string, NDArray][] {
    return [...this.entries()]
  }
  /** The arrays. */
  values(): NDArray[] {
    return this.files.map((name) => this.get(name))
  }
  /** The number of arrays. */
  get length(): number {
    return this.#contents.files.length
  }
  /** Lets go of the file's bytes: no array can be read after. */
  close(): void {
    this.#contents = { files: [], read: () => closed() }
  }
  [Symbol.dispose](): void {
    this.close()
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

/** Keyword arguments of `load`. */
export interface LoadOptions {
  /** Maps the file's memory: `'r'` read only, `'r+'` changes go to the file, `'c'` changes stay in memory. */
  mmap_mode?: 'r' | 'r+' | 'c' | 'readonly' | 'readwrite' | 'copyonwrite' | null
  allow_pickle?: boolean
  fix_imports?: boolean
  encoding?: string
  max_header_size?: number
}
const loadArgs = signature<LoadOptions>('load', ['mmap_mode', 'allow_pickle', 'fix_imports', 'encoding'], ['max_header_size'])

/** The whole of a file. */
export const bytesOf = (file: FileLike, op: string): Uint8Array =>
  file instanceof Uint8Array
    ? file
    : file instanceof ArrayBuffer
      ? new Uint8Array(file)
      : file instanceof BytesIO
        ? file.read()
        : readFile(file, op)

/**
 * The array of a `.npy` file, or an NpzFile of a `.npz` file. Takes a path or the file's bytes.
 *
 * Throws a FormatError for files that are malformed or hold Python objects.
 */
export const load = /* @__PURE__ */ byName(
  'load',
  'file',
  (file: FileLike, ...rest: Rest<LoadOptions, ['mmap_mode', 'allow_pickle', 'fix_imports', 'encoding']>): any => {
    const { mmap_mode = null, allow_pickle = false } = loadArgs(rest)
    if (allow_pickle) throw new ValueError('load(): allow_pickle is not supported: Python pickles can run code', { op: 'load' })
    if (mmap_mode !== null && mmap_mode !== undefined) return openNpyMap(file, mmap_mode)
    const bytes = bytesOf(file, 'load()')
    if (isNpy(bytes)) return fromRaw(parseNpy(bytes))
    if (isZip(bytes)) return new NpzFile(openNpz(bytes))
    throw new FormatError('load(): this is neither a .npy nor a .npz file (pickled files are not supported: they can run code)')
  },
)
