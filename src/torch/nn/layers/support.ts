/** What layers share: their texts in Python's spelling, and their common options. */

import { describe } from '../../../core/describe.ts'
import { pyFloat } from '../../../printing/index.ts'
import type { DeviceLike } from '../../device.ts'
import type { DTypeLike } from '../../dtype.ts'

/** Where parameters are made. */
export interface Factory {
  device?: DeviceLike | null
  dtype?: DTypeLike | null
}

/** The options that creation functions take. */
export const made = ({ device, dtype }: Factory) => ({ device: device ?? undefined, dtype: dtype ?? undefined })

export const yes = (x: boolean): string => (x ? 'True' : 'False')
/** A number whose default is a float. */
export const float = (x: number): string => pyFloat(x)
/** A number that is printed as it was given. */
export const number = (x: number | null): string => (x === null ? 'None' : Number.isInteger(x) ? String(x) : pyFloat(x))
/** A tuple; what a layer was given instead of one in a few words. */
export const tuple = (xs: readonly number[]): string =>
  Array.isArray(xs) ? `(${xs.map((x) => (typeof x === 'number' ? x : describe(x))).join(', ')}${xs.length === 1 ? ',' : ''})` : describe(xs)
