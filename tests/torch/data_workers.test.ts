/** DataLoader's worker threads, for `for` and `for await`; DistributedSampler. */

import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'

const { DataLoader, Dataset, DistributedSampler, IterableDataset, Subset, get_worker_info } = torch.utils.data
const module = new URL('./data_worker_dataset.mjs', import.meta.url).href

class Squares extends Dataset {
  readonly worker_source: { module: string; export: string; args: unknown[] }
  readonly #n: number
  constructor(n: number, name = 'Squares', ...more: unknown[]) {
    super()
    this.#n = n
    this.worker_source = { module, export: name, args: [n, ...more] }
  }
  override at(i: number) {
    return { x: torch.tensor([i, i * i], { dtype: 'float32' }), label: i, name: `item ${i}` }
  }
  override get length() {
    return this.#n
  }
}

class Stream extends IterableDataset<number> {
  readonly worker_source = { module, export: 'numbers', args: [7] }
  override *[Symbol.iterator]() {
    yield* [0, 1, 2, 3, 4, 5, 6]
  }
}

const told = (batch: any) => [batch.x.tolist(), batch.label.tolist(), batch.name]

describe('workers', () => {
  test('give the batches of this thread in the same order', async () => {
    const options = { batch_size: 3, shuffle: true }
    torch.manual_seed(1)
    const expected = [...new DataLoader(new Squares(10), options)].map(told)
    torch.manual_seed(1)
    expect([...new DataLoader(new Squares(10), { ...options, num_workers: 2 })].map(told)).toEqual(expected)
    torch.manual_seed(1)
    const later: unknown[] = []
    for await (const batch of new DataLoader(new Squares(10), { ...options, num_workers: 3, prefetch_factor: 1 })) later.push(told(batch))
    expect(later).toEqual(expected)
  })

  test('read subsets, and single items', () => {
    const part = new Subset(new Subset(new Squares(10), [9, 8, 7]), [2, 0])
    const [batch] = new DataLoader(part, { batch_size: 2, num_workers: 1 })
    expect(batch.label.tolist()).toEqual([7, 9])
    expect(batch.x.dtype).toBe(torch.float32)
    expect([...new DataLoader(new Squares(2), { batch_size: null, num_workers: 1 })].map((x: any) => x.name)).toEqual(['item 0', 'item 1'])
  })

  test('share a stream by what get_worker_info tells them', async () => {
    expect(get_worker_info()).toBe(null)
    const loader = new DataLoader(new Stream(), { batch_size: 2, num_workers: 2 })
    const batches = [...loader].map((b) => b.tolist())
    expect(batches).toEqual([[0, 2], [1, 3], [4, 6], [5]])
    const full: unknown[] = []
    for await (const b of new DataLoader(new Stream(), { batch_size: 2, num_workers: 2, drop_last: true })) full.push(b.tolist())
    expect(full).toEqual([
      [0, 2],
      [1, 3],
      [4, 6],
    ])
  })

  test('hand their errors on, and may be left early', async () => {
    const failing = new DataLoader(new Squares(6, 'Squares', 4), { batch_size: 2, num_workers: 2 })
    const seen: unknown[] = []
    const run = () => {
      for (const batch of failing) seen.push(batch.label.tolist())
    }
    expect(run).toThrow('Caught RangeError in DataLoader worker process 0.\nOriginal message: no item 4')
    expect(seen).toEqual([
      [0, 1],
      [2, 3],
    ])
    for (const batch of failing) {
      expect(batch.label.tolist()).toEqual([0, 1])
      break
    }
    expect(() => [...new DataLoader(new Squares(4, 'Nothing'), { num_workers: 1 })]).toThrow("exports no function 'Nothing'")
    expect(() => [...new DataLoader(new Squares(4, 'leaving'), { num_workers: 1 })]).toThrow('exited unexpectedly')
    await expect(async () => {
      for await (const _ of new DataLoader(new Squares(4, 'leaving'), { num_workers: 1 }));
    }).rejects.toThrow('exited unexpectedly')
  })

  test('need a dataset that they can make', () => {
    expect(() => new DataLoader([1, 2], { num_workers: 2 })).toThrow('give it a field worker_source = { module: import.meta.url')
    expect(() => new DataLoader([1, 2], { num_workers: -1 })).toThrow('num_workers option should be non-negative')
    expect(() => new DataLoader([1, 2], { prefetch_factor: 2 })).toThrow(
      'prefetch_factor option could only be specified in multiprocessing',
    )
    expect(() => new DataLoader([1, 2], { timeout: -1 })).toThrow('timeout option should be non-negative')
  })
})

test('a loader without workers is read by for await too', async () => {
  const batches: unknown[] = []
  for await (const b of new DataLoader([1, 2, 3], { batch_size: 2 })) batches.push(b.tolist())
  expect(batches).toEqual([[1, 2], [3]])
})

describe('DistributedSampler', () => {
  const data = Array.from({ length: 10 }, (_, i) => i)
  const order = (options: object, epoch = 0) => {
    const sampler = new DistributedSampler(data, options)
    sampler.set_epoch(epoch)
    expect(sampler.length).toBe([...sampler].length)
    return [...sampler]
  }
  // from PyTorch: DistributedSampler(range(10), num_replicas=3, rank=r, ...)
  test('gives the positions of PyTorch', () => {
    expect(order({ num_replicas: 3, rank: 0 })).toEqual([4, 5, 0, 2])
    expect(order({ num_replicas: 3, rank: 2, seed: 5 }, 4)).toEqual([8, 2, 4, 5])
    expect(order({ num_replicas: 3, rank: 1, shuffle: false })).toEqual([1, 4, 7, 0])
    expect(order({ num_replicas: 3, rank: 1, shuffle: false, drop_last: true })).toEqual([1, 4, 7])
    expect(() => new DistributedSampler(data)).toThrow('num_replicas and rank are needed')
    expect(() => new DistributedSampler(data, 2, 2)).toThrow('Invalid rank 2, rank should be in the interval [0, 1]')
  })
})
