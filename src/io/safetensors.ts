/** The safetensors format: a JSON header of names, dtypes, shapes and offsets, then the tensors' bytes. Written after the format's description. */

import { findDType } from '../core/dtype.ts'
import { DTypeError, FormatError, ValueError } from '../core/errors.ts'
import { type Json, parseJson } from './json.ts'
import { checkRaw, concatBytes, countOf, normalizeBools, type RawArray } from './raw.ts'

/** What a safetensors file holds. */
export interface SafetensorsContents {
  /** By name, in the order of their bytes, in an object without a prototype (so any name is safe). */
  readonly tensors: Record<string, RawArray>
  /** The texts under `__metadata__`; empty when there are none. */
  readonly metadata: Record<string, string>
}

/** The format's names of the dtypes, in the order in which its writers place tensors: the most aligned first. */
const DTYPES = [
  ['BOOL', 'bool'],
  ['U8', 'uint8'],
  ['I8', 'int8'],
  ['I16', 'int16'],
  ['U16', 'uint16'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I32', 'int32'],
  ['U32', 'uint32'],
  ['F32', 'float32'],
  ['C64', 'complex64'],
  ['F64', 'float64'],
  ['I64', 'int64'],
  ['U64', 'uint64'],
] as const
const NAMES: ReadonlyMap<string, string> = new Map(DTYPES)
const CODES: ReadonlyMap<string, string> = new Map(DTYPES.map(([code, name]) => [name, code]))
const RANKS: ReadonlyMap<string, number> = new Map(DTYPES.map(([, name], rank) => [name, rank]))

/** The format's own limit. */
const MAX_HEADER = 100_000_000
const METADATA = '__metadata__'

/**
 * The tensors and the metadata in the bytes of a safetensors file. Each `data` is a window on `bytes`.
 *
 * Throws a FormatError that says what is wrong: a header that is no such JSON, a name given twice, offsets outside of the file,
 * overlapping, leaving holes, or not fitting the shape and dtype.
 */
export function parseSafetensors(bytes: Uint8Array, what = 'load_file()'): SafetensorsContents {
  const { header, start } = readHeader(bytes, what)
  const entries: Entry[] = []
  let metadata: Record<string, string> = Object.create(null)
  for (const [name, value] of header) {
    if (name === METADATA) metadata = readMetadata(value, what)
    else entries.push(readEntry(name, value, what))
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end)
  const tensors: Record<string, RawArray> = Object.create(null)
  let end = 0
  for (const entry of entries) {
    if (entry.begin !== end) {
      throw new FormatError(
        `${what}: '${entry.name}' begins at byte ${entry.begin}, but the one before ends at ${end}: ${entry.begin < end ? 'they overlap' : 'a hole'}`,
      )
    }
    end = entry.end
    if (end > bytes.length - start) {
      throw new FormatError(`${what}: '${entry.name}' ends at byte ${end}, but the file has ${bytes.length - start} bytes of tensors`)
    }
    const data = bytes.subarray(start + entry.begin, start + end)
    const { dtype, shape } = entry
    tensors[entry.name] = { dtype, shape, data: dtype === 'bool' ? normalizeBools(data, what) : data }
  }
  if (end !== bytes.length - start)
    throw new FormatError(`${what}: ${bytes.length - start - end} bytes at the end of the file belong to no tensor`)
  return { tensors, metadata }
}

/** The bytes of a safetensors file of the tensors: the same bytes that the safetensors library writes (with up to one metadata text). */
export const writeSafetensors = (tensors: Iterable<readonly [string, RawArray]>, metadata?: Readonly<Record<string, string>>): Uint8Array =>
  concatBytes(safetensorsParts(tensors, metadata), 'save_file()')

/** The header and the tensors' data of `writeSafetensors`, apart, so that large tensors need not be copied. */
export function safetensorsParts(
  tensors: Iterable<readonly [string, RawArray]>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array[] {
  const entries = new Map<string, RawArray>()
  for (const [name, array] of tensors) {
    if (name === METADATA || /\p{Surrogate}/u.test(name))
      throw new ValueError(`save_file(): ${JSON.stringify(name)} cannot be the name of a tensor`)
    if (entries.has(name)) throw new ValueError(`save_file(): the name '${name}' is given twice`)
    entries.set(name, checkWritable(array))
  }
  const sorted = [...entries].sort(([a, x], [b, y]) => RANKS.get(y.dtype)! - RANKS.get(x.dtype)! || compareUtf8(a, b))
  let offset = 0
  const fields = sorted.map(([name, { dtype, shape, data }]) => {
    const begin = offset
    offset += data.byteLength
    return `${JSON.stringify(name)}:{"dtype":"${CODES.get(dtype)}","shape":[${shape.join(',')}],"data_offsets":[${begin},${offset}]}`
  })
  if (metadata) fields.unshift(`"${METADATA}":${metadataText(metadata)}`)
  const text = new TextEncoder().encode(`{${fields.join(',')}}`)
  // Spaces up to a multiple of 8, so that every tensor is aligned to its items.
  const length = Math.ceil(text.length / 8) * 8
  if (length > MAX_HEADER) throw new ValueError(`save_file(): a header of ${length} bytes is more than the format's limit of ${MAX_HEADER}`)
  const header = new Uint8Array(8 + length).fill(0x20)
  new DataView(header.buffer).setBigUint64(0, BigInt(length), true)
  header.set(text, 8)
  return [header, ...sorted.map(([, array]) => array.data)]
}

interface Entry {
  readonly name: string
  readonly dtype: string
  readonly shape: number[]
  readonly begin: number
  readonly end: number
}

function readHeader(bytes: Uint8Array, what: string): { header: Map<string, Json>; start: number } {
  if (bytes.length < 8) throw new FormatError(`${what}: a safetensors file has at least 8 bytes, this one ${bytes.length}`)
  const length = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true)
  if (length > BigInt(MAX_HEADER))
    throw new FormatError(`${what}: a safetensors header of ${length} bytes is more than the format's limit of ${MAX_HEADER}`)
  const start = 8 + Number(length)
  if (start > bytes.length)
    throw new FormatError(`${what}: a safetensors header of ${length} bytes is promised, but ${bytes.length - 8} follow`)
  if (bytes[8] !== 0x7b) throw new FormatError(`${what}: a safetensors header begins with '{'`)
  let text: string
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(8, start))
  } catch {
    throw new FormatError(`${what}: the safetensors header is not valid UTF-8`)
  }
  return { header: parseJson(text, what) as Map<string, Json>, start }
}

