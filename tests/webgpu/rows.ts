/**
 * The oracle's rows on device 'webgpu'. Nothing here knows Node, so that a page in a browser can run the same: it fetches the fixtures and
 * calls `elementwiseRows` and `reductionRows`, which give the differences of each row.
 */

import { fetched, toDevice } from '../../src/core/copy.ts'
import { type DType, dtypeOf, realOf } from '../../src/core/dtype.ts'
import { sizeOf } from '../../src/core/shape.ts'
import { bufferStorage } from '../../src/core/storage.ts'
import type { Value } from '../../src/core/value.ts'
import { contiguousView, type View } from '../../src/core/view.ts'
import * as ops from '../../src/ops/index.ts'
import { ARITHMETIC, EXACT, LOOSE } from './bounds.ts'

type Argument = number | string | boolean | null | number[]
export interface ElementwiseFixture {
  readonly numpy: readonly (readonly [row: string, dtype: string, ins: string[], outTypes: string[], outs: string[]])[]
  readonly torch: readonly (readonly [row: string, dtype: string, ins: string[], more: number[], out: string])[]
}
export interface ReductionFixture {
  readonly values: readonly (readonly [string, string, number[], string, Argument[], string, number[], string])[]
}

/** What a row gave: no differences, or what differs in words. */
export interface Outcome {
  readonly title: string
  readonly differences: readonly string[]
}

type Row = ((...xs: unknown[]) => Value | Value[]) & { computes?: (d: DType) => boolean }
const table = { ...ops, conj: ops.conj.primitive } as unknown as Record<string, Row>

/** The dtypes that the device computes in. */
export const DTYPES = ['bool', 'uint8', 'int8', 'int16', 'int32', 'uint32', 'int64', 'uint64', 'float16', 'float32', 'complex64']

/** A view of base64 bytes. */
export function unpack(text: string, dtype: DType, shape?: readonly number[]): View {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0))
  const dims = shape ?? [bytes.length / dtype.itemsize]
  if (sizeOf(dims) * dtype.itemsize !== bytes.length) throw new Error('the fixture does not fit its shape')
  return contiguousView(bufferStorage(bytes.buffer), dtype, dims)
}

const half = (bits: number): number => {
  const [e, m] = [(bits >> 10) & 31, bits & 1023]
  const size = e === 31 ? (m ? Number.NaN : Number.POSITIVE_INFINITY) : e === 0 ? m * 2 ** -24 : (1024 + m) * 2 ** (e - 25)
  return bits >= 32768 ? -size : size
}

/** The numbers of a contiguous view on the cpu; complex ones as two. */
function numbers(v: View): (number | bigint)[] {
  const { buffer, byteOffset } = v.storage
  const d = new DataView(buffer!, byteOffset + v.offset, v.nbytes)
  const part = realOf(v.dtype)
  const read: Record<string, (at: number) => number | bigint> = {
    bool: (i) => d.getUint8(i), int8: (i) => d.getInt8(i), int16: (i) => d.getInt16(i, true), int32: (i) => d.getInt32(i, true),
    int64: (i) => d.getBigInt64(i, true), uint8: (i) => d.getUint8(i), uint16: (i) => d.getUint16(i, true), uint32: (i) => d.getUint32(i, true),
    uint64: (i) => d.getBigUint64(i, true), float16: (i) => half(d.getUint16(i, true)), float32: (i) => d.getFloat32(i, true),
    float64: (i) => d.getFloat64(i, true),
  } // biome-ignore format: a table
  return Array.from({ length: v.nbytes / part.itemsize }, (_, i) => read[part.name]!(i * part.itemsize))
}

const LEAST = 2 ** -126

/** How far apart two floats are, in ulps of the wanted one. What is below the normal range of float32 may be 0. */
function distance(got: number | bigint, want: number | bigint, dtype: DType): number {
  if (typeof got === 'bigint' || typeof want === 'bigint' || !dtype.isFloat) return got === want ? 0 : Number.POSITIVE_INFINITY
  if (Number.isNaN(got) || Number.isNaN(want)) return Number.isNaN(got) && Number.isNaN(want) ? 0 : Number.POSITIVE_INFINITY
  if (want === 0 && got === 0) return Object.is(want, got) ? 0 : Number.POSITIVE_INFINITY
  if (got === want || (Math.abs(want) < LEAST && Math.abs(got) <= LEAST)) return 0
  if (!Number.isFinite(got) || !Number.isFinite(want))
    return Math.abs(got) > 3.4e38 && Math.abs(want) > 3.4e38 && got > 0 === want > 0 ? 1 : Infinity
  const [bits, low] = dtype.name === 'float16' ? [10, -14] : [23, -126]
  return Math.abs(got - want) / 2 ** (Math.max(low, Math.floor(Math.log2(Math.abs(want || LEAST)))) - bits)
}

