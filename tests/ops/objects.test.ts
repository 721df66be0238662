import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { bool, float32, float64, int8, int64, object } from '../../src/core/dtype.ts'
import { nested, viewOf } from '../../src/core/element.ts'
import { DTypeError, ShapeError } from '../../src/core/errors.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import * as ops from '../../src/ops/index.ts'

const objects = (...xs: unknown[]): View => viewOf(xs, [xs.length], object)
const list = (x: Value): unknown => nested(x as View)

/** A number modulo 7 with methods of NumPy's names. */
class Mod7 {
  constructor(readonly n: number) {}
  add(other: Mod7): Mod7 {
    return new Mod7((this.n + other.n) % 7)
  }
  multiply(other: Mod7): Mod7 {
    return new Mod7((this.n * other.n) % 7)
  }
  exp(): string {
    return `e^${this.n}`
  }
}

describe('rows on dtype object', () => {
  test('call the method of NumPy’s name that an item has', () => {
    const x = objects(new Mod7(5), new Mod7(6))
    expect(list(ops.add(x, x))).toEqual([new Mod7(3), new Mod7(5)])
    expect(list(ops.exp(x))).toEqual(['e^5', 'e^6'])
    expect(list(ops.sum(x))).toEqual(new Mod7(4))
    expect(list(ops.prod(x))).toEqual(new Mod7(2))
    expect(list(ops.cumsum(x, 0))).toEqual([new Mod7(5), new Mod7(4)])
  })
  test('use the JavaScript operator otherwise', () => {
    expect(list(ops.add(objects('a', 1, 2n), objects('b', 2, 3n)))).toEqual(['ab', 3, 5n])
    expect(list(ops.floorDivide(objects(7, -7n), objects(2, 2n)))).toEqual([3, -4n])
    expect(list(ops.remainder(objects(-7, -7n), objects(3, 3n)))).toEqual([2, 2n])
    expect(list(ops.maximum(objects('pear', 2), objects('fig', 3)))).toEqual(['pear', 3])
    expect(list(ops.amax(objects('pear', 'fig', 'plum')))).toBe('plum')
    expect(list(ops.argmin(objects('pear', 'fig', 'plum', 'fig')))).toBe(1)
  })
  test('compare into booleans; logical operations give the items', () => {
    const less = ops.lt(objects('a', 2), objects('b', 1))
    expect(less.dtype).toBe(bool)
    expect(list(less)).toEqual([true, false])
    expect(list(ops.logicalAnd(objects('a', 0), objects('b', 'c')))).toEqual(['b', 0])
    expect(list(ops.logicalNot(objects('', 'x')))).toEqual([true, false])
  })
  test('choose by a boolean condition', () => {
    expect(list(ops.where(viewOf([true, false], [2], bool), objects('a', 'b'), objects('c', 'd')))).toEqual(['a', 'd'])
  })
  test('name the method that is missing, as NumPy does', () => {
    expect(() => ops.exp(objects(1))).toThrow('which has no callable exp method')
    expect(() => ops.variance(objects(1, 2))).toThrow(DTypeError)
  })
})

describe('errors of rows', () => {
  const x = viewOf([1, 2, 3], [3], float64)
  test('shapes that do not broadcast', () => {
    expect(() => ops.add(x, viewOf([1, 2], [2], float64))).toThrow(ShapeError)
    expect(() => ops.add(x, viewOf([1, 2], [2], float64))).toThrow('add(): operands could not be broadcast together with shapes (3,) (2,)')
  })
  test('dtypes that differ, and dtypes that a row does not compute in', () => {
    expect(() => ops.add(x, viewOf([1], [1], float32))).toThrow('inputs must share a dtype')
    expect(() => ops.bitwiseAnd(x, x)).toThrow('bitwise_and() is not supported for dtype float64')
    expect(() => ops.exp(viewOf([1], [1], int64))).toThrow(DTypeError)
  })
  test('computing in a dtype converts the inputs first, also to a narrower one', () => {
    const wide = viewOf([300, 5], [2], int64)
    expect(list(ops.gt(wide, 40, { dtype: int8 }))).toEqual([true, false])
    expect(list(ops.add(wide, x.size, { dtype: float32 }))).toEqual([303, 8])
  })
})
