/** SFC64, a small fast chaotic generator. Its steps are the kernels'; this holds the state. */

import { type Newless, newless } from '../../core/callable.ts'
import { uint64 } from '../../core/dtype.ts'
import { viewOf } from '../../core/element.ts'
import type { View } from '../../core/view.ts'
import { BitGenerator, type BitState, type Seed, stateArray, stateInteger, stateIntegers } from './bit_generator.ts'
import { KINDS } from './draws.ts'
import { sfc64State } from './seeding.ts'

/** What `SFC64` makes. */
class SFC64Bits extends BitGenerator {
  /** @internal */
  readonly kind: number = KINDS.SFC64
  /** @internal uint64 [6]: three words, the counter, has_uint32, uinteger. */
  readonly words: View

  constructor(seed: Seed = null) {
    super(seed)
    this.words = viewOf([...sfc64State(this.seed_seq!), 0n, 0n], [6], uint64)
  }

  get state(): BitState {
    const words = this.read()
    return {
      bit_generator: 'SFC64',
      state: { state: stateArray(words.slice(0, 4), uint64) },
      has_uint32: Number(words[4]),
      uinteger: Number(words[5]),
    }
  }
  set state(value: BitState) {
    const { state, has_uint32, uinteger } = this.checked(value)
    this.write([...stateIntegers('state', state.state, 4), stateInteger('has_uint32', has_uint32), stateInteger('uinteger', uinteger)])
  }
}

/**
 * SFC64: three words and a counter, the fastest of the generators. The same seed gives NumPy's numbers.
 *
 * @example
 * new np.random.Generator(new np.random.SFC64(42)).integers(0, 10, 5) // => array([2, 5, 4, 3, 6])
 */
export const SFC64: Newless<typeof SFC64Bits> = /* @__PURE__ */ newless(SFC64Bits, 'SFC64')
export type SFC64 = SFC64Bits