const isSubnormal = (x: number | bigint): boolean => typeof x === 'number' && x !== 0 && Math.abs(x) < LEAST

interface Bound {
  /** Ulps of a result in its own dtype. */
  readonly ulp: number
  /** Or this far from it. */
  readonly absolute?: number
  /** The signs of zeros do not count. */
  readonly zeros?: boolean
}

function differences(ins: readonly View[], got: View, want: View, { ulp, absolute = 0, zeros = false }: Bound): string[] {
  if (got.dtype !== want.dtype) return [`dtype ${got.dtype.name} in place of ${want.dtype.name}`]
  const part = realOf(got.dtype)
  const parts = got.dtype.isComplex ? 2 : 1
  const [g, w] = [numbers(got), numbers(want)]
  if (g.length !== w.length) return [`${g.length} elements in place of ${w.length}`]
  const columns = ins.map(numbers)
  const out: string[] = []
  for (let i = 0; i < w.length; i++) {
    const [a, b] = [g[i]!, w[i]!]
    if (distance(a, b, part) <= ulp || Math.abs(Number(a) - Number(b)) <= absolute) {
      if (zeros || typeof a === 'bigint' || Number(a) !== 0 || Number(b) !== 0 || parts === 2 || Object.is(a, b)) continue
    }
    // the error of complex arithmetic is small beside the whole, not beside each part
    const whole = parts === 2 ? Math.hypot(Number(w[i]), Number(w[i ^ 1])) : 0
    if (parts === 2 && Number.isFinite(whole) && Math.abs(Number(a) - Number(b)) <= ulp * 2 ** -23 * whole) continue
    const at = Math.floor(i / parts)
    // what is below the normal range of float32 may be taken as 0
    if (
      columns.some(
        (c, k) =>
          ins[k]!.dtype.name !== 'float16' &&
          c
            .slice(ins[k]!.dtype.isComplex ? 2 * at : at)
            .slice(0, ins[k]!.dtype.isComplex ? 2 : 1)
            .some(isSubnormal),
      )
    )
      continue
    const text = (x: number | bigint | undefined) => (Object.is(x, -0) ? '-0' : String(x))
    const args = columns.map((c, k) => {
      const n = ins[k]!.dtype.isComplex ? 2 : 1
      return c
        .slice(at * n, at * n + n)
        .map(text)
        .join('|')
    })
    out.push(`(${args.join(', ')})${parts === 2 ? (i % 2 ? '.im' : '.re') : ''}: ${text(a)}, not ${text(b)}`)
  }
  return out
}

function boundOf(row: string, dtype: DType, torch: boolean): Bound {
  if (!dtype.isInexact) return { ulp: 0 }
  if (dtype.isComplex) return { ulp: row === 'power' ? 256 : 64, zeros: true }
  if (dtype.name === 'float16') return { ulp: 1, absolute: 1e-6, zeros: true }
  // which of 0 and -0 is the greater is not promised
  if (/^(maximum|minimum|fmax|fmin)$/.test(row)) return { ulp: 0, zeros: true }
  const { ulp, absolute } = LOOSE[row] ?? { ulp: EXACT.has(row) ? 0 : (ARITHMETIC[row] ?? 4) }
  return torch ? { ulp: Math.max(ulp, 8), absolute: Math.max(absolute ?? 0, 3e-7), zeros: true } : { ulp, absolute }
}

/** What running a row gave; an error is a difference too. */
async function attempt(f: () => Promise<string[]>): Promise<string[]> {
  try {
    return (await f()).slice(0, 6)
  } catch (error) {
    return [String(error)]
  }
}

/** The rows of a fixture that the device computes: reciprocals of integers need float64, and so do rows that give it. */
const numpyRows = ({ numpy }: ElementwiseFixture) =>
  numpy.filter(
    ([row, dtype, , outTypes]) =>
      DTYPES.includes(dtype) &&
      table[row]?.computes?.(dtypeOf(dtype)) &&
      outTypes.every((t) => DTYPES.includes(t)) &&
      !(row === 'reciprocal' && dtypeOf(dtype).isInteger),
  )
