/** Functions of the user's own, checkpoints, hooks on saved tensors, anomaly mode, forward derivatives, modules as functions. */

import { describe, expect, test } from 'vitest'
import type { FunctionCtx } from '../../src/torch/autograd/function.ts'
import * as torch from '../../src/torch/index.ts'
import type { Tensor } from '../../src/torch/tensor.ts'

const f64 = (data: unknown, requires_grad = false): Tensor => torch.tensor(data, { dtype: torch.float64, requires_grad })

/** x^3, with three times its derivative, so that a rule of ours shows. */
class Cube extends torch.autograd.Function {
  static override forward(x: Tensor): Tensor {
    return x.pow(3)
  }
  static override setup_context(ctx: FunctionCtx, [x]: [Tensor]): void {
    ctx.save_for_backward(x)
    ctx.save_for_forward(x)
  }
  static override backward(ctx: FunctionCtx, grad: Tensor): Tensor {
    const [x] = ctx.saved_tensors
    return grad.mul(x!.pow(2)).mul(9)
  }
  static override generate_vmap_rule = true
}
class CubeForward extends Cube {
  static override jvp(ctx: FunctionCtx, t: Tensor): Tensor {
    const [x] = ctx.saved_tensors
    return t.mul(x!.pow(2)).mul(5)
  }
  static override vmap(_: unknown, [dim]: readonly (number | null)[], x: Tensor): [Tensor, number | null] {
    return [x.pow(3), dim!]
  }
}

describe('autograd.Function inside torch.func', () => {
  const { grad, jacfwd, jacrev, jvp, vmap } = torch.func
  const cube = (x: Tensor): Tensor => Cube.apply(x)
  test('grad uses backward, and is differentiable again', () => {
    expect(grad(cube)(f64(2)).item()).toBe(36)
    expect(grad(grad(cube))(f64(2)).item()).toBe(36)
  })
  test('forward mode uses jvp, or transposes backward', () => {
    expect(jvp((x: Tensor) => CubeForward.apply(x), [f64(2)], [f64(1)])[1].item()).toBe(20)
    expect(jvp(cube, [f64(2)], [f64(1)])[1].item()).toBe(36)
  })
  test('vmap uses the static vmap, or runs item by item', () => {
    expect(vmap(cube)(f64([1, 2])).tolist()).toEqual([1, 8])
    expect(vmap((x: Tensor) => CubeForward.apply(x))(f64([1, 2])).tolist()).toEqual([1, 8])
    expect(vmap(grad(cube))(f64([1, 2])).tolist()).toEqual([9, 36])
    expect(grad((x: Tensor) => vmap(cube)(x).sum())(f64([1, 2])).tolist()).toEqual([9, 36])
  })
  test('jacrev and jacfwd agree', () => {
    expect(jacrev(cube)(f64([1, 2])).tolist()).toEqual([
      [9, 0],
      [0, 36],
    ])
    expect(jacfwd(cube)(f64([1, 2])).tolist()).toEqual([
      [9, 0],
      [0, 36],
    ])
  })
  test('without setup_context, and without a batching rule, it says so', () => {
    class Plain extends torch.autograd.Function {
      static override forward(_: FunctionCtx, x: Tensor): Tensor {
        return x
      }
    }
    expect(() => grad((x: Tensor) => Plain.apply(x))(f64(1))).toThrow('must override the setup_context staticmethod')
    class Unbatched extends Cube {
      static override generate_vmap_rule = false
    }
    expect(() => vmap((x: Tensor) => Unbatched.apply(x))(f64([1, 2]))).toThrow('does not have vmap support')
  })
})

