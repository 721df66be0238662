/** Tensor's methods: a table from the functions, attached to the prototype when this module is loaded. */

import { RuntimeError } from '../core/errors.ts'
import { attach, attachInPlace, define, put } from './attach.ts'
import * as engine from './autograd/engine.ts'
import { type NumpyOptions, numpy } from './bridge.ts'
import type { DTypeLike } from './dtype.ts'
import * as arithmetic from './functions/arithmetic.ts'
import * as comparison from './functions/comparison.ts'
import * as convert from './functions/convert.ts'
import * as creation from './functions/creation.ts'
import * as indexing from './functions/indexing.ts'
import * as join from './functions/join.ts'
import * as matrix from './functions/matrix.ts'
import * as pointwise from './functions/pointwise.ts'
import * as random from './functions/random.ts'
import * as reduction from './functions/reduction.ts'
import type { ValuesIndices } from './functions/results.ts'
import * as running from './functions/running.ts'
import * as shape from './functions/shape.ts'
import * as sorting from './functions/sorting.ts'
import { inplace, restructured } from './inplace.ts'
import * as decompositions from './linalg/decompositions.ts'
import * as linalgProducts from './linalg/products.ts'
import { inv, pinv } from './linalg/solving.ts'
import * as names from './method_names.ts'
import { attachMore, type MoreMethods } from './methods_more.ts'
import type { Tensor } from './tensor.ts'

/** A function whose first argument is a tensor, as that tensor's method. */
export type Bound<F> = F extends (...args: infer P) => infer R ? (...args: Tail<P>) => R : never
/** Arguments without the first; of a union each alone. */
type Tail<P> = P extends readonly [any?, ...infer A] ? A : P extends readonly [any, ...infer A] ? A : never
export type MethodsOf<M> = { [K in keyof M]: Bound<M[K]> }
export type InPlaceOf<M, K extends keyof M> = { [P in K & string as `${P}_`]: Bound<M[P]> }

type Keys<T extends readonly string[]> = T[number]

