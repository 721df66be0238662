import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { complex } from '../../src/core/complex.ts'
import { dtypeOf, float32, float64 } from '../../src/core/dtype.ts'
import { canCast, type PromotionItem, promoteTypes, resultType } from '../../src/core/promote_torch.ts'

const { torch } = JSON.parse(readFileSync(new URL('../fixtures/promotion.json', import.meta.url), 'utf8'))
const names: string[] = torch.dtypes
const dtypes = names.map(dtypeOf)
const scalars = [true, 1, 1.5, complex(0, 1)]

function cell(f: () => { name: string }): string {
  try {
    return f().name
  } catch {
    return '-'
  }
}
/** complex32 and bcomplex32 do not exist here: an error. */
const known = (row: string) =>
  row
    .split(' ')
    .map((name) => (/complex32$/.test(name) ? '-' : name))
    .join(' ')
const tensor = (i: number, ndim: number): PromotionItem => ({ dtype: dtypes[i]!, ndim })

describe("PyTorch's promotion", () => {
  test('promote_types of every pair', () => {
    names.forEach((_, i) => {
      expect(dtypes.map((b) => cell(() => promoteTypes(dtypes[i]!, b))).join(' ')).toBe(known(torch.promote_types[i]))
    })
  })
  test.each([
    ['tensor_tensor', 1, 1],
    ['tensor_zero_dim', 1, 0],
    ['zero_dim_zero_dim', 0, 0],
  ] as const)('result_type of tensors: %s', (table, a, b) => {
    names.forEach((_, i) => {
      expect(names.map((_, j) => cell(() => resultType([tensor(i, a), tensor(j, b)], float32))).join(' ')).toBe(known(torch[table][i]))
    })
  })
  test.each([
    ['float32', float32, torch],
    ['float64', float64, torch.default_float64],
  ] as const)('result_type with scalars under default dtype %s', (_, dtype, tables) => {
    names.forEach((_, i) => {
      const row = (ndim: number) => scalars.map((s) => cell(() => resultType([tensor(i, ndim), s], dtype))).join(' ')
      expect(row(1)).toBe(known(tables.tensor_scalar[i]))
      expect(row(0)).toBe(known(tables.zero_dim_scalar[i]))
    })
    scalars.forEach((a, i) => {
      expect(scalars.map((b) => cell(() => resultType([a, b], dtype))).join(' ')).toBe(tables.scalar_scalar[i])
    })
  })
  test('can_cast of every pair', () => {
    expect(dtypes.map((a) => dtypes.map((b) => (canCast(a, b) ? '1' : '0')).join(''))).toEqual(torch.can_cast)
  })
})
