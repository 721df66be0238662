/** Makes the contestants of a case: our NumPy and PyTorch faces, the real ones, and plain loops, over the same numbers. */

import { findGc } from '../src/backends/native/collector.ts'
import type { Case } from './cases/row.ts'
import type { Child, InputFile } from './children.ts'
import type { Input, Numbers } from './data.ts'
import type { Contestant } from './measure.ts'

/** What a library's namespace must offer to the bench; the rest is reached by the cases' texts. */
export type Namespace = Record<string, any>

/** The names of the contestants in tables and files. */
export type Side = 'np' | 'NumPy' | 'torch' | 'PyTorch' | 'loop' | 'py loop'

/** The first of several results. */
const firstOf = (value: any): any =>
  Array.isArray(value) ? firstOf(value[0]) : value?.values !== undefined && value.dtype === undefined ? value.values : value

const isArray = (value: any): boolean => typeof value?.tolist === 'function'

function addUp(items: Iterable<number | bigint>): number {
  let sum = 0
  for (const item of items) sum += Number(item)
  return sum
}

/** What a result's items sum to (their real parts); NaN when that cannot be told. */
function total(result: unknown, library?: Namespace): number {
  const value = firstOf(result)
  if (ArrayBuffer.isView(value)) return addUp(value as Numbers)
  if (library === undefined || !isArray(value)) return ['number', 'boolean', 'bigint'].includes(typeof value) ? Number(value) : Number.NaN
  const real = /complex/.test(String(value.dtype)) ? library.real(value) : value
  const list = library.sum(real, { dtype: library.float64 }).valueOf()
  return typeof list === 'object' ? Number(list.item()) : Number(list)
}

/** The bytes of a result. */
const bytesOf = (result: unknown): number => {
  const value = firstOf(result) as { nbytes?: number; byteLength?: number } | undefined
  return value?.nbytes ?? value?.byteLength ?? 0
}

const gc = findGc()
/** Collects all garbage, where the engine lets us. */
const collect = (): void => gc?.()

/** Times a text that is compiled for this case alone, so that no other case's types reach its code. */
function compiled(name: Side, scope: Readonly<Record<string, unknown>>, text: string, library?: Namespace): Contestant {
  const [names, values] = [Object.keys(scope), Object.values(scope)]
  const once = new Function(...names, `return ${text}`)
  const many = new Function(...names, 'repeats', `let x; for (let r = 0; r < repeats; r++) x = ${text}; return x`)
  // What a loop left behind is not collected in the next contestant's time, which is ours and in this process.
  const after = name === 'loop' ? collect : () => {}
  const run = (repeats: number): number => {
    const begun = performance.now()
    many(...values, repeats)
    const seconds = (performance.now() - begun) / 1000
    after()
    return seconds
  }
  const begun = performance.now()
  const result = once(...values)
  const first = (performance.now() - begun) / 1000
  return { name, run, value: total(result, library), first, bytes: bytesOf(result) }
}

/** Our side of a case: its text, run by one of our namespaces. */
export function ours(name: 'np' | 'torch', library: Namespace, row: Case, size: number, inputs: Record<string, Input>): Contestant {
  const make = name === 'np' ? library.array : library.tensor
  const scope: Record<string, unknown> = { [name]: library, n: size }
  for (const [letter, { data, dtype, shape }] of Object.entries(inputs)) {
    const flat = dtype === 'bool' || dtype === 'float16' ? make(data, { dtype: library[dtype] }) : make(data)
    scope[letter] = shape.length === 1 ? flat : flat.reshape([...shape])
  }
  for (const [key, text] of Object.entries((name === 'np' ? row.npWith : row.torchWith) ?? {}))
    scope[key] = new Function(...Object.keys(scope), `return ${text}`)(...Object.values(scope))
  return compiled(name, scope, row[name]!, library)
}

/** The plain loop of a case. */
export function loop(row: Case, dtype: string, size: number, inputs: Record<string, Input>): Contestant {
  const copies = Object.fromEntries(Object.entries(inputs).map(([name, { data }]) => [name, data.slice()]))
  const n = row.sizes ? size : (Object.values(copies)[0]?.length ?? size)
  return compiled('loop', { n, Out: dtype === 'float32' ? Float32Array : Float64Array, ...copies }, `(() => { ${row.js} })()`)
}

/** Names of the sides that a Python process can be. */
const PYTHONS = { numpy: 'NumPy', torch: 'PyTorch', python: 'py loop' } as const

/** The real library's side of a case, or a loop of plain Python. */
export async function python(
  child: Child,
  library: keyof typeof PYTHONS,
  row: Case,
  size: number,
  inputs: Record<string, InputFile>,
): Promise<Contestant> {
  const indented = (row.py ?? '').replaceAll('\n', '\n    ')
  const setup =
    library === 'python'
      ? { source: 'work(n, a, b)', program: `def work(n, a, b):\n    ${indented}` }
      : library === 'numpy'
        ? { source: row.np!, names: row.npWith ?? {} }
        : { source: row.torch!, names: row.torchWith ?? {} }
  const { value, first } = await child.setup({ ...setup, inputs, size })
  return { name: PYTHONS[library], run: (repeats) => child.run(repeats), value, first, bytes: 0 }
}
