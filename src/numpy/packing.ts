/** Bits packed into bytes, and back. */

import { type Rest, signature } from '../core/arguments.ts'
import { bool, uint8 } from '../core/dtype.ts'
import { viewOf } from '../core/element.ts'
import { DTypeError, ValueError } from '../core/errors.ts'
import { normalizeAxis } from '../core/shape.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, castView, wrap } from './convert.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike } from './types.ts'

/** Whether the first bit of a group is the highest of its byte, or the lowest. */
export type BitOrder = 'big' | 'little'

const packArgs = signature<{ axis?: number | null; bitorder?: BitOrder }>('packbits', ['axis', 'bitorder'])
const unpackArgs = signature<{ axis?: number | null; count?: number | null; bitorder?: BitOrder }>('unpackbits', [
  'axis',
  'count',
  'bitorder',
])

function checkOrder(bitorder: BitOrder, op: string): boolean {
  if (bitorder !== 'big' && bitorder !== 'little') throw new ValueError("'order' must be either 'little' or 'big'", { op })
  return bitorder === 'big'
}

/** The lines along an axis, one after another, and how to put lines of another length back. */
function linesOf(given: NDArray, axis: number | null): { rows: View; restore: (v: View) => NDArray } {
  const v = axis === null || given.ndim === 0 ? (p.reshape(given.value, [given.size]) as View) : given.value
  const at = normalizeAxis(axis ?? 0, v.ndim)
  const order = v.shape.map((_, i) => i).filter((i) => i !== at)
  const rows = copyOf(p.transpose(v, [...order, at]) as View)
  const lead = order.map((i) => v.shape[i]!)
  const back = v.shape.map((_, i) => (i === at ? v.ndim - 1 : i < at ? i : i - 1))
  return {
    rows,
    restore: (out) => wrap(copyOf(p.transpose(p.reshape(out, [...lead, out.shape[1]!]), back) as View)),
  }
}

/**
 * The items, as bits (zero or not), packed eight to a byte; the last byte is filled up with zeros.
 *
 * Without an axis the flattened array is packed. Gives uint8; integers and booleans are taken.
 *
 * @example
 * np.packbits([1, 0, 1, 0, 0, 0, 0, 1, 1]) // => array([161, 128], dtype=uint8)
 */
export function packbits(a: ArrayLike, ...rest: Rest<{ axis?: number | null; bitorder?: BitOrder }, ['axis', 'bitorder']>): NDArray {
  const { axis = null, bitorder = 'big' } = packArgs(rest)
  const big = checkOrder(bitorder, 'packbits')
  const x = asArray(a)
  if (x.value.dtype !== bool && !x.value.dtype.isInteger)
    throw new DTypeError('Expected an input array of integer or boolean data type', { op: 'packbits' })
  const { rows, restore } = linesOf(wrap(castView(x.value, bool)), axis)
  const n = rows.shape[rows.ndim - 1]!
  const count = n === 0 ? 0 : rows.size / n
  const width = Math.ceil(n / 8)
  if (n === 0) return restore(p.full([rows.shape.slice(0, -1).reduce((s, d) => s * d, 1), 0], 0, uint8) as View)
  // Eight bits are the digits of a byte.
  const digits = p.pad(p.reshape(p.cast(rows, uint8), [count, n]), [0, 0], [0, 8 * width - n], 0)
  return restore(p.sum(p.mul(p.reshape(digits, [count, width, 8]), bitValues(big)), [2], false, uint8) as View)
}

/** What each of a byte's bits counts, in their order. */
const bitValues = (big: boolean): View => viewOf(big ? [128, 64, 32, 16, 8, 4, 2, 1] : [1, 2, 4, 8, 16, 32, 64, 128], [8], uint8)

/**
 * The bits of bytes, eight items to each; `count` is how many bits an axis gives, a negative one how many are left out at its end.
 *
 * Takes uint8 and gives uint8 zeros and ones.
 *
 * @example
 * np.unpackbits(np.array([161, 128], 'uint8'), { count: 9 }) // => array([1, 0, 1, 0, 0, 0, 0, 1, 1], dtype=uint8)
 */
export function unpackbits(
  a: ArrayLike,
  ...rest: Rest<{ axis?: number | null; count?: number | null; bitorder?: BitOrder }, ['axis', 'count', 'bitorder']>
): NDArray {
  const { axis = null, count = null, bitorder = 'big' } = unpackArgs(rest)
  const big = checkOrder(bitorder, 'unpackbits')
  const x = asArray(a)
  if (x.value.dtype !== uint8) throw new DTypeError('Expected an input array of unsigned byte data type', { op: 'unpackbits' })
  const { rows, restore } = linesOf(x, axis)
  const n = rows.shape[rows.ndim - 1]!
  const lead = rows.shape.slice(0, -1).reduce((s, d) => s * d, 1)
  const width = count === null ? 8 * n : count < 0 ? 8 * n + count : count
  if (!Number.isInteger(width))
    throw new DTypeError(`unpackbits(): count must be an integer or null, got ${String(count)}`, { op: 'unpackbits' })
  if (width < 0) throw new ValueError(`-ve count ${count} is larger than the number of elements ${8 * n}`, { op: 'unpackbits' })
  const bits = p.cast(p.ne(p.bitwiseAnd(p.reshape(rows, [lead, n, 1]), bitValues(big)), 0), uint8)
  const flat = p.reshape(bits, [lead, 8 * n])
  const out = width <= 8 * n ? p.narrow(flat, 1, 0, width) : p.pad(flat, [0, 0], [0, width - 8 * n], 0)
  return restore(out as View)
}
