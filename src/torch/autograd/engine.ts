/** The backward pass as users start it: `backward`, `grad`, hooks, detaching. */

import { signature } from '../../core/arguments.ts'
import { ArgumentError, GradientError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { sameShape } from '../../core/shape.ts'
import type { Value } from '../../core/value.ts'
import { backward as run } from '../../interpreters/backward.ts'
import { baseTape, type Edge, edgeOf, TapeValue } from '../../interpreters/tape.ts'
import { vmap } from '../../interpreters/vmap.ts'
import { scalarTypeName } from '../dtype.ts'
import { tensorArg } from '../functions/support.ts'
import { said, setRequiresGrad, Tensor, viewOf } from '../tensor.ts'
import { RemovableHandle } from './node.ts'

/** Keywords of `Tensor.backward`. */
export interface BackwardOptions {
  /** The cotangent of the tensor; needed unless it has one element. */
  readonly gradient?: Tensor | null
  /** Keeps the graph for another pass. Default: `create_graph`. */
  readonly retain_graph?: boolean | null
  /** Records the pass itself, for derivatives of higher order. */
  readonly create_graph?: boolean
  /** Accumulates into these tensors only. */
  readonly inputs?: Tensor | readonly Tensor[] | null
}

const readBackward = signature<BackwardOptions>('backward', ['gradient', 'retain_graph', 'create_graph', 'inputs'])

/**
 * Adds the derivatives of this tensor to the `grad` of the leaves that it was computed from.
 *
 * A tensor of several elements needs `gradient`, the cotangent of the same shape. What was saved is freed unless `retain_graph`.
 *
 * @example
 * ```ts
 * const x = torch.tensor([1, 2, 3], { requires_grad: true })
 * x.mul(x).sum().backward()
 * x.grad // => tensor([2., 4., 6.])
 * ```
 */
export function backwardOf(
  input: Tensor,
  ...rest: readonly (Tensor | null | boolean | BackwardOptions | readonly Tensor[] | undefined)[]
): void {
  const { gradient, ...options } = readBackward(rest)
  backward([input], gradient ? listOf(gradient) : null, options.retain_graph, options.create_graph, options)
}

function listOf(x: Tensor | readonly (Tensor | null)[] | null | undefined): (Tensor | null)[] {
  if (x instanceof Tensor) return [x]
  if (x === null || x === undefined) return []
  if (!Array.isArray(x)) throw new ArgumentError(`expected a Tensor or a list of Tensors, got ${said(x)}`)
  for (const t of x) if (t !== null && !(t instanceof Tensor)) throw new ArgumentError(`expected a list of Tensors, got one of ${said(t)}`)
  return [...x]
}

/** Roots and their cotangents, checked. */
function rooted(outputs: readonly Tensor[], cotangents: readonly (Tensor | null)[]): { roots: Edge[]; cts: Value[] } {
  const roots: Edge[] = []
  const cts: Value[] = []
  outputs.forEach((output, i) => {
    const { value } = output
    if (!(value instanceof TapeValue)) throw new GradientError(`element ${i} of tensors does not require grad and does not have a grad_fn`)
    const given = cotangents[i]
    if (!given) {
      if (output.numel() !== 1) throw new GradientError('grad can be implicitly created only for scalar outputs')
      if (!value.dtype.isFloat) {
        throw new GradientError(`grad can be implicitly created only for real scalar outputs but got torch.${value.dtype.name}`)
      }
      cts.push(linear.full(value.shape, 1, value.dtype, value.device))
    } else {
      if (!sameShape(given.raw.shape, value.shape)) {
        throw new GradientError(
          `Mismatch in shape: grad_output[${i}] has a shape of ${given.shape} and output[${i}] has a shape of ${output.shape}.`,
          { shapes: [given.raw.shape, value.shape] },
        )
      }
      cts.push(linear.cast(given.value, value.dtype))
    }
    roots.push(edgeOf(value))
  })
  return { roots, cts }
}

/** The edges at which cotangents of inputs are caught. */
function edgesTo(inputs: readonly Tensor[], message: string): Edge[] {
  return inputs.map((input) => {
    const { value } = input
    if (!(value instanceof TapeValue)) throw new GradientError(message)
    return edgeOf(value)
  })
}

/** Adds the derivatives of several tensors to the `grad` of the leaves that they were computed from. */
export function backward(
  tensors: Tensor | readonly Tensor[],
  grad_tensors: Tensor | readonly (Tensor | null)[] | null = null,
  retain_graph: boolean | null = null,
  create_graph = false,
  options: BackwardOptions = {},
): void {
  const outputs = listOf(tensors) as Tensor[]
  const { roots, cts } = rooted(outputs, listOf(grad_tensors))
  const retainGraph = retain_graph ?? options.retain_graph ?? create_graph
  const inputs = options.inputs ? (listOf(options.inputs) as Tensor[]) : null
  if (inputs === null) {
    run(roots, cts, { createGraph: create_graph, retainGraph })
    return
  }
  if (inputs.length === 0) throw new GradientError("'inputs' argument to backward() cannot be empty.")
  const edges = edgesTo(inputs, 'One of the differentiated Tensors does not require grad')
  const grads = run(roots, cts, { createGraph: create_graph, retainGraph, inputs: edges })
  grads.forEach((grad, i) => {
    if (grad) inputs[i]!.gradient = inputs[i]!.gradient ? new Tensor(linear.add(inputs[i]!.gradient!.value, grad)) : new Tensor(grad)
  })
}

/** Keywords of `torch.autograd.grad`. */
export interface GradOptions {
  readonly grad_outputs?: Tensor | readonly (Tensor | null)[] | null
  readonly retain_graph?: boolean | null
  readonly create_graph?: boolean
  /** Gives null for inputs that the outputs do not depend on, in place of an error. */
  readonly allow_unused?: boolean | null
  readonly is_grads_batched?: boolean
  /** Gives zeros for them. */
  readonly materialize_grads?: boolean
}

const readGrad = signature<GradOptions>(
  'grad',
  ['grad_outputs', 'retain_graph', 'create_graph', 'allow_unused', 'is_grads_batched', 'materialize_grads'],
  [],
  2,
)

/** Gradients for each cotangent along the first dimension of `grad_outputs`, all at once. */
function batched(outputs: unknown, inputs: unknown, grad_outputs: GradOptions['grad_outputs'], options: GradOptions): Tensor[] {
  const cts = listOf(grad_outputs as Tensor | readonly Tensor[]) as (Tensor | null)[]
  if (cts.length === 0 || cts.some((t) => !(t instanceof Tensor)))
    throw new ArgumentError('grad(): is_grads_batched needs a tensor for every output in grad_outputs')
  let there: boolean[] = []
  const values = vmap(
    (...rows) => {
      const one = rows.map((v) => new Tensor(v))
      const found = grad(outputs as Tensor[], inputs as Tensor[], one, { ...options, retain_graph: true })
      there = found.map((g) => g !== null)
      return found.filter((g): g is Tensor => g !== null).map((g) => g.value)
    },
    (cts as Tensor[]).map((t) => t.value),
  )
  return there.map((is) => (is ? new Tensor(values.shift()!) : null)) as Tensor[]
}

/**
 * The derivatives of outputs with respect to inputs, without touching any `grad`.
 *
 * @example
 * ```ts
 * const x = torch.tensor(3, { requires_grad: true })
 * const [d] = torch.autograd.grad(x.pow(3), x, { create_graph: true })
 * d.item() // => 27
 * torch.autograd.grad(d, x)[0].item() // => 18
 * ```
 */
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[], options?: GradOptions): Tensor[]
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[], ...rest: readonly unknown[]): Tensor[]
export function grad(outputs: Tensor | readonly Tensor[], inputs: Tensor | readonly Tensor[], ...rest: readonly unknown[]): Tensor[] {
  const {
    grad_outputs = null,
    retain_graph,
    create_graph = false,
    is_grads_batched = false,
    materialize_grads = false,
    ...more
  } = readGrad(rest)
  const allowUnused = more.allow_unused ?? materialize_grads
  if (materialize_grads && more.allow_unused === false) {
    throw new ArgumentError('Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.')
  }
  if (is_grads_batched) return batched(outputs, inputs, grad_outputs, { create_graph, allow_unused: allowUnused, materialize_grads })
  const wanted = listOf(inputs) as Tensor[]
  const { roots, cts } = rooted(listOf(outputs) as Tensor[], listOf(grad_outputs))
  const edges = edgesTo(wanted, 'One of the differentiated Tensors does not require grad')
  const found = run(roots, cts, { createGraph: create_graph, retainGraph: retain_graph ?? create_graph, inputs: edges })
  return found.map((g, i) => {
    if (g) return new Tensor(g)
    if (materialize_grads) return new Tensor(linear.full(wanted[i]!.raw.shape, 0, wanted[i]!.raw.dtype, wanted[i]!.raw.device))
    if (!allowUnused) {
      throw new GradientError(
        `The differentiated Tensor at index ${i} appears to not have been used in the graph. Set allow_unused=True if this is the desired behavior.`,
      )
    }
    return null as unknown as Tensor
  })
}

