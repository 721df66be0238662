import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { absent, why } from './open.ts'
import {
  type ElementwiseFixture,
  elementwiseRows,
  elementwiseTitles,
  type ReductionFixture,
  reductionRows,
  reductionTitles,
} from './rows.ts'

const load = (name: string) => JSON.parse(gunzipSync(readFileSync(new URL(`../fixtures/${name}.json.gz`, import.meta.url))).toString())
const elementwise: ElementwiseFixture = load('elementwise')
const reduction: ReductionFixture = load('reduction')

describe.skipIf(absent !== null)(`rows of the oracle on the GPU${why}`, () => {
  test.each(elementwiseTitles(elementwise))('%s', async (title) => {
    for await (const outcome of elementwiseRows(elementwise, (t) => t === title)) expect(outcome.differences).toEqual([])
  })
  test.each(reductionTitles(reduction))('%s', async (title) => {
    for await (const outcome of reductionRows(reduction, (t) => t === title)) expect(outcome.differences).toEqual([])
  })
})
