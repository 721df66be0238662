/** The oracle's rows on device 'webgpu', for a page: bundled by rows.slow.test.ts. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { elementwiseRows, type Outcome, reductionRows } from '../webgpu/rows.ts'

const fixture = (name: string) => JSON.parse(gunzipSync(readFileSync(new URL(`../fixtures/${name}.json.gz`, import.meta.url))).toString())

/** All rows are one test each only when they are counted; the page counts what they gave. */
async function hold(rows: AsyncGenerator<Outcome>, least: number): Promise<void> {
  const wrong: string[] = []
  let count = 0
  for await (const { title, differences } of rows) {
    count++
    if (differences.length > 0) wrong.push(`${title}: ${differences.slice(0, 3).join('; ')}`)
  }
  expect(wrong.join('\n')).toBe('')
  expect(count).toBeGreaterThanOrEqual(least)
}

if (await torch.webgpu.is_available()) {
  test('elementwise rows', () => hold(elementwiseRows(fixture('elementwise')), 500))
  test('reductions, scans and normalizations', () => hold(reductionRows(fixture('reduction')), 100))
} else test.skip('this browser has no WebGPU adapter', () => {})
