/** The one bridge between the two worlds: tensors and arrays over the same memory. */

import { ArgumentError, DTypeError, GradientError, ValueError } from '../core/errors.ts'
import { View } from '../core/view.ts'
import '../numpy/methods.ts'
import { NDArray } from '../numpy/ndarray.ts'
import { scalarTypeName } from './dtype.ts'
import { Tensor, viewOf } from './tensor.ts'

/**
 * A tensor over an array's memory: writes through either are seen by both.
 *
 * @example
 * ```ts
 * const a = np.zeros(2)
 * torch.from_numpy(a).add_(1)
 * a // => array([1., 1.])
 * ```
 */
export function from_numpy(ndarray: NDArray): Tensor {
  if (!(ndarray instanceof NDArray))
    throw new ArgumentError(`expected np.ndarray (got ${Array.isArray(ndarray) ? 'list' : typeof ndarray})`)
  const view = ndarray.value
  if (view.dtype.isObject) {
    throw new DTypeError(
      "can't convert np.ndarray of type numpy.object_. The only supported types are: float64, float32, float16, complex64, complex128, int64, int32, int16, int8, uint64, uint32, uint16, uint8, and bool.",
      { dtypes: ['object'] },
    )
  }
  if (view.strides.some((s) => s < 0)) {
    throw new ValueError(
      'At least one stride in the given numpy array is negative, and tensors with negative strides are not currently supported. (You can probably work around this by making a copy of your array  with array.copy().) ',
    )
  }
  return new Tensor(view)
}

/** Keywords of `numpy`. */
export interface NumpyOptions {
  /** Also of tensors that require a gradient. */
  readonly force?: boolean
}

/** An array over the tensor's memory: writes through either are seen by both. */
export function numpy(input: Tensor, options: NumpyOptions | boolean = {}): NDArray {
  const force = typeof options === 'boolean' ? options : options?.force === true
  const { value } = input
  if (!(value instanceof View) && !force) {
    throw new GradientError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
  }
  const view = viewOf(value)
  if (view.dtype.name === 'bfloat16') {
    throw new DTypeError(`Got unsupported ScalarType ${scalarTypeName(view.dtype)}`, { dtypes: [view.dtype.name] })
  }
  return new NDArray(view)
}
