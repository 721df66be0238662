import { describe, expect, test } from 'vitest'
import { backendOf } from '../../src/core/backend.ts'
import * as torch from '../../src/torch/index.ts'
import { absent, why } from './open.ts'
import { same } from './same.ts'

const gpu = { device: 'webgpu' }

describe.skipIf(absent !== null)(`device 'webgpu'${why}`, () => {
  test('tensors are made there, moved there and brought back', async () => {
    const made = torch.tensor([[1, 2], [3, 4.5]], gpu) // biome-ignore format: a table
    expect(made.device.toString()).toBe('webgpu:0')
    expect(made.is_cpu).toBe(false)
    expect(String(await made.cpu())).toBe('tensor([[1.0000, 2.0000],\n        [3.0000, 4.5000]])')
    expect(await torch.ones(2).to('webgpu').mul(3).tolist_async()).toEqual([3, 3])
    expect(await torch.tensor(7).webgpu().item_async()).toBe(7)
    expect(torch.ones(2).cpu().tolist()).toEqual([1, 1])
    const all = [
      torch.zeros(2, gpu),
      torch.ones(2, gpu),
      torch.full([2], 5, gpu),
      torch.arange(2, gpu),
      torch.eye(2, gpu),
      torch.zeros_like(made),
    ]
    expect(all.every((t) => t.device.type === 'webgpu')).toBe(true)
    expect(await torch.arange(2, 8, 2, gpu).tolist_async()).toEqual([2, 4, 6])
  })
  test('temporaries of ticks that read nothing are collected', async () => {
    const live = () => backendOf('webgpu').info().liveBytes as number
    const before = live()
    let most = 0
    for (let i = 0; i < 160; i++) {
      torch.ones(2 ** 21, gpu).mul(2)
      await new Promise((done) => setTimeout(done, 1))
      most = Math.max(most, live() - before)
    }
    // 160 times 16 MiB passed by: 256 MiB may wait for a collection, and as much for its finalizers
    expect(most).toBeLessThan(2 ** 29 + 2 ** 26)
  })
  test('views, strides and empty tensors come back as they are', async () => {
    const a = torch.arange(24, gpu).reshape(2, 3, 4)
    expect(await a.permute(2, 0, 1).at('1:, :, ::2').tolist_async()).toEqual(
      torch.arange(24).reshape(2, 3, 4).permute(2, 0, 1).at('1:, :, ::2').tolist(),
    )
    expect(await torch.zeros([0, 3], gpu).tolist_async()).toEqual([])
    expect(await a.gt(5).at('1, 1, 1:').tolist_async()).toEqual([true, true, true])
  })
  test('every dtype of the device goes up and down unchanged', async () => {
    for (const dtype of ['bool', 'uint8', 'int8', 'int16', 'int32', 'int64', 'float16', 'bfloat16', 'float32', 'complex64'] as const) {
      const x = torch.tensor([0, 1, 100, 3, 5, 7, 9]).to(torch[dtype])
      expect((await x.to('webgpu').cpu()).tolist()).toEqual(x.tolist())
      expect((await x.to('webgpu').at('1:6:2').clone().cpu()).tolist()).toEqual(x.at('1:6:2').tolist())
    }
    expect(
      await torch
        .tensor([2n ** 62n, -(2n ** 62n)], gpu)
        .add(1)
        .tolist_async(),
    ).toEqual([2n ** 62n + 1n, -(2n ** 62n) + 1n])
  })
  test('a tensor there prints without its elements', () => {
    expect(String(torch.zeros([2, 3], gpu))).toBe("tensor(..., device='webgpu:0', size=(2, 3))")
    expect(String(torch.arange(3, gpu).mul(2))).toBe("tensor(..., device='webgpu:0', size=(3,), dtype=torch.int64)")
    expect(String(torch.zeros(1, { ...gpu, requires_grad: true }))).toBe("tensor(..., device='webgpu:0', size=(1,), requires_grad=True)")
  })
  test('what cannot be is an error that says what to do', () => {
    const x = torch.ones(2, 3, gpu)
    expect(() => x.at('0, 0').item()).toThrow('await t.item_async()')
    expect(() => x.tolist()).toThrow('await t.cpu()')
    expect(() => x.to('cpu')).toThrow('await t.cpu()')
    expect(() => x.numpy().tolist()).toThrow('await t.cpu()')
    expect(() => x.double()).toThrow("device 'webgpu' has no float64: convert to float32 first")
    expect(() => torch.tensor([1], { ...gpu, dtype: torch.float64 })).toThrow('has no float64')
    expect(() => x.add(torch.ones(3))).toThrow(
      'Expected all tensors to be on the same device, but found at least two devices, webgpu:0 and cpu!',
    )
    expect(() => torch.nonzero(x)).toThrow('the shape of this result depends on values')
    expect(() => torch.linalg.inv(torch.eye(3, gpu))).toThrow("routine 'inv' is not available on device 'webgpu'")
    expect(() => torch.rand(2, { ...gpu, generator: new torch.Generator() })).toThrow(
      "Expected a 'webgpu' device type for generator but found 'cpu'",
    )
  })
  test('0-d tensors of the cpu mix with tensors there', () =>
    same((to) => [
      to(torch.ones(3)).mul(torch.tensor(2.5)),
      torch.tensor(3).sub(to(torch.arange(3))),
      torch.where(to(torch.ones(3)).gt(0), torch.tensor(4), 5),
    ]))
  test('a new shape or a new number compiles nothing', async () => {
    const run = (n: number, k: number) =>
      torch
        .ones(n, n + 1, gpu)
        .mul(k)
        .add(0.5)
        .sum(1)
        .cpu()
    await run(40, 2)
    const { kernels } = torch.webgpu.info()
    await run(64, 9)
    await run(100, -3)
    expect(torch.webgpu.info().kernels).toBe(kernels)
  })
  test('what is done in one go is submitted once', async () => {
    await torch.webgpu.synchronize()
    const before = torch.webgpu.info().submits as number
    const x = torch.ones(8, gpu)
    let y = x
    for (let i = 0; i < 50; i++) y = y.add(x)
    expect(await y.sum().item_async()).toBe(408)
    expect((torch.webgpu.info().submits as number) - before).toBeLessThanOrEqual(2)
  })
  test('memory is given back by dispose, and used again', () => {
    const before = torch.webgpu.memory_allocated()
    const x = torch.zeros(1000, 1000, gpu)
    expect(torch.webgpu.memory_allocated() - before).toBeGreaterThanOrEqual(4_000_000)
    x.dispose()
    expect(torch.webgpu.memory_allocated()).toBe(before)
    expect(() => x.add(1)).toThrow('disposed')
  })
  test('an array larger than the adapter allows is an error', () => {
    expect(() => torch.empty([2 ** 40], gpu)).toThrow("unable to allocate 4398046511104 bytes on 'webgpu'")
  })
  test('info() says which adapter is in use', () => {
    expect(torch.webgpu.device_count()).toBe(1)
    expect(backendOf('webgpu').info()).toMatchObject({ backend: 'webgpu' })
  })
})

