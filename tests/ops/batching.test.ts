import { describe, expect, test } from 'vitest'
import '../../src/runtime.ts'
import { Complex } from '../../src/core/complex.ts'
import { items, viewOf } from '../../src/core/element.ts'
import type { Value } from '../../src/core/value.ts'
import type { View } from '../../src/core/view.ts'
import { backward } from '../../src/interpreters/backward.ts'
import { baseTape, edgeOf, isDifferentiable, TapeValue } from '../../src/interpreters/tape.ts'
import { vmap } from '../../src/interpreters/vmap.ts'
import type { Case } from './derivatives.ts'
import { cases as elementwise } from './elementwise.cases.ts'
import { cases as reductions } from './reduction.cases.ts'

const listOf = (y: Value | readonly Value[]): readonly Value[] => (Array.isArray(y) ? y : [y as Value])
const reversed = (x: View): View => viewOf([...items(x)].reverse(), x.shape, x.dtype)
const stacked = (xs: readonly View[]): View =>
  viewOf(
    xs.flatMap((x) => items(x)),
    [xs.length, ...xs[0]!.shape],
    xs[0]!.dtype,
  )
const parts = (v: unknown): number[] => (v instanceof Complex ? [v.re, v.im] : [Number(v)])

function expectClose(got: unknown[], want: unknown[]): void {
  const [g, w] = [got.flatMap(parts), want.flatMap(parts)]
  expect(g.length).toBe(w.length)
  g.forEach((x, i) => {
    if (!(Math.abs(x - w[i]!) <= 1e-12 * Math.max(1, Math.abs(w[i]!)))) expect(x).toBe(w[i])
  })
}

/** Outputs, and gradients of the sum of their parts, at concrete inputs. */
function evaluate(f: (...xs: Value[]) => readonly Value[], inputs: readonly View[]): { outs: View[]; grads: (View | null)[] } {
  const leaves = inputs.map((x) => (isDifferentiable(x.dtype) ? baseTape.leaf(x, () => {}) : x))
  const outs = f(...leaves)
  const taped = outs.filter((y): y is TapeValue => y instanceof TapeValue)
  const ones = taped.map((y) => viewOf(new Array(y.shape.reduce((a, b) => a * b, 1)).fill(1), y.shape, y.dtype))
  const edges = leaves.filter((x): x is TapeValue => x instanceof TapeValue).map(edgeOf)
  const grads = taped.length ? backward(taped.map(edgeOf), ones, { inputs: edges }) : []
  return { outs: outs.map((y) => (y instanceof TapeValue ? y.primal : y) as View), grads: grads as (View | null)[] }
}

function check({ f, inputs }: Case): void {
  const second = inputs.map(reversed)
  // every input batched, then each alone
  const choices = [inputs.map(() => true), ...(inputs.length > 1 ? inputs.map((_, k) => inputs.map((__, i) => i === k)) : [])]
  for (const batched of choices) {
    const args = inputs.map((x, i) => (batched[i] ? stacked([x, second[i]!]) : x))
    const dims = batched.map((b) => (b ? 0 : null))
    const all = evaluate((...xs) => vmap((...ys) => listOf(f(...ys)), xs, dims), args)
    const each = [0, 1].map((k) =>
      evaluate(
        (...xs) => listOf(f(...xs)),
        inputs.map((x, i) => (batched[i] && k === 1 ? second[i]! : x)),
      ),
    )
    all.outs.forEach((y, o) => {
      expectClose(
        items(y),
        each.flatMap(({ outs }) => items(outs[o]!)),
      )
    })
    all.grads.forEach((g, i) => {
      if (g && batched[i])
        expectClose(
          items(g),
          each.flatMap(({ grads }) => items(grads[i]!)),
        )
    })
  }
}

describe('vmap of rows is a loop over the batch, in values and in gradients', () => {
  test.each([...elementwise, ...reductions])('$name', (c) => {
    check(c)
  })
})
