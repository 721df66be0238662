/** NumPy's legacy random functions over one Mersenne Twister: `np.random.seed`, `rand`, `randn` and their kin, with NumPy's numbers. */

import { integer } from '../../core/arguments.ts'
import { describe } from '../../core/describe.ts'
import { bool, type DType, float64, int64 } from '../../core/dtype.ts'
import { items, viewOf } from '../../core/element.ts'
import { ArgumentError, ValueError } from '../../core/errors.ts'
import { broadcastShapes, sizeOf } from '../../core/shape.ts'
import { broadcastView, type View } from '../../core/view.ts'
import { setItem, take as takeRow } from '../../lib/indexing.ts'
import { MT_WORDS } from '../../lib/random/mt19937.ts'
import * as p from '../../ops/index.ts'
import { asArray, asShape, asView, castView, unwrap, wrap } from '../convert.ts'
import { asDType } from '../dtypes.ts'
import { NDArray } from '../ndarray.ts'
import type { ArrayLike, DTypeLike, Result } from '../types.ts'
import { bounds } from './generator.ts'
import { SeedSequence } from './seed_sequence.ts'
import { legacyMt19937State, type Mt19937State, mt19937State } from './seeding.ts'
import { asSize, type Size } from './size.ts'

/** The generator of the legacy functions: MT19937 and the second half of a pair of normal samples. */
export class RandomState {
  private key: Uint32Array = new Uint32Array(MT_WORDS)
  private at = MT_WORDS
  private spare: number | null = null

  constructor(seed: number | bigint | readonly number[] | null = null) {
    this.seed(seed)
  }

  /** Starts anew from a seed; from the system's entropy without one. */
  seed(seed: number | bigint | readonly number[] | null = null): void {
    const state: Mt19937State = seed === null ? mt19937State(new SeedSequence()) : legacyMt19937State(seed)
    this.key = state.key.slice()
    this.at = state.pos
    this.spare = null
  }

