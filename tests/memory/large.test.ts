/**
 * Arrays of more than 2^31 bytes and more than 2^31 items: opt-in, as they need some 8 GB of memory and minutes.
 *
 *   NUMGRAD_LARGE_TESTS=1 npx vitest run --project slow tests/memory/large.test.ts
 */

import { afterEach, describe, expect, test } from 'vitest'
import * as np from '../../src/numpy/index.ts'
import { info, trimMemory } from '../../src/runtime.ts'

const wanted = Boolean(process.env.NUMGRAD_LARGE_TESTS) && info().backend === 'native'

describe.runIf(wanted)('large arrays', () => {
  afterEach(() => trimMemory())

  test('3e8 float64 (2.4 GB) are made, summed, sorted and printed', () => {
    const n = 3e8
    const a = np.arange(n, { dtype: 'float64' })
    expect(a.nbytes).toBe(2.4e9)
    expect(Number(np.sum(a))).toBe((n * (n - 1)) / 2)
    // odd multipliers permute: item i goes to (i * 7919) mod n, as n and 7919 have no common factor
    np.remainder(np.multiply(a, 7919, { out: a }), n, { out: a })
    expect(Number(a.at(n - 1))).toBe(n - 7919)
    a.sort()
    expect(Number(np.max(np.abs(np.subtract(a.at('1:'), a.at(':-1')))))).toBe(1)
    expect([Number(a.at(0)), Number(a.at(-1)), Number(np.searchsorted(a, 287654321))]).toEqual([0, n - 1, 287654321])
    expect(a.toString()).toBe('[0.00000000e+00 1.00000000e+00 2.00000000e+00 ... 2.99999997e+08\n 2.99999998e+08 2.99999999e+08]')
    a.dispose()
  })

  test('3e9 int8 are counted, indexed and summed beyond the 32-bit integers', () => {
    const n = 3e9
    const b = np.ones(n, { dtype: 'int8' })
    b.set(n - 1, 7)
    expect(Number(np.sum(b))).toBe(n + 6)
    expect(Number(np.argmax(b))).toBe(n - 1)
    expect(Number(np.count_nonzero(np.equal(b, 1)))).toBe(n - 1)
    np.add(b, 1, { out: b })
    expect(b.at('-3:').tolist()).toEqual([2, 2, 8])
    b.set(np.array([n - 2]), 9)
    expect(np.take(b, np.array([0, n - 2])).tolist()).toEqual([2, 9])
    expect(np.sum(b.reshape([3, 1e9]), { axis: 1 }).tolist()).toEqual([2e9, 2e9, 2e9 + 13])
    expect(b.at('::-1').at(':3').tolist()).toEqual([8, 9, 2])
  })
})
