/** Running a piece of code with recording for derivatives on or off. */

import { baseTape } from '../interpreters/tape.ts'

/** Runs `f` with recording on or off, and puts back what was before. */
export function recording<T>(on: boolean, f: () => T): T {
  const before = baseTape.enabled
  baseTape.enabled = on
  try {
    return f()
  } finally {
    baseTape.enabled = before
  }
}

/** Runs `f` without recording. */
export const quietly = <T>(f: () => T): T => recording(false, f)
