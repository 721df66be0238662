/** A writer of Python's pickles, protocol 2: plain values, and what its host says of others. It knows no tensor. */

import { Complex } from '../../core/complex.ts'
import { describe } from '../../core/describe.ts'
import { ArgumentError, ValueError } from '../../core/errors.ts'
import { concatBytes } from '../raw.ts'
import { latin1 } from './reader.ts'
import { DEEPEST, INTEGER_KEYS } from './values.ts'

/** How a value of the host's own classes is written. */
export type Pickled =
  | { readonly kind: 'global'; readonly module: string; readonly name: string }
  | { readonly kind: 'call'; readonly module: string; readonly name: string; readonly args: readonly unknown[] }
  | { readonly kind: 'persistent'; readonly id: readonly unknown[] }

/** A tuple among what the host gives: lists are arrays. */
export const tuple = (...items: readonly unknown[]): readonly unknown[] => Object.freeze(items)

const CHUNK = 1 << 16

/** Bytes that grow. */
class Sink {
  private readonly parts: Uint8Array[] = []
  private block = new Uint8Array(CHUNK)
  private view = new DataView(this.block.buffer)
  private used = 0

  private room(count: number): number {
    if (this.used + count > this.block.length) {
      this.parts.push(this.block.subarray(0, this.used))
      this.block = new Uint8Array(CHUNK)
      this.view = new DataView(this.block.buffer)
      this.used = 0
    }
    const at = this.used
    this.used += count
    return at
  }

  byte(...values: readonly number[]): void {
    for (const value of values) this.view.setUint8(this.room(1), value)
  }
  op(code: string): void {
    this.view.setUint8(this.room(1), code.charCodeAt(0))
  }
  u16(value: number): void {
    this.view.setUint16(this.room(2), value, true)
  }
  u32(value: number): void {
    this.view.setUint32(this.room(4), value, true)
  }
  f64(value: number): void {
    this.view.setFloat64(this.room(8), value, false)
  }
  bytes(data: Uint8Array): void {
    if (data.length <= CHUNK) {
      this.block.set(data, this.room(data.length))
      return
    }
    this.parts.push(this.block.subarray(0, this.used), data)
    this.block = new Uint8Array(CHUNK)
    this.view = new DataView(this.block.buffer)
    this.used = 0
  }
  all(what: string): Uint8Array {
    return concatBytes([...this.parts, this.block.subarray(0, this.used)], what)
  }
}

/**
 * The bytes of a pickle of a value: null, booleans, numbers, bigints, strings, Uint8Arrays, Complex, arrays (lists; tuples when frozen), plain
 * objects and Maps (dicts), Sets. `reduce` tells how others are written, or null when they cannot be.
 */
export function writePickle(value: unknown, reduce: (x: object) => Pickled | null, what: string): Uint8Array {
  const sink = new Sink()
  sink.op('\x80')
  sink.byte(2)
  new Writer(sink, reduce, what).write(value, 0)
  sink.op('.')
  return sink.all(what)
}

class Writer {
  private readonly memo = new Map<unknown, number>()
  private readonly open = new Set<unknown>()

  constructor(
    private readonly sink: Sink,
    private readonly reduce: (x: object) => Pickled | null,
    private readonly what: string,
  ) {}

  write(x: unknown, depth: number): void {
    if (depth > DEEPEST) throw new ValueError(`${this.what}: the data is nested more than ${DEEPEST} levels deep`)
    if (x === null) this.sink.op('N')
    else if (typeof x === 'boolean') this.sink.op(x ? '\x88' : '\x89')
    else if (typeof x === 'number') this.number(x)
    else if (typeof x === 'bigint') this.long(x)
    else if (typeof x === 'string') this.text(x)
    else if (typeof x === 'object') this.object(x, depth)
    else throw this.unknown(x)
  }

  private unknown(x: unknown): ArgumentError {
    return new ArgumentError(`${this.what}: ${describe(x)} cannot be saved`, {
      hint: 'tensors, numbers, strings, booleans, null, Complex, Uint8Array, arrays, plain objects, Maps and Sets of these can; of a module save its state_dict()',
    })
  }

  private number(x: number): void {
    const { sink } = this
    if (!Number.isSafeInteger(x) || Object.is(x, -0)) {
      sink.op('G')
      sink.f64(x)
    } else if (x >= 0 && x < 0x100) {
      sink.op('K')
      sink.byte(x)
    } else if (x >= 0 && x < 0x10000) {
      sink.op('M')
      sink.u16(x)
    } else if (x >= -0x80000000 && x < 0x80000000) {
      sink.op('J')
      sink.u32(x >>> 0)
    } else this.long(BigInt(x))
  }

  private long(x: bigint): void {
    let size = 1
    while (BigInt.asIntN(size * 8, x) !== x) size = size < 255 ? size + 1 : size * 2
    const digits = BigInt.asUintN(size * 8, x)
      .toString(16)
      .padStart(size * 2, '0')
    const bytes = Uint8Array.from({ length: size }, (_, i) => Number.parseInt(digits.slice((size - 1 - i) * 2, (size - i) * 2), 16))
    if (size < 256) {
      this.sink.op('\x8a')
      this.sink.byte(size)
    } else {
      this.sink.op('\x8b')
      this.sink.u32(size)
    }
    this.sink.bytes(bytes)
  }

