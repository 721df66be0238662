/** `np.random.Generator`: samples of distributions from a bit generator, the same numbers as NumPy's. */

import { type Rest, signature } from '../../core/arguments.ts'
import { copyInto } from '../../core/copy.ts'
import { describe } from '../../core/describe.ts'
import { bool, type DType, float32, float64, int64, integerRange, uint64 } from '../../core/dtype.ts'
import { items, viewOf } from '../../core/element.ts'
import { ArgumentError, DTypeError, MemoryError, ShapeError, ValueError } from '../../core/errors.ts'
import { broadcastPair, broadcastShapes, normalizeAxis, sameShape, sizeOf } from '../../core/shape.ts'
import { broadcastView, type View } from '../../core/view.ts'
import { setItem, take as takeRow } from '../../lib/indexing.ts'
import * as p from '../../ops/index.ts'
import { asArray, asView, castView, unwrap, wrap } from '../convert.ts'
import { maybeDType } from '../dtypes.ts'
import { copyOf, NDArray } from '../ndarray.ts'
import type { ArrayLike, DTypeLike, Result } from '../types.ts'
import { GeneratorDistributions } from './distributions.ts'
import { DRAWS, type PCG64 } from './pcg64.ts'
import { asSize, type Size } from './size.ts'

/** Keyword arguments of the samplers of floats. */
export interface FloatOptions {
  size?: Size
  /** `'float64'` or `'float32'`. */
  dtype?: DTypeLike | null
  out?: NDArray | null
  /** For `standard_exponential`: `'zig'` or `'inv'`. */
  method?: 'zig' | 'inv'
}

/** Keyword arguments of `integers`. */
export interface IntegersOptions {
  high?: ArrayLike
  size?: Size
  dtype?: DTypeLike | null
  /** Whether `high` itself can come. */
  endpoint?: boolean
}

/** Keyword arguments of `choice`. */
export interface ChoiceOptions {
  size?: Size
  /** Whether an item can come twice. Default true. */
  replace?: boolean
  /** How probable each item is. */
  p?: ArrayLike | null
  axis?: number
  /** Whether samples without replacement come in random order. */
  shuffle?: boolean
}

const randomArgs = signature<FloatOptions>('random', ['size', 'dtype', 'out'], [], 0)
const normalArgs = signature<FloatOptions>('standard_normal', ['size', 'dtype', 'out'], [], 0)
const exponentialArgs = signature<FloatOptions>('standard_exponential', ['size', 'dtype', 'method', 'out'], [], 0)
const integersArgs = signature<IntegersOptions>('integers', ['high', 'size', 'dtype', 'endpoint'])
const choiceArgs = signature<ChoiceOptions>('choice', ['size', 'replace', 'p', 'axis', 'shuffle'])
type FloatRest = Rest<FloatOptions, ['size', 'dtype', 'out']>

/**
 * Samples from a bit generator. `np.random.default_rng(seed)` makes one; the same seed gives NumPy's numbers.
 *
 * @example
 * np.random.default_rng(0).random() // => 0.6369616873214543
 */
export class Generator extends GeneratorDistributions {
  readonly bit_generator: PCG64

  constructor(bit_generator: PCG64) {
    super()
    this.bit_generator = bit_generator
  }

  /** @internal */
  protected override get bits(): PCG64 {
    return this.bit_generator
  }

  /** Generators with seeds of their own, for independent streams. */
  spawn(n_children: number): Generator[] {
    return this.bit_generator.spawn(n_children).map((bits) => new Generator(bits))
  }

  private floats(op: string, draw: number, { size, dtype, out }: FloatOptions): Result {
    const to = maybeDType(dtype) ?? (out ? (out.dtype as DType) : float64)
    if (to !== float64 && to !== float32) throw new DTypeError(`Unsupported dtype dtype('${to.name}') for ${op}`, { op, dtypes: [to.name] })
    if (!out) return unwrap(this.bit_generator.draw(draw, asSize(size), to, []))
    if (out.dtype !== to)
      throw new DTypeError(`Supplied output array has the wrong type. Expected ${to.name}, got ${out.dtype.name}`, { op })
    if (!out.value.contiguous)
      throw new ValueError('Supplied output array must be contiguous, writable, aligned, and in machine byte-order.', { op })
    if (size !== null && size !== undefined && !sameShape(asSize(size), out.shape))
      throw new ValueError('size must match out.shape when used together', { op })
    this.bit_generator.draw(draw, out.shape, to, [], out.value)
    out.value.storage.version++
    return out
  }

