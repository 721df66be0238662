/** Arrays in files: `.npy`, `.npz` and text. */

import { allocate } from '../core/allocate.ts'
import { backendOf } from '../core/backend.ts'
import { describe } from '../core/describe.ts'
import { dtypeOf } from '../core/dtype.ts'
import { ArgumentError, FormatError, KeyError } from '../core/errors.ts'
import type { View } from '../core/view.ts'
import { readFile, saveFile } from '../io/files.ts'
import { isNpy, npyParts, parseNpy } from '../io/npy.ts'
import { isZip, type NpzContents, openNpz, writeNpz } from '../io/npz.ts'
import type { RawArray } from '../io/raw.ts'
import { asArray, wrap } from './convert.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike } from './types.ts'

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
