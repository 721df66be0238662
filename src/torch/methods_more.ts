/** Tensor's less common methods, attached to the prototype as those of methods.ts are. */

import { attach, attachInPlace, define } from './attach.ts'
import * as arithmetic from './functions/arithmetic.ts'
import * as comparison from './functions/comparison.ts'
import * as matrix from './functions/matrix.ts'
import * as pointwise from './functions/pointwise.ts'
import * as quantiles from './functions/quantiles.ts'
import type { ValuesIndices } from './functions/results.ts'
import * as special from './functions/special_pointwise.ts'
import * as spectral from './functions/spectral.ts'
import * as statistics from './functions/statistics.ts'
import * as own from './functions/tensor_only.ts'
import * as writing from './functions/writing.ts'
import * as lu from './linalg/lu.ts'
import * as decompositions from './linalg/more.ts'
import * as reflections from './linalg/reflections.ts'
import type { Bound, InPlaceOf, MethodsOf } from './methods.ts'
import { hardshrink, prelu } from './nn/functional/activation.ts'
import type { Tensor } from './tensor.ts'

/** The words of a line, as a union of their types. */
type Words<S extends string, R = never> = S extends `${infer A} ${infer B}` ? Words<B, R | A> : R | S
const words = <const S extends string>(line: S): readonly Words<S>[] => line.split(' ') as Words<S>[]
type Key<T extends readonly string[]> = T[number]

const fromWriting = words('as_strided as_strided_scatter diagonal_scatter index_reduce masked_scatter put select_scatter slice_scatter')
const fromSpecial = words('conj_physical frexp igamma igammac isneginf isposinf isreal ldexp mvlgamma resolve_conj resolve_neg')
const fromQuantiles = words('mode nanquantile quantile')
const fromStatistics = words('corrcoef cov histc histogram renorm')
const fromDecompositions = words('cholesky_inverse cholesky_solve logdet matrix_exp svd triangular_solve')
const fromOwn = words(
  '__contains__ as_strided_ cuda get_device is_conj is_inference is_neg is_nonzero is_same_size new_empty_strided resize_ resize_as_ set_ sum_to_size type untyped_storage',
)
const writingInPlace = words('index_reduce masked_scatter put')
const specialInPlace = words('conj_physical igamma igammac ldexp mvlgamma')
const pointwiseInPlace = words('absolute arccos arccosh arcsin arcsinh arctan arctanh fix i0 negative sgn')
const comparisonInPlace = words('greater greater_equal less less_equal not_equal')

/** What methods_more.ts attaches. */
export interface MoreMethods
  extends MethodsOf<Pick<typeof writing, Key<typeof fromWriting>>>,
    MethodsOf<Pick<typeof special, Key<typeof fromSpecial>>>,
    MethodsOf<Pick<typeof quantiles, Key<typeof fromQuantiles>>>,
    MethodsOf<Pick<typeof statistics, Key<typeof fromStatistics>>>,
    MethodsOf<Pick<typeof spectral, 'istft' | 'stft'>>,
    MethodsOf<Pick<typeof decompositions, Key<typeof fromDecompositions>>>,
    MethodsOf<Pick<typeof reflections, 'geqrf' | 'ormqr'>>,
    MethodsOf<Pick<typeof own, Key<typeof fromOwn>>>,
    InPlaceOf<typeof writing, Key<typeof writingInPlace>>,
    InPlaceOf<typeof special, Key<typeof specialInPlace>>,
    InPlaceOf<typeof pointwise, Key<typeof pointwiseInPlace>>,
    InPlaceOf<typeof comparison, Key<typeof comparisonInPlace>>,
    InPlaceOf<typeof statistics, 'renorm'> {
  /** The middle of the elements that are not NaN; along a dimension `{ values, indices }`. */
  nanmedian(): Tensor
  nanmedian(dim: number | { readonly dim?: number | null; readonly keepdim?: boolean }, keepdim?: boolean): ValuesIndices
  /** The n-th derivative of digamma at each element. */
  polygamma(n: number): Tensor
  polygamma_(n: number): Tensor
  arctan2: Bound<typeof arithmetic.atan2>
  arctan2_: Bound<typeof arithmetic.atan2>
  lu_solve: Bound<typeof lu.lu_solve>
  orgqr: Bound<typeof reflections.householder_product>
  ger: Bound<typeof matrix.outer>
  /** The elements, or 0 within `lambd` of 0. */
  hardshrink(lambd?: number): Tensor
  /** The elements, those below 0 times a weight for each channel. */
  prelu(weight: Tensor): Tensor
}

/** Attaches them. */
export function attachMore(): void {
  attach(writing, fromWriting)
  attach(special, fromSpecial)
  attach(quantiles, [...fromQuantiles, 'nanmedian'])
  attach(statistics, fromStatistics)
  attach(spectral, ['istft', 'stft'])
  attach(decompositions, fromDecompositions)
  attach(reflections, ['geqrf', 'ormqr'])
  attach(own, fromOwn)
  attach(
    { arctan2: arithmetic.atan2, hardshrink, ger: matrix.outer, lu_solve: lu.lu_solve, orgqr: reflections.householder_product, prelu },
    ['arctan2', 'ger', 'hardshrink', 'lu_solve', 'orgqr', 'prelu'],
  )
  attachInPlace(writing, writingInPlace)
  attachInPlace(special, specialInPlace)
  attachInPlace(pointwise, pointwiseInPlace)
  attachInPlace(comparison, comparisonInPlace)
  attachInPlace({ arctan2: arithmetic.atan2, renorm: statistics.renorm }, ['arctan2', 'renorm'])
  define('polygamma', (self, n: number) => special.polygamma(n, self))
  attachInPlace({ polygamma: (self: Tensor, n: number) => special.polygamma(n, self) }, ['polygamma'])
}
