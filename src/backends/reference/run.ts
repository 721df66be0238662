/** Executes map and reduce programs one element at a time over any strides. */

import type { Word } from '../../core/backend.ts'
import { Complex } from '../../core/complex.ts'
import { type DType, float32, float64 } from '../../core/dtype.ts'
import { readAt, writeAt } from '../../core/element.ts'
import { MONOIDS, type Monoid, OPCODES, REGISTERS, type RegisterType, STAGES } from '../../core/opcodes.ts'
import type { Program } from '../../core/program.ts'
import type { Shape } from '../../core/shape.ts'
import type { View } from '../../core/view.ts'
import { bitcast, convert, instruction, type Scalar, WRAP } from './scalars.ts'

interface Operand {
  readonly view: View
  readonly strides: readonly number[]
}
interface Launch {
  readonly operands: readonly Operand[]
  readonly params: readonly Scalar[]
  readonly dims: Shape
}
/** One instruction as a function of the launch, the coordinates and the registers so far. */
type Step = (launch: Launch, at: readonly number[], offsets: readonly number[], r: Scalar[], acc: readonly Scalar[]) => Scalar

interface Stage {
  readonly kind: (typeof STAGES)[number]
  readonly first: number
  readonly end: number
  readonly folds: readonly { monoid: Monoid; reg: number; type: RegisterType; acc: number }[]
}
interface Decoded {
  readonly steps: readonly Step[]
  readonly stages: readonly Stage[]
  readonly accumulators: number
}

const decoded = new WeakMap<Program, Decoded>()

/** A storage element as a register. */
function load(v: View, offset: number, component: number, type: RegisterType): Scalar {
  let x = readAt(v, offset)
  if (x instanceof Complex) x = component ? x.im : x.re
  else if (component) return WRAP[type](type === 'i64' || type === 'u64' ? 0n : 0)
  const from = v.dtype.register
  if (typeof x === 'boolean') x = x ? 1 : 0
  if ((from === 'i64' || from === 'u64') && typeof x === 'number') x = BigInt(x)
  return convert(x as Scalar, from, type)
}

/** A register into a storage element: wraps narrow integers, rounds narrow floats once. */
function store(v: View, offset: number, component: number, value: Scalar, type: RegisterType): void {
  const { dtype } = v
  if (dtype.isComplex) {
    const old = readAt(v, offset) as Complex
    const part = Number(value)
    writeAt(v, offset, component ? new Complex(old.re, part) : new Complex(part, old.im))
    return
  }
  writeAt(v, offset, narrow(value, type, dtype))
}

function narrow(value: Scalar, type: RegisterType, dtype: DType): Scalar | boolean {
  if (dtype.kind === 'b') return convert(value, type, 'b1') === 1
  if (dtype.kind === 'f') return dtype === float64 || dtype === float32 ? convert(value, type, dtype.register) : Number(value)
  const fromFloat = type === 'f32' || type === 'f64'
  // narrow integers from floats go through i32, whatever their sign (docs/internals/abi.md)
  const x = convert(value, type, fromFloat && dtype.itemsize < 4 ? 'i32' : dtype.register)
  if (dtype.itemsize >= 4) return x
  const bits = dtype.itemsize * 8
  const wrapped = (x as number) & (2 ** bits - 1)
  return dtype.kind === 'i' && wrapped >= 2 ** (bits - 1) ? wrapped - 2 ** bits : wrapped
}

function step(word: number, a: number, b: number, c: number, constants: readonly Scalar[]): Step {
  const op = OPCODES[word & 0xff]!
  const type = REGISTERS[(word >> 8) & 0xff]!
  const from = REGISTERS[(word >> 16) & 0xff]!
  if (op === 'load') return (l, _, offsets) => load(l.operands[a]!.view, offsets[a]!, b, type)
  if (op === 'store') {
    return (l, _, offsets, r) => {
      store(l.operands[a]!.view, offsets[a]!, b, r[c]!, type)
      return 0
    }
  }
  if (op === 'const') return () => constants[a]!
  if (op === 'param') return (l) => l.params[a]!
  if (op === 'coord') return (_, at) => BigInt(at[a]!)
  if (op === 'acc') return (_, __, ___, ____, acc) => acc[a]!
  if (op === 'cast') return (_, __, ___, r) => convert(r[a]!, from, type)
  if (op === 'bitcast') return (_, __, ___, r) => bitcast(r[a]!, from, type)
  const f = instruction(op, type)
  return (_, __, ___, r) => f(r[a]!, r[b]!, r[c]!)
}

function decode(program: Program): Decoded {
  const known = decoded.get(program)
  if (known) return known
  const w = program.words
  const [, , instructions, constantCount, stageCount, , paramCount, accumulators] = w as unknown as number[]
  let at = 8 + instructions! * 4
  const bits = new DataView(new ArrayBuffer(8))
  const constants: Scalar[] = []
  for (let i = 0; i < constantCount!; i++, at += 3) {
    const type = REGISTERS[w[at]!]!
    bits.setInt32(0, w[at + 1]!, true)
    bits.setInt32(4, w[at + 2]!, true)
    if (type === 'f32' || type === 'f64') constants.push(WRAP[type](bits.getFloat64(0, true)))
    else constants.push(convert(bits.getBigInt64(0, true), 'i64', type))
  }
  at += paramCount!
  const steps: Step[] = []
  for (let i = 0; i < instructions!; i++) {
    const p = 8 + i * 4
    steps.push(step(w[p]!, w[p + 1]!, w[p + 2]!, w[p + 3]!, constants))
  }
  const stages: Stage[] = []
  for (let i = 0; i < stageCount!; i++) {
    const [kind, first, end, foldCount] = w.subarray(at, at + 4) as unknown as number[]
    at += 4
    const folds = []
    for (let f = 0; f < foldCount!; f++, at += 4) {
      folds.push({ monoid: MONOIDS[w[at]!]!, reg: w[at + 1]!, type: REGISTERS[w[at + 2]!]!, acc: w[at + 3]! })
    }
    stages.push({ kind: STAGES[kind!]!, first: first!, end: end!, folds })
  }
  const result = { steps, stages, accumulators: accumulators! }
  decoded.set(program, result)
  return result
}

