/** `np.random`: generators, and the legacy functions over one global state. */

import { ArgumentError } from '../../core/errors.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike, DTypeLike, Result } from '../types.ts'
import { Generator } from './generator.ts'
import { RandomState } from './legacy.ts'
import { PCG64 } from './pcg64.ts'
import { type Entropy, SeedSequence } from './seed_sequence.ts'
import type { Size } from './size.ts'

export { Generator, PCG64, RandomState, SeedSequence }

/**
 * A new Generator over PCG64: the same seed gives NumPy's numbers. Without a seed it is the system's entropy; a Generator is given back.
 *
 * @example
 * np.random.default_rng(42).integers(0, 10, 5) // => array([0, 7, 6, 4, 4])
 */
export function default_rng(seed: Entropy | SeedSequence | PCG64 | Generator | null = null): Generator {
  if (seed instanceof Generator) return seed
  if (seed instanceof PCG64) return new Generator(seed)
  if (typeof seed === 'string' || typeof seed === 'function')
    throw new ArgumentError(`default_rng(): expected an integer seed, got ${String(seed)}`, { op: 'default_rng' })
  return new Generator(new PCG64(seed))
}

let global: RandomState | null = null
const state = (): RandomState => {
  global ??= new RandomState()
  return global
}

/**
 * Seeds the legacy functions of this module.
 *
 * @example
 * np.random.seed(0)
 * np.random.rand(2) // => array([0.5488135 , 0.71518937])
 */
export const seed = (value: number | bigint | readonly number[] | null = null): void => state().seed(value)

/** Uniform samples in [0, 1) of a shape given by lengths. */
export const rand = (...shape: number[]): Result => state().rand(...shape)
/** Standard normal samples of a shape given by lengths. */
export const randn = (...shape: number[]): Result => state().randn(...shape)
/** Uniform samples in [0, 1). */
export const random = (size: Size = null): Result => state().random_sample(size)
/** Uniform samples in [0, 1). */
export const random_sample = (size: Size = null): Result => state().random_sample(size)
/** Random integers from `low` up to, but not with, `high`. */
export const randint = (
  low: number | bigint,
  high?: number | bigint | null | { high?: number; size?: Size; dtype?: DTypeLike },
  size?: Size,
  dtype?: DTypeLike,
): Result => state().randint(low, high, size, dtype)
/** Samples of the normal distribution. */
export const normal = (loc?: ArrayLike, scale?: ArrayLike, size?: Size): Result => state().normal(loc, scale, size)
/** Samples of the standard normal distribution. */
export const standard_normal = (size: Size = null): Result => state().standard_normal(size)
/** Uniform samples between two bounds. */
export const uniform = (low?: ArrayLike, high?: ArrayLike, size?: Size): Result => state().uniform(low, high, size)
/** Samples of the exponential distribution. */
export const exponential = (scale?: ArrayLike, size?: Size): Result => state().exponential(scale, size)
/** A shuffled copy, or the numbers 0 .. x-1 in random order. */
export const permutation = (x: ArrayLike): NDArray => state().permutation(x)
/** Shuffles an array along its first axis, or a list, in place. */
export const shuffle = (x: NDArray | unknown[]): void => state().shuffle(x)
/** A random sample of the items of a 1-d array, or of 0 .. a-1. */
export const choice = (a: ArrayLike, size?: Size, replace?: boolean, p?: ArrayLike | null): Result => state().choice(a, size, replace, p)
