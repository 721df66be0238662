/** Fused normalisations: derivatives of first and second order, statistics; and what the functions around them say of wrong arguments. */

import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'

type T = torch.Tensor
const F = torch.nn.functional
torch.manual_seed(5)
const some = (...shape: number[]): T => torch.randn(shape, { dtype: 'float64' })

const CASES: Record<string, { f: (...xs: T[]) => T; inputs: T[] }> = {
  'batch_norm of two dimensions': { f: (x, w, b) => F.batch_norm(x, null, null, w, b, true), inputs: [some(4, 3), some(3), some(3)] },
  'batch_norm of four': { f: (x, w, b) => F.batch_norm(x, null, null, w, b, true), inputs: [some(2, 2, 2, 3), some(2), some(2)] },
  'batch_norm without bias': { f: (x, w) => F.batch_norm(x, null, null, w, null, true), inputs: [some(3, 2, 2), some(2)] },
  'batch_norm by running statistics': {
    f: (x, w, b) => F.batch_norm(x, torch.tensor([0.5, 1], { dtype: 'float64' }), torch.tensor([2, 3], { dtype: 'float64' }), w, b),
    inputs: [some(3, 2, 2), some(2), some(2)],
  },
  'layer_norm of one row': { f: (x, w, b) => F.layer_norm(x, [4], w, b), inputs: [some(4), some(4), some(4)] },
  'layer_norm of two dimensions': { f: (x, w, b) => F.layer_norm(x, [2, 3], w, b), inputs: [some(2, 2, 3), some(2, 3), some(2, 3)] },
}

describe('first and second derivatives agree with finite differences, forward mode with reverse mode, vmap with a loop', () => {
  for (const [name, { f, inputs }] of Object.entries(CASES)) {
    test(name, () => {
      const leaves = inputs.map((t) => t.detach().clone().requires_grad_())
      expect(torch.autograd.gradcheck(f, leaves)).toBe(true)
      expect(torch.autograd.gradgradcheck(f, leaves)).toBe(true)
      const tangents = inputs.map((t) => some(...t.shape))
      const [out, tangent] = torch.func.jvp(f, inputs, tangents) as [T, T]
      const ct = some(...out.shape)
      const grads = torch.autograd.grad(f(...leaves), leaves, { grad_outputs: ct }) as T[]
      const reverse = grads.reduce((sum, g, i) => sum + Number(g.mul(tangents[i]!).sum().item()), 0)
      expect(Math.abs(Number(tangent.mul(ct).sum().item()) - reverse)).toBeLessThan(1e-11)

      const slopes = (...xs: T[]): T => {
        const [x, ...rest] = xs as [T, ...T[]]
        return torch.func.grad((w: T) =>
          f(x, ...(rest.length ? [w, ...rest.slice(1)] : []))
            .pow(3)
            .sum(),
        )(rest[0]!) as T
      }
      const batches = inputs.map((t) => torch.stack([t, t.mul(0.5), t.neg()]))
      const each = torch.stack([0, 1, 2].map((i) => slopes(...batches.map((t) => t.at(i)))))
      expect(torch.allclose(torch.func.vmap(slopes)(...batches) as T, each)).toBe(true)
    })
  }
})

test("batch norm moves the running statistics, and its history has PyTorch's name", () => {
  const x = torch.tensor(
    [
      [1, 2],
      [3, 6],
    ],
    { dtype: 'float32', requires_grad: true },
  )
  const [mean, variance] = [torch.zeros(2), torch.ones(2)]
  const out = F.batch_norm(x, mean, variance, null, null, true, 0.5)
  expect(out.grad_fn?.name()).toBe('NativeBatchNormBackward0')
  expect(mean.tolist()).toEqual([1, 2])
  expect(variance.tolist()).toEqual([1.5, 4.5])
})

test('functions that take modules name themselves', () => {
  const { utils } = torch.nn
  const wrong = 1 as unknown as torch.nn.Module
  expect(() => utils.fuse_conv_bn_eval(wrong, wrong)).toThrow('fuse_conv_bn_eval(): conv must be a Module')
  expect(() => utils.fuse_linear_bn_eval(wrong, wrong)).toThrow('fuse_linear_bn_eval(): linear must be a Module')
  expect(() => utils.parametrize.remove_parametrizations(wrong, 'weight')).toThrow('remove_parametrizations(): module must be a Module')
  expect(() => utils.parametrize.is_parametrized(wrong)).toThrow('is_parametrized(): module must be a Module')
  expect(() => utils.skip_init((() => 1) as never)).toThrow('Expected a Module')
})
