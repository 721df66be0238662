/** Special functions in plain TypeScript, each with the source of its formula. */

import type { Opcode } from '../../core/opcodes.ts'

/** Instructions that JavaScript's Math lacks. */
export const FUNCTIONS: Partial<Record<Opcode, (a: number, b: number) => number>> = {}
