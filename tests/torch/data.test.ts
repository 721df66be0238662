/** torch.utils.data: datasets, samplers and loaders, in the order of PyTorch for the same seed. */

import { describe, expect, test, vi } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { data } from './nn_fixture.ts'

const {
  BatchSampler,
  ConcatDataset,
  DataLoader,
  Dataset,
  IterableDataset,
  RandomSampler,
  StackDataset,
  Subset,
  TensorDataset,
  WeightedRandomSampler,
  random_split,
  default_collate,
} = torch.utils.data

const tens = new TensorDataset(torch.arange(20, { dtype: 'float32' }).reshape(10, 2), torch.arange(10))
const labels = (loader: Iterable<torch.Tensor[]>) => [...loader].map(([, y]) => y!.tolist())

test('shuffled batches come in the order of PyTorch', () => {
  torch.manual_seed(5)
  const loader = new DataLoader<torch.Tensor[]>(tens, { batch_size: 4, shuffle: true })
  expect(loader.length).toBe(3)
  expect([labels(loader), labels(loader)]).toEqual(data.epochs)
  expect(labels(new DataLoader(tens, { batch_size: 4, shuffle: true, drop_last: true }))).toEqual(data.dropped)
  const generator = new torch.Generator().manual_seed(11)
  expect(labels(new DataLoader(tens, { batch_size: 3, shuffle: true, generator }))).toEqual(data.generated)
})

test('samplers give the positions of PyTorch', () => {
  torch.manual_seed(6)
  expect([...new RandomSampler(tens, { replacement: true, num_samples: 40 })]).toEqual(data.replaced)
  expect([...new RandomSampler(tens, { num_samples: 25 })]).toEqual(data.more)
  expect([...new WeightedRandomSampler([0.1, 0.5, 2, 0], 12)]).toEqual(data.weighted)
  expect([...new WeightedRandomSampler([0.1, 0.5, 2, 0.3], 3, false)]).toEqual(data.weighted_once)
  expect([...new BatchSampler(new RandomSampler(tens), 4, false)]).toEqual(data.batches)
})

test('random_split draws the parts of PyTorch', () => {
  torch.manual_seed(8)
  expect(random_split(tens, [0.55, 0.25, 0.2]).map((s) => s.indices)).toEqual(data.split)
  expect(random_split(tens, [7, 3], { generator: new torch.Generator().manual_seed(42) }).map((s) => s.indices)).toEqual(
    data.split_generated,
  )
  expect(() => random_split(tens, [7, 4])).toThrow('Sum of input lengths does not equal the length of the input dataset!')
})

describe('a loader', () => {
  test('reads what has at and length, and batches numbers, strings, lists and objects', () => {
    class Words extends Dataset {
      override at(i: number) {
        return { word: 'abc'[i], size: i, share: i / 2, pair: [i, torch.tensor([i, i])] }
      }
      override get length() {
        return 3
      }
    }
    const [batch] = new DataLoader(new Words(), { batch_size: 3 })
    expect(batch.word).toEqual(['a', 'b', 'c'])
    expect(String(batch.size)).toBe('tensor([0, 1, 2])')
    expect(String(batch.share)).toBe('tensor([0.0000, 0.5000, 1.0000], dtype=torch.float64)')
    expect(batch.pair.map(String)).toEqual(['tensor([0, 1, 2])', 'tensor([[0, 0],\n        [1, 1],\n        [2, 2]])'])
    expect([...new DataLoader([1, 2, 3], { batch_size: 2 })].map(String)).toEqual(['tensor([1, 2])', 'tensor([3])'])
    expect([...new DataLoader(torch.arange(3), { batch_size: 2 })].map(String)).toEqual(['tensor([0, 1])', 'tensor([2])'])
    expect([...new DataLoader(['x', 'y'], { batch_size: null })]).toEqual(['x', 'y'])
  })

  test('gives the same batches by one read of each tensor as item by item', () => {
    const indices = [9, 2, 2, 5]
    const fast = [...new DataLoader<torch.Tensor[]>(new Subset(new Subset(tens, indices), [3, 0, 1]), { batch_size: 2 })]
    const slow = [
      ...new DataLoader<torch.Tensor[]>(new Subset(new Subset(tens, indices), [3, 0, 1]), { batch_size: 2, collate_fn: default_collate }),
    ]
    expect(fast.map((b) => b.map(String))).toEqual(slow.map((b) => b.map(String)))
    expect(fast[0]![1]!.tolist()).toEqual([5, 9])
  })

  test('calls a subclass of TensorDataset for every item', () => {
    class Doubled extends TensorDataset {
      override at(i: number) {
        return super.at(i).map((t) => t.mul(2))
      }
    }
    const [first] = new DataLoader<torch.Tensor[]>(new Doubled(torch.arange(4)), { batch_size: 4 })
    expect(first![0]!.tolist()).toEqual([0, 2, 4, 6])
  })

  test('reads streams', () => {
    class Count extends IterableDataset<number> {
      override *[Symbol.iterator]() {
        yield* [1, 2, 3]
      }
    }
    expect([...new DataLoader(new Count(), { batch_size: 2 })].map(String)).toEqual(['tensor([1, 2])', 'tensor([3])'])
    expect([...new DataLoader(new Count(), { batch_size: 2, drop_last: true })].map(String)).toEqual(['tensor([1, 2])'])
    expect([...new DataLoader(new Count().concat(new Count()), { batch_size: null })]).toEqual([1, 2, 3, 1, 2, 3])
    expect(() => new DataLoader(new Count()).length).toThrow("object of type 'Count' has no len()")
  })

  test('refuses options that exclude each other, in the words of PyTorch', () => {
    const sampler = new RandomSampler(tens)
    expect(() => new DataLoader(tens, { sampler, shuffle: true })).toThrow('sampler option is mutually exclusive with shuffle')
    expect(() => new DataLoader(tens, { batch_sampler: [[1]], batch_size: 2 })).toThrow(
      'batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last',
    )
    expect(() => new DataLoader(tens, { batch_size: null, drop_last: true })).toThrow(
      'batch_size=None option disables auto-batching and is mutually exclusive with drop_last',
    )
    expect(() => new DataLoader(tens, { batch_size: 0 })).toThrow('batch_size should be a positive integer value, but got batch_size=0')
    expect(() => new DataLoader([], { shuffle: true })).toThrow('num_samples should be a positive integer value, but got num_samples=0')
    expect(() => new DataLoader(tens, { num_workers: 2 })).toThrow(
      'num_workers above 0 needs a dataset that every thread can make for itself',
    )
    expect(labels(new DataLoader(tens, { batch_sampler: [[1, 3], [2]] }))).toEqual([[1, 3], [2]])
  })
})

test('datasets are joined, stacked and cut', () => {
  const joined = new ConcatDataset([[1, 2], [3]])
  expect([joined.length, joined.at(2), joined.at(-3)]).toEqual([3, 3, 1])
  expect(() => joined.at(3)).toThrow('list index out of range')
  expect(new StackDataset([1, 2], ['a', 'b']).at(1)).toEqual([2, 'b'])
  expect(new StackDataset({ x: [1, 2], y: ['a', 'b'] }).at(0)).toEqual({ x: 1, y: 'a' })
  expect(() => new StackDataset([1], [1, 2])).toThrow('Size mismatch between datasets')
  expect(() => new TensorDataset(torch.zeros(2), torch.zeros(3))).toThrow('Size mismatch between tensors')
  expect(tens.concat(tens).length).toBe(20)
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  expect(random_split([1, 2], [1, 0]).map((s) => s.length)).toEqual([2, 0])
})
