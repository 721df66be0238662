import { describe, expect, test } from 'vitest'
import { backendOf } from '../../src/core/backend.ts'
import { ArgumentError } from '../../src/core/errors.ts'
import * as torch from '../../src/torch/index.ts'

const x = torch.tensor([
  [1.5, 2],
  [3, 4],
])
/** The generator has one implementation, in the compiled kernels. */
const compiled = backendOf('cpu').name !== 'reference'
const loosely = torch as unknown as Record<string, (...args: unknown[]) => unknown>

describe('keywords that a function does not know are refused', () => {
  test.each([
    ['add', [x, x, { alhpa: 2 }]],
    ['exp', [x, { ouy: x }]],
    ['sum', [x, { axis: 0 }]],
    ['zeros', [2, { dtyp: 'float64' }]],
    ['tensor', [[1], { require_grad: true }]],
    ['clamp', [x, { mn: 0 }]],
    ['cat', [[x, x], { axis: 1 }]],
    ['softmax', [x, { axis: 1 }]],
    ['rand', [2, { seed: 1 }]],
  ])('%s', (name, args) => {
    expect(() => loosely[name]!(...args)).toThrow(ArgumentError)
    expect(() => loosely[name]!(...args)).toThrow(/unexpected keyword argument/)
  })
})

test('functions take positions or keywords', () => {
  expect(torch.sum(x, 0, true).tolist()).toEqual([[4.5, 6]])
  expect(torch.sum(x, { dim: 0, keepdim: true }).tolist()).toEqual([[4.5, 6]])
  expect(torch.sum(x, 0, { keepdim: true }).tolist()).toEqual([[4.5, 6]])
  expect(x.sum({ dim: [0, 1] }).item()).toBe(10.5)
  expect(torch.zeros([2, 1]).shape).toEqual(torch.zeros(2, 1).shape)
  expect(torch.arange({ end: 3 }).tolist()).toEqual([0, 1, 2])
})

test('named results destructure, iterate and print as in PyTorch', () => {
  const { values, indices } = x.max(1)
  const [v, i] = x.max(1)
  expect([values.tolist(), indices.tolist()]).toEqual([v!.tolist(), i!.tolist()])
  expect(String(x.max(0))).toBe('torch.return_types.max(\nvalues=tensor([3., 4.]),\nindices=tensor([1, 1]))')
})

test('out= is written, resized and refused as in PyTorch', () => {
  const out = torch.empty(0)
  expect(torch.add(x, 1, { out })).toBe(out)
  expect(out.tolist()).toEqual([
    [2.5, 3],
    [4, 5],
  ])
  const ints = torch.zeros(2, 2, { dtype: 'int64' })
  expect(() => torch.add(x, 1, { out: ints })).toThrow("result type Float can't be cast to the desired output type Long")
  const part = torch.zeros(2, 4)
  torch.mul(x, 2, { out: part.at(':', '1:3') })
  expect(part.tolist()).toEqual([
    [0, 3, 4, 0],
    [0, 6, 8, 0],
  ])
})

test('data becomes the dtypes that PyTorch gives it', () => {
  const dtype = (data: unknown) => String(torch.tensor(data).dtype)
  expect([[1, 2], [1.5, 2], [true, false], [1n], new Float64Array(2), new Uint8Array(2), []].map(dtype)).toEqual(
    ['int64', 'float32', 'bool', 'int64', 'float64', 'uint8', 'float32'].map((d) => `torch.${d}`),
  )
  expect(() => torch.tensor([[1, 2], [3]])).toThrow('expected sequence of length 2 at dim 1 (got 1)')
  expect(() => torch.tensor(['a'])).toThrow("too many dimensions 'str'")
  expect(() => torch.tensor([300], { dtype: 'int8' })).toThrow('value cannot be converted to type int8 without overflow')
  expect(String(torch.tensor([1, 2], { requires_grad: true }))).toBe('tensor([1., 2.], requires_grad=True)')
})

test.runIf(compiled)('a generator goes on from a state that it gave', () => {
  const g = new torch.Generator().manual_seed(7)
  torch.rand(5, { generator: g })
  torch.randn(3, { generator: g })
  const state = g.get_state()
  const first = torch.randn(4, { generator: g }).tolist()
  g.set_state(state)
  expect(torch.randn(4, { generator: g }).tolist()).toEqual(first)
  expect(state.shape).toEqual(torch.zeros(5056).shape)
})

test.runIf(compiled)("the default generator gives PyTorch's numbers", () => {
  // torch.manual_seed(0), then each in turn
  torch.manual_seed(0)
  expect(String(torch.rand(3))).toBe('tensor([0.4963, 0.7682, 0.0885])')
  expect(String(torch.randn(4))).toBe('tensor([0.3643, 0.1344, 0.1642, 0.3058])')
  expect(torch.randint(0, 10, [5]).tolist()).toEqual([6, 6, 9, 8, 6])
})

test('func transformations compose', () => {
  const f = (t: torch.Tensor) => t.sin().mul(t).sum()
  const v = torch.tensor([0.5, 1, 1.5], { dtype: 'float64' })
  const each = torch.func.vmap(torch.func.grad((t: torch.Tensor) => t.sin().mul(t)))(v) as torch.Tensor
  expect(torch.allclose(each, torch.func.grad(f)(v) as torch.Tensor)).toBe(true)
  // d2 (t sin t) = 2 cos t - t sin t
  const h = torch.func.hessian(f)(v) as torch.Tensor
  expect(torch.allclose(h.diagonal(), v.cos().mul(2).sub(v.sin().mul(v)))).toBe(true)
  const [, tangent] = torch.func.jvp(f, [v], [torch.ones(3, { dtype: 'float64' })])
  expect(tangent.item()).toBeCloseTo(v.cos().mul(v).add(v.sin()).sum().item(), 12)
})

test('tensors survive a trip through safetensors and arrays', () => {
  const saved = torch.safetensors.load(torch.safetensors.save({ x, mask: x.gt(2), h: x.half() }))
  expect(torch.equal(saved.x!, x) && torch.equal(saved.mask!, x.gt(2)) && torch.equal(saved.h!, x.half())).toBe(true)
  const shared = torch.zeros(3)
  shared.numpy().set(':', 2)
  expect(shared.tolist()).toEqual([2, 2, 2])
})
