/** What the bench measures: one row a case, a file a family. */

import { ELEMENTWISE } from './elementwise.ts'
import { LINALG } from './linalg.ts'
import { LOOPS } from './loops.ts'
import { MOVING } from './moving.ts'
import { REDUCTIONS } from './reductions.ts'
import type { Case } from './row.ts'
import { SORTING } from './sorting.ts'

export type { Case } from './row.ts'
export { SIZES } from './row.ts'

export const CASES: readonly Case[] = [...ELEMENTWISE, ...REDUCTIONS, ...MOVING, ...SORTING, ...LINALG, ...LOOPS]
