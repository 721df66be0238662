/** Autocast and GradScaler: the dtypes that PyTorch gives, and its scale after overflows. */

import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'

const { nn } = torch
const F = nn.functional

describe('autocast on the CPU', () => {
  test('products are in bfloat16, some losses in float32, all else in the dtype of its inputs', () => {
    const [x, w] = [torch.randn(3, 4), torch.randn(4, 4)]
    const dtypes = torch.autocast('cpu', () =>
      [
        x.matmul(w),
        torch.mm(x, w),
        torch.bmm(x.unsqueeze(0), w.unsqueeze(0)),
        torch.addmm(torch.zeros(4), x, w),
        F.linear(x, w),
        F.conv1d(x.unsqueeze(0), torch.randn(2, 3, 2)),
        F.conv_transpose2d(torch.randn(1, 2, 3, 3), torch.randn(2, 2, 2, 2)),
        F.scaled_dot_product_attention(x, x, x),
        x.add(1),
        x.exp(),
        F.mse_loss(x.to('bfloat16'), x.to('bfloat16')),
        F.smooth_l1_loss(x.to('bfloat16'), x.to('bfloat16')),
        x.double().matmul(w.double()),
        F.layer_norm(x, [4]),
      ].map((t) => String(t.dtype).slice(6)),
    )
    // as PyTorch 2.15 gives for the same calls
    expect(dtypes).toEqual([...new Array(8).fill('bfloat16'), 'float32', 'float32', 'float32', 'float32', 'float64', 'float32'])
  })

  test('gradients of float32 parameters are float32, and near those without autocast', () => {
    torch.manual_seed(0)
    const net = new nn.Sequential(new nn.Conv2d(1, 4, 3), new nn.ReLU(), new nn.Flatten(), new nn.Linear(144, 3))
    const x = torch.randn(5, 1, 8, 8)
    const y = torch.tensor([0, 1, 2, 0, 1])
    F.cross_entropy(net(x), y).backward()
    const plain = [...net.parameters()].map((p) => p.grad!)
    net.zero_grad()
    const loss = torch.autocast('cpu', { dtype: 'bfloat16' }, () => F.cross_entropy(net(x), y))
    loss.backward()
    for (const [i, p] of [...net.parameters()].entries()) {
      expect(String(p.grad!.dtype)).toBe('torch.float32')
      expect(Number(p.grad!.sub(plain[i]!).abs().max().item())).toBeLessThan(0.03)
    }
  })

  test('nests, ends with its block, and can be turned off', () => {
    expect(torch.is_autocast_enabled('cpu')).toBe(false)
    {
      const mode = torch.autocast('cpu')
      expect(torch.is_autocast_enabled('cpu')).toBe(true)
      torch.autocast('cpu', { enabled: false }, () => expect(torch.is_autocast_enabled()).toBe(false))
      mode[Symbol.dispose]()
    }
    expect(torch.is_autocast_enabled('cpu')).toBe(false)
    expect(String(torch.get_autocast_dtype('cpu'))).toBe('torch.bfloat16')
    expect(() => torch.autocast('tpu', () => 1)).toThrow("User specified an unsupported autocast device_type 'tpu'")
    expect(torch.amp.is_autocast_available('cpu')).toBe(true)
  })

  test('functions of autograd run their backward as their forward', () => {
    const seen: boolean[] = []
    class Twice extends torch.autograd.Function {
      static override forward = torch.amp.custom_fwd((_ctx, x: torch.Tensor) => x.mul(2), { device_type: 'cpu' })
      static override backward = torch.amp.custom_bwd(
        (_ctx, g: torch.Tensor) => {
          seen.push(torch.is_autocast_enabled('cpu'))
          return g.mul(2)
        },
        { device_type: 'cpu' },
      )
    }
    const x = torch.ones(1, { requires_grad: true })
    torch.autocast('cpu', () => Twice.apply(x)).backward()
    expect(seen).toEqual([true])
  })
})

describe('GradScaler', () => {
  test('leaves out steps with overflows and follows them with its scale', () => {
    const w = torch.ones(2, { requires_grad: true })
    const optimizer = new torch.optim.SGD([w], { lr: 0.5 })
    const scaler = new torch.amp.GradScaler('cpu', { init_scale: 8, growth_interval: 2 })
    const step = (factor: number) => {
      optimizer.zero_grad()
      scaler.scale(w.mul(factor).sum()).backward()
      scaler.step(optimizer)
      scaler.update()
    }
    step(1)
    expect(w.tolist()).toEqual([0.5, 0.5])
    step(Number.POSITIVE_INFINITY)
    expect(w.tolist()).toEqual([0.5, 0.5])
    expect(scaler.get_scale()).toBe(4)
    step(1)
    step(1)
    expect(scaler.get_scale()).toBe(8)
    expect(w.tolist()).toEqual([-0.5, -0.5])
    const other = new torch.amp.GradScaler('cpu')
    other.load_state_dict(scaler.state_dict())
    expect(other.state_dict()).toEqual({ scale: 8, growth_factor: 2, backoff_factor: 0.5, growth_interval: 2, _growth_tracker: 0 })
  })

  test('refuses calls out of order', () => {
    const w = torch.ones(1, { requires_grad: true })
    const optimizer = new torch.optim.SGD([w], { lr: 0.5 })
    const scaler = new torch.amp.GradScaler('cpu')
    expect(() => scaler.update()).toThrow('No inf checks were recorded prior to update.')
    scaler.scale(w.sum()).backward()
    scaler.unscale_(optimizer)
    expect(w.grad!.tolist()).toEqual([1])
    expect(() => scaler.unscale_(optimizer)).toThrow('unscale_() has already been called on this optimizer since the last update().')
    scaler.step(optimizer)
    expect(() => scaler.step(optimizer)).toThrow('step() has already been called since the last update().')
    expect(new torch.amp.GradScaler('cpu', { enabled: false }).get_scale()).toBe(1)
  })
})