const torchRows = ({ torch }: ElementwiseFixture) => torch.filter(([, dtype]) => DTYPES.includes(dtype))
const torchTitle = (row: string, dtype: string) => `${row} of ${dtype}, as PyTorch has it`

/** What `elementwiseRows` runs. */
export const elementwiseTitles = (fixture: ElementwiseFixture): string[] => [
  ...new Set([
    ...numpyRows(fixture).map(([row, dtype]) => `${row} of ${dtype}`),
    ...torchRows(fixture).map(([row, dtype]) => torchTitle(row, dtype)),
  ]),
]
/** What `reductionRows` runs. */
export const reductionTitles = ({ values }: ReductionFixture): string[] => [
  ...new Set(
    values
      .filter(([, dtype, , , , outType]) => DTYPES.includes(dtype) && DTYPES.includes(outType))
      .map(([row, dtype]) => `${row} of ${dtype}`),
  ),
]

/** The elementwise rows of the dtypes that the device has; `only` keeps those whose titles it accepts. */
export async function* elementwiseRows(
  fixture: ElementwiseFixture,
  only: (title: string) => boolean = () => true,
): AsyncGenerator<Outcome> {
  for (const [row, dtype, inputs, outTypes, outs] of numpyRows(fixture)) {
    const title = `${row} of ${dtype}`
    if (!only(title)) continue
    const ins = inputs.map((x) => unpack(x, dtypeOf(dtype)))
    const found = await attempt(async () => {
      const result = table[row]!(...ins.map((v) => toDevice(v, 'webgpu')))
      const list = (Array.isArray(result) ? result : [result]) as View[]
      const all: string[] = []
      for (const [i, y] of list.entries()) {
        const type = dtypeOf(outTypes[i]!)
        all.push(...differences(ins, await fetched(y), unpack(outs[i]!, type), boundOf(row, type, false)))
      }
      return all
    })
    yield { title, differences: found }
  }
  for (const [row, dtype, inputs, more, out] of torchRows(fixture)) {
    const title = torchTitle(row, dtype)
    if (!only(title)) continue
    const d = dtypeOf(dtype)
    const ins = inputs.map((x) => unpack(x, d))
    const found = await attempt(async () => {
      const y = await fetched(table[row]!(...ins.map((v) => toDevice(v, 'webgpu')), ...more) as View)
      return differences(ins, y, unpack(out, d), boundOf(row, d, true))
    })
    yield { title, differences: found }
  }
}

const limit = (x: unknown) => (x === 'inf' ? Number.POSITIVE_INFINITY : x === '-inf' ? Number.NEGATIVE_INFINITY : x)
const OUTPUTS: Record<string, number> = { values: 0, indices: 1, 0: 0, 1: 1, 2: 2 }

/** The rows of reductions, scans and normalizations. */
export async function* reductionRows(fixture: ReductionFixture, only: (title: string) => boolean = () => true): AsyncGenerator<Outcome> {
  for (const name of reductionTitles(fixture).filter(only)) {
    const found: string[] = await attempt(() => reductions(name))
    yield { title: name, differences: found }
  }

  async function reductions(name: string): Promise<string[]> {
    const found: string[] = []
    for (const [row, dtype, shape, data, given, outType, , out] of fixture.values) {
      if (`${row} of ${dtype}` !== name) continue
      if (!DTYPES.includes(dtype) || !DTYPES.includes(outType)) continue
      const x = toDevice(unpack(data, dtypeOf(dtype), shape), 'webgpu')
      const [title, which] = row.split(' ') as [string, string?]
      const extra = title === 'sum' || title === 'prod' ? [x.dtype] : []
      const y = table[title]!(x, ...given.map(limit), ...extra)
      const got = await fetched((Array.isArray(y) ? y[OUTPUTS[which!]!]! : y) as View)
      const d = dtypeOf(outType)
      const bound = d.isInexact ? { ulp: 16, absolute: d.name === 'float16' ? 1e-3 : 2e-6, zeros: true } : { ulp: 0 }
      found.push(...differences([], got, unpack(out, d), bound).map((text) => `${JSON.stringify(given)} ${text}`))
    }
    return found
  }
}