/** Turns recording of operations on a leaf on or off, and gives the tensor back. */
export function requires_grad_(input: Tensor, requires_grad = true): Tensor {
  setRequiresGrad(input, requires_grad)
  return input
}

/** The same memory without history; writes through either are seen by both. */
export function detach(input: Tensor): Tensor {
  return new Tensor(withoutHistory(tensorArg('detach', input).value))
}

/** A value without the tapes around it. @internal */
export function withoutHistory(value: Value): Value {
  let v = value
  while (v instanceof TapeValue) v = v.primal
  return v
}

/** Takes the history away from the tensor itself, which becomes a leaf. */
export function detach_(input: Tensor): Tensor {
  if (input.link) {
    throw new GradientError("Can't detach views in-place. Use detach() instead.")
  }
  input.raw = withoutHistory(input.value)
  input.generation++
  return input
}

/** Registers a function that is called with the tensor's gradient and may give another in its place; what comes back removes it. */
export function register_hook(input: Tensor, hook: (grad: Tensor) => Tensor | undefined | null | void): RemovableHandle {
  const { value } = input
  if (!(value instanceof TapeValue)) throw new GradientError("cannot register a hook on a tensor that doesn't require gradient")
  return addHook(value, (g) => {
    const result = hook(new Tensor(g))
    if (result !== undefined && result !== null && !(result instanceof Tensor)) {
      throw new ArgumentError(`expected Variable, but hook returned '${typeof result}'`)
    }
    return result ? result.value : undefined
  })
}

