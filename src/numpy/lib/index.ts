/** `np.lib`: lesser-used parts of NumPy. */

export * as scimath from '../emath.ts'
export * as array_utils from './array_utils.ts'
export * as format from './format.ts'
export * as introspect from './introspect.ts'
export * as npyio from './npyio.ts'
export * as stride_tricks from './stride_tricks.ts'
export { NumpyVersion } from './version.ts'
