/** A program's words as lists, for the writers of WGSL. */

import { DTypeError } from '../../core/errors.ts'
import { MONOIDS, type Monoid, OPCODES, type Opcode, REGISTERS, type RegisterType, STAGES } from '../../core/opcodes.ts'
import type { Program } from '../../core/program.ts'

export interface Instruction {
  readonly op: Opcode
  readonly type: RegisterType
  readonly from: RegisterType
  readonly a: number
  readonly b: number
  readonly c: number
}
export interface FoldWords {
  readonly monoid: Monoid
  readonly reg: number
  readonly type: RegisterType
  readonly acc: number
}
export interface StageWords {
  readonly kind: (typeof STAGES)[number]
  readonly first: number
  readonly end: number
  readonly folds: readonly FoldWords[]
}
/** A constant: its type, and the bits that the register holds, low word first. */
export interface Constant {
  readonly type: RegisterType
  readonly low: number
  readonly high: number
}
export interface Decoded {
  readonly id: number
  readonly instructions: readonly Instruction[]
  readonly constants: readonly Constant[]
  readonly stages: readonly StageWords[]
  readonly operands: number
  readonly accumulators: readonly RegisterType[]
}

const known = new WeakMap<Program, Decoded>()
const bits = new DataView(new ArrayBuffer(8))
let next = 0

function constantOf(type: RegisterType, low: number, high: number): Constant {
  if (type === 'f32') {
    bits.setInt32(0, low, true)
    bits.setInt32(4, high, true)
    bits.setFloat32(0, bits.getFloat64(0, true), true)
    return { type, low: bits.getUint32(0, true), high: 0 }
  }
  return { type, low: low >>> 0, high: high >>> 0 }
}

/** The lists of a program, made once. Its number is that of this backend. */
export function decode(program: Program): Decoded {
  const found = known.get(program)
  if (found) return found
  const w = program.words
  const [, , count, constantCount, stageCount, operands, paramCount, accumulatorCount] = w as unknown as number[]
  const instructions: Instruction[] = []
  for (let i = 0; i < count!; i++) {
    const [word, a, b, c] = w.subarray(8 + 4 * i, 12 + 4 * i) as unknown as [number, number, number, number]
    instructions.push({ op: OPCODES[word & 0xff]!, type: REGISTERS[(word >> 8) & 0xff]!, from: REGISTERS[(word >> 16) & 0xff]!, a, b, c })
  }
  if (instructions.some(({ type, from }) => type === 'f64' || from === 'f64') || program.params.includes('f64')) {
    throw new DTypeError("device 'webgpu' has no float64: convert to float32 first, x.to(torch.float32)", { dtypes: ['float64'] })
  }
  let at = 8 + 4 * count!
  const constants: Constant[] = []
  for (let i = 0; i < constantCount!; i++, at += 3) constants.push(constantOf(REGISTERS[w[at]!]!, w[at + 1]!, w[at + 2]!))
  at += paramCount!
  const stages: StageWords[] = []
  const accumulators: RegisterType[] = new Array(accumulatorCount!)
  for (let i = 0; i < stageCount!; i++) {
    const [kind, first, end, foldCount] = w.subarray(at, at + 4) as unknown as [number, number, number, number]
    at += 4
    const folds: FoldWords[] = []
    for (let f = 0; f < foldCount; f++, at += 4) {
      const fold = { monoid: MONOIDS[w[at]!]!, reg: w[at + 1]!, type: REGISTERS[w[at + 2]!]!, acc: w[at + 3]! }
      accumulators[fold.acc] = fold.monoid === 'argmin' || fold.monoid === 'argmax' ? 'i64' : fold.type
      folds.push(fold)
    }
    stages.push({ kind: STAGES[kind]!, first, end, folds })
  }
  const decoded = { id: next++, instructions, constants, stages, operands: operands!, accumulators }
  known.set(program, decoded)
  return decoded
}
