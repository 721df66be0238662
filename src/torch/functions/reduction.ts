/** Reductions over dimensions: sums, means, extremes, spreads, norms. */

import { isKeywords, type Rest, signature } from '../../core/arguments.ts'
import { bool as BOOL, type DType, int64 } from '../../core/dtype.ts'
import { ArgumentError, DTypeError, IndexError, RuntimeError } from '../../core/errors.ts'
import { type Shape, sizeOf } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { coreDType, type DTypeLike, scalarTypeName } from '../dtype.ts'
import { isReadable, Tensor, wrapDim } from '../tensor.ts'
import { maximum, minimum } from './arithmetic.ts'
import { keyed } from './keyed.ts'
import { NamedTuple, pair, type ValuesIndices } from './results.ts'
import { deliver, intList, named, needsGrad, type OutOption, tensorArg } from './support.ts'

/** Dimensions to reduce: one, several, or null for all. */
export type Dim = number | readonly number[] | null

/** Keywords of reductions. */
export interface ReduceOptions extends OutOption {
  readonly dim?: Dim
  /** Keeps the reduced dimensions with length 1. */
  readonly keepdim?: boolean
}
/** Keywords of reductions that can compute in another dtype. */
export interface DTypeReduceOptions extends ReduceOptions {
  readonly dtype?: DTypeLike | null
}

type ReduceArgs<O extends ReduceOptions = ReduceOptions> = Rest<O, ['dim', 'keepdim']>

/** Axes counted from the front; all for null and an empty list. */
export function axesOf(dim: Dim | undefined, ndim: number): number[] {
  const all = () => Array.from({ length: ndim }, (_, i) => i)
  if (dim === null || dim === undefined) return all()
  const axes = intList('reduction', dim).map((d) => wrapDim(d, ndim))
  if (axes.length === 0 || ndim === 0) return all()
  if (new Set(axes).size !== axes.length) {
    const twice = axes.find((d, i) => axes.indexOf(d) !== i)
    throw new RuntimeError(`dim ${twice} appears multiple times in the list of dims`)
  }
  return axes
}

const reader = <O extends ReduceOptions>(name: string) => signature<O>(name, ['dim', 'keepdim'], ['dtype', 'out'] as never)

const readSum = reader<DTypeReduceOptions>('sum')
/**
 * The sum of the elements, of all or over dimensions; of integers and booleans as int64.
 *
 * @example
 * ```ts
 * const x = torch.tensor([[1, 2], [3, 4]])
 * torch.sum(x) // => tensor(10)
 * torch.sum(x, 0) // => tensor([4, 6])
 * torch.sum(x, { dim: 1, keepdim: true }) // => tensor([[3],
 *                                         //            [7]])
 * ```
 */
export function sum(input: Tensor, ...rest: ReduceArgs<DTypeReduceOptions>): Tensor {
  const x = tensorArg('sum', input)
  const { dim, keepdim = false, dtype, out } = readSum(rest)
  const to = coreDType(dtype) ?? (x.raw.dtype.isInexact ? undefined : int64)
  const axes = axesOf(dim, x.ndim)
  return named(deliver('sum', p.sum(x.value, axes, keepdim, to), out, [x]), dim === undefined ? 'SumBackward0' : 'SumBackward1')
}

/** The sum without NaN. */
export function nansum(input: Tensor, ...rest: ReduceArgs<DTypeReduceOptions>): Tensor {
  const x = tensorArg('nansum', input)
  if (x.raw.dtype.isComplex)
    throw new DTypeError('nansum on CPU does not support complex inputs', { op: 'nansum', dtypes: [x.raw.dtype.name] })
  const clean = x.raw.dtype.isInexact ? new Tensor(p.where(p.isnan(x.value), 0, x.value)) : x
  return sum(clean, ...rest)
}

