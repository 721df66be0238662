import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { Complex } from '../../src/core/complex.ts'
import { bool, complex128, type DType, float16, float32, float64, int8, int64, object, uint64 } from '../../src/core/dtype.ts'
import { items, viewOf } from '../../src/core/element.ts'
import { sizeOf } from '../../src/core/shape.ts'
import type { View } from '../../src/core/view.ts'
import { einsum } from '../../src/lib/einsum.ts'
import * as products from '../../src/lib/products.ts'
import { mT } from '../../src/ops/movement/transpose.ts'

interface Outcome {
  readonly shape: number[]
  readonly items: number[]
}
type Row = [string, number[][], Outcome]
const fixture: { einsum: Row[]; errors: [string, number[][]][]; products: Row[] } = JSON.parse(
  readFileSync(new URL('../fixtures/contraction.json', import.meta.url), 'utf8'),
)

/** The arrays of scripts/oracle/contraction.py. */
const make = (shape: number[], seed: number, dtype: DType = int64): View =>
  viewOf(
    Array.from({ length: sizeOf(shape) }, (_, i) => ((i * 7 + seed * 3) % 11) - 5),
    shape,
    dtype,
  )
/** With -0 as 0, since the fixture holds integers. */
const outcome = (v: View): Outcome => ({ shape: [...v.shape], items: items(v).map((x) => (x as number) + 0) })

describe('contractions agree with NumPy', () => {
  for (const dtype of [int64, float64, float32, object]) {
    test(`einsum of ${dtype.name}`, () => {
      for (const [subscripts, shapes, expected] of fixture.einsum) {
        if (dtype === object && shapes.some((s) => s.includes(0))) continue // sums of no objects have no dtype to come from
        const out = einsum(
          subscripts,
          shapes.map((s, i) => make(s, i, dtype)),
        ) as View
        expect(outcome(out), subscripts).toEqual(expected)
      }
    })
  }
  test('einsum refuses what NumPy refuses', () => {
    for (const [subscripts, shapes] of fixture.errors) {
      expect(
        () =>
          einsum(
            subscripts,
            shapes.map((s, i) => make(s, i)),
          ),
        subscripts,
      ).toThrow()
    }
  })
  test('dot, inner, outer, vdot, kron, matmul', () => {
    for (const [name, shapes, expected] of fixture.products) {
      const f = (products as unknown as Record<string, typeof products.dot>)[name]!
      const [a, b] = shapes.map((s, i) => make(s, i))
      expect(outcome(f(a!, b!) as View), `${name} ${JSON.stringify(shapes)}`).toEqual(expected)
    }
  })
})

describe('matmul', () => {
  test('wraps integers, ors booleans, multiplies complex numbers', () => {
    const a = viewOf([100, 100, 3, 4], [2, 2], int8)
    expect(items(products.matmul(a, a) as View)).toEqual([((10300 + 128) % 256) - 128, ((10400 + 128) % 256) - 128, 56, 60])
    const big = viewOf([2n ** 63n, 3n], [1, 2], uint64)
    expect(items(products.matmul(big, mT(big)) as View)).toEqual([9])
    const t = viewOf([true, false, false, true], [2, 2], bool)
    expect(items(products.matmul(t, t) as View)).toEqual([true, false, false, true])
    const c = viewOf([new Complex(1, 2), new Complex(0, 1)], [1, 2], complex128)
    expect(items(products.matmul(c, mT(c)) as View)).toEqual([new Complex(-4, 4)])
    expect(items(products.vdot(c, c) as View)).toEqual([new Complex(6, 0)])
  })
  test('sums float16 in float32', () => {
    const x = viewOf(new Array(4096).fill(1), [4096], float16)
    expect(items(products.matmul(x, x) as View)).toEqual([4096])
  })
  test('uses the methods of objects', () => {
    class Word {
      constructor(readonly text: string) {}
      multiply(other: Word): Word {
        return new Word(`${this.text}${other.text}`)
      }
      add(other: Word): Word {
        return new Word(`${this.text}+${other.text}`)
      }
    }
    const w = viewOf([new Word('a'), new Word('b')], [2], object)
    expect((items(products.matmul(w, w) as View)[0] as Word).text).toBe('aa+bb')
  })
  test('names the shapes that do not fit', () => {
    expect(() => products.matmul(make([2, 3], 0), make([4, 5], 0))).toThrow(
      'matmul(): expected a[..., m, k] and b[..., k, n], got [2, 3] and [4, 5]',
    )
  })
})
