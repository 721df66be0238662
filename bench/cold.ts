/** `npm run bench -- --cold`: what a process that has just begun waits for: the import, and the first calls against the later ones. */

import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { findPython } from './children.ts'
import { cells, timeText } from './report.ts'

const ROOT = join(import.meta.dirname, '..')
const ROUNDS = 5

/** Expressions that mean the same on both sides of each face. */
const CALLS = {
  np: ['np.ones(1000)', 'np.add(x, x)', 'np.sum(x)', 'np.exp(x)', 'np.matmul(m, m)', 'np.sort(x)', 'np.linalg.inv(m)', 'np.fft.fft(x)'],
  torch: [
    'torch.ones(1000)',
    'torch.add(x, x)',
    'torch.sum(x)',
    'torch.exp(x)',
    'torch.matmul(m, m)',
    'torch.sort(x)',
    'torch.linalg.inv(m)',
    'torch.fft.fft(x)',
  ],
} as const
const MADE = { np: ['np.ones(1000)', 'np.eye(50)'], torch: ['torch.ones(1000)', 'torch.eye(50)'] } as const

type Face = keyof typeof CALLS
/** Seconds: the import, and for each call the first and a later one. */
type Times = { readonly start: number; readonly calls: readonly (readonly [first: number, later: number])[] }

/** A program that prints its times; a later call is the hundredth. */
function ours(face: Face): string {
  const url = pathToFileURL(join(ROOT, 'dist', 'node', face === 'np' ? 'numpy.js' : 'torch.js')).href
  return `
const begun = performance.now()
const ${face} = await import(${JSON.stringify(url)})
const start = performance.now() - begun
const [x, m] = [${MADE[face].join(', ')}]
const calls = [${CALLS[face].map((call) => `() => ${call}`).join(', ')}].map((call) => {
  const times = []
  for (let i = 0; i < 100; i++) { const t = performance.now(); call(); times.push((performance.now() - t) / 1000) }
  return [times[0], times[99]]
})
console.log(JSON.stringify({ start: start / 1000, calls }))`
}

function theirs(face: Face): string {
  return `
import json, time
begun = time.perf_counter()
import ${face === 'np' ? 'numpy as np' : 'torch'}
start = time.perf_counter() - begun
x, m = ${MADE[face].join(', ')}
def timed(call):
    times = []
    for i in range(100):
        t = time.perf_counter(); call(); times.append(time.perf_counter() - t)
    return [times[0], times[99]]
print(json.dumps({"start": start, "calls": [timed(call) for call in [${CALLS[face].map((call) => `lambda: ${call}`).join(', ')}]]}))`
}

function once(command: string, args: readonly string[], env: NodeJS.ProcessEnv): Times {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', env })
  if (status !== 0) throw new Error(`${command}: ${stderr.split('\n').slice(-3).join(' ')}`)
  return JSON.parse(stdout) as Times
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!

/** Processes of each side in turn; medians. Ours is what `npm run build:ts` built. */
export async function cold(threads: number): Promise<object> {
  if (!existsSync(join(ROOT, 'dist', 'node', 'numpy.js'))) throw new Error('dist/ is not built: npm run build')
  const n = String(threads)
  const env = { ...process.env, NUMGRAD_NUM_THREADS: n, OMP_NUM_THREADS: n, OPENBLAS_NUM_THREADS: n }
  const record: Record<string, Times[]> = {}
  for (const face of ['np', 'torch'] as const) {
    const python = findPython(face === 'np' ? 'numpy' : 'torch')
    const sides: [string, () => Times][] = [[face, () => once(process.execPath, ['--input-type=module', '-e', ours(face)], env)]]
    if (python) sides.push([face === 'np' ? 'NumPy' : 'PyTorch', () => once(python, ['-c', theirs(face)], env)])
    for (let round = 0; round < ROUNDS; round++)
      for (const [name, run] of sides) {
        record[name] ??= []
        record[name].push(run())
      }
    console.log(
      `\n${cells(
        '',
        sides.flatMap(([name]) => [name, 'later']),
      )}`,
    )
    const line = (label: string, texts: (runs: readonly Times[]) => readonly string[]) =>
      console.log(
        cells(
          label,
          sides.flatMap(([name]) => texts(record[name]!)),
        ),
      )
    line('import', (runs) => [timeText(median(runs.map(({ start }) => start))), ''])
    for (const [i, call] of CALLS[face].entries())
      line(call, (runs) => [0, 1].map((which) => timeText(median(runs.map(({ calls }) => calls[i]![which]!)))))
  }
  return { cold: record, threads }
}
