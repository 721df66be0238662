/** Linear algebra, transforms and numerics in breadth: the rows of tests/cases/linear, run as those of tests/cases/numpy are. */

import { readdirSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { DeviceError } from '../../src/core/errors.ts'
import { info } from '../../src/index.ts'
import { check, type Expected, LAYOUTS, type Row, run } from './rows.ts'

const folder = new URL('../cases/linear/', import.meta.url)
const fixture = readFileSync(new URL('../fixtures/linear_cases.json.gz', import.meta.url))
const expected: Record<string, Expected[][]> = JSON.parse(gunzipSync(fixture).toString())
const onReference = info().backend === 'reference'
const only = process.env.NUMPY_ROWS ?? ''
const groups = readdirSync(folder).map((name) => name.slice(0, -5))

describe.each(groups)('rows of %s give what real NumPy gives', (group) => {
  const rows: Row[] = JSON.parse(readFileSync(new URL(`${group}.json`, folder), 'utf8'))
  rows.forEach((row, index) => {
    const [name, args, keywords = {}, options = {}] = row
    if (!name.startsWith(only) || options.x) return
    test(`${name} ${JSON.stringify(args)} ${JSON.stringify(keywords)}`, () => {
      const wrong: string[] = []
      for (const [k, char] of [...(options.D ?? 'd')].entries()) {
        for (const layout of options.L === 0 ? ['C' as const] : LAYOUTS) {
          const result = run(row, char, layout)
          if (onReference && 'error' in result && result.error instanceof DeviceError) continue
          const problem = check(result, expected[group]![index]![k], options)
          if (problem) wrong.push(`${options.D ? `${char} ` : ''}${layout}: ${problem}`)
          if (problem && layout === 'C') break
        }
      }
      expect(wrong.join('\n')).toBe('')
    })
  })
})
