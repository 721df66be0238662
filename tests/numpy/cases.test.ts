import { describe, expect, test } from 'vitest'
import { DeviceError } from '../../src/core/errors.ts'
import { info } from '../../src/index.ts'
import { check, expectedOf, GROUPS, LAYOUTS, rowsOf, run } from './rows.ts'

// `NUMPY_ROWS=np.linalg npx vitest run tests/numpy/cases.test.ts` runs the rows whose name begins so.
const onReference = info().backend === 'reference' || info().name === 'reference'
const only = process.env.NUMPY_ROWS ?? ''

describe.each(GROUPS)('rows of %s give what real NumPy gives', (group) => {
  const expected = expectedOf[group]!
  rowsOf(group).forEach((row, index) => {
    const [name, args, keywords = {}, options = {}] = row
    if (!name.startsWith(only) || options.x) return
    const title = `${name} ${JSON.stringify(args)}${Object.keys(keywords).length ? ` ${JSON.stringify(keywords)}` : ''}`
    test(title, () => {
      const wrong: string[] = []
      for (const [k, char] of [...(options.D ?? 'd')].entries()) {
        for (const layout of options.L === 0 ? ['C' as const] : LAYOUTS) {
          const result = run(row, char, layout)
          // Decompositions, transforms and samplers have no second implementation.
          if (onReference && 'error' in result && result.error instanceof DeviceError) continue
          const problem = check(result, expected[index]![k], options)
          if (problem) wrong.push(`${options.D ? `${char} ` : ''}${layout}: ${problem}`)
          if (problem && layout === 'C') break
        }
      }
      expect(wrong.join('\n')).toBe('')
    })
  })
})
