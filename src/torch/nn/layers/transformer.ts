/** Transformer layers, encoders and decoders (Vaswani et al. 2017). */

import { integer, type Rest, signature } from '../../../core/arguments.ts'
import { RuntimeError } from '../../../core/errors.ts'
import { full } from '../../functions/creation.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'
import { ModuleList } from '../containers.ts'
import * as A from '../functional/activation.ts'
import { additiveMask } from '../functional/attention.ts'
import { xavier_uniform_ } from '../init.ts'
import { Module } from '../module.ts'
import { deepCopy } from '../module_copy.ts'
import { MultiheadAttention } from './attention.ts'
import { Dropout } from './dropout.ts'
import { Linear } from './linear.ts'
import { LayerNorm } from './normalization.ts'
import { type Factory, made } from './support.ts'

/** The function between the two matrices: by name, or any function or module. */
export type Activation = 'relu' | 'gelu' | ((x: Tensor) => Tensor) | Module

function activationOf(activation: Activation): (x: Tensor) => Tensor {
  if (activation === 'relu') return (x) => A.relu(x)
  if (activation === 'gelu') return (x) => A.gelu(x)
  if (typeof activation === 'function') return activation as (x: Tensor) => Tensor
  throw new RuntimeError(`activation should be relu/gelu, not ${String(activation)}`)
}

interface LayerOptions extends Factory {
  dim_feedforward?: number
  dropout?: number
  activation?: Activation
  layer_norm_eps?: number
  batch_first?: boolean
  /** Normalises before each part rather than behind it. */
  norm_first?: boolean
  bias?: boolean
}
type LayerPositional = [
  'dim_feedforward',
  'dropout',
  'activation',
  'layer_norm_eps',
  'batch_first',
  'norm_first',
  'bias',
  'device',
  'dtype',
]
const LAYER: LayerPositional = [
  'dim_feedforward',
  'dropout',
  'activation',
  'layer_norm_eps',
  'batch_first',
  'norm_first',
  'bias',
  'device',
  'dtype',
]
const readLayer = signature<LayerOptions>('TransformerLayer', LAYER, [], 3)

function parts(d_model: number, nhead: number, options: LayerOptions) {
  const { dim_feedforward = 2048, dropout = 0.1, layer_norm_eps = 1e-5, batch_first = false, bias = true } = options
  const factory = made(options)
  return {
    attention: () => new MultiheadAttention(d_model, nhead, { dropout, bias, batch_first, ...factory }),
    widen: () => new Linear(d_model, dim_feedforward, { bias, ...factory }),
    narrow: () => new Linear(dim_feedforward, d_model, { bias, ...factory }),
    norm: () => new LayerNorm(d_model, { eps: layer_norm_eps, bias, ...factory }),
    drop: () => new Dropout(dropout),
  }
}

interface EncoderCall {
  src_mask?: Tensor | null
  src_key_padding_mask?: Tensor | null
  is_causal?: boolean
}
const readEncoderCall = signature<EncoderCall>('forward', ['src_mask', 'src_key_padding_mask', 'is_causal'], [], 2)

/**
 * Attention of a sequence to itself, then two matrices with a function between them; each part is added to its input and normalised.
 */
export class TransformerEncoderLayer extends Module {
  self_attn: MultiheadAttention
  linear1: Linear
  dropout: Dropout
  linear2: Linear
  readonly norm_first: boolean
  norm1: LayerNorm
  norm2: LayerNorm
  dropout1: Dropout
  dropout2: Dropout
  activation: (x: Tensor) => Tensor

  constructor(d_model: number, nhead: number, ...rest: Rest<LayerOptions, LayerPositional>) {
    super()
    const options = readLayer(rest)
    const make = parts(d_model, nhead, options)
    this.self_attn = make.attention()
    this.linear1 = make.widen()
    this.dropout = make.drop()
    this.linear2 = make.narrow()
    this.norm_first = options.norm_first ?? false
    this.norm1 = make.norm()
    this.norm2 = make.norm()
    this.dropout1 = make.drop()
    this.dropout2 = make.drop()
    this.activation = activationOf(options.activation ?? 'relu')
  }

