/** What is done to memory: long synchronous loops, random allocations with forced collections, workers that end, memory taken away. */

import { setImmediate as turn } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { backendOf } from '../../src/core/backend.ts'
import { float64 } from '../../src/core/dtype.ts'
import { nested, viewOf } from '../../src/core/element.ts'
import { NumgradError } from '../../src/core/errors.ts'
import { bufferStorage } from '../../src/core/storage.ts'
import { contiguousView, type View } from '../../src/core/view.ts'
import { add, mul } from '../../src/ops/elementwise/arithmetic.ts'
import { sum } from '../../src/ops/reduction/sum.ts'
import { info } from '../../src/runtime.ts'
import { Stress } from './stress.ts'

type Report = Record<string, unknown>

const MIB = 2 ** 20
const resident = () => process.memoryUsage.rss() / MIB
const pool = () => (info().pool ?? {}) as Record<string, number>

/** Synchronous temporaries of 8 MB, which nobody disposes; the most memory that was resident. */
function temporaries([count = '10000', bytes = '8000000']: readonly string[]): Report {
  const n = Number(bytes) / 8
  let x: View = add(viewOf([1], [1], float64), contiguousView(bufferStorage(new ArrayBuffer(8 * n)), float64, [n])) as View
  let most = 0
  for (let i = 0; i < Number(count); i++) {
    x = add(x, 1) as View
    if (i % 16 === 0) most = Math.max(most, resident())
  }
  return { most, last: nested(sum(x) as View), wanted: n * (Number(count) + 1), pool: pool() }
}

/** Steps of training without disposing; resident memory after a tenth of them, at the end, and at most. */
async function training([steps = '2000']: readonly string[]): Promise<Report> {
  const torch = await import('../../src/torch/index.ts')
  const { Linear, ReLU, Sequential } = torch.nn
  torch.manual_seed(0)
  const model = new Sequential(new Linear(784, 128), new ReLU(), new Linear(128, 10))
  const optimizer = new torch.optim.Adam(model.parameters(), { lr: 1e-3 })
  const x = torch.rand(64, 784)
  const y = torch.arange(64).remainder(10)
  let early = 0
  let most = 0
  let first = Number.NaN
  let last = Number.NaN
  for (let step = 0; step < Number(steps); step++) {
    optimizer.zero_grad()
    const loss = torch.nn.functional.cross_entropy(model(x), y)
    loss.backward()
    optimizer.step()
    last = Number(loss.item())
    if (step === 0) first = last
    if (step === Math.floor(Number(steps) / 10)) early = resident()
    if (step % 16 === 0) most = Math.max(most, resident())
  }
  return { early, most, end: resident(), first, last, pool: pool() }
}

/** The pool's stress test; what was wrong, if anything. */
async function stress([seed = '1', rounds = '4000']: readonly string[]): Promise<Report> {
  const test = new Stress(Number(seed))
  for (let round = 0; round < Number(rounds); round++) {
    test.step()
    // Finalizers of escaped buffers run between turns only.
    if (round % 50 === 0) await turn()
  }
  test.checkAll()
  return { problems: test.problems, counts: test.counts, pool: pool() }
}

/** Workers that end with live arrays, by themselves, by `process.exit` and by `terminate`, while this thread's arrays must stay whole. */
async function workers([count = '9']: readonly string[]): Promise<Report> {
  const test = new Stress(7)
  const ends: unknown[] = []
  for (let i = 0; i < Number(count); i++) {
    const how = ['return', 'exit', 'run'][i % 3]!
    const worker = new Worker(new URL('./worker.mjs', import.meta.url), { workerData: { seed: i, how } })
    let failure = ''
    worker.on('error', (error) => {
      failure = String(error)
    })
    const end = new Promise<number>((resolve) => worker.on('exit', resolve))
    if (how === 'run') {
      await Promise.race([end, new Promise((resolve) => worker.once('message', resolve))])
      for (let k = 0; k < 50; k++) test.step()
      await worker.terminate()
    }
    for (let k = 0; k < 200; k++) test.step()
    const code = await end
    ends.push(how === 'run' || code === 0 ? 'ended' : `${how}: ${code} ${failure}`)
  }
  test.checkAll()
  return { ends: [...new Set(ends)], problems: test.problems, pool: pool() }
}

/** What using an array gives whose memory its user took away, by transfer or by shrinking. */
function detached(): Report {
  const outcomes: Record<string, string> = {}
  const attempt = (name: string, f: () => unknown) => {
    try {
      f()
      outcomes[name] = 'no error'
    } catch (error) {
      outcomes[name] = error instanceof NumgradError ? 'NumgradError' : `${(error as Error).name}: ${(error as Error).message}`
    }
  }
  for (const n of [4, 100_000]) {
    for (const way of ['transferred', 'shrunk']) {
      const Resizable = ArrayBuffer as unknown as new (n: number, options?: object) => ArrayBuffer & { resize(n: number): void }
      const buffer = new Resizable(8 * n, way === 'shrunk' ? { maxByteLength: 16 * n } : undefined)
      const x = contiguousView(bufferStorage(buffer), float64, [n])
      sum(x)
      if (way === 'shrunk') buffer.resize(8)
      else structuredClone(buffer, { transfer: [buffer] })
      attempt(`${way} ${n}: read by a kernel`, () => sum(x))
      attempt(`${way} ${n}: read beside another`, () => add(x, contiguousView(bufferStorage(new ArrayBuffer(8 * n)), float64, [n])))
      attempt(`${way} ${n}: read as items`, () => nested(x))
      attempt(`${way} ${n}: multiplied by a number`, () => mul(x, 2))
    }
  }
  return outcomes
}

/** What asking for too much gives. */
function exhausted(): Report {
  const outcomes: Record<string, string> = {}
  for (const bytes of [2 ** 44, 2 ** 50, Number.MAX_SAFE_INTEGER]) {
    try {
      backendOf('cpu').allocate(bytes)
      outcomes[String(bytes)] = 'no error'
    } catch (error) {
      outcomes[String(bytes)] = (error as Error).name
    }
  }
  return outcomes
}

export const scenarios: Record<string, (args: readonly string[]) => Report | Promise<Report>> = {
  temporaries,
  training,
  stress,
  workers,
  detached,
  exhausted,
}
