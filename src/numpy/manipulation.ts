/** Arrays in other shapes and orders: most results are views of the same memory. */

import { integer, integers, keyword, type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { copyInto } from '../core/copy.ts'
import { AxisError, ShapeError, shapeText, ValueError } from '../core/errors.ts'
import { moveAxis } from '../core/linear.ts'
import { broadcastShapes, normalizeAxes, normalizeAxis, type Shape, sizeOf } from '../core/shape.ts'
import { restride, type View } from '../core/view.ts'
import { broadcastTo, flip as flipRow, reshape as reshapeRow, transpose as transposeRow } from '../ops/index.ts'
import '../runtime.ts'
import { asArray, asShape, asView, wrap, wrapView } from './convert.ts'
import { axesIn, checkOrder, type Order } from './layout.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike, Axis, ShapeLike } from './types.ts'
import { tight } from './ufunc.ts'

/** Keyword arguments of `reshape`. */
export interface ReshapeOptions {
  /** The shape; one length may be -1 and is found from the size. */
  shape?: ShapeLike
  /** The order in which items are read and placed. */
  order?: 'C' | 'F' | 'A'
  /** True copies always, false never (a ValueError when a copy is needed). */
  copy?: boolean | null
}
const reshapeArgs = signature<ReshapeOptions>('reshape', ['shape', 'order'], ['copy'])

/** A shape in which one -1 is replaced by what the size asks for. */
export function resolveShape(shape: ShapeLike, size: number): Shape {
  const dims = typeof shape === 'number' ? [shape] : [...(Array.isArray(shape) ? shape : asShape(shape, 'reshape'))]
  const unknown = dims.indexOf(-1)
  if (unknown >= 0) {
    if (dims.indexOf(-1, unknown + 1) >= 0) throw new ValueError('can only specify one unknown dimension', { op: 'reshape' })
    const rest = dims.reduce((p, n) => (n === -1 ? p : p * n), 1)
    if (rest === 0 || size % rest !== 0) throw cannotReshape(size, dims)
    dims[unknown] = size / rest
  }
  asShape(dims, 'reshape')
  if (sizeOf(dims) !== size) throw cannotReshape(size, dims)
  return dims
}

const cannotReshape = (size: number, dims: readonly number[]): ShapeError =>
  new ShapeError(`cannot reshape array of size ${size} into shape ${tight(dims).replace(/-1(?=[,)])/g, 'newaxis')}`, { op: 'reshape' })

/**
 * The same items in another shape; a view of the same memory where that is possible.
 *
 * @example
 * np.reshape([1, 2, 3, 4, 5, 6], [2, -1]) // => array([[1, 2, 3],
 *                                         //           [4, 5, 6]])
 */
export function reshape(a: ArrayLike, ...rest: Rest<ReshapeOptions, ['shape', 'order']>): NDArray {
  const { shape, order = 'C', copy = null } = reshapeArgs(rest)
  if (shape === undefined) throw new ValueError("reshape() missing 1 required positional argument: 'shape'", { op: 'reshape' })
  const x = asArray(a)
  const v = x.value
  const dims = resolveShape(shape, v.size)
  const byColumn = order === 'F' || (order === 'A' && x.flags.fnc)
  const out = byColumn ? reversed(reshapeRow(reversed(v), [...dims].reverse()) as View) : (reshapeRow(v, dims) as View)
  if (copy === false && out.storage !== v.storage)
    throw new ValueError('Unable to avoid creating a copy while reshaping.', { op: 'reshape' })
  return copy === true && out.storage === v.storage ? wrap(copyOf(out)) : wrapView(out, x)
}

const reversed = (v: View): View => restride(v, [...v.shape].reverse(), [...v.strides].reverse())

/**
 * The items as a 1-d array; a view of the same memory where that is possible.
 *
 * @example
 * np.ravel([[1, 2], [3, 4]]) // => array([1, 2, 3, 4])
 */
export const ravel = /* @__PURE__ */ byName(
  'ravel',
  'a',
  (a: ArrayLike, order: 'C' | 'F' | 'A' | 'K' | { order?: 'C' | 'F' | 'A' | 'K' } = 'C'): NDArray => {
    const by = checkOrder(keyword<Order>('ravel', 'order', order, 'C'))
    if (by !== 'K') return reshape(a, -1, by)
    // In the order of memory, but for axes that run backwards.
    const x = asArray(a)
    const axes = axesIn('K', x.value)
    return reshape(wrapView(transposeRow(x.value, axes), x), -1)
  },
)

const transposeArgs = signature<{ axes?: readonly number[] | null }>('transpose', ['axes'])

/**
 * The array with its axes reversed, or in the order given: a view.
 *
 * @example
 * np.transpose([[1, 2, 3], [4, 5, 6]]) // => array([[1, 4],
 *                                      //           [2, 5],
 *                                      //           [3, 6]])
 */
export const transpose = /* @__PURE__ */ byName(
  'transpose',
  'a',
  (a: ArrayLike, ...rest: Rest<{ axes?: readonly number[] | null }, ['axes']>): NDArray => {
    const { axes } = transposeArgs(rest)
    const x = asArray(a)
    const n = x.ndim
    if (axes === undefined || axes === null) return wrapView(reversed(x.value), x)
    if (axes.length !== n) throw new ValueError("axes don't match array", { op: 'transpose', shapes: [x.shape] })
    const order = axes.map((axis) => normalizeAxis(axis, n))
    if (new Set(order).size !== n) throw new ValueError('repeated axis in transpose', { op: 'transpose' })
    return wrapView(transposeRow(x.value, order), x)
  },
)
/** The same as `transpose`. */
export const permute_dims = transpose

/**
 * The array with its last two axes swapped: a view.
 *
 * @example
 * np.matrix_transpose([[1, 2], [3, 4]]) // => array([[1, 3],
 *                                       //           [2, 4]])
 */
export function matrix_transpose(x: ArrayLike): NDArray {
  const a = asArray(x)
  if (a.ndim < 2) throw new ValueError(`Input array must be at least 2-dimensional, but it is ${a.ndim}`, { op: 'matrix_transpose' })
  return a.mT
}

/**
 * The array with two axes exchanged: a view.
 *
 * @example
 * np.swapaxes(np.zeros([2, 3, 4]), 0, 2).shape // => [ 4, 3, 2 ]
 */
export const swapaxes = /* @__PURE__ */ byName('swapaxes', 'a axis1 axis2', (a: ArrayLike, axis1: number, axis2: number): NDArray => {
  const x = asArray(a)
  const order = x.shape.map((_, i) => i)
  const [i, j] = [normalizeAxis(axis1, x.ndim), normalizeAxis(axis2, x.ndim)]
  order[i] = j
  order[j] = i
  return wrapView(transposeRow(x.value, order), x)
})

/**
 * The array with axes moved to other places, the others in order: a view.
 *
 * @example
 * np.moveaxis(np.zeros([2, 3, 4]), 0, -1).shape // => [ 3, 4, 2 ]
 */
export const moveaxis = /* @__PURE__ */ byName(
  'moveaxis',
  'a source destination',
  (a: ArrayLike, source: number | readonly number[], destination: number | readonly number[]): NDArray => {
    const x = asArray(a)
    const axesOf = (axes: number | readonly number[], name: string): number[] => {
      const list = integers('moveaxis', name, axes).map((axis) => {
        if (axis < -x.ndim || axis >= x.ndim)
          throw new AxisError(`${name}: axis ${axis} is out of bounds for array of dimension ${x.ndim}`, { op: 'moveaxis', axis })
        return axis < 0 ? axis + x.ndim : axis
      })
      if (new Set(list).size !== list.length) throw new ValueError(`repeated axis in \`${name}\` argument`, { op: 'moveaxis' })
      return list
    }
    const [from, to] = [axesOf(source, 'source'), axesOf(destination, 'destination')]
    if (from.length !== to.length) {
      throw new ValueError('`source` and `destination` arguments must have the same number of elements', { op: 'moveaxis' })
    }
    const order = x.shape.map((_, i) => i).filter((i) => !from.includes(i))
    const pairs = to.map((d, i) => [d, from[i]!] as const).sort((p, q) => p[0] - q[0])
    for (const [d, s] of pairs) order.splice(d, 0, s)
    return wrapView(transposeRow(x.value, order), x)
  },
)

/**
 * The array with an axis rolled back until it lies before another: a view. `moveaxis` is easier.
 *
 * @example
 * np.rollaxis(np.zeros([2, 3, 4]), 2).shape // => [ 4, 2, 3 ]
 */
export const rollaxis = /* @__PURE__ */ byName(
  'rollaxis',
  'a axis',
  (a: ArrayLike, axis: number, begin?: number | { start?: number }): NDArray => {
    const start = keyword<number>('rollaxis', 'start', begin, 0)
    const x = asArray(a)
    const from = normalizeAxis(axis, x.ndim)
    let to = start < 0 ? start + x.ndim : start
    if (to < 0 || to > x.ndim)
      throw new AxisError(`'start' arg requires ${-x.ndim} <= start < ${x.ndim + 1}, but ${start} was passed in`, { op: 'rollaxis' })
    if (from < to) to--
    return from === to ? x : wrapView(moveAxis(x.value, from, to), x)
  },
)

/**
 * The array with new axes of length 1 at places of the result: a view.
 *
 * @example
 * np.expand_dims([1, 2], 0) // => array([[1, 2]])
 */
export const expand_dims = /* @__PURE__ */ byName(
  'expand_dims',
  'a axis',
  (a: ArrayLike, axis: number | readonly number[] | { axis: number | readonly number[] }): NDArray => {
    const x = asArray(a)
    const given = typeof axis === 'object' && axis !== null && 'axis' in axis ? axis.axis : axis
    const list = integers('expand_dims', 'axis', given)
    const n = x.ndim + list.length
    const places = normalizeAxes(list, n)
    const shape = x.shape
    return wrapView(
      reshapeRow(
        x.value,
        Array.from({ length: n }, (_, i) => (places.includes(i) ? 1 : shape.shift()!)),
      ),
      x,
    )
  },
)

/**
 * The array without axes of length 1, all or those given: a view.
 *
 * @example
 * np.squeeze([[[1], [2]]]) // => array([1, 2])
 */
export const squeeze = /* @__PURE__ */ byName('squeeze', 'a', (a: ArrayLike, axis: Axis | { axis?: Axis } = null): NDArray => {
  const x = asArray(a)
  const given = typeof axis === 'object' && axis !== null && 'axis' in axis ? (axis.axis ?? null) : (axis as Axis)
  const { shape } = x
  const gone = given === null ? shape.flatMap((n, i) => (n === 1 ? [i] : [])) : normalizeAxes(given, x.ndim)
  if (gone.some((i) => shape[i] !== 1)) {
    throw new ValueError('cannot select an axis to squeeze out which has size not equal to one', { op: 'squeeze', shapes: [shape] })
  }
  return wrapView(
    reshapeRow(
      x.value,
      shape.filter((_, i) => !gone.includes(i)),
    ),
    x,
  )
})

/**
 * The array repeated to a shape, as a read-only view.
 *
 * @example
 * np.broadcast_to([1, 2], [2, 2]) // => array([[1, 2],
 *                                 //           [1, 2]])
 */
export const broadcast_to = /* @__PURE__ */ byName('broadcast_to', 'array shape', (array: ArrayLike, shape: ShapeLike): NDArray => {
  const x = asArray(array)
  const dims = asShape(shape, 'broadcast_to')
  if (x.ndim > dims.length) {
    throw new ValueError('input operand has more dimensions than allowed by the axis remapping', {
      op: 'broadcast_to',
      shapes: [x.shape, dims],
    })
  }
  let v: View
  try {
    v = broadcastTo(x.value, dims) as View
  } catch {
    throw new ShapeError(
      `operands could not be broadcast together with remapped shapes [original->remapped]: ${tight(x.shape)}  and requested shape ${tight(dims)}`,
      { op: 'broadcast_to', shapes: [x.shape, dims] },
    )
  }
  return wrapView(restride(v, v.shape, v.strides, v.offset, false), x)
})

/**
 * Arrays repeated to their common shape, as views.
 *
 * @example
 * np.broadcast_arrays([1, 2], [[3], [4]])[0] // => array([[1, 2],
 *                                            //           [1, 2]])
 */
export function broadcast_arrays(...args: ArrayLike[]): NDArray[] {
  const arrays = args.map((a) => asArray(a))
  const shape = jointShape(arrays)
  return arrays.map((x) => wrapView(broadcastTo(x.value, shape), x))
}

/**
 * The shape that arrays of the given shapes broadcast to.
 *
 * @example
 * np.broadcast_shapes([3, 1], [1, 4]) // => [ 3, 4 ]
 */
export const broadcast_shapes = (...shapes: ShapeLike[]): number[] => [
  ...broadcastShapes(shapes.map((s) => asShape(s, 'broadcast_shapes'))),
]

/** The joint shape of arrays, or NumPy's error. */
export function jointShape(arrays: readonly NDArray[]): Shape {
  try {
    return broadcastShapes(arrays.map((x) => x.shape))
  } catch {
    throw new ShapeError(
      `shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg 0 with shape ${shapeText(arrays[0]!.shape)} and others`,
      { shapes: arrays.map((x) => x.shape) },
    )
  }
}

/**
 * The array with items in reverse order along axes: a view.
 *
 * @example
 * np.flip([1, 2, 3]) // => array([3, 2, 1])
 */
export const flip = /* @__PURE__ */ byName('flip', 'm', (m: ArrayLike, axis: Axis | { axis?: Axis } = null): NDArray => {
  const given = typeof axis === 'object' && axis !== null && 'axis' in axis ? (axis.axis ?? null) : (axis as Axis)
  const x = asArray(m)
  return wrapView(flipRow(x.value, given), x)
})

/**
 * The array with its columns (axis 1) reversed: a view.
 *
 * @example
 * np.fliplr([[1, 2], [3, 4]]) // => array([[2, 1],
 *                             //           [4, 3]])
 */
export const fliplr = /* @__PURE__ */ byName('fliplr', 'm', (m: ArrayLike): NDArray => {
  const x = asArray(m)
  if (x.ndim < 2) throw new ValueError('Input must be >= 2-d.', { op: 'fliplr' })
  return flip(x, 1)
})

/**
 * The array with its rows (axis 0) reversed: a view.
 *
 * @example
 * np.flipud([[1, 2], [3, 4]]) // => array([[3, 4],
 *                             //           [1, 2]])
 */
export const flipud = /* @__PURE__ */ byName('flipud', 'm', (m: ArrayLike): NDArray => {
  const x = asArray(m)
  if (x.ndim < 1) throw new ValueError('Input must be >= 1-d.', { op: 'flipud' })
  return flip(x, 0)
})

const rot90Args = signature<{ k?: number; axes?: readonly number[] }>('rot90', ['k', 'axes'])

/**
 * The array turned by 90 degrees k times in the plane of two axes, from the first towards the second: a view.
 *
 * @example
 * np.rot90([[1, 2], [3, 4]]) // => array([[2, 4],
 *                            //           [1, 3]])
 */
export const rot90 = /* @__PURE__ */ byName(
  'rot90',
  'm',
  (m: ArrayLike, ...rest: Rest<{ k?: number; axes?: readonly number[] }, ['k', 'axes']>): NDArray => {
    const { k: turned = 1, axes = [0, 1] } = rot90Args(rest)
    const x = asArray(m)
    if (axes.length !== 2) throw new ValueError('len(axes) must be 2.', { op: 'rot90' })
    const [p, q] = integers('rot90', 'axes', axes) as [number, number]
    const k = integer('rot90', 'k', turned)
    if (p === q || Math.abs(p - q) === x.ndim) throw new ValueError('Axes must be different.', { op: 'rot90' })
    const [i, j] = [normalizeAxis(p, x.ndim), normalizeAxis(q, x.ndim)]
    const turns = ((k % 4) + 4) % 4
    if (turns === 0) return wrapView(x.value, x)
    if (turns === 2) return flip(flip(x, i), j)
    return turns === 1 ? swapaxes(flip(x, j), i, j) : flip(swapaxes(x, i, j), j)
  },
)

/**
 * The array with items moved along axes; what leaves at one end comes in at the other. Without an axis the flattened array is rolled.
 *
 * @example
 * np.roll([1, 2, 3, 4], 1) // => array([4, 1, 2, 3])
 */
export const roll = /* @__PURE__ */ byName(
  'roll',
  'a shift',
  (a: ArrayLike, shift: number | readonly number[], axis: Axis | { axis?: Axis } = null): NDArray => {
    const given = typeof axis === 'object' && axis !== null && 'axis' in axis ? (axis.axis ?? null) : (axis as Axis)
    const x = asArray(a)
    if (given === null) {
      const total = integers('roll', 'shift', shift).reduce((s, n) => s + n, 0)
      return reshape(wrap(rolled(reshapeRow(x.value, [x.size]) as View, total, 0)), x.shape)
    }
    const axes = integers('roll', 'axis', given)
    const shifts = integers('roll', 'shift', shift)
    const n = Math.max(axes.length, shifts.length)
    if ((axes.length !== n && axes.length !== 1) || (shifts.length !== n && shifts.length !== 1)) {
      throw new ValueError("'shift' and 'axis' should be scalars or 1D sequences", { op: 'roll' })
    }
    let v = x.value
    for (let i = 0; i < n; i++) v = rolled(v, shifts[i % shifts.length]!, normalizeAxis(axes[i % axes.length]!, x.ndim))
    return wrap(n === 0 ? copyOf(v) : v)
  },
)

function rolled(v: View, shift: number, axis: number): View {
  const n = v.shape[axis]!
  const by = n === 0 ? 0 : ((shift % n) + n) % n
  const out = copyOf(v)
  if (by === 0) return out
  const part = (w: View, start: number, length: number): View =>
    restride(
      w,
      w.shape.map((d, i) => (i === axis ? length : d)),
      w.strides,
      w.offset + start * w.strides[axis]!,
    )
  copyInto(part(out, by, n - by), part(v, 0, n - by))
  copyInto(part(out, 0, by), part(v, n - by, by))
  return out
}

/** One array, or a list when there are several, each with at least `rank` axes. */
function atLeast(args: readonly ArrayLike[], shapeOf: (shape: number[]) => number[]): NDArray | NDArray[] {
  const out = args.map((a) => {
    const x = asArray(a)
    const shape = shapeOf(x.shape)
    return shape.length === x.ndim ? x : wrapView(reshapeRow(x.value, shape), x)
  })
  return out.length === 1 ? out[0]! : out
}

/**
 * The arrays with at least one axis.
 *
 * @example
 * np.atleast_1d(5) // => array([5])
 */
export function atleast_1d(a: ArrayLike): NDArray
export function atleast_1d(...args: ArrayLike[]): NDArray | NDArray[]
export function atleast_1d(...args: ArrayLike[]): NDArray | NDArray[] {
  return atLeast(args, (shape) => (shape.length === 0 ? [1] : shape))
}

/**
 * The arrays with at least two axes; a vector becomes a row.
 *
 * @example
 * np.atleast_2d([1, 2]) // => array([[1, 2]])
 */
export function atleast_2d(a: ArrayLike): NDArray
export function atleast_2d(...args: ArrayLike[]): NDArray | NDArray[]
export function atleast_2d(...args: ArrayLike[]): NDArray | NDArray[] {
  return atLeast(args, (shape) => (shape.length < 2 ? [1, shape[0] ?? 1] : shape))
}

/**
 * The arrays with at least three axes; a vector becomes the middle one.
 *
 * @example
 * np.atleast_3d([1, 2]).shape // => [ 1, 2, 1 ]
 */
export function atleast_3d(a: ArrayLike): NDArray
export function atleast_3d(...args: ArrayLike[]): NDArray | NDArray[]
export function atleast_3d(...args: ArrayLike[]): NDArray | NDArray[] {
  return atLeast(args, (shape) => (shape.length >= 3 ? shape : shape.length === 2 ? [...shape, 1] : [1, shape[0] ?? 1, 1]))
}

/**
 * The lengths of the axes.
 *
 * @example
 * np.shape([[1, 2, 3], [4, 5, 6]]) // => [ 2, 3 ]
 */
export const shape = /* @__PURE__ */ byName('shape', 'a', (a: ArrayLike): number[] => [...asView(a).shape])

/**
 * The number of axes.
 *
 * @example
 * np.ndim([[1, 2], [3, 4]]) // => 2
 */
export const ndim = /* @__PURE__ */ byName('ndim', 'a', (a: ArrayLike): number => asView(a).ndim)

/**
 * The number of items, or along an axis or axes.
 *
 * @example
 * np.size([[1, 2, 3], [4, 5, 6]]) // => 6
 */
export const size = /* @__PURE__ */ byName('size', 'a', (a: ArrayLike, axis?: Axis | { axis?: Axis }): number => {
  const givenAxis = keyword<Axis>('size', 'axis', axis as Axis, null)
  const v = asView(a)
  return normalizeAxes(givenAxis, v.ndim).reduce((p, i) => p * v.shape[i]!, 1)
})
