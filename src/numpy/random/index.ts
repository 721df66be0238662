/** `np.random`: generators, bit generators, and the legacy functions over one global state. */

import { byName } from '../../core/by_name.ts'
import { ArgumentError } from '../../core/errors.ts'
import { BitGenerator } from './bit_generator.ts'
import { Generator } from './generator.ts'
import { RandomState } from './legacy.ts'
import { PCG64 } from './pcg64.ts'
import type { Entropy, SeedSequence } from './seed_sequence.ts'

export { BitGenerator } from './bit_generator.ts'
export * from './functions.ts'
export { Generator } from './generator.ts'
export { RandomState } from './legacy.ts'
export { MT19937 } from './mt19937.ts'
export { PCG64, PCG64DXSM } from './pcg64.ts'
export { Philox } from './philox.ts'
export { SeedSequence } from './seed_sequence.ts'
export { SFC64 } from './sfc64.ts'

/**
 * A new Generator over PCG64: the same seed gives NumPy's numbers. Without a seed it is the system's entropy; a bit generator is drawn from as it is, and
 * a Generator is given back.
 *
 * @example
 * np.random.default_rng(42).integers(0, 10, 5) // => array([0, 7, 6, 4, 4])
 */
export const default_rng = /* @__PURE__ */ byName(
  'default_rng',
  'seed',
  (seed: Entropy | SeedSequence | BitGenerator | Generator | RandomState | null = null): Generator => {
    if (seed instanceof Generator) return seed
    if (seed instanceof BitGenerator) return new Generator(seed)
    if (seed instanceof RandomState) return new Generator(seed._bit_generator)
    if (typeof seed === 'string' || typeof seed === 'function')
      throw new ArgumentError(`default_rng(): expected an integer seed, got ${String(seed)}`, { op: 'default_rng' })
    return new Generator(new PCG64(seed))
  },
)
