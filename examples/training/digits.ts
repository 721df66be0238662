/** A convolutional network that reads handwritten digits: two convolutions, two poolings, one linear layer. */

import { torch } from 'numgrad'
import type { Mnist } from '../lib/mnist.ts'
import type { Training } from './training.ts'

const { nn } = torch
const { functional: F } = nn
type Tensor = InstanceType<typeof torch.Tensor>

export class DigitReader extends nn.Module {
  first = new nn.Conv2d(1, 16, 3, { padding: 1 })
  second = new nn.Conv2d(16, 32, 3, { padding: 1 })
  out = new nn.Linear(32 * 7 * 7, 10)

  override forward(x: Tensor): Tensor {
    x = F.max_pool2d(torch.relu(this.first(x)), 2)
    x = F.max_pool2d(torch.relu(this.second(x)), 2)
    return this.out(x.flatten(1))
  }
}

/** Images as [n, 1, 28, 28] numbers from 0 to 1. */
export const imagesOf = (bytes: Uint8Array, count: number): Tensor =>
  torch
    .tensor(bytes.subarray(0, count * 784))
    .reshape(count, 1, 28, 28)
    .to(torch.float32)
    .div(255)

/** Digits as whole numbers. */
export const labelsOf = (bytes: Uint8Array, count: number): Tensor => torch.tensor(bytes.subarray(0, count)).to(torch.int64)

/** The share of images that are read rightly. */
export function accuracy(model: DigitReader, images: Tensor, labels: Tensor): number {
  const batches = torch.no_grad(() => images.split(1000).map((part) => model(part).argmax(1)))
  return torch.cat(batches).eq(labels).to(torch.float64).mean().item()
}

export interface DigitOptions {
  readonly epochs?: number
  readonly count?: number
  /** Ends the training early. */
  readonly steps?: number
  readonly onStep?: (step: number, loss: number) => void
}

/** Trains by Adam, whose rate rises and falls along one cycle. */
export function trainDigits(mnist: Mnist, { epochs = 1, count = 60_000, steps, onStep }: DigitOptions = {}): Training<DigitReader> {
  torch.manual_seed(0)
  const model = new DigitReader()
  const data = new torch.utils.data.TensorDataset(imagesOf(mnist.trainImages, count), labelsOf(mnist.trainLabels, count))
  const loader = new torch.utils.data.DataLoader<Tensor[]>(data, { batch_size: 100, shuffle: true })
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3 })
  const scheduler = new torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-2, { total_steps: epochs * loader.length })
  const losses: number[] = []
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [images, digits] of loader) {
      if (losses.length === steps) return { model, losses }
      optimizer.zero_grad()
      const loss = F.cross_entropy(model(images!), digits!)
      loss.backward()
      optimizer.step()
      scheduler.step()
      losses.push(loss.item())
      onStep?.(losses.length, losses.at(-1)!)
    }
  }
  return { model, losses }
}