describe.skipIf(absent !== null)(`derivatives on the GPU${why}`, () => {
  test('gradients of leaves there are there', async () => {
    const w = torch.tensor([1, 2, 3], { ...gpu, requires_grad: true })
    w.square().sum().backward()
    expect(w.grad!.device.type).toBe('webgpu')
    expect(await w.grad!.tolist_async()).toEqual([2, 4, 6])
  })
  test('second derivatives work there', async () => {
    const x = torch.tensor([0.5, 2], { ...gpu, requires_grad: true })
    const [g] = torch.autograd.grad(x.pow(3).sum(), x, { create_graph: true })
    g!.sum().backward()
    expect(await x.grad!.tolist_async()).toEqual([3, 12])
  })
  test('a copy on the cpu passes its gradient up again', async () => {
    const w = torch.ones(2, { ...gpu, requires_grad: true })
    const y = (await w.mul(3).cpu()).mul(torch.tensor([1, 10]))
    y.sum().backward()
    expect(await w.grad!.tolist_async()).toEqual([3, 30])
  })
  test('a gradient down to the cpu would have to wait, which is an error', () => {
    const w = torch.ones(2, { requires_grad: true })
    expect(() => w.to('webgpu').sum().backward()).toThrow('make the leaf on the device')
  })
  test('of convolutions they are as on the cpu', () =>
    same((to) => {
      const [x, w, b] = [torch.arange(2 * 4 * 5 * 6), torch.arange(6 * 2 * 3 * 2), torch.arange(6)].map((t, i) =>
        to(t.float().div(50).sin().reshape([[2, 4, 5, 6], [6, 2, 3, 2], [6]][i]!)).requires_grad_(),
      ) as [torch.Tensor, torch.Tensor, torch.Tensor] // biome-ignore format: a table
      torch.nn.functional
        .conv2d(x, w, b, { stride: [2, 1], padding: [1, 2], dilation: [1, 2], groups: 2 })
        .square()
        .sum()
        .backward()
      return [x.grad!, w.grad!, b.grad!]
    }, 1e-4))
})
