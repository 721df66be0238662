/** Random chains of views, writes through them and reductions of them, against a model that has no strides: places in a list of items. */

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { np, slice } from '../../src/index.ts'

/** The items of the memory that views share, and which of them a view shows, in C order. */
interface Model {
  shape: number[]
  cells: number[]
  memory: unknown[]
  writeable: boolean
}
type Pick = (n: number) => number
interface State {
  a: np.NDArray
  m: Model
  dtype: string
}

const DTYPES = 'bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128'.split(' ')

const count = (shape: readonly number[]): number => shape.reduce((n, side) => n * side, 1)
const point = (shape: readonly number[], flat: number): number[] => {
  const at: number[] = []
  for (let d = shape.length - 1; d >= 0; d--) {
    at.unshift(flat % shape[d]!)
    flat = Math.floor(flat / shape[d]!)
  }
  return at
}
const placeOf = (shape: readonly number[], at: readonly number[]): number => at.reduce((n, i, d) => n * shape[d]! + i, 0)

/** The model of a view: which item of the old one lies at each point of the new one. */
const seen = (m: Model, shape: number[], from: (at: number[]) => number[]): Model => ({
  ...m,
  shape,
  cells: Array.from({ length: count(shape) }, (_, i) => m.cells[placeOf(m.shape, from(point(shape, i)))]!),
})

const shuffled = (n: number, pick: Pick): number[] => {
  const order = Array.from({ length: n }, (_, i) => i)
  for (let i = n - 1; i > 0; i--) {
    const j = pick(i + 1)
    ;[order[i], order[j]] = [order[j]!, order[i]!]
  }
  return order
}
const without = (list: readonly number[], ...axes: number[]): number[] => list.filter((_, i) => !axes.includes(i))
const inserted = (list: readonly number[], axis: number, x: number): number[] => [...list.slice(0, axis), x, ...list.slice(axis)]
/** A model of memory of its own. */
const fresh = (m: Model): Model => ({
  shape: m.shape,
  cells: m.cells.map((_, i) => i),
  memory: m.cells.map((c) => m.memory[c]),
  writeable: true,
})

