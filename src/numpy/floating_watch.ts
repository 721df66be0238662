/** Whether floating-point conditions are looked for, and by what: `floating_errors.ts` sets both when a program asks for one. */

import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import type { Conditions } from './floating_errors.ts'

type Check = (op: Conditions, operands: readonly View[], out: Value) => void

/** Whether any condition is looked for. */
export let watching = false
/** Reads conditions off operands and result, and does what is to be done. */
export let checkFloats: Check = () => {}

/** Looks for conditions, or no longer. */
export function watch(on: boolean, check: Check): void {
  watching = on
  checkFloats = check
}
