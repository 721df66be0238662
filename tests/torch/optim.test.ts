/** Optimizers and schedulers against PyTorch, and their states. */

import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { argument, expectClose, gradients, metrics, optimizers, schedulers, tensorOf, titled } from './nn_fixture.ts'

const { optim } = torch
type Named<T> = Record<string, new (...args: unknown[]) => T>
const classes = optim as unknown as Named<torch.optim.Optimizer>
const schedules = optim.lr_scheduler as unknown as Named<torch.optim.lr_scheduler.LRScheduler>

function stepped(row: (typeof optimizers)[number], times: number, begin?: (p: torch.Tensor) => torch.optim.Optimizer) {
  const p = tensorOf(row.start).requires_grad_()
  const optimizer = begin ? begin(p) : new classes[row.cls]!([p], row.kwargs)
  const steps = gradients.slice(0, times).map((g) => {
    p.grad = tensorOf(g).to(p.dtype)
    optimizer.step()
    return p.detach().clone()
  })
  return { p, optimizer, steps }
}

describe('ten steps of an optimizer are those of PyTorch', () => {
  for (const row of optimizers) {
    test(`${titled(row.cls, { kwargs: row.kwargs })} in ${row.start.dtype}`, () => {
      const tolerance = row.start.dtype === 'float64' ? 1e-12 : 1e-6
      const { p, optimizer, steps } = stepped(row, gradients.length)
      expectClose(steps[0]!, row.steps[0], 'after one step', tolerance)
      expectClose(steps.at(-1)!, row.steps[1], 'after ten steps', tolerance)
      const state = optimizer.state.get(p) ?? {}
      expect(
        Object.keys(state)
          .filter((k) => state[k] instanceof torch.Tensor)
          .sort(),
      ).toEqual(Object.keys(row.state).sort())
      for (const [name, value] of Object.entries(row.state)) expectClose(state[name], value, name, tolerance)
    })
  }
})

test('the text of an optimizer is that of PyTorch', () => {
  for (const row of optimizers) {
    const p = tensorOf(row.start).requires_grad_()
    expect(String(new classes[row.cls]!([p], row.kwargs))).toBe(row.text)
  }
})

test('a state that was saved and loaded goes on as if nothing had happened', () => {
  for (const row of optimizers.filter((r) => r.start.dtype === 'float32')) {
    const whole = stepped(row, 10).steps.at(-1)!
    const half = stepped(row, 5)
    const saved = half.optimizer.state_dict()
    const p = half.p.detach().clone().requires_grad_()
    const next = new classes[row.cls]!([p], { ...row.kwargs, lr: 123 })
    next.load_state_dict(saved)
    for (const g of gradients.slice(5)) {
      p.grad = tensorOf(g)
      next.step()
    }
    expect(p.tolist(), row.cls).toEqual(whole.tolist())
  }
})

test('groups have options of their own', () => {
  const [a, b] = [torch.ones(1, { requires_grad: true }), torch.ones(1, { requires_grad: true })]
  const sgd = new optim.SGD([{ params: [a], lr: 0.5 }, { params: b }], { lr: 0.1 })
  a.mul(2).add(b.mul(3)).sum().backward()
  sgd.step()
  expect(a.item()).toBe(0)
  expect(b.item()).toBeCloseTo(0.7, 6)
  sgd.param_groups[0]!.lr = 0
  sgd.step()
  expect(a.item()).toBe(0)
})

test('a closure is called with recording on, and its value comes back', () => {
  const w = torch.ones(1, { requires_grad: true })
  const sgd = new optim.SGD([w], { lr: 0.1 })
  const loss = torch.no_grad(() =>
    sgd.step(() => {
      sgd.zero_grad()
      const value = w.square().sum()
      value.backward()
      return value
    }),
  )
  expect(loss.item()).toBe(1)
  expect(w.item()).toBeCloseTo(0.8, 6)
})

test('zero_grad forgets gradients or fills them with zeros', () => {
  const w = torch.ones(2, { requires_grad: true })
  const sgd = new optim.SGD([w], { lr: 0.1 })
  w.sum().backward()
  sgd.zero_grad(false)
  expect(w.grad!.tolist()).toEqual([0, 0])
  sgd.zero_grad()
  expect(w.grad).toBeNull()
})

test('a step makes what was saved for backward before it out of date', () => {
  const w = torch.ones(2, { requires_grad: true })
  const loss = w.square().sum()
  loss.backward({ retain_graph: true })
  new optim.SGD([w], { lr: 0.1 }).step()
  expect(() => loss.backward()).toThrow(/has been modified by an inplace operation/)
})

test('complex parameters are optimized as pairs of reals', () => {
  const z = torch.tensor([1, 2], { dtype: 'complex64' }).requires_grad_()
  z.grad = torch.ones(2, { dtype: 'complex64' })
  new optim.Adam([z], { lr: 0.5 }).step()
  const [first, second] = z.tolist() as { re: number; im: number }[]
  expect([first!.re, first!.im, second!.re, second!.im].map((x) => Math.abs(Math.round(x * 1e6) / 1e6))).toEqual([0.5, 0, 1.5, 0])
})

