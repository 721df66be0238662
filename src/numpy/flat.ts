/** `a.flat`: the items of an array in C order, to iterate, read and assign. */

import { int64 } from '../core/dtype.ts'
import { coerce, eachOffset, items, readAt, viewOf, writeAt } from '../core/element.ts'
import { ArgumentError } from '../core/errors.ts'
import { checkWriteable } from '../core/view.ts'
import { readNested } from '../lib/nested.ts'
import { checkIndex, NDArray, offsetOf } from './ndarray.ts'

/** Several positions: a slice as text, a list, an array of integers or booleans. */
export type FlatKey = string | readonly number[] | NDArray | object

/** What is assigned, in C order. */
const valuesOf = (value: unknown): readonly unknown[] =>
  value instanceof NDArray ? items(value.value) : Array.isArray(value) ? readNested(value).items : [value]

/** An iterable over the items of an array in C order. */
export class FlatIterator<T = any> implements Iterable<T> {
  /** The array that is iterated over. */
  readonly base: NDArray
  #next = 0

  /** @internal */
  constructor(base: NDArray) {
    if (!base?.value) throw new ArgumentError('flatiter: use array.flat')
    this.base = base
  }
  /** The number of items. */
  get length(): number {
    return this.base.size
  }
  /** The item at a position in C order; negative positions count from the end. A slice, a list or a mask of positions gives a copy of those items. */
  at(index: number): T
  at(key: FlatKey): NDArray
  at(key: number | FlatKey): T | NDArray {
    const v = this.base.value
    if (typeof key !== 'object' && typeof key !== 'string') return readAt(v, offsetOf(v, checkIndex(key, v.size, null))) as T
    return this.base.flatten().at(key as never) as NDArray
  }
  /** Assigns the item at a position, or those of a slice, a list or a mask of positions; with null, all. Values are one, or a list that is repeated. */
  set(index: number | FlatKey | null, value: unknown): void {
    const v = this.base.value
    checkWriteable(v)
    if (typeof index === 'string' || (typeof index === 'object' && index !== null)) {
      const places = new NDArray(viewOf([...new Array(v.size).keys()], [v.size], int64)).at(index) as NDArray
      const values = valuesOf(value)
      const given = items(places.value) as number[]
      for (const [i, place] of given.entries()) writeAt(v, offsetOf(v, place), coerce(values[i % values.length], v.dtype))
    } else if (index !== null) {
      writeAt(v, offsetOf(v, checkIndex(index, v.size, null)), coerce(value, v.dtype))
    } else {
      const list = valuesOf(value)
      eachOffset(v, (offset, i) => writeAt(v, offset, coerce(list[i % list.length], v.dtype)))
    }
    v.storage.version++
  }
  /** How many items `next` has given. */
  get index(): number {
    return this.#next
  }
  /** The indices of the item that `next` gives. */
  get coords(): number[] {
    let rest = this.#next
    const out = [...this.base.value.shape]
    for (let axis = out.length - 1; axis >= 0; axis--) {
      const n = out[axis]!
      // Past the end the first index counts on, as upstream.
      out[axis] = axis === 0 ? rest : rest % n
      rest = Math.floor(rest / Math.max(n, 1))
    }
    return out
  }
  /** The next item; `done` after the last. */
  next(): IteratorResult<T, undefined> {
    if (this.#next >= this.base.size) return { done: true, value: undefined }
    return { done: false, value: this.at(this.#next++) }
  }
  /** The items as a 1-d array of their own. */
  copy(): NDArray {
    return this.base.flatten()
  }
  /** The items as a list. */
  tolist(): T[] {
    return items(this.base.value) as T[]
  }
  [Symbol.iterator](): IterableIterator<T> {
    return this.tolist()[Symbol.iterator]() as IterableIterator<T>
  }
}
