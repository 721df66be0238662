/** Checks and words that the functions of torch.linalg share. */

import type { DType } from '../../core/dtype.ts'
import { DTypeError, LinAlgError, RuntimeError } from '../../core/errors.ts'
import type { Value } from '../../core/value.ts'
import { scalarTypeName } from '../dtype.ts'
import { tensorArg } from '../functions/support.ts'
import type { Tensor } from '../tensor.ts'

/** float32, float64 and their complex kin have decompositions. */
function checkFloating(name: string, dtype: DType): void {
  if (!dtype.isInexact) {
    throw new DTypeError(`linalg.${name}: Expected a floating point or complex tensor as input. Got ${scalarTypeName(dtype)}`, { op: name })
  }
  if (dtype.itemsize === 2)
    throw new DTypeError(`linalg.${name}: Low precision dtypes not supported. Got ${scalarTypeName(dtype)}`, { op: name })
}

/** A matrix or a batch of them. */
export function matrixArg(name: string, input: Tensor, argument = 'A'): Value {
  const x = tensorArg(`linalg.${name}`, input, argument)
  if (x.ndim < 2) throw new RuntimeError(`linalg.${name}: The input tensor ${argument} must have at least 2 dimensions.`)
  checkFloating(name, x.raw.dtype)
  return x.value
}

/** A square matrix or a batch of them. */
export function squareArg(name: string, input: Tensor): Value {
  const x = matrixArg(name, input)
  const [m, n] = x.shape.slice(-2)
  if (m !== n)
    throw new RuntimeError(`linalg.${name}: A must be batches of square matrices, but they are ${m} by ${n} matrices`, {
      op: name,
      shapes: [x.shape],
    })
  return x
}

/** Runs a decomposition; its failure gets PyTorch's words. */
export function attempted<T>(message: string, f: () => T): T {
  try {
    return f()
  } catch (error) {
    if (error instanceof LinAlgError) throw new LinAlgError(message, { op: error.op })
    throw error
  }
}
