/** `torch.autograd.functional`: Jacobians, Hessians and products with them, of functions of tensors. */

import { ArgumentError, GradientError, RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import * as p from '../../ops/index.ts'
import { zeros_like } from '../functions/creation.ts'
import { stack } from '../functions/join.ts'
import { reshape } from '../functions/shape.ts'
import { recording } from '../recording.ts'
import { Tensor, viewOf } from '../tensor.ts'
import { grad } from './engine.ts'

type Inputs = Tensor | readonly Tensor[]
type Fn = (...inputs: Tensor[]) => Inputs

/** Keywords of the functions here. */
export interface FunctionalOptions {
  /** Makes the result differentiable. */
  readonly create_graph?: boolean
  /** An output that does not depend on an input is an error. */
  readonly strict?: boolean
}

function listOf(x: Inputs): readonly Tensor[] {
  if (x instanceof Tensor) return [x]
  if (!Array.isArray(x) || x.some((t) => !(t instanceof Tensor))) throw new ArgumentError('expected a Tensor or a list of Tensors')
  return x
}

/** A function that was given; an error for anything else. */
function callable(func: Fn): Fn {
  if (typeof func !== 'function') throw new ArgumentError(`expected a function of tensors, got ${typeof func}`)
  return func
}
const like = <T>(x: Inputs, list: T[]): T | T[] => (x instanceof Tensor ? list[0]! : list)

/** Copies of inputs that are recorded, tied to the originals when the result is to be differentiable. */
function prepared(inputs: readonly Tensor[], createGraph: boolean): Tensor[] {
  return inputs.map((x) => {
    if (createGraph && x.requires_grad) return new Tensor(p.reshape(x.value, x.raw.shape))
    const t = new Tensor(viewOf(x.value))
    t.requires_grad = true
    return t
  })
}

/** Cuts results loose unless they are to be differentiable. */
const loose = (t: Tensor, createGraph: boolean): Tensor => (createGraph ? t : new Tensor(viewOf(t.value)))

/** Gradients of one output with zeros where it does not depend on an input. */
function rowsOf(output: Tensor, inputs: readonly Tensor[], cotangent: Tensor | null, options: FunctionalOptions): Tensor[] {
  const { create_graph = false, strict = false } = options
  if (!output.requires_grad) {
    if (strict)
      throw new RuntimeError('Output 0 of the user-provided function is independent of the input. This is not allowed in strict mode.')
    return inputs.map((x) => zeros_like(x))
  }
  const found = grad(output, inputs, { grad_outputs: cotangent, create_graph, retain_graph: true, allow_unused: true }) as (Tensor | null)[]
  return found.map((g, i) => {
    if (g) return g
    if (strict) {
      throw new RuntimeError(`The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`)
    }
    return zeros_like(inputs[i]!)
  })
}

/** The Jacobian of one output in each input: shape of the output, then that of the input. */
function jacobianOf(output: Tensor, inputs: readonly Tensor[], options: FunctionalOptions): Tensor[] {
  const flat = reshape(output, -1)
  const n = flat.numel()
  const rows = Array.from({ length: n }, (_, i) => rowsOf(new Tensor(part(flat.value, i)), inputs, null, options))
  return inputs.map((x, j) => {
    const shape = [...output.raw.shape, ...x.raw.shape]
    if (n === 0) return new Tensor(p.full(shape, 0, x.raw.dtype))
    return reshape(stack(rows.map((r) => r[j]!)), shape)
  })
}

const part = (x: Value, i: number): Value => p.reshape(p.narrow(x, 0, i, 1), [])

/** The Jacobians of a function: for each output and each input, a tensor of the output's shape followed by the input's. */
export function jacobian(func: Fn, inputs: Inputs, options: FunctionalOptions = {}): any {
  return recording(true, () => {
    const xs = prepared(listOf(inputs), options.create_graph === true)
    const outputs = callable(func)(...xs)
    const all = listOf(outputs).map((y) =>
      like(
        inputs,
        jacobianOf(y, xs, options).map((t) => loose(t, options.create_graph === true)),
      ),
    )
    return outputs instanceof Tensor ? all[0] : all
  })
}

function scalarOf(y: Inputs, what: string): Tensor {
  const [first] = listOf(y)
  if (!(y instanceof Tensor) && listOf(y).length !== 1)
    throw new RuntimeError(`The function given to ${what} should return a single Tensor`)
  if (first!.numel() !== 1 || first!.ndim > 1)
    throw new RuntimeError(`The Tensor returned by the function given to ${what} should contain a single element`)
  return reshape(first!, [])
}

/** The Hessian of a function with one number as its value. */
export function hessian(func: Fn, inputs: Inputs, options: FunctionalOptions = {}): any {
  return recording(true, () => {
    const xs = prepared(listOf(inputs), options.create_graph === true)
    const first = rowsOf(scalarOf(callable(func)(...xs), 'hessian'), xs, null, { ...options, create_graph: true })
    const rows = first.map((g) =>
      like(
        inputs,
        jacobianOf(g, xs, options).map((t) => loose(t, options.create_graph === true)),
      ),
    )
    return inputs instanceof Tensor ? rows[0] : rows
  })
}

function cotangentsFor(outputs: readonly Tensor[], v: Inputs | null | undefined): (Tensor | null)[] {
  if (v === null || v === undefined) {
    if (outputs.length !== 1 || outputs[0]!.numel() !== 1) {
      throw new RuntimeError('The vector v can only be None if the user-provided function returns a single Tensor with a single element.')
    }
    return [null]
  }
  return [...listOf(v)]
}

/** The outputs of a function, and the product of cotangents `v` with its Jacobian. */
export function vjp(func: Fn, inputs: Inputs, v: Inputs | null = null, options: FunctionalOptions = {}): [any, any] {
  return recording(true, () => {
    const createGraph = options.create_graph === true
    const xs = prepared(listOf(inputs), createGraph)
    const outputs = callable(func)(...xs)
    const list = listOf(outputs)
    const found = grad(list, xs, {
      grad_outputs: cotangentsFor(list, v),
      create_graph: createGraph,
      allow_unused: true,
    }) as (Tensor | null)[]
    const grads = found.map((g, i) => loose(g ?? zeros_like(xs[i]!), createGraph))
    return [
      like(
        outputs,
        list.map((y) => loose(y, createGraph)),
      ),
      like(inputs, grads),
    ]
  })
}

/** The outputs of a function, and the product of its Jacobian with tangents `v` (by two backward passes). */
export function jvp(func: Fn, inputs: Inputs, v: Inputs | null = null, options: FunctionalOptions = {}): [any, any] {
  return recording(true, () => {
    const createGraph = options.create_graph === true
    const xs = prepared(listOf(inputs), createGraph)
    if (v === null && (xs.length !== 1 || xs[0]!.numel() !== 1)) {
      throw new RuntimeError(
        'The vector v can only be None if the input to the user-provided function is a single Tensor with a single element.',
      )
    }
    const tangents = v === null ? [new Tensor(p.full(xs[0]!.raw.shape, 1, xs[0]!.raw.dtype))] : listOf(v)
    const outputs = callable(func)(...xs)
    const list = listOf(outputs)
    const dummies = list.map((y) => {
      const t = zeros_like(y)
      t.requires_grad = true
      return t
    })
    const back = grad(list, xs, { grad_outputs: dummies, create_graph: true, allow_unused: true }) as (Tensor | null)[]
    const used = back.map((g, i) => [g, tangents[i]!] as const).filter((x): x is readonly [Tensor, Tensor] => x[0]?.requires_grad === true)
    const found = used.length
      ? (grad(
          used.map((x) => x[0]),
          dummies,
          { grad_outputs: used.map((x) => x[1]), create_graph: createGraph, allow_unused: true },
        ) as (Tensor | null)[])
      : dummies.map(() => null)
    const products = found.map((g, i) => loose(g ?? zeros_like(dummies[i]!), createGraph))
    return [
      like(
        outputs,
        list.map((y) => loose(y, createGraph)),
      ),
      like(outputs, products),
    ]
  })
}

/** The value of a function of one number, and the product of `v` with its Hessian. */
export function vhp(func: Fn, inputs: Inputs, v: Inputs | null = null, options: FunctionalOptions = {}): [any, any] {
  return recording(true, () => {
    const createGraph = options.create_graph === true
    const xs = prepared(listOf(inputs), createGraph)
    const value = scalarOf(callable(func)(...xs), 'vhp')
    const first = rowsOf(value, xs, null, { ...options, create_graph: true })
    const vectors = v === null ? xs.map(() => null) : listOf(v)
    if (vectors.length !== xs.length) throw new GradientError(`vhp: expected ${xs.length} vectors, got ${vectors.length}`)
    const live = first.map((g, i) => [g, vectors[i] ?? null] as const).filter(([g]) => g.requires_grad)
    const found = live.length
      ? (grad(
          live.map((x) => x[0]),
          xs,
          { grad_outputs: live.map((x) => x[1]), create_graph: createGraph, allow_unused: true },
        ) as (Tensor | null)[])
      : xs.map(() => null)
    return [
      loose(value, createGraph),
      like(
        inputs,
        found.map((g, i) => loose(g ?? zeros_like(xs[i]!), createGraph)),
      ),
    ]
  })
}
/** The value of a function of one number, and the product of its Hessian with `v`: the same as vhp for smooth functions. */
export const hvp = vhp
