/** Multi-head attention. */

import { signature } from '../../../core/arguments.ts'
import { AssertionError, RuntimeError } from '../../../core/errors.ts'
import { cat } from '../../functions/join.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import { dropout } from './dropout.ts'
import { linear, scaled_dot_product_attention } from './linear.ts'
import { pad } from './padding.ts'

const isBool = (x: Tensor): boolean => x.raw.dtype.name === 'bool'

/** A mask as numbers to be added: booleans become minus infinity. */
export function additiveMask(mask: Tensor | null, name: string, like: Tensor): Tensor | null {
  if (mask === null) return null
  if (!isBool(mask) && !mask.is_floating_point()) throw new AssertionError(`only bool and floating types of ${name} are supported`)
  return isBool(mask) ? like.new_zeros([...mask.shape]).masked_fill(mask, Number.NEGATIVE_INFINITY) : mask
}

/** The weights of `multi_head_attention_forward`: one matrix for query, key and value, or one each. */
export interface AttentionWeights {
  readonly in_proj_weight: Tensor | null
  readonly in_proj_bias: Tensor | null
  readonly separate: readonly [q: Tensor, k: Tensor, v: Tensor] | null
  readonly bias_k: Tensor | null
  readonly bias_v: Tensor | null
  readonly out_weight: Tensor
  readonly out_bias: Tensor | null
}

export interface AttentionOptions {
  readonly heads: number
  readonly add_zero_attn: boolean
  readonly dropout: number
  readonly training: boolean
  readonly key_padding_mask: Tensor | null
  readonly need_weights: boolean
  readonly attn_mask: Tensor | null
  readonly average_attn_weights: boolean
  readonly is_causal: boolean
  /** Keys and values by head, in place of those projected. */
  readonly static_k?: Tensor | null
  readonly static_v?: Tensor | null
}

/** Query, key and value through their matrices. */
function projected(q: Tensor, k: Tensor, v: Tensor, w: AttentionWeights): [Tensor, Tensor, Tensor] {
  const e = q.size(-1)
  const bias = w.in_proj_bias ? (w.in_proj_bias.chunk(3) as [Tensor, Tensor, Tensor]) : ([null, null, null] as const)
  if (w.separate) {
    const [wq, wk, wv] = w.separate
    return [linear(q, wq, bias[0]), linear(k, wk, bias[1]), linear(v, wv, bias[2])]
  }
  const all = w.in_proj_weight!
  if (q === k && k === v) {
    const together = linear(q, all, w.in_proj_bias)
    return [together.narrow(-1, 0, e), together.narrow(-1, e, e), together.narrow(-1, 2 * e, e)]
  }
  const [wq, wk, wv] = all.chunk(3) as [Tensor, Tensor, Tensor]
  return [linear(q, wq, bias[0]), linear(k, wk, bias[1]), linear(v, wv, bias[2])]
}

function checkShapes(query: Tensor, key: Tensor, value: Tensor, mask: Tensor | null, attn: Tensor | null, heads: number): boolean {
  tensorArg('multi_head_attention_forward', query, 'query')
  tensorArg('multi_head_attention_forward', key, 'key')
  tensorArg('multi_head_attention_forward', value, 'value')
  const rank = query.ndim
  if (rank !== 2 && rank !== 3) {
    throw new AssertionError(`query should be unbatched 2D or batched 3D tensor but received ${rank}-D query tensor`)
  }
  const kind = rank === 3 ? 'batched (3-D)' : 'unbatched (2-D)'
  if (key.ndim !== rank || value.ndim !== rank) {
    throw new AssertionError(
      `For ${kind} \`query\`, expected \`key\` and \`value\` to be ${rank}-D but found ${key.ndim}-D and ${value.ndim}-D tensors respectively`,
    )
  }
  if (mask && mask.ndim !== rank - 1) {
    throw new AssertionError(
      `For ${kind} \`query\`, expected \`key_padding_mask\` to be \`None\` or ${rank - 1}-D but found ${mask.ndim}-D tensor instead`,
    )
  }
  if (attn && attn.ndim !== 2 && attn.ndim !== 3) {
    throw new AssertionError(
      `For ${kind} \`query\`, expected \`attn_mask\` to be \`None\`, 2-D or 3-D but found ${attn.ndim}-D tensor instead`,
    )
  }
  if (rank === 2 && attn?.ndim === 3) {
    const shape = `(${heads}, ${query.size(0)}, ${key.size(0)})`
    if (attn.shape.join(', ') !== shape.slice(1, -1))
      throw new AssertionError(`Expected \`attn_mask\` shape to be ${shape} but got ${attn.shape}`)
  }
  return rank === 3
}

