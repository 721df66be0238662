/** Casts that keep every value, and say so where one is lost: `astype(..., { casting: 'same_value' })`. */

import { firstItem } from '../core/copy.ts'
import { ValueError } from '../core/errors.ts'
import type { Value } from '../core/value.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'

/** C's names of dtypes, as NumPy's messages have them. */
const C_NAMES: Readonly<Record<string, string>> = {
  bool: 'bool',
  int8: 'byte',
  uint8: 'ubyte',
  int16: 'short',
  uint16: 'ushort',
  int32: 'int',
  uint32: 'uint',
  int64: 'long',
  uint64: 'ulong',
  float16: 'half',
  float32: 'float',
  float64: 'double',
  complex64: 'cfloat',
  complex128: 'cdouble',
}

const isAll = (v: Value): boolean => firstItem(p.all(v) as View) === true

/** `to`, a cast of `from`, when casting it back gives the same values; a ValueError otherwise. Anything may become a bool. */
export function sameValues(from: View, to: View): View {
  if (to.dtype.kind === 'b') return to
  const fail = (more: string): never => {
    const [a, b] = [from, to].map(({ dtype }) => C_NAMES[dtype.name] ?? dtype.name)
    throw new ValueError(`could not cast 'same_value' ${a} to ${b}${more}`, { op: 'astype' })
  }
  if (from.dtype.isComplex && !to.dtype.isComplex) {
    if (!isAll(p.eq(p.imag(from), 0))) fail(': imag is not 0')
    return sameReal(p.real(from) as View, to) ? to : fail('')
  }
  return sameReal(from, to) ? to : fail('')
}

function sameReal(from: View, to: View): boolean {
  const same = p.eq(p.cast(to, from.dtype), from)
  return isAll(to.dtype.isInexact && from.dtype.isInexact ? p.logicalOr(same, p.isnan(from)) : same)
}
