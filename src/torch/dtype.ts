/** PyTorch's dtype objects, `torch.float32` and its kin, over the core's table; the default dtype; finfo and iinfo. */

import * as core from '../core/dtype.ts'
import { ArgumentError, DTypeError } from '../core/errors.ts'
import { canCast, promoteTypes } from '../core/promote_torch.ts'

const INSPECT = Symbol.for('nodejs.util.inspect.custom')

/** A dtype as PyTorch shows it; there is one instance of each, so `===` compares. */
export class TorchDType {
  /** True for floating dtypes; complex ones are not among them. */
  readonly is_floating_point: boolean
  readonly is_complex: boolean
  /** False for unsigned integers and bool. */
  readonly is_signed: boolean
  /** Bytes of an element. */
  readonly itemsize: number

  /** @internal */
  constructor(
    /** The dtype's row in the core's table. */
    readonly core: core.DType,
  ) {
    if (typeof core?.itemsize !== 'number') throw new ArgumentError('cannot create dtypes: use torch.float32 and its like')
    this.is_floating_point = core.isFloat
    this.is_complex = core.isComplex
    this.is_signed = core.kind !== 'u' && core.kind !== 'b'
    this.itemsize = core.itemsize
  }

  /** The dtype of the parts of a complex one; itself for others. */
  to_real(): TorchDType {
    return dtypeOf(core.realOf(this.core))
  }

  /** The complex dtype whose parts have this one. */
  to_complex(): TorchDType {
    return dtypeOf(core.complexOf(this.core))
  }

  /** `torch.float32`. */
  toString(): string {
    return `torch.${this.core.name}`
  }

  [INSPECT](): string {
    return this.toString()
  }
}

export { TorchDType as dtype }

const table: readonly TorchDType[] = core.DTYPES.filter((d) => !d.isObject).map((d) => new TorchDType(d))

/** PyTorch's object for a core dtype. */
export function dtypeOf(d: core.DType): TorchDType {
  const found = table[d.code]
  if (!found) throw new DTypeError(`tensors of dtype ${d.name} are not supported`, { dtypes: [d.name] })
  return found
}

const of = (d: core.DType): TorchDType => table[d.code]!
export const bool = of(core.bool)
export const int8 = of(core.int8)
export const int16 = of(core.int16)
export const int32 = of(core.int32)
export const int64 = of(core.int64)
export const uint8 = of(core.uint8)
export const uint16 = of(core.uint16)
export const uint32 = of(core.uint32)
export const uint64 = of(core.uint64)
export const float16 = of(core.float16)
export const bfloat16 = of(core.bfloat16)
export const float32 = of(core.float32)
export const float64 = of(core.float64)
export const complex64 = of(core.complex64)
export const complex128 = of(core.complex128)
export const half = float16
export const float = float32
export const double = float64
export const short = int16
export const int = int32
export const long = int64
export const cfloat = complex64
export const cdouble = complex128

/** What functions take for a dtype: PyTorch's object, or its name. */
export type DTypeLike = TorchDType | core.DTypeName | `torch.${core.DTypeName}`

const aliases: Readonly<Record<string, TorchDType>> = { half, float, double, short, int, long, cfloat, cdouble }

/** The core dtype that an argument names, or undefined for none. */
export function coreDType(x: DTypeLike | null | undefined): core.DType | undefined {
  if (x === undefined || x === null) return undefined
  if (x instanceof TorchDType) return x.core
  if (typeof x === 'string') {
    const name = x.replace(/^torch\./, '')
    const found = Object.hasOwn(aliases, name) ? aliases[name]!.core : core.findDType(name)
    if (found && !found.isObject) return found
  }
  throw new ArgumentError(`expected a torch.dtype, got ${typeof x === 'string' ? `'${x}'` : typeof x}`)
}

/** The core dtype of a required argument. */
function required(x: DTypeLike): core.DType {
  const found = coreDType(x)
  if (!found) throw new ArgumentError(`expected a torch.dtype, got ${x}`)
  return found
}

/** Whether a value names a dtype. */
export const isDType = (x: unknown): x is DTypeLike =>
  x instanceof TorchDType ||
  (typeof x === 'string' && (Object.hasOwn(aliases, x.replace(/^torch\./, '')) || core.findDType(x.replace(/^torch\./, '')) !== undefined))

let defaultDType: core.DType = core.float32

/** The core's dtype for fractions that say nothing else. @internal */
export const defaultCore = (): core.DType => defaultDType

/** The dtype that fractions get: float32 unless set_default_dtype changed it. */
export function get_default_dtype(): TorchDType {
  return of(defaultDType)
}

/** Sets the dtype that fractions get; it must be a floating dtype. */
export function set_default_dtype(d: DTypeLike): void {
  const next = required(d)
  if (!next.isFloat) throw new DTypeError('only floating-point types are supported as the default type', { dtypes: [next.name] })
  defaultDType = next
}

/**
 * The dtype with the smallest size and kind that both fit.
 *
 * @example
 * ```ts
 * torch.promote_types(torch.int32, torch.float32) // => torch.float32
 * ```
 */
