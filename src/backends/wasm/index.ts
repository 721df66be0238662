/**
 * The WebAssembly backend. Kernels reach only their own linear memory: what operations make lies there, and operands that lie elsewhere
 * stream through scratch space in it: maps and reduces box by box, routines as a whole. It names no operation. docs/internals/wasm.md
 * tells more.
 */

import type { Backend, Word } from '../../core/backend.ts'
import { DeviceError, MemoryError, RuntimeError } from '../../core/errors.ts'
import type { Program } from '../../core/program.ts'
import { type Shape, sizeOf } from '../../core/shape.ts'
import { allocateSmall, SMALL, type Storage } from '../../core/storage.ts'
import { extent, type View } from '../../core/view.ts'
import { kernelError } from '../kernel_errors.ts'
import { Blocks, blockOf } from './blocks.ts'
import { boxExtents, eachBox, normalized, type Space } from './boxes.ts'
import { head, type Operand, type Placed, stridesOver, writeLaunch } from './commands.ts'
import { type CompiledModule, engine } from './engine.ts'
import { Instance } from './instance.ts'
import { Layout } from './layout.ts'

/** Bytes of a map's box, all operands together: within the processor's second cache. */
const MAP_BOX = 2 ** 18
/** Bytes of a reduce's box; its reduced dims are never cut. */
const REDUCE_BOX = 2 ** 20
const LONGEST_ITEM = 16

let made = 0

/** Runs commands on one instance, which is made when first needed and again after a trap. */
export class WasmBackend implements Backend {
  readonly name = 'wasm'
  readonly device = 'cpu'
  /** Programs know their ids by it. */
  private readonly key = `wasm${made++}`
  private instance: Instance | null = null
  private registered: Program[] = []
  private readonly blocks = new Blocks(() => this.live())

  /** `compile` gives the compiled module, at the first use. */
  constructor(
    private compile: () => CompiledModule,
    private readonly from: string,
  ) {}

  allocate(nbytes: number, zeroed = false): Storage {
    if (nbytes <= SMALL) return allocateSmall(nbytes)
    try {
      return this.blocks.allocate(nbytes, zeroed)
    } catch (error) {
      if (error instanceof RangeError) throw new MemoryError(`unable to allocate ${nbytes} bytes: ${error.message}`)
      throw error
    }
  }

  release(storage: Storage): void {
    if (storage.disposed) return
    storage.disposed = true
    if (storage.kind === 'pool') this.blocks.takeBack(blockOf(storage))
  }

  bytes(storage: Storage): Uint8Array {
    storage.check()
    storage.buffer ??= this.blocks.escape(blockOf(storage))
    return new Uint8Array(storage.buffer, storage.byteOffset, storage.nbytes)
  }

  map(program: Program, dims: Shape, outs: readonly View[], ins: readonly View[], params: readonly Word[] = []): void {
    const operands = this.operands(outs, ins)
    const space = { dims: dims as number[], strides: operands.map(({ view }) => stridesOver(view, dims)) }
    const whole = program.usesCoord || sizeOf(dims) * operands.length * LONGEST_ITEM <= MAP_BOX
    this.launch(program, operands, whole ? space : normalized(space), 0, params, whole)
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
    this.launch(program, operands, { dims: order.map((d) => dims[d]!), strides }, axes.length, params, program.usesCoord)
  }

  call(routine: string, outs: readonly View[], ins: readonly View[], words: readonly Word[] = []): void {
    const instance = this.live()
    const id = instance.routines.get(routine)
    if (id === undefined) throw new DeviceError(`routine '${routine}' is not in the WebAssembly kernels`)
    const operands = this.operands(outs, ins)
    const placed = this.place(
      operands,
      operands.map(({ view }) => view.shape),
      operands.map(({ view }) => view.strides),
    )
    const w = instance.words
    w[0] = 3
    w[1] = id
    w[2] = operands.length
    w[3] = words.length
    let at = 4
    operands.forEach((operand, i) => {
      const { view } = operand
      if (at + 5 + 2 * view.ndim + words.length > w.length) throw new RuntimeError('too many operands for one call')
      // Outputs are copied in too: some are read, or only written in part.
      placed[i]!.layout?.copyIn(operand.memory!, view.offset, instance, placed[i]!.address)
      at = head(w, at, placed[i]!, view)
      w[at++] = view.ndim
      for (const n of view.shape) w[at++] = n
      for (const s of placed[i]!.layout?.strides ?? view.strides) w[at++] = s
    })
    for (const word of words) {
      if (typeof word === 'bigint') instance.bits[at++] = word
      else w[at++] = word
    }
    this.run(instance)
    for (let i = 0; i < outs.length; i++) {
      placed[i]!.layout?.copyOut(operands[i]!.memory!, outs[i]!.offset, instance, placed[i]!.address)
    }
  }

