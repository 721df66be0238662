/** Distributions whose samples are vectors: normal, multinomial, Dirichlet and hypergeometric. What Generator and RandomState share. */

import { float64, int64 } from '../../core/dtype.ts'
import { items, viewOf } from '../../core/element.ts'
import { ArgumentError, DTypeError, MemoryError, ValueError } from '../../core/errors.ts'
import { type Shape, sizeOf } from '../../core/shape.ts'
import { broadcastView, type View } from '../../core/view.ts'
import { warn } from '../../core/warnings.ts'
import * as p from '../../ops/index.ts'
import '../../runtime.ts'
import { asView, castView, unwrap, wrap } from '../convert.ts'
import { cholesky, eigh, svd } from '../linalg.ts'
import type { ArrayLike, Result } from '../types.ts'
import type { BitGenerator } from './bit_generator.ts'
import { kahanSum } from './choosing.ts'
import { VECTORS } from './draws.ts'
import { checkRule, fittingShape, jointShape, parameterView } from './parameters.ts'
import { asSize, type Size } from './size.ts'

/** Keyword arguments of `multivariate_normal`. */
export interface MultivariateOptions {
  size?: Size
  /** What to do with a covariance that is not positive semidefinite. Default `'warn'`. */
  check_valid?: 'warn' | 'raise' | 'ignore'
  /** How far the covariance may be from what its factors give. Default 1e-8. */
  tol?: number
  /** Which decomposition the covariance is factored by; only Generator has it. Default `'svd'`. */
  method?: 'svd' | 'eigh' | 'cholesky'
}

/** Where standard normal numbers come from. */
type Normal = (shape: Shape) => View

/** Vectors of a mean and a covariance; RandomState multiplies by the other factor of the svd. */
export function multivariateNormal(
  mean: ArrayLike,
  cov: ArrayLike,
  { size = null, check_valid = 'warn', tol = 1e-8, method = 'svd' }: MultivariateOptions,
  normal: Normal,
  legacy: boolean,
): Result {
  const op = 'multivariate_normal'
  if (!['svd', 'eigh', 'cholesky'].includes(method)) throw new ValueError("method must be one of {'eigh', 'svd', 'cholesky'}", { op })
  const [given, matrix] = [asView(mean), asView(cov)]
  if (given.dtype.isComplex || matrix.dtype.isComplex) throw new DTypeError('mean and cov must not be complex', { op })
  const [m, c] = [castView(given, float64), castView(matrix, float64)]
  if (m.ndim !== 1) throw new ValueError('mean must be 1 dimensional', { op })
  if (c.ndim !== 2 || c.shape[0] !== c.shape[1]) throw new ValueError('cov must be 2 dimensional and square', { op })
  if (m.shape[0] !== c.shape[0]) throw new ValueError('mean and cov must have same length', { op })
  const n = m.shape[0]!
  const shape = [...asSize(size), n]
  const rows = p.reshape(normal(shape), [sizeOf(asSize(size)), n])
  const factor = covarianceFactor(c, method, check_valid, tol, legacy)
  return unwrap(p.reshape(p.add(p.matmul(rows, factor), m), shape))
}

/** A matrix A with transpose(A) A the covariance. */
function covarianceFactor(c: View, method: string, check: string, tol: number, legacy: boolean): View {
  const op = 'multivariate_normal'
  const valid = (good: unknown): void => {
    if (check !== 'warn' && check !== 'raise' && check !== 'ignore')
      throw new ValueError("check_valid must equal 'warn', 'raise', or 'ignore'", { op })
    if (check === 'ignore' || (unwrap(good as View) as boolean)) return
    const text = 'covariance is not symmetric positive-semidefinite.'
    if (check === 'raise') throw new ValueError(text, { op })
    warn(text, 'RuntimeWarning')
  }
  if (method === 'cholesky') return p.transpose(cholesky(wrap(c)).value, [1, 0]) as View
  if (method === 'eigh') {
    const { eigenvalues, eigenvectors } = eigh(wrap(c))
    valid(p.all(p.ge(eigenvalues.value, -tol)))
    return p.transpose(p.mul(eigenvectors.value, p.sqrt(p.abs(eigenvalues.value))), [1, 0]) as View
  }
  const { U, S, Vh } = svd(wrap(c))
  const again = p.matmul(p.mul(p.transpose(Vh.value, [1, 0]), S.value), Vh.value)
  valid(p.all(p.le(p.abs(p.sub(again, c)), p.add(p.mul(p.abs(c), tol), tol))))
  const root = p.sqrt(S.value)
  if (legacy) return p.mul(p.reshape(root, [S.size, 1]), Vh.value) as View
  return p.transpose(p.mul(U.value, root), [1, 0]) as View
}

