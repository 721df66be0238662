/** `torch.autograd.graph`: nodes, what they save, and hooks on several gradients at once. */

import { sequence } from '../../core/arguments.ts'
import { ArgumentError, GradientError } from '../../core/errors.ts'
import { baseTape, type SavedHooks } from '../../interpreters/tape.ts'
import { recording } from '../recording.ts'
import { Tensor } from '../tensor.ts'
import { register_hook } from './engine.ts'
import { entered, type Mode } from './mode.ts'
import { type GradFn, RemovableHandle } from './node.ts'

export { GradFn as Node } from './node.ts'

/** Runs a piece of code with hooks on what is saved. @internal */
export function withSavedHooks<R>(hooks: SavedHooks | null, f: (() => R) | undefined): R | Mode {
  return entered(() => {
    const before = baseTape.savedHooks
    baseTape.savedHooks = hooks
    return () => {
      baseTape.savedHooks = before
    }
  }, f)
}

/**
 * Calls `pack_hook(tensor)` for every tensor that operations inside save for backward, keeps what it gives, and calls `unpack_hook` with it
 * when backward needs the tensor. With a function as third argument it runs that; without, it is a disposable for `using`.
 *
 * @example
 * ```ts
 * const a = torch.tensor(2, { requires_grad: true })
 * let packed = 0
 * const y = torch.autograd.graph.saved_tensors_hooks((t) => { packed++; return t }, (t) => t, () => a.mul(a))
 * y.backward()
 * packed // => 2
 * ```
 */
export function saved_tensors_hooks(pack_hook: (t: Tensor) => unknown, unpack_hook: (packed: any) => Tensor): Mode
export function saved_tensors_hooks<R>(pack_hook: (t: Tensor) => unknown, unpack_hook: (packed: any) => Tensor, f: () => R): R
export function saved_tensors_hooks<R>(pack_hook: (t: Tensor) => unknown, unpack_hook: (packed: any) => Tensor, f?: () => R): R | Mode {
  if (typeof pack_hook !== 'function' || typeof unpack_hook !== 'function')
    throw new ArgumentError('saved_tensors_hooks(): expected two functions')
  const quietly = <T>(g: () => T): T => {
    const before = baseTape.savedHooks
    baseTape.savedHooks = null
    try {
      return g()
    } finally {
      baseTape.savedHooks = before
    }
  }
  const hooks: SavedHooks = {
    pack: (value) => quietly(() => recording(false, () => pack_hook(new Tensor(value)))),
    unpack: (packed) => {
      const t = quietly(() => unpack_hook(packed))
      if (!(t instanceof Tensor)) throw new GradientError('Output of saved tensor unpack_hook expected to be a Tensor')
      return t.value
    },
  }
  return withSavedHooks(hooks, f)
}

/** Keeps what is saved where it is: tensors of the CPU lie there already. */
export function save_on_cpu(): Mode
export function save_on_cpu<R>(f: () => R): R
export function save_on_cpu<R>(f?: () => R): R | Mode {
  return withSavedHooks(null, f)
}

/** Counts a write that was made without this library's knowledge, so that saved values are not used after it. */
export function increment_version(tensor: Tensor): void {
  if (!(tensor instanceof Tensor)) throw new ArgumentError('increment_version expects a tensor')
  tensor.memory.storage.version++
}

/** The node and the number of the output that a tensor is. */
export function get_gradient_edge(tensor: Tensor): { readonly node: GradFn | null; readonly output_nr: number } {
  if (!(tensor instanceof Tensor)) throw new ArgumentError('get_gradient_edge() expects a tensor')
  if (!tensor.requires_grad)
    throw new GradientError('It is not possible to get the gradient edge for a Tensor that does not require gradients')
  return { node: tensor.grad_fn, output_nr: tensor.output_nr }
}

/** Calls `fn(grads)` once the gradients of all tensors are there ('all', default), or with the first one ('any'). */
export function register_multi_grad_hook(
  tensors: readonly Tensor[],
  fn: (grads: any) => void,
  options: { readonly mode?: 'all' | 'any' } = {},
): RemovableHandle {
  for (const t of sequence('register_multi_grad_hook', 'tensors', tensors)) {
    if (!(t instanceof Tensor)) throw new ArgumentError('register_multi_grad_hook() expects a list of tensors')
  }
  if (typeof fn !== 'function') throw new ArgumentError('register_multi_grad_hook() expects a function')
  const { mode = 'all' } = options ?? {}
  if (mode !== 'all' && mode !== 'any') throw new ArgumentError(`Expects mode to be one of ('all', 'any') but got ${String(mode)}`)
  let grads: (Tensor | null)[] = tensors.map(() => null)
  let count = 0
  const wanted = tensors.filter((t) => t.requires_grad).length
  const handles = tensors.map((t, i) =>
    t.requires_grad
      ? register_hook(t, (g) => {
          count++
          grads[i] = g
          if (mode === 'any' && count === 1) fn(g)
          if (count < wanted) return
          const all = grads
          grads = tensors.map(() => null)
          count = 0
          if (mode === 'all') fn(all)
        })
      : null,
  )
  return new RemovableHandle(() => {
    for (const h of handles) h?.remove()
  })
}
