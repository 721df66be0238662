/** Recurrent layers over all steps of a sequence: one operation forward and one backward, whose steps are a product and a map each. */

import { allocate } from '../../core/allocate.ts'
import { backendOf } from '../../core/backend.ts'
import { bind } from '../../core/bind.ts'
import { DTypeError, ShapeError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { type Rules, withRules } from '../../core/primitive.ts'
import type { Aval, Value } from '../../core/value.ts'
import { restride, type View } from '../../core/view.ts'
import { matmul } from '../contraction/matmul.ts'
import { add } from '../elementwise/arithmetic.ts'
import { concatenate } from '../movement/concatenate.ts'
import { mT } from '../movement/transpose.ts'
import { sum } from '../reduction/sum.ts'
import { CELLS, type Cell, type CellName } from './cells.ts'
import { type Inputs, named, type Run } from './inputs.ts'
import { slopesProgram, stepProgram } from './programs.ts'
import { runByValues, slopesByValues } from './values.ts'

export type { CellName } from './cells.ts'

const inputCount = ({ memory }: Cell, { bias }: Run): number => 3 + Number(memory) + Number(bias)
const stateCount = ({ memory, kept }: Cell): number => 1 + Number(memory) + Number(kept > 0)

/** Step t of a sequence; itself for what is the same at all. */
const step = (v: View, t: number): View =>
  v.ndim === 0 ? v : restride(v, v.shape.slice(1), v.strides.slice(1), v.offset + t * v.strides[0]!)
/** The last axis in pieces of length n. */
function pieces(v: View, count: number, n: number): View[] {
  const last = v.ndim - 1
  const shape = v.shape.with(last, n)
  return Array.from({ length: count }, (_, i) => restride(v, shape, v.strides, v.offset + i * n * v.strides[last]!))
}
const columns = (v: View, n: number): View => (v.shape[1] === n ? v : pieces(v, 1, n)[0]!)

function check(ins: readonly Aval[], cell: Cell, run: Run): void {
  const { x, h0, w, c0, bias } = named(ins, cell, run)
  const fail = (): never => {
    throw new ShapeError(
      `recurrence(): expected gates [T, B, ${cell.gates} H], states [B, H] and weight [${cell.gates} H, H], got ${ins.map((v) => `[${v.shape.join(', ')}]`).join(', ')}`,
      { op: 'recurrence', shapes: ins.map((v) => v.shape) },
    )
  }
  if (x.shape.length !== 3) fail()
  const [count, batch, width] = x.shape as [number, number, number]
  const size = width / cell.gates
  // a state of another size (projected) goes one step only
  const state = count === 1 ? h0.shape[1]! : size
  const is = (v: Aval | null, ...shape: number[]) =>
    v === null || (v.shape.length === shape.length && shape.every((n, i) => n === v.shape[i]))
  if (count === 0 || !is(h0, batch, state) || !is(c0, batch, size) || !is(w, width, state) || !is(bias, width)) fail()
  const other = ins.find((v) => v.dtype !== x.dtype)
  if (other || x.dtype.kind !== 'f') {
    throw new DTypeError(`recurrence(): expected floating point of one dtype, got ${ins.map((v) => v.dtype.name).join(', ')}`, {
      op: 'recurrence',
      dtypes: ins.map((v) => v.dtype.name),
    })
  }
}

const rules: Rules<Run> = {
  name: 'recurrence',
  family: 'contraction',
  infer: (ins, run) => {
    const cell = CELLS[run.cell]
    check(ins, cell, run)
    const [steps, batch, width] = ins[0]!.shape as [number, number, number]
    const size = width / cell.gates
    const { dtype } = ins[0]!
    const sequence = (n: number): Aval => ({ shape: [steps, batch, n], dtype })
    return [sequence(size), ...(cell.memory ? [sequence(size)] : []), ...(cell.kept ? [sequence(cell.kept * size)] : [])]
  },
  lower: (backend, outs, ins, run) => {
    const cell = CELLS[run.cell]
    const { gates, memory, kept, stepReads } = cell
    const { x, h0, w, c0, bias } = named(ins, cell, run)
    const [hs, cs, keeps] = [outs[0]!, memory ? outs[1]! : null, kept ? outs.at(-1)! : null]
    const program = stepProgram(cell, x.dtype, bias !== null)
    const [count, batch, width] = x.shape as [number, number, number]
    const size = width / gates
    const offsets = bias ? pieces(bias, gates, size) : []
    const across = restride(w, [w.shape[1]!, w.shape[0]!], [w.strides[1]!, w.strides[0]!])
    const state: { hBefore: View; cBefore: View | null } = { hBefore: h0, cBefore: c0 }
    for (let i = 0; i < count; i++) {
      const t = run.reverse ? count - 1 - i : i
      const h = step(hs, t)
      const c = cs && step(cs, t)
      const keep = keeps && step(keeps, t)
      // the product lies where the map writes over it
      const product = keep ? columns(keep, gates * size) : h
      backend.call('matmul', [product], [state.hBefore, across])
      const reads = stepReads.map((name) => state[name as 'hBefore' | 'cBefore']!)
      backend.map(
        program,
        [batch, size],
        [h, ...(c ? [c] : []), ...(keep ? pieces(keep, kept, size) : [])],
        [...pieces(step(x, t), gates, size), ...pieces(product, gates, size), ...offsets, ...reads],
      )
      state.hBefore = h
      state.cBefore = c
    }
  },
  definition: (ins, run) => runByValues(ins, CELLS[run.cell], run),
  vjp: (cts, { ins, outs, needs, params: run }) => {
    const cell = CELLS[run.cell]
    const { x, h0, bias } = named(ins, cell, run)
    if (!cts.slice(0, 1 + Number(cell.memory)).some(Boolean)) return ins.map(() => null)
    const none = linear.full([], 0, x.dtype, x.device)
    const states = outs.slice(0, stateCount(cell))
    const given = [cts[0] ?? none, ...(cell.memory ? [cts[1] ?? none] : [])]
    const found = bind(slopesRules, [...ins, ...given, ...states], run)
    const dx = found[0]!
    const dg = cell.apart ? found[1]! : dx
    const [dh0, dc0] = found.slice(cell.apart ? 2 : 1) as [Value, Value | undefined]
    const grads: (Value | null)[] = [dx, dh0, needs[2] ? weightSlope(dg, outs[0]!, h0, run) : null]
    if (cell.memory) grads.push(dc0!)
    if (bias) grads.push(needs.at(-1) ? sum(dg, [0, 1]) : null)
    return grads.map((g, i) => (needs[i] ? g : null))
  },
  saves: 'both',
}

/** The sum over all steps of (cotangent of the gates)^T (state before): one product. */
function weightSlope(dg: Value, hs: Value, h0: Value, { reverse }: Run): Value {
  const [count, batch, width] = dg.shape as [number, number, number]
  const size = h0.shape[1]!
  const first = linear.reshape(h0, [1, batch, size])
  const rest = linear.narrow(hs, 0, reverse ? 1 : 0, count - 1)
  const before = count === 1 ? first : concatenate(reverse ? [rest, first] : [first, rest], 0)
  return matmul(mT(linear.reshape(dg, [count * batch, width])), linear.reshape(before, [count * batch, size]))
}

/**
 * Cotangents of x, of the state's part of the gates where they differ, of h0 and c0, from the inputs, cotangents of h and c at all steps
 * (0-d: zero), and the outputs. The outputs follow from the inputs, so the derivative of this, by its definition, does not read them.
 */
const slopesRules: Rules<Run> = {
  name: 'recurrence_backward',
  family: 'contraction',
  infer: (ins, run) => {
    const cell = CELLS[run.cell]
    const { x, h0, c0 } = named(ins, cell, run)
    return [x, ...(cell.apart ? [x] : []), h0, ...(c0 ? [c0] : [])].map(({ shape, dtype }) => ({ shape, dtype }))
  },
  lower: (backend, outs, ins, run) => {
    const cell = CELLS[run.cell]
    const { gates, memory, apart, kept, slopeReads } = cell
    const { x, h0, w, c0 } = named(ins, cell, run)
    const rest = ins.slice(inputCount(cell, run))
    const ctH = rest.shift()!
    const ctC = memory ? rest.shift()! : null
    const [hs, cs, keeps] = [rest[0]!, memory ? rest[1]! : null, kept ? rest.at(-1)! : null]
    const dx = outs[0]!
    const dg = apart ? outs[1]! : dx
    const [dh, dc] = outs.slice(apart ? 2 : 1) as [View, View | undefined]
    const [count, batch, width] = x.shape as [number, number, number]
    const size = width / gates
    const program = slopesProgram(cell, x.dtype)
    const none = linear.full([], 0, x.dtype, x.device) as View
    // what h passes on besides its part of the gates
    const own = apart ? allocate([batch, size], x.dtype, x.device) : null
    let pending = false
    for (let i = 0; i < count; i++) {
      const t = run.reverse ? i : count - 1 - i
      const before = run.reverse ? t + 1 : t - 1
      const isFirst = i === count - 1
      const places: Record<string, View | null> = {
        h: step(hs, t),
        c: cs && step(cs, t),
        hBefore: isFirst ? h0 : step(hs, before),
        cBefore: isFirst ? c0 : cs && step(cs, before),
      }
      const slopes = step(dg, t)
      backend.map(
        program,
        [batch, size],
        [...pieces(step(dx, t), gates, size), ...(own ? [...pieces(slopes, gates, size), own] : []), ...(dc ? [dc] : [])],
        [
          step(ctH, t),
          pending ? dh : none,
          ...(own ? [pending ? own : none] : []),
          ...(dc ? [step(ctC!, t), pending ? dc : none] : []),
          ...(keeps ? pieces(step(keeps, t), kept, size) : []),
          ...slopeReads.map((name) => places[name]!),
        ],
      )
      backend.call('matmul', [dh], [slopes, w])
      pending = true
    }
    if (own) {
      add.lower!(backend, [dh], [dh, own], {})
      backendOf(x.device).release(own.storage)
    }
  },
  definition: (ins, run) => {
    const cell = CELLS[run.cell]
    const count = inputCount(cell, run)
    return slopesByValues(ins.slice(0, count), ins.slice(count, count + 1 + Number(cell.memory)), cell, run)
  },
}

/**
 * A recurrent layer in one direction: from `x` [T, B, gates H] (the input's part of the gates, with its bias), the first states [B, H] and
 * the weight of the state, the states h (and c) at all steps, [T, B, H] each.
 */
export const recurrence = withRules(
  (cell: CellName, { x, h0, w, c0, bias }: Inputs<Value>, reverse = false): [h: Value, c: Value | null] => {
    const { memory } = CELLS[cell]
    const ins = [x, h0, w, ...(memory ? [c0!] : []), ...(bias ? [bias] : [])]
    const outs = bind(rules, ins, { cell, reverse, bias: bias !== null })
    return [outs[0]!, memory ? outs[1]! : null]
  },
  rules,
)
