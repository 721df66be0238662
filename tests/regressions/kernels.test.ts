/** One test for each fault that was found in the compiled kernels. */

import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { float64 } from '../../src/core/dtype.ts'
import { nested, viewOf } from '../../src/core/element.ts'
import type { View } from '../../src/core/view.ts'
import { sum } from '../../src/ops/reduction/sum.ts'

describe('kernels', () => {
  test.each([[[1]], [[]], [[1, 1, 1]]])('the sum of one item of shape %j is the item, not 0', (shape) => {
    expect(nested(sum(viewOf([56], shape, float64)) as View)).toBe(56)
  })
})
