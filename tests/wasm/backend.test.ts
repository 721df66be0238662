/** What is the WebAssembly backend's own: layouts in scratch memory, boxes, arrays in linear memory, traps, and loading. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { referenceBackend } from '../../src/backends/reference/index.ts'
import { blockOf } from '../../src/backends/wasm/blocks.ts'
import { boxExtents, eachBox, normalized } from '../../src/backends/wasm/boxes.ts'
import { packageFile } from '../../src/backends/wasm/file.ts'
import { WasmBackend } from '../../src/backends/wasm/index.ts'
import { Layout } from '../../src/backends/wasm/layout.ts'
import { fetchModule, localModule } from '../../src/backends/wasm/source.ts'
import { float32, float64 } from '../../src/core/dtype.ts'
import { ArgumentError, RuntimeError } from '../../src/core/errors.ts'
import { bufferStorage } from '../../src/core/storage.ts'
import { Builder } from '../../src/core/symbolic/builder.ts'
import { contiguousView, restride, type View } from '../../src/core/view.ts'

/** Random numbers with a seed (mulberry32). */
function random(seed: number): (n: number) => number {
  return (n) => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * n)
  }
}

/** Byte offsets of all elements, in C order. */
const offsets = (dims: readonly number[], strides: readonly number[], base = 0): number[] =>
  dims.reduce<number[]>((list, n, d) => list.flatMap((at) => Array.from({ length: n }, (_, i) => at + i * strides[d]!)), [base])

describe('layouts in scratch memory', () => {
  test('hold the items of any strides, and outputs touch nothing else', () => {
    for (let seed = 1; seed <= 400; seed++) {
      const r = random(seed)
      const size = [1, 2, 4, 8, 16][r(5)]!
      const dims = Array.from({ length: r(5) }, () => [1, 2, 3, 5, 9][r(5)]!)
      // a random order of dims with random gaps is an operand that overlaps itself nowhere
      const order = dims.map((_, d) => d).sort(() => r(3) - 1)
      const strides = dims.map(() => 0)
      let step = size + [0, 0, 0, 1, size][r(5)]!
      for (const d of order) {
        strides[d] = r(4) === 0 ? -step : step
        step = step * dims[d]! + [0, 0, 8, 100][r(4)]!
      }
      const low = strides.reduce((sum, s, d) => sum + Math.min(0, s * (dims[d]! - 1)), 0)
      const bytes = Uint8Array.from({ length: step + 64 + 8 }, () => r(256))
      const base = 8 - low
      const exact = r(2) === 0
      const layout = new Layout(dims, strides, size, exact, 1)
      const scratch = { bytes: new Uint8Array(layout.bytes + 256) }
      layout.copyIn({ bytes }, base, scratch, 64)
      const from = offsets(dims, strides, base)
      const to = offsets(dims, layout.strides, 64 + layout.first)
      from.forEach((at, i) => {
        expect([...scratch.bytes.subarray(to[i]!, to[i]! + size)]).toEqual([...bytes.subarray(at, at + size)])
      })
      if (!exact) continue
      const target = new Uint8Array(bytes.length)
      layout.copyOut({ bytes: target }, base, scratch, 64)
      const expected = new Uint8Array(bytes.length)
      for (const at of from) expected.set(bytes.subarray(at, at + size), at)
      expect(target).toEqual(expected)
    }
  })

  test('boxes visit every element once and fit their budget', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const r = random(seed)
      const dims = Array.from({ length: 1 + r(4) }, () => 1 + r(12))
      const operands = Array.from({ length: 1 + r(3) }, () => {
        const order = dims.map((_, d) => d).sort(() => r(3) - 1)
        const strides = dims.map(() => 0)
        let step = 8
        for (const d of order) {
          strides[d] = r(6) === 0 ? 0 : step
          step *= dims[d]!
        }
        return strides
      })
      const space = normalized({ dims, strides: operands })
      const budget = 1024
      const steps = boxExtents(
        space,
        operands.map(() => 8),
        space.dims.length,
        budget,
      )
      const seen: number[][] = operands.map(() => [])
      eachBox(space, steps, (extents, bases) => {
        expect(extents.every((e, d) => e >= 1 && e <= space.dims[d]!)).toBe(true)
        operands.forEach((_, o) => {
          seen[o]!.push(...offsets(extents, space.strides[o]!, bases[o]))
        })
      })
      const sorted = (list: number[]) => list.sort((a, b) => a - b)
      operands.forEach((strides, o) => {
        expect(sorted(seen[o]!).join()).toBe(sorted(offsets(dims, strides)).join())
      })
    }
  })
})

const found = localModule()
/** Why it cannot be tested: it is not built, or older than the instruction set. */
function reason(): string {
  if ('reason' in found) return found.reason
  try {
    new WasmBackend(found.compile, 'test').info()
    return ''
  } catch (error) {
    return (error as Error).message
  }
}
const why = reason()
if (why) console.log(`tests/wasm: the backend is not tested: ${why}`)

/** `x * y + x` of float32 or float64. */
function program(type: 'f32' | 'f64') {
  const b = new Builder(1, 2)
  const [x, y] = [b.load(0, type, false), b.load(1, type, false)] as { id: number }[]
  b.store(0, b.emit('add', type, b.emit('mul', type, x!.id, y!.id).id, x!.id))
  return b.finish()
}

