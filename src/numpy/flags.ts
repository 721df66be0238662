/** `a.flags`: the layout of an array's memory. */

import { ValueError } from '../core/errors.ts'
import { restride, type View } from '../core/view.ts'
import type { NDArray } from './ndarray.ts'

/** Whether the axes step through memory in Fortran's order. */
export function isFortran(v: View): boolean {
  let step = v.dtype.itemsize
  for (let i = 0; i < v.shape.length; i++) {
    const n = v.shape[i]!
    if (n === 0) return true
    if (n !== 1 && v.strides[i] !== step) return false
    step *= n
  }
  return true
}

/** The layout of an array's memory, under NumPy's names. `writeable` can be set. */
export class Flags {
  readonly #array: NDArray

  /** @internal */
  constructor(array: NDArray) {
    this.#array = array
  }
  /** The items lie in C order without gaps. */
  get c_contiguous(): boolean {
    return this.#array.value.contiguous
  }
  /** The items lie in Fortran's order without gaps. */
  get f_contiguous(): boolean {
    return isFortran(this.#array.value)
  }
  get contiguous(): boolean {
    return this.c_contiguous
  }
  get forc(): boolean {
    return this.c_contiguous || this.f_contiguous
  }
  get fnc(): boolean {
    return this.f_contiguous && !this.c_contiguous
  }
  /** The memory is the array's own and not a part of another's. */
  get owndata(): boolean {
    return this.#array.base === null
  }
  /** Items may be assigned. */
  get writeable(): boolean {
    return this.#array.value.writeable
  }
  set writeable(writeable: boolean) {
    const v = this.#array.value
    const { base } = this.#array
    if (writeable && base !== null && !base.value.writeable) throw new ValueError('cannot set WRITEABLE flag to True of this array')
    this.#array.value = restride(v, v.shape, v.strides, v.offset, Boolean(writeable))
  }
  /** The items begin at multiples of their size. */
  get aligned(): boolean {
    const v = this.#array.value
    const step = v.dtype.isComplex ? v.dtype.itemsize / 2 : v.dtype.itemsize
    return (v.storage.byteOffset + v.offset) % step === 0 && v.strides.every((s) => s % step === 0)
  }
  get writebackifcopy(): boolean {
    return false
  }
  /** The flags under the names that NumPy prints: `a.flags.C_CONTIGUOUS`, `a.flags['WRITEABLE'] = false`. */
  get C_CONTIGUOUS(): boolean {
    return this.c_contiguous
  }
  get F_CONTIGUOUS(): boolean {
    return this.f_contiguous
  }
  get OWNDATA(): boolean {
    return this.owndata
  }
  get WRITEABLE(): boolean {
    return this.writeable
  }
  set WRITEABLE(writeable: boolean) {
    this.writeable = writeable
  }
  get ALIGNED(): boolean {
    return this.aligned
  }
  get WRITEBACKIFCOPY(): boolean {
    return false
  }
  get fortran(): boolean {
    return this.f_contiguous
  }
  /** The flags as bits. */
  get num(): number {
    const bits = [this.c_contiguous, this.f_contiguous, this.owndata]
    return bits.reduce((sum, on, i) => sum + (on ? 1 << i : 0), 0) + (this.aligned ? 0x100 : 0) + (this.writeable ? 0x400 : 0)
  }
  /** As NumPy prints flags. */
  toString(): string {
    const line = (name: string, on: boolean) => `  ${name} : ${on ? 'True' : 'False'}`
    return [
      line('C_CONTIGUOUS', this.c_contiguous),
      line('F_CONTIGUOUS', this.f_contiguous),
      line('OWNDATA', this.owndata),
      line('WRITEABLE', this.writeable),
      line('ALIGNED', this.aligned),
      line('WRITEBACKIFCOPY', false),
      '',
    ].join('\n')
  }
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString()
  }
}
