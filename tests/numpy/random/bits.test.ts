/** Bit generators: seeding, states, jumps, advances and children are NumPy's. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ArgumentError, ValueError } from '../../../src/core/errors.ts'
import { info, np } from '../../../src/index.ts'

const fixtures = JSON.parse(readFileSync(new URL('../../fixtures/random_bits.json', import.meta.url), 'utf8'))
const R = np.random as any
const NAMES = ['PCG64', 'PCG64DXSM', 'MT19937', 'Philox', 'SFC64'] as const

const raw = (bits: any, n = 4): string[] => bits.random_raw(n).tolist().map(String)

function plain(x: any): unknown {
  if (x instanceof np.NDArray) return x.tolist().map(String)
  if (typeof x === 'object') return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, plain(v)]))
  return String(x)
}

function used(name: string, seed = 5): any {
  const bits = new R[name](seed)
  new np.random.Generator(bits).integers(0, 100, 7, 'int32')
  return bits
}

describe.skipIf(info().backend === 'reference').each(NAMES)('%s', (name) => {
  const row = fixtures[name]

  test('draws and keeps its state as NumPy does', () => {
    const bits = used(name)
    expect(plain(bits.state)).toEqual(row.state)
    expect(raw(bits)).toEqual(row.raw)
  })

  test('goes on from a state that was set', () => {
    const bits = new R[name](99)
    bits.state = used(name).state
    expect(raw(bits)).toEqual(row.raw)
    expect(String(bits)).toBe(name)
  })

  test('spawns children as NumPy does', () => {
    expect(
      used(name)
        .spawn(2)
        .map((b: any) => raw(b)),
    ).toEqual(row.spawned)
  })

  test('jumps and advances as NumPy does', () => {
    for (const [n, words] of Object.entries(row.jumped ?? {})) expect(raw(used(name).jumped(Number(n)))).toEqual(words)
    if (row.jumpedState) expect(plain(used(name).jumped().state)).toEqual(row.jumpedState)
    for (const [n, words] of Object.entries(row.advanced ?? {})) expect(raw(used(name).advance(BigInt(n)))).toEqual(words)
  })

  test('refuses the state of another generator and odd states', () => {
    const other = new R[name === 'SFC64' ? 'PCG64' : 'SFC64'](1)
    expect(() => {
      new R[name](1).state = other.state
    }).toThrow(ValueError)
    expect(() => {
      new R[name](1).state = 3
    }).toThrow(ArgumentError)
    expect(() => new R[name](1).spawn(-1)).toThrow('n_children must be non-negative')
  })
})

describe.skipIf(info().backend === 'reference')('the rest', () => {
  test('Philox starts from a key and a counter', () => {
    const bits = new np.random.Philox({ key: 2n ** 100n + 3n, counter: [1, 2, 3, 4] })
    expect(raw(bits)).toEqual(fixtures.Philox.keyed)
    expect(bits.seed_seq).toBe(null)
    expect(() => new np.random.Philox({ key: 1, seed: 2 })).toThrow('seed and key cannot be both used')
    expect(() => new np.random.Philox({ counter: -1 })).toThrow('counter must be positive and less than 2**256.')
  })

  test('RandomState keeps the second normal number of a pair in its state', () => {
    const legacy = new np.random.RandomState(5)
    legacy.standard_normal(3)
    const state = legacy.get_state()
    const again = new np.random.RandomState(1)
    again.set_state(state)
    expect(again.standard_normal()).toBe(legacy.standard_normal())
    again.set_state(state)
    expect(again.randint(0, 2 ** 31, 4).tolist()).toEqual(fixtures.legacy.next)
    expect(new np.random.RandomState([1, 2, 3]).randint(0, 2 ** 31, 4).tolist()).toEqual(fixtures.legacy.list)
  })

  test('the base class cannot be made, and a Generator needs a bit generator', () => {
    expect(() => new (np.random.BitGenerator as any)()).toThrow(ArgumentError)
    expect(() => new np.random.Generator(3 as never)).toThrow(ValueError)
  })

  test('the legacy functions draw from the bit generator that was set', () => {
    const before = np.random.get_bit_generator()
    np.random.set_bit_generator(new np.random.PCG64(1))
    expect(np.random.rand()).toBe(np.random.default_rng(1).random())
    np.random.seed(1)
    expect(np.random.rand()).toBe(np.random.default_rng(1).random())
    expect(() => new np.random.RandomState(new np.random.PCG64(1)).seed(1)).toThrow('can only re-seed a MT19937 BitGenerator')
    np.random.set_bit_generator(before)
  })
})
