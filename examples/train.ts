/** Trains one of four models and tells what it has learnt: `npx tsx examples/train.ts digits | characters | adding | autoencoder`. */

import { torch } from 'numgrad'
import { loadMnist } from './lib/mnist.ts'
import { sequences, trainAdding } from './training/adding.ts'
import { trainAutoencoder } from './training/autoencoder.ts'
import { encoded, sentences, trainCharacters } from './training/characters.ts'
import { accuracy, imagesOf, labelsOf, trainDigits } from './training/digits.ts'

const onStep = (step: number, loss: number): void => {
  if (step % 50 === 0) console.log(`step ${step}: loss ${loss.toFixed(4)}`)
}

const runs: Readonly<Record<string, () => string>> = {
  digits: () => {
    const mnist = loadMnist()
    const { model } = trainDigits(mnist, { onStep })
    torch.save(model.state_dict(), 'digits.pt')
    const share = accuracy(model, imagesOf(mnist.testImages, 10_000), labelsOf(mnist.testLabels, 10_000))
    return `reads ${(100 * share).toFixed(2)} % of digits that it has not seen; its weights are in digits.pt`
  },
  characters: () => {
    const { alphabet, codes } = encoded(sentences(2000))
    const { model } = trainCharacters(codes, alphabet.length, { onStep })
    const start = [...'the '].map((c) => alphabet.indexOf(c))
    return `writes:\n${model
      .write(start, 300)
      .map((i) => alphabet[i])
      .join('')}`
  },
  adding: () => {
    const { model } = trainAdding({ onStep })
    const { inputs, sums } = sequences(5, 16)
    return `adds:\n${torch.stack([torch.no_grad(() => model(inputs)), sums], 1)}`
  },
  autoencoder: () => {
    const { model } = trainAutoencoder(loadMnist(), { onStep })
    const rows = model.dream(1).select(0, 0).tolist() as number[][]
    return `dreams of:\n${rows.map((row) => row.map((ink) => ' .:*#'[Math.round(ink * 4)]).join('')).join('\n')}`
  },
}

const run = runs[process.argv[2] ?? '']
if (run) console.log(run())
else console.error(`usage: npx tsx examples/train.ts ${Object.keys(runs).join(' | ')}`)
