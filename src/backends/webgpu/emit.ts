/** WGSL text of a program's instructions, given how its operands are bound. It names no operation. */

import type { DType } from '../../core/dtype.ts'
import type { RegisterType } from '../../core/opcodes.ts'
import type { Decoded } from './decode.ts'
import { expression } from './wgsl/instructions.ts'
import { bitcast, cast, literal, loaded, stored, WGSL } from './wgsl/types.ts'

/** How a kernel reaches an operand. */
export interface Place {
  readonly dtype: DType
  /** The number of its buffer among the bindings; -1: one element of the cpu, whose bits are among the launch words. */
  readonly buffer: number
  /** Where its launch words begin: offset, then strides; or the bits of the element. */
  readonly at: number
  /** The address in units of the dtype, in the scope of the instructions. */
  readonly address: string
  /** Set where this invocation collects a narrow output's word in `n<buffer>_..` before it is written; the text of the place in it. */
  readonly lane?: string
}

/** What the text of a stage reads besides operands. */
export interface Scope {
  readonly places: readonly Place[]
  /** Where parameters begin among the launch words; each takes two. */
  readonly params: number
  readonly paramTypes: readonly RegisterType[]
  /** Buffers that other invocations may write parts of words of. */
  readonly atomic: readonly boolean[]
  /** The coordinate of an axis. */
  coordinate(axis: number): string
}

/** A launch word. */
export const word = (i: number): string => `u[${i >> 2}].${'xyzw'[i & 3]}`

const wordsAs = (type: RegisterType, i: number): string => {
  if (type === 'b1') return `(${word(i)} != 0u)`
  if (type === 'u32') return word(i)
  if (type === 'i64' || type === 'u64') return `vec2<u32>(${word(i)}, ${word(i + 1)})`
  return `bitcast<${WGSL[type]}>(${word(i)})`
}

/** Reads a word of a buffer. */
export const readWord = (buffer: number, index: string, atomic: boolean): string =>
  atomic ? `atomicLoad(&mem${buffer}[${index}])` : `mem${buffer}[${index}]`

function load(place: Place, component: number, type: RegisterType, scope: Scope): string {
  const { dtype, buffer, at, address } = place
  if (component === 1 && !dtype.isComplex) return literal(type, 0)
  const raw =
    buffer < 0
      ? wordsAs(dtype.register, at + (component ? 1 : 0))
      : loaded(dtype, address, component, (index) => readWord(buffer, index, scope.atomic[buffer]!))
  return cast(raw, dtype.register, type)
}

/** Statements that write a register to an element. */
export function store(place: Place, component: number, value: string, type: RegisterType, atomic: boolean): string {
  const { dtype, buffer, address, lane } = place
  const words = stored(dtype, value, type)
  if (dtype.itemsize < 4) {
    const perWord = 4 / dtype.itemsize
    const shift = `((${lane ?? address} & ${perWord - 1}u) * ${dtype.itemsize * 8}u)`
    if (lane !== undefined) return `n${buffer}[${lane} / ${perWord}u] |= ${words[0]} << ${shift};`
    const index = `${address} / ${perWord}u`
    const mask = dtype.itemsize === 1 ? '0xffu' : '0xffffu'
    return `{ let v = ${words[0]}; atomicAnd(&mem${buffer}[${index}], ~(${mask} << ${shift})); atomicOr(&mem${buffer}[${index}], v << ${shift}); }`
  }
  return words
    .map((text, i) => {
      const index = component || i ? `${address} + ${component + i}u` : address
      return atomic ? `atomicStore(&mem${buffer}[${index}], ${text});` : `mem${buffer}[${index}] = ${text};`
    })
    .join(' ')
}

/** The instructions of a range as statements that define `r<n>`. */
export function instructions(program: Decoded, first: number, end: number, scope: Scope): string {
  const lines: string[] = []
  for (let i = first; i < end; i++) {
    const { op, type, from, a, b, c } = program.instructions[i]!
    const define = (text: string, t: RegisterType | 'bool' = type) => lines.push(`let r${i}: ${t === 'bool' ? 'bool' : WGSL[t]} = ${text};`)
    if (op === 'load') define(load(scope.places[a]!, b, type, scope))
    else if (op === 'store') {
      const place = scope.places[a]!
      lines.push(store(place, b, `r${c}`, type, scope.atomic[place.buffer]!))
    } else if (op === 'const') {
      const { low, high } = program.constants[a]!
      define(literal(type, low, high))
    } else if (op === 'param') define(wordsAs(type, scope.params + 2 * a))
    else if (op === 'coord') define(`vec2<u32>(${scope.coordinate(a)}, 0u)`)
    else if (op === 'acc') define(`acc${a}`)
    else if (op === 'cast') define(cast(`r${a}`, from, type))
    else if (op === 'bitcast') define(bitcast(`r${a}`, from, type))
    else define(expression(op, type, `r${a}`, `r${b}`, `r${c}`), PREDICATES.has(op) ? 'bool' : type)
  }
  return lines.join('\n')
}

const PREDICATES: ReadonlySet<string> = new Set(['eq', 'ne', 'lt', 'le', 'gt', 'ge', 'isnan', 'isinf', 'isfinite', 'signbit'])
