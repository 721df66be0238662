/** NumPy's legacy RandomState: what `np.random.seed`, `rand`, `randn` and their kin draw from, with NumPy's numbers. */

import { integer, keyword, type Rest, signature } from '../../core/arguments.ts'
import { methodsByName } from '../../core/by_name.ts'
import { type Newless, newless } from '../../core/callable.ts'
import { describe } from '../../core/describe.ts'
import { type DType, float64, int64, uint64 } from '../../core/dtype.ts'
import { items, viewOf, writeItems } from '../../core/element.ts'
import { ArgumentError, IndexError, ValueError } from '../../core/errors.ts'
import { type Shape, sizeOf } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { warn } from '../../core/warnings.ts'
import { take as takeRow } from '../../lib/indexing.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asArray, asShape, asView, unwrap, wrap } from '../convert.ts'
import { maybeDType } from '../dtypes.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike, DTypeLike, Result } from '../types.ts'
import { BitGenerator, type BitState } from './bit_generator.ts'
import { type ChoiceWords, checkedChances, distinctWeighted, order, shuffleInPlace, weighted } from './choosing.ts'
import { Distributions } from './distributions.ts'
import { DRAWS } from './draws.ts'
import { populationOf, randomBytes } from './generator.ts'
import { integersDrawing } from './integers.ts'
import { MT19937 } from './mt19937.ts'
import { dirichlet, type MultivariateOptions, multinomial, multivariateNormal } from './multivariate.ts'
import type { LegacySeed } from './seeding.ts'
import { asSize, type Size } from './size.ts'

/** Readers of calls whose one argument is the size. */
const sizeArgs = Object.fromEntries(
  ['random_sample', 'standard_normal', 'standard_exponential', 'tomaxint'].map((name) => [
    name,
    signature<{ size?: Size }>(name, ['size'], [], 0),
  ]),
)
const noArgs = (name: string) => signature<object>(name, [])
const randomIntegersArgs = signature<{ high?: number | null; size?: Size }>('random_integers', ['high', 'size'], [], 1)
const randintArgs = signature<RandintOptions>('randint', ['high', 'size', 'dtype'])
const choiceArgs = signature<LegacyChoiceOptions>('choice', ['size', 'replace', 'p'])
const multivariateArgs = signature<MultivariateOptions>('multivariate_normal', ['size', 'check_valid', 'tol'], [], 2)

/** Keyword arguments of `randint`. */
export interface RandintOptions {
  high?: ArrayLike | null
  size?: Size
  dtype?: DTypeLike | null
}

/** Keyword arguments of the legacy `choice`. */
export interface LegacyChoiceOptions {
  size?: Size
  replace?: boolean
  p?: ArrayLike | null
}

/** What `get_state()` gives: the generator's name, its words, the place of the next one, and the kept normal number. */
export type LegacyState = ['MT19937', NDArray, number, number, number]

const WORDS: ChoiceWords = {
  dimensions: "'p' must be 1-dimensional",
  length: "'a' and 'p' must have same size",
  nan: 'probabilities contain NaN',
  negative: 'probabilities are not non-negative',
  sum: 'probabilities do not sum to 1',
}

/** What `RandomState` makes. */
class LegacyGenerator extends Distributions {
  /** @internal */
  protected readonly legacy: boolean = true
  /** @internal */
  _bit_generator: BitGenerator
  /** Whether a normal number is kept, and its bits: uint64 [2]. */
  readonly #gauss: View = viewOf([0n, 0n], [2], uint64)

  constructor(seed: LegacySeed | BitGenerator = null) {
    super()
    if (seed instanceof BitGenerator) this._bit_generator = seed
    else {
      const bits = new MT19937(0)
      bits.legacySeed(seed)
      this._bit_generator = bits
    }
  }

  /** @internal Draws from another bit generator from now on. */
  setBits(bits: BitGenerator): void {
    if (!(bits instanceof BitGenerator)) throw new ArgumentError(`expected a bit generator, got ${describe(bits)}`)
    this._bit_generator = bits
    this.keep(0, 0)
  }

