/** The types of the NumPy facade's arguments and results. */

import type { Complex } from '../core/complex.ts'
import type { DType, DTypeName } from '../core/dtype.ts'
import type { NDArray } from './ndarray.ts'

/** What an element of a dtype is in JavaScript. int64 and uint64 are numbers where those are exact, else bigints. */
export type ItemOf<D extends DTypeName> = D extends 'bool'
  ? boolean
  : D extends 'int64' | 'uint64'
    ? number | bigint
    : D extends 'complex64' | 'complex128'
      ? Complex
      : D extends 'object'
        ? any // an object array holds anything
        : number

/** A single value that NumPy would call a scalar. */
export type Scalar = number | bigint | boolean | Complex

/** What functions take as an array: an array, a typed array, a scalar, or lists of them, nested. */
export type ArrayLike = NDArray | ArrayBufferView | Scalar | string | null | readonly ArrayLike[] | object

/** What functions take as a dtype: a DType, a name (`'float64'`, `'f8'`, `'<f8'`, `'d'`), or one of JavaScript's own constructors. */
export type DTypeLike = DType | string | NumberConstructor | BooleanConstructor | BigIntConstructor | ObjectConstructor

/** The dtype's name that a DTypeLike stands for, where the type tells it. */
export type NameOf<L> = L extends DType<infer N> ? N : L extends DTypeName ? L : any // the name is not in the type

/** One axis, several, or null for all. */
export type Axis = number | readonly number[] | null

/** A shape as an argument; a number is a shape of one axis. */
export type ShapeLike = number | readonly number[]

/**
 * A scalar or an array, as NumPy returns it: full reductions and operations on 0-d operands give a JavaScript scalar, others an array.
 * Which one depends on shapes, which are not in the types.
 */
export type Result = any

export type { Complex, DType, DTypeName }