const VIEWS: ((s: State, pick: Pick) => [np.NDArray, Model])[] = [
  function sliced({ a, m }, pick) {
    const cuts = m.shape.map((n) => [pick(2 * n + 3) - n - 1, pick(2 * n + 3) - n - 1, [1, 2, -1, -2, 3][pick(5)]!] as const)
    const ranges = cuts.map(([start, stop, step], d) => {
      const n = m.shape[d]!
      const bound = (x: number) => Math.min(Math.max(x < 0 ? x + n : x, step > 0 ? 0 : -1), step > 0 ? n : n - 1)
      const list: number[] = []
      for (let i = bound(start); step > 0 ? i < bound(stop) : i > bound(stop); i += step) list.push(i)
      return list
    })
    const shape = ranges.map((r) => r.length)
    const view = m.shape.length === 0 ? a : a.at(...cuts.map(([start, stop, step]) => slice(start, stop, step)))
    return [view as np.NDArray, seen(m, shape, (p) => p.map((i, d) => ranges[d]![i]!))]
  },
  function transposed({ a, m }, pick) {
    const axes = shuffled(m.shape.length, pick)
    const back = axes.map((_, d) => axes.indexOf(d))
    return [
      np.transpose(a, axes),
      seen(
        m,
        axes.map((d) => m.shape[d]!),
        (p) => back.map((d) => p[d]!),
      ),
    ]
  },
  function flipped({ a, m }, pick) {
    if (m.shape.length === 0) return [a, m]
    const axis = pick(m.shape.length)
    return [np.flip(a, axis), seen(m, m.shape, (p) => p.map((i, d) => (d === axis ? m.shape[d]! - 1 - i : i)))]
  },
  function expanded({ a, m }, pick) {
    if (m.shape.length > 4) return [a, m]
    const axis = pick(m.shape.length + 1)
    return [np.expand_dims(a, axis), { ...m, shape: inserted(m.shape, axis, 1) }]
  },
  function squeezed({ a, m }) {
    return [np.squeeze(a), { ...m, shape: m.shape.filter((n) => n !== 1) }]
  },
  function reshaped({ a, m }, pick) {
    const n = m.cells.length
    const shapes = [[n], [1, n], m.shape.toReversed(), n % 2 ? [n, 1] : [n / 2, 2], n % 3 ? [n] : [3, n / 3]]
    const shape = shapes[pick(shapes.length)]!
    const b = np.reshape(a, shape)
    // A copy has memory of its own.
    return [b, n === 0 || np.shares_memory(a, b) ? { ...m, shape } : fresh({ ...m, shape })]
  },
  function diagonal({ a, m }, pick) {
    if (m.shape.length < 2) return [a, m]
    const offset = pick(3) - 1
    const [i, j] = shuffled(m.shape.length, pick) as [number, number]
    const [down, right] = [Math.max(0, -offset), Math.max(0, offset)]
    const length = Math.max(0, Math.min(m.shape[i]! - down, m.shape[j]! - right))
    const rest = without(
      m.shape.map((_, d) => d),
      i,
      j,
    )
    const from = (p: number[]): number[] =>
      m.shape.map((_, d) => (d === i ? p.at(-1)! + down : d === j ? p.at(-1)! + right : p[rest.indexOf(d)]!))
    return [np.diagonal(a, offset, i, j), { ...seen(m, [...rest.map((d) => m.shape[d]!), length], from), writeable: false }]
  },
  function broadcast({ a, m }, pick) {
    if (m.shape.length > 3 || m.cells.length > 60) return [a, m]
    const shape = [pick(2) + 1, ...m.shape.map((n) => (n === 1 ? pick(3) + 1 : n))]
    return [np.broadcast_to(a, shape), { ...seen(m, shape, (p) => p.slice(1).map((i, d) => (m.shape[d] === 1 ? 0 : i))), writeable: false }]
  },
  function windows({ a, m }, pick) {
    if (m.shape.length === 0 || m.shape.length > 3 || m.cells.length > 60) return [a, m]
    const axis = pick(m.shape.length)
    if (m.shape[axis] === 0) return [a, m]
    const width = pick(m.shape[axis]!) + 1
    const shape = [...m.shape.map((n, d) => (d === axis ? n - width + 1 : n)), width]
    const view = np.lib.stride_tricks.sliding_window_view(a, width, axis)
    return [view, { ...seen(m, shape, (p) => p.slice(0, -1).map((i, d) => (d === axis ? i + p.at(-1)! : i))), writeable: false }]
  },
  function taken({ a, m }, pick) {
    if (m.shape.length === 0 || m.shape[0] === 0) return [a, m]
    const rows = Array.from({ length: pick(4) + 1 }, () => pick(m.shape[0]!))
    const index = np.array(rows.map((i) => (pick(2) ? i : i - m.shape[0]!)))
    return [a.at(index) as np.NDArray, fresh(seen(m, [rows.length, ...m.shape.slice(1)], ([i, ...p]) => [rows[i!]!, ...p]))]
  },
]

const WRITES: ((s: State, pick: Pick) => void)[] = [
  function byMask({ a, m, dtype }, pick) {
    const mask = m.cells.map(() => pick(2) === 1)
    a.set(np.array(mask, { dtype: 'bool' }).reshape(m.shape), 1)
    const one = np.array([1], { dtype }).tolist()[0]
    for (const [i, c] of m.cells.entries()) if (mask[i]) m.memory[c] = one
  },
  function fromItself({ a, m }, pick) {
    if (m.shape.length === 0) return
    const axis = pick(m.shape.length)
    a.set('...', np.flip(a, axis))
    const old = m.cells.map((c) => m.memory[c])
    for (const [i, c] of m.cells.entries()) {
      const at = point(m.shape, i)
      at[axis] = m.shape[axis]! - 1 - at[axis]!
      m.memory[c] = old[placeOf(m.shape, at)]
    }
  },
  function inPlace({ a, m, dtype }, pick) {
    if (m.shape.length === 0) return
    const axis = pick(m.shape.length)
    const turned = m.cells.map((_, i) => {
      const at = point(m.shape, i)
      at[axis] = m.shape[axis]! - 1 - at[axis]!
      return m.memory[m.cells[placeOf(m.shape, at)]!]
    })
    const mask = m.cells.map(() => pick(3) > 0)
    np.maximum(a, np.flip(a, axis), { out: a, where: np.array(mask, { dtype: 'bool' }).reshape(m.shape) })
    for (const [i, c] of m.cells.entries()) if (mask[i]) m.memory[c] = larger(m.memory[c], turned[i], dtype)
  },
]

