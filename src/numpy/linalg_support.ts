/** What the functions of `np.linalg` share: operands as matrices, errors in NumPy's words, lists with names. */

import { type DType, float64 } from '../core/dtype.ts'
import { DTypeError, LinAlgError } from '../core/errors.ts'
import { promoteAll } from '../core/promote.ts'
import type { View } from '../core/view.ts'
import { asView, castView } from './convert.ts'
import type { ArrayLike, Result } from './types.ts'

/** The dtype that routines compute in: float32 and complex64 are kept, integers and booleans become float64. */
export function linalgDType(dtypes: readonly DType[], op = 'linalg'): DType {
  const joint = promoteAll(dtypes.map((d) => (d.isInteger || d.kind === 'b' ? float64 : d)))
  if (joint.isObject) {
    throw new DTypeError(`Cannot cast ufunc '${op}' input from dtype('O') to dtype('float64') with casting rule 'same_kind'`, {
      dtypes: ['object'],
    })
  }
  if (joint.name === 'float16' || joint.name === 'bfloat16')
    throw new DTypeError(`array type ${joint.name} is unsupported in linalg`, { dtypes: [joint.name] })
  return joint
}

/** Operands as matrices of one dtype. */
export function matrices(...xs: ArrayLike[]): View[] {
  const views = xs.map((x) => asView(x))
  const dtype = linalgDType(views.map((v) => v.dtype))
  return views.map((v) => castView(v, dtype))
}

/** The routines' failures in NumPy's words. */
export function guarded<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof LinAlgError)) throw error
    const words = [
      [/singular/, 'Singular matrix'],
      [/positive definite/, 'Matrix is not positive definite'],
      [/SVD.*converge/i, 'SVD did not converge'],
      [/not finite/, 'Array must not contain infs or NaNs'],
      [/converge/, 'Eigenvalues did not converge'],
    ] as const
    const found = words.find(([pattern]) => pattern.test(error.message))
    throw found ? new LinAlgError(found[1], { op: error.op }) : error
  }
}

export function square(op: string, a: ArrayLike): View {
  const given = asView(a)
  const x = castView(given, linalgDType([given.dtype], op))
  if (x.ndim < 2)
    throw new LinAlgError(`${x.ndim}-dimensional array given. Array must be at least two-dimensional`, { op, shapes: [x.shape] })
  if (x.shape[x.ndim - 1] !== x.shape[x.ndim - 2])
    throw new LinAlgError('Last 2 dimensions of the array must be square', { op, shapes: [x.shape] })
  return x
}

/** A list whose items also have names, as Python's named tuples. */
export function named<T>(values: readonly Result[], names: readonly string[]): T {
  const list = [...values]
  names.forEach((name, i) => {
    Object.defineProperty(list, name, { value: values[i], enumerable: false })
  })
  return list as unknown as T
}
