import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { Tensor } from '../../src/torch/tensor.ts'
import { expectResult, type Result } from './cases.ts'
import { build, caller, methodCaller, type Op, type OpCase, readOps, tensorsIn, weighed } from './opinfo.ts'

const isZero = (r: Result): boolean => Array.isArray(r) && r[2].every((v: unknown) => [v].flat().every((x) => x === 0))

/** Gradients against PyTorch's; nothing stands for zeros. */
function expectGrads(got: readonly (Tensor | null)[], expected: readonly (Result | null)[], factor: number): void {
  expected.forEach((e, i) => {
    const g = got[i]
    if (g && e) expectResult(g, e, factor)
    else if (e) expect(isZero(e), `gradient ${i} is there`).toBe(true)
    else if (g) expect(g.abs().sum().item(), `gradient ${i} is zero`).toBe(0)
  })
}

const FACTOR = 64

export function checkCase([name, , traits, cases]: Op, c: OpCase): void {
  const [, , result, gradients, second] = c
  const absolute = traits.includes('a')
  const run = caller(name)!
  const show = (out: unknown) => (absolute ? listed(out, (t) => (t.is_floating_point() || t.is_complex() ? t.abs() : t)) : out)
  expectResult(show(run(build(c, false).args)), result, FACTOR)
  if (traits.includes('m') && c === cases[0] && methodCaller(name))
    expectResult(show(methodCaller(name)!(build(c, false).args)), result, FACTOR)
  if (!gradients) return
  const { args, leaves } = build(c, true)
  const total = weighed(run(args), absolute)
  const first = total ? torch.autograd.grad(total, leaves, { allow_unused: true, create_graph: second !== null }) : []
  expectGrads(first, gradients, FACTOR)
  if (!second) return
  const again = weighed(first)
  expectGrads(again ? torch.autograd.grad(again, leaves, { allow_unused: true }) : [], second, FACTOR)
}

const listed = (out: unknown, f: (t: Tensor) => Tensor): unknown => (out instanceof Tensor ? f(out) : tensorsIn(out).map(f))

const ops = readOps()
if (!process.env.SWEEP)
  describe("PyTorch's operator samples give its values, gradients and second derivatives", () => {
    test.each(ops.map((op) => [`${op[0]} ${op[1]}`.trim(), op] as const))('%s', (_, op) => {
      expect(caller(op[0]), `torch.${op[0]} is there`).not.toBe(null)
      for (const c of op[3]) checkCase(op, c)
    })
  })
