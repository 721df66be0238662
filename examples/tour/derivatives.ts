/** Part 4: derivatives of a composed function, against finite differences, and the second derivative. */

import { torch } from 'numgrad'
import { check, say, show } from '../lib/show.ts'

type Tensor = InstanceType<typeof torch.Tensor>

/** Any combination of operations has derivatives: here products, functions, a softmax and a norm. */
function f(x: Tensor): Tensor {
  const mixed = torch.tanh(x.matmul(x.T)).mul(torch.sin(x.sum(1)))
  return torch
    .softmax(mixed, 1)
    .square()
    .sum()
    .sqrt()
    .add(torch.exp(x.mul(-0.5)).mean())
}

/** `(f(x + h) - f(x - h)) / 2h` for each element. */
function differences(x: Tensor, h: number): Tensor {
  const slopes = x.detach().clone().reshape(-1)
  const flat = x.detach().clone().reshape(-1)
  for (let i = 0; i < flat.numel(); i++) {
    const at = (shift: number) => {
      const moved = flat.clone()
      moved.set(i, (flat.at(i).item() as number) + shift)
      return f(moved.reshape(x.shape)).item() as number
    }
    slopes.set(i, (at(h) - at(-h)) / (2 * h))
  }
  return slopes.reshape(x.shape)
}

export function derivatives(): void {
  torch.manual_seed(0)
  const x = torch.randn(4, 3, { dtype: torch.float64, requires_grad: true })
  const y = f(x)
  show('y = f(x)  // matmul, tanh, sin, softmax, norm, exp', y)
  y.backward()
  show('y.backward(); x.grad', x.grad)
  const error = x.grad!.sub(differences(x, 1e-6)).abs().max().item() as number
  check(error < 1e-8, `all 12 derivatives agree with finite differences (largest difference ${error.toExponential(1)})`)

  say('\nDerivatives have derivatives: the second one of sin(t) t^2 at t = 1.5, by the graph and by the formula:\n')
  const t = torch.tensor(1.5, { dtype: torch.float64, requires_grad: true })
  const [first] = torch.autograd.grad(torch.sin(t).mul(t.square()), t, { create_graph: true })
  const [second] = torch.autograd.grad(first!, t)
  const formula = (2 - 1.5 ** 2) * Math.sin(1.5) + 4 * 1.5 * Math.cos(1.5)
  show('torch.autograd.grad(first, t)', second)
  check(Math.abs((second!.item() as number) - formula) < 1e-14, `(2 - t^2) sin t + 4 t cos t = ${formula}`)

  const hessian = torch.func.hessian((v: Tensor) => v.prod())(torch.tensor([1, 2, 3], { dtype: torch.float64 }))
  show('torch.func.hessian((v) => v.prod())(torch.tensor([1, 2, 3]))', hessian)
}
