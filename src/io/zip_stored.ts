/** Writing of zip archives whose files are stored as they are, each beginning at a multiple of 64 bytes; zip64 where sizes ask for it. */

import { ValueError } from '../core/errors.ts'
import { crc32 } from './zip.ts'

const ALIGN = 64
/** Sizes and places from here on are in the zip64 fields. */
const LARGE = 0xffffffff
/** 1980-01-01, so that equal files make equal archives. */
const DATE = 0x21
const UTF8 = 0x800
/** The id of the field that pads a header. */
const PADDING = 0x4246

interface Placed {
  readonly name: Uint8Array
  readonly size: number
  readonly crc: number
  readonly offset: number
}

/** The parts of an archive, to be written one after the other; the data are not copied. */
export function storedZip(files: readonly (readonly [name: string, data: Uint8Array])[]): Uint8Array[] {
  const parts: Uint8Array[] = []
  const placed: Placed[] = []
  let at = 0
  const emit = (part: Uint8Array): void => {
    parts.push(part)
    at += part.byteLength
  }
  for (const [name, data] of files) {
    const record = { name: new TextEncoder().encode(name), size: data.byteLength, crc: crc32(data), offset: at }
    if (record.name.length > 0xffff) throw new ValueError('a name in a zip archive may have 65,535 bytes')
    placed.push(record)
    emit(localHeader(record))
    emit(data)
  }
  const start = at
  for (const record of placed) emit(directoryEntry(record))
  emit(ending(placed.length, start, at - start))
  return parts
}

function fields(size: number, fill: (view: DataView) => void): Uint8Array {
  const out = new Uint8Array(size)
  fill(new DataView(out.buffer))
  return out
}

function localHeader({ name, size, crc, offset }: Placed): Uint8Array {
  const zip64 = size >= LARGE ? 20 : 0
  const fixed = 30 + name.length + zip64 + 4
  const pad = (ALIGN - ((offset + fixed) % ALIGN)) % ALIGN
  return fields(fixed + pad, (view) => {
    view.setUint32(0, 0x04034b50, true)
    view.setUint16(4, zip64 ? 45 : 20, true)
    view.setUint16(6, UTF8, true)
    view.setUint16(12, DATE, true)
    view.setUint32(14, crc, true)
    view.setUint32(18, Math.min(size, LARGE), true)
    view.setUint32(22, Math.min(size, LARGE), true)
    view.setUint16(26, name.length, true)
    view.setUint16(28, zip64 + 4 + pad, true)
    new Uint8Array(view.buffer).set(name, 30)
    let at = 30 + name.length
    if (zip64) {
      view.setUint16(at, 1, true)
      view.setUint16(at + 2, 16, true)
      view.setBigUint64(at + 4, BigInt(size), true)
      view.setBigUint64(at + 12, BigInt(size), true)
      at += zip64
    }
    view.setUint16(at, PADDING, true)
    view.setUint16(at + 2, pad, true)
  })
}

function directoryEntry({ name, size, crc, offset }: Placed): Uint8Array {
  const long = [size, size, offset].filter((x) => x >= LARGE)
  const extra = long.length > 0 ? 4 + 8 * long.length : 0
  return fields(46 + name.length + extra, (view) => {
    view.setUint32(0, 0x02014b50, true)
    view.setUint16(4, extra ? 45 : 20, true)
    view.setUint16(6, extra ? 45 : 20, true)
    view.setUint16(8, UTF8, true)
    view.setUint16(14, DATE, true)
    view.setUint32(16, crc, true)
    view.setUint32(20, Math.min(size, LARGE), true)
    view.setUint32(24, Math.min(size, LARGE), true)
    view.setUint16(28, name.length, true)
    view.setUint16(30, extra, true)
    view.setUint32(42, Math.min(offset, LARGE), true)
    new Uint8Array(view.buffer).set(name, 46)
    const at = 46 + name.length
    if (!extra) return
    view.setUint16(at, 1, true)
    view.setUint16(at + 2, extra - 4, true)
    long.forEach((value, i) => {
      view.setBigUint64(at + 4 + 8 * i, BigInt(value), true)
    })
  })
}

function ending(entries: number, start: number, length: number): Uint8Array {
  const zip64 = entries >= 0xffff || start >= LARGE || length >= LARGE ? 76 : 0
  return fields(zip64 + 22, (view) => {
    if (zip64) {
      view.setUint32(0, 0x06064b50, true)
      view.setBigUint64(4, 44n, true)
      view.setUint16(12, 45, true)
      view.setUint16(14, 45, true)
      for (const at of [24, 32]) view.setBigUint64(at, BigInt(entries), true)
      view.setBigUint64(40, BigInt(length), true)
      view.setBigUint64(48, BigInt(start), true)
      view.setUint32(56, 0x07064b50, true)
      view.setBigUint64(64, BigInt(start + length), true)
      view.setUint32(72, 1, true)
    }
    view.setUint32(zip64, 0x06054b50, true)
    for (const at of [8, 10]) view.setUint16(zip64 + at, Math.min(entries, 0xffff), true)
    view.setUint32(zip64 + 12, Math.min(length, LARGE), true)
    view.setUint32(zip64 + 16, Math.min(start, LARGE), true)
  })
}
