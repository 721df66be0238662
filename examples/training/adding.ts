/** An LSTM that learns to add the two marked ones of a sequence of numbers, far apart as they may be (Hochreiter and Schmidhuber, 1997). */

import { torch } from 'numgrad'
import type { Training } from './training.ts'

const { nn } = torch
const { functional: F } = nn
type Tensor = InstanceType<typeof torch.Tensor>

/** Sequences of numbers beside marks, [count, length, 2], and the sums of the two marked numbers: one mark in each half. */
export function sequences(count: number, length: number): { inputs: Tensor; sums: Tensor } {
  const numbers = torch.rand(count, length)
  const half = length / 2
  const marks = torch.zeros(count, length)
  const places = torch.stack([torch.randint(half, [count]), torch.randint(half, length, [count])], 1)
  marks.scatter_(1, places, 1)
  return { inputs: torch.stack([numbers, marks], 2), sums: numbers.mul(marks).sum(1) }
}

export class Adder extends nn.Module {
  lstm = new nn.LSTM(2, 48, { batch_first: true })
  out = new nn.Linear(48, 1)

  override forward(inputs: Tensor): Tensor {
    const [states] = this.lstm(inputs) as [Tensor, unknown]
    return this.out(states.select(1, -1)).squeeze(-1)
  }
}

export function trainAdding({
  steps = 500,
  length = 16,
  onStep,
}: {
  steps?: number
  length?: number
  onStep?: (step: number, loss: number) => void
} = {}): Training<Adder> {
  torch.manual_seed(2)
  const model = new Adder()
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 5e-3 })
  const losses: number[] = []
  while (losses.length < steps) {
    const { inputs, sums } = sequences(64, length)
    const loss = F.mse_loss(model(inputs), sums)
    optimizer.zero_grad()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1)
    optimizer.step()
    losses.push(loss.item())
    onStep?.(losses.length, losses.at(-1)!)
  }
  return { model, losses }
}
