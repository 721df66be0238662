/** Linear and bilinear layers, embeddings, and those that only change shape. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ValueError } from '../../../core/errors.ts'
import { empty } from '../../functions/creation.ts'
import { tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import type { Tensor } from '../../tensor.ts'
import { bilinear, embedding, linear } from '../functional/linear.ts'
import { numberList } from '../functional/support.ts'
import { kaiming_uniform_, normal_, uniform_ } from '../init.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import { type Factory, float, made, tuple, yes } from './support.ts'

/** Gives its input back; whatever it is made with is left aside. */
export class Identity extends Module {
  constructor(..._args: unknown[]) {
    super()
  }
  override forward<T>(input: T): T {
    return input
  }
}

interface BiasOptions extends Factory {
  /** Whether there is an offset. */
  bias?: boolean
}
type BiasPositional = ['bias', 'device', 'dtype']
const readLinear = signature<BiasOptions>('Linear', ['bias', 'device', 'dtype'], [], 2)

/**
 * `x weight^T + bias` along the last dimension. Weight and bias begin uniform in `±1 / sqrt(in_features)`.
 *
 * @example
 * ```ts
 * new torch.nn.Linear(2, 3) // => Linear(in_features=2, out_features=3, bias=True)
 * ```
 */
export class Linear extends Module {
  readonly in_features: number
  readonly out_features: number
  weight: Parameter
  bias: Parameter | null

  constructor(in_features: number, out_features: number, ...rest: Rest<BiasOptions, BiasPositional>) {
    super()
    const { bias = true, ...factory } = readLinear(rest)
    this.in_features = in_features
    this.out_features = out_features
    this.weight = new Parameter(empty([out_features, in_features], made(factory)))
    this.bias = bias ? new Parameter(empty([out_features], made(factory))) : null
    this.reset_parameters()
  }

  /** Draws new values. */
  reset_parameters(): void {
    kaiming_uniform_(this.weight, { a: Math.sqrt(5) })
    if (this.bias) {
      const bound = this.in_features > 0 ? 1 / Math.sqrt(this.in_features) : 0
      uniform_(this.bias, -bound, bound)
    }
  }

  override forward(input: Tensor): Tensor {
    return linear(input, this.weight, this.bias)
  }

  override extra_repr(): string {
    return `in_features=${this.in_features}, out_features=${this.out_features}, bias=${yes(this.bias !== null)}`
  }
}

const readBilinear = signature<BiasOptions>('Bilinear', ['bias', 'device', 'dtype'], [], 3)

/** `sum over i, j of x1[i] weight[k, i, j] x2[j] + bias[k]`. */
export class Bilinear extends Module {
  readonly in1_features: number
  readonly in2_features: number
  readonly out_features: number
  weight: Parameter
  bias: Parameter | null

  constructor(in1_features: number, in2_features: number, out_features: number, ...rest: Rest<BiasOptions, BiasPositional>) {
    super()
    const { bias = true, ...factory } = readBilinear(rest)
    if (in1_features <= 0) throw new ValueError(`in1_features must be > 0, but got ${in1_features}`)
    this.in1_features = in1_features
    this.in2_features = in2_features
    this.out_features = out_features
    this.weight = new Parameter(empty([out_features, in1_features, in2_features], made(factory)))
    this.bias = bias ? new Parameter(empty([out_features], made(factory))) : null
    this.reset_parameters()
  }

  /** Draws new values. */
  reset_parameters(): void {
    const bound = 1 / Math.sqrt(this.weight.size(1))
    uniform_(this.weight, -bound, bound)
    if (this.bias) uniform_(this.bias, -bound, bound)
  }

  override forward(input1: Tensor, input2: Tensor): Tensor {
    return bilinear(input1, input2, this.weight, this.bias)
  }

  override extra_repr(): string {
    const { in1_features, in2_features, out_features, bias } = this
    return `in1_features=${in1_features}, in2_features=${in2_features}, out_features=${out_features}, bias=${yes(bias !== null)}`
  }
}

interface FlattenOptions {
  start_dim?: number
  end_dim?: number
}
const readFlatten = signature<FlattenOptions>('Flatten', ['start_dim', 'end_dim'], [], 0)

/** Dimensions from `start_dim` to `end_dim` as one; by default all but the first. */
export class Flatten extends Module {
  readonly start_dim: number
  readonly end_dim: number

  constructor(...rest: Rest<FlattenOptions, ['start_dim', 'end_dim']>) {
    super()
    const { start_dim = 1, end_dim = -1 } = readFlatten(rest)
    this.start_dim = start_dim
    this.end_dim = end_dim
  }

  override forward(input: Tensor): Tensor {
    return tensorArg('flatten', input).flatten(this.start_dim, this.end_dim)
  }

