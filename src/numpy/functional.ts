/** Functions over functions: along axes, over pieces, vectorized. */

import { integers, sequence } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { bool } from '../core/dtype.ts'
import { items } from '../core/element.ts'
import { ArgumentError, ValueError } from '../core/errors.ts'
import { broadcastShapes, normalizeAxis, sizeOf } from '../core/shape.ts'
import { broadcastView, type View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, asView, castView, fromData, wrap, wrapView } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { where } from './indexing.ts'
import { stack } from './joining.ts'
import { moveaxis } from './manipulation.ts'
import { copyOf, type NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike, Result } from './types.ts'

/**
 * A function applied to the 1-d lines of an array along an axis; what it gives takes the place of the axis.
 *
 * @example
 * np.apply_along_axis((line) => line.sum(), 1, [[1, 2], [3, 4]]) // => array([3, 7])
 */
export const apply_along_axis = /* @__PURE__ */ byName(
  'apply_along_axis',
  'func1d axis arr',
  (func1d: (line: any, ...args: any[]) => unknown, axis: number, arr: ArrayLike, ...args: unknown[]): NDArray => {
    const x = asArray(arr)
    const at = normalizeAxis(axis, x.ndim)
    const lines = moveaxis(x, at, -1)
    const lead = lines.shape.slice(0, -1)
    const n = x.shape[at]!
    const count = sizeOf(lead)
    if (count === 0) throw new ValueError('Cannot apply_along_axis when any iteration dimensions are 0', { op: 'apply_along_axis' })
    const rows = p.reshape(lines.value, [count, n])
    const results = Array.from({ length: count }, (_, i) =>
      asArray(func1d(wrapView(p.reshape(p.narrow(rows, 0, i, 1), [n]), x), ...args) as ArrayLike),
    )
    const joined = stack(results, 0)
    const inner = results[0]!.shape
    const shaped = wrap(p.reshape(joined.value, [...lead, ...inner]))
    // The result's axes take the place of the one that went.
    const from = inner.map((_, i) => lead.length + i)
    return inner.length === 0
      ? shaped
      : moveaxis(
          shaped,
          from,
          inner.map((_, i) => at + i),
        )
  },
)

/**
 * A function applied over one axis after another; it must keep the number of axes or drop the one.
 *
 * @example
 * np.apply_over_axes(np.sum, [[1, 2], [3, 4]], [0, 1]) // => array([[10]])
 */
export const apply_over_axes = /* @__PURE__ */ byName(
  'apply_over_axes',
  'func a axes',
  (func: (a: NDArray, axis: number) => unknown, a: ArrayLike, axes: number | readonly number[]): NDArray => {
    let x = asArray(a)
    for (const axis of integers('apply_over_axes', 'axes', axes)) {
      const at = normalizeAxis(axis, x.ndim)
      const out = asArray(func(x, at) as ArrayLike)
      if (out.ndim === x.ndim) x = out
      else {
        const shape = out.shape
        shape.splice(at, 0, 1)
        x = wrap(p.reshape(out.value, shape))
        if (out.ndim + 1 !== x.ndim)
          throw new ValueError('function is not returning an array of the correct shape', { op: 'apply_over_axes' })
      }
    }
    return x
  },
)

/** Keyword arguments of `vectorize`. */
export interface VectorizeOptions {
  /** The dtypes of the results; found from the first result unless given. */
  otypes?: readonly DTypeLike[] | null
}

/**
 * A function of single items as a function of arrays, which are broadcast. It is a loop, not compiled.
 *
 * @example
 * np.vectorize((a, b) => Math.max(a, b))([1, 5], 3) // => array([3, 5])
 */
