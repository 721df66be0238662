/** The inputs of a case, the same on every side: made once by a seeded generator, handed to Python as files of raw bytes. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case, Fill } from './cases.ts'
import type { InputFile } from './python.ts'

export type Numbers = Float64Array | Float32Array | BigInt64Array | Uint8Array

export interface Input {
  readonly data: Numbers
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

/** About normal (the sum of four uniforms), or a positive number of the middle range. */
function fill(data: Numbers, how: Fill, dtype: string, random: () => number): void {
  const real = how === 'positive' ? () => 0.5 + random() : () => (random() + random() + random() + random() - 2) * Math.sqrt(3)
  if (data instanceof BigInt64Array) {
    const limit = how === 'index' ? data.length : 1000
    for (let i = 0; i < data.length; i++) data[i] = BigInt(Math.floor(random() * limit))
  } else if (dtype === 'bool') for (let i = 0; i < data.length; i++) data[i] = random() < 0.5 ? 0 : 1
  else for (let i = 0; i < data.length; i++) data[i] = real()
}

const ARRAYS: Record<string, new (n: number) => Numbers> = {
  float64: Float64Array,
  float32: Float32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
}

/** Rows and columns of a case's matrices. */
const sideOf = ({ sizes }: Case, size: number) => (sizes ? size : Math.max(1, Math.round(Math.sqrt(size))))

/** The inputs a, b, c of a case. */
export function makeInputs(row: Case, dtype: string, size: number): Record<string, Input> {
  const side = sideOf(row, size)
  const shape = row.square ? [side, side] : [size]
  const n = shape.reduce((x, y) => x * y, 1)
  const inputs: Record<string, Input> = {}
  row.inputs.forEach((how, i) => {
    const own = how === 'index' ? 'int64' : how === 'mask' ? 'bool' : dtype
    const data = new ARRAYS[own]!(n)
    fill(data, how, own, uniform(12345 + i))
    inputs['abc'[i]!] = { data, dtype: own, shape }
  })
  return inputs
}

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
