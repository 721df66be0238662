import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { dtypeOf, float64, int64, object } from '../../src/core/dtype.ts'
import { nested, viewOf } from '../../src/core/element.ts'
import type { View } from '../../src/core/view.ts'
import * as ops from '../../src/ops/index.ts'

const fixture = JSON.parse(readFileSync(new URL('../fixtures/sorting.json', import.meta.url), 'utf8'))

const NUMBERS: Record<string, number> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY, '-inf': Number.NEGATIVE_INFINITY }
const decode = (x: any): any => (Array.isArray(x) ? x.map(decode) : typeof x === 'string' ? NUMBERS[x] : x)
const matrix = (rows: any[][], dtype: string): View => viewOf(decode(rows).flat(), [rows.length, rows[0]!.length], dtypeOf(dtype))
/** The same elements in memory by columns. */
const turned = (x: View): View => {
  const t = ops.transpose(x, [1, 0]) as View
  return ops.transpose(viewOf((nested(t) as unknown[][]).flat(), t.shape, x.dtype), [1, 0]) as View
}

describe('sorting and searching agree with NumPy and PyTorch', () => {
  test('sort, argsort, sortWithIndices, topk, partition', () => {
    for (const row of fixture.sort) {
      const { axis, dtype } = row
      for (const x of [matrix(row.x, dtype), turned(matrix(row.x, dtype))]) {
        const what = `${dtype} axis ${axis}`
        expect(nested(ops.sort(x, axis) as View), what).toEqual(decode(row.sort))
        expect(nested(ops.argsort(x, axis) as View), what).toEqual(row.argsort)
        for (const descending of [false, true]) {
          const pair = ops.sortWithIndices(x, axis, descending).map((v) => nested(v as View))
          expect(pair, what).toEqual(decode(row[descending ? 'descending' : 'ascending']))
        }
        if (dtype === 'bool') continue
        const k = 2
        const [largest, indices] = ops.topk(x, k, axis)
        expect(nested(largest as View), what).toEqual(decode(row.topk))
        expect(nested(ops.gather(x, axis, indices!) as View), what).toEqual(decode(row.topk))
        expect(nested(ops.topk(x, k, axis, false)[0] as View), what).toEqual(decode(row.least))
        const kth = ops.narrow(ops.partition(x, [1], axis), axis, 1, 1)
        expect(nested(ops.reshape(kth, [x.shape[1 - axis]!]) as View), what).toEqual(decode(row.kth))
      }
    }
  })
  test('searchsorted', () => {
    for (const { dtype, sorted, values, right, result } of fixture.search) {
      const line = viewOf(decode(sorted), [sorted.length], dtypeOf(dtype))
      expect(nested(ops.searchsorted(line, matrix(values, dtype), right) as View), dtype).toEqual(result)
    }
  })
  test('bincount', () => {
    for (const { x, length, weights, result } of fixture.bincount) {
      const w = weights ? viewOf(weights, [weights.length], float64) : null
      expect(nested(ops.bincount(viewOf(x, [x.length], int64), length, w) as View)).toEqual(result)
    }
    expect(() => ops.bincount(viewOf([0, 9], [2], int64), 4)).toThrow()
  })
  test('objects sort as JavaScript compares them', () => {
    const words = viewOf(['pear', 'fig', 'apple', 'kiwi'], [2, 2], object)
    expect(nested(ops.sort(words, 0) as View)).toEqual([
      ['apple', 'fig'],
      ['pear', 'kiwi'],
    ])
    expect(nested(ops.argsort(words, 1) as View)).toEqual([
      [1, 0],
      [0, 1],
    ])
  })
  test('a 0-d value sorts to itself, and an empty line to an empty one', () => {
    expect(nested(ops.sort(viewOf([3], [], float64)) as View)).toBe(3)
    expect((ops.argsort(viewOf([], [2, 0], float64)) as View).shape).toEqual([2, 0])
    expect(() => ops.sort(viewOf([1, 2], [2], float64), 1)).toThrow('axis 1 is out of bounds for array of dimension 1')
    expect(() => ops.topk(viewOf([1, 2], [2], float64), 3)).toThrow('selected index k out of range')
    expect(() => ops.partition(viewOf([1, 2], [2], float64), [2])).toThrow('kth(=2) out of bounds (2)')
  })
})
