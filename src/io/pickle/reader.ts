/**
 * A reader of Python's pickles, protocols 2 to 5. A pickle is a program; this one runs only opcodes that build plain data, and calls only
 * what its host hands out by name. It knows no tensor.
 */

import { FormatError } from '../../core/errors.ts'
import { PickledDict, PickledFunction, PickledTuple } from './values.ts'

/** What the pickle's program is given. */
export interface PickleHost {
  /** What `module.name` stands for: a value, or a PickledFunction; throws for names that are not safe. */
  global(module: string, name: string): unknown
  /** What a persistent id stands for. */
  persistent(id: unknown): unknown
  /** Takes a state for an object that has been made, as `__setstate__` would. */
  build(object: unknown, state: unknown): void
}

/** Opcodes that exist but are not run, by what messages call them. */
const REFUSED: Readonly<Record<string, string>> = {
  i: 'INST',
  o: 'OBJ',
  '\x82': 'EXT1',
  '\x83': 'EXT2',
  '\x84': 'EXT4',
  '\x92': 'NEWOBJ_EX',
  '\x97': 'NEXT_BUFFER',
  '\x98': 'READONLY_BUFFER',
  P: 'PERSID',
  I: 'INT',
  L: 'LONG',
  F: 'FLOAT',
  S: 'STRING',
  V: 'UNICODE',
  g: 'GET',
  p: 'PUT',
  d: 'DICT',
  l: 'LIST',
}

type Step = (m: Machine) => void

/** The stack machine of one pickle. */
class Machine {
  readonly view: DataView
  stack: unknown[] = []
  readonly outer: unknown[][] = []
  readonly memo = new Map<number, unknown>()
  at = 0

  constructor(
    readonly bytes: Uint8Array,
    readonly host: PickleHost,
    readonly what: string,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  fail(message: string): never {
    throw new FormatError(`${this.what}: the pickle is malformed at byte ${this.at}: ${message}`)
  }

  /** Moves on by so many bytes and tells where they began. */
  skip(count: number): number {
    const start = this.at
    if (count > this.bytes.length - start) this.fail(`${count} bytes are claimed where ${this.bytes.length - start} are left`)
    this.at = start + count
    return start
  }

  take(count: number): Uint8Array {
    const start = this.skip(count)
    return this.bytes.subarray(start, start + count)
  }

  length8(): number {
    const n = this.view.getBigUint64(this.skip(8), true)
    return n > BigInt(this.bytes.length) ? this.fail(`${n} bytes are claimed in a pickle of ${this.bytes.length}`) : Number(n)
  }

  line(): string {
    const end = this.bytes.indexOf(10, this.at)
    if (end < 0) this.fail('a line does not end')
    const text = utf8(this, this.bytes.subarray(this.at, end))
    this.at = end + 1
    return text
  }

  push(x: unknown): void {
    this.stack.push(x)
  }

  pop(): unknown {
    if (this.stack.length === 0) this.fail('the stack is empty')
    return this.stack.pop()
  }

  top(): unknown {
    if (this.stack.length === 0) this.fail('the stack is empty')
    return this.stack[this.stack.length - 1]
  }

  /** What has been pushed since the last mark. */
  marked(): unknown[] {
    const items = this.stack
    this.stack = this.outer.pop() ?? this.fail('there is no mark')
    return items
  }

  recall(key: number): void {
    if (!this.memo.has(key)) this.fail(`nothing is remembered under ${key}`)
    this.push(this.memo.get(key))
  }

  remember(key: number): void {
    this.memo.set(key, this.top())
  }

  global(module: unknown, name: unknown): void {
    if (typeof module !== 'string' || typeof name !== 'string') this.fail('the name of a global is not a string')
    this.push(this.host.global(module, name))
  }

  call(): void {
    const args = this.pop()
    const f = this.pop()
    if (!(args instanceof PickledTuple)) this.fail('the arguments of a call are not a tuple')
    if (!(f instanceof PickledFunction)) this.fail('what is called is not a function')
    this.push(f.call(args.items))
  }

  tuple(count: number): void {
    if (this.stack.length < count) this.fail('the stack is empty')
    this.push(new PickledTuple(this.stack.splice(this.stack.length - count, count)))
  }

  list(): unknown[] {
    const list = this.top()
    return Array.isArray(list) && !Object.isFrozen(list) ? list : this.fail('what is appended to is not a list')
  }

  setItems(pairs: readonly unknown[]): void {
    const dict = this.top()
    if (!(dict instanceof PickledDict)) this.fail('what items are set in is not a dict')
    if (pairs.length % 2 !== 0) this.fail('a key of a dict has no value')
    for (let i = 0; i < pairs.length; i += 2) dict.entries.set(pairs[i], pairs[i + 1])
  }
}

function utf8(m: Machine, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return m.fail('a string is not UTF-8')
  }
}

/** Bytes as text, one character each. */
export function latin1(bytes: Uint8Array): string {
  let text = ''
  for (let i = 0; i < bytes.length; i += 4096) text += String.fromCharCode(...bytes.subarray(i, i + 4096))
  return text
}

