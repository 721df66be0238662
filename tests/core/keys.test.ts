import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { bool, float64, int64, object } from '../../src/core/dtype.ts'
import { nested, viewOf } from '../../src/core/element.ts'
import { parseKeys, Slice, slice } from '../../src/core/keys.ts'
import { CARRIED } from '../../src/core/value.ts'
import { View } from '../../src/core/view.ts'
import { runInto } from '../../src/interpreters/eager.ts'
import { getItem, isBasic, setItem } from '../../src/lib/indexing.ts'
import { index } from '../../src/ops/indexing/arrays.ts'
import { transpose } from '../../src/ops/movement/transpose.ts'

const x = (): View =>
  viewOf(
    Array.from({ length: 12 }, (_, i) => i),
    [3, 4],
    int64,
  )
const at = (...keys: unknown[]): unknown => nested(getItem(x(), keys) as View)

describe('keys', () => {
  test('a string may hold several keys of every basic kind', () => {
    expect(at('1')).toEqual([4, 5, 6, 7])
    expect(at('-1, 2')).toBe(10)
    expect(at('1:, ::2')).toEqual([
      [4, 6],
      [8, 10],
    ])
    expect(at(' ... , 0 ')).toEqual([0, 4, 8])
    expect(at('None, 0')).toEqual([[0, 1, 2, 3]])
    expect(at('::-1, 1')).toEqual([9, 5, 1])
    expect(at('None:2, 1')).toEqual([1, 5])
  })
  test('slices are objects too', () => {
    expect(at(slice(1, null), slice(null, null, 2))).toEqual([
      [4, 6],
      [8, 10],
    ])
    expect(at(slice(2), 0)).toEqual([0, 4])
    expect(String(slice(1, 5, 2))).toBe('slice(1, 5, 2)')
    expect(() => slice(0.5)).toThrow('slice indices must be integers or null')
  })
  test('an array key may be a list, a typed array, or what carries a value', () => {
    const expected = [
      [8, 9, 10, 11],
      [0, 1, 2, 3],
    ]
    expect(at([2, 0])).toEqual(expected)
    expect(at([2n, 0n])).toEqual(expected)
    expect(at(new Int32Array([2, 0]))).toEqual(expected)
    expect(at(viewOf([2, 0], [2], int64))).toEqual(expected)
    expect(at({ [CARRIED]: viewOf([2, 0], [2], int64) })).toEqual(expected)
    expect(at([true, false, true])).toEqual([
      [0, 1, 2, 3],
      [8, 9, 10, 11],
    ])
    expect(
      at(
        [
          [0, 1],
          [2, 2],
        ],
        1,
      ),
    ).toEqual([
      [1, 5],
      [9, 9],
    ])
    expect(at(viewOf([1], [], int64))).toEqual([4, 5, 6, 7])
  })
  test('what is no key is an IndexError', () => {
    const NOT = 'only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) and integer or boolean arrays are valid indices'
    for (const key of [
      1.5,
      'x',
      '1:2:3:4',
      '',
      {},
      undefined,
      Symbol('s'),
      () => 1,
      [0.5],
      ['a'],
      [null],
      2 ** 60,
      Number.NaN,
      10n ** 30n,
    ]) {
      expect(() => at(key), String(key)).toThrow(NOT)
    }
    expect(() => at(viewOf([0.5], [1], float64))).toThrow('arrays used as indices must be of integer (or boolean) type')
    expect(() => at(new Float64Array(1))).toThrow('arrays used as indices must be of integer (or boolean) type')
    expect(() => at([[0], [1, 2]])).toThrow('inhomogeneous')
    const cyclic: unknown[] = []
    cyclic.push(cyclic)
    expect(() => at(cyclic)).toThrow('nested too deep')
  })
  test('slices clip as Python clips them', () => {
    expect(new Slice(-100, 100, null).indices(4)).toEqual([0, 4, 1])
    expect(new Slice(null, null, -2).indices(4)).toEqual([3, -1, -2])
    expect(new Slice(10, -10, -1).indices(3)).toEqual([2, -1, -1])
  })
  test('basic keys are told from array keys', () => {
    expect(isBasic([1, '::2', null, '...'])).toBe(true)
    expect(isBasic([[0]])).toBe(false)
    expect(parseKeys(['1, ::2', null]).map((k) => k.kind)).toEqual(['integer', 'slice', 'newaxis'])
  })
})

describe('keys of objects', () => {
  const words = (): View => viewOf(['a', 'b', 'c', 'd', 'e', 'f'], [2, 3], object)
  test('read and write like any other dtype', () => {
    expect(nested(getItem(words(), [1, '::-1']) as View)).toEqual(['f', 'e', 'd'])
    expect(nested(getItem(words(), [':', [2, 0]]) as View)).toEqual([
      ['c', 'a'],
      ['f', 'd'],
    ])
    expect(nested(getItem(words(), [viewOf([true, false, false, false, true, true], [2, 3], bool)]) as View)).toEqual(['a', 'e', 'f'])
    const a = words()
    setItem(a, [':', [0]], viewOf([{ x: 1 }], [], object))
    setItem(a, [1, 2], viewOf([[1, 2]], [], object))
    expect(nested(a)).toEqual([
      [{ x: 1 }, 'b', 'c'],
      [{ x: 1 }, 'e', [1, 2]],
    ])
    setItem(a, [viewOf([true, true, false, false, false, false], [2, 3], bool)], viewOf(['y', 'z'], [2], object))
    expect(nested(getItem(a, [0]) as View)).toEqual(['y', 'z', 'c'])
  })
  test('are gathered into a given output of any layout', () => {
    const out = viewOf(new Array(4).fill(null), [2, 2], object)
    const columns = transpose(out, [1, 0]) as View
    runInto(index, [words(), viewOf([1, 0], [2], int64), viewOf([2, 1], [2], int64)], {}, [getItem(columns, [0]) as View])
    expect(nested(out)).toEqual([
      ['f', null],
      ['b', null],
    ])
  })
})

describe('writing by keys', () => {
  test('behaves as if the value had been copied first', () => {
    const a = x()
    setItem(a, ['1:'], getItem(a, [':2']) as View)
    expect(nested(a)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
      [4, 5, 6, 7],
    ])
    const b = x()
    setItem(b, [[2, 0]], getItem(b, [':2']) as View)
    expect(nested(b)).toEqual([
      [4, 5, 6, 7],
      [4, 5, 6, 7],
      [0, 1, 2, 3],
    ])
    const c = viewOf([2, 0, 1], [3], int64)
    setItem(c, [c], viewOf([7, 8, 9], [3], int64))
    expect(nested(c)).toEqual([8, 9, 7])
  })
  test('writes nothing when an index is wrong', () => {
    const a = x()
    expect(() => setItem(a, [[0, 5]], viewOf([1], [], int64))).toThrow('index 5 is out of bounds for axis 0 with size 3')
    expect(nested(a)).toEqual(nested(x()))
  })
  test('refuses a read-only view, and counts the write for autograd', () => {
    const a = x()
    const readOnly = new View(a.storage, a.dtype, a.shape, a.strides, a.offset, a.size, false)
    for (const key of [0, [0]])
      expect(() => setItem(readOnly, [key], viewOf([1], [], int64))).toThrow('assignment destination is read-only')
    const before = a.storage.version
    setItem(a, [0], viewOf([1], [], int64))
    setItem(a, [[1]], viewOf([1], [], int64))
    setItem(a, [viewOf(new Array(12).fill(true), [3, 4], bool)], viewOf([1], [], int64))
    expect(a.storage.version).toBe(before + 3)
  })
})
