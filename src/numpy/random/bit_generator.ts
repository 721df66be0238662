/** What all bit generators have in common: a state that the kernels advance, and the seed sequence that it came from. */

import { allocate } from '../../core/allocate.ts'
import { backendOf } from '../../core/backend.ts'
import { describe } from '../../core/describe.ts'
import { DType, uint64 } from '../../core/dtype.ts'
import { items, viewOf, writeItems } from '../../core/element.ts'
import { ArgumentError, RuntimeError, ValueError } from '../../core/errors.ts'
import { sizeOf } from '../../core/shape.ts'
import { View } from '../../core/view.ts'
import { asView, unwrap } from '../convert.ts'
import type { NDArray } from '../ndarray.ts'
import type { ArrayLike, Result } from '../types.ts'
import { DRAWS, KINDS } from './draws.ts'
import { type Entropy, SeedSequence } from './seed_sequence.ts'
import { asSize, type Size } from './size.ts'

const isView = (x: unknown): boolean => x instanceof View

/** These members are for the library alone, but JavaScript lets anyone call them. */
function checkDraw(distribution: unknown, shape: unknown, dtype: unknown, params: unknown): void {
  const fits =
    typeof distribution === 'number' &&
    Array.isArray(shape) &&
    shape.every((n) => Number.isInteger(n) && n >= 0) &&
    dtype instanceof DType &&
    Array.isArray(params) &&
    params.every((x) => typeof x === 'number' || isView(x))
  if (!fits) throw new ArgumentError(`a draw needs its distribution, shape, dtype and parameters, got ${describe(distribution)}`)
}

function checkViews(...views: unknown[]): void {
  const odd = views.find((x) => !isView(x))
  if (odd !== undefined || !views.every(isView)) throw new ArgumentError(`expected a view, got ${describe(odd)}`)
}

/** What a bit generator is made from. */
export type Seed = Entropy | SeedSequence | null

/** What `state` gives and takes, as NumPy's `bit_generator.state`; what is in `state` differs from generator to generator. */
export interface BitState {
  bit_generator: string
  state: Record<string, any> // big integers, numbers or arrays, by generator
  [rest: string]: any
}

/**
 * A source of random bits: `PCG64`, `PCG64DXSM`, `MT19937`, `Philox` or `SFC64`. The same seed gives NumPy's numbers.
 *
 * `new np.random.Generator(bits)` draws from distributions with it. This class is the base of the five and cannot be made itself.
 *
 * @example
 * new np.random.SFC64(1).random_raw() // => 18365948275979584072n
 */
export abstract class BitGenerator {
  /** @internal The generator's number in the kernels. */
  abstract readonly kind: number
  /** @internal The state, which the kernels advance. */
  abstract readonly words: View
  /** The seed sequence that the state came from; null when it came from a key or a legacy seed. */
  seed_seq: SeedSequence | null

  constructor(seed: Seed = null) {
    if (new.target === (BitGenerator as unknown)) {
      throw new ArgumentError('BitGenerator is a base class and cannot be instantized')
    }
    this.seed_seq = seed instanceof SeedSequence ? seed : new SeedSequence(seed)
  }

  /** @internal The generator's name, which minifiers leave alone. */
  get name(): string {
    return Object.keys(KINDS)[this.kind]!
  }

  /** The whole state, which can be kept and set again. Setting the state of another kind of generator is a ValueError. */
  abstract get state(): BitState
  abstract set state(value: BitState)

  /**
   * Raw outputs, uint64 (of MT19937 32 bits each); with `output` false they are only skipped.
   *
   * @example
   * new np.random.PCG64(1).random_raw(2) // => array([ 9441442522235856127, 17532960557476522086], dtype=uint64)
   */
  random_raw(size: Size = null, output = true): Result {
    const out = this.draw(DRAWS.raw, asSize(size), uint64, [])
    return output ? unwrap(out) : null
  }

  /**
   * Bit generators of the same kind with seeds of their own, for independent streams.
   *
   * @example
   * new np.random.PCG64(1).spawn(2).length // => 2
   */
  spawn(n_children: number): this[] {
    if (!Number.isInteger(n_children)) throw new ArgumentError(`spawn(): expected a number of children, got ${String(n_children)}`)
    if (n_children < 0) throw new ValueError('n_children must be non-negative')
    if (!this.seed_seq) throw new ArgumentError('The underlying SeedSequence does not implement spawning.')
    const make = this.constructor as new (seed: Seed) => this
    return this.seed_seq.spawn(n_children).map((seed) => new make(seed))
  }

