/** Tensor's methods: a table from the functions, attached to the prototype when this module is loaded. */

import * as engine from './autograd/engine.ts'
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
import { Tensor } from './tensor.ts'

/** A function whose first argument is a tensor, as that tensor's method. */
type Bound<F> = F extends (input: any, ...rest: infer A extends readonly any[]) => infer R ? (...args: A) => R : never
type MethodsOf<M> = { [K in keyof M]: Bound<M[K]> }
type InPlaceOf<M, K extends keyof M> = { [P in K & string as `${P}_`]: Bound<M[P]> }

const fromPointwise = [
  'abs',
  'absolute',
  'acos',
  'acosh',
  'angle',
  'arccos',
  'arccosh',
  'arcsin',
  'arcsinh',
  'arctan',
  'arctanh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'bitwise_not',
  'ceil',
  'conj',
  'cos',
  'cosh',
  'deg2rad',
  'digamma',
  'erf',
  'erfc',
  'erfinv',
  'exp',
  'exp2',
  'expm1',
  'fix',
  'floor',
  'frac',
  'i0',
  'isfinite',
  'isinf',
  'isnan',
  'lgamma',
  'log',
  'log10',
  'log1p',
  'log2',
  'logical_not',
  'logit',
  'nan_to_num',
  'neg',
  'negative',
  'positive',
  'rad2deg',
  'reciprocal',
  'relu',
  'round',
  'rsqrt',
  'sgn',
  'sigmoid',
  'sign',
  'signbit',
  'sin',
  'sinc',
  'sinh',
  'sqrt',
  'square',
  'tan',
  'tanh',
  'trunc',
] as const
const fromArithmetic = [
  'add',
  'addcdiv',
  'addcmul',
  'atan2',
  'bitwise_and',
  'bitwise_left_shift',
  'bitwise_or',
  'bitwise_right_shift',
  'bitwise_xor',
  'clamp',
  'clamp_max',
  'clamp_min',
  'clip',
  'copysign',
  'div',
  'divide',
  'float_power',
  'floor_divide',
  'fmax',
  'fmin',
  'fmod',
  'gcd',
  'heaviside',
  'hypot',
  'lcm',
  'lerp',
  'logaddexp',
  'logaddexp2',
  'logical_and',
  'logical_or',
  'logical_xor',
  'maximum',
  'minimum',
  'mul',
  'multiply',
  'nextafter',
  'pow',
  'remainder',
  'rsub',
  'sub',
  'subtract',
  'true_divide',
  'xlogy',
] as const
const fromShape = [
  'adjoint',
  'broadcast_to',
  'chunk',
  'clone',
  'contiguous',
  'diagonal',
  'expand',
  'expand_as',
  'flatten',
  'moveaxis',
  'movedim',
  'narrow',
  'permute',
  'ravel',
  'reshape',
  'reshape_as',
  'select',
  'split',
  'squeeze',
  'swapaxes',
  'swapdims',
  't',
  'tensor_split',
  'transpose',
  'unbind',
  'unflatten',
  'unfold',
  'unsqueeze',
  'view_as',
] as const
const fromJoin = [
  'diag',
  'diag_embed',
  'diagflat',
  'flip',
  'fliplr',
  'flipud',
  'hsplit',
  'repeat',
  'repeat_interleave',
  'roll',
  'rot90',
  'split_with_sizes',
  'tile',
  'tril',
  'triu',
  'vsplit',
] as const
const fromIndexing = [
  'argwhere',
  'at',
  'gather',
  'index_add',
  'index_copy',
  'index_fill',
  'index_put',
  'index_select',
  'masked_fill',
  'masked_select',
  'nonzero',
  'scatter',
  'scatter_add',
  'scatter_reduce',
  'set',
  'take',
  'take_along_dim',
] as const
const fromConvert = [
  'bfloat16',
  'bool',
  'byte',
  'cdouble',
  'cfloat',
  'char',
  'copy_',
  'cpu',
  'double',
  'fill_',
  'float',
  'half',
  'int',
  'long',
  'short',
  'to',
  'type_as',
  'zero_',
] as const
const fromComparison = [
  'allclose',
  'eq',
  'equal',
  'ge',
  'greater',
  'greater_equal',
  'gt',
  'isclose',
  'le',
  'less',
  'less_equal',
  'lt',
  'ne',
  'not_equal',
] as const
const fromReduction = [
  'all',
  'amax',
  'amin',
  'aminmax',
  'any',
  'argmax',
  'argmin',
  'count_nonzero',
  'dist',
  'logsumexp',
  'max',
  'mean',
  'median',
  'min',
  'nanmean',
  'nansum',
  'norm',
  'prod',
  'std',
  'sum',
  'var',
] as const
const fromRunning = ['cummax', 'cummin', 'cumprod', 'cumsum', 'diff', 'log_softmax', 'logcumsumexp', 'softmax'] as const
const fromSorting = ['argsort', 'bincount', 'kthvalue', 'msort', 'sort', 'topk', 'unique', 'unique_consecutive'] as const
const fromMatrix = [
  'addbmm',
  'addmm',
  'addmv',
  'addr',
  'baddbmm',
  'bmm',
  'cross',
  'dot',
  'inner',
  'kron',
  'matmul',
  'mm',
  'mv',
  'outer',
  'trace',
  'vdot',
] as const
const fromRandom = [
  'bernoulli',
  'bernoulli_',
  'cauchy_',
  'exponential_',
  'geometric_',
  'log_normal_',
  'multinomial',
  'normal_',
  'random_',
  'uniform_',
] as const
const fromCreation = ['new_empty', 'new_full', 'new_ones', 'new_tensor', 'new_zeros'] as const
const fromEngine = ['detach', 'detach_', 'register_hook', 'register_post_accumulate_grad_hook', 'requires_grad_', 'retain_grad'] as const

