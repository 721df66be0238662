/**
 * Small collections at the right time: temporaries of large arrays die young, but V8 does not know that a tiny object holds 32 MiB, and
 * lets a dozen of them pile up in fresh memory. Measured in docs/decisions/0006-young-collections.md.
 */

import type { Addon } from './addon.ts'

/** Bytes handed out between two collections, at least and at most. */
const LEAST = 32 * 2 ** 20
const MOST = 2 ** 30
/** Smaller blocks do not count: they stay in the caches anyway. */
const LARGE = 2 ** 20

type Builtin = (name: string) => Record<string, (...args: unknown[]) => unknown> | undefined

type Runtime = Partial<NodeJS.Process> & { getBuiltinModule?: Builtin }
const runtime = (): Runtime | undefined => (globalThis as { process?: Runtime }).process

/** V8's `gc`, which a new context has while the flag is set; null where there is none (other runtimes, Node before 20.16). */
export function findGc(): ((options: { readonly type: 'minor' | 'major' }) => void) | null {
  const v8 = runtime()?.getBuiltinModule?.('node:v8')
  const vm = runtime()?.getBuiltinModule?.('node:vm')
  if (!v8?.setFlagsFromString || !vm?.runInNewContext) return null
  try {
    v8.setFlagsFromString('--expose-gc')
    const gc = vm.runInNewContext('globalThis.gc') as ReturnType<typeof findGc> | undefined
    v8.setFlagsFromString('--no-expose-gc')
    return typeof gc === 'function' ? gc : null
  } catch {
    return null
  }
}

function findCollect(): (() => void) | null {
  const process = runtime()
  const set = process?.getBuiltinModule?.('node:v8')?.setFlagsFromString
  const gc = findGc()
  if (!process || !set || gc === null) return null
  try {
    const minor = () => gc({ type: 'minor' })
    // Who chose how V8 collects keeps that.
    if (/scavenge|single-threaded/.test(`${process.execArgv ?? ''} ${process.env?.NODE_OPTIONS ?? ''}`)) return minor
    return () => {
      // The young are few: helper threads would only be waited for, milliseconds where the cores are busy. The flags take 5 us.
      set('--no-parallel-scavenge')
      minor()
      set('--parallel-scavenge')
    }
  } catch {
    return null
  }
}

/** Counts large blocks and collects the young generation when enough was handed out; less often where that frees little. */
export class YoungCollector {
  private handedOut = 0
  private threshold = LEAST
  private collect: (() => void) | null | undefined

  constructor(private readonly addon: Pick<Addon, 'stats' | 'settle'>) {}

  /** To be called before a block is allocated. */
  before(nbytes: number): void {
    if (nbytes < LARGE) return
    this.handedOut += nbytes
    if (this.handedOut >= this.threshold) this.run()
  }

  private run(): void {
    this.collect ??= findCollect()
    if (this.collect === null) {
      this.handedOut = Number.NEGATIVE_INFINITY
      return
    }
    const before = this.addon.stats().liveBytes
    this.collect()
    const useless = before - this.addon.settle() < this.handedOut / 8
    this.threshold = useless ? Math.min(2 * this.threshold, MOST) : LEAST
    this.handedOut = 0
  }
}
