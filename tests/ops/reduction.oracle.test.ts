import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { referenceBackend } from '../../src/backends/reference/index.ts'
import { backendOf, installBackend } from '../../src/core/backend.ts'
import { Complex } from '../../src/core/complex.ts'
import { bool, complex128, type DType, dtypeOf, float32, float64, int64 } from '../../src/core/dtype.ts'
import { items, nested, viewOf } from '../../src/core/element.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import { backward } from '../../src/interpreters/backward.ts'
import { baseTape, edgeOf, type TapeValue } from '../../src/interpreters/tape.ts'
import * as ops from '../../src/ops/index.ts'
import { differences, unpack } from './oracle.ts'

type Argument = number | string | boolean | null | number[]
const fixture = JSON.parse(gunzipSync(readFileSync(new URL('../fixtures/reduction.json.gz', import.meta.url))).toString()) as {
  values: [string, string, number[], string, Argument[], string, number[], string][]
  kinks: [string, Argument[], number[], string, string][]
}

const number = (x: unknown) => (x === 'inf' ? Number.POSITIVE_INFINITY : x === '-inf' ? Number.NEGATIVE_INFINITY : x)
const outputs: Record<string, number> = { values: 0, indices: 1, 0: 0, 1: 1, 2: 2 }

function run(title: string, x: Value, given: Argument[]): Value {
  const [name, which] = title.split(' ') as [string, string?]
  const f = (ops as unknown as Record<string, (...xs: unknown[]) => Value | Value[]>)[name]!
  const dtype = name === 'sum' || name === 'prod' ? x.dtype : undefined
  const y = f(x, ...given.map(number), ...(dtype ? [dtype] : []))
  return Array.isArray(y) ? y[outputs[which!]!]! : y
}

/** Sums round; what does not add is exact. */
const tolerance = (row: string, d: DType): number =>
  !d.isInexact || /^(amax|amin|any|all|arg|count|running|cummax|cummin)/.test(row) ? 0 : row === 'cumsum' || row === 'cumprod' ? 2 : 16

describe.each(['reference', 'best'])('on the %s backend', (which) => {
  const best = backendOf('cpu')
  beforeAll(() => {
    if (which === 'reference') installBackend(referenceBackend)
  })
  afterAll(() => installBackend(best))

  const names = [...new Set(fixture.values.map(([row, dtype]) => `${row} of ${dtype}`))]
  test.each(names)('%s is as NumPy or PyTorch has it', (name) => {
    for (const [row, dtype, shape, data, given, outType, outShape, out] of fixture.values) {
      if (`${row} of ${dtype}` !== name) continue
      const x = unpack(data, dtypeOf(dtype), shape)
      const want = unpack(out, dtypeOf(outType), outShape)
      const y = run(row, x, given) as View
      if (row.startsWith('layerNorm')) expect(y.size).toBe(want.size)
      else expect(y.shape, `${row} ${JSON.stringify(given)}`).toEqual(outShape)
      const d = dtypeOf(outType)
      const atol = d.isInexact ? (d.name === 'float16' ? 1e-3 : d === float64 || d.name === 'complex128' ? 1e-15 : 1e-6) : 0
      expect(differences([], y, want, tolerance(row, d), atol).slice(0, 4), `${row} ${JSON.stringify(given)}`).toEqual([])
    }
  })

  test('a masked reduction is one of the elements that the mask keeps', () => {
    const x = viewOf([3, 1, 4, 1, 5, 9], [2, 3], float64)
    const mask = viewOf([true, false, true], [3], bool)
    expect(nested(ops.sum(x, 1, false, undefined, mask) as View)).toEqual([7, 10])
    expect(nested(ops.prod(x, 1, false, undefined, mask) as View)).toEqual([12, 9])
    expect(nested(ops.maskedExtremum(true)(x, 1, false, undefined, mask) as View)).toEqual([4, 9])
    expect(nested(ops.all(x, null, false, undefined, mask) as View)).toEqual(true)
    expect(nested(ops.countNonzero(x, null, false, undefined, mask) as View)).toEqual(4)
  })
  test('the index of a complex extremum goes by real part, then imaginary part, and the first NaN wins', () => {
    // np.argmax(x, 1) and np.argmin(x, 1)
    const pairs = [
      [1, 2],
      [1, 5],
      [0, 9],
      [3, -1],
      [3, -1],
      [2, Number.NaN],
    ] as const
    const x = viewOf(
      pairs.map(([re, im]) => new Complex(re, im)),
      [2, 3],
      complex128,
    )
    expect(nested(ops.argmax(x, 1) as View)).toEqual([1, 2])
    expect(nested(ops.argmin(x, 1) as View)).toEqual([2, 2])
    expect(nested(ops.argmax(x) as View)).toBe(5)
  })
  test('an extremum of nothing is an error', () => {
    const nothing = viewOf([], [0, 2], int64)
    expect(() => ops.amax(nothing, 0)).toThrow('zero-size array to reduction operation amax which has no identity')
    expect(nested(ops.amax(nothing, 1) as View)).toEqual([])
    expect(() => ops.argmax(nothing, 0)).toThrow('argmax')
  })
  test('reductions see any strides', () => {
    const x = viewOf([1, 2, 3, 4, 5, 6], [2, 3], float64)
    const turned = ops.flip(ops.transpose(x, [1, 0]), 0)
    expect(nested(ops.sum(turned, 1) as View)).toEqual([9, 7, 5])
    expect(nested(ops.argmax(turned, 0) as View)).toEqual([0, 0])
    expect(nested(ops.softmax(ops.broadcastTo(viewOf([2], [1], float64), [3]), 0) as View)).toEqual([1 / 3, 1 / 3, 1 / 3])
  })
})

describe('sums of many float32 numbers', () => {
  test('are right to 1e-6', () => {
    const n = 10_000_000
    const x = ops.full([n], 0.1, float32)
    expect(Math.abs((items(ops.sum(x) as View)[0] as number) / (n * Math.fround(0.1)) - 1)).toBeLessThan(1e-6)
    expect(Math.abs((items(ops.mean(x) as View)[0] as number) / Math.fround(0.1) - 1)).toBeLessThan(1e-6)
  })
})

describe('derivatives where none exists are as PyTorch has them', () => {
  test.each(fixture.kinks.map(([row, given, shape, data, out]) => ({ row, given, shape, data, out })))(
    '$row $given',
    ({ row, given, shape, data, out }) => {
      const leaf = baseTape.leaf(unpack(data, float64, shape), () => {})
      const y = run(row, leaf, given) as TapeValue
      const [g] = backward([edgeOf(y)], [ops.full(y.shape, 1, float64)], { inputs: [edgeOf(leaf)] })
      expect(differences([leaf.primal as View], g as View, unpack(out, float64, shape), 8, 1e-15)).toEqual([])
    },
  )
})
