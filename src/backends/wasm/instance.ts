/** One instance of the WebAssembly kernels: its memory, its scratch block and its functions (docs/internals/abi.md). It knows no views. */

import { MemoryError, RuntimeError } from '../../core/errors.ts'
import { MONOIDS, OPCODES, REGISTERS, STAGES } from '../../core/opcodes.ts'
import type { LiveInstance } from './engine.ts'

/** What kernels/src/wasm exports. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer }
  init(): number
  command_words(): number
  allocate(bytes: number): number
  release(address: number, bytes: number): void
  reserve(bytes: number): number
  register(count: number): number
  run(): number
  table(): void
  info(): void
  text(): number
  text_length(): number
  panic_text(): number
  panic_length(): number
}

/** The scratch block grows by at least this much, and begins with it. */
const LEAST = 2 ** 20
/** Addresses have 32 bits; the kernels' own memory is in there too. */
const MOST = 2 ** 32 - 2 ** 24

const same = (a: readonly string[], b: readonly string[]) => a.length === b.length && a.every((x, i) => x === b[i])

/** A live instance. After a trap it must not be used again. */
export class Instance {
  private readonly exports: Exports
  private readonly commandAt: number
  private readonly commandWords: number
  private scratchBytes = 0
  /** After a trap the memory can be read, but its allocator may be in the middle of something. */
  private dead = false
  /** Address of the scratch block. */
  scratch = 0
  /** The command buffer; made anew when the memory has grown, as are the others. */
  words!: Float64Array
  /** The same memory as integers. */
  bits!: BigInt64Array
  /** All of the memory. */
  bytes!: Uint8Array
  /** The same as 32-bit words. */
  quads!: Int32Array
  readonly routines: ReadonlyMap<string, number>

  constructor(instance: LiveInstance) {
    this.exports = instance.exports as unknown as Exports
    this.commandAt = this.exports.init()
    this.commandWords = this.exports.command_words()
    this.look()
    this.exports.table()
    const [opcodes, registers, stages, monoids, routines] = this.text()
      .split('\n')
      .map((line) => line.split(' ')) as [string[], string[], string[], string[], string[]]
    // codes are appended, never changed: kernels that know more of them serve too
    if (
      !same(opcodes.slice(0, OPCODES.length), OPCODES) ||
      !same(registers, REGISTERS) ||
      !same(stages, STAGES) ||
      !same(monoids, MONOIDS)
    ) {
      throw new RuntimeError('the WebAssembly kernels are of another version; run `npm run build:wasm`')
    }
    this.routines = new Map(routines.map((name, id) => [name, id]))
    this.need(LEAST)
  }

  /** Makes the scratch block at least so long; its content is then undefined. */
  need(bytes: number): void {
    if (bytes <= this.scratchBytes) return
    if (bytes > MOST) throw new MemoryError(`the operands of one operation need ${bytes} bytes of WebAssembly memory, which ends at 4 GiB`)
    const room = Math.max(bytes, Math.min(2 * this.scratchBytes, 2 ** 26))
    this.scratchBytes = 0
    let size = room
    let at = this.exports.reserve(size) >>> 0
    if (at === 0 && room > bytes) {
      size = bytes
      at = this.exports.reserve(size) >>> 0
    }
    if (at === 0) throw new MemoryError(`unable to allocate ${bytes} bytes of WebAssembly memory`)
    this.scratch = at
    this.scratchBytes = size
    this.look()
  }

  /** A block for an array; 0 when there is no memory for it. */
  allocate(bytes: number): number {
    const at = this.dead ? 0 : this.exports.allocate(bytes) >>> 0
    this.look()
    return at
  }

  /** Gives a block of `allocate` back. */
  release(address: number, bytes: number): void {
    if (!this.dead) this.exports.release(address, bytes)
  }

  /** The id of a program. */
  register(program: Int32Array): number {
    this.need(program.byteLength)
    new Int32Array(this.exports.memory.buffer, this.scratch, program.length).set(program)
    const id = this.exports.register(program.length)
    this.look()
    if (id < 0) throw new RuntimeError(this.text())
    return id
  }

  /** Runs the command; its code. A trap ends the instance and is thrown as the engine's error. */
  run(): number {
    this.dead = true
    const code = this.exports.run()
    this.dead = false
    this.look()
    return code
  }

  /** What the last failure said. */
  text(): string {
    return this.read(this.exports.text(), this.exports.text_length())
  }

  /** What a panic said before it trapped; empty without one. The memory of a trapped instance can still be read. */
  panicText(): string {
    try {
      this.look()
      const { buffer } = this.exports.memory
      return new TextDecoder().decode(new Uint8Array(buffer, this.exports.panic_text() >>> 0, this.exports.panic_length() >>> 0))
    } catch {
      return ''
    }
  }

  info(): Record<string, unknown> {
    this.exports.info()
    const [simd, version] = this.text().split('\n')
    return { simd, version, threads: 1, memory: this.exports.memory.buffer.byteLength }
  }

  private read(at: number, length: number): string {
    this.look()
    return new TextDecoder().decode(this.bytes.subarray(at >>> 0, (at >>> 0) + (length >>> 0)))
  }

  /** Growing the memory detaches the buffer that JavaScript had. */
  private look(): void {
    const { buffer } = this.exports.memory
    if (this.bytes?.buffer === buffer) return
    this.bytes = new Uint8Array(buffer)
    this.quads = new Int32Array(buffer)
    this.words = new Float64Array(buffer, this.commandAt, this.commandWords)
    this.bits = new BigInt64Array(buffer, this.commandAt, this.commandWords)
  }
}
