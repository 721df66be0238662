/**
 * `npm run bench`: the same work here, in NumPy, in PyTorch and in plain loops, interleaved, as ratios.
 *
 *   npm run bench -- [--filter text] [--sizes 10,1000] [--threads n] [--quick] [--json file] [--no-training]
 *
 * Python is `NUMGRAD_PYTHON`, else `.venv`, else `python3`; without it only the loops are compared.
 * Threads are the same for ours, PyTorch and matrix products of NumPy (default: all cores); NumPy's ufuncs have one.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { info, threads as setThreads } from '../src/runtime.ts'
import { CASES, type Case, SIZES } from './cases.ts'
import { chart } from './chart.ts'
import { loop, type Namespace, ours, python } from './contestants.ts'
import { makeInputs, writeInputs } from './data.ts'
import { type Contestant, measure, type Plan } from './measure.ts'
import { PythonChild } from './python.ts'
import { heading, line, type Result, summary } from './report.ts'
import { trainingContestants } from './training.ts'

const { values: options } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    sizes: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    'no-training': { type: 'boolean', default: false },
  },
})

/** A loop that would take longer than this many inner steps is left out. */
const MOST_STEPS = 3e8

interface Sides {
  readonly np?: Namespace
  readonly torch?: Namespace
  readonly numpy?: PythonChild
  readonly pytorch?: PythonChild
  readonly folder: string
}

/** Values that differ from the library's whose names we bear, by more than rounding can explain. */
function disagreements(contestants: readonly Contestant[], size: number): string[] {
  const value = (side: string) => contestants.find(({ name }) => name === side)?.value ?? Number.NaN
  const notes: string[] = []
  for (const [ours, theirs] of [
    ['np', 'NumPy'],
    ['torch', 'PyTorch'],
  ] as const) {
    const [a, b] = [value(ours), value(theirs)]
    if (Math.abs(a - b) > 1e-3 * (Math.abs(b) + Math.sqrt(size))) notes.push(`${ours} sums to ${a}, ${theirs} to ${b}`)
  }
  return notes
}

/** Adds a contestant, or says why it is absent. */
async function enter(list: Contestant[], notes: string[], name: string, make: () => Contestant | Promise<Contestant>): Promise<void> {
  try {
    list.push(await make())
  } catch (error) {
    notes.push(`${name}: ${String((error as Error).message).split('\n')[0]}`)
  }
}

async function runCase(row: Case, dtype: string, size: number, sides: Sides, plan: Plan): Promise<Result> {
  const inputs = makeInputs(row, dtype, size)
  const files = sides.numpy || sides.pytorch ? writeInputs(inputs, sides.folder) : {}
  const list: Contestant[] = []
  const notes: string[] = []
  const { np, torch, numpy, pytorch } = sides
  if (row.np && np) await enter(list, notes, 'np', () => ours('np', np, row.np!, inputs))
  if (row.np && numpy) await enter(list, notes, 'NumPy', () => python(numpy, row.np!, files))
  if (row.torch && torch) await enter(list, notes, 'torch', () => ours('torch', torch, row.torch!, inputs))
  if (row.torch && pytorch) await enter(list, notes, 'PyTorch', () => python(pytorch, row.torch!, files))
  if (row.js && dtype !== 'int64' && (row.flops?.(size) ?? size) <= MOST_STEPS)
    await enter(list, notes, 'loop', () => loop(row, dtype, size, inputs))
  notes.push(...disagreements(list, size))
  const timings = await measure(list, plan)
  const mine = timings.find(({ name }) => name === 'np' || name === 'torch')
  return {
    group: row.group,
    name: row.name,
    dtype,
    size,
    timings,
    notes,
    ...(row.flops && mine ? { gflops: row.flops(size) / mine.median / 1e9 } : {}),
  }
}

