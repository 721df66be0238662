/** `a.flat`: the items of an array in C order, to iterate, read and assign. */

import { coerce, eachOffset, items, readAt, writeAt } from '../core/element.ts'
import { ArgumentError } from '../core/errors.ts'
import { checkWriteable } from '../core/view.ts'
import { checkIndex, type NDArray, offsetOf } from './ndarray.ts'

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
  /** The item at a position in C order; negative positions count from the end. */
  at(index: number): T {
    const v = this.base.value
    return readAt(v, offsetOf(v, checkIndex(index, v.size, null))) as T
  }
  /** Assigns the item at a position; with null as position, all items, from one value or a list that is repeated. */
  set(index: number | null, value: unknown): void {
    const v = this.base.value
    checkWriteable(v)
    if (index !== null) {
      writeAt(v, offsetOf(v, checkIndex(index, v.size, null)), coerce(value, v.dtype))
    } else {
      const list = Array.isArray(value) ? value : [value]
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
