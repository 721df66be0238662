/** Bundles of ufuncs alone lack methods: the class promises exactly those that methods.ts brings, and says so when one is asked for. */

import { expect, test } from 'vitest'

test('what the class promises is what methods.ts brings', async () => {
  const { NDArray } = await import('../../src/numpy/ndarray.ts')
  const { add } = await import('../../src/numpy/ufuncs/arithmetic.ts')
  const { UfuncMethods } = await import('../../src/numpy/ufunc_class.ts')
  const owners = [NDArray.prototype, UfuncMethods.prototype]
  const promised = owners.map((owner) => Object.getOwnPropertyNames(owner).sort())

  const sum = add([1, 2], [3, 4])
  expect(sum.tolist()).toEqual([4, 6])
  expect(sum.shape).toEqual([2])
  expect(() => sum.sum()).toThrow(/^\.sum is not in this bundle/)
  expect(() => String(sum)).toThrow(/^\.toString is not in this bundle/)
  expect(() => sum.real).toThrow(/^\.real is not in this bundle/)
  expect(() => add.reduce([1, 2])).toThrow(/^\.reduce is not in this bundle/)

  const { array } = await import('../../src/numpy/creation.ts')
  expect(sum.sum()).toBe(10)
  expect(String(sum)).toBe('[4 6]')
  expect(array([1, 2]).real.tolist()).toEqual([1, 2])
  expect(add.reduce([1, 2])).toBe(3)
  expect(owners.map((owner) => Object.getOwnPropertyNames(owner).sort())).toEqual(promised)
  for (const owner of owners)
    for (const name of Object.getOwnPropertyNames(owner))
      expect(Object.getOwnPropertyDescriptor(owner, name)?.get?.toString() ?? '').not.toContain('not in this bundle')
})
