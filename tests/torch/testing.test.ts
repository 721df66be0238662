/** `torch.testing` and default devices; the texts are those of PyTorch 2.15. */

import { describe, expect, test } from 'vitest'
import * as np from '../../src/numpy/index.ts'
import * as torch from '../../src/torch/index.ts'

const { assert_close, make_tensor } = torch.testing
const f = (...x: number[]) => torch.tensor(x, { dtype: 'float32' })
const i = (...x: number[]) => torch.tensor(x, { dtype: 'int64' })

describe('assert_close', () => {
  test.each<[string, unknown, unknown, torch.testing.AssertCloseOptions, string]>([
    [
      'floats',
      f(1, 2),
      f(1, 2.1),
      {},
      'Tensor-likes are not close!\n\nMismatched elements: 1 / 2 (50.0%)\nGreatest absolute difference: 0.09999990463256836 at index (1,) (up to 1e-05 allowed)\nGreatest relative difference: 0.04761900380253792 at index (1,) (up to 1.3e-06 allowed)',
    ],
    [
      'integers',
      i(1, 2),
      i(1, 3),
      {},
      'Tensor-likes are not equal!\n\nMismatched elements: 1 / 2 (50.0%)\nGreatest absolute difference: 1 at index (1,)\nGreatest relative difference: 0.3333333432674408 at index (1,)',
    ],
    ['shapes', f(1, 2, 3), f(1, 2), {}, "The values for attribute 'shape' do not match: torch.Size([3]) != torch.Size([2])."],
    ['dtypes', f(1, 2), i(1, 2), {}, "The values for attribute 'dtype' do not match: torch.float32 != torch.int64."],
    [
      'NaN',
      f(Number.NaN),
      f(Number.NaN),
      {},
      'Tensor-likes are not close!\n\nMismatched elements: 1 / 1 (100.0%)\nGreatest absolute difference: nan at index (0,) (up to 1e-05 allowed)\nGreatest relative difference: nan at index (0,) (up to 1.3e-06 allowed)',
    ],
    [
      'places in two dimensions',
      f(1, 2, 3, 4).view(2, 2),
      f(1, 2, 3, 5).view(2, 2),
      {},
      'Tensor-likes are not close!\n\nMismatched elements: 1 / 4 (25.0%)\nGreatest absolute difference: 1.0 at index (1, 1) (up to 1e-05 allowed)\nGreatest relative difference: 0.20000000298023224 at index (1, 1) (up to 1.3e-06 allowed)',
    ],
    ['half a tolerance', f(1), f(2), { rtol: 0.1 }, "Both 'rtol' and 'atol' must be either specified or omitted, but got no atol."],
    ['a text of one’s own', f(1), f(2), { msg: 'hello' }, 'hello'],
    [
      'a text around it',
      f(1),
      f(2),
      { msg: (m) => `Header\n${m}` },
      'Header\nTensor-likes are not close!\n\nMismatched elements: 1 / 1 (100.0%)\nGreatest absolute difference: 1.0 at index (0,) (up to 1e-05 allowed)\nGreatest relative difference: 0.5 at index (0,) (up to 1.3e-06 allowed)',
    ],
    ['numbers', 1, 2, {}, 'Scalars are not equal!\n\nExpected 2 but got 1.\nAbsolute difference: 1\nRelative difference: 0.5'],
    [
      'numbers in a list',
      [1.5, 2.5],
      [1.5, 5],
      {},
      'Scalars are not close!\n\nExpected 5.0 but got 2.5.\nAbsolute difference: 2.5 (up to 1e-07 allowed)\nRelative difference: 0.5 (up to 1e-07 allowed)\n\nThe failure occurred for item [1]',
    ],
    [
      'tensors in an object',
      { a: f(1, 1) },
      { a: f(0, 0) },
      {},
      "Tensor-likes are not close!\n\nMismatched elements: 2 / 2 (100.0%)\nGreatest absolute difference: 1.0 at index (0,) (up to 1e-05 allowed)\nGreatest relative difference: inf at index (0,) (up to 1.3e-06 allowed)\n\nThe failure occurred for item ['a']",
    ],
    ['lengths', [1], [1, 2], {}, 'The length of the sequences mismatch: 1 != 2'],
    [
      'keys',
      { a: 1 },
      { b: 1 },
      {},
      "The keys of the mappings do not match:\nMissing keys in the actual mapping: ['b']\nAdditional keys in the actual mapping: ['a']",
    ],
    ['a tensor and a number', f(1, 1), 1, {}, 'No comparison pair was able to handle inputs of type'],
    ['texts', 'a', 'a', {}, 'No comparison pair was able to handle inputs of type'],
    ['booleans', true, false, {}, 'Booleans mismatch: True is not False'],
    [
      '0-d tensors',
      f(1).sum(),
      f(2).sum(),
      {},
      'Scalars are not close!\n\nExpected 2.0 but got 1.0.\nAbsolute difference: 1.0 (up to 1e-05 allowed)\nRelative difference: 0.5 (up to 1.3e-06 allowed)',
    ],
    [
      'tensors of booleans',
      torch.tensor([true, false]),
      torch.tensor([true, true]),
      {},
      'Tensor-likes are not equal!\n\nMismatched elements: 1 / 2 (50.0%)\nGreatest absolute difference: 1 at index (1,)\nGreatest relative difference: 1.0 at index (1,)',
    ],
    [
      'integers far apart',
      i(1, 2, 3),
      i(1, 2, 300),
      {},
      'Tensor-likes are not equal!\n\nMismatched elements: 1 / 3 (33.3%)\nGreatest absolute difference: 297 at index (2,)\nGreatest relative difference: 0.9900000095367432 at index (2,)',
    ],
  ])('says where %s differ', (_, actual, expected, options, message) => {
    expect(() => assert_close(actual, expected, options)).toThrow(message)
  })

  test.each<[string, unknown, unknown, torch.testing.AssertCloseOptions]>([
    ['equal', f(1, 2), f(1, 2), {}],
    ['within tolerances', f(1, 2), f(1, 2.1), { rtol: 0, atol: 0.2 }],
    ['within the dtype’s own', f(1), f(1.000001), {}],
    ['NaN by wish', f(Number.NaN), f(Number.NaN), { equal_nan: true }],
    ['of other dtypes by wish', f(1).double(), f(1), { check_dtype: false }],
    ['empty', f(), f(), {}],
    ['null', null, null, {}],
    ['numbers', 1, 1, {}],
    ['complex', torch.tensor([1, 2], { dtype: 'complex64' }), torch.tensor([1, 2], { dtype: 'complex64' }), {}],
    ['arrays', np.ones(3), np.ones(3), {}],
  ])('lets pass what is %s', (_, actual, expected, options) => {
    expect(assert_close(actual, expected, options)).toBeUndefined()
  })
})

