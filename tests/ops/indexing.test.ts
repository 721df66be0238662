import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { bool, int64 } from '../../src/core/dtype.ts'
import { items, viewOf } from '../../src/core/element.ts'
import { slice } from '../../src/core/keys.ts'
import { sizeOf } from '../../src/core/shape.ts'
import type { View } from '../../src/core/view.ts'
import { getItem, setItem } from '../../src/lib/indexing.ts'
import { transpose } from '../../src/ops/movement/transpose.ts'

interface Case {
  readonly shape: number[]
  readonly keys: unknown[]
  readonly result?: { readonly shape: number[]; readonly items: number[] }
  readonly error?: [string, string]
  readonly value?: number[]
  readonly set?: number[]
  readonly set_error?: [string, string]
}
const cases: Case[] = JSON.parse(readFileSync(new URL('../fixtures/indexing.json', import.meta.url), 'utf8'))

const flat = (x: unknown): unknown[] => (Array.isArray(x) ? x.flatMap(flat) : [x])
const shapeOf = (x: unknown): number[] => (Array.isArray(x) ? [x.length, ...(x.length ? shapeOf(x[0]) : [])] : [])

function decode(key: any): unknown {
  if (key === null || typeof key !== 'object') return key
  if ('slice' in key) return slice(...(key.slice as [number, number, number]))
  if ('array' in key) return viewOf(flat(key.array), key.shape, int64)
  return viewOf(flat(key.mask), shapeOf(key.mask), bool)
}

const arange = (shape: number[]): View =>
  viewOf(
    Array.from({ length: sizeOf(shape) }, (_, i) => i),
    shape,
    int64,
  )

/** The same elements in memory in the reverse order of axes. */
function fortran(x: View): View {
  const back = x.shape.map((_, i) => x.ndim - 1 - i)
  const turned = transpose(x, back) as View
  return transpose(viewOf(items(turned), turned.shape, x.dtype), back) as View
}

const message = (f: () => unknown): string => {
  try {
    f()
  } catch (error) {
    return (error as Error).message
  }
  return 'no error'
}

describe('keys read and write as in NumPy', () => {
  test('every key of the oracle reads the same elements, or fails with the same words', () => {
    for (const c of cases) {
      for (const x of [arange(c.shape), fortran(arange(c.shape))]) {
        const keys = c.keys.map(decode)
        const what = JSON.stringify([c.shape, c.keys])
        if (c.error) expect(message(() => getItem(x, keys)).trim(), what).toBe(c.error[1].trim())
        else {
          const out = getItem(x, keys) as View
          expect({ shape: out.shape, items: items(out) }, what).toEqual(c.result)
        }
      }
    }
  })
  test('every key of the oracle writes the same elements, or fails with the same words', () => {
    for (const c of cases) {
      if (!c.value) continue
      for (const x of [arange(c.shape), fortran(arange(c.shape))]) {
        const value = viewOf(arange(c.value).size ? items(arange(c.value)).map((i) => -1 - (i as number)) : [], c.value, int64)
        const what = JSON.stringify(c)
        if (c.set_error) expect(message(() => setItem(x, c.keys.map(decode), value)).trim(), what).toBe(c.set_error[1].trim())
        else {
          setItem(x, c.keys.map(decode), value)
          expect(items(x), what).toEqual(c.set)
        }
      }
    }
  })
})
