/** Distances and norms of vectors. */

import { type Rest, signature } from '../../../core/arguments.ts'
import { MemoryError, RuntimeError } from '../../../core/errors.ts'
import { keyed } from '../../functions/keyed.ts'
import { broadcast_tensors } from '../../functions/shape.ts'
import { tensorArg } from '../../functions/support.ts'
import type { Tensor } from '../../tensor.ts'

/** `(sum |x|^p)^(1/p)` along a dimension. */
function norm(x: Tensor, p: number, dim: number, keepdim: boolean): Tensor {
  return x.norm(p, dim, keepdim)
}

interface NormalizeOptions {
  p?: number
  dim?: number
  eps?: number
}
const readNormalize = signature<NormalizeOptions>('normalize', ['p', 'dim', 'eps'])
/**
 * Vectors along a dimension divided by their p-norm, or by eps where that is larger.
 *
 * @example
 * ```ts
 * torch.nn.functional.normalize(torch.tensor([[3, 4]], { dtype: 'float32' })) // => tensor([[0.6000, 0.8000]])
 * ```
 */
export function normalize(input: Tensor, ...rest: Rest<NormalizeOptions, ['p', 'dim', 'eps']>): Tensor {
  const { p = 2, dim = 1, eps = 1e-12 } = readNormalize(rest)
  return tensorArg('normalize', input).div(norm(input, p, dim, true).clamp(eps))
}

interface DistanceOptions {
  p?: number
  eps?: number
  keepdim?: boolean
}
const readDistance = signature<DistanceOptions>('pairwise_distance', ['p', 'eps', 'keepdim'], [], 2)
/** The p-norm of `x1 - x2 + eps` along the last dimension. */
export const pairwise_distance = keyed(
  'pairwise_distance',
  'x2 ...',
  (x1: Tensor, x2: Tensor, ...rest: Rest<DistanceOptions, ['p', 'eps', 'keepdim']>): Tensor => {
    const { p = 2, eps = 1e-6, keepdim = false } = readDistance(rest)
    return norm(
      tensorArg('pairwise_distance', x1, 'x1')
        .sub(tensorArg('pairwise_distance', x2, 'x2'))
        .add(eps),
      p,
      -1,
      keepdim,
    )
  },
)

/** Rows whose pairs are listed one by one. */
const MOST_ROWS = 4096

/** The p-norms of the differences of all pairs of rows, each pair once: those of (0, 1), (0, 2) ... */
export const pdist = keyed('pdist', 'p', (input: Tensor, p: number | { p?: number } = 2): Tensor => {
  const power = typeof p === 'object' ? (p.p ?? 2) : p
  if (tensorArg('pdist', input).ndim !== 2) throw new RuntimeError(`pdist only supports 2D tensors, got: ${input.ndim}D`, { op: 'pdist' })
  if (!(power >= 0)) throw new RuntimeError('pdist only supports non-negative p values', { op: 'pdist' })
  const n = input.size(0)
  if (n > MOST_ROWS)
    throw new MemoryError(`pdist(): the pairs of ${n} rows are more than the ${MOST_ROWS} whose pairs can be listed`, { op: 'pdist' })
  const pairs = Array.from({ length: n }, (_, i) => Array.from({ length: n - 1 - i }, (__, j) => [i, i + 1 + j] as const)).flat()
  const rows = (k: 0 | 1) =>
    input.index_select(
      0,
      input.new_tensor(
        pairs.map((pair) => pair[k]),
        { dtype: 'int64' },
      ),
    )
  return norm(rows(0).sub(rows(1)), power, -1, false)
})

interface CosineOptions {
  dim?: number
  eps?: number
}
const readCosine = signature<CosineOptions>('cosine_similarity', ['dim', 'eps'], [], 2)
/** The cosine of the angle between vectors along a dimension; norms are held above eps. */
export const cosine_similarity = keyed(
  'cosine_similarity',
  'x2 ...',
  (x1: Tensor, x2: Tensor, ...rest: Rest<CosineOptions, ['dim', 'eps']>): Tensor => {
    const { dim = 1, eps = 1e-8 } = readCosine(rest)
    const a = tensorArg('cosine_similarity', x1, 'x1')
    const b = tensorArg('cosine_similarity', x2, 'x2')
    const unit = (x: Tensor) => x.div(norm(x, 2, dim, true).clamp(eps))
    const [first, second] = broadcast_tensors(a, b) as [Tensor, Tensor]
    return unit(first).mul(unit(second)).sum(dim)
  },
)

/** The cosine as cosine_embedding_loss takes it: with 1e-12 added to the squared norms. */
export function cosine(a: Tensor, b: Tensor, dim: number): Tensor {
  const square = (x: Tensor) => x.mul(x).sum(dim).add(1e-12)
  return a
    .mul(b)
    .sum(dim)
    .div(square(a).mul(square(b)).sqrt())
}
