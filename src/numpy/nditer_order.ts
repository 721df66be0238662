/** The order in which `np.nditer` visits axes, and which of them it can walk as one. */

import { restride, type View } from '../core/view.ts'
import { isFortran } from './flags.ts'
import { type Order, slowestFirst } from './layout.ts'

/** An axis of the iteration, and whether it is walked from its end. */
export interface Step {
  readonly axis: number
  readonly backwards: boolean
}

/** The axes, slowest first. In the order of memory axes that every operand steps backwards through are turned round. */
export function axisOrder(views: readonly View[], shape: readonly number[], order: Order): Step[] {
  const n = shape.length
  const natural = shape.map((_, axis) => axis)
  const fixed = (axes: readonly number[]): Step[] => axes.map((axis) => ({ axis, backwards: false }))
  if (order === 'C') return fixed(natural)
  if (order === 'F' || (order === 'A' && views.every((v) => isFortran(v)) && !views.every((v) => v.contiguous))) {
    return fixed(natural.reverse())
  }
  if (order === 'A') return fixed(natural)
  // Only operands that are there in memory can tell; axes without a step in any keep their place.
  return slowestFirst(views, n).map((axis) => {
    const steps = views.map((v) => v.strides[axis]!)
    return { axis, backwards: steps.every((s) => s <= 0) && steps.some((s) => s < 0) }
  })
}

/** The views with the iteration's axes in its order. */
export interface Loop {
  readonly shape: readonly number[]
  readonly views: readonly View[]
}

/** Puts axes in the iteration's order and joins neighbours that lie one after the other in all operands, unless `keep`. */
export function coalesce(views: readonly View[], shape: readonly number[], axes: readonly Step[], keep: boolean): Loop {
  const dims: number[] = []
  const strides: number[][] = views.map(() => [])
  const offsets = views.map((v) => v.offset)
  for (const { axis, backwards } of axes) {
    const n = shape[axis]!
    const steps = views.map((v, i) => {
      const s = v.strides[axis]!
      if (backwards) offsets[i]! += (n - 1) * s
      return backwards ? -s : s
    })
    const last = dims.length - 1
    const joins = !keep && last >= 0 && (n === 1 || dims[last] === 1 || steps.every((s, i) => strides[i]![last] === s * n))
    if (!joins) {
      dims.push(n)
      steps.forEach((s, i) => {
        strides[i]!.push(s)
      })
    } else if (n !== 1) {
      dims[last]! *= n
      steps.forEach((s, i) => {
        strides[i]![last] = s
      })
    }
  }
  return { shape: dims, views: views.map((v, i) => restride(v, dims, strides[i]!, offsets[i])) }
}
