/** Reference forms of index, index_put, gather and scatter. */

import type { Word } from '../../core/backend.ts'
import { readAt, writeAt } from '../../core/element.ts'
import { IndexError } from '../../core/errors.ts'
import { sizeOf } from '../../core/shape.ts'
import { broadcastView, restride, type View } from '../../core/view.ts'
import { COMBINE, itemsOf, offsetsOf } from './items.ts'
import type { Routine } from './routines.ts'

/** An index counted from the front, or the error. */
function resolve(index: number, size: number, axis: number): number {
  const at = index < 0 ? index + size : index
  if (at < 0 || at >= size) throw new IndexError(`index ${index} is out of bounds for axis ${axis} with size ${size}`, { axis })
  return at
}

/** For each point of the index arrays: how far into x it leads, in bytes. */
function leads(x: View, indices: readonly View[]): number[] {
  const count = indices[0]!.size
  const out = new Array<number>(count).fill(0)
  indices.forEach((view, axis) => {
    itemsOf(view).forEach((index, i) => {
      out[i]! += resolve(Number(index), x.shape[axis]!, axis) * x.strides[axis]!
    })
  })
  return out
}

/** What is left of x when its first k axes are indexed: byte offsets relative to x's own. */
function restOffsets(x: View, k: number): number[] {
  return offsetsOf(restride(x, x.shape.slice(k), x.strides.slice(k), 0))
}

const index: Routine = ([out], [x, ...indices]) => {
  const rest = restOffsets(x!, indices.length)
  const to = offsetsOf(out!)
  leads(x!, indices).forEach((lead, i) => {
    rest.forEach((offset, j) => {
      writeAt(out!, to[i * rest.length + j]!, readAt(x!, x!.offset + lead + offset))
    })
  })
}

const indexPut: Routine = ([x], [values, ...indices], [, mode]: readonly Word[]) => {
  const combine = COMBINE[Number(mode)]!
  const rest = restOffsets(x!, indices.length)
  const from = itemsOf(values!)
  leads(x!, indices).forEach((lead, i) => {
    rest.forEach((offset, j) => {
      const at = x!.offset + lead + offset
      writeAt(x!, at, combine(readAt(x!, at), from[i * rest.length + j], x!.dtype))
    })
  })
}

/** For each point of an index array: the byte offset of the element of x that it names along an axis. */
function targets(x: View, index: View, axis: number): number[] {
  const steps = x.strides.map((s, i) => (i === axis ? 0 : s))
  const bases = sizeOf(index.shape) === 0 ? [] : offsetsOf(restride(x, index.shape, steps))
  return itemsOf(index).map((item, i) => bases[i]! + resolve(Number(item), x.shape[axis]!, axis) * x.strides[axis]!)
}

const gather: Routine = ([out], [x, index], [axis]) => {
  const to = offsetsOf(out!)
  targets(x!, index!, Number(axis)).forEach((at, i) => {
    writeAt(out!, to[i]!, readAt(x!, at))
  })
}

const scatter: Routine = ([x], [index, src], [axis, mode]) => {
  const combine = COMBINE[Number(mode)]!
  const from = itemsOf(broadcastView(src!, index!.shape))
  targets(x!, index!, Number(axis)).forEach((at, i) => {
    writeAt(x!, at, combine(readAt(x!, at), from[i], x!.dtype))
  })
}

export const INDEXING: Record<string, Routine> = { index, index_put: indexPut, gather, scatter }
