/** `np.nditer`: an iterator over several arrays at once, in the order of memory or another. */

import { sequence, signature } from '../core/arguments.ts'
import { type Newless, newless } from '../core/callable.ts'
import type { DType } from '../core/dtype.ts'
import { IndexError, ValueError } from '../core/errors.ts'
import { restride, type View } from '../core/view.ts'
import { wrap } from './convert.ts'
import { checkOrder, type Order } from './layout.ts'
import { NDArray } from './ndarray.ts'
import { type Operand, type OperandFlag, operandsOf, shapeOf } from './nditer_operands.ts'
import { axisOrder, coalesce, type Loop } from './nditer_order.ts'
import type { ArrayLike, DTypeLike } from './types.ts'

/** What `np.nditer` is told about the whole iteration. */
export type IteratorFlag =
  | 'buffered'
  | 'c_index'
  | 'common_dtype'
  | 'copy_if_overlap'
  | 'delay_bufalloc'
  | 'external_loop'
  | 'f_index'
  | 'grow_inner'
  | 'growinner'
  | 'multi_index'
  | 'ranged'
  | 'reduce_ok'
  | 'refs_ok'
  | 'zerosize_ok'
const FLAGS: readonly IteratorFlag[] = [
  'buffered',
  'c_index',
  'common_dtype',
  'copy_if_overlap',
  'delay_bufalloc',
  'external_loop',
  'f_index',
  'grow_inner',
  'growinner',
  'multi_index',
  'ranged',
  'reduce_ok',
  'refs_ok',
  'zerosize_ok',
]

/** Keyword arguments of `nditer`. */
export interface NditerOptions {
  /** `'multi_index'`, `'c_index'`, `'f_index'`, `'external_loop'`, `'buffered'`, `'reduce_ok'` and others. */
  flags?: readonly IteratorFlag[] | null
  /** For each operand `'readonly'`, `'readwrite'`, `'writeonly'`, `'allocate'`, `'copy'`, `'updateifcopy'`, `'no_broadcast'` and others. */
  op_flags?: readonly OperandFlag[] | readonly (readonly OperandFlag[])[] | null
  /** The dtypes in which the operands are seen; others than their own need `'buffered'` or `'copy'`. */
  op_dtypes?: DTypeLike | readonly (DTypeLike | null)[] | null
  /** In which order items come: C's, Fortran's, that of memory (`'K'`, the default), or C's unless all are Fortran's. */
  order?: Order
  casting?: 'no' | 'equiv' | 'safe' | 'same_kind' | 'unsafe'
  /** For each operand which of its axes each axis of the iteration is; -1 for none. */
  op_axes?: readonly (readonly (number | null)[] | null)[] | null
  itershape?: readonly number[] | null
  /** How many items a buffered external loop gives at once. */
  buffersize?: number
}
/** @internal Reads the arguments after the operands. */
export const readNditer = signature<NditerOptions>('nditer', [
  'flags',
  'op_flags',
  'op_dtypes',
  'order',
  'casting',
  'op_axes',
  'itershape',
  'buffersize',
])

const BUFFER = 8192

/** @internal The class behind `nditer`. */
export class NdIter implements Iterable<any> {
  #flags: Set<IteratorFlag>
  #operands: Operand[]
  #shape: number[]
  /** The axes in the order of the iteration, slowest first, and which of them run backwards. */
  #axes: { axis: number; backwards: boolean }[]
  #loop: Loop
  #at = 0
  #range: [number, number]
  #closed = false
  readonly #buffersize: number
  /** Whether a caller gave one operand and not a list: values come alone then. */
  readonly #single: boolean
  readonly #options: NditerOptions
  readonly #given: ArrayLike | readonly (ArrayLike | null)[]

