/** Philox, a counter under a cipher. Its steps are the kernels'; this holds the state. */

import { isKeywords } from '../../core/arguments.ts'
import { type Newless, newless } from '../../core/callable.ts'
import { uint64 } from '../../core/dtype.ts'
import { viewOf } from '../../core/element.ts'
import { ArgumentError, ValueError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import type { ArrayLike } from '../types.ts'
import { BitGenerator, type BitState, type Seed, stateArray, stateInteger, stateIntegers, steps } from './bit_generator.ts'
import { KINDS } from './draws.ts'

/** An integer of many bits, or its words of 64 bits, the lowest first. */
export type Wide = number | bigint | ArrayLike

/** Keyword arguments of Philox. */
export interface PhiloxOptions {
  seed?: Seed
  /** The 256-bit counter that the stream starts from. Default 0. */
  counter?: Wide | null
  /** The 128-bit key, instead of a seed. */
  key?: Wide | null
}

/** Words of 64 bits, the lowest first. */
function wordsOf(name: string, value: Wide, count: number): bigint[] {
  if (typeof value !== 'bigint' && typeof value !== 'number') {
    try {
      return stateIntegers(name, value, count).map((x) => BigInt.asUintN(64, x))
    } catch (error) {
      if (error instanceof ValueError) throw new ValueError(`${name} must have ${count} elements when using array form`)
      throw error
    }
  }
  const whole = stateInteger(name, value)
  if (whole < 0n || whole >> BigInt(64 * count)) throw new ValueError(`${name} must be positive and less than 2**${64 * count}.`)
  return Array.from({ length: count }, (_, i) => BigInt.asUintN(64, whole >> BigInt(64 * i)))
}

/** What `Philox` makes. */
class PhiloxBits extends BitGenerator {
  /** @internal */
  readonly kind: number = KINDS.Philox
  /** @internal uint64 [13]: counter [4], key [2], buffer [4], words of it used, has_uint32, uinteger. */
  readonly words: View

  constructor(seed?: Seed | PhiloxOptions, counter?: Wide | null, key?: Wide | null) {
    const given: PhiloxOptions = isKeywords(seed) ? seed : { seed: seed as Seed, counter, key }
    for (const name of Object.keys(given)) {
      if (!['seed', 'counter', 'key'].includes(name)) throw new ArgumentError(`Philox() got an unexpected keyword argument '${name}'`)
    }
    const keyed = given.key !== undefined && given.key !== null
    if (keyed && given.seed !== undefined && given.seed !== null) throw new ValueError('seed and key cannot be both used')
    super(given.seed ?? null)
    const start = wordsOf('counter', given.counter ?? 0, 4)
    const secret = keyed ? wordsOf('key', given.key!, 2) : [...this.seed_seq!.generate_state(2, 'uint64')]
    if (keyed) this.seed_seq = null
    this.words = viewOf([...start, ...secret, 0n, 0n, 0n, 0n, 4n, 0n, 0n], [13], uint64)
  }

  get state(): BitState {
    const words = this.read()
    return {
      bit_generator: 'Philox',
      state: { counter: stateArray(words.slice(0, 4), uint64), key: stateArray(words.slice(4, 6), uint64) },
      buffer: stateArray(words.slice(6, 10), uint64),
      buffer_pos: Number(words[10]),
      has_uint32: Number(words[11]),
      uinteger: Number(words[12]),
    }
  }
  set state(value: BitState) {
    const { state, buffer, buffer_pos, has_uint32, uinteger } = this.checked(value)
    this.write([
      ...stateIntegers('counter', state.counter, 4),
      ...stateIntegers('key', state.key, 2),
      ...stateIntegers('buffer', buffer, 4),
      stateInteger('buffer_pos', buffer_pos),
      stateInteger('has_uint32', has_uint32),
      stateInteger('uinteger', uinteger),
    ])
  }

  /** This generator, with its counter moved on by `delta` blocks of four numbers. */
  advance(delta: number | bigint): this {
    const words = this.read()
    const counter = words.slice(0, 4).reduce((sum, word, i) => sum + (word << BigInt(64 * i)), steps('advance', delta, 256))
    const next = wordsOf('counter', BigInt.asUintN(256, counter), 4)
    this.write([...next, ...words.slice(4, 6), 0n, 0n, 0n, 0n, 4n, 0n, 0n])
    return this
  }

  /** A new generator `jumps` times 2**128 blocks further on. */
  jumped(jumps: number | bigint = 1): Philox {
    const next = new Philox()
    next.state = this.state
    return next.advance(steps('jumped', jumps, 256) << 128n)
  }
}

/**
 * Philox 4x64 of ten rounds: a 256-bit counter enciphered under a 128-bit key, so that any place in the stream can be gone to. The same seed gives
 * NumPy's numbers.
 *
 * @example
 * new np.random.Generator(new np.random.Philox(42)).integers(0, 10, 5) // => array([9, 0, 1, 1, 4])
 * new np.random.Philox({ key: 7, counter: 1 }).random_raw() // => 1528177845972429030n
 */
export const Philox: Newless<typeof PhiloxBits> = /* @__PURE__ */ newless(PhiloxBits, 'Philox')
export type Philox = PhiloxBits
