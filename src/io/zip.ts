/** Zip archives: a strict reader of the directory, with `fflate` for the compression. It knows bytes and names, and nothing of arrays. */

import type { Zippable } from 'fflate'
import { FormatError, ValueError } from '../core/errors.ts'
import { compression } from './compression.ts'
import { allocateBytes } from './raw.ts'

/** A file within an archive. */
export interface ZipEntry {
  readonly name: string
  /** Bytes that `read` returns, as the archive's directory claims. */
  readonly size: number
  /** The contents, checked against the claimed size and checksum; a FormatError when they differ. */
  read(): Uint8Array
}

const END = 0x06054b50
const END64 = 0x06064b50
const LOCATOR64 = 0x07064b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
/** Deflate cannot make more than this of one byte. */
const MAX_RATIO = 1032
const MAX_ENTRIES = 0xffff
const MAX_BYTES = 0xffffffff

interface Record {
  readonly name: string
  readonly method: number
  readonly crc: number
  readonly packed: number
  readonly size: number
  readonly offset: number
}

/**
 * The entries of a zip archive, in the order of its directory; stored or deflated, zip64 included.
 *
 * Nothing is decompressed before an entry's `read()`. Entries that overlap, lie outside of the file, are encrypted, or claim more bytes
 * than their compressed data can hold are a FormatError, so an archive never takes more memory than 1032 times its own size.
 */
export function readZip(bytes: Uint8Array, what: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const directory = findDirectory(view, what)
  const records: Record[] = []
  let at = directory.start
  for (let i = 0; i < directory.entries; i++) {
    const { record, next } = readRecord(bytes, view, at, directory.end, what)
    records.push(record)
    at = next
  }
  const starts = records.map((record) => dataStart(bytes, view, record, directory.start, what))
  const order = records.map((_, i) => i).sort((a, b) => starts[a] - starts[b])
  order.forEach((entry, i) => {
    if (i > 0 && records[entry].offset < starts[order[i - 1]] + records[order[i - 1]].packed) {
      throw new FormatError(`${what}: entries of the zip archive overlap at '${records[entry].name}'`)
    }
  })
  return records.map((record, i) => ({
    name: record.name,
    size: record.size,
    read: () => extract(record, bytes.subarray(starts[i], starts[i] + record.packed), what),
  }))
}

/** The bytes of a zip archive of the files, stored or deflated, with a fixed date so that equal files make equal archives. */
export function writeZip(files: readonly (readonly [name: string, data: Uint8Array])[], compressed: boolean, what: string): Uint8Array {
  const total = files.reduce((sum, [name, data]) => sum + data.byteLength + 3 * name.length * 2 + 100, 0)
  if (files.length >= MAX_ENTRIES || total >= MAX_BYTES) {
    throw new ValueError(
      `${what}: ${files.length} files of ${total} bytes are too much for a zip archive without zip64, which is not supported`,
      {
        hint: 'save fewer arrays in a file, or use .npy or .safetensors',
      },
    )
  }
  const entries: Zippable = Object.create(null)
  for (const [name, data] of files) entries[name] = data
  return compression(what).zipSync(entries, { level: compressed ? 6 : 0, mtime: new Date(1980, 0, 1) })
}

/** Where the directory lies and how many entries it has, from the record at the end of the file (or its zip64 form). */
function findDirectory(view: DataView, what: string): { start: number; end: number; entries: number } {
  const size = view.byteLength
  let at = size - 22
  // The record ends with a comment of at most 65,535 bytes.
  while (at >= 0 && at >= size - 22 - 0xffff && !(view.getUint32(at, true) === END && view.getUint16(at + 20, true) === size - 22 - at))
    at--
  if (at < 0 || at < size - 22 - 0xffff) throw new FormatError(`${what}: not a zip archive, or one that was cut short: it has no directory`)
  let entries = view.getUint16(at + 10, true)
  let length = view.getUint32(at + 12, true)
  let start = view.getUint32(at + 16, true)
  let end = at
  if (at >= 20 && view.getUint32(at - 20, true) === LOCATOR64) {
    end = long(view, at - 12, at, what)
    if (end + 56 > at - 20 || view.getUint32(end, true) !== END64)
      throw new FormatError(`${what}: the zip64 directory is not where the archive says`)
    entries = long(view, end + 32, end + 56, what)
    length = long(view, end + 40, end + 56, what)
    start = long(view, end + 48, end + 56, what)
  } else if (view.getUint16(at + 4, true) !== 0 || view.getUint16(at + 6, true) !== 0) {
    throw new FormatError(`${what}: zip archives in several parts are not supported`)
  }
  if (start + length !== end) throw new FormatError(`${what}: the directory of the zip archive is not where the archive says`)
  // 46 bytes is the least that an entry takes.
  if (entries * 46 > length) throw new FormatError(`${what}: the zip archive claims ${entries} entries in a directory of ${length} bytes`)
  return { start, end, entries }
}

