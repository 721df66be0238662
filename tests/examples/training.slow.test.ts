/** The trainings of examples/training: their losses follow PyTorch's for the same seed, and they learn what they should. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { loadMnist } from '../../examples/lib/mnist.ts'
import { sequences, trainAdding } from '../../examples/training/adding.ts'
import { trainAutoencoder } from '../../examples/training/autoencoder.ts'
import { encoded, sentences, trainCharacters } from '../../examples/training/characters.ts'
import { accuracy, imagesOf, labelsOf, trainDigits } from '../../examples/training/digits.ts'
import { torch } from '../../src/index.ts'

const curves: Record<string, number[]> = JSON.parse(readFileSync(new URL('../fixtures/torch_curves.json', import.meta.url), 'utf8'))
const mean = (x: readonly number[]): number => x.reduce((a, b) => a + b, 0) / x.length

/** Losses are PyTorch's of the first 50 steps, within 1e-3 (of losses above 1 a thousandth). */
function follows(losses: readonly number[], curve: readonly number[]): void {
  expect(curve).toHaveLength(50)
  curve.forEach((loss, step) => {
    expect(Math.abs(losses[step]! - loss), `step ${step + 1}: ${losses[step]} where PyTorch has ${loss}`).toBeLessThan(
      1e-3 * Math.max(1, loss),
    )
  })
}

describe('trainings', () => {
  test('a convolutional network reads 98.5 % of the digits of MNIST', () => {
    const mnist = loadMnist()
    const { model, losses } = trainDigits(mnist)
    follows(losses, curves.digits!)
    expect(losses).toHaveLength(600)
    expect(accuracy(model, imagesOf(mnist.testImages, 10_000), labelsOf(mnist.testLabels, 10_000))).toBeGreaterThanOrEqual(0.985)
  })

  test('a transformer writes sentences of the language that it was shown', () => {
    const text = sentences(2000)
    const { alphabet, codes } = encoded(text)
    const { model, losses } = trainCharacters(codes, alphabet.length)
    follows(losses, curves.characters!)
    // the language itself leaves about 0.3 open: which word comes next
    expect(mean(losses.slice(-20))).toBeLessThan(0.5)
    const start = [...'the cat '].map((c) => alphabet.indexOf(c))
    const written = model
      .write(start, 120)
      .map((i) => alphabet[i])
      .join('')
    const words = new Set(text.split(/[\s.]+/))
    const known = written
      .slice(0, written.lastIndexOf(' '))
      .split(/[\s.]+/)
      .filter(Boolean)
    expect(known.length).toBeGreaterThan(15)
    expect(known.filter((word) => !words.has(word))).toEqual([])
  })

  test('an LSTM adds two marked numbers of a sequence', () => {
    const { model, losses } = trainAdding()
    follows(losses, curves.adding!)
    const { inputs, sums } = sequences(1000, 16)
    // always saying 1 is wrong by 1/6 in the mean square
    const wrong = torch.no_grad(() => model(inputs).sub(sums).square().mean().item())
    expect(wrong).toBeLessThan(0.02)
  })

  test('a variational autoencoder tells digits in few numbers', () => {
    const { model, losses } = trainAutoencoder(loadMnist())
    follows(losses, curves.autoencoder!)
    expect(mean(losses.slice(-50))).toBeLessThan(135)
    const dreams = model.dream(4)
    expect([...dreams.shape]).toEqual([4, 28, 28])
    expect(dreams.ge(0).logical_and(dreams.le(1)).all().item()).toBe(true)
  })
})