test('wrong options and parameters are PyTorch errors', () => {
  const w = torch.ones(1, { requires_grad: true })
  expect(() => new optim.SGD([], { lr: 0.1 })).toThrow('optimizer got an empty parameter list')
  expect(() => new optim.SGD([w], { lr: -1 })).toThrow('Invalid learning rate: -1')
  expect(() => new optim.SGD([w.mul(2)], { lr: 1 })).toThrow("can't optimize a non-leaf Tensor")
  expect(() => new optim.SGD(w as never, { lr: 1 })).toThrow(
    'params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.FloatTensor',
  )
  expect(() => new optim.Adam([w], { betas: [1.5, 0.9] })).toThrow('Invalid beta parameter at index 0: 1.5')
  expect(() => new optim.SGD([w], { lr: 1, nesterov: true })).toThrow('Nesterov momentum requires a momentum and zero dampening')
  expect(() => new optim.SGD([w], { rate: 1 } as never)).toThrow("SGD() got an unexpected keyword argument 'rate'")
  expect(() => new optim.SGD([{ params: [w] }, { params: [w] }], { lr: 1 })).toThrow(
    'some parameters appear in more than one parameter group',
  )
  expect(() => new optim.Adam([torch.ones(1)], 0.1).load_state_dict({ state: {}, param_groups: [] })).toThrow(
    'loaded state dict has a different number of parameter groups',
  )
})

const half = (epoch: number): number => 1 / (1 + 0.5 * epoch)

describe('a schedule sets the rates of PyTorch', () => {
  for (const row of schedulers) {
    test(titled(row.cls, row), () => {
      const groups = [{ params: [torch.zeros(1)] }, { params: [torch.zeros(1)], lr: 0.3 }]
      const sgd = new optim.SGD(groups, { lr: 0.1, momentum: 0.9 })
      const scheduler = new schedules[row.cls]!(sgd, ...row.args.map((a) => (a === 'half' ? half : argument(a))), argument(row.kwargs))
      const rows = [null, ...metrics].map((metric, i) => {
        if (i > 0) {
          sgd.step()
          if (row.cls === 'ReduceLROnPlateau') scheduler.step(metric)
          else scheduler.step()
          expect(scheduler.get_last_lr()).toEqual(sgd.param_groups.map((g) => g.lr))
        }
        return [...sgd.param_groups.map((g) => g.lr), ...sgd.param_groups.map((g) => g.momentum as number)]
      })
      rows.forEach((values, i) => {
        values.forEach((value, k) => {
          expect(value, `step ${i}, value ${k}`).toBeCloseTo(row.rows[i]![k]!, 12)
        })
      })
    })
  }
})

test('schedules follow one another and work together', () => {
  const sgd = new optim.SGD([torch.zeros(1)], { lr: 1 })
  const { ConstantLR, ExponentialLR, SequentialLR, ChainedScheduler } = optim.lr_scheduler
  const after = new SequentialLR(sgd, [new ConstantLR(sgd, { factor: 0.1, total_iters: 2 }), new ExponentialLR(sgd, 0.9)], [2])
  const rates = Array.from({ length: 5 }, () => {
    sgd.step()
    const lr = sgd.param_groups[0]!.lr
    after.step()
    return lr
  })
  // the values of PyTorch's documentation of SequentialLR
  ;[0.1, 0.1, 1, 0.9, 0.81].forEach((lr, i) => {
    expect(rates[i]).toBeCloseTo(lr, 12)
  })
  const other = new optim.SGD([torch.zeros(1)], { lr: 0.05 })
  const chained = new ChainedScheduler([new ConstantLR(other, { factor: 0.1, total_iters: 20 }), new ExponentialLR(other, 0.9)], other)
  expect(other.param_groups[0]!.lr).toBeCloseTo(0.005, 12)
  other.step()
  chained.step()
  expect(other.param_groups[0]!.lr).toBeCloseTo(0.0045, 12)
})

test('a schedule can be saved and loaded', () => {
  const make = () => {
    const sgd = new optim.SGD([torch.zeros(1)], { lr: 1 })
    return { sgd, scheduler: new optim.lr_scheduler.StepLR(sgd, 2, { gamma: 0.5 }) }
  }
  const first = make()
  for (let i = 0; i < 3; i++) {
    first.sgd.step()
    first.scheduler.step()
  }
  const second = make()
  second.sgd.load_state_dict(first.sgd.state_dict())
  second.scheduler.load_state_dict(first.scheduler.state_dict())
  for (const { sgd, scheduler } of [first, second]) {
    sgd.step()
    scheduler.step()
  }
  expect(second.sgd.param_groups[0]!.lr).toBe(first.sgd.param_groups[0]!.lr)
  expect(second.sgd.param_groups[0]!.lr).toBe(0.25)
})
