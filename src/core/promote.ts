/** NumPy's promotion of dtypes (NEP 50) as data: the lattice, weak JavaScript scalars, and the casting rules. */

import { DTYPES, type DType } from './dtype.ts'
import { ArgumentError, DTypeError } from './errors.ts'

/** A JavaScript scalar beside arrays: its kind counts, its size does not. */
export type Weak = 'bool' | 'int' | 'float' | 'complex'

/** NumPy's casting rules, from none to any. */
export type Casting = 'no' | 'equiv' | 'safe' | 'same_kind' | 'unsafe'

/** The dtypes' characters by code; `E` is bfloat16, which promotes as in ml_dtypes. */
const ORDER = '?bhilBHILeEfdFDO'
/** Row i, column j: what the dtypes i and j promote to. */
const LATTICE: readonly string[] = [
  '?bhilBHILeEfdFDO', // ? bool
  'bbhilhildeEfdFDO', // b int8
  'hhhilhildfffdFDO', // h int16
  'iiiiliildddddDDO', // i int32
  'lllllllldddddDDO', // l int64
  'BhhilBHILeEfdFDO', // B uint8
  'HiiilHHILfffdFDO', // H uint16
  'IllllIIILddddDDO', // I uint32
  'LddddLLLLddddDDO', // L uint64
  'eefddefddeffdFDO', // e float16
  'EEfddEfddfEfdFDO', // E bfloat16
  'fffddffddfffdFDO', // f float32
  'dddddddddddddDDO', // d float64
  'FFFDDFFDDFFFDFDO', // F complex64
  'DDDDDDDDDDDDDDDO', // D complex128
  'OOOOOOOOOOOOOOOO', // O object
]

/** Row: a weak scalar; column: the dtype beside it. */
const WITH_WEAK: Readonly<Record<Weak, string>> = {
  bool: '?bhilBHILeEfdFDO',
  int: 'lbhilBHILeEfdFDO',
  float: 'dddddddddeEfdFDO',
  complex: 'DDDDDDDDDFFFDFDO',
}
const DEFAULTS: Readonly<Record<Weak, string>> = { bool: '?', int: 'l', float: 'd', complex: 'D' }
const WEAK_ORDER: readonly Weak[] = ['bool', 'int', 'float', 'complex']

const byChar = (char: string): DType => DTYPES[ORDER.indexOf(char)]!
const table = LATTICE.map((row) => [...row].map(byChar))
const weakTable = Object.fromEntries(WEAK_ORDER.map((weak) => [weak, [...WITH_WEAK[weak]].map(byChar)])) as Record<Weak, DType[]>

/** The smallest dtype that both cast to safely: NumPy's `promote_types`. */
export const promoteTypes = (a: DType, b: DType): DType => (a === b ? a : table[a.code]![b.code]!)

/** The dtype of an array beside a JavaScript scalar. */
export const promoteWeak = (dtype: DType, weak: Weak): DType => weakTable[weak][dtype.code]!

/** What a JavaScript scalar alone becomes: bool, int64, float64 or complex128. */
export const weakDefault = (weak: Weak): DType => byChar(DEFAULTS[weak])

/** The dtype of an operation on arrays of these dtypes and scalars of these kinds: NumPy's `result_type`. */
export function resultType(dtypes: readonly DType[], weak: readonly Weak[] = []): DType {
  const kind = weak.length === 0 ? undefined : WEAK_ORDER[Math.max(...weak.map((w) => WEAK_ORDER.indexOf(w)))]!
  if (dtypes.length === 0) {
    if (kind === undefined) throw new ArgumentError('at least one array or dtype is required')
    return weakDefault(kind)
  }
  const strong = promoteAll(dtypes)
  return kind === undefined ? strong : promoteWeak(strong, kind)
}

/** Several dtypes promoted as NumPy does it, so that the order does not matter: uint16, int16 and float32 are float32. */
export function promoteAll(dtypes: readonly DType[]): DType {
  // The highest category decides first: [int16, uint16, float32] is float32 and not float64 by way of int32.
  const sorted = [...dtypes].sort((a, b) => category(b) - category(a))
  return sorted.reduce(promoteTypes)
}

const category = (d: DType): number => 'biufcO'.indexOf(d.kind === 'u' ? 'i' : d.kind)
const kindOrder = (d: DType): number => 'buifcO'.indexOf(d.kind)

/** Whether a rule lets one dtype be cast to another: NumPy's `can_cast`. */
export function canCast(from: DType, to: DType, casting: Casting = 'safe'): boolean {
  switch (casting) {
    case 'no':
    case 'equiv':
      return from === to
    case 'safe':
      return promoteTypes(from, to) === to
    case 'same_kind':
      return promoteTypes(from, to) === to || kindOrder(from) <= kindOrder(to)
    case 'unsafe':
      return true
    default:
      throw new DTypeError(`casting must be one of 'no', 'equiv', 'safe', 'same_kind', 'unsafe', got '${String(casting)}'`)
  }
}
