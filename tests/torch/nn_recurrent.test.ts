/** Recurrent layers as one operation: derivatives of every order and kind, in all cells and directions, with respect to weights and states too. */

import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'

type T = torch.Tensor
torch.manual_seed(3)
const some = (...shape: number[]): T => torch.randn(shape, { dtype: 'float64' })

type Layer = torch.nn.Module & { named_parameters(): Iterable<[string, T]> }
const options = { dtype: 'float64' } as const
const LAYERS: Record<string, [layer: Layer, memory: boolean]> = {
  'RNN, tanh': [new torch.nn.RNN(2, 3, options), false],
  'RNN, relu, both ways': [new torch.nn.RNN(2, 2, { ...options, nonlinearity: 'relu', bidirectional: true }), false],
  GRU: [new torch.nn.GRU(2, 2, options), false],
  'GRU without bias, both ways': [new torch.nn.GRU(2, 2, { ...options, bias: false, bidirectional: true }), false],
  LSTM: [new torch.nn.LSTM(2, 2, options), true],
  'LSTM of two layers, both ways': [new torch.nn.LSTM(2, 1, { ...options, num_layers: 2, bidirectional: true }), true],
  'LSTM, projected': [new torch.nn.LSTM(2, 3, { ...options, proj_size: 2 }), true],
}

/** The layer as a function of input, states and weights; its inputs. */
function functional([layer, memory]: [Layer, boolean], steps: number): { f: (...xs: T[]) => T; inputs: T[] } {
  const names = [...layer.named_parameters()].map(([name]) => name)
  const weights = [...layer.named_parameters()].map(([, w]) => w.detach().clone())
  const own = layer as unknown as { num_layers: number; bidirectional: boolean; hidden_size: number; proj_size: number }
  const count = own.num_layers * (own.bidirectional ? 2 : 1)
  const states = [some(count, 2, own.proj_size || own.hidden_size), ...(memory ? [some(count, 2, own.hidden_size)] : [])]
  const f = (x: T, ...rest: T[]): T => {
    const given = rest.slice(0, states.length)
    const parameters = Object.fromEntries(names.map((name, i) => [name, rest[states.length + i]!]))
    const [out, last] = torch.func.functional_call(layer, parameters, [x, memory ? given : given[0]!]) as [T, T | T[]]
    return torch.cat([out, ...(Array.isArray(last) ? last : [last])].map((t) => t.reshape(-1)))
  }
  return { f, inputs: [some(steps, 2, 2), ...states, ...weights] }
}

describe('first and second derivatives agree with finite differences', () => {
  for (const [name, layer] of Object.entries(LAYERS)) {
    test(name, () => {
      const { f, inputs } = functional(layer, 3)
      const leaves = inputs.map((t) => t.detach().clone().requires_grad_())
      expect(torch.autograd.gradcheck(f, leaves)).toBe(true)
      expect(torch.autograd.gradgradcheck(f, leaves)).toBe(true)
    })
  }
})

describe('forward mode agrees with reverse mode, and vmap with a loop', () => {
  for (const [name, layer] of Object.entries(LAYERS)) {
    test(name, () => {
      const { f, inputs } = functional(layer, 4)
      const tangents = inputs.map((t) => some(...t.shape))
      const [out, tangent] = torch.func.jvp(f, inputs, tangents) as [T, T]
      const ct = some(...out.shape)
      const leaves = inputs.map((t) => t.detach().clone().requires_grad_())
      const grads = torch.autograd.grad(f(...leaves), leaves, { grad_outputs: ct }) as T[]
      const reverse = grads.reduce((sum, g, i) => sum + Number(g.mul(tangents[i]!).sum().item()), 0)
      expect(Math.abs(Number(tangent.mul(ct).sum().item()) - reverse)).toBeLessThan(1e-11)

      const [x, ...rest] = inputs as [T, ...T[]]
      const slope = (a: T): T =>
        torch.func.grad((b: T) =>
          f(b, ...rest)
            .square()
            .sum(),
        )(a) as T
      const xs = torch.stack([x, x.mul(0.5), x.neg()])
      const each = torch.stack([0, 1, 2].map((i) => slope(xs.at(i))))
      expect(torch.allclose(torch.func.vmap(slope)(xs) as T, each)).toBe(true)
    })
  }
})

test('a whole sequence gives what its steps give by cells', () => {
  const layer = new torch.nn.LSTM(3, 4, options)
  const cell = new torch.nn.LSTMCell(3, 4, options)
  const own = Object.fromEntries([...layer.named_parameters()]) as Record<string, T>
  cell.load_state_dict(
    Object.fromEntries(['weight_ih', 'weight_hh', 'bias_ih', 'bias_hh'].map((name) => [name, own[`${name}_l0`]!.detach()])),
  )
  const x = some(6, 2, 3)
  const [out, [h, c]] = layer(x) as [T, [T, T]]
  let state: [T, T] = [torch.zeros(2, 4, options), torch.zeros(2, 4, options)]
  for (let t = 0; t < 6; t++) {
    state = cell(x.at(t), state) as [T, T]
    expect(torch.allclose(out.at(t), state[0], { rtol: 1e-14, atol: 1e-15 })).toBe(true)
  }
  expect(torch.allclose(h.at(0), state[0])).toBe(true)
  expect(torch.allclose(c.at(0), state[1])).toBe(true)
})

test('saved states that are written to afterwards are found out', () => {
  const layer = new torch.nn.GRU(2, 2)
  const out = (layer(torch.ones(3, 1, 2)) as [T, T])[0]
  torch.no_grad(() => out.mul_(2))
  expect(() => out.sum().backward()).toThrow('modified by an inplace operation')
})
