/** Part 5 with `--device webgpu`: the same net, data and optimizer, on the GPU. What differs is where tensors live, and that values are awaited. */

import { torch } from 'numgrad'
import type { Mnist } from '../lib/mnist.ts'
import { progress } from '../lib/progress.ts'
import { check, say } from '../lib/show.ts'
import { prepared, Reader, schooling } from './training.ts'

const { nn } = torch
type Tensor = InstanceType<typeof torch.Tensor>

/** The share of images that a model on a device reads rightly. */
export async function accuracyOn(device: string, model: Reader, { pixels, digits }: { pixels: Tensor; digits: Tensor }): Promise<number> {
  model.eval()
  const right = torch.no_grad(() => model(pixels.to(device)).argmax(1).eq(digits.to(device)).float().mean())
  model.train()
  return right.item_async()
}

export interface DeviceOptions {
  readonly epochs: number
  readonly batch: number
  /** Called now and then with the number of steps done and the loss. */
  readonly onStep?: (done: number, loss: number) => void
}

/** Trains on a device; gives the losses that were looked at: every sixteenth, since looking waits for the GPU. */
export async function trainOn(
  device: string,
  model: Reader,
  data: { pixels: Tensor; digits: Tensor },
  { epochs, batch, onStep }: DeviceOptions,
): Promise<number[]> {
  model.to(device)
  const { loader, optimizer, scheduler } = schooling(model, data, { epochs, batch })
  const losses: number[] = []
  let done = 0
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [pixels, digits] of loader) {
      optimizer.zero_grad()
      const loss = nn.functional.cross_entropy(model(pixels!.to(device)), digits!.to(device))
      loss.backward()
      optimizer.step()
      scheduler.step()
      if (++done % 16 !== 0) continue
      losses.push(await loss.item_async())
      onStep?.(done, losses.at(-1)!)
    }
  }
  return losses
}

const BATCH = 128

export async function trainingOnGpu(mnist: Mnist, epochs: number): Promise<void> {
  if (!(await torch.webgpu.is_available())) {
    check(false, 'a GPU is there for --device webgpu (in Node: npm install webgpu, and a driver)')
    return
  }
  torch.manual_seed(0)
  const data = prepared(mnist.trainImages, mnist.trainLabels)
  const test = prepared(mnist.testImages, mnist.testLabels)
  const { adapter } = torch.webgpu.info() as { adapter: { vendor: string; architecture: string } }
  say(`MNIST on the GPU (${adapter.vendor} ${adapter.architecture}): ${data.digits.length} digits to learn from.\n`)
  const model = new Reader()
  const steps = epochs * Math.ceil(data.digits.length / BATCH)
  const bar = progress(steps, 'training')
  const begun = performance.now()
  await trainOn('webgpu', model, data, { epochs, batch: BATCH, onStep: (n, loss) => bar.update(n, { loss }) })
  bar.stop()
  const seconds = (performance.now() - begun) / 1000
  say(`${steps} steps in ${seconds.toFixed(1)} s, ${((1000 * seconds) / steps).toFixed(2)} ms each.`)
  const reached = await accuracyOn('webgpu', model, test)
  const wanted = epochs >= 5 ? 0.97 : 0.93
  check(reached >= wanted, `${(100 * reached).toFixed(2)} % of the test digits are read rightly (at least ${100 * wanted} % wanted)`)
}
