/** Worker threads that read a dataset for a DataLoader: batches are asked for ahead and come back in order. */

import type * as Threads from 'node:worker_threads'
import { findDType } from '../../../core/dtype.ts'
import { ArgumentError, RuntimeError } from '../../../core/errors.ts'
import { bufferStorage } from '../../../core/storage.ts'
import { contiguousView } from '../../../core/view.ts'
import { Tensor } from '../../tensor.ts'
import { WORKER_INFO, WORKER_SCRIPT } from './worker_script.ts'

/** How each worker makes its own dataset: what a module exports under a name, called with arguments that can be cloned. */
export interface WorkerSource {
  /** The module's address: `import.meta.url` of the file that exports it. */
  readonly module: string | URL
  /** The name of a class, or of a function that gives a dataset or a promise of one; 'default' if left out. */
  readonly export?: string
  readonly args?: readonly unknown[]
}

/** What a worker knows of itself. */
export interface WorkerInfo {
  readonly id: number
  readonly num_workers: number
  /** The loader's seed for this iteration plus the worker's number. */
  readonly seed: number | bigint
  /** The worker's own dataset. */
  readonly dataset: unknown
}

/**
 * What a DataLoader's worker thread knows of itself; null in the main thread. A stream asks it which part of the items is its own.
 *
 * @example
 * torch.utils.data.get_worker_info() // => null
 */
export const get_worker_info = (): WorkerInfo | null =>
  ((globalThis as Record<symbol, unknown>)[Symbol.for(WORKER_INFO)] as WorkerInfo | undefined) ?? null

/** The source that a dataset names in its field `worker_source`; an error that says what to do when there is none. */
export function sourceOf(dataset: unknown): { module: string; export: string; args: readonly unknown[] } {
  const source = (dataset as { worker_source?: WorkerSource } | null)?.worker_source
  if (!source?.module) {
    throw new ArgumentError(
      "DataLoader: num_workers above 0 needs a dataset that every thread can make for itself: give it a field worker_source = { module: import.meta.url, export: 'MyDataset', args: [...] }",
    )
  }
  return { module: String(source.module), export: source.export ?? 'default', args: source.args ?? [] }
}

/** One thing to be read: positions, or the next items of a stream. */
export type Request = { readonly read: readonly number[] } | { readonly next: number }

interface Answer {
  readonly items?: Packed
  readonly done?: boolean
  readonly error?: { name: string; message: string; stack: string }
}

type Packed =
  | { plain: unknown }
  | { array: ArrayBufferView }
  | { tensor: ArrayBuffer; dtype: string; shape: number[] }
  | { list: Packed[] }
  | { map: [unknown, Packed][] }
  | { entries: [string, Packed][] }

function unpacked(x: Packed): any {
  if ('plain' in x) return x.plain
  if ('array' in x) return x.array
  if ('tensor' in x) {
    const dtype = findDType(x.dtype.replace('torch.', ''))
    if (!dtype) throw new RuntimeError(`DataLoader: a worker sent a tensor of dtype ${x.dtype}`)
    return new Tensor(contiguousView(bufferStorage(x.tensor), dtype, x.shape))
  }
  if ('list' in x) return x.list.map(unpacked)
  if ('map' in x) return new Map(x.map.map(([key, value]) => [key, unpacked(value)]))
  const out: Record<string, unknown> = {}
  for (const [key, value] of x.entries)
    Object.defineProperty(out, key, { value: unpacked(value), enumerable: true, configurable: true, writable: true })
  return out
}

interface Thread {
  readonly worker: Threads.Worker
  readonly port: Threads.MessagePort
  /** The number of answers so far; then whether it has ended. */
  readonly signal: Int32Array
}

const threadsModule = (): typeof Threads => {
  const found = globalThis.process?.getBuiltinModule?.('node:worker_threads')
  if (!found) throw new ArgumentError('DataLoader: num_workers above 0 needs the worker threads of Node, Deno or Bun')
  return found as typeof Threads
}

/** The workers of one iteration. */
export class Workers {
  private readonly threads: readonly Thread[]
  private readonly module = threadsModule()

  constructor(
    dataset: unknown,
    readonly count: number,
    seed: number | bigint,
    private readonly timeout: number,
  ) {
    const source = sourceOf(dataset)
    this.threads = Array.from({ length: count }, (_, id) => this.started(source, id, seed))
  }

  private started(source: object, id: number, seed: number | bigint): Thread {
    const { Worker, MessageChannel } = this.module
    const { port1, port2 } = new MessageChannel()
    const signal = new Int32Array(new SharedArrayBuffer(8))
    const own = typeof seed === 'bigint' ? seed + BigInt(id) : seed + id
    const workerData = { port: port2, signal, source, info: { id, num_workers: this.count, seed: own, dataset: null } }
    const worker = new Worker(WORKER_SCRIPT, { eval: true, workerData, transferList: [port2] })
    worker.unref()
    port1.unref()
    return { worker, port: port1, signal }
  }

  /** Asks a worker. */
  ask(id: number, request: Request): void {
    this.threads[id]!.port.postMessage(request)
  }

  /** The next answer of a worker, for which this thread waits. */
  wait(id: number): { items: any[]; done: boolean } {
    const { port, signal } = this.threads[id]!
    const end = this.timeout > 0 ? performance.now() + this.timeout * 1000 : Number.POSITIVE_INFINITY
    for (;;) {
      const seen = Atomics.load(signal, 0)
      const received = this.module.receiveMessageOnPort(port)
      if (received) return this.opened(id, received.message as Answer)
      if (Atomics.load(signal, 1) === 1) throw this.ended(id)
      if (performance.now() > end) throw this.late()
      Atomics.wait(signal, 0, seen, Math.min(200, Math.max(1, end - performance.now())))
    }
  }

  /** The next answer of a worker, as a promise. */
  async next(id: number): Promise<{ items: any[]; done: boolean }> {
    const { port, signal } = this.threads[id]!
    const received = this.module.receiveMessageOnPort(port)
    if (received) return this.opened(id, received.message as Answer)
    return new Promise((resolve, reject) => {
      const settle = (finish: () => void): void => {
        clearInterval(watch)
        clearTimeout(alarm)
        port.off('message', take)
        finish()
      }
      const take = (answer: Answer): void =>
        settle(() => {
          try {
            resolve(this.opened(id, answer))
          } catch (error) {
            reject(error)
          }
        })
      const watch = setInterval(() => {
        if (Atomics.load(signal, 1) === 1) settle(() => reject(this.ended(id)))
      }, 100)
      const alarm = this.timeout > 0 ? setTimeout(() => settle(() => reject(this.late())), this.timeout * 1000) : undefined
      port.on('message', take)
    })
  }

  private opened(id: number, { items, done = false, error }: Answer): { items: any[]; done: boolean } {
    if (error)
      throw new RuntimeError(`Caught ${error.name} in DataLoader worker process ${id}.\nOriginal message: ${error.message}\n${error.stack}`)
    return { items: unpacked(items!), done }
  }
  private ended(id: number): RuntimeError {
    return new RuntimeError(`DataLoader worker ${id} exited unexpectedly`)
  }
  private late(): RuntimeError {
    return new RuntimeError(`DataLoader timed out after ${this.timeout} seconds`)
  }

  /** Ends the threads. */
  close(): void {
    for (const { worker, port } of this.threads) {
      port.close()
      void worker.terminate()
    }
  }
}
