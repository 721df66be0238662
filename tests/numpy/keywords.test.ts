/** Arguments by name where positions are usual, and what they mean: NumPy 2.4's results. */

import { expect, test } from 'vitest'
import * as np from '../../src/numpy/index.ts'

const { as_strided, sliding_window_view } = np.lib.stride_tricks
const x = np.arange(6)

test('as_strided takes shape and strides by name, and may be read only', () => {
  expect(as_strided(x, { strides: [8, 8], shape: [2, 2] }).tolist()).toEqual(as_strided(x, [2, 2], [8, 8]).tolist())
  expect(as_strided(x, [2, 2], { strides: [8, 8], writeable: false }).flags.writeable).toBe(false)
})

test('sliding_window_view is written to by wish', () => {
  expect(sliding_window_view(x, 3).flags.writeable).toBe(false)
  const own = np.arange(4)
  sliding_window_view(own, 3, { writeable: true }).set(1, 0, 9)
  expect(own.tolist()).toEqual([0, 9, 2, 3])
  expect(sliding_window_view(np.ones([2, 3]), 2, { axis: 1 }).shape).toEqual([2, 2, 2])
})

test('getfield and setfield take the offset by name', () => {
  const z = np.add(np.ones(2), np.multiply(np.ones(2), np.array([2], { dtype: 'complex128' }))) as np.NDArray
  expect(z.getfield('float64', { offset: 8 }).tolist()).toEqual([0, 0])
  z.setfield([5, 6], 'float64', { offset: 8 })
  expect((z.imag as np.NDArray).tolist()).toEqual([5, 6])
})

test('fit takes deg by name', () => {
  const { Chebyshev } = np.polynomial
  expect(Chebyshev.fit([0, 1, 2], [1, 2, 4], { deg: 1 }).coef.tolist()).toEqual(Chebyshev.fit([0, 1, 2], [1, 2, 4], 1).coef.tolist())
})

test("an array in Fortran's order is resized in that order", () => {
  const make = () =>
    np.array(
      [
        [0, 1],
        [2, 3],
      ],
      { order: 'F' },
    ) as np.NDArray
  const a = make()
  a.resize([2, 1])
  expect(a.tolist()).toEqual([[0], [2]])
  const b = make()
  b.resize([3, 2])
  expect([b.tolist(), b.strides]).toEqual([
    [
      [0, 3],
      [2, 0],
      [1, 0],
    ],
    [8, 24],
  ])
})

test('the flag that is not for users cannot be set', () => {
  expect(() => np.ones(2).setflags({ uic: true })).toThrow('cannot set WRITEBACKIFCOPY flag to True')
})
