/** SeedSequence and the generators' initial states, held to those of NumPy and PyTorch. */

import { readFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ArgumentError, ValueError } from '../../../src/core/errors.ts'
import { initGenrand } from '../../../src/lib/random/mt19937.ts'
import { type Entropy, SeedSequence } from '../../../src/numpy/random/seed_sequence.ts'
import { legacyMt19937State, mt19937State, pcg64State } from '../../../src/numpy/random/seeding.ts'

type Exact = string | Exact[]
interface Key {
  readonly head: number[]
  readonly tail: number[]
  readonly crc: number
  readonly pos: number
}
interface Sequence {
  readonly entropy: Exact
  readonly spawn_key: string[]
  readonly pool_size: number
  readonly pool: number[]
  readonly uint32: number[]
  readonly uint64: string[]
  readonly pcg64: string[]
  readonly mt19937: Key
  readonly text: string
}
interface Fixtures {
  readonly sequences: Sequence[]
  readonly spawned: { spawn_key: number[]; state: number[] }[]
  readonly legacy: { seed: string | string[]; state: Key }[]
  readonly torch: { seed: string; state: Key }[]
}
const fixtures: Fixtures = JSON.parse(readFileSync(new URL('../../fixtures/seeding.json', import.meta.url), 'utf8'))

/** A safe integer as a number, a larger one as a bigint. */
const integer = (text: string): number | bigint => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text))
const entropy = (value: Exact): Entropy => (typeof value === 'string' ? integer(value) : value.map(entropy))
const keyOf = (words: Uint32Array, pos: number): Key => ({
  head: [...words.subarray(0, 3)],
  tail: [...words.subarray(-3)],
  crc: crc32(new Uint8Array(words.buffer)),
  pos,
})

describe('SeedSequence', () => {
  it.each(fixtures.sequences.map((s, i) => [i, s] as const))('mixes as NumPy does and seeds PCG64 and MT19937 (case %i)', (_i, s) => {
    const sequence = new SeedSequence(entropy(s.entropy), { spawn_key: s.spawn_key.map(integer), pool_size: s.pool_size })
    expect([...sequence.pool]).toEqual(s.pool)
    expect([...sequence.generate_state(11)]).toEqual(s.uint32)
    expect([...sequence.generate_state(5, 'uint64')].map(String)).toEqual(s.uint64)
    expect([...pcg64State(sequence)].map(String)).toEqual(s.pcg64)
    const { key, pos } = mt19937State(sequence)
    expect(keyOf(key, pos)).toEqual(s.mt19937)
    if (s.text !== 'SeedSequence(\n    entropy=True,\n)') expect(String(sequence)).toBe(s.text)
  })

  it('spawns the children that NumPy spawns, and never the same twice', () => {
    const root = new SeedSequence(2024)
    const children = [...root.spawn(3), ...root.spawn(2)]
    children.push(...children[4].spawn(2))
    expect(children.map((c) => ({ spawn_key: c.spawn_key, state: [...c.generate_state(3)] }))).toEqual(fixtures.spawned)
    expect(root.n_children_spawned).toBe(5)
  })

  it('takes a bigint, a number, a boolean and words for the same integer', () => {
    const states = [1, 1n, true, [1], new Uint32Array([1])].map((e) => String(new SeedSequence(e).generate_state(4)))
    expect(new Set(states).size).toBe(1)
  })

  it('takes entropy of the operating system when none is given, and can be made again from its state', () => {
    const [a, b] = [new SeedSequence(), new SeedSequence()]
    expect(a.entropy).not.toBe(b.entropy)
    expect(typeof a.entropy).toBe('bigint')
    const { entropy: same, ...options } = a.state
    expect(new SeedSequence(same, options).generate_state(8)).toEqual(a.generate_state(8))
  })

  it('refuses what is no seed', () => {
    expect(() => new SeedSequence(-1)).toThrow(new ValueError('expected non-negative integer'))
    expect(() => new SeedSequence([1, [-1n]])).toThrow(ValueError)
    expect(() => new SeedSequence(1.5)).toThrow('expects int or sequence of ints for entropy not 1.5')
    expect(() => new SeedSequence('12' as unknown as number)).toThrow(ArgumentError)
    expect(() => new SeedSequence({} as unknown as number)).toThrow(ArgumentError)
    expect(() => new SeedSequence(2 ** 60)).toThrow('pass integers beyond 2^53 as bigint')
    expect(() => new SeedSequence(1, { pool_size: 3 })).toThrow('should be at least 4')
    expect(() => new SeedSequence(1).generate_state(-1)).toThrow('negative dimensions')
    expect(() => new SeedSequence(1).generate_state(1, 'int32' as 'uint32')).toThrow('only support uint32 or uint64')
    const cyclic: Entropy[] = []
    cyclic.push(cyclic)
    expect(() => new SeedSequence(cyclic)).toThrow(ArgumentError)
  })
})

describe('the Mersenne Twister', () => {
  it.each(fixtures.legacy.map((c) => [String(c.seed).slice(0, 30), c] as const))('begins as RandomState(%s)', (_s, { seed, state }) => {
    const { key, pos } = legacyMt19937State(typeof seed === 'string' ? integer(seed) : seed.map(integer))
    expect(keyOf(key, pos)).toEqual(state)
  })

  it.each(fixtures.torch)('begins as after torch.manual_seed($seed)', ({ seed, state }) => {
    expect(keyOf(initGenrand(integer(seed)), 624)).toEqual(state)
  })

  it('refuses legacy seeds that are not 32-bit words', () => {
    for (const seed of [-1, 2 ** 32, [1, -1]]) expect(() => legacyMt19937State(seed)).toThrow('Seed must be between 0 and 2**32 - 1')
    expect(() => legacyMt19937State([])).toThrow('Seed must be non-empty')
    expect(() => legacyMt19937State(1.5)).toThrow(ArgumentError)
  })
})
