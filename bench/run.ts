/**
 * `npm run bench`: the same work here, in NumPy, in PyTorch and in plain loops, interleaved, as ratios.
 *
 *   npm run bench -- [--filter text] [--sizes 10,1000] [--threads n] [--quick] [--json file] [--no-training] [--built]
 *   npm run bench -- --against <git ref> [--addon file]   this tree against another commit, built or with that add-on, as ratios (against.ts)
 *   npm run bench -- --growth [--most n]                  time an element from 1e5 to 1e8 elements (growth.ts)
 *   npm run bench -- --cold                               processes that begin: import and first calls (cold.ts)
 *
 * Python is `NUMGRAD_PYTHON`, else `.venv`, else `python3`; without it only the loops are compared.
 * `--built` times the package as users have it (dist/, from `npm run build`), not the sources.
 * Threads are the same for ours, PyTorch and matrix products of NumPy (default: all cores); NumPy's ufuncs have one.
 */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Child } from './children.ts'
import type { Namespace } from './contestants.ts'
import type { Plan } from './measure.ts'

const { values: options } = parseArgs({
  options: {
    filter: { type: 'string', default: '' },
    sizes: { type: 'string' },
    threads: { type: 'string', default: String(availableParallelism()) },
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    'no-training': { type: 'boolean', default: false },
    against: { type: 'string' },
    addon: { type: 'string' },
    growth: { type: 'boolean', default: false },
    most: { type: 'string', default: '1e8' },
    cold: { type: 'boolean', default: false },
    built: { type: 'boolean', default: false },
  },
})

export type Options = typeof options

/** Our namespaces; the bench goes on with one of them when the other cannot be loaded. */
async function libraries(): Promise<{ np?: Namespace; torch?: Namespace }> {
  const found: { np?: Namespace; torch?: Namespace } = {}
  for (const [name, folder] of [
    ['np', 'numpy'],
    ['torch', 'torch'],
  ] as const) {
    try {
      const path = options.built ? `../dist/node/${folder}.js` : `../src/${folder}/index.ts`
      found[name] = (await import(new URL(path, import.meta.url).href)) as Namespace
    } catch (error) {
      console.log(`${name} is left out: ${(error as Error).message.split('\n')[0]}`)
    }
  }
  return found
}

const threads = Math.max(1, Number(options.threads) || 1)
const plan: Plan = options.quick ? { rounds: 3, round: 0.005 } : { rounds: 7, round: 0.02 }
const out = join(import.meta.dirname, 'out')
const date = new Date().toISOString()

/** Writes a result beside the others of the day. */
function write(record: object, drawing?: string): void {
  mkdirSync(out, { recursive: true })
  const stamp = date.replace(/[:.]/g, '-').slice(0, 19)
  const json = options.json ?? join(out, `${stamp}.json`)
  writeFileSync(json, `${JSON.stringify({ date, ...record }, null, 1)}\n`)
  if (drawing) writeFileSync(join(out, `${stamp}.svg`), drawing)
  console.log(`\nwritten: ${json}${drawing ? `, ${join(out, `${stamp}.svg`)}` : ''}`)
}

const cpu = cpus()[0]?.model

/** The comparison with NumPy, PyTorch and loops. */
async function compare(): Promise<void> {
  const { chosenCases, runCase } = await import('./compare.ts')
  const { Child } = await import('./children.ts')
  const { measure } = await import('./measure.ts')
  const { coldSummary, heading, line, summary } = await import('./report.ts')
  const { limitsText, measureLimits } = await import('./roofline.ts')
  const { STEPS } = await import('./steps.ts')
  const { trainingContestants } = await import('./training.ts')
  const { chart } = await import('./chart.ts')
  const runtime = await import('../src/runtime.ts')
  runtime.threads(threads)
  process.env.NUMGRAD_NUM_THREADS = String(threads)
  const folder = mkdtempSync(join(tmpdir(), 'numgrad-bench-'))
  const limits = measureLimits(threads)
  const [numpy, pytorch, plain] = [
    await Child.python('numpy', threads),
    await Child.python('torch', threads),
    await Child.python('python', threads),
  ]
  const children: Record<string, Child> = {}
  if (numpy) children.numpy = numpy.child
  if (pytorch) children.pytorch = pytorch.child
  if (plain) children.plain = plain.child
  const { backend, simd } = runtime.info() as { backend?: string; simd?: string }
  const versions = { numpy: numpy?.version, torch: pytorch?.version, python: plain?.version }
  const machine = { cpu, cores: availableParallelism(), node: process.version, backend, simd, threads, ...versions, limits }
  console.log(
    `${cpu}, ${machine.cores} cores; Node ${machine.node}; backend ${backend ?? '?'} ${simd ?? ''}; NumPy ${versions.numpy ?? 'absent'}, PyTorch ${versions.torch ?? 'absent'}, Python ${versions.python ?? 'absent'}`,
  )
  console.log(
    `threads: ${threads} for ours, PyTorch and NumPy's matrix products; NumPy's ufuncs have 1. Medians of ${plan.rounds} interleaved rounds.`,
  )
  console.log(
    typeof limits === 'string' ? `machine's limits: ${limits}` : limits.map((one) => `machine's limits, ${limitsText(one)}`).join('\n'),
  )
  console.log('rates are those of our least time; percentages are of the machine’s limit, above 100 where the data lie in caches\n')
  const sides = { ...(await libraries()), ...children, folder, ...(typeof limits === 'string' ? {} : { limits: limits.at(-1)! }) }
  const results = []
  try {
    let group = ''
    for (const { row, dtype, size } of chosenCases(options.filter, options.sizes)) {
      if (row.group !== group) console.log(`\n${row.group}\n${heading()}`)
      group = row.group
      const result = await runCase(row, dtype, size, sides, plan)
      results.push(result)
      console.log(line(result))
    }
    const steps = STEPS.filter(({ name }) => `training: ${name}`.includes(options.filter))
    if (!options['no-training'] && steps.length > 0 && !options.sizes) {
      console.log(`\ntraining\n${heading()}`)
      for (const [step, batch] of steps.flatMap((step) => step.batches.map((batch) => [step, batch] as const))) {
        const notes: string[] = []
        const list = await trainingContestants(step, batch, sides, notes)
        const timings = await measure(list, { rounds: plan.rounds, round: 0.1 })
        const result = { group: 'training', name: step.name, dtype: 'float32', size: batch, timings, notes }
        results.push(result)
        console.log(line(result))
      }
    }
    console.log([...summary(results), ...coldSummary(results)].join('\n'))
  } finally {
    for (const child of Object.values(children)) child.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  write({ machine, plan, results }, chart(results, `${cpu}, ${threads} threads`))
}

if (options.against !== undefined) write(await (await import('./against.ts')).against(options.against, options, threads, plan))
else if (options.growth) write(await (await import('./growth.ts')).growth(Number(options.most), threads))
else if (options.cold) write(await (await import('./cold.ts')).cold(threads))
else await compare()
