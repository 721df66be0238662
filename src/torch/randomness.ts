/** What random functions do inside vmap: an error, or the same numbers for every item of the batch. */

import { RuntimeError } from '../core/errors.ts'

export type Randomness = 'error' | 'same' | 'different'

let current: Randomness | null = null

/** Runs a mapped function with its setting. */
export function withRandomness<R>(mode: Randomness, f: () => R): R {
  const before = current
  current = mode
  try {
    return f()
  } finally {
    current = before
  }
}

/** Called by every random function. */
export function checkRandomness(): void {
  if (current !== 'error') return
  throw new RuntimeError(
    "vmap: called random operation while in randomness error mode. Please either use the 'same' randomness flag on vmap or perform the randomness operation out of vmap",
  )
}
