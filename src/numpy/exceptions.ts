/** `np.exceptions`: errors and warnings that callers may want to tell apart. */

import { NumgradError } from '../core/errors.ts'

export {
  ArgumentError,
  AxisError,
  DTypeError,
  DTypePromotionError,
  FloatingPointError,
  IndexError,
  LinAlgError,
  OverflowError,
  ShapeError,
  ValueError,
} from '../core/errors.ts'

/** A problem is too hard to solve in the work that was allowed: `shares_memory`. */
export class TooHardError extends NumgradError {}
/** A warning: imaginary parts were discarded. */
export class ComplexWarning extends NumgradError {}
/** A warning: a fit has fewer independent points than coefficients. */
export class RankWarning extends NumgradError {}
/** A warning: a module is deprecated. */
export class ModuleDeprecationWarning extends NumgradError {}
/** A warning: something is deprecated that users see. */
export class VisibleDeprecationWarning extends NumgradError {}
