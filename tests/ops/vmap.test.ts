import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { bool, float64, int64 } from '../../src/core/dtype.ts'
import { items, nested, viewOf } from '../../src/core/element.ts'
import { sizeOf } from '../../src/core/shape.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import { backward } from '../../src/interpreters/backward.ts'
import { baseTape, edgeOf, type TapeValue } from '../../src/interpreters/tape.ts'
import { vmap } from '../../src/interpreters/vmap.ts'
import { getItem, putItem } from '../../src/lib/indexing.ts'
import * as ops from '../../src/ops/index.ts'

const floats = (shape: number[], seed = 0): View =>
  viewOf(
    Array.from({ length: sizeOf(shape) }, (_, i) => Math.sin(seed * 7 + i * 1.7)),
    shape,
    float64,
  )
const ints = (shape: number[], n: number, seed = 0): View =>
  viewOf(
    Array.from({ length: sizeOf(shape) }, (_, i) => (i * 5 + seed) % n),
    shape,
    int64,
  )

/** A function of values, and the unbatched shape and maker of each input. */
const rows: Record<string, [(...xs: Value[]) => Value | Value[], ...((shape: number[], seed: number) => View)[]]> = {}
const shapes: Record<string, number[][]> = {}
const of = (name: string, f: (...xs: any[]) => Value | Value[], ...inputs: [number[], ((shape: number[], seed: number) => View)?][]) => {
  rows[name] = [f, ...inputs.map(([, make]) => make ?? floats)]
  shapes[name] = inputs.map(([shape]) => shape)
}
const upTo =
  (n: number) =>
  (shape: number[], seed: number): View =>
    ints(shape, n, seed)

of('add', ops.add, [[2, 3]], [[3]])
of('matmul', ops.matmul, [[2, 3]], [[3, 4]])
of('matmul with batches', ops.matmul, [[5, 2, 3]], [[3, 4]])
of('sum', (x) => ops.sum(x, 0), [[2, 3]])
of('reshape', (x) => ops.reshape(x, [3, 2]), [[2, 3]])
of('transpose', (x) => ops.transpose(x, [1, 0]), [[2, 3]])
of('broadcastTo', (x) => ops.broadcastTo(x, [4, 2, 3]), [[2, 1]])
of('slice', (x) => ops.slice(x, [1, 2], [1, 2], [1, -2]), [[2, 3]])
of('unslice', (x) => ops.unslice(x, [4, 5], { start: [1, 4], length: [2, 3], step: [2, -2] }), [[2, 3]])
of('slicePut', (x, v) => ops.slicePut(x, v, { start: [1, 0], length: [1, 2], step: [1, 2] }), [[2, 3]], [[1, 2]])
of('flip', (x) => ops.flip(x), [[2, 3]])
of('diagonal', (x) => ops.diagonal(x, 1), [[2, 3, 4]])
of('undiagonal', (x) => ops.undiagonal(x, [3, 4], -1), [[2]])
of('unfold', (x) => ops.unfold(x, 0, 3, 2), [[7, 2]])
of('concatenate', (a, b) => ops.concatenate([a, b], 1), [[2, 3]], [[2, 1]])
of('pad', (x) => ops.pad(x, [1, 0], [0, -1], 5), [[2, 3]])
of('index', (x, i, j) => ops.index(x, [i, j]), [[3, 4, 2]], [[2, 1], upTo(3)], [[3], upTo(4)])
of('indexPut', (x, v, i) => ops.indexPut(x, v, [i], 'add'), [[3, 2]], [[4, 2]], [[4], upTo(3)])
of('gather', (x, i) => ops.gather(x, 1, i), [[2, 3]], [[2, 5], upTo(3)])
of('scatter', (x, i, s) => ops.scatter(x, 0, i, s, 'add'), [[4, 2]], [[3, 2], upTo(4)], [[3, 2]])
of('sort', (x) => ops.sort(x), [[2, 5]])
of('argsort', (x) => ops.argsort(x, 0), [[4, 2]])
of('sortWithIndices', (x) => ops.sortWithIndices(x, 0, true), [[4, 2]])
of('topk', (x) => ops.topk(x, 2, 0), [[4, 2]])
of('partition', (x) => ops.sort(ops.partition(x, [1])), [[5]])
of('searchsorted', (s, v) => ops.searchsorted(ops.sort(s), v), [[5]], [[2, 3]])
of('getItem', (x) => getItem(x, ['1:, None, ::-1']), [[3, 4]])
of('putItem', (x, v) => putItem(x, ['1:, 2'], v), [[3, 4]], [[2]])

