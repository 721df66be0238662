/**
 * Work on its way to the GPU: one command encoder that is submitted once per tick, a ring of launch words, recycled buffers, and reads that
 * wait. An error of the device, also its loss, rejects the reads after it.
 */

import { DeviceError, IndexError, MemoryError } from '../../core/errors.ts'
import { type GpuBindGroup, type GpuBuffer, type GpuDevice, type GpuEncoder, type GpuPass, type GpuPipeline, USAGE } from './gpu.ts'

/** Bytes of launch words between two submits. */
const RING = 1 << 20
/** Idle buffers are kept up to this many bytes, or as many as are in use. */
const KEEP = 1 << 28
/** A submit after this many launches, so that the GPU begins while more is encoded. */
const MOST_LAUNCHES = 512

/** Sizes are rounded up to four steps between powers of two, so that buffers are found again. */
export function sizeClass(nbytes: number): number {
  if (nbytes <= 256) return 256
  const step = 2 ** Math.max(Math.floor(Math.log2(nbytes - 1)) - 2, 6)
  return Math.ceil(nbytes / step) * step
}

export class Queue {
  readonly ring: GpuBuffer
  /** Where kernels report an index out of range: [count, index, axis, size]. */
  readonly faults: GpuBuffer
  private readonly words = new Uint32Array(RING / 4)
  private used = 0
  private readonly align: number
  private encoder: GpuEncoder | null = null
  private pass: GpuPass | null = null
  private launches = 0
  private scheduled = false
  private mayFault = false
  private failure: Error | null = null
  private lost = false
  private readonly idle = new Map<number, GpuBuffer[]>()
  private idleBytes = 0
  liveBytes = 0
  submits = 0
  /** Called when a tick's work has been submitted. */
  submitted: () => void = () => {}

  constructor(readonly device: GpuDevice) {
    this.align = device.limits.minUniformBufferOffsetAlignment ?? 256
    this.ring = device.createBuffer({ size: RING, usage: USAGE.UNIFORM | USAGE.COPY_DST })
    this.faults = device.createBuffer({ size: 16, usage: USAGE.STORAGE | USAGE.COPY_DST | USAGE.COPY_SRC })
    device.addEventListener('uncapturederror', ({ error }) => {
      this.failure ??= new DeviceError(`webgpu: ${error.message}`)
    })
    void device.lost.then(({ reason, message }) => {
      this.lost = true
      this.failure = new DeviceError(`the GPU device was lost (${reason}): ${message}`)
    })
  }

  /** Throws what the device has failed with since the last time; a lost device fails for ever. */
  check(): void {
    const { failure } = this
    if (!failure) return
    if (!this.lost) this.failure = null
    throw failure
  }

  /** A buffer of at least some bytes, with whatever was in it. */
  take(nbytes: number): GpuBuffer {
    this.check()
    const size = sizeClass(nbytes)
    const most = Math.min(this.device.limits.maxBufferSize!, this.device.limits.maxStorageBufferBindingSize!)
    if (nbytes > most)
      throw new MemoryError(`unable to allocate ${nbytes} bytes on 'webgpu': this adapter's largest buffer has ${most} bytes`)
    this.liveBytes += size
    const found = this.idle.get(size)?.pop()
    if (found) {
      this.idleBytes -= size
      return found
    }
    return this.device.createBuffer({ size: Math.min(size, most - (most % 4)), usage: USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST })
  }

  /** Takes a buffer back; commands already given still read what they should, since work runs in order. */
  give(buffer: GpuBuffer, nbytes: number): void {
    const size = sizeClass(nbytes)
    this.liveBytes -= size
    if (this.idleBytes + size > Math.max(KEEP, this.liveBytes)) {
      // commands that use it may not have been submitted yet
      this.flush()
      buffer.destroy()
      return
    }
    const list = this.idle.get(size)
    if (list) list.push(buffer)
    else this.idle.set(size, [buffer])
    this.idleBytes += size
  }

