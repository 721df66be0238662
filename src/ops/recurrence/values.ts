/** Recurrent layers and their derivative step by step in operations on values: what higher derivatives, forward mode and maps over batches run. */

import { linear } from '../../core/linear.ts'
import type { Value } from '../../core/value.ts'
import { matmul } from '../contraction/matmul.ts'
import { add } from '../elementwise/arithmetic.ts'
import { concatenate } from '../movement/concatenate.ts'
import { split } from '../movement/split.ts'
import { mT } from '../movement/transpose.ts'
import { type Cell, onValues } from './cells.ts'
import { named, type Run } from './inputs.ts'

interface Step {
  readonly h: Value
  readonly c: Value | null
  readonly hBefore: Value
  readonly cBefore: Value | null
  readonly kept: readonly Value[]
}

const pieces = (x: Value, axis: number, count: number): Value[] =>
  count === 1 ? [x] : split(x, axis, new Array<number>(count).fill(x.shape[axis]! / count))
/** The steps of a sequence; zeros stay themselves. */
function steps(x: Value, count: number): Value[] {
  if (x.ndim === 0) return new Array<Value>(count).fill(x)
  return pieces(x, 0, count).map((v) => linear.reshape(v, x.shape.slice(1)))
}
const stacked = (xs: readonly Value[]): Value =>
  concatenate(
    xs.map((x) => linear.reshape(x, [1, ...x.shape])),
    0,
  )

/** All steps, by time. */
function unroll(ins: readonly Value[], cell: Cell, run: Run): Step[] {
  const { x, h0, w, c0, bias } = named(ins, cell, run)
  const count = x.shape[0]!
  const xs = steps(x, count)
  const across = mT(w)
  const all = new Array<Step>(count)
  let [hBefore, cBefore] = [h0, c0]
  for (let i = 0; i < count; i++) {
    const t = run.reverse ? count - 1 - i : i
    const product = matmul(hBefore, across)
    const part = bias ? add(product, bias) : product
    const before = { x: pieces(xs[t]!, 1, cell.gates), g: pieces(part, 1, cell.gates), h: hBefore, c: cBefore! }
    const { h, c = null, kept } = cell.step(onValues, before)
    all[t] = { h, c, hBefore, cBefore, kept }
    ;[hBefore, cBefore] = [h, c]
  }
  return all
}

/** The outputs of a layer. */
export function runByValues(ins: readonly Value[], cell: Cell, run: Run): Value[] {
  const all = unroll(ins, cell, run)
  const outs = [stacked(all.map(({ h }) => h))]
  if (cell.memory) outs.push(stacked(all.map(({ c }) => c!)))
  if (cell.kept) outs.push(stacked(all.map(({ kept }) => concatenate([...kept], 1))))
  return outs
}

/** The derivative of a layer, from the cotangents of h and c at all steps. */
export function slopesByValues(ins: readonly Value[], cts: readonly Value[], cell: Cell, run: Run): Value[] {
  const { x, w } = named(ins, cell, run)
  const all = unroll(ins, cell, run)
  const count = all.length
  const [ctH, ctC] = cts.map((ct) => steps(ct, count))
  const dx = new Array<Value>(count)
  const dg = new Array<Value>(count)
  const zero = linear.full([], 0, x.dtype, x.device)
  let dh = zero
  let dc = zero
  for (let i = 0; i < count; i++) {
    const t = run.reverse ? i : count - 1 - i
    const { h, c, hBefore, cBefore, kept } = all[t]!
    const point = { dh: add(ctH![t]!, dh), dc: ctC ? add(ctC[t]!, dc) : dc, kept, h, c: c!, hBefore, cBefore: cBefore! }
    const slopes = cell.slopes(onValues, point)
    dx[t] = concatenate([...slopes.x], 1)
    dg[t] = slopes.g ? concatenate([...slopes.g], 1) : dx[t]!
    dh = matmul(dg[t]!, w)
    if (slopes.h) dh = add(dh, slopes.h)
    if (slopes.c) dc = slopes.c
  }
  return [stacked(dx), ...(cell.apart ? [stacked(dg)] : []), dh, ...(cell.memory ? [dc] : [])]
}
