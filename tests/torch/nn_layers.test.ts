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
  readonly old?: boolean
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
  const from = row.old ? (torch.nn.utils as unknown as typeof wrappers) : wrappers
  const module = from[row.how!]!(new nn[row.cls!]!(...row.args!), row.kwargs!)
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

describe('a batch norm is taken into the layer before it', () => {
  const { utils } = torch.nn
  const norm = (make: () => torch.nn.Module) => {
    torch.manual_seed(1)
    const bn = make() as torch.nn.BatchNorm2d
    bn.running_mean!.normal_()
    bn.running_var!.uniform_(0.5, 2)
    bn.weight!.detach().normal_()
    return bn.eval()
  }
  test('of convolutions', () => {
    const bn = norm(() => new torch.nn.BatchNorm2d(3))
    const x = torch.randn(2, 2, 5, 5)
    const conv = new torch.nn.Conv2d(2, 3, 2, { bias: false }).eval()
    expect(torch.allclose(utils.fuse_conv_bn_eval(conv, bn)(x), bn(conv(x)), { atol: 1e-6 })).toBe(true)
    const back = new torch.nn.ConvTranspose2d(2, 3, 2).eval()
    expect(torch.allclose(utils.fuse_conv_bn_eval(back, bn, true)(x), bn(back(x)), { atol: 1e-6 })).toBe(true)
    expect(() => utils.fuse_conv_bn_eval(conv.train(), bn)).toThrow('Fusion only for eval!')
  })
  test('of linear layers', () => {
    const bn = norm(() => new torch.nn.BatchNorm1d(3))
    const linear = new torch.nn.Linear(4, 3).eval()
    const x = torch.randn(2, 4)
    expect(torch.allclose(utils.fuse_linear_bn_eval(linear, bn)(x), bn(linear(x)), { atol: 1e-6 })).toBe(true)
  })
})

test('parametrizations are taken off again, and computed once inside cached()', () => {
  const { parametrize, parametrizations, remove_weight_norm, weight_norm } = torch.nn.utils
  const layer = new torch.nn.Linear(2, 2)
  const before = layer.weight.detach().clone()
  parametrizations.weight_norm(layer)
  expect(parametrize.is_parametrized(layer, 'weight')).toBe(true)
  const twice = () => [layer.weight, layer.weight] as const
  const [one, other] = twice()
  expect(one === other).toBe(false)
  const [kept, again] = parametrize.cached(twice)
  expect(kept === again).toBe(true)
  parametrize.remove_parametrizations(layer, 'weight')
  expect(parametrize.is_parametrized(layer)).toBe(false)
  expect(layer.weight).toBeInstanceOf(torch.nn.Parameter)
  expect(torch.allclose(layer.weight, before)).toBe(true)
  expect(String(layer)).toBe('Linear(in_features=2, out_features=2, bias=True)')
  remove_weight_norm(weight_norm(layer))
  expect(torch.allclose(layer.weight, before)).toBe(true)
  expect([...layer.named_parameters()].map(([name]) => name).sort()).toEqual(['bias', 'weight'])
})

test('functions that write in place', () => {
  const x = () => torch.tensor([-2, 0.5, 3], { dtype: 'float32' })
  for (const name of ['relu_', 'elu_', 'celu_', 'selu_', 'leaky_relu_', 'hardtanh_']) {
    const t = x()
    expect(F[name]!(t)).toBe(t)
    expect(t.tolist()).toEqual((F[name.slice(0, -1)]!(x()) as torch.Tensor).tolist())
  }
  const t = x()
  F.threshold_!(t, 1, 7)
  expect(t.tolist()).toEqual([7, 7, 3])
})
