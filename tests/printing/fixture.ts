/** The cases of tests/fixtures/printing.json.gz: rebuilds each array as a Printable and prints it the way the case says. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Complex } from '../../src/core/complex.ts'
import { bfloatToNumber, halfToNumber } from '../../src/core/float16.ts'
import {
  array2string,
  arrayRepr,
  arrayStr,
  formatFloatPositional,
  formatFloatScientific,
  numpyPrintOptions,
  type Printable,
  pyExponential,
  pyFixed,
  pyFloat,
  type ReprItem,
  type TensorInfo,
  tensorRepr,
  torchPrintOptions,
} from '../../src/printing/index.ts'

/** An array as the fixture holds it. */
interface StoredArray {
  readonly dtype: string
  readonly shape: readonly number[]
  readonly data?: string
  readonly items?: readonly unknown[]
}

export interface Case extends StoredArray {
  readonly lib: 'numpy' | 'torch' | 'python'
  readonly call?: string
  readonly options?: Record<string, never>
  readonly args?: Record<string, never>
  readonly info?: TensorInfo
  readonly x?: string
  readonly places?: number
  readonly text: string
}

export function readCases(path: string | URL): readonly Case[] {
  return JSON.parse(gunzipSync(readFileSync(path)).toString()).cases
}

const safe = (x: bigint) => (Number.isSafeInteger(Number(x)) ? Number(x) : x)

/** Reads the item at a byte position, little-endian. */
const readers: Record<string, [bytes: number, read: (v: DataView, at: number) => unknown]> = {
  bool: [1, (v, at) => v.getUint8(at) !== 0],
  int8: [1, (v, at) => v.getInt8(at)],
  int16: [2, (v, at) => v.getInt16(at, true)],
  int32: [4, (v, at) => v.getInt32(at, true)],
  int64: [8, (v, at) => safe(v.getBigInt64(at, true))],
  uint8: [1, (v, at) => v.getUint8(at)],
  uint16: [2, (v, at) => v.getUint16(at, true)],
  uint32: [4, (v, at) => v.getUint32(at, true)],
  uint64: [8, (v, at) => safe(v.getBigUint64(at, true))],
  float16: [2, (v, at) => halfToNumber(v.getUint16(at, true))],
  bfloat16: [2, (v, at) => bfloatToNumber(v.getUint16(at, true))],
  float32: [4, (v, at) => v.getFloat32(at, true)],
  float64: [8, (v, at) => v.getFloat64(at, true)],
  complex64: [8, (v, at) => new Complex(v.getFloat32(at, true), v.getFloat32(at + 4, true))],
  complex128: [16, (v, at) => new Complex(v.getFloat64(at, true), v.getFloat64(at + 8, true))],
}

class StoredPrintable implements Printable {
  readonly shape: readonly number[]
  readonly dtype: string
  readonly get: (flatIndex: number) => unknown

  constructor({ dtype, shape, data, items }: StoredArray) {
    this.dtype = dtype
    this.shape = shape
    if (items !== undefined) {
      const decoded = items.map(decode)
      this.get = (i) => decoded[i]
      return
    }
    const bytes = Buffer.from(data ?? '', 'base64')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const [size, read] = readers[dtype]!
    this.get = (i) => read(view, i * size)
  }
}

const float = (text: string): number => (text.endsWith('inf') ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text))

/** A value of an object array, from its JSON form. */
function decode(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(decode)
  if (x === null || typeof x !== 'object') return x
  const [key, value] = Object.entries(x)[0] as [string, never]
  const kinds: Record<string, () => unknown> = {
    big: () => BigInt(value),
    float: () => float(value),
    complex: () => new Complex(float(value[0]), float(value[1])),
    dict: () => new Map((value as unknown[][]).map(([k, v]) => [decode(k), decode(v)])),
    set: () => new Set((value as unknown[]).map(decode)),
    bytes: () => new Uint8Array(Buffer.from(value, 'base64')),
    array: () => new StoredPrintable(value),
  }
  return kinds[key]!()
}

const reprItem: ReprItem = (item, style) => {
  if (item instanceof StoredPrintable) return style === 'repr' ? arrayRepr(item, { reprItem }) : arrayStr(item, { reprItem })
  return undefined
}

const numpyCalls: Record<string, (p: Printable, args: Record<string, never>) => string> = {
  repr: (p, args) => arrayRepr(p, { ...args, reprItem }),
  str: (p, args) => arrayStr(p, { ...args, reprItem }),
  array2string: (p, args) => array2string(p, { ...args, reprItem }),
  positional: (p, args) => formatFloatPositional(p.get(0) as number, { ...args, dtype: p.dtype }),
  scientific: (p, args) => formatFloatScientific(p.get(0) as number, { ...args, dtype: p.dtype }),
}

const pythonCalls: Record<string, (x: number, places: number) => string> = {
  repr: (x) => pyFloat(x),
  fixed: pyFixed,
  exponential: pyExponential,
}

/** What our printing makes of a case. */
export function printed(c: Case): string {
  if (c.lib === 'python') return pythonCalls[c.call!]!(float(c.x!), c.places!)
  const p = new StoredPrintable(c)
  if (c.lib === 'torch') return torchPrintOptions.with(c.options ?? {}, () => tensorRepr(p, c.info))
  return numpyPrintOptions.with(c.options ?? {}, () => numpyCalls[c.call!]!(p, c.args ?? {}))
}
