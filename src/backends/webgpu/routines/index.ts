/** The routines of device 'webgpu' by name: operands and words as in docs/internals/abi.md. */

import type { Word } from '../../../core/backend.ts'
import type { View } from '../../../core/view.ts'
import type { Kernels } from '../kernels.ts'

export type Routine = (kernels: Kernels, outs: readonly View[], ins: readonly View[], words: readonly Word[]) => void

export const ROUTINES: Readonly<Record<string, Routine>> = Object.assign(Object.create(null))