const order = (x: any): readonly [number, number] => (typeof x === 'object' ? [x.re, x.im] : [Number(x), 0])
function larger(x: unknown, y: unknown, dtype: string): unknown {
  if (/64/.test(dtype) && /int/.test(dtype)) return BigInt(x as number) >= BigInt(y as number) ? x : y
  const [p, q] = [order(x), order(y)]
  return p[0] > q[0] || (p[0] === q[0] && p[1] >= q[1]) ? x : y
}

/** Reductions whose results are exact for the small integers in the memory. */
function checkReductions({ a, m, dtype }: State, pick: Pick): void {
  const axes = m.shape.map((_, d) => d).filter(() => pick(2) === 1)
  const keep = m.shape.map((n, d) => (axes.includes(d) ? 1 : n))
  const total = new Array<number>(count(keep)).fill(0)
  for (const [i, c] of m.cells.entries()) {
    const at = point(m.shape, i).map((x, d) => (axes.includes(d) ? 0 : x))
    total[placeOf(keep, at)]! += order(m.memory[c])[0]
  }
  const real = /complex/.test(dtype) ? np.real(a) : a
  const sums = np.sum(real as np.NDArray, { axis: axes, keepdims: true, dtype: 'float64' }) as unknown
  expect(
    np
      .asarray(sums as number)
      .reshape(-1)
      .tolist(),
  ).toEqual(total)
}

describe('chains of views, and writes through them', () => {
  test.each(DTYPES)('%s', (dtype) => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.array(fc.array(fc.nat(1e6), { minLength: 24, maxLength: 24 }), { minLength: 1, maxLength: 7 }),
        (shape, unaligned, steps) => {
          const n = count(shape)
          const numbers = Array.from({ length: n }, (_, i) => (dtype === 'bool' ? i % 2 : (i * 7) % 11))
          const base = np.array(numbers).astype(dtype).reshape(shape) as np.NDArray
          let a = base
          if (unaligned) {
            const bytes = new Uint8Array(base.nbytes + 1)
            bytes.set(new Uint8Array(base.tobytes()), 1)
            a = np.frombuffer(bytes.buffer, { dtype, offset: 1 }).reshape(shape) as np.NDArray
          }
          let s: State = {
            a,
            dtype,
            m: { shape, cells: numbers.map((_, i) => i), memory: a.reshape(-1).tolist() as unknown[], writeable: true },
          }
          const all = s
          for (const step of steps) {
            let at = 0
            const pick: Pick = (k) => step[at++ % step.length]! % k
            if (pick(3) === 0 && s.m.writeable) WRITES[pick(WRITES.length)]!(s, pick)
            else {
              const [view, m] = VIEWS[pick(VIEWS.length)]!(s, pick)
              s = { a: np.asarray(view), dtype, m }
            }
            expect(s.a.shape).toEqual(s.m.shape)
            expect(String(s.a.dtype)).toBe(dtype)
            expect(s.a.reshape(-1).tolist()).toEqual(s.m.cells.map((c) => s.m.memory[c]))
            checkReductions(s, pick)
          }
          // What was written through views is in the first array's memory, where they share it.
          expect(all.a.reshape(-1).tolist()).toEqual(all.m.cells.map((c) => all.m.memory[c]))
        },
      ),
      { numRuns: 60 },
    )
  })
})
