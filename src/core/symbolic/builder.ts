/** Builds element programs: value-numbered SSA, one instruction list, stages for reduces. */

import { MONOIDS, type Monoid, type Opcode, opcode, type RegisterType, registerCode, STAGES } from '../opcodes.ts'
import { Program } from '../program.ts'

/** The result of one instruction. */
export class Reg {
  constructor(
    readonly id: number,
    readonly type: RegisterType,
    readonly builder: Builder,
  ) {}
}

/** A complex value: two registers, so that no backend has complex instructions. */
export class CReg {
  constructor(
    readonly re: Reg,
    readonly im: Reg,
  ) {}
}

/** What a row's `scalar` function computes with. */
export type Sym = Reg | CReg

const bits = new DataView(new ArrayBuffer(8))

/** Types whose instruction carries its operands' type instead of its result's. */
const B1_RESULT = new Set<Opcode>(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'isnan', 'isinf', 'isfinite', 'signbit'])

interface Stage {
  kind: (typeof STAGES)[number]
  first: number
  end: number
  folds: [Monoid, Reg, number][]
}

export class Builder {
  private readonly code: number[] = []
  private readonly constants: number[] = []
  private readonly known = new Map<string, Reg>()
  private readonly stages: Stage[] = []
  private readonly paramTypes: RegisterType[] = []
  private accumulatorTypes: RegisterType[] = []
  private usesCoord = false

  constructor(
    readonly outs: number,
    readonly ins: number,
  ) {}

  /** Appends an instruction, or returns the register that already holds its value. */
  emit(op: Opcode, type: RegisterType, a = 0, b = 0, c = 0, from: RegisterType = 'b1'): Reg {
    const key = `${op},${type},${a},${b},${c},${from}`
    const known = this.known.get(key)
    if (known) return known
    this.code.push(opcode[op] | (registerCode[type] << 8) | (registerCode[from] << 16), a, b, c)
    const reg = new Reg(this.code.length / 4 - 1, B1_RESULT.has(op) ? 'b1' : type, this)
    if (op === 'coord') this.usesCoord = true
    if (op !== 'store') this.known.set(key, reg)
    return reg
  }

  constant(value: number | bigint, type: RegisterType): Reg {
    if (type === 'f32' || type === 'f64') bits.setFloat64(0, Number(value), true)
    else bits.setBigInt64(0, BigInt.asIntN(64, BigInt(value)), true)
    const low = bits.getInt32(0, true)
    const high = bits.getInt32(4, true)
    let index = 0
    for (; index < this.constants.length; index += 3) {
      if (this.constants[index] === registerCode[type] && this.constants[index + 1] === low && this.constants[index + 2] === high) break
    }
    if (index === this.constants.length) this.constants.push(registerCode[type], low, high)
    return this.emit('const', type, index / 3)
  }

  /** Input number `index` as a register, or two of them for a complex program. */
  load(index: number, type: RegisterType, complex = false): Sym {
    const re = this.emit('load', type, this.outs + index, 0)
    return complex ? new CReg(re, this.emit('load', type, this.outs + index, 1)) : re
  }

  /** Writes output number `index`; a real value into a complex output gets a zero imaginary part when `complex` is set. */
  store(index: number, value: Sym, complex = value instanceof CReg): void {
    const [re, im] = value instanceof CReg ? [value.re, value.im] : [value, complex ? this.constant(0, value.type) : null]
    this.emit('store', re.type, index, 0, re.id)
    if (im) this.emit('store', im.type, index, 1, im.id)
  }

  param(type: RegisterType): Reg {
    this.paramTypes.push(type)
    return this.emit('param', type, this.paramTypes.length - 1)
  }

  coord(axis: number): Reg {
    return this.emit('coord', 'i64', axis)
  }

  /** One stage of a reduce. Registers live inside it; what it folds is read by `acc` in later ones. */
  stage(kind: Stage['kind'], body: (fold: (monoid: Monoid, value: Reg) => number) => void): void {
    this.known.clear()
    const stage: Stage = { kind, first: this.code.length / 4, end: 0, folds: [] }
    const pending: RegisterType[] = []
    body((monoid, value) => {
      const index = this.accumulatorTypes.length + pending.length
      stage.folds.push([monoid, value, index])
      pending.push(monoid === 'argmin' || monoid === 'argmax' ? 'i64' : value.type)
      return index
    })
    this.accumulatorTypes = [...this.accumulatorTypes, ...pending]
    stage.end = this.code.length / 4
    this.stages.push(stage)
    this.known.clear()
  }

  /** An accumulator of an earlier stage. */
  acc(index: number): Reg {
    return this.emit('acc', this.accumulatorTypes[index]!, index)
  }

  finish(): Program {
    const words = [
      0x4e47,
      this.stages.length ? 2 : 1,
      this.code.length / 4,
      this.constants.length / 3,
      this.stages.length,
      this.outs + this.ins,
      this.paramTypes.length,
      this.accumulatorTypes.length,
      ...this.code,
      ...this.constants,
      ...this.paramTypes.map((t) => registerCode[t]),
    ]
    for (const { kind, first, end, folds } of this.stages) {
      words.push(STAGES.indexOf(kind), first, end, folds.length)
      for (const [monoid, reg, index] of folds) words.push(MONOIDS.indexOf(monoid), reg.id, registerCode[reg.type], index)
    }
    return Program.intern(Int32Array.from(words), this.outs, this.ins, this.paramTypes, this.usesCoord)
  }
}
