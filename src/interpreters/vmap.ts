/** The interpreter that maps a function over an axis by running each row once on whole batches. It names no operation. */

import { bind, type Interpreter, withInterpreter } from '../core/bind.ts'
import type { DType } from '../core/dtype.ts'
import { ShapeError, ValueError } from '../core/errors.ts'
import { linear, moveAxis } from '../core/linear.ts'
import type { Primitive } from '../core/primitive.ts'
import type { Shape } from '../core/shape.ts'
import type { Device } from '../core/storage.ts'
import { Value } from '../core/value.ts'

/** A value inside a mapped function: one of a batch, whose axis is not seen. */
export class BatchValue extends Value {
  constructor(
    /** The whole batch, of a lower level. */
    readonly value: Value,
    /** Its batch axis. */
    readonly dim: number,
    readonly level: number,
  ) {
    super()
  }
  get shape(): Shape {
    return this.value.shape.filter((_, i) => i !== this.dim)
  }
  get dtype(): DType {
    return this.value.dtype
  }
  get device(): Device {
    return this.value.device
  }
}

/** Runs rows on batches by their batching rules. */
export class Vmap implements Interpreter {
  constructor(
    readonly level: number,
    readonly size: number,
  ) {}

  /** The whole batch under a value and its axis; null for a value that is the same for all. */
  unwrap(x: Value): readonly [Value, number | null] {
    return x instanceof BatchValue && x.level === this.level ? [x.value, x.dim] : [x, null]
  }

  process(p: Primitive, ins: readonly Value[], params: unknown): Value[] {
    if (p.definition && !p.batch) return p.definition(ins, params)
    const pairs = ins.map((x) => this.unwrap(x))
    const values = pairs.map(([value]) => value)
    const dims = pairs.map(([, dim]) => dim)
    const [outs, outDims] = p.batch ? p.batch(values, dims, params, this.size) : this.loop(p, values, dims, params)
    return outs.map((out, i) => (outDims[i] === null || outDims[i] === undefined ? out : new BatchValue(out, outDims[i]!, this.level)))
  }

  /** For a row without a batching rule: one run for each item of the batch. */
  private loop(p: Primitive, values: readonly Value[], dims: readonly (number | null)[], params: unknown): [Value[], (number | null)[]] {
    if (p.produce) {
      throw new ShapeError(`vmap: the shape of ${p.name}()'s result depends on values, so it has no batched form`, { op: p.name })
    }
    if (this.size === 0) throw new ValueError(`vmap: ${p.name}() over an empty batch is not supported`, { op: p.name })
    const runs = Array.from({ length: this.size }, (_, i) =>
      bind(
        p,
        values.map((x, k) => (dims[k] === null ? x : item(x, dims[k]!, i))),
        params,
      ),
    )
    const outs = runs[0]!.map((_, k) =>
      linear.concatenate(
        runs.map((outs) => linear.reshape(outs[k]!, [1, ...outs[k]!.shape])),
        0,
      ),
    )
    return [outs, outs.map(() => 0)]
  }
}

function item(x: Value, dim: number, i: number): Value {
  return linear.reshape(
    linear.narrow(x, dim, i, 1),
    x.shape.filter((_, axis) => axis !== dim),
  )
}

/** An axis of a value, counted from the front, or PyTorch's error. */
function checkDim(dim: number, ndim: number, what: string): number {
  if (!Number.isInteger(dim) || dim < -ndim || dim >= ndim) {
    throw new ValueError(
      `vmap: Got ${what}=${dim} for some input, but that input is a Tensor of dimensionality ${ndim} so expected ${what} to satisfy -${ndim} <= ${what} < ${ndim}.`,
      { op: 'vmap' },
    )
  }
  return dim < 0 ? dim + ndim : dim
}

function batchSize(args: readonly Value[], dims: readonly (number | null)[]): number {
  const sizes = args.flatMap((x, i) => (dims[i] === null ? [] : [x.shape[dims[i]!]!]))
  if (sizes.length === 0) throw new ValueError('vmap: at least one input must be mapped over, got in_dims of only null', { op: 'vmap' })
  if (sizes.some((n) => n !== sizes[0])) {
    throw new ValueError(
      `vmap: Expected all tensors to have the same size in the mapped dimension, got sizes [${sizes.join(', ')}] for the mapped dimension`,
      {
        op: 'vmap',
      },
    )
  }
  return sizes[0]!
}

/**
 * Maps `f` over an axis of its arguments: `inDims[i]` is the axis of argument i (null: the same for all), `outDims[i]` where the axis goes
 * in output i (null: the output is the same for all, which is checked). One number stands for all. Maps nest, and compose with tapes.
 */
export function vmap(
  f: (...ins: Value[]) => readonly Value[],
  args: readonly Value[],
  inDims: number | null | readonly (number | null)[] = 0,
  outDims: number | null | readonly (number | null)[] = 0,
): Value[] {
  const given = inDims === null || typeof inDims === 'number' ? args.map(() => inDims) : inDims
  if (given.length !== args.length) {
    throw new ValueError(`vmap: in_dims has ${given.length} entries for ${args.length} inputs`, { op: 'vmap' })
  }
  const dims = given.map((dim, i) => (dim === null ? null : checkDim(dim, args[i]!.ndim, 'in_dim')))
  const size = batchSize(args, dims)
  return withInterpreter(
    (level) => new Vmap(level, size),
    (interpreter) => {
      const outs = f(...args.map((x, i) => (dims[i] === null ? x : new BatchValue(x, dims[i]!, interpreter.level))))
      return outs.map((out, i) => {
        const to = outDims === null || typeof outDims === 'number' ? outDims : outDims[i]
        if (to === undefined) throw new ValueError(`vmap: out_dims has no entry for output ${i}`, { op: 'vmap' })
        const [value, dim] = interpreter.unwrap(out)
        if (to === null) {
          if (dim === null) return value
          throw new ValueError('vmap: `f` returned a batched value where out_dims is null', { op: 'vmap' })
        }
        const at = checkDim(to, out.ndim + 1, 'out_dim')
        const batch = dim === null ? linear.broadcastTo(value, [size, ...value.shape]) : value
        return moveAxis(batch, dim ?? 0, at)
      })
    },
  )
}
