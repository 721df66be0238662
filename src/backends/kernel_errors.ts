/** What the compiled kernels say when a command fails, as errors of the library; the native and the WebAssembly backends share it. */

import { IndexError, LinAlgError, RuntimeError } from '../core/errors.ts'

/** The error of a nonzero code of `run` (docs/internals/abi.md): 1 a message, 2 an index out of range, 3 linear algebra. */
export function kernelError(code: number, words: Float64Array, text: () => string): Error {
  if (code !== 2) return code === 3 ? new LinAlgError(text() || 'Singular matrix') : new RuntimeError(text())
  const [index, axis, size] = words as unknown as [number, number, number]
  const where = axis < 0 ? `for size ${size}` : `for axis ${axis} with size ${size}`
  return new IndexError(`index ${index} is out of bounds ${where}`, { axis })
}