  /** Adds one launch; its words are a copy. */
  launch(
    pipeline: GpuPipeline,
    group: GpuBindGroup,
    words: Uint32Array,
    count: number,
    x: number,
    y: number,
    z: number,
    faults: boolean,
  ): void {
    this.check()
    const bytes = Math.ceil((count * 4) / this.align) * this.align
    if (this.used + bytes + 4096 > RING) this.flush()
    const offset = this.used
    this.words.set(count === words.length ? words : words.subarray(0, count), offset / 4)
    this.used += bytes
    this.pass ??= this.commands().beginComputePass()
    this.pass.setPipeline(pipeline)
    this.pass.setBindGroup(0, group, [offset])
    this.pass.dispatchWorkgroups(x, y, z)
    if (faults) this.mayFault = true
    if (++this.launches >= MOST_LAUNCHES) this.flush()
  }

  /** Fills bytes with zeros; both numbers are multiples of four. */
  clear(buffer: GpuBuffer, offset: number, nbytes: number): void {
    this.endPass()
    this.commands().clearBuffer(buffer, offset, nbytes)
  }

  /** Copies bytes from JavaScript; offset is a multiple of four, and bytes after the last may become zero up to the next one. */
  write(buffer: GpuBuffer, offset: number, bytes: Uint8Array): void {
    this.flush()
    const whole = bytes.length & ~3
    if (whole > 0) this.device.queue.writeBuffer(buffer, offset, bytes, 0, whole)
    if (whole < bytes.length) {
      const last = new Uint8Array(4)
      last.set(bytes.subarray(whole))
      this.device.queue.writeBuffer(buffer, offset + whole, last)
    }
  }

  /** Submits what was encoded. */
  flush(): void {
    if (!this.encoder) return
    this.endPass()
    if (this.used > 0) this.device.queue.writeBuffer(this.ring, 0, this.words, 0, this.used / 4)
    this.device.queue.submit([this.encoder.finish()])
    this.encoder = null
    this.used = 0
    this.launches = 0
    this.submits++
  }

  /** Bytes of a buffer after all work so far; offset and size are multiples of four. */
  async read(buffer: GpuBuffer, offset: number, nbytes: number): Promise<Uint8Array> {
    this.check()
    const faults = this.mayFault
    const staging = this.device.createBuffer({ size: nbytes + 16, usage: USAGE.MAP_READ | USAGE.COPY_DST })
    this.endPass()
    const commands = this.commands()
    if (nbytes > 0) commands.copyBufferToBuffer(buffer, offset, staging, 0, nbytes)
    if (faults) {
      commands.copyBufferToBuffer(this.faults, 0, staging, nbytes, 16)
      commands.clearBuffer(this.faults)
      this.mayFault = false
    }
    this.flush()
    try {
      await staging.mapAsync(1)
    } catch (error) {
      this.check()
      throw new DeviceError(`webgpu: reading failed: ${(error as Error).message}`)
    }
    const copy = new Uint8Array(staging.getMappedRange().slice(0))
    staging.destroy()
    this.check()
    if (faults) checkFaults(copy, nbytes)
    return copy.subarray(0, nbytes)
  }

  /** Waits for all work so far. */
  async settled(): Promise<void> {
    await this.read(this.faults, 0, 0)
  }

  private commands(): GpuEncoder {
    if (!this.encoder) {
      this.encoder = this.device.createCommandEncoder()
      if (!this.scheduled) {
        this.scheduled = true
        queueMicrotask(() => {
          this.scheduled = false
          this.flush()
          this.submitted()
        })
      }
    }
    return this.encoder
  }

  private endPass(): void {
    this.pass?.end()
    this.pass = null
  }
}

/** Turns a reported index into the error that the cpu gives at once. */
function checkFaults(bytes: Uint8Array, at: number): void {
  const words = new DataView(bytes.buffer, bytes.byteOffset + at, 16)
  if (words.getUint32(0, true) === 0) return
  const [index, axis, size] = [4, 8, 12].map((i) => words.getInt32(i, true)) as [number, number, number]
  throw new IndexError(`index ${index} is out of bounds for axis ${axis} with size ${size} (found on the GPU since the last read)`, {
    axis,
  })
}
