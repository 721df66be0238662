/** A file in memory, with a place in it: what Python's `io.BytesIO` is. */

import { ValueError } from '../core/errors.ts'

/** Bytes that are read and written like a file. */
export class BytesIO {
  #bytes: Uint8Array
  #size: number
  #at = 0

  constructor(initial: Uint8Array | ArrayBuffer = new Uint8Array(0)) {
    const given = initial instanceof ArrayBuffer ? new Uint8Array(initial) : initial
    if (!(given instanceof Uint8Array)) throw new ValueError('BytesIO: expected bytes')
    this.#bytes = given.slice()
    this.#size = given.length
  }
  /** The next `size` bytes, or fewer at the end; all that is left without a size. */
  read(size = -1): Uint8Array {
    const end = size < 0 ? this.#size : Math.min(this.#at + size, this.#size)
    const out = this.#bytes.slice(Math.min(this.#at, this.#size), end)
    this.#at += out.length
    return out
  }
  /** Writes bytes at the current place, over what is there; gives their number. */
  write(bytes: Uint8Array): number {
    const end = this.#at + bytes.length
    if (end > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(end, 2 * this.#bytes.length))
      grown.set(this.#bytes.subarray(0, this.#size))
      this.#bytes = grown
    }
    this.#bytes.set(bytes, this.#at)
    this.#at = end
    this.#size = Math.max(this.#size, end)
    return bytes.length
  }
  /** Goes to a place: from the start (0), from here (1), from the end (2). */
  seek(offset: number, whence: 0 | 1 | 2 = 0): number {
    const at = offset + (whence === 1 ? this.#at : whence === 2 ? this.#size : 0)
    if (!Number.isInteger(at) || at < 0) throw new ValueError(`negative seek value ${at}`)
    this.#at = at
    return at
  }
  /** The current place. */
  tell(): number {
    return this.#at
  }
  /** All bytes, copied. */
  getvalue(): Uint8Array {
    return this.#bytes.slice(0, this.#size)
  }
  close(): void {}
}
