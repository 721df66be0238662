import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { absent, why } from './open.ts'

const { nn, optim } = torch

/** Losses of ten steps on a device. */
async function losses(device: string, make: (params: Iterable<torch.Tensor>) => torch.optim.Optimizer): Promise<number[]> {
  torch.manual_seed(0)
  const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.BatchNorm1d(16), new nn.Linear(16, 3))
  const x = torch.randn(64, 8).to(device)
  const y = torch.randint(0, 3, [64]).to(device)
  model.to(device)
  const optimizer = make(model.parameters())
  const seen: number[] = []
  for (let i = 0; i < 10; i++) {
    optimizer.zero_grad()
    const loss = nn.functional.cross_entropy(model(x) as torch.Tensor, y)
    loss.backward()
    optimizer.step()
    seen.push((await loss.item_async()) as number)
  }
  return seen
}

describe.skipIf(absent !== null)(`training on the GPU${why}`, () => {
  test.each([
    ['SGD', (p: Iterable<torch.Tensor>) => new optim.SGD(p as never, { lr: 0.1, momentum: 0.9 })],
    ['Adam', (p: Iterable<torch.Tensor>) => new optim.Adam(p as never, { lr: 0.01 })],
    ['AdamW', (p: Iterable<torch.Tensor>) => new optim.AdamW(p as never, { lr: 0.01, amsgrad: true })],
  ] as const)('by %s goes as on the cpu', async (_, make) => {
    const [cpu, gpu] = [await losses('cpu', make), await losses('webgpu', make)]
    expect(cpu.at(-1)).toBeLessThan(cpu[0]! * 0.9)
    gpu.forEach((loss, i) => {
      expect(Math.abs(loss - cpu[i]!)).toBeLessThan(1e-4)
    })
  })
})
