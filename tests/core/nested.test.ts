import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { Complex } from '../../src/core/complex.ts'
import { float32, float64 } from '../../src/core/dtype.ts'
import { viewOf } from '../../src/core/element.ts'
import { type Jagged, readNested } from '../../src/lib/nested.ts'

const jaggedOf = (data: unknown): Jagged => {
  let info: Jagged | undefined
  expect(() =>
    readNested(data, {
      jagged: (i) => {
        info = i
        return new Error('jagged')
      },
    }),
  ).toThrow('jagged')
  return info!
}

describe('nested data', () => {
  test('gives a shape and items in C order', () => {
    expect(
      readNested([
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toMatchObject({ shape: [2, 3], items: [1, 2, 3, 4, 5, 6] })
    expect(readNested(5)).toMatchObject({ shape: [], items: [5] })
    expect(readNested([])).toMatchObject({ shape: [0], items: [] })
    expect(readNested([[], []])).toMatchObject({ shape: [2, 0], items: [] })
  })
  test('tells which kinds of items there are', () => {
    expect(readNested([1, true, 2n, new Complex(1, 2)]).found).toMatchObject({
      int: true,
      bool: true,
      bigint: true,
      complex: true,
      float: false,
    })
    expect(readNested([-0]).found).toMatchObject({ int: false, float: true })
    expect(readNested([2 ** 53]).found).toMatchObject({ int: false, float: true })
    expect(readNested([null, 'a']).found).toMatchObject({ other: true, string: true })
  })
  test('keeps the dtypes of typed arrays and of wrapped values', () => {
    const { shape, items, found } = readNested([new Float32Array([1, 2]), viewOf([3, 4], [2], float64)])
    expect([shape, items, [...found.dtypes]]).toEqual([
      [2, 2],
      [1, 2, 3, 4],
      [float32, float64],
    ])
  })
  test('says where lists are jagged', () => {
    expect(jaggedOf([[1, 2], [3]])).toMatchObject({ shape: [2], dim: 1, expected: 2, got: 1, path: [1] })
    expect(jaggedOf([[1], 2])).toMatchObject({ shape: [2], dim: 1, expected: 1, got: null, path: [1] })
    expect(jaggedOf([1, [2]])).toMatchObject({ shape: [2], dim: 1, expected: null, got: 1, path: [1] })
    expect(
      jaggedOf([
        [1, [2]],
        [3, 4],
      ]),
    ).toMatchObject({ shape: [2, 2], dim: 2 })
  })
  test('of objects ends where lists differ', () => {
    expect(readNested([[1, 2], [3]], { objects: true })).toMatchObject({ shape: [2], items: [[1, 2], [3]] })
    expect(
      readNested(
        [
          [[1, 2], [3]],
          [[4], [5]],
        ],
        { objects: true },
      ),
    ).toMatchObject({ shape: [2, 2], items: [[1, 2], [3], [4], [5]] })
    const [a, b] = [viewOf([1, 2], [2], float64), viewOf([1, 2, 3], [3], float64)]
    expect(readNested([a, b], { objects: true })).toMatchObject({ shape: [2], items: [a, b] })
  })
  test('refuses cycles and what is nested too deeply', () => {
    const loop: unknown[] = []
    loop.push(loop)
    expect(() => readNested(loop)).toThrow('contain themselves')
    expect(() => readNested(loop, { objects: true })).toThrow('contain themselves')
    let deep: unknown = 1
    for (let i = 0; i < 65; i++) deep = [deep]
    expect(() => readNested(deep)).toThrow('64 deep')
  })
})
