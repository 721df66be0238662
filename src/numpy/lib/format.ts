/** `np.lib.format`: the `.npy` format in pieces, on files in memory (`BytesIO`, which stands for Python's). */

import { byName } from '../../core/by_name.ts'
import { describe } from '../../core/describe.ts'
import { DType, dtypeOf } from '../../core/dtype.ts'
import { ArgumentError, DTypeError, FormatError, ValueError } from '../../core/errors.ts'
import { BytesIO } from '../../io/bytes_io.ts'
import { parseLiteral } from '../../io/literal.ts'
import { ALIGNMENT, checkHeader, GROWTH_DIGITS, headerOf, MAGIC, parseDescr, parseNpy, readHeader } from '../../io/npy.ts'
import { asArray } from '../convert.ts'
import { fromRaw, rawOf } from '../io.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike } from '../types.ts'

export { open_memmap } from '../memmap.ts'
export { BytesIO }

/** Data begins at a multiple of this many bytes. */
export const ARRAY_ALIGN: number = ALIGNMENT
/** The bytes of magic text and version. */
export const MAGIC_LEN: number = MAGIC.length + 2
/** The text that files begin with, as bytes. */
export const MAGIC_PREFIX: Uint8Array = /* @__PURE__ */ Uint8Array.from(MAGIC, (c) => c.charCodeAt(0))
/** Bytes that upstream writes at a time. */
export const BUFFER_SIZE: number = 2 ** 18
/** What a header's dictionary holds. */
export const EXPECTED_KEYS: ReadonlySet<string> = /* @__PURE__ */ new Set(['descr', 'fortran_order', 'shape'])
/** Digits that a header leaves room for, so that the growing axis can be rewritten in place. */
export const GROWTH_AXIS_MAX_DIGITS: number = GROWTH_DIGITS

/** What a header says. */
export interface NpyHeader {
  readonly shape: readonly number[]
  readonly fortran_order: boolean
  readonly descr: string
}

function file(fp: unknown, op: string): BytesIO {
  if (fp instanceof BytesIO) return fp
  throw new ArgumentError(`${op}(): expected a np.lib.format.BytesIO`, { op })
}

/**
 * The bytes that a file of a version begins with.
 *
 * @example
 * np.lib.format.magic(1, 0).length // => 8
 */
export const magic = /* @__PURE__ */ byName('magic', 'major minor', (major: number, minor: number): Uint8Array => {
  for (const [name, x] of [
    ['major', major],
    ['minor', minor],
  ] as const) {
    if (!(x >= 0 && x < 256)) throw new ValueError(`${name} version must be 0 <= ${name} < 256`)
  }
  return Uint8Array.of(...MAGIC_PREFIX, major, minor)
})

/** Reads the magic text; gives the version as `[major, minor]`. */
export const read_magic = /* @__PURE__ */ byName('read_magic', 'fp', (fp: BytesIO): [number, number] => {
  const bytes = file(fp, 'read_magic').read(MAGIC_LEN)
  if (bytes.length < MAGIC_LEN) throw new FormatError(`EOF: reading magic string, expected ${MAGIC_LEN} bytes got ${bytes.length}`)
  if (!MAGIC_PREFIX.every((b, i) => b === bytes[i])) throw new FormatError('the magic string is not correct; expected \\x93NUMPY')
  return [bytes[6]!, bytes[7]!]
})

/**
 * The text that stands for a dtype in a header.
 *
 * @example
 * np.lib.format.dtype_to_descr(np.float64) // => <f8
 */
export const dtype_to_descr = /* @__PURE__ */ byName('dtype_to_descr', 'dtype', (dtype: DType): string => {
  if (!(dtype instanceof DType)) throw new DTypeError(`dtype_to_descr(): expected a dtype, got ${describe(dtype)}`)
  if (dtype.name === 'bfloat16') throw new DTypeError('the .npy format has no bfloat16', { dtypes: [dtype.name] })
  return dtype.str
})

/**
 * The dtype that a header's text stands for.
 *
 * @example
 * np.lib.format.descr_to_dtype('<f8') // => dtype('float64')
 */
export const descr_to_dtype = /* @__PURE__ */ byName('descr_to_dtype', 'descr', (descr: string): DType => {
  if (descr === '|O') return dtypeOf('object')
  return dtypeOf(parseDescr(descr, 'descr_to_dtype()').dtype)
})

/** A dtype without metadata: dtypes have none here. */
export const drop_metadata = (dtype: DType): DType => dtype

