/** Arguments and results of the cases of scripts/oracle/torch_cases.py: the same formulas, and comparison with PyTorch's results. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import { Complex } from '../../src/core/complex.ts'
import { items } from '../../src/core/element.ts'
import * as torch from '../../src/torch/index.ts'
import { Tensor } from '../../src/torch/tensor.ts'

/** A number as JSON holds it; complex ones as pairs. */
type Plain = number | boolean | string | readonly Plain[]
type TensorResult = readonly [dtype: string, shape: readonly number[], values: readonly Plain[]]
export type Result = TensorResult | { readonly l: readonly Result[] } | { readonly v: Plain } | { readonly e: string }
export type Case = readonly [
  name: string,
  how: 'f' | 'm' | 'i',
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  result: Result,
  gradients: readonly (Result | null)[] | null,
]

/** The cases by topic. */
export const cases: Record<string, Case[]> = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/torch_cases.json.gz', import.meta.url))).toString(),
)

const NAMES: Record<string, string> = {
  f16: 'float16',
  bf16: 'bfloat16',
  f32: 'float32',
  f64: 'float64',
  c64: 'complex64',
  c128: 'complex128',
  i8: 'int8',
  i16: 'int16',
  i32: 'int32',
  i64: 'int64',
  u8: 'uint8',
  b: 'bool',
}
const TENSOR = /^(f16|bf16|f32|f64|c64|c128|i8|i16|i32|i64|u8|b):([\d,]*)((?::\w+)*)$/

function value(i: number, seed: number, domain: string, dtype: string): unknown {
  const k = ((i * 37 + seed * 11 + 5) % 29) - 14
  if (domain === 'zero') return 0
  if (domain.startsWith('idx')) return (i * 7 + seed) % Number(domain.slice(3))
  if (dtype === 'b') return k % 3 !== 0
  if (/^[iu]/.test(dtype)) return domain === 'pos' ? Math.abs(dtype === 'u8' ? Math.abs(k) : k) + 1 : dtype === 'u8' ? Math.abs(k) : k
  if (domain === 'nan' && i >= 1 && i <= 3) return [Number.NaN, Infinity, -Infinity][i - 1]
  if (domain === 'whole') return k
  const x = {
    '': k / 4,
    big: k * 64,
    nan: k / 4,
    pos: Math.abs(k) / 4 + 0.25,
    unit: k / 16,
    prob: (k + 14) / 28,
    gt1: Math.abs(k) / 4 + 1.25,
  }[domain]!
  return dtype.startsWith('c') ? new Complex(x, (((k * 5 + 3) % 11) + (k * 5 + 3 < 0 && (k * 5 + 3) % 11 !== 0 ? 11 : 0) - 5) / 4) : x
}

export function makeTensor(text: string, seed: number): Tensor {
  const [, name, dims, rest] = TENSOR.exec(text)!
  const dtype = NAMES[name!] as 'float64'
  const shape = dims === '' ? [] : dims!.split(',').filter(Boolean).map(Number)
  const flags = rest!.split(':').slice(1)
  const domain = flags.find((f) => !'TSP'.includes(f)) ?? ''
  const size = shape.reduce((a, b) => a * b, 1)
  let t = torch
    .tensor(
      Array.from({ length: size }, (_, i) => value(i, seed, domain, name!)),
      { dtype },
    )
    .reshape(shape)
  if (flags.includes('P')) t = t.matmul(t.mT.conj()).add(torch.eye(shape.at(-1)!, { dtype }).mul(3))
  if (flags.includes('T')) t = t.mT.contiguous().mT
  if (flags.includes('S')) {
    const wide = torch.zeros([...shape.slice(0, -1), shape.at(-1)! * 2], { dtype })
    wide.set('...', '::2', t)
    t = wide.at('...', '::2')
  }
  return t
}

