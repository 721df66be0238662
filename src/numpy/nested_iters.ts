/** `np.nested_iters`: iterators one inside the other over the same arrays. */

import { integers, sequence } from '../core/arguments.ts'
import { byName } from '../core/by_name.ts'
import { ValueError } from '../core/errors.ts'
import { MAX_DIMS } from '../core/shape.ts'
import { restride } from '../core/view.ts'
import { asArray, wrap } from './convert.ts'
import type { NDArray } from './ndarray.ts'
import { type IteratorFlag, isOperandList, NdIter, type NditerOptions, readNditer } from './nditer.ts'
import type { ArrayLike } from './types.ts'

/**
 * Iterators one inside the other over the same arrays: for each list of axes an iterator over those axes alone, which begins again at the place
 * where those before it stand.
 *
 * @example
 * const a = np.arange(6).reshape(2, 3)
 * const [i, j] = np.nested_iters(a, [[0], [1]], { flags: ['multi_index'] })
 * i.ndim // => 1
 * Array.from(j, (x) => x.item()) // => [ 0, 1, 2 ]
 */
export const nested_iters = /* @__PURE__ */ byName(
  'nested_iters',
  'op axes',
  (op: ArrayLike | readonly ArrayLike[], axes: readonly (readonly number[])[], ...rest: unknown[]): InstanceType<typeof NestedIter>[] => {
    const options = readNditer(rest.filter((x) => x !== undefined))
    const list = (isOperandList(op) ? [...op] : [op as ArrayLike]).map((a) => asArray(a))
    const lists = sequence('nested_iters', 'axes', axes).map((list) => integers('nested_iters', 'axes', list))
    if (lists.length > MAX_DIMS)
      throw new ValueError(`nested_iters(): at most ${MAX_DIMS} iterators, got ${lists.length}`, { op: 'nested_iters' })
    const levels = lists.map((_, level) => new NestedIter(list as NDArray[], lists, level, options))
    levels.forEach((iter, level) => {
      iter.inner = levels[level + 1] ?? null
      iter.outer = level > 0 ? levels[level - 1]! : null
    })
    for (const iter of levels) iter.rebase()
    return levels
  },
)

/** One of nested iterators: it moves the base of the one inside it. */
class NestedIter implements Iterable<any> {
  inner: NestedIter | null = null
  outer: NestedIter | null = null
  #iter!: NdIter

  constructor(
    readonly arrays: readonly NDArray[],
    readonly axes: readonly (readonly number[])[],
    readonly level: number,
    readonly options: NditerOptions,
  ) {}

  /** The operands with the axes of the iterators outside at their indices. */
  rebase(): void {
    const fixed = new Map<number, number>()
    for (let o = this.outer; o !== null; o = o.outer) {
      const at = o.#place
      o.axes[o.level]!.forEach((axis, i) => {
        fixed.set(axis, at[i]!)
      })
    }
    const mine = this.axes[this.level]!
    const views = this.arrays.map((a) => {
      const v = a.value
      let offset = v.offset
      for (const [axis, index] of fixed) offset += index * v.strides[axis]!
      return wrap(
        restride(
          v,
          mine.map((axis) => v.shape[axis]!),
          mine.map((axis) => v.strides[axis]!),
          offset,
        ),
        a,
      )
    })
    const flags = new Set<IteratorFlag>([...(this.options.flags ?? [])])
    if (this.inner !== null) {
      flags.add('multi_index')
      flags.delete('external_loop')
    }
    this.#iter = new NdIter(views.length === 1 ? views[0]! : views, { ...this.options, flags: [...flags] })
    this.inner?.rebase()
  }
  get #place(): number[] {
    return this.#iter.finished ? this.#iter.shape.map(() => 0) : this.#iter.multi_index
  }
  get ndim(): number {
    return this.#iter.ndim
  }
  get shape(): number[] {
    return this.#iter.shape
  }
  get itersize(): number {
    return this.#iter.itersize
  }
  get finished(): boolean {
    return this.#iter.finished
  }
  get multi_index(): number[] {
    return this.#iter.multi_index
  }
  get index(): number {
    return this.#iter.index
  }
  get value(): any {
    return this.#iter.value
  }
  get operands(): NDArray[] {
    return [...this.arrays]
  }
  iternext(): boolean {
    const more = this.#iter.iternext()
    if (more) this.inner?.rebase()
    return more
  }
  reset(): void {
    this.#iter.reset()
    this.inner?.rebase()
  }
  close(): void {
    this.#iter.close()
  }
  *[Symbol.iterator](): IterableIterator<any> {
    this.reset()
    while (!this.finished) {
      yield this.value
      this.iternext()
    }
  }
}
