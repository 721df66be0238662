/** The kernels of recurrent cells: one map for a step, one for its derivative. */

import type { DType } from '../../core/dtype.ts'
import type { Program } from '../../core/program.ts'
import { Builder, type Sym } from '../../core/symbolic/builder.ts'
import { type Cell, onRegisters, type StateName } from './cells.ts'

const made = new WeakMap<Cell, Map<string, Program>>()

function cached(cell: Cell, key: string, make: () => Program): Program {
  let programs = made.get(cell)
  if (!programs) {
    programs = new Map()
    made.set(cell, programs)
  }
  let program = programs.get(key)
  if (!program) {
    program = make()
    programs.set(key, program)
  }
  return program
}

/** Loads operands in the order in which they are asked for. */
function reader(b: Builder, dtype: DType) {
  let at = 0
  const one = (): Sym => b.load(at++, dtype.register)
  const many = (count: number): Sym[] => Array.from({ length: count }, one)
  const states = (names: readonly StateName[]): Record<StateName, Sym> =>
    Object.fromEntries(names.map((name) => [name, one()])) as Record<StateName, Sym>
  return { one, many, states }
}

/** Outputs h, c where there is one, what is kept; inputs the gates' part of the input, of the state, the bias, the states that are read. */
export function stepProgram(cell: Cell, dtype: DType, bias: boolean): Program {
  return cached(cell, `step ${dtype.register} ${bias}`, () => {
    const { gates, kept, memory, stepReads } = cell
    const b = new Builder(1 + Number(memory) + kept, gates * (bias ? 3 : 2) + stepReads.length)
    const read = reader(b, dtype)
    const x = read.many(gates)
    const g = read.many(gates)
    const offset = bias ? read.many(gates) : null
    const { hBefore: h, cBefore: c } = read.states(stepReads)
    const after = cell.step(onRegisters, { x, g: offset ? g.map((part, i) => onRegisters.add(part, offset[i]!)) : g, h, c })
    ;[after.h, ...(memory ? [after.c!] : []), ...after.kept].forEach((value, i) => {
      b.store(i, value)
    })
    return b.finish()
  })
}

/**
 * Outputs the cotangents of the input's part of the gates, of the state's where they differ (with h's own then), of c where there is one;
 * inputs the cotangent of h in its parts, of c in its parts where there is one, what was kept, the states that are read.
 */
export function slopesProgram(cell: Cell, dtype: DType): Program {
  return cached(cell, `slopes ${dtype.register}`, () => {
    const { gates, kept, memory, apart, slopeReads } = cell
    const cotangents = (apart ? 3 : 2) + (memory ? 2 : 0)
    const b = new Builder(gates * (apart ? 2 : 1) + Number(apart) + Number(memory), cotangents + kept + slopeReads.length)
    const read = reader(b, dtype)
    const { add } = onRegisters
    const dh = read.many(apart ? 3 : 2).reduce(add)
    const dc = memory ? read.many(2).reduce(add) : dh
    const pieces = read.many(kept)
    const slopes = cell.slopes(onRegisters, { dh, dc, kept: pieces, ...read.states(slopeReads) })
    const outs = [...slopes.x, ...(apart ? [...slopes.g!, slopes.h!] : []), ...(memory ? [slopes.c!] : [])]
    outs.forEach((value, i) => {
      b.store(i, value)
    })
    return b.finish()
  })
}