/**
 * Attention of several heads over `[L, N, E]` (or `[L, E]`): `softmax(q k^T / sqrt(d) + mask) v` in each, then the output's matrix; and the
 * weights of the sum, if wanted (Vaswani et al. 2017).
 */
export function attend(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  w: AttentionWeights,
  options: AttentionOptions,
): [output: Tensor, weights: Tensor | null] {
  const { heads, need_weights, training } = options
  const batched = checkShapes(query, key, value, options.key_padding_mask, options.attn_mask, heads)
  if (!batched) {
    const same = query === key && key === value
    const q3 = query.unsqueeze(1)
    const k3 = same ? q3 : key.unsqueeze(1)
    const v3 = same ? q3 : value.unsqueeze(1)
    const [out, weights] = attend(q3, k3, v3, w, { ...options, key_padding_mask: options.key_padding_mask?.unsqueeze(0) ?? null })
    return [out.squeeze(1), weights ? weights.squeeze(0) : null]
  }
  const [rows, batch, e] = query.shape as unknown as [number, number, number]
  const size = Math.floor(e / heads)
  if (size * heads !== e) throw new AssertionError(`embed_dim ${e} not divisible by num_heads ${heads}`)
  if (options.is_causal && !options.attn_mask) throw new RuntimeError('Need attn_mask if specifying the is_causal hint.')
  let padding = additiveMask(options.key_padding_mask, 'key_padding_mask', query)
  let [q, k, v] = projected(query, key, value, w)
  let mask = additiveMask(options.attn_mask, 'attn_mask', query)
  if (mask?.ndim === 2) {
    if (mask.size(0) !== rows || mask.size(1) !== key.size(0)) {
      throw new RuntimeError(`The shape of the 2D attn_mask is ${mask.shape}, but should be (${rows}, ${key.size(0)}).`)
    }
    mask = mask.unsqueeze(0)
  } else if (mask && mask.shape.join() !== [batch * heads, rows, key.size(0)].join()) {
    throw new RuntimeError(`The shape of the 3D attn_mask is ${mask.shape}, but should be (${batch * heads}, ${rows}, ${key.size(0)}).`)
  }
  const longer = () => {
    if (mask) mask = pad(mask, [0, 1])
    if (padding) padding = pad(padding, [0, 1])
  }
  if (w.bias_k && w.bias_v) {
    k = cat([k, w.bias_k.repeat(1, batch, 1)])
    v = cat([v, w.bias_v.repeat(1, batch, 1)])
    longer()
  }
  const byHead = (x: Tensor) => x.reshape(x.size(0), batch * heads, size).transpose(0, 1)
  q = byHead(q)
  k = options.static_k ?? byHead(k)
  v = options.static_v ?? byHead(v)
  if (options.add_zero_attn) {
    k = cat([k, k.new_zeros([batch * heads, 1, size])], 1)
    v = cat([v, v.new_zeros([batch * heads, 1, size])], 1)
    longer()
  }
  const columns = k.size(1)
  if (padding) {
    if (padding.size(0) !== batch || padding.size(1) !== columns)
      throw new AssertionError(`key_padding_mask.shape must be ${batch}, ${columns}, but got ${padding.shape}`)
    const each = padding
      .reshape(batch, 1, 1, columns)
      .expand([-1, heads, -1, -1])
      .reshape(batch * heads, 1, columns)
    mask = mask ? mask.add(each) : each
  }
  const p = training ? options.dropout : 0
  const merge = (x: Tensor) => linear(x.transpose(0, 1).reshape(rows * batch, e), w.out_weight, w.out_bias).reshape(rows, batch, -1)
  if (!need_weights) {
    const four = (x: Tensor) => x.reshape(batch, heads, -1, size)
    const shaped = mask && (mask.size(0) === 1 ? mask.unsqueeze(0) : mask.reshape(batch, heads, -1, columns))
    const out = scaled_dot_product_attention(four(q), four(k), four(v), { attn_mask: shaped, dropout_p: p })
    return [merge(out.reshape(batch * heads, rows, size)), null]
  }
  const scores = q.mul(Math.sqrt(1 / size)).matmul(k.transpose(-2, -1))
  let weights = (mask ? scores.add(mask) : scores).softmax(-1)
  if (p > 0) weights = dropout(weights, p, true)
  const out = merge(weights.matmul(v))
  const shown = weights.reshape(batch, heads, rows, columns)
  return [out, options.average_attn_weights ? shown.mean(1) : shown]
}

