/** Order statistics: quantiles, the median without NaN, the most frequent element. */

import { int64 } from '../../core/dtype.ts'
import { ArgumentError, RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { Tensor, wrapDim } from '../tensor.ts'
import { keyed } from './keyed.ts'
import { sharedByTies } from './reduction.ts'
import { pair, type ValuesIndices } from './results.ts'
import { named, scalarValue, tensorArg } from './support.ts'

/** What lies between two elements: a part of the way, the nearer one ... */
export type Interpolation = 'linear' | 'lower' | 'higher' | 'midpoint' | 'nearest'

/** Keywords of quantile and nanquantile. */
export interface QuantileOptions {
  readonly interpolation?: Interpolation
}

const LANES: readonly Interpolation[] = ['linear', 'lower', 'higher', 'midpoint', 'nearest']

const flat = (x: Value): Value => p.reshape(x, [x.shape.reduce((a, b) => a * b, 1)])
const lastOf = (x: Value): number => x.shape[x.ndim - 1]!

function quantileOf(name: string, ignoreNan: boolean) {
  return (input: Tensor, q: number | Tensor, dim: number | null = null, keepdim = false, options: QuantileOptions = {}): Tensor => {
    const t = tensorArg(name, input)
    const { interpolation = 'linear' } = options ?? {}
    if (!LANES.includes(interpolation)) {
      throw new RuntimeError(`${name}() interpolation must be one of linear, lower, higher, midpoint or nearest, but got ${interpolation}`)
    }
    if (t.numel() === 0) throw new RuntimeError(`${name}() input tensor must be non-empty`)
    const { dtype } = t.raw
    if (!dtype.isFloat || dtype.itemsize < 4) throw new RuntimeError(`${name}() input tensor must be either float or double dtype`)
    if (!(q instanceof Tensor) && typeof q !== 'number') throw new ArgumentError(`${name}(): argument 'q' must be Tensor, not ${typeof q}`)
    const given = q instanceof Tensor ? q : new Tensor(scalarValue(q, dtype))
    if (given.ndim > 1) throw new RuntimeError(`${name}() q must be a scalar or 1D tensor`)
    if (given.raw.dtype !== dtype) throw new RuntimeError(`${name}() q tensor must be same dtype as the input tensor`)
    if (
      typeof q === 'number' ? !(q >= 0 && q <= 1) : !new Tensor(p.all(p.logicalAnd(p.ge(given.memory, 0), p.le(given.memory, 1)))).item()
    ) {
      throw new RuntimeError(
        `${name}() ${typeof q === 'number' ? `q must be in the range [0, 1] but got ${q}` : 'q values must be in the range [0, 1]'}`,
      )
    }
    const at = dim === null ? 0 : wrapDim(dim, t.ndim)
    const moved = dim === null || t.ndim === 0 ? flat(t.value) : p.moveAxis(t.value, at, t.ndim - 1)
    const found = between(moved, given.ndim === 0 ? p.reshape(given.value, [1]) : given.value, interpolation, ignoreNan)
    // the quantiles' axis goes to the front
    const front = p.moveAxis(found, found.ndim - 1, 0)
    const shape = keepdim ? (dim === null ? t.raw.shape.map(() => 1) : t.raw.shape.map((n, i) => (i === at ? 1 : n))) : front.shape.slice(1)
    return new Tensor(p.reshape(front, given.ndim === 0 ? shape : [front.shape[0]!, ...shape]))
  }
}

/** The quantiles of the last axis, which becomes theirs. */
function between(x: Value, q: Value, interpolation: Interpolation, ignoreNan: boolean): Value {
  const sorted = p.sort(x, x.ndim - 1)
  const n = lastOf(x)
  const nan = p.isnan(x)
  let ranks: Value
  if (ignoreNan) {
    const count = p.sum(p.cast(p.logicalNot(nan), x.dtype), [x.ndim - 1], true)
    ranks = p.maximum(p.mul(q, p.sub(count, 1)), 0)
  } else {
    const scaled = p.mul(q, n - 1)
    // where there is NaN the last one in order is it
    ranks = p.where(p.any(nan, [x.ndim - 1], true), n - 1, scaled, { dtype: x.dtype })
  }
  const read = (r: Value) => p.gather(sorted, x.ndim - 1, p.cast(r, int64))
  if (interpolation === 'lower') return read(p.floor(ranks))
  if (interpolation === 'higher') return read(p.ceil(ranks))
  if (interpolation === 'nearest') return read(p.rint(ranks))
  const below = p.floor(ranks)
  const weight = interpolation === 'midpoint' ? p.full(ranks.shape, 0.5, x.dtype) : p.sub(ranks, below)
  const [low, high] = [read(below), read(p.ceil(ranks))]
  return p.lerp(low, high, weight)
}

/**
 * The values below which parts `q` of the elements lie, of all or along a dimension; several q come first in the result's shape.
 *
 * @example
 * ```ts
 * torch.quantile(torch.tensor([0.0, 1, 2, 3, 4.5]), 0.6) // => tensor(2.4000)
 * ```
 */
export const quantile = keyed('quantile', 'q dim keepdim ...', quantileOf('quantile', false))
/** The quantiles of the elements that are not NaN. */
export const nanquantile = keyed('nanquantile', 'q dim keepdim ...', quantileOf('nanquantile', true))

/** Drops the last axis, or puts it back where it was. */
const placedAt = (x: Value, at: number, keepdim: boolean): Value =>
  keepdim ? p.moveAxis(x, x.ndim - 1, at) : p.reshape(x, x.shape.slice(0, -1))

interface DimOptions {
  readonly dim?: number | null
  readonly keepdim?: boolean
}

/** The middle (the lower one of two) of the elements that are not NaN: of all, or along a dimension with its index. */
export function nanmedian(input: Tensor): Tensor
export function nanmedian(input: Tensor, dim: number | DimOptions, keepdim?: boolean): ValuesIndices
export function nanmedian(input: Tensor, dim?: number | DimOptions | null, keepdim = false): Tensor | ValuesIndices {
  const t = tensorArg('nanmedian', input)
  const along = typeof dim === 'object' && dim !== null ? (dim.dim ?? null) : (dim ?? null)
  const keep = typeof dim === 'object' && dim !== null ? dim.keepdim === true : keepdim
  const at = along === null ? 0 : wrapDim(along, t.ndim)
  const x = along === null || t.ndim === 0 ? flat(t.value) : p.moveAxis(t.value, at, t.ndim - 1)
  if (lastOf(x) === 0) {
    if (along === null && t.raw.dtype.isFloat) return new Tensor(p.full([], Number.NaN, t.raw.dtype))
    throw new RuntimeError(`nanmedian(): Expected reduction dim ${at} to have non-zero size.`)
  }
  const order = p.argsort(x, x.ndim - 1)
  const count = p.sum(p.cast(p.eq(x, x), int64), [x.ndim - 1], true)
  const middle = p.floorDivide(p.maximum(p.sub(count, 1), 0), 2)
  const index = p.gather(order, x.ndim - 1, middle)
  const value = p.gather(x, x.ndim - 1, index)
  if (along === null) return named(new Tensor(sharedByTies(x, p.reshape(value, []))), 'NanmedianBackward0')
  const [v, i] = t.ndim === 0 ? [p.reshape(value, []), p.reshape(index, [])] : [placedAt(value, at, keep), placedAt(index, at, keep)]
  return pair('nanmedian', named(new Tensor(v), 'NanmedianBackward1'), new Tensor(i))
}

/** The most frequent element along a dimension (the least of several), and the last index where it is. */
export const mode = keyed('mode', 'dim keepdim', (input: Tensor, dim = -1, keepdim = false): ValuesIndices => {
  const t = tensorArg('mode', input)
  const at = wrapDim(dim, t.ndim)
  if (t.ndim === 0) return pair('mode', new Tensor(p.clone(t.value)), new Tensor(p.full([], 0, int64)))
  const x = p.moveAxis(t.value, at, t.ndim - 1)
  const axis = x.ndim - 1
  const n = lastOf(x)
  if (n === 0) throw new RuntimeError(`mode(): Expected reduction dim ${at} to have non-zero size.`)
  const order = p.argsort(x, axis)
  const sorted = p.gather(x, axis, order)
  const place = p.broadcastTo(p.ramp(n, 0, 1, int64, x.device), x.shape)
  // where a run of equal elements begins, and how long it is at each place
  const head = p.narrow(place, axis, 0, 1)
  const rest = p.where(p.ne(p.narrow(sorted, axis, 1, n - 1), p.narrow(sorted, axis, 0, n - 1)), p.narrow(place, axis, 1, n - 1), 0, {
    dtype: int64,
  })
  const starts = p.cummax(p.concatenate([head, rest], axis), axis)[0]!
  const end = p.argmax(p.sub(place, starts), [axis], true)
  const index = p.gather(order, axis, end)
  const [v, i] = [p.gather(x, axis, index), index].map((y) => placedAt(y, at, keepdim)) as [Value, Value]
  return pair('mode', named(new Tensor(v), 'ModeBackward0'), new Tensor(i))
})