  /**
   * Uniform samples in [0, 1).
   *
   * @example
   * np.random.default_rng(0).random(2) // => array([0.63696169, 0.26978671])
   */
  random(...rest: FloatRest): Result {
    return this.floats('random', DRAWS.random, randomArgs(rest))
  }

  /**
   * Samples of the normal distribution with mean 0 and deviation 1.
   *
   * @example
   * np.random.default_rng(0).standard_normal(2) // => array([ 0.12573022, -0.13210486])
   */
  standard_normal(...rest: FloatRest): Result {
    return this.floats('standard_normal', DRAWS.standard_normal, normalArgs(rest))
  }

  /** Samples of the exponential distribution with scale 1. */
  standard_exponential(...rest: Rest<FloatOptions, ['size', 'dtype', 'method', 'out']>): Result {
    const options = exponentialArgs(rest)
    const { method = 'zig' } = options
    return this.floats('standard_exponential', method === 'inv' ? DRAWS.standard_exponential_inverse : DRAWS.standard_exponential, options)
  }

  /**
   * Random integers from `low` up to, but not with, `high`; from 0 up to `low` when `high` is not given.
   *
   * @example
   * np.random.default_rng(0).integers(0, 10, 3) // => array([8, 6, 5])
   */
  integers(low: ArrayLike, ...rest: Rest<IntegersOptions, ['high', 'size', 'dtype', 'endpoint']>): Result {
    const { high, size, dtype, endpoint = false } = integersArgs(rest)
    const to = maybeDType(dtype) ?? int64
    if (!to.isInteger && to !== bool)
      throw new DTypeError(`Unsupported dtype dtype('${to.name}') for integers`, { op: 'integers', dtypes: [to.name] })
    const [from, until] = high === undefined || high === null ? [0, low] : [low, high]
    if (isNumber(from) && isNumber(until)) {
      const [a, b] = bounds(from, until, endpoint, to)
      const range = b - a
      const halves = [a >> 32n, a & 0xffffffffn, range >> 32n, range & 0xffffffffn].map((x) => Number(BigInt.asUintN(32, x)))
      return unwrap(this.bit_generator.draw(DRAWS.integers, asSize(size), to, halves))
    }
    const [x, y] = [asView(from), asView(until)]
    const joint = broadcastShapes([x.shape, y.shape], 'integers')
    const shape = size === null || size === undefined ? joint : asSize(size)
    if (!broadcastPair(shape, joint)) throw new ShapeError('shape mismatch in integers()', { op: 'integers', shapes: [shape, joint] })
    const [lows, highs] = [items(broadcastView(x, shape)), items(broadcastView(y, shape))]
    const pairs = lows.map((l, i) => bounds(l as number, highs[i] as number, endpoint, to))
    const starts = viewOf(
      pairs.map(([a]) => BigInt.asUintN(64, a)),
      shape,
      uint64,
    )
    const ranges = viewOf(
      pairs.map(([a, b]) => BigInt.asUintN(64, b - a)),
      shape,
      uint64,
    )
    return unwrap(this.bit_generator.draw(DRAWS.integers, shape, to, [starts, ranges]))
  }

