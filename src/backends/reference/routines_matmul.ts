/** Reference form of the matrix product. */

import { writeAt } from '../../core/element.ts'
import { itemsOf, offsetsOf, plus, times, zeroOf } from './items.ts'
import type { Routine } from './routines.ts'

const matmul: Routine = ([out], [a, b]) => {
  const [m, n] = out!.shape.slice(-2) as [number, number]
  const k = a!.shape[a!.ndim - 1]!
  const { dtype } = out!
  const as = itemsOf(a!)
  const bs = itemsOf(b!)
  offsetsOf(out!).forEach((offset, flat) => {
    const matrix = Math.floor(flat / (m * n))
    const row = (matrix * m + (Math.floor(flat / n) % m)) * k
    const column = matrix * k * n + (flat % n)
    let sum = zeroOf(dtype)
    for (let i = 0; i < k; i++) sum = plus(sum, times(as[row + i], bs[column + i * n], dtype), dtype)
    writeAt(out!, offset, sum)
  })
}

export const MATMUL: Record<string, Routine> = { matmul }
