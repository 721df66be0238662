/** Twenty things that the library does: read this first. */

import { expect, test } from 'vitest'
import { complex, info, np, torch } from '../src/index.ts'

const data = [
  [1, 2, 3],
  [4, 5, 6],
]

/** Random numbers come from the compiled kernels; the reference backend has none. */
const random = test.skipIf(info().backend === 'reference')

test('arrays print as NumPy prints them', () => {
  expect(np.array_repr(np.array(data))).toBe('array([[1, 2, 3],\n       [4, 5, 6]])')
})

test('tensors print as PyTorch prints them', () => {
  expect(String(torch.tensor(data))).toBe('tensor([[1, 2, 3],\n        [4, 5, 6]])')
})

test('integers make int64, a fraction makes float64, or float32 in torch', () => {
  expect([np.array([1]).dtype.name, np.array([1.5]).dtype.name, String(torch.tensor([1.5]).dtype)]).toEqual([
    'int64',
    'float64',
    'torch.float32',
  ])
})

test('arrays hold anything, also lists of different lengths', () => {
  const a = np.array([[1, 2], 'three', null, [4]], { dtype: 'object' })
  expect([a.shape, a.at(1), a.at(3)]).toEqual([[4], 'three', [4]])
})

test('a jagged list without dtype object is an error in both worlds', () => {
  expect(() => np.array([[1, 2], [3]])).toThrow(/inhomogeneous shape after 1 dimensions/)
  expect(() => torch.tensor([[1, 2], [3]])).toThrow('expected sequence of length 2 at dim 1 (got 1)')
})

test('a slice is a view: writing it writes the array', () => {
  const a = np.arange(6).reshape(2, 3)
  a.at('1:, ::2').set('...', 0)
  expect(a.tolist()).toEqual([
    [0, 1, 2],
    [0, 4, 0],
  ])
})

test('boolean masks read and write', () => {
  const a = np.arange(6)
  a.set(np.greater(a, 3), -1)
  expect(a.tolist()).toEqual([0, 1, 2, 3, -1, -1])
  expect((a.at(np.less(a, 2)) as typeof a).tolist()).toEqual([0, 1, -1, -1])
})

test('operations broadcast and promote', () => {
  const a = np.add(np.array([[1], [2]]), np.array([10, 20.5]))
  expect([a.dtype.name, a.tolist()]).toEqual([
    'float64',
    [
      [11, 21.5],
      [12, 22.5],
    ],
  ])
})

test('JavaScript numbers are weak: they do not widen an array, and must fit', () => {
  expect(np.add(np.array([1], { dtype: 'int8' }), 100).dtype.name).toBe('int8')
  expect(() => np.add(np.array([1], { dtype: 'uint8' }), 300)).toThrow(/out of bounds for uint8/)
})

test('keyword arguments are a plain object at the end', () => {
  expect(np.sum(np.array(data), { axis: 1, keepdims: true }).tolist()).toEqual([[6], [15]])
})

test('ufuncs have methods', () => {
  expect(np.add.reduce(np.array(data), { axis: 0 }).tolist()).toEqual([5, 7, 9])
  expect(np.multiply.outer([1, 2], [3, 4]).tolist()).toEqual([
    [3, 4],
    [6, 8],
  ])
})

test('complex numbers are numbers', () => {
  expect(np.sqrt(complex(-1, 0))).toEqual(complex(0, 1))
})

test('NaN goes through max and sorts last', () => {
  expect(np.max([1, Number.NaN, 3])).toBeNaN()
  expect(np.sort([3, Number.NaN, 1]).tolist()).toEqual([1, 3, Number.NaN])
})

test('derivatives of any combination of operations', () => {
  const x = torch.tensor([0.5, 1.5], { requires_grad: true, dtype: torch.float64 })
  torch.sin(x).mul(torch.exp(x)).sum().backward() // (sin x + cos x) e^x
  const expected = [0.5, 1.5].map((v) => (Math.sin(v) + Math.cos(v)) * Math.exp(v))
  ;(x.grad!.tolist() as number[]).forEach((g, i) => {
    expect(g).toBeCloseTo(expected[i]!, 12)
  })
})

test('derivatives of derivatives', () => {
  const x = torch.tensor(2.5, { requires_grad: true })
  const [first] = torch.autograd.grad(x.pow(3), [x], { create_graph: true })
  const [second] = torch.autograd.grad(first!, [x])
  expect(second!.item()).toBe(15)
})

test('a change in place of what backward needs is an error', () => {
  const x = torch.ones(2, { requires_grad: true })
  const y = x.exp()
  y.add_(1)
  expect(() => y.sum().backward()).toThrow(/modified by an inplace operation/)
})

test('no_grad records nothing', () => {
  const x = torch.ones(2, { requires_grad: true })
  expect(torch.no_grad(() => x.mul(2)).requires_grad).toBe(false)
})

random('modules are classes whose instances are called', () => {
  class Double extends torch.nn.Module {
    lin = new torch.nn.Linear(2, 1, { bias: false })
    override forward(x: torch.Tensor): torch.Tensor {
      return this.lin(x).mul(2)
    }
  }
  const net = new Double()
  torch.no_grad(() => net.lin.weight.fill_(1))
  expect(net(torch.tensor([[1.5, 2.5]])).item()).toBe(8)
  expect(Object.keys(net.state_dict())).toEqual(['lin.weight'])
})

test('tensors and arrays share memory', () => {
  const a = np.zeros([2])
  torch.from_numpy(a).add_(1)
  expect(a.tolist()).toEqual([1, 1])
})

random('the same seed gives the numbers of NumPy and PyTorch', () => {
  expect(np.random.default_rng(0).random()).toBe(0.6369616873214543)
  torch.manual_seed(0)
  expect(torch.rand(1).item()).toBeCloseTo(0.49625658988952637, 15)
})
