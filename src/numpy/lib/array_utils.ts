/** `np.lib.array_utils`: axes counted from the front, and where arrays lie. */

import { integers } from '../../core/arguments.ts'
import { byName } from '../../core/by_name.ts'
import { AxisError, ValueError } from '../../core/errors.ts'
import { normalizeAxis } from '../../core/shape.ts'
import { extent } from '../../core/view.ts'
import { asArray } from '../convert.ts'
import type { ArrayLike } from '../types.ts'

/**
 * An axis counted from the front; an AxisError when there is none of that number.
 *
 * @example
 * np.lib.array_utils.normalize_axis_index(-1, 3) // => 2
 */
export const normalize_axis_index = /* @__PURE__ */ byName(
  'normalize_axis_index',
  'axis ndim',
  (axis: number, ndim: number, msg_prefix: string | null = null): number => {
    try {
      return normalizeAxis(axis, ndim)
    } catch (error) {
      if (!(error instanceof AxisError) || msg_prefix === null) throw error
      throw new AxisError(`${msg_prefix}: ${error.message}`, { axis })
    }
  },
)

/**
 * Axes counted from the front, one or several, as a list; the same one twice is a ValueError unless allowed.
 *
 * @example
 * np.lib.array_utils.normalize_axis_tuple([0, -1], 3) // => [ 0, 2 ]
 */
export const normalize_axis_tuple = /* @__PURE__ */ byName(
  'normalize_axis_tuple',
  'axis ndim',
  (axis: number | readonly number[], ndim: number, argname: string | null = null, allow_duplicate = false): number[] => {
    const axes = integers('normalize_axis_tuple', 'axis', axis).map((a) => normalize_axis_index(a, ndim, argname))
    if (!allow_duplicate && new Set(axes).size !== axes.length) {
      throw new ValueError(argname === null ? 'repeated axis' : `repeated axis in \`${argname}\` argument`)
    }
    return axes
  },
)

/**
 * The first byte of an array, and the one after its last, within its block of memory.
 *
 * @example
 * np.lib.array_utils.byte_bounds(np.arange(4)).reduce((low, high) => high - low) // => 32
 * @remarks Unlike NumPy, the numbers count from the start of the block, since JavaScript has no addresses.
 */
export const byte_bounds = /* @__PURE__ */ byName('byte_bounds', 'a', (a: ArrayLike): [number, number] => {
  const [low, high] = extent(asArray(a).value)
  return [low, high]
})
