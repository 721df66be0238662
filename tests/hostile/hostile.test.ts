import { expect, test } from 'vitest'
import { compact, type Finding, hostileCalls } from './run.ts'

/** How many calls the suite makes; more with NUMGRAD_HOSTILE_CALLS. */
const CALLS = Number(process.env.NUMGRAD_HOSTILE_CALLS ?? 105_000)

/**
 * Places in our sources where an argument of a wrong type still ends in the engine's own TypeError or RangeError instead of one of our
 * errors. It may only go down; `npx tsx tests/hostile/cli.ts` lists them. What crashes, hangs or writes astray is never allowed.
 */
const PLACES_KNOWN = 0

const isEngines = ({ kind }: Finding) => kind === 'error'

test('every public function answers every odd call, the process lives, and no array is written astray', async () => {
  const { calls, targets, findings } = await hostileCalls(CALLS)
  const engines = compact(findings.filter(isEngines))
  console.log(`${calls} calls of ${targets} targets; ${engines.length} places where the engine's own error comes through`)
  expect(compact(findings.filter((finding) => !isEngines(finding)))).toEqual([])
  expect(calls).toBeGreaterThanOrEqual(Math.min(CALLS, 100_000))
  if (engines.length > PLACES_KNOWN) expect(engines).toEqual([])
})
