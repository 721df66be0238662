/** Linear and bilinear maps, embeddings, one-hot codes and attention. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { ArgumentError, IndexError, RuntimeError } from '../../../core/errors.ts'
import * as p from '../../../ops/index.ts'
import { lowered } from '../../amp/state.ts'
import { scalarTypeName } from '../../dtype.ts'
import { keyed } from '../../functions/keyed.ts'
import { tensorArg } from '../../functions/support.ts'
import { quietly } from '../../recording.ts'
import { isReadable, Tensor } from '../../tensor.ts'
import { dropout } from './dropout.ts'
import { fromTheFront, tensorArgs } from './support.ts'

/** C++'s names of dtypes, which PyTorch's messages about products have. */
const C_NAMES: Readonly<Record<string, string>> = {
  int8: 'signed char',
  int16: 'short',
  int32: 'int',
  int64: 'long int',
  uint8: 'unsigned char',
  float16: 'c10::Half',
  bfloat16: 'c10::BFloat16',
  float32: 'float',
  float64: 'double',
  complex64: 'c10::complex<float>',
  complex128: 'c10::complex<double>',
}
const cName = (dtype: string): string => C_NAMES[dtype] ?? dtype

/**
 * `input weight^T + bias` along the last dimension.
 *
 * @example
 * ```ts
 * torch.nn.functional.linear(torch.ones(1, 2), torch.ones(3, 2), torch.ones(3)) // => tensor([[3., 3., 3.]])
 * ```
 */