  override extra_repr(): string {
    return `start_dim=${this.start_dim}, end_dim=${this.end_dim}`
  }
}

/** One dimension as several. */
export class Unflatten extends Module {
  readonly dim: number
  readonly unflattened_size: readonly number[]

  constructor(dim: number, unflattened_size: readonly number[]) {
    super()
    this.dim = dim
    this.unflattened_size = numberList('Unflatten', 'unflattened_size', unflattened_size)
  }

  override forward(input: Tensor): Tensor {
    return tensorArg('unflatten', input).unflatten(this.dim, this.unflattened_size)
  }

  override extra_repr(): string {
    return `dim=${this.dim}, unflattened_size=${tuple(this.unflattened_size)}`
  }
}

interface EmbeddingOptions extends Factory {
  /** The row of this index is zero and gets no gradient. */
  padding_idx?: number | null
  /** Rows that are longer are shortened before they are read. */
  max_norm?: number | null
  norm_type?: number
  scale_grad_by_freq?: boolean
  sparse?: boolean
  _weight?: Tensor | null
  _freeze?: boolean
}
type EmbeddingPositional = ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse', '_weight', '_freeze', 'device', 'dtype']
const readEmbedding = signature<EmbeddingOptions>(
  'Embedding',
  ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse', '_weight', '_freeze', 'device', 'dtype'],
  [],
  2,
)

/** A table of vectors, read by integers. It begins standard normal. */
export class Embedding extends Module {
  readonly num_embeddings: number
  readonly embedding_dim: number
  readonly padding_idx: number | null
  readonly max_norm: number | null
  readonly norm_type: number
  readonly scale_grad_by_freq: boolean
  readonly sparse: boolean
  weight: Parameter

  constructor(num_embeddings: number, embedding_dim: number, ...rest: Rest<EmbeddingOptions, EmbeddingPositional>) {
    super()
    const { padding_idx = null, max_norm = null, norm_type = 2, scale_grad_by_freq = false, sparse = false, ...more } = readEmbedding(rest)
    const { _weight = null, _freeze = false, ...factory } = more
    this.num_embeddings = num_embeddings
    this.embedding_dim = embedding_dim
    if (padding_idx !== null && (padding_idx < -num_embeddings || padding_idx >= num_embeddings)) {
      throw new ValueError('Padding_idx must be within num_embeddings')
    }
    this.padding_idx = padding_idx !== null && padding_idx < 0 ? padding_idx + num_embeddings : padding_idx
    this.max_norm = max_norm
    this.norm_type = norm_type
    this.scale_grad_by_freq = scale_grad_by_freq
    this.sparse = sparse
    if (_weight) {
      if (_weight.shape.join() !== `${num_embeddings},${embedding_dim}`) {
        throw new ValueError('Shape of weight does not match num_embeddings and embedding_dim')
      }
      this.weight = new Parameter(_weight, !_freeze)
    } else {
      this.weight = new Parameter(empty([num_embeddings, embedding_dim], made(factory)), !_freeze)
      this.reset_parameters()
    }
  }

  /** Draws new values. */
  reset_parameters(): void {
    normal_(this.weight)
    const { padding_idx } = this
    if (padding_idx !== null) quietly(() => this.weight.select(0, padding_idx).fill_(0))
  }

  override forward(input: Tensor): Tensor {
    const { weight, padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse } = this
    return embedding(input, weight, { padding_idx, max_norm, norm_type, scale_grad_by_freq, sparse })
  }

  override extra_repr(): string {
    const { num_embeddings, embedding_dim, padding_idx, max_norm, norm_type, scale_grad_by_freq } = this
    const parts = [`${num_embeddings}, ${embedding_dim}`]
    if (padding_idx !== null) parts.push(`padding_idx=${padding_idx}`)
    if (max_norm !== null) parts.push(`max_norm=${float(max_norm)}`)
    if (norm_type !== 2) parts.push(`norm_type=${norm_type}`)
    if (scale_grad_by_freq) parts.push('scale_grad_by_freq=True')
    if (this.sparse) parts.push('sparse=True')
    return parts.join(', ')
  }

  /** An embedding of the given vectors, which get no gradients unless `freeze` is false. */
  static from_pretrained(embeddings: Tensor, options: boolean | (EmbeddingOptions & { freeze?: boolean }) = {}): Embedding {
    const { freeze = true, ...rest } = typeof options === 'boolean' ? { freeze: options } : (options ?? {})
    if (tensorArg('from_pretrained', embeddings, 'embeddings').ndim !== 2)
      throw new ValueError('Embeddings parameter is expected to be 2-dimensional')
    return new Embedding(embeddings.size(0), embeddings.size(1), { ...rest, _weight: embeddings, _freeze: freeze })
  }
}
