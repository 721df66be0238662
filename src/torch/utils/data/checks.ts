/** Checks of what datasets, samplers and loaders are made with. */

import { ArgumentError } from '../../../core/errors.ts'

const kind = (x: unknown): string => (x === null ? 'None' : typeof x)

/** Refuses what has no length. */
export function checkSized(what: string, x: unknown): void {
  const isObject = (typeof x === 'object' && x !== null) || typeof x === 'function'
  if (isObject && typeof (x as { length?: unknown }).length === 'number') return
  throw new ArgumentError(`${what}: object of type '${kind(x)}' has no len()`)
}

/** Refuses what items cannot be read from by position. */
export function checkMapLike(what: string, x: unknown): void {
  checkSized(what, x)
  if (typeof (x as { at?: unknown }).at !== 'function')
    throw new ArgumentError(`${what}: a dataset needs at(index) and length, got ${kind(x)}`)
}

/** The items of something iterable. */
export function listFrom<T>(what: string, x: Iterable<T>): T[] {
  if (typeof x === 'object' && x !== null && !ArrayBuffer.isView(x) && typeof x[Symbol.iterator] === 'function') return [...x]
  throw new ArgumentError(`${what}: '${kind(x)}' object is not iterable`)
}

/** Refuses positions that are not whole numbers. */
export function checkIndex(index: unknown): asserts index is number {
  if (!Number.isInteger(index)) throw new ArgumentError(`indices must be integers, got ${kind(index)}`)
}
