/**
 * Memory of arrays in the engine's own ArrayBuffers, kept for the next array of the same length once its owner is gone: fresh memory
 * costs more than most operations on it.
 */

import { Storage } from '../../core/storage.ts'

/** Bytes that are kept for later at most. */
const KEPT = 2 ** 28

interface Lent {
  /** Null once the user has the buffer, or it has come back. */
  buffer: ArrayBuffer | null
}

export class Recycler {
  /** Bytes kept for later. */
  bytes = 0
  private readonly idle = new Map<number, ArrayBuffer[]>()
  private readonly lent = new WeakMap<Storage, Lent>()
  private readonly watch = new FinalizationRegistry<Lent>((lent) => this.takeBack(lent))

  /** A block of its own buffer. */
  allocate(nbytes: number, zeroed: boolean): Storage {
    const found = this.idle.get(nbytes)?.pop()
    if (found) {
      this.bytes -= nbytes
      if (zeroed) new Uint8Array(found).fill(0)
    }
    const lent = { buffer: found ?? new ArrayBuffer(nbytes) }
    const storage = new Storage('cpu', 'pool', nbytes, null, 0, 0, null)
    this.lent.set(storage, lent)
    this.watch.register(storage, lent)
    return storage
  }

  /** The memory of a block. */
  buffer(storage: Storage): ArrayBuffer {
    return this.lent.get(storage)!.buffer!
  }

  /** The memory of a block for its user, who may keep it: it never comes back. */
  escape(storage: Storage): ArrayBuffer {
    const lent = this.lent.get(storage)!
    const { buffer } = lent
    lent.buffer = null
    return buffer!
  }

  /** Takes a block's memory back now. */
  release(storage: Storage): void {
    const lent = this.lent.get(storage)
    if (lent) this.takeBack(lent)
  }

  /** Drops what is kept. */
  clear(): void {
    this.idle.clear()
    this.bytes = 0
  }

  private takeBack(lent: Lent): void {
    const { buffer } = lent
    lent.buffer = null
    if (buffer === null) return
    const { byteLength } = buffer
    if (this.bytes + byteLength > KEPT) this.clear()
    if (byteLength > KEPT) return
    const list = this.idle.get(byteLength)
    if (list) list.push(buffer)
    else this.idle.set(byteLength, [buffer])
    this.bytes += byteLength
  }
}