/** Hooks that keep a tensor's gradient run after all others of the same output. */
const keepers = new WeakSet<(g: Value) => Value | undefined>()

function addHook(value: TapeValue, call: (g: Value) => Value | undefined): RemovableHandle {
  const { node, index } = value
  node.tensorHooks ??= new Map()
  const old = [...(node.tensorHooks.get(index) ?? [])]
  const hooks = new Set([...old.filter((h) => !keepers.has(h)), call, ...old.filter((h) => keepers.has(h))])
  node.tensorHooks.set(index, hooks)
  return new RemovableHandle(() => {
    node.tensorHooks?.get(index)?.delete(call)
  })
}

/** Makes backward keep the gradient of a tensor that is not a leaf. */
export function retain_grad(input: Tensor): void {
  const { value } = input
  if (!(value instanceof TapeValue)) throw new GradientError("can't retain_grad on Tensor that has requires_grad=False")
  if (input.is_leaf || input.retained) return
  input.retained = true
  const keep = (g: Value): undefined => {
    input.gradient = input.gradient ? new Tensor(linear.add(input.gradient.value, g)) : new Tensor(baseTape.enabled ? g : copied(g))
  }
  keepers.add(keep)
  addHook(value, keep)
}

const copied = (g: Value): Value => linear.cast(viewOf(g), g.dtype)

/** Registers a function that is called with a leaf after its `grad` has been added to. */
export function register_post_accumulate_grad_hook(input: Tensor, hook: (tensor: Tensor) => void): RemovableHandle {
  if (!input.requires_grad) throw new GradientError("cannot register a hook on a tensor that doesn't require gradient")
  if (!input.is_leaf) throw new GradientError('post accumulate grad hooks cannot be registered on non-leaf tensors')
  input.afterAccumulate = [...(input.afterAccumulate ?? []), hook]
  return new RemovableHandle(() => {
    input.afterAccumulate = input.afterAccumulate?.filter((h) => h !== hook) ?? null
  })
}

/** @internal The dtype's old name, for messages about tensors. */
export const typeNameOf = (t: Tensor): string => scalarTypeName(t.raw.dtype)