  private text(x: string): void {
    if (this.recalled(x)) return
    if (/\p{Surrogate}/u.test(x)) {
      throw new ValueError(`${this.what}: the string ${describe(x)} is not well-formed Unicode and cannot be saved`)
    }
    const bytes = new TextEncoder().encode(x)
    this.sink.op('X')
    this.sink.u32(bytes.length)
    this.sink.bytes(bytes)
    this.remember(x)
  }

  private recalled(x: unknown): boolean {
    const key = this.memo.get(x)
    if (key === undefined) return false
    if (key < 256) {
      this.sink.op('h')
      this.sink.byte(key)
    } else {
      this.sink.op('j')
      this.sink.u32(key)
    }
    return true
  }

  private remember(x: unknown): void {
    const key = this.memo.size
    this.memo.set(x, key)
    if (key < 256) {
      this.sink.op('q')
      this.sink.byte(key)
    } else {
      this.sink.op('r')
      this.sink.u32(key)
    }
  }

  private global(module: string, name: string): void {
    const key = `global ${module} ${name}`
    const cached = this.globals.get(key)
    if (cached !== undefined && this.recalled(cached)) return
    this.sink.op('c')
    this.sink.bytes(new TextEncoder().encode(`${module}\n${name}\n`))
    const token = {}
    this.globals.set(key, token)
    this.remember(token)
  }
  private readonly globals = new Map<string, object>()

  private object(x: object, depth: number): void {
    if (this.recalled(x)) return
    const proto = Object.getPrototypeOf(x)
    const special = this.reduce(x)
    if (special !== null) this.special(x, special, depth)
    else if (proto === Array.prototype) Object.isFrozen(x) ? this.tuple(x as unknown[], x, depth) : this.list(x as unknown[], depth)
    else if (x instanceof Map) this.dict(x, [...x], depth)
    else if (x instanceof Set) this.call(x, '__builtin__', 'set', [[...x]], depth)
    else if (x instanceof Complex) this.call(x, '__builtin__', 'complex', [x.re, x.im].map(float), depth)
    else if (x instanceof Uint8Array) this.call(x, '_codecs', 'encode', [latin1(x), 'latin1'], depth)
    else if (x instanceof Float) {
      this.sink.op('G')
      this.sink.f64(x.value)
    } else if (proto === Object.prototype || proto === null) {
      const integers = INTEGER_KEYS in x
      this.dict(
        x,
        Object.entries(x).map(([key, value]) => [integers ? Number(key) : key, value]),
        depth,
      )
    } else throw this.unknown(x)
  }

  private special(x: object, form: Pickled, depth: number): void {
    if (form.kind === 'call') this.call(x, form.module, form.name, form.args, depth)
    else if (form.kind === 'global') this.global(form.module, form.name)
    else {
      this.tuple(form.id, null, depth)
      this.sink.op('Q')
      this.remember(x)
    }
  }

  private call(x: object, module: string, name: string, args: readonly unknown[], depth: number): void {
    this.enter(x)
    this.global(module, name)
    this.tuple(args, null, depth)
    this.sink.op('R')
    this.leave(x)
  }

  /** What is written before it can be remembered must not be within itself. */
  private enter(x: object): void {
    if (this.open.has(x)) throw new ValueError(`${this.what}: ${describe(x)} that holds itself cannot be saved`)
    this.open.add(x)
  }
  private leave(x: object): void {
    this.open.delete(x)
    this.remember(x)
  }

  private tuple(items: readonly unknown[], x: object | null, depth: number): void {
    if (items.length === 0) {
      this.sink.op(')')
      return
    }
    if (x !== null) this.enter(x)
    if (items.length > 3) this.sink.op('(')
    for (const item of items) this.write(item, depth + 1)
    this.sink.op(items.length > 3 ? 't' : ['\x85', '\x86', '\x87'][items.length - 1]!)
    if (x !== null) this.leave(x)
  }

  private list(items: readonly unknown[], depth: number): void {
    this.sink.op(']')
    this.remember(items)
    if (items.length === 0) return
    this.sink.op('(')
    for (let i = 0; i < items.length; i++) this.write(items[i], depth + 1)
    this.sink.op('e')
  }

  private dict(x: object, entries: readonly (readonly [unknown, unknown])[], depth: number): void {
    this.sink.op('}')
    this.remember(x)
    if (entries.length === 0) return
    this.sink.op('(')
    for (const [key, value] of entries) {
      this.write(key, depth + 1)
      this.write(value, depth + 1)
    }
    this.sink.op('u')
  }
}

/** A number that is written as a float also when it is whole. */
class Float {
  constructor(readonly value: number) {}
}
const float = (value: number): Float => new Float(value)
