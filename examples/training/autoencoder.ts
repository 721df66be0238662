/** A variational autoencoder of handwritten digits (Kingma and Welling, 2013): 20 normal numbers stand for an image. */

import { torch } from 'numgrad'
import type { Mnist } from '../lib/mnist.ts'
import type { Training } from './training.ts'

const { nn } = torch
const { Independent, Normal, kl_divergence } = torch.distributions
type Tensor = InstanceType<typeof torch.Tensor>

export class Autoencoder extends nn.Module {
  hidden = new nn.Linear(784, 256)
  mean = new nn.Linear(256, 20)
  spread = new nn.Linear(256, 20)
  decoder = new nn.Sequential(new nn.Linear(20, 256), new nn.ReLU(), new nn.Linear(256, 784))

  /** The distribution of what stands for images. */
  encode(images: Tensor): InstanceType<typeof Independent> {
    const h = torch.relu(this.hidden(images))
    return new Independent(new Normal(this.mean(h), this.spread(h).mul(0.5).exp()), 1)
  }

  /** What an image costs: the bits to tell it by its code, and the code. */
  override forward(images: Tensor): Tensor {
    const code = this.encode(images)
    const logits = this.decoder(code.rsample())
    const pixels = nn.functional.binary_cross_entropy_with_logits(logits, images, { reduction: 'none' }).sum(1)
    const plain = new Independent(new Normal(torch.zeros(20), torch.ones(20)), 1)
    return pixels.add(kl_divergence(code, plain.expand([images.shape[0]!]))).mean()
  }

  /** New images, as probabilities of ink. */
  dream(count: number): Tensor {
    return torch.no_grad(() => this.decoder(torch.randn(count, 20)).sigmoid().reshape(count, 28, 28))
  }
}

/** Trains on the first images. */
export function trainAutoencoder(
  mnist: Mnist,
  {
    epochs = 2,
    count = 20_000,
    steps,
    onStep,
  }: { epochs?: number; count?: number; steps?: number; onStep?: (step: number, loss: number) => void } = {},
): Training<Autoencoder> {
  torch.manual_seed(3)
  const model = new Autoencoder()
  const images = torch
    .tensor(mnist.trainImages.subarray(0, count * 784))
    .reshape(count, 784)
    .to(torch.float32)
    .div(255)
  const loader = new torch.utils.data.DataLoader<Tensor[]>(new torch.utils.data.TensorDataset(images), { batch_size: 100, shuffle: true })
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 2e-3 })
  const losses: number[] = []
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [batch] of loader) {
      if (losses.length === steps) return { model, losses }
      optimizer.zero_grad()
      const loss = model(batch!)
      loss.backward()
      optimizer.step()
      losses.push(loss.item())
      onStep?.(losses.length, losses.at(-1)!)
    }
  }
  return { model, losses }
}
