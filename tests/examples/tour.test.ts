/** The tour's training on a part of MNIST: it learns, it repeats itself, and its weights come back from files. */

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadMnist } from '../../examples/lib/mnist.ts'
import { accuracy, loadWeights, prepared, Reader, saveWeights, train } from '../../examples/tour/training.ts'
import { torch } from '../../src/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'numgrad-tour-'))
afterAll(() => rmSync(folder, { recursive: true }))

const mnist = loadMnist()
const data = prepared(mnist.trainImages, mnist.trainLabels, 3000)
const held = prepared(mnist.testImages, mnist.testLabels, 1000)

function trained(): { model: Reader; losses: number[] } {
  torch.manual_seed(3)
  const model = new Reader()
  return { model, losses: train(model, data, { epochs: 3, batch: 64 }) }
}

test('three epochs over 3,000 digits read more than 85 % of others rightly, the same way each time', () => {
  const first = trained()
  expect(first.losses).toHaveLength(3 * Math.ceil(3000 / 64))
  expect(first.losses.at(-1)!).toBeLessThan(first.losses[0]! / 3)
  expect(accuracy(first.model, held)).toBeGreaterThan(0.85)
  const second = trained()
  expect(second.losses).toEqual(first.losses)
  expect(second.model.out.weight.tolist()).toEqual(first.model.out.weight.tolist())
})

test('weights come back from both files as they were', () => {
  const { model } = trained()
  const loaded = loadWeights(saveWeights(model, folder))
  for (const again of Object.values(loaded)) {
    expect(Object.entries(again.state_dict()).map(([name, t]) => [name, t.tolist()])).toEqual(
      Object.entries(model.state_dict()).map(([name, t]) => [name, t.tolist()]),
    )
    expect(accuracy(again, held)).toBe(accuracy(model, held))
  }
})
