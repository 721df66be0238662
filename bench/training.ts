/** The training step of an MNIST-shaped network (784-128-10, Adam, cross entropy), here and in PyTorch. */

import type { Child } from './children.ts'
import type { Namespace } from './contestants.ts'
import type { Contestant } from './measure.ts'

const program = (batch: number) => `
import torch.nn as nn
torch.manual_seed(0)
x = torch.rand(${batch}, 784)
y = torch.randint(0, 10, (${batch},))
model = nn.Sequential(nn.Linear(784, 128), nn.ReLU(), nn.Linear(128, 10))
optimizer = torch.optim.Adam(model.parameters(), lr=1e-6)
def step():
    optimizer.zero_grad()
    loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss
`

/** Our step: the same seeds give the same weights and data. */
function ours(torch: Namespace, batch: number): Contestant {
  const { nn } = torch
  torch.manual_seed(0)
  const x = torch.rand(batch, 784)
  const y = torch.randint(0, 10, [batch])
  const model = new nn.Sequential(new nn.Linear(784, 128), new nn.ReLU(), new nn.Linear(128, 10))
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-6 })
  const step = () => {
    optimizer.zero_grad()
    const loss = nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    return loss
  }
  const run = (repeats: number): number => {
    const begun = performance.now()
    for (let r = 0; r < repeats; r++) step()
    return (performance.now() - begun) / 1000
  }
  const begun = performance.now()
  const loss = step()
  return { name: 'torch', run, value: loss.item(), first: (performance.now() - begun) / 1000, bytes: 0 }
}

/** The contestants of the training step; what is absent is noted. */
export async function trainingContestants(
  batch: number,
  { torch, pytorch }: { torch?: Namespace; pytorch?: Child },
  notes: string[],
): Promise<Contestant[]> {
  const list: Contestant[] = []
  if (torch) {
    try {
      list.push(ours(torch, batch))
    } catch (error) {
      notes.push(`torch: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  if (pytorch) {
    const { value, first } = await pytorch.setup({ source: 'step()', inputs: {}, size: batch, program: program(batch) })
    list.push({ name: 'PyTorch', run: (repeats) => pytorch.run(repeats), value, first, bytes: 0 })
  }
  const [us, them] = list
  if (us && them && Math.abs(us.value - them.value) > 1e-4) notes.push(`losses differ: ${us.value} and ${them.value}`)
  return list
}
