import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { referenceBackend } from '../../src/backends/reference/index.ts'
import { backendOf, installBackend } from '../../src/core/backend.ts'
import { complex128, type DType, dtypeOf, float32, float64 } from '../../src/core/dtype.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import { backward } from '../../src/interpreters/backward.ts'
import { baseTape, edgeOf, type TapeValue } from '../../src/interpreters/tape.ts'
import * as ops from '../../src/ops/index.ts'
import { differences, unpack } from './oracle.ts'

type Row = ((...xs: unknown[]) => Value | Value[]) & { computes?: (d: DType) => boolean }
const table = { ...ops, conj: ops.conj.primitive } as unknown as Record<string, Row>
const fixture = JSON.parse(gunzipSync(readFileSync(new URL('../fixtures/elementwise.json.gz', import.meta.url))).toString()) as {
  numpy: [string, string, string[], string[], string[]][]
  torch: [string, string, string[], number[], string][]
  special: [string, string[], string][]
  kinks: [string, string[], string[]][]
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
