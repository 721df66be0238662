/** `np.exceptions`: the errors that callers may want to tell apart. */

export { ArgumentError, AxisError, DTypeError, IndexError, LinAlgError, OverflowError, ShapeError, ValueError } from '../core/errors.ts'
