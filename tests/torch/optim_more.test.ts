/** Adafactor, Muon, L-BFGS, averaged models and SWALR against PyTorch (scripts/oracle/optim.py). */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { expectClose, type TensorRow, tensorOf } from './nn_fixture.ts'

const all = JSON.parse(readFileSync(new URL('../fixtures/optim.json', import.meta.url), 'utf8'))
const { nn, optim } = torch
const classes = optim as unknown as Record<string, new (params: torch.Tensor[], options: object) => torch.optim.Optimizer>

/** The numbers that the oracle draws: multiples of 1/64. */
function noise(seed: number, ...shape: number[]): torch.Tensor {
  const generator = new torch.Generator().manual_seed(100 + seed)
  return torch.randn(shape, { generator }).mul(128).round().div(64)
}

describe('steps are those of PyTorch', () => {
  for (const row of all.steps) {
    test(`${row.cls} ${JSON.stringify(row.kwargs)} of [${row.start.shape}]`, () => {
      const p = tensorOf(row.start).requires_grad_()
      const optimizer = new classes[row.cls]!([p], row.kwargs)
      expect(String(optimizer)).toBe(row.text)
      // Muon's matrix has the eight bits of bfloat16, and products are summed in another order
      const tolerance = row.cls === 'Muon' ? 2e-4 : 2e-6
      for (let k = 0; k < 6; k++) {
        p.grad = noise(50 + k, ...row.start.shape).to(p.dtype)
        optimizer.step()
        if (k === 0) expectClose(p.detach(), row.steps[0], 'first step', tolerance)
      }
      expectClose(p.detach(), row.steps[1], 'last step', tolerance)
      const state = optimizer.state.get(p)!
      for (const [name, value] of Object.entries(row.state as Record<string, TensorRow>)) expectClose(state[name], value, name, 2e-6)
    })
  }
})

describe('L-BFGS goes down the valley as PyTorch does', () => {
  for (const row of all.lbfgs) {
    test(JSON.stringify(row.kwargs), () => {
      const x = torch.tensor([-1.2, 1.0, 0.5, -0.3], { dtype: 'float64', requires_grad: true })
      const optimizer = new optim.LBFGS([x], row.kwargs)
      expect(String(optimizer)).toBe(row.text)
      const closure = () => {
        optimizer.zero_grad()
        const [low, high] = [x.narrow(0, 0, 3), x.narrow(0, 1, 3)]
        const loss = high.sub(low.square()).square().mul(100).add(low.neg().add(1).square()).sum()
        loss.backward()
        return loss
      }
      const losses = [0, 1, 2, 3].map(() => Number(optimizer.step(closure).item()))
      losses.forEach((loss, i) => {
        expect(Math.abs(loss - row.losses[i])).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(row.losses[i])))
      })
      expect(optimizer.state.get(x)!.func_evals).toBe(row.func_evals)
      expect(optimizer.state.get(x)!.n_iter).toBe(row.n_iter)
    })
  }
  test('needs a closure and one group', () => {
    const x = torch.zeros(1, { requires_grad: true })
    expect(() => new optim.LBFGS([{ params: [x] }, { params: [torch.zeros(1)] }])).toThrow("LBFGS doesn't support per-parameter options")
    expect(() => new optim.LBFGS([x]).step()).toThrow("missing 1 required positional argument: 'closure'")
  })
})

describe('averaged models', () => {
  const options: Record<string, object> = {
    swa: {},
    ema: { multi_avg_fn: optim.swa_utils.get_ema_multi_avg_fn(0.9) },
    ema_one: { avg_fn: optim.swa_utils.get_ema_avg_fn(0.8) },
    buffers: { use_buffers: true },
  }
  for (const [name, given] of Object.entries(options)) {
    test(name, () => {
      torch.manual_seed(7)
      const net = new nn.Sequential(new nn.Linear(3, 2), new nn.BatchNorm1d(2))
      const averaged = new optim.swa_utils.AveragedModel(net, given)
      for (let k = 0; k < 4; k++) {
        net(noise(k, 5, 3))
        for (const p of net.parameters()) p.detach().mul_(1.5).add_(k)
        averaged.update_parameters(net)
      }
      const state = averaged.state_dict()
      expect(Object.keys(state)).toEqual(Object.keys(all.averages[name]))
      for (const [key, value] of Object.entries(all.averages[name])) expectClose(state[key]!, value as TensorRow, key, 2e-6)
      if (name !== 'buffers') return
      optim.swa_utils.update_bn(
        [0, 1, 2].map((k) => noise(k, 5, 3)),
        net,
      )
      for (const [key, value] of Object.entries(all.averages.bn)) expectClose(net.state_dict()[key]!, value as TensorRow, key, 2e-6)
    })
  }
})

describe('SWALR anneals rates as PyTorch does', () => {
  for (const row of all.rates) {
    test(JSON.stringify(row.kwargs), () => {
      const optimizer = new optim.SGD([{ params: [torch.zeros(1)] }, { params: [torch.zeros(1)], lr: 0.3 }], { lr: 0.1 })
      const scheduler = new optim.swa_utils.SWALR(optimizer, [0.05, 0.02], row.kwargs)
      const rates = () => optimizer.param_groups.map((g) => g.lr)
      const seen = [rates()]
      for (let k = 0; k < 12; k++) {
        optimizer.step()
        scheduler.step()
        seen.push(rates())
      }
      seen.flat().forEach((rate, i) => {
        expect(rate).toBeCloseTo(row.rates.flat()[i], 12)
      })
    })
  }
})

test('SparseAdam refuses dense gradients in the words of PyTorch; hooks around state_dict', () => {
  const x = torch.zeros(2, { requires_grad: true })
  x.grad = torch.ones(2)
  expect(() => new optim.SparseAdam([x]).step()).toThrow('SparseAdam does not support dense gradients, please consider Adam instead')
  const sgd = new optim.SGD([x], { lr: 0.1 })
  const seen: string[] = []
  sgd.register_state_dict_pre_hook(() => void seen.push('pre'))
  sgd.register_state_dict_post_hook((_, state) => {
    state.param_groups[0]!.lr = 5
    return state
  })
  sgd.register_load_state_dict_post_hook(() => void seen.push('loaded'))
  sgd.load_state_dict(sgd.state_dict())
  expect(seen).toEqual(['pre', 'loaded'])
  expect(sgd.param_groups[0]!.lr).toBe(5)
})
