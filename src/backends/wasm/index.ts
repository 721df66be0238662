/**
 * The WebAssembly backend: arrays stay in the engine's own memory; maps and reduces stream boxes of them through the kernels' linear
 * memory, routines copy whole operands in and out. It names no operation. docs/internals/wasm.md tells more.
 */

import type { Backend, Word } from '../../core/backend.ts'
import { DeviceError, MemoryError, RuntimeError } from '../../core/errors.ts'
import type { Program } from '../../core/program.ts'
import type { Shape } from '../../core/shape.ts'
import { allocateSmall, SMALL, type Storage } from '../../core/storage.ts'
import { extent, type View } from '../../core/view.ts'
import { kernelError } from '../kernel_errors.ts'
import { boxExtents, eachBox, normalized, type Space } from './boxes.ts'
import { type CompiledModule, engine } from './engine.ts'
import { Instance } from './instance.ts'
import { type Block, Layout } from './layout.ts'
import { Recycler } from './recycler.ts'

/** Bytes of a map's box, all operands together: within the processor's second cache. */
const MAP_BOX = 2 ** 18
/** Bytes of a reduce's box; its reduced dims are never cut. */
const REDUCE_BOX = 2 ** 20

/** An operand of a launch. */
interface Operand {
  readonly view: View
  readonly block: Block
  readonly out: boolean
}

/** Runs commands on one instance, which is made when first needed and again after a trap. */
export class WasmBackend implements Backend {
  readonly name = 'wasm'
  readonly device = 'cpu'
  private instance: Instance | null = null
  private registered: Program[] = []
  private readonly recycler = new Recycler()

  /** `compile` gives the compiled module, at the first use. */
  constructor(
    private compile: () => CompiledModule,
    private readonly from: string,
  ) {}

  allocate(nbytes: number, zeroed = false): Storage {
    if (nbytes <= SMALL) return allocateSmall(nbytes)
    try {
      return this.recycler.allocate(nbytes, zeroed)
    } catch (error) {
      throw new MemoryError(`unable to allocate ${nbytes} bytes: ${(error as Error).message}`)
    }
  }

  release(storage: Storage): void {
    if (storage.disposed) return
    storage.disposed = true
    this.recycler.release(storage)
  }

  bytes(storage: Storage): Uint8Array {
    storage.check()
    storage.buffer ??= this.recycler.escape(storage)
    return new Uint8Array(storage.buffer, storage.byteOffset, storage.nbytes)
  }

  map(program: Program, dims: Shape, outs: readonly View[], ins: readonly View[], params: readonly Word[] = []): void {
    const operands = this.operands(outs, ins)
    const space = { dims: [...dims], strides: operands.map(({ view }) => stridesOver(view, dims)) }
    this.launch(program, operands, program.usesCoord ? space : normalized(space), 0, params)
  }

  reduce(
    program: Program,
    dims: Shape,
    axes: readonly number[],
    outs: readonly View[],
    ins: readonly View[],
    params: readonly Word[] = [],
  ): void {
    const order: number[] = []
    for (let d = 0; d < dims.length; d++) if (!axes.includes(d)) order.push(d)
    order.push(...axes)
    const operands = this.operands(outs, ins)
    const strides = operands.map(({ view }) => {
      const all = stridesOver(view, dims)
      return order.map((d) => all[d]!)
    })
    this.launch(program, operands, { dims: order.map((d) => dims[d]!), strides }, axes.length, params)
  }

  call(routine: string, outs: readonly View[], ins: readonly View[], words: readonly Word[] = []): void {
    const instance = this.live()
    const id = instance.routines.get(routine)
    if (id === undefined) throw new DeviceError(`routine '${routine}' is not in the WebAssembly kernels`)
    const operands = this.operands(outs, ins)
    // Outputs are copied in too: some are read, or only written in part.
    const layouts = operands.map(({ view, out }) => layoutOf(view.shape, view.strides, view.dtype.itemsize, out))
    const places = this.places(layouts)
    const w = instance.words
    w[0] = 3
    w[1] = id
    w[2] = operands.length
    w[3] = words.length
    let at = 4
    operands.forEach(({ view, block }, i) => {
      const layout = layouts[i]!
      if (at + 5 + 2 * view.ndim + words.length > w.length) throw new RuntimeError('too many operands for one call')
      if (view.size > 0) layout.copyIn(block, view.offset, instance, places[i]!)
      at = head(w, at, layout, places[i]!, view)
      w[at++] = view.ndim
      for (const n of view.shape) w[at++] = n
      for (const s of layout.strides) w[at++] = s
    })
    for (const word of words) {
      if (typeof word === 'bigint') instance.bits[at++] = word
      else w[at++] = word
    }
    this.run(instance)
    for (let i = 0; i < outs.length; i++) {
      if (outs[i]!.size > 0) layouts[i]!.copyOut(operands[i]!.block, outs[i]!.offset, instance, places[i]!)
    }
  }

  info(): Record<string, unknown> {
    return { backend: 'wasm', from: this.from, ...this.live().info(), recycled: this.recycler.bytes }
  }

  /** Gives memory that nothing uses back to the engine: the blocks kept for later, and the instance, whose memory never shrinks. */
  trim(): void {
    this.recycler.clear()
    this.discard()
  }

