/** DistributedSampler: the part of a dataset that one of several processes reads. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { randperm } from '../../functions/random.ts'
import { Generator } from '../../generator.ts'
import { checkSized } from './checks.ts'
import { Sampler } from './sampler.ts'

interface Options {
  readonly num_replicas?: number | null
  readonly rank?: number | null
  readonly shuffle?: boolean
  readonly seed?: number
  readonly drop_last?: boolean
}
type Names = ['num_replicas', 'rank', 'shuffle', 'seed', 'drop_last']

/**
 * Every `num_replicas`-th position from `rank` on, in an order that all processes of a seed and epoch share.
 *
 * Parts are of one length: positions from the start come again at the end, or with `drop_last` those at the end are left out.
 *
 * @example
 * [...new torch.utils.data.DistributedSampler([0, 1, 2, 3, 4], { num_replicas: 2, rank: 1, shuffle: false })] // => [ 1, 3, 0 ]
 */
export class DistributedSampler extends Sampler {
  readonly dataset: { readonly length: number }
  readonly num_replicas: number
  readonly rank: number
  readonly shuffle: boolean
  readonly seed: number
  readonly drop_last: boolean
  readonly num_samples: number
  readonly total_size: number
  epoch = 0

  constructor(dataset: { readonly length: number }, ...rest: Rest<Options, Names>) {
    super()
    checkSized('DistributedSampler', dataset)
    const names = ['num_replicas', 'rank', 'shuffle', 'seed', 'drop_last'] as const
    const { num_replicas, rank, shuffle = true, seed = 0, drop_last = false } = signature<Options>('DistributedSampler', names)(rest)
    if (num_replicas == null || rank == null)
      throw new RuntimeError('DistributedSampler: num_replicas and rank are needed: there is no process group to ask')
    if (!Number.isInteger(num_replicas) || num_replicas < 1) throw new ValueError(`Invalid num_replicas ${num_replicas}`)
    if (!Number.isInteger(rank) || rank >= num_replicas || rank < 0)
      throw new ValueError(`Invalid rank ${rank}, rank should be in the interval [0, ${num_replicas - 1}]`)
    if (!Number.isSafeInteger(seed)) throw new ValueError(`Invalid seed ${seed}`)
    this.dataset = dataset
    this.num_replicas = num_replicas
    this.rank = rank
    this.shuffle = shuffle
    this.seed = seed
    this.drop_last = drop_last
    const uneven = drop_last && dataset.length % num_replicas !== 0
    this.num_samples = uneven
      ? Math.max(0, Math.ceil((dataset.length - num_replicas) / num_replicas))
      : Math.ceil(dataset.length / num_replicas)
    this.total_size = this.num_samples * num_replicas
  }

  override *[Symbol.iterator](): globalThis.Generator<number> {
    const n = this.dataset.length
    const generator = new Generator().manual_seed(this.seed + this.epoch)
    const order = this.shuffle ? (randperm(n, { generator }).tolist() as number[]) : Array.from({ length: n }, (_, i) => i)
    for (let i = this.rank; i < this.total_size; i += this.num_replicas) yield order[i % n]!
  }

  get length(): number {
    return this.num_samples
  }

  /** Sets the epoch, so that each has an order of its own. */
  set_epoch(epoch: number): void {
    this.epoch = epoch
  }
}
