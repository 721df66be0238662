/** The table of dtypes: one row each, with what storage and programs need to know of it. It knows no operation. */

import { describe } from './describe.ts'
import { DTypeError, KeyError } from './errors.ts'
import type { RegisterType } from './opcodes.ts'

/** A row of the table: name, code in the ABI, bytes, NumPy's kind and type character, register type. */
const ROWS = [
  ['bool', 0, 1, 'b', '?', 'b1'],
  ['int8', 1, 1, 'i', 'b', 'i32'],
  ['int16', 2, 2, 'i', 'h', 'i32'],
  ['int32', 3, 4, 'i', 'i', 'i32'],
  ['int64', 4, 8, 'i', 'l', 'i64'],
  ['uint8', 5, 1, 'u', 'B', 'u32'],
  ['uint16', 6, 2, 'u', 'H', 'u32'],
  ['uint32', 7, 4, 'u', 'I', 'u32'],
  ['uint64', 8, 8, 'u', 'L', 'u64'],
  ['float16', 9, 2, 'f', 'e', 'f32'],
  ['bfloat16', 10, 2, 'f', 'E', 'f32'],
  ['float32', 11, 4, 'f', 'f', 'f32'],
  ['float64', 12, 8, 'f', 'd', 'f64'],
  ['complex64', 13, 8, 'c', 'F', 'f32'],
  ['complex128', 14, 16, 'c', 'D', 'f64'],
  ['object', 15, 8, 'O', 'O', 'f64'],
] as const

/** Type characters in the order of NumPy's numbers; `.` stands for types that are not here. */
const NUMBERS = '?bBhHiIlL..fd.FD.O.....eE'

export type DTypeName = (typeof ROWS)[number][0]
/** `b` bool, `i` signed, `u` unsigned, `f` real, `c` complex, `O` any object. */
export type DTypeKind = (typeof ROWS)[number][3]

/** What calling a dtype does: set by `element.ts`, which knows how values are converted. */
let convert: (dtype: DType, value: unknown) => unknown = (_, value) => value
/** @internal */
export function setConvert(f: (dtype: DType, value: unknown) => unknown): void {
  convert = f
}

/**
 * One dtype; there is a single instance of each, so `===` compares. Calling one converts a value as NumPy's scalar types do.
 *
 * @example
 * np.float32(0.1) // => 0.10000000149011612
 * np.int8(7.9) // => 7
 */
// biome-ignore lint/suspicious/noUnsafeDeclarationMerging: the interface gives instances their call signature
export class DType<N extends DTypeName = DTypeName> {
  /** @internal */
  constructor(name: N, code: number, itemsize: number, kind: DTypeKind, char: string, register: RegisterType) {
    const self = function (this: unknown, ...values: unknown[]): unknown {
      // Programs that call every member that is a function (`a.dtype()`) mean the attribute.
      const isMember = values.length === 0 && typeof this === 'object' && this !== null && (this as { dtype?: unknown }).dtype === self
      return isMember ? self : convert(self, values[0])
    } as unknown as DType<N>
    const facts: DTypeFacts<N> = {
      name,
      code,
      itemsize,
      kind,
      char,
      register,
      isFloat: kind === 'f',
      isComplex: kind === 'c',
      isInexact: kind === 'f' || kind === 'c',
      isInteger: kind === 'i' || kind === 'u',
      isObject: kind === 'O',
    }
    for (const [key, value] of Object.entries({ ...facts, length: 0 }))
      Object.defineProperty(self, key, { value, enumerable: true, configurable: true, writable: true })
    // biome-ignore lint/correctness/noConstructorReturn: this is how an instance becomes callable
    return Object.setPrototypeOf(self, new.target.prototype)
  }

  /** NumPy's code with byte order: `<f8`, `|b1`. */
  get str(): string {
    if (this.isObject) return '|O'
    return `${this.itemsize === 1 ? '|' : '<'}${this.name === 'bfloat16' ? 'V' : this.kind}${this.itemsize}`
  }

  /** What NumPy's scalar type would be; scalars are JavaScript's here, so the dtype itself. */
  get type(): DType<N> {
    return this
  }

