/** NumPy's SeedSequence: it spreads any seed over as many well-mixed bits as a generator's state needs. It knows no array and no generator. */

import { type Newless, newless } from '../../core/callable.ts'
import { describe } from '../../core/describe.ts'
import { ArgumentError, ValueError } from '../../core/errors.ts'

/** What a seed may be: a non-negative integer of any size, nested lists of them, or null for entropy of the operating system. */
export type Entropy = number | bigint | boolean | readonly Entropy[] | Uint32Array

/** Options of SeedSequence beside the entropy. */
export interface SeedSequenceOptions {
  /** The path of indices that led here from the root by `spawn`; `[]` at the root. */
  readonly spawn_key?: readonly (number | bigint)[]
  /** 32-bit words that the entropy is pooled in, at least 4 (the default). */
  readonly pool_size?: number
  /** How many children were spawned before; 0 by default. */
  readonly n_children_spawned?: number
}

const SHIFT = 16
const INIT_A = 0x43b0d7e5
const MULT_A = 0x931e8875
const INIT_B = 0x8b51f9dd
const MULT_B = 0x58f38ded
const MIX_LEFT = 0xca01f9dd
const MIX_RIGHT = 0x4973f715
const DEFAULT_POOL = 4

/** What `SeedSequence` makes. */
class Seeds {
  /** The entropy as given; a bigint when it came from the operating system. */
  readonly entropy: Entropy
  readonly spawn_key: readonly (number | bigint)[]
  readonly pool_size: number
  /** The mixed entropy that `generate_state` draws from. */
  readonly pool: Uint32Array
  #spawned: number

  constructor(entropy: Entropy | null = null, options: SeedSequenceOptions = {}) {
    const { spawn_key = [], pool_size = DEFAULT_POOL, n_children_spawned = 0 } = options
    if (!Number.isSafeInteger(pool_size) || pool_size < DEFAULT_POOL)
      throw new ValueError('The size of the entropy pool should be at least 4')
    if (pool_size > 1 << 20) throw new ValueError(`SeedSequence(): a pool of ${pool_size} words is too large`)
    this.spawn_key = [...spawn_key]
    this.pool_size = pool_size
    this.entropy = entropy ?? systemEntropy(pool_size)
    this.pool = mixEntropy(assemble(this.entropy, this.spawn_key, pool_size), pool_size)
    this.#spawned = n_children_spawned
  }

  get n_children_spawned(): number {
    return this.#spawned
  }