const readMean = reader<DTypeReduceOptions>('mean')
/** The mean of the elements, of all or over dimensions; of floating dtypes only. */
export function mean(input: Tensor, ...rest: ReduceArgs<DTypeReduceOptions>): Tensor {
  const x = tensorArg('mean', input)
  const { dim, keepdim = false, dtype, out } = readMean(rest)
  const to = coreDType(dtype)
  if (!(to ?? x.raw.dtype).isInexact) {
    throw new DTypeError(
      `mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: ${scalarTypeName(to ?? x.raw.dtype)}`,
      { op: 'mean', dtypes: [x.raw.dtype.name] },
    )
  }
  const axes = axesOf(dim, x.ndim)
  return named(deliver('mean', p.mean(x.value, axes, keepdim, to), out, [x]), dim === undefined ? 'MeanBackward0' : 'MeanBackward1')
}
/** The mean without NaN. */
export function nanmean(input: Tensor, ...rest: ReduceArgs<DTypeReduceOptions>): Tensor {
  const x = tensorArg('nanmean', input)
  if (!x.raw.dtype.isInexact) {
    throw new DTypeError(`nanmean(): expected input to have floating point or complex dtype but got ${scalarTypeName(x.raw.dtype)}`, {
      op: 'nanmean',
    })
  }
  const { dim, keepdim = false } = readMean(rest)
  const axes = axesOf(dim, x.ndim)
  const count = p.cast(p.sum(p.cast(p.logicalNot(p.isnan(x.value)), int64), axes, keepdim), x.raw.dtype)
  return new Tensor(p.div(nansum(x, ...rest).value, count))
}

interface ProdOptions extends OutOption {
  readonly dim?: number | null
  readonly keepdim?: boolean
  readonly dtype?: DTypeLike | null
}
const readProd = signature<ProdOptions>('prod', ['dim', 'keepdim'], ['dtype', 'out'])
/** The product of the elements, of all or over a dimension; of integers and booleans as int64. */
export function prod(input: Tensor, ...rest: Rest<ProdOptions, ['dim', 'keepdim']>): Tensor {
  const x = tensorArg('prod', input)
  const { dim, keepdim = false, dtype, out } = readProd(rest)
  const to = coreDType(dtype) ?? (x.raw.dtype.isInexact ? undefined : int64)
  const y = p.prod(x.value, axesOf(dim, x.ndim), keepdim, to)
  return named(deliver('prod', y, out, [x]), dim === undefined ? 'ProdBackward0' : 'ProdBackward1')
}

/** PyTorch's checks of a reduction without identity. */
function checkNonEmpty(name: string, shape: Shape, dim: Dim | undefined): void {
  if (dim === undefined || dim === null) {
    if (sizeOf(shape) === 0) {
      const text = `${name}(): Expected reduction dim to be specified for input.numel() == 0.`
      if (name.startsWith('arg')) throw new IndexError(text)
      throw new RuntimeError(`${text} Specify the reduction dim with the 'dim' argument.`)
    }
    return
  }
  for (const d of axesOf(dim, shape.length))
    if (shape[d] === 0) throw new IndexError(`${name}(): Expected reduction dim ${d} to have non-zero size.`)
}

const noBool = (name: string, dtype: DType): void => {
  if (dtype.kind === 'b') throw new DTypeError(`${name}(): does not support bool input`, { op: name, dtypes: ['bool'] })
}

function checkOrdered(name: string, dtype: DType): void {
  if (dtype.isComplex) throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
}

const extremum = (name: 'amax' | 'amin') => {
  const read = reader<ReduceOptions>(name)
  return (input: Tensor, ...rest: ReduceArgs): Tensor => {
    const x = tensorArg(name, input)
    const { dim, keepdim = false, out } = read(rest)
    checkOrdered(name, x.raw.dtype)
    checkNonEmpty(name, x.raw.shape, dim)
    return named(
      deliver(name, p[name](x.value, axesOf(dim, x.ndim), keepdim), out, [x]),
      name === 'amax' ? 'AmaxBackward0' : 'AminBackward0',
    )
  }
}
/** The greatest elements over dimensions; equal ones share the gradient. */
export const amax: (input: Tensor, ...rest: ReduceArgs) => Tensor = extremum('amax')
/** The least elements over dimensions; equal ones share the gradient. */
export const amin: (input: Tensor, ...rest: ReduceArgs) => Tensor = extremum('amin')
/** The least and the greatest elements. */
export const aminmax = keyed(
  'aminmax',
  '...',
  (
    input: Tensor,
    options: { readonly dim?: number; readonly keepdim?: boolean } = {},
  ): { readonly min: Tensor; readonly max: Tensor } & Iterable<Tensor> =>
    new NamedTuple('aminmax', ['min', 'max'], [amin(input, options), amax(input, options)]) as never,
)