  override forward(src: Tensor, ...rest: Rest<EncoderCall, ['src_mask', 'src_key_padding_mask', 'is_causal']>): Tensor {
    const { src_mask = null, src_key_padding_mask = null } = readEncoderCall(rest)
    const key_padding_mask = additiveMask(src_key_padding_mask, 'src_key_padding_mask', src)
    const attn_mask = additiveMask(src_mask, 'src_mask', src)
    const attend = (x: Tensor) => this.dropout1(this.self_attn(x, x, x, { attn_mask, key_padding_mask, need_weights: false })[0])
    const feed = (x: Tensor) => this.dropout2(this.linear2(this.dropout(this.activation(this.linear1(x)))))
    if (this.norm_first) {
      const x = src.add(attend(this.norm1(src)))
      return x.add(feed(this.norm2(x)))
    }
    const x = this.norm1(src.add(attend(src)))
    return this.norm2(x.add(feed(x)))
  }
}

const copies = (layer: Module, count: number): ModuleList =>
  new ModuleList(Array.from({ length: integer('Transformer', 'num_layers', count) }, () => deepCopy(layer)))

interface EncoderOptions {
  norm?: Module | null
  /** PyTorch's fast path; it makes no difference here. */
  enable_nested_tensor?: boolean
  mask_check?: boolean
}
const readEncoder = signature<EncoderOptions>('TransformerEncoder', ['norm', 'enable_nested_tensor', 'mask_check'], [], 3)
interface EncoderStackCall {
  mask?: Tensor | null
  src_key_padding_mask?: Tensor | null
  is_causal?: boolean | null
}
const readEncoderStack = signature<EncoderStackCall>('forward', ['mask', 'src_key_padding_mask', 'is_causal'], [], 2)

/** Copies of a layer, one after another. */
export class TransformerEncoder extends Module {
  layers: ModuleList
  readonly num_layers: number
  norm: Module | null

  constructor(encoder_layer: Module, num_layers: number, ...rest: Rest<EncoderOptions, ['norm', 'enable_nested_tensor', 'mask_check']>) {
    super()
    const { norm = null } = readEncoder(rest)
    this.layers = copies(encoder_layer, num_layers)
    this.num_layers = num_layers
    this.norm = norm
  }

  override forward(src: Tensor, ...rest: Rest<EncoderStackCall, ['mask', 'src_key_padding_mask', 'is_causal']>): Tensor {
    const { mask = null, src_key_padding_mask = null, is_causal = false } = readEncoderStack(rest)
    let out = src
    for (const layer of this.layers) out = layer(out, { src_mask: mask, src_key_padding_mask, is_causal: is_causal ?? false })
    return this.norm ? this.norm(out) : out
  }
}

interface DecoderCall {
  tgt_mask?: Tensor | null
  memory_mask?: Tensor | null
  tgt_key_padding_mask?: Tensor | null
  memory_key_padding_mask?: Tensor | null
  tgt_is_causal?: boolean | null
  memory_is_causal?: boolean
}
type DecoderPositional = ['tgt_mask', 'memory_mask', 'tgt_key_padding_mask', 'memory_key_padding_mask', 'tgt_is_causal', 'memory_is_causal']
const readDecoderCall = signature<DecoderCall>(
  'forward',
  ['tgt_mask', 'memory_mask', 'tgt_key_padding_mask', 'memory_key_padding_mask', 'tgt_is_causal', 'memory_is_causal'],
  [],
  3,
)