  /** @internal A fresh array of draws; parameters are numbers, or views of the array's shape. */
  draw(distribution: number, shape: readonly number[], dtype: DType, params: readonly (number | View)[], out?: View): View {
    checkDraw(distribution, shape, dtype, params)
    if (out !== undefined) checkViews(out)
    const target = out ?? allocate(shape, dtype)
    const views = params.filter((x) => typeof x !== 'number')
    const words = params.filter((x) => typeof x === 'number')
    if (target.size > 0) backendOf('cpu').call('random', [target, this.words], views, [this.kind, distribution, ...words])
    return target
  }

  /** @internal As `draw`, with RandomState's algorithms; `gauss` keeps the second normal number of a pair. */
  drawLegacy(gauss: View, distribution: number, shape: readonly number[], dtype: DType, params: readonly (number | View)[]): View {
    checkDraw(distribution, shape, dtype, params)
    checkViews(gauss)
    const target = allocate(shape, dtype)
    const views = params.filter((x) => typeof x !== 'number')
    const words = params.filter((x) => typeof x === 'number')
    if (target.size > 0) backendOf('cpu').call('random_legacy', [target, this.words, gauss], views, [this.kind, distribution, ...words])
    return target
  }

  /** @internal Vectors along the last axis; the parameters have the vectors' shape, or that without the last axis. */
  vectors(kind: number, shape: readonly number[], dtype: DType, params: readonly View[], gauss: readonly View[] = []): View {
    checkDraw(kind, shape, dtype, params)
    checkViews(...gauss)
    const target = allocate(shape, dtype, 'cpu', true)
    if (sizeOf(shape) > 0) backendOf('cpu').call('random_vectors', [target, this.words, ...gauss], params, [this.kind, kind])
    return target
  }

  /** @internal Shuffles a 1-d view in place. */
  shuffle(x: View, first: number, kind: number): void {
    checkViews(x)
    if (x.size > 1) backendOf('cpu').call('random_shuffle', [x, this.words], [], [this.kind, first, kind])
  }

  /** @internal Indices without repetition. */
  choice(out: View, n: number, shuffle: boolean): void {
    checkViews(out)
    if (out.size > 0) backendOf('cpu').call('random_choice', [out, this.words], [], [this.kind, n, shuffle ? 1 : 0])
  }

  /** @internal The words of the state as big integers. */
  protected read(): bigint[] {
    return items(this.words).map((x) => BigInt(x as number))
  }

  /** @internal Overwrites the words of the state. */
  protected write(words: readonly bigint[]): void {
    if (words.length !== this.words.size) throw new RuntimeError(`the state has ${this.words.size} words, not ${words.length}`)
    writeItems(this.words, words)
  }

  /** @internal A state of this generator, or the error that it is not one. */
  protected checked(value: BitState): BitState {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new ArgumentError('state must be a dict')
    const name = this.name
    if (value.bit_generator !== name) throw new ValueError(`state must be for a ${name} ${this.kind < KINDS.MT19937 ? 'RNG' : 'PRNG'}`)
    if (typeof value.state !== 'object' || value.state === null) throw new ValueError('state dictionary is not valid.')
    return value
  }

  toString(): string {
    return this.name
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `<${this.name}>`
  }
}

/** A non-negative integer of a state; others are an ArgumentError. */
export function stateInteger(name: string, x: unknown): bigint {
  if (typeof x === 'bigint' || (typeof x === 'number' && Number.isInteger(x))) return BigInt(x)
  throw new ArgumentError(`${name} must be an integer, got ${String(x)}`)
}

/** `n` integers of a state, from a list or an array. */
export function stateIntegers(name: string, x: unknown, n: number): bigint[] {
  const list = items(asView(x as ArrayLike))
  if (list.length !== n) throw new ValueError(`${name} must have ${n} elements`)
  return list.map((word) => stateInteger(name, word))
}

/** How far `advance` and `jumped` go: any integer, wrapped to `bits`. */
export function steps(op: string, delta: unknown, bits: number): bigint {
  if (typeof delta === 'bigint' || (typeof delta === 'number' && Number.isInteger(delta))) return BigInt.asUintN(bits, BigInt(delta))
  throw new ArgumentError(`${op}(): expected an integer, got ${String(delta)}`, { op })
}

/** Words of a state as an array. */
export const stateArray = (words: readonly bigint[], dtype: DType): NDArray => unwrap(viewOf(words as bigint[], [words.length], dtype))
