/** Reference form of the maxima of windows. */

import { writeAt } from '../../core/element.ts'
import { contiguousStrides } from '../../core/shape.ts'
import { compare, isNaNItem, itemsOf, offsetsOf } from './items.ts'
import type { Routine } from './routines.ts'

/** The elements of the window of a position along one axis. */
function windowAt(q: number, n: number, out: number, [kernel, stride, padding, dilation]: readonly number[]): number[] {
  if (kernel === 0) {
    const start = Math.floor((q * n) / out)
    return Array.from({ length: Math.ceil(((q + 1) * n) / out) - start }, (_, t) => start + t)
  }
  return Array.from({ length: kernel! }, (_, t) => q * stride! - padding! + t * dilation!).filter((i) => i >= 0 && i < n)
}

const maxPool: Routine = ([values, indices], [x], given) => {
  const [depth, ...words] = given.map(Number) as [number, ...number[]]
  const lead = x!.ndim - depth
  const items = itemsOf(x!)
  const steps = contiguousStrides(x!.shape, 1)
  const outSteps = contiguousStrides(values!.shape, 1)
  const area = x!.shape.slice(lead).reduce((n, d) => n * d, 1)
  const outArea = values!.shape.slice(lead).reduce((n, d) => n * d, 1)
  const [toValue, toIndex] = [offsetsOf(values!), offsetsOf(indices!)]
  toValue.forEach((offset, flat) => {
    let places = [0]
    for (let d = 0; d < depth; d++) {
      const [n, out] = [x!.shape[lead + d]!, values!.shape[lead + d]!]
      const line = windowAt(Math.floor(flat / outSteps[lead + d]!) % out, n, out, words.slice(4 * d, 4 * d + 4))
      places = places.flatMap((place) => line.map((i) => place + i * steps[lead + d]!))
    }
    const base = Math.floor(flat / outArea) * area
    let best = places[0]!
    for (const place of places) {
      const [item, old] = [items[base + place], items[base + best]]
      if (isNaNItem(item) || (!isNaNItem(old) && compare(item, old) > 0)) best = place
    }
    writeAt(values!, offset, items[base + best])
    writeAt(indices!, toIndex[flat]!, best)
  })
}

export const POOL: Record<string, Routine> = { max_pool: maxPool }