/** As an encoder's layer, with attention to an encoder's output between the parts. */
export class TransformerDecoderLayer extends Module {
  self_attn: MultiheadAttention
  multihead_attn: MultiheadAttention
  linear1: Linear
  dropout: Dropout
  linear2: Linear
  readonly norm_first: boolean
  norm1: LayerNorm
  norm2: LayerNorm
  norm3: LayerNorm
  dropout1: Dropout
  dropout2: Dropout
  dropout3: Dropout
  activation: (x: Tensor) => Tensor

  constructor(d_model: number, nhead: number, ...rest: Rest<LayerOptions, LayerPositional>) {
    super()
    const options = readLayer(rest)
    const make = parts(d_model, nhead, options)
    this.self_attn = make.attention()
    this.multihead_attn = make.attention()
    this.linear1 = make.widen()
    this.dropout = make.drop()
    this.linear2 = make.narrow()
    this.norm_first = options.norm_first ?? false
    this.norm1 = make.norm()
    this.norm2 = make.norm()
    this.norm3 = make.norm()
    this.dropout1 = make.drop()
    this.dropout2 = make.drop()
    this.dropout3 = make.drop()
    this.activation = activationOf(options.activation ?? 'relu')
  }

  override forward(tgt: Tensor, memory: Tensor, ...rest: Rest<DecoderCall, DecoderPositional>): Tensor {
    const { tgt_mask = null, memory_mask = null, tgt_key_padding_mask = null, memory_key_padding_mask = null } = readDecoderCall(rest)
    const own = { attn_mask: tgt_mask, key_padding_mask: tgt_key_padding_mask, need_weights: false }
    const other = { attn_mask: memory_mask, key_padding_mask: memory_key_padding_mask, need_weights: false }
    const attend = (x: Tensor) => this.dropout1(this.self_attn(x, x, x, own)[0])
    const recall = (x: Tensor) => this.dropout2(this.multihead_attn(x, memory, memory, other)[0])
    const feed = (x: Tensor) => this.dropout3(this.linear2(this.dropout(this.activation(this.linear1(x)))))
    if (this.norm_first) {
      let x = tgt.add(attend(this.norm1(tgt)))
      x = x.add(recall(this.norm2(x)))
      return x.add(feed(this.norm3(x)))
    }
    let x = this.norm1(tgt.add(attend(tgt)))
    x = this.norm2(x.add(recall(x)))
    return this.norm3(x.add(feed(x)))
  }
}

/** Copies of a layer, one after another, each looking at the same memory. */
export class TransformerDecoder extends Module {
  layers: ModuleList
  readonly num_layers: number
  norm: Module | null

  constructor(decoder_layer: Module, num_layers: number, norm: Module | null | { norm?: Module | null } = null) {
    super()
    this.layers = copies(decoder_layer, num_layers)
    this.num_layers = num_layers
    this.norm = norm instanceof Module ? norm : (norm?.norm ?? null)
  }

  override forward(tgt: Tensor, memory: Tensor, ...rest: Rest<DecoderCall, DecoderPositional>): Tensor {
    const options = readDecoderCall(rest)
    let out = tgt
    for (const layer of this.layers) out = layer(out, memory, { ...options })
    return this.norm ? this.norm(out) : out
  }
}

