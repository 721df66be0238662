import { describe, expect, test } from 'vitest'
import { failure } from './derivatives.ts'
import { cases } from './reduction.cases.ts'

describe('derivatives of reductions and scans agree with finite differences, in reverse and forward mode and to second order', () => {
  test.each(cases)('$name', (c) => {
    expect(failure(c)).toBeNull()
  })
})
