import { describe, expect, test } from 'vitest'
import { failure } from './derivatives.ts'
import { cases } from './elementwise.cases.ts'

describe('derivatives of elementwise rows agree with finite differences, in reverse and forward mode and to second order', () => {
  test.each(cases)('$name', (c) => {
    expect(failure(c)).toBeNull()
  })
})