interface AttentionForward {
  readonly training?: boolean
  readonly key_padding_mask?: Tensor | null
  readonly need_weights?: boolean
  readonly attn_mask?: Tensor | null
  /** The matrices of query, key and value come apart, as `q_proj_weight` and so on. */
  readonly use_separate_proj_weight?: boolean
  readonly q_proj_weight?: Tensor | null
  readonly k_proj_weight?: Tensor | null
  readonly v_proj_weight?: Tensor | null
  /** Keys and values by head, `[N heads, S, E / heads]`, in place of those projected. */
  readonly static_k?: Tensor | null
  readonly static_v?: Tensor | null
  readonly average_attn_weights?: boolean
  readonly is_causal?: boolean
}
const FORWARD: readonly (keyof AttentionForward)[] = [
  ...(['training', 'key_padding_mask', 'need_weights', 'attn_mask', 'use_separate_proj_weight', 'q_proj_weight'] as const),
  ...(['k_proj_weight', 'v_proj_weight', 'static_k', 'static_v', 'average_attn_weights', 'is_causal'] as const),
]
const readForward = signature<AttentionForward>('multi_head_attention_forward', FORWARD, [], 14)

/**
 * The output of multi-head attention for weights that are given, and the weights of the sum (null with `need_weights: false`): what
 * `nn.MultiheadAttention` computes. Query, key and value are `[L, N, E]` or `[L, E]`.
 */
export function multi_head_attention_forward(
  query: Tensor,
  key: Tensor,
  value: Tensor,
  embed_dim_to_check: number,
  num_heads: number,
  in_proj_weight: Tensor | null,
  in_proj_bias: Tensor | null,
  bias_k: Tensor | null,
  bias_v: Tensor | null,
  add_zero_attn: boolean,
  dropout_p: number,
  out_proj_weight: Tensor,
  out_proj_bias: Tensor | null,
  ...rest: unknown[]
): [output: Tensor, weights: Tensor | null] {
  const o = readForward(rest)
  const e = tensorArg('multi_head_attention_forward', query, 'query').size(-1)
  if (e !== embed_dim_to_check) throw new AssertionError(`was expecting embedding dimension of ${embed_dim_to_check}, but got ${e}`)
  const separate = o.use_separate_proj_weight ? ([o.q_proj_weight!, o.k_proj_weight!, o.v_proj_weight!] as const) : null
  separate?.forEach((w, i) => {
    if (!w) throw new AssertionError(`use_separate_proj_weight is True but ${'qkv'[i]}_proj_weight is None`)
  })
  if (!separate && !in_proj_weight) throw new AssertionError('use_separate_proj_weight is False but in_proj_weight is None')
  return attend(
    query,
    key,
    value,
    { in_proj_weight, in_proj_bias, separate, bias_k, bias_v, out_weight: out_proj_weight, out_bias: out_proj_bias },
    {
      heads: num_heads,
      add_zero_attn,
      dropout: dropout_p,
      training: o.training ?? true,
      key_padding_mask: o.key_padding_mask ?? null,
      need_weights: o.need_weights ?? true,
      attn_mask: o.attn_mask ?? null,
      average_attn_weights: o.average_attn_weights ?? true,
      is_causal: o.is_causal ?? false,
      static_k: o.static_k ?? null,
      static_v: o.static_v ?? null,
    },
  )
}
