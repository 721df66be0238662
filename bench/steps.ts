/** Networks whose training steps (forward, backward, Adam) are measured, written for both sides: the same seeds give the same weights and data. */

import type { Namespace } from './contestants.ts'

export interface Step {
  readonly name: string
  readonly batches: readonly number[]
  /** In Python: lines that make `model` and a function `loss`. */
  readonly python: (batch: number) => string
  /** Here: the same. */
  readonly ours: (torch: Namespace, batch: number) => { model: Namespace; loss: () => Namespace }
}

const mnist: Step = {
  name: 'MNIST step',
  batches: [64, 128],
  python: (batch) => `
x = torch.rand(${batch}, 784)
y = torch.randint(0, 10, (${batch},))
model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
def loss(): return nn.functional.cross_entropy(model(x), y)
`,
  ours: (torch, batch) => {
    const { nn } = torch
    const x = torch.rand(batch, 784)
    const y = torch.randint(0, 10, [batch])
    const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10))
    return { model, loss: () => nn.functional.cross_entropy(model(x), y) }
  },
}

const cnn: Step = {
  name: 'CNN step',
  batches: [32],
  python: (batch) => `
x = torch.rand(${batch}, 1, 28, 28)
y = torch.randint(0, 10, (${batch},))
model = nn.Sequential(
    nn.Conv2d(1, 16, 3, padding=1), nn.BatchNorm2d(16), nn.ReLU(), nn.MaxPool2d(2),
    nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(), nn.Linear(32 * 49, 10))
def loss(): return nn.functional.cross_entropy(model(x), y)
`,
  ours: (torch, batch) => {
    const { nn } = torch
    const x = torch.rand(batch, 1, 28, 28)
    const y = torch.randint(0, 10, [batch])
    const block = (from: number, to: number) => [
      new nn.Conv2d(from, to, 3, { padding: 1 }),
      new nn.BatchNorm2d(to),
      new nn.ReLU(),
      new nn.MaxPool2d(2),
    ]
    const model = new nn.Sequential(...block(1, 16), ...block(16, 32), new nn.Flatten(), new nn.Linear(32 * 49, 10))
    return { model, loss: () => nn.functional.cross_entropy(model(x), y) }
  },
}

const lstm: Step = {
  name: 'LSTM step',
  batches: [32],
  python: (batch) => `
x = torch.rand(${batch}, 40, 64)
y = torch.randint(0, 10, (${batch},))
model = nn.ModuleList([nn.LSTM(64, 128, batch_first=True), nn.Linear(128, 10)])
def loss(): return nn.functional.cross_entropy(model[1](model[0](x)[0][:, -1]), y)
`,
  ours: (torch, batch) => {
    const { nn } = torch
    const x = torch.rand(batch, 40, 64)
    const y = torch.randint(0, 10, [batch])
    const layers = [new nn.LSTM(64, 128, { batch_first: true }), new nn.Linear(128, 10)]
    return { model: new nn.ModuleList(layers), loss: () => nn.functional.cross_entropy(layers[1](layers[0](x)[0].at(':, -1')), y) }
  },
}

const transformer: Step = {
  name: 'transformer step',
  batches: [16],
  python: (batch) => `
x = torch.rand(${batch}, 64, 128)
model = nn.TransformerEncoderLayer(128, 4, dim_feedforward=512, dropout=0.0, batch_first=True)
def loss(): return (model(x) - x).square().mean()
`,
  ours: (torch, batch) => {
    const { nn } = torch
    const x = torch.rand(batch, 64, 128)
    const model = new nn.TransformerEncoderLayer(128, 4, { dim_feedforward: 512, dropout: 0, batch_first: true })
    return { model, loss: () => model(x).sub(x).square().mean() }
  },
}

export const STEPS: readonly Step[] = [mnist, cnn, lstm, transformer]