describe('torch.utils.checkpoint', () => {
  const { checkpoint, checkpoint_sequential } = torch.utils.checkpoint
  test('gives the gradients of inputs and of parameters that the function closes over', () => {
    const [x, w] = [f64([1, 2], true), f64([3, 4], true)]
    let runs = 0
    const f = (t: Tensor): Tensor => {
      runs++
      return t.mul(w).sin().exp()
    }
    checkpoint(f, x, { use_reentrant: false }).sum().backward()
    expect(runs).toBe(2)
    const [y, v] = [f64([1, 2], true), f64([3, 4], true)]
    y.mul(v).sin().exp().sum().backward()
    expect(x.grad!.tolist()).toEqual(y.grad!.tolist())
    expect(w.grad!.tolist()).toEqual(v.grad!.tolist())
  })
  test('dropout falls on the same elements in the second run', () => {
    torch.manual_seed(3)
    const x = f64(new Array(50).fill(1), true)
    const y = checkpoint((t: Tensor) => torch.nn.functional.dropout(t.mul(t), 0.5), x, { use_reentrant: false })
    y.sum().backward()
    expect(x.grad!.tolist()).toEqual(y.mul(2).tolist())
  })
  test('autograd.grad works through it, and segments of a sequence too', () => {
    const x = f64(0.5, true)
    const [g] = torch.autograd.grad(
      checkpoint((t: Tensor) => t.sin().cos(), x, { use_reentrant: false }),
      x,
    )
    expect(g!.item()).toBeCloseTo(-Math.sin(Math.sin(0.5)) * Math.cos(0.5), 14)
    const steps = [(t: Tensor) => t.sin(), (t: Tensor) => t.cos(), (t: Tensor) => t.exp(), (t: Tensor) => t.mul(t)]
    checkpoint_sequential(steps, 2, x).backward()
    const y = f64(0.5, true)
    y.sin().cos().exp().square().backward()
    expect(x.grad!.item()).toBeCloseTo(y.grad!.item(), 14)
  })
  test('a function that saves other tensors the second time is found out', () => {
    let first = true
    const f = (t: Tensor): Tensor => {
      const y = first ? t.sin() : t.sin().exp()
      first = false
      return y
    }
    const y = checkpoint(f, f64(1, true))
    expect(() => y.backward()).toThrow('A different number of tensors was saved')
  })
})

describe('torch.autograd.graph', () => {
  const { graph } = torch.autograd
  test('saved_tensors_hooks packs what is saved and unpacks it in backward', () => {
    const [a, b] = [f64([2, 3], true), f64([5, 7], true)]
    const log: string[] = []
    const y = graph.saved_tensors_hooks(
      (t) => {
        log.push('pack')
        return t.mul(2)
      },
      (t: Tensor) => {
        log.push('unpack')
        return t.div(2)
      },
      () => a.mul(b),
    )
    expect(log).toEqual(['pack', 'pack'])
    y.sum().backward()
    expect(log.slice(2)).toEqual(['unpack', 'unpack'])
    expect(a.grad!.tolist()).toEqual([5, 7])
  })
  test('a hook on several gradients sees them all', () => {
    const [a, b] = [f64(2, true), f64(3, true)]
    const seen: number[][] = []
    const handle = graph.register_multi_grad_hook([a, b], (grads: Tensor[]) => seen.push(grads.map((g) => g.item())))
    a.mul(b).backward()
    handle.remove()
    a.mul(b).backward()
    expect(seen).toEqual([[3, 2]])
  })
  test('increment_version makes backward refuse', () => {
    const x = f64([1, 2], true)
    const y = x.exp()
    const z = y.mul(y)
    graph.increment_version(y)
    expect(() => z.sum().backward()).toThrow('modified by an inplace operation')
  })
})

describe('anomaly mode', () => {
  test('names the operation that made a NaN, and where it was called', () => {
    const x = f64(-1, true)
    torch.autograd.detect_anomaly(() => {
      const y = x.sqrt().mul(0)
      expect(() => y.backward()).toThrow(/Function 'SqrtBackward0' returned nan values in its 0th output[\s\S]*transforms\.test\.ts/)
    })
    expect(() => x.sqrt().mul(0).backward()).not.toThrow()
  })
})

describe('torch.autograd.forward_ad', () => {
  const fw = torch.autograd.forward_ad
  test('tangents go through operations, and through gradients', () => {
    fw.dual_level(() => {
      const x = fw.make_dual(f64([1, 2]), f64([1, 10]))
      const { primal, tangent } = fw.unpack_dual(x.mul(x))
      expect([primal.tolist(), tangent!.tolist()]).toEqual([
        [1, 4],
        [2, 40],
      ])
      expect(fw.unpack_dual(f64(1)).tangent).toBe(null)
    })
    expect(() => fw.make_dual(f64(1), f64(1))).toThrow('no level exists')
  })
  test('levels do not nest', () => {
    fw.dual_level(() => expect(() => fw.enter_dual_level()).toThrow('Nested forward mode AD'))
  })
})

