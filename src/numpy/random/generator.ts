/** `np.random.Generator`: samples of distributions from a bit generator, the same numbers as NumPy's. */

import { isKeywords, keyword, type Rest, signature } from '../../core/arguments.ts'
import { methodsByName } from '../../core/by_name.ts'
import { type Newless, newless } from '../../core/callable.ts'
import { copyInto } from '../../core/copy.ts'
import { bool, type DType, float32, float64, int64, uint32 } from '../../core/dtype.ts'
import { items } from '../../core/element.ts'
import { ArgumentError, DTypeError, MemoryError, ShapeError, ValueError } from '../../core/errors.ts'
import { normalizeAxis, type Shape, sameShape, sizeOf } from '../../core/shape.ts'
import { broadcastView, type View } from '../../core/view.ts'
import { take as takeRow } from '../../lib/indexing.ts'
import * as p from '../../ops/index.ts'
import { asArray, asView, target, unwrap, wrap } from '../convert.ts'
import { maybeDType } from '../dtypes.ts'
import { isFortran } from '../flags.ts'
import '../methods.ts'
import { copyOf, NDArray } from '../ndarray.ts'
import type { ArrayLike, DTypeLike, Result } from '../types.ts'
import { BitGenerator } from './bit_generator.ts'
import { type ChoiceWords, checkedChances, distinctWeighted, order, shuffleInPlace, weighted } from './choosing.ts'
import { Distributions } from './distributions.ts'
import { DRAWS } from './draws.ts'
import { integersDrawing } from './integers.ts'
import {
  dirichlet,
  type MultivariateOptions,
  multinomial,
  multivariateHypergeometric,
  multivariateNormal,
  type UrnOptions,
} from './multivariate.ts'
import { checkRule, outputShape, parameterView } from './parameters.ts'
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
  high?: ArrayLike | null
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
const gammaArgs = signature<FloatOptions>('standard_gamma', ['size', 'dtype', 'out'])
const integersArgs = signature<IntegersOptions>('integers', ['high', 'size', 'dtype', 'endpoint'])
const choiceArgs = signature<ChoiceOptions>('choice', ['size', 'replace', 'p', 'axis', 'shuffle'])
const multivariateArgs = signature<MultivariateOptions>('multivariate_normal', ['size', 'check_valid', 'tol'], ['method'], 2)
const urnArgs = signature<UrnOptions>('multivariate_hypergeometric', ['size', 'method'], [], 2)
const permutedArgs = signature<{ axis?: number | null; out?: NDArray | null }>('permuted', [], ['axis', 'out'])
type FloatRest = Rest<FloatOptions, ['size', 'dtype', 'out']>

const WORDS: ChoiceWords = {
  dimensions: 'p must be 1-dimensional',
  length: 'a and p must have same size',
  nan: 'Probabilities contain NaN',
  negative: 'Probabilities are not non-negative',
  sum: 'Probabilities do not sum to 1. See Notes section of docstring for more information.',
}

/** What `Generator` makes. */
class RandomGenerator extends Distributions {
  /** @internal */
  protected readonly legacy: boolean = false
  readonly #bits: BitGenerator

  constructor(bit_generator: BitGenerator) {
    super()
    if (!(bit_generator instanceof BitGenerator)) {
      throw new ValueError('Invalid bit generator. The bit generator must be instantiated.', { hint: 'new np.random.PCG64(seed)' })
    }
    this.#bits = bit_generator
  }

  /** The source of random bits, whose `state` can be kept and set. */
  get bit_generator(): BitGenerator {
    return this.#bits
  }

  /** @internal */
  protected take(draw: number, shape: Shape, dtype: DType, params: readonly (number | View)[]): View {
    return this.#bits.draw(draw, shape, dtype, params)
  }

  /**
   * Generators with seeds of their own, for independent streams.
   *
   * @example
   * np.random.default_rng(0).spawn(2).map((rng) => rng.integers(10)) // => [ 8, 6 ]
   */
  spawn(n_children: number): Generator[] {
    return this.#bits.spawn(n_children).map((bits) => new Generator(bits))
  }

