/** Interleaved timing: every contestant gets a round in turn, again and again, so that what disturbs the machine disturbs all alike. */

import { setTimeout as sleep } from 'node:timers/promises'

/** One way of doing the same work. */
export interface Contestant {
  readonly name: string
  /** Seconds that `repeats` evaluations take. */
  readonly run: (repeats: number) => number | Promise<number>
  /** What a result sums to, where the side can tell. */
  readonly value: number
  /** Seconds of the very first evaluation. */
  readonly first: number
  /** Bytes of a result, where the side can tell. */
  readonly bytes: number
}

export interface Timing {
  readonly name: string
  /** Seconds of one evaluation: the median and the least of the rounds. */
  readonly median: number
  readonly least: number
  /** Seconds of the very first evaluation. */
  readonly first: number
  readonly repeats: number
}

export interface Plan {
  readonly rounds: number
  /** Seconds that a round should last. */
  readonly round: number
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Evaluations at most before each timed round. */
const WARM = 8

/** Seconds at most that evaluations are repeated for before the first is counted. */
const WARMING = 0.3

/** How many evaluations last about as long as a round should; the tries also warm the caches and compilers. */
async function calibrate({ run }: Contestant, goal: number): Promise<number> {
  let repeats = 1
  // First evaluations meet memory that the system has yet to clear, and may take twenty times as long as the rest; they would leave one
  // evaluation to a round.
  for (let tries = 0, spent = 0; tries < WARM && spent < WARMING; tries++) spent += await run(1)
  for (;;) {
    const seconds = await run(repeats)
    if (seconds >= goal / 2 || repeats >= 1 << 24) return Math.max(1, Math.round((repeats * goal) / Math.max(seconds, 1e-9)))
    repeats = seconds <= 0 ? repeats * 8 : Math.ceil(repeats * Math.min(8, Math.max(1.5, goal / seconds)))
  }
}

/** Seconds of an evaluation from which on threads may take part. */
const THREADED = 50e-6

/** Times contestants in interleaved rounds, each begun warm. */
export async function measure(contestants: readonly Contestant[], { rounds, round }: Plan): Promise<Timing[]> {
  const repeats: number[] = contestants.map(() => 1)
  // Twice: the first time a contestant may still be at work on memory that it had not touched before.
  for (let pass = 0; pass < 2; pass++)
    for (const [i, contestant] of contestants.entries()) repeats[i] = Math.max(repeats[i]!, await calibrate(contestant, round))
  const seconds: number[][] = contestants.map(() => [])
  for (let r = 0; r < rounds; r++) {
    for (const [i, { run }] of contestants.entries()) {
      // Evaluations that are not timed: the pause below empties caches, and a virtual machine's host takes back memory that lies idle,
      // of which one evaluation meets one block alone.
      await run(Math.min(WARM, repeats[i]!))
      const each = (await run(repeats[i]!)) / repeats[i]!
      seconds[i]!.push(each)
      // Worker threads that have nothing to do spin for a while before they sleep (OpenBLAS some 20 ms, OpenMP up to 200), on cores
      // that the next contestant needs. Work too small for threads leaves none spinning.
      await sleep(each > THREADED ? 220 : 3)
    }
  }
  return contestants.map(({ name, first }, i) => ({
    name,
    median: median(seconds[i]!),
    least: Math.min(...seconds[i]!),
    first,
    repeats: repeats[i]!,
  }))
}
