/** Reference form of counting by value. */

import { readAt, writeAt } from '../../core/element.ts'
import { IndexError } from '../../core/errors.ts'
import { itemsOf, offsetsOf, plus } from './items.ts'
import type { Routine } from './routines.ts'

/** Adds one, or a weight, at each value's place; the output comes zeroed. */
const bincount: Routine = ([out], [x, weights]) => {
  const to = offsetsOf(out!)
  const ws = weights && itemsOf(weights)
  itemsOf(x!).forEach((value, i) => {
    const at = to[Number(value)]
    if (at === undefined) throw new IndexError(`index ${value} is out of bounds for axis 0 with size ${to.length}`, { axis: 0 })
    writeAt(out!, at, plus(readAt(out!, at), ws ? ws[i] : 1, out!.dtype))
  })
}

export const COUNTING: Record<string, Routine> = { bincount }
