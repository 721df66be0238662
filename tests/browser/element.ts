/** The one thing that the test files take from inside the library and that the built package does not export. */

import type { View } from '../../src/core/view.ts'
import { np } from '../../src/index.ts'

/** The elements of a view, in C order. */
export const items = (v: View): unknown[] => [...new np.NDArray(v as never).flat]
