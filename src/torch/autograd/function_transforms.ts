/** `autograd.Function` inside torch.func: each class becomes a primitive, so that every interpreter finds its rules. */

import { bind } from '../../core/bind.ts'
import { GradientError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import type { Primitive, Rules } from '../../core/primitive.ts'
import type { Value } from '../../core/value.ts'
import { recording } from '../recording.ts'
import { Tensor, viewOf } from '../tensor.ts'
import { FunctionCtx, overridden } from './function.ts'

/** What a static vmap is told. */
export interface VmapInfo {
  readonly batch_size: number
  readonly randomness: string
}

/** The members of a Function class that transformations use. */
export interface TransformableClass {
  readonly name: string
  forward(...args: any[]): any
  backward(ctx: FunctionCtx, ...grads: any[]): any
  setup_context?(ctx: FunctionCtx, inputs: readonly any[], output: any): void
  jvp?(ctx: FunctionCtx, ...tangents: any[]): any
  vmap?(info: VmapInfo, in_dims: readonly (number | null)[], ...args: any[]): readonly [any, any]
  readonly generate_vmap_rule?: boolean
}

interface CallParams {
  /** The arguments; tensors are taken from the inputs, in order. */
  readonly args: readonly unknown[]
  /** Whether forward gave a list. */
  readonly shape: { list: boolean }
}

const listed = (x: unknown): readonly unknown[] => (Array.isArray(x) ? x : [x])
const wrapped = (v: Value | null): Tensor | null => v && new Tensor(v)

/** The arguments with other values in the tensors' places. */
function filled(args: readonly unknown[], values: readonly (Value | null)[]): unknown[] {
  let at = 0
  return args.map((x) => (x instanceof Tensor ? wrapped(values[at++]!) : x))
}

/** Gradients or tangents of the tensors among the arguments. */
const ofTensors = <T>(args: readonly unknown[], all: readonly T[]): T[] => all.filter((_, i) => args[i] instanceof Tensor)

function contextOf(cls: TransformableClass, params: CallParams, ins: readonly Value[], outs: readonly Value[]): FunctionCtx {
  const ctx = new FunctionCtx()
  const results = outs.map((v) => new Tensor(v))
  ctx.needs_input_grad = params.args.map((x) => x instanceof Tensor)
  cls.setup_context!(ctx, filled(params.args, ins), params.shape.list ? results : results[0])
  return ctx
}

const primitives = new WeakMap<TransformableClass, Primitive>()

function primitiveOf(cls: TransformableClass): Primitive {
  const found = primitives.get(cls)
  if (found) return found
  const rules: Rules<CallParams> = {
    name: cls.name,
    family: 'movement',
    gradName: `${cls.name}Backward`,
    saves: 'both',
    infer: () => {
      throw new GradientError(`${cls.name}: the shapes of a Function's outputs are known when it has run`)
    },
    produce: (_, ins, params) => {
      const result = recording(false, () => cls.forward(...filled(params.args, ins)))
      params.shape.list = Array.isArray(result)
      return listed(result).map((t) => viewOf((t as Tensor).value))
    },
    vjp: (cts, { ins, outs, outAvals, params }) => {
      const ctx = contextOf(cls, params, ins, outs)
      const grads = cts.map((ct, i) => {
        if (ct) return new Tensor(ct)
        const { shape, dtype } = outAvals[i]!
        return ctx.materialize ? new Tensor(linear.full(shape, 0, dtype, outs[0]!.device)) : null
      })
      const given = listed(cls.backward(ctx, ...grads)) as (Tensor | null | undefined)[]
      return ofTensors(
        params.args,
        params.args.map((_, i) => given[i]?.value ?? null),
      )
    },
    jvp: overridden(cls, 'jvp')
      ? (tangents, ins, outs, params) => {
          const ctx = contextOf(cls, params, ins, outs)
          if (ctx.keptForward.length > 0) ctx.save_for_backward(...ctx.keptForward)
          const given = filled(params.args, tangents).map((x) => (x instanceof Tensor ? x : null))
          return (listed(cls.jvp!(ctx, ...given)) as (Tensor | null)[]).map((t) => t?.value ?? null)
        }
      : undefined,
    batch: (ins, dims, params, size) =>
      overridden(cls, 'vmap') ? byRule(cls, ins, dims, params, size) : byItems(cls, rules, ins, dims, params, size),
  }
  primitives.set(cls, rules)
  return rules
}

/** The batched outputs by the class's own rule. */
function byRule(
  cls: TransformableClass,
  ins: readonly Value[],
  dims: readonly (number | null)[],
  params: CallParams,
  size: number,
): [Value[], (number | null)[]] {
  let at = 0
  const inDims = params.args.map((x) => (x instanceof Tensor ? dims[at++]! : null))
  const [result, outDims] = cls.vmap!({ batch_size: size, randomness: 'error' }, inDims, ...filled(params.args, ins))
  params.shape.list = Array.isArray(result)
  const outs = listed(result).map((t) => (t as Tensor).value)
  const given = listed(outDims) as (number | null)[]
  const dimOf = (v: Value, i: number): number | null => {
    const d = given.length === 1 ? given[0]! : given[i]!
    return d !== null && d < 0 ? d + v.ndim : d
  }
  return [outs, outs.map(dimOf)]
}

/** The outputs of each item of the batch, one after another. */
function byItems(
  cls: TransformableClass,
  rules: Rules<CallParams>,
  ins: readonly Value[],
  dims: readonly (number | null)[],
  params: CallParams,
  size: number,
): [Value[], (number | null)[]] {
  if (!cls.generate_vmap_rule) {
    throw new GradientError(
      `You tried to vmap over ${cls.name}, but it does not have vmap support. Please override and implement the vmap staticmethod or set generate_vmap_rule=True.`,
    )
  }
  const item = (x: Value, d: number, i: number): Value =>
    linear.reshape(
      linear.narrow(x, d, i, 1),
      x.shape.filter((_, axis) => axis !== d),
    )
  const runs = Array.from({ length: size }, (_, i) =>
    bind(
      rules,
      ins.map((x, k) => (dims[k] === null ? x : item(x, dims[k]!, i))),
      params,
    ),
  )
  const outs = runs[0]!.map((_, k) =>
    linear.concatenate(
      runs.map((r) => linear.reshape(r[k]!, [1, ...r[k]!.shape])),
      0,
    ),
  )
  return [outs, outs.map(() => 0)]
}

/** Applies a Function to values of transformations. */
export function transformed(cls: TransformableClass, args: readonly unknown[]): any {
  if (!overridden(cls, 'setup_context')) {
    throw new GradientError(
      'In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it must override the setup_context staticmethod.',
    )
  }
  const params: CallParams = { args, shape: { list: false } }
  const ins = args.filter((x): x is Tensor => x instanceof Tensor).map((t) => t.value)
  const outs = bind(primitiveOf(cls), ins, params).map((v) => new Tensor(v))
  return params.shape.list ? outs : outs[0]
}