/** The parameters of every vector, [lines, d], and their number for each line if there is one. */
function perLine(shape: Shape, d: number, values: View): View {
  return p.reshape(broadcastView(values, [...shape, d]), [sizeOf(shape), d]) as View
}

const TOO_DEEP = 'setting an array element with a sequence. The requested array would exceed the maximum number of dimension of 1.'

/** Counts of n trials with the probabilities `pvals` along the last axis. */
export function multinomial(bits: BitGenerator, n: ArrayLike, pvals: ArrayLike, size: Size | undefined, legacy: boolean): Result {
  const op = 'multinomial'
  if (n === undefined || pvals === undefined) {
    throw new ArgumentError(`multinomial() missing 1 required positional argument: '${n === undefined ? 'n' : 'pvals'}'`, { op })
  }
  const [trials, chances] = [parameterView(op, n, true), parameterView(op, pvals)]
  if (legacy && trials.ndim > 0) throw new ArgumentError('only integer scalar arrays can be converted to a scalar index', { op })
  if (legacy && chances.ndim === 0) throw new ArgumentError('pvals must be a 1-d sequence', { op })
  if (legacy && chances.ndim > 1) throw new ValueError(TOO_DEEP, { op })
  const d = chances.shape[chances.ndim - 1] ?? 0
  if (!legacy && d === 0)
    throw new ValueError('pvals must have at least 1 dimension and the last dimension of pvals must be greater than 0.', { op })
  checkRule(op, 'pvals', 'chance', chances, true)
  checkSums(items(chances) as number[], d, asView(pvals), chances.ndim)
  checkRule(op, 'n', 'notNegative', trials, trials.ndim > 0)
  const lead = vectorShape(op, trials.shape, chances.shape.slice(0, -1), size)
  const out = [...lead, d]
  const flat = (v: View): View => p.reshape(broadcastView(v, lead), [sizeOf(lead)]) as View
  const drawn = bits.vectors(VECTORS.multinomial, [sizeOf(lead), d], int64, [flat(trials), perLine(lead, d, chances)])
  return unwrap(p.reshape(drawn, out))
}

/** All but the last probability may not add up to more than 1. */
function checkSums(list: readonly number[], d: number, given: View, ndim: number): void {
  for (let at = 0; d > 0 && at < list.length; at += d) {
    if (kahanSum(list.slice(at, at + d - 1)) <= 1 + 1e-12) continue
    const part = ndim === 1 ? '[:-1]' : '[...,:-1]'
    const total = list.reduce((sum, x) => sum + x, 0)
    if (given.dtype.kind === 'f' && given.dtype !== float64 && total < 1.0001) {
      throw new ValueError(
        `sum(pvals${part}.astype(np.float64)) > 1.0. The pvals array is cast to 64-bit floating point prior to checking the sum. Precision ` +
          'changes when casting may cause problems even if the sum of the original pvals is valid.',
        { op: 'multinomial' },
      )
    }
    throw new ValueError(`sum(pvals${part}) > 1.0`, { op: 'multinomial' })
  }
}

