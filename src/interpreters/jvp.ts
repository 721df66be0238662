/** Forward mode: values that carry a tangent at a level of their own. It composes with the tape and names no operation. */

import { bind, type Interpreter, withInterpreter } from '../core/bind.ts'
import type { DType } from '../core/dtype.ts'
import { DTypeError, GradientError, ShapeError } from '../core/errors.ts'
import { linear } from '../core/linear.ts'
import type { Primitive, Saved } from '../core/primitive.ts'
import { type Shape, sameShape } from '../core/shape.ts'
import type { Device } from '../core/storage.ts'
import { Value } from '../core/value.ts'
import { backward } from './backward.ts'
import { type Edge, edgeOf, isDifferentiable, Tape, TapeValue } from './tape.ts'

/** A value and the derivative of it along the direction that the transformation was given. */
export class JvpValue extends Value {
  constructor(
    readonly primal: Value,
    readonly tangent: Value,
    readonly level: number,
  ) {
    super()
  }
  get shape(): Shape {
    return this.primal.shape
  }
  get dtype(): DType {
    return this.primal.dtype
  }
  get device(): Device {
    return this.primal.device
  }
}

/** Pushes tangents through each operation by its row's jvp rule. */
export class Jvp implements Interpreter {
  constructor(readonly level: number) {}

  primal(x: Value): Value {
    return x instanceof JvpValue && x.level === this.level ? x.primal : x
  }
  /** The tangent of a value at this level; null for a constant. */
  tangent(x: Value): Value | null {
    return x instanceof JvpValue && x.level === this.level ? x.tangent : null
  }

  process(p: Primitive, ins: readonly Value[], params: unknown): Value[] {
    if (p.definition && !p.jvp) return p.definition(ins, params)
    const primals = ins.map((x) => this.primal(x))
    const outs = bind(p, primals, params)
    if (p.constant) return outs
    const tangents = ins.map((x) => (isDifferentiable(x.dtype) ? this.tangent(x) : null))
    if (!tangents.some(Boolean)) return outs
    const results = p.jvp ? p.jvp(tangents, primals, outs, params) : byTransposing(p, tangents, primals, outs, params)
    return outs.map((out, i) => {
      const t = results[i]
      return t && isDifferentiable(out.dtype) ? new JvpValue(out, t, this.level) : out
    })
  }
}

/**
 * The forward rule of a row that only has a reverse one: `u -> J^H u` is linear, so its own reverse rule at any u, applied to the
 * tangent, is `J t` (the double-vjp trick).
 */
function byTransposing(
  p: Primitive,
  tangents: readonly (Value | null)[],
  primals: readonly Value[],
  outs: readonly Value[],
  params: unknown,
): (Value | null)[] {
  const { vjp } = p
  if (!vjp) throw new GradientError(`the forward derivative for '${p.name}' is not available`, { op: p.name })
  return withInterpreter(
    (level) => new Tape(level),
    (tape) => {
      const aval = ({ shape, dtype }: Value) => ({ shape, dtype })
      const us = outs.map((o) => (isDifferentiable(o.dtype) ? tape.leaf(linear.full(o.shape, 0, o.dtype, o.device), () => {}) : null))
      const saved: Saved<unknown> = {
        params,
        ins: primals,
        outs,
        inAvals: primals.map(aval),
        outAvals: outs.map(aval),
        needs: tangents.map(Boolean),
      }
      const grads = vjp(us, saved)
      const roots: Edge[] = []
      const cts: Value[] = []
      grads.forEach((g, i) => {
        const t = tangents[i]
        if (!t || !(g instanceof TapeValue) || g.level !== tape.level) return
        roots.push(edgeOf(g))
        cts.push(t)
      })
      const inputs = us.map((u) => u && edgeOf(u))
      if (!roots.length) return outs.map(() => null)
      const found = backward(roots, cts, { tape, inputs: inputs.filter((e) => e !== null) })
      let at = 0
      return inputs.map((e) => (e ? found[at++]! : null))
    },
  )
}

/**
 * The outputs of `f` at `primals`, and their derivatives along `tangents` (null: the input is constant). An output that does not depend
 * on the inputs has zeros as its tangent.
 */
export function jvp(
  f: (...xs: Value[]) => readonly Value[],
  primals: readonly Value[],
  tangents: readonly (Value | null)[],
): { outs: Value[]; tangents: Value[] } {
  return withInterpreter(
    (level) => new Jvp(level),
    (interpreter) => {
      const ins = primals.map((x, i) => {
        const t = tangents[i]
        if (!t) return x
        if (!isDifferentiable(x.dtype)) throw new DTypeError(`jvp(): inputs must be floating point or complex, got ${x.dtype.name}`)
        if (!sameShape(x.shape, t.shape)) {
          throw new ShapeError(`jvp(): tangent ${i} has shape [${t.shape.join(', ')}], its primal [${x.shape.join(', ')}]`, {
            op: 'jvp',
            shapes: [x.shape, t.shape],
          })
        }
        return new JvpValue(x, linear.cast(t, x.dtype), interpreter.level)
      })
      const results = f(...ins)
      const outs = results.map((y) => interpreter.primal(y))
      return { outs, tangents: results.map((y, i) => interpreter.tangent(y) ?? linear.full(y.shape, 0, outs[i]!.dtype, y.device)) }
    },
  )
}