  /** @internal */
  constructor(op: ArrayLike | readonly (ArrayLike | null)[], ...rest: unknown[]) {
    const options = readNditer(rest)
    this.#options = options
    this.#given = op
    const flags = sequence<IteratorFlag>('nditer', 'flags', options.flags ?? [])
    for (const flag of flags) {
      if (!FLAGS.includes(flag)) throw new ValueError(`Unexpected iterator global flag "${String(flag)}"`, { op: 'nditer' })
    }
    this.#flags = new Set(flags)
    if (this.#flags.has('c_index') && this.#flags.has('f_index'))
      throw new ValueError('Iterator flags C_INDEX and F_INDEX cannot both be specified', { op: 'nditer' })
    if (this.#flags.has('external_loop') && ['c_index', 'f_index', 'multi_index'].some((f) => this.#flags.has(f as IteratorFlag)))
      throw new ValueError('Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being tracked', { op: 'nditer' })
    const order = checkOrder(options.order ?? 'K')
    const several = isOperandList(op)
    this.#single = !several
    this.#shape = shapeOf(several ? op : [op as ArrayLike], options)
    this.#operands = operandsOf(several ? op : [op as ArrayLike], this.#shape, options, this.#flags, order)
    this.#axes = axisOrder(
      this.#operands.map((o) => o.view),
      this.#shape,
      order,
    )
    const size = this.#shape.reduce((n, d) => n * d, 1)
    if (size === 0 && !this.#flags.has('zerosize_ok'))
      throw new ValueError('Iteration of zero-sized operands is not enabled', { op: 'nditer' })
    this.#buffersize = Math.max(1, options.buffersize || BUFFER)
    this.#range = [0, size]
    this.#loop = this.#makeLoop()
  }

  #makeLoop(): Loop {
    const keep = this.#flags.has('multi_index') || this.#flags.has('c_index') || this.#flags.has('f_index')
    return coalesce(
      this.#operands.map((o) => o.view),
      this.#shape,
      this.#axes,
      keep,
    )
  }

  /** The number of operands. */
  get nop(): number {
    return this.#operands.length
  }
  /** The number of axes that are iterated over; neighbours that lie one after the other in memory are one unless an index is tracked. */
  get ndim(): number {
    return this.#flags.has('multi_index') ? this.#shape.length : this.#loop.shape.length
  }
  /** The shape that is iterated over; without a multi-index that of the joined axes, the fastest first. */
  get shape(): number[] {
    if (this.#flags.has('multi_index')) return [...this.#shape]
    return [...this.#loop.shape].reverse()
  }
  /** The number of items. */
  get itersize(): number {
    return this.#shape.reduce((n, d) => n * d, 1)
  }
  /** The position in the order of the iteration. */
  get iterindex(): number {
    return this.#at
  }
  set iterindex(at: number) {
    if (!Number.isInteger(at) || at < this.#range[0] || at >= this.#range[1])
      throw new IndexError('Iterator GotoIterIndex called with an iterindex outside the iteration range', { op: 'nditer' })
    this.#at = at
  }
  /** First and last (exclusive) position. */
  get iterrange(): [number, number] {
    return [...this.#range]
  }
  set iterrange([start, stop]: readonly [number, number]) {
    if (!this.#flags.has('ranged'))
      throw new ValueError(
        'Cannot call ResetToIterIndexRange on an iterator without requesting ranged iteration support in the constructor',
      )
    if (!(start >= 0 && stop <= this.itersize && start <= stop))
      throw new ValueError(`Out-of-bounds range [${start}, ${stop}) passed to ResetToIterIndexRange`, { op: 'nditer' })
    this.#range = [start, stop]
    this.#at = start
  }
  /** Whether all items have been visited. */
  get finished(): boolean {
    return this.#at >= this.#range[1]
  }
  get has_index(): boolean {
    return this.#flags.has('c_index') || this.#flags.has('f_index')
  }
  get has_multi_index(): boolean {
    return this.#flags.has('multi_index')
  }
  get has_delayed_bufalloc(): boolean {
    return false
  }
  /** Whether operands hold objects. */
  get iterationneedsapi(): boolean {
    return this.#operands.some((o) => o.view.dtype.isObject)
  }
  /** The dtypes in which the operands are seen. */
  get dtypes(): DType[] {
    return this.#operands.map((o) => o.view.dtype)
  }
  /** The operands' arrays, those that were allocated among them. */
  get operands(): NDArray[] {
    if (this.#closed) throw new ValueError('Iterator is invalid', { op: 'nditer' })
    return this.#operands.map((o) => o.array)
  }
  /** Views of the operands with the iteration's axes, in its order. */
  get itviews(): NDArray[] {
    return this.#operands.map((_, i) => wrap(this.#loop.views[i]!))
  }

  /** The indices of the current place along each axis of the iteration. */
  get multi_index(): number[] {
    if (!this.has_multi_index) throw new ValueError('Iterator is not tracking a multi-index', { op: 'nditer' })
    if (this.finished) throw new ValueError('Iterator is past the end', { op: 'nditer' })
    return this.#coordinates()
  }
  set multi_index(index: readonly number[]) {
    if (!this.has_multi_index) throw new ValueError('Iterator is not tracking a multi-index', { op: 'nditer' })
    if (index.length !== this.#shape.length) throw new ValueError('Wrong number of indices', { op: 'nditer' })
    this.#goto(index)
  }
  /** The current place counted in C's or Fortran's order, as the flag asked. */
  get index(): number {
    if (!this.has_index) throw new ValueError('Iterator does not have an index', { op: 'nditer' })
    if (this.finished) throw new ValueError('Iterator is past the end', { op: 'nditer' })
    const at = this.#coordinates()
    const axes = at.map((_, i) => i)
    if (this.#flags.has('f_index')) axes.reverse()
    return axes.reduce((sum, axis) => sum * this.#shape[axis]! + at[axis]!, 0)
  }
  set index(index: number) {
    if (!this.has_index) throw new ValueError('Iterator does not have an index', { op: 'nditer' })
    const at = this.#shape.map(() => 0)
    const axes = at.map((_, i) => i)
    if (!this.#flags.has('f_index')) axes.reverse()
    if (!(index >= 0 && index < this.itersize))
      throw new IndexError('Iterator GotoIndex called with an out-of-bounds index', { op: 'nditer' })
    for (const axis of axes) {
      at[axis] = index % this.#shape[axis]!
      index = Math.floor(index / this.#shape[axis]!)
    }
    this.#goto(at)
  }

  /** Indices along the iteration's axes of the current place. */
  #coordinates(): number[] {
    const out = this.#shape.map(() => 0)
    let rest = this.#at
    for (let i = this.#axes.length - 1; i >= 0; i--) {
      const { axis, backwards } = this.#axes[i]!
      const n = this.#shape[axis]!
      out[axis] = backwards ? n - 1 - (rest % n) : rest % n
      rest = Math.floor(rest / n)
    }
    return out
  }
  #goto(index: readonly number[]): void {
    let at = 0
    for (const { axis, backwards } of this.#axes) {
      const [i, n] = [index[axis]!, this.#shape[axis]!]
      if (!(Number.isInteger(i) && i >= 0 && i < n))
        throw new IndexError('Iterator GotoMultiIndex called with an out-of-bounds multi-index', { op: 'nditer' })
      at = at * n + (backwards ? n - 1 - i : i)
    }
    this.#at = at
  }

  /** How many items come at once from a position on. */
  #chunk(): number {
    if (!this.#flags.has('external_loop')) return 1
    const left = this.#range[1] - this.#at
    const inner = this.#loop.shape.at(-1) ?? 1
    if (!this.#flags.has('buffered')) return Math.min(left, inner - (this.#at % inner))
    const grows = this.#flags.has('growinner') || this.#flags.has('grow_inner')
    return grows && this.#loop.shape.length <= 1 ? left : Math.min(left, this.#buffersize)
  }

  /** What the operand shows from the current position on: a 0-d view, or a 1-d one with an external loop. */
  #show(i: number): NDArray {
    const v = this.#loop.views[i]!
    const { shape } = this.#loop
    const n = this.#chunk()
    const place = (position: number): number => {
      let [rest, offset] = [position, v.offset]
      for (let axis = shape.length - 1; axis >= 0; axis--) {
        offset += (rest % shape[axis]!) * v.strides[axis]!
        rest = Math.floor(rest / shape[axis]!)
      }
      return offset
    }
    const { writes } = this.#operands[i]!
    if (!this.#flags.has('external_loop')) return wrap(restride(v, [], [], place(this.#at), writes), this.#operands[i]!.array)
    const inner = shape.at(-1) ?? 1
    if (n <= inner - (this.#at % inner)) {
      return wrap(restride(v, [n], [v.strides.at(-1) ?? 0], place(this.#at), writes), this.#operands[i]!.array)
    }
    return wrap(
      this.#operands[i]!.buffer(
        Array.from({ length: n }, (_, k) => place(this.#at + k)),
        v,
      ),
    )
  }

  /** The operands at the current place: an array, or a list of arrays when there are several. */
  get value(): any {
    if (this.finished) throw new ValueError('Iterator is past the end', { op: 'nditer' })
    const all = this.#operands.map((_, i) => this.#show(i))
    return this.#single || all.length === 1 ? all[0] : all
  }
  /** One operand at the current place. */
  at(i: number): NDArray {
    if (this.finished) throw new ValueError('Iterator is past the end', { op: 'nditer' })
    const k = i < 0 ? i + this.nop : i
    if (!(Number.isInteger(k) && k >= 0 && k < this.nop))
      throw new IndexError(`Iterator operand index ${i} is out of bounds`, { op: 'nditer' })
    return this.#show(k)
  }
  /** Writes the current place of an operand. */
  set(i: number, value: ArrayLike): void {
    this.at(i).set('...', value)
  }
  /** Goes one place (or one chunk) on; false at the end. */
  iternext(): boolean {
    this.#flush()
    this.#at = Math.min(this.#at + this.#chunk(), this.#range[1])
    return !this.finished
  }
  /** Begins again. */
  reset(): void {
    this.#flush()
    this.#at = this.#range[0]
  }
  /** An iterator of its own at the same place. */
  copy(): NdIter {
    const other = new NdIter(isOperandList(this.#given) ? this.operands : (this.operands[0] as ArrayLike), {
      ...this.#options,
      op_flags: this.#options.op_flags ?? null,
    })
    other.#flags = new Set(this.#flags)
    other.#shape = [...this.#shape]
    other.#axes = [...this.#axes]
    other.#operands = [...this.#operands]
    other.#loop = this.#loop
    other.#range = [...this.#range]
    other.#at = this.#at
    return other
  }
  /** No longer iterates over an axis: its index stays 0. Only with a multi-index. */
  remove_axis(i: number): void {
    if (!this.has_multi_index)
      throw new ValueError('Iterator RemoveAxis may only be called if a multi-index is being tracked', { op: 'nditer' })
    if (!(Number.isInteger(i) && i >= 0 && i < this.#shape.length))
      throw new ValueError('axis out of bounds in iterator RemoveAxis', { op: 'nditer' })
    const without = <T>(list: readonly T[]): T[] => list.filter((_, k) => k !== i)
    const backwards = this.#axes.find((a) => a.axis === i)!.backwards
    this.#operands = this.#operands.map((o) => o.withView(dropAxis(o.view, i, backwards)))
    this.#shape = without(this.#shape)
    this.#axes = this.#axes.filter((a) => a.axis !== i).map((a) => ({ ...a, axis: a.axis > i ? a.axis - 1 : a.axis }))
    this.#range = [0, this.itersize]
    this.#at = 0
    this.#loop = this.#makeLoop()
  }
  /** No longer tracks the multi-index, so that axes can be joined. */
  remove_multi_index(): void {
    this.#flags.delete('multi_index')
    this.#at = this.#range[0]
    this.#loop = this.#makeLoop()
  }
  /** From now on gives 1-d pieces. */
  enable_external_loop(): void {
    if (this.has_index || this.has_multi_index)
      throw new ValueError('Iterator flag EXTERNAL_LOOP cannot be used if an index or multi-index is being tracked', { op: 'nditer' })
    this.#flags.add('external_loop')
    this.#at = this.#range[0]
  }
  #flush(): void {
    for (const operand of this.#operands) operand.flush()
  }
  /** Writes what was changed in copies back to the operands. */
  close(): void {
    if (this.#closed) return
    this.#flush()
    for (const operand of this.#operands) operand.finish()
    this.#closed = true
  }
  [Symbol.dispose](): void {
    this.close()
  }
  /** Prints what the iterator knows. */
  debug_print(): void {
    console.log(
      `Iterator SizeOf: ${this.itersize}, NDim: ${this.ndim}, NOp: ${this.nop}, Flags: ${[...this.#flags].join(' ')}, IterIndex: ${this.#at}`,
    )
  }
  *[Symbol.iterator](): IterableIterator<any> {
    while (!this.finished) {
      yield this.value
      this.iternext()
    }
    for (const operand of this.#operands) operand.finish()
  }
}

/** A view whose axis stays at its first index. */
function dropAxis(v: View, axis: number, backwards: boolean): View {
  const without = <T>(list: readonly T[]): T[] => list.filter((_, k) => k !== axis)
  const offset = backwards ? v.offset + (v.shape[axis]! - 1) * v.strides[axis]! : v.offset
  return restride(v, without(v.shape), without(v.strides), offset)
}

/** @internal A list of operands: arrays, lists or nulls, not a list of numbers. */
export const isOperandList = (op: unknown): op is readonly (ArrayLike | null)[] =>
  Array.isArray(op) &&
  op.length > 0 &&
  op.every((x) => x === null || x instanceof NDArray || Array.isArray(x)) &&
  op.some((x) => x === null || x instanceof NDArray)

/**
 * An iterator over one array or a list of arrays, broadcast together. May be called without `new`.
 *
 * It gives 0-d arrays that look into the operands (a list of them for a list), which can be written with `x.set('...', value)` when the operand
 * is `'readwrite'` or `'writeonly'`; with `'external_loop'` it gives 1-d pieces. Items come in the order of memory unless `order` says otherwise.
 * null as an operand is allocated. `using it = new np.nditer(...)` or `close()` writes buffered changes back.
 *
 * @example
 * const a = np.arange(6).reshape(2, 3)
 * Array.from(new np.nditer(a.T), (x) => x.item()) // => [ 0, 1, 2, 3, 4, 5 ]
 * const it = new np.nditer(a, { flags: ['multi_index'] })
 * it.multi_index // => [ 0, 0 ]
 * for (const x of new np.nditer(a, { op_flags: ['readwrite'] })) x.set('...', np.multiply(2, x))
 * a // => array([[ 0,  2,  4],
 *   //           [ 6,  8, 10]])
 */
export const nditer: Newless<typeof NdIter> = /* @__PURE__ */ newless(NdIter)
export type nditer = NdIter
