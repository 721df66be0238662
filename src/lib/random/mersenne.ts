/** The Mersenne Twister as PyTorch's CPU generator reads it, over the state that the kernels keep: for samplers that draw a varying number of words. */

import { MT_WORDS } from './mt19937.ts'

const M = 397
/** Places of what is kept for later in the state: whether there is a double, and its halves. */
const HAS_DOUBLE = 626

/** A stream over the 632 words of a state (docs/internals/abi.md), which it changes as it draws. */
export class MersenneStream {
  private readonly spare = new DataView(new ArrayBuffer(8))

  constructor(readonly words: Uint32Array) {}

  private refill(): void {
    const { words } = this
    const twist = (i: number, next: number, far: number): void => {
      const both = (words[i]! & 0x80000000) | (words[next]! & 0x7fffffff)
      words[i] = words[far]! ^ (both >>> 1) ^ (both & 1 ? 0x9908b0df : 0)
    }
    for (let i = 0; i < MT_WORDS - M; i++) twist(i, i + 1, i + M)
    for (let i = MT_WORDS - M; i < MT_WORDS - 1; i++) twist(i, i + 1, i + M - MT_WORDS)
    twist(MT_WORDS - 1, 0, M - 1)
    words[MT_WORDS] = 0
  }

  /** The next 32 bits. */
  next(): number {
    if (this.words[MT_WORDS]! >= MT_WORDS) this.refill()
    let word = this.words[this.words[MT_WORDS]!++]!
    word ^= word >>> 11
    word ^= (word << 7) & 0x9d2c5680
    word ^= (word << 15) & 0xefc60000
    return (word ^ (word >>> 18)) >>> 0
  }

  /** 53 bits in [0, 1); the first word has the high ones. */
  uniform(): number {
    const high = this.next() & 0x1fffff
    return (high * 0x100000000 + this.next()) / 9007199254740992
  }

  /** A standard normal number by Box and Muller's method, whose second number is kept in the state for the next call. */
  normal(): number {
    const { words, spare } = this
    if (words[HAS_DOUBLE] !== 0) {
      words[HAS_DOUBLE] = 0
      spare.setUint32(0, words[HAS_DOUBLE + 1]!, true)
      spare.setUint32(4, words[HAS_DOUBLE + 2]!, true)
      return spare.getFloat64(0, true)
    }
    const u1 = this.uniform()
    const u2 = this.uniform()
    const radius = Math.sqrt(-2 * Math.log1p(-u2))
    const angle = 2 * Math.PI * u1
    spare.setFloat64(0, radius * Math.sin(angle), true)
    words[HAS_DOUBLE] = 1
    words[HAS_DOUBLE + 1] = spare.getUint32(0, true)
    words[HAS_DOUBLE + 2] = spare.getUint32(4, true)
    return radius * Math.cos(angle)
  }
}
