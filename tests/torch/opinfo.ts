/** PyTorch's own operator samples (scripts/oracle/torch_opinfo.py): reading them, calling ours by name, and what must come out. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Complex } from '../../src/core/complex.ts'
import * as torch from '../../src/torch/index.ts'
import { Tensor } from '../../src/torch/tensor.ts'
import type { Result } from './cases.ts'

export type OpCase = readonly [
  args: readonly unknown[],
  kwargs: Readonly<Record<string, unknown>>,
  result: Result,
  gradients: readonly (Result | null)[] | null,
  second: readonly (Result | null)[] | null,
]
export type Op = readonly [name: string, variant: string, traits: string, cases: readonly OpCase[], names: string]

/** The operators with their cases. */
export const readOps = (): Op[] =>
  JSON.parse(gunzipSync(readFileSync(new URL('../fixtures/torch_opinfo.json.gz', import.meta.url))).toString())

type Written = { readonly t?: string; readonly s?: number[]; readonly v?: unknown[]; readonly g?: number } & Record<string, unknown>
type Keys = Record<string, (...args: unknown[]) => unknown>

const special: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Infinity, '-inf': -Infinity }
const number = (x: unknown): unknown =>
  Array.isArray(x) ? new Complex(number(x[0]) as number, number(x[1]) as number) : typeof x === 'string' ? special[x] : x

/** Arguments for JavaScript; the tensors that want a gradient, in their order. */
export function build(c: OpCase, record: boolean): { args: unknown[]; leaves: Tensor[]; tensors: Tensor[] } {
  const leaves: Tensor[] = []
  const tensors: Tensor[] = []
  const read = (x: unknown): unknown => {
    if (Array.isArray(x)) return x.map(read)
    if (typeof x !== 'object' || x === null) return x
    const w = x as Written
    if (w.t !== undefined) {
      const t = torch.tensor(w.v!.map(number), { dtype: w.t as 'float64' }).reshape(w.s!)
      if (w.g && record) t.requires_grad_()
      if (w.g) leaves.push(t)
      tensors.push(t)
      return t
    }
    if ('d' in w) return (torch as unknown as Record<string, unknown>)[w.d as string]
    if ('c' in w) return number(w.c)
    if ('f' in w) return w.f
    if ('slice' in w) return (w.slice as unknown[]).map((n) => n ?? '').join(':')
    return w.n === '...' ? '...' : special[w.n as string]
  }
  const args = c[0].map(read)
  const kwargs = Object.fromEntries(Object.entries(c[1]).map(([k, v]) => [k, read(v)]))
  if (Object.keys(kwargs).length) args.push(kwargs)
  return { args, leaves, tensors }
}

/** The function of a dotted name, or null. */
export function lookup(name: string): ((...args: unknown[]) => unknown) | null {
  let at: unknown = torch
  for (const part of name.split('.')) at = (at as Record<string, unknown> | undefined)?.[part]
  return typeof at === 'function' ? (at as Keys[string]) : null
}

const METHODS: Readonly<Record<string, string>> = { __getitem__: 'at' }
const PROPERTIES = new Set(['T', 'H', 'mT', 'mH'])

/** How an operator is called: the function of its name, else the method. */
export function caller(name: string): ((args: readonly unknown[]) => unknown) | null {
  const f = lookup(name)
  if (f) return (args) => f(...args)
  return methodCaller(name)
}

/** How the method of a name is called, with the tensor first. */
export function methodCaller(name: string): ((args: readonly unknown[]) => unknown) | null {
  if (PROPERTIES.has(name)) return ([self]) => (self as unknown as Record<string, unknown>)[name]
  const method = METHODS[name] ?? name
  if (typeof (Tensor.prototype as unknown as Keys)[method] !== 'function') return null
  return ([self, ...rest]) => {
    const keys = name === '__getitem__' && Array.isArray(rest[0]) ? rest[0] : rest
    return (self as Keys)[method]!(...keys)
  }
}

/** The tensors of a result, in order. */
export function tensorsIn(out: unknown): Tensor[] {
  if (out instanceof Tensor) return [out]
  if (out === null || typeof out !== 'object') return []
  return [...(Symbol.iterator in out ? (out as Iterable<unknown>) : Object.values(out))].flatMap(tensorsIn)
}

/** Sums of outputs times 1, 2, 3 ... over 8, as the oracle weighs them. */
export function weighed(out: unknown, absolute = false): Tensor | null {
  let total: Tensor | null = null
  for (const t of tensorsIn(out)) {
    if (!t.requires_grad) continue
    const size = t.numel()
    const y = absolute ? t.abs() : t
    const w = torch
      .arange(1, size + 1, { dtype: 'float64' })
      .reshape(t.shape)
      .div(8)
      .to(y.dtype)
    let term = y.mul(w).sum()
    if (term.is_complex()) term = torch.view_as_real(term).sum()
    total = total ? total.add(term.double()) : term.double()
  }
  return total
}