/** What Tensor has beside its own members. */
export interface Methods
  extends MoreMethods,
    MethodsOf<Pick<typeof pointwise, Keys<typeof names.fromPointwise>>>,
    MethodsOf<Pick<typeof arithmetic, Keys<typeof names.fromArithmetic>>>,
    MethodsOf<Pick<typeof shape, Keys<typeof names.fromShape>>>,
    MethodsOf<Pick<typeof join, Keys<typeof names.fromJoin>>>,
    MethodsOf<Pick<typeof indexing, Exclude<Keys<typeof names.fromIndexing>, 'nonzero' | 'set'>>>,
    MethodsOf<Pick<typeof convert, Keys<typeof names.fromConvert>>>,
    MethodsOf<Pick<typeof comparison, Keys<typeof names.fromComparison>>>,
    MethodsOf<Pick<typeof reduction, Exclude<Keys<typeof names.fromReduction>, 'max' | 'min' | 'median'>>>,
    MethodsOf<Pick<typeof running, Keys<typeof names.fromRunning>>>,
    MethodsOf<Pick<typeof sorting, Exclude<Keys<typeof names.fromSorting>, 'unique'>>>,
    MethodsOf<Pick<typeof matrix, Keys<typeof names.fromMatrix>>>,
    MethodsOf<Pick<typeof random, Keys<typeof names.fromRandom>>>,
    InPlaceOf<typeof comparison, Keys<typeof names.comparisonInPlace>>,
    InPlaceOf<typeof running, Keys<typeof names.runningInPlace>>,
    InPlaceOf<typeof matrix, Keys<typeof names.matrixInPlace>>,
    MethodsOf<Pick<typeof decompositions, 'det' | 'slogdet'>>,
    MethodsOf<Pick<typeof linalgProducts, 'matrix_power'>>,
    MethodsOf<Pick<typeof creation, Keys<typeof names.fromCreation>>>,
    MethodsOf<Pick<typeof engine, Keys<typeof names.fromEngine>>>,
    InPlaceOf<typeof pointwise, Keys<typeof names.pointwiseInPlace>>,
    InPlaceOf<typeof arithmetic, Keys<typeof names.arithmeticInPlace>>,
    InPlaceOf<typeof indexing, Keys<typeof names.indexingInPlace>>,
    InPlaceOf<typeof join, Keys<typeof names.joinInPlace>>,
    InPlaceOf<typeof shape, Keys<typeof names.restructuring>> {
  /** The indices of the elements that are not zero, one row each; with `as_tuple` one tensor for each dimension. */
  nonzero(options?: { readonly as_tuple?: false }): Tensor
  nonzero(options: { readonly as_tuple: true }): Tensor[]
  /** The greatest element; along a dimension `{ values, indices }`; with another tensor the greater of each pair. */
  max(): Tensor
  max(other: Tensor): Tensor
  max(dim: number | { readonly dim?: number | null; readonly keepdim?: boolean }, keepdim?: boolean): ValuesIndices
  /** The least element; along a dimension `{ values, indices }`; with another tensor the lesser of each pair. */
  min(): Tensor
  min(other: Tensor): Tensor
  min(dim: number | { readonly dim?: number | null; readonly keepdim?: boolean }, keepdim?: boolean): ValuesIndices
  /** The middle of the elements; along a dimension `{ values, indices }`. */
  median(): Tensor
  median(dim: number | { readonly dim?: number | null; readonly keepdim?: boolean }, keepdim?: boolean): ValuesIndices
  /** The elements where the condition holds, else those of `other`. */
  where(condition: Tensor, other: Tensor | number | boolean): Tensor
  /** The different elements in order; with `return_inverse` and `return_counts` a list of results. */
  unique(): Tensor
  unique(options: sorting.UniqueOptions & { readonly return_inverse?: false; readonly return_counts?: false }): Tensor
  unique(options: sorting.UniqueOptions): Tensor[]
  /** Writes a value, the last argument, to the elements that the keys before it name; the tensor itself comes back. */
  set(...keysAndValue: readonly unknown[]): Tensor
  /** The same memory under another shape, one length of which may be -1; or under another dtype of the same size. */
  view(...shape: readonly (number | readonly number[])[]): Tensor
  view(dtype: DTypeLike): Tensor
  view(options: { readonly shape: readonly number[] }): Tensor
  /** Adds the derivatives of this tensor to the `grad` of the leaves that it was computed from. See `torch.autograd.backward`. */
  backward(
    gradient?: Tensor | null | engine.BackwardOptions,
    retain_graph?: boolean | null,
    create_graph?: boolean,
    inputs?: readonly Tensor[],
  ): void
  /** The inverses of square matrices. */
  inverse(): Tensor
  /** The pseudo-inverses. */
  pinverse(): Tensor
  /** An array over the tensor's memory: writes through either are seen by both. */
  numpy(options?: NumpyOptions | boolean): ReturnType<typeof numpy>
  /** Itself: the number of elements is counted by `numel`. */
  nelement(): number
  /** The number of dimensions. */
  ndimension(): number
}

const absInPlace = inplace(pointwise.abs)

type AnyFunction = (input: Tensor, ...args: any[]) => any

attach(pointwise, names.fromPointwise)
attach(arithmetic, names.fromArithmetic)
attach(shape, [...names.fromShape, 'view'])
attach(join, names.fromJoin)
attach(indexing, names.fromIndexing)
attach(convert, names.fromConvert)
attach(comparison, names.fromComparison)
attach(reduction, names.fromReduction)
attach(running, names.fromRunning)
attach(sorting, names.fromSorting)
attach(matrix, names.fromMatrix)
attach(random, names.fromRandom)
attach(creation, names.fromCreation)
attach({ ...decompositions, ...linalgProducts, inverse: inv, pinverse: pinv }, ['det', 'slogdet', 'matrix_power', 'inverse', 'pinverse'])
attach(engine, names.fromEngine)
attachInPlace(pointwise, names.pointwiseInPlace)
attachInPlace(arithmetic, names.arithmeticInPlace)
attachInPlace(indexing, names.indexingInPlace)
attachInPlace(join, names.joinInPlace)
attachInPlace(comparison, names.comparisonInPlace)
attachInPlace(running, names.runningInPlace)
attachInPlace(matrix, names.matrixInPlace)
put('abs_', function (this: Tensor) {
  if (this.is_complex()) throw new RuntimeError('In-place abs is not supported for complex tensors.', { op: 'abs_' })
  return absInPlace.call(this)
})
put('where', function (this: Tensor, condition: Tensor, other: Tensor) {
  return arithmetic.where(condition, this, other)
})
for (const name of names.restructuring) put(`${name}_`, restructured(shape[name] as AnyFunction))
define('numpy', numpy)
put('backward', function (this: Tensor, ...args) {
  engine.backwardOf(this, ...args)
})
put('nelement', function (this: Tensor) {
  return this.numel()
})
put('ndimension', function (this: Tensor) {
  return this.ndim
})
attachMore()
