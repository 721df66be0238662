/** `torch.autograd.Function`: operations whose derivative the user writes. */

import { ArgumentError, GradientError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import type { Aval, Value } from '../../core/value.ts'
import { baseTape, edgeOf, isDifferentiable, Node, TapeValue } from '../../interpreters/tape.ts'
import { recording } from '../recording.ts'
import { isReadable, Tensor, viewOf } from '../tensor.ts'
import { type TransformableClass, transformed, type VmapInfo } from './function_transforms.ts'

const FREED =
  'Trying to backward through the graph a second time (or directly access saved tensors after they have already been freed). Saved intermediate values of the graph are freed when you call .backward() or autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if you need to access saved tensors after calling backward.'

/** Writes so far; a batch inside vmap has no memory of its own. */
const versionOf = (t: Tensor): number => (isReadable(t.value) ? t._version : 0)

/** What `forward` hands to `backward`. Any other field may be set on it. */
export class FunctionCtx {
  [field: string]: unknown
  /** Which arguments of forward need a gradient. */
  needs_input_grad: boolean[] = []
  /** @internal */
  kept: { tensor: Tensor; version: number }[] | null = []
  /** @internal */
  constants = new Set<Tensor>()
  /** @internal */
  dirty = new Set<Tensor>()
  /** @internal */
  materialize = true

  /** Keeps tensors for backward, which reads them as `saved_tensors`. */
  save_for_backward(...tensors: readonly (Tensor | null)[]): void {
    this.kept = tensors.map((tensor) => ({ tensor: tensor as Tensor, version: tensor ? versionOf(tensor) : 0 }))
  }

  /** The tensors kept by save_for_backward; an error when one was changed in place since. */
  get saved_tensors(): Tensor[] {
    if (this.kept === null) throw new GradientError(FREED)
    return this.kept.map(({ tensor, version }) => {
      if (tensor && versionOf(tensor) !== version) {
        throw new GradientError(
          `one of the variables needed for gradient computation has been modified by an inplace operation: [torch.${tensor.dtype} [${tensor.shape.join(', ')}]] is at version ${tensor._version}; expected version ${version} instead. Hint: enable anomaly detection to find the operation that failed to compute its gradient, with torch.autograd.set_detect_anomaly(True).`,
        )
      }
      return tensor
    })
  }

  /** @internal */
  keptForward: readonly (Tensor | null)[] = []
  /** Keeps tensors for a static `jvp`, which reads them as `saved_tensors` too. */
  save_for_forward(...tensors: readonly (Tensor | null)[]): void {
    this.keptForward = tensors
    if (this.kept?.length === 0) this.save_for_backward(...tensors)
  }

  /** Says that outputs have no derivative. */
  mark_non_differentiable(...tensors: readonly Tensor[]): void {
    this.constants = new Set(tensors)
  }

  /** Says that inputs were written in place and are outputs. */
  mark_dirty(...tensors: readonly Tensor[]): void {
    this.dirty = new Set(tensors)
  }

  /** Whether missing gradients of outputs come to backward as zeros (true) or null. */
  set_materialize_grads(value: boolean): void {
    this.materialize = value
  }
}

type Result = Tensor | readonly Tensor[]

/** The class that users extend: static forward and backward. */
interface FunctionClass<A extends readonly any[], R> {
  readonly name: string
  forward(ctx: FunctionCtx, ...args: A): R
  backward(ctx: FunctionCtx, ...grads: any[]): Tensor | null | readonly (Tensor | null | undefined)[]
  setup_context?(ctx: FunctionCtx, inputs: A, output: R): void
}

/**
 * The base of operations with a derivative of your own: extend it with static `forward(ctx, ...args)` and `backward(ctx, ...grads)`,
 * and call `apply`. With a static `setup_context(ctx, inputs, output)`, forward takes no ctx.
 *
 * @example
 * ```ts
 * class Cube extends torch.autograd.Function {
 *   static forward(ctx, x) {
 *     ctx.save_for_backward(x)
 *     return x.pow(3)
 *   }
 *   static backward(ctx, grad) {
 *     const [x] = ctx.saved_tensors
 *     return grad.mul(x.pow(2)).mul(3)
 *   }
 * }
 * const x = torch.tensor(2, { requires_grad: true })
 * Cube.apply(x).backward()
 * x.grad // => tensor(12.)
 * ```
 */
export abstract class Function {
  /** Computes the outputs, without recording. */
  static forward(_ctx: any, ..._args: any[]): any {
    throw new GradientError('You must implement the forward function for custom autograd.Function.')
  }

  /** Gives a gradient for each argument of forward (null where there is none). */
  static backward(_ctx: any, ..._grads: any[]): any {
    throw new GradientError(
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.',
    )
  }

  /** Fills ctx after a forward that takes none; needed inside torch.func. */
  static setup_context(_ctx: any, _inputs: readonly any[], _output: any): void {
    throw new GradientError('setup_context must be overridden to be called')
  }
  /** Tangents of the outputs from those of the inputs (null: constant). */
  static jvp(_ctx: any, ..._tangents: any[]): any {
    throw new GradientError('jvp must be overridden to be called')
  }
  /** The batched form: `[output, out_dims]` from whole batches; `in_dims` says where the batch's dimension is. */
  static vmap(_info: VmapInfo, _in_dims: readonly (number | null)[], ..._args: any[]): readonly [any, any] {
    throw new GradientError('vmap must be overridden to be called')
  }
  /** Lets vmap run forward for each item of the batch when there is no static vmap. */
  static generate_vmap_rule = false

  /** Runs forward and records backward. */
  static apply(...args: any[]): any {
    return applied(this as unknown as FunctionClass<readonly any[], Result>, args)
  }
}

/** Whether a class has a static member of its own. @internal */
export const overridden = (cls: object, name: 'setup_context' | 'jvp' | 'vmap'): boolean =>
  (cls as Record<string, unknown>)[name] !== Function[name]

function applied(cls: FunctionClass<readonly any[], Result>, args: readonly unknown[]): Result {
  const ctx = new FunctionCtx()
  const values = args.map((x) => (x instanceof Tensor ? x.value : null))
  const level = Math.max(0, ...values.map((v) => v?.level ?? 0))
  if (level > 1) return transformed(cls as unknown as TransformableClass, args)
  const needs = values.map((v) => v instanceof TapeValue)
  ctx.needs_input_grad = needs
  const result = recording(false, () => {
    if (!overridden(cls, 'setup_context')) return cls.forward(ctx, ...args)
    const out = (cls.forward as unknown as (...xs: readonly unknown[]) => Result)(...args)
    cls.setup_context!(ctx, args, out)
    return out
  })
  const outs: readonly unknown[] = Array.isArray(result) ? result : [result]
  if (!baseTape.enabled || !needs.some(Boolean)) return result
  for (const out of outs) {
    if (!(out instanceof Tensor)) throw new ArgumentError(`${cls.name}.forward: expected Tensors as outputs, got ${typeof out}`)
  }
  const wrapped = record(cls, ctx, args, values, needs, outs as readonly Tensor[])
  return Array.isArray(result) ? wrapped : wrapped[0]!
}

function record(
  cls: FunctionClass<readonly any[], Result>,
  ctx: FunctionCtx,
  args: readonly unknown[],
  values: readonly (Value | null)[],
  needs: readonly boolean[],
  outs: readonly Tensor[],
): Tensor[] {
  const avals: Aval[] = outs.map((t) => ({ shape: t.raw.shape, dtype: t.raw.dtype }))
  const device = outs[0]!.raw.device
  const apply = (cts: readonly (Value | null)[]): (Value | null)[] => {
    if (ctx.kept === null) throw new GradientError(FREED)
    const grads = cts.map((ct, i) => {
      if (ct) return new Tensor(ct)
      const { shape, dtype } = avals[i]!
      return ctx.materialize ? new Tensor(linear.full(shape, 0, dtype, device)) : null
    })
    return gradients(cls, cls.backward(ctx, ...grads), args, needs)
  }
  const node = new Node(
    `${cls.name}Backward`,
    values.map((v, i) => (needs[i] ? edgeOf(v as TapeValue) : null)),
    avals,
    device,
    apply,
    () => {
      ctx.kept = null
    },
  )
  return outs.map((out, i) => {
    if (ctx.constants.has(out) || !isDifferentiable(out.raw.dtype)) return out
    const value = new TapeValue(viewOf(out.value), baseTape.level, node, i)
    if (ctx.dirty.has(out)) {
      out.raw = value
      out.generation++
      return out
    }
    return new Tensor(value)
  })
}

/** Checks what backward gave: a gradient for each argument. */
function gradients(
  cls: FunctionClass<readonly any[], Result>,
  given: Tensor | null | readonly (Tensor | null | undefined)[],
  args: readonly unknown[],
  needs: readonly boolean[],
): (Value | null)[] {
  const list = given instanceof Tensor || given === null || given === undefined ? [given] : [...given]
  while (list.length > args.length && (list.at(-1) ?? null) === null) list.pop()
  if (list.length !== args.length) {
    throw new GradientError(
      `function ${cls.name}Backward returned an incorrect number of gradients (expected ${args.length}, got ${list.length})`,
    )
  }
  return list.map((g, i) => {
    if (!needs[i] || g === null || g === undefined) return null
    if (!(g instanceof Tensor)) throw new ArgumentError(`${cls.name}Backward: expected Tensor or null as gradient ${i}, got ${typeof g}`)
    return g.value
  })
}

/** Wraps a backward that must not be differentiated again. */
export function once_differentiable<F extends (ctx: any, ...grads: any[]) => any>(backward: F): F {
  return ((ctx: FunctionCtx, ...grads: unknown[]) => {
    if (!baseTape.enabled) return backward(ctx, ...grads)
    const result = recording(false, () => backward(ctx, ...grads))
    const list: readonly (Tensor | null)[] = result instanceof Tensor || result === null ? [result] : result
    const blocked = list.map((t) => (t && grads.some((g) => g instanceof Tensor && g.requires_grad) ? blockedFrom(t, grads) : t))
    return result instanceof Tensor || result === null ? blocked[0] : blocked
  }) as F
}

/** A result that cannot be differentiated: doing so says why. */
function blockedFrom(t: Tensor, grads: readonly unknown[]): Tensor {
  const view = viewOf(t.value)
  const sources = grads
    .filter((g): g is Tensor => g instanceof Tensor && g.value instanceof TapeValue)
    .map((g) => edgeOf(g.value as TapeValue))
  const node = new Node('DelayedErrorBackward', sources, [{ shape: view.shape, dtype: view.dtype }], view.device, () => {
    throw new GradientError('trying to differentiate twice a function that was marked with @once_differentiable')
  })
  return new Tensor(new TapeValue(view, baseTape.level, node, 0))
}
