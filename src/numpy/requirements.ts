/** Arrays that meet requirements: memory order, dtype, flags, finite items. */

import { type Rest, signature } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { ArgumentError, DTypeError, KeyError, ValueError } from '../core/errors.ts'
import type { View } from '../core/view.ts'
import * as p from '../ops/index.ts'
import '../runtime.ts'
import { asArray, wrap, wrapView } from './convert.ts'
import { maybeDType } from './dtypes.ts'
import { copyIn, onlyFortran } from './layout.ts'
import { NDArray } from './ndarray.ts'
import type { ArrayLike, DTypeLike } from './types.ts'

/**
 * Whether an array is in Fortran's order and not in C's.
 *
 * @example
 * np.isfortran(np.array([[1, 2], [3, 4]], { order: 'F' })) // => true
 */
export const isfortran = /* @__PURE__ */ byName('isfortran', 'a', (a: ArrayLike): boolean => onlyFortran(asArray(a).value))

/**
 * The data as an array in Fortran's order (first axis fastest), copied only when needed.
 *
 * @example
 * np.asfortranarray([[1, 2], [3, 4]]).strides // => [ 8, 16 ]
 */
export const asfortranarray = /* @__PURE__ */ byName(
  'asfortranarray',
  'a',
  (a: ArrayLike, dtype?: DTypeLike | null | { dtype?: DTypeLike | null }): NDArray => {
    const given =
      typeof dtype === 'object' && dtype !== null && 'dtype' in dtype && !('itemsize' in dtype) ? dtype.dtype : (dtype as DTypeLike | null)
    const x = asArray(a, maybeDType(given))
    if (x.ndim === 0) return wrapView(p.reshape(x.value, [1]), x)
    return x.flags.f_contiguous ? x : wrap(copyIn('F', x.value))
  },
)

/**
 * The data as an array, after a check that no item is NaN or infinite (a ValueError otherwise).
 *
 * @example
 * np.asarray_chkfinite([1, 2.5]) // => array([1. , 2.5])
 */
export const asarray_chkfinite = /* @__PURE__ */ byName(
  'asarray_chkfinite',
  'a',
  (a: ArrayLike, ...rest: Rest<{ dtype?: DTypeLike | null; order?: string | null }, ['dtype', 'order']>): NDArray => {
    const { dtype, order } = chkfiniteArgs(rest)
    const x = asArray(a, maybeDType(dtype))
    if (x.value.dtype.isInexact && !allTrue(p.all(p.isfinite(x.value)) as View)) throw new ValueError('array must not contain infs or NaNs')
    return order === 'F' && !x.flags.f_contiguous ? wrap(copyIn('F', x.value)) : x
  },
)
const chkfiniteArgs = signature<{ dtype?: DTypeLike | null; order?: string | null }>('asarray_chkfinite', ['dtype', 'order'])
const allTrue = (v: View): boolean => wrap(v).item() as unknown as boolean

const FLAGS: Readonly<Record<string, string>> = {
  C: 'C',
  C_CONTIGUOUS: 'C',
  CONTIGUOUS: 'C',
  F: 'F',
  F_CONTIGUOUS: 'F',
  FORTRAN: 'F',
  A: 'A',
  ALIGNED: 'A',
  W: 'W',
  WRITEABLE: 'W',
  O: 'O',
  OWNDATA: 'O',
  E: 'E',
  ENSUREARRAY: 'E',
}
const requireArgs = signature<{ dtype?: DTypeLike | null; requirements?: string | readonly string[] | null }>('require', [
  'dtype',
  'requirements',
])

/**
 * The data as an array of a dtype and with flags: `'C'` or `'F'` order, `'A'` aligned, `'W'` writeable, `'O'` its own memory. Copied only when
 * needed.
 *
 * @example
 * np.require([[1, 2], [3, 4]], 'float32', ['F', 'W']).flags.f_contiguous // => true
 */
export const require = /* @__PURE__ */ byName(
  'require',
  'a',
  (
    a: ArrayLike,
    ...rest: Rest<{ dtype?: DTypeLike | null; requirements?: string | readonly string[] | null }, ['dtype', 'requirements']>
  ): NDArray => {
    const { dtype, requirements } = requireArgs(rest)
    const x = asArray(a, maybeDType(dtype))
    const list = typeof requirements === 'string' ? [...requirements] : [...(requirements ?? [])]
    const wanted = new Set(
      list.map((name) => {
        const flag = FLAGS[String(name).toUpperCase()]
        if (flag === undefined) throw new KeyError(String(name))
        return flag
      }),
    )
    if (wanted.has('C') && wanted.has('F')) throw new ValueError('Cannot specify both "C" and "F" order')
    const { flags } = x
    const fits =
      (!wanted.has('C') || flags.c_contiguous) &&
      (!wanted.has('F') || flags.f_contiguous) &&
      (!wanted.has('A') || flags.aligned) &&
      (!wanted.has('W') || flags.writeable) &&
      (!wanted.has('O') || flags.owndata)
    return fits ? x : wrap(copyIn(wanted.has('F') ? 'F' : wanted.has('C') ? 'C' : 'A', x.value))
  },
)

/**
 * An array in another dtype: a copy, unless `copy` is false and it has the dtype already.
 *
 * @example
 * np.astype(np.array([1, 2, 3]), 'float64') // => array([1., 2., 3.])
 */
export function astype(x: NDArray, dtype: DTypeLike, options: { copy?: boolean; device?: 'cpu' | null } = {}): NDArray {
  if (!(x instanceof NDArray)) throw new DTypeError(`Input should be a NumPy array. It is of type ${typeof x}.`, { op: 'astype' })
  const { device } = options
  if (device !== undefined && device !== null && device !== 'cpu')
    throw new ValueError(`Device not understood. Only "cpu" is allowed, but received: ${String(device)}`, { op: 'astype' })
  if (options.copy !== undefined && typeof options.copy !== 'boolean') throw new ArgumentError('astype(): copy must be true or false')
  return x.astype(dtype, { copy: options.copy ?? true })
}