  /** The bytes that an item's address is a multiple of. */
  get alignment(): number {
    return this.isComplex ? this.itemsize / 2 : this.itemsize
  }
  /** `'='` the machine's own order, `'|'` where there is none. */
  get byteorder(): string {
    return this.itemsize === 1 || this.isObject ? '|' : '='
  }
  /** Whether items lie in the machine's byte order: always. */
  get isnative(): boolean {
    return true
  }
  /** Whether items are references to objects. */
  get hasobject(): boolean {
    return this.isObject
  }
  /** The dtype of the elements of a subarray dtype; others are their own base. */
  get base(): DType<N> {
    return this
  }
  /** The shape of a subarray dtype; none here has one. */
  get shape(): number[] {
    return []
  }
  /** The number of axes of a subarray dtype. */
  get ndim(): number {
    return 0
  }
  /** Item dtype and shape of a subarray dtype; null for others. */
  get subdtype(): null {
    return null
  }
  /** The names of a structured dtype's fields; null for others. */
  get names(): null {
    return null
  }
  /** The fields of a structured dtype; null for others. */
  get fields(): null {
    return null
  }
  /** The description that the array interface has: `[['', '<f8']]`. */
  get descr(): [string, string][] {
    return [['', this.str]]
  }
  /** NumPy's bit flags: 63 for objects, which need Python's counting, else 0. */
  get flags(): number {
    return this.isObject ? 63 : 0
  }
  /** 1: a dtype that NumPy itself brings. */
  get isbuiltin(): number {
    return this.name === 'bfloat16' ? 2 : 1
  }
  get isalignedstruct(): boolean {
    return false
  }
  get metadata(): null {
    return null
  }
  /** NumPy's number of the type. */
  get num(): number {
    return NUMBERS.indexOf(this.char)
  }

  /** The same dtype in another byte order: only the machine's own is to be had. */
  newbyteorder(new_order = 'S'): DType<N> {
    if (typeof new_order !== 'string')
      throw new DTypeError(`newbyteorder(): expected text, got ${describe(new_order)}`, { dtypes: [this.name] })
    const order = new_order.charAt(0).toUpperCase()
    const kept = this.byteorder === '|' || '=N<LI|'.includes(order)
    if (kept && order !== '') return this
    throw new DTypeError(`newbyteorder('${new_order}'): only little-endian dtypes are supported`, { dtypes: [this.name] })
  }

  /** A field of a structured dtype; these have none. */
  getitem(_field: string | number): never {
    throw new KeyError(`There are no fields in dtype ${this.name}.`)
  }

  /** Whether another dtype, or a name of one, is this dtype. */
  equals(other: unknown): boolean {
    if (other === this) return true
    return typeof other === 'string' && [this.name, this.str, this.char, `${this.kind}${this.itemsize}`].includes(other)
  }

  toString(): string {
    return this.name
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `dtype('${this.isObject ? 'O' : this.name}')`
  }
}

/** What a dtype is. */
interface DTypeFacts<N extends DTypeName> {
  readonly name: N
  /** Code in the kernel ABI; also an index of tables. */
  readonly code: number
  /** Bytes of an element. */
  readonly itemsize: number
  readonly kind: DTypeKind
  readonly char: string
  /** The register type that programs compute it in; of the parts, for complex. */
  readonly register: RegisterType
  readonly isFloat: boolean
  readonly isComplex: boolean
  /** Real or complex floating point. */
  readonly isInexact: boolean
  readonly isInteger: boolean
  readonly isObject: boolean
}

/** A dtype can be called: a value, or list of values, in it. */
export interface DType<N extends DTypeName = DTypeName> extends DTypeFacts<N> {
  (value?: unknown): any
}

// Dtypes are functions too: call, apply and bind must be there.
Object.setPrototypeOf(DType.prototype, Function.prototype)

/** Every dtype by its code. */
export const DTYPES: readonly DType[] = ROWS.map((row) => new DType(...(row as unknown as ConstructorParameters<typeof DType>)))

const byName = new Map<string, DType>(DTYPES.map((d) => [d.name, d]))

export const [
  bool,
  int8,
  int16,
  int32,
  int64,
  uint8,
  uint16,
  uint32,
  uint64,
  float16,
  bfloat16,
  float32,
  float64,
  complex64,
  complex128,
  object,
] = DTYPES as unknown as readonly [
  DType<'bool'>,
  DType<'int8'>,
  DType<'int16'>,
  DType<'int32'>,
  DType<'int64'>,
  DType<'uint8'>,
  DType<'uint16'>,
  DType<'uint32'>,
  DType<'uint64'>,
  DType<'float16'>,
  DType<'bfloat16'>,
  DType<'float32'>,
  DType<'float64'>,
  DType<'complex64'>,
  DType<'complex128'>,
  DType<'object'>,
]

/** The dtype of a canonical name, or undefined. */
export const findDType = (name: string): DType | undefined => byName.get(name)

/** The dtype of a canonical name; a DTypeError when there is none. */
export function dtypeOf(name: string): DType {
  const found = byName.get(name)
  if (!found) throw new DTypeError(`data type '${name}' not understood`)
  return found
}

/** The real dtype of a complex one's parts; itself for others. */
export const realOf = (dtype: DType): DType => (dtype === complex64 ? float32 : dtype === complex128 ? float64 : dtype)

/** The complex dtype that holds a dtype's values: complex64 for float32 and less precise floats. */
export const complexOf = (dtype: DType): DType =>
  dtype.isComplex ? dtype : dtype === float16 || dtype === bfloat16 || dtype === float32 ? complex64 : complex128

/** Smallest and largest value of an integer dtype. */
export function integerRange(dtype: DType): readonly [bigint, bigint] {
  const bits = BigInt(dtype.itemsize * 8)
  return dtype.kind === 'u' ? [0n, (1n << bits) - 1n] : [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
}