export const linear = keyed('linear', 'weight bias', (input: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor => {
  const [given, matrix, offset] = lowered(tensorArg('linear', input), tensorArg('linear', weight, 'weight'), bias)
  const x = given.value
  const w = matrix.value
  if (w.ndim === 1) {
    const product = input.matmul(weight)
    return bias ? product.add(bias) : product
  }
  if (x.dtype !== w.dtype)
    throw new RuntimeError(`expected m1 and m2 to have the same dtype, but got: ${cName(x.dtype.name)} != ${cName(w.dtype.name)}`)
  return new Tensor(p.affine(x, w, offset === null ? null : tensorArg('linear', offset, 'bias').value))
})

/** `sum over i, j of input1[i] weight[k, i, j] input2[j] + bias[k]` along the last dimension. */
export const bilinear = keyed(
  'bilinear',
  'input2 weight bias',
  (input1: Tensor, input2: Tensor, weight: Tensor, bias: Tensor | null = null): Tensor => {
    tensorArgs('bilinear', { input1, input2, weight })
    if (weight.ndim !== 3) throw new RuntimeError(`bilinear(): expected weight to have 3 dimensions, got ${weight.ndim}`)
    const [out, n, m] = weight.shape as unknown as [number, number, number]
    const lead = input1.shape.slice(0, -1)
    if (input1.shape.at(-1) !== n || input2.shape.at(-1) !== m || lead.join() !== input2.shape.slice(0, -1).join()) {
      throw new RuntimeError(`bilinear(): input sizes ${input1.shape} and ${input2.shape} do not match weight size ${weight.shape}`)
    }
    const left = input1
      .reshape(-1, n)
      .matmul(weight.permute(1, 0, 2).reshape(n, out * m))
      .reshape(-1, out, m)
    const product = left
      .mul(input2.reshape(-1, 1, m))
      .sum(-1, { dtype: left.dtype })
      .reshape([...lead, out])
    return bias ? product.add(bias) : product
  },
)

interface EmbeddingOptions {
  /** The row of this index gets no gradient. */
  padding_idx?: number | null
  /** Rows that are longer are shortened, in place, before they are read. */
  max_norm?: number | null
  norm_type?: number
  scale_grad_by_freq?: boolean
  sparse?: boolean
}
type EmbeddingPositional = ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse']
const readEmbedding = signature<EmbeddingOptions>(
  'embedding',
  ['padding_idx', 'max_norm', 'norm_type', 'scale_grad_by_freq', 'sparse'],
  [],
  2,
)

/** Shortens the rows that are read to a norm. */
function renormalize(weight: Tensor, rows: Tensor, limit: number, p: number): void {
  quietly(() => {
    const used = [...new Set(rows.tolist() as number[])].sort((a, b) => a - b)
    const at = rows.new_tensor(used)
    const read = weight.detach().index_select(0, at)
    const norm = read.norm(p, 1, true)
    weight.detach().index_copy_(0, at, read.mul(norm.add(1e-7).reciprocal().mul(limit)).where(norm.gt(limit), read))
  })
}

/** The rows of `weight` that integers name. */
export const embedding = keyed(
  'embedding',
  'weight ...',
  (input: Tensor, weight: Tensor, ...rest: Rest<EmbeddingOptions, EmbeddingPositional>): Tensor => {
    const { padding_idx = null, max_norm = null, norm_type = 2, scale_grad_by_freq = false, sparse = false } = readEmbedding(rest)
    const { dtype } = tensorArg('embedding', input).raw
    tensorArg('embedding', weight, 'weight')
    if (dtype.name !== 'int64' && dtype.name !== 'int32') {
      throw new RuntimeError(
        `Expected tensor for argument #1 'indices' to have one of the following scalar types: Long, Int; but got torch.${scalarTypeName(dtype)}Tensor instead (while checking arguments for embedding)`,
      )
    }
    if (weight.ndim !== 2) throw new RuntimeError("'weight' must be 2-D")
    if (sparse || scale_grad_by_freq) throw new ArgumentError('embedding(): sparse and scale_grad_by_freq are not supported')
    const [n, width] = weight.shape as unknown as [number, number]
    const flat = input.reshape(-1)
    if (isReadable(flat.value) && quietly(() => flat.lt(0).logical_or(flat.ge(n)).any().item()))
      throw new IndexError('index out of range in self')
    const rows = fromTheFront(flat.to('int64'))
    if (max_norm !== null) renormalize(weight, flat, max_norm, norm_type)
    let out = weight.index_select(0, rows)
    if (padding_idx !== null) {
      if (padding_idx < -n || padding_idx >= n) throw new RuntimeError('Padding_idx must be within num_embeddings')
      const pads = flat.eq(padding_idx < 0 ? padding_idx + n : padding_idx).unsqueeze(1)
      out = out.detach().where(pads, out)
    }
    return out.reshape([...input.shape, width])
  },
)

/**
 * A vector of zeros with a single one for each class number.
 *
 * @example
 * ```ts
 * torch.nn.functional.one_hot(torch.tensor([0, 2])) // => tensor([[1, 0, 0],
 * //         [0, 0, 1]])
 * ```
 */
export const one_hot = keyed('one_hot', 'num_classes', (tensor: Tensor, num_classes: number | { num_classes?: number } = -1): Tensor => {
  const x = tensorArg('one_hot', tensor, 'tensor')
  const given = typeof num_classes === 'object' ? (num_classes.num_classes ?? -1) : num_classes
  if (x.raw.dtype.name !== 'int64') throw new RuntimeError('one_hot is only applicable to index tensor of type LongTensor.')
  if (x.numel() === 0) {
    if (given <= 0) throw new RuntimeError('Can not infer total number of classes from empty tensor.')
    return x.new_zeros([...x.shape, given])
  }
  if (given >= 1 && !isReadable(x.value)) return x.new_zeros([...x.shape, given]).scatter(-1, fromTheFront(x).unsqueeze(-1), 1)
  if ((x.min().item() as number) < 0) throw new RuntimeError('Class values must be non-negative.')
  const top = x.max().item() as number
  if (given !== -1 && given < 1) throw new RuntimeError('num_classes should be positive')
  if (given !== -1 && top >= given) throw new RuntimeError('Class values must be smaller than num_classes.')
  const n = given === -1 ? top + 1 : given
  return x.new_zeros([...x.shape, n]).scatter(-1, x.unsqueeze(-1), 1)
})

interface AttentionOptions {
  /** Booleans that say where to look, or numbers added to the scores. */
  attn_mask?: Tensor | null
  dropout_p?: number
  /** Each position looks at itself and those before it. */
  is_causal?: boolean
  /** Factor of the scores, `1 / sqrt(E)` by default. */
  scale?: number | null
  /** Repeats the heads of key and value to those of query. */
  enable_gqa?: boolean
}
const readAttention = signature<AttentionOptions>(
  'scaled_dot_product_attention',
  ['attn_mask', 'dropout_p', 'is_causal'],
  ['scale', 'enable_gqa'],
  3,
)

/** `softmax(query key^T / sqrt(E) + mask) value` over the last two dimensions (Vaswani et al. 2017). */
export const scaled_dot_product_attention = keyed(
  'scaled_dot_product_attention',
  'key value ...',
  (query: Tensor, key: Tensor, value: Tensor, ...rest: Rest<AttentionOptions, ['attn_mask', 'dropout_p', 'is_causal']>): Tensor => {
    tensorArgs('scaled_dot_product_attention', { query, key, value })
    ;[query, key, value] = lowered(query, key, value)
    const { attn_mask = null, dropout_p = 0, is_causal = false, scale = null, enable_gqa = false } = readAttention(rest)
    if (is_causal && attn_mask) throw new RuntimeError('Explicit attn_mask should not be set when is_causal=True')
    for (const [name, x] of Object.entries({ query, key, value })) {
      if (x.ndim < 2) throw new RuntimeError(`scaled_dot_product_attention(): Expected ${name} to be at least 2 dimensional, got ${x.ndim}`)
    }
    const width = query.shape.at(-1)!
    const [rows, columns] = [query.size(-2), key.size(-2)]
    if (enable_gqa) {
      const times = query.size(-3) / key.size(-3)
      if (!Number.isInteger(times)) throw new RuntimeError('Number of heads in key and value must divide the number of heads in query')
      key = key.repeat_interleave(times, -3)
      value = value.repeat_interleave(times, -3)
    }
    let scores = query.mul(scale ?? 1 / Math.sqrt(width)).matmul(key.mT)
    const mask = is_causal ? query.new_ones([rows, columns]).tril().to('bool') : attn_mask
    if (mask) scores = mask.raw.dtype.name === 'bool' ? scores.masked_fill(mask.logical_not(), Number.NEGATIVE_INFINITY) : scores.add(mask)
    const weights = scores.softmax(-1)
    return (dropout_p > 0 ? dropout(weights, dropout_p, true) : weights).matmul(value)
  },
)