  /** The next 32 bits. */
  private next(): number {
    if (this.at >= MT_WORDS) this.refill()
    let y = this.key[this.at++]!
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  private refill(): void {
    const k = this.key
    for (let i = 0; i < MT_WORDS; i++) {
      const y = (k[i]! & 0x80000000) | (k[(i + 1) % MT_WORDS]! & 0x7fffffff)
      k[i] = k[(i + 397) % MT_WORDS]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.at = 0
  }

  /** 53 random bits in [0, 1). */
  private double(): number {
    const [a, b] = [this.next() >>> 5, this.next() >>> 6]
    return (a * 67108864 + b) / 9007199254740992
  }

  /** Marsaglia's polar method; the second of a pair is kept. */
  private gauss(): number {
    if (this.spare !== null) {
      const kept = this.spare
      this.spare = null
      return kept
    }
    for (;;) {
      const x = 2 * this.double() - 1
      const y = 2 * this.double() - 1
      const r = x * x + y * y
      if (r < 1 && r !== 0) {
        const f = Math.sqrt((-2 * Math.log(r)) / r)
        this.spare = f * x
        return f * y
      }
    }
  }

  /** A random integer from 0 to `most`: masked bits, drawn again until they fit. */
  private interval(most: bigint): bigint {
    if (most === 0n) return 0n
    const mask = (1n << BigInt(most.toString(2).length)) - 1n
    for (;;) {
      const word = most <= 0xffffffffn ? BigInt(this.next()) : (BigInt(this.next()) << 32n) | BigInt(this.next())
      const value = word & mask
      if (value <= most) return value
    }
  }

  private filled(size: Size | undefined, draw: () => number): Result {
    const shape = asSize(size)
    return unwrap(viewOf(Array.from({ length: sizeOf(shape) }, draw), shape, float64))
  }

  /** Samples of parameters that may be arrays. */
  private with(params: readonly ArrayLike[], size: Size | undefined, draw: (...xs: number[]) => number): Result {
    const views = params.map((x) => castView(asView(x), float64))
    const joint = broadcastShapes(
      views.map((v) => v.shape),
      'size',
    )
    const shape = size === null || size === undefined ? joint : asSize(size)
    const columns = views.map((v) => items(broadcastView(v, shape)) as number[])
    return unwrap(
      viewOf(
        Array.from({ length: sizeOf(shape) }, (_, i) => draw(...columns.map((c) => c[i]!))),
        shape,
        float64,
      ),
    )
  }

  /** Uniform samples in [0, 1). */
  random_sample(size: Size = null): Result {
    return this.filled(size, () => this.double())
  }
  random(size: Size = null): Result {
    return this.random_sample(size)
  }
  /** Uniform samples in [0, 1) of a shape given by lengths. */
  rand(...shape: number[]): Result {
    return this.random_sample(shape.length === 0 ? null : asShape(shape, 'rand'))
  }
  /** Standard normal samples of a shape given by lengths. */
  randn(...shape: number[]): Result {
    return this.standard_normal(shape.length === 0 ? null : asShape(shape, 'randn'))
  }
  standard_normal(size: Size = null): Result {
    return this.filled(size, () => this.gauss())
  }
  normal(loc: ArrayLike = 0, scale: ArrayLike = 1, size: Size = null): Result {
    if ((items(castView(asView(scale), float64)) as number[]).some((x) => x < 0)) throw new ValueError('scale < 0', { op: 'normal' })
    return this.with([loc, scale], size, (m, s) => m! + s! * this.gauss())
  }
  uniform(low: ArrayLike = 0, high: ArrayLike = 1, size: Size = null): Result {
    return this.with([low, high], size, (a, b) => a! + (b! - a!) * this.double())
  }
  exponential(scale: ArrayLike = 1, size: Size = null): Result {
    return this.with([scale], size, (s) => -s! * Math.log1p(-this.double()))
  }

  /** Random integers from `low` up to, but not with, `high`. int64, int32, uint32 and bool of 32-bit words are NumPy's numbers. */
  randint(
    low: number | bigint,
    high: number | bigint | null | { high?: number; size?: Size; dtype?: DTypeLike } = null,
    size: Size = null,
    dtype: DTypeLike = 'int64',
  ): Result {
    if (typeof high === 'object' && high !== null) return this.randint(low, high.high ?? null, high.size ?? null, high.dtype ?? 'int64')
    const to: DType = asDType(dtype)
    if (to.itemsize < 4 || to === bool) {
      throw new ValueError(`randint(): dtype ${to.name} is not supported: use int32, uint32, int64 or uint64`, {
        op: 'randint',
        dtypes: [to.name],
      })
    }
    const [a, b] = high === null ? bounds(0, low, false, to) : bounds(low, high, false, to)
    const shape = asSize(size)
    const most = b - a
    return unwrap(
      viewOf(
        Array.from({ length: sizeOf(shape) }, () => a + this.interval(most)),
        shape,
        to,
      ),
    )
  }

  /** A random order of 0 .. n-1. */
  private order(n: number): number[] {
    if (!(n >= 0 && n <= 2 ** 27)) throw new ValueError(`permutation(): ${n} items cannot be put in order`, { op: 'permutation' })
    const list = Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = Number(this.interval(BigInt(i)))
      ;[list[i], list[j]] = [list[j]!, list[i]!]
    }
    return list
  }
  /** A shuffled copy along the first axis, or the numbers 0 .. x-1 in random order. */
  permutation(x: ArrayLike): NDArray {
    if (typeof x === 'number') return wrap(viewOf(this.order(integer('permutation', 'x', x)), [x], int64))
    const a = asArray(x)
    return wrap(takeRow(a.value, viewOf(this.order(a.shape[0]!), [a.shape[0]!], int64), 0))
  }
  /** Shuffles an array along its first axis, or a list, in place. */
  shuffle(x: NDArray | unknown[]): void {
    if (x instanceof NDArray) {
      setItem(x.value, ['...'], this.permutation(x).value)
      return
    }
    if (!Array.isArray(x)) throw new ArgumentError(`shuffle(): expected an array or a list, got ${describe(x)}`, { op: 'shuffle' })
    const copy = [...x]
    this.order(x.length).forEach((from, to) => {
      x[to] = copy[from]
    })
  }
  /** A random sample of the items of a 1-d array, or of 0 .. a-1. */
  choice(a: ArrayLike, size: Size = null, replace = true, weights: ArrayLike | null = null): Result {
    const source = typeof a === 'number' ? null : asView(a)
    if (source && source.ndim !== 1) throw new ValueError('a must be 1-dimensional', { op: 'choice' })
    const n = source ? source.size : integer('choice', 'a', a)
    const shape = asSize(size)
    const count = sizeOf(shape)
    let picked: number[]
    if (weights !== null) {
      const chances = items(castView(asView(weights), float64)) as number[]
      if (chances.length !== n) throw new ValueError("'a' and 'p' must have same size", { op: 'choice' })
      picked = replace ? this.weighted(chances, count) : this.distinct(chances, count)
    } else if (replace) picked = Array.from({ length: count }, () => Number(this.interval(BigInt(n - 1))))
    else {
      if (count > n) throw new ValueError("Cannot take a larger sample than population when 'replace=False'", { op: 'choice' })
      picked = this.order(n).slice(0, count)
    }
    const index = viewOf(picked, shape, int64)
    return unwrap(source ? takeRow(source, index, 0) : index)
  }

  private weighted(chances: readonly number[], count: number): number[] {
    let total = 0
    const sums = chances.map((x) => {
      total += x
      return total
    })
    if (Math.abs(total - 1) > 1e-8) throw new ValueError('probabilities do not sum to 1', { op: 'choice' })
    const sorted = viewOf(
      sums.map((x) => x / total),
      [sums.length],
      float64,
    )
    const draws = viewOf(
      Array.from({ length: count }, () => this.double()),
      [count],
      float64,
    )
    return items(p.searchsorted(sorted, draws, true) as View) as number[]
  }

  private distinct(given: readonly number[], count: number): number[] {
    const chances = [...given]
    if (chances.filter((x) => x > 0).length < count) throw new ValueError('Fewer non-zero entries in p than size', { op: 'choice' })
    const found: number[] = []
    while (found.length < count) {
      const draws = viewOf(
        Array.from({ length: count - found.length }, () => this.double()),
        [count - found.length],
        float64,
      )
      for (const i of found) chances[i] = 0
      const total = chances.reduce((s, x) => s + x, 0)
      let sum = 0
      const sums = chances.map((x) => {
        sum += x
        return sum / total
      })
      const sorted = viewOf(sums, [sums.length], float64)
      for (const i of new Set(items(p.searchsorted(sorted, draws, true) as View) as number[])) found.push(i)
    }
    return found
  }

  toString(): string {
    return 'RandomState(MT19937)'
  }
}
