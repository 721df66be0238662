/** The operands of one launch: which buffer each lies in, how those are used, and what of it is in the launch words. */

import { Complex } from '../../core/complex.ts'
import { complex64, type DType, float32 } from '../../core/dtype.ts'
import { readAt } from '../../core/element.ts'
import { DeviceError } from '../../core/errors.ts'
import type { Storage } from '../../core/storage.ts'
import type { View } from '../../core/view.ts'
import type { GpuBuffer } from './gpu.ts'
import { type Access, bufferOf, start } from './kernels.ts'

const bits = new DataView(new ArrayBuffer(8))

/** The bits of a JavaScript number in a register of a type, as two words. */
export function bitsOf(value: number | bigint, type: string): readonly [number, number] {
  if (type === 'f32') {
    bits.setFloat32(0, Number(value), true)
    return [bits.getUint32(0, true), 0]
  }
  const wide = BigInt.asUintN(64, BigInt(value))
  return [Number(wide & 0xffffffffn), Number(wide >> 32n)]
}

/** float64 and complex128 elements of the cpu come to the device in single precision, as a load would convert them. */
const onDevice = (dtype: DType): DType => (dtype.name === 'float64' ? float32 : dtype.name === 'complex128' ? complex64 : dtype)

/** The words of one element of the cpu. */
function elementWords(v: View): readonly [number, number] {
  const item = readAt(v, v.offset)
  if (item instanceof Complex) return [bitsOf(item.re, 'f32')[0], bitsOf(item.im, 'f32')[0]]
  if (typeof item === 'boolean') return [item ? 1 : 0, 0]
  return bitsOf(item as number | bigint, v.dtype.isFloat ? 'f32' : v.dtype.register)
}

export interface Operand {
  readonly view: View
  readonly dtype: DType
  /** -1: one element of the cpu. */
  readonly buffer: number
}

export class Operands {
  readonly list: Operand[] = []
  readonly buffers: GpuBuffer[] = []
  readonly access: Access[] = []
  private readonly storages: Storage[] = []

  /** Written operands first; `shared` says that several invocations may write one word of a narrow output. */
  constructor(outs: readonly View[], ins: readonly View[], shared = true) {
    for (const v of outs) {
      if (v.storage.device !== 'webgpu') throw new DeviceError(`an operation on 'webgpu' cannot write to memory of '${v.storage.device}'`)
      const buffer = this.bufferFor(v)
      if (this.access[buffer] !== 'a') this.access[buffer] = shared && v.dtype.itemsize < 4 ? 'a' : 'w'
      this.list.push({ view: v, dtype: v.dtype, buffer })
    }
    for (const v of ins) {
      if (v.storage.device === 'cpu') this.list.push({ view: v, dtype: onDevice(v.dtype), buffer: -1 })
      else this.list.push({ view: v, dtype: v.dtype, buffer: this.bufferFor(v) })
    }
  }

  /** Another buffer, such as scratch memory; its number. */
  add(buffer: GpuBuffer, access: Access): number {
    this.buffers.push(buffer)
    this.access.push(access)
    return this.buffers.length - 1
  }

  private bufferFor(v: View): number {
    const found = this.storages.indexOf(v.storage)
    if (found >= 0) return found
    this.storages.push(v.storage)
    return this.add(bufferOf(v.storage), 'r')
  }

  /** What tells kernels apart. */
  get key(): string {
    return `${this.list.map((o) => `${o.dtype.code}@${o.buffer}`).join(',')}/${this.access.join('')}`
  }

  get atomic(): boolean[] {
    return this.access.map((a) => a === 'a')
  }

  /** Appends the launch words of an operand: its bits, or its offset and then its strides. */
  static words(o: Operand, strides: readonly number[], words: number[]): void {
    if (o.buffer < 0) words.push(...elementWords(o.view))
    else {
      words.push(start(o.view))
      for (const s of strides) words.push(s >>> 0)
    }
  }
}
