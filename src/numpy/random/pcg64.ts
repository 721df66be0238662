/** PCG64, NumPy's default bit generator. Its steps are the kernels'; this holds the state. */

import { allocate } from '../../core/allocate.ts'
import { backendOf } from '../../core/backend.ts'
import { type DType, uint64 } from '../../core/dtype.ts'
import { items, viewOf } from '../../core/element.ts'
import { ValueError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import { unwrap } from '../convert.ts'
import type { Result } from '../types.ts'
import { type Entropy, SeedSequence } from './seed_sequence.ts'
import { pcg64State } from './seeding.ts'
import { asSize, type Size } from './size.ts'

/** The numbers of distributions in the kernels' routine `pcg64` (docs/internals/abi.md). */
export const DRAWS = {
  random: 0,
  raw: 1,
  standard_normal: 2,
  standard_exponential: 3,
  standard_gamma: 4,
  integers: 5,
  uniform: 6,
  normal: 7,
  exponential: 8,
  gamma: 9,
  beta: 10,
  chisquare: 11,
  f: 12,
  standard_cauchy: 13,
  pareto: 14,
  weibull: 15,
  power: 16,
  laplace: 17,
  gumbel: 18,
  logistic: 19,
  lognormal: 20,
  rayleigh: 21,
  standard_t: 22,
  poisson: 23,
  negative_binomial: 24,
  binomial: 25,
  geometric: 26,
  wald: 27,
  vonmises: 28,
  triangular: 29,
  zipf: 30,
  logseries: 31,
  noncentral_chisquare: 32,
  noncentral_f: 33,
  standard_exponential_inverse: 34,
} as const

/** What `state` gives and takes, as NumPy's `bit_generator.state`. */
export interface Pcg64StateObject {
  bit_generator: 'PCG64'
  state: { state: bigint; inc: bigint }
  has_uint32: number
  uinteger: number
}

/** PCG64: a 128-bit linear congruential generator with permuted output. The same seed gives NumPy's numbers. */
export class PCG64 {
  /** The seed sequence that the state came from. */
  readonly seed_seq: SeedSequence
  /** @internal uint64 [6], which the kernels advance. */
  readonly words: View

  constructor(seed: Entropy | SeedSequence | null = null) {
    this.seed_seq = seed instanceof SeedSequence ? seed : new SeedSequence(seed as never)
    this.words = viewOf([...pcg64State(this.seed_seq)], [6], uint64)
  }

  /** The whole state, which can be kept and set again. */
  get state(): Pcg64StateObject {
    const [hi, lo, incHi, incLo, has, half] = items(this.words).map((x) => BigInt(x as number))
    return {
      bit_generator: 'PCG64',
      state: { state: (hi! << 64n) | lo!, inc: (incHi! << 64n) | incLo! },
      has_uint32: Number(has),
      uinteger: Number(half),
    }
  }
  set state(value: Pcg64StateObject) {
    if (value?.bit_generator !== 'PCG64') throw new ValueError('state must be for a PCG64 RNG')
    const { state, inc } = value.state
    const low = (x: bigint) => BigInt.asUintN(64, x)
    const list = [low(state >> 64n), low(state), low(inc >> 64n), low(inc), BigInt(value.has_uint32), BigInt(value.uinteger)]
    const fresh = viewOf(list, [6], uint64)
    const bytes = (v: View) =>
      backendOf('cpu')
        .bytes(v.storage)
        .subarray(v.offset, v.offset + 48)
    bytes(this.words).set(bytes(fresh))
  }

  /** Raw 64-bit outputs. */
  random_raw(size: Size = null): Result {
    return unwrap(this.draw(DRAWS.raw, asSize(size), uint64, []))
  }

  /** Bit generators with seeds of their own, for independent streams. */
  spawn(n_children: number): PCG64[] {
    return this.seed_seq.spawn(n_children).map((seed) => new PCG64(seed))
  }

  /** @internal A fresh array of draws; parameters are numbers, or float64 views of the array's shape. */
  draw(distribution: number, shape: readonly number[], dtype: DType, params: readonly (number | View)[], out?: View): View {
    const target = out ?? allocate(shape, dtype)
    const views = params.filter((x) => typeof x !== 'number')
    const words = params.filter((x) => typeof x === 'number')
    if (target.size > 0) backendOf('cpu').call('pcg64', [target, this.words], views, [distribution, ...words])
    return target
  }

  /** @internal Shuffles a 1-d view in place. */
  shuffle(x: View, first: number, kind: number): void {
    if (x.size > 1) backendOf('cpu').call('pcg64_shuffle', [x, this.words], [], [first, kind])
  }

  /** @internal Indices without repetition. */
  choice(out: View, n: number, shuffle: boolean): void {
    if (out.size > 0) backendOf('cpu').call('pcg64_choice', [out, this.words], [], [n, shuffle ? 1 : 0])
  }

  toString(): string {
    return 'PCG64'
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '<PCG64>'
  }
}
