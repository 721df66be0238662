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

const some = (...shape: number[]) => torch.randn(shape, { dtype: 'float64' })
const cells = {
  lstm: new torch.nn.LSTMCell(3, 2, { dtype: 'float64' }),
  gru: new torch.nn.GRU(2, 2, { dtype: 'float64' }),
  attention: new torch.nn.MultiheadAttention(4, 2, { dtype: 'float64' }),
}

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
  conv1d: { f: (a, c, d) => F.conv1d(a, c, d, { stride: 2, padding: 1 }), inputs: [some(2, 2, 5), some(3, 2, 3), some(3)] },
  'conv2d in groups, dilated': {
    f: (a, c) => F.conv2d(a, c, { groups: 2, dilation: [1, 2], padding: [1, 0] }),
    inputs: [some(1, 2, 3, 4), some(4, 1, 2, 2)],
  },
  conv3d: { f: (a, c) => F.conv3d(a, c, { stride: [1, 2, 1] }), inputs: [some(1, 1, 2, 3, 3), some(2, 1, 2, 2, 2)] },
  conv_transpose2d: {
    f: (a, c, d) => F.conv_transpose2d(a, c, d, { stride: 2, padding: 1, output_padding: 1 }),
    inputs: [some(1, 2, 2, 3), some(2, 1, 3, 3), some(1)],
  },
  max_pool2d: { f: (a) => F.max_pool2d(a, 2, { stride: 1 }), inputs: [some(1, 2, 3, 4)] },
  'avg_pool2d, cut off': {
    f: (a) => F.avg_pool2d(a, 3, { stride: 2, padding: 1, ceil_mode: true, count_include_pad: false }),
    inputs: [some(1, 1, 4, 5)],
  },
  adaptive_avg_pool2d: { f: (a) => F.adaptive_avg_pool2d(a, [2, 3]), inputs: [some(1, 1, 5, 4)] },
  adaptive_max_pool1d: { f: (a) => F.adaptive_max_pool1d(a, 2), inputs: [some(2, 5)] },
  lp_pool1d: { f: (a) => F.lp_pool1d(a.abs().add(1), 3, 2), inputs: [some(1, 2, 4)] },
  max_unpool1d: { f: (a) => F.max_unpool1d(a, torch.tensor([[0, 3]]), 2), inputs: [some(1, 2)] },
  unfold: { f: (a) => F.unfold(a, 2, { dilation: 2, padding: 1 }), inputs: [some(1, 1, 3, 3)] },
  fold: { f: (a) => F.fold(a, [3, 3], 2), inputs: [some(1, 4, 4)] },
  'interpolate, bilinear': { f: (a) => F.interpolate(a, { scale_factor: 1.5, mode: 'bilinear' }), inputs: [some(1, 1, 3, 2)] },
  'interpolate, bicubic': {
    f: (a) => F.interpolate(a, { size: [4, 5], mode: 'bicubic', align_corners: true }),
    inputs: [some(1, 1, 3, 3)],
  },
  grid_sample: {
    f: (a, c) => F.grid_sample(a, torch.tanh(c).mul(0.9), { padding_mode: 'border' }),
    inputs: [some(1, 2, 3, 3), some(1, 2, 2, 2)],
  },
  affine_grid: { f: (a) => F.affine_grid(a, [1, 1, 2, 2], false), inputs: [some(1, 2, 3)] },
  local_response_norm: { f: (a) => F.local_response_norm(a, 2, 0.1), inputs: [some(1, 3, 2)] },
  embedding_bag: {
    f: (a, c) => F.embedding_bag(torch.tensor([0, 2, 1, 2]), a, { offsets: torch.tensor([0, 3]), mode: 'sum', per_sample_weights: c }),
    inputs: [some(3, 2), some(4)],
  },
  multilabel_margin_loss: { f: (a) => F.multilabel_margin_loss(a, torch.tensor([[1, 0, -1]])), inputs: [some(1, 3)] },
  'LSTM cell': { f: (a, h, c) => torch.cat(cells.lstm(a, [h, c])), inputs: [some(2, 3), some(2, 2), some(2, 2)] },
  GRU: { f: (a, h) => cells.gru(a, h)[0] as T, inputs: [some(3, 1, 2), some(1, 1, 2)] },
  'multi-head attention': { f: (a, c) => cells.attention(a, c, c)[0], inputs: [some(2, 1, 4), some(3, 1, 4)] },
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
    'conv1d',
    'conv2d in groups, dilated',
    'conv_transpose2d',
    'max_pool2d',
    'avg_pool2d, cut off',
    'unfold',
    'interpolate, bilinear',
    'grid_sample',
    'LSTM cell',
    'GRU',
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

test('forward mode agrees with reverse mode through convolutions and pooling', () => {
  const f = (a: T, c: T) => F.max_pool1d(F.conv1d(a, c, { padding: 1 }).tanh(), 2)
  const [a, c, da, dc] = [some(1, 2, 6), some(3, 2, 3), some(1, 2, 6), some(3, 2, 3)]
  const [out, tangent] = torch.func.jvp(f, [a, c], [da, dc]) as [T, T]
  const ct = torch.randn([...out.shape], { dtype: 'float64' })
  const [ga, gc] = torch.autograd.grad(f(a.requires_grad_(), c.requires_grad_()), [a, c], { grad_outputs: ct }) as [T, T]
  const forward = Number(tangent.mul(ct).sum().item())
  const reverse = Number(ga.mul(da).sum().add(gc.mul(dc).sum()).item())
  expect(Math.abs(forward - reverse)).toBeLessThan(1e-12)
})

test('complex convolutions are four real ones', () => {
  const [ar, ai, wr, wi] = [some(1, 2, 5), some(1, 2, 5), some(3, 2, 2), some(3, 2, 2)]
  const out = F.conv1d(torch.complex(ar, ai), torch.complex(wr, wi))
  const real = F.conv1d(ar, wr).sub(F.conv1d(ai, wi))
  const imag = F.conv1d(ar, wi).add(F.conv1d(ai, wr))
  expect(torch.allclose(out, torch.complex(real, imag))).toBe(true)
  const leaves = [torch.complex(ar, ai).requires_grad_(), torch.complex(wr, wi).requires_grad_()]
  expect(torch.autograd.gradcheck((a: T, w: T) => F.conv1d(a, w), leaves)).toBe(true)
})