const pointwiseInPlace = [
  'abs',
  'acos',
  'acosh',
  'asin',
  'asinh',
  'atan',
  'atanh',
  'bitwise_not',
  'ceil',
  'cos',
  'cosh',
  'deg2rad',
  'digamma',
  'erf',
  'erfc',
  'erfinv',
  'exp',
  'exp2',
  'expm1',
  'floor',
  'frac',
  'lgamma',
  'log',
  'log10',
  'log1p',
  'log2',
  'logical_not',
  'logit',
  'nan_to_num',
  'neg',
  'rad2deg',
  'reciprocal',
  'relu',
  'round',
  'rsqrt',
  'sigmoid',
  'sign',
  'sin',
  'sinc',
  'sinh',
  'sqrt',
  'square',
  'tan',
  'tanh',
  'trunc',
] as const
const arithmeticInPlace = [
  'add',
  'addcdiv',
  'addcmul',
  'atan2',
  'bitwise_and',
  'bitwise_left_shift',
  'bitwise_or',
  'bitwise_right_shift',
  'bitwise_xor',
  'clamp',
  'clamp_max',
  'clamp_min',
  'clip',
  'copysign',
  'div',
  'divide',
  'float_power',
  'floor_divide',
  'fmod',
  'gcd',
  'heaviside',
  'hypot',
  'lcm',
  'lerp',
  'logical_and',
  'logical_or',
  'logical_xor',
  'mul',
  'multiply',
  'nextafter',
  'pow',
  'remainder',
  'sub',
  'subtract',
  'true_divide',
  'xlogy',
] as const
const indexingInPlace = [
  'index_add',
  'index_copy',
  'index_fill',
  'index_put',
  'masked_fill',
  'scatter',
  'scatter_add',
  'scatter_reduce',
] as const
const comparisonInPlace = ['eq', 'ge', 'gt', 'le', 'lt', 'ne'] as const
const runningInPlace = ['cumprod', 'cumsum'] as const
const matrixInPlace = ['addbmm', 'addmm', 'addmv', 'addr', 'baddbmm'] as const
const joinInPlace = ['tril', 'triu'] as const
const restructuring = ['squeeze', 'swapaxes', 'swapdims', 't', 'transpose', 'unsqueeze'] as const

type Keys<T extends readonly string[]> = T[number]