/** Byte strides of a view broadcast to dims. */
function stridesTo(v: View, dims: Shape): number[] {
  const lead = dims.length - v.shape.length
  return dims.map((n, i) => (i < lead || (v.shape[i - lead] === 1 && n !== 1) ? 0 : v.strides[i - lead]!))
}

function prepare(program: Program, dims: Shape, views: readonly View[], params: readonly Word[]): Launch {
  return {
    dims,
    operands: views.map((view) => ({ view, strides: stridesTo(view, dims) })),
    params: params.map((p, i) => {
      const type = program.params[i]!
      return type === 'i64' || type === 'u64' ? WRAP[type](BigInt(p)) : WRAP[type](Number(p))
    }),
  }
}

/** Calls `f` for every point of some axes, with coordinates and operand offsets moved along. */
function forEach(launch: Launch, axes: readonly number[], at: number[], offsets: number[], f: () => void): void {
  const { dims, operands } = launch
  const visit = (k: number): void => {
    if (k === axes.length) {
      f()
      return
    }
    const axis = axes[k]!
    for (let i = 0; i < dims[axis]!; i++) {
      at[axis] = i
      visit(k + 1)
      for (let o = 0; o < offsets.length; o++) offsets[o]! += operands[o]!.strides[axis]!
    }
    for (let o = 0; o < offsets.length; o++) offsets[o]! -= operands[o]!.strides[axis]! * dims[axis]!
    at[axis] = 0
  }
  visit(0)
}

/** Runs a map program over dims. */
export function runMap(program: Program, dims: Shape, views: readonly View[], params: readonly Word[]): void {
  const { steps } = decode(program)
  const launch = prepare(program, dims, views, params)
  const at = dims.map(() => 0)
  const offsets = views.map((v) => v.offset)
  const r: Scalar[] = new Array(steps.length)
  const all = dims.map((_, i) => i)
  forEach(launch, all, at, offsets, () => {
    for (let i = 0; i < steps.length; i++) r[i] = steps[i]!(launch, at, offsets, r, [])
  })
}

/** Runs a reduce program: its stages, for every point of the axes that are kept. */
export function runReduce(program: Program, dims: Shape, axes: readonly number[], views: readonly View[], params: readonly Word[]): void {
  const { steps, stages, accumulators } = decode(program)
  const launch = prepare(program, dims, views, params)
  const at = dims.map(() => 0)
  const offsets = views.map((v) => v.offset)
  const r: Scalar[] = new Array(steps.length)
  const outer = dims.map((_, i) => i).filter((i) => !axes.includes(i))
  forEach(launch, outer, at, offsets, () => {
    const acc: Scalar[] = new Array(accumulators)
    for (const stage of stages) {
      const runSteps = () => {
        for (let i = stage.first; i < stage.end; i++) r[i] = steps[i]!(launch, at, offsets, r, acc)
      }
      if (stage.kind === 'outer') {
        runSteps()
        for (const f of stage.folds) acc[f.acc] = r[f.reg]!
        continue
      }
      const columns = stage.folds.map((): Scalar[] => [])
      forEach(launch, axes, at, offsets, () => {
        runSteps()
        for (const [k, f] of stage.folds.entries()) columns[k]!.push(r[f.reg]!)
      })
      stage.folds.forEach((f, k) => {
        acc[f.acc] = fold(f.monoid, f.type, columns[k]!)
      })
    }
  })
}

const isNaNScalar = (x: Scalar) => typeof x === 'number' && Number.isNaN(x)

function fold(monoid: Monoid, type: RegisterType, values: Scalar[]): Scalar {
  const zero: Scalar = type === 'i64' || type === 'u64' ? 0n : 0
  if (monoid === 'argmin' || monoid === 'argmax') {
    let best = 0
    for (let i = 1; i < values.length; i++) {
      if (isNaNScalar(values[best]!)) break
      const x = values[i]!
      if (isNaNScalar(x) || (monoid === 'argmin' ? x < values[best]! : x > values[best]!)) best = i
    }
    return BigInt(best)
  }
  if (monoid === 'any') return values.some((x) => x !== 0) ? 1 : 0
  if (monoid === 'all') return values.every((x) => x !== 0) ? 1 : 0
  const op = monoid === 'sum' ? 'add' : monoid === 'prod' ? 'mul' : (monoid as 'min')
  const f = instruction(op, type)
  if (values.length === 0)
    return monoid === 'prod'
      ? typeof zero === 'bigint'
        ? 1n
        : 1
      : monoid === 'and'
        ? WRAP[type](typeof zero === 'bigint' ? -1n : -1)
        : zero
  const pairwise = (low: number, high: number): Scalar => {
    if (high - low <= 8) {
      let total = values[low]!
      for (let i = low + 1; i < high; i++) total = f(total, values[i]!, 0)
      return total
    }
    const middle = (low + high) >> 1
    return f(pairwise(low, middle), pairwise(middle, high), 0)
  }
  return pairwise(0, values.length)
}