describe('modules as functions', () => {
  const { functional_call, grad, linearize, stack_module_state, vmap } = torch.func
  test('functional_call uses the tensors given, and leaves the module as it was', () => {
    const layer = new torch.nn.Sequential(new torch.nn.Linear(2, 1), new torch.nn.ReLU())
    const before = layer.state_dict()['0.weight']!.tolist()
    const params = { '0.weight': torch.tensor([[1, 2]]).float(), '0.bias': torch.tensor([0.5]) }
    const x = torch.tensor([[1, 1]]).float()
    expect(functional_call(layer, params, [x]).tolist()).toEqual([[3.5]])
    expect(layer.state_dict()['0.weight']!.tolist()).toEqual(before)
    const g = grad((p: typeof params) => functional_call(layer, p, [x]).sum())(params)
    expect(g['0.weight'].tolist()).toEqual([[1, 1]])
    expect(() => functional_call(layer, { nothing: x }, [x])).toThrow('nothing')
  })
  test('vmap over an ensemble of models', () => {
    const models = [1, 2, 3].map(() => new torch.nn.Linear(2, 1))
    const [params] = stack_module_state(models)
    const x = torch.tensor([1, 2]).float()
    const out = vmap((p: Record<string, Tensor>) => functional_call(models[0]!, p, [x]))(params)
    expect(out.shape.toString()).toBe('torch.Size([3, 1])')
    for (const [i, m] of models.entries()) expect(out.at(i).item()).toBeCloseTo((m(x) as Tensor).item(), 5)
  })
  test('linearize gives the value and a linear function', () => {
    const [y, push] = linearize((x: Tensor) => x.sin(), f64(0.5))
    expect(y.item()).toBe(Math.sin(0.5))
    expect(push(f64(2)).item()).toBeCloseTo(2 * Math.cos(0.5), 15)
  })
})

test('grad with batched cotangents gives every row at once', () => {
  const x = f64([1, 2, 3], true)
  const [j] = torch.autograd.grad(x.square(), x, { grad_outputs: torch.eye(3, { dtype: 'float64' }), is_grads_batched: true })
  expect(j!.tolist()).toEqual([
    [2, 0, 0],
    [0, 4, 0],
    [0, 0, 6],
  ])
})

test('an in-place write through a view is mapped over a batch, and differentiated', () => {
  const f = (x: Tensor): Tensor => {
    const y = x.clone()
    y.at('1:').mul_(2)
    y.at(0).fill_(x.sum())
    return y
  }
  const x = f64([
    [1.5, 2, 3],
    [4, 5, 6],
  ])
  expect(torch.func.vmap(f)(x).tolist()).toEqual([
    [6.5, 4, 6],
    [15, 10, 12],
  ])
  expect(
    torch.func
      .vmap(torch.func.grad((t: Tensor) => f(t).sum()))(x)
      .tolist(),
  ).toEqual([
    [1, 3, 3],
    [1, 3, 3],
  ])
})

test('the determinant of a singular matrix has its adjugate as derivative', () => {
  const a = f64(
    [
      [1, 2],
      [2, 4],
    ],
    true,
  )
  const [g] = torch.autograd.grad(torch.linalg.det(a), a)
  const want = f64([
    [4, -2],
    [-2, 1],
  ])
  expect(torch.allclose(g!, want, 1e-14)).toBe(true)
})

test('random functions inside vmap are an error, or the same for all items', () => {
  const f = (x: Tensor): Tensor => x.add(torch.rand(2, { dtype: 'float64' }))
  const x = torch.zeros(3, 2, { dtype: 'float64' })
  expect(() => torch.func.vmap(f)(x)).toThrow('called random operation while in randomness error mode')
  const [a, b] = torch.func.vmap(f, { randomness: 'same' })(x).unbind(0)
  expect(a.tolist()).toEqual(b.tolist())
  expect(() => torch.func.vmap(f, { randomness: 'different' })).toThrow("'different' is not supported")
})