/** Our namespaces; the bench goes on with one of them when the other cannot be loaded. */
async function libraries(): Promise<{ np?: Namespace; torch?: Namespace }> {
  const found: { np?: Namespace; torch?: Namespace } = {}
  for (const [name, folder] of [
    ['np', 'numpy'],
    ['torch', 'torch'],
  ] as const) {
    try {
      found[name] = (await import(new URL(`../src/${folder}/index.ts`, import.meta.url).href)) as Namespace
    } catch (error) {
      console.log(`${name} is left out: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  return found
}

function chosenCases(): { row: Case; dtype: string; size: number }[] {
  const sizes = options.sizes?.split(',').map(Number)
  const all = CASES.flatMap((row) => row.dtypes.flatMap((dtype) => (row.sizes ?? SIZES).map((size) => ({ row, dtype, size }))))
  return all.filter(
    ({ row, dtype, size }) => `${row.group} ${row.name} ${dtype}`.includes(options.filter) && (!sizes || sizes.includes(size)),
  )
}

async function main(): Promise<void> {
  const threads = Math.max(1, Number(options.threads) || 1)
  setThreads(threads)
  const folder = mkdtempSync(join(tmpdir(), 'numgrad-bench-'))
  const numpy = await PythonChild.start('numpy', threads)
  const pytorch = await PythonChild.start('torch', threads)
  const sides: Sides = {
    ...(await libraries()),
    ...(numpy ? { numpy: numpy.child } : {}),
    ...(pytorch ? { pytorch: pytorch.child } : {}),
    folder,
  }
  const plan: Plan = options.quick ? { rounds: 3, round: 0.005 } : { rounds: 7, round: 0.02 }
  const { backend, simd } = info() as { backend?: string; simd?: string }
  const machine = {
    cpu: cpus()[0]?.model,
    cores: availableParallelism(),
    node: process.version,
    backend,
    simd,
    threads,
    numpy: numpy?.version,
    torch: pytorch?.version,
  }
  const date = new Date().toISOString()
  console.log(
    `${machine.cpu}, ${machine.cores} cores; Node ${machine.node}; backend ${backend ?? '?'} ${simd ?? ''}; NumPy ${machine.numpy ?? 'absent'}, PyTorch ${machine.torch ?? 'absent'}`,
  )
  console.log(
    `threads: ${threads} for ours, PyTorch and NumPy's matrix products; NumPy's ufuncs have 1. Medians of ${plan.rounds} interleaved rounds.\n`,
  )
  const results: Result[] = []
  try {
    let group = ''
    for (const { row, dtype, size } of chosenCases()) {
      if (row.group !== group) console.log(`\n${row.group}\n${heading()}`)
      group = row.group
      const result = await runCase(row, dtype, size, sides, plan)
      results.push(result)
      console.log(line(result))
    }
    if (!options['no-training'] && 'training step'.includes(options.filter) && !options.sizes) {
      console.log(`\ntraining\n${heading()}`)
      for (const batch of [64, 128]) {
        const notes: string[] = []
        const list = await trainingContestants(batch, sides, notes)
        const timings = await measure(list, { rounds: plan.rounds, round: 0.1 })
        const result = { group: 'training', name: 'MNIST step', dtype: 'float32', size: batch, timings, notes }
        results.push(result)
        console.log(line(result))
      }
    }
    console.log(summary(results).join('\n'))
  } finally {
    numpy?.child.stop()
    pytorch?.child.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const out = join(import.meta.dirname, 'out')
  mkdirSync(out, { recursive: true })
  const stamp = date.replace(/[:.]/g, '-').slice(0, 19)
  const json = options.json ?? join(out, `${stamp}.json`)
  writeFileSync(json, `${JSON.stringify({ date, machine, plan, results }, null, 1)}\n`)
  writeFileSync(join(out, `${stamp}.svg`), chart(results, `${machine.cpu}, ${threads} threads`))
  console.log(`\nwritten: ${json}, ${join(out, `${stamp}.svg`)}`)
}

await main()
