/** NumPy's `.npy` format, versions 1 to 3: bytes to a raw array and back. Written after numpy.lib.format's description of the format. */

import { findDType } from '../core/dtype.ts'
import { DTypeError, FormatError } from '../core/errors.ts'
import { type Literal, parseLiteral } from './literal.ts'
import { checkRaw, concatBytes, countOf, normalizeBools, type RawArray, swapBytes } from './raw.ts'

export const MAGIC = '\x93NUMPY'
/** Data starts at a multiple of this, so that files can be mapped. */
export const ALIGNMENT = 64
/** NumPy leaves room for the growing axis to reach this many digits. */
export const GROWTH_DIGITS = 21
/** NumPy's own limit, above which it does not parse a header. */
const MAX_HEADER = 10_000

/** Type letter and bytes in a `descr` of each dtype's name. */
const CODES: Readonly<Record<string, string>> = {
  bool: 'b1',
  int8: 'i1',
  int16: 'i2',
  int32: 'i4',
  int64: 'i8',
  uint8: 'u1',
  uint16: 'u2',
  uint32: 'u4',
  uint64: 'u8',
  float16: 'f2',
  float32: 'f4',
  float64: 'f8',
  complex64: 'c8',
  complex128: 'c16',
}
const NAMES = new Map(Object.entries(CODES).map(([name, code]) => [code, name]))

/** True when bytes begin as a `.npy` file does. */
export const isNpy = (bytes: Uint8Array): boolean => latin1(bytes.subarray(0, MAGIC.length)) === MAGIC

/**
 * The array in the bytes of a `.npy` file, of any version, byte order and memory order.
 *
 * `data` is a window on `bytes` unless its byte order had to change. Bytes after the array are ignored, as NumPy ignores them.
 * Throws a FormatError that says what is wrong when the file is malformed or too short, or holds Python objects; nothing is ever evaluated.
 */
export function parseNpy(bytes: Uint8Array, what = 'load()'): RawArray {
  const { header, start } = readHeader(bytes, what)
  const { descr, fortran, shape } = checkHeader(parseLiteral(header, what), what)
  const { dtype, big } = parseDescr(descr, what)
  const itemsize = findDType(dtype)!.itemsize
  const size = countOf(shape, what) * itemsize
  if (size > bytes.length - start) {
    throw new FormatError(
      `${what}: the header promises shape (${shape.join(', ')}) of ${dtype}, ${size} bytes, but ${bytes.length - start} follow`,
    )
  }
  let data = bytes.subarray(start, start + size)
  const width = dtype.startsWith('complex') ? itemsize / 2 : itemsize
  if (big && width > 1) data = swapBytes(data, width, what)
  if (dtype === 'bool') data = normalizeBools(data, what)
  return fortran ? { dtype, shape, data, fortran } : { dtype, shape, data }
}

/** The bytes of a `.npy` file holding the array: the same bytes that `numpy.save` writes. */
export const writeNpy = (array: RawArray): Uint8Array => concatBytes(npyParts(array), 'save()')

/** The header and the data of `writeNpy`, apart, so that a large array need not be copied. */
export function npyParts(array: RawArray): [header: Uint8Array, data: Uint8Array] {
  const dtype = checkRaw('save', array)
  const code = CODES[array.dtype]
  if (code === undefined) {
    throw new DTypeError(`save(): the .npy format has no ${array.dtype}`, {
      op: 'save',
      dtypes: [array.dtype],
      hint: 'cast it to float32, or save it as .safetensors',
    })
  }
  const descr = (dtype.itemsize === 1 ? '|' : '<') + code
  return [headerOf(descr, array.shape, isFortranOnly(array)), array.data]
}