  /** @internal */
  protected take(draw: number, shape: Shape, dtype: DType, params: readonly (number | View)[]): View {
    return this._bit_generator.drawLegacy(this.#gauss, draw, shape, dtype, params)
  }

  /** Sets the kept normal number. */
  private keep(has: number, gauss: number): void {
    const bits = new BigUint64Array(Float64Array.of(gauss).buffer)
    writeItems(this.#gauss, [BigInt(has), bits[0]])
  }

  /** Starts anew from a seed of 32 bits or a list of such; from the system's entropy without one. */
  seed(seed: LegacySeed = null): void {
    if (!(this._bit_generator instanceof MT19937)) throw new ArgumentError('can only re-seed a MT19937 BitGenerator')
    this._bit_generator.legacySeed(seed)
    this.keep(0, 0)
  }

  /**
   * The whole state, which `set_state` takes: a list, or with `legacy` false an object.
   *
   * @example
   * new np.random.RandomState(0).get_state()[2] // => 624
   */
  get_state(legacy?: true | { legacy?: true }): LegacyState
  get_state(legacy: false | { legacy: false }): BitState
  get_state(legacy: boolean | { legacy?: boolean } = true): LegacyState | BitState {
    let old = keyword<boolean>('get_state', 'legacy', legacy as boolean, true)
    const state = this._bit_generator.state
    const [has, bits] = items(this.#gauss).map((x) => BigInt(x as number)) as [bigint, bigint]
    const gauss = has ? new Float64Array(BigUint64Array.of(bits).buffer)[0]! : 0
    if (old && state.bit_generator !== 'MT19937') {
      warn(
        'get_state and legacy can only be used with the MT19937 BitGenerator. To silence this warning, set `legacy` to False.',
        'RuntimeWarning',
      )
      old = false
    }
    if (old) return ['MT19937', state.state.key, state.state.pos, Number(has), gauss]
    return { ...state, has_gauss: Number(has), gauss }
  }

  /** Sets the state to one that `get_state` gave. */
  set_state(state: BitState | readonly unknown[]): void {
    let given = state as BitState
    if (Array.isArray(state)) {
      if (state[0] !== 'MT19937') throw new ValueError('set_state can only be used with legacy MT19937 state instances.')
      given = { bit_generator: 'MT19937', state: { key: state[1], pos: state[2] }, has_gauss: state[3], gauss: state[4] }
    } else if (typeof state !== 'object' || state === null) throw new ArgumentError('state must be a dict or a tuple.')
    else if (!('bit_generator' in state) || !('state' in state)) throw new ValueError('state dictionary is not valid.')
    const [has, gauss] = [Number(given.has_gauss ?? 0), Number(given.gauss ?? 0)]
    this._bit_generator.state = given
    this.keep(has ? 1 : 0, gauss)
  }

  /** Uniform samples in [0, 1). */
  random_sample(...rest: Rest<{ size?: Size }, ['size']>): Result {
    return unwrap(this.take(DRAWS.random, asSize(sizeArgs.random_sample!(rest).size), float64, []))
  }
  /** Uniform samples in [0, 1). */
  random(...rest: Rest<{ size?: Size }, ['size']>): Result {
    return this.random_sample(...rest)
  }
  /** Uniform samples in [0, 1) of a shape given by lengths. */
  rand(...shape: number[]): Result {
    return this.random_sample(shape.length === 0 ? null : asShape(shape, 'rand'))
  }
  /** Standard normal samples of a shape given by lengths. */
  randn(...shape: number[]): Result {
    return this.standard_normal(shape.length === 0 ? null : asShape(shape, 'randn'))
  }
  /** Samples of the normal distribution with mean 0 and deviation 1. */
  standard_normal(...rest: Rest<{ size?: Size }, ['size']>): Result {
    return unwrap(this.take(DRAWS.standard_normal, asSize(sizeArgs.standard_normal!(rest).size), float64, []))
  }
  /** Samples of the exponential distribution with scale 1. */
  standard_exponential(...rest: Rest<{ size?: Size }, ['size']>): Result {
    return unwrap(this.take(DRAWS.standard_exponential, asSize(sizeArgs.standard_exponential!(rest).size), float64, []))
  }

  /** Random integers from 0 to 2**63 - 1. */
  tomaxint(...rest: Rest<{ size?: Size }, ['size']>): Result {
    const request = { op: 'tomaxint', low: 0n, high: 2n ** 63n, dtype: int64, endpoint: false }
    const drawn = integersDrawing({ ...request, size: sizeArgs.tomaxint!(rest).size })
    const words = this.take(DRAWS.integers, drawn.shape, uint64, [0, 0, 0xffffffff, 0xffffffff])
    return unwrap(p.cast(p.shr(words, 1), int64))
  }

  /** Random integers from `low` up to, but not with, `high`; from 0 up to `low` when `high` is not given. Bounds are numbers or arrays. */
  randint(low: ArrayLike, ...rest: Rest<RandintOptions, ['high', 'size', 'dtype']>): Result {
    const { high, size, dtype } = randintArgs(rest)
    const drawn = integersDrawing({ op: 'randint', low, high, size, dtype: maybeDType(dtype) ?? int64, endpoint: false })
    return unwrap(this.take(drawn.draw, drawn.shape, drawn.dtype, drawn.params))
  }

  /** Random integers from `low` to `high`, both with; from 1 to `low` when `high` is not given. Old: `randint(low, high + 1)` does the same. */
  random_integers(low: ArrayLike, ...rest: Rest<{ high?: number | null; size?: Size }, ['high', 'size']>): Result {
    const { high, size } = randomIntegersArgs(rest)
    const [from, to] = high === undefined || high === null ? [1, low] : [low, high]
    const advice = `This function is deprecated. Please call randint(${from}, ${to} + 1) instead`
    warn(advice, 'DeprecationWarning')
    return this.randint(from, Number(to) + 1, { size })
  }

  /** `length` random bytes. */
  bytes(length: number): Uint8Array {
    return randomBytes(length, (n) => this.randint(0, 2 ** 32, n, 'uint32'))
  }

  private readonly shuffler = (x: View): void => this._bit_generator.shuffle(x, 1, 0)

  /** A shuffled copy along the first axis, or the numbers 0 .. x-1 in random order. */
  permutation(x: ArrayLike, ...rest: [options?: Record<string, never>]): NDArray {
    noArgs('permutation')(rest)
    if (typeof x === 'number' || typeof x === 'bigint') return wrap(order(integer('permutation', 'x', x), this.shuffler))
    const a = asArray(x)
    if (a.ndim < 1) throw new IndexError('x must be an integer or at least 1-dimensional', { op: 'permutation' })
    return wrap(takeRow(a.value, order(a.shape[0]!, this.shuffler), 0))
  }

  /** Shuffles an array along its first axis, or a list, in place. */
  shuffle(x: NDArray | unknown[], ...rest: [options?: Record<string, never>]): void {
    noArgs('shuffle')(rest)
    shuffleInPlace(x, 0, this.shuffler)
  }

  /** A random sample of the items of a 1-d array, or of 0 .. a-1. */
  choice(a: ArrayLike, ...rest: Rest<LegacyChoiceOptions, ['size', 'replace', 'p']>): Result {
    const op = 'choice'
    const { size = null, replace = true, p: weights } = choiceArgs(rest)
    const source = asArray(a)
    const given = source.ndim === 0 ? null : source.value
    if (source.ndim > 1) throw new ValueError('a must be 1-dimensional', { op })
    const n = given ? given.size : populationOf(source, 'a must be 1-dimensional or an integer')
    const shape = asSize(size)
    const count = sizeOf(shape)
    if (n <= 0 && count > 0) {
      throw new ValueError(
        given ? "'a' cannot be empty unless no samples are taken" : 'a must be greater than 0 unless no samples are taken',
        {
          op,
        },
      )
    }
    const chances = weights === undefined || weights === null ? null : checkedChances(weights, n, WORDS)
    const uniform = (lengths: Shape): View => this.take(DRAWS.random, lengths, float64, [])
    let index: View
    if (replace) index = chances ? weighted(chances, shape, uniform) : asView(this.randint(0, Math.max(n, 0), [...shape]), int64)
    else {
      if (count > n) throw new ValueError("Cannot take a larger sample than population when 'replace=False'", { op })
      const picked = chances ? distinctWeighted(chances, count, uniform) : p.narrow(order(n, this.shuffler), 0, 0, count)
      index = p.reshape(picked, shape) as View
    }
    return unwrap(given ? takeRow(given, index, 0) : index)
  }

  /** Samples of the multivariate normal distribution: vectors along the last axis. */
  multivariate_normal(mean: ArrayLike, cov: ArrayLike, ...rest: Rest<MultivariateOptions, ['size', 'check_valid', 'tol']>): Result {
    const normal = (shape: Shape): View => this.take(DRAWS.standard_normal, shape, float64, [])
    return multivariateNormal(mean, cov, multivariateArgs(rest), normal, true)
  }

  /** How often each of several outcomes of probabilities `pvals` comes in n trials. */
  multinomial(n: number, pvals: ArrayLike, size: Size | { size?: Size } = null): Result {
    return multinomial(this._bit_generator, n, pvals, keyword('multinomial', 'size', size as Size, null), true)
  }

  /** Shares that sum to 1, along the last axis: the Dirichlet distribution. */
  dirichlet(alpha: ArrayLike, size: Size | { size?: Size } = null): Result {
    return dirichlet(this._bit_generator, alpha, keyword('dirichlet', 'size', size as Size, null), this.#gauss)
  }

  override toString(): string {
    return `RandomState(${this._bit_generator})`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * The generator of the legacy functions: the Mersenne Twister (or another bit generator) with the algorithms of NumPy 1.16, whose numbers never change.
 *
 * @example
 * new np.random.RandomState(0).rand(2) // => array([0.5488135 , 0.71518937])
 */
export const RandomState: Newless<typeof LegacyGenerator> = /* @__PURE__ */ newless(
  /* @__PURE__ */ methodsByName(LegacyGenerator, {
    randint: 'low',
    choice: 'a',
    shuffle: 'x',
    permutation: 'x',
    multivariate_normal: 'mean cov',
    multinomial: 'n pvals',
    dirichlet: 'alpha',
    bytes: 'length',
  }),
  'RandomState',
)
export type RandomState = LegacyGenerator