/** A whole number of any length in two's complement, lowest byte first: a number where that is exact, else a bigint. */
function longFrom(bytes: Uint8Array): number | bigint {
  if (bytes.length === 0) return 0
  let digits = ''
  for (let i = bytes.length - 1; i >= 0; i--) digits += bytes[i]!.toString(16).padStart(2, '0')
  const n = BigInt.asIntN(bytes.length * 8, BigInt(`0x${digits}`))
  return n >= BigInt(Number.MIN_SAFE_INTEGER) && n <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(n) : n
}

const u8 = (m: Machine): number => m.view.getUint8(m.skip(1))
const u16 = (m: Machine): number => m.view.getUint16(m.skip(2), true)
const u32 = (m: Machine): number => m.view.getUint32(m.skip(4), true)

/** What each opcode does. */
const STEPS: Readonly<Record<string, Step>> = {
  '\x80': (m) => {
    const version = u8(m)
    if (version < 2 || version > 5) throw new FormatError(`${m.what}: pickle protocol ${version} is not supported; 2 to 5 are`)
  },
  '\x95': (m) => void m.skip(8),
  '(': (m) => {
    m.outer.push(m.stack)
    m.stack = []
  },
  '0': (m) => void m.pop(),
  '1': (m) => void m.marked(),
  '2': (m) => m.push(m.top()),
  N: (m) => m.push(null),
  '\x88': (m) => m.push(true),
  '\x89': (m) => m.push(false),
  J: (m) => m.push(m.view.getInt32(m.skip(4), true)),
  K: (m) => m.push(u8(m)),
  M: (m) => m.push(u16(m)),
  '\x8a': (m) => m.push(longFrom(m.take(u8(m)))),
  '\x8b': (m) => m.push(longFrom(m.take(u32(m)))),
  G: (m) => m.push(m.view.getFloat64(m.skip(8), false)),
  X: (m) => m.push(utf8(m, m.take(u32(m)))),
  '\x8c': (m) => m.push(utf8(m, m.take(u8(m)))),
  '\x8d': (m) => m.push(utf8(m, m.take(m.length8()))),
  U: (m) => m.push(latin1(m.take(u8(m)))),
  T: (m) => m.push(latin1(m.take(u32(m)))),
  C: (m) => m.push(m.take(u8(m)).slice()),
  B: (m) => m.push(m.take(u32(m)).slice()),
  '\x8e': (m) => m.push(m.take(m.length8()).slice()),
  '\x96': (m) => m.push(m.take(m.length8()).slice()),
  ']': (m) => m.push([]),
  a: (m) => {
    const item = m.pop()
    m.list().push(item)
  },
  e: (m) => {
    const items = m.marked()
    const list = m.list()
    for (const item of items) list.push(item)
  },
  ')': (m) => m.push(new PickledTuple([])),
  t: (m) => m.push(new PickledTuple(m.marked())),
  '\x85': (m) => m.tuple(1),
  '\x86': (m) => m.tuple(2),
  '\x87': (m) => m.tuple(3),
  '}': (m) => m.push(new PickledDict()),
  s: (m) => {
    const value = m.pop()
    const key = m.pop()
    m.setItems([key, value])
  },
  u: (m) => m.setItems(m.marked()),
  '\x8f': (m) => m.push(new Set()),
  '\x90': (m) => {
    const items = m.marked()
    const set = m.top()
    if (!(set instanceof Set)) return m.fail('what is added to is not a set')
    for (const item of items) set.add(item)
  },
  '\x91': (m) => m.push(new Set(m.marked())),
  c: (m) => {
    const module = m.line()
    m.global(module, m.line())
  },
  '\x93': (m) => {
    const name = m.pop()
    m.global(m.pop(), name)
  },
  R: (m) => m.call(),
  '\x81': (m) => m.call(),
  b: (m) => {
    const state = m.pop()
    m.host.build(m.top(), state)
  },
  q: (m) => m.remember(u8(m)),
  r: (m) => m.remember(u32(m)),
  '\x94': (m) => m.remember(m.memo.size),
  h: (m) => m.recall(u8(m)),
  j: (m) => m.recall(u32(m)),
  Q: (m) => m.push(m.host.persistent(m.pop())),
}

/** Steps by the opcode's byte. */
let byCode: readonly (Step | undefined)[] | undefined

/** Runs a pickle and gives what it leaves, with dicts and tuples as `values.ts` has them; `what` names the caller in errors. */
export function readPickle(bytes: Uint8Array, host: PickleHost, what: string): unknown {
  byCode ??= Array.from({ length: 256 }, (_, code) => STEPS[String.fromCharCode(code)])
  const m = new Machine(bytes, host, what)
  for (;;) {
    const code = u8(m)
    if (code === STOP) return m.outer.length === 0 ? m.pop() : m.fail('it stops within a container')
    const step = byCode[code]
    if (step === undefined) refuse(m, code)
    step(m)
  }
}

const STOP = 0x2e

function refuse(m: Machine, code: number): never {
  const name = REFUSED[String.fromCharCode(code)]
  if (name === undefined) m.fail(`there is no opcode ${code}`)
  throw new FormatError(`${m.what}: the pickle uses the opcode ${name}, which is not in the list of safe ones`)
}