  /**
   * A random sample of the items of an array, or of 0 .. a-1.
   *
   * @example
   * np.random.default_rng(0).choice(5, 3) // => array([4, 3, 2])
   * np.random.default_rng(0).choice(5, 3, { replace: false }) // => array([3, 4, 2])
   */
  choice(a: ArrayLike, ...rest: Rest<ChoiceOptions, ['size', 'replace', 'p', 'axis', 'shuffle']>): Result {
    const { size = null, replace = true, p: weights, axis = 0, shuffle = true } = choiceArgs(rest)
    const source = isNumber(a) ? null : asArray(a)
    const given = source ? source.value : null
    if (source && source.ndim === 0) {
      if (!isNumber(source.item())) throw new ValueError('a must be a sequence or an integer', { op: 'choice' })
      return this.choice(source.item(), { size, replace, p: weights, axis, shuffle })
    }
    const at = given ? normalizeAxis(axis, given.ndim) : 0
    const n = given ? given.shape[at]! : Number(a)
    if (!given && !Number.isInteger(n)) throw new ValueError('a must be a sequence or an integer', { op: 'choice' })
    const shape = asSize(size)
    const count = sizeOf(shape)
    if (n <= 0 && count > 0)
      throw new ValueError(
        given ? 'a cannot be empty unless no samples are taken' : 'a must be a positive integer unless no samples are taken',
        { op: 'choice' },
      )
    const chances = weights === undefined || weights === null ? null : checkedChances(weights, n)
    let index: View
    if (replace) {
      if (chances) index = this.weighted(chances, shape)
      else index = asView(this.integers(0, n, shape.length === 0 ? [] : [...shape]), int64)
    } else {
      if (count > n) throw new ValueError('Cannot take a larger sample than population when replace is False', { op: 'choice' })
      index = p.reshape(chances ? this.distinctWeighted(chances, count) : this.distinct(n, count, shuffle), shape) as View
    }
    if (!given) return unwrap(index)
    return unwrap(takeRow(given, index, at))
  }

  private weighted(chances: readonly number[], shape: readonly number[]): View {
    const x = this.bit_generator.draw(DRAWS.random, shape, float64, [])
    return p.reshape(p.searchsorted(cumulative(chances), p.reshape(x, [x.size]), true), shape) as View
  }

  private distinct(n: number, count: number, shuffle: boolean): View {
    const bits = this.bit_generator
    if (n > 10000 && count > Math.floor(n / (shuffle ? 50 : 20))) {
      const all = p.ramp(n, 0, 1, int64)
      bits.shuffle(all, Math.max(n - count, 1), 1)
      return copyOf(p.narrow(all, 0, n - count, count) as View)
    }
    const out = p.full([count], 0, int64)
    bits.choice(out, n, shuffle)
    return out
  }

  private distinctWeighted(chances: number[], count: number): View {
    if (chances.filter((x) => x > 0).length < count) throw new ValueError('Fewer non-zero entries in p than size', { op: 'choice' })
    const found: number[] = []
    while (found.length < count) {
      const x = this.bit_generator.draw(DRAWS.random, [count - found.length], float64, [])
      for (const i of found) chances[i] = 0
      for (const i of new Set(items(p.searchsorted(cumulative(chances), x, true) as View) as number[])) found.push(i)
    }
    return viewOf(found, [count], int64)
  }

  /**
   * Shuffles an array along an axis, or a list, in place.
   *
   * @example
   * const a = np.arange(5)
   * np.random.default_rng(0).shuffle(a)
   * a.sum() // => 10
   */
  shuffle(x: NDArray | unknown[], axis: number | { axis?: number } = 0): void {
    const given = typeof axis === 'object' ? (axis?.axis ?? 0) : axis
    if (Array.isArray(x)) {
      if (given !== 0) throw new DTypeError('Axis argument is only supported on ndarray objects', { op: 'shuffle' })
      const copy = [...x]
      this.order(x.length).forEach((from, to) => {
        x[to] = copy[from]
      })
      return
    }
    if (!(x instanceof NDArray)) throw new DTypeError('shuffle(): expected an array or a list', { op: 'shuffle' })
    const at = normalizeAxis(given, x.ndim)
    if (x.size === 0) return
    setItem(x.value, ['...'], takeRow(x.value, viewOf(this.order(x.shape[at]!), [x.shape[at]!], int64), at) as View)
  }

  /** A random order of 0 .. n-1. */
  private order(n: number): number[] {
    if (n > 2 ** 27) throw new MemoryError(`a random order of ${n} items does not fit in memory`)
    const index = p.ramp(n, 0, 1, int64)
    this.bit_generator.shuffle(index, 1, 0)
    return items(index) as number[]
  }