interface TransformerOptions extends LayerOptions {
  d_model?: number
  nhead?: number
  num_encoder_layers?: number
  num_decoder_layers?: number
  custom_encoder?: Module | null
  custom_decoder?: Module | null
}
type TransformerPositional = [
  'd_model',
  'nhead',
  'num_encoder_layers',
  'num_decoder_layers',
  'dim_feedforward',
  'dropout',
  'activation',
  'custom_encoder',
  'custom_decoder',
  'layer_norm_eps',
  'batch_first',
  'norm_first',
  'bias',
  'device',
  'dtype',
]
const readTransformer = signature<TransformerOptions>(
  'Transformer',
  [
    'd_model',
    'nhead',
    'num_encoder_layers',
    'num_decoder_layers',
    'dim_feedforward',
    'dropout',
    'activation',
    'custom_encoder',
    'custom_decoder',
    'layer_norm_eps',
    'batch_first',
    'norm_first',
    'bias',
    'device',
    'dtype',
  ],
  [],
  1,
)
interface TransformerCall {
  src_mask?: Tensor | null
  tgt_mask?: Tensor | null
  memory_mask?: Tensor | null
  src_key_padding_mask?: Tensor | null
  tgt_key_padding_mask?: Tensor | null
  memory_key_padding_mask?: Tensor | null
  src_is_causal?: boolean | null
  tgt_is_causal?: boolean | null
  memory_is_causal?: boolean
}
type TransformerCallPositional = [
  'src_mask',
  'tgt_mask',
  'memory_mask',
  'src_key_padding_mask',
  'tgt_key_padding_mask',
  'memory_key_padding_mask',
  'src_is_causal',
  'tgt_is_causal',
  'memory_is_causal',
]
const readTransformerCall = signature<TransformerCall>(
  'forward',
  [
    'src_mask',
    'tgt_mask',
    'memory_mask',
    'src_key_padding_mask',
    'tgt_key_padding_mask',
    'memory_key_padding_mask',
    'src_is_causal',
    'tgt_is_causal',
    'memory_is_causal',
  ],
  [],
  3,
)

/** An encoder of one sequence, and a decoder that makes another one from it. */
export class Transformer extends Module {
  encoder: Module
  decoder: Module
  readonly d_model: number
  readonly nhead: number
  readonly batch_first: boolean

  constructor(...rest: Rest<TransformerOptions, TransformerPositional>) {
    super()
    const options = readTransformer(rest)
    const { d_model = 512, nhead = 8, num_encoder_layers = 6, num_decoder_layers = 6, custom_encoder, custom_decoder, ...layer } = options
    const norm = () => new LayerNorm(d_model, { eps: layer.layer_norm_eps ?? 1e-5, bias: layer.bias ?? true, ...made(layer) })
    // PyTorch's order: layer, norm, then copies
    if (custom_encoder) this.encoder = custom_encoder
    else {
      const one = new TransformerEncoderLayer(d_model, nhead, { ...layer })
      this.encoder = new TransformerEncoder(one, num_encoder_layers, norm())
    }
    if (custom_decoder) this.decoder = custom_decoder
    else {
      const one = new TransformerDecoderLayer(d_model, nhead, { ...layer })
      this.decoder = new TransformerDecoder(one, num_decoder_layers, norm())
    }
    for (const p of this.parameters()) if (p.ndim > 1) xavier_uniform_(p)
    this.d_model = d_model
    this.nhead = nhead
    this.batch_first = layer.batch_first ?? false
  }

  override forward(src: Tensor, tgt: Tensor, ...rest: Rest<TransformerCall, TransformerCallPositional>): Tensor {
    const { src_mask = null, src_key_padding_mask = null, src_is_causal, ...more } = readTransformerCall(rest)
    tensorArg('Transformer', src, 'src')
    tensorArg('Transformer', tgt, 'tgt')
    const batch = this.batch_first ? 0 : 1
    if (src.ndim === 3 && tgt.ndim === 3 && src.size(batch) !== tgt.size(batch))
      throw new RuntimeError('the batch number of src and tgt must be equal')
    if (src.size(-1) !== this.d_model || tgt.size(-1) !== this.d_model)
      throw new RuntimeError('the feature number of src and tgt must be equal to d_model')
    const memory = this.encoder(src, { mask: src_mask, src_key_padding_mask, is_causal: src_is_causal ?? null })
    return this.decoder(tgt, memory, { ...more })
  }

  /** The square mask that hides what comes later: minus infinity above the diagonal, else 0. */
  static generate_square_subsequent_mask(sz: number, options: Factory = {}): Tensor {
    return full([sz, sz], Number.NEGATIVE_INFINITY, made(options)).triu(1)
  }
}