/** Arguments for JavaScript, and the tensors among them in order. */
export function makeArgs(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): { args: unknown[]; tensors: Tensor[] } {
  const tensors: Tensor[] = []
  const build = (x: unknown): unknown => {
    if (typeof x === 'string' && TENSOR.test(x)) {
      const t = makeTensor(x, tensors.length)
      tensors.push(t)
      return t
    }
    if (x === 'inf') return Infinity
    if (x === '-inf') return -Infinity
    if (typeof x === 'string' && x.startsWith('dtype:')) return x.slice(6)
    return Array.isArray(x) ? x.map(build) : x
  }
  const out = args.map(build)
  const keywords = Object.fromEntries(Object.entries(kwargs).map(([k, v]) => [k, build(v)]))
  if (Object.keys(keywords).length) out.push(keywords)
  return { args: out, tensors }
}

export function lookup(name: string): (...args: unknown[]) => unknown {
  let at: unknown = torch
  for (const part of name.split('.')) at = (at as Record<string, unknown>)[part]
  if (typeof at !== 'function') throw new TypeError(`torch.${name} is not there`)
  return at as (...args: unknown[]) => unknown
}

/** Calls a function or a method of the first argument. */
export function call(name: string, how: 'f' | 'm' | 'i', args: readonly unknown[]): unknown {
  if (how === 'f') return lookup(name)(...args)
  const [self, ...rest] = args as [Record<string, (...xs: unknown[]) => unknown>, ...unknown[]]
  const method = self[how === 'i' ? `${name}_` : name]
  if (!method) throw new TypeError(`Tensor.${name} is not there`)
  return method.apply(self, rest)
}

/** Relative tolerances: some units in the last place, for sums and products of a few terms. */
const RTOL: Record<string, number> = { float16: 4e-3, bfloat16: 3e-2, float32: 4e-6, float64: 4e-14, complex64: 4e-6, complex128: 4e-14 }

const plain = (x: unknown): Plain => (x instanceof Complex ? [plain(x.re), plain(x.im)] : (x as Plain))
const numeric = (x: Plain): number => (x === 'nan' ? Number.NaN : x === 'inf' ? Infinity : x === '-inf' ? -Infinity : Number(x))

function close(a: Plain, b: Plain, rtol: number): boolean {
  if (Array.isArray(b)) {
    const pair = Array.isArray(a) ? a : [a, 0]
    const scale = Math.hypot(...b.map(numeric))
    return b.every((y, i) => within(numeric(pair[i]!), numeric(y), rtol, scale))
  }
  return typeof b === 'boolean' ? a === b : within(numeric(a), numeric(b), rtol, Math.abs(numeric(b)))
}

function within(x: number, y: number, rtol: number, scale: number): boolean {
  if (Number.isNaN(y)) return Number.isNaN(x)
  if (!Number.isFinite(y)) return x === y
  return Math.abs(x - y) <= rtol * (Number.isFinite(scale) ? scale : Math.abs(y)) + rtol
}

const shown = (x: Plain): Plain => (typeof x === 'number' && !Number.isFinite(x) ? String(x) : x)

/** Expects a value to be PyTorch's. */
export function expectResult(actual: unknown, expected: Result, factor = 1, computed = 'float64'): void {
  if ('v' in expected) {
    const got = actual instanceof torch.Size ? [...actual] : typeof actual === 'string' ? actual : plain(actual)
    expect(got).toEqual(expected.v)
    return
  }
  if ('l' in expected) {
    const named = actual as Iterable<unknown>
    const list =
      typeof (named as { [Symbol.iterator]?: unknown })?.[Symbol.iterator] === 'function' ? [...named] : Object.values(actual as object)
    expect(list.length).toBe(expected.l.length)
    for (const [i, e] of expected.l.entries()) expectResult(list[i], e, factor)
    return
  }
  if ('e' in expected) throw new Error(`expected the error ${expected.e}`)
  const [dtype, shape, values] = expected
  expect(actual instanceof Tensor, 'a Tensor').toBe(true)
  const t = actual as Tensor
  expect(`${t.dtype} ${t.shape}`).toBe(`torch.${dtype} torch.Size([${shape.join(', ')}])`)
  const got = items(t.memory).map(plain)
  const rtol = Math.max(RTOL[dtype] ?? 0, dtype in RTOL ? (RTOL[computed] ?? 0) : 0) * factor
  const bad = values.findIndex((v, i) => !close(got[i]!, v, rtol))
  if (bad >= 0) expect(`${bad}: ${JSON.stringify(got.map(shown))}`).toBe(`${bad}: ${JSON.stringify(values)}`)
}
