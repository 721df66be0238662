/** Reference forms of the routines that count, find, read and write by truth. */

import { readAt, writeAt } from '../../core/element.ts'
import { isTrue, itemsOf, offsetsOf } from './items.ts'
import type { Routine } from './routines.ts'

const countNonzero: Routine = ([out], [x]) => writeAt(out!, out!.offset, itemsOf(x!).filter(isTrue).length)

const nonzero: Routine = ([out], [x]) => {
  const to = offsetsOf(out!)
  let at = 0
  itemsOf(x!).forEach((item, flat) => {
    if (!isTrue(item)) return
    let rest = flat
    const point = new Array<number>(x!.ndim)
    for (let axis = x!.ndim - 1; axis >= 0; axis--) {
      point[axis] = rest % x!.shape[axis]!
      rest = Math.floor(rest / x!.shape[axis]!)
    }
    for (const coordinate of point) writeAt(out!, to[at++]!, coordinate)
  })
}

const maskSelect: Routine = ([out], [x, mask]) => {
  const to = offsetsOf(out!)
  const from = offsetsOf(x!)
  let at = 0
  itemsOf(mask!).forEach((on, i) => {
    if (on) writeAt(out!, to[at++]!, readAt(x!, from[i]!))
  })
}

const maskPut: Routine = ([x], [mask, values], [cycle]) => {
  const to = offsetsOf(x!)
  const from = itemsOf(values!)
  let at = 0
  itemsOf(mask!).forEach((on, i) => {
    if (!on) return
    writeAt(x!, to[i]!, from[Number(cycle) ? at % from.length : at])
    at++
  })
}

export const MASKS: Record<string, Routine> = { count_nonzero: countNonzero, nonzero, mask_select: maskSelect, mask_put: maskPut }
