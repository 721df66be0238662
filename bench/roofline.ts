/** The machine's own limits, measured by a small Rust program (peak.rs), and what part of them a case reaches. */

import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** With so many threads: gigabytes a second of a triad and of reading alone, gigaflops of fused multiply-adds. */
export interface Limits {
  readonly threads: number
  readonly triad: number
  readonly read: number
  readonly float64: number
  readonly float32: number
}

/** The limits of one thread and of `threads`, or why they are not known. */
export function measureLimits(threads: number): readonly Limits[] | string {
  const folder = mkdtempSync(join(tmpdir(), 'numgrad-peak-'))
  try {
    const program = join(folder, 'peak')
    const source = join(import.meta.dirname, 'peak.rs')
    const built = spawnSync('rustc', ['-O', '-C', 'target-cpu=native', '--edition', '2021', source, '-o', program], { encoding: 'utf8' })
    if (built.status !== 0) return `rustc did not compile bench/peak.rs: ${built.error?.message ?? built.stderr.split('\n')[0]}`
    const ran = spawnSync(program, [String(threads)], { encoding: 'utf8' })
    return ran.status === 0 ? (JSON.parse(ran.stdout) as Limits[]) : `bench/peak.rs ended with ${ran.status}`
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The limits as a line of text. */
export const limitsText = ({ threads, triad, read, float64, float32 }: Limits): string =>
  `${threads} thread${threads > 1 ? 's' : ''}: triad ${triad.toFixed(1)} GB/s, reading ${read.toFixed(1)} GB/s, ` +
  `multiply-add ${float64.toFixed(0)} GFLOP/s float64, ${float32.toFixed(0)} float32`

/** Work of one evaluation: floating-point operations where they decide, else bytes read and written. */
export interface Work {
  readonly flops?: number
  readonly read: number
  readonly written: number
}

export interface Reached {
  readonly rate: number
  readonly unit: 'GFLOP/s' | 'GB/s'
  /** The part of the machine's own limit. Above 1 where the data lie in caches. */
  readonly part: number
}

/** Bytes below which overhead and caches decide, and a rate says nothing of the memory. */
const LEAST_BYTES = 4e6

/** What `seconds` for some work come to. */
export function reached({ flops, read, written }: Work, seconds: number, dtype: string, limits: Limits): Reached | undefined {
  if (flops !== undefined) {
    const rate = flops / seconds / 1e9
    return { rate, unit: 'GFLOP/s', part: rate / (dtype === 'float32' ? limits.float32 : limits.float64) }
  }
  if (read + written < LEAST_BYTES) return undefined
  const rate = (read + written) / seconds / 1e9
  // Either may come out the better on a machine with neighbours; what only reads is held against reading.
  return { rate, unit: 'GB/s', part: rate / (written * 16 < read ? limits.read : Math.max(limits.triad, limits.read)) }
}
