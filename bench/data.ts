/** The inputs of a case, the same on every side: made once by a seeded generator, handed to Python as files of raw bytes. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case, Fill } from './cases/row.ts'
import type { InputFile } from './children.ts'

export type Numbers = Float64Array | Float32Array | BigInt64Array | Int32Array | Int16Array | Int8Array | Uint8Array

export interface Input {
  readonly data: Numbers
  /** The dtype of the array; float16 is handed over as float32 and converted there. */
  readonly dtype: string
  readonly shape: readonly number[]
}

/** Uniform numbers in [0, 1) of a 32-bit state (Marsaglia's xorshift). */
function uniform(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}

/** About normal (the sum of four uniforms), or a positive number of the middle range; of integers, below a limit. */
function fill(data: Numbers, how: Fill, dtype: string, random: () => number): void {
  const real = how === 'positive' ? () => 0.5 + random() : () => (random() + random() + random() + random() - 2) * Math.sqrt(3)
  if (data instanceof BigInt64Array) {
    const limit = how === 'index' ? data.length : 1000
    for (let i = 0; i < data.length; i++) data[i] = BigInt(Math.floor(random() * limit))
  } else if (dtype === 'bool') for (let i = 0; i < data.length; i++) data[i] = random() < 0.5 ? 0 : 1
  else if (dtype.startsWith('int')) for (let i = 0; i < data.length; i++) data[i] = Math.floor(random() * 100)
  else for (let i = 0; i < data.length; i++) data[i] = real()
}

const ARRAYS: Record<string, new (n: number) => Numbers> = {
  float64: Float64Array,
  float32: Float32Array,
  float16: Float32Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  bool: Uint8Array,
}

/** The shape of a case's i-th input. */
function shapeOf({ shapes, square, sizes }: Case, size: number, i: number): readonly number[] {
  const given = shapes?.(size)[i]
  if (given || !square) return given ?? [size]
  const side = sizes ? size : Math.max(1, Math.round(Math.sqrt(size)))
  return [side, side]
}

/** The inputs a, b, c of a case. */
export function makeInputs(row: Case, dtype: string, size: number): Record<string, Input> {
  const inputs: Record<string, Input> = {}
  row.inputs.forEach((how, i) => {
    const shape = shapeOf(row, size, i)
    const own = how === 'index' ? 'int64' : how === 'mask' ? 'bool' : dtype
    const data = new ARRAYS[own]!(shape.reduce((x, y) => x * y, 1))
    fill(data, how, own, uniform(12345 + i))
    inputs['abc'[i]!] = { data, dtype: own, shape }
  })
  return inputs
}

const ITEMSIZES: Record<string, number> = { float16: 2 }

/** The bytes that the inputs take. */
export const inputBytes = (inputs: Record<string, Input>): number =>
  Object.values(inputs).reduce((sum, { data, dtype }) => sum + data.length * (ITEMSIZES[dtype] ?? data.BYTES_PER_ELEMENT), 0)

export const itemsizeOf = (dtype: string): number => ITEMSIZES[dtype] ?? new ARRAYS[dtype]!(0).BYTES_PER_ELEMENT

/** The inputs as files in a folder. */
export function writeInputs(inputs: Record<string, Input>, folder: string): Record<string, InputFile> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, { data, dtype, shape }]) => {
      const file = join(folder, `${name}.bin`)
      writeFileSync(file, data)
      return [name, { file, dtype, shape }]
    }),
  )
}

/** The inputs of such files again. */
export function readInputs(files: Record<string, InputFile>, read: (file: string) => Uint8Array): Record<string, Input> {
  return Object.fromEntries(
    Object.entries(files).map(([name, { file, dtype, shape }]) => {
      const bytes = read(file)
      const copy = new Uint8Array(bytes.byteLength)
      copy.set(bytes)
      const Type = ARRAYS[dtype] as unknown as new (buffer: ArrayBuffer) => Numbers
      return [name, { data: new Type(copy.buffer), dtype, shape }]
    }),
  )
}
