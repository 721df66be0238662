/** Bags of embeddings, and the adaptive softmax over many classes. */

import { integer, type Rest, sequence, signature } from '../../../core/arguments.ts'
import { RuntimeError, ValueError } from '../../../core/errors.ts'
import { empty } from '../../functions/creation.ts'
import { cat } from '../../functions/join.ts'
import { tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import type { Tensor } from '../../tensor.ts'
import { ModuleList, Sequential } from '../containers.ts'
import { log_softmax } from '../functional/activation.ts'
import { type BagMode, embedding_bag } from '../functional/bags.ts'
import { linear } from '../functional/linear.ts'
import { normal_ } from '../init.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import { Linear } from './linear.ts'
import { type Factory, float, made, number } from './support.ts'

interface BagOptions extends Factory {
  max_norm?: number | null
  norm_type?: number
  scale_grad_by_freq?: boolean
  mode?: BagMode
  sparse?: boolean
  _weight?: Tensor | null
  include_last_offset?: boolean
  padding_idx?: number | null
}
type BagPositional = [
  'max_norm',
  'norm_type',
  'scale_grad_by_freq',
  'mode',
  'sparse',
  '_weight',
  'include_last_offset',
  'padding_idx',
  'device',
  'dtype',
]
const readBag = signature<BagOptions>(
  'EmbeddingBag',
  ['max_norm', 'norm_type', 'scale_grad_by_freq', 'mode', 'sparse', '_weight', 'include_last_offset', 'padding_idx', 'device', 'dtype'],
  [],
  2,
)

/** A table of vectors, of which each bag of indices gives the mean (or sum, or maximum). */
export class EmbeddingBag extends Module {
  readonly num_embeddings: number
  readonly embedding_dim: number
  readonly max_norm: number | null
  readonly norm_type: number
  readonly scale_grad_by_freq: boolean
  readonly mode: BagMode
  readonly sparse: boolean
  readonly include_last_offset: boolean
  readonly padding_idx: number | null
  weight: Parameter

  constructor(num_embeddings: number, embedding_dim: number, ...rest: Rest<BagOptions, BagPositional>) {
    super()
    const { max_norm = null, norm_type = 2, scale_grad_by_freq = false, mode = 'mean', sparse = false, ...more } = readBag(rest)
    const { _weight = null, include_last_offset = false, padding_idx = null, ...factory } = more
    this.num_embeddings = num_embeddings
    this.embedding_dim = embedding_dim
    this.max_norm = max_norm
    this.norm_type = norm_type
    this.scale_grad_by_freq = scale_grad_by_freq
    if (padding_idx !== null && (padding_idx < -num_embeddings || padding_idx >= num_embeddings))
      throw new ValueError('padding_idx must be within num_embeddings')
    this.padding_idx = padding_idx !== null && padding_idx < 0 ? padding_idx + num_embeddings : padding_idx
    this.mode = mode
    this.sparse = sparse
    this.include_last_offset = include_last_offset
    if (_weight) {
      if (_weight.shape.join() !== `${num_embeddings},${embedding_dim}`)
        throw new ValueError('Shape of weight does not match num_embeddings and embedding_dim')
      this.weight = new Parameter(_weight)
    } else {
      this.weight = new Parameter(empty([num_embeddings, embedding_dim], made(factory)))
      this.reset_parameters()
    }
  }

  /** Draws new values. */
  reset_parameters(): void {
    normal_(this.weight)
    const { padding_idx } = this
    if (padding_idx !== null) quietly(() => this.weight.select(0, padding_idx).fill_(0))
  }

  override forward(input: Tensor, offsets: Tensor | null = null, per_sample_weights: Tensor | null = null): Tensor {
    const { weight, max_norm, norm_type, scale_grad_by_freq, mode, sparse, include_last_offset, padding_idx } = this
    const options = { offsets, max_norm, norm_type, scale_grad_by_freq, mode, sparse, per_sample_weights, include_last_offset, padding_idx }
    return embedding_bag(input, weight, options)
  }

  override extra_repr(): string {
    const parts = [`${this.num_embeddings}, ${this.embedding_dim}`]
    if (this.max_norm !== null) parts.push(`max_norm=${float(this.max_norm)}`)
    if (this.norm_type !== 2) parts.push(`norm_type=${number(this.norm_type)}`)
    if (this.scale_grad_by_freq) parts.push('scale_grad_by_freq=True')
    parts.push(`mode='${this.mode}'`)
    if (this.padding_idx !== null) parts.push(`padding_idx=${this.padding_idx}`)
    return parts.join(', ')
  }

  /** Bags of the given vectors, which get no gradients unless `freeze` is false. */
  static from_pretrained(embeddings: Tensor, options: boolean | (BagOptions & { freeze?: boolean }) = {}): EmbeddingBag {
    const { freeze = true, ...rest } = typeof options === 'boolean' ? { freeze: options } : (options ?? {})
    if (tensorArg('from_pretrained', embeddings, 'embeddings').ndim !== 2)
      throw new ValueError('Embeddings parameter is expected to be 2-dimensional')
    const bag = new EmbeddingBag(embeddings.size(0), embeddings.size(1), { ...rest, _weight: embeddings })
    bag.weight.requires_grad = !freeze
    return bag
  }
}

interface AdaptiveOptions extends Factory {
  /** By how much the vectors of each further cluster are shorter. */
  div_value?: number
  head_bias?: boolean
}
const readAdaptive = signature<AdaptiveOptions>('AdaptiveLogSoftmaxWithLoss', ['div_value', 'head_bias', 'device', 'dtype'], [], 4)

/** The log-probability of each target, and the mean loss. */
export interface AdaptiveResult extends Iterable<Tensor> {
  readonly output: Tensor
  readonly loss: Tensor
}

/** A softmax over many classes, sorted by frequency, in clusters of which the rare ones cost little (Grave et al. 2016). */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  readonly in_features: number
  readonly n_classes: number
  readonly cutoffs: readonly number[]
  readonly div_value: number
  readonly head_bias: boolean
  readonly shortlist_size: number
  readonly n_clusters: number
  readonly head_size: number
  head: Linear
  tail: ModuleList

  constructor(
    in_features: number,
    n_classes: number,
    cutoffs: readonly number[],
    ...rest: Rest<AdaptiveOptions, ['div_value', 'head_bias', 'device', 'dtype']>
  ) {
    super()
    const { div_value = 4, head_bias = false, ...factory } = readAdaptive(rest)
    cutoffs = sequence('AdaptiveLogSoftmaxWithLoss', 'cutoffs', cutoffs)
    in_features = integer('AdaptiveLogSoftmaxWithLoss', 'in_features', in_features)
    n_classes = integer('AdaptiveLogSoftmaxWithLoss', 'n_classes', n_classes)
    if (cutoffs.length === 0) throw new ValueError('cutoffs should be a sequence of length larger than 0')
    const wrong = cutoffs.some((c, i) => !Number.isInteger(c) || c <= (i > 0 ? cutoffs[i - 1]! : 0) || c > n_classes - 1)
    if (wrong) {
      throw new ValueError(
        'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value is between 1 and n_classes-1',
      )
    }
    this.in_features = in_features
    this.n_classes = n_classes
    this.cutoffs = [...cutoffs, n_classes]
    this.div_value = div_value
    this.head_bias = head_bias
    this.shortlist_size = cutoffs[0]!
    this.n_clusters = cutoffs.length
    this.head_size = this.shortlist_size + this.n_clusters
    this.head = new Linear(in_features, this.head_size, { bias: head_bias, ...factory })
    this.tail = new ModuleList()
    for (let i = 0; i < this.n_clusters; i++) {
      const size = Math.floor(in_features / div_value ** (i + 1))
      const classes = this.cutoffs[i + 1]! - this.cutoffs[i]!
      const narrow = new Linear(in_features, size, { bias: false, ...factory })
      this.tail.append(new Sequential(narrow, new Linear(size, classes, { bias: false, ...factory })))
    }
  }

  /** Draws new values. */
  reset_parameters(): void {
    this.head.reset_parameters()
    for (const cluster of this.tail) for (const layer of cluster.children()) (layer as Linear).reset_parameters()
  }

  override forward(input_: Tensor, target_: Tensor): AdaptiveResult {
    tensorArg('AdaptiveLogSoftmaxWithLoss', input_, 'input_')
    if (tensorArg('AdaptiveLogSoftmaxWithLoss', target_, 'target_').ndim > 1) {
      throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported')
    }
    if (target_.ndim === 1 ? input_.ndim !== 2 : input_.ndim !== 1) {
      throw new RuntimeError(
        target_.ndim === 1
          ? '1D target tensor expects 2D input tensors, but found inputs with size'
          : '0D target tensor expects 1D input tensors, but found inputs with size',
      )
    }
    const batched = target_.ndim > 0
    const input = batched ? input_ : input_.unsqueeze(0)
    const target = (batched ? target_ : target_.unsqueeze(0)).to('int64')
    const values = (target.tolist() as (number | bigint)[]).map(Number)
    if (values.some((c) => c < 0 || c >= this.n_classes)) {
      throw new RuntimeError(
        `Target values should be in [0, ${this.n_classes - 1}], but values in range [${Math.min(...values)}, ${Math.max(...values)}] were found. `,
      )
    }
    const classOf = (c: number) => (c < this.shortlist_size ? c : this.shortlist_size + this.cutoffs.findIndex((end) => c < end) - 1)
    const head = log_softmax(linear(input, this.head.weight, this.head.bias), 1)
    const first = head.gather(1, target.new_tensor(values.map((c) => [classOf(c)]))).squeeze(1)
    let output = first
    for (let i = 0; i < this.n_clusters; i++) {
      const [low, high] = [this.cutoffs[i]!, this.cutoffs[i + 1]!]
      const rows = values.flatMap((c, n) => (c >= low && c < high ? [n] : []))
      if (rows.length === 0) continue
      const at = target.new_tensor(rows)
      const inside = log_softmax(this.tail.at(i)(input.index_select(0, at)), 1)
      const own = inside.gather(1, target.new_tensor(rows.map((n) => [values[n]! - low]))).squeeze(1)
      output = output.index_add(0, at, own)
    }
    const loss = output.neg().mean()
    const shown = batched ? output : output.squeeze(0)
    return {
      output: shown,
      loss,
      *[Symbol.iterator]() {
        yield shown
        yield loss
      },
    }
  }

  /** The log-probabilities of all classes. */
  log_prob(input: Tensor): Tensor {
    const head = log_softmax(this.head(tensorArg('log_prob', input)), 1)
    const parts = [head.narrow(1, 0, this.shortlist_size)]
    for (let i = 0; i < this.n_clusters; i++) {
      const inside = log_softmax(this.tail.at(i)(input) as Tensor, 1)
      parts.push(inside.add(head.narrow(1, this.shortlist_size + i, 1)))
    }
    return cat(parts, 1)
  }

  /** The most likely class of each row. */
  predict(input: Tensor): Tensor {
    return this.log_prob(input).argmax(1)
  }
}
