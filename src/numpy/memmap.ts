/** `np.memmap`: arrays in the memory of a mapped file. */

import { signature } from '../core/arguments.ts'
import { backendOf } from '../core/backend.ts'
import { type Newless, newless } from '../core/callable.ts'
import { type DType, dtypeOf, uint8 } from '../core/dtype.ts'
import { ArgumentError, DeviceError, FormatError, ValueError } from '../core/errors.ts'
import { contiguousStrides, sizeOf } from '../core/shape.ts'
import { bufferStorage } from '../core/storage.ts'
import { View } from '../core/view.ts'
import { openFile, writeStart } from '../io/files.ts'
import { parseLiteral } from '../io/literal.ts'
import { checkHeader, headerOf, parseDescr, readHeader } from '../io/npy.ts'
import { asShape } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import type { FileLike } from './io.ts'
import { NDArray } from './ndarray.ts'
import type { DTypeLike, ShapeLike } from './types.ts'

/** `'r'` read only, `'r+'` an existing file whose changes are kept, `'w+'` a new file, `'c'` changes stay in memory. */
export type MapMode = 'r' | 'r+' | 'w+' | 'c' | 'readonly' | 'readwrite' | 'write' | 'copyonwrite'
const MODES: Readonly<Record<string, 'r' | 'r+' | 'w+' | 'c'>> = {
  r: 'r',
  'r+': 'r+',
  'w+': 'w+',
  c: 'c',
  readonly: 'r',
  readwrite: 'r+',
  write: 'w+',
  copyonwrite: 'c',
}

function modeOf(mode: unknown): 'r' | 'r+' | 'w+' | 'c' {
  const found = MODES[String(mode)]
  if (found === undefined)
    throw new ValueError(
      "mode must be one of ['r', 'c', 'r+', 'w+', 'readonly', 'copyonwrite', 'readwrite', 'write'] (got '" + String(mode) + "')",
    )
  return found
}

/** Keyword arguments of `memmap`. */
export interface MemmapOptions {
  dtype?: DTypeLike | null
  mode?: MapMode
  /** Bytes before the first item. */
  offset?: number
  /** By default 1-d over the rest of the file. */
  shape?: ShapeLike | null
  order?: 'C' | 'F'
}
const memmapArgs = signature<MemmapOptions>('memmap', ['dtype', 'mode', 'offset', 'shape', 'order'])

interface Wanted {
  readonly dtype: DType
  readonly mode: 'r' | 'r+' | 'w+' | 'c'
  readonly offset: number
  readonly shape: readonly number[] | null
  readonly order: 'C' | 'F'
}

/** Maps a file; gives the view of its items and the memory. */
function mapped(filename: string | URL, { dtype, mode, offset, shape, order }: Wanted): { view: View; memory: ArrayBuffer } {
  const backend = backendOf('cpu')
  if (!backend.mapFile)
    throw new DeviceError(`memmap(): the ${backend.name} backend maps no files; read the file with np.fromfile or np.load`)
  if (dtype.isObject) throw new ValueError('memmap(): objects have no bytes')
  if (!Number.isInteger(offset) || offset < 0) throw new ValueError(`memmap(): offset must be a non-negative integer, got ${offset}`)
  const wanted = shape === null ? null : offset + sizeOf(shape) * dtype.itemsize
  if (mode === 'w+' && wanted === null) throw new ValueError("shape must be given if mode == 'w+'")
  if (wanted === 0 || (shape !== null && sizeOf(shape) === 0)) throw new ValueError('cannot mmap an empty file')
  const grows = mode === 'w+' || mode === 'r+'
  const file = openFile(filename, mode === 'c' ? 'r' : mode, grows ? wanted : null, 'memmap()')
  try {
    const left = file.size - offset
    if (shape === null && left % dtype.itemsize !== 0)
      throw new ValueError('Size of the available data is not a multiple of the data-type size.')
    if (left <= 0) throw new ValueError('cannot mmap an empty file')
    const dims = shape ?? [left / dtype.itemsize]
    const bytes = wanted ?? file.size
    if (bytes > file.size) throw new ValueError('mmap length is greater than file size')
    const memory = backend.mapFile(file.fd, bytes, mode === 'r+' || mode === 'w+')
    const strides =
      order === 'F' ? contiguousStrides([...dims].reverse(), dtype.itemsize).reverse() : contiguousStrides(dims, dtype.itemsize)
    const storage = bufferStorage(memory, offset, bytes - offset)
    return { view: new View(storage, dtype, dims, strides, 0, sizeOf(dims), mode !== 'r'), memory }
  } finally {
    file.close()
  }
}