  info(): Record<string, unknown> {
    return { backend: 'wasm', from: this.from, ...this.live().info(), pool: this.blocks.stats() }
  }

  /** Gives memory that nothing uses back to the engine: idle blocks, and the instance, whose memory never shrinks. */
  trim(): void {
    this.blocks.clear()
    this.discard()
  }

  /** Makes the first instance without holding up the page, as some browsers insist on. */
  async start(): Promise<void> {
    if (!this.instance) this.instance = new Instance(await engine()!.instantiate(this.compile(), {}))
  }

  /** Runs a map or reduce box by box; the last `reduced` dims are never cut. With `whole`, or all operands in linear memory, there is one box. */
  private launch(
    program: Program,
    operands: readonly Operand[],
    space: Space,
    reduced: number,
    params: readonly Word[],
    whole: boolean,
  ): void {
    const { dims } = space
    const free = dims.length - reduced
    for (let d = 0; d < free; d++) if (dims[d] === 0) return
    const instance = this.live()
    const id = program.backendIds[this.key] ?? this.register(program)
    const n = dims.length
    if (6 + n + operands.length * (4 + n) + params.length > instance.words.length)
      throw new RuntimeError('too many operands for one launch')
    const away = operands.map((_, o) => o).filter((o) => operands[o]!.memory !== null)
    const foreign = { dims, strides: away.map((o) => space.strides[o]!) }
    const sizes = away.map((o) => operands[o]!.view.dtype.itemsize)
    const steps = whole || away.length === 0 ? dims : boxExtents(foreign, sizes, free, reduced === 0 ? MAP_BOX : REDUCE_BOX)
    let placed: Placed[] = []
    let known: number[] | null = null
    eachBox(space, steps, (extents, offsets) => {
      if (known === null || extents.some((e, d) => e !== known![d])) {
        known = extents.slice()
        placed = this.place(
          operands,
          operands.map(() => extents),
          space.strides,
        )
        writeLaunch(instance, program, id, extents, reduced, operands, placed, space.strides, params)
      }
      for (let o = 0; o < operands.length; o++) {
        const { view, memory, out } = operands[o]!
        const { layout, address, word } = placed[o]!
        if (layout === null) instance.words[word] = view.offset + offsets[o]!
        else if (!out) layout.copyIn(memory!, view.offset + offsets[o]!, instance, address)
      }
      this.run(instance)
      for (const o of away) {
        const { view, memory, out } = operands[o]!
        if (out) placed[o]!.layout?.copyOut(memory!, view.offset + offsets[o]!, instance, placed[o]!.address)
      }
    })
  }

  /** Addresses of the operands: their own, or places in the scratch block, which is made long enough. */
  private place(operands: readonly Operand[], extents: readonly Shape[], strides: readonly (readonly number[])[]): Placed[] {
    const instance = this.live()
    let total = 0
    const layouts = operands.map(({ view, memory, out }, o) =>
      memory === null ? null : new Layout(extents[o]!, strides[o]!, view.dtype.itemsize, out, view.size),
    )
    const at = layouts.map((layout) => {
      const here = total
      if (layout) total = Math.ceil((total + layout.bytes) / 64) * 64
      return here
    })
    instance.need(total)
    return layouts.map((layout, o) => ({ layout, address: layout ? instance.scratch + at[o]! : operands[o]!.address, word: 0 }))
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
    if (storage.buffer === null && storage.kind === 'pool') {
      const { address, buffer } = blockOf(storage)
      if (address !== 0) return { view, out, address, memory: null }
      return { view, out, address: 0, memory: { bytes: new Uint8Array(buffer!) } }
    }
    return { view, out, address: 0, memory: { bytes: new Uint8Array(storage.buffer!, storage.byteOffset, storage.nbytes) } }
  }

  private live(): Instance {
    if (this.instance) return this.instance
    const module = this.compile()
    this.compile = () => module
    this.instance = new Instance(new (engine()!.Instance)(module, {}))
    return this.instance
  }

  private register(program: Program): number {
    const id = this.live().register(program.words)
    program.backendIds[this.key] = id
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

  /** Forgets the instance, after bringing out the arrays that lie in it; the next use makes another one. */
  private discard(): void {
    if (this.instance) this.blocks.leave(this.instance)
    this.instance = null
    for (const program of this.registered) delete program.backendIds[this.key]
    this.registered = []
  }
}
