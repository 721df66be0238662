/** PCG64, NumPy's default bit generator, and PCG64DXSM. Their steps are the kernels'; this holds the state. */

import { type Newless, newless } from '../../core/callable.ts'
import { uint64 } from '../../core/dtype.ts'
import { viewOf } from '../../core/element.ts'
import type { View } from '../../core/view.ts'
import { BitGenerator, type BitState, type Seed, stateInteger, steps } from './bit_generator.ts'
import { KINDS } from './draws.ts'
import { CHEAP_MULTIPLIER, PCG_MULTIPLIER, pcg64State } from './seeding.ts'

/** What `state` gives and takes. */
export interface Pcg64StateObject extends BitState {
  state: { state: bigint; inc: bigint }
  has_uint32: number
  uinteger: number
}

/** The golden ratio of 2**128, which jumps go by. */
const JUMP = 0x9e3779b97f4a7c15f39cc0605cedc835n

/** The state that `delta` steps of a linear congruential generator lead to, in the logarithm of delta (F. B. Brown 1994). */
function advanced(state: bigint, delta: bigint, multiplier: bigint, increment: bigint): bigint {
  const low = (x: bigint): bigint => BigInt.asUintN(128, x)
  let [factor, plus] = [1n, 0n]
  for (let rest = delta; rest > 0n; rest >>= 1n) {
    if (rest & 1n) [factor, plus] = [low(factor * multiplier), low(plus * multiplier + increment)]
    ;[increment, multiplier] = [low((multiplier + 1n) * increment), low(multiplier * multiplier)]
  }
  return low(factor * state + plus)
}

/** What PCG64 and PCG64DXSM share. */
abstract class Pcg extends BitGenerator {
  /** @internal uint64 [6]: state high and low, increment high and low, has_uint32, uinteger. */
  readonly words: View
  /** @internal */
  protected abstract readonly multiplier: bigint

  constructor(seed: Seed = null) {
    super(seed)
    this.words = viewOf([...pcg64State(this.seed_seq!)], [6], uint64)
  }

  get state(): Pcg64StateObject {
    const [hi, lo, incHi, incLo, has, half] = this.read()
    return {
      bit_generator: this.name,
      state: { state: (hi! << 64n) | lo!, inc: (incHi! << 64n) | incLo! },
      has_uint32: Number(has),
      uinteger: Number(half),
    }
  }
  set state(value: Pcg64StateObject) {
    const given = this.checked(value)
    const [state, inc] = [stateInteger('state', given.state.state), stateInteger('inc', given.state.inc)]
    const low = (x: bigint): bigint => BigInt.asUintN(64, x)
    this.write([
      low(state >> 64n),
      low(state),
      low(inc >> 64n),
      low(inc),
      stateInteger('has_uint32', given.has_uint32),
      stateInteger('uinteger', given.uinteger),
    ])
  }

  /**
   * This generator, moved on as if `delta` 64-bit numbers had been drawn; a negative delta moves it back.
   *
   * @example
   * new np.random.PCG64(1).advance(1).random_raw() // => 17532960557476522086n
   */
  advance(delta: number | bigint): this {
    const { state } = this.state
    const next = advanced(state.state, steps('advance', delta, 128), this.multiplier, state.inc)
    this.state = { bit_generator: this.name, state: { state: next, inc: state.inc }, has_uint32: 0, uinteger: 0 }
    return this
  }

  /** A new generator `jumps` times about 2**127 draws further on: streams that do not overlap. */
  jumped(jumps: number | bigint = 1): this {
    const next = new (this.constructor as new () => this)()
    next.state = this.state
    return next.advance(steps('jumped', jumps, 128) * JUMP)
  }
}

/** What `PCG64` makes. */
class PCG64Bits extends Pcg {
  /** @internal */
  readonly kind: number = KINDS.PCG64
  /** @internal */
  protected readonly multiplier: bigint = PCG_MULTIPLIER
}

/**
 * PCG64: a 128-bit linear congruential generator with permuted output (XSL-RR). The same seed gives NumPy's numbers.
 *
 * @example
 * new np.random.Generator(new np.random.PCG64(42)).integers(0, 10, 5) // => array([0, 7, 6, 4, 4])
 */
export const PCG64: Newless<typeof PCG64Bits> = /* @__PURE__ */ newless(PCG64Bits, 'PCG64')
export type PCG64 = PCG64Bits

/** What `PCG64DXSM` makes. */
class PCG64DXSMBits extends Pcg {
  /** @internal */
  readonly kind: number = KINDS.PCG64DXSM
  /** @internal */
  protected readonly multiplier: bigint = CHEAP_MULTIPLIER
}

/**
 * PCG64DXSM: as PCG64 with a better output function, for very many parallel streams.
 *
 * @example
 * new np.random.Generator(new np.random.PCG64DXSM(42)).integers(0, 10, 5) // => array([5, 6, 3, 0, 0])
 */
export const PCG64DXSM: Newless<typeof PCG64DXSMBits> = /* @__PURE__ */ newless(PCG64DXSMBits, 'PCG64DXSM')
export type PCG64DXSM = PCG64DXSMBits
