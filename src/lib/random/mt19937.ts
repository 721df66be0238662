/** Initial states of the Mersenne Twister, after Matsumoto and Nishimura's init_genrand and init_by_array (mt19937ar, 2002). */

/** Words of the state. */
export const MT_WORDS = 624

/**
 * The 624 words that one 32-bit seed makes: those of `torch.manual_seed` and of NumPy's `RandomState(seed)`.
 *
 * Only the low 32 bits of a bigint count, as in PyTorch. The position is at the end: the next number begins by making new words.
 */
export function initGenrand(seed: number | bigint): Uint32Array {
  const state = new Uint32Array(MT_WORDS)
  state[0] = Number(BigInt.asUintN(32, BigInt(seed)))
  for (let i = 1; i < MT_WORDS; i++) {
    const last = state[i - 1]
    state[i] = Math.imul(1812433253, last ^ (last >>> 30)) + i
  }
  return state
}

/** The 624 words that a list of one or more 32-bit words makes: those of NumPy's `RandomState(list)`. */
export function initByArray(key: ArrayLike<number>): Uint32Array {
  const state = initGenrand(19650218)
  const mixed = (at: number, factor: number): number => state[at] ^ Math.imul(state[at - 1] ^ (state[at - 1] >>> 30), factor)
  let i = 1
  const advance = (): void => {
    if (++i < MT_WORDS) return
    state[0] = state[MT_WORDS - 1]
    i = 1
  }
  for (let k = 0; k < Math.max(MT_WORDS, key.length); k++) {
    const j = k % key.length
    state[i] = mixed(i, 1664525) + key[j] + j
    advance()
  }
  for (let k = 0; k < MT_WORDS - 1; k++) {
    state[i] = mixed(i, 1566083941) - i
    advance()
  }
  state[0] = 0x80000000
  return state
}