function readRecord(bytes: Uint8Array, view: DataView, at: number, end: number, what: string): { record: Record; next: number } {
  if (at + 46 > end || view.getUint32(at, true) !== CENTRAL) throw new FormatError(`${what}: the directory of the zip archive is malformed`)
  const nameEnd = at + 46 + view.getUint16(at + 28, true)
  const extraEnd = nameEnd + view.getUint16(at + 30, true)
  const next = extraEnd + view.getUint16(at + 32, true)
  if (next > end) throw new FormatError(`${what}: the directory of the zip archive is malformed`)
  const name = decodeName(bytes.subarray(at + 46, nameEnd), what)
  const method = view.getUint16(at + 10, true)
  if (view.getUint16(at + 8, true) & 1) throw new FormatError(`${what}: '${name}' in the zip archive is encrypted`)
  if (method !== 0 && method !== 8)
    throw new FormatError(`${what}: '${name}' is compressed by method ${method}; stored and deflated are supported`)
  const fields = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)]
  readZip64(view, nameEnd, extraEnd, fields, what)
  const [size, packed, offset] = fields
  if (method === 0 ? size !== packed : size > packed * MAX_RATIO) {
    throw new FormatError(`${what}: '${name}' claims ${size} bytes, which ${packed} in the zip archive cannot hold`)
  }
  return { record: { name, method, crc: view.getUint32(at + 16, true), packed, size, offset }, next }
}

/** Fills in the fields that were too large for 32 bits, in their order, from the extra field of id 1. */
function readZip64(view: DataView, start: number, end: number, fields: number[], what: string): void {
  if (!fields.includes(MAX_BYTES)) return
  for (let at = start; at + 4 <= end; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    const stop = Math.min(end, at + 4 + view.getUint16(at + 2, true))
    let from = at + 4
    fields.forEach((field, i) => {
      if (field !== MAX_BYTES) return
      fields[i] = long(view, from, stop, what)
      from += 8
    })
    return
  }
}

/** Where an entry's bytes start: after its local header, whose length may differ from that in the directory. */
function dataStart(bytes: Uint8Array, view: DataView, { name, offset, packed }: Record, end: number, what: string): number {
  if (offset + 30 > end || view.getUint32(offset, true) !== LOCAL)
    throw new FormatError(`${what}: '${name}' is not where the zip archive says`)
  const nameEnd = offset + 30 + view.getUint16(offset + 26, true)
  const start = nameEnd + view.getUint16(offset + 28, true)
  if (start + packed > end) throw new FormatError(`${what}: '${name}' reaches beyond the end of the zip archive`)
  if (decodeName(bytes.subarray(offset + 30, nameEnd), what) !== name) {
    throw new FormatError(`${what}: '${name}' has another name at its place in the zip archive`)
  }
  return start
}

function extract({ name, method, size, crc }: Record, packed: Uint8Array, what: string): Uint8Array {
  let data = packed
  if (method === 8) {
    // One byte more than claimed shows contents that go on.
    const { inflateSync } = compression(what)
    const out = allocateBytes(size + 1, what)
    try {
      data = inflateSync(packed, { out })
    } catch (error) {
      throw new FormatError(`${what}: '${name}' in the zip archive cannot be decompressed: ${(error as Error).message}`)
    }
    if (data.length !== size)
      throw new FormatError(`${what}: '${name}' does not decompress to the ${size} bytes that the zip archive claims`)
  }
  if (crc32(data) !== crc) throw new FormatError(`${what}: '${name}' in the zip archive is damaged: its checksum differs`)
  return data
}

/** A 64-bit count that fits a double. */
function long(view: DataView, at: number, end: number, what: string): number {
  if (at + 8 > end || at < 0) throw new FormatError(`${what}: the zip64 part of the archive is malformed`)
  const value = Number(view.getBigUint64(at, true))
  if (!Number.isSafeInteger(value)) throw new FormatError(`${what}: the zip64 part of the archive is malformed`)
  return value
}

function decodeName(bytes: Uint8Array, what: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new FormatError(`${what}: a name in the zip archive is not UTF-8`)
  }
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1
  return byte
})

/** The CRC-32 of zip (polynomial 0xedb88320, reflected). */
export function crc32(data: Uint8Array): number {
  let crc = -1
  for (let i = 0; i < data.length; i++) crc = CRC_TABLE[(crc ^ data[i]) & 0xff] ^ (crc >>> 8)
  return ~crc >>> 0
}