/** The shape of the vectors before their own axis. */
function vectorShape(op: string, n: Shape, pvals: Shape, size: Size | undefined): Shape {
  if (size === null || size === undefined) return jointShape(op, [n, pvals])
  const shape = asSize(size)
  return fittingShape(op, shape, jointShape(op, [n, pvals, shape]))
}

/** Shares that sum to 1. RandomState refuses zeros, and keeps a normal number in `gauss`. */
export function dirichlet(bits: BitGenerator, alpha: ArrayLike, size: Size | undefined, gauss: View | null): Result {
  const op = 'dirichlet'
  const v = parameterView(op, alpha)
  if (v.ndim === 0) throw new ArgumentError(`object of type '${typeof alpha}' has no len()`, { op })
  if (v.ndim !== 1) throw new ValueError(TOO_DEEP, { op })
  const refused = gauss ? (x: number) => x <= 0 : (x: number) => x < 0
  if ((items(v) as number[]).some(refused)) throw new ValueError(gauss ? 'alpha <= 0' : 'alpha < 0', { op })
  const lead = asSize(size)
  const rows = [sizeOf(lead), v.size]
  const params = [perLine(lead, v.size, v)]
  const drawn = gauss
    ? bits.vectors(VECTORS.legacyDirichlet, rows, float64, params, [gauss])
    : bits.vectors(VECTORS.dirichlet, rows, float64, params)
  return unwrap(p.reshape(drawn, [...lead, v.size]))
}

/** Keyword arguments of `multivariate_hypergeometric`. */
export interface UrnOptions {
  size?: Size
  /** `'marginals'` draws colour by colour, `'count'` shuffles the urn: better for few items. Default `'marginals'`. */
  method?: 'marginals' | 'count'
}

const INT64_MOST = 2n ** 63n - 1n

/** How many of each colour come in a sample of an urn. */
export function multivariateHypergeometric(bits: BitGenerator, colors: ArrayLike, nsample: unknown, { size, method }: UrnOptions): Result {
  const op = 'multivariate_hypergeometric'
  const how = method ?? 'marginals'
  if (how !== 'count' && how !== 'marginals') throw new ValueError('method must be "count" or "marginals".', { op })
  if (typeof nsample !== 'bigint' && !(typeof nsample === 'number' && Number.isInteger(nsample)))
    throw new ValueError('nsample must be an integer', { op })
  const count = BigInt(nsample)
  if (count < 0n) throw new ValueError('nsample must be nonnegative.', { op })
  if (count > INT64_MOST) throw new ValueError(`nsample must not exceed ${INT64_MOST}`, { op })
  const v = asView(colors)
  const list = v.ndim === 1 && (v.size === 0 || v.dtype.isInteger) ? (items(v) as (number | bigint)[]).map(BigInt) : null
  if (!list || list.some((x) => x < 0n || x > INT64_MOST))
    throw new ValueError(`colors must be a one-dimensional sequence of nonnegative integers not exceeding ${INT64_MOST}.`, { op })
  const total = list.reduce((sum, x) => sum + x, 0n)
  if (total > INT64_MOST)
    throw new ValueError(`sum(colors) must not exceed the maximum value of a 64 bit signed integer (${INT64_MOST})`, { op })
  if (how === 'marginals' && total >= 1000000000n)
    throw new ValueError('When method is "marginals", sum(colors) must be less than 1000000000.', { op })
  if (count > total) throw new ValueError('nsample > sum(colors)', { op })
  if (how === 'count' && total >= 2n ** 27n) {
    throw new MemoryError(`Insufficient memory for multivariate_hypergeometric with method='count' and sum(colors)=${total}`, { op })
  }
  const lead = asSize(size)
  const d = list.length
  const trials = broadcastView(viewOf([Number(count)], [1], float64), [sizeOf(lead)])
  const params = [trials, perLine(lead, d, viewOf(list.map(Number), [d], float64))]
  const drawn = bits.vectors(how === 'count' ? VECTORS.count : VECTORS.marginals, [sizeOf(lead), d], int64, params)
  return unwrap(p.reshape(drawn, [...lead, d]))
}
