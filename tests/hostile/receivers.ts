/** Instances whose methods are called: arrays and tensors of a few dtypes and layouts, generators, and what autograd makes. */

import { arraysOf, type Library, tensorsOf } from './values.ts'

type Receivers = Record<string, readonly (readonly [string, () => object])[]>

/** Which of the odd arrays lend their methods. */
const CHOSEN =
  /float64 \(3,\)|int64 \(2, 3\)|complex128|object|uint8 \(2, 0\)|detached|grad \(2, 2\)|graph|bool|float32 \(3,\)|tensor int64/

export function receivers(np: Library | null, torch: Library | null): Receivers {
  const chosen = (list: ReturnType<typeof arraysOf>) =>
    list.filter(({ name }) => CHOSEN.test(name)).map(({ name, make }) => [name, make as () => object] as const)
  const linear = () => new torch!.nn.Linear(2, 3)
  return {
    ...(np ? { NDArray: chosen(arraysOf(np)), ndarray: chosen(arraysOf(np)), Generator: [['', () => np.random.default_rng(1)]] } : {}),
    ...(torch
      ? {
          Tensor: chosen(tensorsOf(torch)),
          Node: [['', () => torch.tensor([1.5, 2], { requires_grad: true }).mul(2).grad_fn]],
          RemovableHandle: [['', () => torch.tensor([1.5, 2], { requires_grad: true }).register_hook((g: unknown) => g)]],
          Linear: [['', linear]],
          Sequential: [['', () => new torch.nn.Sequential(linear(), new torch.nn.ReLU())]],
          Adam: [['', () => new torch.optim.Adam(linear().parameters())]],
          SGD: [['', () => new torch.optim.SGD(linear().parameters(), { lr: 0.1 })]],
          AdamW: [['', () => new torch.optim.AdamW(linear().parameters())]],
        }
      : {}),
  }
}
