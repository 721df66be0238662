/** DataLoader: a dataset in batches. */

import { ArgumentError, ValueError } from '../../../core/errors.ts'
import { warn } from '../../../core/warnings.ts'
import type { Generator } from '../../generator.ts'
import { checkMapLike } from './checks.ts'
import { default_collate, default_convert } from './collate.ts'
import { IterableDataset, type MapLike, Subset, TensorDataset } from './dataset.ts'
import { BatchSampler, drawSeed, RandomSampler, SequentialSampler } from './sampler.ts'
import { sourceOf, Workers } from './workers.ts'

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
  /**
   * Threads that read items ahead, 0 for none. Each makes the dataset for itself: it needs a field `worker_source`, such as
   * `{ module: import.meta.url, export: 'MyDataset', args: [folder] }`. Batches are put together in this thread.
   */
  num_workers?: number
  /** Batches that each worker reads ahead; 2 by default. */
  prefetch_factor?: number | null
  /** Seconds to wait for a worker's batch; 0, the default, for any time. */
  timeout?: number
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
  { batch_size, shuffle, sampler, batch_sampler, drop_last, num_workers = 0, prefetch_factor, timeout = 0 }: DataLoaderOptions<B>,
  streams: boolean,
): void {
  if (!Number.isInteger(num_workers) || num_workers < 0) {
    throw new ValueError('num_workers option should be non-negative; use num_workers=0 to disable multiprocessing.')
  }
  if (!(timeout >= 0)) throw new ValueError('timeout option should be non-negative')
  if (num_workers === 0 && (prefetch_factor ?? null) !== null) {
    throw new ValueError(
      'prefetch_factor option could only be specified in multiprocessing.let num_workers > 0 to enable multiprocessing, otherwise set prefetch_factor to None.',
    )
  }
  if (prefetch_factor != null && !(Number.isInteger(prefetch_factor) && prefetch_factor >= 0))
    throw new ValueError('prefetch_factor option should be non-negative')
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
 * A dataset in batches: each `for...of`, or `for await...of`, goes through it once, in the order of PyTorch for the same seed.
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
  readonly num_workers: number
  readonly prefetch_factor: number | null
  readonly timeout: number
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
    this.num_workers = options.num_workers ?? 0
    this.prefetch_factor = this.num_workers > 0 ? (options.prefetch_factor ?? 2) : null
    this.timeout = options.timeout ?? 0
    if (this.num_workers > 0) sourceOf(workerSide(dataset))
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
    this.plain = collate_fn || !batches || this.num_workers > 0 ? null : plainOf(dataset)
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
    // PyTorch draws a base seed for its workers when an iteration begins, also when there are none
    const seed = drawSeed(this.generator)
    if (this.num_workers > 0) return this.fromWorkers(seed)
    return this.dataset instanceof IterableDataset ? this.stream(this.dataset) : this.batches(this.dataset)
  }

  [Symbol.asyncIterator](): globalThis.AsyncGenerator<B> {
    const seed = drawSeed(this.generator)
    if (this.num_workers > 0) return this.fromWorkersLater(seed)
    return later(this.dataset instanceof IterableDataset ? this.stream(this.dataset) : this.batches(this.dataset))
  }

  private *fromWorkers(seed: number | bigint): globalThis.Generator<B> {
    const queue = this.queue(seed)
    try {
      for (let id = queue.next(); id >= 0; id = queue.next()) {
        const batch = queue.take(id, queue.workers.wait(id))
        if (batch !== null) yield this.collated(batch)
      }
    } finally {
      queue.workers.close()
    }
  }

  private async *fromWorkersLater(seed: number | bigint): AsyncGenerator<B> {
    const queue = this.queue(seed)
    try {
      for (let id = queue.next(); id >= 0; id = queue.next()) {
        const batch = queue.take(id, await queue.workers.next(id))
        if (batch !== null) yield this.collated(batch)
      }
    } finally {
      queue.workers.close()
    }
  }

  private collated(items: any[]): B {
    return this.batch_size === null && this.batch_sampler === null ? this.collate_fn(items[0]) : this.collate_fn(items)
  }

  private queue(seed: number | bigint): Queue {
    const { dataset, num_workers, prefetch_factor, timeout, batch_size } = this
    const workers = new Workers(workerSide(dataset), num_workers, seed, timeout)
    if (dataset instanceof IterableDataset) return new Queue(workers, prefetch_factor!, null, batch_size ?? 1, this.drop_last)
    const positions = this.batch_sampler ?? singly(this.sampler!)
    const requests = (function* () {
      for (const indices of positions) yield dataset instanceof Subset ? innermost(dataset, indices) : indices
    })()
    return new Queue(workers, prefetch_factor!, requests, 0, false)
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

async function* later<B>(batches: Iterable<B>): AsyncGenerator<B> {
  yield* batches
}

function* singly(positions: Iterable<number>): globalThis.Generator<number[]> {
  for (const i of positions) yield [i]
}

/** The dataset that workers make: what subsets are subsets of. */
const workerSide = (dataset: unknown): unknown =>
  dataset instanceof Subset && !('worker_source' in dataset) ? workerSide(dataset.dataset) : dataset

/** What has been asked of the workers, in turn, and comes back in that order. */
class Queue {
  private readonly pending: number[] = []
  private readonly open: boolean[]
  private turn = 0

  constructor(
    readonly workers: Workers,
    ahead: number,
    /** Positions to read; null for streams, of which every worker gives batches of `size`. */
    private readonly requests: Iterator<readonly number[]> | null,
    private readonly size: number,
    private readonly dropLast: boolean,
  ) {
    this.open = Array.from({ length: workers.count }, () => true)
    for (let i = 0; i < Math.max(1, ahead) * workers.count; i++) this.ask()
  }

  private ask(): void {
    const { open, workers, requests, size } = this
    if (requests !== null) {
      const { value, done } = requests.next()
      if (done) return
      workers.ask(this.turn, { read: value })
    } else {
      if (!open.includes(true)) return
      while (!open[this.turn]) this.turn = (this.turn + 1) % workers.count
      workers.ask(this.turn, { next: size })
    }
    this.pending.push(this.turn)
    this.turn = (this.turn + 1) % workers.count
  }

  /** The worker whose answer is next; -1 at the end. */
  next(): number {
    return this.pending[0] ?? -1
  }

  /** Takes an answer, and asks for another: its items, or null for what the end of a stream leaves over. */
  take(id: number, { items, done }: { items: any[]; done: boolean }): any[] | null {
    this.pending.shift()
    if (done) this.open[id] = false
    this.ask()
    if (this.requests !== null) return items
    return items.length === this.size || (items.length > 0 && !this.dropLast) ? items : null
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
