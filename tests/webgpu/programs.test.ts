import { describe, expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference/index.ts'
import { webgpuBackend } from '../../src/backends/webgpu/index.ts'
import { backendOf } from '../../src/core/backend.ts'
import { fetched, toDevice } from '../../src/core/copy.ts'
import { type DType, dtypeOf } from '../../src/core/dtype.ts'
import { items } from '../../src/core/element.ts'
import type { Monoid, Opcode, RegisterType } from '../../src/core/opcodes.ts'
import { bufferStorage } from '../../src/core/storage.ts'
import { Builder, type Reg } from '../../src/core/symbolic/builder.ts'
import { contiguousView, restride, type View } from '../../src/core/view.ts'
import { absent, why } from './open.ts'

/** A small generator with a seed, so that a failure can be repeated (mulberry32). */
function random(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
const pick = <T>(r: () => number, list: readonly T[]): T => list[Math.floor(r() * list.length)]!

const DTYPES = ['bool', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float16'].map((name) =>
  dtypeOf(name),
)
const TYPES: readonly RegisterType[] = ['i32', 'u32', 'i64', 'u64', 'f32']
const EDGES = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  3,
  7,
  127,
  128,
  255,
  -129,
  65535,
  1e9,
  -1e9,
  2 ** 31,
  2 ** 53,
  1e30,
  Number.NaN,
  Infinity,
  -Infinity,
]

/** Instructions whose results are exact. Float division and what builds on it is not, in WGSL. */
const INTEGER2: readonly Opcode[] = [
  'add',
  'sub',
  'mul',
  'min',
  'max',
  'floordiv',
  'rem',
  'fmod',
  'and',
  'or',
  'xor',
  'shl',
  'shr',
  'gcd',
  'lcm',
  'pow',
]
const FLOAT2: readonly Opcode[] = ['min', 'max', 'fmin', 'fmax', 'copysign', 'fmod']
const COMPARE: readonly Opcode[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge']

/** Random values in a random layout; integers of all sizes. */
function randomView(r: () => number, dtype: DType, shape: readonly number[]): View {
  const reversed = r() < 0.3
  const v = contiguousView(bufferStorage(new ArrayBuffer(shape.reduce((n, d) => n * d, dtype.itemsize))), dtype, shape)
  const d = new DataView(v.storage.buffer!)
  for (let i = 0; i < v.size; i++) {
    const at = i * dtype.itemsize
    if (dtype.name === 'float32') d.setFloat32(at, r() < 0.4 ? pick(r, EDGES) : Math.round((r() - 0.5) * 2000) / 8, true)
    else if (dtype.name === 'float16')
      d.setUint16(at, (1 + Math.floor(r() * 29)) * 1024 + Math.floor(r() * 1024) + (r() < 0.5 ? 0x8000 : 0), true)
    else if (dtype.kind === 'b') d.setUint8(at, r() < 0.5 ? 1 : 0)
    else {
      const small = r() < 0.4
      const fill = r() < 0.2 ? 255 : 0
      for (let k = 0; k < dtype.itemsize; k++) d.setUint8(at + k, small && k > 0 ? fill : Math.floor(r() * 256))
    }
  }
  if (!reversed) return v
  const back = v.strides.reduce((o, s, i) => o + s * (shape[i]! - 1), 0)
  return restride(
    v,
    shape,
    v.strides.map((s) => -s),
    back,
  )
}

function step(r: () => number, b: Builder, regs: Reg[]): void {
  const x = pick(r, regs)
  const y = pick(
    r,
    regs.filter((z) => z.type === x.type),
  )
  const roll = r()
  if (x.type === 'b1')
    regs.push(roll < 0.5 ? b.emit(pick(r, ['and', 'or', 'xor']), 'b1', x.id, y.id) : b.emit('cast', pick(r, TYPES), x.id, 0, 0, 'b1'))
  else if (roll < 0.5) regs.push(b.emit(pick(r, x.type === 'f32' ? FLOAT2 : INTEGER2), x.type, x.id, y.id))
  else if (roll < 0.6) regs.push(b.emit(pick(r, ['neg', 'abs']), x.type, x.id))
  else if (roll < 0.75) regs.push(b.emit(pick(r, COMPARE), x.type, x.id, y.id))
  else regs.push(b.emit('cast', pick(r, [...TYPES, 'b1'] as const), x.id, 0, 0, x.type))
}

/** Runs a program on both and compares; NaNs are equal. */
async function agree(outs: readonly View[], there: readonly View[]): Promise<void> {
  for (const [i, out] of outs.entries()) expect(items(await fetched(there[i]!)).map(String)).toEqual(items(out).map(String))
}

const fresh = (dtype: DType, shape: readonly number[]) =>
  contiguousView(bufferStorage(new ArrayBuffer(shape.reduce((n, d) => n * d, dtype.itemsize))), dtype, shape)

describe.skipIf(absent !== null)(`random programs on the GPU give the reference's bits${why}`, () => {
  test.each(Array.from({ length: 40 }, (_, seed) => seed))('map %i', async (seed) => {
    const r = random(seed)
    const dims = pick(r, [[7], [3, 5], [2, 3, 4], [33]])
    const ins = [0, 1, 2].map(() => randomView(r, pick(r, DTYPES), r() < 0.2 ? [1] : dims))
    const b = new Builder(2, 3)
    const regs = ins.map((v, i) => b.load(i, v.dtype.register) as Reg)
    for (let i = 0; i < 12; i++) step(r, b, regs)
    const results = [regs.at(-1)!, regs.at(-2)!]
    results.forEach((x, i) => {
      b.store(i, x)
    })
    const program = b.finish()
    // float16 results of float32 values round once
    const types = results.map((x) => pick(r, x.type === 'f32' ? DTYPES : DTYPES.filter((d) => !d.isFloat)))
    const outs = types.map((d) => fresh(d, dims))
    referenceBackend.map(program, dims, outs, ins, [])
    const there = types.map((d) => toDevice(fresh(d, dims), 'webgpu'))
    backendOf('webgpu').map(program, dims, there, ins.map((v) => toDevice(v, 'webgpu'))) // biome-ignore format: one line
    await agree(outs, there)
  })

  const monoids: readonly (readonly [Monoid, string])[] = [
    ['sum', 'int64'], ['prod', 'int32'], ['min', 'float32'], ['max', 'uint64'], ['fmin', 'float32'], ['fmax', 'float32'], ['argmin', 'int64'], ['argmax', 'float32'],
    ['and', 'uint32'], ['or', 'int64'], ['xor', 'uint8'], ['any', 'bool'], ['all', 'bool'], ['argmax', 'uint32'], ['argmin', 'bool'], ['min', 'int8'],
  ] // biome-ignore format: a table
  test.each(
    monoids.flatMap(([monoid, dtype]) =>
      [
        [5, 3],
        [3, 40],
        [2, 9000],
      ].map((dims) => ({ monoid, dtype, dims })),
    ),
  )('$monoid of $dtype over the rows and columns of $dims', async ({ monoid, dtype, dims }) => {
    const r = random(dims[1]!)
    const d = dtypeOf(dtype)
    const x = randomView(r, d, dims)
    for (const axes of [[1], [0]]) {
      const b = new Builder(1, 1)
      let acc = 0
      b.stage('reduce', (fold) => {
        acc = fold(monoid, b.load(0, d.register) as Reg)
      })
      b.stage('outer', () => b.store(0, b.acc(acc)))
      const program = b.finish()
      const type = monoid.startsWith('arg') ? dtypeOf('int64') : d
      const shape = dims.map((n, i) => (axes.includes(i) ? 1 : n))
      const out = fresh(type, shape)
      referenceBackend.reduce(program, dims, axes, [out], [x], [])
      const { kernels } = webgpuBackend()!
      const before = kernels.subgroups
      // with subgroups too, where the device has them
      for (const subgroups of kernels.hasSubgroups ? [false, true] : [false]) {
        kernels.subgroups = subgroups
        const there = toDevice(fresh(type, shape), 'webgpu')
        backendOf('webgpu').reduce(program, dims, axes, [there], [toDevice(x, 'webgpu')])
        kernels.subgroups = before
        await agree([out], [there])
      }
    }
  })
})
