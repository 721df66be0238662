/** The `size` argument of random functions. */

import { asShape } from '../convert.ts'

/** A shape, a length, or null for one scalar. */
export type Size = number | readonly number[] | null

/** A size as a shape; null is the shape of a scalar. */
export const asSize = (size: Size | undefined): readonly number[] => (size === null || size === undefined ? [] : asShape(size, 'random'))
