/** Training steps of small networks with Adam, here and in PyTorch. */

import type { Child } from './children.ts'
import type { Namespace } from './contestants.ts'
import type { Contestant } from './measure.ts'
import type { Step } from './steps.ts'

const program = (step: Step, batch: number) => `
import torch.nn as nn
torch.manual_seed(0)
${step.python(batch)}
optimizer = torch.optim.Adam(model.parameters(), lr=1e-6)
def step():
    optimizer.zero_grad()
    value = loss()
    value.backward()
    optimizer.step()
    return value
`

function ours(torch: Namespace, of: Step, batch: number): Contestant {
  torch.manual_seed(0)
  const { model, loss } = of.ours(torch, batch)
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-6 })
  const step = () => {
    optimizer.zero_grad()
    const value = loss()
    value.backward()
    optimizer.step()
    return value
  }
  const run = (repeats: number): number => {
    const begun = performance.now()
    for (let r = 0; r < repeats; r++) step()
    return (performance.now() - begun) / 1000
  }
  const begun = performance.now()
  const value = step()
  return { name: 'torch', run, value: value.item(), first: (performance.now() - begun) / 1000, bytes: 0 }
}

/** The contestants of the training step; what is absent is noted. */
export async function trainingContestants(
  step: Step,
  batch: number,
  { torch, pytorch }: { torch?: Namespace; pytorch?: Child },
  notes: string[],
): Promise<Contestant[]> {
  const list: Contestant[] = []
  if (torch) {
    try {
      list.push(ours(torch, step, batch))
    } catch (error) {
      notes.push(`torch: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  if (pytorch) {
    const { value, first } = await pytorch.setup({ source: 'step()', inputs: {}, size: batch, program: program(step, batch) })
    list.push({ name: 'PyTorch', run: (repeats) => pytorch.run(repeats), value, first, bytes: 0 })
  }
  const [us, them] = list
  if (us && them && Math.abs(us.value - them.value) > 1e-4) notes.push(`losses differ: ${us.value} and ${them.value}`)
  return list
}
