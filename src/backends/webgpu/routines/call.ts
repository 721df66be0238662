/** One call of a routine on its way to a kernel: operands on the device, launch words, and the text that reads them. */

import { toDevice } from '../../../core/copy.ts'
import { type DType, uint8, uint16, uint32, uint64 } from '../../../core/dtype.ts'
import type { Shape } from '../../../core/shape.ts'
import type { View } from '../../../core/view.ts'
import { type Axis, coordinates, joined, lengthOf, steps } from '../axes.ts'
import { readWord, store, word } from '../emit.ts'
import type { GpuBuffer } from '../gpu.ts'
import { type Access, type Kernels, type Source, start } from '../kernels.ts'
import { Operands } from '../operands.ts'
import { cast, loaded, unitOf } from '../wgsl/types.ts'

/** A dtype that copies elements of a size as they are. */
export const rawOf = (dtype: DType): DType =>
  dtype.itemsize === 1 ? uint8 : dtype.itemsize === 2 ? uint16 : dtype.itemsize === 4 ? uint32 : uint64

/** Strides in units of the dtype. */
export const unitStrides = (v: View): number[] => v.strides.map((s) => s / unitOf(v.dtype))

/** A part of an index space, with the strides that operands take through it. */
export interface Space {
  /** The number of points, as a launch word. */
  readonly length: string
  readonly points: number
  /** Defines `<name>_<operand>`, how far into each operand a flat index leads. */
  at(index: string): string
  readonly key: string
}

export class Call {
  readonly words: number[] = [0]
  readonly operands: Operands
  private readonly keys: (string | number)[]
  private readonly starts: string[]

  /** `shared`: several invocations may write one word of narrow outputs. */
  constructor(
    readonly kernels: Kernels,
    name: string,
    outs: readonly View[],
    ins: readonly View[],
  ) {
    this.operands = new Operands(
      outs,
      ins.map((v) => toDevice(v, 'webgpu')),
    )
    this.keys = [name]
    this.starts = this.operands.list.map(({ view }) => this.word(start(view)))
  }

  view(k: number): View {
    return this.operands.list[k]!.view
  }

  /** Adds a launch word; its text. */
  word(n: number): string {
    this.words.push(n >>> 0)
    return word(this.words.length - 1)
  }

  /** Something that tells kernels apart. */
  key(...parts: readonly (string | number)[]): void {
    this.keys.push(...parts)
  }

  /** Points of a shape with operands' strides, joined where all step evenly; in C order. */
  space(name: string, shape: Shape, strides: Readonly<Record<number, readonly number[]>>): Space {
    const ks = Object.keys(strides).map(Number)
    const axes: Axis[] = joined(shape.map((length, axis) => ({ length, axis, strides: ks.map((k) => strides[k]![axis]!) })))
    const points = lengthOf(axes)
    const length = this.word(points)
    const dims = this.words.length
    for (const a of axes) this.word(a.length)
    const places = ks.map((_, i) => {
      const at = this.words.length
      for (const a of axes) this.word(a.strides[i]!)
      return at
    })
    this.key(name, axes.length)
    return {
      length,
      points,
      key: `${axes.length}`,
      at: (index) =>
        [
          coordinates(name, axes.length, index, dims),
          ...ks.map((k, i) => `let ${name}_${k} = 0u${steps(name, axes.length, places[i]!)};`),
        ].join('\n'),
    }
  }

  /** The beginning of an operand plus texts of offsets. */
  address(k: number, ...offsets: readonly string[]): string {
    return [this.starts[k], ...offsets].join(' + ')
  }

  /** The components of an element at an address. */
  load(k: number, address: string, dtype: DType = this.view(k).dtype): string[] {
    const { buffer } = this.operands.list[k]!
    const read = (component: number) =>
      loaded(dtype, `(${address})`, component, (index) => readWord(buffer, index, this.operands.atomic[buffer]!))
    return dtype.isComplex ? [read(0), read(1)] : [read(0)]
  }

  /** The element in the register of another real dtype. */
  loadAs(k: number, address: string, to: DType): string {
    return cast(this.load(k, address)[0]!, this.view(k).dtype.register, to.register)
  }

  /** Statements that write components, in the register type of the dtype. */
  store(k: number, address: string, values: readonly string[], dtype: DType = this.view(k).dtype): string {
    const { buffer } = this.operands.list[k]!
    const place = { dtype, buffer, at: 0, address: 'to' }
    const lines = values.map((v, component) => store(place, component, v, dtype.register, this.operands.atomic[buffer]!))
    return `{ let to = ${address};\n${lines.join('\n')}\n}`
  }

  /** Binds another buffer; its number. */
  buffer(buffer: GpuBuffer, access: Access): number {
    return this.operands.add(buffer, access)
  }

  /** Makes a buffer of an operand atomic, for read-modify-write. */
  makeAtomic(k: number): void {
    this.operands.access[this.operands.list[k]!.buffer] = 'a'
  }

  /** Runs the kernel of this call's key in so many groups. */
  run(groups: number, source: () => Pick<Source, 'body'> & Partial<Source>): void {
    const { kernels, operands, words } = this
    const kernel = kernels.get(`${this.keys.join(' ')} ${operands.key}`, () => ({
      access: operands.access,
      words: words.length,
      ...source(),
    }))
    kernels.run(kernel, operands.buffers, words, groups)
  }

  /** Runs one invocation for each of n points; the text may read `i`. */
  each(n: number, source: () => string, more: Partial<Source> = {}): void {
    const limit = this.word(n)
    this.run(Math.ceil(n / this.kernels.workgroup), () => ({
      ...more,
      body: `let i = group * WORKGROUP + lane;\nif (i >= ${limit}) { return; }\n${source()}`,
    }))
  }
}
