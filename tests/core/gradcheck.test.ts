import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { Complex } from '../../src/core/complex.ts'
import { complex128, float64, int64 } from '../../src/core/dtype.ts'
import { items, nested, viewOf } from '../../src/core/element.ts'
import { type Callable, primitive } from '../../src/core/primitive.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import { backward } from '../../src/interpreters/backward.ts'
import { jvp } from '../../src/interpreters/jvp.ts'
import { baseTape, edgeOf, type TapeValue } from '../../src/interpreters/tape.ts'
import { vmap } from '../../src/interpreters/vmap.ts'
import { gradcheck, gradgradcheck } from '../../src/lib/gradcheck.ts'
import * as ops from '../../src/ops/index.ts'

const real = (...xs: number[]): View => viewOf(xs, [xs.length], float64)
const numbers = (x: Value | null): number[] => items(x as View) as number[]

/** x^3 with rules of our making. */
const cube = (slope: number, rules: { jvp?: boolean } = {}): Callable<[x: Value], null> =>
  primitive(
    {
      name: 'cube',
      family: 'elementwise',
      infer: ([x]) => [x!],
      lower: (_, [out], [x]) => {
        const y = ops.power(x!, 3) as View
        ops.clone.lower!(null as never, [out!], [y], null)
      },
      saves: 'ins',
      vjp: ([ct], { ins }) => [ct && ops.mul(ct, ops.mul(ops.square(ins[0]!), slope))],
      jvp: rules.jvp ? ([t], ins) => [t && ops.mul(t, ops.mul(ops.square(ins[0]!), slope))] : undefined,
    },
    (x) => [[x], null],
  )

describe('gradcheck', () => {
  test('is content with right derivatives and finds wrong ones', () => {
    const x = real(0.5, -1.25)
    expect(gradcheck((v) => ops.power(v!, 3), [x])).toBeNull()
    const right = cube(3)
    const wrong = cube(3.1)
    expect(gradcheck((v) => right(v!), [x])).toBeNull()
    const found = gradcheck((v) => wrong(v!), [x])!
    expect(found).toMatchObject({ mode: 'reverse', input: 0, output: 0 })
    expect(found.numerical[0]![0]).toBeCloseTo(0.75, 6)
    expect(found.analytical[0]![0]).toBeCloseTo(0.775, 12)
  })
  test('checks forward mode apart from reverse mode', () => {
    const wrong = cube(3.1, { jvp: true })
    expect(gradcheck((v) => wrong(v!), [real(0.5)], { reverse: false })).toBeNull()
    expect(gradcheck((v) => wrong(v!), [real(0.5)], { reverse: false, forward: true })).toMatchObject({ mode: 'forward' })
  })
  test('finds a second derivative that is wrong though the first is right', () => {
    // the slope is detached: its own derivative is lost
    const detached = (v: Value): Value => (v as TapeValue).primal ?? v
    const f = (v: Value) => ops.mul(v, ops.square(detached(v)))
    expect(gradgradcheck((v) => ops.power(v!, 3), [real(0.7)])).toBeNull()
    expect(gradcheck((v) => f(v!), [real(0.7)])).not.toBeNull()
  })
  test('knows complex functions that have no complex derivative', () => {
    const z = viewOf([new Complex(0.3, -0.8), new Complex(1, 2)], [2], complex128)
    expect(gradcheck((v) => ops.mul(ops.conj(v!), ops.square(v!)), [z], { forward: true })).toBeNull()
    expect(gradcheck((v) => ops.abs(v!), [z], { forward: true })).toBeNull()
    expect(gradgradcheck((v) => ops.mul(ops.conj(v!), ops.square(v!)), [z])).toBeNull()
  })
  test('leaves integer inputs and outputs alone', () => {
    expect(gradcheck((v, k) => [ops.mul(v!, k!, { dtype: float64 }), ops.argmax(v!)], [real(1, 2), viewOf([3, 4], [2], int64)])).toBeNull()
  })
})

describe('forward mode', () => {
  test('gives the derivative along a direction', () => {
    const { outs, tangents } = jvp((x) => [ops.sum(ops.square(x!))], [real(1, 2, 3)], [real(1, 0, -1)])
    expect(nested(outs[0] as View)).toBe(14)
    expect(nested(tangents[0] as View)).toBe(-4)
  })
  test('gives zeros for what does not depend on the inputs, and leaves constants out', () => {
    const { tangents } = jvp((x, y) => [ops.neg(y!), ops.gt(x!, 0), ops.mul(x!, y!)], [real(2), real(5)], [real(1), null])
    expect(tangents.map((t) => numbers(t)[0])).toEqual([0, false, 5])
  })
  test('nests: forward over forward is the second derivative, 6x for x^3', () => {
    const first = (x: Value) => jvp((v) => [ops.power(v!, 3)], [x], [real(1)]).tangents[0]!
    const { tangents } = jvp((x) => [first(x!)], [real(2)], [real(1)])
    expect(numbers(tangents[0]!)[0]).toBeCloseTo(12, 12)
  })
  test('does not confuse perturbations of nested levels', () => {
    // d/dx (x d/dy (x + y) at y = 1) = 1
    const inner = (x: Value) => jvp((y) => [ops.add(x, y!)], [real(1)], [real(1)]).tangents[0]!
    const { tangents } = jvp((x) => [ops.mul(x!, inner(x!))], [real(1)], [real(1)])
    expect(numbers(tangents[0]!)).toEqual([1])
  })
  test('goes over the tape and under it', () => {
    // reverse over forward: gradient of the directional derivative of sum(x^3) along ones is 6x
    const leaf = baseTape.leaf(real(1, -2), () => {})
    const d = jvp((v) => [ops.sum(ops.power(v!, 3))], [leaf], [real(1, 1)]).tangents[0] as TapeValue
    const [g] = backward([edgeOf(d)], [viewOf([1], [], float64)], { inputs: [edgeOf(leaf)] })
    expect(numbers(g!)).toEqual([6, -12])
  })
  test('goes through vmap: a Jacobian is forward mode mapped over unit vectors', () => {
    const x = real(1, 2)
    const unit = viewOf([1, 0, 0, 1], [2, 2], float64)
    const [rows] = vmap((t) => [jvp((v) => [ops.mul(v!, ops.sum(v!))], [x], [t!]).tangents[0]!], [unit])
    expect(nested(rows as View)).toEqual([
      [4, 2],
      [1, 5],
    ])
  })
  test('derives a missing forward rule from the reverse one', () => {
    const f = cube(3)
    const { tangents } = jvp((x) => [f(x!)], [real(2, -1)], [real(1, 10)])
    expect(numbers(tangents[0]!)).toEqual([12, 30])
  })
  test('refuses tangents of another shape', () => {
    expect(() => jvp((x) => [x!], [real(1, 2)], [real(1)])).toThrow('tangent 0 has shape [1], its primal [2]')
  })
})