  /** Everything that makes this sequence: pass it to the constructor to have the same again. */
  get state(): { entropy: Entropy; spawn_key: readonly (number | bigint)[]; pool_size: number; n_children_spawned: number } {
    return { entropy: this.entropy, spawn_key: this.spawn_key, pool_size: this.pool_size, n_children_spawned: this.#spawned }
  }

  /** `n_words` words of mixed entropy, the same at every call: a generator's initial state. */
  generate_state(n_words: number, dtype?: 'uint32'): Uint32Array
  generate_state(n_words: number, dtype: 'uint64'): BigUint64Array
  generate_state(n_words: number, dtype?: 'uint32' | 'uint64'): Uint32Array | BigUint64Array
  generate_state(n_words: number, dtype: 'uint32' | 'uint64' = 'uint32'): Uint32Array | BigUint64Array {
    if (dtype !== 'uint32' && dtype !== 'uint64') throw new ValueError('only support uint32 or uint64')
    if (!Number.isSafeInteger(n_words))
      throw new ArgumentError(`generate_state(): expected an integer number of words, got ${String(n_words)}`)
    if (n_words < 0) throw new ValueError('negative dimensions are not allowed')
    if (n_words > 1 << 28) throw new ValueError(`generate_state(): ${n_words} words are too many`)
    if (dtype === 'uint32') return this.#words(n_words)
    const words = this.#words(2 * n_words)
    return BigUint64Array.from({ length: n_words }, (_, i) => (BigInt(words[2 * i + 1]) << 32n) | BigInt(words[2 * i]))
  }

  /** `n_children` new sequences, independent of this one, of each other, and of those spawned before. */
  spawn(n_children: number): SeedSequence[] {
    if (!Number.isSafeInteger(n_children) || n_children < 0 || n_children > 1 << 24) {
      throw new ArgumentError(`spawn(): expected a count of children, got ${describe(n_children)}`)
    }
    const { entropy, pool_size } = this
    const first = this.#spawned
    this.#spawned += n_children
    return Array.from({ length: n_children }, (_, i) => new SeedSequence(entropy, { spawn_key: [...this.spawn_key, first + i], pool_size }))
  }

  toString(): string {
    const path = this.spawn_key.length === 1 ? `(${this.spawn_key[0]},)` : `(${this.spawn_key.join(', ')})`
    const lines = [`    entropy=${entropyText(this.entropy)},`]
    if (this.spawn_key.length > 0) lines.push(`    spawn_key=${path},`)
    if (this.pool_size !== DEFAULT_POOL) lines.push(`    pool_size=${this.pool_size},`)
    if (this.#spawned !== 0) lines.push(`    n_children_spawned=${this.#spawned},`)
    return `SeedSequence(\n${lines.join('\n')}\n)`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }

  #words(count: number): Uint32Array {
    const out = new Uint32Array(count)
    let constant = INIT_B
    for (let i = 0; i < count; i++) {
      let word = this.pool[i % this.pool.length] ^ constant
      constant = Math.imul(constant, MULT_B)
      word = Math.imul(word, constant)
      out[i] = word ^ (word >>> SHIFT)
    }
    return out
  }
}

/**
 * Mixes entropy reproducibly into the initial states of generators, bit for bit as NumPy's SeedSequence does.
 *
 * `spawn` makes independent children for parallel work. The hash is that of M. E. O'Neill, "Developing a seed_seq Alternative" (2015).
 * Negative entropy is a ValueError, anything but integers an ArgumentError.
 */
export const SeedSequence: Newless<typeof Seeds> = /* @__PURE__ */ newless(Seeds, 'SeedSequence')
export type SeedSequence = Seeds

/** Hashes the first words into the pool, lets every word of the pool touch every other, then adds what is left over. */
function mixEntropy(entropy: readonly number[], size: number): Uint32Array {
  const pool = new Uint32Array(size)
  let constant = INIT_A
  const hash = (value: number): number => {
    value ^= constant
    constant = Math.imul(constant, MULT_A)
    value = Math.imul(value, constant)
    return value ^ (value >>> SHIFT)
  }
  const mixInto = (at: number, hashed: number): void => {
    const mixed = Math.imul(MIX_LEFT, pool[at]) - Math.imul(MIX_RIGHT, hashed)
    pool[at] = mixed ^ ((mixed | 0) >>> SHIFT)
  }
  for (let i = 0; i < size; i++) pool[i] = hash(entropy[i] ?? 0)
  for (let from = 0; from < size; from++) {
    for (let to = 0; to < size; to++) if (from !== to) mixInto(to, hash(pool[from]))
  }
  for (let from = size; from < entropy.length; from++) {
    for (let to = 0; to < size; to++) mixInto(to, hash(entropy[from]))
  }
  return pool
}

/** Entropy and spawn key as words; with a spawn key the entropy fills the pool, so that no seed of more words equals a child's. */
function assemble(entropy: Entropy, spawnKey: readonly (number | bigint)[], size: number): number[] {
  const words: number[] = []
  appendWords(entropy, words)
  if (spawnKey.length > 0) while (words.length < size) words.push(0)
  appendWords(spawnKey, words)
  return words
}

/** An integer's 32-bit words, the lowest first (0 is one word), and those of a list's items one after the other. */
function appendWords(value: Entropy, words: number[], depth = 0): void {
  if (value instanceof Uint32Array) {
    for (const word of value) words.push(word)
    return
  }
  if (Array.isArray(value)) {
    if (depth > 64) throw new ArgumentError('SeedSequence expects int or sequence of ints for entropy, got lists nested too deeply')
    for (const item of value) appendWords(item, words, depth + 1)
    return
  }
  if (typeof value !== 'bigint' && typeof value !== 'boolean' && !Number.isInteger(value)) {
    throw new ArgumentError(`SeedSequence expects int or sequence of ints for entropy not ${String(value)}`)
  }
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new ArgumentError(`SeedSequence expects an exact integer, got ${value}`, { hint: 'pass integers beyond 2^53 as bigint' })
  }
  let rest = BigInt(value as number | bigint | boolean)
  if (rest < 0n) throw new ValueError('expected non-negative integer')
  do {
    words.push(Number(rest & 0xffffffffn))
    rest >>= 32n
  } while (rest > 0n)
}

function systemEntropy(size: number): bigint {
  return crypto.getRandomValues(new Uint32Array(size)).reduce((all, word) => (all << 32n) | BigInt(word), 0n)
}

function entropyText(value: Entropy): string {
  if (typeof value === 'object') return `[${Array.from(value as ArrayLike<Entropy>, entropyText).join(', ')}]`
  return typeof value === 'boolean' ? (value ? 'True' : 'False') : String(value)
}
