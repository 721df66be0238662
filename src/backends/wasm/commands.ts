/** Commands as words: what an operand is for the kernels, and a map or reduce written down (docs/internals/abi.md). */

import type { Word } from '../../core/backend.ts'
import type { Program } from '../../core/program.ts'
import type { Shape } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import type { Instance } from './instance.ts'
import type { Layout, Memory } from './layout.ts'

/** An operand of a command: either its address in linear memory, or its bytes elsewhere. */
export interface Operand {
  readonly view: View
  readonly out: boolean
  readonly address: number
  readonly memory: Memory | null
}

/** Where the box of an operand is for the kernels. */
export interface Placed {
  readonly layout: Layout | null
  readonly address: number
  /** The word that holds the offset of a resident operand. */
  word: number
}

/** Writes a map or reduce over `extents`, the last `reduced` of them reduced. */
export function writeLaunch(
  { words, bits }: Instance,
  program: Program,
  id: number,
  extents: readonly number[],
  reduced: number,
  operands: readonly Operand[],
  placed: readonly Placed[],
  strides: readonly (readonly number[])[],
  params: readonly Word[],
): void {
  const n = extents.length
  words[0] = program.words[1]!
  words[1] = id
  words[2] = n
  words[3] = operands.length
  words[4] = params.length
  words[5] = reduced
  let at = 6
  for (let d = 0; d < n; d++) words[at++] = extents[d]!
  for (let o = 0; o < operands.length; o++) {
    placed[o]!.word = at + 2
    at = head(words, at, placed[o]!, operands[o]!.view)
    const steps = placed[o]!.layout?.strides ?? strides[o]!
    for (let d = 0; d < n; d++) words[at++] = steps[d]!
  }
  for (let i = 0; i < params.length; i++, at++) {
    const type = program.params[i]!
    if (type === 'f32' || type === 'f64') words[at] = Number(params[i])
    else bits[at] = BigInt.asIntN(64, BigInt(params[i]!))
  }
}

/** Block address and size, offset, dtype. */
export function head(words: Float64Array, at: number, { layout, address }: Placed, view: View): number {
  words[at] = address
  words[at + 1] = layout ? layout.bytes : view.storage.nbytes
  words[at + 2] = layout ? layout.first : view.offset
  words[at + 3] = view.dtype.code
  return at + 4
}

/** Byte strides of a view broadcast to dims. */
export function stridesOver(v: View, dims: Shape): number[] {
  const lead = dims.length - v.shape.length
  return dims.map((_, d) => (d < lead || v.shape[d - lead] === 1 ? 0 : v.strides[d - lead]!))
}