describe.skipIf(why)('the WebAssembly backend', () => {
  const backend = () => new WasmBackend((found as { compile: () => object }).compile, 'test')
  const filled = (shape: number[], seed: number): View => {
    const n = shape.reduce((a, b) => a * b, 1)
    const r = random(seed)
    return contiguousView(bufferStorage(Float64Array.from({ length: n }, () => r(1000) / 8).buffer), float64, shape)
  }
  const numbers = (v: View, of = backend()): Float64Array => {
    const bytes = of.bytes(v.storage)
    return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)
  }

  test('maps of several boxes over transposed, reversed, broadcast and stepped operands equal the reference', () => {
    const wasm = backend()
    const shape = [150, 170]
    const a = filled(shape, 1)
    const t = filled([170, 150], 2)
    const wide = filled([150, 340], 3)
    const others = [
      restride(t, shape, [8, 150 * 8]),
      restride(a, shape, [-170 * 8, -8], (150 * 170 - 1) * 8),
      restride(filled([170], 4), [170], [8]),
      restride(wide, shape, [340 * 8, 16]),
      restride(filled([1], 5), [], []),
    ]
    for (const other of others) {
      for (const resident of [true, false]) {
        const nbytes = 150 * 170 * 8
        const out = contiguousView(resident ? wasm.allocate(nbytes) : bufferStorage(new ArrayBuffer(nbytes)), float64, shape)
        const expected = contiguousView(bufferStorage(new ArrayBuffer(nbytes)), float64, shape)
        wasm.map(program('f64'), shape, [out], [a, other])
        referenceBackend.map(program('f64'), shape, [expected], [a, other])
        expect(numbers(out, wasm)).toEqual(numbers(expected))
      }
    }
  })

  test('an output with gaps leaves what lies between its items alone', () => {
    const wasm = backend()
    const memory = new Float64Array(40_000).fill(7)
    const out = restride(contiguousView(bufferStorage(memory.buffer), float64, [40_000]), [20_000], [16], 8)
    wasm.map(program('f64'), [20_000], [out], [filled([20_000], 1), filled([20_000], 2)])
    expect(memory.every((x, i) => i % 2 === 1 || x === 7)).toBe(true)
  })

  test('arrays stay in linear memory until they are looked at, and survive a trap', () => {
    const wasm = backend()
    const out = contiguousView(wasm.allocate(80_000), float64, [10_000])
    const [a, b] = [filled([10_000], 1), filled([10_000], 2)]
    wasm.map(program('f64'), [10_000], [out], [a, b])
    expect(blockOf(out.storage).address).toBeGreaterThan(0)
    const inner = (wasm as unknown as { instance: { exports: object } }).instance
    inner.exports = {
      ...inner.exports,
      run: () => {
        throw new Error('unreachable')
      },
    }
    expect(() => wasm.map(program('f64'), [10_000], [out], [a, b])).toThrow(RuntimeError)
    expect(blockOf(out.storage).address).toBe(0)
    const again = contiguousView(wasm.allocate(80_000), float64, [10_000])
    wasm.map(program('f64'), [10_000], [again], [a, b])
    expect(numbers(out, wasm)).toEqual(numbers(again, wasm))
    expect(blockOf(again.storage).address).toBe(0)
  })

  test('blocks are used again when they are released', () => {
    const wasm = backend()
    const stats = () => (wasm.info().pool as { resident: number }).resident
    const storage = wasm.allocate(1 << 20)
    expect(stats()).toBe(1 << 20)
    wasm.release(storage)
    wasm.release(storage)
    expect(stats()).toBe(0)
    expect(() => wasm.bytes(storage)).toThrow(RuntimeError)
    expect(new Uint8Array(wasm.bytes(wasm.allocate(1 << 20, true))).every((x) => x === 0)).toBe(true)
  })

  test('an operand beyond its block is an error', () => {
    const v = restride(filled([10], 1), [11], [8])
    const out = contiguousView(bufferStorage(new ArrayBuffer(88)), float64, [11])
    expect(() => backend().map(program('f64'), [11], [out], [v, v])).toThrow(/reaches bytes 0\.\.88 of a block of 80/)
  })

  test('operands of several dtypes and no elements at all are served', () => {
    const wasm = backend()
    const empty = contiguousView(bufferStorage(new ArrayBuffer(0)), float32, [3, 0])
    wasm.map(program('f32'), [3, 0], [empty], [empty, empty])
    wasm.call(
      'matmul',
      [contiguousView(bufferStorage(new ArrayBuffer(72)), float64, [3, 3])],
      [
        contiguousView(bufferStorage(new ArrayBuffer(0)), float64, [3, 0]),
        contiguousView(bufferStorage(new ArrayBuffer(0)), float64, [0, 3]),
      ],
    )
  })

  test('the kernels load from bytes, a URL and a module; anything else is an error', async () => {
    const { module } = await fetchModule(readFileSync(packageFile()))
    expect((await fetchModule(module)).module).toBe(module)
    expect((await fetchModule(packageFile())).from).toBe(packageFile().href)
    await expect(fetchModule(new Uint8Array(8))).rejects.toThrow(RuntimeError)
    await expect(fetchModule('file:///nowhere/numgrad.wasm')).rejects.toThrow(RuntimeError)
    await expect(fetchModule(7 as never)).rejects.toThrow(ArgumentError)
  })
})