  /** Runs a map or reduce box by box; the last `reduced` dims are never cut. */
  private launch(program: Program, operands: readonly Operand[], space: Space, reduced: number, params: readonly Word[]): void {
    const { dims } = space
    const free = dims.length - reduced
    for (let d = 0; d < free; d++) if (dims[d] === 0) return
    const instance = this.live()
    const id = program.backendIds.wasm ?? this.register(program)
    const n = dims.length
    const sizes = operands.map(({ view }) => view.dtype.itemsize)
    if (6 + n + operands.length * (4 + n) + params.length > instance.words.length)
      throw new RuntimeError('too many operands for one launch')
    const steps = program.usesCoord ? dims : boxExtents(space, sizes, free, reduced === 0 ? MAP_BOX : REDUCE_BOX)
    let layouts: Layout[] = []
    let places: number[] = []
    let known: number[] | null = null
    eachBox(space, steps, (extents, offsets) => {
      if (known === null || extents.some((e, d) => e !== known![d])) {
        known = extents.slice()
        layouts = operands.map(({ out }, o) => layoutOf(extents, space.strides[o]!, sizes[o]!, out))
        places = this.places(layouts)
        this.command(instance, program, id, extents, reduced, operands, layouts, places, params)
      }
      for (let o = 0; o < operands.length; o++) {
        const { view, block, out } = operands[o]!
        if (!out && view.size > 0) layouts[o]!.copyIn(block, view.offset + offsets[o]!, instance, places[o]!)
      }
      this.run(instance)
      for (let o = 0; o < operands.length; o++) {
        const { view, block, out } = operands[o]!
        if (out && view.size > 0) layouts[o]!.copyOut(block, view.offset + offsets[o]!, instance, places[o]!)
      }
    })
  }

  private command(
    { words, bits }: Instance,
    program: Program,
    id: number,
    extents: readonly number[],
    reduced: number,
    operands: readonly Operand[],
    layouts: readonly Layout[],
    places: readonly number[],
    params: readonly Word[],
  ): void {
    const n = extents.length
    words[0] = program.words[1]!
    words[1] = id
    words[2] = n
    words[3] = operands.length
    words[4] = params.length
    words[5] = reduced
    let at = 6
    for (let d = 0; d < n; d++) words[at++] = extents[d]!
    for (let o = 0; o < operands.length; o++) {
      at = head(words, at, layouts[o]!, places[o]!, operands[o]!.view)
      for (let d = 0; d < n; d++) words[at++] = layouts[o]!.strides[d]!
    }
    for (let i = 0; i < params.length; i++, at++) {
      const type = program.params[i]!
      if (type === 'f32' || type === 'f64') words[at] = Number(params[i])
      else bits[at] = BigInt.asIntN(64, BigInt(params[i]!))
    }
  }

  /** Addresses in the scratch block, which is made long enough. */
  private places(layouts: readonly Layout[]): number[] {
    let total = 0
    const at = layouts.map(({ bytes }) => {
      const here = total
      total = Math.ceil((total + bytes) / 64) * 64
      return here
    })
    const instance = this.live()
    instance.need(total)
    return at.map((offset) => instance.scratch + offset)
  }

  /** The operands, outputs first, after proof that every view lies inside its block. */
  private operands(outs: readonly View[], ins: readonly View[]): Operand[] {
    const all: Operand[] = []
    for (const view of outs) all.push(this.operand(view, true))
    for (const view of ins) all.push(this.operand(view, false))
    return all
  }

  private operand(view: View, out: boolean): Operand {
    const { storage } = view
    storage.check()
    if (view.size > 0) {
      const [low, high] = extent(view)
      if (low < 0 || high > storage.nbytes) {
        throw new RuntimeError(`command: an operand reaches bytes ${low}..${high} of a block of ${storage.nbytes}`)
      }
    }
    const buffer = storage.buffer ?? this.recycler.buffer(storage)
    return { view, out, block: { bytes: new Uint8Array(buffer, storage.byteOffset, storage.nbytes) } }
  }

  private live(): Instance {
    if (this.instance) return this.instance
    const module = this.compile()
    this.compile = () => module
    this.instance = new Instance(new (engine()!.Instance)(module, {}))
    return this.instance
  }

  /** Makes the first instance without holding up the page, as some browsers insist on. */
  async start(): Promise<void> {
    if (!this.instance) this.instance = new Instance(await engine()!.instantiate(this.compile(), {}))
  }

  private register(program: Program): number {
    const id = this.live().register(program.words)
    program.backendIds.wasm = id
    this.registered.push(program)
    return id
  }

  private run(instance: Instance): void {
    let code: number
    try {
      code = instance.run()
    } catch (error) {
      const text = instance.panicText() || `the WebAssembly kernels ended: ${(error as Error).message}`
      this.discard()
      throw new RuntimeError(text)
    }
    if (code !== 0) throw kernelError(code, instance.words, () => instance.text())
  }

  /** Forgets the instance; the next use makes another one. */
  private discard(): void {
    this.instance = null
    for (const program of this.registered) delete program.backendIds.wasm
    this.registered = []
  }
}

/** Block address and size, offset, dtype. */
function head(words: Float64Array, at: number, layout: Layout, place: number, view: View): number {
  words[at] = place
  words[at + 1] = layout.bytes
  words[at + 2] = layout.first
  words[at + 3] = view.dtype.code
  return at + 4
}

/** The layout of an operand; one without items has no bytes. */
function layoutOf(extents: readonly number[], strides: readonly number[], itemsize: number, out: boolean): Layout {
  return new Layout(extents, strides, itemsize, out)
}

/** Byte strides of a view broadcast to dims. */
function stridesOver(v: View, dims: Shape): number[] {
  const lead = dims.length - v.shape.length
  return dims.map((_, d) => (d < lead || v.shape[d - lead] === 1 ? 0 : v.strides[d - lead]!))
}
