/** One test for each fault that was found in views. */

import { expect, test } from 'vitest'
import { restride } from '../../src/core/view.ts'
import * as np from '../../src/numpy/index.ts'

test('a view of no elements begins inside its block', () => {
  const v = (np.arange(4) as np.NDArray).value
  expect(restride(v, [0, 2], [-8, 8], -8).offset).toBe(v.offset)
})

test.each([-1, 0, 1])('the diagonal %d of a flipped array of no elements can be summed', (offset) => {
  for (const [i, j] of [
    [0, 1],
    [1, 0],
    [0, 2],
    [2, 0],
    [1, 2],
    [2, 1],
  ] as const) {
    const empty = np.flip(np.broadcast_to(np.arange(2).reshape(2, 1), [1, 2, 1]), 1).at(':', '::-1', ':0')
    const sums = np.sum(np.diagonal(empty, offset, i, j), { axis: [0], keepdims: true, dtype: 'float64' }) as np.NDArray
    expect(new Set(sums.reshape(-1).tolist() as number[]).size).toBeLessThan(2)
  }
})
