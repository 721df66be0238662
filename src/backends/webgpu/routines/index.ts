/** The routines of device 'webgpu' by name: operands and words as in docs/internals/abi.md. */

import type { Word } from '../../../core/backend.ts'
import type { View } from '../../../core/view.ts'
import type { Kernels } from '../kernels.ts'
import { CONVOLUTION } from './convolution.ts'
import { INDEXING } from './indexing.ts'
import { MASKS } from './masks.ts'
import { MATMUL } from './matmul.ts'
import { POOLING } from './pooling.ts'
import { SCANS } from './scans.ts'
import { SORTING } from './sorting.ts'

export type Routine = (kernels: Kernels, outs: readonly View[], ins: readonly View[], words: readonly Word[]) => void

export const ROUTINES: Readonly<Record<string, Routine>> = Object.assign(
  Object.create(null),
  CONVOLUTION,
  INDEXING,
  MASKS,
  MATMUL,
  POOLING,
  SCANS,
  SORTING,
)
