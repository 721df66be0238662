/** Datasets for the workers of tests/torch/data_workers.test.ts: they run in threads of their own. */

export class Squares {
  constructor(n, failing = -1) {
    this.length = n
    this.failing = failing
  }
  at(i) {
    if (i === this.failing) throw new RangeError(`no item ${i}`)
    return { x: Float32Array.of(i, i * i), label: i, name: `item ${i}` }
  }
}

/** Each worker gives every num_workers-th number. */
export async function numbers(n) {
  await null
  return {
    *[Symbol.iterator]() {
      const { id, num_workers } = globalThis[Symbol.for('numgrad.workerInfo')]
      for (let i = id; i < n; i += num_workers) yield i
    },
  }
}

export function leaving() {
  return { length: 4, at: () => process.exit(3) }
}
