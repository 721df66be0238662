/** The contract of a primitive: one object holds all that any interpreter or backend needs to know of an operation. */

import type { Backend } from './backend.ts'
import { bind } from './bind.ts'
import type { Aval, Value } from './value.ts'
import type { View } from './view.ts'

/** Families give default rules and tell tools what kind of operation it is. */
export type Family =
  | 'elementwise'
  | 'reduction'
  | 'scan'
  | 'contraction'
  | 'movement'
  | 'indexing'
  | 'sorting'
  | 'linalg'
  | 'fft'
  | 'random'
  | 'creation'

/** What a vjp rule may read: what was saved, and the shapes and dtypes of all. */
export interface Saved<P> {
  readonly params: P
  /** Inputs; reading one that the row does not save is an error, as is one changed in place since. */
  readonly ins: readonly Value[]
  readonly outs: readonly Value[]
  readonly inAvals: readonly Aval[]
  readonly outAvals: readonly Aval[]
  /** Which inputs need a cotangent. */
  readonly needs: readonly boolean[]
}

/** What a row defines. */
export interface Rules<P> {
  readonly name: string
  readonly family: Family
  /** Shapes and dtypes of the outputs, or the error. */
  infer(ins: readonly Aval[], params: P): Aval[]
  /** Issues the lowering (map, reduce, call) on a backend: writes `outs`, which are fresh or checked. */
  lower?(backend: Backend, outs: readonly View[], ins: readonly View[], params: P): void
  /** For movement: the result as a view of the input, or null when it needs a copy (then the input is made contiguous first). */
  view?(v: View, params: P): View | null
  /** For outputs whose shape depends on values: makes them. Takes the place of `infer` and `lower`. */
  produce?(backend: Backend, ins: readonly View[], params: P): View[]
  /** Runs it on dtype object, in place of `lower`. */
  objects?(ins: readonly View[], params: P, outs: readonly View[]): void
  /** Reverse rule: cotangents of the inputs (null: none) from those of the outputs (null: zero). */
  vjp?(cts: readonly (Value | null)[], saved: Saved<P>): (Value | null)[]
  /** What `vjp` reads, so that nothing else is kept alive. Default: 'both'. */
  readonly saves?: 'none' | 'ins' | 'outs' | 'both'
  /** Forward rule: tangents of the outputs (null: zero) from those of the inputs (null: zero). */
  jvp?(tangents: readonly (Value | null)[], ins: readonly Value[], outs: readonly Value[], params: P): (Value | null)[]
  /** Batching rule: `dims[i]` is the batch axis of input i, or null when it has none; gives the outputs and their batch axes. */
  batch?(ins: readonly Value[], dims: readonly (number | null)[], params: P, size: number): [Value[], (number | null)[]]
  /**
   * The same in other operations: what interpreters run where a fused row has no rule of their kind (a tape that records: `vjp`, forward
   * mode: `jvp`, maps over batches: `batch`), so that derivatives of every order follow.
   */
  definition?(ins: readonly Value[], params: P): Value[]
  /** True when input 0 may be exactly output 0 (`runInto`): the lowering then updates it in place. */
  readonly updates?: boolean
  /** True when integer inputs may lie on the cpu while the others are on a device (indices): they are copied there. */
  readonly hostIndices?: boolean
  /** True when every output is constant in the inputs (comparisons, argmax, sign ...): derivatives are zero. */
  readonly constant?: boolean
  /** The name that autograd prints, e.g. `AddBackward0`; from `name` by default. */
  readonly gradName?: string
}

/** A primitive with its parameters' type. */
export type Primitive<P = any> = Rules<P>

/** A callable primitive with one output. */
export type Callable<A extends readonly unknown[], P> = ((...args: A) => Value) & Rules<P>
/** A callable primitive with several outputs. */
export type CallableN<A extends readonly unknown[], P> = ((...args: A) => Value[]) & Rules<P>

/** Makes a callable primitive with one output: `call` turns arguments into inputs and parameters. */
export function primitive<A extends readonly unknown[], P>(
  rules: Rules<P>,
  call: (...args: A) => readonly [readonly Value[], P],
): Callable<A, P> {
  const f = (...args: A): Value => {
    const [ins, params] = call(...args)
    return bind(rules, ins, params)[0]!
  }
  return withRules(f, rules)
}

/** Makes a callable primitive with several outputs. */
export function primitiveN<A extends readonly unknown[], P>(
  rules: Rules<P>,
  call: (...args: A) => readonly [readonly Value[], P],
): CallableN<A, P> {
  const f = (...args: A): Value[] => {
    const [ins, params] = call(...args)
    return bind(rules, ins, params)
  }
  return withRules(f, rules)
}

/** Gives a function the members of a row (`name` included). */
export function withRules<F extends Function, X extends Rules<any>>(f: F, rules: X): F & X {
  Object.defineProperties(f, Object.getOwnPropertyDescriptors(rules))
  return f as F & X
}

/** `add` -> `AddBackward0`, `log_softmax` -> `LogSoftmaxBackward0`. */
export function gradNameOf(p: Primitive): string {
  if (p.gradName) return p.gradName
  const camel = p.name.replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase())
  return `${camel}Backward0`
}
