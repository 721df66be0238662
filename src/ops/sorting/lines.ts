/** What sorting rows share: axes, zeros, and the order of objects. */

import { items, writeItems } from '../../core/element.ts'
import { AxisError } from '../../core/errors.ts'
import { linear } from '../../core/linear.ts'
import { normalizeAxis } from '../../core/shape.ts'
import type { Aval, Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'
import { transpose } from '../movement/transpose.ts'

/** A row along an axis needs one. */
export function checkAxis(op: string, { shape }: Aval, axis: number): void {
  if (axis < 0 || axis >= shape.length) {
    throw new AxisError(`${op}(): axis ${axis} is out of bounds for array of dimension ${shape.length}`, { op, axis })
  }
}

/** Runs a row along an axis; a 0-d value is one element of one axis. */
export function onAxis(x: Value, axis: number, op: string, f: (x: Value, axis: number) => Value[]): Value[] {
  if (x.ndim > 0) return f(x, normalizeAxis(axis, x.ndim, op))
  normalizeAxis(axis, 1, op)
  return f(linear.reshape(x, [1]), 0).map((out) => (out.shape[0] === 1 ? linear.reshape(out, []) : out))
}

export const zerosLike = ({ shape, dtype, device }: Value): Value => linear.full(shape, 0, dtype, device)

/** Positions in the order of JavaScript's `<`, stable. */
export function objectOrder(list: readonly any[], descending: boolean): number[] {
  const sign = descending ? -1 : 1
  return list.map((_, i) => i).sort((i, j) => sign * (list[i] < list[j] ? -1 : list[j] < list[i] ? 1 : 0) || i - j)
}

/** For dtype object: `f` makes each output's line from the items of a line of x. */
export function eachObjectLine(x: View, axis: number, outs: readonly View[], f: (items: unknown[]) => unknown[][]): void {
  const last = (v: View): View => {
    const axes = v.shape.map((_, i) => i).filter((i) => i !== axis)
    return transpose(v, [...axes, axis]) as View
  }
  const n = x.shape[axis]!
  const flat = items(last(x))
  const results: unknown[][] = outs.map(() => [])
  for (let at = 0; at < flat.length; at += n) {
    for (const [k, line] of f(flat.slice(at, at + n)).entries()) results[k]!.push(...line)
  }
  outs.forEach((out, k) => {
    writeItems(last(out), results[k]!)
  })
}
