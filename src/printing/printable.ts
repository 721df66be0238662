/** What printing reads: a shape, a dtype's name and the items. Nothing about storage, devices or derivatives. */

import { DTypeError } from '../core/errors.ts'
import { bfloatToNumber, halfToNumber, numberToBfloat, numberToHalf } from '../core/float16.ts'
import type { FloatFormat } from './digits.ts'
import { bfloat16, float16, float32, float64 } from './digits.ts'

/** What printing reads: nothing about storage. */
export interface Printable {
  readonly shape: readonly number[]
  /** `'bool'`, `'int8'` ... `'complex128'`, `'object'`; strings as NumPy writes them: `'<U5'`, `'|S3'`. */
  readonly dtype: string
  /** The item at a C-order position: boolean, number, bigint, `{ re, im }`, string, or any value of an object array. */
  get(flatIndex: number): unknown
  /** The array that this stands for, when another Printable may stand for the same: how an array inside itself is noticed. */
  readonly identity?: unknown
}

/** The parts of a complex item. */
export interface ComplexItem {
  readonly re: number
  readonly im: number
}

/** How items of a dtype are written. */
export type Kind = 'bool' | 'int' | 'float' | 'complexfloat' | 'numpystr' | 'object'

/** The digits of a floating dtype, or of a complex dtype's parts. */
export interface FloatTraits extends FloatFormat {
  /** Decimal digits that the dtype always keeps: `numpy.finfo(dtype).precision`. */
  readonly decimals: number
  /** Rounds a double to the dtype. */
  readonly round: (x: number) => number
}

const traits: Readonly<Record<string, FloatTraits>> = {
  float16: { ...float16, decimals: 3, round: (x) => halfToNumber(numberToHalf(x)) },
  bfloat16: { ...bfloat16, decimals: 2, round: (x) => bfloatToNumber(numberToBfloat(x)) },
  float32: { ...float32, decimals: 6, round: Math.fround },
  float64: { ...float64, decimals: 15, round: (x) => x },
}
const partDtypes: Readonly<Record<string, string>> = { complex64: 'float32', complex128: 'float64' }

/** The digits of a floating dtype; of a complex dtype, those of its parts. */
export function floatTraits(dtype: string): FloatTraits {
  const found = traits[partDtypes[dtype] ?? dtype]
  if (found === undefined) throw new DTypeError(`printing: expected a floating or complex dtype, got ${dtype}`)
  return found
}

/** How items of a dtype are written; an error for a dtype that printing does not know. */
export function kindOf(dtype: string): Kind {
  if (dtype === 'bool' || dtype === 'object') return dtype
  if (dtype in traits) return 'float'
  if (dtype in partDtypes) return 'complexfloat'
  if (/^u?int(8|16|32|64)$/.test(dtype)) return 'int'
  if (/^(<U\d+|\|S\d+|str|StringDType\(.*\))$/.test(dtype)) return 'numpystr'
  throw new DTypeError(`printing is not supported for dtype ${dtype}`)
}

/** Number of items. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, dim) => product * dim, 1)

/** Columns that a text takes, counted as Python's `len` does: by code points. */
export const columns = (text: string): number => (/[\ud800-\udfff]/.test(text) ? [...text].length : text.length)

/** How many items of each axis a summary shows: `edge` at both ends when the axis is longer than that, else all. */
export function shownIndices(length: number, edge: number): number[] {
  const places = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i)
  return length > 2 * edge && edge > 0 ? [...places(0, edge), ...places(length - edge, length)] : places(0, length)
}

/** The items that decide how wide a column is: all of them, or the corners that a summary shows. */
export function shownItems(p: Printable, edge: number | undefined): unknown[] {
  if (edge === undefined) return Array.from({ length: sizeOf(p.shape) }, (_, i) => p.get(i))
  let positions = [0]
  for (const dim of p.shape) {
    const shown = shownIndices(dim, edge)
    positions = positions.flatMap((start) => shown.map((i) => start * dim + i))
  }
  return positions.map((position) => p.get(position))
}
