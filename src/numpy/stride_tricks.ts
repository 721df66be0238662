/** `np.lib.stride_tricks`. */

export { as_strided, broadcast_arrays, broadcast_shapes, broadcast_to, sliding_window_view } from './manipulation.ts'
