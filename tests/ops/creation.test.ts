/** Values made from nothing: every component of every item is written, whatever the memory held before. */

import { expect, test } from 'vitest'
import { complex64, complex128, float32, int64 } from '../../src/core/dtype.ts'
import { items } from '../../src/core/element.ts'
import { ramp } from '../../src/ops/creation/full.ts'
import '../../src/runtime.ts'

test('a ramp writes imaginary parts too', () => {
  for (const dtype of [complex64, complex128]) {
    // larger than a slab's slice, in memory that held other bits
    for (let round = 0; round < 2; round++) {
      const v = ramp(1000, 1, 2, dtype)
      items(v).forEach((x, i) => {
        expect(x).toMatchObject({ re: 1 + 2 * i, im: 0 })
      })
    }
    const small = ramp(3, 0, 1, dtype)
    expect(items(small)).toMatchObject([
      { re: 0, im: 0 },
      { re: 1, im: 0 },
      { re: 2, im: 0 },
    ])
  }
  expect(items(ramp(3, 5, -1, int64))).toEqual([5, 4, 3])
  expect(items(ramp(3, 0, 0.5, float32))).toEqual([0, 0.5, 1])
})
