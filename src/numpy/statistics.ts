/** Covariances and correlations. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { type DType, float64 } from '../core/dtype.ts'
import { ValueError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import { warn } from '../core/warnings.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asView, castView, unwrap, wrap } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { concatenate } from './joining.ts'
import { squeeze } from './manipulation.ts'
import { dot } from './products.ts'
import { average } from './reductions.ts'
import type { ArrayLike, DTypeLike, Result } from './types.ts'

/** Keyword arguments of `cov`. */
export interface CovOptions {
  /** More variables, put under `m`. */
  y?: ArrayLike | null
  /** Each row is a variable (the default), or each column. */
  rowvar?: boolean
  /** Divides by n in place of n - 1. */
  bias?: boolean
  ddof?: number | null
  fweights?: ArrayLike | null
  aweights?: ArrayLike | null
  dtype?: DTypeLike | null
}
const covArgs = signature<CovOptions>('cov', ['y', 'rowvar', 'bias', 'ddof', 'fweights', 'aweights'], ['dtype'])
const corrArgs = signature<CovOptions>('corrcoef', ['y', 'rowvar'], ['dtype'])

/** Variables as the rows of a matrix. */
function variables(m: ArrayLike, { y, rowvar = true }: CovOptions, op: string, given: DType | undefined): View {
  const rows = (a: ArrayLike): View => {
    const v = asView(a)
    if (v.ndim > 2) throw new ValueError(`${a === m ? 'm' : 'y'} has more than 2 dimensions`, { op })
    const matrix = v.ndim < 2 ? (p.reshape(v, [1, v.size]) as View) : v
    return !rowvar && matrix.shape[0] !== 1 ? (p.transpose(matrix, [1, 0]) as View) : matrix
  }
  const first = rows(m)
  const second = y === undefined || y === null ? null : rows(y)
  const dtype = given ?? promoteAll([first.dtype, ...(second ? [second.dtype] : []), float64])
  return second ? concatenate([wrap(castView(first, dtype)), wrap(castView(second, dtype))], 0).value : castView(first, dtype)
}

/**
 * The covariance matrix of variables.
 *
 * @example
 * np.cov([[0, 1, 2], [2, 1, 0]]) // => array([[ 1., -1.],
 *                                //           [-1.,  1.]])
 */
export const cov = /* @__PURE__ */ byName(
  'cov',
  'm',
  (m: ArrayLike, ...rest: Rest<CovOptions, ['y', 'rowvar', 'bias', 'ddof', 'fweights', 'aweights']>): Result => {
    const options = covArgs(rest)
    const { bias = false, fweights, aweights } = options
    const x = variables(m, options, 'cov', maybeDType(options.dtype))
    const ddof = options.ddof ?? (bias ? 0 : 1)
    const weights = [fweights, aweights].filter((w) => w !== undefined && w !== null).map((w) => castView(asView(w as ArrayLike), float64))
    const w = weights.length === 0 ? null : weights.reduce<Value>((a, b) => (a === b ? a : p.mul(a, b)), weights[0]!)
    const n = x.shape[1]!
    const mean = asView(average(wrap(x), { axis: 1, weights: w ? wrap(w) : undefined }))
    const total = w ? (unwrap(p.sum(w)) as number) : n
    const again =
      aweights !== undefined && aweights !== null ? (unwrap(p.sum(p.mul(w!, castView(asView(aweights), float64)))) as number) : null
    const divisor = w === null ? n - ddof : ddof === 0 ? total : again === null ? total - ddof : total - (ddof * again) / total
    if (divisor <= 0) warn('Degrees of freedom <= 0 for slice', 'RuntimeWarning')
    const centred = p.sub(x, p.reshape(mean, [x.shape[0]!, 1])) as View
    const heavy = w ? p.mul(centred, castView(w as View, x.dtype)) : centred
    const product = asView(dot(wrap(centred), wrap(p.conj(p.transpose(heavy, [1, 0])))))
    return squeezed(p.div(product, Math.max(divisor, 0)))
  },
)

const squeezed = (v: Value): Result => {
  const out = squeeze(wrap(v))
  return out.ndim === 0 ? out.item() : out
}

/**
 * The correlation coefficients of variables, between -1 and 1.
 *
 * @example
 * np.corrcoef([[0, 1, 2], [2, 1, 0]]) // => array([[ 1., -1.],
 *                                     //           [-1.,  1.]])
 */
export const corrcoef = /* @__PURE__ */ byName('corrcoef', 'x', (x: ArrayLike, ...rest: Rest<CovOptions, ['y', 'rowvar']>): Result => {
  const { y, rowvar, dtype } = corrArgs(rest)
  const c = asView(cov(x, { y, rowvar, dtype }))
  if (c.ndim === 0) return unwrap(p.div(c, c))
  const n = c.shape[0]!
  const std = p.sqrt(p.real(p.diagonal(c)))
  const scaled = p.div(p.div(c, castView(p.reshape(std, [n, 1]) as View, c.dtype)), castView(p.reshape(std, [1, n]) as View, c.dtype))
  const clipped = (part: Value): Value => p.clamp(part, -1, 1)
  return unwrap(c.dtype.isComplex ? p.makeComplex(clipped(p.real(scaled)), clipped(p.imag(scaled))) : clipped(scaled))
})
