/** What means and variances share: how many items they are of, and variances in whole numbers. */

import { type DType, float64 } from '../core/dtype.ts'
import { DTypeError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, unwrap, wrap } from './convert.ts'
import { multiply, subtract } from './ufuncs/arithmetic.ts'

/** The number of items that go into each result. */
export const countOver = (x: View, axes: readonly number[]): number => axes.reduce((n, i) => n * x.shape[i]!, 1)

/** Whether any item of a mask holds. */
export const isAny = (mask: Value): boolean => unwrap(p.any(mask)) as unknown as boolean

/** Variances with an integer dtype: the mean, the squared distances and their mean are cut to whole numbers, as NumPy does. */
export function wholeVariance(op: 'var' | 'std', x: View, axes: readonly number[], keepdims: boolean, to: DType, less: number): View {
  const n = countOver(x, axes)
  const cut = (total: View, count: number): View => castView(p.div(castView(total, float64), count) as View, to)
  const centre = cut(p.sum(castView(x, to), axes, true, to) as View, n)
  const distance = subtract(wrap(x), wrap(centre))
  const squares = castView(asView(multiply(distance, distance)), to)
  const found = cut(p.sum(squares, axes, keepdims, to) as View, Math.max(n - less, 0))
  if (op === 'var') return found
  if (found.ndim === 0) return castView(p.sqrt(castView(found, float64)) as View, to)
  const text = `Cannot cast ufunc 'sqrt' output from dtype('float64') to dtype('${to.name}') with casting rule 'same_kind'`
  throw new DTypeError(text, { op, dtypes: [to.name] })
}
