/**
 * Collections at the right time: temporaries die young, but V8 does not know that a tiny object holds 32 MiB, and lets a dozen of them
 * pile up in fresh memory; told of every block, it answers with major collections. Measured in docs/decisions/0006-young-collections.md.
 */

import type { Addon } from './addon.ts'

/** Bytes handed out between two young collections, at least and at most. */
const LEAST = 12 * 2 ** 20
const MOST = 2 ** 30
/**
 * Blocks of more bytes than this are not found in the caches again, however soon they come back; so as many are handed out before a
 * collection as make these many bytes. (A collection reads some 100 KiB that such results have driven out of the caches: 0.25 ms.)
 */
const CACHED = 12 * 2 ** 20
const HELD = 192 * 2 ** 20
/** Bytes handed out for each live block before the blocks are asked again: asking costs some 50 ns a block. */
const A_BLOCK = 4096
/** Bytes by which what outlives the young collections grows before a major collection, at least. */
const ROOM = 256 * 2 ** 20

type Builtin = (name: string) => Record<string, (...args: unknown[]) => unknown> | undefined

type Runtime = Partial<NodeJS.Process> & { getBuiltinModule?: Builtin }
const runtime = (): Runtime | undefined => (globalThis as { process?: Runtime }).process

/** With an object a young collection (Node 20 reads `{ type: 'major' }` so too), without one a full one. */
export type Gc = (options?: { readonly type: 'minor' }) => void

/** V8's `gc`, which a new context has while the flag is set; null where there is none (other runtimes, Node before 20.16). */
export function findGc(): Gc | null {
  const v8 = runtime()?.getBuiltinModule?.('node:v8')
  const vm = runtime()?.getBuiltinModule?.('node:vm')
  if (!v8?.setFlagsFromString || !vm?.runInNewContext) return null
  try {
    v8.setFlagsFromString('--expose-gc')
    const gc = vm.runInNewContext('globalThis.gc') as Gc | undefined
    v8.setFlagsFromString('--no-expose-gc')
    return typeof gc === 'function' ? gc : null
  } catch {
    return null
  }
}

function findCollect(): Gc | null {
  const process = runtime()
  const set = process?.getBuiltinModule?.('node:v8')?.setFlagsFromString
  const gc = findGc()
  if (!process || !set || gc === null) return null
  // Who chose how V8 collects keeps that.
  if (/scavenge|single-threaded/.test(`${process.execArgv ?? ''} ${process.env?.NODE_OPTIONS ?? ''}`)) return gc
  let alone = false
  const together = (): void => {
    set('--parallel-scavenge')
    alone = false
  }
  return (options) => {
    if (options === undefined) return gc()
    // The young are few: helper threads would only be waited for, milliseconds where the cores are busy. V8 reads its flags in 20 us
    // when the caches hold other things, so the flag stays to the end of what runs now.
    if (!alone) {
      set('--no-parallel-scavenge')
      alone = true
      queueMicrotask(together)
    }
    gc(options)
  }
}

/**
 * Counts the bytes handed out and collects the young generation when they are enough, less often where that frees little; and
 * everything when what outlives that has grown by half.
 */
export class Collector {
  private handedOut = 0
  private threshold = LEAST
  private ceiling = ROOM
  /** Live bytes after the last collection. */
  private left = 0
  private collect: Gc | null | undefined

  constructor(private readonly addon: Pick<Addon, 'stats' | 'settle'>) {}

  /** To be called before a block is allocated. */
  before(nbytes: number): void {
    this.handedOut += nbytes
    if (this.handedOut >= this.threshold && (nbytes <= CACHED || this.handedOut >= HELD)) this.run()
  }

  private run(): void {
    this.collect ??= findCollect()
    if (this.collect === null) {
      this.handedOut = Number.NEGATIVE_INFINITY
      return
    }
    const { live, liveBytes } = this.addon.stats()
    const grown = liveBytes - this.left
    // (disposed blocks have come back already)
    if (grown < this.threshold / 2) {
      this.handedOut = Math.max(0, grown)
      return
    }
    this.collect({ type: 'minor' })
    let left = this.addon.settle()
    const useless = liveBytes - left < grown / 8
    if (left > this.ceiling) {
      this.collect()
      left = this.addon.settle()
      this.ceiling = left + Math.max(ROOM, left / 2)
    }
    this.threshold = useless ? Math.min(2 * this.threshold, MOST) : Math.max(LEAST, A_BLOCK * live)
    this.left = left
    this.handedOut = 0
  }
}
