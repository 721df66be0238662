/** The simple routines in plain TypeScript, by name: operands and words as in docs/internals/abi.md. */

import type { Word } from '../../core/backend.ts'
import type { View } from '../../core/view.ts'

export type Routine = (outs: readonly View[], ins: readonly View[], words: readonly Word[]) => void

export const ROUTINES: Record<string, Routine> = Object.create(null)
