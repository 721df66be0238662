/** Initial states of NumPy's bit generators, in the layout that the kernels keep them in, from a SeedSequence or a legacy seed. */

import { describe } from '../../core/describe.ts'
import { items } from '../../core/element.ts'
import { ArgumentError, ValueError } from '../../core/errors.ts'
import { initByArray, initGenrand, MT_WORDS } from '../../lib/random/mt19937.ts'
import '../../runtime.ts'
import { asView } from '../convert.ts'
import type { ArrayLike } from '../types.ts'
import type { SeedSequence } from './seed_sequence.ts'

/** The multiplier of PCG's 128-bit linear congruential generator. */
export const PCG_MULTIPLIER: bigint = 0x2360ed051fc65da44385df649fccf645n
/** That of PCG64DXSM. */
export const CHEAP_MULTIPLIER: bigint = 0xda942042e4dd58b5n

/**
 * PCG64's state as NumPy's `PCG64(seed)` makes it: `[state_hi, state_lo, inc_hi, inc_lo, has_uint32, uinteger]`.
 *
 * The increment is the stream number made odd; the state is stepped once before and once after the seed is added.
 */
export function pcg64State(sequence: SeedSequence): BigUint64Array {
  const [seedHigh, seedLow, streamHigh, streamLow] = sequence.generate_state(4, 'uint64')
  const increment = BigInt.asUintN(128, (((streamHigh << 64n) | streamLow) << 1n) | 1n)
  const seeded = increment + ((seedHigh << 64n) | seedLow)
  const state = BigInt.asUintN(128, seeded * PCG_MULTIPLIER + increment)
  return BigUint64Array.of(state >> 64n, state, increment >> 64n, increment, 0n, 0n)
}

/** SFC64's state as NumPy's `SFC64(seed)` makes it: three words and the counter, after twelve steps. */
export function sfc64State(sequence: SeedSequence): bigint[] {
  const low = (x: bigint): bigint => BigInt.asUintN(64, x)
  let [a, b, c] = sequence.generate_state(3, 'uint64') as unknown as [bigint, bigint, bigint]
  let counter = 1n
  for (let i = 0; i < 12; i++) {
    const out = low(a + b + counter++)
    ;[a, b, c] = [b ^ (b >> 11n), low(c + (c << 3n)), low(low((c << 24n) | (c >> 40n)) + out)]
  }
  return [a, b, c, counter]
}

/** A Mersenne Twister's words and the position of the next one to use. */
export interface Mt19937State {
  readonly key: Uint32Array
  readonly pos: number
}

/** The state of NumPy's `MT19937(seed)`, which a SeedSequence fills. */
export function mt19937State(sequence: SeedSequence): Mt19937State {
  const key = sequence.generate_state(MT_WORDS, 'uint32')
  key[0] = 0x80000000 // never all zero
  return { key, pos: MT_WORDS - 1 }
}

/** What RandomState is seeded with: an integer of 32 bits, a list or an array of them, or null for the system's entropy. */
export type LegacySeed = number | bigint | ArrayLike | null

/** The state of NumPy's `RandomState(seed)` and `np.random.seed(seed)`, for an integer or a list of integers of 32 bits. */
export function legacyMt19937State(seed: LegacySeed): Mt19937State {
  if (typeof seed === 'number' || typeof seed === 'bigint') return { key: initGenrand(legacyWord(seed)), pos: MT_WORDS }
  if (typeof seed !== 'object' || seed === null) {
    throw new ArgumentError(`RandomState(): expected an integer or a list of integers, got ${String(seed)}`)
  }
  const v = asView(seed as ArrayLike)
  const list = items(v) as (number | bigint)[]
  if (list.length === 0) throw new ValueError('Seed must be non-empty')
  if (list.length === 1 && !Array.isArray(seed) && (typeof list[0] === 'number' || typeof list[0] === 'bigint'))
    return legacyMt19937State(list[0]!)
  if (v.ndim !== 1) throw new ValueError('Seed array must be 1-d')
  return { key: initByArray(list.map(legacyWord)), pos: MT_WORDS }
}

function legacyWord(seed: number | bigint): number {
  if (typeof seed !== 'bigint' && !Number.isInteger(seed))
    throw new ArgumentError(`RandomState(): expected integers, got ${describe(seed)}`)
  const word = Number(seed)
  if (word < 0 || word > 0xffffffff) throw new ValueError('Seed must be between 0 and 2**32 - 1')
  return word
}