interface DimOptions {
  readonly dim?: number | null
  readonly keepdim?: boolean
}
const readDim = (name: string) => signature<DimOptions>(name, ['dim', 'keepdim'])

/** One extreme along a dimension with its index; the gradient goes to the chosen element. */
function chosen(name: 'max' | 'min', x: Tensor, dim: number, keepdim: boolean): ValuesIndices {
  checkOrdered(name, x.raw.dtype)
  const at = wrapDim(dim, x.ndim)
  if (x.ndim === 0) return pair(name, new Tensor(p.clone(x.value)), new Tensor(p.full([], 0, int64)))
  checkNonEmpty(name, x.raw.shape, at)
  const indices = (name === 'max' ? p.argmax : p.argmin)(x.value, [at], true)
  const values = p.gather(x.value, at, indices)
  const [v, i] = [values, indices].map((y) => (keepdim ? y : p.reshape(y, without(y.shape, at)))) as [Value, Value]
  return pair(name, named(new Tensor(v), name === 'max' ? 'MaxBackward0' : 'MinBackward0'), new Tensor(i))
}

const without = (shape: Shape, axis: number): number[] => shape.filter((_, i) => i !== axis)

/** `max(input)`, `max(input, dim, keepdim)`, `max(input, other)`. */
interface Extreme {
  /** The extreme of all elements. */
  (input: Tensor): Tensor
  /** Extremes along a dimension, and their indices. */
  (input: Tensor, dim: number | DimOptions, keepdim?: boolean): ValuesIndices
  /** The extremes of the elements of two tensors. */
  (input: Tensor, other: Tensor): Tensor
}

function extreme(name: 'max' | 'min'): Extreme {
  const read = readDim(name)
  const f = (input: Tensor, ...rest: unknown[]): Tensor | ValuesIndices => {
    const x = tensorArg(name, input)
    if (rest[0] instanceof Tensor) return (name === 'max' ? maximum : minimum)(x, rest[0])
    if (isKeywords(rest[0]) && rest[0].other instanceof Tensor) return (name === 'max' ? maximum : minimum)(x, rest[0].other)
    const { dim, keepdim = false } = read(rest)
    if (dim !== undefined && dim !== null) return chosen(name, x, dim, keepdim)
    checkOrdered(name, x.raw.dtype)
    checkNonEmpty(name, x.raw.shape, null)
    const y = (name === 'max' ? p.amax : p.amin)(x.value)
    // among NaN the gradient is shared, which equality cannot see
    if (needsGrad(x) && isReadable(y) && Number.isNaN(new Tensor(y).item())) return new Tensor(nanOf(x.value))
    return named(new Tensor(y), name === 'max' ? 'MaxBackward1' : 'MinBackward1')
  }
  return keyed(name, '...', f) as unknown as Extreme
}
/** NaN as the mean of the NaN elements. */
function nanOf(x: Value): Value {
  const mask = p.isnan(x)
  return p.div(p.sum(p.where(mask, x, 0)), p.sum(p.cast(mask, x.dtype)))
}

/**
 * The greatest element; along a dimension `{ values, indices }`; with another tensor the greater of each pair.
 *
 * @example
 * ```ts
 * const x = torch.tensor([[1, 5], [7, 2]])
 * torch.max(x) // => tensor(7)
 * torch.max(x, 1).indices // => tensor([1, 0])
 * ```
 */
