/** The limits of dtypes, and what can be cast and promoted to what. */

import { signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { DTYPES, type DType, dtypeOf, float16, float32, integerRange, realOf } from '../core/dtype.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import { type Casting, canCast, promoteTypes, resultType, type Weak } from '../core/promote.ts'
import { scalarKind } from '../lib/nested.ts'
import { asView } from './convert.ts'
import { asDType } from './dtypes.ts'
import { NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike } from './types.ts'

/** The limits of a floating dtype, under NumPy's names. */
export interface FloatInfo {
  readonly dtype: DType
  /** Bits of a number. */
  readonly bits: number
  /** The gap between 1 and the next number. */
  readonly eps: number
  /** The gap between 1 and the number before. */
  readonly epsneg: number
  readonly max: number
  readonly min: number
  /** The least positive normal number. */
  readonly tiny: number
  readonly smallest_normal: number
  readonly smallest_subnormal: number
  /** Decimal digits that are always kept, and 10 to minus that. */
  readonly precision: number
  readonly resolution: number
  /** Bits of the mantissa and of the exponent. */
  readonly nmant: number
  readonly nexp: number
  readonly iexp: number
  readonly machep: number
  readonly negep: number
  readonly minexp: number
  readonly maxexp: number
}

const makeFloat = (dtype: DType, nmant: number, nexp: number, precision: number): FloatInfo => {
  const maxexp = 2 ** (nexp - 1)
  const minexp = 2 - maxexp
  const max = (2 - 2 ** -nmant) * 2 ** (maxexp - 1)
  return Object.freeze({
    dtype,
    bits: dtype.itemsize * 8,
    eps: 2 ** -nmant,
    epsneg: 2 ** (-nmant - 1),
    max,
    min: -max,
    tiny: 2 ** minexp,
    smallest_normal: 2 ** minexp,
    smallest_subnormal: 2 ** (minexp - nmant),
    precision,
    resolution: Number(`1e-${precision}`),
    nmant,
    nexp,
    iexp: nexp,
    machep: -nmant,
    negep: -nmant - 1,
    minexp,
    maxexp,
  })
}

const FLOATS = new Map<string, FloatInfo>([
  ['float16', makeFloat(float16, 10, 5, 3)],
  ['bfloat16', makeFloat(dtypeOf('bfloat16'), 7, 8, 2)],
  ['float32', makeFloat(float32, 23, 8, 6)],
  ['float64', makeFloat(dtypeOf('float64'), 52, 11, 15)],
])

/** A dtype, or that of an array or number. */
const dtypeFrom = (x: DTypeLike | ArrayLike): DType =>
  x instanceof NDArray || typeof x === 'number' || typeof x === 'bigint' ? asView(x as ArrayLike).dtype : asDType(x as DTypeLike)

/**
 * The limits of a floating dtype; of a complex one, those of its parts.
 *
 * @example
 * np.finfo('float32').eps // => 1.1920928955078125e-7
 * np.finfo(np.float64).max // => 1.7976931348623157e+308
 */
export const finfo = /* @__PURE__ */ byName('finfo', 'dtype', (dtype: DTypeLike | ArrayLike): FloatInfo => {
  const d = dtypeFrom(dtype)
  const found = FLOATS.get(realOf(d).name)
  if (!found) throw new ValueError(`data type dtype('${d.name}') not inexact`, { dtypes: [d.name] })
  return found
})

/** The limits of an integer dtype, under NumPy's names. */
export interface IntegerInfo {
  readonly dtype: DType
  readonly bits: number
  /** `'i'` signed, `'u'` unsigned. */
  readonly kind: string
  /** A bigint beyond what numbers hold exactly. */
  readonly min: number | bigint
  readonly max: number | bigint
}

/**
 * The limits of an integer dtype.
 *
 * @example
 * np.iinfo('int8').max // => 127
 * np.iinfo('int64').max // => 9223372036854775807n
 */
export const iinfo = /* @__PURE__ */ byName('iinfo', 'int_type', (type: DTypeLike | ArrayLike): IntegerInfo => {
  const d = dtypeFrom(type)
  if (!d.isInteger) throw new ValueError(`Invalid integer data type '${d.kind}'.`, { dtypes: [d.name] })
  const [min, max] = integerRange(d).map((x) => (d.itemsize < 8 || x === 0n ? Number(x) : x))
  return Object.freeze({ dtype: d, bits: d.itemsize * 8, kind: d.kind, min: min!, max: max! })
})

const castArgs = signature<{ casting?: Casting }>('can_cast', ['casting'], [], 2)

/**
 * Whether a dtype can be cast to another by a rule: `'safe'` unless given.
 *
 * @example
 * np.can_cast('int32', 'float64') // => true
 * np.can_cast('float64', 'int32', 'same_kind') // => false
 */
export const can_cast = /* @__PURE__ */ byName(
  'can_cast',
  'from_ to',
  (from_: DTypeLike | NDArray, to: DTypeLike, ...rest: [] | [Casting | { casting?: Casting }]): boolean => {
    if (typeof from_ === 'number' || typeof from_ === 'boolean' || typeof from_ === 'bigint') {
      throw new ArgumentError(
        'can_cast() does not support Python ints, floats, and complex because the result used to depend on the value.',
        { op: 'can_cast' },
      )
    }
    return canCast(from_ instanceof NDArray ? from_.value.dtype : asDType(from_), asDType(to), castArgs(rest).casting ?? 'safe')
  },
)

/**
 * The smallest dtype that both cast to safely.
 *
 * @example
 * np.promote_types('int8', 'uint8') // => dtype('int16')
 */
export const promote_types = (type1: DTypeLike, type2: DTypeLike): DType => promoteTypes(asDType(type1), asDType(type2))

/**
 * The dtype that an operation on arrays, dtypes and scalars computes in; the size of scalars does not count.
 *
 * @example
 * np.result_type('float32', 3.5) // => dtype('float32')
 * np.result_type('int64', 'float32') // => dtype('float64')
 */
export function result_type(...arrays_and_dtypes: (ArrayLike | DTypeLike)[]): DType {
  const strong: DType[] = []
  const weak: Weak[] = []
  for (const x of arrays_and_dtypes) {
    const kind = scalarKind(x)
    if (kind !== null) weak.push(kind)
    else if (typeof x === 'string' || typeof x === 'function' || DTYPES.includes(x as DType)) strong.push(asDType(x as DTypeLike))
    else strong.push(asView(x as ArrayLike).dtype)
  }
  if (arrays_and_dtypes.length === 0) throw new ValueError('at least one array or dtype is required', { op: 'result_type' })
  return resultType(strong, weak)
}

/** The kinds that the names of abstract dtypes stand for. */
const ABSTRACT: Readonly<Record<string, string>> = {
  generic: 'biufcO',
  number: 'iufc',
  integer: 'iu',
  signedinteger: 'i',
  unsignedinteger: 'u',
  inexact: 'fc',
  floating: 'f',
  complexfloating: 'c',
  flexible: '',
  character: '',
}

/**
 * Whether a dtype is another, or of an abstract kind: `np.integer`, `np.floating`, `np.number`, ...
 *
 * @example
 * np.issubdtype('int32', np.integer) // => true
 * np.issubdtype(np.float32, np.float64) // => false
 */
export const issubdtype = /* @__PURE__ */ byName('issubdtype', 'arg1 arg2', (arg1: DTypeLike, arg2: DTypeLike | AbstractDType): boolean => {
  const kinds =
    typeof arg2 === 'object' && 'abstract' in arg2 ? ABSTRACT[arg2.abstract] : typeof arg2 === 'string' ? ABSTRACT[arg2] : undefined
  return kinds === undefined ? asDType(arg1) === asDType(arg2 as DTypeLike) : kinds.includes(asDType(arg1).kind)
})

/** A kind of dtypes, for `issubdtype`. */
export interface AbstractDType {
  readonly abstract: string
}
const abstract = (name: string): AbstractDType => Object.freeze({ abstract: name })
/** Every dtype, for `issubdtype`. */
export const generic = abstract('generic')
/** Every numeric dtype but bool, for `issubdtype`. */
export const number = abstract('number')
/** Every integer dtype, for `issubdtype`. */
export const integer = abstract('integer')
/** Every signed integer dtype, for `issubdtype`. */
export const signedinteger = abstract('signedinteger')
/** Every unsigned integer dtype, for `issubdtype`. */
export const unsignedinteger = abstract('unsignedinteger')
/** Every real or complex floating dtype, for `issubdtype`. */
export const inexact = abstract('inexact')
/** Every real floating dtype, for `issubdtype`. */
export const floating = abstract('floating')
/** Every dtype of items of any length, for `issubdtype`: none here. */
export const flexible = abstract('flexible')
/** Every dtype of text, for `issubdtype`: none here. */
export const character = abstract('character')
/** Every complex dtype, for `issubdtype`. */
export const complexfloating = abstract('complexfloating')

/**
 * Whether a dtype is of a kind, named as in the array API: `'bool'`, `'signed integer'`, `'unsigned integer'`, `'integral'`,
 * `'real floating'`, `'complex floating'`, `'numeric'`, or is a dtype.
 *
 * @example
 * np.isdtype(np.float32, 'real floating') // => true
 */
export const isdtype = /* @__PURE__ */ byName(
  'isdtype',
  'dtype',
  (dtype: DTypeLike, kind: string | DTypeLike | readonly (string | DTypeLike)[]): boolean => {
    const named: Readonly<Record<string, string>> = {
      bool: 'b',
      'signed integer': 'i',
      'unsigned integer': 'u',
      integral: 'iu',
      'real floating': 'f',
      'complex floating': 'c',
      numeric: 'iufc',
    }
    const d = asDType(dtype)
    const kinds = Array.isArray(kind) ? kind : [kind]
    return kinds.some((k) => (typeof k === 'string' && named[k] !== undefined ? named[k]!.includes(d.kind) : asDType(k as DTypeLike) === d))
  },
)

/**
 * The smallest dtype that holds a scalar's value; the dtype of an array.
 *
 * @example
 * np.min_scalar_type(300) // => dtype('uint16')
 */
export function min_scalar_type(a: ArrayLike): DType {
  const kind = scalarKind(a)
  if (kind !== 'int') {
    if (kind === 'bool') return dtypeOf('bool')
    if (kind === 'float') return smallestFloat(a as number)
    return kind === 'complex' ? dtypeOf('complex64') : asView(a).dtype
  }
  const x = BigInt(a as number | bigint)
  const names = x < 0n ? ['int8', 'int16', 'int32', 'int64'] : ['uint8', 'uint16', 'uint32', 'uint64']
  return names.map(dtypeOf).find((d) => x >= integerRange(d)[0] && x <= integerRange(d)[1]) ?? dtypeOf('object')
}

const smallestFloat = (x: number): DType =>
  ['float16', 'float32', 'float64'].map((name) => FLOATS.get(name)!).find(({ max }) => !Number.isFinite(x) || Math.abs(x) <= max)!.dtype

/**
 * The dtype that all the given arrays' values fit in, as a floating one.
 *
 * @example
 * np.common_type(np.array([1], 'float32'), np.array([1])) // => dtype('float64')
 */
export function common_type(...arrays: ArrayLike[]): DType {
  const dtypes = arrays.map((a) => asView(a).dtype)
  return resultType(dtypes.map((d) => (d.isInteger ? dtypeOf('float64') : d.kind === 'b' ? float16 : d)))
}
