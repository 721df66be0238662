/** MT19937, the Mersenne Twister. Its steps are the kernels'; this holds the state. */

import { type Newless, newless } from '../../core/callable.ts'
import { uint32 } from '../../core/dtype.ts'
import { viewOf } from '../../core/element.ts'
import { ArgumentError, ValueError } from '../../core/errors.ts'
import type { View } from '../../core/view.ts'
import { MT_WORDS } from '../../lib/random/mt19937.ts'
import { jumpState } from '../../lib/random/mt19937_jump.ts'
import '../../runtime.ts'
import { BitGenerator, type BitState, type Seed, stateArray, stateInteger, stateIntegers } from './bit_generator.ts'
import { KINDS } from './draws.ts'
import { SeedSequence } from './seed_sequence.ts'
import { type LegacySeed, legacyMt19937State, type Mt19937State, mt19937State } from './seeding.ts'

/** Words of the kernels' state: the generator's, the position, and PyTorch's normal numbers, which NumPy has no use for. */
const STATE_WORDS = 632

/** What `MT19937` makes. */
class MT19937Bits extends BitGenerator {
  /** @internal */
  readonly kind: number = KINDS.MT19937
  /** @internal uint32 [632]. */
  readonly words: View

  constructor(seed: Seed = null) {
    super(seed)
    this.words = viewOf(padded(mt19937State(this.seed_seq!)), [STATE_WORDS], uint32)
  }

  /** @internal Starts anew from a seed of `RandomState`. */
  legacySeed(seed: LegacySeed): void {
    this.write(padded(seed === null ? mt19937State(new SeedSequence()) : legacyMt19937State(seed)).map(BigInt))
    this.seed_seq = null
  }

  get state(): BitState {
    const words = this.read()
    return { bit_generator: 'MT19937', state: { key: stateArray(words.slice(0, MT_WORDS), uint32), pos: Number(words[MT_WORDS]) } }
  }
  set state(value: BitState) {
    if (Array.isArray(value)) {
      if (value[0] !== 'MT19937' || (value.length !== 3 && value.length !== 5)) throw new ValueError('state is not a legacy MT19937 state')
      this.state = { bit_generator: 'MT19937', state: { key: value[1], pos: value[2] } }
      return
    }
    const { state } = this.checked(value)
    const key = stateIntegers('key', state.key, MT_WORDS).map((x) => BigInt.asUintN(32, x))
    const pos = stateInteger('pos', state.pos)
    if (pos < 0n || pos > BigInt(MT_WORDS)) throw new ValueError(`pos must be between 0 and ${MT_WORDS}`)
    this.write(padded({ key: Uint32Array.from(key, Number), pos: Number(pos) }).map(BigInt))
  }

  /** A new generator `jumps` times 2**128 draws further on. */
  jumped(jumps = 1): MT19937 {
    if (!Number.isSafeInteger(jumps)) throw new ArgumentError(`jumped(): expected an integer, got ${String(jumps)}`)
    if (jumps > 50) throw new ValueError(`jumped(): ${jumps} jumps are too many: at most 50 at a time`)
    const words = this.read().map(Number)
    let state: Mt19937State = { key: Uint32Array.from(words.slice(0, MT_WORDS)), pos: words[MT_WORDS]! }
    for (let i = 0; i < jumps; i++) state = jumpState(state.key, state.pos)
    const next = new MT19937()
    next.state = { bit_generator: 'MT19937', state: { ...state } }
    return next
  }
}

/**
 * MT19937: the Mersenne Twister of 624 words, which the legacy functions draw from. The same seed gives NumPy's numbers.
 *
 * @example
 * new np.random.Generator(new np.random.MT19937(42)).integers(0, 10, 5) // => array([5, 9, 6, 4, 0])
 */
export const MT19937: Newless<typeof MT19937Bits> = /* @__PURE__ */ newless(MT19937Bits, 'MT19937')
export type MT19937 = MT19937Bits

const padded = ({ key, pos }: Mt19937State): number[] => [...key, pos, ...new Array<number>(STATE_WORDS - MT_WORDS - 1).fill(0)]