/** What Tensor has beside its own members. */
export interface Methods
  extends MethodsOf<Pick<typeof pointwise, Keys<typeof fromPointwise>>>,
    MethodsOf<Pick<typeof arithmetic, Keys<typeof fromArithmetic>>>,
    MethodsOf<Pick<typeof shape, Keys<typeof fromShape>>>,
    MethodsOf<Pick<typeof join, Keys<typeof fromJoin>>>,
    MethodsOf<Pick<typeof indexing, Exclude<Keys<typeof fromIndexing>, 'nonzero' | 'set'>>>,
    MethodsOf<Pick<typeof convert, Keys<typeof fromConvert>>>,
    MethodsOf<Pick<typeof comparison, Keys<typeof fromComparison>>>,
    MethodsOf<Pick<typeof reduction, Exclude<Keys<typeof fromReduction>, 'max' | 'min' | 'median'>>>,
    MethodsOf<Pick<typeof running, Keys<typeof fromRunning>>>,
    MethodsOf<Pick<typeof sorting, Exclude<Keys<typeof fromSorting>, 'unique'>>>,
    MethodsOf<Pick<typeof matrix, Keys<typeof fromMatrix>>>,
    MethodsOf<Pick<typeof random, Keys<typeof fromRandom>>>,
    InPlaceOf<typeof comparison, Keys<typeof comparisonInPlace>>,
    InPlaceOf<typeof running, Keys<typeof runningInPlace>>,
    InPlaceOf<typeof matrix, Keys<typeof matrixInPlace>>,
    MethodsOf<Pick<typeof decompositions, 'det' | 'slogdet'>>,
    MethodsOf<Pick<typeof linalgProducts, 'matrix_power'>>,
    MethodsOf<Pick<typeof creation, Keys<typeof fromCreation>>>,
    MethodsOf<Pick<typeof engine, Keys<typeof fromEngine>>>,
    InPlaceOf<typeof pointwise, Keys<typeof pointwiseInPlace>>,
    InPlaceOf<typeof arithmetic, Keys<typeof arithmeticInPlace>>,
    InPlaceOf<typeof indexing, Keys<typeof indexingInPlace>>,
    InPlaceOf<typeof join, Keys<typeof joinInPlace>>,
    InPlaceOf<typeof shape, Keys<typeof restructuring>> {
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
  /** Itself: the number of elements is counted by `numel`. */
  nelement(): number
  /** The number of dimensions. */
  ndimension(): number
}

type AnyFunction = (input: Tensor, ...args: any[]) => any

/** Attaches functions as methods of their names. */
export function attach(
  functions: Readonly<Record<string, unknown>>,
  names: readonly string[],
  rename: (name: string) => string = (n) => n,
): void {
  for (const name of names) define(rename(name), functions[name] as AnyFunction)
}

function define(name: string, f: AnyFunction): void {
  const method = function (this: Tensor, ...args: unknown[]): unknown {
    return f(this, ...args)
  }
  put(name, method)
}

function put(name: string, method: (this: Tensor, ...args: any[]) => unknown): void {
  Object.defineProperty(method, 'name', { value: name })
  Object.defineProperty(Tensor.prototype, name, { value: method, writable: true, configurable: true })
}

/** Attaches the in-place methods of functions. */
export function attachInPlace(functions: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  for (const name of names) put(`${name}_`, inplace(functions[name] as AnyFunction))
}

attach(pointwise, fromPointwise)
attach(arithmetic, fromArithmetic)
attach(shape, [...fromShape, 'view'])
attach(join, fromJoin)
attach(indexing, fromIndexing)
attach(convert, fromConvert)
attach(comparison, fromComparison)
attach(reduction, fromReduction)
attach(running, fromRunning)
attach(sorting, fromSorting)
attach(matrix, fromMatrix)
attach(random, fromRandom)
attach(creation, fromCreation)
attach({ ...decompositions, ...linalgProducts, inverse: inv, pinverse: pinv }, ['det', 'slogdet', 'matrix_power', 'inverse', 'pinverse'])
attach(engine, fromEngine)
attachInPlace(pointwise, pointwiseInPlace)
attachInPlace(arithmetic, arithmeticInPlace)
attachInPlace(indexing, indexingInPlace)
attachInPlace(join, joinInPlace)
attachInPlace(comparison, comparisonInPlace)
attachInPlace(running, runningInPlace)
attachInPlace(matrix, matrixInPlace)
put('where', function (this: Tensor, condition: Tensor, other: Tensor) {
  return arithmetic.where(condition, this, other)
})
for (const name of restructuring) put(`${name}_`, restructured(shape[name] as AnyFunction))
put('backward', function (this: Tensor, ...args) {
  engine.backwardOf(this, ...args)
})
put('nelement', function (this: Tensor) {
  return this.numel()
})
put('ndimension', function (this: Tensor) {
  return this.ndim
})
