import { describe, expect, test } from 'vitest'
import { backendOf } from '../../src/core/backend.ts'
import { Complex } from '../../src/core/complex.ts'
import { items } from '../../src/core/element.ts'
import * as torch from '../../src/torch/index.ts'
import { Tensor } from '../../src/torch/tensor.ts'
import { expectResult, type Result } from './cases.ts'
import { build, caller, methodCaller, type Op, type OpCase, readOps, tensorsIn, weighed } from './opinfo.ts'

/** Where PyTorch's own number is wrong, or depends on rounding: the operator, which part is not compared, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly [part: 'values' | 'derivatives' | 'second', reason: string]>> = {
  as_strided_scatter: [
    'derivatives',
    "PyTorch's gradient of input is that of the places written, which are those that do not depend on it",
  ],
  digamma: ['derivatives', "PyTorch's trigamma is off by 2e-13 below 0; ours has the digits of mpmath"],
  lgamma: ['second', "PyTorch's trigamma is off by 2e-13 below 0; ours has the digits of mpmath"],
  mvlgamma: ['second', "PyTorch's derivative of digamma is off by 4e-10; ours has the digits of mpmath"],
  polygamma: ['derivatives', "PyTorch's trigamma is off by 2e-13; ours has the digits of mpmath"],
  'special.polygamma': ['derivatives', "PyTorch's trigamma is off by 2e-13; ours has the digits of mpmath"],
  'nn.functional.hardsigmoid': ['derivatives', 'PyTorch multiplies by 1/6 in float32'],
  'nn.functional.binary_cross_entropy': ['second', 'PyTorch adds 1e-12 to the variance'],
  ...Object.fromEntries(
    ['bessel_j0', 'bessel_j1', 'bessel_y0', 'bessel_y1'].map((name) => [
      `special.${name}`,
      ['derivatives', 'see INEXACT; tests/torch/special.test.ts holds them to mpmath'] as const,
    ]),
  ),
  matrix_exp: ['values', "PyTorch's series in bfloat16 overflows; ours is summed in float32"],
  logcumsumexp: [
    'derivatives',
    'of complex numbers: the sample has terms of e^10000 beside whose derivatives the others are rounding noise',
  ],
  'nn.functional.normalize': ['derivatives', 'of vectors of one element, where both are rounding noise of terms that cancel'],
  'linalg.norm': ['second', 'PyTorch has NaN for the second derivative of the 1/2-norm at 0, ours is 0'],
}

const isZero = (r: Result): boolean => Array.isArray(r) && r[2].every((v: unknown) => [v].flat().every((x) => x === 0))

const SINGLE = /float32|complex64/

/** A derivative against PyTorch's: equal within some units of its greatest element, since its terms cancel. */
function expectNear(actual: Tensor, [dtype, shape, values]: readonly [string, readonly number[], readonly unknown[]]): void {
  expect(`${actual.dtype} ${actual.shape}`).toBe(`torch.${dtype} torch.Size([${shape.join(', ')}])`)
  const parts = (x: unknown): number[] => (x instanceof Complex ? [x.re, x.im] : [Number(x)])
  const got = items(actual.memory).flatMap(parts)
  const want = values.flatMap((v) => [v].flat().map((x) => (x === 'inf' ? Infinity : x === '-inf' ? -Infinity : Number(x))))
  const scale = Math.max(0, ...want.filter(Number.isFinite).map(Math.abs))
  const bad = want.findIndex((y, i) =>
    Number.isFinite(y)
      ? !(Math.abs(got[i]! - y) <= (SINGLE.test(dtype) ? 1e-5 : 2e-12) * scale + 1e-13)
      : Number.isNaN(y)
        ? !Number.isNaN(got[i])
        : got[i] !== y,
  )
  if (bad >= 0) expect(`${bad}: ${JSON.stringify(got.map(String))}`).toBe(`${bad}: ${JSON.stringify(want.map(String))}`)
}

/** Gradients against PyTorch's; nothing stands for zeros. */
function expectGrads(got: readonly (Tensor | null)[], expected: readonly (Result | null)[]): void {
  expected.forEach((e, i) => {
    const g = got[i]
    if (g && e) expectNear(g, e as unknown as Parameters<typeof expectNear>[1])
    else if (e) expect(isZero(e), `gradient ${i} is there`).toBe(true)
    else if (g) expect(g.abs().sum().item(), `gradient ${i} is zero`).toBe(0)
  })
}

const FACTOR = 64
/** PyTorch's own values are off by up to 2e-6 of the value; tests/torch/special.test.ts holds ours to mpmath. */
const INEXACT = /^special\.(airy_ai|bessel_[jy][01])$/

/** Values, the method's values, gradients and second derivatives of one sample. */
function checkCase([name, , traits, cases]: Op, c: OpCase): void {
  const [, , result, gradients, second] = c
  const [part] = EXCEPTIONS[name] ?? []
  // see the exceptions: trigamma
  if (name.endsWith('polygamma') && c[0][0] === 1) return
  if (part === 'values' && Array.isArray(result) && result[0] === 'bfloat16') return
  const absolute = traits.includes('a')
  const run = caller(name)!
  const show = (out: unknown) => (absolute ? listed(out, (t) => (t.is_floating_point() || t.is_complex() ? t.abs() : t)) : out)
  expectResult(show(run(build(c, false).args)), result, INEXACT.test(name) ? 2 ** 34 : FACTOR)
  const method = traits.includes('m') && c === cases[0] ? methodCaller(name) : null
  if (method && !['where', 'polygamma'].includes(name)) expectResult(show(method(build(c, false).args)), result, FACTOR)
  if (!gradients || part === 'derivatives') return
  const { args, leaves } = build(c, true)
  const total = weighed(run(args), absolute)
  const first = total ? torch.autograd.grad(total, leaves, { allow_unused: true, create_graph: second !== null }) : []
  expectGrads(first, gradients)
  if (!second || part === 'second') return
  const again = weighed(first)
  expectGrads(again ? torch.autograd.grad(again, leaves, { allow_unused: true }) : [], second)
}

const listed = (out: unknown, f: (t: Tensor) => Tensor): unknown => (out instanceof Tensor ? f(out) : tensorsIn(out).map(f))

/** Cases that draw random numbers: dropout while training, which PyTorch's attention has no way to leave out but its argument. */
const isRandom = (op: Op, c: OpCase): boolean => op[0].endsWith('multi_head_attention_forward') && c[1].training === true

const ops = readOps()
const there = ops.filter((op) => caller(op[0]) !== null)
// decompositions and transforms have no second implementation
describe.skipIf(backendOf('cpu').name === 'reference')(
  "PyTorch's operator samples give its values, gradients and second derivatives",
  () => {
    test.each(there.map((op) => [`${op[0]} ${op[1]}`.trim(), op] as const))('%s', (_, op) => {
      for (const c of op[3]) if (!isRandom(op, c)) checkCase(op, c)
    })
    test('operators that are not there are these alone', () => {
      const absent = [...new Set(ops.filter((op) => caller(op[0]) === null).map((op) => op[0]))]
      expect(absent.sort()).toEqual(ABSENT)
    })
  },
)

const ABSENT: readonly string[] = 'linalg.ldl_factor linalg.ldl_factor_ex linalg.ldl_solve'.split(' ')