/** All ways to batch some inputs. */
function choices(n: number): boolean[][] {
  return Array.from({ length: 2 ** n - 1 }, (_, bits) => Array.from({ length: n }, (_, i) => (((bits + 1) >> i) & 1) === 1))
}
const inserted = (shape: number[], axis: number, n: number): number[] => [...shape.slice(0, axis), n, ...shape.slice(axis)]
const list = (x: Value | Value[]): Value[] => (Array.isArray(x) ? x : [x])
const at = (x: Value, axis: number, i: number): Value =>
  ops.reshape(
    ops.narrow(x, axis, i, 1),
    x.shape.filter((_, d) => d !== axis),
  )

describe('vmap is a loop over the batch', () => {
  for (const [name, [f, ...makers]] of Object.entries(rows)) {
    test(name, () => {
      for (const batched of choices(makers.length)) {
        for (const last of [false, true]) {
          const dims = batched.map((b, i) => (b ? (last ? shapes[name]![i]!.length : 0) : null))
          const args = makers.map((make, i) => {
            const shape = shapes[name]![i]!
            return make(dims[i] === null ? shape : inserted(shape, dims[i]!, 3), i)
          })
          const outs = vmap((...xs) => list(f(...xs)), args, dims) as View[]
          for (let b = 0; b < 3; b++) {
            const one = list(f(...args.map((x, i) => (dims[i] === null ? x : at(x, dims[i]!, b))))) as View[]
            one.forEach((expected, k) => {
              const got = at(outs[k]!, 0, b) as View
              expect(got.shape, `${name} ${dims}`).toEqual(expected.shape)
              items(got).forEach((x, i) => {
                expect(x as number).toBeCloseTo(items(expected)[i] as number, 12)
              })
            })
          }
        }
      }
    })
  }
})

describe('vmap', () => {
  test('nests', () => {
    const x = floats([2, 3])
    const y = floats([4, 3], 1)
    const [out] = vmap((a) => vmap((b) => [ops.sum(ops.mul(a, b))], [y]), [x])
    const expected = ops.matmul(x, ops.mT(y)) as View
    items(out as View).forEach((v, i) => {
      expect(v as number).toBeCloseTo(items(expected)[i] as number, 12)
    })
  })
  test('puts the axis where out_dims says, and repeats what does not depend on the batch', () => {
    const x = floats([2, 3])
    const [a, b] = vmap((v) => [ops.neg(v), floats([2], 5)], [x], 1, [1, 0]) as View[]
    expect(a!.shape).toEqual([2, 3])
    expect(items(a!)).toEqual(items(x).map((v) => -(v as number)))
    expect(b!.shape).toEqual([3, 2])
  })
  test('lets gradients through', () => {
    const x = floats([2, 3])
    const leaf = baseTape.leaf(x, () => {})
    const [y] = vmap((v) => [ops.sum(ops.mul(v, v))], [leaf])
    const [g] = backward([edgeOf(ops.sum(y!) as TapeValue)], [viewOf([1], [], float64)], { inputs: [edgeOf(leaf)] })
    expect(nested(g as View)).toEqual((nested(x) as number[][]).map((r) => r.map((v) => 2 * v)))
  })
  test('refuses sizes that differ and shapes that depend on values', () => {
    expect(() => vmap((a, b) => [ops.add(a, b)], [floats([2]), floats([3])])).toThrow('same size in the mapped dimension')
    expect(() => vmap((m) => [ops.nonzero(m)], [viewOf([true, false], [2, 1], bool)])).toThrow('depends on values')
  })
})