/**
 * What the header of an array's file says.
 *
 * @example
 * np.lib.format.header_data_from_array_1_0(np.ones([2, 3])) // => { shape: [ 2, 3 ], fortran_order: false, descr: '<f8' }
 */
export const header_data_from_array_1_0 = /* @__PURE__ */ byName('header_data_from_array_1_0', 'array', (array: ArrayLike): NpyHeader => {
  const a = asArray(array)
  return { shape: a.shape, fortran_order: a.flags.fnc, descr: dtype_to_descr(a.value.dtype) }
})

function writeHeader(fp: BytesIO, d: NpyHeader, version: 1 | 2 | 3): void {
  file(fp, 'write_array_header').write(headerOf(d.descr, d.shape, d.fortran_order, version))
}
/** Writes magic text and header of version 1.0. */
export const write_array_header_1_0 = /* @__PURE__ */ byName('write_array_header_1_0', 'fp d', (fp: BytesIO, d: NpyHeader): void =>
  writeHeader(fp, d, 1),
)
/** Writes magic text and header of version 2.0. */
export const write_array_header_2_0 = /* @__PURE__ */ byName('write_array_header_2_0', 'fp d', (fp: BytesIO, d: NpyHeader): void =>
  writeHeader(fp, d, 2),
)

function readHeaderOf(fp: BytesIO, version: 1 | 2, op: string): [shape: number[], fortran_order: boolean, dtype: DType] {
  const source = file(fp, op)
  const rest = source.read()
  const bytes = new Uint8Array(MAGIC_LEN + rest.length)
  bytes.set(magic(version, 0))
  bytes.set(rest, MAGIC_LEN)
  const { header, start } = readHeader(bytes, `${op}()`)
  const { descr, fortran, shape } = checkHeader(parseLiteral(header, `${op}()`), `${op}()`)
  source.seek(start - bytes.length, 1)
  return [shape, fortran, dtypeOf(parseDescr(descr, `${op}()`).dtype)]
}
/** Reads a header of version 1.0, after its magic text: shape, whether in Fortran's order, dtype. */
export const read_array_header_1_0 = /* @__PURE__ */ byName(
  'read_array_header_1_0',
  'fp',
  (fp: BytesIO): [shape: number[], fortran_order: boolean, dtype: DType] => readHeaderOf(fp, 1, 'read_array_header_1_0'),
)
/** Reads a header of version 2.0, after its magic text: shape, whether in Fortran's order, dtype. */
export const read_array_header_2_0 = /* @__PURE__ */ byName(
  'read_array_header_2_0',
  'fp',
  (fp: BytesIO): [shape: number[], fortran_order: boolean, dtype: DType] => readHeaderOf(fp, 2, 'read_array_header_2_0'),
)

/**
 * Writes an array as a `.npy` file: `version` is `[1, 0]`, `[2, 0]` or `[3, 0]`, by default the first that fits.
 *
 * @example
 * const file = new np.lib.format.BytesIO()
 * np.lib.format.write_array(file, np.arange(3))
 * file.seek(0)
 * np.lib.format.read_array(file) // => array([0, 1, 2])
 */
export const write_array = /* @__PURE__ */ byName(
  'write_array',
  'fp array',
  (fp: BytesIO, array: ArrayLike, version: readonly [number, number] | null = null): void => {
    if (version !== null && !(version[0] >= 1 && version[0] <= 3 && version[1] === 0))
      throw new ValueError(`we only support format version (1,0), (2,0), and (3,0), not (${version[0]}, ${version[1]})`)
    const target = file(fp, 'write_array')
    const a = asArray(array)
    if (a.value.dtype.isObject) throw new ValueError('Object arrays cannot be saved when allow_pickle=False')
    const raw = rawOf(a)
    target.write(headerOf(dtype_to_descr(a.value.dtype), a.shape, a.flags.fnc, (version?.[0] as 1 | 2 | 3 | undefined) ?? undefined))
    target.write(raw.data)
  },
)

/** Reads the array of a `.npy` file, from the current place on. */
export const read_array = /* @__PURE__ */ byName('read_array', 'fp', (fp: BytesIO): NDArray => {
  const source = file(fp, 'read_array')
  const bytes = source.read()
  const raw = parseNpy(bytes, 'read_array()')
  const { start } = readHeader(bytes, 'read_array()')
  source.seek(start + raw.data.byteLength - bytes.length, 1)
  return fromRaw(raw)
})
