/** Samplers: the order in which a DataLoader reads a dataset. */

import { ArgumentError, ValueError } from '../../../core/errors.ts'
import { empty, tensor } from '../../functions/creation.ts'
import { multinomial, randint, randperm } from '../../functions/random.ts'
import { tensorArg } from '../../functions/support.ts'
import { Generator } from '../../generator.ts'
import type { Tensor } from '../../tensor.ts'
import { checkSized, listFrom } from './checks.ts'

/** Anything with a length. */
interface Sized {
  readonly length: number
}

/** The base of samplers: a subclass gives positions, or lists of them, by `[Symbol.iterator]`. */
export abstract class Sampler<T = number> {
  abstract [Symbol.iterator](): Iterator<T>
}

/** A random whole number from PyTorch's stream, as DataLoader and RandomSampler draw their seeds. @internal */
export const drawSeed = (generator?: Generator | null): number | bigint =>
  empty([], { dtype: 'int64' }).random_({ generator }).item() as number | bigint

/** All positions in order. */
export class SequentialSampler extends Sampler {
  readonly data_source: Sized

  constructor(data_source: Sized) {
    super()
    checkSized('SequentialSampler', data_source)
    this.data_source = data_source
  }

  override *[Symbol.iterator](): globalThis.Generator<number> {
    const n = this.data_source.length
    for (let i = 0; i < n; i++) yield i
  }

  get length(): number {
    return this.data_source.length
  }
}

interface RandomOptions {
  /** Whether a position may come several times. */
  replacement?: boolean
  /** How many positions; all by default. */
  num_samples?: number | null
  generator?: Generator | null
}

/** Positions in random order: PyTorch's order for the same seed. */
export class RandomSampler extends Sampler {
  readonly data_source: Sized
  readonly replacement: boolean
  readonly generator: Generator | null
  private readonly wanted: number | null

  constructor(data_source: Sized, options: RandomOptions = {}) {
    super()
    checkSized('RandomSampler', data_source)
    const { replacement = false, num_samples = null, generator = null } = options ?? {}
    this.data_source = data_source
    this.replacement = replacement
    this.wanted = num_samples
    this.generator = generator
    if (typeof replacement !== 'boolean')
      throw new ArgumentError(`replacement should be a boolean value, but got replacement=${typeof replacement}`)
    if (!Number.isInteger(this.num_samples) || this.num_samples <= 0) {
      throw new ValueError(
        `num_samples should be a positive integer value, but got num_samples=${typeof this.num_samples === 'number' ? this.num_samples : typeof this.num_samples}`,
      )
    }
  }

  /** How many positions it gives. */
  get num_samples(): number {
    return this.wanted ?? this.data_source.length
  }

  override *[Symbol.iterator](): globalThis.Generator<number> {
    const n = this.data_source.length
    const generator = this.generator ?? new Generator().manual_seed(drawSeed())
    const { num_samples } = this
    if (this.replacement) {
      for (let left = num_samples; left > 0; left -= 32) yield* randint(n, [Math.min(32, left)], { generator }).tolist() as number[]
      return
    }
    for (let i = 0; i < Math.floor(num_samples / n); i++) yield* randperm(n, { generator }).tolist() as number[]
    if (num_samples % n > 0) yield* (randperm(n, { generator }).tolist() as number[]).slice(0, num_samples % n)
  }

  get length(): number {
    return this.num_samples
  }
}

/** Given positions in random order. */
export class SubsetRandomSampler extends Sampler {
  readonly indices: readonly number[]
  readonly generator: Generator | null

  constructor(indices: Iterable<number>, options: { generator?: Generator | null } = {}) {
    super()
    this.indices = listFrom('SubsetRandomSampler', indices)
    this.generator = options?.generator ?? null
  }

  override *[Symbol.iterator](): globalThis.Generator<number> {
    for (const i of randperm(this.indices.length, { generator: this.generator }).tolist() as number[]) yield this.indices[i]!
  }

  get length(): number {
    return this.indices.length
  }
}

/** Positions drawn with the given weights. */
export class WeightedRandomSampler extends Sampler {
  readonly weights: Tensor
  readonly num_samples: number
  readonly replacement: boolean
  readonly generator: Generator | null

  constructor(
    weights: Tensor | readonly number[],
    num_samples: number,
    options: boolean | { replacement?: boolean; generator?: Generator | null } = {},
  ) {
    super()
    const { replacement = true, generator = null } = typeof options === 'boolean' ? { replacement: options } : (options ?? {})
    if (!Number.isInteger(num_samples) || num_samples <= 0) {
      throw new ValueError(
        `num_samples should be a positive integer value, but got num_samples=${typeof num_samples === 'number' ? num_samples : typeof num_samples}`,
      )
    }
    this.weights = Array.isArray(weights)
      ? tensor(weights, { dtype: 'float64' })
      : tensorArg('WeightedRandomSampler', weights, 'weights').to('float64')
    if (this.weights.ndim !== 1)
      throw new ValueError(`weights should be a 1d sequence but given weights have shape (${this.weights.shape.join(', ')})`)
    this.num_samples = num_samples
    this.replacement = replacement
    this.generator = generator
  }

  override *[Symbol.iterator](): globalThis.Generator<number> {
    const { replacement, generator } = this
    yield* multinomial(this.weights, this.num_samples, replacement, { generator }).tolist() as number[]
  }

  get length(): number {
    return this.num_samples
  }
}

/** Lists of positions: batches of what another sampler gives. */
export class BatchSampler extends Sampler<number[]> {
  readonly sampler: Iterable<number> & { readonly length?: number }
  readonly batch_size: number
  readonly drop_last: boolean

  constructor(sampler: Iterable<number> & { readonly length?: number }, batch_size: number, drop_last: boolean) {
    super()
    if (!Number.isInteger(batch_size) || batch_size <= 0) {
      throw new ValueError(
        `batch_size should be a positive integer value, but got batch_size=${typeof batch_size === 'number' ? batch_size : typeof batch_size}`,
      )
    }
    if (typeof drop_last !== 'boolean') throw new ValueError(`drop_last should be a boolean value, but got drop_last=${typeof drop_last}`)
    this.sampler = sampler
    this.batch_size = batch_size
    this.drop_last = drop_last
  }

  override *[Symbol.iterator](): globalThis.Generator<number[]> {
    let batch: number[] = []
    for (const i of this.sampler) {
      batch.push(i)
      if (batch.length < this.batch_size) continue
      yield batch
      batch = []
    }
    if (batch.length > 0 && !this.drop_last) yield batch
  }

  get length(): number {
    const n = this.sampler.length
    if (n === undefined) throw new ArgumentError('the sampler has no length')
    return this.drop_last ? Math.floor(n / this.batch_size) : Math.ceil(n / this.batch_size)
  }
}
