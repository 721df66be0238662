/** What rows of linear algebra share: checks of matrices, batching over leading axes, and the call of a routine. */

import type { Backend } from '../../core/backend.ts'
import { type DType, float16, realOf } from '../../core/dtype.ts'
import { DTypeError, LinAlgError } from '../../core/errors.ts'
import { alignBatch, linear, moveToFront } from '../../core/linear.ts'
import type { Rules } from '../../core/primitive.ts'
import { broadcastShapes, type Shape } from '../../core/shape.ts'
import type { Aval, Value } from '../../core/value.ts'
import type { View } from '../../core/view.ts'

/** Matrices in the last two axes of a dtype that routines compute in; the errors are NumPy's. */
export function checkMatrix(op: string, x: Aval): void {
  if (x.shape.length < 2) {
    throw new LinAlgError(`${x.shape.length}-dimensional array given. Array must be at least two-dimensional`, { op, shapes: [x.shape] })
  }
  if (!x.dtype.isInexact || x.dtype.itemsize <= float16.itemsize) {
    throw new DTypeError(`array type ${x.dtype.name} is unsupported in linalg`, { op, dtypes: [x.dtype.name] })
  }
}

/** Square matrices. */
export function checkSquare(op: string, x: Aval): void {
  checkMatrix(op, x)
  const [m, n] = x.shape.slice(-2)
  if (m !== n) throw new LinAlgError('Last 2 dimensions of the array must be square', { op, shapes: [x.shape] })
}

/** Two matrices of one dtype. */
export function checkPair(op: string, a: Aval, b: Aval): void {
  checkMatrix(op, b)
  if (a.dtype !== b.dtype) {
    throw new DTypeError(`${op}(): inputs must share a dtype here, got ${a.dtype.name} and ${b.dtype.name}`, {
      op,
      dtypes: [a.dtype.name, b.dtype.name],
    })
  }
}

export const leadOf = (shape: Shape): Shape => shape.slice(0, -2)
export const rowsOf = ({ shape }: Aval): number => shape[shape.length - 2]!
export const columnsOf = ({ shape }: Aval): number => shape[shape.length - 1]!

/** The joint leading axes of two values. */
export const jointLead = (op: string, a: Aval, b: Aval): Shape => broadcastShapes([leadOf(a.shape), leadOf(b.shape)], op)

/** Runs a routine unless there is nothing to write. */
export function run(backend: Backend, routine: string, outs: readonly View[], ins: readonly View[], words: readonly number[] = []): void {
  if (outs.some((v) => v.size > 0)) backend.call(routine, outs, ins, words)
}

/** The batching rule of rows over one value: their leading axes are a batch already. */
export function batchLeading<P>(apply: (x: Value, params: P) => Value[]): NonNullable<Rules<P>['batch']> {
  return ([x], [dim], params) => {
    const outs = apply(moveToFront(x!, dim!), params)
    return [outs, outs.map(() => 0)]
  }
}

/** The batching rule of rows over two values whose leading axes broadcast. */
export function batchPair<P>(apply: (a: Value, b: Value, params: P) => Value): NonNullable<Rules<P>['batch']> {
  return ([a, b], [da, db], params) => {
    const rank = Math.max(a!.ndim - (da === null ? 0 : 1), b!.ndim - (db === null ? 0 : 1))
    return [[apply(alignBatch(a!, da!, rank), alignBatch(b!, db!, rank), params)], [0]]
  }
}

export const avalOf = (shape: Shape, dtype: DType): Aval => ({ shape, dtype })
export const realAval = (shape: Shape, dtype: DType): Aval => ({ shape, dtype: realOf(dtype) })

/** The sum of those that are there, or null. */
export function total(...terms: (Value | null)[]): Value | null {
  return terms.reduce((sum, t) => (sum && t ? linear.add(sum, t) : (sum ?? t)), null)
}