export const max: Extreme = extreme('max')
/** The least element; along a dimension `{ values, indices }`; with another tensor the lesser of each pair. */
export const min: Extreme = extreme('min')

const position = (name: 'argmax' | 'argmin') => {
  const read = readDim(name)
  return keyed(name, '...', (input: Tensor, ...rest: Rest<DimOptions, ['dim', 'keepdim']>): Tensor => {
    const x = tensorArg(name, input)
    const { dim = null, keepdim = false } = read(rest)
    if (x.raw.dtype.isComplex) throw new DTypeError(`${name}(): does not support complex input`, { op: name, dtypes: [x.raw.dtype.name] })
    noBool(name, x.raw.dtype)
    checkNonEmpty(name, x.raw.shape, dim)
    return new Tensor(p[name](x.value, axesOf(dim, x.ndim), keepdim))
  })
}
/** The index of the greatest element, of all (flattened) or along a dimension; the first of equal ones. */
export const argmax: (input: Tensor, ...rest: Rest<DimOptions, ['dim', 'keepdim']>) => Tensor = position('argmax')
/** The index of the least element, of all (flattened) or along a dimension; the first of equal ones. */
export const argmin: (input: Tensor, ...rest: Rest<DimOptions, ['dim', 'keepdim']>) => Tensor = position('argmin')

const truth = (name: 'any' | 'all') => {
  const read = reader<ReduceOptions>(name)
  return (input: Tensor, ...rest: ReduceArgs): Tensor => {
    const x = tensorArg(name, input)
    const { dim, keepdim = false, out } = read(rest)
    const y = p[name](x.value, axesOf(dim, x.ndim), keepdim)
    // of uint8 it stays uint8
    return deliver(name, x.raw.dtype.name === 'uint8' ? p.cast(y, x.raw.dtype) : p.cast(y, BOOL), out, [x])
  }
}
/** Whether any element is true, as bool. */
export const any: (input: Tensor, ...rest: ReduceArgs) => Tensor = truth('any')
/** Whether all elements are true, as bool. */
export const all: (input: Tensor, ...rest: ReduceArgs) => Tensor = truth('all')

/** The number of elements that are not zero. */
export const count_nonzero = keyed('count_nonzero', 'dim', (input: Tensor, dim: Dim = null): Tensor => {
  const x = tensorArg('count_nonzero', input)
  return new Tensor(p.sum(p.cast(p.ne(x.value, 0), int64), axesOf(dim, x.ndim)))
})

/** Keywords of var and std. */
export interface SpreadOptions extends ReduceOptions {
  /** What is taken from the number of elements. Default 1. */
  readonly correction?: number | null
  /** The old way to say correction 1 (true) or 0 (false). */
  readonly unbiased?: boolean
}
type SpreadArgs = [] | [dim: Dim | boolean | SpreadOptions, ...rest: (boolean | SpreadOptions)[]]
const readSpread = signature<SpreadOptions>('var', ['dim', 'unbiased', 'keepdim'], ['correction', 'out'])

function spreadOf(name: string, input: Tensor, rest: SpreadArgs) {
  const x = tensorArg(name, input)
  if (!x.raw.dtype.isInexact)
    throw new DTypeError(`${name.includes('_') ? name : 'std and var'} only support floating point and complex dtypes`, { op: name })
  const args = typeof rest[0] === 'boolean' ? [null, ...rest] : rest
  const { dim, unbiased = true, keepdim = false, correction, out } = readSpread(args)
  return { x, axes: axesOf(dim, x.ndim), keepdim, correction: correction ?? (unbiased ? 1 : 0), out }
}

