/** Datasets: things with a length whose items are read by position, and streams. */

import { ArgumentError, IndexError, RuntimeError, ValueError } from '../../../core/errors.ts'
import { warn } from '../../../core/warnings.ts'
import { tensor } from '../../functions/creation.ts'
import { randperm } from '../../functions/random.ts'
import { Generator } from '../../generator.ts'
import { Tensor } from '../../tensor.ts'
import { checkIndex, checkMapLike, checkSized, listFrom } from './checks.ts'

/** What a DataLoader reads: a Dataset, an array, a tensor, anything with `at` and `length`. */
export interface MapLike<T = unknown> {
  at(index: number): T
  readonly length: number
  /** Several items at once, where that is faster. */
  getitems?(indices: readonly number[]): T[]
}

/**
 * The base of datasets: a subclass gives the item at a position by `at(index)` and their number by `length`.
 *
 * @example
 * ```ts
 * class Squares extends torch.utils.data.Dataset {
 *   override at(index) {
 *     return index ** 2
 *   }
 *   override get length() {
 *     return 4
 *   }
 * }
 * [...new torch.utils.data.DataLoader(new Squares(), { batch_size: 2 })] // => [ tensor([0, 1]), tensor([4, 9]) ]
 * ```
 */
export abstract class Dataset<T = any> implements MapLike<T> {
  /** The item at a position. */
  at(_index: number): T {
    throw new RuntimeError('Subclasses of Dataset should implement at(index), which stands for __getitem__.')
  }
  /** The number of items. */
  abstract get length(): number

  /** The items of this dataset, then those of another. */
  concat(other: Dataset<T>): ConcatDataset<T> {
    return new ConcatDataset([this, other])
  }
}

/** The base of streams: a subclass gives the items in order by `[Symbol.iterator]`. */
export abstract class IterableDataset<T = any> {
  abstract [Symbol.iterator](): Iterator<T>

  /** The items of this stream, then those of another. */
  concat(other: IterableDataset<T>): ChainDataset<T> {
    return new ChainDataset([this, other])
  }
}

/**
 * Tensors of one first length: item i is a list of each tensor's part i.
 *
 * @example
 * ```ts
 * const data = new torch.utils.data.TensorDataset(torch.tensor([[1, 2], [3, 4]]), torch.tensor([0, 1]))
 * data.at(1) // => [ tensor([3, 4]), tensor(1) ]
 * ```
 */
export class TensorDataset extends Dataset<Tensor[]> {
  readonly tensors: readonly Tensor[]

  constructor(...tensors: Tensor[]) {
    super()
    if (tensors.length === 0) throw new IndexError('TensorDataset needs at least one tensor')
    for (const t of tensors)
      if (!(t instanceof Tensor)) throw new ArgumentError(`TensorDataset takes tensors, got ${t === null ? 'null' : typeof t}`)
    if (tensors.some((t) => t.size(0) !== tensors[0]!.size(0))) throw new ValueError('Size mismatch between tensors')
    this.tensors = tensors
  }

  override at(index: number): Tensor[] {
    return this.tensors.map((t) => t.at(index))
  }

  override get length(): number {
    return this.tensors[0]!.size(0)
  }

  /** A batch, already collated: one read of each tensor. @internal */
  batch(indices: readonly number[]): Tensor[] {
    const at = tensor(indices, { dtype: 'int64' })
    return this.tensors.map((t) => t.index_select(0, at))
  }
}

/** Several datasets side by side: item i is a list, or an object, of their items i. */
export class StackDataset extends Dataset {
  readonly datasets: readonly MapLike[] | Readonly<Record<string, MapLike>>
  private readonly n: number

  constructor(...datasets: MapLike[] | [named: Record<string, MapLike>]) {
    super()
    const [first] = datasets
    const named = datasets.length === 1 && typeof (first as MapLike | null | undefined)?.at !== 'function'
    if (named && (typeof first !== 'object' || first === null)) throw new ArgumentError(`StackDataset takes datasets, got ${typeof first}`)
    this.datasets = named ? (first as Record<string, MapLike>) : (datasets as MapLike[])
    const all = Object.values(this.datasets)
    for (const d of all) checkMapLike('StackDataset', d)
    if (all.length === 0) throw new ValueError('At least one dataset should be passed')
    this.n = all[0]!.length
    if (all.some((d) => d.length !== this.n)) throw new ValueError('Size mismatch between datasets')
  }

  override at(index: number): unknown {
    checkIndex(index)
    if (Array.isArray(this.datasets)) return this.datasets.map((d) => d.at(index))
    return Object.fromEntries(Object.entries(this.datasets).map(([name, d]) => [name, d.at(index)]))
  }

  override get length(): number {
    return this.n
  }
}

