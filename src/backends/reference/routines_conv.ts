/** Reference form of convolution and its transposes: the defining sum over every tap of every position. */

import type { DType } from '../../core/dtype.ts'
import { writeAt } from '../../core/element.ts'
import { contiguousStrides } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { type Item, itemsOf, offsetsOf, plus, times, zeroOf } from './items.ts'
import type { Routine } from './routines.ts'

/** Sums in C order; 16-bit floats add up in the items' own type until they are written. */
class Sums {
  readonly items: Item[]
  constructor(
    readonly view: View,
    readonly dtype: DType,
  ) {
    this.items = new Array(view.size).fill(zeroOf(dtype))
  }
  add(at: number, x: Item, y: Item): void {
    this.items[at] = plus(this.items[at], times(x, y, this.dtype), this.dtype)
  }
  write(): void {
    offsetsOf(this.view).forEach((offset, i) => {
      writeAt(this.view, offset, this.items[i])
    })
  }
}

/** Calls `f` with the places in x, w and y (in C order) of every product. */
function eachProduct(x: View, w: View, y: View, words: readonly number[], f: (x: number, w: number, y: number) => void): void {
  const groups = words[1]!
  const geometry = words.slice(2)
  const [sx, sw, sy] = [x, w, y].map((v) => contiguousStrides(v.shape, 1)) as [number[], number[], number[]]
  const perGroup = y.shape[1]! / groups
  const depth = x.ndim - 2
  const visit = (d: number, atX: number, atW: number, atY: number): void => {
    if (d === depth) {
      f(atX, atW, atY)
      return
    }
    const [stride, padding, dilation] = geometry.slice(3 * d, 3 * d + 3) as [number, number, number]
    const a = d + 2
    for (let q = 0; q < y.shape[a]!; q++) {
      for (let k = 0; k < w.shape[a]!; k++) {
        const at = q * stride + k * dilation - padding
        if (at >= 0 && at < x.shape[a]!) visit(d + 1, atX + at * sx[a]!, atW + k * sw[a]!, atY + q * sy[a]!)
      }
    }
  }
  for (let n = 0; n < x.shape[0]!; n++) {
    for (let o = 0; o < y.shape[1]!; o++) {
      for (let c = 0; c < w.shape[1]!; c++) {
        const from = Math.floor(o / perGroup) * w.shape[1]! + c
        visit(0, n * sx[0]! + from * sx[1]!, o * sw[0]! + c * sw[1]!, n * sy[0]! + o * sy[1]!)
      }
    }
  }
}

const conv: Routine = ([out], ins, given) => {
  const words = given.map(Number)
  const mode = words[0]!
  const [first, second, bias] = ins as [View, View, View | undefined]
  const [x, w, y] = mode === 0 ? [first, second, out!] : mode === 1 ? [out!, second, first] : [first, out!, second]
  const sums = new Sums(out!, out!.dtype)
  const [a, b] = [itemsOf(first), itemsOf(second)]
  if (bias) {
    const offsets = itemsOf(bias)
    const inner = contiguousStrides(out!.shape, 1)[1]!
    sums.items.forEach((_, i) => {
      sums.items[i] = offsets[Math.floor(i / inner) % offsets.length]
    })
  }
  eachProduct(x, w, y, words, (i, k, q) => {
    if (mode === 0) sums.add(q, a[i], b[k])
    else if (mode === 1) sums.add(i, a[q], b[k])
    else sums.add(k, a[i], b[q])
  })
  sums.write()
}

export const CONV: Record<string, Routine> = { conv }
