/** Arrays as plain bytes or numbers in a file, without a header: `tofile` and `fromfile`. */

import { allocate } from '../core/allocate.ts'
import { type Rest, signature } from '../core/arguments.ts'
import { backendOf } from '../core/backend.ts'
import { byName } from '../core/by_name.ts'
import { float64 } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { ArgumentError, DTypeError, ValueError } from '../core/errors.ts'
import { saveFile } from '../io/files.ts'
import { normalizeBools } from '../io/raw.ts'
import { wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { bytesOf, type FileLike } from './io.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import { formatted } from './percent.ts'
import { numbersOf } from './text_numbers.ts'
import type { DTypeLike } from './types.ts'

/** Writes the items of an array in C order: their bytes, or with `sep` as text. */
export function tofile(a: NDArray, file: string | URL, sep = '', format = '%s'): void {
  const v = a.value
  if (sep !== '') {
    const text = items(v)
      .map((x) => (format === '%s' ? String(x) : formatted(format, x)))
      .join(sep)
    saveFile(file, [new TextEncoder().encode(text)], 'tofile()')
    return
  }
  if (v.dtype.isObject) throw new DTypeError('cannot write object arrays to a file in binary mode', { op: 'tofile' })
  const c = v.contiguous ? v : copyOf(v)
  const bytes = backendOf(c.device)
    .bytes(c.storage)
    .subarray(c.offset, c.offset + c.nbytes)
  saveFile(file, [bytes], 'tofile()')
}

/** Keyword arguments of `fromfile`. */
export interface FromfileOptions {
  dtype?: DTypeLike | null
  /** How many items; -1 for all. */
  count?: number
  /** What separates items that are text; `''` for bytes. */
  sep?: string
  /** Bytes left out at the start; only of binary files. */
  offset?: number
}
const fromfileArgs = signature<FromfileOptions>('fromfile', ['dtype', 'count', 'sep', 'offset'])

/**
 * The items of a file of plain bytes (or of text with `sep`), such as `tofile` writes, as a 1-d array. The bytes of a file are taken as well.
 *
 * Bytes at the end that make no whole item are left out, as upstream does.
 *
 * @example
 * np.fromfile(new Uint8Array([1, 0, 2, 0]), 'int16') // => array([1, 2], dtype=int16)
 */
export const fromfile = /* @__PURE__ */ byName(
  'fromfile',
  'file',
  (file: FileLike, ...rest: Rest<FromfileOptions, ['dtype', 'count', 'sep', 'offset']>): NDArray => {
    const { dtype, count = -1, sep = '', offset = 0 } = fromfileArgs(rest)
    const to = maybeDType(dtype) ?? float64
    if (typeof sep !== 'string') throw new ArgumentError('fromfile(): sep must be a string', { op: 'fromfile' })
    if (!Number.isInteger(count) || !Number.isInteger(offset))
      throw new ArgumentError('fromfile(): count and offset are integers', { op: 'fromfile' })
    const bytes = bytesOf(file, 'fromfile()')
    if (sep !== '') {
      if (offset !== 0) throw new ArgumentError("'offset' argument only permitted for binary files", { op: 'fromfile' })
      return numbersOf(new TextDecoder().decode(bytes), to, count, sep, 'fromfile')
    }
    if (to.isObject) throw new ValueError('Cannot create an object array from a file', { op: 'fromfile' })
    if (offset < 0) throw new ValueError(`fromfile(): offset must not be negative, got ${offset}`, { op: 'fromfile' })
    const here = bytes.subarray(Math.min(offset, bytes.length))
    const whole = Math.floor(here.length / to.itemsize)
    const n = count < 0 ? whole : Math.min(count, whole)
    const out = allocate([n], to)
    const data = here.subarray(0, n * to.itemsize)
    backendOf(out.device)
      .bytes(out.storage)
      .set(to.kind === 'b' ? normalizeBools(data, 'fromfile()') : data, out.offset)
    return wrap(out)
  },
)