class MappedArray extends NDArray {
  /** The file. */
  readonly filename: string
  /** Bytes before the first item. */
  readonly offset: number
  readonly mode: 'r' | 'r+' | 'w+' | 'c'
  readonly #memory: ArrayBuffer

  /** @internal */
  constructor(filename: string | URL, ...rest: unknown[]) {
    const { dtype, mode = 'r+', offset = 0, shape = null, order = 'C' } = memmapArgs(rest)
    if (typeof filename !== 'string' && !(filename instanceof URL)) throw new ArgumentError('memmap(): expected the name of a file')
    const dims = shape === null ? null : asShape(shape, 'memmap')
    const wanted: Wanted = { dtype: maybeDType(dtype) ?? uint8, mode: modeOf(mode), offset, shape: dims, order }
    const { view, memory } = mapped(filename, wanted)
    super(view)
    this.filename = String(filename)
    this.offset = offset
    this.mode = wanted.mode
    this.#memory = memory
  }
  /** Writes changes to the file now; without it the system does so in time. */
  flush(): void {
    if (this.mode === 'r+' || this.mode === 'w+') backendOf('cpu').syncFile!(this.#memory)
  }
  /** The array's items are in the file: nothing is given back before the collector does so. */
  override dispose(): void {
    this.flush()
  }
  override repr(): string {
    return super
      .repr()
      .replace(/^array\(/, 'memmap(')
      .replace(/\n {7}/g, '\n        ')
  }
}

/**
 * An array in the memory of a file: parts are read when they are used, so a file may be larger than memory. May be called without `new`.
 *
 * Modes: `'r'` read only, `'r+'` (default) changes go to the file, `'w+'` makes the file, `'c'` changes stay in memory. `flush()` writes changes
 * now. Needs the compiled kernels on a Unix system; others throw a DeviceError.
 */
export const memmap: Newless<typeof MappedArray> = /* @__PURE__ */ newless(MappedArray)
export type memmap = MappedArray

/** Enough for any header that is read. */
const HEADER_BYTES = 10_012

/** The array of a `.npy` file, mapped. */
export function openNpyMap(file: FileLike, mmap_mode: MapMode): MappedArray {
  if (typeof file !== 'string' && !(file instanceof URL))
    throw new ValueError('Filename must be a string or a path-like object.  Memmap cannot use existing file handles.')
  const mode = modeOf(mmap_mode)
  if (mode === 'w+') throw new ValueError("load(): mmap_mode 'w+' would empty the file: np.lib.format.open_memmap makes new ones")
  const opened = openFile(file, 'r', null, 'load()')
  let start: { header: string; start: number }
  try {
    start = readHeader(opened.read(0, HEADER_BYTES), 'load()')
  } finally {
    opened.close()
  }
  const { descr, fortran, shape } = checkHeader(parseLiteral(start.header, 'load()'), 'load()')
  const { dtype, big } = parseDescr(descr, 'load()')
  if (big && dtypeOf(dtype).itemsize > 1)
    throw new FormatError('load(): a file of big-endian numbers cannot be mapped: load it without mmap_mode')
  return new MappedArray(file, { dtype: dtypeOf(dtype), mode, offset: start.start, shape, order: fortran ? 'F' : 'C' })
}

/**
 * The array of a `.npy` file in mapped memory: an existing one, or with mode `'w+'` a new one of a dtype and shape.
 *
 * As `np.memmap`, it needs the compiled kernels on a Unix system.
 */
export function open_memmap(filename: string | URL, ...rest: unknown[]): MappedArray {
  const { mode = 'r+', dtype, shape, fortran_order = false } = openArgs(rest)
  if (modeOf(mode) !== 'w+') return openNpyMap(filename, mode)
  const to = maybeDType(dtype) ?? dtypeOf('float64')
  if (shape === undefined || shape === null) throw new ValueError("shape must be given if mode == 'w+'")
  const dims = asShape(shape, 'open_memmap')
  const header = headerOf(to.str, dims, fortran_order)
  openFile(filename, 'w+', header.length + sizeOf(dims) * to.itemsize, 'open_memmap()').close()
  writeStart(filename, header, 'open_memmap()')
  return new MappedArray(filename, { dtype: to, mode: 'r+', offset: header.length, shape: dims, order: fortran_order ? 'F' : 'C' })
}
const openArgs = signature<{ mode?: MapMode; dtype?: DTypeLike | null; shape?: ShapeLike | null; fortran_order?: boolean }>('open_memmap', [
  'mode',
  'dtype',
  'shape',
  'fortran_order',
])
