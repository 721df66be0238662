/** Random programs over random dtypes and layouts: the compiled kernels against the reference backend, bit for bit. */

import { describe, expect, test } from 'vitest'
import { referenceBackend } from '../../src/backends/reference/index.ts'
import { backendOf } from '../../src/core/backend.ts'
import { DTYPES, type DType } from '../../src/core/dtype.ts'
import { MONOIDS, type Monoid, type Opcode, type RegisterType } from '../../src/core/opcodes.ts'
import { allocateSmall, bufferStorage } from '../../src/core/storage.ts'
import { Builder, type Reg } from '../../src/core/symbolic/builder.ts'
import { contiguousView, restride, type View } from '../../src/core/view.ts'
import '../../src/runtime.ts'

/** A small generator with a seed, so that a failure can be repeated (mulberry32). */
function random(seed: number) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

type Random = () => number
const pick = <T>(r: Random, list: readonly T[]): T => list[Math.floor(r() * list.length)]!
const NUMERIC = DTYPES.filter((d) => !d.isObject)
const FLOATS: readonly RegisterType[] = ['f32', 'f64']
const TYPES: readonly RegisterType[] = ['i32', 'u32', 'i64', 'u64', 'f32', 'f64']

/** Instructions whose results are exact, so that two correct backends agree in every bit. */
const ANY2: readonly Opcode[] = ['add', 'sub', 'mul', 'min', 'max', 'floordiv', 'rem', 'fmod']
const INT2: readonly Opcode[] = ['and', 'or', 'xor', 'shl', 'shr', 'gcd']
const FLOAT2: readonly Opcode[] = ['div', 'fmin', 'fmax', 'copysign']
const ANY1: readonly Opcode[] = ['neg', 'abs']
const FLOAT1: readonly Opcode[] = ['floor', 'ceil', 'trunc', 'rint', 'sqrt']
const COMPARE: readonly Opcode[] = ['eq', 'ne', 'lt', 'le', 'gt', 'ge']

const VALUES = [
  0,
  -0,
  1,
  -1,
  0.5,
  -2.5,
  3,
  7,
  100,
  127,
  128,
  255,
  -129,
  65535,
  1e9,
  -1e9,
  2 ** 31,
  2 ** 53,
  1e300,
  1e-310,
  Number.NaN,
  Infinity,
  -Infinity,
]

/** A view of random values with a random layout: transposed, reversed, stepped or repeated. */
function randomView(r: Random, dtype: DType, dims: readonly number[]): View {
  const layout = pick(r, ['plain', 'plain', 'transposed', 'reversed', 'stepped', 'repeated'])
  const shape = layout === 'transposed' ? [...dims].reverse() : layout === 'stepped' ? dims.map((n) => 2 * n) : [...dims]
  const nbytes = shape.reduce((n, d) => n * d, dtype.itemsize)
  const storage = bufferStorage(new ArrayBuffer(nbytes))
  const full = contiguousView(storage, dtype, shape)
  const bytes = new DataView(storage.buffer!)
  for (let i = 0; i < full.size; i++) {
    const at = i * dtype.itemsize
    const parts = dtype.isComplex ? [0, dtype.itemsize / 2] : [0]
    for (const part of parts) {
      const x = r() < 0.5 ? pick(r, VALUES) : Math.round((r() - 0.5) * 2000) / 8
      if (dtype.name === 'float64' || dtype.name === 'complex128') bytes.setFloat64(at + part, x, true)
      else if (dtype.name === 'float32' || dtype.name === 'complex64') bytes.setFloat32(at + part, x, true)
      else if (dtype.kind === 'b') bytes.setUint8(at, r() < 0.5 ? 1 : 0)
      else if (dtype.kind === 'f') bytes.setUint16(at, Math.floor(r() * 0x7b00) | (r() < 0.5 ? 0x8000 : 0), true)
      else for (let k = 0; k < dtype.itemsize; k++) bytes.setUint8(at + k, r() < 0.3 ? pick(r, [0, 255, 1, 128]) : Math.floor(r() * 256))
    }
  }
  if (layout === 'transposed') return restride(full, dims, [...full.strides].reverse())
  if (layout === 'stepped')
    return restride(
      full,
      dims,
      full.strides.map((s) => 2 * s),
    )
  if (layout === 'reversed')
    return restride(
      full,
      dims,
      full.strides.map((s) => -s),
      full.strides.reduce((o, s, i) => o + s * (dims[i]! - 1), 0),
    )
  if (layout === 'repeated')
    return restride(
      full,
      dims,
      full.strides.map((s) => (r() < 0.5 ? 0 : s)),
    )
  return full
}

