import { expect, test } from 'vitest'
import { compact, hostileCalls } from './run.ts'

/** How many calls the suite makes; more with NUMGRAD_HOSTILE_CALLS. */
const CALLS = Number(process.env.NUMGRAD_HOSTILE_CALLS ?? 105_000)

test('every public function answers every odd call with a result or an error of ours, in time, and nothing is written astray', async () => {
  const { calls, targets, findings } = await hostileCalls(CALLS)
  console.log(`${calls} calls of ${targets} targets`)
  expect(compact(findings)).toEqual([])
  expect(calls).toBeGreaterThanOrEqual(Math.min(CALLS, 100_000))
})
