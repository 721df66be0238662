/** Reference forms of sorting: all are an ordering of each line along an axis. */

import { readAt, writeAt } from '../../core/element.ts'
import { restride, type View } from '../../core/view.ts'
import { compare, type Item, itemsOf, offsetsOf } from './items.ts'
import type { Routine } from './routines.ts'

/** Calls `f` with the byte offsets of each line of the views along their axis. */
function eachLine(views: readonly View[], axis: number, f: (lines: readonly number[][]) => void): void {
  const starts = views.map((v) => {
    const keep = v.shape.map((_, i) => i).filter((i) => i !== axis)
    return offsetsOf(
      restride(
        v,
        keep.map((i) => v.shape[i]!),
        keep.map((i) => v.strides[i]!),
      ),
    )
  })
  starts[0]!.forEach((_, i) => {
    f(views.map((v, k) => Array.from({ length: v.shape[axis]! }, (__, j) => starts[k]![i]! + j * v.strides[axis]!)))
  })
}

/** Positions in sorted order, stable; descending puts NaN first and keeps equal items in their order. */
function order(items: readonly Item[], descending: boolean): number[] {
  const sign = descending ? -1 : 1
  return items.map((_, i) => i).sort((i, j) => sign * compare(items[i], items[j]) || i - j)
}

const read = (v: View, line: readonly number[]): Item[] => line.map((at) => readAt(v, at))

const sort: Routine = ([out], [x], [axis, descending]) => {
  eachLine([out!, x!], Number(axis), ([to, from]) => {
    const items = read(x!, from!)
    order(items, Boolean(descending)).forEach((p, i) => {
      writeAt(out!, to![i]!, items[p])
    })
  })
}

const argsort: Routine = ([out], [x], [axis, descending]) => {
  eachLine([out!, x!], Number(axis), ([to, from]) => {
    order(read(x!, from!), Boolean(descending)).forEach((p, i) => {
      writeAt(out!, to![i]!, p)
    })
  })
}

const sortWithIndices: Routine = ([values, indices], [x], [axis, descending]) => {
  eachLine([values!, indices!, x!], Number(axis), ([to, at, from]) => {
    const items = read(x!, from!)
    order(items, Boolean(descending)).forEach((p, i) => {
      writeAt(values!, to![i]!, items[p])
      writeAt(indices!, at![i]!, p)
    })
  })
}

/** Words: axis, k, largest, sorted. NaN counts as largest. */
const topk: Routine = ([values, indices], [x], [axis, , largest]) => {
  eachLine([values!, indices!, x!], Number(axis), ([to, at, from]) => {
    const items = read(x!, from!)
    const best = order(items, Boolean(largest)).slice(0, to!.length)
    best.forEach((p, i) => {
      writeAt(values!, to![i]!, items[p])
      writeAt(indices!, at![i]!, p)
    })
  })
}

/** Words: axis, kth ... A full sort is a partition. */
const partition: Routine = (outs, ins, [axis]) => sort(outs, ins, [axis!, 0, 1])
const argpartition: Routine = (outs, ins, [axis]) => argsort(outs, ins, [axis!, 0, 1])

/** Words: right. Operands: out, sorted (1-d, or the leading axes of values), values. */
const searchsorted: Routine = ([out], [sorted, values], [right]) => {
  const n = sorted!.shape[sorted!.ndim - 1]!
  const rows = itemsOf(sorted!)
  const to = offsetsOf(out!)
  const perRow = sorted!.ndim === 1 ? values!.size : values!.shape[values!.ndim - 1]!
  itemsOf(values!).forEach((value, i) => {
    const base = sorted!.ndim === 1 ? 0 : Math.floor(i / perRow) * n
    let low = 0
    let high = n
    while (low < high) {
      const middle = (low + high) >> 1
      const c = compare(rows[base + middle], value)
      if (c < 0 || (right && c === 0)) low = middle + 1
      else high = middle
    }
    writeAt(out!, to[i]!, low)
  })
}

export const SORTING: Record<string, Routine> = {
  sort,
  argsort,
  sort_with_indices: sortWithIndices,
  topk,
  partition,
  argpartition,
  searchsorted,
}
