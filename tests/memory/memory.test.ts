import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { info } from '../../src/runtime.ts'

const CHILD = join(import.meta.dirname, 'child.ts')
const native = info().backend === 'native'

/** Runs a scenario in a process of its own. */
function run(name: string, ...args: (string | number)[]): Record<string, any> {
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--expose-gc', CHILD, name, ...args.map(String)],
    {
      encoding: 'utf8',
      timeout: 600_000,
      killSignal: 'SIGKILL',
    },
  )
  if (status !== 0) throw new Error(`${name} ended with ${signal ?? status}: ${stderr.slice(-2000)}`)
  return JSON.parse(stdout)
}

describe('memory', () => {
  test.runIf(native)('10,000 temporaries of 8 MB in one synchronous loop stay under 600 MiB', () => {
    const { most, last, wanted } = run('temporaries', 10_000, 8_000_000)
    expect(last).toBe(wanted)
    expect(most).toBeLessThan(600)
  })

  test.runIf(native)('temporaries of 100 kB stay bounded too', () => {
    const { most, last, wanted } = run('temporaries', 100_000, 100_000)
    expect(last).toBe(wanted)
    expect(most).toBeLessThan(600)
  })

  test.runIf(native && existsSync(join(import.meta.dirname, '../../src/torch/optim/index.ts')))(
    'a training loop of 2,000 steps stays bounded, and learns',
    () => {
      const { early, most, first, last } = run('training', 2000)
      expect(last).toBeLessThan(first / 2)
      expect(most).toBeLessThan(600)
      expect(most - early).toBeLessThan(250)
    },
  )

  test.each([1, 2, 3])('random allocations, collections, disposals and escapes keep every array whole (seed %i)', (seed) => {
    expect(run('stress', seed, 4000).problems).toEqual([])
  })

  test('workers that end with live arrays disturb nobody', () => {
    const { ends, problems } = run('workers', 9)
    expect(ends).toEqual(['ended'])
    expect(problems).toEqual([])
  })

  test('an array over memory that was transferred or shrunk is refused', () => {
    const outcomes = run('detached')
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome !== 'NumgradError')).toEqual([])
    expect(Object.keys(outcomes)).toHaveLength(16)
  })

  test('asking for more memory than there is gives a MemoryError', () => {
    expect(new Set(Object.values(run('exhausted')))).toEqual(new Set(['MemoryError']))
  })
})
