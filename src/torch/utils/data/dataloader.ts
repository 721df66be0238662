/** DataLoader: a dataset in batches. */

import { ArgumentError, ValueError } from '../../../core/errors.ts'
import type { Generator } from '../../generator.ts'
import { warn } from '../../warn.ts'
import { checkMapLike } from './checks.ts'
import { default_collate, default_convert } from './collate.ts'
import { IterableDataset, type MapLike, Subset, TensorDataset } from './dataset.ts'
import { BatchSampler, drawSeed, RandomSampler, SequentialSampler } from './sampler.ts'

type Positions = Iterable<number> & { readonly length?: number }

export interface DataLoaderOptions<B> {
  /** Items in a batch, 1 by default; null for items by themselves. */
  batch_size?: number | null
  /** A new random order each time. */
  shuffle?: boolean | null
  /** The order of the items. */
  sampler?: Positions | null
  /** The batches, as lists of positions. */
  batch_sampler?: (Iterable<readonly number[]> & { readonly length?: number }) | null
  /** Only 0: batches are made in this thread, when they are asked for. */
  num_workers?: number
  /** Makes a batch from a list of items. */
  collate_fn?: ((items: any[]) => B) | null
  pin_memory?: boolean
  /** Leaves out a last batch that is not full. */
  drop_last?: boolean
  /** What the orders are drawn from. */
  generator?: Generator | null
}

/** Sets of options that exclude each other. */
function check<B>(
  { batch_size, shuffle, sampler, batch_sampler, drop_last, num_workers = 0 }: DataLoaderOptions<B>,
  streams: boolean,
): void {
  if (num_workers < 0) {
    throw new ValueError('num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.')
  }
  if (num_workers > 0) throw new ArgumentError('DataLoader: num_workers above 0 is not supported: batches are made in this thread')
  if (streams) {
    if (shuffle) throw new ValueError(`DataLoader with IterableDataset: expected unspecified shuffle option, but got shuffle=True`)
    if (sampler) throw new ValueError('DataLoader with IterableDataset: expected unspecified sampler option, but got a sampler')
    if (batch_sampler) throw new ValueError('DataLoader with IterableDataset: expected unspecified batch_sampler option, but got one')
  }
  if (sampler && shuffle) throw new ValueError('sampler option is mutually exclusive with shuffle')
  if (batch_sampler) {
    if ((batch_size !== undefined && batch_size !== 1) || shuffle || sampler || drop_last) {
      throw new ValueError('batch_sampler option is mutually exclusive with batch_size, shuffle, sampler, and drop_last')
    }
  } else if (batch_size === null && drop_last) {
    throw new ValueError('batch_size=None option disables auto-batching and is mutually exclusive with drop_last')
  }
}

/**
 * A dataset in batches: each `for...of` goes through it once, in the order of PyTorch for the same seed.
 *
 * @example
 * ```ts
 * torch.manual_seed(0)
 * const data = new torch.utils.data.TensorDataset(torch.arange(5))
 * const loader = new torch.utils.data.DataLoader(data, { batch_size: 2 })
 * for (const [x] of loader) console.log(String(x))
 * loader.length // => 3
 * ```
 */
export class DataLoader<B = any> {
  readonly dataset: MapLike | IterableDataset
  readonly batch_size: number | null
  readonly drop_last: boolean
  readonly sampler: Positions | null
  readonly batch_sampler: (Iterable<readonly number[]> & { readonly length?: number }) | null
  readonly collate_fn: (items: any) => B
  readonly generator: Generator | null
  readonly num_workers = 0
  private readonly plain: TensorDataset | null

