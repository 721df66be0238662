/** Layers and functions of torch.nn against PyTorch (scripts/oracle/nn_layers.py): texts, initial values, outputs, gradients, errors. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { argument, expectClose, type TensorRow, weightsLike } from './nn_fixture.ts'

interface Row {
  readonly cls?: string
  readonly name?: string
  readonly args?: unknown[]
  readonly kwargs?: Record<string, unknown>
  readonly mode?: string
  readonly text?: string
  readonly state?: Record<string, TensorRow>
  readonly inputs: unknown[]
  readonly call: Record<string, unknown>
  readonly frozen?: boolean
  readonly outs?: TensorRow[]
  readonly grads?: (TensorRow | null)[]
  readonly params?: Record<string, TensorRow>
  readonly after?: Record<string, TensorRow>
  readonly error?: string
  /** Sequences to pack, and which axis counts them. */
  readonly lengths?: number[]
  readonly batch_first?: boolean
  /** The parametrization of the weight, and what it then is. */
  readonly how?: string
  readonly weight?: TensorRow
}

const groups: Record<string, Row[]> = JSON.parse(
  gunzipSync(readFileSync(new URL('../fixtures/nn_layers.json.gz', import.meta.url))).toString(),
)
const nn = torch.nn as unknown as Record<string, new (...args: unknown[]) => torch.nn.Module>
const F = torch.nn.functional as unknown as Record<string, (...args: unknown[]) => unknown>

/** Tensors of a nested value, in order. */
function leaves(x: unknown): torch.Tensor[] {
  if (x instanceof torch.Tensor) return [x]
  if (typeof x === 'object' && x !== null) return (Symbol.iterator in x ? [...(x as Iterable<unknown>)] : Object.values(x)).flatMap(leaves)
  return []
}

const title = (row: Row) => {
  const shapes = JSON.stringify([row.args ?? [], row.inputs, { ...row.kwargs, ...row.call }], (_, x) =>
    x && typeof x === 'object' && 'tensor' in x ? `<${x.tensor.shape}>` : x,
  )
  return `${row.cls ?? row.name} ${shapes.replaceAll('"', '')} ${row.mode ?? ''}`.slice(0, 150)
}

function compare(row: Row, f: (...args: unknown[]) => unknown, tolerance: number): void {
  const inputs = row.inputs.map(argument)
  const call = argument(row.call) as Record<string, unknown>
  const given = [...leaves(inputs), ...leaves(call)]
  for (const t of given) if (!row.frozen && t.is_floating_point()) t.requires_grad_()
  const outs = leaves(f(...inputs, ...(Object.keys(call).length > 0 ? [call] : [])))
  expect(outs.length).toBe(row.outs!.length)
  outs.forEach((out, i) => {
    expectClose(out, row.outs![i]!, `output ${i}`, tolerance)
  })
  if (!row.grads) return
  let total = torch.zeros([])
  for (const out of outs) if (out.requires_grad) total = total.add(out.mul(weightsLike(out)).sum())
  total.backward()
  row.grads.forEach((grad, i) => {
    if (grad) expectClose(given[i]!.grad, grad, `gradient ${i}`, tolerance)
    else expect(given[i]!.grad === null || Number(given[i]!.grad!.abs().sum().item()) === 0, `no gradient ${i}`).toBe(true)
  })
}

/** A recurrent layer over a packed sequence. */
function comparePacked(row: Row): void {
  const module = new nn[row.cls!]!(...row.args!, argument(row.kwargs))
  const { batch_first = false, lengths } = row
  const { rnn } = torch.nn.utils
  compare(
    row,
    (...args) => {
      const [x, ...state] = args as torch.Tensor[]
      const packed = rnn.pack_padded_sequence(x!, lengths!, { batch_first, enforce_sorted: false })
      const given = state.length === 0 ? [] : row.cls === 'LSTM' ? [state] : state
      const [out, last] = (module as (...args: unknown[]) => unknown)(packed, ...given) as [torch.nn.utils.rnn.PackedSequence, unknown]
      return [rnn.pad_packed_sequence(out, { batch_first }), last, out.data, out.batch_sizes]
    },
    5e-6,
  )
  const params = Object.fromEntries(module.named_parameters())
  for (const [name, grad] of Object.entries(row.params!)) expectClose(params[name]!.grad, grad, `gradient of ${name}`, 5e-6)
}

const wrappers = torch.nn.utils.parametrizations as unknown as Record<string, (m: torch.nn.Module, options: object) => torch.nn.Module>

/** A layer whose weight is computed. */
function compareParametrized(row: Row): void {
  const module = wrappers[row.how!]!(new nn[row.cls!]!(...row.args!), row.kwargs!)
  if (row.mode === 'eval') module.eval()
  expect(String(module)).toBe(row.text)
  const state = module.state_dict()
  expect(Object.keys(state)).toEqual(Object.keys(row.state!))
  for (const [name, value] of Object.entries(row.state!)) expectClose(state[name]!, value, name, 2e-6)
  compare(row, (...args) => (module as (...args: unknown[]) => unknown)(...args), 5e-6)
  const params = Object.fromEntries(module.named_parameters())
  for (const [name, grad] of Object.entries(row.params!)) expectClose(params[name]!.grad, grad, `gradient of ${name}`, 5e-6)
  expectClose((module as unknown as { weight: torch.Tensor }).weight.detach(), row.weight!, 'weight', 5e-6)
}

for (const [group, rows] of Object.entries(groups)) {
  describe(group, () => {
    for (const [i, row] of rows.entries()) {
      test(`${i}. ${title(row)}`, () => {
        if (row.error !== undefined) {
          const call = Object.keys(row.call).length > 0 ? [argument(row.call)] : []
          expect(() => F[row.name!]!(...row.inputs.map(argument), ...call)).toThrow(row.error)
          return
        }
        if (row.name) {
          torch.manual_seed(3)
          return compare(row, (...args) => F[row.name!]!(...args), 5e-6)
        }
        torch.manual_seed(7)
        if (row.lengths) return comparePacked(row)
        if (row.how) return compareParametrized(row)
        const module = new nn[row.cls!]!(...row.args!.map(argument), ...(Object.keys(row.kwargs!).length > 0 ? [argument(row.kwargs)] : []))
        if (row.mode === 'eval') module.eval()
        expect(String(module)).toBe(row.text)
        const state = module.state_dict()
        expect(Object.keys(state)).toEqual(Object.keys(row.state!))
        for (const [name, value] of Object.entries(row.state!)) expectClose(state[name]!, value, name, 0)
        if (!row.outs) return
        torch.manual_seed(3)
        compare(row, (...args) => (module as (...args: unknown[]) => unknown)(...args), 5e-6)
        const params = Object.fromEntries(module.named_parameters())
        for (const [name, grad] of Object.entries(row.params!)) expectClose(params[name]!.grad, grad, `gradient of ${name}`, 5e-6)
        const buffers = Object.fromEntries(module.named_buffers())
        for (const [name, value] of Object.entries(row.after!)) expectClose(buffers[name]!, value, `${name} afterwards`, 1e-6)
      })
    }
  })
}
