/** Bessel's and Airy's functions and the orthogonal polynomials against PyTorch (scripts/oracle/torch_special.py) and by identities. */

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { backendOf } from '../../src/core/backend.ts'
import * as torch from '../../src/torch/index.ts'
import type { Tensor } from '../../src/torch/tensor.ts'

type Numbers = (number | string)[]
interface UnaryRow {
  readonly x: Numbers
  readonly y: Numbers
  readonly f32: Numbers
  readonly at?: Numbers
  readonly first?: Numbers
  readonly second?: Numbers
}
interface BinaryRow {
  readonly x: number[]
  readonly n: number[]
  readonly y: Numbers
  readonly by: Numbers
  readonly of: Numbers
}
const fixture = JSON.parse(readFileSync(new URL('../fixtures/torch_special.json', import.meta.url), 'utf8')) as {
  unary: Record<string, UnaryRow>
  binary: Record<string, BinaryRow>
}
const float = (x: number | string): number => (x === 'inf' ? Infinity : x === '-inf' ? -Infinity : Number(x))
const special = torch.special as unknown as Record<string, (...args: unknown[]) => Tensor>
const doubles = (xs: Numbers) => torch.tensor(xs.map(float), { dtype: torch.float64 })
const list = (t: Tensor) => t.flatten().tolist() as number[]

/** Equal within some units of the value, or of `floor` where terms of that size cancel. */
function expectClose(name: string, xs: Numbers, got: number[], want: Numbers, relative: number, floor: number): void {
  want.map(float).forEach((y, i) => {
    const a = got[i]!
    const good = Number.isFinite(y) ? Math.abs(a - y) <= relative * Math.max(Math.abs(y), floor) : Object.is(a, y)
    if (!good) expect(`${name}(${xs[i]}) = ${a}`).toBe(`${name}(${xs[i]}) = ${y}`)
  })
}
/** Those that oscillate about 0 are held to units of their amplitude. */
const amplitude = (name: string): number => (/bessel_[jy]|airy/.test(name) ? 0.5 : 0)
const EPS = 2 ** -52

describe('functions of torch.special against PyTorch', () => {
  test.each(Object.entries(fixture.unary))('%s', (name, row) => {
    const f = special[name]!
    expectClose(name, row.x, list(f(doubles(row.x))), row.y, 8 * EPS, amplitude(name))
    expectClose(name, row.x, list(f(doubles(row.x).float())), row.f32, 40 * 2 ** -23, amplitude(name))
    expect(f(torch.tensor([1, 2])).dtype).toBe(torch.float32)
    expect(() => f(torch.ones(2, { dtype: torch.float16 }))).toThrow('not supported for dtype float16')
    const x = doubles(row.at ?? [1]).requires_grad_()
    if (!row.first) {
      expect(f(x).requires_grad).toBe(false)
      return
    }
    const [first] = torch.autograd.grad(f(x).sum(), [x], { create_graph: true }) as [Tensor]
    expectClose(`${name}'`, row.at!, list(first), row.first, 16 * EPS, amplitude(name))
    const [second] = torch.autograd.grad(first.sum(), [x]) as [Tensor]
    // terms of the size of 1 / x^2 cancel
    expectClose(`${name}''`, row.at!, list(second), row.second!, 32 * EPS, 1)
  })

  test.each(Object.entries(fixture.binary))('%s', (name, row) => {
    const f = special[name]!
    const x = doubles(row.x)
    const n = doubles(row.n)
    const at = row.x.flatMap((a) => row.n.map((b) => `${a}, ${b}`))
    // the rounding of an angle and of its multiple, times degrees up to 25
    expectClose(name, at, list(f(x.unsqueeze(1), n)), row.y, 128 * EPS, 1)
    expectClose(name, row.x, list(f(x, 4)), row.by, 16 * EPS, 1)
    expectClose(name, row.n, list(f(0.75, { n })), row.of, 128 * EPS, 1)
    expect(f(x.requires_grad_(), 2).requires_grad).toBe(false)
    expect(f(torch.tensor([1, 2]), 3).dtype).toBe(torch.float32)
    expect(list(f(x, Number.NaN)).every(Number.isNaN)).toBe(true)
    expect(() => f(1, 2)).toThrow('must be Tensor')
  })
})

test('Wronskians hold: J1 Y0 - J0 Y1 = 2 / (pi x) and I0 K1 + I1 K0 = 1 / x', () => {
  const x = torch.linspace(0.01, 60, 4001, { dtype: torch.float64 })
  const { bessel_j0, bessel_j1, bessel_y0, bessel_y1, modified_bessel_i0: i0, modified_bessel_i1: i1 } = torch.special
  const { modified_bessel_k0: k0, modified_bessel_k1: k1 } = torch.special
  const cross = bessel_j1(x)
    .mul(bessel_y0(x))
    .sub(bessel_j0(x).mul(bessel_y1(x)))
    .mul(x)
    .mul(Math.PI / 2)
  expect(cross.sub(1).abs().max().item()).toBeLessThan(2e-14)
  const sum = i0(x)
    .mul(k1(x))
    .add(i1(x).mul(k0(x)))
    .mul(x)
  expect(sum.sub(1).abs().max().item()).toBeLessThan(2e-14)
})

test.skipIf(backendOf('cpu').name === 'reference')('a degree that no loop should run to gives NaN at once', () => {
  const x = torch.tensor([0.3], { dtype: torch.float64 })
  for (const name of ['laguerre_polynomial_l', 'legendre_polynomial_p', 'hermite_polynomial_h'])
    expect(special[name]!(x, 1e15).item()).toBeNaN()
})
