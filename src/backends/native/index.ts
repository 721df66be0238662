/** The native backend: writes commands for the compiled kernels and turns their codes into errors. It names no operation. */

import type { Backend, Word } from '../../core/backend.ts'
import { DeviceError, MemoryError, RuntimeError } from '../../core/errors.ts'
import type { Program } from '../../core/program.ts'
import type { Shape } from '../../core/shape.ts'
import { allocateSmall, resolveAddress, SMALL, Storage, setAddressOf } from '../../core/storage.ts'
import type { View } from '../../core/view.ts'
import { kernelError } from '../kernel_errors.ts'
import type { Addon } from './addon.ts'
import { Collector } from './collector.ts'

const WORDS = 16384

/** Blocks that are handed out by the add-on's pool; it watches the Storage object to know when it may take one back. */
class NativeBackend implements Backend {
  readonly name = 'native'
  readonly device = 'cpu'
  private readonly words = new Float64Array(WORDS)
  private readonly bits = new BigInt64Array(this.words.buffer)
  private readonly routines: ReadonlyMap<string, number>
  private readonly collector: Collector

  constructor(
    private readonly addon: Addon,
    private readonly path: string,
  ) {
    this.collector = new Collector(addon)
    addon.init(this.words.buffer)
    setAddressOf((buffer) => addon.address(buffer))
    this.routines = new Map(addon.table().routines.map((name, id) => [name, id]))
  }

  allocate(nbytes: number, zeroed = false): Storage {
    if (nbytes <= SMALL) return allocateSmall(nbytes)
    this.collector.before(nbytes)
    const storage = new Storage('cpu', 'pool', nbytes, null, 0, 0, null)
    try {
      storage.address = this.addon.allocate(storage, nbytes, zeroed)
    } catch (error) {
      throw new MemoryError(`unable to allocate ${nbytes} bytes: ${(error as Error).message}`)
    }
    return storage
  }

  release(storage: Storage): void {
    if (storage.disposed) return
    storage.disposed = true
    if (storage.kind === 'pool' && storage.buffer === null) this.addon.release(storage.address)
  }

  mapFile(fd: number, nbytes: number, shared: boolean): ArrayBuffer {
    if (typeof this.addon.map_file !== 'function') throw new DeviceError('the compiled kernels map no files: run `npm run build:native`')
    return this.addon.map_file(fd, nbytes, shared ? 1 : 0)
  }

  syncFile(memory: ArrayBuffer): void {
    this.addon.sync_file(this.addon.address(memory), memory.byteLength)
  }

  bytes(storage: Storage): Uint8Array {
    storage.check()
    storage.buffer ??= this.addon.escape(storage.address)
    return new Uint8Array(storage.buffer, storage.byteOffset, storage.nbytes)
  }

  map(program: Program, dims: Shape, outs: readonly View[], ins: readonly View[], params?: readonly Word[]): void {
    const { words } = this
    const n = dims.length
    const count = outs.length + ins.length
    words[0] = 1
    words[1] = program.backendIds.native ?? this.register(program)
    words[2] = n
    words[3] = count
    words[4] = program.params.length
    words[5] = 0
    let at = 6
    for (let i = 0; i < n; i++) words[at++] = dims[i]!
    if (at + count * (4 + n) + program.params.length > WORDS) throw new RuntimeError('too many operands for one launch')
    for (let i = 0; i < outs.length; i++) at = this.operand(outs[i]!, dims, at)
    for (let i = 0; i < ins.length; i++) at = this.operand(ins[i]!, dims, at)
    if (params) this.parameters(program, params, at)
    this.check(this.addon.run())
  }

  reduce(
    program: Program,
    dims: Shape,
    axes: readonly number[],
    outs: readonly View[],
    ins: readonly View[],
    params?: readonly Word[],
  ): void {
    const { words } = this
    const n = dims.length
    const order: number[] = []
    for (let i = 0; i < n; i++) if (!axes.includes(i)) order.push(i)
    for (const axis of axes) order.push(axis)
    words[0] = 2
    words[1] = program.backendIds.native ?? this.register(program)
    words[2] = n
    words[3] = outs.length + ins.length
    words[4] = program.params.length
    words[5] = axes.length
    let at = 6
    for (let i = 0; i < n; i++) words[at++] = dims[order[i]!]!
    for (const v of outs) at = this.ordered(v, dims, order, at)
    for (const v of ins) at = this.ordered(v, dims, order, at)
    if (params) this.parameters(program, params, at)
    this.check(this.addon.run())
  }

  call(routine: string, outs: readonly View[], ins: readonly View[], params: readonly Word[] = []): void {
    const id = this.routines.get(routine)
    if (id === undefined) throw new DeviceError(`routine '${routine}' is not in the compiled kernels`)
    const { words } = this
    words[0] = 3
    words[1] = id
    words[2] = outs.length + ins.length
    words[3] = params.length
    let at = 4
    for (const list of [outs, ins]) {
      for (const v of list) {
        if (at + 5 + 2 * v.ndim + params.length > WORDS) throw new RuntimeError('too many operands for one call')
        at = this.head(v, at)
        words[at++] = v.ndim
        for (const d of v.shape) words[at++] = d
        for (const s of v.strides) words[at++] = s
      }
    }
    for (const p of params) {
      if (typeof p === 'bigint') this.bits[at++] = p
      else words[at++] = p
    }
    this.check(this.addon.run())
  }

  info(): Record<string, unknown> {
    return { backend: 'native', path: this.path, ...this.addon.info(), pool: this.addon.stats() }
  }

  /** The number of threads, set when given. */
  threads(n?: number): number {
    return n === undefined ? this.addon.threads() : this.addon.threads(n)
  }

  /** Returns unused blocks to the system. */
  trim(): void {
    this.addon.trim()
  }

  private register(program: Program): number {
    const id = this.addon.register(program.words)
    program.backendIds.native = id
    return id
  }

  /** Block address and size, offset, dtype. */
  private head(v: View, at: number): number {
    const { words } = this
    const { storage } = v
    words[at] = storage.address || resolveAddress(storage)
    words[at + 1] = storage.nbytes
    words[at + 2] = v.offset
    words[at + 3] = v.dtype.code
    return at + 4
  }

  private operand(v: View, dims: Shape, at: number): number {
    const { words } = this
    const { shape, strides } = v
    at = this.head(v, at)
    const lead = dims.length - shape.length
    for (let i = 0; i < dims.length; i++) words[at++] = i < lead || shape[i - lead] === 1 ? 0 : strides[i - lead]!
    return at
  }

  private ordered(v: View, dims: Shape, order: readonly number[], at: number): number {
    const { words } = this
    at = this.head(v, at)
    const lead = dims.length - v.ndim
    for (const i of order) words[at++] = i < lead || v.shape[i - lead] === 1 ? 0 : v.strides[i - lead]!
    return at
  }

  private parameters(program: Program, params: readonly Word[], at: number): void {
    for (let i = 0; i < params.length; i++, at++) {
      const type = program.params[i]!
      if (type === 'f32' || type === 'f64') this.words[at] = Number(params[i])
      else this.bits[at] = BigInt.asIntN(64, BigInt(params[i]!))
    }
  }

  private check(code: number): void {
    if (code !== 0) this.fail(code)
  }

  private fail(code: number): never {
    throw kernelError(code, this.words, () => this.addon.error())
  }
}

/** Makes the backend over a loaded add-on. */
export const makeNativeBackend = (addon: Addon, path: string): NativeBackend => new NativeBackend(addon, path)
export type { NativeBackend }
