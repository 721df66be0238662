/** Part 5: a net that reads handwritten digits: data through np, training with torch, figure and weights in files. */

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { np, torch } from 'numgrad'
import { type MisreadDigit, trainingFigure } from '../lib/figure.ts'
import type { Mnist } from '../lib/mnist.ts'
import { progress } from '../lib/progress.ts'
import { check, say, show } from '../lib/show.ts'

const { nn } = torch
type Tensor = InstanceType<typeof torch.Tensor>

/** 784 pixels, one hidden layer, 10 digits. */
export class Reader extends nn.Module {
  hidden = new nn.Linear(784, 128)
  dropout = new nn.Dropout(0.1)
  out = new nn.Linear(128, 10)

  override forward(pixels: Tensor): Tensor {
    return this.out(this.dropout(torch.relu(this.hidden(pixels))))
  }
}

/** Images as rows of 784 numbers from 0 to 1, and their digits, by NumPy's means, as tensors over the same memory. */
export function prepared(images: Uint8Array, labels: Uint8Array, count = labels.length): { pixels: Tensor; digits: Tensor } {
  const rows = np.array(images.subarray(0, count * 784), { dtype: 'float32' }).reshape(count, 784)
  const digits = np.array(labels.subarray(0, count), { dtype: 'int64' })
  return { pixels: torch.from_numpy(np.divide(rows, 255)), digits: torch.from_numpy(digits) }
}

/** The digits that a model reads in images. */
export function read(model: Reader, pixels: Tensor): Tensor {
  model.eval()
  const digits = torch.no_grad(() => model(pixels).argmax(1))
  model.train()
  return digits
}

/** The share of images that a model reads rightly. */
export const accuracy = (model: Reader, { pixels, digits }: { pixels: Tensor; digits: Tensor }): number =>
  read(model, pixels).eq(digits).to(torch.float64).mean().item() as number

export interface TrainOptions {
  readonly epochs: number
  readonly batch: number
  /** Called after every step with the number of steps done and the loss. */
  readonly onStep?: (done: number, loss: number) => void
  /** Called after every epoch. */
  readonly onEpoch?: (epoch: number) => void
}

/** What training goes by: shuffled batches, and Adam, whose rate rises and falls along one cycle. */
export function schooling(
  model: Reader,
  data: { pixels: Tensor; digits: Tensor },
  { epochs, batch }: { readonly epochs: number; readonly batch: number },
) {
  const dataset = new torch.utils.data.TensorDataset(data.pixels, data.digits)
  const loader = new torch.utils.data.DataLoader<Tensor[]>(dataset, { batch_size: batch, shuffle: true })
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3 })
  const scheduler = new torch.optim.lr_scheduler.OneCycleLR(optimizer, 4e-3, {
    epochs,
    steps_per_epoch: loader.length,
    cycle_momentum: false,
  })
  return { loader, optimizer, scheduler }
}

/** Trains with Adam, whose rate falls along one cycle; gives the loss of every step. */
export function train(model: Reader, data: { pixels: Tensor; digits: Tensor }, { epochs, batch, onStep, onEpoch }: TrainOptions): number[] {
  const { loader, optimizer, scheduler } = schooling(model, data, { epochs, batch })
  const losses: number[] = []
  for (let epoch = 0; epoch < epochs; epoch++) {
    for (const [pixels, digits] of loader) {
      optimizer.zero_grad()
      const loss = nn.functional.cross_entropy(model(pixels!), digits!)
      loss.backward()
      optimizer.step()
      scheduler.step()
      losses.push(loss.item() as number)
      onStep?.(losses.length, losses.at(-1)!)
    }
    onEpoch?.(epoch)
  }
  return losses
}

/** Writes a model's weights as `.npz` and `.safetensors`. */
export function saveWeights(model: Reader, folder: string): { npz: string; safetensors: string } {
  const state = model.state_dict()
  const [npz, safetensors] = [join(folder, 'tour.npz'), join(folder, 'tour.safetensors')]
  np.savez(npz, Object.fromEntries(Object.entries(state).map(([name, t]) => [name, t.numpy()])))
  torch.safetensors.save_file(state, safetensors)
  return { npz, safetensors }
}

/** New models with the weights in two files. */
export function loadWeights(files: { npz: string; safetensors: string }): { npz: Reader; safetensors: Reader } {
  const [a, b] = [new Reader(), new Reader()]
  const arrays = np.load(files.npz)
  a.load_state_dict(Object.fromEntries([...arrays.keys()].map((name: string) => [name, torch.from_numpy(arrays.get(name))])))
  b.load_state_dict(torch.safetensors.load_file(files.safetensors))
  return { npz: a, safetensors: b }
}

const EPOCHS = 5
const BATCH = 128

export function training(mnist: Mnist, folder: string): void {
  torch.manual_seed(0)
  const data = prepared(mnist.trainImages, mnist.trainLabels)
  const test = prepared(mnist.testImages, mnist.testLabels)
  say(`MNIST: ${data.digits.length} digits to learn from, ${test.digits.length} to be tested with.\n`)

  const model = new Reader()
  show('const model = new Reader()', model)

  const steps = EPOCHS * Math.ceil(data.digits.length / BATCH)
  const bar = progress(steps, 'training')
  const accuracies: number[] = []
  const begun = performance.now()
  let shown = {}
  const losses = train(model, data, {
    epochs: EPOCHS,
    batch: BATCH,
    onStep: (done, loss) => bar.update(done, { loss, ...shown }),
    onEpoch: () => {
      accuracies.push(accuracy(model, test))
      shown = { 'test accuracy': `${(100 * accuracies.at(-1)!).toFixed(2)} %` }
    },
  })
  bar.stop()
  const seconds = (performance.now() - begun) / 1000
  say(`${steps} steps in ${seconds.toFixed(1)} s, ${((1000 * seconds) / steps).toFixed(2)} ms each.`)
  const reached = accuracies.at(-1)!
  check(reached >= 0.97, `${(100 * reached).toFixed(2)} % of the test digits are read rightly (at least 97 % wanted)`)

  mkdirSync(folder, { recursive: true })
  const guesses = read(model, test.pixels).tolist() as number[]
  const wrong = guesses.flatMap((predicted, i): MisreadDigit[] => {
    const label = mnist.testLabels[i]!
    return predicted === label ? [] : [{ pixels: mnist.testImages.subarray(784 * i, 784 * (i + 1)), label, predicted }]
  })
  const figure = join(folder, 'tour.svg')
  writeFileSync(figure, trainingFigure({ losses, accuracies, digits: wrong, title: 'MNIST with numgrad' }))

  const files = saveWeights(model, folder)
  const loaded = loadWeights(files)
  for (const [kind, again] of Object.entries(loaded))
    check(accuracy(again, test) === reached, `the weights read back from .${kind} have the same accuracy`)
  say(`\nWritten: ${[figure, files.npz, files.safetensors].join(', ')}`)
}