export function promote_types(type1: DTypeLike, type2: DTypeLike): TorchDType {
  return of(promoteTypes(required(type1), required(type2)))
}

/**
 * Whether PyTorch's rules let a result of dtype `from_` be written into a tensor of dtype `to`.
 *
 * @example
 * ```ts
 * torch.can_cast(torch.float64, torch.int32) // => false
 * ```
 */
export function can_cast(from_: DTypeLike, to: DTypeLike): boolean {
  return canCast(required(from_), required(to))
}

/** PyTorch's old name of a dtype in messages: `Float`, `Long` ... */
const SCALAR_NAMES: Readonly<Record<string, string>> = {
  bool: 'Bool',
  int8: 'Char',
  int16: 'Short',
  int32: 'Int',
  int64: 'Long',
  uint8: 'Byte',
  uint16: 'UInt16',
  uint32: 'UInt32',
  uint64: 'UInt64',
  float16: 'Half',
  bfloat16: 'BFloat16',
  float32: 'Float',
  float64: 'Double',
  complex64: 'ComplexFloat',
  complex128: 'ComplexDouble',
}
/** The C++ type of a dtype in messages: `float`, `long int` ... */
const CPP_NAMES: Readonly<Record<string, string>> = {
  int8: 'signed char',
  int16: 'short int',
  int32: 'int',
  int64: 'long int',
  uint8: 'unsigned char',
  float16: 'c10::Half',
  bfloat16: 'c10::BFloat16',
  float32: 'float',
  float64: 'double',
  complex64: 'c10::complex<float>',
  complex128: 'c10::complex<double>',
}
/** @internal */
export const cppTypeName = (d: core.DType): string => CPP_NAMES[d.name] ?? d.name
/** @internal */
export const scalarTypeName = (d: core.DType): string => SCALAR_NAMES[d.name]!

/** Bits and the numbers that bound them, by floating dtype: mantissa bits, smallest normal exponent, largest number. */
const FLOATS: Readonly<Record<string, readonly [bits: number, mantissa: number, minExponent: number, max: number, digits: number]>> = {
  float16: [16, 10, -14, 65504, 3],
  bfloat16: [16, 7, -126, 3.3895313892515355e38, 2],
  float32: [32, 23, -126, 3.4028234663852886e38, 6],
  float64: [64, 52, -1022, Number.MAX_VALUE, 15],
}

/** The limits of a floating dtype; those of the parts of a complex one. */
export class finfo {
  readonly bits: number
  /** The distance from 1 to the next number. */
  readonly eps: number
  readonly max: number
  readonly min: number
  /** The smallest positive normal number. */
  readonly tiny: number
  readonly smallest_normal: number
  readonly resolution: number
  /** The dtype's name. */
  readonly dtype: string

  constructor(type: DTypeLike = of(defaultDType)) {
    const d = core.realOf(required(type))
    const row = FLOATS[d.name]
    if (!row)
      throw new DTypeError("torch.finfo() requires a floating point input type. Use torch.iinfo to handle 'torch.iinfo'", {
        dtypes: [d.name],
      })
    const [bits, mantissa, minExponent, max, digits] = row
    this.bits = bits
    this.eps = 2 ** -mantissa
    this.max = max
    this.min = -max
    this.tiny = 2 ** minExponent
    this.smallest_normal = this.tiny
    this.resolution = Number(`1e-${digits}`)
    this.dtype = d.name
  }

  toString(): string {
    const g = (x: number) => {
      const text = String(Number(x.toPrecision(6)))
      return /e/.test(text) ? text.replace(/e([+-])(\d)$/, 'e$10$2') : x < 1e-4 ? x.toExponential().replace(/e([+-])(\d)$/, 'e$10$2') : text
    }
    return `finfo(resolution=${g(this.resolution)}, min=${g(this.min)}, max=${g(this.max)}, eps=${g(this.eps)}, smallest_normal=${g(this.smallest_normal)}, tiny=${g(this.tiny)}, dtype=${this.dtype})`
  }

  [INSPECT](): string {
    return this.toString()
  }
}

/** The limits of an integer dtype; beyond 2^53 they are bigints. */
export class iinfo {
  readonly bits: number
  readonly max: number | bigint
  readonly min: number | bigint
  /** The dtype's name. */
  readonly dtype: string

  constructor(type: DTypeLike) {
    const d = required(type)
    if (!d.isInteger)
      throw new DTypeError(`torch.iinfo() requires an integer input type. Use torch.finfo to handle 'torch.${d.name}'`, {
        dtypes: [d.name],
      })
    const [low, high] = core.integerRange(d)
    const small = (x: bigint) => (d.itemsize < 8 ? Number(x) : x)
    this.bits = d.itemsize * 8
    this.max = small(high)
    this.min = low === 0n ? 0 : small(low)
    this.dtype = d.name
  }

  toString(): string {
    return `iinfo(min=${this.min}, max=${this.max}, dtype=${this.dtype})`
  }

  [INSPECT](): string {
    return this.toString()
  }
}
