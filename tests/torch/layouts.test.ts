/** The strides of results, which say what `view` may do next: those of PyTorch 2.15. */

import { expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'

const x = torch.arange(24, { dtype: 'float32' }).reshape(2, 3, 4)
const i = torch.tensor([0, 1, 0])
const taped = () => x.clone().requires_grad_()

test.each<[string, () => torch.Tensor, number[]]>([
  ['index_select along 1', () => x.index_select(1, i), [12, 4, 1]],
  ['index_select along 2', () => x.index_select(2, i), [9, 3, 1]],
  ['index_select with a tape', () => taped().index_select(1, i), [12, 4, 1]],
  ['repeat_interleave along -1', () => x.repeat_interleave(2, { dim: -1 }), [24, 8, 1]],
  ['repeat_interleave along 1', () => x.repeat_interleave(2, { dim: 1 }), [24, 4, 1]],
  ['x[:, i]', () => x.at(':', i) as torch.Tensor, [12, 4, 1]],
  ['x[:, :, i]', () => x.at(':', ':', i) as torch.Tensor, [9, 3, 1]],
  ['x[:, i, i]', () => x.at(':', i, i) as torch.Tensor, [3, 1]],
  ['x[:, i] with a tape', () => taped().at(':', i) as torch.Tensor, [12, 4, 1]],
  ['x[:, mask]', () => x.at(':', torch.tensor([true, false, true])) as torch.Tensor, [8, 4, 1]],
  ['index_add', () => x.index_add(1, i, x), [12, 4, 1]],
  ['index_copy', () => x.index_copy(1, torch.tensor([0, 1, 2]), x), [12, 4, 1]],
  ['interpolate', () => torch.nn.functional.interpolate(x.unsqueeze(0), { scale_factor: 2 }), [96, 48, 8, 1]],
  ['gather', () => x.gather(1, torch.zeros(2, 1, 4, { dtype: 'int64' })), [4, 4, 1]],
  ['sort', () => x.sort(0).values, [12, 4, 1]],
  ['flip', () => x.flip(1), [12, 4, 1]],
])('%s', (_, f, strides) => {
  const y = f()
  expect(y.stride()).toEqual(strides)
  expect(y.view(-1).tolist()).toEqual(y.clone().reshape(-1).tolist())
})
