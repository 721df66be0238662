/**
 * Memory of arrays that operations make: in the kernels' own linear memory while only kernels look at it, and in ArrayBuffers of the
 * engine once JavaScript does, or when linear memory has its share. Either is used again when its owner is gone: fresh memory costs more
 * than most operations on it.
 */

import { Storage } from '../../core/storage.ts'
import type { Instance } from './instance.ts'

/** Bytes of arrays in linear memory at most; it never shrinks, and the engine's collector does not see it. */
const RESIDENT = 2 ** 29
/** Bytes of idle ArrayBuffers that are kept. */
const KEPT = 2 ** 28

/** What an array's storage holds as its handle. It does not know the storage, so that the collector can tell when that is gone. */
export interface Block {
  readonly nbytes: number
  /** Where it lies in linear memory; 0 when it does not. */
  address: number
  /** Where it lies otherwise; null in linear memory, and once the user has it or it was given back. */
  buffer: ArrayBuffer | null
}

/** The block of a storage that this backend made. */
export const blockOf = (storage: Storage): Block => storage.handle as Block

export class Blocks {
  private resident = 0
  private kept = 0
  private readonly living = new Set<Block>()
  private readonly idle = new Map<number, ArrayBuffer[]>()
  private readonly watch = new FinalizationRegistry<Block>((block) => this.takeBack(block))

  /** `live` is the present instance, or null while there is none. */
  constructor(private readonly live: () => Instance | null) {}

  /** A block; undefined bytes unless `zeroed`. */
  allocate(nbytes: number, zeroed: boolean): Storage {
    const block = this.inside(nbytes, zeroed) ?? this.outside(nbytes, zeroed)
    const storage = new Storage('cpu', 'pool', nbytes, null, 0, 0, null, block)
    this.watch.register(storage, block)
    return storage
  }

  /** The memory of a block for its user, who may keep it: an ArrayBuffer, which never comes back. */
  escape(block: Block): ArrayBuffer {
    if (block.address !== 0) this.moveOut(block, this.live()!)
    const { buffer } = block
    block.buffer = null
    return buffer!
  }

  /** Takes a block's memory back. */
  takeBack(block: Block): void {
    const { buffer, nbytes } = block
    if (block.address !== 0) this.free(block, this.live()!)
    block.buffer = null
    if (buffer === null || nbytes > KEPT) return
    if (this.kept + nbytes > KEPT) this.clear()
    const list = this.idle.get(nbytes)
    if (list) list.push(buffer)
    else this.idle.set(nbytes, [buffer])
    this.kept += nbytes
  }

  /** Saves what lies in the memory of an instance that will be gone. */
  leave(instance: Instance): void {
    for (const block of [...this.living]) this.moveOut(block, instance)
  }

  /** Drops idle memory. */
  clear(): void {
    this.idle.clear()
    this.kept = 0
  }

  stats(): Record<string, number> {
    return { resident: this.resident, kept: this.kept }
  }

  private inside(nbytes: number, zeroed: boolean): Block | null {
    const instance = this.live()
    if (!instance || this.resident + nbytes > RESIDENT) return null
    const address = instance.allocate(nbytes)
    if (address === 0) return null
    if (zeroed) instance.bytes.fill(0, address, address + nbytes)
    const block = { nbytes, address, buffer: null }
    this.living.add(block)
    this.resident += nbytes
    return block
  }

  private outside(nbytes: number, zeroed: boolean): Block {
    const found = this.idle.get(nbytes)?.pop()
    if (found) {
      this.kept -= nbytes
      if (zeroed) new Uint8Array(found).fill(0)
    }
    return { nbytes, address: 0, buffer: found ?? new ArrayBuffer(nbytes) }
  }

  private moveOut(block: Block, instance: Instance): void {
    const { address, nbytes } = block
    block.buffer = instance.bytes.slice(address, address + nbytes).buffer as ArrayBuffer
    this.free(block, instance)
  }

  private free(block: Block, instance: Instance): void {
    this.living.delete(block)
    this.resident -= block.nbytes
    instance.release(block.address, block.nbytes)
    block.address = 0
  }
}
