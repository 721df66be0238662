import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { float64 } from '../../src/core/dtype.ts'
import { nested, viewOf } from '../../src/core/element.ts'
import type { View } from '../../src/core/view.ts'
import { backward } from '../../src/interpreters/backward.ts'
import { baseTape, edgeOf, type TapeValue } from '../../src/interpreters/tape.ts'
import { add, mul } from '../../src/ops/elementwise/arithmetic.ts'
import { exp } from '../../src/ops/elementwise/exponential.ts'
import { sum } from '../../src/ops/reduction/sum.ts'

describe('the spine', () => {
  const x = viewOf([1, 2, 3, 4, 5, 6], [2, 3], float64)
  test('adds with broadcasting and sums over an axis', () => {
    const row = viewOf([10, 20, 30], [3], float64)
    expect(nested(add(x, row) as View)).toEqual([
      [11, 22, 33],
      [14, 25, 36],
    ])
    expect(nested(sum(x, 0) as View)).toEqual([5, 7, 9])
  })
  test('differentiates twice', () => {
    const leaf = baseTape.leaf(x, () => {})
    const y = sum(exp(mul(leaf, leaf))) as TapeValue // d = 2x e^(x^2), d2 = (2 + 4x^2) e^(x^2)
    const one = viewOf([1], [], float64)
    const [g] = backward([edgeOf(y)], [one], { createGraph: true, inputs: [edgeOf(leaf)] })
    expect((nested((g as TapeValue).primal as View) as number[][])[0]![0]).toBeCloseTo(2 * Math.E, 12)
    const [h] = backward([edgeOf(sum(g!) as TapeValue)], [one], { inputs: [edgeOf(leaf)] })
    expect((nested(h as View) as number[][])[0]![0]).toBeCloseTo(6 * Math.E, 12)
  })
})
