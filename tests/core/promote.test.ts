import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type DType, dtypeOf } from '../../src/core/dtype.ts'
import { type Casting, canCast, promoteAll, promoteTypes, resultType, type Weak } from '../../src/core/promote.ts'

const fixture = JSON.parse(readFileSync(new URL('../fixtures/promotion.json', import.meta.url), 'utf8')).numpy
const dtypes: DType[] = fixture.dtypes.map(dtypeOf)
const scalars: Weak[] = fixture.scalars

describe("NumPy's promotion", () => {
  test('of any two dtypes is real NumPy’s', () => {
    expect(dtypes.map((a) => dtypes.map((b) => promoteTypes(a, b).name).join(' '))).toEqual(fixture.promote_types)
    expect(dtypes.map((a) => dtypes.map((b) => resultType([a, b]).name).join(' '))).toEqual(fixture.result_type)
  })
  test('of a dtype and a weak scalar', () => {
    expect(dtypes.map((a) => scalars.map((b) => resultType([a], [b]).name).join(' '))).toEqual(fixture.with_scalar)
    expect(scalars.map((a) => scalars.map((b) => resultType([], [a, b]).name).join(' '))).toEqual(fixture.scalar_scalar)
  })
  test('of any three dtypes', () => {
    const mine = dtypes.flatMap((a) => dtypes.map((b) => dtypes.map((c) => dtypes.indexOf(promoteAll([a, b, c])).toString(36)).join('')))
    expect(mine).toEqual(fixture.triples)
  })
  test('and the casting rules', () => {
    for (const [kind, rows] of Object.entries(fixture.can_cast)) {
      expect(
        dtypes.map((a) => dtypes.map((b) => (canCast(a, b, kind as Casting) ? '1' : '0')).join('')),
        kind,
      ).toEqual(rows)
    }
  })
})
