/** Full backward hooks: a module's inputs and outputs pass through identities whose derivatives call the hooks. */

import { baseTape } from '../../interpreters/tape.ts'
import { Function as AutogradFunction } from '../autograd/function.ts'
import { Tensor } from '../tensor.ts'
import type { Module } from './module.ts'

export type Grads = (Tensor | null)[]
/** Called with the gradients of a module's inputs and outputs: may give other gradients of the inputs. */
export type FullBackwardHook = (module: Module, grad_input: Grads, grad_output: Grads) => unknown
/** Called with the gradients of a module's outputs, before its derivative: may give others. */
export type FullBackwardPreHook = (module: Module, grad_output: Grads) => unknown

const asGrads = (given: unknown, old: Grads): Grads => {
  if (given === undefined || given === null) return old
  return given instanceof Tensor ? [given] : [...(given as Grads)]
}

/** Identity of several tensors; `seen` gets their gradients and gives what goes on. */
class Watch extends AutogradFunction {
  static override forward(ctx: { seen: (grads: Grads) => Grads }, seen: (grads: Grads) => Grads, ...tensors: Tensor[]): Tensor[] {
    ctx.seen = seen
    return tensors.map((t) => t.detach())
  }
  static override backward(ctx: { seen: (grads: Grads) => Grads }, ...grads: Grads): (Tensor | null)[] {
    return [null, ...ctx.seen(grads)]
  }
}

const tracked = (x: unknown): x is Tensor => x instanceof Tensor && x.requires_grad && x.is_floating_point()

/** The tensors of a list that are recorded pass through an identity. */
function watched(list: readonly unknown[], seen: (grads: Grads) => Grads): unknown[] {
  const at = list.flatMap((x, i) => (tracked(x) ? [i] : []))
  const spread = (grads: Grads): Grads => {
    const all: Grads = list.map(() => null)
    at.forEach((i, k) => {
      all[i] = grads[k] ?? null
    })
    return all
  }
  const through = Watch.apply(
    (grads: Grads) => {
      const all = seen(spread(grads))
      return at.map((i) => all[i] ?? null)
    },
    ...at.map((i) => list[i]),
  ) as Tensor[]
  const out = [...list]
  at.forEach((i, k) => {
    out[i] = through[k]
  })
  return out
}

/** Runs a module's forward with its backward hooks around it. */
export function withBackwardHooks(
  module: Module,
  hooks: Iterable<FullBackwardHook>,
  pre: Iterable<FullBackwardPreHook>,
  args: unknown[],
  run: (args: unknown[]) => unknown,
): unknown {
  if (!baseTape.enabled) return run(args)
  let gradOutput: Grads = []
  const finish = (gradInput: Grads): Grads => {
    for (const hook of hooks) gradInput = asGrads(hook(module, gradInput, gradOutput), gradInput)
    return gradInput
  }
  const withInputs = args.some(tracked)
  const output = run(withInputs ? watched(args, finish) : args)
  const list = Array.isArray(output) ? output : [output]
  if (!list.some(tracked)) return output
  const outs = watched(list, (grads) => {
    gradOutput = grads
    for (const hook of pre) gradOutput = asGrads(hook(module, gradOutput), gradOutput)
    if (!withInputs) finish(args.map(() => null))
    return gradOutput
  })
  return Array.isArray(output) ? outs : outs[0]
}
