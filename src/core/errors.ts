/** The errors that the library throws, with fields, under names that NumPy and PyTorch users know. */

import { describe } from './describe.ts'

/** Facts of a failure, kept beside the message for programs. */
export interface ErrorFields {
  readonly op?: string
  readonly shapes?: readonly (readonly number[])[]
  readonly dtypes?: readonly string[]
  readonly axis?: number
  readonly hint?: string
}

/** The base of every error that the library throws on purpose. */
export class NumgradError extends Error {
  readonly op?: string
  readonly shapes?: readonly (readonly number[])[]
  readonly dtypes?: readonly string[]
  readonly axis?: number
  readonly hint?: string

  constructor(message: string, fields?: ErrorFields | null) {
    const text = typeof message === 'string' ? message : describe(message)
    super(fields?.hint ? `${text} (${typeof fields.hint === 'string' ? fields.hint : describe(fields.hint)})` : text)
    this.name = new.target.name
    Object.assign(this, fields)
  }
}

/** A value is of the right type but cannot be used: NumPy's ValueError. */
export class ValueError extends NumgradError {}
/** Shapes do not fit together. */
export class ShapeError extends ValueError {}
/** An axis is outside the array's dimensions, or given twice. */
export class AxisError extends ValueError {}
/** A file or buffer does not hold what its format promises. */
export class FormatError extends ValueError {}
/** A dtype cannot be used, cast or combined. */
export class DTypeError extends NumgradError {}
/** An argument is of a kind that the function does not take. */
export class ArgumentError extends NumgradError {}
/** A key is out of range or not understood. */
export class IndexError extends NumgradError {}
/** A named field, file or parameter is missing. */
export class KeyError extends NumgradError {}
/** An attribute cannot be read or set. */
export class AttributeError extends NumgradError {}
/** An operation is not available on a device, or devices are mixed. */
export class DeviceError extends NumgradError {}
/** A derivative cannot be had: no graph, freed graph, or a saved value was changed in place. */
export class GradientError extends NumgradError {}
/** PyTorch's RuntimeError, for failures that have no class of their own. */
export class RuntimeError extends NumgradError {}
/** A matrix is singular, not positive definite, not square, or an iteration did not converge. */
export class LinAlgError extends ValueError {}
/** A number does not fit the dtype. */
export class OverflowError extends NumgradError {}
/** A division by zero that NumPy raises for. */
export class ZeroDivisionError extends NumgradError {}
/** A floating-point condition that `np.seterr` was told to raise. */
export class FloatingPointError extends NumgradError {}
/** Two dtypes have no common dtype. */
export class DTypePromotionError extends DTypeError {}
/** What a test expected does not hold. */
export class AssertionError extends NumgradError {}
/** Memory could not be had. */
export class MemoryError extends NumgradError {}

/** A shape as errors print it: `(2, 3)`, `(2,)`, `()`. */
export const shapeText = (shape: readonly number[]): string => (shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`)
