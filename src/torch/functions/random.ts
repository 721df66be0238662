/** Random tensors: PyTorch's own numbers for the same seed. */

import { allocate } from '../../core/allocate.ts'
import * as core from '../../core/dtype.ts'
import { ArgumentError, DTypeError, RuntimeError } from '../../core/errors.ts'
import type { Device } from '../../core/storage.ts'
import type { Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import * as p from '../../ops/index.ts'
import { coreDevice } from '../device.ts'
import { coreDType, defaultCore } from '../dtype.ts'
import { defaultGenerator, Generator } from '../generator.ts'
import { isReadable, makeLeaf, said, Tensor, viewOf } from '../tensor.ts'
import { type Sizes, sizesOf, type TensorOptions } from './creation.ts'
import { checkTarget, deliver, mutate, type OutOption, tensorArg } from './support.ts'

/** Keywords of random functions. */
export interface RandomOptions extends TensorOptions, OutOption {
  /** What to draw from; the default generator else. */
  readonly generator?: Generator | null
}
interface Source {
  readonly generator?: Generator | null
}
function sourceOf(options: Source | undefined, device: Device = 'cpu'): Generator {
  const found = options?.generator ?? defaultGenerator(device)
  if (!(found instanceof Generator)) throw new ArgumentError(`expected a torch.Generator, got ${said(found)}`)
  return found
}

/** Distributions of the routine `mt19937` (docs/internals/abi.md). */
const UNIFORM = 0
const NORMAL = 1
const FROM_TO = 2
const RANDOM = 3
const BERNOULLI = 4
const EXPONENTIAL = 5
const CAUCHY = 6
const LOG_NORMAL = 7
const GEOMETRIC = 8

function finished(view: View, options: TensorOptions & OutOption): Tensor {
  if (options.out) return deliver('random', view, options.out)
  const t = new Tensor(view)
  if (options.requires_grad) makeLeaf(t, view)
  return t
}

function floating(name: string, options: TensorOptions, own?: core.DType): core.DType {
  const dtype = coreDType(options.dtype) ?? own ?? defaultCore()
  if (!dtype.isInexact) throw new DTypeError(`${name}() is not supported for dtype ${dtype.name}`, { op: name, dtypes: [dtype.name] })
  return dtype
}

/** Draws into fresh memory; complex parts are drawn as twice as many reals. */
function drawn(
  shape: readonly number[],
  dtype: core.DType,
  options: RandomOptions,
  words: readonly (number | bigint)[],
  device: Device = coreDevice(options.device),
): View {
  const generator = sourceOf(options, device)
  if (!dtype.isComplex) {
    const out = allocate(shape, dtype, device)
    generator.draw(out, words)
    return out
  }
  const parts = allocate([...shape, 2], core.realOf(dtype), device)
  generator.draw(parts, words)
  return viewOf(p.viewAsComplex(parts))
}

/**
 * Random numbers from 0 to 1, 1 not included.
 *
 * @example
 * ```ts
 * torch.manual_seed(0)
 * torch.rand(2, 2) // => tensor([[0.4963, 0.7682],
 *                  //            [0.0885, 0.1320]])
 * ```
 */
export function rand(...size: Sizes<RandomOptions>): Tensor {
  const { shape, options } = sizesOf('rand', size)
  return finished(drawn(shape, floating('rand', options), options, [UNIFORM, 0, 1]), options)
}

/**
 * Random numbers of the standard normal distribution.
 *
 * @example
 * ```ts
 * torch.manual_seed(0)
 * torch.randn(3) // => tensor([ 1.5410, -0.2934, -2.1788])
 * ```
 */
export function randn(...size: Sizes<RandomOptions>): Tensor {
  const { shape, options } = sizesOf('randn', size)
  const dtype = floating('randn', options)
  const deviation = dtype.isComplex ? Math.SQRT1_2 : 1
  return finished(drawn(shape, dtype, options, [NORMAL, 0, deviation, 0]), options)
}

/** Bounds and words of `randint` and `random_(from, to)`. */
function rangeWords(from: number, to: number, name: string): (number | bigint)[] {
  if (!Number.isInteger(from) || !Number.isInteger(to)) throw new ArgumentError(`${name}(): argument must be int, not float`)
  if (from >= to) throw new RuntimeError(`random_ expects 'from' to be less than 'to', but got from=${from} >= to=${to}`)
  const halves = (x: bigint) => [Number(BigInt.asUintN(32, x >> 32n)), Number(BigInt.asUintN(32, x))]
  return [FROM_TO, ...halves(BigInt(from)), ...halves(BigInt(to) - BigInt(from))]
}

/** Random integers from `low` (0) to `high`, not included. */
export function randint(...args: readonly (number | readonly number[] | RandomOptions)[]): Tensor {
  const numbers = args.filter((x): x is number => typeof x === 'number')
  const size = args.find((x): x is readonly number[] => Array.isArray(x))
  const last = args.at(-1)
  const options = (typeof last === 'object' && !Array.isArray(last) ? last : {}) as RandomOptions & {
    low?: number
    high?: number
    size?: readonly number[]
  }
  const [low, high] = numbers.length > 1 ? [numbers[0]!, numbers[1]!] : [options.low ?? 0, numbers[0] ?? options.high!]
  const { shape } = sizesOf('randint', [size ?? options.size ?? []])
  if (size === undefined && options.size === undefined) throw new ArgumentError("randint(): argument 'size' must be tuple of ints")
  const device = coreDevice(options.device)
  const out = allocate(shape, coreDType(options.dtype) ?? core.int64, device)
  sourceOf(options, device).draw(out, rangeWords(low, high, 'randint'))
  return finished(out, options)
}

/** The integers from 0 to n - 1 in random order. */
export function randperm(n: number, options: RandomOptions = {}): Tensor {
  if (!Number.isInteger(n) || n < 0) throw new RuntimeError('n must be non-negative')
  const device = coreDevice(options.device)
  const out = allocate([n], core.int64, device)
  sourceOf(options, device).permute(out)
  const dtype = coreDType(options.dtype) ?? core.int64
  return finished(viewOf(p.cast(out, dtype)), options)
}

const likeOptions = (input: Tensor, options: RandomOptions): RandomOptions => ({ dtype: input.dtype, device: input.device, ...options })
const shapeOf = (name: string, input: Tensor): readonly number[] => tensorArg(name, input).raw.shape
/** Random numbers from 0 to 1 with a tensor's shape and dtype. */
export const rand_like = (input: Tensor, options: RandomOptions = {}): Tensor =>
  rand(shapeOf('rand_like', input), likeOptions(input, options))
/** Standard normal numbers with a tensor's shape and dtype. */
export const randn_like = (input: Tensor, options: RandomOptions = {}): Tensor =>
  randn(shapeOf('randn_like', input), likeOptions(input, options))
/** Random integers with a tensor's shape and dtype. */
export const randint_like = (input: Tensor, low: number, high: number | RandomOptions, options: RandomOptions = {}): Tensor =>
  typeof high === 'number'
    ? randint(low, high, shapeOf('randint_like', input), likeOptions(input, options))
    : randint(0, low, shapeOf('randint_like', input), likeOptions(input, high))

/** 1 with probability p for each element, else 0, in the input's dtype; probabilities are the elements, or `p`. */
export function bernoulli(input: Tensor, probability?: number | RandomOptions, options: RandomOptions = {}): Tensor {
  const x = tensorArg('bernoulli', input)
  const given = typeof probability === 'object' ? probability : options
  const { device } = x.raw
  const out = allocate(x.raw.shape, core.bool, device)
  if (typeof probability === 'number') {
    if (!(probability >= 0 && probability <= 1)) throw new RuntimeError(`bernoulli_ expects p to be in [0, 1], but got p=${probability}`)
    sourceOf(given, device).draw(out, [BERNOULLI, probability])
    return deliver('bernoulli', p.cast(out, x.raw.dtype), given.out)
  }
  if (!x.raw.dtype.isFloat) throw new DTypeError(`bernoulli() is not supported for dtype ${x.raw.dtype.name}`, { op: 'bernoulli' })
  checkProbabilities(x)
  sourceOf(given, device).draw(out, [BERNOULLI], [x.memory])
  return deliver('bernoulli', p.cast(out, x.raw.dtype), given.out)
}

function checkProbabilities(x: Tensor): void {
  if (!isReadable(x.value)) return
  const inside = p.logicalAnd(p.ge(x.memory, 0), p.le(x.memory, 1))
  if (!new Tensor(p.all(inside)).item()) throw new RuntimeError('Expected p_in >= 0 && p_in <= 1 to be true, but got false.')
}

/** Normal random numbers whose means and standard deviations are tensors or numbers; with two numbers `size` is needed. */
export function normal(mean: Tensor | number, std: Tensor | number = 1, ...rest: readonly (readonly number[] | RandomOptions)[]): Tensor {
  const size = rest.find((x): x is readonly number[] => Array.isArray(x))
  const options = (rest.find((x) => !Array.isArray(x)) ?? {}) as RandomOptions & { size?: readonly number[] }
  if (typeof std === 'number' && !(std >= 0)) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`)
  if (std instanceof Tensor && std.numel() > 0 && isReadable(std.value) && !new Tensor(p.all(p.ge(std.memory, 0))).item()) {
    throw new RuntimeError('normal expects all elements of std >= 0.0')
  }
  if (typeof mean === 'number' && typeof std === 'number') {
    const { shape } = sizesOf('normal', [size ?? options.size ?? []])
    return finished(drawn(shape, floating('normal', options), options, [NORMAL, mean, std, 0]), options)
  }
  const like = p.add(valueLike(mean, std), valueLike(std, mean))
  const noise = drawn(like.shape, like.dtype, options, [NORMAL, 0, 1, 0], like.device)
  const scaled = p.add(p.mul(noise, valueLike(std, mean)), valueLike(mean, std))
  return finished(viewOf(scaled), options)
}
const valueLike = (x: Tensor | number, other: Tensor | number): Value =>
  x instanceof Tensor ? x.memory : p.full([], x, tensorArg('normal', other, 'std').raw.dtype)

/** Indices drawn with the rows of a tensor as weights, which need not sum to 1. */
export function multinomial(
  input: Tensor,
  num_samples: number,
  replacement: boolean | RandomOptions = false,
  options: RandomOptions = {},
): Tensor {
  const x = tensorArg('multinomial', input)
  const again = typeof replacement === 'boolean' ? replacement : ((replacement as { replacement?: boolean } | null)?.replacement ?? false)
  const given = typeof replacement === 'object' && replacement !== null ? replacement : options
  const { shape, dtype } = x.raw
  if (x.ndim !== 1 && x.ndim !== 2) throw new RuntimeError('prob_dist must be 1 or 2 dim')
  if (!dtype.isFloat) throw new DTypeError(`multinomial only supports floating-point dtypes for input, got: ${dtype.name}`)
  const n = shape.at(-1)!
  if (!(num_samples > 0)) throw new RuntimeError('cannot sample n_sample <= 0 samples')
  if (!again && num_samples > n) throw new RuntimeError('cannot sample n_sample > prob_dist.size(-1) samples without replacement')
  const valid = p.logicalAnd(p.isfinite(x.memory), p.ge(x.memory, 0))
  if (isReadable(x.value) && !new Tensor(p.all(valid)).item())
    throw new RuntimeError('probability tensor contains either `inf`, `nan` or element < 0')
  const source = sourceOf(given, x.raw.device)
  if (!again || num_samples === 1) return new Tensor(byRace(x.memory, num_samples, source))
  return new Tensor(byCumulation(x.memory, num_samples, source))
}

/** The first to arrive of exponential arrival times: the greatest weight over an exponential sample. */
function byRace(weights: View, samples: number, generator: Generator): Value {
  const q = allocate(weights.shape, weights.dtype, weights.device)
  generator.draw(q, [EXPONENTIAL, 1])
  const ratio = p.div(weights, q)
  if (samples === 1) return p.argmax(ratio, [weights.ndim - 1], true)
  return p.topk(ratio, samples, weights.ndim - 1)[1]!
}

/** Inversion of the cumulated weights with float64 uniform samples. */
function byCumulation(weights: View, samples: number, generator: Generator): Value {
  const axis = weights.ndim - 1
  const dtype = weights.device === 'cpu' ? core.float64 : core.float32
  const total = p.cumsum(p.cast(weights, dtype), axis)
  const all = p.narrow(total, axis, weights.shape[axis]! - 1, 1)
  const u = allocate([...weights.shape.slice(0, -1), samples], dtype, weights.device)
  generator.draw(u, [UNIFORM, 0, 1])
  const at = p.searchsorted(p.div(total, all), u)
  return p.minimum(at, weights.shape[axis]! - 1)
}

/** Overwrites a tensor with draws. */
function filledBy(
  name: string,
  self: Tensor,
  words: (target: View) => readonly (number | bigint)[],
  options: Source | undefined,
  kinds: string,
): Tensor {
  const x = tensorArg(name, self)
  if (!kinds.includes(x.raw.dtype.kind)) throw new DTypeError(`${name}() is not supported for dtype ${x.raw.dtype.name}`, { op: name })
  const fill = (target: View) => {
    checkTarget(target)
    const generator = sourceOf(options, target.device)
    if (target.dtype.isComplex) {
      const parts = viewOf(p.viewAsReal(target))
      generator.draw(parts, words(parts))
    } else generator.draw(target, words(target))
  }
  return mutate(
    x,
    [],
    (old) => {
      const fresh = allocate(old.raw.shape, old.raw.dtype, old.raw.device)
      fill(fresh)
      return new Tensor(fresh)
    },
    (target) => {
      fill(target)
      target.storage.version++
    },
  )
}

const optionsOf = <O extends object>(
  values: readonly unknown[],
  names: readonly string[],
  defaults: Record<string, number>,
): { numbers: number[]; options: O } => {
  const last = values.at(-1)
  const options = (typeof last === 'object' && last !== null ? last : {}) as Record<string, unknown>
  const plain = typeof last === 'object' && last !== null ? values.slice(0, -1) : values
  const numbers = names.map((n, i) => {
    const x = plain[i] ?? options[n] ?? defaults[n]
    if (x !== undefined && typeof x !== 'number') throw new ArgumentError(`argument '${n}' must be float, not ${said(x)}`)
    return x as number
  })
  return { numbers, options: options as O }
}
type Fill = (self: Tensor, ...args: readonly (number | Source | Record<string, unknown> | undefined)[]) => Tensor

const filler =
  (name: string, kind: number, names: readonly string[], defaults: Record<string, number>, check?: (numbers: number[]) => void): Fill =>
  (self, ...args) => {
    const { numbers, options } = optionsOf<Source>(args, names, defaults)
    check?.(numbers)
    const words = (target: View) => (kind === NORMAL ? [NORMAL, ...numbers, target.contiguous ? 0 : 1] : [kind, ...numbers])
    return filledBy(name, self, words, options, kind === UNIFORM || kind === NORMAL ? 'fc' : 'f')
  }

/** Fills with random numbers from `from` (0) to `to` (1), in place. */
export const uniform_: Fill = filler('uniform_', UNIFORM, ['from', 'to'], { from: 0, to: 1 }, ([from, to]) => {
  if (!(from! <= to!)) throw new RuntimeError(`uniform_ expects to return a [from, to) range, but found from=${from} > to=${to}`)
})
/** Fills with normal random numbers of a mean (0) and a standard deviation (1), in place. */
export const normal_: Fill = filler('normal_', NORMAL, ['mean', 'std'], { mean: 0, std: 1 }, ([, std]) => {
  if (!(std! >= 0)) throw new RuntimeError(`normal expects std >= 0.0, but found std ${std}`)
})
/** Fills with exponential random numbers of a rate (1), in place. */
export const exponential_: Fill = filler('exponential_', EXPONENTIAL, ['lambd'], { lambd: 1 }, ([rate]) => {
  if (!(rate! > 0)) throw new RuntimeError(`exponential_ expects lambda > 0.0, but found lambda=${rate}`)
})
/** Fills with Cauchy random numbers of a median (0) and a scale (1), in place. */
export const cauchy_: Fill = filler('cauchy_', CAUCHY, ['median', 'sigma'], { median: 0, sigma: 1 }, ([, sigma]) => {
  if (!(sigma! > 0)) throw new RuntimeError(`cauchy_ expects sigma > 0.0, but found sigma=${sigma}`)
})
/** Fills with numbers whose logarithms are normal of a mean (1) and a standard deviation (2), in place. */
export const log_normal_: Fill = filler('log_normal_', LOG_NORMAL, ['mean', 'std'], { mean: 1, std: 2 }, ([, std]) => {
  if (!(std! > 0)) throw new RuntimeError(`log_normal_ expects std > 0.0, but found std=${std}`)
})
/** Fills with numbers of trials to the first success of a probability, in place. */
export const geometric_: Fill = (self, ...args) => {
  const { numbers, options } = optionsOf<Source>(args, ['p'], {})
  if (!(numbers[0]! > 0 && numbers[0]! < 1)) throw new RuntimeError(`geometric_ expects p to be in (0, 1), but got p=${numbers[0]}`)
  return filledBy('geometric_', self, () => [GEOMETRIC, ...numbers], options, 'iuf')
}

/** Fills with random integers from `from` (0) to `to`, not included, or of the dtype's whole range, in place. */
export const random_: Fill = (self, ...args) => {
  const { numbers, options } = optionsOf<Source>(args, ['from', 'to'], {})
  const [first, second] = numbers
  const words = () =>
    first === undefined ? [RANDOM] : second === undefined ? rangeWords(0, first, 'random_') : rangeWords(first, second, 'random_')
  return filledBy('random_', self, words, options, 'biuf')
}

/** Fills with 1 with a probability (0.5), else 0, in place; the probability may be a tensor. */
export function bernoulli_(self: Tensor, probability: number | Tensor = 0.5, options: Source = {}): Tensor {
  const draw = (like: Tensor): Value => {
    const { device } = like.raw
    const out = allocate(like.raw.shape, core.bool, device)
    if (probability instanceof Tensor) {
      checkProbabilities(probability)
      const wide = p.broadcastTo(probability.memory, like.raw.shape) as View
      sourceOf(options, device).draw(
        out,
        [BERNOULLI],
        [wide.dtype.isFloat ? wide : viewOf(p.cast(wide, device === 'cpu' ? core.float64 : core.float32))],
      )
    } else {
      if (!(probability >= 0 && probability <= 1)) throw new RuntimeError(`bernoulli_ expects p to be in [0, 1], but got p=${probability}`)
      sourceOf(options, device).draw(out, [BERNOULLI, probability])
    }
    return p.cast(out, like.raw.dtype)
  }
  return mutate(self, [], (old) => new Tensor(draw(old)))
}
