/** Memory order: copies and fresh arrays whose axes step through memory as `order` says. */

import { allocate } from '../core/allocate.ts'
import { copyInto } from '../core/copy.ts'
import { describe } from '../core/describe.ts'
import type { DType } from '../core/dtype.ts'
import { ValueError } from '../core/errors.ts'
import { restride, type View } from '../core/view.ts'
import { isFortran } from './flags.ts'

/** `C` last axis fastest, `F` first axis fastest, `A` F when the source is, else C, `K` as near the source's order as can be. */
export type Order = 'C' | 'F' | 'A' | 'K'

/** An order as a user gives it (lower case too), or NumPy's error. */
export function checkOrder(order: unknown, allowed = 'CFAK'): Order {
  if (order === null || order === undefined) return 'K'
  const upper = typeof order === 'string' ? order.toUpperCase() : ''
  if (upper.length !== 1 || !'CFAK'.includes(upper))
    throw new ValueError(`order must be one of 'C', 'F', 'A', or 'K' (got ${describe(order)})`)
  if (!allowed.includes(upper))
    throw new ValueError(`order must be one of ${[...allowed].map((c) => `'${c}'`).join(', ')} (got '${upper}')`)
  return upper as Order
}

/** Whether only Fortran's order fits. */
export const onlyFortran = (v: View): boolean => !v.contiguous && isFortran(v)

/** The axes from the slowest to the fastest, as `K` keeps them: by the size of their strides, ties in C order. */
export function slowestFirst(views: readonly View[], ndim: number): number[] {
  const axes = Array.from({ length: ndim }, (_, i) => i)
  const stride = (v: View, axis: number): number => {
    const at = axis - (ndim - v.ndim)
    return at < 0 || v.shape[at] === 1 ? 0 : Math.abs(v.strides[at]!)
  }
  /** Positive when axis b, which comes later, steps slower than axis a in every view that can tell: C's order wins a conflict. */
  const compare = (a: number, b: number): number => {
    let order = 0
    for (const v of views) {
      const [x, y] = [stride(v, a), stride(v, b)]
      if (x === 0 || y === 0) continue
      if (x >= y) return -1
      order = 1
    }
    return order
  }
  // An insertion sort: the order is only partial, since broadcast axes cannot be told.
  for (let i = 1; i < ndim; i++) {
    let place = i
    for (let k = i - 1; k >= 0; k--) {
      const order = compare(axes[k]!, axes[i]!)
      if (order > 0) place = k
      else if (order < 0) break
    }
    if (place !== i) axes.splice(place, 0, ...axes.splice(i, 1))
  }
  return axes
}

/** Fresh memory of a shape whose axes, slowest first, are `axes`. */
export function allocateIn(axes: readonly number[], shape: readonly number[], dtype: DType): View {
  const made = allocate(
    axes.map((a) => shape[a]!),
    dtype,
  )
  const strides = new Array<number>(shape.length)
  axes.forEach((axis, i) => {
    strides[axis] = made.strides[i]!
  })
  return restride(made, shape, strides)
}

const natural = (n: number): number[] => Array.from({ length: n }, (_, i) => i)

/** The axes, slowest first, that an order means for a copy of a view. */
export function axesIn(order: Order, v: View): number[] {
  if (order === 'F' || (order === 'A' && onlyFortran(v))) return natural(v.ndim).reverse()
  return order === 'K' && !v.contiguous ? slowestFirst([v], v.ndim) : natural(v.ndim)
}

/** A copy of a view in a memory order and dtype. */
export function copyIn(order: Order, v: View, dtype: DType = v.dtype): View {
  const out = allocateIn(axesIn(order, v), v.shape, dtype)
  copyInto(out, v)
  return out
}
