/**
 * Reduce programs, in one of three ways: an invocation for each outer point where there are many of them, a group for each where the
 * reduced dims are long, and in several launches, with states in scratch memory, where one group would leave most of the device idle.
 */

import type { Word } from '../../core/backend.ts'
import type { RegisterType } from '../../core/opcodes.ts'
import type { Program } from '../../core/program.ts'
import type { Shape } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { type Axis, axesOf, joined, lengthOf, stridesTo } from './axes.ts'
import { type Decoded, decode } from './decode.ts'
import { fused } from './fused.ts'
import type { Kernels } from './kernels.ts'
import { bitsOf, Operands } from './operands.ts'
import { runSplit } from './split.ts'

/** One launch of a reduce program. */
export interface Reduction {
  readonly decoded: Decoded
  readonly paramTypes: readonly RegisterType[]
  readonly operands: Operands
  readonly outer: readonly Axis[]
  readonly inner: readonly Axis[]
  /** Names of the coordinates by axis of the launch. */
  coordinate(axis: number): string
  /** Launch words: 0, outer and inner lengths, dims of both, then each operand's offset, outer and inner strides (or bits), then parameters. */
  readonly words: readonly number[]
  readonly key: string
  /** Whether subgroups combine states. */
  readonly subgroups: boolean
}

/** Up to this many reduced elements are one invocation's work; more where neighbouring invocations read neighbouring elements. */
const SHORT = 32
const SHORT_ACROSS = 512
/** With this many outer points, invocations of their own keep the device busy. */
const MANY = 4096
/** Up to this many reduced elements are work for a small group. */
const SMALL_GROUP = 256
/** Fewer groups than this leave the device idle when the reduced dims are longer than `LONG`. */
const FEW = 64
const LONG = 8192

/** Runs a reduce program. */
export function runReduce(
  kernels: Kernels,
  program: Program,
  dims: Shape,
  reduced: readonly number[],
  outs: readonly View[],
  ins: readonly View[],
  params: readonly Word[],
): void {
  const decoded = decode(program)
  const operands = new Operands(outs, ins)
  const strides = operands.list.map((o) => stridesTo(o.view, dims))
  const kept = dims.map((_, i) => i).filter((i) => !reduced.includes(i))
  const arrange = program.usesCoord ? (axes: Axis[]) => axes : joined
  const outer = arrange(axesOf(dims, kept, strides))
  const inner = arrange(
    axesOf(
      dims,
      [...reduced].sort((a, b) => a - b),
      strides,
    ),
  )
  const [outerLength, innerLength] = [lengthOf(outer), lengthOf(inner)]
  if (outerLength === 0) return
  const words = [0, outerLength, innerLength, ...outer.map((a) => a.length), ...inner.map((a) => a.length)]
  operands.list.forEach((o, k) => {
    Operands.words(
      o,
      [...outer, ...inner].map((a) => a.strides[k]!),
      words,
    )
  })
  params.forEach((p, i) => {
    words.push(...bitsOf(p, program.params[i]!))
  })
  const reduction: Reduction = {
    decoded,
    paramTypes: program.params,
    operands,
    outer,
    inner,
    coordinate: (axis) => {
      const o = outer.findIndex((a) => a.axis === axis)
      return o >= 0 ? `o${o}` : `c${inner.findIndex((a) => a.axis === axis)}`
    },
    words,
    key: `${decoded.id} ${outer.length} ${inner.length} ${operands.key}${kernels.subgroups ? ' subgroups' : ''}`,
    subgroups: kernels.subgroups,
  }
  if (innerLength >= LONG && outerLength < FEW) {
    runSplit(kernels, reduction, outerLength, innerLength)
    return
  }
  const single = innerLength <= SHORT || ((outerLength >= MANY || innerLength <= SHORT_ACROSS) && across(reduction))
  const most = innerLength <= SMALL_GROUP ? Math.min(64, kernels.workgroup) : kernels.workgroup
  const kernel = kernels.get(`${single ? 'single' : `group ${most}`} ${reduction.key}`, () => fused(reduction, single, most))
  kernels.run(kernel, operands.buffers, words, single ? Math.ceil(outerLength / kernels.workgroup) : outerLength)
}

/** Whether neighbouring outer points are nearer in memory than neighbouring reduced elements. */
function across({ operands, outer, inner }: Reduction): boolean {
  const k = operands.list.findLastIndex((o) => o.buffer >= 0)
  const step = (axes: readonly Axis[]) => Math.abs(axes.at(-1)?.strides[k] ?? 0)
  return step(outer) !== 0 && (step(inner) === 0 || step(outer) < step(inner))
}
