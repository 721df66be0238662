/** Views of an array's memory by strides. */

import { integers, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { object } from '../core/dtype.ts'
import { ValueError } from '../core/errors.ts'
import { normalizeAxis } from '../core/shape.ts'
import { restride } from '../core/view.ts'
import { asArray, asShape, wrapView } from './convert.ts'
import type { NDArray } from './ndarray.ts'
import type { ArrayLike, Axis, ShapeLike } from './types.ts'

/** Keyword arguments of `as_strided`. */
export interface AsStridedOptions {
  shape?: readonly number[] | null
  /** In bytes. */
  strides?: readonly number[] | null
  subok?: boolean
  /** False for a view that is read only. */
  writeable?: boolean
}
/** Keyword arguments of `sliding_window_view`. */
export interface WindowOptions {
  /** The axes that the windows move along; all unless given. */
  axis?: Axis
  subok?: boolean
  /** True for a view that may be written to, where windows overlap. */
  writeable?: boolean
}
const windowArgs = signature<WindowOptions>('sliding_window_view', ['axis'], ['subok', 'writeable'], 2)
const asStridedArgs = signature<AsStridedOptions>('as_strided', ['shape', 'strides'], ['subok', 'writeable'], 1)

/**
 * A view that steps through the array's memory as told; both `strides` and places outside the array are checked.
 *
 * @example
 * np.lib.stride_tricks.as_strided(np.arange(4), [3, 2], [8, 8]) // => array([[0, 1],
 *                                                               //           [1, 2],
 *                                                               //           [2, 3]])
 */
export const as_strided = /* @__PURE__ */ byName(
  'as_strided',
  'x',
  (x: ArrayLike, ...rest: Rest<AsStridedOptions, ['shape', 'strides']>): NDArray => {
    const { shape, strides, writeable = true } = asStridedArgs(rest)
    const a = asArray(x)
    const v = a.value
    const dims = integers('as_strided', 'shape', shape ?? v.shape)
    const steps = integers('as_strided', 'strides', strides ?? v.strides)
    if (v.dtype === object && steps.some((s) => s % 8 !== 0))
      throw new ValueError('as_strided(): strides of objects are multiples of 8', { op: 'as_strided' })
    if (dims.length !== steps.length) throw new ValueError('as_strided(): expected as many strides as axes', { op: 'as_strided' })
    const out = restride(v, asShape(dims, 'as_strided'), steps, v.offset, writeable && v.writeable)
    let [low, high] = [out.offset, out.offset + v.dtype.itemsize]
    dims.forEach((n, i) => {
      const span = (n - 1) * steps[i]!
      if (span < 0) low += span
      else high += span
    })
    if (out.size > 0 && (low < 0 || high > v.storage.nbytes))
      throw new ValueError('as_strided(): the view would reach outside the memory', { op: 'as_strided' })
    return wrapView(out, a)
  },
)

/**
 * All windows of a shape that slide over an array, as a read-only view.
 *
 * @example
 * np.lib.stride_tricks.sliding_window_view([1, 2, 3, 4], 3) // => array([[1, 2, 3],
 *                                                           //           [2, 3, 4]])
 */
export const sliding_window_view = /* @__PURE__ */ byName(
  'sliding_window_view',
  'x window_shape',
  (x: ArrayLike, window_shape: ShapeLike, ...rest: Rest<WindowOptions, ['axis']>): NDArray => {
    const { axis: given = null, writeable = false } = windowArgs(rest)
    const a = asArray(x)
    const v = a.value
    const window = integers('sliding_window_view', 'window_shape', window_shape)
    if (window.some((n) => n < 0)) throw new ValueError('`window_shape` cannot contain negative values', { op: 'sliding_window_view' })
    const axes =
      given === null ? v.shape.map((_, i) => i) : integers('sliding_window_view', 'axis', given).map((i) => normalizeAxis(i, v.ndim))
    if (axes.length !== window.length) {
      throw new ValueError(
        given === null
          ? `Since axis is None, must provide window_shape for all dimensions of \`x\`; got ${window.length} window_shape elements and \`x.ndim\` is ${v.ndim}.`
          : `Must provide matching length window_shape and axis; got ${window.length} window_shape elements and ${axes.length} axes elements.`,
        { op: 'sliding_window_view' },
      )
    }
    const shape = [...v.shape]
    axes.forEach((axis, i) => {
      shape[axis] = shape[axis]! - window[i]! + 1
      if (shape[axis]! < 0 || window[i]! > v.shape[axis]!)
        throw new ValueError('window shape cannot be larger than input array shape', { op: 'sliding_window_view' })
    })
    const steps = [...v.strides, ...axes.map((axis) => v.strides[axis]!)]
    return wrapView(restride(v, [...shape, ...window], steps, v.offset, writeable && v.writeable), a)
  },
)
