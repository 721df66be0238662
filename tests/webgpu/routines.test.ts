import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { absent, why } from './open.ts'
import { same, type To } from './same.ts'

const F = torch.nn.functional
torch.manual_seed(0)
const x = torch.randn(5, 7)
const whole = torch.randint(-50, 50, [4, 9])
const odd = torch.tensor([
  [3, Number.NaN, -0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 2],
  [1, 1, Number.NaN, Number.NaN, -1, 5, 0.5],
])
const long = torch.randn(20_000).mul(0.01)
const rows = torch.randn(3, 1500)
const at = torch.tensor([0, 2, -1, 2])
const table = torch.tensor([[1, 0, -2], [3, 3, 1]]) // biome-ignore format: a table
const columns = torch.tensor([0, 1, 2])
const along0 = torch.randint(0, 5, [5, 7])
const along1 = torch.randint(0, 7, [5, 3])
const image = torch.randn(2, 4, 9, 8)
const filters = torch.randn(6, 2, 3, 2)
const bias = torch.randn(6)
const numbered = (shape: number[], by: number) =>
  torch.arange(shape.reduce((a, b) => a * b)).reshape(shape).remainder(by).float() // biome-ignore format: one line
const repeats = torch.tensor([0, 1, 1, 1, 2, 0])
const accumulated = (to: To, dtype: torch.dtype) =>
  to(torch.zeros(3).to(dtype)).index_put_([to(repeats)], to(torch.ones(6).to(dtype)), true)

const VALUES: readonly (readonly [string, torch.Tensor])[] = [
  ['float32', x], ['int64', whole], ['float32 with NaN and infinities', odd], ['long float32', rows], ['float16', x.half()], ['int8', whole.to(torch.int8)],
  ['transposed float32', x.t()], ['int64 beyond 32 bits', whole.mul(10 ** 12)],
] // biome-ignore format: a table

