/** `np.broadcast`: the broadcast of arrays as an object that runs over it. */

import { type Newless, newless } from '../core/callable.ts'
import { items } from '../core/element.ts'
import { ShapeError, shapeText, ValueError } from '../core/errors.ts'
import { broadcastShapes, type Shape, sizeOf } from '../core/shape.ts'
import { broadcastView } from '../core/view.ts'
import { asArray, wrap } from './convert.ts'
import { FlatIterator } from './flat.ts'
import type { NDArray } from './ndarray.ts'
import type { ArrayLike } from './types.ts'

class Broadcast implements Iterable<unknown[]> {
  readonly #arrays: NDArray[]
  readonly #shape: Shape
  #index = 0

  /** @internal */
  constructor(...arrays: ArrayLike[]) {
    if (arrays.length === 0 || arrays.length > 64) {
      throw new ValueError(`Need at least 0 and at most 64 array objects.`, { op: 'broadcast' })
    }
    const given = arrays.map((a) => asArray(a))
    try {
      this.#shape = broadcastShapes(given.map((a) => a.value.shape))
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      const [first, second] = clash(given.map((a) => a.value.shape))
      throw new ValueError(
        `shape mismatch: objects cannot be broadcast to a single shape.  Mismatch is between arg ${first} with shape ${shapeText(given[first]!.shape)} and arg ${second} with shape ${shapeText(given[second]!.shape)}.`,
        { op: 'broadcast', shapes: given.map((a) => a.shape) },
      )
    }
    this.#arrays = given.map((a) => wrap(broadcastView(a.value, this.#shape)))
  }
  /** The shape of the broadcast. */
  get shape(): number[] {
    return [...this.#shape]
  }
  /** The number of axes of the broadcast. */
  get ndim(): number {
    return this.#shape.length
  }
  /** The same as `ndim`. */
  get nd(): number {
    return this.#shape.length
  }
  /** The number of items of the broadcast. */
  get size(): number {
    return sizeOf(this.#shape)
  }
  /** The number of arrays. */
  get numiter(): number {
    return this.#arrays.length
  }
  /** An iterator over the items of each array, broadcast. */
  get iters(): FlatIterator[] {
    return this.#arrays.map((a) => new FlatIterator(a))
  }
  /** How many places have been visited. */
  get index(): number {
    return this.#index
  }
  /** Begins again. */
  reset(): void {
    this.#index = 0
  }
  /** The items of the arrays at the next place, as a list; `done` after the last. */
  next(): IteratorResult<unknown[], undefined> {
    if (this.#index >= this.size) return { done: true, value: undefined }
    const at = this.#index++
    return { done: false, value: this.#arrays.map((a) => new FlatIterator(a).at(at)) }
  }
  *[Symbol.iterator](): IterableIterator<unknown[]> {
    const columns = this.#arrays.map((a) => items(a.value))
    while (this.#index < this.size) {
      const at = this.#index++
      yield columns.map((column) => column[at])
    }
  }
}

/** The first two shapes that do not fit. */
function clash(shapes: readonly Shape[]): [number, number] {
  for (let j = 1; j < shapes.length; j++) {
    for (let i = 0; i < j; i++) {
      const [a, b] = [shapes[i]!, shapes[j]!]
      const n = Math.min(a.length, b.length)
      for (let k = 1; k <= n; k++) {
        const [x, y] = [a[a.length - k]!, b[b.length - k]!]
        if (x !== y && x !== 1 && y !== 1) return [i, j]
      }
    }
  }
  return [0, 1]
}

/**
 * The broadcast of arrays: its shape, and the items side by side when iterated over. May be called without `new`.
 *
 * A ValueError when the shapes do not fit.
 *
 * @example
 * const b = new np.broadcast([[1], [2]], [4, 5])
 * b.shape // => [ 2, 2 ]
 * Array.from(b) // => [ [ 1, 4 ], [ 1, 5 ], [ 2, 4 ], [ 2, 5 ] ]
 */
export const broadcast: Newless<typeof Broadcast> = /* @__PURE__ */ newless(Broadcast)
export type broadcast = Broadcast