describe('make_tensor', () => {
  test.each([
    'float16',
    'bfloat16',
    'float32',
    'float64',
    'complex64',
    'complex128',
    'uint8',
    'int8',
    'int16',
    'int32',
    'int64',
    'bool',
  ] as const)('%s within its bounds', (dtype) => {
    const t = make_tensor(20, 30, { dtype })
    expect([String(t.dtype), [...t.shape]]).toEqual([`torch.${dtype}`, [20, 30]])
    const parts = (t.is_complex() ? torch.view_as_real(t) : t).double()
    const [low, high] = [parts.min().item() as number, parts.max().item() as number]
    expect(low).toBeGreaterThanOrEqual(dtype === 'bool' || dtype === 'uint8' ? 0 : -9)
    expect(high).toBeLessThanOrEqual(dtype === 'bool' ? 1 : 9)
    expect(high - low).toBeGreaterThan(dtype === 'bool' ? 0 : 8)
  })

  test('options', () => {
    const t = make_tensor([4, 5], { dtype: 'float64', low: 2, high: 3, noncontiguous: true, requires_grad: true })
    expect([t.stride(), t.is_contiguous(), t.requires_grad, t.is_leaf]).toEqual([[10, 2], false, true, true])
    expect(t.min().item()).toBeGreaterThanOrEqual(2)
    expect(make_tensor(50, { dtype: 'int64', low: 0, high: 2, exclude_zero: true }).sum().item()).toBe(50)
    expect(make_tensor(2, { dtype: 'float32', low: 3, high: 3 }).tolist()).toEqual([3, 3])
  })

  test('errors are PyTorch’s', () => {
    expect(() => make_tensor(2, { dtype: 'float32', low: 5, high: 1 })).toThrow('`low` must be less than `high`, but got 5 >= 1')
    expect(() => make_tensor(2, { dtype: 'float32', low: Number.NaN, high: 1 })).toThrow('cannot be NaN, but got low=nan and high=1')
    expect(() => make_tensor(2, { dtype: 'int64', requires_grad: true })).toThrow(
      'is not supported for boolean and integral dtypes, but got dtype=torch.int64',
    )
  })
})

test('the default device is the CPU, and may be set to it', () => {
  expect(String(torch.get_default_device())).toBe('cpu')
  torch.set_default_device('cpu')
  torch.set_default_device(null)
  expect(String(torch.ones(2).device)).toBe('cpu')
  expect(() => torch.set_default_device('toaster')).toThrow('device type at start of device string')
})