function readMetadata(value: Json, what: string): Record<string, string> {
  const out: Record<string, string> = Object.create(null)
  if (!(value instanceof Map)) throw new FormatError(`${what}: ${METADATA} is not an object`)
  for (const [key, text] of value) {
    if (typeof text !== 'string') throw new FormatError(`${what}: ${METADATA} holds something else than texts, at '${key}'`)
    out[key] = text
  }
  return out
}

function readEntry(name: string, value: Json, what: string): Entry {
  const about = `${what}: '${name}'`
  if (!(value instanceof Map)) throw new FormatError(`${about} is not described by an object`)
  for (const key of value.keys()) {
    if (key !== 'dtype' && key !== 'shape' && key !== 'data_offsets') throw new FormatError(`${about} has the unknown field '${key}'`)
  }
  const [code, shape, offsets] = [value.get('dtype'), value.get('shape'), value.get('data_offsets')]
  const dtype = typeof code === 'string' ? NAMES.get(code) : undefined
  if (dtype === undefined) throw new FormatError(`${about} has a dtype that is not supported: ${String(code).slice(0, 40)}`)
  if (!isCounts(shape)) throw new FormatError(`${about} has a shape that is not a list of sizes`)
  if (!isCounts(offsets) || offsets.length !== 2) throw new FormatError(`${about} has data_offsets that are not a pair of positions`)
  const [begin, end] = offsets
  const size = countOf(shape, about) * findDType(dtype)!.itemsize
  if (end - begin !== size) {
    throw new FormatError(`${about} has data_offsets [${begin}, ${end}], but shape [${shape.join(', ')}] of ${code} is ${size} bytes`)
  }
  return { name, dtype, shape, begin, end }
}

const isCounts = (value: Json | undefined): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0 && !Object.is(n, -0))

function checkWritable(array: RawArray): RawArray {
  checkRaw('save_file', array)
  if (!CODES.has(array.dtype)) {
    throw new DTypeError(`save_file(): the safetensors format has no ${array.dtype}`, { op: 'save_file', dtypes: [array.dtype] })
  }
  if (array.fortran) throw new ValueError('save_file(): safetensors holds tensors row by row, got one that is column by column')
  return array
}

function metadataText(metadata: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(metadata).map(([key, value]) => {
    if (typeof value !== 'string') throw new ValueError(`save_file(): metadata must be texts, got ${typeof value} at '${key}'`)
    return `${JSON.stringify(key)}:${JSON.stringify(value)}`
  })
  return `{${pairs.join(',')}}`
}

/** The order of the names' UTF-8 bytes, which is that of their code points. */
function compareUtf8(a: string, b: string): number {
  const [x, y] = [[...a], [...b]]
  for (let i = 0; i < x.length && i < y.length; i++) {
    if (x[i] !== y[i]) return x[i].codePointAt(0)! - y[i].codePointAt(0)!
  }
  return x.length - y.length
}
