/** Multi-head attention as a module. */

import { integer, type Rest, signature } from '../../../core/arguments.ts'
import { AssertionError, ValueError } from '../../../core/errors.ts'
import { empty } from '../../functions/creation.ts'
import type { Tensor } from '../../tensor.ts'
import { attend } from '../functional/attention.ts'
import { constant_, xavier_normal_, xavier_uniform_ } from '../init.ts'
import { Module } from '../module.ts'
import { Parameter } from '../parameter.ts'
import { Linear } from './linear.ts'
import { type Factory, made } from './support.ts'

/** PyTorch's name of the last matrix, which its quantisation leaves alone. */
export class NonDynamicallyQuantizableLinear extends Linear {}

interface MultiheadOptions extends Factory {
  /** Of the weights of the sum, while training. */
  dropout?: number
  bias?: boolean
  /** Adds a learned key and value. */
  add_bias_kv?: boolean
  /** Adds a key and value of zeros. */
  add_zero_attn?: boolean
  kdim?: number | null
  vdim?: number | null
  /** Batches come and go as `[N, L, E]` rather than `[L, N, E]`. */
  batch_first?: boolean
}
type Positional = ['dropout', 'bias', 'add_bias_kv', 'add_zero_attn', 'kdim', 'vdim', 'batch_first', 'device', 'dtype']
const read = signature<MultiheadOptions>(
  'MultiheadAttention',
  ['dropout', 'bias', 'add_bias_kv', 'add_zero_attn', 'kdim', 'vdim', 'batch_first', 'device', 'dtype'],
  [],
  3,
)

interface CallOptions {
  /** [N, S]: true (or minus infinity) where keys are left out. */
  key_padding_mask?: Tensor | null
  need_weights?: boolean
  /** [L, S] or [N heads, L, S]: true (or minus infinity) where a query does not look. */
  attn_mask?: Tensor | null
  /** Whether the weights are averaged over the heads. */
  average_attn_weights?: boolean
  is_causal?: boolean
}
type CallPositional = ['key_padding_mask', 'need_weights', 'attn_mask', 'average_attn_weights', 'is_causal']
const readCall = signature<CallOptions>(
  'forward',
  ['key_padding_mask', 'need_weights', 'attn_mask', 'average_attn_weights', 'is_causal'],
  [],
  4,
)

/**
 * Several heads that attend each to its part of the embedding (Vaswani et al. 2017). Calling it gives the output and the weights (null with
 * `need_weights: false`).
 */
export class MultiheadAttention extends Module {
  readonly embed_dim: number
  readonly kdim: number
  readonly vdim: number
  readonly num_heads: number
  readonly dropout: number
  readonly batch_first: boolean
  readonly head_dim: number
  readonly add_zero_attn: boolean
  in_proj_weight: Parameter | null
  q_proj_weight: Parameter | null
  k_proj_weight: Parameter | null
  v_proj_weight: Parameter | null
  in_proj_bias: Parameter | null
  out_proj: NonDynamicallyQuantizableLinear
  bias_k: Parameter | null
  bias_v: Parameter | null

  constructor(embed_dim: number, num_heads: number, ...rest: Rest<MultiheadOptions, Positional>) {
    super()
    const { dropout = 0, bias = true, add_bias_kv = false, add_zero_attn = false, kdim, vdim, batch_first = false, ...factory } = read(rest)
    embed_dim = integer('MultiheadAttention', 'embed_dim', embed_dim)
    num_heads = integer('MultiheadAttention', 'num_heads', num_heads)
    if (!(embed_dim > 0) || !(num_heads > 0)) {
      throw new ValueError(`embed_dim and num_heads must be greater than 0, got embed_dim=${embed_dim} and num_heads=${num_heads} instead`)
    }
    this.embed_dim = embed_dim
    this.kdim = kdim ?? embed_dim
    this.vdim = vdim ?? embed_dim
    this.num_heads = num_heads
    this.dropout = dropout
    this.batch_first = batch_first
    this.head_dim = Math.floor(embed_dim / num_heads)
    if (this.head_dim * num_heads !== embed_dim) throw new AssertionError('embed_dim must be divisible by num_heads')
    const parameter = (...shape: number[]) => new Parameter(empty(shape, made(factory)))
    const same = this.kdim === embed_dim && this.vdim === embed_dim
    this.in_proj_weight = same ? parameter(3 * embed_dim, embed_dim) : null
    this.q_proj_weight = same ? null : parameter(embed_dim, embed_dim)
    this.k_proj_weight = same ? null : parameter(embed_dim, this.kdim)
    this.v_proj_weight = same ? null : parameter(embed_dim, this.vdim)
    this.in_proj_bias = bias ? parameter(3 * embed_dim) : null
    this.out_proj = new NonDynamicallyQuantizableLinear(embed_dim, embed_dim, { bias, ...factory })
    this.bias_k = add_bias_kv ? parameter(1, 1, embed_dim) : null
    this.bias_v = add_bias_kv ? parameter(1, 1, embed_dim) : null
    this.add_zero_attn = add_zero_attn
    this._reset_parameters()
  }

  /** @internal */
  _reset_parameters(): void {
    for (const w of [this.in_proj_weight, this.q_proj_weight, this.k_proj_weight, this.v_proj_weight]) if (w) xavier_uniform_(w)
    if (this.in_proj_bias) {
      constant_(this.in_proj_bias, 0)
      constant_(this.out_proj.bias!, 0)
    }
    if (this.bias_k) xavier_normal_(this.bias_k)
    if (this.bias_v) xavier_normal_(this.bias_v)
  }

  override forward(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    ...rest: Rest<CallOptions, CallPositional>
  ): [output: Tensor, weights: Tensor | null] {
    const {
      key_padding_mask = null,
      need_weights = true,
      attn_mask = null,
      average_attn_weights = true,
      is_causal = false,
    } = readCall(rest)
    const swap = this.batch_first && query.ndim === 3
    const swapped = (x: Tensor, first: Tensor, done: Tensor) => (x === first ? done : x.transpose(1, 0))
    const q = swap ? query.transpose(1, 0) : query
    const k = swap ? swapped(key, query, q) : key
    const v = swap ? (value === query ? q : swapped(value, key, k)) : value
    const { in_proj_weight, in_proj_bias, q_proj_weight, k_proj_weight, v_proj_weight, bias_k, bias_v, out_proj } = this
    const weights = {
      in_proj_weight,
      in_proj_bias,
      separate: in_proj_weight ? null : ([q_proj_weight!, k_proj_weight!, v_proj_weight!] as const),
      bias_k,
      bias_v,
      out_weight: out_proj.weight,
      out_bias: out_proj.bias,
    }
    const { num_heads: heads, add_zero_attn, dropout, training } = this
    const options = { heads, add_zero_attn, dropout, training, key_padding_mask, need_weights, attn_mask, average_attn_weights, is_causal }
    const [out, shown] = attend(q, k, v, weights, options)
    return [swap ? out.transpose(1, 0) : out, shown]
  }
}
