/** Holds printing to what real NumPy, PyTorch and Python print: every case of the fixture, character by character. */

import { describe, expect, test } from 'vitest'
import { type Case, printed, readCases } from './fixture.ts'

const cases = readCases(new URL('../fixtures/printing.json.gz', import.meta.url))

const groups: readonly (readonly [string, (c: Case) => boolean])[] = [
  [
    'array_repr, array_str and array2string print numbers as NumPy does',
    (c) => c.lib === 'numpy' && c.data !== undefined && !/positional|scientific/.test(c.call!),
  ],
  ['arrays of strings and objects print as NumPy prints them', (c) => c.items !== undefined],
  ['format_float_positional gives the text of NumPy', (c) => c.call === 'positional'],
  ['format_float_scientific gives the text of NumPy', (c) => c.call === 'scientific'],
  ['tensors print as PyTorch prints them', (c) => c.lib === 'torch'],
  ['floats are written as Python writes them', (c) => c.lib === 'python'],
]

describe('printing against the oracle', () => {
  test.each(groups)('%s', (_, belongs) => {
    const members = cases.filter(belongs)
    expect(members.length).toBeGreaterThan(50)
    for (const { text, ...c } of members) expect(printed({ ...c, text }), JSON.stringify(c)).toBe(text)
  })

  test('no case of the fixture is left out', () => {
    expect(cases.filter((c) => groups.filter(([, belongs]) => belongs(c)).length !== 1)).toEqual([])
  })
})
