/** NumPy's `str` of a scalar on its own: all its digits, whatever the print options say. */

import { type ComplexItem, kindOf } from '../printable.ts'
import { pyBytes, pyStr, type ReprItem } from '../python.ts'
import { positional, scientific, type Trim } from './float.ts'

/** Where scientific notation begins, by dtype. */
const positionalBelow: Readonly<Record<string, number>> = { float16: 1e3, bfloat16: 1e2, float32: 1e6, complex64: 1e6 }

function floatText(x: number, dtype: string, trim: Trim): string {
  const size = Math.abs(x)
  if (size === 0 || (size < (positionalBelow[dtype] ?? 1e16) && size >= 1e-4) || !Number.isFinite(x)) return positional(x, { dtype, trim })
  return scientific(x, { dtype, trim: '-' })
}

function complexText({ re, im }: ComplexItem, dtype: string): string {
  if (Object.is(re, 0)) return `${floatText(im, dtype, '-')}j`
  const imaginary = floatText(im, dtype, '-')
  return `(${floatText(re, dtype, '-')}${imaginary.startsWith('-') ? '' : '+'}${imaginary}j)`
}

/** `str` of a NumPy scalar of a dtype. */
export function scalarStr(item: unknown, dtype: string, reprItem?: ReprItem): string {
  const kind = kindOf(dtype)
  if (kind === 'float') return floatText(item as number, dtype, '0')
  if (kind === 'complexfloat') return complexText(item as ComplexItem, dtype)
  if (kind === 'bool') return item ? 'True' : 'False'
  if (kind === 'int') return String(item)
  return item instanceof Uint8Array ? pyBytes(item) : pyStr(item, reprItem)
}
