/** `np.lib.stride_tricks`. */

export { broadcast_arrays, broadcast_shapes, broadcast_to } from '../manipulation.ts'
export { as_strided, sliding_window_view } from '../strides.ts'
