/** What the tour stands on: the MNIST files, the figure and the progress of the training. */

import { PassThrough } from 'node:stream'
import { inflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { trainingFigure } from '../../examples/lib/figure.ts'
import { loadMnist, parseIdx } from '../../examples/lib/mnist.ts'
import { greyPng } from '../../examples/lib/png.ts'
import { progress } from '../../examples/lib/progress.ts'

describe('MNIST', () => {
  it('is all there: its size, first labels, and the mean and deviation that it is known for', () => {
    const { trainImages, trainLabels, testImages, testLabels } = loadMnist()
    expect([trainImages.length / 784, trainLabels.length, testImages.length / 784, testLabels.length]).toEqual([60000, 60000, 10000, 10000])
    expect([...trainLabels.subarray(0, 5)]).toEqual([5, 0, 4, 1, 9])
    expect([...testLabels.subarray(0, 5)]).toEqual([7, 2, 1, 0, 4])
    let [sum, squares] = [0, 0]
    for (const ink of trainImages) {
      sum += ink
      squares += ink * ink
    }
    const mean = sum / trainImages.length
    expect(mean / 255).toBeCloseTo(0.1307, 4)
    expect(Math.sqrt(squares / trainImages.length - mean * mean) / 255).toBeCloseTo(0.3081, 4)
  })

  it('is refused when a file is cut short or of another kind', () => {
    const idx = Buffer.from([0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 0, 2, 7, 9])
    expect(parseIdx(idx)).toEqual({ shape: [1, 2], data: new Uint8Array([7, 9]) })
    expect(() => parseIdx(idx.subarray(0, 13))).toThrow('should have 2 bytes of data, but has 1')
    expect(() => parseIdx(idx.subarray(0, 6))).toThrow('ends within its header')
    expect(() => parseIdx(Buffer.from('nothing'))).toThrow('Not an idx file')
  })
})

describe("the training's figure", () => {
  const digit = { pixels: new Uint8Array(784).fill(9), label: 7, predicted: 1 }
  const record = { losses: [2, 1, 0.5, 0.25], accuracies: [0.9, 0.97], digits: Array.from({ length: 50 }, () => digit) }

  it('is one SVG with both curves, the last accuracy and at most 36 digits', () => {
    const svg = trainingFigure({ ...record, misread: 300, title: 'A < B' })
    expect(svg.startsWith('<svg xmlns="http://www.w3.org/2000/svg"')).toBe(true)
    expect(svg).toContain('A &#60; B')
    expect(svg).toContain('97.00 %')
    expect(svg).toContain('36 of the 300')
    expect(svg.match(/<image /g)?.length).toBe(36)
    expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('can be drawn of nothing, and of losses that are no numbers', () => {
    expect(trainingFigure({ losses: [], accuracies: [], digits: [] })).not.toMatch(/NaN|undefined|Infinity|<image/)
    expect(trainingFigure({ ...record, losses: [Number.NaN, 0, 1, Number.POSITIVE_INFINITY] })).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('shows digits as PNG images that hold their pixels', () => {
    const file = Buffer.from(greyPng(new Uint8Array([1, 2, 3, 4, 5, 6]), 3, 2).split(',')[1], 'base64')
    const at = file.indexOf('IDAT')
    const rows = inflateSync(file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4)))
    expect([...rows]).toEqual([0, 1, 2, 3, 0, 4, 5, 6])
  })
})

describe('progress', () => {
  const shown = (isTTY: boolean): string => {
    const stream = Object.assign(new PassThrough(), { isTTY, cursorTo: () => true, clearLine: () => true, columns: 120 })
    const line = progress(40, 'training', stream as unknown as NodeJS.WriteStream)
    for (let n = 1; n <= 40; n++) line.update(n, { epoch: '1/1', loss: 1 / n })
    line.stop()
    return String(stream.read())
  }

  it('is ten plain lines where there is no terminal', () => {
    const lines = shown(false).trimEnd().split('\n')
    expect(lines.length).toBe(10)
    expect(lines[0]).toBe('training  10 %  epoch 1/1  loss 0.250')
    expect(lines[9]).toBe('training 100 %  epoch 1/1  loss 0.0250')
  })

  it('is a bar on a terminal, full at the end', () => {
    expect(shown(true)).toContain(`${'\u2588'.repeat(30)} 100 %  epoch 1/1  loss 0.0250`)
  })
})