/** What a header says: the bytes of a whole header (magic to newline) of an array, in a version or the first that fits. */
export function headerOf(descr: string, shape: readonly number[], fortran: boolean, version?: 1 | 2 | 3): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`
  let text = `{'descr': '${descr}', 'fortran_order': ${fortran ? 'True' : 'False'}, 'shape': ${tuple}, }`
  const growing = fortran ? shape.at(-1) : shape[0]
  if (growing !== undefined) text += ' '.repeat(Math.max(0, GROWTH_DIGITS - String(growing).length))
  return frame(text, version)
}

/** NumPy calls an array that is contiguous both ways C-ordered. */
const isFortranOnly = ({ fortran, shape }: RawArray): boolean =>
  fortran === true && !shape.includes(0) && shape.filter((size) => size !== 1).length > 1

/** A header's text padded and framed; version 1 has two bytes for its length, the others four. */
function frame(text: string, wanted?: 1 | 2 | 3): Uint8Array {
  const pad = (prefix: number): number => ALIGNMENT - ((prefix + text.length + 1) % ALIGNMENT)
  // Shapes of at most 64 dimensions always fit version 1, but nothing here relies on that.
  let length = text.length + pad(10) + 1
  const version = wanted ?? (length <= 0xffff ? 1 : 2)
  const prefix = version === 1 ? 10 : 12
  length = text.length + pad(prefix) + 1
  const out = new Uint8Array(prefix + length).fill(0x20)
  const view = new DataView(out.buffer)
  for (let i = 0; i < MAGIC.length; i++) out[i] = MAGIC.charCodeAt(i)
  out[6] = version
  out[7] = 0
  if (version === 1) view.setUint16(8, length, true)
  else view.setUint32(8, length, true)
  for (let i = 0; i < text.length; i++) out[prefix + i] = text.charCodeAt(i)
  out[out.length - 1] = 0x0a
  return out
}

/** The text of the header of a file's bytes, and where the data begins. */
export function readHeader(bytes: Uint8Array, what: string): { header: string; start: number } {
  if (bytes.length < MAGIC.length || !isNpy(bytes)) throw new FormatError(`${what}: not a .npy file: it does not begin with \\x93NUMPY`)
  if (bytes.length < 10) throw new FormatError(`${what}: the file ends within the .npy header`)
  const [major, minor] = [bytes[6], bytes[7]]
  if (major < 1 || major > 3 || minor !== 0) throw new FormatError(`${what}: .npy format version ${major}.${minor} is not known`)
  const prefix = major === 1 ? 10 : 12
  if (bytes.length < prefix) throw new FormatError(`${what}: the file ends within the .npy header`)
  const view = new DataView(bytes.buffer, bytes.byteOffset, prefix)
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true)
  if (length > bytes.length - prefix) {
    throw new FormatError(`${what}: a .npy header of ${length} bytes is promised, but ${bytes.length - prefix} follow`)
  }
  if (length > MAX_HEADER) throw new FormatError(`${what}: a .npy header of ${length} bytes is more than the ${MAX_HEADER} that are read`)
  const raw = bytes.subarray(prefix, prefix + length)
  return { header: major === 3 ? utf8(raw, what) : latin1(raw), start: prefix + length }
}

/** What a header's dictionary says. */
export function checkHeader(header: Literal, what: string): { descr: Literal; fortran: boolean; shape: number[] } {
  if (!(header instanceof Map)) throw new FormatError(`${what}: the .npy header is not a dictionary`)
  const keys = [...header.keys()].sort()
  if (keys.join() !== 'descr,fortran_order,shape') {
    throw new FormatError(`${what}: the .npy header must have the keys descr, fortran_order and shape, but has [${keys.join(', ')}]`)
  }
  const fortran = header.get('fortran_order')
  if (typeof fortran !== 'boolean') throw new FormatError(`${what}: fortran_order in the .npy header is not True or False`)
  const shape = header.get('shape')
  if (!isTuple(shape) || !shape.tuple.every((size) => typeof size === 'number')) {
    throw new FormatError(`${what}: shape in the .npy header is not a tuple of integers`)
  }
  if (shape.tuple.length > 64) throw new FormatError(`${what}: ${shape.tuple.length} dimensions are more than the 64 that arrays have`)
  return { descr: header.get('descr')!, fortran, shape: shape.tuple as number[] }
}

const isTuple = (value: Literal | undefined): value is { readonly tuple: readonly Literal[] } =>
  typeof value === 'object' && value !== null && 'tuple' in value

/** The dtype's name that a `descr` stands for, and whether its bytes are in big-endian order. */
export function parseDescr(descr: Literal, what: string): { dtype: string; big: boolean } {
  if (typeof descr !== 'string') throw new FormatError(`${what}: structured arrays (a descr that is a list) are not supported`)
  const found = /^([<>|=]?)([A-Za-z?])(\d*)(.*)$/s.exec(descr)
  if (!found) throw new FormatError(`${what}: '${descr.slice(0, 40)}' is not a dtype`)
  const [, order, letter, bytes, rest] = found
  if (letter === 'O') {
    throw new FormatError(`${what}: object arrays cannot be loaded: they are Python pickles, which can run code (as allow_pickle=False)`)
  }
  const dtype = rest === '' ? NAMES.get(letter + bytes) : undefined
  if (dtype === undefined) throw new FormatError(`${what}: dtype '${descr.slice(0, 40)}' is not supported`)
  return { dtype, big: order === '>' }
}

/** Bytes as characters of the same codes; short texts only. */
function latin1(bytes: Uint8Array): string {
  let out = ''
  for (const byte of bytes) out += String.fromCharCode(byte)
  return out
}

function utf8(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new FormatError(`${what}: the .npy header is not valid UTF-8`)
  }
}
