/** What the families compute with and users do not see: constants, limits of dtypes, sums over events, checks of arguments. */

import { describe } from '../../core/describe.ts'
import { ArgumentError } from '../../core/errors.ts'
import { finfo } from '../dtype.ts'
import { as_tensor } from '../functions/creation.ts'
import { randn } from '../functions/random.ts'
import { Tensor } from '../tensor.ts'
import { broadcast_all } from './utils.ts'

/** A parameter as it is given. */
export type Param = Tensor | number

/** The constant of Euler and Mascheroni. */
export const EULER = 0.5772156649015329

export const LOG_2PI = Math.log(2 * Math.PI)

/** Two parameters as tensors of one shape. */
export const pair = (a: Param, b: Param): [Tensor, Tensor] => broadcast_all(a, b) as [Tensor, Tensor]

/** A number of the dtype of a tensor; tensors as they are. */
export const valueLike = (x: Param, like: Tensor): Tensor => (x instanceof Tensor ? x : as_tensor(x, { dtype: like.dtype }))

/** `a - x`. */
export const from = (a: number, x: Tensor): Tensor => x.neg().add(a)

export const eps = (x: Tensor): number => new finfo(x.dtype).eps

export const tiny = (x: Tensor): number => new finfo(x.dtype).tiny

/** The sum over the last dimensions. */
export function sumRightmost(value: Tensor, dims: number): Tensor {
  return dims === 0 ? value : value.reshape([...value.shape.slice(0, value.ndim - dims), -1]).sum(-1)
}

/** Standard normal numbers, drawn as PyTorch draws them. */
export const standardNormal = (shape: readonly number[], like: Tensor): Tensor => randn([...shape], { dtype: like.dtype })

/** Refuses what is no tensor. */
export function checkTensor(op: string, x: unknown): void {
  if (!(x instanceof Tensor)) throw new ArgumentError(`${op}(): expected a Tensor, got ${describe(x)}`, { op })
}

/** Refuses what is no object of a class. */
export function checkInstance(op: string, x: unknown, type: abstract new (...args: any[]) => unknown): void {
  if (!(x instanceof type)) throw new ArgumentError(`${op}(): expected a ${type.name}, got ${describe(x)}`, { op })
}

/** Refuses what is no list of objects of a class. */
export function checkInstances(op: string, xs: unknown, type: abstract new (...args: any[]) => unknown): void {
  if (!Array.isArray(xs)) throw new ArgumentError(`${op}(): expected a list, got ${describe(xs)}`, { op })
  for (const x of xs) checkInstance(op, x, type)
}

/** Refuses what is no shape. */
export function checkShape(op: string, x: unknown): void {
  if (!Array.isArray(x) || !x.every((n) => Number.isSafeInteger(n) && n >= -1))
    throw new ArgumentError(`${op}(): expected a list of sizes, got ${describe(x)}`, { op })
}
