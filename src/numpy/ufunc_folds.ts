/** The rows that do the work of ufuncs' methods in one pass, by the ufuncs' names. */

import type { DType } from '../core/dtype.ts'
import type { Value } from '../core/value.ts'
import * as p from '../ops/index.ts'
import type { PutMode } from '../ops/indexing/arrays.ts'

/** Rows that do the work of a ufunc's methods; without them it is applied to slice after slice. */
export interface Fold {
  readonly reduce: (x: Value, axes: readonly number[], keepdims: boolean, dtype: DType) => Value
  readonly accumulate?: (x: Value, axis: number, dtype: DType) => Value
  /** Whether there are rows for a dtype; default all but object. */
  readonly accepts?: (dtype: DType) => boolean
  /** How `at` combines. */
  readonly put?: PutMode
}

/** Maxima or minima, which take no dtype and for complex numbers have no row. */
const extremes = (reduce: typeof p.amax, accumulate: typeof p.runningMax): Fold => ({
  reduce: (x, axes, keepdims, dtype) => reduce(p.cast(x, dtype), axes, keepdims),
  accumulate: (x, axis) => accumulate(x, axis),
  accepts: (dtype) => !dtype.isComplex,
})

const FOLDS: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ['add', { reduce: p.sum, accumulate: p.cumsum, put: 'add' }],
  ['multiply', { reduce: p.prod, accumulate: p.cumprod, put: 'multiply' }],
  ['maximum', extremes(p.amax, p.runningMax)],
  ['minimum', extremes(p.amin, p.runningMin)],
  ['logical_and', { reduce: p.all }],
  ['logical_or', { reduce: p.any }],
])

/** The rows of a ufunc; undefined when it has none. */
export const foldOf = (name: string): Fold | undefined => FOLDS.get(name)
