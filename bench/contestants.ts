/** Makes the contestants of a case: our NumPy and PyTorch faces, the real ones, and a plain loop, over the same numbers. */

import type { Case } from './cases.ts'
import type { Input, Numbers } from './data.ts'
import type { Contestant } from './measure.ts'
import type { InputFile, PythonChild } from './python.ts'

/** What a library's namespace must offer to the bench; the rest is reached by the cases' texts. */
export type Namespace = Record<string, any>

/** The names of the contestants in tables and files. */
export type Side = 'np' | 'NumPy' | 'torch' | 'PyTorch' | 'loop'

/** What a result's items sum to; NaN when that cannot be told. */
function total(value: unknown): number {
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value)
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value) && value.length > 0) return total(value[0])
  const { values, tolist } = value as { values?: unknown; tolist?: () => unknown }
  if (tolist === undefined) return ArrayBuffer.isView(value) ? addUp(value as Numbers) : values === undefined ? Number.NaN : total(values)
  const list = (value as { tolist(): unknown }).tolist()
  return typeof list === 'object' ? addUp((list as unknown[]).flat(Infinity) as number[]) : Number(list)
}

function addUp(items: Iterable<number | bigint>): number {
  let sum = 0
  for (const item of items) sum += Number(item)
  return sum
}

/** Times a text that is compiled for this case alone, so that no other case's types reach its code. */
function compiled(name: Side, names: readonly string[], values: readonly unknown[], text: string): Contestant {
  const once = new Function(...names, `return ${text}`)
  const many = new Function(...names, 'repeats', `let x; for (let r = 0; r < repeats; r++) x = ${text}; return x`)
  const run = (repeats: number): number => {
    const begun = performance.now()
    many(...values, repeats)
    return (performance.now() - begun) / 1000
  }
  return { name, run, value: total(once(...values)) }
}

/** Our side of a case: its text, run by one of our namespaces. */
export function ours(name: 'np' | 'torch', library: Namespace, text: string, inputs: Record<string, Input>): Contestant {
  const make = name === 'np' ? library.array : library.tensor
  const arrays = Object.values(inputs).map(({ data, dtype, shape }) => {
    const flat = dtype === 'bool' ? make(data, { dtype: library.bool }) : make(data)
    return shape.length === 1 ? flat : flat.reshape([...shape])
  })
  return compiled(name, [name, ...Object.keys(inputs)], [library, ...arrays], text)
}

/** The plain loop of a case. */
export function loop(row: Case, dtype: string, size: number, inputs: Record<string, Input>): Contestant {
  const copies = Object.values(inputs).map(({ data }) => data.slice())
  const Out = dtype === 'float32' ? Float32Array : Float64Array
  const n = row.sizes ? size : copies[0]!.length
  return compiled('loop', ['n', 'Out', ...Object.keys(inputs)], [n, Out, ...copies], `(() => { ${row.js} })()`)
}

/** The real library's side of a case. */
export async function python(child: PythonChild, text: string, files: Record<string, InputFile>): Promise<Contestant> {
  const value = await child.setup(text, files)
  return { name: child.library === 'numpy' ? 'NumPy' : 'PyTorch', run: (repeats) => child.run(repeats), value }
}
