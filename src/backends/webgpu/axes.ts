/** Dimensions of a launch with the strides of all operands: joined where they can be, as launch words and as WGSL text. */

import type { Shape } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { word } from './emit.ts'
import { unitOf } from './wgsl/types.ts'

export interface Axis {
  readonly length: number
  /** Of each operand, in units of its dtype. */
  readonly strides: readonly number[]
  /** The axis of the launch that it was; of joined ones the first. */
  readonly axis: number
}

/** Strides of a view broadcast to dims, in units of its dtype. */
export function stridesTo(v: View, dims: Shape): number[] {
  const lead = dims.length - v.shape.length
  const unit = unitOf(v.dtype)
  return dims.map((n, i) => (i < lead || (v.shape[i - lead] === 1 && n !== 1) ? 0 : v.strides[i - lead]! / unit))
}

/** The chosen axes of dims with the operands' strides. */
export function axesOf(dims: Shape, chosen: readonly number[], strides: readonly (readonly number[])[]): Axis[] {
  return chosen.map((axis) => ({ length: dims[axis]!, strides: strides.map((s) => s[axis]!), axis }))
}

/** Without axes of length 1, and with neighbours joined where every operand steps through both evenly. */
export function joined(axes: readonly Axis[]): Axis[] {
  const out: Axis[] = []
  for (const next of axes) {
    if (next.length === 1) continue
    const last = out.at(-1)
    if (last?.strides.every((s, k) => s === next.strides[k]! * next.length)) {
      out[out.length - 1] = { length: last.length * next.length, strides: next.strides, axis: last.axis }
    } else out.push(next)
  }
  return out
}

/** In the order of the first operand's steps, the largest first, so that neighbouring invocations write neighbouring elements. */
export const sorted = (axes: readonly Axis[]): Axis[] => [...axes].sort((a, b) => Math.abs(b.strides[0]!) - Math.abs(a.strides[0]!))

export const lengthOf = (axes: readonly Axis[]): number => axes.reduce((n, a) => n * a.length, 1)

/** Text that defines the coordinates `<name>0`, `<name>1` ... of a flat index, whose lengths are launch words from `at` on. */
export function coordinates(name: string, rank: number, index: string, at: number): string {
  if (rank === 0) return ''
  const lines = [`var ${name}_rest = ${index};`]
  for (let k = rank - 1; k > 0; k--) {
    lines.push(`let ${name}${k} = ${name}_rest % ${word(at + k)};`, `${name}_rest = ${name}_rest / ${word(at + k)};`)
  }
  return [...lines, `let ${name}0 = ${name}_rest;`].join('\n')
}

/** Text that steps along axes: coordinates times the strides in launch words from `at` on. */
export const steps = (name: string, rank: number, at: number): string =>
  Array.from({ length: rank }, (_, k) => ` + ${name}${k} * ${word(at + k)}`).join('')
