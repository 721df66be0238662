/** What the reference backend does without as long as only elementwise operations run: its routines, and the functions that JavaScript's Math lacks. */

import { routines } from './index.ts'
import { ROUTINES } from './routines.ts'
import { FLOAT } from './scalars.ts'
import { FUNCTIONS } from './special.ts'

/** Adds them. */
export function complete(): void {
  Object.assign(routines, ROUTINES)
  Object.assign(FLOAT, FUNCTIONS)
}
