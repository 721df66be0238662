/** The backend of device 'webgpu': WGSL kernels written from programs, and routines of its own. It names no operation. */

import type { Backend, Word } from '../../core/backend.ts'
import { backendOf, installBackend, isInstalled, setAbsent } from '../../core/backend.ts'
import type { DType } from '../../core/dtype.ts'
import { mustWait } from '../../core/element.ts'
import { DeviceError, DTypeError } from '../../core/errors.ts'
import type { Program } from '../../core/program.ts'
import type { Shape } from '../../core/shape.ts'
import { deviceStorage, type Storage } from '../../core/storage.ts'
import type { View } from '../../core/view.ts'
import { findGc } from '../native/collector.ts'
import { type GpuBuffer, openDevice } from './gpu.ts'
import { bufferOf, Kernels } from './kernels.ts'
import { runMap } from './map.ts'
import { Queue } from './queue.ts'
import { runReduce } from './reduce.ts'
import { ROUTINES } from './routines/index.ts'

/** Bytes in use below which nothing is collected for their sake. */
const COLLECT_AT = 1 << 28

const HELD_ELSEWHERE: Record<string, string> = { float64: 'float32', complex128: 'complex64' }

export class WebgpuBackend implements Backend {
  readonly name = 'webgpu'
  readonly device = 'webgpu'
  readonly kernels: Kernels
  private readonly collected: FinalizationRegistry<{ buffer: GpuBuffer; nbytes: number }>
  /** Bytes in use after which objects are collected, and how. */
  private collectAt = COLLECT_AT
  private gc: (() => void) | null | undefined

  constructor(
    private readonly queue: Queue,
    private readonly adapter: Readonly<Record<string, unknown>>,
    subgroup: number,
  ) {
    this.kernels = new Kernels(queue, subgroup)
    this.collected = new FinalizationRegistry(({ buffer, nbytes }) => queue.give(buffer, nbytes))
    queue.submitted = () => void this.look()
  }

  accept(dtype: DType): void {
    const instead = HELD_ELSEWHERE[dtype.name]
    if (instead) throw new DTypeError(`device 'webgpu' has no ${dtype.name}: convert to ${instead} first`, { dtypes: [dtype.name] })
    if (dtype.isObject) throw new DTypeError("dtype object lives on the cpu only, not on 'webgpu'", { dtypes: ['object'] })
  }

  allocate(nbytes: number, zeroed = false): Storage {
    const buffer = this.queue.take(nbytes)
    if (zeroed && nbytes > 0) this.queue.clear(buffer, 0, (nbytes + 3) & ~3)
    const storage = deviceStorage('webgpu', nbytes, buffer)
    this.collected.register(storage, { buffer, nbytes }, storage)
    return storage
  }

  release(storage: Storage): void {
    if (storage.disposed) return
    storage.disposed = true
    this.collected.unregister(storage)
    this.queue.give(bufferOf(storage), storage.nbytes)
  }

  bytes(): Uint8Array {
    throw mustWait('webgpu')
  }

  write(storage: Storage, offset: number, bytes: Uint8Array): void {
    this.queue.write(bufferOf(storage), offset, bytes)
  }

  async read(storage: Storage, offset: number, nbytes: number): Promise<Uint8Array> {
    const before = offset % 4
    const bytes = await this.queue.read(bufferOf(storage), offset - before, (before + nbytes + 3) & ~3)
    await this.collect()
    return bytes.subarray(before, before + nbytes)
  }

  /**
   * The engine does not see what its small objects hold: lets it look when much has come into use since the last time. What it finds
   * comes back by finalizers, which run in a task of their own; only major collections find them. False when there was no need.
   */
  private look(): boolean {
    const { liveBytes } = this.queue
    this.collectAt = Math.min(this.collectAt, liveBytes + COLLECT_AT)
    if (liveBytes < this.collectAt) return false
    if (this.gc === undefined) this.gc = findGc() as (() => void) | null
    // Without an argument it is a major collection everywhere; Node 20 takes an object, whatever it says, for a minor one.
    this.gc?.()
    this.collectAt = liveBytes + COLLECT_AT
    return true
  }

  /** Whoever waits for the device anyway lets the engine look, and its finalizers run. */
  private async collect(): Promise<void> {
    const before = this.queue.liveBytes
    if (!this.look()) return
    for (let wait = 0; wait < 4 && this.queue.liveBytes >= before; wait++) await new Promise((done) => setTimeout(done, wait))
  }

  map(program: Program, dims: Shape, outs: readonly View[], ins: readonly View[], params: readonly Word[] = []): void {
    runMap(this.kernels, program, dims, outs, ins, params)
  }

  reduce(
    program: Program,
    dims: Shape,
    axes: readonly number[],
    outs: readonly View[],
    ins: readonly View[],
    params: readonly Word[] = [],
  ): void {
    runReduce(this.kernels, program, dims, axes, outs, ins, params)
  }

  call(routine: string, outs: readonly View[], ins: readonly View[], words: readonly Word[] = []): void {
    const run = ROUTINES[routine]
    if (!run) {
      throw new DeviceError(`routine '${routine}' is not available on device 'webgpu': compute it on the cpu, \`await t.cpu()\``, {
        op: routine,
      })
    }
    run(this.kernels, outs, ins, words)
  }

  /** Resolves when all work so far is done; rejects with its error. */
  async settled(): Promise<void> {
    await this.queue.settled()
    await this.collect()
  }

  info(): Record<string, unknown> {
    const { queue, kernels, adapter } = this
    return {
      backend: 'webgpu',
      adapter,
      features: [...queue.device.features],
      kernels: kernels.compiled,
      submits: queue.submits,
      liveBytes: queue.liveBytes,
    }
  }
}

let opening: Promise<boolean> | null = null

async function open(): Promise<boolean> {
  const opened = await openDevice()
  if (typeof opened === 'string') {
    setAbsent('webgpu', `device 'webgpu' is not available: ${opened}`)
    return false
  }
  installBackend(new WebgpuBackend(new Queue(opened.device), opened.adapter, opened.subgroup))
  return true
}

/** Opens the device once; false when there is none, and the error of its first use then says why. */
export function openWebgpu(): Promise<boolean> {
  opening ??= open()
  return opening
}

/** The open device's backend, or its error. */
export const webgpuBackend = (): WebgpuBackend | null => (isInstalled('webgpu') ? (backendOf('webgpu') as WebgpuBackend) : null)
