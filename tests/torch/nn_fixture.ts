/** The rows of tests/fixtures/nn.json.gz (scripts/oracle/nn.py), and comparisons with them. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect } from 'vitest'
import * as torch from '../../src/torch/index.ts'

export interface TensorRow {
  readonly dtype: string
  readonly shape: number[]
  readonly data: (number | string | boolean)[]
}
export interface RunRow {
  readonly args: unknown[]
  readonly kwargs: Record<string, unknown>
  readonly inputs: TensorRow[]
  readonly out?: TensorRow
  readonly wanted?: boolean[]
  readonly grads?: (TensorRow | null)[]
}
export interface ModuleRow extends RunRow {
  readonly cls: string
  readonly mode: string
  readonly text: string
  readonly state: Record<string, TensorRow>
  readonly params?: Record<string, TensorRow>
  readonly after?: Record<string, TensorRow>
}
export interface FunctionRow extends RunRow {
  readonly name: string
}
export interface OptimizerRow {
  readonly cls: string
  readonly kwargs: Record<string, unknown>
  readonly start: TensorRow
  readonly text: string
  readonly steps: [TensorRow, TensorRow]
  readonly state: Record<string, TensorRow>
}

const all = JSON.parse(gunzipSync(readFileSync(new URL('../fixtures/nn.json.gz', import.meta.url))).toString())
export const modules: ModuleRow[] = all.modules
export const functions: FunctionRow[] = all.functions
export const gradients: TensorRow[] = all.optimizers[0].grads
export const optimizers: OptimizerRow[] = all.optimizers.slice(1)
export const metrics: number[] = all.schedulers[0].metrics
export const schedulers: { cls: string; args: unknown[]; kwargs: Record<string, unknown>; rows: number[][] }[] = all.schedulers.slice(1)
export const data: Record<string, any> = all.data
export const inits: { name: string; args: number[]; kwargs: Record<string, unknown>; shape: number[]; out: TensorRow }[] = all.init

const parsed = (x: number | string | boolean): number | boolean =>
  typeof x === 'string' ? (x === 'nan' ? Number.NaN : x === 'inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY) : x

export function tensorOf({ dtype, shape, data: values }: TensorRow): torch.Tensor {
  return torch.tensor(values.map(parsed), { dtype: dtype as 'float32' }).reshape(shape)
}

/** Arguments with their tensors. */
export function argument(x: unknown): any {
  if (Array.isArray(x)) return x.map(argument)
  if (typeof x !== 'object' || x === null) return x
  if ('tensor' in x) return tensorOf(x.tensor as TensorRow)
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, argument(value)]))
}

/** The numbers that the oracle multiplies outputs with before it sums them. */
export function weightsLike(t: torch.Tensor): torch.Tensor {
  return torch.arange(t.numel(), { dtype: 'float64' }).mul(0.37).add(0.5).sin().to(t.dtype).reshape(t.shape)
}

/** Same dtype and shape, and numbers within `tolerance` of each other, absolutely and relatively. */
export function expectClose(actual: torch.Tensor | null, row: TensorRow, what: string, tolerance: number): void {
  expect(actual, `${what}: a tensor`).toBeInstanceOf(torch.Tensor)
  const t = actual!
  expect(String(t.dtype), `${what}: dtype`).toBe(`torch.${row.dtype}`)
  expect([...t.shape], `${what}: shape`).toEqual(row.shape)
  const values = t.detach().reshape(-1).tolist() as number[]
  row.data.forEach((x, i) => {
    const expected = row.dtype === 'float32' ? Math.fround(Number(parsed(x))) : Number(parsed(x))
    const value = Number(values[i])
    const same =
      Object.is(value, expected) ||
      Math.abs(value - expected) <= tolerance * Math.max(1, Math.abs(expected)) ||
      (Number.isNaN(value) && Number.isNaN(expected))
    if (!same) expect.fail(`${what}[${i}]: expected ${expected}, got ${value}`)
  })
}

/** Runs a function of the row's inputs; compares the output and the gradients. */
export function compareRun(row: RunRow, f: (...inputs: torch.Tensor[]) => torch.Tensor, tolerance: number): void {
  const leaves = row.inputs.map((input, i) => {
    const t = tensorOf(input)
    return row.wanted![i] ? t.requires_grad_() : t
  })
  const out = f(...leaves)
  expectClose(out, row.out!, 'output', tolerance)
  if (!row.grads) return
  out.mul(weightsLike(out)).sum().backward()
  row.grads.forEach((grad, i) => {
    if (grad) expectClose(leaves[i]!.grad, grad, `gradient of input ${i}`, tolerance)
  })
}

/** A title from a row. */
export const titled = (name: string, { args = [], kwargs = {} }: { args?: unknown[]; kwargs?: object }): string =>
  `${name}(${[...args.map((a) => JSON.stringify(a)), ...Object.entries(kwargs).map(([k, v]) => `${k}=${JSON.stringify(v)}`)].join(', ')})`.slice(
    0,
    120,
  )