export const vectorize = /* @__PURE__ */ byName(
  'vectorize',
  'pyfunc',
  (pyfunc: (...args: any[]) => unknown, options: VectorizeOptions = {}): ((...args: ArrayLike[]) => Result) => {
    return (...args) => {
      if (args.length === 0) throw new ArgumentError('vectorize(): expected at least one array', { op: 'vectorize' })
      const views = args.map((a) => asView(a))
      const shape = broadcastShapes(
        views.map((v) => v.shape),
        'vectorize',
      )
      const columns = views.map((v) => items(broadcastView(v, shape)))
      const otypes = options.otypes ?? null
      const n = sizeOf(shape)
      if (n === 0 && !otypes) throw new ValueError('cannot call `vectorize` on size 0 inputs unless `otypes` is set', { op: 'vectorize' })
      const results = Array.from({ length: n }, (_, i) => pyfunc(...columns.map((c) => c[i])))
      const many = Array.isArray(results[0])
      const make = (list: unknown[], k: number): Result => {
        const out = fromData(list, otypes ? maybeDType(otypes[k]) : undefined)
        const shaped = wrap(p.reshape(out, shape))
        return shape.length === 0 ? shaped.item() : shaped
      }
      return many
        ? (results[0] as unknown[]).map((_, k) =>
            make(
              results.map((r) => (r as unknown[])[k]),
              k,
            ),
          )
        : make(results, 0)
    }
  },
)

/**
 * A function of single items as a function of arrays whose results are of dtype object.
 *
 * @example
 * np.frompyfunc((x) => `<${x}>`, 1, 1)([1, 2]) // => array(['<1>', '<2>'], dtype=object)
 */
export const frompyfunc = /* @__PURE__ */ byName(
  'frompyfunc',
  '(0 nin nout',
  (func: (...args: any[]) => unknown, nin: number, nout: number): ((...args: ArrayLike[]) => Result) => {
    return (...args) => {
      if (args.length !== nin)
        throw new ArgumentError(`${func.name || '?'} (vectorized)() takes ${nin} positional arguments but ${args.length} were given`)
      return vectorize(func, { otypes: new Array<DTypeLike>(nout).fill('object') })(...args)
    }
  },
)

/**
 * A function that is different where different conditions hold: numbers, or functions of the items there.
 *
 * @example
 * np.piecewise([-1, 0, 2], [np.less([-1, 0, 2], 0), np.greater_equal([-1, 0, 2], 0)], [-1, (x) => np.multiply(x, 10)]) // => array([-1,  0, 20])
 */
export const piecewise = /* @__PURE__ */ byName(
  'piecewise',
  'x condlist funclist',
  (x: ArrayLike, condlist: readonly ArrayLike[] | ArrayLike, funclist: readonly unknown[], ...args: unknown[]): NDArray => {
    const source = asView(x)
    const several = Array.isArray(condlist) && (condlist.length === 0 || typeof condlist[0] === 'object' || source.ndim === 0)
    const given = several ? condlist : [condlist]
    const masks = given.map((c) => castView(asView(c as ArrayLike), bool))
    const n = masks.length
    funclist = sequence('piecewise', 'funclist', funclist)
    if (funclist.length !== n && funclist.length !== n + 1) {
      throw new ValueError(`with ${n} condition(s), either ${n} or ${n + 1} functions are expected`, { op: 'piecewise' })
    }
    if (funclist.length === n + 1) {
      const some = masks.reduce<View>((a, b) => p.logicalOr(a, b) as View, p.full(source.shape, false, bool))
      masks.push(p.logicalNot(some) as View)
    }
    let out = wrap(p.full(source.shape, 0, source.dtype))
    masks.forEach((mask, i) => {
      const f = funclist[i]
      if (typeof f !== 'function') {
        out = wrap(castView(where(wrap(mask), f as ArrayLike, out).value, source.dtype))
        return
      }
      const picked = p.maskedSelect(source, mask) as View
      if (picked.size === 0) return
      const values = castView(asView(f(wrap(picked), ...args)), source.dtype)
      out = wrap(p.maskedPut(copyOf(out.value), mask, broadcastView(values, picked.shape)))
    })
    return out
  },
)
