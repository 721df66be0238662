/** The simple routines in plain TypeScript, by name: operands and words as in docs/internals/abi.md. */

import type { Word } from '../../core/backend.ts'
import type { View } from '../../core/view.ts'
import { CONV } from './routines_conv.ts'
import { COUNTING } from './routines_counting.ts'
import { INDEXING } from './routines_indexing.ts'
import { MASKS } from './routines_masks.ts'
import { MATMUL } from './routines_matmul.ts'
import { POOL } from './routines_pool.ts'
import { SORTING } from './routines_sorting.ts'
import { SCANS } from './scan.ts'

export type Routine = (outs: readonly View[], ins: readonly View[], words: readonly Word[]) => void

export const ROUTINES: Record<string, Routine> = Object.assign(
  Object.create(null),
  CONV,
  INDEXING,
  MASKS,
  MATMUL,
  POOL,
  SORTING,
  COUNTING,
  SCANS,
)