/** The variance, of all elements or over dimensions, with Bessel's correction. */
function variance(input: Tensor, ...rest: SpreadArgs): Tensor {
  const { x, axes, keepdim, correction, out } = spreadOf('var', input, rest)
  return named(deliver('var', p.variance(x.value, axes, correction, keepdim), out, [x]), 'VarBackward0')
}
/** The standard deviation, of all elements or over dimensions, with Bessel's correction. */
export function std(input: Tensor, ...rest: SpreadArgs): Tensor {
  const { x, axes, keepdim, correction, out } = spreadOf('std', input, rest)
  return named(deliver('std', p.std(x.value, axes, correction, keepdim), out, [x]), 'StdBackward0')
}
/** Variance and mean. */
export function var_mean(input: Tensor, ...rest: SpreadArgs): [Tensor, Tensor] {
  const { x, axes, keepdim, correction } = spreadOf('var_mean', input, rest)
  const [v, m] = p.varianceMean(x.value, axes, correction, keepdim) as [Value, Value]
  return [new Tensor(v), new Tensor(m)]
}
/** Standard deviation and mean. */
export function std_mean(input: Tensor, ...rest: SpreadArgs): [Tensor, Tensor] {
  const { x, axes, keepdim } = spreadOf('std_mean', input, rest)
  return [std(input, ...rest), new Tensor(p.mean(x.value, axes, keepdim))]
}

const readLogSum = reader<ReduceOptions>('logsumexp')
/** `log(sum(e ** x))` over dimensions, without overflow. */
export function logsumexp(input: Tensor, ...rest: ReduceArgs): Tensor {
  const x = tensorArg('logsumexp', input)
  const { dim, keepdim = false, out } = readLogSum(rest)
  if (dim === undefined) throw new ArgumentError('logsumexp() missing 1 required positional arguments: "dim"', { op: 'logsumexp' })
  if (x.raw.dtype.isComplex) return deliver('logsumexp', complexLogSum(x.value, axesOf(dim, x.ndim), keepdim), out, [x])
  const value = x.raw.dtype.isInexact ? x.value : p.cast(x.value, coreDType('float32')!)
  return named(deliver('logsumexp', p.logsumexp(value, axesOf(dim, x.ndim), keepdim), out, [x]), 'LogsumexpBackward0')
}

function complexLogSum(x: Value, axes: readonly number[], keepdim: boolean): Value {
  const top = p.amax(p.real(x), axes, true)
  const y = p.add(p.log(p.sum(p.exp(p.sub(x, p.cast(top, x.dtype))), axes, true)), p.cast(top, x.dtype))
  return keepdim
    ? y
    : p.reshape(
        y,
        y.shape.filter((_, i) => !axes.includes(i)),
      )
}

interface NormOptions extends DTypeReduceOptions {
  readonly p?: number | 'fro' | 'nuc' | null
}
const readNorm = signature<NormOptions>('norm', ['p', 'dim', 'keepdim', 'out' as never, 'dtype'], [])
/** The norm of the elements over dimensions: `sum(|x| ** p) ** (1 / p)`; 'fro' is p = 2. */
export function norm(input: Tensor, ...rest: readonly (number | string | Dim | boolean | NormOptions)[]): Tensor {
  const x = tensorArg('norm', input)
  const { p: given, dim, keepdim = false, dtype, out } = readNorm(rest)
  const order = given ?? 'fro'
  if (order === 'nuc') return nuclear(x, dim, keepdim, dtype, out)
  if (typeof order !== 'number' && order !== 'fro') throw new RuntimeError(`linalg.matrix_norm: Order ${order} not supported.`)
  const to = coreDType(dtype)
  if (!(to ?? x.raw.dtype).isInexact) {
    throw new DTypeError(`linalg.vector_norm: Expected a floating point or complex tensor as input. Got ${scalarTypeName(x.raw.dtype)}`, {
      op: 'norm',
    })
  }
  const y = p.vectorNorm(x.value, order === 'fro' ? 2 : order, axesOf(dim, x.ndim), keepdim, to)
  return named(deliver('norm', y, out, [x]), 'LinalgVectorNormBackward0')
}