  /**
   * A shuffled copy of an array along an axis, or the numbers 0 .. x-1 in random order.
   *
   * @example
   * np.random.default_rng(0).permutation(5) // => array([2, 4, 3, 0, 1])
   */
  permutation(x: ArrayLike, axis: number | { axis?: number } = 0): NDArray {
    if (isNumber(x)) return wrap(viewOf(this.order(Number(x)), [Number(x)], int64))
    const a = asArray(x)
    const at = normalizeAxis(typeof axis === 'object' ? (axis.axis ?? 0) : axis, a.ndim)
    return wrap(takeRow(a.value, viewOf(this.order(a.shape[at]!), [a.shape[at]!], int64), at))
  }

  /** A copy in which every line along an axis is shuffled by itself; without an axis, all items. */
  permuted(x: ArrayLike, options: { axis?: number | null; out?: NDArray | null } = {}): NDArray {
    const { axis = null, out } = options
    const a = copyOf(asView(x))
    if (axis === null) {
      const flat = p.reshape(a, [a.size]) as View
      this.bit_generator.shuffle(flat, 0, 0)
    } else {
      const at = normalizeAxis(axis, a.ndim)
      const lines = p.moveAxis(a, at, a.ndim - 1) as View
      const lead = sizeOf(lines.shape.slice(0, -1))
      const n = a.shape[at]!
      const work = copyOf(p.reshape(lines, [lead, n]) as View)
      for (let i = 0; i < lead; i++) this.bit_generator.shuffle(p.reshape(p.narrow(work, 0, i, 1), [n]) as View, 0, 0)
      copyInto(lines, p.reshape(work, lines.shape) as View)
    }
    if (!out) return wrap(a)
    copyInto(out.value, a)
    return out
  }

  override toString(): string {
    return `Generator(${this.bit_generator})`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

const isNumber = (x: unknown): x is number | bigint => typeof x === 'number' || typeof x === 'bigint'

/** The closed bounds of random integers, checked against the dtype. */
export function bounds(low: number | bigint, high: number | bigint, endpoint: boolean, dtype: DType): [bigint, bigint] {
  const whole = (x: number | bigint): bigint => {
    if (typeof x === 'bigint') return x
    if (typeof x === 'number' && Number.isFinite(x)) return BigInt(Math.trunc(x))
    throw new ArgumentError(`integers(): expected an integer bound, got ${describe(x)}`, { op: 'integers' })
  }
  const [least, most] = dtype === bool ? [0n, 1n] : integerRange(dtype)
  const [a, b] = [whole(low), whole(high) - (endpoint ? 0n : 1n)]
  if (a < least) throw new ValueError(`low is out of bounds for ${dtype.name}`, { op: 'integers' })
  if (b > most) throw new ValueError(`high is out of bounds for ${dtype.name}`, { op: 'integers' })
  if (a > b) throw new ValueError(endpoint ? 'low > high' : 'low >= high', { op: 'integers' })
  return [a, b]
}

function checkedChances(weights: ArrayLike, n: number): number[] {
  const v = castView(asView(weights), float64)
  if (v.ndim !== 1) throw new ValueError('p must be 1-dimensional', { op: 'choice', shapes: [v.shape] })
  const list = items(v) as number[]
  if (list.length !== n) throw new ValueError('a and p must have same size', { op: 'choice' })
  if (list.some((x) => Number.isNaN(x))) throw new ValueError('Probabilities contain NaN', { op: 'choice' })
  if (list.some((x) => x < 0)) throw new ValueError('Probabilities are not non-negative', { op: 'choice' })
  const total = list.reduce((s, x) => s + x, 0)
  if (Math.abs(total - 1) > Math.sqrt(2 ** -52)) throw new ValueError('Probabilities do not sum to 1', { op: 'choice' })
  return list
}

/** The cumulative distribution, ending at 1. */
function cumulative(chances: readonly number[]): View {
  let sum = 0
  const sums = chances.map((x) => {
    sum += x
    return sum
  })
  return viewOf(
    sums.map((x) => x / sum),
    [sums.length],
    float64,
  )
}