  /** Fills an array of float64 or float32, a new one or `out`. */
  private floats(op: string, draw: number, { size, dtype, out }: FloatOptions, param?: View): Result {
    const to = maybeDType(dtype) ?? float64
    if (to !== float64 && to !== float32) throw new DTypeError(`Unsupported dtype dtype('${to.name}') for ${op}`, { op, dtypes: [to.name] })
    const packed = param !== undefined
    if (out) checkOutput(op, out, to, size, packed)
    const shape = param ? outputShape(op, [param], out ? out.shape : size) : asSize(size)
    const params = param ? [param.ndim === 0 ? (items(param)[0] as number) : broadcastView(param, shape)] : []
    if (!out) return unwrap(this.#bits.draw(draw, shape, to, params))
    const v = target(op, out).value
    // Without parameters an array in Fortran's order is filled as it lies.
    const into = v.contiguous ? v : (p.transpose(v, [...v.shape.keys()].reverse()) as View)
    this.#bits.draw(draw, into.shape, to, params, into)
    v.storage.version++
    return out
  }

  /**
   * Uniform samples in [0, 1). `dtype` is float64 or float32; `out` is filled instead of a new array.
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

  /**
   * Samples of the exponential distribution with scale 1; `method: 'inv'` is by inversion, as NumPy once did.
   *
   * @example
   * np.random.default_rng(0).standard_exponential(2) // => array([0.6799319, 1.0195971])
   */
  standard_exponential(...rest: Rest<FloatOptions, ['size', 'dtype', 'method', 'out']>): Result {
    const options = exponentialArgs(rest)
    const draw = (options.method ?? 'zig') === 'zig' ? DRAWS.standard_exponential : DRAWS.standard_exponential_inverse
    return this.floats('standard_exponential', draw, options)
  }

  /**
   * Samples of the gamma distribution with scale 1.
   *
   * @example
   * np.random.default_rng(0).standard_gamma(2, 2) // => array([1.83431007, 2.63769797])
   */
  override standard_gamma(shape: ArrayLike, ...rest: FloatRest): Result {
    if (isKeywords(shape)) {
      const { shape: given, ...others } = shape as unknown as { shape: ArrayLike }
      return this.standard_gamma(given, others as FloatOptions)
    }
    if (shape === undefined) throw new ArgumentError("standard_gamma() missing 1 required positional argument: 'shape'")
    const v = parameterView('standard_gamma', shape)
    checkRule('standard_gamma', 'shape', 'notNegative', v, v.ndim > 0)
    return this.floats('standard_gamma', DRAWS.standard_gamma, gammaArgs(rest), v)
  }

  /**
   * Random integers from `low` up to, but not with, `high`; from 0 up to `low` when `high` is not given. Bounds are numbers or arrays.
   *
   * @example
   * np.random.default_rng(0).integers(0, 10, 3) // => array([8, 6, 5])
   * np.random.default_rng(0).integers(1, 6, 3, { dtype: 'uint8', endpoint: true }) // => array([3, 4, 5], dtype=uint8)
   */
  integers(low: ArrayLike, ...rest: Rest<IntegersOptions, ['high', 'size', 'dtype', 'endpoint']>): Result {
    const { high, size, dtype, endpoint = false } = integersArgs(rest)
    const drawn = integersDrawing({ op: 'integers', low, high, size, dtype: maybeDType(dtype) ?? int64, endpoint })
    return unwrap(this.take(drawn.draw, drawn.shape, drawn.dtype, drawn.params))
  }

  /**
   * `length` random bytes.
   *
   * @example
   * np.random.default_rng(0).bytes(4) // => Uint8Array(4) [ 95, 130, 194, 217 ]
   */
  bytes(length: number): Uint8Array {
    return randomBytes(length, (n) => this.integers(0, 2 ** 32, n, 'uint32'))
  }

  /**
   * A random sample of the items of an array along an axis, or of 0 .. a-1.
   *
   * @example
   * np.random.default_rng(0).choice(5, 3) // => array([4, 3, 2])
   * np.random.default_rng(0).choice(5, 3, { replace: false }) // => array([3, 4, 2])
   * np.random.default_rng(0).choice([10, 20, 30], { p: [0.1, 0.8, 0.1], size: 4 }) // => array([20, 20, 10, 10])
   */
  choice(a: ArrayLike, ...rest: Rest<ChoiceOptions, ['size', 'replace', 'p', 'axis', 'shuffle']>): Result {
    const op = 'choice'
    const { size = null, replace = true, p: weights, axis = 0, shuffle = true } = choiceArgs(rest)
    const source = asArray(a)
    const given = source.ndim === 0 ? null : source.value
    const at = given ? normalizeAxis(axis, given.ndim) : 0
    const n = given ? given.shape[at]! : populationOf(source, `a must be a sequence or an integer, not ${kindOf(a)}`)
    const shape = asSize(size)
    const count = sizeOf(shape)
    if (n <= 0 && count > 0) {
      const text = given ? 'a cannot be empty unless no samples are taken' : 'a must be a positive integer unless no samples are taken'
      throw new ValueError(text, { op })
    }
    const chances = weights === undefined || weights === null ? null : checkedChances(weights, n, WORDS)
    const uniform = (lengths: Shape): View => this.take(DRAWS.random, lengths, float64, [])
    let index: View
    if (replace) {
      index = chances ? weighted(chances, shape, uniform) : asView(this.integers(0, Math.max(n, 0), [...shape]), int64)
    } else {
      if (count > n) throw new ValueError('Cannot take a larger sample than population when replace is False', { op })
      index = p.reshape(chances ? distinctWeighted(chances, count, uniform) : this.distinct(n, count, shuffle), shape) as View
    }
    return unwrap(given ? takeRow(given, index, at) : index)
  }

  private distinct(n: number, count: number, shuffle: boolean): View {
    if (n > 10000 && count > Math.floor(n / (shuffle ? 50 : 20))) {
      const all = order(n, (x) => this.#bits.shuffle(x, Math.max(n - count, 1), 1))
      return copyOf(p.narrow(all, 0, n - count, count) as View)
    }
    const out = p.full([count], 0, int64) as View
    this.#bits.choice(out, n, shuffle)
    return out
  }

  private readonly shuffler = (x: View): void => this.#bits.shuffle(x, 1, 0)

  /**
   * Shuffles an array along an axis, or a list, in place.
   *
   * @example
   * const a = np.arange(5)
   * np.random.default_rng(0).shuffle(a)
   * a // => array([2, 4, 3, 0, 1])
   */
  shuffle(x: NDArray | unknown[], axis: number | { axis?: number } = 0): void {
    const given = keyword('shuffle', 'axis', axis as number, 0)
    if (Array.isArray(x) && given !== 0) throw new DTypeError('Axis argument is only supported on ndarray objects', { op: 'shuffle' })
    shuffleInPlace(x, x instanceof NDArray ? normalizeAxis(given, x.ndim) : 0, this.shuffler)
  }

  /**
   * A shuffled copy of an array along an axis, or the numbers 0 .. x-1 in random order.
   *
   * @example
   * np.random.default_rng(0).permutation(5) // => array([2, 4, 3, 0, 1])
   */
  permutation(x: ArrayLike, axis: number | { axis?: number } = 0): NDArray {
    const given = keyword('permutation', 'axis', axis as number, 0)
    if ((typeof x === 'number' && Number.isInteger(x)) || typeof x === 'bigint') return wrap(order(Number(x), this.shuffler))
    const a = asArray(x)
    const at = normalizeAxis(given, a.ndim)
    return wrap(takeRow(a.value, order(a.shape[at]!, this.shuffler), at))
  }

  /**
   * A copy in which every line along an axis is shuffled by itself; without an axis, all items.
   *
   * @example
   * np.random.default_rng(0).permuted([[0, 1, 2], [3, 4, 5]], { axis: 1 })
   * // => array([[2, 0, 1],
   * //           [5, 4, 3]])
   */
  permuted(x: ArrayLike, ...rest: [options?: { axis?: number | null; out?: NDArray | null }]): NDArray {
    const { axis = null, out } = permutedArgs(rest)
    const given = asView(x)
    if (out && !sameShape(out.shape, given.shape)) throw new ValueError('out must have the same shape as x', { op: 'permuted' })
    const to = out ? target('permuted', out).value : asArray(x).copy('K').value
    if (out) copyInto(to, given)
    if (axis === null) this.permuteAll(to)
    else this.permuteLines(to, normalizeAxis(axis, to.ndim))
    to.storage.version++
    return out ?? wrap(to)
  }

  /** Shuffles all items, in the order they lie in. */
  private permuteAll(v: View): void {
    const lying = !v.contiguous && isFortran(v) ? (p.transpose(v, [...v.shape.keys()].reverse()) as View) : v
    const flat = lying.contiguous ? (p.reshape(lying, [v.size]) as View) : copyOf(p.reshape(lying, [v.size]) as View)
    this.#bits.shuffle(flat, 1, 0)
    if (!lying.contiguous) copyInto(lying, p.reshape(flat, lying.shape) as View)
  }

  private permuteLines(v: View, axis: number): void {
    const lines = p.moveAxis(v, axis, v.ndim - 1) as View
    const lead = lines.shape.slice(0, -1)
    const n = v.shape[axis]!
    const work = copyOf(p.reshape(lines, [sizeOf(lead), n]) as View)
    for (let i = 0; i < sizeOf(lead); i++) this.#bits.shuffle(p.reshape(p.narrow(work, 0, i, 1), [n]) as View, 0, 0)
    copyInto(lines, p.reshape(work, lines.shape) as View)
  }

  /**
   * Samples of the multivariate normal distribution: vectors along the last axis.
   *
   * @example
   * np.random.default_rng(0).multivariate_normal([0, 0], [[1, 0], [0, 1]], { method: 'cholesky' }) // => array([ 0.12573022, -0.13210486])
   */
  multivariate_normal(mean: ArrayLike, cov: ArrayLike, ...rest: Rest<MultivariateOptions, ['size', 'check_valid', 'tol']>): Result {
    const normal = (shape: Shape): View => this.take(DRAWS.standard_normal, shape, float64, [])
    return multivariateNormal(mean, cov, multivariateArgs(rest), normal, false)
  }

  /**
   * How often each of several outcomes of probabilities `pvals` comes in n trials: counts along the last axis. Numbers of trials and the leading axes of
   * the probabilities broadcast.
   *
   * @example
   * np.random.default_rng(0).multinomial(10, [0.2, 0.3, 0.5]) // => array([2, 2, 6])
   */
  multinomial(n: ArrayLike, pvals: ArrayLike, size: Size | { size?: Size } = null): Result {
    return multinomial(this.#bits, n, pvals, keyword('multinomial', 'size', size as Size, null), false)
  }

  /**
   * Shares that sum to 1, along the last axis: the Dirichlet distribution.
   *
   * @example
   * np.random.default_rng(0).dirichlet([1, 2, 3]) // => array([0.13535118, 0.29897115, 0.56567768])
   */
  dirichlet(alpha: ArrayLike, size: Size | { size?: Size } = null): Result {
    return dirichlet(this.#bits, alpha, keyword('dirichlet', 'size', size as Size, null), null)
  }

  /**
   * How many of each colour come in a sample, without replacement, of an urn.
   *
   * @example
   * np.random.default_rng(0).multivariate_hypergeometric([5, 3, 2], 4) // => array([3, 0, 1])
   */
  multivariate_hypergeometric(colors: ArrayLike, nsample: number | bigint, ...rest: Rest<UrnOptions, ['size', 'method']>): Result {
    return multivariateHypergeometric(this.#bits, colors, nsample, urnArgs(rest))
  }

  override toString(): string {
    return `Generator(${this.#bits})`
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

/**
 * Samples from a bit generator. `np.random.default_rng(seed)` makes one over PCG64; the same seed gives NumPy's numbers.
 *
 * @example
 * np.random.default_rng(0).random() // => 0.6369616873214543
 * new np.random.Generator(new np.random.Philox(1)).random() // => 0.0668020093396563
 */
export const Generator: Newless<typeof RandomGenerator> = /* @__PURE__ */ newless(
  /* @__PURE__ */ methodsByName(RandomGenerator, {
    integers: 'low',
    choice: 'a',
    shuffle: 'x',
    permutation: 'x',
    permuted: 'x',
    multivariate_normal: 'mean cov',
    multinomial: 'n pvals',
    dirichlet: 'alpha',
    multivariate_hypergeometric: 'colors nsample',
    spawn: 'n_children',
    bytes: 'length',
  }),
  'Generator',
)
export type Generator = RandomGenerator

/** What `out` of a sampler of floats must be. */
function checkOutput(op: string, given: NDArray, dtype: DType, size: Size | undefined, packed: boolean): void {
  const out = target(op, given)
  if (!(out.value.contiguous || (isFortran(out.value) && !packed)) || out.flags.writeable === false) {
    const order = packed ? 'C-' : ''
    throw new ValueError(`Supplied output array must be ${order}contiguous, writable, aligned, and in machine byte-order.`, { op })
  }
  if (out.dtype !== dtype) {
    throw new DTypeError(`Supplied output array has the wrong type. Expected ${dtype.name}, got ${out.dtype.name}`, { op })
  }
  if (size !== null && size !== undefined && !sameShape(asSize(size), out.shape)) {
    throw new ShapeError('size must match out.shape when used together', { op })
  }
}

/** Python's name of the type of what is no sequence. */
const kindOf = (x: unknown): string => `<class '${typeof x === 'number' ? 'float' : x instanceof NDArray ? 'numpy.ndarray' : typeof x}'>`

/** A scalar array as the number of things to choose among. */
export function populationOf(source: NDArray, text: string): number {
  const x: unknown = source.item()
  if (source.dtype.isInteger || source.dtype === bool) return Number(x)
  throw new ValueError(text, { op: 'choice' })
}

/** Bytes of random uint32 words. */
export function randomBytes(length: number, words: (n: number) => NDArray): Uint8Array {
  if (!Number.isSafeInteger(length)) throw new ArgumentError(`bytes(): expected an integer length, got ${String(length)}`, { op: 'bytes' })
  // One word at least, and a negative length cuts from the end, as in NumPy.
  const n = Math.trunc((length - 1) / 4) + 1
  if (n < 0) throw new ValueError('negative dimensions are not allowed', { op: 'bytes' })
  if (n > 2 ** 29) throw new MemoryError(`${length} random bytes do not fit in memory`, { op: 'bytes' })
  const out = new Uint8Array(4 * n)
  const view = new DataView(out.buffer)
  for (const [i, word] of (items(asView(words(n), uint32)) as number[]).entries()) view.setUint32(4 * i, word, true)
  return out.slice(0, length)
}
