import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { float32, int16, object } from '../../src/core/dtype.ts'
import { items, viewOf } from '../../src/core/element.ts'
import { contiguousStrides, sizeOf } from '../../src/core/shape.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import * as ops from '../../src/ops/index.ts'

/** An array as a function: what a view should be, without strides. */
interface Model {
  readonly shape: readonly number[]
  readonly at: (point: readonly number[]) => number
}

const points = (shape: readonly number[]): number[][] => {
  const steps = contiguousStrides(shape, 1)
  return Array.from({ length: sizeOf(shape) }, (_, flat) => steps.map((step, i) => Math.floor(flat / step) % shape[i]!))
}
const listOf = (m: Model): number[] => points(m.shape).map(m.at)
const remove = (list: readonly number[], ...axes: number[]): number[] => list.filter((_, i) => !axes.includes(i))

/** A step: the same operation on both, chosen by numbers that are brought into range. */
type Step = (x: Value, m: Model, pick: (n: number) => number) => [Value, Model]

const STEPS: Step[] = [
  function sliced(x, m, pick) {
    const cut = m.shape.map((n) => {
      const step = [1, 2, -1, -2][pick(4)]!
      const start = n === 0 ? 0 : pick(n)
      const most = n === 0 ? 0 : step > 0 ? Math.ceil((n - start) / step) : Math.floor(start / -step) + 1
      return { start, step, length: pick(most + 1) }
    })
    return [
      ops.slice(
        x,
        cut.map((c) => (c.length ? c.start : 0)),
        cut.map((c) => c.length),
        cut.map((c) => c.step),
      ),
      { shape: cut.map((c) => c.length), at: (p) => m.at(p.map((i, d) => cut[d]!.start + i * cut[d]!.step)) },
    ]
  },
  function transposed(x, m, pick) {
    const axes = m.shape.map((_, i) => i)
    for (let i = axes.length - 1; i > 0; i--) {
      const j = pick(i + 1)
      ;[axes[i], axes[j]] = [axes[j]!, axes[i]!]
    }
    return [ops.transpose(x, axes), { shape: axes.map((a) => m.shape[a]!), at: (p) => m.at(axes.map((_, i) => p[axes.indexOf(i)]!)) }]
  },
  function reshaped(x, m, pick) {
    const n = sizeOf(m.shape)
    const shapes = [[n], [1, n], m.shape.toReversed(), [...m.shape, 1], n % 2 ? [n, 1, 1] : [2, n / 2], n % 3 ? [n] : [n / 3, 3]]
    const shape = shapes[pick(shapes.length)]!
    const flat = listOf(m)
    const steps = contiguousStrides(shape, 1)
    return [ops.reshape(x, shape), { shape, at: (p) => flat[p.reduce((s, i, d) => s + i * steps[d]!, 0)]! }]
  },
  function flipped(x, m, pick) {
    if (m.shape.length === 0) return [x, m]
    const axis = pick(m.shape.length)
    return [ops.flip(x, axis), { shape: m.shape, at: (p) => m.at(p.map((i, d) => (d === axis ? m.shape[d]! - 1 - i : i))) }]
  },
  function onDiagonal(x, m, pick) {
    if (m.shape.length < 2) return [x, m]
    const a = pick(m.shape.length)
    const b = (a + 1 + pick(m.shape.length - 1)) % m.shape.length
    const shift = pick(5) - 2
    const [rows, columns] = [m.shape[a]!, m.shape[b]!]
    const length = Math.max(0, Math.min(rows + Math.min(shift, 0), columns - Math.max(shift, 0)))
    return [
      ops.diagonal(x, shift, a, b),
      {
        shape: [...remove(m.shape, a, b), length],
        at: (p) => {
          const rest = p.slice(0, -1)
          const k = p.at(-1)!
          return m.at(m.shape.map((_, d) => (d === a ? k + Math.max(0, -shift) : d === b ? k + Math.max(0, shift) : rest.shift()!)))
        },
      },
    ]
  },
  function repeated(x, m, pick) {
    const shape = [1 + pick(2), ...m.shape.map((n) => (n === 1 ? 1 + pick(3) : n))]
    return [ops.broadcastTo(x, shape), { shape, at: (p) => m.at(p.slice(1).map((i, d) => (m.shape[d] === 1 ? 0 : i))) }]
  },
  function windows(x, m, pick) {
    if (m.shape.length === 0) return [x, m]
    const axis = pick(m.shape.length)
    const size = pick(m.shape[axis]! + 1)
    const step = 1 + pick(2)
    return [
      ops.unfold(x, axis, size, step),
      {
        shape: [...m.shape.map((n, d) => (d === axis ? Math.floor((n - size) / step) + 1 : n)), size],
        at: (p) => m.at(p.slice(0, -1).map((i, d) => (d === axis ? i * step + p.at(-1)! : i))),
      },
    ]
  },
]

const programs = fc.array(fc.tuple(fc.nat(STEPS.length - 1), fc.infiniteStream(fc.nat(1000))), { minLength: 1, maxLength: 6 })
const shapes = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 })

describe('views of views', () => {
  for (const dtype of [int16, float32, object]) {
    test(`of ${dtype.name} hold the elements that a model without strides holds`, () => {
      fc.assert(
        fc.property(shapes, programs, (shape, program) => {
          const n = sizeOf(shape)
          const numbers = Array.from({ length: n }, (_, i) => i)
          const steps = contiguousStrides(shape, 1)
          let m: Model = { shape, at: (p) => p.reduce((s, i, d) => s + i * steps[d]!, 0) }
          let x: Value = viewOf(numbers, shape, dtype)
          for (const [which, stream] of program) {
            if (sizeOf(m.shape) > 5000 || m.shape.length > 8) break
            const pick = (limit: number): number => stream.next().value! % limit
            ;[x, m] = STEPS[which]!(x, m, pick)
          }
          expect(x.shape).toEqual([...m.shape])
          expect(items(x as View)).toEqual(listOf(m))
        }),
        { numRuns: 400, seed: 7 },
      )
    })
  }
})
