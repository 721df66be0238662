/** Dtypes as NumPy's users name them, and questions about them: casting, promotion, limits. */

import { type Rest, signature } from '../core/arguments.ts'
import { describe } from '../core/describe.ts'
import {
  bool as boolDType,
  DTYPES,
  type DType,
  type DTypeName,
  findDType,
  float64 as float64DType,
  int64 as int64DType,
  object as objectDType,
} from '../core/dtype.ts'
import { ArgumentError, DTypeError, KeyError } from '../core/errors.ts'
import type { DTypeLike, NameOf } from './types.ts'

export {
  bfloat16,
  bool,
  bool as bool_,
  complex64,
  complex64 as csingle,
  complex128,
  complex128 as cdouble,
  float16,
  float16 as half,
  float32,
  float32 as single,
  float64,
  float64 as double,
  int8,
  int8 as byte,
  int16,
  int16 as short,
  int32,
  int32 as intc,
  int64,
  int64 as int_,
  int64 as intp,
  int64 as long,
  int64 as longlong,
  object as object_,
  uint8,
  uint8 as ubyte,
  uint16,
  uint16 as ushort,
  uint32,
  uint32 as uintc,
  uint64,
  uint64 as uint,
  uint64 as uintp,
  uint64 as ulong,
  uint64 as ulonglong,
} from '../core/dtype.ts'

/** Other names of dtypes: NumPy's codes, characters and Python's types. */
const ALIASES: Readonly<Record<string, string>> = {
  float: 'float64',
  double: 'float64',
  single: 'float32',
  half: 'float16',
  int: 'int64',
  int_: 'int64',
  intp: 'int64',
  long: 'int64',
  longlong: 'int64',
  q: 'int64',
  p: 'int64',
  uint: 'uint64',
  uintp: 'uint64',
  Q: 'uint64',
  P: 'uint64',
  intc: 'int32',
  uintc: 'uint32',
  byte: 'int8',
  ubyte: 'uint8',
  short: 'int16',
  ushort: 'uint16',
  complex: 'complex128',
  cdouble: 'complex128',
  csingle: 'complex64',
  bool_: 'bool',
  object_: 'object',
  O: 'object',
  b1: 'bool',
}

const names = new Map<string, DType>([
  ...DTYPES.map((d) => [d.name, d] as const),
  ...DTYPES.filter((d) => !d.isObject && d.name !== 'bfloat16').flatMap((d) => [
    [d.char, d] as const,
    [`${d.kind}${d.itemsize}`, d] as const,
  ]),
  ...Object.entries(ALIASES).map(([alias, name]) => [alias, findDType(name)!] as const),
])
// 'b1' is bool and 'i1' int8, though the character of int8 is 'b'.
const constructors = new Map<unknown, DType>([
  [Number, float64DType],
  [Boolean, boolDType],
  [BigInt, int64DType],
  [Object, objectDType],
])

/** What NumPy calls the types of its characters. */
const TYPE_NAMES: Readonly<Record<string, string>> = {
  S1: 'character',
  '?': 'bool',
  b: 'signed char',
  B: 'unsigned char',
  h: 'short',
  H: 'unsigned short',
  i: 'integer',
  I: 'unsigned integer',
  l: 'long integer',
  L: 'unsigned long integer',
  q: 'long long integer',
  Q: 'unsigned long long integer',
  f: 'single precision',
  d: 'double precision',
  g: 'long precision',
  F: 'complex single precision',
  D: 'complex double precision',
  G: 'complex long double precision',
  S: 'string',
  U: 'unicode',
  V: 'void',
  O: 'object',
}

/**
 * What the type of a dtype's character is called. A KeyError for other texts.
 *
 * @example
 * np.typename('d') // => 'double precision'
 */
export function typename(char: string): string {
  const name = Object.hasOwn(TYPE_NAMES, char) ? TYPE_NAMES[char] : undefined
  if (name === undefined) throw new KeyError(`'${char}'`)
  return name
}

const BY_SIZE = 'GDFgdfQqLlIiHhBb?'

/**
 * The character of the least type of `typeset` that those of `typechars` (characters, or arrays) cast to safely; `def` when none of them is
 * in the set.
 *
 * @example
 * np.mintypecode(['d', 'f', 'S']) // => 'd'
 */
export function mintypecode(
  typechars: string | readonly (string | { readonly dtype: { readonly char: string } })[],
  ...rest: Rest<{ typeset?: string; default?: string }, ['typeset', 'default']>
): string {
  const { typeset = 'GDFgdf', default: otherwise = 'd' } = mintypecodeArgs(rest)
  if (typeof (typechars as Partial<Iterable<unknown>> | null)?.[Symbol.iterator] !== 'function')
    throw new ArgumentError(`mintypecode(): typechars must be a text or a list, got ${describe(typechars)}`, { op: 'mintypecode' })
  const chars = [...typechars].map(charOf).filter((t) => typeset.includes(t))
  if (chars.length === 0) return otherwise
  if (chars.includes('F') && chars.includes('d')) return 'D'
  return chars.reduce((least, t) => (BY_SIZE.indexOf(t) < BY_SIZE.indexOf(least) ? t : least))
}
const charOf = (t: unknown): string => {
  const char = typeof t === 'string' ? t : (t as { dtype?: { char?: string } } | null)?.dtype?.char
  if (char === undefined) throw new DTypeError(`mintypecode(): ${describe(t)} is neither a character nor an array`, { op: 'mintypecode' })
  return char
}
const mintypecodeArgs = signature<{ typeset?: string; default?: string }>('mintypecode', ['typeset', 'default'], [], 1)

/** The dtype that a user's argument names; a DTypeError when it names none. */
export function asDType(x: DTypeLike): DType {
  if (typeof x === 'function' && DTYPES[(x as DType).code] === x) return x as DType
  if (typeof x === 'string') {
    const found = names.get(/^[<|=]/.test(x) ? x.slice(1) : x)
    if (found) return found
    if (/^[<>|=]?[USTMmV]\d*(\[|$)|^(str|bytes|str_|bytes_|void|datetime64|timedelta64)/.test(x)) {
      throw new DTypeError(`dtype '${x}' is not supported here; arrays of other things have dtype 'object'`, { dtypes: [x] })
    }
    if (/^>/.test(x)) throw new DTypeError(`dtype '${x}': only little-endian dtypes are supported`, { dtypes: [x] })
    throw new DTypeError(`data type '${x}' not understood`, { dtypes: [x] })
  }
  const found = constructors.get(x)
  if (found) return found
  throw new DTypeError(`Cannot interpret ${describe(x)} as a data type`)
}

/** The dtype that was given, or undefined for none. */
export const maybeDType = (x: DTypeLike | null | undefined): DType | undefined => (x === undefined || x === null ? undefined : asDType(x))

/**
 * The dtype that a name, code or constructor stands for.
 *
 * Takes NumPy's names (`'float32'`), codes (`'f4'`, `'<f4'`), characters (`'f'`), and `Number`, `Boolean`, `BigInt`, `Object`, which stand
 * for Python's `float`, `bool`, `int` and `object`. There is one DType of each kind, so `===` compares. Throws a DTypeError otherwise.
 *
 * @example
 * np.dtype('f4') // => dtype('float32')
 * np.dtype('f4') === np.float32 // => true
 */
export function dtype<const L extends DTypeLike>(x: L): DType<NameOf<L> & DTypeName> {
  return asDType(x) as DType<NameOf<L> & DTypeName>
}