type Case = readonly [title: string, f: Parameters<typeof same>[0], tolerance?: number]
const SORTING: readonly Case[] = VALUES.flatMap(([name, v]): Case[] => [
  [`sort of ${name}`, (to) => torch.sort(to(v), 1, false, { stable: true })],
  [`descending sort of ${name}`, (to) => torch.sort(to(v), { dim: 0, descending: true, stable: true })],
  [`topk of ${name}`, (to) => torch.topk(to(v), 3, 1)],
  [`cummax of ${name}`, (to) => torch.cummax(to(v), 0)],
])
const CASES: readonly Case[] = [
  ...SORTING,
  ['sort of booleans', (to) => torch.sort(to(x.gt(0)), 1, false, { stable: true })],
  ['a long sort', (to) => torch.sort(to(long), 0, false, { stable: true })],
  ['a long cumsum', (to) => torch.cumsum(to(long).mul(64).round(), 0)],
  ['a long cummax', (to) => torch.cummax(to(long), 0)],
  ['logcumsumexp', (to) => torch.logcumsumexp(to(rows), 1), 1e-5],
  ['searchsorted', (to) => torch.searchsorted(to(torch.tensor([1, 3, 5, 7.5])), to(odd))],
  ['searchsorted from the right', (to) => torch.searchsorted(to(torch.tensor([1, 3, 5, 7])), to(whole), { right: true })],
  ['a long sum', (to) => to(long).sum(), 1e-5],
  ['a long variance', (to) => to(long).var(), 1e-5],
  ['a long softmax', (to) => torch.softmax(to(long), 0), 1e-6],
  ['a long argmax', (to) => to(long).argmax()],
  ['extrema with NaN', (to) => [to(odd).amin(1), to(odd).amax(), to(odd).argmin(1), to(odd).argmax(1)]],
  ['index', (to) => to(x).at(to(at))],
  ['index by indices of the cpu', (to) => to(x).at(at)],
  ['index by two arrays', (to) => to(x).at(to(table), to(columns))],
  ['index of a slice', (to) => to(x).at('1:4', to(at))],
  ['index of booleans', (to) => to(x.gt(0)).at(to(at))],
  ['setting places, the last one wins', (to) => to(x).clone().set(to(at), to(numbered([4, 7], 99)))],
  ['setting by a mask', (to) => to(x).clone().set(to(x.gt(0)), 5)],
  ['index_put with accumulation', (to) => to(x).clone().index_put_([to(table), to(columns)], to(torch.ones(2, 3)), true), 1e-6],
  ...[torch.float32, torch.int64, torch.float16, torch.complex64, torch.uint8].map(
    (dtype): Case => [`index_put with repeated places of ${dtype}`, (to) => accumulated(to, dtype).to(dtype.is_complex ? torch.complex64 : torch.float32).abs()],
  ),
  ['gather', (to) => [torch.gather(to(x), 0, to(along0)), torch.gather(to(x), 1, to(along1))]],
  ['scatter', (to) => torch.scatter(to(x), 0, to(along0), to(numbered([5, 7], 99)))],
  ['scatter_add', (to) => torch.scatter_add(to(x), 1, to(along1), to(torch.ones(5, 3))), 1e-6],
  ['scatter_add of int64', (to) => torch.scatter_add(to(torch.zeros(5, 7).long()), 1, to(along1), to(torch.ones(5, 3).long()))],
  ['index_select and take_along_dim', (to) => [torch.index_select(to(x), 1, to(columns)), torch.take_along_dim(to(x), to(along1), 1)]],
  ['masked_fill and where', (to) => [to(x).masked_fill(to(x.gt(0)), 0), torch.where(to(x.gt(0)), to(x), 0)]],
  ['cat of mixed dtypes', (to) => torch.cat([to(x), to(x.gt(0))], 0)],
  ['moves', (to) => [torch.tril(to(x)), torch.roll(to(x), 2, 1), torch.flip(to(x), [0, 1]), torch.diag(to(x)), F.pad(to(x), [1, 2])]],
  ['one_hot with a number of classes', (to) => F.one_hot(to(torch.tensor([0, 2, 1])), 3)],
  ['median and kthvalue', (to) => [torch.median(to(x), 1).values, torch.kthvalue(to(x), 2, 1).indices]],
  ...(
    [
      [[5, 7], [7, 3]], [[65, 70], [70, 129]], [[2, 3, 17, 33], [33, 5]], [[4, 1, 5, 6], [3, 6, 7]], [[7], [7, 2]], [[3, 7], [7]], [[100, 90], [90, 70]],
      [[3, 0], [0, 4]],
    ] as const // biome-ignore format: a table
  ).map(([a, b]): Case => [`matmul of [${a}] and [${b}]`, (to) => torch.matmul(to(numbered([...a, 1], 7).reshape([...a])), to(numbered([...b, 1], 5).reshape([...b])))]),
  ['matmul of transposed', (to) => torch.matmul(to(x).t(), to(x)), 1e-5],
  ['matmul of integers', (to) => [torch.matmul(to(whole), to(whole.t())), torch.matmul(to(whole.int()), to(whole.int()).t())]],
  ['matmul of float16', (to) => torch.matmul(to(x.half()), to(x.half().t())), 1e-2],
  ['matmul of complex numbers', (to) => torch.view_as_real(torch.matmul(to(torch.complex(x, x)), to(torch.complex(x, x.neg()).t()))), 1e-5],
  ['linear', (to) => F.linear(to(x), to(torch.ones(3, 7)), to(torch.ones(3))), 1e-5],
  ['conv1d', (to) => F.conv1d(to(numbered([2, 3, 4], 9)), to(torch.ones(5, 3, 2)))],
  ['conv2d with groups', (to) => F.conv2d(to(image), to(filters), to(bias), { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 }), 1e-5],
  ['conv_transpose2d', (to) => F.conv_transpose2d(to(image), to(numbered([4, 3, 3, 3], 11)), null, { stride: 2, padding: 1 }), 1e-4],
  ['pooling', (to) => [F.max_pool2d(to(image), 3, 2, 1), F.avg_pool2d(to(image), 2), F.adaptive_max_pool2d(to(image), [4, 3])], 1e-6],
  ['normalization', (to) => [F.layer_norm(to(x), [7]), F.batch_norm(to(image), null, null, null, null, true)], 1e-5],
  ['losses', (to) => [F.cross_entropy(to(x), to(torch.arange(5))), F.mse_loss(to(x), to(x.mul(2))), F.nll_loss(to(x), to(torch.tensor([0, -100, 2, 3, 4])))], 1e-5],
  ['embedding', (to) => F.embedding(to(table.abs()), to(x))],
  ['attention', (to) => F.scaled_dot_product_attention(to(image), to(image), to(image)), 1e-5],
  ['einsum', (to) => torch.einsum('ij,kj->ik', to(x), to(x)), 1e-5],
  ['in-place writes through views', (to) => { const y = to(x).clone(); y.at(1).add_(5); y.t().mul_(2); return y }],
  ['in-place writes of booleans in the middle of words', (to) => { const y = to(x.gt(0)).clone(); y.at('1:3, 2:5').logical_not_(); return y }],
  ['an overlapping copy', (to) => { const y = to(torch.arange(10)).clone(); y.at('1:').copy_(y.at(':-1')); return y }],
] // biome-ignore format: a table

describe.skipIf(absent !== null)(`routines on the GPU are as on the cpu${why}`, () => {
  test.each(CASES.map(([title, f, tolerance]) => ({ title, f, tolerance })))('$title', ({ f, tolerance }) => same(f, tolerance))

  test('an index out of range is an error of the next read', async () => {
    const y = x.to('webgpu').at(torch.tensor([9]).to('webgpu'))
    await expect(Promise.resolve(y.cpu())).rejects.toThrow('index 9 is out of bounds for axis 0 with size 5')
    expect(await torch.ones(2, { device: 'webgpu' }).tolist_async()).toEqual([1, 1])
  })
  test('a negative class is an error, not the last one', async () => {
    const loss = F.nll_loss(x.to('webgpu'), torch.tensor([0, 1, -1, 2, 3]).to('webgpu'))
    await expect(loss.item_async()).rejects.toThrow('out of bounds')
  })
})