/** Appends a random instruction over the registers so far. */
function step(r: Random, b: Builder, regs: Reg[]): void {
  const x = pick(r, regs)
  const isFloat = FLOATS.includes(x.type)
  const same = regs.filter((y) => y.type === x.type)
  const y = pick(r, same)
  const roll = r()
  if (x.type === 'b1')
    regs.push(roll < 0.4 ? b.emit(pick(r, ['and', 'or', 'xor']), 'b1', x.id, y.id) : b.emit('cast', pick(r, TYPES), x.id, 0, 0, 'b1'))
  else if (roll < 0.45) {
    const op = pick(r, isFloat ? [...ANY2, ...FLOAT2] : [...ANY2, ...INT2])
    regs.push(b.emit(op, x.type, x.id, y.id))
  } else if (roll < 0.6) regs.push(b.emit(pick(r, isFloat ? [...ANY1, ...FLOAT1] : ANY1), x.type, x.id))
  else if (roll < 0.75) regs.push(b.emit(pick(r, COMPARE), x.type, x.id, y.id))
  else if (roll < 0.9) {
    const to = pick(r, TYPES)
    if (to !== x.type) regs.push(b.emit('cast', to, x.id, 0, 0, x.type))
  } else {
    const conditions = regs.filter((c) => c.type === 'b1')
    if (conditions.length) regs.push(b.emit('select', x.type, pick(r, conditions).id, x.id, y.id))
  }
}

/** The bytes of a view that a backend wrote, NaNs made equal. */
function image(v: View): string {
  const { dtype } = v
  const bytes = new DataView(v.storage.buffer!, v.storage.byteOffset + v.offset, v.nbytes)
  const out: string[] = []
  const size = dtype.isComplex ? dtype.itemsize / 2 : dtype.itemsize
  for (let at = 0; at < v.nbytes; at += size) {
    let hex = ''
    for (let k = 0; k < size; k++)
      hex += bytes
        .getUint8(at + k)
        .toString(16)
        .padStart(2, '0')
    if (dtype.isInexact) {
      const top = size === 2 ? bytes.getUint16(at, true) : 0
      const nan =
        size === 8
          ? Number.isNaN(bytes.getFloat64(at, true))
          : size === 4
            ? Number.isNaN(bytes.getFloat32(at, true))
            : dtype.name === 'float16'
              ? (top & 0x7fff) > 0x7c00
              : (top & 0x7fff) > 0x7f80
      if (nan) hex = 'nan'
    }
    out.push(hex)
  }
  return out.join(' ')
}

const compiled = backendOf('cpu')
const hasKernels = compiled.name !== 'reference'

describe.skipIf(!hasKernels)('the compiled kernels against the reference backend', () => {
  test('random map programs give the same bits', () => {
    for (let seed = 1; seed <= 1500; seed++) {
      const r = random(seed)
      const dims = Array.from({ length: Math.floor(r() * 4) }, () => pick(r, [1, 2, 3, 5]))
      const ins = Array.from({ length: 1 + Math.floor(r() * 3) }, () => randomView(r, pick(r, NUMERIC), dims))
      const b = new Builder(1, ins.length)
      const regs: Reg[] = []
      ins.forEach((v, i) => {
        const x = b.load(i, v.dtype.register, v.dtype.isComplex)
        if ('re' in x) regs.push(x.re, x.im)
        else regs.push(x)
      })
      for (let i = 0; i < 1 + Math.floor(r() * 8); i++) step(r, b, regs)
      const outDType = pick(r, NUMERIC)
      b.store(0, regs[regs.length - 1]!, outDType.isComplex)
      const program = b.finish()
      const outs = [0, 1].map(() => contiguousView(allocateSmall(4096), outDType, dims))
      referenceBackend.map(program, dims, [outs[0]!], ins)
      compiled.map(program, dims, [outs[1]!], ins)
      expect(image(outs[1]!), `seed ${seed}: ${ins.map((v) => v.dtype.name).join(', ')} -> ${outDType.name}`).toBe(image(outs[0]!))
    }
  })

  test('random reductions over any axes give the same bits where sums are exact', () => {
    for (let seed = 1; seed <= 800; seed++) {
      const r = random(seed * 7919)
      const dims = Array.from({ length: 1 + Math.floor(r() * 3) }, () => pick(r, [1, 2, 3, 7]))
      const axes = dims.map((_, i) => i).filter(() => r() < 0.5)
      const dtype = pick(
        r,
        NUMERIC.filter((d) => !d.isComplex),
      )
      const v = randomView(r, dtype, dims)
      const { register } = dtype
      const usable = MONOIDS.filter((m: Monoid) => {
        if (m === 'set') return false
        if (m === 'any' || m === 'all') return register === 'b1'
        if (register === 'b1') return false
        if (m === 'and' || m === 'or' || m === 'xor') return !FLOATS.includes(register)
        return !(FLOATS.includes(register) && (m === 'sum' || m === 'prod'))
      })
      const monoid = pick(r, usable)
      const b = new Builder(1, 1)
      let acc = 0
      b.stage('reduce', (fold) => {
        acc = fold(monoid, b.load(0, register) as Reg)
      })
      b.stage('outer', () => b.store(0, b.acc(acc)))
      const program = b.finish()
      const outDType = monoid.startsWith('arg') ? DTYPES[4]! : dtype
      const kept = dims.map((n, i) => (axes.includes(i) ? 1 : n))
      const outs = [0, 1].map(() => contiguousView(allocateSmall(4096), outDType, kept))
      referenceBackend.reduce(program, dims, axes, [outs[0]!], [v])
      compiled.reduce(program, dims, axes, [outs[1]!], [v])
      expect(image(outs[1]!), `seed ${seed * 7919}: ${monoid} of ${dtype.name} [${dims}] over [${axes}]`).toBe(image(outs[0]!))
    }
  })
})
