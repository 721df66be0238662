/** First and second derivatives of nn.functional against finite differences, and its functions under vmap against a loop. */

import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'

const F = torch.nn.functional
type T = torch.Tensor

torch.manual_seed(0)
const x = torch.randn(4, 3, { dtype: 'float64' }).mul(1.5)
const y = torch.randn(4, 3, { dtype: 'float64' })
const w = torch.randn(2, 3, { dtype: 'float64' })
const b = torch.randn(2, { dtype: 'float64' })
const p = torch.sigmoid(y)
const classes = torch.tensor([0, 2, 1, 2])

/** Functions of floating tensors, at points where they are smooth. */
const cases: Record<string, { f: (...xs: T[]) => T; inputs: T[] }> = {
  linear: { f: (a, c, d) => F.linear(a, c, d), inputs: [x, w, b] },
  'linear without bias': { f: (a, c) => F.linear(a, c), inputs: [x, w] },
  bilinear: { f: (a, c, d) => F.bilinear(a, c, d), inputs: [x, y, torch.randn(2, 3, 3, { dtype: 'float64' })] },
  binary_cross_entropy: { f: (a, t) => F.binary_cross_entropy(a, t), inputs: [torch.sigmoid(x), p] },
  binary_cross_entropy_with_logits: { f: (a, t) => F.binary_cross_entropy_with_logits(a, t), inputs: [x, p] },
  cross_entropy: {
    f: (a) => F.cross_entropy(a, classes, { label_smoothing: 0.1, weight: torch.tensor([0.5, 1, 2], { dtype: 'float64' }) }),
    inputs: [x],
  },
  'cross_entropy of probabilities': { f: (a, t) => F.cross_entropy(a, torch.softmax(t, 1)), inputs: [x, y] },
  smooth_l1_loss: { f: (a, t) => F.smooth_l1_loss(a, t), inputs: [x, y] },
  huber_loss: { f: (a, t) => F.huber_loss(a, t), inputs: [x, y] },
  hardtanh: { f: (a) => F.hardtanh(a), inputs: [x] },
  hardshrink: { f: (a) => F.hardshrink(a), inputs: [x] },
  softshrink: { f: (a) => F.softshrink(a), inputs: [x] },
  layer_norm: { f: (a) => F.layer_norm(a, [3]), inputs: [x] },
  rms_norm: { f: (a, c) => F.rms_norm(a, [3], c), inputs: [x, torch.randn(3, { dtype: 'float64' })] },
  batch_norm: { f: (a) => F.batch_norm(a, null, null, { training: true }), inputs: [x] },
  group_norm: { f: (a) => F.group_norm(a, 3, { eps: 0.5 }), inputs: [torch.randn(2, 6, 2, { dtype: 'float64' })] },
  prelu: { f: (a, c) => F.prelu(a, c), inputs: [x, torch.rand(3, { dtype: 'float64' })] },
  glu: { f: (a) => F.glu(a, 0), inputs: [x] },
  cosine_similarity: { f: (a, c) => F.cosine_similarity(a, c), inputs: [x, y] },
  normalize: { f: (a) => F.normalize(a), inputs: [x] },
  scaled_dot_product_attention: {
    f: (a, c, d) => F.scaled_dot_product_attention(a, c, d, { is_causal: true }),
    inputs: [x, y, torch.tanh(y)],
  },
  pad: { f: (a) => F.pad(a.unsqueeze(0), [1, 2], { mode: 'reflect' }), inputs: [x] },
  triplet_margin_loss: { f: (a, c, d) => F.triplet_margin_loss(a, c, d), inputs: [x, y, torch.sin(x)] },
}

describe('first and second derivatives agree with finite differences', () => {
  for (const [name, { f, inputs }] of Object.entries(cases)) {
    test(name, () => {
      const leaves = inputs.map((t) => t.detach().clone().requires_grad_())
      expect(torch.autograd.gradcheck(f, leaves)).toBe(true)
      expect(torch.autograd.gradgradcheck(f, leaves)).toBe(true)
    })
  }
})

describe('vmap gives what a loop gives, with gradients', () => {
  for (const name of [
    'linear',
    'linear without bias',
    'binary_cross_entropy',
    'hardtanh',
    'softshrink',
    'layer_norm',
    'smooth_l1_loss',
    'cross_entropy',
    'scaled_dot_product_attention',
  ]) {
    test(name, () => {
      const { f, inputs } = cases[name]!
      const batches = inputs.map((t) => torch.stack([t, t.mul(0.5), t.mul(0.25)]))
      const looped = torch.stack([0, 1, 2].map((i) => f(...batches.map((t) => t.at(i)))))
      const mapped = torch.func.vmap(f)(...batches) as T
      expect(torch.allclose(mapped, looped)).toBe(true)
      const slope = (first: T, ...rest: T[]) => torch.func.grad((a: T) => f(a, ...rest).sum())(first) as T
      const slopes = torch.func.vmap(slope)(...batches) as T
      const each = torch.stack([0, 1, 2].map((i) => slope(...(batches.map((t) => t.at(i)) as [T]))))
      expect(torch.allclose(slopes, each)).toBe(true)
    })
  }
})

test('in-place forms write their input and keep its history', () => {
  const leaf = x.clone().requires_grad_()
  const middle = leaf.mul(2)
  const same = F.leaky_relu(middle, 0.1, true)
  expect(same).toBe(middle)
  same.sum().backward()
  const other = x.clone().requires_grad_()
  F.leaky_relu(other.mul(2), 0.1).sum().backward()
  expect(leaf.grad!.tolist()).toEqual(other.grad!.tolist())
  expect(() => F.relu(leaf, true)).toThrow('a leaf Variable that requires grad is being used in an in-place operation.')
})