/** The sum of the singular values of a matrix, or of matrices in two dimensions. */
function nuclear(x: Tensor, dim: Dim | undefined, keepdim: boolean, dtype: DTypeLike | null | undefined, out: Tensor | undefined): Tensor {
  const axes = dim === undefined || dim === null ? [0, 1] : intList('norm', dim).map((d) => wrapDim(d, x.ndim))
  if (axes.length !== 2 || (x.ndim !== 2 && (dim === undefined || dim === null))) {
    throw new RuntimeError(`linalg.matrix_norm: The input tensor A must have 2 dimensions, or dim must name two of them, got ${x.ndim}`)
  }
  const value = p.cast(x.value, coreDType(dtype) ?? x.raw.dtype)
  const rest = x.raw.shape.map((_, i) => i).filter((i) => !axes.includes(i))
  const s = p.svdvals(p.transpose(value, [...rest, ...axes]))
  const y = p.sum(s, [s.ndim - 1])
  const shape = x.raw.shape.map((n, i) => (axes.includes(i) ? 1 : n))
  return deliver('norm', keepdim ? p.reshape(y, shape) : y, out, [x])
}

/** The p-norm of the difference. */
export const dist = keyed(
  'dist',
  'other p',
  (input: Tensor, other: Tensor, order = 2): Tensor =>
    norm(new Tensor(p.sub(tensorArg('dist', input).value, tensorArg('dist', other, 'other').value)), order),
)

/** Whether each element is true, over the input in float: used by losses. @internal */
export const sumAll = (x: Value): Value => p.sum(x)

const nonDeterministicMiddle = (n: number): number => Math.floor((n - 1) / 2)

/** The middle of the elements (the lower one of two): of all, or along a dimension with its index. NaN where there is one. */
export function median(input: Tensor): Tensor
export function median(input: Tensor, dim: number | DimOptions, keepdim?: boolean): ValuesIndices
export function median(input: Tensor, ...rest: unknown[]): Tensor | ValuesIndices {
  const x = tensorArg('median', input)
  const { dim, keepdim = false } = readDim('median')(rest)
  checkOrdered('median', x.raw.dtype)
  noBool('median', x.raw.dtype)
  if (dim === undefined || dim === null) {
    const flat = p.reshape(x.value, [x.numel()])
    if (x.numel() === 0) {
      if (!x.raw.dtype.isInexact) throw new RuntimeError('median() of an empty tensor needs a floating dtype')
      return new Tensor(p.add(p.sum(x.value), Number.NaN))
    }
    return named(new Tensor(sharedByTies(flat, p.reshape(middle(flat, 0)[0], []))), 'MedianBackward0')
  }
  const at = wrapDim(dim, x.ndim)
  if (x.ndim === 0) return pair('median', new Tensor(p.clone(x.value)), new Tensor(p.full([], 0, int64)))
  checkNonEmpty('median', x.raw.shape, at)
  const [v, i] = middle(x.value, at).map((y) => (keepdim ? y : p.reshape(y, without(y.shape, at)))) as [Value, Value]
  return pair('median', named(new Tensor(v), 'MedianBackward1'), new Tensor(i))
}

/** An element's value, with a derivative that all that equal it share: that of their mean. @internal */
export function sharedByTies(x: Value, value: Value): Value {
  if (x instanceof View || !x.dtype.isFloat) return value
  const v = new Tensor(value).detach().value
  const same = p.where(p.isnan(v), p.isnan(x), p.eq(x, v))
  const count = p.sum(p.cast(same, x.dtype))
  const mean = p.div(p.sum(p.where(same, x, 0)), count)
  // of finite numbers the value itself, not rounded
  return p.where(p.isfinite(v), p.add(v, p.div(p.sum(p.where(same, p.sub(x, v), 0)), count)), mean)
}

function middle(x: Value, axis: number): [Value, Value] {
  const order = p.argsort(x, axis)
  let at = p.narrow(order, axis, nonDeterministicMiddle(x.shape[axis]!), 1)
  if (x.dtype.isInexact) {
    const nan = p.any(p.isnan(x), [axis], true)
    at = p.where(nan, p.argmax(x, [axis], true), at)
  }
  return [p.gather(x, axis, at), at]
}

export { variance as var }
