import { describe, expect, test } from 'vitest'
import * as torch from '../../src/torch/index.ts'
import { Tensor } from '../../src/torch/tensor.ts'
import { type Case, call, cases, expectResult, makeArgs, type Result } from './cases.ts'

const title = ([name, how, args, kwargs]: Case) =>
  `${how === 'f' ? name : how === 'm' ? `.${name}` : `.${name}_`}(${[...args, kwargs].map((x) => JSON.stringify(x)).join(' ')})`

/** Sums of outputs times 1, 2, 3 ... over 8, as the oracle weighs them. */
function loss(out: unknown): Tensor | null {
  const list =
    out instanceof Tensor
      ? [out]
      : Array.isArray(out)
        ? out
        : Symbol.iterator in Object(out)
          ? [...(out as Iterable<unknown>)]
          : Object.values(out as object)
  let total: Tensor | null = null
  for (const t of list) {
    if (!(t instanceof Tensor) || !t.requires_grad) continue
    const w = torch
      .arange(1, t.numel() + 1, { dtype: 'float64' })
      .reshape(t.shape)
      .div(8)
      .to(t.dtype)
    let term = t.mul(w).sum()
    if (term.is_complex()) term = torch.view_as_real(term).sum()
    total = total ? total.add(term.double()) : term.double()
  }
  return total
}

const isZero = (r: Result): boolean => Array.isArray(r) && r[2].every((v: unknown) => v === 0)

/** Values, dtypes and shapes, then gradients. */
function check([name, how, args, kwargs, result, gradients]: Case): void {
  if ('e' in result) {
    // PyTorch's own gaps have words of their own here; positions inside LAPACK are not known
    const ours = /not implemented|missing 1 required|The diagonal element/.test(result.e)
    expect(() => call(name, how, makeArgs(args, kwargs).args)).toThrow(ours ? Error : result.e)
    return
  }
  const plain = makeArgs(args, kwargs)
  const out = call(name, how, plain.args)
  expectResult(out, result)
  if (how === 'i') expect(out).toBe(plain.args[0])
  if (!gradients) return
  const taped = makeArgs(args, kwargs)
  for (const t of taped.tensors) if (t.is_floating_point() || t.is_complex()) t.requires_grad_()
  if (how === 'i') taped.args[0] = (taped.args[0] as Tensor).clone()
  const total = loss(call(name, how, taped.args))
  const outDType = Array.isArray(result) ? (result[0] as string) : 'float64'
  const leaves = taped.tensors.filter((t) => t.requires_grad)
  const grads = total ? torch.autograd.grad(total, leaves, { allow_unused: true }) : []
  taped.tensors.forEach((t, i) => {
    const at = leaves.indexOf(t)
    const expected = gradients[i]!
    const got = at >= 0 ? grads[at] : null
    // PyTorch gives zeros or nothing where nothing depends on the input; both are zero
    if (!got) expect(!expected || isZero(expected), 'no gradient').toBe(true)
    else if (expected) expectResult(got, expected, 8, outDType)
    else expect(got.abs().sum().item(), 'no gradient').toBe(0)
  })
}

describe.each(Object.keys(cases))("%s give PyTorch's values, dtypes, shapes and gradients", (topic) => {
  test.each(cases[topic]!.map((c) => [title(c), c] as const))('%s', (_, c) => check(c))
})
