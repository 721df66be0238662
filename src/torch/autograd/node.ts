/** `grad_fn`: the recorded operation behind a tensor, as users see it. */

import type { Value } from '../../core/value.ts'
import type { Node } from '../../interpreters/tape.ts'
import { Tensor } from '../tensor.ts'

/** What `register_hook` gives: takes the hook away. */
export class RemovableHandle {
  constructor(private readonly take: () => void) {}
  /** Takes the hook away; again does nothing. */
  remove(): void {
    this.take()
  }
  [Symbol.dispose](): void {
    this.take()
  }
}

type Grads = readonly (Tensor | null)[]

/** A node of the graph that backward walks. */
export class GradFn {
  /** A place for users' notes. */
  readonly metadata: Record<string, unknown> = {}

  /** @internal */
  constructor(readonly node: Node) {}

  /** `AddBackward0`. */
  name(): string {
    return this.node.name
  }

  /** The nodes of its inputs with the number of the output that each was; null for inputs that need no gradient. */
  get next_functions(): [GradFn | null, number][] {
    return this.node.edges.map((edge) => (edge ? [gradFnOf(edge.node), edge.index] : [null, 0]))
  }

  /** Calls `hook(gradInputs, gradOutputs)` after the node has run. */
  register_hook(hook: (gradInputs: Grads, gradOutputs: Grads) => void): RemovableHandle {
    const call = (ins: (Value | null)[], outs: (Value | null)[]) => hook(ins.map(wrapped), outs.map(wrapped))
    this.node.postHooks = [...(this.node.postHooks ?? []), call]
    return new RemovableHandle(() => {
      this.node.postHooks = this.node.postHooks?.filter((h) => h !== call) ?? null
    })
  }

  /** Calls `hook(gradOutputs)` before the node runs; what it returns takes their place. */
  register_prehook(hook: (gradOutputs: Grads) => Grads | undefined): RemovableHandle {
    const call = (outs: (Value | null)[]) => hook(outs.map(wrapped))?.map((t) => t?.value ?? null)
    this.node.preHooks = [...(this.node.preHooks ?? []), call]
    return new RemovableHandle(() => {
      this.node.preHooks = this.node.preHooks?.filter((h) => h !== call) ?? null
    })
  }

  toString(): string {
    return `<${this.node.name} object>`
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}

const wrapped = (x: Value | null): Tensor | null => x && new Tensor(x)

const known = new WeakMap<Node, GradFn>()

/** The one GradFn of a node. */
export function gradFnOf(node: Node): GradFn {
  let found = known.get(node)
  if (!found) {
    found = new GradFn(node)
    known.set(node, found)
  }
  return found
}
