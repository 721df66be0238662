/** The inputs and parameters of recurrent layers. */

import type { Cell, CellName } from './cells.ts'

/** How a layer is run. */
export interface Run {
  readonly cell: CellName
  /** From the last step to the first. */
  readonly reverse: boolean
  readonly bias: boolean
}

/** The inputs by name: the input's part of the gates [T, B, gates H], the first state [B, H], the weight [gates H, H]. */
export interface Inputs<V> {
  readonly x: V
  readonly h0: V
  readonly w: V
  readonly c0: V | null
  readonly bias: V | null
}

export function named<V>(ins: readonly V[], { memory }: Cell, { bias }: Run): Inputs<V> {
  const [x, h0, w, ...rest] = ins as [V, V, V, ...V[]]
  return { x, h0, w, c0: memory ? rest.shift()! : null, bias: bias ? rest.shift()! : null }
}
