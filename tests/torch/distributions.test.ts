/** torch.distributions, held to PyTorch: densities, moments, samples for a seed, divergences and transforms, with gradients. */

import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { NumgradError } from '../../src/core/errors.ts'
import * as torch from '../../src/torch/index.ts'

const D = torch.distributions as any
type Tensor = torch.Tensor

interface TensorRow {
  readonly dtype: string
  readonly shape: number[]
  readonly data: (number | string | boolean)[]
}
interface Derived {
  readonly error?: string
  readonly out?: TensorRow
  readonly grads?: (TensorRow | null)[]
}
const all = JSON.parse(gunzipSync(readFileSync(new URL('../fixtures/torch_distributions.json.gz', import.meta.url))).toString())

const numberOf = (x: number | string | boolean): any =>
  x === 'nan' ? Number.NaN : x === 'inf' ? Number.POSITIVE_INFINITY : x === '-inf' ? Number.NEGATIVE_INFINITY : x
const tensorOf = ({ dtype, shape, data }: TensorRow): Tensor =>
  torch.tensor(data.map(numberOf), { dtype: dtype as 'float64' }).reshape(shape)

/** Objects of a description; the tensors in it are collected, and require gradients when asked to. */
function build(x: any, leaves: Tensor[], grad: boolean): any {
  if (Array.isArray(x)) return x.map((y) => build(y, leaves, grad))
  if (typeof x !== 'object' || x === null) return numberOf(x)
  if ('t' in x) {
    const t = tensorOf(x.t)
    if (!t.is_floating_point()) return t
    leaves.push(t)
    return grad ? t.requires_grad_() : t
  }
  if (!('make' in x)) return Object.fromEntries(Object.entries(x).map(([k, v]) => [k, build(v, leaves, grad)]))
  const args = build(x.args, leaves, grad)
  if (x.make === 'inv') return args[0].inv
  const kwargs = build(x.kwargs, leaves, grad)
  return Object.keys(kwargs).length > 0 ? new D[x.make](...args, kwargs) : new D[x.make](...args)
}
const single = (x: any): any =>
  Array.isArray(x)
    ? x.map(single)
    : typeof x !== 'object' || x === null
      ? x
      : 't' in x
        ? { t: { ...x.t, dtype: x.t.dtype === 'float64' ? 'float32' : x.t.dtype } }
        : Object.fromEntries(Object.entries(x).map(([k, v]) => [k, single(v)]))

function same(actual: Tensor, expected: TensorRow, tolerance: number, what: string): void {
  expect(String(actual.dtype), what).toBe(`torch.${expected.dtype}`)
  expect([...actual.shape], what).toEqual(expected.shape)
  const a = (actual.detach().reshape(-1).tolist() as any[]).map(Number)
  expected.data.forEach((raw, i) => {
    const e = Number(numberOf(raw))
    const near = Object.is(a[i], e) || a[i] === e || Math.abs(a[i]! - e) <= tolerance * Math.max(1, Math.abs(e))
    if (!near) throw new Error(`${what}[${i}]: ${a[i]} where PyTorch has ${e}`)
  })
}

const weights = (t: Tensor): Tensor =>
  torch
    .arange(t.numel(), { dtype: 'float64' })
    .mul(0.37)
    .add(0.5)
    .sin()
    .to(t.dtype)
    .reshape([...t.shape])

function check(
  what: string,
  f: () => Tensor,
  leaves: readonly Tensor[],
  row: Derived,
  tolerance: number,
  gradTolerance = Math.max(tolerance, 2e-9),
): void {
  if (row.error !== undefined) {
    expect(f, what).toThrow(NumgradError)
    return
  }
  const out = f()
  same(out, row.out!, tolerance, what)
  if (row.grads === undefined) return
  const loss = out
    .mul(weights(out))
    .nan_to_num({ posinf: 0, neginf: 0 } as never)
    .sum()
  const grads = torch.autograd.grad(loss, [...leaves], { allow_unused: true }) as (Tensor | null)[]
  row.grads.forEach((g, i) => {
    if (g === null) expect(grads[i] === null || grads[i]!.abs().sum().item() === 0, `${what}: gradient ${i}`).toBe(true)
    else if (grads[i] === null) same(leaves[i]!.mul(0).detach(), g, gradTolerance, `${what}: gradient ${i}`)
    else same(grads[i]!, g, gradTolerance, `${what}: gradient ${i}`)
  })
}

/** Gradients are held to 2e-9: PyTorch's trigamma function is no better. Families whose constants PyTorch has as polynomials of few digits. */
const COARSE: Readonly<Record<string, number>> = { VonMises: 2e-6 }
const EXACT = 1e-12

