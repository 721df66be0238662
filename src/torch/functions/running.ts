/** Functions along one dimension that keep its length: running sums and extremes, softmax, differences. */

import { type Rest, signature } from '../../core/arguments.ts'
import { int64 } from '../../core/dtype.ts'
import { DTypeError, RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { coreDType, type DTypeLike } from '../dtype.ts'
import { Tensor, wrapDim } from '../tensor.ts'
import { cat } from './join.ts'
import { keyed } from './keyed.ts'
import { pair, type ValuesIndices } from './results.ts'
import { deliver, type OutOption, tensorArg } from './support.ts'

/** Keywords of running sums and products. */
export interface RunningOptions extends OutOption {
  readonly dim?: number
  readonly dtype?: DTypeLike | null
}
type Args = Rest<RunningOptions, ['dim']>

function dimOf(name: string, dim: number | undefined): number {
  if (dim === undefined) throw new RuntimeError(`${name}() missing 1 required positional arguments: "dim"`)
  return dim
}

const running = (name: 'cumsum' | 'cumprod') => {
  const read = signature<RunningOptions>(name, ['dim'], ['dtype', 'out'])
  return (input: Tensor, ...rest: Args): Tensor => {
    const x = tensorArg(name, input)
    const { dim, dtype, out } = read(rest)
    const at = wrapDim(dimOf(name, dim), x.ndim)
    const to = coreDType(dtype) ?? (x.raw.dtype.isInexact ? x.raw.dtype : int64)
    const value = p.cast(x.value, to)
    return deliver(name, x.ndim === 0 ? p.clone(value) : p[name](value, at), out, [x])
  }
}
/**
 * The running sum along a dimension; of integers and booleans as int64.
 *
 * @example
 * ```ts
 * torch.cumsum(torch.tensor([1, 2, 3]), 0) // => tensor([1, 3, 6])
 * ```
 */
export const cumsum: (input: Tensor, ...rest: Args) => Tensor = running('cumsum')
/** The running product along a dimension; of integers and booleans as int64. */
export const cumprod: (input: Tensor, ...rest: Args) => Tensor = running('cumprod')

/** `log(cumsum(e ** x))` along a dimension, without overflow. */
export const logcumsumexp = keyed('logcumsumexp', 'dim', (input: Tensor, dim: number): Tensor => {
  const x = tensorArg('logcumsumexp', input)
  const at = wrapDim(dim, x.ndim)
  if (x.ndim === 0) return new Tensor(p.clone(x.value))
  return new Tensor(x.is_complex() ? complexRunning(x.value, at) : p.logcumsumexp(x.value, at))
})

/** Element by element, as PyTorch adds them: the argument goes on from that of the greater term, beyond pi; the scan has no complex kernel. */
function complexRunning(x: Value, axis: number): Value {
  const n = x.shape[axis]!
  if (n === 0) return p.clone(x)
  const sums = [p.narrow(x, axis, 0, 1)]
  for (let i = 1; i < n; i++) sums.push(addedExp(sums[i - 1]!, p.narrow(x, axis, i, 1)))
  return p.concatenate(sums, axis)
}

/** `log(e^a + e^b)` as `max + log1p(e^(min - max))` by the real parts. */
function addedExp(a: Value, b: Value): Value {
  const first = p.ge(p.real(a), p.real(b))
  const [greater, less] = [p.where(first, a, b), p.where(first, b, a)]
  const infinite = p.isinf(p.real(greater))
  const gap = p.where(infinite, 0, p.sub(p.where(infinite, 0, less), p.where(infinite, 0, greater)))
  return p.add(greater, p.where(infinite, 0, p.log1p(p.exp(gap))))
}

const record = (name: 'cummax' | 'cummin') =>
  keyed(name, 'dim', (input: Tensor, dim: number): ValuesIndices => {
    const x = tensorArg(name, input)
    const at = wrapDim(dim, x.ndim)
    if (x.ndim === 0) return pair(name, new Tensor(p.clone(x.value)), new Tensor(p.full([], 0, int64)))
    const [values, indices] = p[name](x.value, at) as [Value, Value]
    return pair(name, new Tensor(values), new Tensor(indices))
  })
/** The greatest element so far along a dimension, and its index. */
export const cummax = record('cummax')
/** The least element so far along a dimension, and its index. */
export const cummin = record('cummin')

/** Keywords of softmax. */
export interface SoftmaxOptions extends OutOption {
  readonly dim?: number
  readonly dtype?: DTypeLike | null
}
const normalized = (name: 'softmax' | 'log_softmax', row: typeof p.softmax) => {
  const read = signature<SoftmaxOptions>(name, ['dim', 'dtype'], ['out'])
  return (input: Tensor, ...rest: Rest<SoftmaxOptions, ['dim', 'dtype']>): Tensor => {
    const x = tensorArg(name, input)
    const { dim, dtype, out } = read(rest)
    const at = wrapDim(dimOf(name, dim), x.ndim)
    const value = p.cast(x.value, coreDType(dtype) ?? x.raw.dtype)
    if (!value.dtype.isFloat)
      throw new DTypeError(`${name}() is not supported for dtype ${value.dtype.name}`, { op: name, dtypes: [value.dtype.name] })
    if (x.ndim === 0) return deliver(name, p.reshape(row(p.reshape(value, [1]), 0), []), out, [x])
    return deliver(name, row(value, at), out, [x])
  }
}
/**
 * `e ** x / sum(e ** x)` along a dimension, without overflow.
 *
 * @example
 * ```ts
 * torch.softmax(torch.tensor([1.0, 1.0, 1.5, 1.5]), 0) // => tensor([0.1888, 0.1888, 0.3112, 0.3112])
 * ```
 */
export const softmax: (input: Tensor, ...rest: Rest<SoftmaxOptions, ['dim', 'dtype']>) => Tensor = normalized('softmax', p.softmax)
/** The logarithm of softmax along a dimension. */
export const log_softmax: (input: Tensor, ...rest: Rest<SoftmaxOptions, ['dim', 'dtype']>) => Tensor = normalized(
  'log_softmax',
  p.logSoftmax,
)

/** Differences of neighbours along a dimension, n times; `prepend` and `append` are joined on first. */
export const diff = keyed(
  'diff',
  'n dim prepend append',
  (input: Tensor, n = 1, dim = -1, prepend: Tensor | null = null, append: Tensor | null = null): Tensor => {
    const x = tensorArg('diff', input)
    const at = wrapDim(dim, x.ndim)
    if (x.ndim === 0) throw new RuntimeError('diff expects input to be at least one-dimensional')
    if (!(n >= 0)) throw new RuntimeError(`order must be non-negative but got ${n}`)
    if (n === 0) return new Tensor(p.clone(x.value))
    const ends = [prepend, x, append].filter((t) => t !== null)
    let v = ends.length === 1 ? x.value : cat(ends, at).value
    for (let i = 0; i < n && v.shape[at]! > 0; i++) {
      const m = v.shape[at]!
      const [a, b] = [p.narrow(v, at, 1, m - 1), p.narrow(v, at, 0, m - 1)]
      v = v.dtype.kind === 'b' ? p.logicalXor(a, b) : p.sub(a, b)
    }
    return new Tensor(v)
  },
)
