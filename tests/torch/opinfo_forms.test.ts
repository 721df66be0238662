/** PyTorch's operator samples in other forms: forward derivatives against reverse ones, in place, and into `out`. */

import { describe, expect, test } from 'vitest'
import { isKeywords } from '../../src/core/arguments.ts'
import { backendOf } from '../../src/core/backend.ts'
import * as torch from '../../src/torch/index.ts'
import { Tensor } from '../../src/torch/tensor.ts'
import { expectResult } from './cases.ts'
import { build, caller, lookup, type Op, type OpCase, readOps, tensorsIn, weighed } from './opinfo.ts'

/** Samples of each operator that are looked at. */
const FEW = 3
const OWN = (name: string) => !name.startsWith('nn.')
const ops = readOps().filter((op) => caller(op[0]) !== null && OWN(op[0]))

/** Whether the plain form has PyTorch's values: what does not is settled elsewhere. */
function holds(op: Op, c: OpCase): boolean {
  try {
    expectResult(caller(op[0])!(build(c, false).args), c[2], 64)
    return true
  } catch {
    return op[2].includes('a')
  }
}

function replaced(x: unknown, from: readonly Tensor[], to: readonly Tensor[]): unknown {
  if (x instanceof Tensor) return from.includes(x) ? to[from.indexOf(x)] : x
  if (Array.isArray(x)) return x.map((y) => replaced(y, from, to))
  return isKeywords(x) ? Object.fromEntries(Object.entries(x).map(([k, y]) => [k, replaced(y, from, to)])) : x
}

/** <w, J v> is <J^H w, v>. */
function checkForward(op: Op, c: OpCase): void {
  const run = caller(op[0])!
  const absolute = op[2].includes('a')
  const { args, leaves } = build(c, true)
  const total = weighed(run(args), absolute)
  if (!total) return
  const directions = leaves.map((t) => torch.ones_like(t.detach()).mul(0.5))
  const grads = torch.autograd.grad(total, leaves, { allow_unused: true })
  let expected = 0
  grads.forEach((g, i) => {
    if (g) expected += (g.is_complex() ? torch.view_as_real(g).at('...', 0).mul(0.5) : g.mul(directions[i]!)).sum().item()
  })
  const f = (...xs: Tensor[]): Tensor => {
    let sum: Tensor | null = null
    for (const t of tensorsIn(run(args.map((a) => replaced(a, leaves, xs))))) {
      if (!t.is_floating_point() && !t.is_complex()) continue
      const y = absolute ? t.abs() : t
      const w = torch
        .arange(1, y.numel() + 1, { dtype: 'float64' })
        .reshape(y.shape)
        .div(8)
        .to(y.dtype)
      let term = y.mul(w).sum()
      if (term.is_complex()) term = torch.view_as_real(term).sum()
      sum = sum ? sum.add(term.double()) : term.double()
    }
    return sum!
  }
  const tangent = torch.func.jvp(
    f,
    leaves.map((t) => t.detach()),
    directions,
  )[1] as Tensor
  const got = tangent.item() as number
  if (Number.isNaN(expected)) expect(got).toBeNaN()
  else expect(Math.abs(got - expected)).toBeLessThanOrEqual(1e-9 * (Math.abs(expected) + Math.abs(got)) + 1e-9)
}

/** Singular values are constants of lstsq in reverse alone; weights in float32 are rounded differently. */
const NOT_FORWARD = new Set(['linalg.lstsq', 'cov'])

function checkInPlace(op: Op, c: OpCase): void {
  const { args } = build(c, false)
  const self = args[0]
  if (!(self instanceof Tensor) || !Array.isArray(c[2])) return
  if (String(self.dtype) !== `torch.${c[2][0]}` || self.shape.join() !== (c[2][1] as number[]).join()) return
  const method = (self as unknown as Record<string, (...xs: unknown[]) => Tensor>)[`${op[0]}_`]
  expect(method, `${op[0]}_ is there`).toBeDefined()
  expect(method!.apply(self, args.slice(1))).toBe(self)
  expectResult(self, c[2], 64)
}

function checkOut(op: Op, c: OpCase): void {
  const { args } = build(c, false)
  const results = tensorsIn(caller(op[0])!(args))
  const targets = results.map((r) => torch.empty([0], { dtype: r.dtype }))
  const out = Array.isArray(c[2]) ? targets[0]! : targets
  const given = build(c, false).args
  const last = given.at(-1)
  if (isKeywords(last)) given[given.length - 1] = { ...last, out }
  else given.push({ out })
  lookup(op[0])!(...given)
  expectResult(out, c[2], 64)
}
/** Their results are no tensors, or are made without `out` here. */
const NO_OUT = new Set(['equal', 'histogramdd', 'nonzero'])

const each = (op: Op, cases: readonly OpCase[], check: (op: Op, c: OpCase) => void): void => {
  for (const c of cases.filter((x) => holds(op, x)).slice(0, FEW)) check(op, c)
}
const titled = (list: readonly Op[]) => list.map((op) => [`${op[0]} ${op[1]}`.trim(), op] as const)

describe.skipIf(backendOf('cpu').name === 'reference')("PyTorch's operator samples in other forms", () => {
  test.each(titled(ops.filter((op) => op[3].some((c) => c[3]) && !NOT_FORWARD.has(op[0]))))(
    '%s: forward is the transpose of reverse',
    (_, op) =>
      each(
        op,
        op[3].filter((c) => c[3]),
        checkForward,
      ),
  )
  test.each(titled(ops.filter((op) => op[2].includes('i') && op[0] !== 'fill')))('%s in place', (_, op) => each(op, op[3], checkInPlace))
  test.each(titled(ops.filter((op) => op[2].includes('o') && !op[2].includes('a') && lookup(op[0]) && !NO_OUT.has(op[0]))))(
    '%s into out',
    (_, op) => each(op, op[3], checkOut),
  )
})