describe('a family has the numbers of PyTorch', () => {
  for (const row of all.families) {
    const { make } = row.spec
    const precise = COARSE[make] ?? (row.value.t.dtype === 'float32' ? 2e-6 : EXACT)
    test(row.text.replaceAll('\n', ' '), () => {
      const plain = build(row.spec, [], false)
      expect(String(plain)).toBe(row.text)
      expect([...plain.batch_shape]).toEqual(row.batch)
      expect([...plain.event_shape]).toEqual(row.event)
      if (row.support !== 'None') expect(String(plain.support)).toBe(row.support)
      expect([plain.has_rsample, plain.has_enumerate_support]).toEqual(row.flags)
      const value = tensorOf(row.value.t)
      const p = torch.full(row.batch, 0.3, { dtype: value.is_floating_point() ? value.dtype : 'float64' })
      for (const [name, part] of Object.entries(row.parts) as [string, Derived][]) {
        const leaves: Tensor[] = []
        const d = build(row.spec, leaves, true)
        const x = tensorOf(row.value.t)
        if (name === 'log_prob' && x.is_floating_point()) leaves.push(x.requires_grad_())
        const run: Record<string, () => Tensor> = {
          log_prob: () => d.log_prob(x),
          cdf: () => d.cdf(value),
          icdf: () => d.icdf(p),
          entropy: () => d.entropy(),
          perplexity: () => d.perplexity(),
          enumerate_support: () => plain.enumerate_support(),
        }
        check(name, run[name] ?? (() => d[name]), leaves, part, precise)
      }
      if (row.expanded) {
        const wide = plain.expand([2, ...row.batch])
        expect(String(wide)).toBe(row.expanded.text)
        expect([...wide.batch_shape]).toEqual(row.expanded.batch)
        check('expanded log_prob', () => wide.log_prob(value), [], row.expanded.log_prob, precise)
      }
      torch.manual_seed(7)
      check('float32 sample', () => build(single(row.spec), [], false).sample([3]), [], row.sample_float32, 2e-6)
      torch.manual_seed(7)
      check('float64 sample', () => build(row.spec, [], false).sample([3]), [], row.sample_float64, precise)
      if (row.rsample) {
        const leaves: Tensor[] = []
        const d = build(row.spec, leaves, true)
        torch.manual_seed(8)
        // PyTorch's derivatives of gamma and beta samples are approximations of four digits
        check('rsample', () => d.rsample([2]), leaves, row.rsample, precise, row.text.startsWith('Normal') ? 1e-10 : 3e-3)
      }
    })
  }
})

describe('a divergence has the number of PyTorch', () => {
  for (let i = 0; i < all.kl_specs.length; i++) {
    const name = all.kl_specs[i].make
    test(`from ${name} (${i}) to each other family`, () => {
      for (const { p, q, kl } of all.kl.filter((row: any) => row.p === i)) {
        const leaves: Tensor[] = []
        const a = build(all.kl_specs[p], leaves, true)
        const b = p === q ? build(all.kl_specs[q], [], true) : build(all.kl_specs[q], leaves, true)
        if (p === q) continue
        check(`${name} ${p}, ${all.kl_specs[q].make} ${q}`, () => torch.distributions.kl_divergence(a, b), leaves, kl, 1e-11)
      }
    })
  }
})

describe('a transform has the numbers of PyTorch', () => {
  for (const row of all.transforms) {
    test(row.text.replaceAll('\n', ' '), () => {
      const plain = build(row.spec, [], false)
      expect(String(plain)).toBe(row.text)
      expect([String(plain.domain), String(plain.codomain), plain.bijective]).toEqual([row.domain, row.codomain, row.bijective])
      const x = tensorOf(row.x.t)
      expect([[...plain.forward_shape(x.shape)], [...plain.inverse_shape(plain(x).shape)]]).toEqual(row.shapes)
      for (const name of ['call', 'back', 'log_abs_det_jacobian'] as const) {
        const leaves: Tensor[] = []
        const t = build(row.spec, leaves, true)
        const at = tensorOf(row.x.t).requires_grad_()
        leaves.push(at)
        const run = { call: () => t(at), back: () => t.inv(t(at)), log_abs_det_jacobian: () => t.log_abs_det_jacobian(at, t(at)) }
        // a number as exponent is float32, and so is its reciprocal
        check(name, run[name], leaves, row[name], 1e-11, name === 'back' ? 3e-7 : 1e-10)
      }
    })
  }

  test('keeps its last input when it has a cache', () => {
    const t = new D.ExpTransform({ cache_size: 1 })
    const x = torch.tensor([0.1])
    expect(t.inv(t(x))).toBe(x)
    expect(t.call(x)).toBe(t(x))
    expect(new D.ExpTransform().with_cache().inv.inv(x)).toBeInstanceOf(torch.Tensor)
    expect(() => new D.ExpTransform({ cache_size: 2 })).toThrow('cache_size must be 0 or 1')
  })
})

describe('a constraint', () => {
  for (const row of all.constraints) {
    test(`${row.text} tells what lies in it, and what maps onto it`, () => {
      const c = D.constraints[row.name]
      const constraint = row.args.length > 0 ? c(...row.args) : c
      expect(String(constraint)).toBe(row.text)
      expect([constraint.event_dim, constraint.is_discrete]).toEqual([row.event_dim, row.is_discrete])
      same(constraint.check(tensorOf(row.x.t)), row.check, 0, row.text)
      for (const registry of ['transform_to', 'biject_to']) {
        if (row[registry] === 'None') expect(() => D[registry](constraint)).toThrow('Cannot transform')
        else expect(String(D[registry](constraint))).toBe(row[registry])
      }
    })
  }
})