  constructor(
    dataset: MapLike | IterableDataset,
    batch_size: number | null | DataLoaderOptions<B> = {},
    shuffle?: boolean | null | DataLoaderOptions<B>,
  ) {
    const positional: DataLoaderOptions<B> = typeof batch_size === 'object' && batch_size !== null ? batch_size : { batch_size }
    const second: DataLoaderOptions<B> =
      typeof shuffle === 'object' && shuffle !== null ? shuffle : shuffle === undefined ? {} : { shuffle }
    const options = { ...positional, ...second }
    check(options, dataset instanceof IterableDataset)
    if (!(dataset instanceof IterableDataset)) checkMapLike('DataLoader', dataset)
    if (options.pin_memory)
      warn("'pin_memory' argument is set as true but no accelerator is found, then device pinned memory won't be used.")
    const { generator = null, drop_last = false, sampler, batch_sampler = null, collate_fn } = options
    this.dataset = dataset
    this.generator = generator
    this.drop_last = drop_last
    this.batch_size = batch_sampler ? null : options.batch_size === undefined ? 1 : options.batch_size
    const batches = this.batch_size !== null || batch_sampler !== null
    if (dataset instanceof IterableDataset) this.sampler = null
    else this.sampler = sampler ?? (options.shuffle ? new RandomSampler(dataset, { generator }) : new SequentialSampler(dataset))
    this.batch_sampler =
      batch_sampler ?? (this.sampler && this.batch_size !== null ? new BatchSampler(this.sampler, this.batch_size, drop_last) : null)
    this.collate_fn = collate_fn ?? (batches ? default_collate : default_convert)
    this.plain = collate_fn || !batches ? null : plainOf(dataset)
  }

  /** The number of batches. */
  get length(): number {
    const { dataset, batch_size } = this
    if (dataset instanceof IterableDataset) {
      const n = (dataset as { length?: number }).length
      if (n === undefined) throw new ArgumentError(`object of type '${dataset.constructor.name}' has no len()`)
      return batch_size === null ? n : this.drop_last ? Math.floor(n / batch_size) : Math.ceil(n / batch_size)
    }
    const n = (this.batch_sampler ?? this.sampler)?.length
    if (n === undefined) throw new ArgumentError('the sampler has no length')
    return n
  }

  [Symbol.iterator](): globalThis.Generator<B> {
    if (this.dataset instanceof IterableDataset) {
      drawSeed(this.generator)
      return this.stream(this.dataset)
    }
    // PyTorch draws a base seed for its workers when an iteration begins, also when there are none
    drawSeed(this.generator)
    return this.batches(this.dataset)
  }

  private *batches(dataset: MapLike): globalThis.Generator<B> {
    const { batch_sampler, collate_fn, plain } = this
    if (!batch_sampler) {
      for (const i of this.sampler!) yield collate_fn(dataset.at(i))
      return
    }
    for (const indices of batch_sampler) {
      if (plain) yield plain.batch(dataset instanceof Subset ? innermost(dataset, indices) : indices) as B
      else yield collate_fn(dataset.getitems ? dataset.getitems(indices) : indices.map((i) => dataset.at(i)))
    }
  }

  private *stream(dataset: IterableDataset): globalThis.Generator<B> {
    const { batch_size, collate_fn } = this
    let items: unknown[] = []
    for (const item of { [Symbol.iterator]: () => dataset[Symbol.iterator]() }) {
      if (batch_size === null) {
        yield collate_fn(item)
        continue
      }
      items.push(item)
      if (items.length < batch_size) continue
      yield collate_fn(items)
      items = []
    }
    if (items.length > 0 && !this.drop_last) yield collate_fn(items)
  }
}

/** The tensors under a dataset whose batches can be read at once: a TensorDataset, or a subset of one, with its own `at`. */
function plainOf(dataset: unknown): TensorDataset | null {
  if (dataset instanceof TensorDataset) return dataset.at === TensorDataset.prototype.at ? dataset : null
  if (!(dataset instanceof Subset) || dataset.at !== Subset.prototype.at || dataset.getitems !== Subset.prototype.getitems) return null
  return plainOf(dataset.dataset)
}

/** Positions in a subset as positions in what it is a subset of. */
function innermost(subset: Subset, indices: readonly number[]): readonly number[] {
  const inner = indices.map((i) => subset.indices[i]!)
  return subset.dataset instanceof Subset ? innermost(subset.dataset, inner) : inner
}
