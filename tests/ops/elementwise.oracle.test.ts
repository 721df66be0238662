import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { referenceBackend } from '../../src/backends/reference/index.ts'
import { contiguous } from '../../src/core/allocate.ts'
import { backendOf, installBackend } from '../../src/core/backend.ts'
import { complex128, type DType, dtypeOf, float16, float32, float64, realOf } from '../../src/core/dtype.ts'
import { bufferStorage } from '../../src/core/storage.ts'
import type { Value } from '../../src/core/value.ts'
import { contiguousView, type View } from '../../src/core/view.ts'
import { backward } from '../../src/interpreters/backward.ts'
import { baseTape, edgeOf, type TapeValue } from '../../src/interpreters/tape.ts'
import * as ops from '../../src/ops/index.ts'

type Row = ((...xs: unknown[]) => Value | Value[]) & { computes?: (d: DType) => boolean }
const table = { ...ops, conj: ops.conj.primitive } as unknown as Record<string, Row>
const fixture = JSON.parse(gunzipSync(readFileSync(new URL('../fixtures/elementwise.json.gz', import.meta.url))).toString()) as {
  numpy: [string, string, string[], string[], string[]][]
  torch: [string, string, string[], number[], string][]
  special: [string, string[], string][]
  kinks: [string, string[], string[]][]
}

function unpack(text: string, dtype: DType): View {
  const bytes = Buffer.from(text, 'base64')
  const copy = new Uint8Array(bytes)
  return contiguousView(bufferStorage(copy.buffer), dtype, [copy.length / dtype.itemsize])
}

/** Numbers of a view in memory order; complex values as two. */
function numbers(x: View): (number | bigint)[] {
  const v = contiguous(x)
  const bytes = backendOf('cpu').bytes(v.storage)
  const part = realOf(v.dtype)
  const data = bytes.slice(v.offset, v.offset + v.nbytes).buffer
  const reader = new DataView(data)
  const read: Record<string, (at: number) => number | bigint> = {
    bool: (i) => reader.getUint8(i),
    int8: (i) => reader.getInt8(i),
    int16: (i) => reader.getInt16(i, true),
    int32: (i) => reader.getInt32(i, true),
    int64: (i) => reader.getBigInt64(i, true),
    uint8: (i) => reader.getUint8(i),
    uint16: (i) => reader.getUint16(i, true),
    uint32: (i) => reader.getUint32(i, true),
    uint64: (i) => reader.getBigUint64(i, true),
    float16: (i) => fromHalf(reader.getUint16(i, true)),
    float32: (i) => reader.getFloat32(i, true),
    float64: (i) => reader.getFloat64(i, true),
  }
  return Array.from({ length: data.byteLength / part.itemsize }, (_, i) => read[part.name]!(i * part.itemsize))
}
const HALVES = new Map<number, number>()
function fromHalf(bits: number): number {
  if (!HALVES.size) {
    for (let b = 0; b < 65536; b++) {
      const e = (b >> 10) & 31
      const m = b & 1023
      const size = e === 31 ? (m ? Number.NaN : Number.POSITIVE_INFINITY) : e === 0 ? m * 2 ** -24 : (1024 + m) * 2 ** (e - 25)
      HALVES.set(b, b >= 32768 ? -size : size)
    }
  }
  return HALVES.get(bits)!
}

/** The distance between neighbouring floats of a dtype at x. */
function ulp(x: number, dtype: DType): number {
  const [bits, low] = dtype === float16 ? [10, -14] : dtype === float32 ? [23, -126] : [52, -1022]
  const e = x === 0 ? low : Math.max(low, Math.floor(Math.log2(Math.abs(x))))
  return 2 ** (e - bits)
}

function distance(a: number | bigint, b: number | bigint, dtype: DType): number {
  if (typeof a === 'bigint' || !dtype.isFloat) return a === b ? 0 : Number.POSITIVE_INFINITY
  const y = b as number
  if (Number.isNaN(a) || Number.isNaN(y)) return Number.isNaN(a) && Number.isNaN(y) ? 0 : Number.POSITIVE_INFINITY
  if (a === y) return 0
  const most = dtype === float16 ? 65504 : dtype === float32 ? 3.4028234663852886e38 : Number.MAX_VALUE
  // the largest number and infinity are neighbours
  const finite = (x: number) => (Number.isFinite(x) ? x : Math.sign(x) * most * (1 + 2 ** -52))
  if (!Number.isFinite(a) || !Number.isFinite(y))
    return Math.sign(a) === Math.sign(y) && Math.abs(finite(a)) >= most && Math.abs(finite(y)) >= most ? 1 : Number.POSITIVE_INFINITY
  return Math.abs(a - y) / ulp(y, dtype)
}

