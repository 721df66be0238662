/** Graphs of 100,000 nodes: no recursion over them, forward or backward, plain or differentiable. */

import { describe, expect, test } from 'vitest'
import { backendOf } from '../../src/core/backend.ts'
import * as torch from '../../src/torch/index.ts'
import type { Tensor } from '../../src/torch/tensor.ts'

const DEEP = 100_000

/** A chain of `x <- x + c x` with a product of known size. */
function chain(x: Tensor, length: number): Tensor {
  let y = x
  for (let i = 0; i < length; i++) y = i % 2 ? y.mul(2) : y.mul(0.5)
  return y
}

describe.skipIf(backendOf('cpu').name === 'reference')('a graph of 100,000 nodes', () => {
  test('goes backward', () => {
    const x = torch.tensor([1.5, -2], { dtype: torch.float64, requires_grad: true })
    chain(x, DEEP).sum().backward()
    expect(x.grad!.tolist()).toEqual([1, 1])
  }, 60_000)

  test('gives a gradient that can be differentiated', () => {
    const x = torch.tensor([1.5, -2], { dtype: torch.float64, requires_grad: true })
    const y = chain(x.mul(x), DEEP)
    const [g] = torch.autograd.grad(y.sum(), [x], { create_graph: true }) as [Tensor]
    expect(g.tolist()).toEqual([3, -4])
    const [h] = torch.autograd.grad(g.sum(), [x]) as [Tensor]
    expect(h.tolist()).toEqual([2, 2])
  }, 60_000)

  test('of a module called again and again goes backward', () => {
    const layer = new torch.nn.Linear(1, 1, { dtype: torch.float64 })
    torch.no_grad(() => {
      layer.weight.fill_(1)
      layer.bias!.fill_(1)
    })
    let x = torch.zeros(1, 1, { dtype: torch.float64 })
    const count = DEEP / 4
    for (let i = 0; i < count; i++) x = torch.nn.functional.relu(layer(x))
    expect(x.item()).toBe(count)
    x.backward()
    expect(layer.bias!.grad!.item()).toBe(count)
    expect(layer.weight.grad!.item()).toBe((count * (count - 1)) / 2)
  }, 60_000)

  test('can be dropped without going backward, again and again', () => {
    const x = torch.ones(2, { requires_grad: true })
    for (let round = 0; round < 2; round++) expect(chain(x, DEEP).requires_grad).toBe(true)
  }, 60_000)

  test('goes forward in dual numbers', () => {
    const x = torch.tensor([1.5], { dtype: torch.float64 })
    const [, t] = torch.func.jvp((v: Tensor) => chain(v, DEEP), [x], [torch.ones_like(x)]) as [Tensor, Tensor]
    expect(t.item()).toBe(1)
  }, 60_000)
})