/** The items of several datasets, one after another. */
export class ConcatDataset<T = any> extends Dataset<T> {
  readonly datasets: readonly MapLike<T>[]
  /** Where each dataset ends. */
  readonly cumulative_sizes: readonly number[]

  constructor(datasets: Iterable<MapLike<T>>) {
    super()
    this.datasets = listFrom('ConcatDataset', datasets)
    if (this.datasets.length === 0) throw new ValueError('datasets should not be an empty iterable')
    if (this.datasets.some((d) => (d as unknown) instanceof IterableDataset))
      throw new ValueError('ConcatDataset does not support IterableDataset')
    for (const d of this.datasets) checkMapLike('ConcatDataset', d)
    let end = 0
    this.cumulative_sizes = this.datasets.map((d) => {
      end += d.length
      return end
    })
  }

  override at(index: number): T {
    checkIndex(index)
    const n = this.length
    if (index < 0) {
      if (-index > n) throw new ValueError('absolute value of index should not exceed dataset length')
      index += n
    }
    const which = this.cumulative_sizes.findIndex((end) => index < end)
    if (which < 0) throw new IndexError('list index out of range')
    return this.datasets[which]!.at(which === 0 ? index : index - this.cumulative_sizes[which - 1]!)
  }

  override get length(): number {
    return this.cumulative_sizes.at(-1)!
  }
}

/** The items of several streams, one after another. */
export class ChainDataset<T = any> extends IterableDataset<T> {
  readonly datasets: readonly IterableDataset<T>[]

  constructor(datasets: Iterable<IterableDataset<T>>) {
    super()
    this.datasets = listFrom('ChainDataset', datasets)
    if (this.datasets.some((d) => !(d instanceof IterableDataset))) throw new ValueError('ChainDataset only supports IterableDataset')
  }

  override *[Symbol.iterator](): Generator_<T> {
    for (const d of this.datasets) yield* { [Symbol.iterator]: () => d[Symbol.iterator]() }
  }
}
type Generator_<T> = globalThis.Generator<T>

/** Some items of a dataset. */
export class Subset<T = any> extends Dataset<T> {
  readonly dataset: MapLike<T>
  readonly indices: readonly number[]

  constructor(dataset: MapLike<T>, indices: Iterable<number>) {
    super()
    checkMapLike('Subset', dataset)
    this.dataset = dataset
    this.indices = listFrom('Subset', indices)
  }

  override at(index: number): T {
    checkIndex(index)
    const at = this.indices.at(index)
    if (at === undefined) throw new IndexError('list index out of range')
    return this.dataset.at(at)
  }

  override get length(): number {
    return this.indices.length
  }

  getitems(indices: readonly number[]): T[] {
    const inner = indices.map((i) => this.indices[i]!)
    return this.dataset.getitems ? this.dataset.getitems(inner) : inner.map((i) => this.dataset.at(i))
  }
}

/**
 * Parts of a dataset drawn at random without overlap; lengths are numbers of items, or shares that sum to 1.
 *
 * @example
 * ```ts
 * torch.manual_seed(0)
 * torch.utils.data.random_split([10, 20, 30, 40, 50], [3, 2]).map((part) => part.indices) // => [ [ 4, 0, 1 ], [ 3, 2 ] ]
 * ```
 */
export function random_split<T>(
  dataset: MapLike<T>,
  lengths: readonly number[],
  options: Generator | { generator?: Generator | null } = {},
): Subset<T>[] {
  checkSized('random_split', dataset)
  if (!Array.isArray(lengths) || lengths.some((n) => typeof n !== 'number'))
    throw new ArgumentError('random_split: lengths must be a list of numbers')
  const generator = options instanceof Generator ? options : options?.generator
  const total = lengths.reduce((sum, n) => sum + n, 0)
  let counts = [...lengths]
  if (Math.abs(total - 1) <= 1e-9 && total <= 1) {
    lengths.forEach((share, i) => {
      if (share < 0 || share > 1) throw new ValueError(`Fraction at index ${i} is not between 0 and 1`)
    })
    counts = lengths.map((share) => Math.floor(dataset.length * share))
    const left = dataset.length - counts.reduce((sum, n) => sum + n, 0)
    for (let i = 0; i < left; i++) counts[i % counts.length]!++
    counts.forEach((n, i) => {
      if (n === 0) warn(`Length of split at index ${i} is 0. This might result in an empty dataset.`)
    })
  }
  const n = counts.reduce((sum, k) => sum + k, 0)
  if (n !== dataset.length) throw new ValueError('Sum of input lengths does not equal the length of the input dataset!')
  const order = randperm(n, { generator }).tolist() as number[]
  let end = 0
  return counts.map((count) => {
    end += count
    return new Subset(dataset, order.slice(end - count, end))
  })
}