/** The elements that differ by more than some ulps, in words. Complex results are measured against the size of both parts when `joint`. */
function differences(ins: readonly View[], got: View, want: View, tolerance: number, atol = 0): string[] {
  if (got.dtype !== want.dtype) return [`dtype ${got.dtype.name} in place of ${want.dtype.name}`]
  const part = realOf(got.dtype)
  const [g, w] = [numbers(got), numbers(want)]
  const columns = ins.map(numbers)
  const out: string[] = []
  const parts = got.dtype.isComplex ? 2 : 1
  for (let i = 0; i < w.length; i++) {
    let d = distance(g[i]!, w[i]!, part)
    if (d <= tolerance || Math.abs(Number(g[i]) - Number(w[i])) <= atol) continue
    if (parts === 2 && Number.isFinite(Number(w[i])) && Number.isFinite(Number(w[i ^ 1]))) {
      // rounding errors of complex arithmetic are small beside the whole, not beside each part
      d = Math.abs(Number(g[i]) - Number(w[i])) / ulp(Math.hypot(Number(w[i]), Number(w[i ^ 1])), part)
      if (d <= tolerance) continue
    }
    const at = Math.floor(i / parts)
    const arguments_ = columns.map((c, k) => {
      const n = ins[k]!.dtype.isComplex ? 2 : 1
      return c
        .slice(at * n, at * n + n)
        .map((x) => (Object.is(x, -0) ? '-0' : String(x)))
        .join('|')
    })
    out.push(
      `(${arguments_.join(', ')})${parts === 2 ? `.${i % 2 ? 'im' : 're'}` : ''}: ${Object.is(g[i], -0) ? '-0' : g[i]}, not ${Object.is(w[i], -0) ? '-0' : w[i]} (${d} ulp)`,
    )
  }
  return out
}

/** Ulps allowed: none for exact operations. */
const EXACT = new Set(
  'neg abs square add sub mul div floorDivide remainder fmod maximum minimum fmax fmin copysign nextafter heaviside eq ne lt le gt ge floor ceil trunc rint isnan isinf isfinite signbit logicalNot logicalAnd logicalOr logicalXor invert popcount conj spacing frexp modf sqrt reciprocal'.split(
    ' ',
  ),
)

describe.each(['reference', 'best'])('on the %s backend', (which) => {
  const best = backendOf('cpu')
  beforeAll(() => {
    if (which === 'reference') installBackend(referenceBackend)
  })
  afterAll(() => installBackend(best))

  test.each(fixture.numpy.map(([row, dtype, ...rest]) => ({ title: `${row} of ${dtype}`, row, dtype, rest })))(
    '$title is as NumPy has it',
    ({ row, dtype, rest }) => {
      const [inputs, outTypes, outs] = rest
      const d = dtypeOf(dtype)
      const f = table[row]!
      if (!f.computes!(d)) return
      const ins = inputs.map((x) => unpack(x, d))
      const result = f(...ins)
      const list = (Array.isArray(result) ? result : [result]) as View[]
      // a complex power is exp(y log x), whose rounding errors grow with y log x
      const tolerance = EXACT.has(row) && !d.isComplex ? 0 : d.isComplex ? (row === 'power' ? 64 : 4) : 2
      list.forEach((y, i) => {
        const want = unpack(outs[i]!, dtypeOf(outTypes[i]!))
        expect(differences(ins, y, want, tolerance).slice(0, 8)).toEqual([])
      })
    },
  )

  test.each(fixture.torch.map(([row, dtype, ...rest]) => ({ title: `${row} of ${dtype}`, row, dtype, rest })))(
    '$title is as PyTorch has it',
    ({ row, dtype, rest }) => {
      const [inputs, more, out] = rest
      const d = dtypeOf(dtype)
      const ins = inputs.map((x) => unpack(x, d))
      const y = table[row]!(...ins, ...more) as View
      expect(differences(ins, y, unpack(out, d), 4, d === float32 ? 1e-7 : 1e-16).slice(0, 8)).toEqual([])
    },
  )

  test.each(fixture.special.map(([row, inputs, out]) => ({ row, inputs, out })))('$row is right to a few ulp', ({ row, inputs, out }) => {
    const ins = inputs.map((x) => unpack(x, float64))
    const tolerance = ['digamma', 'lgamma', 'polygamma', 'zeta', 'erfc', 'i0', 'i1', 'ndtri'].includes(row) ? 10 : 4
    expect(differences(ins, table[row]!(...ins) as View, unpack(out, float64), tolerance).slice(0, 8)).toEqual([])
  })
})

describe('derivatives where none exists are as PyTorch has them', () => {
  const extra: Record<string, unknown[]> = {
    leakyRelu: [0.01],
    elu: [1, 1, 1],
    clampMin: [0.5],
    clampMax: [0.5],
    clamp: [-1, 0.5],
    threshold: [0.5, 7],
  }
  test.each(fixture.kinks.map(([row, inputs, outs]) => ({ row, inputs, outs })))('$row', ({ row, inputs, outs }) => {
    const d = row.endsWith(' complex') ? complex128 : float64
    const name = row.replace(' complex', '')
    const ins = inputs.map((x) => unpack(x, d))
    const leaves = ins.map((x) => baseTape.leaf(x, () => {}))
    const y = table[name]!(...leaves, ...(extra[name] ?? [])) as TapeValue
    const ct = y.dtype.isComplex ? ops.full(y.shape, 0, y.dtype) : ops.full(y.shape, 1, y.dtype)
    const seed = y.dtype.isComplex ? (ops.add(ct, ops.makeComplex(ops.full([], 0.5, float64), ops.full([], -2, float64))) as View) : ct
    const grads = backward([edgeOf(y)], [seed], { inputs: leaves.map(edgeOf) })
    grads.forEach((g, i) => {
      expect(differences(ins, g as View, unpack(outs[i]!, d), 4, 1e-15).slice(0, 12)).toEqual([])
    })
  })
})