describe('arguments are checked', () => {
  test('with the words of PyTorch', () => {
    expect(() => new D.Normal(0, -1)).toThrow(
      'Expected parameter scale (Tensor of shape ()) of distribution Normal(loc: 0.0, scale: -1.0) to satisfy the constraint GreaterThan(lower_bound=0.0), but found invalid values:\n',
    )
    expect(() => new D.Normal(0, -1, { validate_args: false })).not.toThrow()
    expect(() => new D.Bernoulli()).toThrow('Either `probs` or `logits` must be specified, but not both.')
    expect(() => new D.Exponential(1).log_prob(torch.tensor(-1))).toThrow('to be within the support (GreaterThanEq(lower_bound=0.0))')
    expect(() => new D.Normal(torch.zeros(2), 1).log_prob(torch.zeros(3))).toThrow(
      'Value is not broadcastable with batch_shape+event_shape',
    )
    expect(() => new D.Dirichlet(torch.ones(3)).log_prob(torch.ones(2))).toThrow('The right-most size of value must match event_shape')
    expect(() => new D.Normal(0, 1, { scle: 1 })).toThrow("got an unexpected keyword argument 'scle'")
    expect(() => new D.Normal('a', 1)).toThrow('Input arguments must all be instances of Number')
    expect(() => new D.Categorical(torch.tensor(0.5))).toThrow('`probs` parameter must be at least one-dimensional.')
    expect(() => new D.Independent(new D.Normal(0, 1), 1)).toThrow(
      'Expected reinterpreted_batch_ndims <= len(base_distribution.batch_shape)',
    )
    expect(() => D.kl_divergence(new D.Normal(0, 1), new D.Cauchy(0, 1))).toThrow('No KL(p || q) is known')
    D.Distribution.set_default_validate_args(false)
    expect(() => new D.Normal(0, -1)).not.toThrow()
    D.Distribution.set_default_validate_args(true)
  })

  test('formulas may be entered for new families, which inherit those of their base', () => {
    class Mine extends D.Normal {}
    const mine = new (Mine as any)(0, 1)
    expect(D.kl_divergence(mine, new D.Normal(1, 1)).item()).toBe(0.5)
    D.register_kl(Mine, D.Normal)(() => torch.tensor(42))
    expect(D.kl_divergence(mine, new D.Normal(1, 1)).item()).toBe(42)
  })
})

describe('derivatives are right to second order', () => {
  const t = (...xs: number[]): Tensor => torch.tensor(xs, { dtype: 'float64', requires_grad: true })
  const value = torch.tensor([0.3, 0.6], { dtype: 'float64' })
  const families: Readonly<Record<string, (a: Tensor, b: Tensor) => any>> = {
    Normal: (a, b) => new D.Normal(a, b),
    StudentT: (a, b) => new D.StudentT(b, a),
    Gamma: (a, b) => new D.Gamma(a, b),
    Beta: (a, b) => new D.Beta(a, b),
    Gumbel: (a, b) => new D.Gumbel(a, b),
    Weibull: (a, b) => new D.Weibull(a, b),
    Kumaraswamy: (a, b) => new D.Kumaraswamy(a, b),
    LogNormal: (a, b) => new D.LogNormal(a, b),
    mixture: (a, b) => new D.MixtureSameFamily(new D.Categorical({ logits: b }), new D.Normal(a, b)),
  }
  for (const [name, make] of Object.entries(families)) {
    test(`of the density and the entropy: ${name}`, () => {
      const f = (a: Tensor, b: Tensor) => make(a, b).log_prob(value)
      expect(torch.autograd.gradcheck(f, [t(0.7, 1.2), t(1.5, 0.8)])).toBe(true)
      expect(torch.autograd.gradgradcheck(f, [t(0.7, 1.2), t(1.5, 0.8)])).toBe(true)
      if (name === 'mixture') return
      expect(torch.autograd.gradgradcheck((a: Tensor, b: Tensor) => make(a, b).entropy(), [t(0.7, 1.2), t(1.5, 0.8)])).toBe(true)
    })
  }

  test('of a divergence, and of a normal vector', () => {
    const kl = (a: Tensor, b: Tensor) => torch.distributions.kl_divergence(new D.Gamma(a, b), new D.Gamma(b, a))
    expect(torch.autograd.gradgradcheck(kl, [t(0.7, 1.2), t(1.5, 0.8)])).toBe(true)
    const vector = (loc: Tensor, diagonal: Tensor) => new D.MultivariateNormal(loc, { scale_tril: diagonal.diag_embed() }).log_prob(value)
    expect(torch.autograd.gradgradcheck(vector, [t(0.7, 1.2), t(1.5, 0.8)])).toBe(true)
  })
})
