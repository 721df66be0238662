/** PyTorch's promotion of dtypes as data: the lattice, categories, and the priority of dimensioned tensors over 0-d ones and scalars. */

import { Complex } from './complex.ts'
import { bool as boolDType, complex64, complex128, complexOf, DTYPES, type DType, float64, int64 } from './dtype.ts'
import { DTypeError } from './errors.ts'

/** A scalar that takes part in promotion by its category only. */
export type TorchScalar = number | bigint | boolean | Complex

/** Row i, column j: the dtype (a = code 0, b = code 1 ...) that holds dtypes i and j; `.` is an error. */
const LATTICE = [
  'abcdef...jklmno',
  'bbcdec...jklmno',
  'cccdec...jklmno',
  'dddded...jklmno',
  'eeeeee...jklmno',
  'fccdef...jklmno',
  '......g..jklm..',
  '.......h.jklm..',
  '........ijklm..',
  'jjjjjjjjjjllmno',
  'kkkkkkkkklklmno',
  'llllllllllllmno',
  'mmmmmmmmmmmmmoo',
  'nnnnnn...nnnono',
  'oooooo...oooooo',
].map((row) => [...row].map((letter) => (letter === '.' ? null : DTYPES[letter.charCodeAt(0) - 97]!)))

/** The smallest dtype that both fit in the order of kinds bool < integers < floats < complex. */
export function promoteTypes(a: DType, b: DType): DType {
  const found = a === b ? a : LATTICE[a.code]?.[b.code]
  if (!found) {
    throw new DTypeError(`Promotion for uint16, uint32, uint64 types is not supported, attempted to promote ${a.name} and ${b.name}`, {
      dtypes: [a.name, b.name],
    })
  }
  return found
}

/** 0 bool, 1 integers, 2 floats, 3 complex. */
export const categoryOf = (dtype: DType): number => (dtype.isComplex ? 3 : dtype.isFloat ? 2 : dtype.kind === 'b' ? 0 : 1)

/** The dtype that a scalar has by itself. */
export function scalarDType(x: TorchScalar, defaultDType: DType): DType {
  if (typeof x === 'boolean') return boolDType
  if (typeof x === 'bigint') return int64
  if (x instanceof Complex) return defaultDType === float64 ? complex128 : complex64
  return Number.isInteger(x) ? int64 : defaultDType
}

/** `higher` raised to the category of `lower`, whose size does not count otherwise. */
function combine(higher: DType | null, lower: DType | null): DType | null {
  if (!higher || !lower) return higher ?? lower
  if (higher.isComplex) return higher
  if (higher.isFloat) {
    if (!lower.isComplex) return higher
    if (higher.itemsize === 2)
      throw new DTypeError(`complex numbers of half precision are not supported: ${higher.name} with ${lower.name}`)
    return complexOf(higher)
  }
  if (higher.kind === 'b') return promoteTypes(higher, lower)
  return lower.isInexact ? lower : higher
}

/** What takes part in a promotion: a dtype, with the number of dimensions of the tensor that has it, or a scalar. */
export type PromotionItem = { readonly dtype: DType; readonly ndim: number } | TorchScalar

/** PyTorch's `result_type` of any number of tensors and scalars. */
export function resultType(items: readonly PromotionItem[], defaultDType: DType): DType {
  let tensors: DType | null = null
  let zeroDim: DType | null = null
  let scalars: DType | null = null
  const join = (a: DType | null, b: DType): DType => (a ? promoteTypes(a, b) : b)
  for (const item of items) {
    if (typeof item !== 'object' || item instanceof Complex) scalars = join(scalars, scalarDType(item, defaultDType))
    else if (item.ndim > 0) tensors = join(tensors, item.dtype)
    else zeroDim = join(zeroDim, item.dtype)
  }
  return combine(tensors, combine(zeroDim, scalars)) ?? defaultDType
}

/** Whether a result of dtype `from` may be written into a tensor of dtype `to`: a category never falls. */
export const canCast = (from: DType, to: DType): boolean => categoryOf(from) <= categoryOf(to)
