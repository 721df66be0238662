/**
 * How a box of a strided operand lies in scratch memory, and the copies in and out. Runs of the operand's memory are copied whole,
 * with their strides; what lies apart is packed.
 */

/** Bytes that JavaScript sees. */
export interface Memory {
  readonly bytes: Uint8Array
  /** The same buffer from its beginning as 32-bit words, made when first wanted. */
  quads?: Int32Array
}

/** An input's bytes between two items are copied along up to this many; copying is cheap, finding items one by one is not. */
const GAP = 16
/** Runs from which the engine's own copy is quicker than a loop. */
const RUN = 48

/** The place of a box in scratch memory. */
export class Layout {
  /** Bytes of the box. */
  readonly bytes: number
  /** Byte strides in scratch memory, over the box's dims. */
  readonly strides: number[]
  /** Where the item with all coordinates 0 lies. */
  readonly first: number
  /** Bytes of a run. */
  private readonly run: number
  /** How far before its first item a run begins. */
  private readonly before: number
  /** The dims over which runs are repeated, slowest first: counts, steps in the operand, steps in scratch memory. */
  private readonly counts: number[] = []
  private readonly steps: number[] = []
  private readonly pitches: number[] = []

  /** `exact`: nothing but the items themselves is touched, as it must be of outputs. An operand without items (`size` 0) has no bytes. */
  constructor(extents: readonly number[], strides: readonly number[], itemsize: number, exact: boolean, size: number) {
    const order: number[] = []
    for (let d = 0; d < extents.length; d++) if (extents[d]! > 1 && strides[d] !== 0) order.push(d)
    order.sort((a, b) => Math.abs(strides[a]!) - Math.abs(strides[b]!))
    this.strides = new Array<number>(extents.length).fill(0)
    let run = itemsize
    let before = 0
    let k = 0
    for (; k < order.length; k++) {
      const d = order[k]!
      const step = Math.abs(strides[d]!)
      if (exact ? step !== run : step - run > Math.max(GAP, run / 4)) break
      const reach = step * (extents[d]! - 1)
      run += reach
      if (strides[d]! < 0) before += reach
      this.strides[d] = strides[d]!
    }
    let pitch = run <= 16 ? run : (run + 15) & -16
    // (runs beyond 2^31 bytes stand alone)
    if (run > 2 ** 31 - 16) pitch = Math.ceil(run / 16) * 16
    for (; k < order.length; k++) {
      const d = order[k]!
      this.counts.unshift(extents[d]!)
      this.steps.unshift(strides[d]!)
      this.pitches.unshift(pitch)
      this.strides[d] = pitch
      pitch *= extents[d]!
    }
    this.run = run
    this.before = before
    this.first = before
    this.bytes = size === 0 ? 0 : pitch
  }

  /** Copies the box whose first item lies at `offset` of the block to `to` in scratch memory. */
  copyIn(block: Memory, offset: number, memory: Memory, to: number): void {
    this.copy(block, offset - this.before, memory, to, false)
  }

  /** Copies the box back. */
  copyOut(block: Memory, offset: number, memory: Memory, to: number): void {
    this.copy(block, offset - this.before, memory, to, true)
  }

  private copy(block: Memory, at: number, memory: Memory, to: number, out: boolean): void {
    if (this.bytes === 0) return
    const last = this.counts.length - 1
    if (last < 0) {
      if (out) block.bytes.set(memory.bytes.subarray(to, to + this.run), at)
      else memory.bytes.set(block.bytes.subarray(at, at + this.run), to)
      return
    }
    const index = new Array<number>(last).fill(0)
    for (;;) {
      this.line(block, at, memory, to, out)
      let d = last - 1
      for (; d >= 0; d--) {
        at += this.steps[d]!
        to += this.pitches[d]!
        if (++index[d]! < this.counts[d]!) break
        at -= this.steps[d]! * this.counts[d]!
        to -= this.pitches[d]! * this.counts[d]!
        index[d] = 0
      }
      if (d < 0) return
    }
  }

  /** The runs along the fastest of the repeated dims. */
  private line(block: Memory, at: number, memory: Memory, to: number, out: boolean): void {
    const last = this.counts.length - 1
    const { run } = this
    const [count, step, pitch] = [this.counts[last]!, this.steps[last]!, this.pitches[last]!]
    if (run >= RUN) {
      for (let i = 0; i < count; i++, at += step, to += pitch) {
        if (out) block.bytes.set(memory.bytes.subarray(to, to + run), at)
        else memory.bytes.set(block.bytes.subarray(at, at + run), to)
      }
      return
    }
    const base = block.bytes.byteOffset + at
    if (((base | step | to | pitch | run) & 3) === 0) {
      const there = quadsOf(block)
      const here = quadsOf(memory)
      if (out) items(there, base / 4, step / 4, here, to / 4, pitch / 4, count, run / 4)
      else items(here, to / 4, pitch / 4, there, base / 4, step / 4, count, run / 4)
    } else if (out) items(block.bytes, at, step, memory.bytes, to, pitch, count, run)
    else items(memory.bytes, to, pitch, block.bytes, at, step, count, run)
  }
}

/** `count` runs of `run` elements, each side with its own step. */
function items<T extends Int32Array | Uint8Array>(
  out: T,
  at: number,
  step: number,
  from: T,
  start: number,
  pitch: number,
  count: number,
  run: number,
): void {
  if (run === 1) {
    for (let i = 0; i < count; i++, at += step, start += pitch) out[at] = from[start]!
    return
  }
  for (let i = 0; i < count; i++, at += step, start += pitch) for (let k = 0; k < run; k++) out[at + k] = from[start + k]!
}

function quadsOf(block: Memory): Int32Array {
  block.quads ??= new Int32Array(block.bytes.buffer, 0, block.bytes.buffer.byteLength >>> 2)
  return block.quads
}
