/** Functions whose second operand must be a tensor, and shares of ties in the derivative of medians: what PyTorch 2.15 does. */

import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import type { Tensor } from '../../src/torch/tensor.ts'

const NAMES = (
  'maximum minimum fmax fmin atan2 hypot logaddexp logaddexp2 logical_and logical_or logical_xor nextafter ldexp gcd lcm ' +
  'arctan2 igamma igammac'
).split(' ')
type Named = Record<string, (...args: unknown[]) => Tensor>

describe('a number as the second operand is refused', () => {
  const x = torch.tensor([1.5, 2.5])
  test.each(NAMES)('%s', (name) => {
    const message = "argument 'other' must be Tensor, not"
    expect(() => (torch as unknown as Named)[name]!(x, 2)).toThrow(message)
    expect(() => (torch as unknown as Named)[name]!(x, { other: 2 })).toThrow(message)
    expect(() => (x as unknown as Named)[name]!(2)).toThrow(message)
  })
  test('heaviside', () => {
    expect(() => torch.heaviside(x, 2)).toThrow("argument 'values' must be Tensor, not")
    expect(() => torch.heaviside(x, torch.tensor([1, 2]))).toThrow('different dtypes')
    expect(torch.heaviside(torch.tensor([-1.5, 0.0]), torch.tensor([0.5, 0.5])).tolist()).toEqual([0, 0.5])
  })
  test('copysign, xlogy and float_power take one', () => {
    expect(torch.copysign(x, -2).tolist()).toEqual([-1.5, -2.5])
    expect(torch.float_power(x, 2).dtype).toBe(torch.float64)
  })
})

test.each([
  ['float16', 'int64', 'float16'],
  ['bfloat16', 'int32', 'bfloat16'],
  ['float64', 'int32', 'float64'],
  ['int32', 'int64', 'float32'],
  ['int32', 'float16', 'float16'],
  ['float16', 'float32', 'float32'],
  ['float32', 'float64', 'float64'],
] as const)('ldexp of %s by %s is %s', (a, b, c) => {
  expect(String(torch.ldexp(torch.ones(2, { dtype: a }), torch.ones(2, { dtype: b })).dtype)).toBe(`torch.${c}`)
})

test('equal elements share the derivative of a median of all', () => {
  for (const f of [torch.median, torch.nanmedian] as ((x: Tensor) => Tensor)[]) {
    const x = torch.tensor([1.5, 2.25, 2.25], { requires_grad: true })
    const y = f(x)
    expect(y.item()).toBe(2.25)
    y.backward()
    expect(x.grad!.tolist()).toEqual([0, 0.5, 0.5])
  }
})
