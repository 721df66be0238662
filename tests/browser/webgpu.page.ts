/** The oracle's rows on device 'webgpu', for a page: bundled by rows.slow.test.ts. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { elementwiseRows, type Outcome, reductionRows } from '../webgpu/rows.ts'

const fixture = (name: string) => JSON.parse(gunzipSync(readFileSync(new URL(`../fixtures/${name}.json.gz`, import.meta.url))).toString())

/** A test for every row, with what it gave. */
async function register(rows: AsyncGenerator<Outcome>): Promise<void> {
  for await (const { title, differences } of rows) test(title, () => expect(differences).toEqual([]))
}

if (await torch.webgpu.is_available()) {
  await register(elementwiseRows(fixture('elementwise')))
  await register(reductionRows(fixture('reduction')))
} else test.skip('this browser has no WebGPU adapter', () => {})
